//! The forward pass: tokens in, logits out, keys and values kept in a cache.
//!
//! In the flow: called by `Session` for prefill (many tokens) and decoding (one). Arithmetic follows llama.cpp's CPU
//! path where that decides a bit that matters (activation blocks, RoPE angles, double-precision norm sums), so that
//! greedy tokens agree; see docs/decisions/0003-lm-runtime.md for how closely.

use reme_lm_kernels::{Activations, Isa, add_scaled, dot_f32};

use crate::config::{Config, RopePairs};
use crate::weights::{Block, Matrix, Weights};

/// Keys and values of the tokens seen, per layer, in single precision.
#[derive(Debug)]
pub(crate) struct KvCache {
    /// Per layer [positions, kv_len].
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
    kv_len: usize,
    len: usize,
}

impl KvCache {
    pub(crate) fn new(config: &Config) -> Self {
        let empty = || vec![Vec::new(); config.layers];
        Self { keys: empty(), values: empty(), kv_len: config.kv_len(), len: 0 }
    }

    /// Positions held.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Forgets everything from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        for layer in self.keys.iter_mut().chain(&mut self.values) {
            layer.truncate(self.len * self.kv_len);
        }
    }
}

/// Which positions' logits the caller needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Nothing,
    Last,
    All,
}

/// Everything a forward pass reads.
pub(crate) struct Transformer<'a> {
    pub(crate) file: &'a [u8],
    pub(crate) config: &'a Config,
    pub(crate) weights: &'a Weights,
    pub(crate) isa: Isa,
    pub(crate) threads: usize,
}

