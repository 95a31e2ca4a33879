//! Rounding floats to codes of few bits: a search for where to cut each group off, then a least-squares fit.
//!
//! The cut is asymmetric, as BitDistiller (arXiv 2402.10631) chooses it: both ends of a group's range are drawn in by a few
//! steps, and the pair with the smallest squared error stays; then scale and minimum are fitted to the codes it gave.
//! Ternary is BitNet b1.58's rule (arXiv 2402.17764): α = mean |w|, code = round(w / α) within −1, 0, 1.

use super::layout::{PackedMatrix, PackedShape, RowParts};
use super::values::Encoding;
use crate::float::{f16_to_f32, f32_to_f16};
use crate::pool::Pool;

/// How much of each end of a group's range is kept, at least one of them whole in most groups.
const KEPT: [f32; 6] = [1.0, 0.94, 0.88, 0.82, 0.74, 0.64];

/// How floats are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Codes from 0 to 2^planes − 1 with a scale and a minimum fitted to the group; eight planes: signed, by the largest.
    Fitted,
    /// −α, 0, α; two planes.
    Ternary,
}

impl PackedMatrix {
    /// Rounds a matrix whose rows `row_of(row, out)` gives as floats.
    ///
    /// # Panics
    /// When the shape has no kernel, or ternary is asked for with other than two planes.
    #[must_use]
    pub fn from_floats(
        pool: &Pool,
        shape: PackedShape,
        rounding: Rounding,
        row_of: &(dyn Fn(usize, &mut [f32]) + Sync),
    ) -> Self {
        assert!(rounding == Rounding::Fitted || shape.planes == 2, "ternary codes have two planes");
        let minimums = match (rounding, shape.planes) {
            (Rounding::Ternary, _) => Encoding::OfScale(-1.0),
            (_, 8) => Encoding::OfScale(0.0),
            _ => Encoding::Half,
        };
        Self::pack(pool, shape, [Encoding::Half, minimums], &|row, parts| {
            let mut weights = vec![0.0; shape.columns];
            row_of(row, &mut weights);
            for (group, part) in weights.chunks(shape.group).enumerate() {
                fill_group(part, &shape, rounding, group, parts);
            }
        })
    }
}

fn fill_group(weights: &[f32], shape: &PackedShape, rounding: Rounding, group: usize, parts: &mut RowParts) {
    let codes = &mut parts.codes[group * shape.group..][..weights.len()];
    let (scale, minimum) = (&mut parts.scales.values[group], &mut parts.minimums.values[group]);
    match (rounding, shape.planes) {
        (Rounding::Ternary, _) => {
            *scale = half(weights.iter().map(|w| w.abs()).sum::<f32>() / weights.len() as f32);
            for (code, weight) in codes.iter_mut().zip(weights) {
                let steps = if *scale > 0.0 { (weight / *scale).round_ties_even().clamp(-1.0, 1.0) } else { 0.0 };
                *code = (steps + 1.0) as u8;
            }
        }
        (_, 8) => {
            *scale = half(weights.iter().fold(0.0_f32, |m, w| m.max(w.abs())) / 127.0);
            for (code, weight) in codes.iter_mut().zip(weights) {
                let steps = if *scale > 0.0 { (weight / *scale).round_ties_even().clamp(-127.0, 127.0) } else { 0.0 };
                *code = steps as i8 as u8;
            }
        }
        _ => (*scale, *minimum) = fit(weights, (1_u32 << shape.planes) - 1, codes),
    }
}

fn half(value: f32) -> f32 {
    f16_to_f32(f32_to_f16(value))
}

