//! What a caller says about a generation, and what it gets back.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reme_lm_kernels::Isa;

use crate::constraint::Constraint;
use crate::tune::Tuning;
use crate::vision::Image;

/// In which form the weights are multiplied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeightForm {
    /// As the file stores them: the reference, equal to llama.cpp's plain path to the bit. Types without such a kernel
    /// (Q2_K, Q3_K, TQ1_0, TQ2_0) are packed all the same.
    AsStored,
    /// In tiles for the fast kernels. The weights are the same numbers; activations are rounded a little differently.
    #[default]
    Packed,
}

/// How keys and values of the tokens seen are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CacheForm {
    /// In single precision: exact.
    #[default]
    Single,
    /// In half precision: half the memory.
    Half,
    /// In bytes with a scale a vector: about a quarter of the memory.
    Byte,
}

/// How a model file is opened.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// Instruction set of the kernels; `None` asks the machine.
    pub isa: Option<Isa>,
    /// Worker threads, at least 1.
    pub threads: usize,
    /// Context window in tokens; never more than the model was trained for.
    pub window_tokens: usize,
    /// Form of the weights.
    pub weights: WeightForm,
    /// Form of keys and values.
    pub cache: CacheForm,
    /// Layouts measured on this machine ([`crate::tune`]); the default has none.
    pub tuning: Tuning,
    /// The vision part of a model that sees; `None` leaves it to text.
    pub vision: Option<VisionOptions>,
    /// Most bytes that weights (those of the vision part and what it works in, too) and one session's cache may take
    /// together; a model that needs more is refused before anything is allocated. `None`: no limit.
    pub memory_bytes: Option<u64>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            isa: None,
            threads: 2,
            window_tokens: 2048,
            weights: WeightForm::default(),
            cache: CacheForm::default(),
            tuning: Tuning::default(),
            vision: None,
            memory_bytes: None,
        }
    }
}

/// What of a model sees images, and how finely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisionOptions {
    /// The `mmproj` file that belongs to the text model.
    pub mmproj: PathBuf,
    /// Longest side, px, to which images are brought before they are cut into tiles; never more than the file says, nor less
    /// than one tile, which is the whole image and nothing else. `None`: as the file says. Every tile costs as much as the
    /// whole image.
    pub longest_edge_px: Option<usize>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions.
    System,
    /// The person, or the program speaking for them.
    User,
    /// The model.
    Assistant,
}

/// One message of a chat. Special tokens written inside `text` are removed, never obeyed.
#[derive(Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
    /// Images that go before the text; for models opened with [`LoadOptions::vision`].
    pub images: Vec<Image>,
}

impl ChatMessage {
    /// A message from the program.
    pub fn system(text: impl Into<String>) -> Self {
        Self { role: Role::System, text: text.into(), images: Vec::new() }
    }

    /// A message from the user.
    pub fn user(text: impl Into<String>) -> Self {
        Self { role: Role::User, text: text.into(), images: Vec::new() }
    }

    /// A message from the model.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self { role: Role::Assistant, text: text.into(), images: Vec::new() }
    }
}

impl ChatMessage {
    /// The same with one more image before its text.
    #[must_use]
    pub fn with_image(mut self, image: Image) -> Self {
        self.images.push(image);
        self
    }
}

/// Shows the length only, so that no log ever holds a person's words.
impl fmt::Debug for ChatMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatMessage")
            .field("role", &self.role)
            .field("text_bytes", &self.text.len())
            .field("images", &self.images.len())
            .finish()
    }
}

/// A flag another thread can set to end a generation within the token it is at.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the generation that holds a clone of this token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was set.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Answers "is it too late?". A closure, because time comes in as an argument.
pub type Deadline = Arc<dyn Fn() -> bool + Send + Sync>;

