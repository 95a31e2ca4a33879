//! Microphone or file to words.
//!
//! ```text
//! AudioIn ─▶ Listener (voice activity, turns) ─▶ Recognise (Whisper) ─▶ guards, words ─▶ Transcript
//! ```
//!
//! Where in the flow: the shells open a source and a [`Listening`]; the façade gives language, names and places, and takes the
//! [`Transcript`] to the conversation. Phones that record themselves feed a [`Listener`] and call a [`Recognise`] where it suits them.
//!
//! ```no_run
//! use reme_speech::hearing::{Expectation, HearingEvent, ListenerOptions, Listening, Recording, Silero, Whisper};
//! use reme_types::Language;
//!
//! let listening = Listening::start(
//!     Box::new(Recording::open("answer.wav".as_ref())?),
//!     Silero::open("silero-vad-16k.onnx".as_ref())?,
//!     Whisper::open("ggml-whisper-base.bin".as_ref(), 1)?,
//!     Expectation { language: Language::En, hot_words: vec!["Helen".into()] },
//!     ListenerOptions::default(),
//! );
//! while let Some(event) = listening.next_event() {
//!     if let HearingEvent::Final(transcript) = event {
//!         println!("{}", transcript.text);
//!     }
//! }
//! # Ok::<(), reme_speech::hearing::HearingError>(())
//! ```

mod audio_in;
mod error;
mod file;
mod guard;
mod hot_words;
mod level;
mod listener;
mod listening;
mod microphone;
mod recogniser;
mod resample;
mod transcript;
mod turn;
mod voice;
mod words;

pub use audio_in::{AudioIn, Recording};
pub use error::HearingError;
pub use file::{LONGEST_MIN, read_file};
pub use level::{Level, LevelMeter};
pub use listener::{Listener, ListenerEvent, ListenerOptions, Purpose, Stretch, Turns};
pub use listening::{HearingEvent, Listening};
pub use microphone::{Microphone, MicrophoneInfo, microphones};
pub use recogniser::{Cancel, Expectation, Recognise, Whisper};
pub use resample::Resampler;
pub use transcript::{HeardWord, Transcript};
pub use turn::EndSilence;
pub use voice::{FRAME, Silero, VoiceActivity};
