//! The shape of a vision part, read from its file and checked for contradictions.
//!
//! Keys as llama.cpp's converter writes them for Idefics3 and SmolVLM (`clip.vision.*`).

use crate::LmError;
use crate::config::MOST_LAYERS;
use crate::gguf::{Header, Value, inconsistent};

/// The only form of a projector that is read: pixel shuffle and one matrix.
const PROJECTOR: &str = "idefics3";
/// Longest side of an image before it is cut, px: what the reference allows.
const MOST_EDGE_PX: usize = 4096;
/// Most tiles along a side; files that ask for more are damaged.
const MOST_TILES: usize = 16;
/// Widest vector; a bound that keeps products of sizes from overflowing.
const MOST_WIDTH: usize = 1 << 20;

/// Hyperparameters.
#[derive(Debug, Clone)]
pub(crate) struct VisionConfig {
    pub(crate) layers: usize,
    /// Values of a patch.
    pub(crate) width: usize,
    pub(crate) feed_forward: usize,
    pub(crate) heads: usize,
    pub(crate) norm_epsilon: f32,
    /// Side of a tile, px.
    pub(crate) tile_px: usize,
    /// Side of a patch, px.
    pub(crate) patch_px: usize,
    /// Patches along each side that the pixel shuffle puts into one vector.
    pub(crate) shuffle: usize,
    /// Longest side of an image before it is cut into tiles, px.
    pub(crate) longest_edge_px: usize,
    pub(crate) mean: [f32; 3],
    pub(crate) deviation: [f32; 3],
    /// Values of a vector that the text model takes.
    pub(crate) embedding: usize,
}

impl VisionConfig {
    pub(crate) fn read(header: &Header, embedding: usize, longest_edge_px: Option<usize>) -> Result<Self, LmError> {
        let family = header.text("general.architecture")?;
        if family != "clip" {
            return Err(inconsistent("general.architecture", format!("`{family}`, and a vision part's is `clip`")));
        }
        let projector = header.text("clip.projector_type").or_else(|_| header.text("clip.vision.projector_type"));
        match projector.map_err(|_| LmError::MissingKey { key: "clip.projector_type".into(), expected: "a text" })? {
            PROJECTOR => {}
            other => {
                let why = format!("`{other}`; only `{PROJECTOR}` (Idefics3, SmolVLM) is supported");
                return Err(inconsistent("clip.projector_type", why));
            }
        }
        if header.metadata.get("clip.use_gelu") != Some(&Value::Bool(true)) {
            return Err(inconsistent("clip.use_gelu", "it is not true, and no other activation is supported"));
        }
        let count = |name: &str, most: usize| {
            let key = format!("clip.vision.{name}");
            match header.count(&key)? {
                n if n == 0 || n > most => Err(inconsistent(&key, format!("{n}; 1 to {most} are read"))),
                n => Ok(n),
            }
        };
        let divides = |whole: usize, part: usize, key: &str| {
            let why = || inconsistent(&format!("clip.vision.{key}"), format!("{part} does not divide {whole}"));
            if whole.is_multiple_of(part) { Ok(whole / part) } else { Err(why()) }
        };
        let width = count("embedding_length", MOST_WIDTH)?;
        let heads = count("attention.head_count", MOST_WIDTH)?;
        divides(width, heads, "attention.head_count")?;
        let tile_px = count("image_size", MOST_EDGE_PX)?;
        let patch_px = count("patch_size", MOST_EDGE_PX)?;
        let side = divides(tile_px, patch_px, "patch_size")?;
        let shuffle = count("projector.scale_factor", MOST_EDGE_PX)?;
        divides(side, shuffle, "projector.scale_factor")?;
        let projected = header.optional_count("clip.vision.projection_dim")?.unwrap_or(embedding);
        if projected != embedding {
            let why = format!(
                "{projected} values, and the text model's embeddings have {embedding}: they do not belong together"
            );
            return Err(inconsistent("clip.vision.projection_dim", why));
        }
        // A file without the key was made for whole images only.
        let asked = header.optional_count("clip.vision.preproc_image_size")?.unwrap_or(tile_px);
        if asked < tile_px || asked > tile_px.saturating_mul(MOST_TILES) {
            let why = format!("{asked} px, and a tile has {tile_px}; at most {MOST_TILES} tiles a side are read");
            return Err(inconsistent("clip.vision.preproc_image_size", why));
        }
        let wished = longest_edge_px.unwrap_or(asked).clamp(tile_px, asked);
        Ok(Self {
            layers: count("block_count", MOST_LAYERS)?,
            width,
            feed_forward: count("feed_forward_length", MOST_WIDTH)?,
            heads,
            norm_epsilon: header.float("clip.vision.attention.layer_norm_epsilon")?,
            tile_px,
            patch_px,
            shuffle,
            longest_edge_px: wished.min(MOST_EDGE_PX),
            mean: three(header, "clip.vision.image_mean")?,
            deviation: three(header, "clip.vision.image_std")?,
            embedding,
        })
    }

    /// Patches along a side of a tile.
    pub(crate) fn side(&self) -> usize {
        self.tile_px / self.patch_px
    }

    /// Patches of a tile.
    pub(crate) fn patches(&self) -> usize {
        self.side() * self.side()
    }

    /// Vectors that a tile becomes.
    pub(crate) fn tile_tokens(&self) -> usize {
        self.patches() / (self.shuffle * self.shuffle)
    }

    /// Values of a vector after the pixel shuffle.
    pub(crate) fn shuffled(&self) -> usize {
        self.width * self.shuffle * self.shuffle
    }

    /// Values of the pixels of a patch.
    pub(crate) fn patch_values(&self) -> usize {
        3 * self.patch_px * self.patch_px
    }
}

/// Three numbers, one a colour; none of them may be zero where they divide, which a mean of 0 does not.
fn three(header: &Header, key: &str) -> Result<[f32; 3], LmError> {
    let is_divisor = key.ends_with("image_std");
    match header.metadata.get(key) {
        None => Ok([0.5; 3]),
        Some(Value::Floats(values)) => match values[..] {
            [r, g, b] if [r, g, b].iter().all(|v| v.is_finite() && (*v > 0.0 || !is_divisor)) => {
                Ok([r, g, b].map(|value| value as f32))
            }
            _ => Err(inconsistent(key, "it must be three finite numbers, and a deviation above zero")),
        },
        Some(_) => Err(inconsistent(key, "it must be three numbers")),
    }
}
