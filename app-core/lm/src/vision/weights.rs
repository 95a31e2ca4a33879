//! The tensors of a vision part by their role, each checked for its shape. Matrices stay in the mapped file.

use std::sync::Arc;

use reme_lm_kernels::{MappedFile, Pool};

use crate::LmError;
use crate::gguf::Header;
use crate::options::LoadOptions;
use crate::vision::config::VisionConfig;
use crate::weights::{Finder, Matrix};

/// A matrix and what is added to its products.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) matrix: Matrix,
    pub(crate) bias: Vec<f32>,
}

/// A layer norm.
#[derive(Debug)]
pub(crate) struct Norm {
    pub(crate) weight: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// One block of the encoder.
#[derive(Debug)]
pub(crate) struct VisionBlock {
    pub(crate) attention_norm: Norm,
    pub(crate) query: Layer,
    pub(crate) key: Layer,
    pub(crate) value: Layer,
    pub(crate) attention_out: Layer,
    pub(crate) feed_forward_norm: Norm,
    pub(crate) up: Layer,
    pub(crate) down: Layer,
}

/// All weights.
#[derive(Debug)]
pub(crate) struct VisionWeights {
    /// [width, 3 · patch · patch]
    pub(crate) patches: Layer,
    /// [patches, width]: learned, one for each place of a tile.
    pub(crate) positions: Matrix,
    pub(crate) blocks: Vec<VisionBlock>,
    pub(crate) last_norm: Norm,
    /// [embedding, width · shuffle · shuffle]
    pub(crate) projector: Matrix,
}

impl VisionWeights {
    pub(crate) fn find(
        file: &Arc<MappedFile>,
        header: &Header,
        config: &VisionConfig,
        options: &LoadOptions,
        pool: &Pool,
    ) -> Result<Self, LmError> {
        let find = Finder { file, header, form: options.weights, tuning: &options.tuning, pool };
        let (w, f, p) = (config.width, config.feed_forward, config.patch_px);
        let norm = |name: &str| -> Result<Norm, LmError> {
            let part = |part: &str| find.vector(&format!("{name}.{part}"), w);
            Ok(Norm { weight: part("weight")?, bias: part("bias")? })
        };
        let layer = |name: &str, rows: usize, columns: usize| -> Result<Layer, LmError> {
            let matrix = find.matrix(&format!("{name}.weight"), rows, columns)?;
            Ok(Layer { matrix, bias: find.vector(&format!("{name}.bias"), rows)? })
        };
        let mut blocks = Vec::new();
        for index in 0..config.layers {
            let name = |part: &str| format!("v.blk.{index}.{part}");
            // Files made before May 2025 call the two the other way round; which is which stands in the shapes.
            let is_swapped = f != w && find.has_shape(&name("ffn_down.weight"), &[w, f]);
            let (up, down) = if is_swapped { ("ffn_down", "ffn_up") } else { ("ffn_up", "ffn_down") };
            blocks.push(VisionBlock {
                attention_norm: norm(&name("ln1"))?,
                query: layer(&name("attn_q"), w, w)?,
                key: layer(&name("attn_k"), w, w)?,
                value: layer(&name("attn_v"), w, w)?,
                attention_out: layer(&name("attn_out"), w, w)?,
                feed_forward_norm: norm(&name("ln2"))?,
                up: layer(&name(up), f, w)?,
                down: layer(&name(down), w, f)?,
            });
        }
        let patches = find.matrix_of("v.patch_embd.weight", &[p, p, 3, w], w, config.patch_values())?;
        Ok(Self {
            patches: Layer { matrix: patches, bias: find.vector("v.patch_embd.bias", w)? },
            positions: find.matrix("v.position_embd.weight", config.patches(), w)?,
            blocks,
            last_norm: norm("v.post_ln")?,
            projector: find.matrix("mm.model.fc.weight", config.embedding, config.shuffled())?,
        })
    }
}