/// Codes, scale and minimum with a small squared error.
fn fit(weights: &[f32], most: u32, codes: &mut [u8]) -> (f32, f32) {
    let most = most as f32;
    let low = weights.iter().copied().fold(f32::INFINITY, f32::min);
    let high = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let middle = (low + high) / 2.0;
    let mut best = (f32::INFINITY, 0.0, half(low));
    for kept_low in KEPT {
        for kept_high in KEPT {
            let minimum = half(middle + (low - middle) * kept_low);
            let scale = half((middle + (high - middle) * kept_high - minimum) / most);
            let error = squared_error(weights, most, scale, minimum);
            if error < best.0 {
                best = (error, scale, minimum);
            }
        }
    }
    let (error, mut scale, mut minimum) = best;
    // Least squares for the codes of the best cut; kept where rounding to halves has not spoilt it.
    let (mut n, mut q, mut qq, mut w, mut wq) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for weight in weights {
        let (code, weight) = (f64::from(code_of(*weight, most, scale, minimum)), f64::from(*weight));
        (n, q, qq, w, wq) = (n + 1.0, q + code, qq + code * code, w + weight, wq + weight * code);
    }
    let determinant = n * qq - q * q;
    if determinant > 0.0 {
        let fitted_scale = half(((n * wq - q * w) / determinant) as f32);
        let fitted_minimum = half(((qq * w - q * wq) / determinant) as f32);
        if fitted_scale > 0.0 && squared_error(weights, most, fitted_scale, fitted_minimum) < error {
            (scale, minimum) = (fitted_scale, fitted_minimum);
        }
    }
    for (code, weight) in codes.iter_mut().zip(weights) {
        *code = code_of(*weight, most, scale, minimum) as u8;
    }
    (scale, minimum)
}

#[inline(always)]
fn code_of(weight: f32, most: f32, scale: f32, minimum: f32) -> f32 {
    // Half a step up and cut off: rounding without a call on machines that have no instruction for it.
    if scale > 0.0 { ((weight - minimum) / scale + 0.5).clamp(0.0, most).trunc() } else { 0.0 }
}

fn squared_error(weights: &[f32], most: f32, scale: f32, minimum: f32) -> f32 {
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let error = |weight: &f32| {
        let code = ((weight - minimum) * inverse + 0.5).clamp(0.0, most) as u32 as f32;
        (code * scale + minimum - weight).powi(2)
    };
    weights.iter().map(error).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PackedLayout;

    fn error_of(planes: usize, group: usize, rounding: Rounding) -> f64 {
        let layout = if planes < 4 { PackedLayout::Lookup } else { PackedLayout::MultiplyAdd };
        let shape = PackedShape { rows: 8, columns: 256, group, planes, layout };
        // A sum of four uniform numbers, as weights resemble.
        let weight = |i: usize| {
            (0..4).map(|k| ((i * 4 + k).wrapping_mul(2_654_435_761) >> 8 & 0xFFFF) as f32 / 65_536.0 - 0.5).sum::<f32>()
        };
        let matrix = PackedMatrix::from_floats(&Pool::new(2), shape, rounding, &|row, out| {
            out.iter_mut().enumerate().for_each(|(i, w)| *w = weight(row * 256 + i));
        });
        let (mut wrong, mut size, mut row) = (0.0, 0.0, vec![0.0; 256]);
        for r in 0..8 {
            matrix.row(r, &mut row);
            for (i, back) in row.iter().enumerate() {
                let exact = weight(r * 256 + i);
                wrong += f64::from(back - exact).powi(2);
                size += f64::from(exact).powi(2);
            }
        }
        (wrong / size).sqrt()
    }

    #[test]
    fn rounding_stays_inside_its_error_table() {
        // (planes, group, ternary, largest relative error of a weight, root mean square).
        for (planes, group, rounding, most) in [
            (8, 32, Rounding::Fitted, 0.006),
            (6, 32, Rounding::Fitted, 0.02),
            (4, 32, Rounding::Fitted, 0.07),
            (4, 128, Rounding::Fitted, 0.08),
            (3, 32, Rounding::Fitted, 0.14),
            (2, 32, Rounding::Fitted, 0.3),
            (2, 128, Rounding::Ternary, 0.5),
        ] {
            let error = error_of(planes, group, rounding);
            println!("{planes} bits, group {group}, {rounding:?}: {error:.4}");
            assert!(error <= most, "{planes} bits, group {group}, {rounding:?}: {error}");
        }
    }
}
