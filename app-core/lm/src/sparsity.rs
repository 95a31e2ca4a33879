//! Which inputs of a block's matrices survive, above all of the feed-forward `down`, as a model file says it, and the
//! law that says how many should.
//!
//! A model trained with top-K (Q-Sparse, arXiv 2407.10969) names K for each block in `reme.sparsity.top_k`; one that was not
//! may name thresholds that `sparsify` has calibrated on a text (TEAL, arXiv 2408.14690) in `reme.sparsity.threshold`. Where
//! the weights are ternary, what does not survive is not read either; elsewhere it only counts as zero. One whose other
//! matrices were trained so too names their K in `reme.sparsity.input_top_k`; there it only counts as zero. One for which it does
//! no harm may say in `reme.sparsity.block_tokens` that so many tokens of a prompt share the columns of `down` that survive.

use reme_lm_kernels::{Keep, SparseBlock};

use crate::LmError;
use crate::gguf::{Header, Value, inconsistent};

/// Survivors of each block, or one number for all.
const TOP_K_KEY: &str = "reme.sparsity.top_k";
/// The same for the inputs of queries, keys and values, of attention's last matrix, and of gate and up.
const INPUT_TOP_K_KEY: &str = "reme.sparsity.input_top_k";
/// Tokens of a prompt that share what survives of the inputs of `down`.
const BLOCK_TOKENS_KEY: &str = "reme.sparsity.block_tokens";
/// Least magnitude that survives, of each block.
pub(crate) const THRESHOLD_KEY: &str = "reme.sparsity.threshold";

/// What survives in each of `layers` blocks; `None` where everything does.
pub(crate) fn read(header: &Header, layers: usize, feed_forward: usize) -> Result<Vec<Option<Keep>>, LmError> {
    if header.metadata.contains_key(TOP_K_KEY) {
        return largest(header, TOP_K_KEY, layers, feed_forward);
    }
    match header.metadata.get(THRESHOLD_KEY) {
        None => Ok(vec![None; layers]),
        Some(Value::Floats(least)) if least.len() == layers && least.iter().all(|t| t.is_finite() && *t >= 0.0) => {
            // A threshold of 0 drops zeros only: after a squared ReLU there are many.
            Ok(least.iter().map(|t| Some(Keep::Above(*t as f32))).collect())
        }
        Some(_) => Err(inconsistent(THRESHOLD_KEY, format!("expected {layers} thresholds of 0 or more"))),
    }
}

/// What survives of the inputs of every other matrix of each block, all of them at least `width` wide.
pub(crate) fn read_inputs(header: &Header, layers: usize, width: usize) -> Result<Vec<Option<Keep>>, LmError> {
    largest(header, INPUT_TOP_K_KEY, layers, width)
}

/// How many tokens share what survives of the inputs of `down`; 1 is each its own.
pub(crate) fn read_block_tokens(header: &Header) -> Result<usize, LmError> {
    match header.metadata.get(BLOCK_TOKENS_KEY) {
        None => Ok(1),
        Some(Value::Unsigned(count)) if (1..=SparseBlock::MOST_TOKENS as u64).contains(count) => Ok(*count as usize),
        Some(_) => Err(inconsistent(BLOCK_TOKENS_KEY, format!("expected 1 to {}", SparseBlock::MOST_TOKENS))),
    }
}

/// The counts under `key`, one for each block or one for all; all of `width` is no sparsity, and so is no such key.
fn largest(header: &Header, key: &str, layers: usize, width: usize) -> Result<Vec<Option<Keep>>, LmError> {
    let counts: Vec<Option<usize>> = match header.metadata.get(key) {
        None => return Ok(vec![None; layers]),
        Some(Value::Unsigned(count)) => vec![usize::try_from(*count).ok(); layers],
        Some(Value::Numbers(counts)) => counts.iter().map(|count| usize::try_from(*count).ok()).collect(),
        Some(_) => Vec::new(),
    };
    let is_sound = |count: &Option<usize>| count.is_some_and(|count| (1..=width).contains(&count));
    if counts.len() != layers || !counts.iter().all(is_sound) {
        return Err(inconsistent(key, format!("expected {layers} counts from 1 to {width}")));
    }
    Ok(counts.into_iter().map(|count| count.filter(|k| *k < width).map(Keep::Largest)).collect())
}

/// Bins of magnitudes: sign aside, the upper half of a float's bits, so that a bin is less than 1 % wide.
const BINS: usize = 1 << 15;

