//! Rounding floats to codes of few bits: a search for where to cut each group off, then a least-squares fit.
//!
//! The cut is asymmetric, as BitDistiller (arXiv 2402.10631) chooses it: both ends of a group's range are drawn in by a few
//! steps, and the pair with the smallest squared error stays; then scale and minimum are fitted to the codes it gave.
//! With what a text says of the inputs, the error counts where inputs are large: Σ m_k (w'_k − w_k)², m_k the mean
//! square of input k, which is the error of the product as far as inputs go together by chance only.
//! Ternary is BitNet b1.58's rule (arXiv 2402.17764): α = mean |w|, code = round(w / α) within −1, 0, 1.

use super::layout::{PackedMatrix, PackedShape, RowParts};
use super::values::Encoding;
use crate::float::{f16_to_f32, f32_to_f16};
use crate::pool::Pool;

/// How much of each end of a group's range is kept, at least one of them whole in most groups.
const KEPT: [f32; 6] = [1.0, 0.94, 0.88, 0.82, 0.74, 0.64];

/// Rounds of fitting scale and minimum to the codes and the codes to them.
const FITS: usize = 3;

/// How floats are rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rounding<'a> {
    /// Codes from 0 to 2^planes − 1 over the group's whole range, nothing cut off; eight planes: signed, by the
    /// largest.
    WholeRange,
    /// As above, with scale and minimum fitted to the group.
    Fitted,
    /// As above, with the error of each column counted by its weight, [columns]: the mean square of its inputs.
    FittedTo(&'a [f32]),
    /// −α, 0, α; two planes.
    Ternary,
}

/// How the squared error of a group's weights is counted.
#[derive(Clone, Copy)]
enum Importance<'a> {
    /// All alike.
    Even,
    /// By their columns, [group].
    ByColumn(&'a [f32]),
}

