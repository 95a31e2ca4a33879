//! What speaks: a sentence becomes a WAV file, which the browser plays.
//!
//! What it must never do: speak words the screen does not show, or keep what was spoken.

use reme_types::Language;

use super::fault::VoiceFault;

/// Longest sentence, characters; the screen sends one at a time. [design]
const LONGEST: usize = 600;

/// The voice that was opened.
#[derive(Default)]
pub(crate) struct Mouth;

impl Mouth {
    /// Whether this language can be spoken here.
    pub(crate) fn ready(_language: Language) -> Result<(), VoiceFault> {
        Err(VoiceFault::NoSpeaking)
    }

    /// The sentence as a WAV file; `rate_percent` is the pace, 100 the voice's own.
    pub(crate) fn say(&self, text: &str, language: Language, _rate_percent: u8) -> Result<Vec<u8>, VoiceFault> {
        if text.trim().is_empty() || text.chars().count() > LONGEST {
            return Err(VoiceFault::Line);
        }
        Self::ready(language)?;
        Err(VoiceFault::NoSpeaking)
    }
}
