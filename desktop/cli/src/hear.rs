//! `reme hear`: what is said in a recording, or into the microphone, as text.
//!
//! Text goes to standard output, one line a turn; how far it is goes to standard error. Nothing that is heard is kept.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
};

use anyhow::bail;
use clap::Args;
use reme_models::Manifest;
use reme_speech::hearing::{
    AudioIn, EndSilence, Expectation, HearingEvent, Level, ListenerOptions, Listening, Microphone, Recording, Silero,
    Transcript, Turns, Whisper, microphones,
};
use reme_types::Language;
use serde_json::json;

use crate::{Ended, Lang, model, shell::variable};

/// Nobody speaks for so long, in ms: the microphone is let go.
const PATIENCE_MS: u64 = 15_000;
/// The model for both languages, and the smaller one for English.
pub(crate) const BASE: &str = "whisper-base";
pub(crate) const TINY_EN: &str = "whisper-tiny.en";
pub(crate) const VOICE: &str = "silero-vad";

/// What to listen to, and for what.
#[derive(Debug, Args)]
pub(crate) struct HearArgs {
    /// A recording: WAV, OGG, M4A or MP3
    #[arg(conflicts_with_all = ["microphone", "devices"], required_unless_present_any = ["microphone", "devices"])]
    file: Option<PathBuf>,
    /// Listen to a microphone, by its id or name; without one, to the system's choice. Ends after one turn
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    microphone: Option<String>,
    /// List the microphones of this machine
    #[arg(long, conflicts_with = "microphone")]
    devices: bool,
    /// The language spoken; the system's when left out
    #[arg(long, value_enum)]
    language: Option<Lang>,
    /// A name or place that may be said; give it once for each
    #[arg(long = "hot", value_name = "WORD")]
    hot_words: Vec<String>,
    /// Seconds of silence that end a turn, 0.8 to 6
    #[arg(long, value_name = "SECONDS", default_value_t = 2.5, value_parser = parse_silence)]
    silence: f64,
    /// `whisper-base`, `whisper-tiny.en` or a file; the best one that is there when left out
    #[arg(long)]
    model: Option<String>,
    /// Threads to recognise with; one is right unless the machine has nothing else to do
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

fn parse_silence(text: &str) -> Result<f64, String> {
    let range = EndSilence::RANGE_MS;
    let fits = |seconds: &f64| range.contains(&((seconds * 1_000.0).round().max(0.0) as u64));
    text.parse().ok().filter(fits).ok_or_else(|| "say a number of seconds from 0.8 to 6".to_owned())
}

/// Runs the command.
pub(crate) fn run(args: &HearArgs, as_json: bool) -> anyhow::Result<Ended> {
    if args.devices {
        list(as_json)?;
        return Ok(Ended::Whole);
    }
    let language = args.language.map_or_else(systems_language, Language::from);
    let voice = Silero::open(&model::file_of(VOICE)?)?;
    let recogniser = Whisper::open(&model_file(args.model.as_deref(), language)?, args.threads)?;
    let live = args.microphone.is_some();
    let shows_attempts = std::io::stderr().is_terminal() && !as_json;
    let options = ListenerOptions {
        silence: EndSilence::of_ms((args.silence * 1_000.0).round() as u64),
        patience_ms: live.then_some(PATIENCE_MS),
        attempt_every_ms: (live || shows_attempts).then_some(1_000),
        turns: if live { Turns::One } else { Turns::Many },
    };
    let audio: Box<dyn AudioIn> = match (&args.file, &args.microphone) {
        (Some(file), _) => Box::new(Recording::open(file)?),
        (None, chosen) => Box::new(Microphone::open(chosen.as_deref().filter(|id| !id.is_empty()))?),
    };
    if live {
        eprintln!("Listening: speak now. {} seconds of silence end it.", args.silence);
    }
    let expected = Expectation { language, hot_words: args.hot_words.clone() };
    let listening = Listening::start(audio, voice, recogniser, expected, options);
    let mut screen = Screen { shows_attempts, meter: live && shows_attempts, width: 0 };
    tell(&listening, &mut screen, as_json)
}

/// All that is said in a recording.
pub(crate) fn recording(file: &Path, language: Language, hot_words: Vec<String>) -> anyhow::Result<Transcript> {
    let audio = Box::new(Recording::open(file)?);
    let voice = Silero::open(&model::file_of(VOICE)?)?;
    let recogniser = Whisper::open(&model_file(None, language)?, 1)?;
    let options = ListenerOptions { turns: Turns::Many, attempt_every_ms: None, ..ListenerOptions::default() };
    let listening = Listening::start(audio, voice, recogniser, Expectation { language, hot_words }, options);
    let mut whole = Transcript::nothing(language);
    while let Some(event) = listening.next_event() {
        match event {
            HearingEvent::Final(transcript) => whole.append(&transcript),
            HearingEvent::Failed(error) => return Err(error.into()),
            _ => {}
        }
    }
    Ok(whole)
}

/// Prints events until listening is over.
fn tell(listening: &Listening, screen: &mut Screen, as_json: bool) -> anyhow::Result<Ended> {
    let mut turns = 0;
    while let Some(event) = listening.next_event() {
        match event {
            HearingEvent::Level(level) => screen.level(level),
            HearingEvent::Partial(transcript) => screen.attempt(&transcript.text),
            HearingEvent::Final(transcript) => {
                turns += 1;
                screen.clear();
                let mut out = std::io::stdout().lock();
                match as_json {
                    true => writeln!(out, "{}", as_value(&transcript))?,
                    false => writeln!(out, "{}", transcript.text)?,
                }
            }
            HearingEvent::Failed(error) => {
                screen.clear();
                return Err(error.into());
            }
            HearingEvent::SpeechStarted { .. } | HearingEvent::EndOfTurn { .. } | HearingEvent::NothingHeard => {}
        }
    }
    screen.clear();
    if turns == 0 {
        eprintln!(
            "Nothing was heard. Speak a little louder or nearer, or look at the microphone with: reme hear --devices"
        );
    }
    Ok(Ended::Whole)
}

/// A transcript for programs.
fn as_value(transcript: &Transcript) -> serde_json::Value {
    let word = |word: &reme_speech::hearing::HeardWord| {
        json!({
            "text": word.text,
            "start_ms": word.start_ms,
            "end_ms": word.end_ms,
            "confidence": (f64::from(word.confidence) * 1_000.0).round() / 1_000.0,
        })
    };
    let words: Vec<_> = transcript.words.iter().map(word).collect();
    json!({ "language": transcript.language.tag(), "text": transcript.text, "words": words })
}

/// One line of standard error that is written over.
struct Screen {
    shows_attempts: bool,
    meter: bool,
    width: usize,
}

impl Screen {
    fn level(&mut self, level: Level) {
        if self.meter && self.width == 0 {
            // 60 dB in 20 marks.
            let marks = ((level.peak_dbfs + 60.0) / 3.0).clamp(0.0, 20.0) as usize;
            eprint!("\r[{:<20}]", "#".repeat(marks));
        }
    }