impl PackedMatrix {
    /// Rounds a matrix whose rows `row_of(row, out)` gives as floats.
    ///
    /// # Panics
    /// When the shape has no kernel, ternary is asked for with other than two planes, or there is not one weight a column.
    #[must_use]
    pub fn from_floats(
        pool: &Pool,
        shape: PackedShape,
        rounding: Rounding<'_>,
        row_of: &(dyn Fn(usize, &mut [f32]) + Sync),
    ) -> Self {
        assert!(rounding != Rounding::Ternary || shape.planes == 2, "ternary codes have two planes");
        if let Rounding::FittedTo(importance) = rounding {
            assert_eq!(importance.len(), shape.columns, "an importance for each column");
        }
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

fn fill_group(weights: &[f32], shape: &PackedShape, rounding: Rounding<'_>, group: usize, parts: &mut RowParts) {
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
        _ => {
            let most = ((1_u32 << shape.planes) - 1) as f32;
            (*scale, *minimum) = match rounding {
                Rounding::FittedTo(importance) => {
                    let importance = &importance[group * shape.group..][..weights.len()];
                    // Inputs that were always zero tell nothing.
                    let is_seen = importance.iter().any(|m| *m > 0.0);
                    fit(weights, if is_seen { Importance::ByColumn(importance) } else { Importance::Even }, most)
                }
                Rounding::WholeRange => cut(range(weights), [1.0, 1.0], most),
                _ => fit(weights, Importance::Even, most),
            };
            for (code, weight) in codes.iter_mut().zip(weights) {
                *code = code_of(*weight, most, *scale, *minimum) as u8;
            }
        }
    }
}

fn half(value: f32) -> f32 {
    f16_to_f32(f32_to_f16(value))
}

/// Least and largest.
fn range(weights: &[f32]) -> [f32; 2] {
    [weights.iter().copied().fold(f32::INFINITY, f32::min), weights.iter().copied().fold(f32::NEG_INFINITY, f32::max)]
}

/// Scale and minimum of codes over so much of either end of the range.
fn cut([low, high]: [f32; 2], kept: [f32; 2], most: f32) -> (f32, f32) {
    let middle = (low + high) / 2.0;
    let minimum = half(middle + (low - middle) * kept[0]);
    (half((middle + (high - middle) * kept[1] - minimum) / most), minimum)
}

/// Scale and minimum with a small squared error; never a larger one than the whole range has.
fn fit(weights: &[f32], importance: Importance<'_>, most: f32) -> (f32, f32) {
    let range = range(weights);
    let (mut scale, mut minimum) = cut(range, [1.0, 1.0], most);
    let mut error = squared_error(weights, importance, most, scale, minimum);
    let mut offer = |(new_scale, new_minimum): (f32, f32), scale: &mut f32, minimum: &mut f32| {
        let new_error = squared_error(weights, importance, most, new_scale, new_minimum);
        let is_better = new_error < error;
        if is_better {
            (error, *scale, *minimum) = (new_error, new_scale, new_minimum);
        }
        is_better
    };
    for kept_low in KEPT {
        for kept_high in KEPT {
            offer(cut(range, [kept_low, kept_high], most), &mut scale, &mut minimum);
        }
    }
    for _ in 0..FITS {
        let fitted = least_squares(weights, importance, most, scale, minimum);
        // Rounding to halves may spoil it.
        if !fitted.is_some_and(|fitted| offer(fitted, &mut scale, &mut minimum)) {
            break;
        }
    }
    (scale, minimum)
}

/// The scale and minimum that fit best to the codes which these ones give.
fn least_squares(
    weights: &[f32],
    importance: Importance<'_>,
    most: f32,
    scale: f32,
    minimum: f32,
) -> Option<(f32, f32)> {
    let (mut n, mut q, mut qq, mut w, mut wq) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for (index, weight) in weights.iter().enumerate() {
        let (code, weight) = (f64::from(code_of(*weight, most, scale, minimum)), f64::from(*weight));
        let m = if let Importance::ByColumn(of) = importance { f64::from(of[index]) } else { 1.0 };
        (n, q, qq, w, wq) = (n + m, q + m * code, qq + m * code * code, w + m * weight, wq + m * weight * code);
    }
    let determinant = n * qq - q * q;
    let fitted = (half(((n * wq - q * w) / determinant) as f32), half(((qq * w - q * wq) / determinant) as f32));
    (determinant > 0.0 && fitted.0 > 0.0).then_some(fitted)
}

#[inline(always)]
fn code_of(weight: f32, most: f32, scale: f32, minimum: f32) -> f32 {
    // Half a step up and cut off: rounding without a call on machines that have no instruction for it.
    if scale > 0.0 { ((weight - minimum) / scale + 0.5).clamp(0.0, most).trunc() } else { 0.0 }
}

fn squared_error(weights: &[f32], importance: Importance<'_>, most: f32, scale: f32, minimum: f32) -> f32 {
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let error = |weight: &f32| {
        let code = ((weight - minimum) * inverse + 0.5).clamp(0.0, most) as u32 as f32;
        (code * scale + minimum - weight).powi(2)
    };
    match importance {
        Importance::Even => weights.iter().map(error).sum(),
        Importance::ByColumn(of) => weights.iter().zip(of).map(|(weight, m)| m * error(weight)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PackedLayout;

    const COLUMNS: usize = 256;
    const ROWS: usize = 8;

    /// A number from −0.5 to 0.5 that looks random.
    fn noise(i: usize) -> f32 {
        (i.wrapping_mul(2_654_435_761) >> 8 & 0xFFFF) as f32 / 65_536.0 - 0.5
    }

    /// A sum of four, as weights resemble.
    fn ordinary(i: usize) -> f32 {
        (0..4).map(|k| noise(i * 4 + k)).sum()
    }

    /// Most near zero, a few far out.
    fn heavy_tailed(i: usize) -> f32 {
        ordinary(i).powi(5) + 0.02 * noise(i + 77)
    }

    /// Root of the squared error over the squared weights, both counted by `importance`.
    fn error_by(
        planes: usize,
        group: usize,
        rounding: Rounding<'_>,
        weight: fn(usize) -> f32,
        importance: &[f32],
    ) -> f64 {
        let layout = if planes < 4 { PackedLayout::Lookup } else { PackedLayout::MultiplyAdd };
        let shape = PackedShape { rows: ROWS, columns: COLUMNS, group, planes, layout };
        let matrix = PackedMatrix::from_floats(&Pool::new(2), shape, rounding, &|row, out| {
            out.iter_mut().enumerate().for_each(|(i, w)| *w = weight(row * COLUMNS + i));
        });
        let (mut wrong, mut size, mut row) = (0.0, 0.0, vec![0.0; COLUMNS]);
        for r in 0..ROWS {
            matrix.row(r, &mut row);
            for ((i, back), m) in row.iter().enumerate().zip(importance) {
                let exact = weight(r * COLUMNS + i);
                wrong += f64::from(*m) * f64::from(back - exact).powi(2);
                size += f64::from(*m) * f64::from(exact).powi(2);
            }
        }
        (wrong / size).sqrt()
    }

    fn error_of(planes: usize, group: usize, rounding: Rounding<'_>) -> f64 {
        error_by(planes, group, rounding, ordinary, &[1.0; COLUMNS])
    }

    #[test]
    fn searching_where_to_cut_off_is_never_worse_than_the_whole_range() {
        for (name, weight) in [("ordinary", ordinary as fn(usize) -> f32), ("heavy-tailed", heavy_tailed)] {
            for (planes, group) in [(4, 32), (4, 128), (3, 32), (3, 64), (2, 32), (2, 128)] {
                let error = |rounding| error_by(planes, group, rounding, weight, &[1.0; COLUMNS]);
                let (whole, fitted) = (error(Rounding::WholeRange), error(Rounding::Fitted));
                println!("{name}, {planes} bits, group {group}: {whole:.4} → {fitted:.4}");
                assert!(fitted <= whole, "{name}, {planes} bits, group {group}: {whole} → {fitted}");
                assert!(planes > 2 || fitted < 0.9 * whole, "{name}, group {group}: {whole} → {fitted}");
            }
        }
    }

    #[test]
    fn what_is_known_of_the_inputs_lowers_the_error_they_see() {
        // A few columns see large inputs, as in real models; one sees none.
        let importance: Vec<f32> = (0..COLUMNS).map(|i| (noise(i + 5) * 8.0).exp2() * (i != 9) as u8 as f32).collect();
        for weight in [ordinary as fn(usize) -> f32, heavy_tailed] {
            for planes in [4, 3, 2] {
                let error = |rounding| error_by(planes, 32, rounding, weight, &importance);
                let (even, known) = (error(Rounding::Fitted), error(Rounding::FittedTo(&importance)));
                println!("{planes} bits: {even:.4} → {known:.4}");
                assert!(known < 0.97 * even, "{planes} bits: {even} → {known}");
            }
        }
        // Inputs never seen: as if nothing were known.
        let unseen = [0.0; COLUMNS];
        let even = error_of(3, 32, Rounding::Fitted);
        assert_eq!(error_by(3, 32, Rounding::FittedTo(&unseen), ordinary, &[1.0; COLUMNS]), even);
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
