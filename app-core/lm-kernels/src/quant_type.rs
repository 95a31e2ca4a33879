//! The tensor types of GGUF that the kernels read, and their block sizes.

use crate::activation::ActivationFormat;

/// How a weight tensor is stored. Names are GGUF's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(non_camel_case_types, reason = "the field's own names, as llama.cpp and every model card spell them")]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum QuantType {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    TQ1_0,
    TQ2_0,
}

impl QuantType {
    /// Every supported type.
    pub const ALL: [Self; 15] = [
        Self::F32,
        Self::F16,
        Self::BF16,
        Self::Q4_0,
        Self::Q4_1,
        Self::Q5_0,
        Self::Q5_1,
        Self::Q8_0,
        Self::Q2_K,
        Self::Q3_K,
        Self::Q4_K,
        Self::Q5_K,
        Self::Q6_K,
        Self::TQ1_0,
        Self::TQ2_0,
    ];

    /// The type with this number in a GGUF tensor record, if supported.
    #[must_use]
    pub fn from_ggml_id(id: u32) -> Option<Self> {
        Some(match id {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            6 => Self::Q5_0,
            7 => Self::Q5_1,
            8 => Self::Q8_0,
            10 => Self::Q2_K,
            11 => Self::Q3_K,
            12 => Self::Q4_K,
            13 => Self::Q5_K,
            14 => Self::Q6_K,
            30 => Self::BF16,
            34 => Self::TQ1_0,
            35 => Self::TQ2_0,
            _ => return None,
        })
    }

    /// The number this type has in a GGUF tensor record.
    #[must_use]
    pub fn ggml_id(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q5_0 => 6,
            Self::Q5_1 => 7,
            Self::Q8_0 => 8,
            Self::Q2_K => 10,
            Self::Q3_K => 11,
            Self::Q4_K => 12,
            Self::Q5_K => 13,
            Self::Q6_K => 14,
            Self::BF16 => 30,
            Self::TQ1_0 => 34,
            Self::TQ2_0 => 35,
        }
    }

    /// Bits of a code when packed, or `None` for floats.
    #[must_use]
    pub fn code_bits(self) -> Option<usize> {
        Some(match self {
            Self::F32 | Self::F16 | Self::BF16 => return None,
            Self::Q2_K | Self::TQ1_0 | Self::TQ2_0 => 2,
            Self::Q3_K => 3,
            Self::Q4_0 | Self::Q4_1 | Self::Q4_K => 4,
            Self::Q5_0 | Self::Q5_1 | Self::Q5_K => 5,
            Self::Q6_K => 6,
            Self::Q8_0 => 8,
        })
    }

    /// Whether [`crate::matmul`] reads it in place; the others must be packed ([`crate::PackedMatrix`]).
    #[must_use]
    pub fn has_plain_kernel(self) -> bool {
        !matches!(self, Self::Q2_K | Self::Q3_K | Self::TQ1_0 | Self::TQ2_0)
    }

    /// Whether weights are floats of their own, without blocks.
    #[must_use]
    pub fn is_float(self) -> bool {
        self.block_len() == 1
    }

    /// Weights in one block.
    #[must_use]
    pub fn block_len(self) -> usize {
        match self {
            Self::F32 | Self::F16 | Self::BF16 => 1,
            Self::Q4_0 | Self::Q4_1 | Self::Q5_0 | Self::Q5_1 | Self::Q8_0 => 32,
            Self::Q2_K | Self::Q3_K | Self::Q4_K | Self::Q5_K | Self::Q6_K | Self::TQ1_0 | Self::TQ2_0 => 256,
        }
    }

    /// Bytes of one block.
    #[must_use]
    pub fn block_bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
            Self::Q4_0 => 18,
            Self::Q4_1 => 20,
            Self::Q5_0 => 22,
            Self::Q5_1 => 24,
            Self::Q8_0 => 34,
            Self::Q2_K => 84,
            Self::Q3_K => 110,
            Self::Q4_K => 144,
            Self::Q5_K => 176,
            Self::Q6_K => 210,
            Self::TQ1_0 => 54,
            Self::TQ2_0 => 66,
        }
    }

    /// Bytes of a row of `columns` weights, or `None` when the row is not a whole number of blocks.
    #[must_use]
    pub fn row_bytes(self, columns: usize) -> Option<usize> {
        columns
            .is_multiple_of(self.block_len())
            .then(|| (columns / self.block_len()).checked_mul(self.block_bytes()))?
    }

    /// How activations are quantised before they meet weights of this type: the pairing llama.cpp uses, so that the
    /// integers are the same.
    #[must_use]
    pub fn activation_format(self) -> ActivationFormat {
        match self {
            // llama.cpp rounds inputs to BF16, too; here they stay as they are.
            Self::F32 | Self::BF16 => ActivationFormat::F32,
            Self::F16 => ActivationFormat::F16,
            Self::Q4_0 | Self::Q5_0 | Self::Q8_0 | Self::Q4_1 | Self::Q5_1 => ActivationFormat::Q8Blocks32,
            Self::Q2_K | Self::Q3_K | Self::Q4_K | Self::Q5_K | Self::Q6_K | Self::TQ1_0 | Self::TQ2_0 => {
                ActivationFormat::Q8Blocks256
            }
        }
    }
}

impl std::fmt::Display for QuantType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}
