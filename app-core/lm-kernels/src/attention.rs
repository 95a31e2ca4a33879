//! What attention computes for one query: its dot product with every key, and the values mixed by the scores.
//!
//! The sums are those of a float dot product of 32 lanes (`float_ops`), along the vector for scores and along the positions
//! for values, in the order llama.cpp has. Keys are taken four at a time, so that their last sums are shared, and lanes of
//! values are summed in registers; every variant gives the same bits. Vectors lie one after another, `stride` apart, or in a
//! [`Ring`].

use crate::float_ops::{DOT_LANES, dot_body, sum_dot_lanes};
use crate::isa::Isa;

/// Vectors side by side; behind the last comes the first again.
#[derive(Debug, Clone, Copy)]
pub struct Ring<'a> {
    /// All of them, whole vectors.
    pub values: &'a [f32],
    /// The vector to begin with.
    pub first: usize,
}

impl Ring<'_> {
    /// Whether there are `count` vectors of `len` values, none twice, and one to begin with.
    fn has(&self, count: usize, len: usize) -> bool {
        let all = self.values.len() / len.max(1);
        count == 0 || count <= all && self.first < all
    }
}

/// Where the vectors lie.
trait Places: Copy {
    /// Where vector `p` begins.
    fn at(self, p: usize) -> usize;
}

#[derive(Clone, Copy)]
struct Strided(usize);

impl Places for Strided {
    #[inline(always)]
    fn at(self, p: usize) -> usize {
        p * self.0
    }
}

#[derive(Clone, Copy)]
struct InRing {
    first: usize,
    all: usize,
    len: usize,
}

impl Places for InRing {
    #[inline(always)]
    fn at(self, p: usize) -> usize {
        let place = self.first + p;
        (if place >= self.all { place - self.all } else { place }) * self.len
    }
}

/// [`dot_rows`] for keys in a ring.
///
/// # Panics
/// When there are fewer keys than scores.
pub fn dot_ring(isa: Isa, query: &[f32], keys: Ring<'_>, out: &mut [f32]) {
    let len = query.len();
    assert!(keys.has(out.len(), len), "a key for every score");
    let (first, rest) = out.split_at_mut(out.len().min(keys.values.len() / len.max(1) - keys.first));
    dot_rows(isa, query, &keys.values[keys.first * len..], len, first);
    dot_rows(isa, query, keys.values, len, rest);
}

/// [`mix_rows`] for rows in a ring.
///
/// # Panics
/// When there are fewer rows than weights.
pub fn mix_ring(isa: Isa, weights: &[f32], rows: Ring<'_>, out: &mut [f32]) {
    let len = out.len();
    assert!(rows.has(weights.len(), len), "a row for every weight");
    let all = rows.values.len() / len.max(1);
    if rows.first + weights.len() <= all {
        return mix_rows(isa, weights, &rows.values[rows.first * len..], len, out);
    }
    let places = InRing { first: rows.first, all, len };
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2 and FMA; rows were checked above.
        Isa::Avx2 if isa.is_available() => unsafe { mix_rows_avx2(weights, rows.values, places, out) },
        _ => mix_scalar(weights, rows.values, places, 0, out),
    }
}

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
        Isa::Avx2 if isa.is_available() => unsafe { mix_rows_avx2(weights, rows, Strided(stride), out) },
        _ => mix_scalar(weights, rows, Strided(stride), 0, out),
    }
}

