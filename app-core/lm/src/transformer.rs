//! The forward pass: tokens in, logits out, keys and values kept in a cache.
//!
//! In the flow: called by `Session` for prefill (many tokens) and decoding (one). The arithmetic follows llama.cpp's plain
//! CPU path operation by operation (activation blocks, RoPE angles, fused multiply-adds, order of sums): int8 rounding
//! turns a difference in the last bit into one that changes words; see docs/decisions/0003-lm-runtime.md.
//! Nothing here allocates once a batch of this size has been seen.

use reme_lm_kernels::{
    Isa, Keep, Pool, SparseBlock, SparseInputs, add_scaled, dot_ring, dot_rows, mix_ring, mix_rows, rms_norm,
    rotate_halves, rotate_neighbours, softmax, sparse_gemm, sparse_gemv, squared_relu_glu, swiglu,
};

use crate::LmError;
use crate::calibration::{InputsOf, Moments};
use crate::config::{Activation, Config, RopePairs};
use crate::gelu::geglu;
use crate::inputs::PreparedInputs;
use crate::kv_cache::{HeadOf, KvCache, UNPACKED};
use crate::options::CacheForm;
use crate::sparsity::Magnitudes;
use crate::weights::{Block, Matrix, Weights, multiply_all};

/// Which positions' logits the caller needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Nothing,
    Last,
    All,
}

/// What goes in.
#[derive(Clone, Copy)]
pub(crate) enum Input<'a> {
    Tokens(&'a [u32]),
    /// Vectors [tokens, embedding] in place of the embeddings of these tokens.
    Vectors(&'a [u32], &'a [f32]),
}

impl<'a> Input<'a> {
    pub(crate) fn tokens(&self) -> &'a [u32] {
        match self {
            Self::Tokens(tokens) | Self::Vectors(tokens, _) => tokens,
        }
    }
}

/// What changes from token to token: the cache, the logits and the buffers in between.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) cache: KvCache,
    /// [wanted positions, vocabulary] of the last forward pass.
    pub(crate) logits: Vec<f32>,
    /// Residual stream, [tokens, embedding].
    x: Vec<f32>,
    /// After a norm, [tokens, embedding].
    normed: Vec<f32>,
    /// What a block adds to the stream, [tokens, embedding].
    added: Vec<f32>,
    /// [tokens, heads · head_len]
    query: Vec<f32>,
    /// [tokens, kv_heads · head_len]
    key: Vec<f32>,
    value: Vec<f32>,
    /// What attention mixed, [heads, tokens, head_len] and then [tokens, heads · head_len].
    by_head: Vec<f32>,
    mixed: Vec<f32>,
    /// Scores and unpacked positions, [heads, window + (0 or 65) · head_len].
    scores: Vec<f32>,
    /// [tokens, feed_forward]
    gate: Vec<f32>,
    up: Vec<f32>,
    /// (cos, sin) of every rotation, [tokens, head_len / 2]; in blocks that see everything, and in the others.
    angles: Vec<(f32, f32)>,
    local_angles: Vec<(f32, f32)>,
    /// Inputs of the products, in the forms the weights ask for.
    inputs: PreparedInputs,
    /// Survivors of one vector, where a model drops inputs.
    sparse: SparseInputs,
    /// Survivors of a block of tokens.
    sparse_block: SparseBlock,
    /// Magnitudes of the inputs of `down`, while somebody calibrates.
    pub(crate) magnitudes: Option<Magnitudes>,
    /// Squares of all inputs of the blocks' matrices, while somebody calibrates.
    pub(crate) moments: Option<Moments>,
}

impl State {
    pub(crate) fn new(config: &Config, window: usize, form: CacheForm) -> Self {
        let none = Vec::new;
        // Where keys and values are not floats, some positions of them and what one mixing of them gives.
        let unpacked = if form == CacheForm::Single { 0 } else { UNPACKED + 1 };
        let scores = vec![0.0; config.heads * (window + unpacked * config.head_len)];
        Self {
            cache: KvCache::new(config, window, form),
            logits: none(),
            x: none(),
            normed: none(),
            added: none(),
            query: none(),
            key: none(),
            value: none(),
            by_head: none(),
            mixed: none(),
            scores,
            gate: none(),
            up: none(),
            angles: Vec::new(),
            local_angles: Vec::new(),
            inputs: PreparedInputs::default(),
            sparse: SparseInputs::default(),
            sparse_block: SparseBlock::default(),
            magnitudes: None,
            moments: None,
        }
    }
}

