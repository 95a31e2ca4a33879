//! The colours that stand out in a photo, named in both languages.
//!
//! Eleven basic terms (Berlin & Kay 1969); a pixel is the term whose centre is nearest in a space of hue, chroma and
//! lightness. What it must never do: name a colour that covers a corner only.

use crate::picture::Picture;

/// What named the colours.
pub const SOURCE: &str = "colours/1";
/// The photo is looked at this large, px.
const SIDE: u32 = 64;
/// Least share of the photo.
const LEAST_SHARE: f32 = 0.12;
/// Most colours for one photo.
const MOST: usize = 3;

/// A colour and the share of the photo it covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Colour {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
    /// 0..=1.
    pub share: f32,
}

const NAMES: [(&str, &str); 11] = [
    ("black", "黑色"),
    ("grey", "灰色"),
    ("white", "白色"),
    ("red", "红色"),
    ("orange", "橙色"),
    ("brown", "棕色"),
    ("yellow", "黄色"),
    ("green", "绿色"),
    ("blue", "蓝色"),
    ("purple", "紫色"),
    ("pink", "粉色"),
];

/// The colours of a photo, the largest share first.
pub fn colours(picture: &Picture) -> Vec<Colour> {
    let small = picture.scaled(SIDE, SIDE);
    let mut counts = [0_u32; NAMES.len()];
    small.pixels().for_each(|px| counts[name(px.0)] += 1);
    let all = (SIDE * SIDE) as f32;
    let mut found: Vec<Colour> = NAMES
        .iter()
        .zip(counts)
        .map(|((en, zh), count)| Colour { en, zh, share: count as f32 / all })
        .filter(|colour| colour.share >= LEAST_SHARE)
        .collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    found.truncate(MOST);
    found
}

/// Which of [`NAMES`] a colour is: by lightness and saturation where there is hardly a hue, else by hue in degrees.
fn name([r, g, b]: [u8; 3]) -> usize {
    let [r, g, b] = [r, g, b].map(|c| f32::from(c) / 255.0);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let (value, chroma) = (most, most - least);
    let saturation = if most > 0.0 { chroma / most } else { 0.0 };
    if value < 0.16 {
        return 0;
    }
    if saturation < 0.14 || chroma < 0.07 {
        return if value < 0.3 { 0 } else { usize::from(value > 0.82) + 1 };
    }
    let hue = 60.0
        * if most == r {
            ((g - b) / chroma).rem_euclid(6.0)
        } else if most == g {
            (b - r) / chroma + 2.0
        } else {
            (r - g) / chroma + 4.0
        };
    match hue {
        h if !(14.0..345.0).contains(&h) => reddish(value, saturation, 3),
        h if h < 42.0 => {
            if value < 0.68 || saturation < 0.5 {
                5
            } else {
                4
            }
        }
        h if h < 68.0 => {
            if value < 0.45 {
                7
            } else {
                6
            }
        }
        h if h < 170.0 => 7,
        h if h < 255.0 => 8,
        h if h < 300.0 => 9,
        _ => reddish(value, saturation, 9),
    }
}

/// Light and pale is pink; else the deep colour given.
fn reddish(value: f32, saturation: f32, deep: usize) -> usize {
    match (value, saturation) {
        (value, saturation) if value > 0.75 && saturation < 0.6 => 10,
        (value, saturation) if value < 0.45 && saturation < 0.75 && deep == 3 => 5,
        _ => deep,
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    #[test]
    fn colours_everybody_agrees_on_are_named_so() {
        for (rgb, en) in [
            ([0, 0, 0], "black"),
            ([255, 255, 255], "white"),
            ([128, 128, 128], "grey"),
            ([220, 20, 30], "red"),
            ([255, 140, 0], "orange"),
            ([120, 72, 30], "brown"),
            ([250, 220, 40], "yellow"),
            ([30, 140, 50], "green"),
            ([40, 90, 200], "blue"),
            ([135, 206, 235], "blue"),
            ([120, 40, 160], "purple"),
            ([255, 182, 193], "pink"),
        ] {
            assert_eq!(NAMES[name(rgb)].0, en, "{rgb:?}");
        }
    }

    #[test]
    fn a_corner_is_no_colour_of_the_photo() {
        let photo = RgbImage::from_fn(100, 100, |x, y| {
            if x < 20 && y < 20 {
                Rgb([220, 20, 30])
            } else if y < 50 {
                Rgb([60, 120, 220])
            } else {
                Rgb([30, 140, 50])
            }
        });
        let found = colours(&Picture::of(photo));
        assert_eq!(found.iter().map(|c| c.en).collect::<Vec<_>>(), ["green", "blue"]);
    }
}
