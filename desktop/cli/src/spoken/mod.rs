//! `reme session --spoken`: the same session by voice and ear, without hands.
//!
//! Stands at the edge, beside the typed session: says the lines the façade hands over, listens, and gives back what was heard. Where a
//! voice or an ear is missing it says what, and the session goes on in writing.
//! What it must never do: keep sound unless a rehearsal was asked to, or hold a rule about training.

mod patient;
mod report;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use anyhow::Context;
use clap::Args;
use reme::{Companion, dto::SessionDto};
use reme_speech::{
    SampleRate,
    hearing::{
        AudioIn, Expectation, HearingError, HearingEvent, ListenerOptions, Listening, Microphone, Silero, Transcript,
        Whisper,
    },
    speaking::{
        Cached, Delivery, DeviceSink, Espeak, Kokoro, Line, Sink, SpeakError, Speech, Stop, WavSink, play, rate_for,
    },
};
use reme_types::{Clock, Language};
use serde_json::Value;

use crate::{hear, model, shell::SystemClock};
use patient::Patient;
use report::{Report, Turn};

/// Nobody speaks for so long, in ms: the session is told so. The engine nudges after 45 s. [design: long enough to think]
const PATIENCE_MS: u64 = 46_000;
/// So many silences in a row, and the session is left half done rather than talking to an empty room.
const SILENCES_AT_MOST: u8 = 4;
/// Sound of lines said before that is kept in memory, in bytes.
const CACHE_BYTES: usize = 32 << 20;

/// By voice.
#[derive(Debug, Args)]
pub(crate) struct SpokenArgs {
    /// Say the lines and listen to the answers
    #[arg(long)]
    spoken: bool,
    /// Microphone to listen to, by its id or name (see `reme hear --devices`)
    #[arg(long, requires = "spoken", value_name = "ID")]
    microphone: Option<String>,
    /// A rehearsal without microphone and loudspeaker: another voice says the patient's part, in real time
    #[arg(long, requires = "spoken")]
    rehearse: bool,
    /// Folder for the sound of the rehearsal, a WAV for every line
    #[arg(long, requires = "rehearse", value_name = "FOLDER")]
    keep: Option<PathBuf>,
}

/// What came of listening.
pub(crate) enum Heard {
    /// Words.
    Words(String),
    /// Nobody spoke.
    Silence,
    /// It does not work any more, which was told; answers are typed from now on.
    Deaf,
    /// Nobody is there; the session is left half done.
    Nobody,
}

/// Somebody who says lines and listens.
pub(crate) struct Talk {
    language: Language,
    mouth: Option<Arc<dyn Speech>>,
    /// `None`: answers are typed.
    ear: Option<Ear>,
    source: Source,
    said_until: Option<u32>,
    silences: u8,
    keep: Option<PathBuf>,
    report: Report,
}

struct Ear {
    recogniser: Arc<Mutex<Whisper>>,
    voice_file: PathBuf,
}

enum Source {
    Microphone(Option<String>),
    Rehearsal(Box<Patient>),
}

impl Talk {
    /// Opens voice and ear; `None` when not asked for. What is missing is told, and writing takes its place.
    pub(crate) fn open(args: &SpokenArgs, companion: &Companion, language: Language) -> anyhow::Result<Option<Self>> {
        if !args.spoken {
            return Ok(None);
        }
        let mouth = mouth();
        if let Err(missing) = &mouth {
            eprintln!("reme: no voice: {missing}; the lines are written");
        }
        let mouth = mouth.ok();
        let source = match (&mouth, args.rehearse) {
            (Some(voice), true) => Source::Rehearsal(Box::new(Patient::new(Arc::clone(voice), language, companion)?)),
            (None, true) => {
                anyhow::bail!("a rehearsal needs a voice for the patient's part; type: reme model pull speaking")
            }
            (_, false) => Source::Microphone(args.microphone.clone()),
        };
        let ear = ear(language).inspect_err(|missing| eprintln!("reme: no ear: {missing:#}; answers are typed")).ok();
        if let Some(folder) = &args.keep {
            std::fs::create_dir_all(folder)?;
        }
        let (keep, report) = (args.keep.clone(), Report::new(language));
        Ok(Some(Self { language, mouth, ear, source, said_until: None, silences: 0, keep, report }))
    }

    /// Says every line of ReMe's that was not said yet.
    pub(crate) fn say(&mut self, session: &SessionDto) {
        let last = self.said_until;
        let new = session.lines.iter().filter(|line| last.is_none_or(|id| line.id > id) && line.who == "reme");
        let texts: Vec<String> = new.map(|line| line.text.clone()).collect();
        self.said_until = session.lines.iter().map(|line| line.id).max().or(last);
        for text in texts {
            if let Err(fault) = self.say_line(&text) {
                eprintln!("reme: the line could not be said: {fault}");
                self.mouth = None;
            }
        }
    }

    fn say_line(&mut self, text: &str) -> Result<(), SpeakError> {
        let Some(mouth) = &self.mouth else { return Ok(()) };
        let delivery = Delivery::Warm;
        let line = Line { delivery, rate: rate_for(self.language, None), ..Line::new(self.language, text) };
        let sink: Box<dyn Sink> = match (&self.source, &self.keep) {
            (Source::Microphone(_), _) => Box::new(DeviceSink::open()?),
            (_, Some(folder)) => Box::new(WavSink::new(std::fs::File::create(self.report.file(folder, "reme"))?)),
            (_, None) => Box::new(WavSink::new(std::io::sink())),
        };
        let mut timed = Timed { inner: sink, first_ms: None };
        play(mouth.as_ref(), &line, &Stop::default(), &mut timed)?;
        if let Some(at_ms) = timed.first_ms {
            self.report.reply_began(at_ms);
        }
        Ok(())
    }

