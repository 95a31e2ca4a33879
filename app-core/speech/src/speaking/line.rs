//! What is to be said and how, the trait every voice implements, and how one is told to stop.

use std::{
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use reme_types::Language;

use crate::audio::{Audio, SampleRate};

/// One thing to say.
#[derive(Clone, PartialEq)]
pub struct Line {
    /// The language of most of it; words of the other one may stand in it.
    pub language: Language,
    /// The words, as they are written on the screen.
    pub text: String,
    /// A voice by name (see [`voices`](super::voices)); the delivery's own voice when `None`.
    pub voice: Option<String>,
    /// The manner.
    pub delivery: Delivery,
    /// How fast.
    pub rate: Rate,
}

impl Line {
    /// A line in the neutral manner at the voice's own rate.
    pub fn new(language: Language, text: impl Into<String>) -> Self {
        Self { language, text: text.into(), voice: None, delivery: Delivery::Neutral, rate: Rate::NORMAL }
    }
}

/// Tells everything but the words.
impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line")
            .field("language", &self.language)
            .field("characters", &self.text.chars().count())
            .field("voice", &self.voice)
            .field("delivery", &self.delivery)
            .field("rate", &self.rate)
            .finish()
    }
}

/// The manner in which a line is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Delivery {
    /// Calm and near: softer voice, a little slower, longer pauses.
    Warm,
    /// Plain.
    #[default]
    Neutral,
    /// Lively: brighter voice, a little faster, shorter pauses.
    Cheerful,
}

impl Delivery {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Warm, Self::Neutral, Self::Cheerful];

    /// Silence between two sentences at [`Rate::NORMAL`], in milliseconds.
    pub const fn pause_ms(self) -> u64 {
        match self {
            Self::Warm => 480,
            Self::Neutral => 350,
            Self::Cheerful => 240,
        }
    }

    /// What the rate is multiplied by.
    pub(crate) const fn tempo(self) -> f32 {
        match self {
            Self::Warm => 0.93,
            Self::Neutral => 1.0,
            Self::Cheerful => 1.06,
        }
    }
}

/// Speed as a multiple of the voice's own: below 1 is slower. Always between [`Rate::MIN`] and [`Rate::MAX`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate(f32);

impl Rate {
    /// The voice's own rate.
    pub const NORMAL: Self = Self(1.0);
    /// Slower than this the voice begins to drone.
    pub const MIN: Self = Self(0.6);
    /// Faster than this endings are swallowed.
    pub const MAX: Self = Self(1.4);

    /// The nearest allowed rate; [`Rate::NORMAL`] for what is no number.
    pub fn nearest(value: f32) -> Self {
        if value.is_nan() { Self::NORMAL } else { Self(value.clamp(Self::MIN.0, Self::MAX.0)) }
    }

    /// The multiple.
    pub const fn value(self) -> f32 {
        self.0
    }
}

impl Default for Rate {
    fn default() -> Self {
        Self::NORMAL
    }
}

/// Asks whoever makes or plays sound to end. Clones ask the same one.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on [`is_asked`](Self::is_asked) says yes, on every thread.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// True once somebody asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Takes each piece of sound as it is ready; `Break` ends the work early.
pub type Take<'a> = dyn FnMut(Audio) -> ControlFlow<()> + 'a;

/// A voice. Phones give their platform's own as a foreign implementation.
pub trait Speech: Send + Sync {
    /// Samples a second of what [`synthesise`](Self::synthesise) makes.
    fn sample_rate(&self) -> SampleRate {
        SampleRate::SPEAKING
    }

    /// Says `line` into `take`, sentence by sentence, pauses included. Ends after the sentence in work once `stop` is asked.
    ///
    /// # Errors
    /// [`SpeakError`]; what was handed over before it is good.
    fn synthesise(&self, line: &Line, stop: &Stop, take: &mut Take<'_>) -> Result<(), SpeakError>;
}

/// All of a line's sound as one piece.
///
/// # Errors
/// As [`Speech::synthesise`].
pub fn synthesise_whole(speech: &dyn Speech, line: &Line, stop: &Stop) -> Result<Audio, SpeakError> {
    let mut samples = Vec::new();
    speech.synthesise(line, stop, &mut |piece| {
        samples.extend_from_slice(piece.samples());
        ControlFlow::Continue(())
    })?;
    Ok(Audio::new(samples, speech.sample_rate()))
}

/// Why nothing is heard. Each message says what is missing and what to do; none holds a word of the line.
#[derive(Debug, thiserror::Error)]
pub enum SpeakError {
    /// No voice is installed for this language.
    #[error("no voice for {language} is on this machine: {missing}")]
    NoVoice {
        /// The language asked for.
        language: Language,
        /// What is missing and how to get it.
        missing: String,
    },
    /// No voice of that name.
    #[error("no voice is called `{name}`: use one of {known}")]
    UnknownVoice {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A model file cannot be read or is not what it should be.
    #[error("{path} cannot be used as {what}: {fault}; fetch it again with: reme model pull speaking")]
    Model {
        /// The file.
        path: PathBuf,
        /// `voice model` or `voices`.
        what: &'static str,
        /// What is wrong.
        fault: String,
    },
    /// The model could not make sound of a sentence.
    #[error("the voice model failed: {0}; the words stay on the screen")]
    Inference(String),
    /// The helper program failed.
    #[error("{program} could not speak: {fault}; type: sudo apt-get install -y espeak-ng")]
    Program {
        /// The program.
        program: PathBuf,
        /// What it said.
        fault: String,
    },
    /// No loudspeaker.
    #[error("no loudspeaker can be used: {0}; plug one in, or write a file with --out")]
    NoDevice(String),
    /// A sink refused sound.
    #[error("the sound could not be written: {0}")]
    Sink(#[from] std::io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_stays_within_what_the_voice_can_do() {
        for (asked, got) in [(0.1, 0.6), (0.85, 0.85), (9.0, 1.4), (f32::NAN, 1.0), (f32::NEG_INFINITY, 0.6)] {
            assert_eq!(Rate::nearest(asked).value(), got, "{asked}");
        }
    }

    #[test]
    fn debug_shows_no_words() {
        let shown = format!("{:?}", Line::new(Language::En, "my secret"));
        assert!(!shown.contains("secret") && shown.contains("characters: 9"), "{shown}");
    }

    #[test]
    fn asking_one_clone_to_stop_asks_all() {
        let stop = Stop::default();
        let other = stop.clone();
        assert!(!other.is_asked());
        stop.ask();
        assert!(other.is_asked());
    }
}
