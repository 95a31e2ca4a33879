//! What attention computes for one query: its dot product with every key, and the values mixed by the scores.
//!
//! The sums are those of a float dot product of 32 lanes (`float_ops`), along the vector for scores and along the positions
//! for values, in the order llama.cpp has. Keys are taken four at a time, so that their last sums are shared, and lanes of
//! values are summed in registers; every variant gives the same bits.

use crate::float_ops::{DOT_LANES, dot_body, sum_dot_lanes};
use crate::isa::Isa;

/// `out[p] = Σ_i query[i] · keys[p · stride + i]`.
///
/// # Panics
/// When `keys` is too short.
pub fn dot_rows(isa: Isa, query: &[f32], keys: &[f32], stride: usize, out: &mut [f32]) {
    assert!(has_rows(keys, out.len(), query.len(), stride), "a key for every score");
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2 and FMA; lengths were checked above.
        Isa::Avx2 if isa.is_available() => unsafe { dot_rows_avx2(query, keys, stride, out) },
        _ => dot_scalar(query, keys, stride, out),
    }
}

/// Whether `values` holds so many rows of `len`, `stride` apart.
fn has_rows(values: &[f32], rows: usize, len: usize, stride: usize) -> bool {
    rows == 0 || values.len() >= (rows - 1) * stride + len
}

#[inline(always)]
fn dot_scalar(query: &[f32], keys: &[f32], stride: usize, out: &mut [f32]) {
    for (p, score) in out.iter_mut().enumerate() {
        *score = dot_body(&keys[p * stride..][..query.len()], query);
    }
}

/// `out[i] = Σ_p weights[p] · rows[p · stride + i]`: what attention mixes from the values it has seen.
///
/// # Panics
/// When `rows` is too short.
pub fn mix_rows(isa: Isa, weights: &[f32], rows: &[f32], stride: usize, out: &mut [f32]) {
    assert!(has_rows(rows, weights.len(), out.len(), stride), "a row for every weight");
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2 and FMA; lengths were checked above.
        Isa::Avx2 if isa.is_available() => unsafe { mix_rows_avx2(weights, rows, stride, out) },
        _ => mix_scalar(weights, rows, stride, 0, out),
    }
}

/// Of `out` from `first` on.
#[inline(always)]
fn mix_scalar(weights: &[f32], rows: &[f32], stride: usize, first: usize, out: &mut [f32]) {
    for (i, value) in out.iter_mut().enumerate().skip(first) {
        let mut lanes = [[0.0_f32; 8]; 4];
        for (p, weight) in weights.iter().enumerate() {
            let lane = &mut lanes[p % DOT_LANES / 8][p % 8];
            *lane = weight.mul_add(rows[p * stride + i], *lane);
        }
        *value = sum_dot_lanes(&lanes);
    }
}

/// # Safety
/// The machine must have AVX2 and FMA; `keys` holds a key for every place of `out`, `stride` apart.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn dot_rows_avx2(query: &[f32], keys: &[f32], stride: usize, out: &mut [f32]) {
    use std::arch::x86_64::*;
    let len = query.len();
    let whole = len - len % DOT_LANES;
    let (fours, rest) = out.as_chunks_mut::<4>();
    for (index, four) in fours.iter_mut().enumerate() {
        let keys = &keys[index * 4 * stride..];
        // Vector `v` of the 32 lanes, of each key.
        let lanes = |v: usize| {
            let mut sums = [_mm256_setzero_ps(); 4];
            for at in (v * 8..whole).step_by(DOT_LANES) {
                // SAFETY: at + 8 ≤ whole ≤ len, and four keys of that length start here.
                unsafe {
                    let x = _mm256_loadu_ps(query.as_ptr().add(at));
                    for (k, sum) in sums.iter_mut().enumerate() {
                        *sum = _mm256_fmadd_ps(_mm256_loadu_ps(keys.as_ptr().add(k * stride + at)), x, *sum);
                    }
                }
            }
            sums
        };
        let add =
            |a: [__m256; 4], b: [__m256; 4]| -> [__m256; 4] { std::array::from_fn(|k| _mm256_add_ps(a[k], b[k])) };
        let (even, odd) = (add(lanes(0), lanes(2)), add(lanes(1), lanes(3)));
        // Lanes i and i + 4, then neighbours twice.
        let halves = add(even, odd).map(|sum| _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps::<1>(sum)));
        let sums = _mm_hadd_ps(_mm_hadd_ps(halves[0], halves[1]), _mm_hadd_ps(halves[2], halves[3]));
        // SAFETY: four floats are written.
        unsafe { _mm_storeu_ps(four.as_mut_ptr(), sums) };
        for (k, score) in four.iter_mut().enumerate() {
            let key = &keys[k * stride + whole..][..len - whole];
            *score = key.iter().zip(&query[whole..]).fold(*score, |sum, (x, y)| x.mul_add(*y, sum));
        }
    }
    if !rest.is_empty() {
        dot_scalar(query, &keys[fours.len() * 4 * stride..], stride, rest);
    }
}

