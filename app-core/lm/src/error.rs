//! What can go wrong between a model file and a finished line, split by who has to act.

use std::path::PathBuf;

/// Every way loading or generating can fail. Nothing here ever contains a person's words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LmError {
    /// The file cannot be opened or mapped.
    #[error("the model file {path} cannot be read: {source}. Check the path, or run `cargo xtask models`")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The first bytes are not a GGUF header of a version we read.
    #[error("{path} is not a GGUF model file ({why}). Choose a .gguf file, or run `cargo xtask models`")]
    NotGguf {
        /// Which file.
        path: PathBuf,
        /// What was found instead.
        why: String,
    },
    /// The file ends inside its header.
    #[error(
        "the model file ends in the middle of {part}, {missing_bytes} bytes short. Fetch it again with `cargo xtask models`"
    )]
    TruncatedHeader {
        /// Which part of the header was being read.
        part: String,
        /// How many bytes that part still needed.
        missing_bytes: u64,
    },
    /// The header is complete but tensor data is missing.
    #[error(
        "the model file is cut short: tensor `{tensor}` lacks {missing_bytes} bytes. Fetch it again with `cargo xtask models`"
    )]
    TruncatedTensor {
        /// The first tensor that does not fit into the file.
        tensor: String,
        /// How many of its bytes are missing.
        missing_bytes: u64,
    },
    /// A model family this runtime does not know.
    #[error("the model is of the family `{family}`, which is not supported. Supported: {known}", known = .known.join(", "))]
    UnknownFamily {
        /// `general.architecture` of the file.
        family: String,
        /// The families that work.
        known: &'static [&'static str],
    },
    /// A tensor stored in a type without a kernel.
    #[error(
        "tensor `{tensor}` is stored as GGML type {type_id}, which is not supported. Choose an F32, F16, BF16, Q4_0 to Q8_0, Q2_K to Q6_K, TQ1_0 or TQ2_0 file"
    )]
    UnsupportedTensorType {
        /// Which tensor.
        tensor: String,
        /// The number in the file.
        type_id: u32,
    },
    /// A metadata key the model needs is absent or of another type.
    #[error("the model file lacks the metadata `{key}` ({expected}). Choose another file")]
    MissingKey {
        /// Which key.
        key: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// A tensor the family needs is absent.
    #[error("the model file lacks the tensor `{tensor}`. Choose another file")]
    MissingTensor {
        /// Which tensor.
        tensor: String,
    },
    /// The header contradicts itself.
    #[error("the model file is inconsistent at `{field}`: {why}. Fetch it again, or choose another file")]
    Inconsistent {
        /// Key or tensor.
        field: String,
        /// What does not fit.
        why: String,
    },
    /// A packed file whose bytes are not those that were written.
    #[error(
        "the packed model file is damaged at `{part}`. Nothing of it was used; make it again with `reme model convert`"
    )]
    Damaged {
        /// Tensor, or `the header`.
        part: String,
    },
    /// A packed file of another layout version, or one that was not finished.
    #[error("the packed model file does not fit this program ({why}). Make it again with `reme model convert`")]
    OtherLayout {
        /// What was found.
        why: String,
    },
    /// A packed file cannot be written.
    #[error(
        "the packed model could not be written to {path}: {source}. The file that was read is as it was; check the space left"
    )]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A saved start of a conversation that cannot be used.
    #[error("the saved start of the conversation cannot be used ({why}). Nothing is lost: save it again")]
    StalePrefix {
        /// What does not fit.
        why: String,
    },
    /// The model needs more memory than it may take.
    #[error(
        "the model needs {needed_mb} MB ({weights_mb} MB of weights, {cache_mb} MB for a conversation of {window_tokens} tokens), and may take {budget_mb} MB. Choose a smaller model, a shorter window, or a cache in bytes"
    )]
    OverBudget {
        /// In all, in MB (10^6 bytes).
        needed_mb: u64,
        /// What is allowed.
        budget_mb: u64,
        /// Weights.
        weights_mb: u64,
        /// Keys and values of one conversation.
        cache_mb: u64,
        /// Its window.
        window_tokens: usize,
    },
    /// A conversion that cannot be done.
    #[error("the model cannot be converted so: {why}")]
    Inconvertible {
        /// What does not fit, and what would.
        why: String,
    },
    /// A tokenizer this runtime does not know.
    #[error("the tokenizer `{name}` is not supported. Supported: {known}", known = .known.join(", "))]
    UnknownTokenizer {
        /// `tokenizer.ggml.model` or `tokenizer.ggml.pre` of the file.
        name: String,
        /// Those that work.
        known: &'static [&'static str],
    },
    /// The chat template of the file cannot be rendered.
    #[error("the chat template of the model file does not work: {why}. Choose another file")]
    ChatTemplate {
        /// What the template engine said (never the messages).
        why: String,
    },
    /// Prompt and answer do not fit into the context window.
    #[error(
        "the text needs {needed_tokens} tokens, the window holds {window_tokens}. Shorten the messages or raise the window"
    )]
    WindowFull {
        /// What would be needed.
        needed_tokens: usize,
        /// What there is.
        window_tokens: usize,
    },
    /// An image in a message, and the model was opened for text only.
    #[error(
        "the model cannot see images: it was opened without its vision part. Name the mmproj file that belongs to it"
    )]
    NoVision,
    /// Pixels that are no image.
    #[error("the image cannot be used ({why}). Three bytes a pixel are needed, and no more than 64 million pixels")]
    UnusableImage {
        /// What was given.
        why: String,
    },
    /// The prompt came out empty.
    #[error("there is nothing to answer: the messages are empty")]
    EmptyPrompt,
    /// The cancel token was set before any answer was complete.
    #[error("generation was cancelled")]
    Cancelled,
    /// The deadline passed before any answer was complete.
    #[error("generation took longer than its deadline")]
    DeadlinePassed,
    /// The schema uses something the grammar cannot hold.
    #[error("the JSON schema is not supported: {why}")]
    UnsupportedSchema {
        /// What is not supported, in the grammar library's words.
        why: String,
    },
    /// A constraint to given texts without a text.
    #[error("there is nothing to choose from: every choice is empty")]
    NoChoices,
    /// `max_tokens` or the window ran out before a constrained answer was whole; closing it would mean inventing values.
    #[error("the model did not finish its answer within {max_tokens} tokens")]
    Unfinished {
        /// The limit that was set.
        max_tokens: usize,
    },
}