    fn attempt(&mut self, text: &str) {
        if self.shows_attempts {
            self.clear();
            // The end of the text is what is new; a terminal is seldom narrower than 78 letters, half of them when they are wide.
            let letters: Vec<char> = text.chars().collect();
            let shown: String = letters[letters.len().saturating_sub(36)..].iter().collect();
            eprint!("\r… {shown}");
            self.width = 78;
        }
    }

    fn clear(&mut self) {
        if self.width > 0 || self.meter {
            eprint!("\r{:78}\r", "");
        }
        self.width = 0;
    }
}

fn list(as_json: bool) -> anyhow::Result<()> {
    let found = microphones();
    let mut out = std::io::stdout().lock();
    for microphone in &found {
        let (id, name, is_default) = (&microphone.id, &microphone.name, microphone.is_default);
        match as_json {
            true => writeln!(out, "{}", json!({ "id": id, "name": name, "default": is_default }))?,
            false => writeln!(out, "{} {id}  {name}", if is_default { '*' } else { ' ' })?,
        }
    }
    if found.is_empty() {
        eprintln!(
            "No microphone answers on this machine. Plug one in or switch it on; recordings work: reme hear FILE"
        );
    }
    Ok(())
}

fn systems_language() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable);
    let is_chinese = set.is_some_and(|value| value.to_string_lossy().starts_with("zh"));
    if is_chinese { Language::ZhCn } else { Language::En }
}

/// The model asked for; else the better one that is on this machine.
pub(crate) fn model_file(asked: Option<&str>, language: Language) -> anyhow::Result<PathBuf> {
    if let Some(name) = asked {
        return model::file_of(name);
    }
    let there = |name: &str| -> anyhow::Result<Option<PathBuf>> {
        Ok(model::folder()?.locate(Manifest::builtin().find(name)?)?)
    };
    let smaller = if language == Language::En { there(TINY_EN)? } else { None };
    match there(BASE)?.or(smaller) {
        Some(path) => Ok(path),
        None => bail!("no speech model for {} is on this machine; type: reme model pull hearing", language.tag()),
    }
}