/// # Safety
/// The machine must have AVX2 and FMA; `rows` holds a row of the length of `out` for every weight, `stride` apart.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn mix_rows_avx2(weights: &[f32], rows: &[f32], stride: usize, out: &mut [f32]) {
    let width = out.len();
    let mut done = 0;
    while done + 32 <= width {
        // SAFETY: 32 columns from `done` on exist in every row and in `out`.
        unsafe { mix_columns_avx2::<4>(weights, rows.as_ptr().add(done), stride, out.as_mut_ptr().add(done)) };
        done += 32;
    }
    while done + 8 <= width {
        // SAFETY: as above, eight columns.
        unsafe { mix_columns_avx2::<1>(weights, rows.as_ptr().add(done), stride, out.as_mut_ptr().add(done)) };
        done += 8;
    }
    mix_scalar(weights, rows, stride, done, out);
}

/// Eight times `N` columns.
///
/// # Safety
/// The machine must have AVX2 and FMA; so many columns exist from `rows` on in each row, `stride` apart, and from `out` on.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn mix_columns_avx2<const N: usize>(weights: &[f32], rows: *const f32, stride: usize, out: *mut f32) {
    use std::arch::x86_64::*;
    let lane = |first: usize| {
        let mut sums = [_mm256_setzero_ps(); N];
        for p in (first..weights.len()).step_by(DOT_LANES) {
            let weight = _mm256_set1_ps(weights[p]);
            for (v, sum) in sums.iter_mut().enumerate() {
                // SAFETY: row p exists, and its columns do.
                let value = unsafe { _mm256_loadu_ps(rows.add(p * stride + v * 8)) };
                *sum = _mm256_fmadd_ps(weight, value, *sum);
            }
        }
        sums
    };
    let add = |a: [__m256; N], b: [__m256; N]| -> [__m256; N] { std::array::from_fn(|v| _mm256_add_ps(a[v], b[v])) };
    // As `sum_dot_lanes`: vectors two apart, then neighbours, then the eight lanes left.
    let of_eight = |i: usize| add(add(lane(i), lane(16 + i)), add(lane(8 + i), lane(24 + i)));
    let quarter = |i: usize| add(of_eight(i), of_eight(i + 4));
    let sums = add(add(quarter(0), quarter(1)), add(quarter(2), quarter(3)));
    for (v, sum) in sums.iter().enumerate() {
        // SAFETY: the columns exist in `out`.
        unsafe { _mm256_storeu_ps(out.add(v * 8), *sum) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(len: usize) -> Vec<f32> {
        (0..len).map(|i| ((i * 37 % 101) as f32 - 50.0) / 7.0).collect()
    }

    #[test]
    fn scores_are_the_dot_products_to_the_bit() {
        for len in [1, 8, 31, 32, 64, 72, 128] {
            for count in [0, 1, 3, 4, 5, 70] {
                let stride = len + count % 3 * 5;
                let (query, keys) = (values(len), values(stride * count));
                for isa in Isa::available() {
                    let mut out = vec![9.0; count];
                    dot_rows(isa, &query, &keys, stride, &mut out);
                    for (score, key) in out.iter().zip(keys.chunks_exact(stride)) {
                        assert_eq!(score.to_bits(), dot_body(&key[..len], &query).to_bits(), "{isa:?} {len} {count}");
                    }
                }
            }
        }
    }

    #[test]
    fn mixing_rows_is_a_dot_product_along_the_positions_to_the_bit() {
        for width in [1, 8, 31, 32, 72, 128] {
            for count in [0, 1, 31, 32, 33, 100] {
                let stride = width + count % 3 * 5;
                let (weights, rows) = (values(count), values(stride * count));
                for isa in Isa::available() {
                    let mut out = vec![9.0; width];
                    mix_rows(isa, &weights, &rows, stride, &mut out);
                    for (i, value) in out.iter().enumerate() {
                        let mut lanes = [[0.0_f32; 8]; 4];
                        for (p, weight) in weights.iter().enumerate() {
                            let lane = &mut lanes[p / 8 % 4][p % 8];
                            *lane = weight.mul_add(rows[p * stride + i], *lane);
                        }
                        assert_eq!(value.to_bits(), sum_dot_lanes(&lanes).to_bits(), "{isa:?} {width} {count}");
                        let exact: f32 = weights.iter().enumerate().map(|(p, w)| w * rows[p * stride + i]).sum();
                        assert!((value - exact).abs() < 1e-2, "{value} {exact}");
                    }
                }
            }
        }
    }
}
