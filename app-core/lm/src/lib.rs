//! ReMe's own language model runtime: a GGUF file in, text, JSON or a choice out.
//!
//! In the flow: `companion` opens one [`Model`] and shares it; `conversation` phrases and reads through a
//! [`Session`]. The model only phrases and reads; what is right is decided by the engine in `reme-games`.
//! This crate must never log a word of a prompt or an answer, touch the network, or read the clock.
//!
//! ```no_run
//! use reme_lm::{ChatMessage, Flow, GenerateOptions, LoadOptions, Model};
//! # fn main() -> Result<(), reme_lm::LmError> {
//! let model = Model::open("model.gguf".as_ref(), &LoadOptions::default())?;
//! let mut session = model.session();
//! let hello = [ChatMessage::user("Say hello.")];
//! let answer = session.generate(&hello, &GenerateOptions::default(), &mut |piece| {
//!     print!("{piece}");
//!     Flow::Continue
//! })?;
//! assert!(!answer.text.is_empty());
//! # Ok(())
//! # }
//! ```

mod calibration;
mod chat_template;
mod config;
mod constraint;
mod convert;
mod error;
mod gelu;
mod gguf;
mod inputs;
mod kv_cache;
mod likelihood;
mod lookup;
mod model;
mod options;
mod packed_copy;
mod packed_file;
mod pieces;
mod prefix;
mod prompt;
mod repacking;
mod sampler;
mod session;
mod sparsify;
mod sparsity;
mod tokenizer;
mod transformer;
mod tune;
mod vision;
mod weights;

pub use calibration::{Calibration, calibrate};
pub use constraint::Constraint;
pub use convert::{Bits, ConvertOptions, ConvertedTensor, Cut, convert};
pub use error::LmError;
pub use likelihood::{Answer, YesNo};
pub use model::Model;
pub use options::{
    CacheForm, CancelToken, ChatMessage, Deadline, Flow, GenerateOptions, Generation, LoadOptions, ModelInfo, Role,
    Sampling, StopReason, VisionOptions, WeightForm,
};
pub use packed_copy::{PackedCopy, packed_copy};
pub use reme_lm_kernels::Isa;
pub use repacking::{Repacking, RepackingOptions, RepackingState};
pub use session::{PromptLogits, Session};
pub use sparsify::{Sparsified, sparsify};
pub use sparsity::SparsityLaw;
pub use tune::{Choice, Tuning, Way, tune};
pub use vision::Image;
