//! An image, and the square tiles it is cut into.
//!
//! Idefics3 (Laurençon et al. 2024): the longest side is brought to a given length, both sides to whole tiles (which may
//! stretch it a little), and a small copy of the whole goes along as one more tile.

use std::fmt;
use std::sync::Arc;

use crate::LmError;
use crate::vision::config::VisionConfig;
use crate::vision::resample::{Pixels, resample};

/// Most pixels of an image: 64 million, far above any camera's photo after it was made smaller.
const MOST_PIXELS: usize = 1 << 26;

/// An image for the model to see: red, green and blue, a byte each, row by row from the top. Cloning shares it.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    width: usize,
    height: usize,
    /// [height, width, 3]
    rgb: Arc<[u8]>,
}

impl Image {
    /// From `rgb` [height, width, 3].
    ///
    /// # Errors
    /// [`LmError::UnusableImage`] when there is no pixel, there are too many, or the bytes are not as many as the pixels need.
    pub fn new(width: usize, height: usize, rgb: Vec<u8>) -> Result<Self, LmError> {
        let pixels = width.checked_mul(height).filter(|pixels| (1..=MOST_PIXELS).contains(pixels));
        if pixels.is_none_or(|pixels| rgb.len() != 3 * pixels) {
            let why = format!("{width} × {height} pixels and {} bytes", rgb.len());
            return Err(LmError::UnusableImage { why });
        }
        Ok(Self { width, height, rgb: rgb.into() })
    }
}

/// Shows the size only.
impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("width", &self.width).field("height", &self.height).finish_non_exhaustive()
    }
}

/// An image as the encoder takes it.
pub(crate) struct Tiles {
    /// Rows of tiles; 0 when the whole is all there is.
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Row by row, the whole last; each [tile, tile, 3].
    pub(crate) tiles: Vec<Vec<u8>>,
}

impl Tiles {
    pub(crate) fn of(image: &Image, config: &VisionConfig) -> Self {
        let tile = config.tile_px;
        let pixels = Pixels { width: image.width, height: image.height, rgb: &image.rgb };
        let (width, height) = longest_to(config.longest_edge_px, image.width, image.height);
        let scaled = resample(pixels, width, height);
        let (width, height) = whole_tiles(tile, width, height);
        let scaled = resample(scaled.borrowed(), width, height);
        let (rows, columns) = (height / tile, width / tile);
        if (rows, columns) == (1, 1) {
            return Self { rows: 0, columns: 0, tiles: vec![scaled.rgb] };
        }
        let mut tiles = Vec::with_capacity(rows * columns + 1);
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let lines = (row * tile..(row + 1) * tile).map(|y| (y * width + column * tile) * 3);
            tiles.push(lines.flat_map(|at| &scaled.rgb[at..at + tile * 3]).copied().collect());
        }
        tiles.push(resample(scaled.borrowed(), tile, tile).rgb);
        Self { rows, columns, tiles }
    }
}

/// The size whose longer side is `longest`; the other is rounded down, and then up to an even number.
fn longest_to(longest: usize, width: usize, height: usize) -> (usize, usize) {
    let ratio = width as f64 / height as f64;
    let even = |side: f64| (side as usize).next_multiple_of(2).max(1);
    if width >= height { (longest, even(longest as f64 / ratio)) } else { (even(longest as f64 * ratio), longest) }
}

/// Both sides brought up to whole tiles, the longer first, the other in its proportion.
fn whole_tiles(tile: usize, width: usize, height: usize) -> (usize, usize) {
    let ratio = width as f64 / height as f64;
    let up = |side: usize| side.max(1).next_multiple_of(tile);
    if width >= height {
        let width = up(width);
        (width, up((width as f64 / ratio) as usize))
    } else {
        let height = up(height);
        (up((height as f64 * ratio) as usize), height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_the_references() {
        // `get_resize_output_image_size` and `resize_for_vision_encoder` of transformers, by hand.
        assert_eq!(longest_to(2048, 4000, 3000), (2048, 1536));
        assert_eq!(longest_to(64, 50, 31), (64, 40));
        assert_eq!(longest_to(64, 31, 50), (40, 64));
        assert_eq!(longest_to(64, 1000, 1), (64, 1));
        assert_eq!(whole_tiles(512, 2048, 1536), (2048, 1536));
        assert_eq!(whole_tiles(32, 64, 40), (64, 64));
        assert_eq!(whole_tiles(32, 20, 64), (32, 64));
    }

    #[test]
    fn tiles_are_those_of_the_reference_byte_for_byte() {
        // 50 × 31 px, drawn and cut by `reference/python/record_vision.py`.
        let rgb = include_bytes!("../../tests/reference/vision/picture.rgb");
        let expected = include_bytes!("../../tests/reference/vision/tiles.rgb");
        let image = Image::new(50, 31, rgb.to_vec()).expect("an image");
        let config = |longest_edge_px| VisionConfig {
            layers: 0,
            width: 1,
            feed_forward: 1,
            heads: 1,
            norm_epsilon: 0.0,
            tile_px: 16,
            patch_px: 4,
            shuffle: 2,
            longest_edge_px,
            mean: [0.5; 3],
            deviation: [0.5; 3],
            embedding: 1,
        };
        let (split, whole) = (Tiles::of(&image, &config(48)), Tiles::of(&image, &config(16)));
        assert_eq!((split.rows, split.columns, whole.rows, whole.columns), (2, 3, 0, 0));
        assert_eq!([split.tiles, whole.tiles].concat().concat(), expected);
    }

    #[test]
    fn an_image_must_have_as_many_bytes_as_pixels() {
        assert!(Image::new(2, 2, vec![0; 12]).is_ok());
        for (width, height, bytes) in [(2, 2, 11), (0, 2, 0), (usize::MAX, 3, 9)] {
            let error = Image::new(width, height, vec![0; bytes]).expect_err("refused").to_string();
            assert!(error.contains("bytes"), "{error}");
        }
    }
}
