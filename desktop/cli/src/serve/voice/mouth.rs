//! What speaks: a sentence becomes a WAV file, which the browser plays.
//!
//! Where in the flow: behind `POST …/speak`; the screen sends one sentence after the other and plays one while the next is made.
//! What it must never do: keep on a disk what was spoken, or fetch a voice.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use reme_models::Manifest;
use reme_speech::speaking::{Cached, Delivery, Espeak, Kokoro, Line, Rate, Speech, Stop, synthesise_whole};
use reme_types::Language;

use super::fault::VoiceFault;
use crate::model;

/// The voice model and its voices, by their names in the manifest; and the plain voice where those are not here.
const MODEL: &str = "kokoro";
const VOICES: &str = "kokoro-voices";
const PLAIN: &str = "espeak-ng";
/// One is right on a machine that also draws the screens.
const THREADS: usize = 1;
/// Longest sentence, characters; the screen sends one at a time. [design]
const LONGEST: usize = 600;
/// Spoken sentences kept in memory, bytes: some two minutes, so that "Read aloud" and what is said every day come at once. [design]
const KEPT_BYTES: usize = 12 * 1024 * 1024;

/// The voice, opened at the first line.
#[derive(Default)]
pub(crate) struct Mouth(Mutex<Option<Arc<dyn Speech>>>);

impl Mouth {
    /// Whether lines can be spoken here.
    pub(crate) fn ready() -> Result<(), VoiceFault> {
        if files().is_some() || Espeak::new(PLAIN).is_there() { Ok(()) } else { Err(VoiceFault::NoSpeaking) }
    }

    /// The sentence as a WAV file, warmly; `rate_percent` is the pace, 100 the voice's own.
    pub(crate) fn say(&self, text: &str, language: Language, rate_percent: u8) -> Result<Vec<u8>, VoiceFault> {
        let is_said = text.chars().any(char::is_alphanumeric) && text.chars().count() <= LONGEST;
        if !is_said {
            return Err(VoiceFault::Line);
        }
        let rate = Rate::nearest(f32::from(rate_percent) / 100.0);
        let line = Line { delivery: Delivery::Warm, rate, ..Line::new(language, text) };
        let voice = self.open()?;
        let sound = synthesise_whole(voice.as_ref(), &line, &Stop::default()).map_err(|_| VoiceFault::Unspoken)?;
        Ok(sound.to_wav())
    }

    fn open(&self) -> Result<Arc<dyn Speech>, VoiceFault> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(voice) = &*held {
            return Ok(Arc::clone(voice));
        }
        let espeak = Espeak::new(PLAIN);
        let voice: Arc<dyn Speech> = match files() {
            Some((model, voices)) => {
                let kokoro = Kokoro::open(&model, &voices, THREADS).map_err(|_| VoiceFault::VoiceModel)?;
                Arc::new(Cached::new(kokoro, KEPT_BYTES))
            }
            // Not kept: the natural voice may be fetched meanwhile.
            None if espeak.is_there() => return Ok(Arc::new(espeak)),
            None => return Err(VoiceFault::NoSpeaking),
        };
        *held = Some(Arc::clone(&voice));
        Ok(voice)
    }
}

/// The files of the natural voice.
fn files() -> Option<(PathBuf, PathBuf)> {
    let folder = model::folder().ok()?;
    let there = |name: &str| folder.locate(Manifest::builtin().find(name).ok()?).ok()?;
    Some((there(MODEL)?, there(VOICES)?))
}