/// How the next token is drawn when not greedily.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// Divides the logits; 0 is greedy.
    pub temperature: f32,
    /// Keeps the k most likely tokens; 0 keeps all.
    pub top_k: usize,
    /// Keeps the smallest set of tokens whose probability reaches this; 1 keeps all.
    pub top_p: f32,
    /// Divides (positive) or multiplies (negative) logits of tokens seen lately; 1 does nothing.
    pub repetition_penalty: f32,
    /// Seed of the draw: the same seed gives the same text.
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 0.7, top_k: 40, top_p: 0.9, repetition_penalty: 1.1, seed: 0 }
    }
}

/// Guesses at once that cost nothing where they are wrong, and bring most where they are right: measured, see
/// docs/decisions/0008-low-bit-runtime.md.
const LOOKUP_TOKENS: usize = 4;

/// How an answer is generated.
#[derive(Clone)]
pub struct GenerateOptions {
    /// At most so many tokens.
    pub max_tokens: usize,
    /// `None` is greedy.
    pub sampling: Option<Sampling>,
    /// What the answer is held to.
    pub constraint: Constraint,
    /// So many tokens at most are guessed from what was said before and run together with a new one
    /// ([`crate::Model::can_look_up`]); 0: none. The answer is the same; it comes sooner where it repeats the prompt.
    /// Greedy answers only.
    pub lookup_tokens: usize,
    /// Checked before every layer of every token or piece of prefill.
    pub cancel: CancelToken,
    /// Checked in the same places; `None` never ends.
    pub deadline: Option<Deadline>,
}

impl Default for GenerateOptions {
    fn default() -> Self {
        Self {
            max_tokens: 128,
            sampling: None,
            constraint: Constraint::Free,
            lookup_tokens: LOOKUP_TOKENS,
            cancel: CancelToken::new(),
            deadline: None,
        }
    }
}

impl fmt::Debug for GenerateOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GenerateOptions")
            .field("max_tokens", &self.max_tokens)
            .field("sampling", &self.sampling)
            .field("constraint", &self.constraint)
            .field("has_deadline", &self.deadline.is_some())
            .finish_non_exhaustive()
    }
}

/// What the streaming callback wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// End here; what was generated so far is returned.
    Stop,
}

/// Why a generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The model said it was done, or what its constraint asks for was complete.
    EndOfTurn,
    /// `max_tokens` was reached.
    MaxTokens,
    /// The callback asked to stop.
    Callback,
    /// The cancel token was set; the text so far is kept.
    Cancelled,
    /// The deadline passed; the text so far is kept.
    Deadline,
    /// The context window is full; the text so far is kept.
    WindowFull,
}

/// A finished answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Generation {
    /// The text, valid UTF-8, without special tokens.
    pub text: String,
    /// Ids of the generated tokens.
    pub tokens: Vec<u32>,
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// How many of them were still in the cache from the call before.
    pub reused_tokens: usize,
    /// How many of the generated ones were guessed rightly.
    pub guessed_tokens: usize,
    /// Why it ended.
    pub stop: StopReason,
}

/// Shows lengths only, so that no log ever holds a person's words.
impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generation")
            .field("text_bytes", &self.text.len())
            .field("tokens", &self.tokens.len())
            .field("prompt_tokens", &self.prompt_tokens)
            .field("reused_tokens", &self.reused_tokens)
            .field("guessed_tokens", &self.guessed_tokens)
            .field("stop", &self.stop)
            .finish()
    }
}

/// What a model file says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelInfo {
    /// `general.name`, or the family when the file has none.
    pub name: String,
    /// `general.architecture`, such as `llama` or `qwen2`.
    pub family: String,
    /// Number of weights.
    pub parameters: u64,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Transformer blocks.
    pub layers: usize,
    /// Width of the residual stream.
    pub embedding: usize,
    /// Tokens in the vocabulary.
    pub vocabulary: usize,
    /// The window the model was trained for, in tokens.
    pub trained_window_tokens: usize,
    /// The window in use, in tokens.
    pub window_tokens: usize,
    /// The instruction set the kernels run on.
    pub isa: Isa,
}