/// Of `out` from `first` on.
#[inline(always)]
fn mix_scalar(weights: &[f32], rows: &[f32], places: impl Places, first: usize, out: &mut [f32]) {
    for (i, value) in out.iter_mut().enumerate().skip(first) {
        let mut lanes = [[0.0_f32; 8]; 4];
        for (p, weight) in weights.iter().enumerate() {
            let lane = &mut lanes[p % DOT_LANES / 8][p % 8];
            *lane = weight.mul_add(rows[places.at(p) + i], *lane);
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
        // Of each key the lanes as vectors two apart, then neighbours, added: v = 0 + 2, then 1 + 3. Loops and no closures over
        // arrays: those are not compiled for AVX2.
        let mut sums = [_mm256_setzero_ps(); 4];
        for pair in 0..2 {
            let mut of_pair = [_mm256_setzero_ps(); 4];
            for v in [pair, pair + 2] {
                let mut lanes = [_mm256_setzero_ps(); 4];
                for at in (v * 8..whole).step_by(DOT_LANES) {
                    // SAFETY: at + 8 ≤ whole ≤ len, and four keys of that length start here.
                    unsafe {
                        let x = _mm256_loadu_ps(query.as_ptr().add(at));
                        for (k, lane) in lanes.iter_mut().enumerate() {
                            *lane = _mm256_fmadd_ps(_mm256_loadu_ps(keys.as_ptr().add(k * stride + at)), x, *lane);
                        }
                    }
                }
                for (sum, lane) in of_pair.iter_mut().zip(lanes) {
                    *sum = if v == pair { lane } else { _mm256_add_ps(*sum, lane) };
                }
            }
            for (sum, of_pair) in sums.iter_mut().zip(of_pair) {
                *sum = if pair == 0 { of_pair } else { _mm256_add_ps(*sum, of_pair) };
            }
        }
        // Lanes i and i + 4, then neighbours twice.
        let mut halves = [_mm_setzero_ps(); 4];
        for (half, sum) in halves.iter_mut().zip(sums) {
            *half = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps::<1>(sum));
        }
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
/// The machine must have AVX2 and FMA; `rows` holds a row of the length of `out` for every weight, at its place.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn mix_rows_avx2(weights: &[f32], rows: &[f32], places: impl Places, out: &mut [f32]) {
    let width = out.len();
    let mut done = 0;
    while done + 64 <= width {
        // SAFETY: 64 columns from `done` on exist in every row and in `out`.
        unsafe { mix_columns_avx2::<8, _>(weights, rows.as_ptr().add(done), places, out.as_mut_ptr().add(done)) };
        done += 64;
    }
    while done + 16 <= width {
        // SAFETY: as above, 16 columns.
        unsafe { mix_columns_avx2::<2, _>(weights, rows.as_ptr().add(done), places, out.as_mut_ptr().add(done)) };
        done += 16;
    }
    while done + 8 <= width {
        // SAFETY: as above, eight columns.
        unsafe { mix_columns_avx2::<1, _>(weights, rows.as_ptr().add(done), places, out.as_mut_ptr().add(done)) };
        done += 8;
    }
    mix_scalar(weights, rows, places, done, out);
}

/// Eight times `N` columns.
///
/// # Safety
/// The machine must have AVX2 and FMA; so many columns exist from `rows` on in each row, at its place, and from
/// `out` on.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn mix_columns_avx2<const N: usize, P: Places>(weights: &[f32], rows: *const f32, places: P, out: *mut f32) {
    use std::arch::x86_64::*;
    let mut lanes = [[_mm256_setzero_ps(); N]; DOT_LANES];
    for (first, lane) in lanes.iter_mut().enumerate() {
        let mut sums = [_mm256_setzero_ps(); N];
        for p in (first..weights.len()).step_by(DOT_LANES) {
            // SAFETY: p is a weight's place, its row exists, and so do the row's columns.
            unsafe {
                let weight = _mm256_broadcast_ss(weights.get_unchecked(p));
                let row = rows.add(places.at(p));
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = _mm256_fmadd_ps(weight, _mm256_loadu_ps(row.add(v * 8)), *sum);
                }
            }
        }
        *lane = sums;
    }
    #[allow(clippy::needless_range_loop, reason = "one vector of every lane is taken, and `out` is a pointer")]
    for v in 0..N {
        // As `sum_dot_lanes`: vectors two apart, then neighbours, then the eight lanes left.
        let mut of_eight = [_mm256_setzero_ps(); 8];
        for (i, sum) in of_eight.iter_mut().enumerate() {
            let (even, odd) =
                (_mm256_add_ps(lanes[i][v], lanes[16 + i][v]), _mm256_add_ps(lanes[8 + i][v], lanes[24 + i][v]));
            *sum = _mm256_add_ps(even, odd);
        }
        let [a, b, c, d, e, f, g, h] = of_eight;
        let first = _mm256_add_ps(_mm256_add_ps(a, e), _mm256_add_ps(b, f));
        let second = _mm256_add_ps(_mm256_add_ps(c, g), _mm256_add_ps(d, h));
        // SAFETY: the columns exist in `out`.
        unsafe { _mm256_storeu_ps(out.add(v * 8), _mm256_add_ps(first, second)) };
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
    fn rows_in_a_ring_give_the_bits_of_the_same_rows_in_line() {
        for len in [8, 72] {
            for (all, first, count) in
                [(64, 0, 64), (64, 63, 0), (64, 63, 1), (64, 63, 2), (70, 35, 70), (192, 130, 100)]
            {
                let ring = values(all * len);
                let row = |p: usize| &ring[(first + p) % all * len..][..len];
                let in_line: Vec<f32> = (0..count).flat_map(row).copied().collect();
                let ring = Ring { values: &ring, first };
                let (query, weights) = (values(len), values(count));
                for isa in Isa::available() {
                    let [mut a, mut b] = [vec![9.0; count], vec![8.0; count]];
                    dot_rows(isa, &query, &in_line, len, &mut a);
                    dot_ring(isa, &query, ring, &mut b);
                    assert_eq!(a, b, "{isa:?} {len} {all} {first} {count}");
                    let [mut a, mut b] = [vec![9.0; len], vec![8.0; len]];
                    mix_rows(isa, &weights, &in_line, len, &mut a);
                    mix_ring(isa, &weights, ring, &mut b);
                    assert_eq!(a, b, "{isa:?} {len} {all} {first} {count}");
                }
            }
        }
    }

    #[test]
    fn a_ring_gives_no_row_twice() {
        let ring = Ring { values: &[0.0; 80], first: 3 };
        assert!(ring.has(10, 8) && ring.has(0, 8));
        assert!(!ring.has(11, 8) && !Ring { first: 10, ..ring }.has(1, 8));
    }

    #[test]
    fn mixing_rows_is_a_dot_product_along_the_positions_to_the_bit() {
        for width in [1, 8, 31, 32, 72, 80, 128] {
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
