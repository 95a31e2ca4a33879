//! The shape of a transformer, read from the file and checked for contradictions.

use reme_lm_kernels::Keep;

use crate::LmError;
use crate::gguf::{Header, inconsistent};
use crate::sparsity;

/// Most blocks of a model: far above any that runs here, and a number that a damaged file cannot make lists of.
pub(crate) const MOST_LAYERS: usize = 1 << 12;

/// Gemma 3: one block of six sees everything, where the file does not say otherwise.
const GEMMA_PATTERN: usize = 6;
/// Blocks of Gemma 3 27B.
const GEMMA_27B_LAYERS: usize = 62;

/// Families the runtime knows.
pub(crate) const FAMILIES: &[&str] = &["llama", "qwen2", "qwen3", "bitnet", "bitnet-b1.58", "gemma3"];

/// Which pairs of a head's values RoPE rotates together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RopePairs {
    /// (0, 1), (2, 3), …: llama.
    Neighbours,
    /// (0, d/2), (1, d/2 + 1), …: qwen, bitnet and gemma (as GPT-NeoX).
    Halves,
}

/// What the feed-forward part does with gate and up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    /// silu(gate) · up.
    SwiGlu,
    /// max(gate, 0)² · up: most of it is exactly zero.
    SquaredRelu,
    /// gelu(gate) · up, by the tangent.
    GeGlu,
}

/// Blocks that see the latest positions only (Beltagy et al. 2020).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    /// Positions they see, their own among them.
    pub(crate) positions: usize,
    /// Every so many blocks one sees everything; the others do not.
    every: usize,
}

/// How families differ beyond their sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Family {
    rope_pairs: RopePairs,
    qkv_bias: bool,
    head_norms: bool,
    sub_norms: bool,
    activation: Activation,
    is_gemma: bool,
}

impl Family {
    fn of(name: &str) -> Option<Self> {
        let llama = Self {
            rope_pairs: RopePairs::Neighbours,
            qkv_bias: false,
            head_norms: false,
            sub_norms: false,
            activation: Activation::SwiGlu,
            is_gemma: false,
        };
        let halves = Self { rope_pairs: RopePairs::Halves, ..llama };
        Some(match name {
            "llama" => llama,
            "qwen2" => Self { qkv_bias: true, ..halves },
            "qwen3" => Self { head_norms: true, ..halves },
            "bitnet" => Self { sub_norms: true, ..halves },
            "bitnet-b1.58" => Self { sub_norms: true, activation: Activation::SquaredRelu, ..halves },
            "gemma3" => Self { head_norms: true, activation: Activation::GeGlu, is_gemma: true, ..halves },
            _ => return None,
        })
    }
}

/// Hyperparameters.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) layers: usize,
    pub(crate) embedding: usize,
    pub(crate) feed_forward: usize,
    pub(crate) heads: usize,
    pub(crate) kv_heads: usize,
    /// Values per head.
    pub(crate) head_len: usize,
    pub(crate) trained_window: usize,
    pub(crate) rope_base: f32,
    /// Positions count by so much when they are rotated; 1 but for models whose window was stretched.
    pub(crate) rope_scale: f32,
    /// Base in blocks that see the latest positions only; there positions count by 1.
    pub(crate) local_rope_base: f32,
    /// Which blocks those are; `None`: none.
    local: Option<Local>,
    /// What embeddings are multiplied by.
    pub(crate) embedding_scale: f32,
    pub(crate) rope_pairs: RopePairs,
    pub(crate) norm_epsilon: f32,
    /// Whether q, k and v carry a bias.
    pub(crate) qkv_bias: bool,
    /// Whether each head of q and k is normed before it is rotated (qwen3).
    pub(crate) head_norms: bool,
    /// Whether attention and feed-forward norm once more before their last matrix (bitnet).
    pub(crate) sub_norms: bool,
    /// Whether what attention and feed-forward add is normed (gemma).
    pub(crate) post_norms: bool,
    pub(crate) activation: Activation,
    /// Which inputs of `down` survive, block by block.
    pub(crate) keeps: Vec<Option<Keep>>,
    /// How many tokens of a batch share which inputs of `down` survive.
    pub(crate) block_tokens: usize,
    /// Which inputs of the other matrices survive, block by block.
    pub(crate) input_keeps: Vec<Option<Keep>>,
}

