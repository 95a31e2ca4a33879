//! Images in a conversation: a vision part in the Idefics3 form (SmolVLM), read from the `mmproj` file beside a text model.
//!
//! In the flow: `Model::open` opens it with the text model; a prompt with images is laid out here (tiles and the tokens that
//! stand around them), and what the encoder makes of a tile takes the place of token embeddings. It must never keep an image
//! longer than the prompt it belongs to.

mod config;
mod encoder;
mod image;
mod resample;
mod weights;

use std::path::Path;
use std::sync::Arc;

use reme_lm_kernels::{MappedFile, Pool};

use crate::LmError;
use crate::gguf::{Header, inconsistent};
use crate::options::{LoadOptions, VisionOptions, WeightForm};
use crate::prompt::Placed;
use crate::tokenizer::Tokenizer;
use config::VisionConfig;
use weights::VisionWeights;

pub(crate) use encoder::Encoder;
pub use image::Image;
use image::Tiles;

/// The token whose place an image's vectors take.
pub(crate) const IMAGE_TOKEN: &str = "<image>";
/// Stands before and after every tile.
const AROUND: &str = "<fake_token_around_image>";
/// Stands before the tile that shows the whole image.
const GLOBAL: &str = "<global-img>";

/// The header of a vision part, checked against the text model, before anything is packed.
pub(crate) struct VisionHeader {
    file: Arc<MappedFile>,
    header: Header,
    config: VisionConfig,
}

impl VisionHeader {
    /// Reads and checks `options.mmproj`; vectors must have `embedding` values, as the text model's.
    pub(crate) fn read(options: &VisionOptions, embedding: usize) -> Result<Self, LmError> {
        let path: &Path = &options.mmproj;
        let file = MappedFile::open(path).map_err(|source| LmError::Unreadable { path: path.to_owned(), source })?;
        let file = Arc::new(file);
        let header = Header::parse(&file, path)?;
        let config = VisionConfig::read(&header, embedding, options.longest_edge_px)?;
        Ok(Self { file, header, config })
    }

    /// Bytes its weights take in this form, and those that encoding one tile needs meanwhile.
    pub(crate) fn size_bytes(&self, form: WeightForm) -> u64 {
        let weights: u64 = self.header.tensors.values().map(|record| record.packed_bytes(form)).sum();
        weights + encoder::working_bytes(&self.config)
    }

    /// Finds every tensor.
    pub(crate) fn open(self, tokenizer: &Tokenizer, options: &LoadOptions, pool: &Pool) -> Result<VisionPart, LmError> {
        let image_token = tokenizer.special(IMAGE_TOKEN).ok_or_else(|| {
            inconsistent(
                "tokenizer.ggml.tokens",
                format!("it has no special token `{IMAGE_TOKEN}`, so it is no model that sees"),
            )
        })?;
        let weights = VisionWeights::find(&self.file, &self.header, &self.config, options, pool)?;
        Ok(VisionPart { file: self.file, config: self.config, weights, image_token })
    }
}

/// An opened vision part.
#[derive(Debug)]
pub(crate) struct VisionPart {
    pub(crate) file: Arc<MappedFile>,
    pub(crate) config: VisionConfig,
    pub(crate) weights: VisionWeights,
    image_token: u32,
}

impl VisionPart {
    /// Tokens a tile takes.
    pub(crate) fn tile_tokens(&self) -> usize {
        self.config.tile_tokens()
    }

    /// An image's tiles as pixels, row by row, the whole last.
    pub(crate) fn tiles(&self, image: &Image) -> Vec<Vec<u8>> {
        Tiles::of(image, &self.config).tiles
    }

    /// The tokens of a rendered prompt and where the tiles of `images` stand in it; the n-th `<image>` is the n-th image.
    pub(crate) fn lay_out(
        &self,
        rendered: &str,
        images: &[&Image],
        tokenizer: &Tokenizer,
    ) -> Result<(Vec<u32>, Vec<Placed>), LmError> {
        let mut parts = rendered.split(IMAGE_TOKEN);
        let mut text = parts.next().unwrap_or_default().to_owned();
        let (mut shown, mut tiles) = (0, Vec::new());
        for (part, image) in parts.by_ref().zip(images) {
            let cut = Tiles::of(image, &self.config);
            text.push_str(&marks_of(cut.rows, cut.columns));
            text.push_str(part);
            tiles.extend(cut.tiles);
            shown += 1;
        }
        if shown != images.len() || parts.next().is_some() {
            let why = format!("it shows {shown} of {} images, or more than there are", images.len());
            return Err(LmError::ChatTemplate { why });
        }
        // One image token a tile in the text, and as many as the tile has vectors in the prompt.
        let mut tokens = Vec::new();
        let (mut placed, mut left) = (Vec::new(), tiles.into_iter());
        for token in tokenizer.encode_prompt(&text) {
            if token != self.image_token {
                tokens.push(token);
            } else if let Some(rgb) = left.next() {
                placed.push(Placed { at: tokens.len(), key: *blake3::hash(&rgb).as_bytes(), rgb });
                tokens.extend(std::iter::repeat_n(token, self.tile_tokens()));
            }
        }
        Ok((tokens, placed))
    }
}

/// The text that stands for an image of so many rows and columns of tiles besides the whole; none of them: the whole alone.
fn marks_of(rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for row in 1..=rows {
        for column in 1..=columns {
            text.push_str(&format!("{AROUND}<row_{row}_col_{column}>{IMAGE_TOKEN}"));
        }
        text.push('\n');
    }
    if rows > 0 {
        text.push('\n');
    }
    text + AROUND + GLOBAL + IMAGE_TOKEN + AROUND
}

#[cfg(test)]
mod tests {
    use super::marks_of;

    #[test]
    fn tiles_are_named_by_row_and_column_and_the_whole_comes_last() {
        assert_eq!(marks_of(0, 0), "<fake_token_around_image><global-img><image><fake_token_around_image>");
        assert_eq!(
            marks_of(1, 2),
            "<fake_token_around_image><row_1_col_1><image><fake_token_around_image><row_1_col_2><image>\n\n\
             <fake_token_around_image><global-img><image><fake_token_around_image>"
        );
    }
}
