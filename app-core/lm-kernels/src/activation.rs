//! Activations quantised to int8, once per layer input, in the block sizes llama.cpp uses.
//!
//! Blocks of 32 follow its Q8_0/Q8_1 (scale rounded to half precision, block sum rounded to half), blocks of 256 its
//! Q8_K (single-precision scale). A block's scale is stored per 32 values in both cases, so one dot kernel serves all.

use crate::float::{f16_to_f32, f32_to_f16};

/// How a vector of activations is stored for a dot product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivationFormat {
    /// As they are.
    F32,
    /// Rounded to half precision, kept in single.
    F16,
    /// int8 with a half-precision scale per 32 values.
    Q8Blocks32,
    /// int8 with a single-precision scale per 256 values.
    Q8Blocks256,
}

/// A batch of activation vectors, ready for [`crate::matmul`].
#[derive(Debug, Clone)]
pub struct Activations {
    pub(crate) format: ActivationFormat,
    pub(crate) tokens: usize,
    pub(crate) columns: usize,
    /// [tokens, columns]; only for the float formats.
    pub(crate) values: Vec<f32>,
    /// [tokens, columns]; only for the int8 formats.
    pub(crate) quants: Vec<i8>,
    /// [tokens, columns / 32]: value = quant · scale.
    pub(crate) scales: Vec<f32>,
    /// [tokens, columns / 32]: scale · Σ quants of the chunk, which a weight's minimum is multiplied with.
    pub(crate) sums: Vec<f32>,
}

impl Activations {
    /// Quantises `values` of shape [tokens, columns].
    ///
    /// # Panics
    /// When the shape does not fit, or `columns` is not a whole number of blocks of the format.
    #[must_use]
    pub fn quantise(values: &[f32], tokens: usize, columns: usize, format: ActivationFormat) -> Self {
        assert_eq!(values.len(), tokens * columns, "activations must be [tokens, columns]");
        let mut out = Self { format, tokens, columns, values: vec![], quants: vec![], scales: vec![], sums: vec![] };
        match format {
            ActivationFormat::F32 => out.values.extend_from_slice(values),
            ActivationFormat::F16 => out.values.extend(values.iter().map(|v| f16_to_f32(f32_to_f16(*v)))),
            ActivationFormat::Q8Blocks32 => {
                assert_eq!(columns % 32, 0, "columns must be a multiple of 32");
                out.reserve(values.len());
                values.chunks_exact(32).for_each(|block| out.push_block32(block));
            }
            ActivationFormat::Q8Blocks256 => {
                assert_eq!(columns % 256, 0, "columns must be a multiple of 256");
                out.reserve(values.len());
                values.chunks_exact(256).for_each(|block| out.push_block256(block));
            }
        }
        out
    }

    /// How many vectors.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// The length of each vector.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    fn reserve(&mut self, len: usize) {
        self.quants.reserve(len);
        self.scales.reserve(len / 32);
        self.sums.reserve(len / 32);
    }

    fn push_block32(&mut self, block: &[f32]) {
        let largest = block.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        let scale = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let start = self.quants.len();
        self.quants.extend(block.iter().map(|v| (v * inverse).round_ties_even() as i8));
        let sum: i32 = self.quants[start..].iter().map(|q| i32::from(*q)).sum();
        self.scales.push(f16_to_f32(f32_to_f16(scale)));
        self.sums.push(f16_to_f32(f32_to_f16(scale * sum as f32)));
    }

    fn push_block256(&mut self, block: &[f32]) {
        // The value of largest magnitude, with its sign, maps to -127: llama.cpp's convention for Q8_K.
        let extreme = block.iter().fold(0.0_f32, |m, v| if v.abs() > m.abs() { *v } else { m });
        let inverse = if extreme == 0.0 { 0.0 } else { -127.0 / extreme };
        let scale = if extreme == 0.0 { 0.0 } else { 1.0 / inverse };
        for chunk in block.chunks_exact(32) {
            let start = self.quants.len();
            self.quants.extend(chunk.iter().map(|v| (v * inverse).round_ties_even().min(127.0) as i8));
            let sum: i32 = self.quants[start..].iter().map(|q| i32::from(*q)).sum();
            self.scales.push(scale);
            self.sums.push(scale * sum as f32);
        }
    }
}