impl Transformer<'_> {
    /// Runs `tokens` after what `cache` holds; returns logits [wanted positions, vocabulary].
    pub(crate) fn forward(&self, cache: &mut KvCache, tokens: &[u32], wanted: Wanted) -> Vec<f32> {
        let e = self.config.embedding;
        // Residual stream, [tokens, embedding].
        let mut x = vec![0.0; tokens.len() * e];
        for (row, token) in x.chunks_exact_mut(e).zip(tokens) {
            self.weights.embedding.row(self.file, *token as usize, row);
        }
        let angles = self.rope_angles(cache.len, tokens.len());
        for (layer, block) in self.weights.blocks.iter().enumerate() {
            self.attention(cache, layer, block, &angles, &mut x);
            self.feed_forward(block, &mut x);
        }
        cache.len += tokens.len();
        let kept = match wanted {
            Wanted::Nothing => return Vec::new(),
            Wanted::Last => &x[x.len() - e..],
            Wanted::All => &x[..],
        };
        let normed = self.norm(kept, &self.weights.output_norm);
        self.product(&self.weights.output, &normed)
    }

    /// weights · x for every vector of x; quantises x as the matrix asks.
    fn product(&self, matrix: &Matrix, x: &[f32]) -> Vec<f32> {
        let [out] = self.products([matrix], x);
        out
    }

    /// Several matrices over the same x, which is quantised once per format.
    fn products<const N: usize>(&self, matrices: [&Matrix; N], x: &[f32]) -> [Vec<f32>; N] {
        let mut ready: Vec<(_, Activations)> = Vec::new();
        matrices.map(|matrix| {
            let format = matrix.quant_type.activation_format();
            let tokens = x.len() / matrix.columns;
            let at = ready.iter().position(|(f, _)| *f == format).unwrap_or_else(|| {
                ready.push((format, Activations::quantise(x, tokens, matrix.columns, format)));
                ready.len() - 1
            });
            let mut out = vec![0.0; tokens * matrix.rows];
            matrix.multiply(self.file, self.isa, self.threads, &ready[at].1, &mut out);
            out
        })
    }

    /// RMS norm (Zhang & Sennrich 2019) of every vector.
    fn norm(&self, x: &[f32], weight: &[f32]) -> Vec<f32> {
        let mut out = Vec::with_capacity(x.len());
        for row in x.chunks_exact(weight.len()) {
            let sum: f64 = row.iter().map(|v| f64::from(v * v)).sum();
            let mean = (sum / row.len() as f64) as f32;
            let scale = 1.0 / (mean + self.config.norm_epsilon).sqrt();
            out.extend(row.iter().zip(weight).map(|(v, w)| v * scale * w));
        }
        out
    }

    /// (cos, sin) of every rotation, [tokens, head_len / 2]; Su et al. 2021.
    fn rope_angles(&self, first: usize, tokens: usize) -> Vec<(f32, f32)> {
        let step = self.config.rope_base.powf(-2.0 / self.config.head_len as f32);
        let mut angles = Vec::with_capacity(tokens * self.config.head_len / 2);
        for position in first..first + tokens {
            // Multiplied step by step in single precision, as llama.cpp does.
            let mut theta = position as f32;
            for _ in 0..self.config.head_len / 2 {
                angles.push((theta.cos(), theta.sin()));
                theta *= step;
            }
        }
        angles
    }

    fn rotate(&self, heads: &mut [f32], width: usize, angles: &[(f32, f32)]) {
        let half = self.config.head_len / 2;
        for (vectors, angles) in heads.chunks_exact_mut(width).zip(angles.chunks_exact(half)) {
            for head in vectors.chunks_exact_mut(self.config.head_len) {
                for (i, (cos, sin)) in angles.iter().enumerate() {
                    let (a, b) = match self.config.rope_pairs {
                        RopePairs::Neighbours => (2 * i, 2 * i + 1),
                        RopePairs::Halves => (i, i + half),
                    };
                    let (p, q) = (head[a], head[b]);
                    head[a] = p * cos - q * sin;
                    head[b] = p * sin + q * cos;
                }
            }
        }
    }

    fn attention(&self, cache: &mut KvCache, layer: usize, block: &Block, angles: &[(f32, f32)], x: &mut [f32]) {
        let config = self.config;
        let normed = self.norm(x, &block.attention_norm);
        let [mut q, mut k, mut v] = self.products([&block.query, &block.key, &block.value], &normed);
        for (values, bias) in [&mut q, &mut k, &mut v].into_iter().zip(&block.biases) {
            if !bias.is_empty() {
                values.chunks_exact_mut(bias.len()).for_each(|row| add_scaled(self.isa, row, bias, 1.0));
            }
        }
        self.rotate(&mut q, config.embedding, angles);
        self.rotate(&mut k, config.kv_len(), angles);
        let first = cache.len;
        cache.keys[layer].extend_from_slice(&k);
        cache.values[layer].extend_from_slice(&v);
        let (keys, values) = (&cache.keys[layer], &cache.values[layer]);
        // [tokens, embedding]
        let mut mixed = vec![0.0; q.len()];
        let tokens = q.len() / config.embedding;
        // A single token is too little work to share.
        let share = if tokens < 8 { tokens } else { tokens.div_ceil(self.threads) } * config.embedding;
        std::thread::scope(|scope| {
            let mut parts = mixed.chunks_mut(share).zip(q.chunks(share)).enumerate();
            let own = parts.next();
            for (index, (out, q)) in parts {
                let start = first + index * share / config.embedding;
                scope.spawn(move || self.attend(keys, values, start, q, out));
            }
            if let Some((_, (out, q))) = own {
                self.attend(keys, values, first, q, out);
            }
        });
        let out = self.product(&block.attention_out, &mixed);
        add_scaled(self.isa, x, &out, 1.0);
    }

    /// Causal attention of consecutive queries [n, embedding], the first at position `start`.
    fn attend(&self, keys: &[f32], values: &[f32], start: usize, q: &[f32], out: &mut [f32]) {
        let config = self.config;
        let (d, width, group) = (config.head_len, config.kv_len(), config.heads / config.kv_heads);
        let scale = 1.0 / (d as f32).sqrt();
        let rows = q.chunks_exact(config.embedding).zip(out.chunks_exact_mut(config.embedding));
        let mut scores = Vec::new();
        for (offset, (q, out)) in rows.enumerate() {
            let seen = start + offset + 1;
            for (head, (q, out)) in q.chunks_exact(d).zip(out.chunks_exact_mut(d)).enumerate() {
                let at = head / group * d;
                scores.clear();
                scores.extend((0..seen).map(|p| dot_f32(self.isa, q, &keys[p * width + at..][..d]) * scale));
                softmax(&mut scores);
                for (p, weight) in scores.iter().enumerate() {
                    add_scaled(self.isa, out, &values[p * width + at..][..d], *weight);
                }
            }
        }
    }

    /// SwiGLU (Shazeer 2020): down(silu(gate(x)) · up(x)).
    fn feed_forward(&self, block: &Block, x: &mut [f32]) {
        let normed = self.norm(x, &block.feed_forward_norm);
        let [mut gate, up] = self.products([&block.gate, &block.up], &normed);
        for (g, u) in gate.iter_mut().zip(&up) {
            *g = *g / (1.0 + (-*g).exp()) * u;
        }
        let out = self.product(&block.down, &gate);
        add_scaled(self.isa, x, &out, 1.0);
    }
}

/// exp(x) / Σ exp(x), in place.
fn softmax(scores: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0_f64;
    for score in scores.iter_mut() {
        *score = (*score - largest).exp();
        sum += f64::from(*score);
    }
    let inverse = (1.0 / sum) as f32;
    scores.iter_mut().for_each(|score| *score *= inverse);
}
