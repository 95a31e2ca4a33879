//! A tile becomes vectors for the text model: SigLIP's encoder (Zhai et al. 2023), pixel shuffle, one matrix.
//!
//! In the flow: called by `Session` while it reads a prompt. May be told to stop before every product.

use reme_lm_kernels::{Isa, Pool, add_scaled, dot_rows, mix_rows, softmax};

use crate::LmError;
use crate::gelu::gelu;
use crate::inputs::PreparedInputs;
use crate::vision::VisionPart;
use crate::vision::config::VisionConfig;
use crate::vision::weights::{Layer, Norm, VisionBlock};
use crate::weights::multiply_all;

/// Says whether the work may go on.
type MayGoOn<'a> = &'a dyn Fn() -> Result<(), LmError>;

/// Everything that encoding a tile reads.
pub(crate) struct Encoder<'a> {
    pub(crate) part: &'a VisionPart,
    pub(crate) isa: Isa,
    pub(crate) pool: &'a Pool,
}

/// Buffers of one tile.
#[derive(Default)]
struct Buffers {
    /// Residual stream, [patches, width].
    x: Vec<f32>,
    /// After a norm, and then what a block adds, [patches, width].
    normed: Vec<f32>,
    added: Vec<f32>,
    /// [patches, width]
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    /// What attention mixed, [heads, patches, width / heads].
    by_head: Vec<f32>,
    /// Scores of a position, [heads, patches].
    scores: Vec<f32>,
    /// [patches, feed_forward]
    up: Vec<f32>,
    /// As `up`: the other factor of the activation.
    factors: Vec<f32>,
    inputs: PreparedInputs,
}

/// Bytes that encoding one tile takes, at most: the buffers, and the inputs of the widest product in two forms.
pub(crate) fn working_bytes(config: &VisionConfig) -> u64 {
    let (patches, width) = (config.patches() as u64, config.width as u64);
    let widest = width.max(config.feed_forward as u64).max(config.patch_values() as u64);
    let floats = patches * (7 * width + 2 * config.feed_forward as u64 + 2 * widest) + config.heads as u64 * patches;
    4 * floats
}