/// How often inputs of each magnitude were seen, block by block.
#[derive(Debug)]
pub(crate) struct Magnitudes {
    /// [layers, BINS]
    counts: Vec<u64>,
}

impl Magnitudes {
    pub(crate) fn new(layers: usize) -> Self {
        Self { counts: vec![0; layers * BINS] }
    }

    pub(crate) fn add(&mut self, layer: usize, values: &[f32]) {
        let counts = &mut self.counts[layer * BINS..][..BINS];
        for value in values {
            counts[(value.abs().to_bits() >> 16) as usize] += 1;
        }
    }

    /// For each block the magnitude below which the share `sparsity` of its inputs lies.
    pub(crate) fn thresholds(&self, sparsity: f64) -> Vec<f32> {
        let of = |counts: &[u64]| {
            let wanted = (counts.iter().sum::<u64>() as f64 * sparsity) as u64;
            let mut below = 0;
            let bin = counts.iter().position(|count| {
                below += count;
                below > wanted
            });
            f32::from_bits((bin.unwrap_or(0) as u32) << 16)
        };
        self.counts.chunks_exact(BINS).map(of).collect()
    }
}

/// The scaling law of sparsely activated models, L(N, S) = E + A(S) / N^α with A(S) = B + C · exp(β / (1 − S)): loss by the
/// number of weights N and the share S of inputs dropped (Q-Sparse, section 4).
///
/// ```
/// use reme_lm::SparsityLaw;
/// let law = SparsityLaw::FULL_PRECISION;
/// assert!((law.best_sparsity() - 0.4558).abs() < 1e-3);
/// // The same work a token, all weights used or the best share of more weights: the sparse model has the lower loss.
/// let best = law.best_sparsity();
/// assert!(law.loss(1e9 / (1.0 - best), best) < law.loss(1e9, 0.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SparsityLaw {
    /// Loss that no size takes away.
    pub e: f64,
    /// Part of A that does not depend on sparsity.
    pub b: f64,
    /// Part of A that does.
    pub c: f64,
    /// Exponent of the size.
    pub alpha: f64,
    /// How steeply A grows with sparsity.
    pub beta: f64,
}

impl SparsityLaw {
    /// Full precision. The paper states the best sparsity, 45.58 %; β is the one that gives it with α = 0.10. E, B, C and α
    /// are the paper's two-digit values as its readers quote them; the paper itself could not be read where this was
    /// written, so hold them against it before relying on a loss (the optimum depends on α and β only, as B is small).
    pub const FULL_PRECISION: Self = Self { e: 1.86, b: 0.01, c: 1.89, alpha: 0.10, beta: 0.054_69 };
    /// 1.58 bits: the best sparsity is 61.25 %; else as above.
    pub const TERNARY: Self = Self { beta: 0.038_93, ..Self::FULL_PRECISION };

    /// Loss of a model of `weights` weights of whose inputs the share `sparsity` (below 1) is dropped.
    #[must_use]
    pub fn loss(&self, weights: f64, sparsity: f64) -> f64 {
        self.e + (self.b + self.c * (self.beta / (1.0 - sparsity)).exp()) / weights.powf(self.alpha)
    }

    /// The sparsity of the least loss for a given number of weights used a token, N · (1 − S).
    #[must_use]
    pub fn best_sparsity(&self) -> f64 {
        let cost = |sparsity: f64| {
            (self.b + self.c * (self.beta / (1.0 - sparsity)).exp()) * (1.0 - sparsity).powf(self.alpha)
        };
        // One minimum between 0 and 1: golden sections would do, a thousand steps are as quick to read.
        let steps = (0..9_990).map(|step| f64::from(step) / 10_000.0);
        steps.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_has_its_least_loss_where_the_paper_says() {
        assert!((SparsityLaw::FULL_PRECISION.best_sparsity() - 0.4558).abs() < 1e-3);
        assert!((SparsityLaw::TERNARY.best_sparsity() - 0.6125).abs() < 1e-3);
    }

    #[test]
    fn a_threshold_drops_the_share_asked_for() {
        let mut magnitudes = Magnitudes::new(2);
        magnitudes.add(0, &(1..=1000).map(|i| i as f32 * if i % 2 == 0 { 1.0 } else { -1.0 }).collect::<Vec<_>>());
        magnitudes.add(1, &[0.0; 10]);
        let thresholds = magnitudes.thresholds(0.4);
        assert!((396.0..=404.0).contains(&thresholds[0]), "{thresholds:?}");
        assert_eq!(thresholds[1], 0.0);
    }
}
