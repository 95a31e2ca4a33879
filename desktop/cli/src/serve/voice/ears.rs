//! What hears: the model files of this machine, and the recogniser, opened once and used by one turn at a time.
//!
//! What it must never do: fetch a model, or open one before somebody wants to speak.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use reme_models::Manifest;
use reme_speech::hearing::{Cancel, Expectation, HearingError, Recognise, Silero, Transcript, Whisper};
use reme_types::Language;

use super::fault::VoiceFault;
use crate::model;

/// Both languages; and the smaller one, for English.
const BASE: &str = "whisper-base";
const TINY_EN: &str = "whisper-tiny.en";
const VOICE: &str = "silero-vad";
/// One is right on a machine that also draws the screens: whisper.cpp waits for the slowest of its threads.
const THREADS: usize = 1;

/// The recogniser that was opened, and its file.
#[derive(Default)]
pub(crate) struct Ears(Mutex<Option<(PathBuf, Shared)>>);

impl Ears {
    /// Whether speech of this language can be heard here.
    pub(crate) fn ready(language: Language) -> Result<(), VoiceFault> {
        files(language).map(|_| ())
    }

    /// Opens what hears; the recogniser only the first time.
    pub(crate) fn open(&self, language: Language) -> Result<(Silero, Shared), VoiceFault> {
        let (voice, recogniser) = files(language)?;
        let voice = Silero::open(&voice).map_err(|error| VoiceFault::from(&error))?;
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = match &*held {
            Some((file, shared)) if *file == recogniser => shared.clone(),
            _ => {
                let whisper = Whisper::open(&recogniser, THREADS).map_err(|error| VoiceFault::from(&error))?;
                let shared = Shared(Arc::new(Mutex::new(whisper)));
                *held = Some((recogniser, shared.clone()));
                shared
            }
        };
        Ok((voice, shared))
    }
}

/// The recogniser, lent to one turn after the other.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Whisper>>);

impl Recognise for Shared {
    fn recognise(
        &mut self,
        sound: &[f32],
        expected: &Expectation,
        cancel: &Cancel,
    ) -> Result<Transcript, HearingError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).recognise(sound, expected, cancel)
    }
}

/// The files of voice activity and recogniser.
fn files(language: Language) -> Result<(PathBuf, PathBuf), VoiceFault> {
    let folder = model::folder().map_err(|_| VoiceFault::NoHearing)?;
    let there = |name: &str| folder.locate(Manifest::builtin().find(name).ok()?).ok()?;
    let voice = there(VOICE).ok_or(VoiceFault::NoHearing)?;
    let smaller = there(TINY_EN);
    let recogniser = match (there(BASE), language) {
        (Some(base), _) => base,
        (None, Language::En) => smaller.ok_or(VoiceFault::NoHearing)?,
        (None, _) => return Err(if smaller.is_some() { VoiceFault::EnglishOnly } else { VoiceFault::NoHearing }),
    };
    Ok((voice, recogniser))
}
