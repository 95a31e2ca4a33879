//! The shape of the runtime while it is being built; every call still fails with a clear error.

use std::path::Path;

use crate::{ChatMessage, Flow, GenerateOptions, Generation, LmError, LoadOptions, ModelInfo};

/// An opened model. Cheap to clone; `Send + Sync`.
#[derive(Debug, Clone)]
pub struct Model(ModelInfo);

/// One conversation with its cache. `Send`; owns a share of the model.
#[derive(Debug)]
pub struct Session(());

impl Model {
    /// Maps the file and checks all of its header.
    ///
    /// # Errors
    /// Any of the file variants of [`LmError`].
    pub fn open(path: &Path, _options: &LoadOptions) -> Result<Self, LmError> {
        Err(LmError::NotGguf { path: path.to_owned(), why: "the runtime is still being built".to_owned() })
    }

    /// What the file says about itself.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.0
    }

    /// A new conversation with an empty cache.
    #[must_use]
    pub fn session(&self) -> Session {
        Session(())
    }
}

impl Session {
    /// Answers `messages`, handing every new piece of text to `on_text`.
    ///
    /// # Errors
    /// [`LmError::WindowFull`], [`LmError::Cancelled`], [`LmError::DeadlinePassed`], [`LmError::ChatTemplate`].
    pub fn generate(
        &mut self,
        _messages: &[ChatMessage],
        _options: &GenerateOptions,
        _on_text: &mut dyn FnMut(&str) -> Flow,
    ) -> Result<Generation, LmError> {
        Err(LmError::EmptyPrompt)
    }

    /// Answers with JSON that follows `schema`.
    ///
    /// # Errors
    /// As [`Session::generate`], and [`LmError::UnsupportedSchema`], [`LmError::UnfinishedJson`].
    pub fn generate_json(
        &mut self,
        _messages: &[ChatMessage],
        _schema: &serde_json::Value,
        _options: &GenerateOptions,
    ) -> Result<(serde_json::Value, Generation), LmError> {
        Err(LmError::EmptyPrompt)
    }

    /// Mean log likelihood per token (natural log, ≤ 0) of each choice as the answer, in the order given.
    ///
    /// # Errors
    /// As [`Session::generate`].
    pub fn choose(
        &mut self,
        _messages: &[ChatMessage],
        _choices: &[String],
        _options: &GenerateOptions,
    ) -> Result<Vec<f64>, LmError> {
        Err(LmError::EmptyPrompt)
    }
}
