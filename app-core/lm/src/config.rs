//! The shape of a transformer, read from the file and checked for contradictions.

use crate::LmError;
use crate::gguf::{Header, inconsistent};

/// Families the runtime knows.
pub(crate) const FAMILIES: &[&str] = &["llama", "qwen2"];

/// Which pairs of a head's values RoPE rotates together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RopePairs {
    /// (0, 1), (2, 3), …: llama.
    Neighbours,
    /// (0, d/2), (1, d/2 + 1), …: qwen2 (as GPT-NeoX).
    Halves,
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
    pub(crate) rope_pairs: RopePairs,
    pub(crate) norm_epsilon: f32,
    /// Whether q, k and v carry a bias.
    pub(crate) qkv_bias: bool,
}

impl Config {
    pub(crate) fn read(header: &Header) -> Result<Self, LmError> {
        let family = header.text("general.architecture")?;
        let (rope_pairs, qkv_bias) = match family {
            "llama" => (RopePairs::Neighbours, false),
            "qwen2" => (RopePairs::Halves, true),
            other => return Err(LmError::UnknownFamily { family: other.to_owned(), known: FAMILIES }),
        };
        let key = |name: &str| format!("{family}.{name}");
        let count = |name: &str| header.count(&key(name));
        let heads = count("attention.head_count")?;
        let embedding = count("embedding_length")?;
        let kv_heads = header.optional_count(&key("attention.head_count_kv"))?.unwrap_or(heads);
        if heads == 0 || kv_heads == 0 || heads % kv_heads != 0 || embedding % heads != 0 {
            return Err(inconsistent(
                &key("attention.head_count"),
                format!("{heads} heads over {kv_heads} key heads and {embedding} values"),
            ));
        }
        let head_len = embedding / heads;
        let rotated = header.optional_count(&key("rope.dimension_count"))?.unwrap_or(head_len);
        if rotated != head_len || head_len % 2 != 0 {
            return Err(inconsistent(&key("rope.dimension_count"), format!("{rotated} of {head_len} values per head")));
        }
        Ok(Self {
            layers: count("block_count")?,
            embedding,
            feed_forward: count("feed_forward_length")?,
            heads,
            kv_heads,
            head_len,
            trained_window: count("context_length")?,
            rope_base: header.float(&key("rope.freq_base")).unwrap_or(10_000.0),
            rope_pairs,
            norm_epsilon: header.float(&key("attention.layer_norm_rms_epsilon"))?,
            qkv_bias,
        })
    }

    /// Values of all key heads of one position.
    pub(crate) fn kv_len(&self) -> usize {
        self.kv_heads * self.head_len
    }
}
