//! From the form a package carries to the form our runtimes read. One file a conversion.
//!
//! A conversion is a function of its inputs alone and writes the same bytes on every machine, since the result is trusted by its
//! sha256 as any other model file is.

mod build;
mod efficientnet;
mod faces;
mod kokoro;
#[allow(dead_code, reason = "not every conversion uses every part of the format")]
pub(crate) mod onnx;
mod pickle;
mod use_m3;
mod whisper;

use std::path::Path;

use serde::Deserialize;

/// A conversion the manifest may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conversion {
    /// Whisper from CTranslate2's form (`weights`, `tokenizer`) to the file whisper.cpp reads.
    Whisper,
    /// Kokoro's voice model, input `model`, in standard operators.
    Kokoro,
    /// face-api.js's tiny detector.
    FaceDetector,
    /// face-api.js's 68 points.
    FacePoints,
    /// dlib's identity network, as face-api.js carries it.
    FaceIdentity,
    /// EfficientNet-lite0 from a tensor file of PyTorch.
    EfficientnetLite0,
    /// Sentence encoder: `weights` (npz) and `tokenizer` (SentencePiece) to one safetensors file.
    UseM3,
}

/// The bytes a conversion starts from, by the names the manifest gives them (`input = "weights"`).
#[derive(Debug, Default)]
pub struct Inputs {
    named: Vec<(String, Vec<u8>)>,
}

impl Inputs {
    /// The bytes of an input; empty bytes are made for a name that is new.
    pub(crate) fn of(&mut self, name: &str) -> &mut Vec<u8> {
        let index = self.named.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.named.push((name.to_owned(), Vec::new()));
            self.named.len() - 1
        });
        &mut self.named[index].1
    }

    /// Adds bytes to an input.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.of(name).extend_from_slice(bytes);
    }

    /// An input by name.
    ///
    /// # Errors
    /// A few words saying which input the manifest does not give.
    pub fn get(&self, name: &str) -> Result<&[u8], String> {
        let found = self.named.iter().find(|(known, _)| known == name);
        found.map(|(_, bytes)| bytes.as_slice()).ok_or_else(|| format!("the manifest names no part as input `{name}`"))
    }

    /// Every input with its name, in the manifest's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.named.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

impl Conversion {
    /// Writes the converted file to `target`.
    ///
    /// # Errors
    /// What in the inputs is not as expected, in a few words.
    pub fn run(self, inputs: &Inputs, target: &Path) -> Result<(), String> {
        let bytes = match self {
            Self::Whisper => return whisper::convert(inputs, target),
            Self::Kokoro => return kokoro::convert(inputs, target),
            Self::UseM3 => return use_m3::convert(inputs, target),
            Self::FaceDetector => faces::detector(inputs)?,
            Self::FacePoints => faces::points(inputs)?,
            Self::FaceIdentity => faces::identity(inputs)?,
            Self::EfficientnetLite0 => efficientnet::lite0(inputs)?,
        };
        std::fs::write(target, bytes).map_err(|error| format!("the converted file could not be written: {error}"))
    }
}
