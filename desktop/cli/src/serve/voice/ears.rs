//! What hears: the model files of this machine, and the recogniser, opened once and used by one turn at a time.
//!
//! What it must never do: fetch a model, or open one before somebody wants to speak.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use reme_models::Manifest;
use reme_speech::hearing::{Silero, Whisper};
use reme_types::Language;

use super::{
    super::held::{Held, Memory},
    fault::VoiceFault,
};
use crate::{
    hear::{BASE, TINY_EN, VOICE},
    model,
};

/// One is right on a machine that also draws the screens: whisper.cpp waits for the slowest of its threads.
const THREADS: usize = 1;

/// The recogniser, lent to one turn after the other.
pub(crate) type Shared = Arc<Mutex<Whisper>>;

/// The recogniser that was opened, by its file.
pub(crate) struct Ears(Held<PathBuf, Mutex<Whisper>>);

impl Ears {
    pub(crate) const fn new(memory: Memory) -> Self {
        Self(Held::new(memory))
    }

    /// Whether speech of this language can be heard here.
    pub(crate) fn ready(&self, language: Language) -> Result<(), VoiceFault> {
        files(language, self.0.memory()).map(|_| ())
    }

    /// Opens what hears.
    pub(crate) fn open(&self, language: Language) -> Result<(Silero, Shared), VoiceFault> {
        let (voice, recogniser) = files(language, self.0.memory())?;
        let voice = Silero::open(&voice).map_err(|error| VoiceFault::from(&error))?;
        let open = || Whisper::open(&recogniser, THREADS).map(Mutex::new).map_err(|error| VoiceFault::from(&error));
        let shared = self.0.get(recogniser.clone(), |_| true, open)?;
        Ok((voice, shared))
    }
}

/// The files of voice activity and recogniser; the better recogniser where memory is ample.
fn files(language: Language, memory: Memory) -> Result<(PathBuf, PathBuf), VoiceFault> {
    let folder = model::folder().map_err(|_| VoiceFault::NoHearing)?;
    let there = |name: &str| folder.locate(Manifest::builtin().find(name).ok()?).ok()?;
    let voice = there(VOICE).ok_or(VoiceFault::NoHearing)?;
    let smaller = there(TINY_EN);
    let recogniser = match (there(BASE), language) {
        (Some(base), Language::En) if memory == Memory::Scarce => smaller.unwrap_or(base),
        (Some(base), _) => base,
        (None, Language::En) => smaller.ok_or(VoiceFault::NoHearing)?,
        (None, _) => return Err(if smaller.is_some() { VoiceFault::EnglishOnly } else { VoiceFault::NoHearing }),
    };
    Ok((voice, recogniser))
}
