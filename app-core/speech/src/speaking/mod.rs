//! Words to voice: a line becomes phonemes, phonemes become sound, and the sound starts while the rest is made.
//!
//! Where in the flow: the façade hands over a [`Line`] the conversation layer has worded; what comes out goes to a [`Sink`].
//! ```text
//! line ─▶ sentences ─▶ written out in words ─▶ phonemes ─▶ Kokoro ─▶ samples ─▶ queue ─▶ loudspeaker
//!         sentences    english, mandarin       english,     kokoro     cache       player   device
//!                                              mandarin
//! ```
//! What it must never do: decide what is said, write a line or its sound to a disk, log a word, or reach a network.
//!
//! ```no_run
//! use reme_speech::speaking::{Kokoro, Line, Speech, Stop, synthesise_whole};
//! use reme_types::Language;
//!
//! let voice = Kokoro::open("kokoro.onnx".as_ref(), "kokoro-voices.bin".as_ref(), 1)?;
//! let line = Line::new(Language::ZhCn, "早上好，今天是2026年3月5日。");
//! let audio = synthesise_whole(&voice, &line, &Stop::default())?;
//! # Ok::<(), reme_speech::speaking::SpeakError>(())
//! ```

mod cache;
mod device;
mod english;
mod espeak;
mod kokoro;
mod line;
mod mandarin;
mod missing;
mod phonemes;
mod player;
mod rate;
mod sentences;
mod sound;
mod voices;

pub use cache::Cached;
pub use device::DeviceSink;
pub use espeak::Espeak;
pub use kokoro::Kokoro;
pub use line::{Delivery, Line, Rate, SpeakError, Speech, Stop, Take, synthesise_whole};
pub use missing::NoVoice;
pub use phonemes::Phonemiser;
pub(crate) use phonemes::written_out;
pub use player::{Played, Sink, WavSink, play};
pub use rate::{Pace, rate_for};
pub use voices::{Voice, voices};
