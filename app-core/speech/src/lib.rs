//! Sound to words and words to sound, on this machine alone.
//!
//! Where in the flow: beside `reme-conversation`; the façade hands over samples and lines, and gets words and samples back.
//! What it must never do: reach a network, keep a recording nobody asked it to keep, or log a word of what was said.

pub mod audio;
mod error_count;
pub mod hearing;
pub mod speaking;

pub use audio::{Audio, SampleRate};
pub use error_count::ErrorCount;
