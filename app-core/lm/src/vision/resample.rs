//! Scaling by Lanczos' windowed sinc over three lobes, in the fixed-point arithmetic of the Pillow library, so that tiles are
//! those the models were trained on, byte for byte.

use std::f64::consts::PI;

/// Lobes of the window to either side.
const LOBES: f64 = 3.0;
/// Bits after the point of a weight: what a sum of bytes leaves free in 32 bits.
const FRACTION: u32 = 22;

/// Borrowed pixels, [height, width, 3].
#[derive(Clone, Copy)]
pub(crate) struct Pixels<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: &'a [u8],
}

/// Pixels of one's own.
pub(crate) struct Scaled {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: Vec<u8>,
}

impl Scaled {
    pub(crate) fn borrowed(&self) -> Pixels<'_> {
        Pixels { width: self.width, height: self.height, rgb: &self.rgb }
    }
}

/// One output pixel along a line: the first input pixel it takes from, and the weights of it and its followers.
struct Taps {
    first: usize,
    weights: Vec<i32>,
}

/// sinc(x) · sinc(x / 3) inside the window.
fn lanczos(x: f64) -> f64 {
    let sinc = |x: f64| if x == 0.0 { 1.0 } else { (x * PI).sin() / (x * PI) };
    if (-LOBES..LOBES).contains(&x) { sinc(x) * sinc(x / LOBES) } else { 0.0 }
}

/// What each of `to` pixels takes of `from`. Made smaller, the window grows with the step.
fn taps(from: usize, to: usize) -> Vec<Taps> {
    let step = from as f64 / to as f64;
    let widening = step.max(1.0);
    let reach = LOBES * widening;
    let of = |index: usize| {
        let centre = (index as f64 + 0.5) * step;
        let first = (centre - reach + 0.5).max(0.0) as usize;
        let end = ((centre + reach + 0.5) as usize).min(from);
        let weights: Vec<f64> = (first..end).map(|at| lanczos((at as f64 - centre + 0.5) * (1.0 / widening))).collect();
        let sum: f64 = weights.iter().sum();
        let fixed = |weight: &f64| {
            let scaled = weight / sum * f64::from(1 << FRACTION);
            (scaled + 0.5_f64.copysign(scaled)) as i32
        };
        Taps { first, weights: weights.iter().map(fixed).collect() }
    };
    (0..to).map(of).collect()
}

/// A weighted sum of bytes back to a byte.
fn mixed(taps: &Taps, byte: impl Fn(usize) -> u8) -> u8 {
    let half = 1 << (FRACTION - 1);
    let sum = taps.weights.iter().zip(taps.first..).fold(half, |sum, (weight, at)| sum + weight * i32::from(byte(at)));
    (sum >> FRACTION).clamp(0, 255) as u8
}

/// Scales to exactly `width` × `height`: along the rows first, then along the columns; a side that fits stays as it is.
pub(crate) fn resample(from: Pixels<'_>, width: usize, height: usize) -> Scaled {
    let mut rgb = from.rgb.to_vec();
    if width != from.width {
        let taps = taps(from.width, width);
        rgb = rgb
            .chunks_exact(from.width * 3)
            .flat_map(|row| taps.iter().flat_map(move |taps| (0..3).map(move |c| mixed(taps, |x| row[x * 3 + c]))))
            .collect();
    }
    if height != from.height {
        let stride = width * 3;
        let column = |taps: &Taps| -> Vec<u8> { (0..stride).map(|x| mixed(taps, |y| rgb[y * stride + x])).collect() };
        rgb = taps(from.height, height).iter().flat_map(column).collect();
    }
    Scaled { width, height, rgb }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_colour_stays_that_colour_and_a_size_that_fits_stays_as_it_is() {
        let rgb = [10, 200, 30].repeat(7 * 5);
        let flat = resample(Pixels { width: 7, height: 5, rgb: &rgb }, 13, 3);
        assert_eq!(flat.rgb, [10, 200, 30].repeat(13 * 3));
        let mixed: Vec<u8> = (0..105).collect();
        assert_eq!(resample(Pixels { width: 7, height: 5, rgb: &mixed }, 7, 5).rgb, mixed);
    }
}