/// Adds inputs to what a calibration gathers.
fn note(moments: &mut Option<Moments>, layer: usize, inputs: InputsOf, x: &[f32]) {
    if let Some(moments) = moments {
        moments.add(layer, inputs, x);
    }
}

/// Everything a forward pass reads.
pub(crate) struct Transformer<'a> {
    pub(crate) file: &'a [u8],
    pub(crate) config: &'a Config,
    pub(crate) weights: &'a Weights,
    pub(crate) isa: Isa,
    pub(crate) pool: &'a Pool,
}

impl Transformer<'_> {
    /// Runs `input` after what the cache holds; leaves the logits of the wanted positions in `state.logits`.
    /// `may_go_on` is asked before every layer; when it says no, the cache is as it was.
    pub(crate) fn forward(
        &self,
        state: &mut State,
        input: Input<'_>,
        wanted: Wanted,
        may_go_on: &dyn Fn() -> Result<(), LmError>,
    ) -> Result<(), LmError> {
        let (e, tokens) = (self.config.embedding, input.tokens());
        state.x.resize(tokens.len() * e, 0.0);
        match input {
            Input::Vectors(_, vectors) => state.x.copy_from_slice(vectors),
            Input::Tokens(tokens) => {
                for (row, token) in state.x.chunks_exact_mut(e).zip(tokens) {
                    self.weights.embedding.row(self.file, *token as usize, row);
                    if self.config.embedding_scale != 1.0 {
                        row.iter_mut().for_each(|value| *value *= self.config.embedding_scale);
                    }
                }
            }
        }
        let (first, config) = (state.cache.len(), self.config);
        self.rope_angles((config.rope_base, config.rope_scale), first, tokens.len(), &mut state.angles);
        if (0..config.layers).any(|layer| config.positions_seen(layer).is_some()) {
            self.rope_angles((config.local_rope_base, 1.0), first, tokens.len(), &mut state.local_angles);
        }
        for (layer, block) in self.weights.blocks.iter().enumerate() {
            may_go_on()?;
            self.attention(state, layer, block, tokens.len());
            self.feed_forward(state, layer, block);
        }
        state.cache.grow(tokens.len());
        let kept = match wanted {
            Wanted::Nothing => return Ok(()),
            Wanted::Last => &state.x[state.x.len() - e..],
            Wanted::All => &state.x[..],
        };
        self.norm(kept, &self.weights.output_norm, &mut state.normed);
        self.products(&state.normed, &mut state.inputs, &mut [(&self.weights.output, &mut state.logits)]);
        Ok(())
    }

    /// Several matrices times the same x [tokens, columns], which is brought into each form once.
    fn products(&self, x: &[f32], inputs: &mut PreparedInputs, products: &mut [(&Matrix, &mut Vec<f32>)]) {
        multiply_all(self.file, self.pool, self.isa, x, inputs, products);
    }

    /// RMS norm (Zhang & Sennrich 2019) of every vector.
    fn norm(&self, x: &[f32], weight: &[f32], out: &mut Vec<f32>) {
        out.resize(x.len(), 0.0);
        for (row, out) in x.chunks_exact(weight.len()).zip(out.chunks_exact_mut(weight.len())) {
            rms_norm(self.isa, row, weight, self.config.norm_epsilon, out);
        }
    }

    /// Norms `x` in place where the family has such a norm; `scratch` is left with anything.
    fn sub_norm(&self, x: &mut Vec<f32>, weight: &[f32], scratch: &mut Vec<f32>) {
        if !weight.is_empty() {
            self.norm(x, weight, scratch);
            std::mem::swap(x, scratch);
        }
    }

    /// (cos, sin) of every rotation, [tokens, head_len / 2]; Su et al. 2021. Positions count by `scale`.
    fn rope_angles(&self, (base, scale): (f32, f32), first: usize, tokens: usize, angles: &mut Vec<(f32, f32)>) {
        let step = base.powf(-2.0 / self.config.head_len as f32);
        angles.clear();
        for position in first..first + tokens {
            // Multiplied step by step in single precision, as llama.cpp does.
            let mut theta = position as f32;
            for _ in 0..self.config.head_len / 2 {
                angles.push(((theta * scale).cos(), (theta * scale).sin()));
                theta *= step;
            }
        }
    }

    fn rotate(&self, heads: &mut [f32], width: usize, angles: &[(f32, f32)]) {
        let half = self.config.head_len / 2;
        for (vectors, angles) in heads.chunks_exact_mut(width).zip(angles.chunks_exact(half)) {
            for head in vectors.chunks_exact_mut(self.config.head_len) {
                match self.config.rope_pairs {
                    RopePairs::Neighbours => rotate_neighbours(self.isa, head, angles),
                    RopePairs::Halves => rotate_halves(self.isa, head, angles),
                }
            }
        }
    }

    fn attention(&self, state: &mut State, layer: usize, block: &Block, tokens: usize) {
        let config = self.config;
        self.norm(&state.x, &block.attention_norm, &mut state.normed);
        self.drop_inputs(&mut state.normed, config.embedding, config.input_keeps[layer], &mut state.sparse);
        note(&mut state.moments, layer, InputsOf::QueryKeyValue, &state.normed);
        self.products(
            &state.normed,
            &mut state.inputs,
            &mut [(&block.query, &mut state.query), (&block.key, &mut state.key), (&block.value, &mut state.value)],
        );
        let parts = [&mut state.query, &mut state.key, &mut state.value];
        for (values, bias) in parts.into_iter().zip(&block.biases).filter(|(_, bias)| !bias.is_empty()) {
            values.chunks_exact_mut(bias.len()).for_each(|row| add_scaled(self.isa, row, bias, 1.0));
        }
        for (values, weight) in [&mut state.query, &mut state.key].into_iter().zip(&block.head_norms) {
            // Head by head: the weight has the length of one.
            self.sub_norm(values, weight, &mut state.normed);
        }
        let angles = if config.positions_seen(layer).is_some() { &state.local_angles } else { &state.angles };
        self.rotate(&mut state.query, config.query_len(), angles);
        self.rotate(&mut state.key, config.kv_len(), angles);
        state.cache.store(layer, &state.key, &state.value);
        let head_len = config.head_len;
        let share = tokens * head_len;
        state.by_head.resize(config.heads * share, 0.0);
        let (cache, query) = (&state.cache, &state.query);
        let scratch_len = state.scores.len() / config.heads;
        self.pool.run_on_parts((&mut state.by_head, share), (&mut state.scores, scratch_len), &|head, out, scratch| {
            self.attend(cache, layer, head, query, out, scratch)
        });
        let width = config.query_len();
        state.mixed.resize(tokens * width, 0.0);
        for (head, part) in state.by_head.chunks_exact(share).enumerate() {
            for (token, vector) in part.chunks_exact(head_len).enumerate() {
                state.mixed[token * width + head * head_len..][..head_len].copy_from_slice(vector);
            }
        }
        self.sub_norm(&mut state.mixed, &block.sub_norms[0], &mut state.normed);
        self.drop_inputs(&mut state.mixed, width, config.input_keeps[layer], &mut state.sparse);
        note(&mut state.moments, layer, InputsOf::AttentionOut, &state.mixed);
        self.products(&state.mixed, &mut state.inputs, &mut [(&block.attention_out, &mut state.added)]);
        self.sub_norm(&mut state.added, &block.post_norms[0], &mut state.normed);
        add_scaled(self.isa, &mut state.x, &state.added, 1.0);
    }

    /// Causal attention of one head, to all positions or the latest: `query` is [tokens, heads · head_len], `out` [tokens,
    /// head_len].
    fn attend(&self, cache: &KvCache, layer: usize, head: usize, query: &[f32], out: &mut [f32], scratch: &mut [f32]) {
        let config = self.config;
        let d = config.head_len;
        let kept = cache.head(layer, head * config.kv_heads / config.heads);
        let (scores, unpacked) = scratch.split_at_mut(cache.window());
        let queries = query.chunks_exact(config.query_len()).map(|row| &row[head * d..][..d]);
        for (token, (q, out)) in queries.zip(out.chunks_exact_mut(d)).enumerate() {
            let end = cache.len() + token + 1;
            let first = config.positions_seen(layer).map_or(0, |positions| end.saturating_sub(positions));
            let scores = &mut scores[..end - first];
            let scale = 1.0 / (d as f32).sqrt();
            if let Some([keys, values]) = kept.in_place(first) {
                dot_ring(self.isa, q, keys, scores);
                softmax(self.isa, scores, scale);
                mix_ring(self.isa, scores, values, out);
                continue;
            }
            let mut done = 0;
            while done < scores.len() {
                let count = HeadOf::piece(first + done, scores.len() - done);
                let keys = kept.keys(first + done, count, unpacked);
                dot_rows(self.isa, q, keys, d, &mut scores[done..done + count]);
                done += count;
            }
            softmax(self.isa, scores, scale);
            self.mix_unpacked((kept, first), scores, out, unpacked);
        }
    }

    /// Mixes values from a position on that must be unpacked, those that lie side by side at a time.
    fn mix_unpacked(&self, (kept, first): (HeadOf<'_>, usize), scores: &[f32], out: &mut [f32], unpacked: &mut [f32]) {
        let (mixed, unpacked) = unpacked.split_at_mut(out.len());
        out.fill(0.0);
        let mut done = 0;
        while done < scores.len() {
            let count = HeadOf::piece(first + done, scores.len() - done);
            let values = kept.values(first + done, count, unpacked);
            mix_rows(self.isa, &scores[done..done + count], values, mixed.len(), mixed);
            add_scaled(self.isa, out, mixed, 1.0);
            done += count;
        }
    }

    /// down(norm?(act(gate(x), up(x)))): SwiGLU, GeGLU (Shazeer 2020) or squared-ReLU GLU, as the family has it.
    fn feed_forward(&self, state: &mut State, layer: usize, block: &Block) {
        self.norm(&state.x, &block.feed_forward_norm, &mut state.normed);
        let input_keep = self.config.input_keeps[layer];
        self.drop_inputs(&mut state.normed, self.config.embedding, input_keep, &mut state.sparse);
        note(&mut state.moments, layer, InputsOf::GateUp, &state.normed);
        self.products(
            &state.normed,
            &mut state.inputs,
            &mut [(&block.gate, &mut state.gate), (&block.up, &mut state.up)],
        );
        match self.config.activation {
            Activation::SwiGlu => swiglu(self.isa, &mut state.gate, &state.up),
            Activation::SquaredRelu => squared_relu_glu(self.isa, &mut state.gate, &state.up),
            Activation::GeGlu => geglu(self.isa, &mut state.gate, &mut state.up),
        }
        self.sub_norm(&mut state.gate, &block.sub_norms[1], &mut state.normed);
        if let Some(magnitudes) = &mut state.magnitudes {
            magnitudes.add(layer, &state.gate);
        }
        note(&mut state.moments, layer, InputsOf::Down, &state.gate);
        let config = self.config;
        match (block.keep, &block.down_columns) {
            (Some(keep), Some(columns)) if state.gate.len() == config.feed_forward => {
                state.sparse.fill(self.isa, &state.gate, keep);
                state.added.resize(self.config.embedding, 0.0);
                sparse_gemv(self.pool, self.isa, columns, &state.sparse, &mut state.added);
            }
            (Some(Keep::Largest(count)), Some(columns)) if config.block_tokens > 1 => {
                let (width, rows) = (config.feed_forward, config.embedding);
                state.added.resize(state.gate.len() / width * rows, 0.0);
                let blocks = state.gate.chunks(config.block_tokens * width);
                for (inputs, out) in blocks.zip(state.added.chunks_mut(config.block_tokens * rows)) {
                    state.sparse_block.fill(self.isa, inputs, width, count);
                    sparse_gemm(self.pool, self.isa, columns, &state.sparse_block, out);
                }
            }
            (keep, _) => {
                self.drop_inputs(&mut state.gate, self.config.feed_forward, keep, &mut state.sparse);
                self.products(&state.gate, &mut state.inputs, &mut [(&block.down, &mut state.added)]);
            }
        }
        self.sub_norm(&mut state.added, &block.post_norms[1], &mut state.normed);
        add_scaled(self.isa, &mut state.x, &state.added, 1.0);
    }

    /// Sets what does not survive of every vector, `width` wide, to zero.
    fn drop_inputs(&self, x: &mut [f32], width: usize, keep: Option<Keep>, sparse: &mut SparseInputs) {
        match keep {
            None => {}
            Some(Keep::Above(least)) => x.iter_mut().filter(|v| v.abs() < least).for_each(|value| *value = 0.0),
            Some(keep) => x.chunks_exact_mut(width).for_each(|vector| {
                sparse.fill(self.isa, vector, keep);
                sparse.mask(vector);
            }),
        }
    }
}
