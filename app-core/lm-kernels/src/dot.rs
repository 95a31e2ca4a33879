//! The dot product of one unpacked weight row with up to four activation vectors.
//!
//! Both variants keep eight float lanes (lane j gathers bytes 4j..4j+4 of each chunk of 32) and use the same fused
//! multiply-adds in the same order: the results are equal bit for bit. The order is also that of llama.cpp's AVX2
//! path, because int8 rounding downstream turns a last-bit difference into one that changes words
//! (docs/decisions/0003-lm-runtime.md).

use crate::activation::{ActivationFormat, Activations};
use crate::unpack::UnpackedRow;

/// Float lanes of every accumulator.
pub(crate) const LANES: usize = 8;

/// Sums eight lanes: halves, then quarters, then the pair.
#[inline(always)]
pub(crate) fn sum_lanes(l: [f32; LANES]) -> f32 {
    ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

/// Σ row · activations for token `token`.
#[inline(always)]
pub(crate) fn dot_scalar(row: &UnpackedRow, x: &Activations, token: usize) -> f32 {
    if x.format == ActivationFormat::Q8Blocks256 { dot256_scalar(row, x, token) } else { dot32_scalar(row, x, token) }
}

/// Integer sums of a chunk of 32 products, four to a lane.
#[inline(always)]
fn chunk_sums(w: &[i8; 32], a: &[i8; 32]) -> [i32; LANES] {
    let mut sums = [0_i32; LANES];
    for (lane, sum) in sums.iter_mut().enumerate() {
        for i in lane * 4..lane * 4 + 4 {
            *sum += i32::from(w[i]) * i32::from(a[i]);
        }
    }
    sums
}

fn dot32_scalar(row: &UnpackedRow, x: &Activations, token: usize) -> f32 {
    let chunks = x.columns / 32;
    let (weights, _) = row.quants.as_chunks::<32>();
    let (quants, _) = x.quants[token * x.columns..][..x.columns].as_chunks::<32>();
    let scales = &x.scales[token * chunks..][..chunks];
    let sums = &x.sums[token * chunks..][..chunks];
    let mut lanes = [0.0_f32; LANES];
    let mut minimum = 0.0_f32;
    for c in 0..chunks {
        let both = row.scales[c] * scales[c];
        for (lane, sum) in lanes.iter_mut().zip(chunk_sums(&weights[c], &quants[c])) {
            *lane = both.mul_add(sum as f32, *lane);
        }
        minimum = row.minimums[c].mul_add(sums[c], minimum);
    }
    sum_lanes(lanes) + minimum
}

fn dot256_scalar(row: &UnpackedRow, x: &Activations, token: usize) -> f32 {
    let blocks = x.columns / 256;
    let (weights, _) = row.quants.as_chunks::<32>();
    let (quants, _) = x.quants[token * x.columns..][..x.columns].as_chunks::<32>();
    let mut lanes = [0.0_f32; LANES];
    let mut minimums = [0.0_f32; 4];
    for b in 0..blocks {
        let mut sums = [0_i32; LANES];
        for c in b * 8..b * 8 + 8 {
            for (lane, sum) in chunk_sums(&weights[c], &quants[c]).into_iter().enumerate() {
                sums[lane] += sum * i32::from(row.steps[c * 2 + lane / 4]);
            }
        }
        if row.offset != 0 {
            for (sum, part) in sums.iter_mut().zip(offset_parts(row, x, token * x.columns / 16, b)) {
                *sum -= part;
            }
        }
        let x_scale = x.scales[token * blocks + b];
        let both = x_scale * row.scales[b];
        for (lane, sum) in lanes.iter_mut().zip(sums) {
            *lane = both.mul_add(sum as f32, *lane);
        }
        let parts = minimum_parts(row, x, token * x.columns / 16, b);
        let both = x_scale * row.minimums[b];
        for (minimum, part) in minimums.iter_mut().zip(parts) {
            *minimum = both.mul_add(part as f32, *minimum);
        }
    }
    sum_lanes(lanes) + ((minimums[0] + minimums[2]) + (minimums[1] + minimums[3]))
}

/// Σ step · Σ quants of block `b`, by pairs of chunks, or all in the first place ([`UnpackedRow::pair_minimums`]).
/// `first` is where the token's sums start.
#[inline(always)]
pub(crate) fn minimum_parts(row: &UnpackedRow, x: &Activations, first: usize, b: usize) -> [i32; 4] {
    let steps = &row.minimum_steps[b * 8..][..8];
    let (sums, _) = x.quant_sums[first + b * 16..][..16].as_chunks::<2>();
    let mut parts = [0_i32; 4];
    for (c, (step, sum)) in steps.iter().zip(sums).enumerate() {
        parts[if row.pair_minimums { c / 2 } else { 0 }] += i32::from(*step) * i32::from(sum[0] + sum[1]);
    }
    parts
}

/// offset · Σ step · Σ quants of block `b`, by chunk of 32: lane j takes off what belongs to chunk j.
#[inline(always)]
pub(crate) fn offset_parts(row: &UnpackedRow, x: &Activations, first: usize, b: usize) -> [i32; LANES] {
    let (steps, _) = row.steps[b * 16..][..16].as_chunks::<2>();
    let (sums, _) = x.quant_sums[first + b * 16..][..16].as_chunks::<2>();
    std::array::from_fn(|c| {
        row.offset * (i32::from(steps[c][0]) * i32::from(sums[c][0]) + i32::from(steps[c][1]) * i32::from(sums[c][1]))
    })
}

/// Σ row · activations for tokens `token..token + N`.
///
/// # Safety
/// The machine must have AVX2 and FMA. `row` must have been made for `x.columns` weights, and `token + N <= x.tokens`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub(crate) unsafe fn dot_avx2<const N: usize>(row: &UnpackedRow, x: &Activations, token: usize) -> [f32; N] {
    debug_assert!(row.quants.len() == x.columns && token + N <= x.tokens);
    // SAFETY: the caller's conditions are those of both.
    unsafe {
        if x.format == ActivationFormat::Q8Blocks256 { dot256_avx2(row, x, token) } else { dot32_avx2(row, x, token) }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn dot32_avx2<const N: usize>(row: &UnpackedRow, x: &Activations, token: usize) -> [f32; N] {
    use std::arch::x86_64::*;
    let chunks = x.columns / 32;
    let mut lanes = [_mm256_setzero_ps(); N];
    let mut minimums = [0.0_f32; N];
    let ones = _mm256_set1_epi16(1);
    // SAFETY: every pointer stays inside its vector: quants hold `columns` bytes a vector, read in chunks of 32; scales,
    // minimums and sums hold one value a chunk.
    unsafe {
        for c in 0..chunks {
            let w = _mm256_loadu_si256(row.quants.as_ptr().add(c * 32).cast());
            let w_abs = _mm256_abs_epi8(w);
            let scale = *row.scales.as_ptr().add(c);
            let minimum = *row.minimums.as_ptr().add(c);
            for n in 0..N {
                let at = (token + n) * chunks + c;
                let a = _mm256_loadu_si256(x.quants.as_ptr().add(at * 32).cast());
                // |w| · sign(a, w) keeps the unsigned operand of maddubs; |w| ≤ 128, |a| ≤ 127: no saturation.
                let pairs = _mm256_maddubs_epi16(w_abs, _mm256_sign_epi8(a, w));
                let sums = _mm256_cvtepi32_ps(_mm256_madd_epi16(pairs, ones));
                let both = _mm256_set1_ps(scale * *x.scales.as_ptr().add(at));
                lanes[n] = _mm256_fmadd_ps(both, sums, lanes[n]);
                minimums[n] = minimum.mul_add(*x.sums.as_ptr().add(at), minimums[n]);
            }
        }
        let mut out = [0.0; N];
        for n in 0..N {
            let mut l = [0.0; LANES];
            _mm256_storeu_ps(l.as_mut_ptr(), lanes[n]);
            out[n] = sum_lanes(l) + minimums[n];
        }
        out
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn dot256_avx2<const N: usize>(row: &UnpackedRow, x: &Activations, token: usize) -> [f32; N] {
    use std::arch::x86_64::*;
    let blocks = x.columns / 256;
    let mut lanes = [_mm256_setzero_ps(); N];
    let mut minimums = [[0.0_f32; 4]; N];
    for b in 0..blocks {
        let mut sums = [_mm256_setzero_si256(); N];
        for c in b * 8..b * 8 + 8 {
            // SAFETY: quants hold `columns` bytes a vector, read in chunks of 32; steps two values a chunk.
            unsafe {
                let w = _mm256_loadu_si256(row.quants.as_ptr().add(c * 32).cast());
                let w_abs = _mm256_abs_epi8(w);
                let low = _mm_set1_epi16(*row.steps.as_ptr().add(2 * c));
                let high = _mm_set1_epi16(*row.steps.as_ptr().add(2 * c + 1));
                let step = _mm256_set_m128i(high, low);
                for (n, sum) in sums.iter_mut().enumerate() {
                    let a = _mm256_loadu_si256(x.quants.as_ptr().add((token + n) * x.columns + c * 32).cast());
                    // w ≤ 63, |a| ≤ 127: pairs stay below 2^14, and steps below 2^7 keep the sums in 32 bits.
                    let pairs = _mm256_maddubs_epi16(w_abs, _mm256_sign_epi8(a, w));
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(step, pairs));
                }
            }
        }
        for n in 0..N {
            if row.offset != 0 {
                let parts = offset_parts(row, x, (token + n) * x.columns / 16, b);
                // SAFETY: `parts` holds eight integers.
                let parts = unsafe { _mm256_loadu_si256(parts.as_ptr().cast()) };
                sums[n] = _mm256_sub_epi32(sums[n], parts);
            }
            let x_scale = x.scales[(token + n) * blocks + b];
            let both = _mm256_set1_ps(x_scale * row.scales[b]);
            lanes[n] = _mm256_fmadd_ps(both, _mm256_cvtepi32_ps(sums[n]), lanes[n]);
            if row.minimums[b] != 0.0 {
                let both = x_scale * row.minimums[b];
                let parts = minimum_parts(row, x, (token + n) * x.columns / 16, b);
                for (minimum, part) in minimums[n].iter_mut().zip(parts) {
                    *minimum = both.mul_add(part as f32, *minimum);
                }
            }
        }
    }
    let mut out = [0.0; N];
    for n in 0..N {
        let mut l = [0.0; LANES];
        // SAFETY: `l` holds eight floats.
        unsafe { _mm256_storeu_ps(l.as_mut_ptr(), lanes[n]) };
        let m = minimums[n];
        out[n] = sum_lanes(l) + ((m[0] + m[2]) + (m[1] + m[3]));
    }
    out
}
