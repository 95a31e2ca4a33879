//! Activations quantised to int8, once per layer input, in the block sizes llama.cpp uses.
//!
//! Blocks of 32 follow its Q8_0/Q8_1 (scale rounded to half precision, block sum rounded to half), blocks of 256 its
//! Q8_K (single-precision scale, integer sums): the integers that meet the weights are the same as there.

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

/// A batch of activation vectors, ready for [`crate::matmul`]. Reused from call to call, it allocates nothing once it
/// has been as large as it needs to be.
#[derive(Debug, Clone)]
pub struct Activations {
    pub(crate) format: ActivationFormat,
    pub(crate) tokens: usize,
    pub(crate) columns: usize,
    /// [tokens, columns]; only for the float formats.
    pub(crate) values: Vec<f32>,
    /// [tokens, columns]; only for the int8 formats.
    pub(crate) quants: Vec<i8>,
    /// [tokens, columns / 32] or [tokens, columns / 256]: value = quant · scale.
    pub(crate) scales: Vec<f32>,
    /// [tokens, columns / 32], blocks of 32 only: scale · Σ quants, which a weight's minimum is multiplied with.
    pub(crate) sums: Vec<f32>,
    /// [tokens, columns / 16], blocks of 256 only: Σ quants of each 16.
    pub(crate) quant_sums: Vec<i16>,
}

impl Default for Activations {
    fn default() -> Self {
        Self {
            format: ActivationFormat::F32,
            tokens: 0,
            columns: 0,
            values: vec![],
            quants: vec![],
            scales: vec![],
            sums: vec![],
            quant_sums: vec![],
        }
    }
}

impl Activations {
    /// Quantises `values` of shape [tokens, columns].
    ///
    /// # Panics
    /// When the shape does not fit, or `columns` is not a whole number of blocks of the format.
    #[must_use]
    pub fn quantise(values: &[f32], tokens: usize, columns: usize, format: ActivationFormat) -> Self {
        let mut out = Self::default();
        out.fill(values, tokens, columns, format);
        out
    }

    /// As [`Activations::quantise`], into the memory this one already has.
    ///
    /// # Panics
    /// As [`Activations::quantise`].
    pub fn fill(&mut self, values: &[f32], tokens: usize, columns: usize, format: ActivationFormat) {
        assert_eq!(values.len(), tokens * columns, "activations must be [tokens, columns]");
        (self.format, self.tokens, self.columns) = (format, tokens, columns);
        self.values.clear();
        self.quants.clear();
        self.scales.clear();
        self.sums.clear();
        self.quant_sums.clear();
        match format {
            ActivationFormat::F32 => self.values.extend_from_slice(values),
            ActivationFormat::F16 => self.values.extend(values.iter().map(|v| f16_to_f32(f32_to_f16(*v)))),
            ActivationFormat::Q8Blocks32 => {
                assert_eq!(columns % 32, 0, "columns must be a multiple of 32");
                values.as_chunks::<32>().0.iter().for_each(|block| self.push_block32(block));
            }
            ActivationFormat::Q8Blocks256 => {
                assert_eq!(columns % 256, 0, "columns must be a multiple of 256");
                values.as_chunks::<256>().0.iter().for_each(|block| self.push_block256(block));
            }
        }
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

    fn push_block32(&mut self, block: &[f32; 32]) {
        let largest = block.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        let scale = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let quants = block.map(|v| (v * inverse).round_ties_even() as i8);
        let sum: i32 = quants.iter().map(|q| i32::from(*q)).sum();
        self.quants.extend_from_slice(&quants);
        self.scales.push(f16_to_f32(f32_to_f16(scale)));
        // From the scale before it was rounded to half precision, as ggml has it.
        self.sums.push(f16_to_f32(f32_to_f16(scale * sum as f32)));
    }

    fn push_block256(&mut self, block: &[f32; 256]) {
        // The value of largest magnitude, with its sign, maps to -127: llama.cpp's convention for Q8_K.
        let extreme = block.iter().fold(0.0_f32, |m, v| if v.abs() > m.abs() { *v } else { m });
        let inverse = if extreme == 0.0 { 0.0 } else { -127.0 / extreme };
        self.scales.push(if extreme == 0.0 { 0.0 } else { 1.0 / inverse });
        for chunk in block.as_chunks::<16>().0 {
            let quants = chunk.map(|v| (v * inverse).round_ties_even().min(127.0) as i8);
            self.quants.extend_from_slice(&quants);
            self.quant_sums.push(quants.iter().map(|q| i16::from(*q)).sum());
        }
    }
}
