//! Where the real model files lie, for tests that need them.

use std::path::PathBuf;

use reme_lm::{LoadOptions, Model};

/// English only, for continuous integration.
pub(crate) const TINY: &str = "smollm2-135m-instruct-q4_1.gguf";
/// English and Chinese.
pub(crate) const DEFAULT: &str = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";

/// The file of a model, or `None` when the machine was told to test without.
///
/// # Panics
/// When the file is missing and nobody said so.
pub(crate) fn file(name: &str) -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = || var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let folder = var("REME_MODELS_DIR").or_else(|| Some(data()?.join("reme/models")));
    let path = folder.map(|dir| dir.join(name)).filter(|path| path.exists());
    if path.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("{name} is missing: run `cargo xtask models tiny default`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    path
}

/// The model with `options`, or `None` as [`file`].
pub(crate) fn open_with(name: &str, options: &LoadOptions) -> Option<Model> {
    file(name).map(|path| Model::open(&path, options).expect("the model file opens"))
}
