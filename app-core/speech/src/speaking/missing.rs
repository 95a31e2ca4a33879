//! No voice at all: says what is missing.

use super::{Line, SpeakError, Speech, Stop, line::Take};

/// Stands where no voice could be opened, so that every line is answered with what is missing and how to get it.
#[derive(Debug, Clone)]
pub struct NoVoice {
    missing: String,
}

impl NoVoice {
    /// `missing` is a short clause with the command that helps.
    pub fn new(missing: impl Into<String>) -> Self {
        Self { missing: missing.into() }
    }
}

impl Speech for NoVoice {
    fn synthesise(&self, line: &Line, _stop: &Stop, _take: &mut Take<'_>) -> Result<(), SpeakError> {
        Err(SpeakError::NoVoice { language: line.language, missing: self.missing.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speaking::synthesise_whole;
    use reme_types::Language;

    #[test]
    fn a_missing_voice_names_the_command_and_no_word_of_the_line() {
        let voice = NoVoice::new("type: reme model pull speaking");
        let error = synthesise_whole(&voice, &Line::new(Language::En, "hush"), &Stop::default()).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("reme model pull speaking") && !message.contains("hush"), "{message}");
    }
}
