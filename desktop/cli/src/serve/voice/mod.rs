//! Talking to it: the addresses for hearing and speaking.
//!
//! Sound is taken by the browser where it may (a page of 127.0.0.1 may), and sent here in pieces; where it may not, as in the
//! desktop's webview, the machine's own microphone is opened here. Either way one log of events tells how it goes, and a
//! request waits on it (docs/decisions/0015-talking.md).
//! What it must never do: listen before somebody has asked, keep a recording nobody asked for, or let a model's work hold the
//! patient's store.

mod ears;
mod fault;
mod mouth;
mod turn;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json as Answer, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use reme::{
    Companion, ReMeError, VoiceSettings,
    dto::{ListenDto, ListenEventDto, ListenStartedDto, ReadyDto, SpeakDto, VoiceDto, VoiceSettingsDto},
};
use reme_speech::{
    audio::{Audio, SampleRate},
    hearing::{EndSilence, Expectation, HearingError, ListenerOptions, Listening, Microphone, Turns, microphones},
};
use reme_types::Language;

pub(crate) use self::fault::VoiceFault;
use self::{
    ears::Ears,
    mouth::Mouth,
    turn::{Input, Means, Turn},
};
use super::{
    app::{App, Shared},
    held::Memory,
    refusal::{Refusal, voice_in_words},
    take::{Json, Lang, Samples},
};

/// A request for events waits at most so long; the screen asks again.
const WAIT: Duration = Duration::from_secs(5);
/// Nobody speaks for so long, ms: listening ends and says so.
const PATIENCE_MS: u64 = 20_000;
/// An answer ends after so much silence, ms; a note, in which one thinks between sentences, after more. [design]
const ANSWER_SILENCE_MS: u64 = 2_500;
const NOTE_SILENCE_MS: u64 = 4_000;
/// While somebody speaks the words so far are looked for this often, ms.
const ATTEMPT_MS: u64 = 1_000;

type Served = State<Arc<App>>;
type Done<T> = Result<Answer<T>, Refusal>;

/// What hears and speaks, and who is being listened to: one turn a patient.
pub(crate) struct Voices {
    ears: Ears,
    mouth: Mouth,
    turns: Mutex<HashMap<String, Arc<Turn>>>,
    count: AtomicU64,
}

impl Voices {
    pub(crate) fn new(memory: Memory) -> Self {
        let (ears, mouth) = (Ears::new(memory), Mouth::default());
        Self { ears, mouth, turns: Mutex::default(), count: AtomicU64::default() }
    }

    fn turn(&self, slug: &str, id: &str) -> Result<Arc<Turn>, Refusal> {
        let turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.get(slug).filter(|turn| turn.id() == id).cloned().ok_or(Refusal::Voice(VoiceFault::NoTurn))
    }

    /// The turn that takes the place of the one before, which ends.
    fn put(&self, slug: &str, turn: Option<Arc<Turn>>) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match turn {
            Some(turn) => turns.insert(slug.to_owned(), turn),
            None => turns.remove(slug),
        };
        if let Some(before) = before {
            before.drop_it();
        }
    }
}

/// The addresses, below a patient.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/voice", get(voice).put(set_voice))
        .route("/listen", post(listen))
        .route("/listen/{turn}", get(heard).delete(forget))
        .route("/listen/{turn}/audio", post(audio))
        .route("/listen/{turn}/stop", post(stop))
        .route("/speak", post(speak))
}

async fn voice(State(app): Served, Path(slug): Path<String>, Lang(reader): Lang) -> Done<VoiceDto> {
    let (settings, language) = app.with(slug, |c| Ok((c.voice_settings()?, c.patient()?.language))).await?;
    able(&app, settings, language, reader).await
}

async fn set_voice(
    State(app): Served,
    Path(slug): Path<String>,
    Lang(reader): Lang,
    Json(new): Json<VoiceSettingsDto>,
) -> Done<VoiceDto> {
    let kept = app.with(slug, move |c| Ok((c.set_voice_settings(&new)?, c.patient()?.language))).await?;
    able(&app, kept.0, kept.1, reader).await
}

/// What this machine can, for somebody who speaks `language`, told to somebody who reads `reader`.
async fn able(app: &Arc<App>, settings: VoiceSettings, language: Language, reader: Language) -> Done<VoiceDto> {
    let ready = move |able: Result<(), VoiceFault>| ReadyDto {
        ready: able.is_ok(),
        message: able.err().map(|fault| voice_in_words(fault, reader)),
    };
    app.blocking(move |app| {
        let device = if microphones().is_empty() { Err(VoiceFault::NoMicrophone) } else { Ok(()) };
        Ok(Answer(VoiceDto {
            hearing: ready(app.voices.ears.ready(language)),
            device: ready(device),
            speaking: ready(Mouth::ready()),
            speak: settings.speak,
            rate_percent: settings.rate_percent,
        }))
    })
    .await
}

