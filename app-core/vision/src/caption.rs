//! A sentence about the whole photo, when there is a model that can give one.
//!
//! No captioner or complete vision-language model comes with ReMe; a user may have the two GGUF files of one. `reme-lm` then
//! stands behind this trait (`reme::GgufCaptioner`). What a captioner must never do: name people.

use std::sync::Arc;

use reme_types::Language;

use crate::{Picture, VisionError};

/// Answers "shall looking end now?"; asked often, from the thread that looks.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// Describes a whole photo in a sentence or two.
pub trait Captioner: Send + Sync {
    /// A sentence in that language, with the confidence that it is right, 0..=1. Once `stop` says so it ends within one token.
    ///
    /// # Errors
    /// [`VisionError::NoCaptioner`] when there is none; [`VisionError::Stopped`]; [`VisionError::Run`].
    fn describe(&self, picture: &Picture, language: Language, stop: &Stop) -> Result<(String, f32), VisionError>;

    /// Model and version, such as `caption/smolvlm-500m-instruct`.
    fn source(&self) -> &str;
}

/// There is no model: says so, and how to get one.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCaptioner;

impl Captioner for NoCaptioner {
    fn describe(&self, _picture: &Picture, _language: Language, _stop: &Stop) -> Result<(String, f32), VisionError> {
        Err(VisionError::NoCaptioner)
    }

    fn source(&self) -> &str {
        "caption/none"
    }
}