    /// Whether answers are spoken.
    pub(crate) const fn can_hear(&self) -> bool {
        self.ear.is_some()
    }

    /// Listens to one answer.
    pub(crate) fn listen(&mut self, session: &SessionDto, companion: &Companion) -> Heard {
        match self.hear_turn(session, companion) {
            Ok(transcript) if !transcript.is_empty() => {
                self.silences = 0;
                Heard::Words(transcript.text)
            }
            Ok(_) => {
                self.silences += 1;
                if self.silences < SILENCES_AT_MOST { Heard::Silence } else { Heard::Nobody }
            }
            Err(fault) => {
                eprintln!("reme: listening had to stop: {fault:#}; answers are typed");
                self.ear = None;
                Heard::Deaf
            }
        }
    }

    fn hear_turn(&mut self, session: &SessionDto, companion: &Companion) -> anyhow::Result<Transcript> {
        let ear = self.ear.as_ref().context("there is no ear")?;
        let expected = Expectation { language: self.language, hot_words: companion.likely_words()? };
        let (audio, spoken): (Box<dyn AudioIn>, Option<String>) = match &mut self.source {
            Source::Microphone(chosen) => (Box::new(Microphone::open(chosen.as_deref())?), None),
            Source::Rehearsal(patient) => {
                let (words, sound) = patient.answer(session)?;
                if let Some(folder) = &self.keep {
                    std::fs::write(self.report.file(folder, "patient"), sound.to_wav())?;
                }
                (Box::new(InRealTime::new(sound.into_samples())), Some(words))
            }
        };
        let options = ListenerOptions { patience_ms: Some(PATIENCE_MS), ..ListenerOptions::default() };
        let voice = Silero::open(&ear.voice_file)?;
        let began_ms = now_ms();
        let listening = Listening::start(audio, voice, Arc::clone(&ear.recogniser), expected, options);
        let mut turn = Turn { spoken, ..Turn::default() };
        let mut whole = Transcript::nothing(self.language);
        while let Some(event) = listening.next_event() {
            match event {
                HearingEvent::EndOfTurn { at_ms } => {
                    turn.speech_ended_ms = Some(began_ms + i64::try_from(at_ms).unwrap_or_default());
                    turn.turn_ended_ms = Some(now_ms());
                }
                HearingEvent::Final(transcript) => {
                    turn.heard_ms = Some(now_ms());
                    whole = transcript;
                }
                HearingEvent::Failed(fault) => return Err(fault.into()),
                _ => {}
            }
        }
        turn.heard = whole.text.clone();
        self.report.answered(turn);
        Ok(whole)
    }

    /// The companion has its answer ready.
    pub(crate) fn understood(&mut self) {
        self.report.understood(now_ms());
    }

    /// Waiting times by stage, and how well a rehearsal was heard.
    pub(crate) fn report(&self) -> Value {
        self.report.as_value()
    }
}

/// Kokoro where its files are, else espeak-ng; the message says what is missing of the better one.
fn mouth() -> anyhow::Result<Arc<dyn Speech>> {
    let kokoro = || -> anyhow::Result<Kokoro> {
        Ok(Kokoro::open(&model::file_of("kokoro")?, &model::file_of("kokoro-voices")?, 1)?)
    };
    match kokoro() {
        Ok(voice) => Ok(Arc::new(Cached::new(voice, CACHE_BYTES))),
        Err(missing) => {
            let espeak = Espeak::new("espeak-ng");
            if !espeak.is_there() {
                return Err(missing);
            }
            eprintln!("reme: a plain voice is used: {missing:#}");
            Ok(Arc::new(espeak))
        }
    }
}

fn ear(language: Language) -> anyhow::Result<Ear> {
    let voice_file = model::file_of(hear::VOICE)?;
    let recogniser = Whisper::open(&hear::model_file(None, language)?, 1)?;
    Ok(Ear { recogniser: Arc::new(Mutex::new(recogniser)), voice_file })
}

fn now_ms() -> i64 {
    SystemClock.now().as_millisecond()
}

/// Notes when the first sound left.
struct Timed {
    inner: Box<dyn Sink>,
    first_ms: Option<i64>,
}

impl Sink for Timed {
    fn play(&mut self, samples: &[f32]) -> Result<(), SpeakError> {
        self.first_ms.get_or_insert_with(now_ms);
        self.inner.play(samples)
    }

    fn finish(&mut self) -> Result<(), SpeakError> {
        self.inner.finish()
    }

    fn cut(&mut self) {
        self.inner.cut();
    }
}

/// Sound that comes no faster than it would from a mouth, and silence after it, until nobody listens any more.
struct InRealTime {
    samples: Vec<f32>,
    at: usize,
    began_ms: Option<i64>,
}

impl InRealTime {
    /// Samples handed out at once: a fiftieth of a second.
    const BLOCK: usize = 320;

    fn new(samples: Vec<f32>) -> Self {
        Self { samples, at: 0, began_ms: None }
    }
}

impl AudioIn for InRealTime {
    fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError> {
        let began_ms = *self.began_ms.get_or_insert_with(now_ms);
        let end = self.at + Self::BLOCK;
        let due_ms = began_ms + i64::try_from(SampleRate::HEARING.ms_of(end)).unwrap_or(i64::MAX);
        if let Ok(wait_ms) = u64::try_from(due_ms - now_ms()) {
            std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        }
        let block = (self.at..end).map(|at| self.samples.get(at).copied().unwrap_or_default()).collect();
        self.at = end;
        Ok(Some(block))
    }
}