async fn listen(
    State(app): Served,
    Path(slug): Path<String>,
    Lang(reader): Lang,
    Json(asked): Json<ListenDto>,
) -> Result<(StatusCode, Answer<ListenStartedDto>), Refusal> {
    let is_browser = match asked.from.as_str() {
        "browser" => true,
        "device" => false,
        _ => {
            let problem = reme::Problem::Choice { allowed: "browser, device".to_owned() };
            return Err(ReMeError::Invalid { field: "from", problem }.into());
        }
    };
    let owner = slug.clone();
    // A note may be about anything; an answer is to what was asked.
    let is_note = asked.keep;
    let words = move |c: &mut Companion| if is_note { c.hot_words() } else { c.likely_words() };
    let (language, hot_words) = app.with(owner, move |c| Ok((c.patient()?.language, words(c)?))).await?;
    let shared = Arc::clone(&app);
    let id = app
        .blocking(move |app| {
            app.voices.put(&slug, None); // its microphone is let go before another is opened
            let (voice, recogniser) = app.voices.ears.open(language).map_err(Refusal::Voice)?;
            let from = if is_browser {
                Input::Browser
            } else {
                let device = Microphone::open(None).map_err(|error| Refusal::Voice((&error).into()))?;
                Input::Device(Box::new(device))
            };
            let silence = if asked.keep { NOTE_SILENCE_MS } else { ANSWER_SILENCE_MS };
            let options = ListenerOptions {
                silence: EndSilence::of_ms(silence),
                patience_ms: Some(PATIENCE_MS),
                attempt_every_ms: Some(ATTEMPT_MS),
                turns: Turns::One,
            };
            let owner = slug.clone();
            let keep = move |samples: Vec<f32>| {
                let wav = Audio::new(samples, SampleRate::HEARING).to_wav();
                shared.with_now(&owner, |c| Ok(c.keep_recording(&wav)?)).ok()
            };
            let means = Means {
                listen: move |audio| {
                    let expected = Expectation { language, hot_words };
                    Listening::start(audio, voice, recogniser, expected, options)
                },
                keep: asked.keep.then_some(keep),
                tell: move |error: &HearingError| voice_in_words(VoiceFault::from(error), reader),
            };
            let id = (app.voices.count.fetch_add(1, Ordering::Relaxed) + 1).to_string();
            let turn = Turn::start(id.clone(), from, means).map_err(|_| Refusal::Internal)?;
            app.voices.put(&slug, Some(turn));
            Ok(id)
        })
        .await?;
    Ok((StatusCode::CREATED, Answer(ListenStartedDto { id })))
}

async fn audio(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Samples(samples): Samples,
) -> Result<StatusCode, Refusal> {
    app.voices.turn(&slug, &id)?.feed(samples);
    Ok(StatusCode::NO_CONTENT)
}

async fn heard(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Query(asked): Query<HashMap<String, String>>,
) -> Done<Vec<ListenEventDto>> {
    let after = match asked.get("after") {
        None => 0,
        Some(text) => text.parse().map_err(|_| Refusal::BadQuery("after"))?,
    };
    let turn = app.voices.turn(&slug, &id)?;
    Ok(Answer(turn.since(after, WAIT).await))
}

async fn stop(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Result<StatusCode, Refusal> {
    app.voices.turn(&slug, &id)?.stop();
    Ok(StatusCode::NO_CONTENT)
}

async fn forget(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Result<StatusCode, Refusal> {
    app.voices.turn(&slug, &id)?;
    app.voices.put(&slug, None);
    Ok(StatusCode::NO_CONTENT)
}

async fn speak(State(app): Served, Path(slug): Path<String>, Json(line): Json<SpeakDto>) -> Result<Response, Refusal> {
    let (settings, language) = app.with(slug, |c| Ok((c.voice_settings()?, c.patient()?.language))).await?;
    let wav = app
        .blocking(move |app| app.voices.mouth.say(&line.text, language, settings.rate_percent).map_err(Refusal::Voice))
        .await?;
    Ok(([(header::CONTENT_TYPE, "audio/wav")], wav).into_response())
}
