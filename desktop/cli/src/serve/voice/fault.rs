//! What can keep this machine from hearing or speaking, in the reader's language.
//!
//! What it must never do: hold a word of what was said.

use axum::http::StatusCode;
use reme_speech::hearing::HearingError;

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VoiceFault {
    /// The models for hearing are not here.
    NoHearing,
    /// The models for speaking are not here.
    NoSpeaking,
    /// Only the English model is here.
    EnglishOnly,
    /// No microphone answers.
    NoMicrophone,
    /// The system does not let this program listen.
    Refused,
    /// The microphone went away.
    Lost,
    /// A model file is damaged.
    Model,
    /// Something else failed.
    Failed,
    /// The voice's files are damaged.
    VoiceModel,
    /// The voice failed at this sentence.
    Unspoken,
    /// The turn has ended, or there never was one.
    NoTurn,
    /// Nothing to say, or too much of it.
    Line,
}

impl VoiceFault {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 12] = [
        Self::NoHearing,
        Self::NoSpeaking,
        Self::EnglishOnly,
        Self::NoMicrophone,
        Self::Refused,
        Self::Lost,
        Self::Model,
        Self::Failed,
        Self::VoiceModel,
        Self::Unspoken,
        Self::NoTurn,
        Self::Line,
    ];

    /// Stable end of the code `voice-…`.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::NoHearing => "no-hearing",
            Self::NoSpeaking => "no-speaking",
            Self::EnglishOnly => "english-only",
            Self::NoMicrophone => "no-microphone",
            Self::Refused => "refused",
            Self::Lost => "lost",
            Self::Model => "model",
            Self::Failed => "failed",
            Self::VoiceModel => "voice-model",
            Self::Unspoken => "unspoken",
            Self::NoTurn => "no-turn",
            Self::Line => "line",
        }
    }

    /// The field at fault, if one is.
    pub(crate) const fn field(self) -> Option<&'static str> {
        match self {
            Self::Line => Some("text"),
            _ => None,
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::NoTurn => StatusCode::NOT_FOUND,
            Self::Line => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        }
    }
}

impl From<&HearingError> for VoiceFault {
    fn from(error: &HearingError) -> Self {
        match error {
            HearingError::NoMicrophone { .. } | HearingError::UnknownMicrophone { .. } => Self::NoMicrophone,
            HearingError::MicrophoneRefused => Self::Refused,
            HearingError::MicrophoneLost { .. } => Self::Lost,
            HearingError::Model { .. } => Self::Model,
            HearingError::EnglishOnly => Self::EnglishOnly,
            _ => Self::Failed,
        }
    }
}
