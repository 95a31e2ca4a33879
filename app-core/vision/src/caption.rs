//! A sentence about the whole photo, when there is a model that can give one.
//!
//! No captioner or complete vision-language model comes with ReMe; a user may have a GGUF file of one. `reme-lm` then stands
//! behind this trait. What a captioner must never do: name people.

use reme_types::Language;

use crate::{Picture, VisionError};

/// Describes a whole photo in a sentence or two.
pub trait Captioner: Send + Sync {
    /// A sentence in that language, with the confidence that it is right, 0..=1.
    ///
    /// # Errors
    /// [`VisionError::NoCaptioner`] when there is none; [`VisionError::Run`].
    fn describe(&self, picture: &Picture, language: Language) -> Result<(String, f32), VisionError>;

    /// Model and version, such as `caption/qwen2-vl-2b`.
    fn source(&self) -> &str;
}

/// There is no model: says so, and how to get one.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCaptioner;

impl Captioner for NoCaptioner {
    fn describe(&self, _picture: &Picture, _language: Language) -> Result<(String, f32), VisionError> {
        Err(VisionError::NoCaptioner)
    }

    fn source(&self) -> &str {
        "caption/none"
    }
}
