//! What can keep somebody from being heard, and what to do about it.

use std::path::PathBuf;

use thiserror::Error;

/// Why nothing could be heard. Every message says what happened and what to do; none holds a word of what was said.
#[derive(Debug, Error)]
pub enum HearingError {
    /// The file cannot be opened or read.
    #[error("{file} could not be read: {source}; look whether it is there and may be opened")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file has no sound in it.
    #[error("{file} holds no sound: record it again, or choose another file")]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// The file is of a kind that is not known, or is damaged.
    #[error(
        "{file} is damaged, or not a recording ReMe can read ({detail}). WAV, OGG (Vorbis or Opus), M4A and MP3 can be read: \
         record it again, or save it as one of these"
    )]
    NotSound {
        /// The file.
        file: PathBuf,
        /// What the reader stumbled over.
        detail: String,
    },
    /// The recording is longer than is taken at once.
    #[error("{file} is longer than {longest_min} minutes: cut it into shorter recordings")]
    TooLong {
        /// The file.
        file: PathBuf,
        /// What is taken at most, in minutes.
        longest_min: u64,
    },
    /// This machine has no microphone that answers.
    #[error(
        "no microphone answers on this machine ({detail}): plug one in or switch it on, see that no other program holds it, and try \
         again; typing works as before"
    )]
    NoMicrophone {
        /// The sound system's reason.
        detail: String,
    },
    /// The system does not let this program listen.
    #[error(
        "this program may not use the microphone: allow it in the system's privacy settings, or join the group `audio`"
    )]
    MicrophoneRefused,
    /// No microphone has that name.
    #[error("no microphone is called `{name}`: use one of {known}, or none for the system's own choice")]
    UnknownMicrophone {
        /// What was asked for.
        name: String,
        /// What there is, comma-separated.
        known: String,
    },
    /// The microphone went silent for good while it was listened to.
    #[error(
        "the microphone stopped giving sound ({detail}): what was said before is kept; plug it in again and tap to go on"
    )]
    MicrophoneLost {
        /// The sound system's reason.
        detail: String,
    },
    /// A model file cannot be used.
    #[error("{file} cannot be used for hearing ({detail}): fetch it again with `reme model pull hearing`")]
    Model {
        /// The model file.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// An English-only model was asked for Chinese.
    #[error("this speech model knows English only: for Chinese type `reme model pull whisper-base`")]
    EnglishOnly,
    /// Sound at a rate nobody records at.
    #[error("a sample rate of {hz} Hz is not used for speech: record with 8000 to 192000 Hz")]
    SampleRate {
        /// The rate found.
        hz: u32,
    },
    /// The recogniser or the voice activity model failed on its way.
    #[error(
        "speech could not be worked on ({detail}): say it once more; if it stays so, fetch the models again with `reme model pull hearing`"
    )]
    Recogniser {
        /// A few technical words.
        detail: String,
    },
    /// Somebody stopped it.
    #[error("listening was stopped")]
    Cancelled,
}

impl HearingError {
    pub(crate) fn recogniser(detail: impl std::fmt::Debug) -> Self {
        Self::Recogniser { detail: format!("{detail:?}") }
    }
}
