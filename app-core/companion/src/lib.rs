//! The façade: what a shell (`reme` command, desktop window, phone) calls.
//!
//! Where in the flow: above every room of the core, below every shell. What it must never do: draw, open sockets, or hold a
//! rule about training.
//!
//! [`Household`] is everybody on one device, [`Companion`] one of them: memories, photos, people, plan, progress, settings,
//! import, what was sensed, and export, each in its own module. [`dto`] holds the shapes that cross to a screen; [`ReMeError::to_dto`] an error's.
//! [`evaluation`] measures reading and searching.

mod captioner;
mod companion;
pub mod dto;
pub mod evaluation;
mod export;
mod face_groups;
mod facts;
mod finder;
mod form;
mod household;
mod import;
mod language_model;
mod media;
mod memories;
mod names;
mod notice;
mod origins;
mod own_question;
mod people;
mod plan;
mod problem;
mod progress;
mod prompts;
mod search;
mod seeing;
mod sensing;
mod session;
mod settings;
mod strings;
mod suggestions;
mod voice_note;

pub use captioner::{CaptionerFiles, GgufCaptioner};
pub use companion::Companion;
pub use export::Export;
pub use facts::proposed;
pub use finder::Sentences;
pub use household::{Household, ReMeError};
pub use import::{ImportProgress, ImportReport};
pub use language_model::{Budget, LanguageModel, LanguageModelOptions, ModelUse, Rephraser};
pub use media::ReadPhoto;
pub use memories::{AddedMemory, NewMemory};
pub use own_question::for_the_person;
pub use plan::GameInfo;
pub use problem::{Conflict, FactFault, Problem};
pub use reme_conversation::{Meaning, Rephrase};
pub use reme_embedding::EmbeddingError;
pub use reme_lm::{CancelToken, LmError, ModelInfo};
pub use reme_store::{FileKeyStore, KeyStore, Store, StoreError, StoreKey};
pub use reme_vision as vision;
pub use search::{Found, MemoryQuery};
pub use seeing::{PhotoToLook, missing_in_words};
pub use sensing::Sensing;
pub use session::{Begun, Blocked, LineOrigins};
pub use settings::VoiceSettings;
pub use strings::Strings;
pub use suggestions::SuggestionQuery;
pub use voice_note::VoiceNote;
