//! What a text says of the inputs of each matrix: how large each of them is, in the mean of its squares.
//!
//! In the flow: `reme model convert --calibrate`, never part of a session. A weight's rounding costs what its input makes
//! of it, so rounding that knows the inputs cuts off where it costs least ([`reme_lm_kernels::Rounding::FittedTo`]). Only
//! the diagonal of their second moments is kept: inputs are taken to go together by chance only.

use std::path::Path;

use crate::LmError;
use crate::config::Config;
use crate::model::Model;
use crate::options::LoadOptions;

/// Which inputs of a block: the matrices that read the same ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputsOf {
    QueryKeyValue,
    AttentionOut,
    GateUp,
    Down,
}

impl InputsOf {
    /// The inputs that a tensor of a block reads, by its name after `blk.N.`.
    fn of(part: &str) -> Option<Self> {
        Some(match part {
            "attn_q.weight" | "attn_k.weight" | "attn_v.weight" => Self::QueryKeyValue,
            "attn_output.weight" => Self::AttentionOut,
            "ffn_gate.weight" | "ffn_up.weight" => Self::GateUp,
            "ffn_down.weight" => Self::Down,
            _ => return None,
        })
    }
}

/// Sums of squares while a text is read.
#[derive(Debug)]
pub(crate) struct Moments {
    /// [layers][`InputsOf`][width]
    sums: Vec<[Vec<f64>; 4]>,
    /// Positions seen.
    tokens: usize,
}

impl Moments {
    pub(crate) fn new(config: &Config) -> Self {
        let zeros = |width: usize| vec![0.0; width];
        let (e, q, f) = (config.embedding, config.query_len(), config.feed_forward);
        Self { sums: vec![[zeros(e), zeros(q), zeros(e), zeros(f)]; config.layers], tokens: 0 }
    }

    /// Adds inputs `x`, [tokens, width].
    pub(crate) fn add(&mut self, layer: usize, inputs: InputsOf, x: &[f32]) {
        let sums = &mut self.sums[layer][inputs as usize];
        let vectors = x.chunks_exact(sums.len());
        if layer == 0 && inputs == InputsOf::QueryKeyValue {
            self.tokens += vectors.len();
        }
        for vector in vectors {
            sums.iter_mut().zip(vector).for_each(|(sum, value)| *sum += f64::from(*value).powi(2));
        }
    }

    pub(crate) fn finish(self) -> Calibration {
        let tokens = self.tokens;
        let mean = |sums: Vec<f64>| sums.into_iter().map(|sum| (sum / tokens.max(1) as f64) as f32).collect();
        Calibration { means: self.sums.into_iter().map(|block| block.map(mean)).collect(), tokens }
    }
}

/// Mean squares of the inputs of every matrix of a model's blocks, over a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// [layers][`InputsOf`][width]
    means: Vec<[Vec<f32>; 4]>,
    tokens: usize,
}

impl Calibration {
    /// Tokens that were read.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Mean square of every input of the matrix with this name; `None` for tensors outside the blocks.
    pub(crate) fn of_tensor(&self, name: &str) -> Option<&[f32]> {
        let (layer, part) = name.strip_prefix("blk.")?.split_once('.')?;
        Some(&self.means.get(layer.parse::<usize>().ok()?)?[InputsOf::of(part)? as usize])
    }
}

/// Reads `text` with the model at `input`. `on_part` is told (tokens read, tokens in all).
///
/// # Errors
/// The file variants of [`LmError`]; [`LmError::EmptyPrompt`] for a text of fewer than two tokens.
pub fn calibrate(input: &Path, text: &str, on_part: &mut dyn FnMut(usize, usize)) -> Result<Calibration, LmError> {
    Model::open(input, &LoadOptions::default())?.session().input_moments(text, on_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_finds_the_inputs_it_reads() {
        let means = vec![[vec![1.0], vec![2.0], vec![3.0], vec![4.0]]; 2];
        let calibration = Calibration { means, tokens: 1 };
        for (name, expected) in [
            ("blk.1.attn_k.weight", Some(1.0)),
            ("blk.0.attn_output.weight", Some(2.0)),
            ("blk.1.ffn_up.weight", Some(3.0)),
            ("blk.1.ffn_down.weight", Some(4.0)),
            ("blk.2.ffn_down.weight", None),
            ("blk.1.ffn_norm.weight", None),
            ("output.weight", None),
        ] {
            assert_eq!(calibration.of_tensor(name).map(|means| means[0]), expected, "{name}");
        }
    }
}
