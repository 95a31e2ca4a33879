//! Photos that show the same: nearly the same picture by a hash of light and dark, the same scene by a vector.
//!
//! What it must never do: remove one of two photos; it only says that they are alike.

use image::imageops::FilterType;

use crate::picture::{Picture, grey};

/// What compared the photos.
pub const SOURCE: &str = "likeness/1";
/// Bits of the hash in which nearly the same pictures may differ, of 64 [measured: docs/decisions/0012-seeing.md].
pub const NEARLY_SAME_BITS: u32 = 8;
/// Least cosine of the vectors of nearly the same pictures, where vectors are there: two dark photos have the same hash.
pub const NEARLY_SAME_COSINE: f32 = 0.8;
/// Side of the picture the hash is made from, px, and of the part of its frequencies that is kept.
const SIDE: usize = 32;
const KEPT: usize = 8;

/// By what a photo is known again.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Coarse light and dark.
    pub hash: u64,
    /// What it shows, of length 127, in 8 bits; empty without the network.
    pub vector: Vec<i8>,
}

impl Mark {
    /// Of a photo and its vector of length 1.
    pub fn of(picture: &Picture, vector: &[f32]) -> Self {
        let rounded = vector.iter().map(|x| (x * 127.0 * Self::SPREAD).round().clamp(-127.0, 127.0) as i8).collect();
        Self { hash: hash(picture), vector: rounded }
    }

    /// The numbers of a vector of 1280 are small; without this, 8 bits would keep little of them.
    const SPREAD: f32 = 6.0;

    /// Cosine of two photos' vectors; `None` when one has none, or another model's.
    pub fn cosine(&self, other: &Self) -> Option<f32> {
        if self.vector.is_empty() || self.vector.len() != other.vector.len() {
            return None;
        }
        let dot = |a: &[i8], b: &[i8]| a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum::<i32>() as f32;
        let length = (dot(&self.vector, &self.vector) * dot(&other.vector, &other.vector)).sqrt();
        (length > 0.0).then(|| dot(&self.vector, &other.vector) / length)
    }

    /// How sure it is that two photos are nearly the same picture, 0..=1; `None` when they are not.
    pub fn nearly_same(&self, other: &Self) -> Option<f32> {
        let bits = (self.hash ^ other.hash).count_ones();
        let cosine = self.cosine(other);
        let alike = bits <= NEARLY_SAME_BITS && cosine.is_none_or(|cosine| cosine >= NEARLY_SAME_COSINE);
        let by_hash = 1.0 - bits as f32 / (2.0 * NEARLY_SAME_BITS as f32);
        alike.then(|| cosine.map_or(by_hash * 0.9, |cosine| (by_hash + cosine) / 2.0))
    }
}

/// Of the slow waves in the brightness of a photo, which are above their median (perceptual hash by cosine transform, after
/// Zauner 2010).
pub fn hash(picture: &Picture) -> u64 {
    let small = image::imageops::resize(&picture.rgb, SIDE as u32, SIDE as u32, FilterType::Triangle);
    let light = grey(&small);
    let wave =
        |frequency: usize, at: usize| (std::f32::consts::PI * frequency as f32 * (at as f32 + 0.5) / SIDE as f32).cos();
    let strength = |u: usize, v: usize| -> f32 {
        let row = |y: usize| (0..SIDE).map(|x| light[y * SIDE + x] * wave(u, x)).sum::<f32>();
        (0..SIDE).map(|y| row(y) * wave(v, y)).sum()
    };
    // Without the mean brightness, which a flash or a cloud changes.
    let waves: Vec<f32> = (0..KEPT * KEPT).map(|i| strength(i % KEPT + 1, i / KEPT + 1)).collect();
    let mut sorted = waves.clone();
    sorted.sort_by(f32::total_cmp);
    let median = sorted[KEPT * KEPT / 2];
    waves.iter().enumerate().fold(0, |hash, (i, wave)| hash | (u64::from(*wave > median) << i))
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};
    use reme_types::{Rng, SeededRng};

    use super::*;

    fn scene(seed: u64) -> RgbImage {
        let mut rng = SeededRng::new(seed);
        let blobs: Vec<_> = (0..9).map(|_| (rng.unit() as f32, rng.unit() as f32, rng.unit() as f32)).collect();
        RgbImage::from_fn(400, 300, |x, y| {
            let (x, y) = (x as f32 / 400.0, y as f32 / 300.0);
            let light: f32 =
                blobs.iter().map(|(a, b, s)| s * (-((x - a).powi(2) + (y - b).powi(2)) * 30.0).exp()).sum();
            Rgb([(light * 150.0).min(255.0) as u8, (light * 120.0).min(255.0) as u8, 60])
        })
    }

    #[test]
    fn a_smaller_brighter_copy_is_nearly_the_same_and_another_scene_is_not() {
        for seed in 0..20 {
            let (one, other) = (scene(seed), scene(seed + 100));
            let mut copy = image::imageops::resize(&one, 200, 150, FilterType::Triangle);
            copy.pixels_mut().for_each(|px| px.0 = px.0.map(|c| c.saturating_add(20)));
            let [a, b, c] = [one, copy, other].map(|rgb| Mark::of(&Picture::of(rgb), &[]));
            assert!(a.nearly_same(&b).is_some_and(|sure| sure > 0.5), "{seed}");
            assert!(a.nearly_same(&c).is_none(), "{seed}");
        }
    }

    #[test]
    fn eight_bits_keep_the_angle_between_two_vectors() {
        let mut rng = SeededRng::new(3);
        let mut vector = || {
            let v: Vec<f32> = (0..1280).map(|_| rng.unit() as f32).collect();
            let length = v.iter().map(|x| x * x).sum::<f32>().sqrt();
            v.into_iter().map(|x| x / length).collect::<Vec<f32>>()
        };
        let (a, b) = (vector(), vector());
        let exact: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
        let picture = Picture::of(RgbImage::new(8, 8));
        let close = Mark::of(&picture, &a).cosine(&Mark::of(&picture, &b)).expect("both have one");
        assert!((close - exact).abs() < 0.01, "{close} {exact}");
    }
}
