//! The façade: what a shell (`reme` command, desktop window, phone) calls.
//!
//! Where in the flow: above every room of the core, below every shell. What it must never do: draw, open sockets, or hold a
//! rule about training.
//!
//! So far: the people of one household and their memories ([`Household`], [`Companion`]), the shapes that cross to a screen
//! ([`dto`]), and the evaluation of reading and searching ([`evaluation`]).

mod companion;
pub mod dto;
pub mod evaluation;
mod household;
mod language_model;
mod memories;
mod prompts;

pub use companion::{AddedMemory, Companion, Found, ImportReport, NewMemory};
pub use household::{Household, ReMeError};
pub use language_model::{Budget, LanguageModel, LanguageModelOptions, ModelUse, Rephraser};
pub use reme_lm::{CancelToken, LmError, ModelInfo};
pub use reme_store::{FileKeyStore, KeyStore, StoreError};
