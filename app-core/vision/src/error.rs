//! What can go wrong when looking at a photo. Every message names the part, and how to put it right.

use std::path::PathBuf;

/// An error of seeing. The photo and the store are untouched by any of them.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    /// A model file is not there; everything that does not need it goes on.
    #[error("{what} is missing on this device; photos are described without it. {how}")]
    Missing {
        /// What is missing: `finding faces`, `reading text in photos`, …
        what: &'static str,
        /// What to do.
        how: String,
    },
    /// A file that is there is not the model it should be.
    #[error("{path} is not the model for {what}: {detail}. Remove it and type: reme model pull seeing")]
    NotTheModel {
        /// What it is for.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the runtime said.
        detail: String,
    },
    /// A model ran and its answer cannot be used.
    #[error("{what} stopped on this photo ({detail}); the photo is kept, its other findings too")]
    Run {
        /// What was being done.
        what: &'static str,
        /// What the runtime said.
        detail: String,
    },
    /// The bytes are no picture that can be read.
    #[error("photo: it cannot be read ({0}). Nothing was changed. Use a JPEG, PNG or WebP photo")]
    Unreadable(String),
    /// Nobody can describe a whole photo here.
    #[error(
        "describing a whole photo needs a vision-language model, and none is set up; faces, text and things are found without it. Put the two GGUF files of one (SmolVLM, say: the model and its mmproj) into the models folder, or name them: --captioner MODEL.gguf --mmproj FILE"
    )]
    NoCaptioner,
    /// Somebody asked to end.
    #[error("looking at this photo was stopped; nothing of it was kept, and it is looked at again next time")]
    Stopped,
}
