//! Words in a photo, Chinese and English: where they stand, what they are, in which order they are read.
//!
//! Two networks after one another, as PP-OCR does it: one gives for every pixel how likely it is within a line of writing, the
//! other reads one straightened line. What it must never do: guess a word; a line it is unsure of is left out.

mod boxes;
mod decode;
mod layout;

use std::{fs, path::Path};

use image::imageops;

use crate::{
    Region, VisionError,
    network::Network,
    picture::{Channels, Picture, planes},
};
use boxes::LineBox;

/// What found the lines and read them.
pub const SOURCE: &str = "ocr/pp-ocr-v5";
const WHAT: &str = "reading text in photos";
/// Sides given to the detector are multiples of this, px.
const STEP: u32 = 32;
/// Longest side given to the detector, px [measured: docs/decisions/0012-seeing.md].
const FIND_SIDE_PX: u32 = 1280;
/// Mean and deviation of the detector's training pictures (PaddleOCR, `NormalizeImage`), in 0..=255, in the order BGR.
const FIND_MEAN: [f32; 3] = [123.675, 116.28, 103.53];
const FIND_SCALE: [f32; 3] = [58.395, 57.12, 57.375];
/// Height of a line given to the reader, and least width, px.
const LINE_HEIGHT: u32 = 48;
const LEAST_LINE_WIDTH: u32 = 320;
/// Longest line given to the reader in one piece, px.
const MOST_LINE_WIDTH: u32 = 3200;
/// Higher than wide by this: written downwards, and turned before it is read (PaddleOCR, `get_rotate_crop_image`).
const UPRIGHT: f32 = 1.5;
/// Most lines that are read in one photo: a photographed page has some 60.
const MOST_LINES: usize = 200;
/// A line read less surely than this is left out (PaddleOCR's `drop_score`).
const LEAST_CONFIDENCE: f32 = 0.5;

/// One line of writing.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// 0..=1: the mean over its characters.
    pub confidence: f32,
    /// Where.
    pub region: Region,
}

/// Finds lines of writing and reads them.
pub struct TextReader {
    finder: Network,
    reader: Network,
    characters: Vec<String>,
}

impl TextReader {
    /// Loads the two networks and the list of characters, one a line.
    ///
    /// # Errors
    /// [`VisionError::Missing`], [`VisionError::NotTheModel`].
    pub fn load(finder: &Path, reader: &Path, characters: &Path) -> Result<Self, VisionError> {
        let finder = Network::load(finder, WHAT)?;
        let reader = Network::load(reader, WHAT)?;
        let Ok(list) = fs::read_to_string(characters) else {
            let name = characters.file_name().unwrap_or_default().to_string_lossy();
            let how = format!("Type: reme model pull seeing (or put {name} into the models folder)");
            return Err(VisionError::Missing { what: WHAT, how });
        };
        Ok(Self { finder, reader, characters: characters_of(&list) })
    }

    /// The lines of a photo, in reading order.
    ///
    /// # Errors
    /// [`VisionError::Run`].
    pub fn read(&self, picture: &Picture) -> Result<Vec<Line>, VisionError> {
        let size = picture.size();
        let mut found = self.find(picture)?;
        found.truncate(MOST_LINES);
        let mut lines = Vec::new();
        for line in found {
            let (text, confidence) = self.read_line(picture, &line)?;
            if confidence < LEAST_CONFIDENCE || text.trim().is_empty() {
                continue;
            }
            let [left, top, right, bottom] = line.bounds();
            let region = Region::of_px(left, top, right, bottom, size);
            let downwards = line.height > UPRIGHT * line.width && text.chars().count() > 1;
            lines.push((Line { text: text.trim().to_owned(), confidence, region }, downwards));
        }
        Ok(layout::in_reading_order(lines))
    }

    /// Where the lines are, in px of the picture, the surest first.
    fn find(&self, picture: &Picture) -> Result<Vec<LineBox>, VisionError> {
        let (width, height) = picture.size();
        let scale = (FIND_SIDE_PX as f32 / width.max(height) as f32).min(1.0);
        let fit = |side: u32| (((side as f32 * scale / STEP as f32).round() as u32) * STEP).max(STEP);
        let (w, h) = (fit(width), fit(height));
        let input = planes(&picture.scaled(w, h), Channels::Bgr, FIND_MEAN, FIND_SCALE);
        let (rows, columns) = (h as usize, w as usize);
        let map = self.finder.run_one(&[1, 3, rows, columns], &input, &[1, 1, rows, columns])?;
        let (across, down) = (width as f32 / w as f32, height as f32 / h as f32);
        Ok(boxes::boxes(&map, columns, rows).into_iter().map(|line| line.scaled(across, down)).collect())
    }

    fn read_line(&self, picture: &Picture, line: &LineBox) -> Result<(String, f32), VisionError> {
        let upright = line.height > UPRIGHT * line.width;
        let (long, short) = if upright { (line.height, line.width) } else { (line.width, line.height) };
        let width = (long / short.max(1.0) * LINE_HEIGHT as f32).ceil() as u32;
        let width = width.clamp(LINE_HEIGHT / 2, MOST_LINE_WIDTH);
        let strip = if upright {
            imageops::rotate270(&picture.stretched(line.corners, LINE_HEIGHT, width))
        } else {
            picture.stretched(line.corners, width, LINE_HEIGHT)
        };
        // Short lines stand at the left of a grey strip, as in training.
        let whole = width.max(LEAST_LINE_WIDTH);
        let mut input = vec![0.0; 3 * (LINE_HEIGHT * whole) as usize];
        let drawn = planes(&strip, Channels::Bgr, [127.5; 3], [127.5; 3]);
        for (row, pixels) in drawn.chunks_exact(width as usize).enumerate() {
            let start = row * whole as usize;
            input[start..start + width as usize].copy_from_slice(pixels);
        }
        let out = self.reader.run(&[1, 3, LINE_HEIGHT as usize, whole as usize], &input)?;
        let classes = self.characters.len() + 1;
        let fits = out.into_iter().find(|o| o.shape.len() == 3 && o.shape[0] == 1 && o.shape[2] == classes);
        let fits = fits.ok_or_else(|| VisionError::Run {
            what: self.reader.what(),
            detail: format!("the list of characters does not fit: it has {} entries", classes - 1),
        })?;
        Ok(decode::decode(&fits.data, &self.characters))
    }
}

/// The characters in the order of the reader's classes: without the blank, which the decoder knows, and with the space at the
/// end. Lists come with and without the two.
fn characters_of(list: &str) -> Vec<String> {
    let mut characters: Vec<String> = list.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect();
    while characters.last().is_some_and(String::is_empty) {
        characters.pop();
    }
    if characters.first().is_some_and(|first| first == "blank") {
        characters.remove(0);
    }
    if characters.last().is_none_or(|last| last != " ") {
        characters.push(" ".to_owned());
    }
    characters
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_list_with_or_without_blank_and_space_gives_the_same_characters() {
        let expected = ["\u{3000}", "一", " "].map(str::to_owned);
        for list in ["blank\n\u{3000}\n一\n \n", "\u{3000}\n一\n", "\u{3000}\r\n一"] {
            assert_eq!(super::characters_of(list), expected, "{list:?}");
        }
    }
}