impl Config {
    pub(crate) fn read(header: &Header) -> Result<Self, LmError> {
        let family = header.text("general.architecture")?;
        let Some(Family { rope_pairs, qkv_bias, head_norms, sub_norms, activation, is_gemma }) = Family::of(family)
        else {
            return Err(LmError::UnknownFamily { family: family.to_owned(), known: FAMILIES });
        };
        let key = |name: &str| format!("{family}.{name}");
        let count = |name: &str| header.count(&key(name));
        let heads = count("attention.head_count")?;
        let embedding = count("embedding_length")?;
        let kv_heads = header.optional_count(&key("attention.head_count_kv"))?.unwrap_or(heads);
        let key_length = header.optional_count(&key("attention.key_length"))?;
        let divides = key_length.is_some() || (heads > 0 && embedding % heads == 0);
        if heads == 0 || kv_heads == 0 || heads % kv_heads != 0 || !divides {
            return Err(inconsistent(
                &key("attention.head_count"),
                format!("{heads} heads over {kv_heads} key heads and {embedding} values"),
            ));
        }
        let head_len = key_length.unwrap_or(embedding / heads);
        let value_len = header.optional_count(&key("attention.value_length"))?.unwrap_or(head_len);
        if head_len == 0 || value_len != head_len {
            return Err(inconsistent(&key("attention.value_length"), format!("{value_len}, and keys have {head_len}")));
        }
        let rotated = header.optional_count(&key("rope.dimension_count"))?.unwrap_or(head_len);
        if rotated != head_len || head_len % 2 != 0 {
            return Err(inconsistent(&key("rope.dimension_count"), format!("{rotated} of {head_len} values per head")));
        }
        let (layers, feed_forward) = (count("block_count")?, count("feed_forward_length")?);
        if layers > MOST_LAYERS {
            return Err(inconsistent(&key("block_count"), format!("{layers}; no more than {MOST_LAYERS} are read")));
        }
        let local = if is_gemma { Some(read_local(header, family, layers)?) } else { None };
        Ok(Self {
            layers,
            embedding,
            feed_forward,
            heads,
            kv_heads,
            head_len,
            trained_window: count("context_length")?,
            rope_base: header.float(&key("rope.freq_base")).unwrap_or(10_000.0),
            rope_scale: rope_scale(header, family)?,
            local_rope_base: header.float(&key("rope.freq_base_swa")).unwrap_or(10_000.0),
            local,
            embedding_scale: if is_gemma { (embedding as f32).sqrt() } else { 1.0 },
            rope_pairs,
            norm_epsilon: header.float(&key("attention.layer_norm_rms_epsilon"))?,
            qkv_bias,
            head_norms,
            sub_norms,
            post_norms: is_gemma,
            activation,
            keeps: sparsity::read(header, layers, feed_forward)?,
            block_tokens: sparsity::read_block_tokens(header)?,
            input_keeps: sparsity::read_inputs(header, layers, embedding.min(heads.saturating_mul(head_len)))?,
        })
    }

    /// How many of the latest positions a block sees; `None`: all.
    pub(crate) fn positions_seen(&self, layer: usize) -> Option<usize> {
        self.local.filter(|local| !(layer + 1).is_multiple_of(local.every)).map(|local| local.positions)
    }

    /// Values of all query heads of one position.
    pub(crate) fn query_len(&self) -> usize {
        self.heads * self.head_len
    }

    /// Values of all key heads of one position.
    pub(crate) fn kv_len(&self) -> usize {
        self.kv_heads * self.head_len
    }
}

/// Which blocks of a gemma see the latest positions only, and what else must be as it is known here.
fn read_local(header: &Header, family: &str, layers: usize) -> Result<Local, LmError> {
    let key = |name: &str| format!("{family}.{name}");
    if header.float(&key("final_logit_softcapping")).is_ok_and(|cap| cap != 0.0) {
        return Err(inconsistent(&key("final_logit_softcapping"), "logits that are capped are not supported"));
    }
    if layers == GEMMA_27B_LAYERS {
        let why = format!("{layers}: the 27B form scales attention in a way of its own and is not supported");
        return Err(inconsistent(&key("block_count"), why));
    }
    let pattern = key("attention.sliding_window_pattern");
    let local = Local {
        positions: header.count(&key("attention.sliding_window"))?,
        every: header.optional_count(&pattern)?.unwrap_or(GEMMA_PATTERN),
    };
    if local.positions == 0 || local.every == 0 {
        return Err(inconsistent(&pattern, "neither the window nor its pattern may be 0"));
    }
    Ok(local)
}

/// How much a position counts by: one over the factor of linear scaling (Chen et al. 2023).
fn rope_scale(header: &Header, family: &str) -> Result<f32, LmError> {
    let is_linear = header.text(&format!("{family}.rope.scaling.type")).is_ok_and(|kind| kind == "linear");
    let key = format!("{family}.rope.scaling.factor");
    match is_linear.then(|| header.float(&key)).transpose()? {
        None => Ok(1.0),
        Some(factor) if factor > 0.0 => Ok(1.0 / factor),
        Some(factor) => Err(inconsistent(&key, format!("{factor}; it must be above 0"))),
    }
}