impl Encoder<'_> {
    /// The vectors of a tile `rgb` [tile, tile, 3], [tile_tokens, embedding].
    pub(crate) fn encode(&self, rgb: &[u8], may_go_on: MayGoOn<'_>) -> Result<Vec<f32>, LmError> {
        let config = &self.part.config;
        let mut buffers = Buffers { scores: vec![0.0; config.patches() * config.heads], ..Buffers::default() };
        self.patches(rgb, &mut buffers);
        for block in &self.part.weights.blocks {
            self.attention(block, &mut buffers, may_go_on)?;
            self.feed_forward(block, &mut buffers, may_go_on)?;
        }
        may_go_on()?;
        self.norm(&buffers.x, &self.part.weights.last_norm, &mut buffers.normed);
        let shuffled = self.shuffled(&buffers.normed);
        let mut out = Vec::new();
        let product = &mut [(&self.part.weights.projector, &mut out)];
        multiply_all(&self.part.file, self.pool, self.isa, &shuffled, &mut buffers.inputs, product);
        Ok(out)
    }

    /// Pixels to the first vectors: each patch times one matrix, and what belongs to its place.
    fn patches(&self, rgb: &[u8], buffers: &mut Buffers) {
        let config = &self.part.config;
        let (tile, patch, side) = (config.tile_px, config.patch_px, config.side());
        let mut pixels = Vec::with_capacity(config.patches() * config.patch_values());
        for (row, column) in (0..side).flat_map(|row| (0..side).map(move |column| (row, column))) {
            for colour in 0..3 {
                let (mean, deviation) = (config.mean[colour], config.deviation[colour]);
                for y in row * patch..(row + 1) * patch {
                    let line = (column * patch..(column + 1) * patch).map(|x| rgb[(y * tile + x) * 3 + colour]);
                    pixels.extend(line.map(|byte| (f32::from(byte) / 255.0 - mean) / deviation));
                }
            }
        }
        let weights = &self.part.weights;
        self.layer(&pixels, &mut buffers.inputs, &mut [(&weights.patches, &mut buffers.x)]);
        let mut place = vec![0.0; config.width];
        for (index, vector) in buffers.x.chunks_exact_mut(config.width).enumerate() {
            weights.positions.row(&self.part.file, index, &mut place);
            add_scaled(self.isa, vector, &place, 1.0);
        }
    }

    /// Several layers of the same x.
    fn layer(&self, x: &[f32], inputs: &mut PreparedInputs, layers: &mut [(&Layer, &mut Vec<f32>)]) {
        let mut products: Vec<_> = layers.iter_mut().map(|(layer, out)| (&layer.matrix, &mut **out)).collect();
        multiply_all(&self.part.file, self.pool, self.isa, x, inputs, &mut products);
        for (layer, out) in layers {
            out.chunks_exact_mut(layer.bias.len()).for_each(|row| add_scaled(self.isa, row, &layer.bias, 1.0));
        }
    }

    /// Layer norm (Ba et al. 2016) of every vector.
    fn norm(&self, x: &[f32], norm: &Norm, out: &mut Vec<f32>) {
        out.clear();
        for row in x.chunks_exact(norm.weight.len()) {
            let len = row.len() as f64;
            let mean = row.iter().map(|v| f64::from(*v)).sum::<f64>() / len;
            let variance = row.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / len;
            let scale = 1.0 / (variance + f64::from(self.part.config.norm_epsilon)).sqrt();
            let weighted = row.iter().zip(&norm.weight).zip(&norm.bias);
            out.extend(weighted.map(|((v, w), b)| ((f64::from(*v) - mean) * scale) as f32 * w + b));
        }
    }

    /// Every patch attends to every other.
    fn attention(&self, block: &VisionBlock, buffers: &mut Buffers, may_go_on: MayGoOn<'_>) -> Result<(), LmError> {
        may_go_on()?;
        let config = &self.part.config;
        let Buffers { x, normed, added, query, key, value, by_head, scores, inputs, .. } = buffers;
        self.norm(x, &block.attention_norm, normed);
        self.layer(normed, inputs, &mut [(&block.query, query), (&block.key, key), (&block.value, value)]);
        may_go_on()?;
        let (width, len) = (config.width, config.width / config.heads);
        let share = config.patches() * len;
        by_head.resize(config.heads * share, 0.0);
        let (query, key, value) = (&query[..], &key[..], &value[..]);
        self.pool.run_on_parts((by_head, share), (scores, config.patches()), &|head, out, scores| {
            for (patch, out) in out.chunks_exact_mut(len).enumerate() {
                let own = &query[patch * width + head * len..][..len];
                dot_rows(self.isa, own, &key[head * len..], width, scores);
                softmax(self.isa, scores, 1.0 / (len as f32).sqrt());
                mix_rows(self.isa, scores, &value[head * len..], width, out);
            }
        });
        for (head, part) in by_head.chunks_exact(share).enumerate() {
            for (patch, vector) in part.chunks_exact(len).enumerate() {
                normed[patch * width + head * len..][..len].copy_from_slice(vector);
            }
        }
        may_go_on()?;
        self.layer(normed, inputs, &mut [(&block.attention_out, added)]);
        add_scaled(self.isa, x, added, 1.0);
        Ok(())
    }

    fn feed_forward(&self, block: &VisionBlock, buffers: &mut Buffers, may_go_on: MayGoOn<'_>) -> Result<(), LmError> {
        may_go_on()?;
        let Buffers { x, normed, added, up, factors, inputs, .. } = buffers;
        self.norm(x, &block.feed_forward_norm, normed);
        self.layer(normed, inputs, &mut [(&block.up, up)]);
        gelu(self.isa, up, factors);
        may_go_on()?;
        self.layer(up, inputs, &mut [(&block.down, added)]);
        add_scaled(self.isa, x, added, 1.0);
        Ok(())
    }

    /// Pixel shuffle: squares of patches become one vector each, row by row within the square (Shi et al. 2016, backwards).
    fn shuffled(&self, x: &[f32]) -> Vec<f32> {
        let config = &self.part.config;
        let (side, square, width) = (config.side(), config.shuffle, config.width);
        let mut out = Vec::with_capacity(x.len());
        for (row, column) in (0..side).step_by(square).flat_map(|r| (0..side).step_by(square).map(move |c| (r, c))) {
            for line in row..row + square {
                out.extend_from_slice(&x[(line * side + column) * width..][..square * width]);
            }
        }
        out
    }
}
