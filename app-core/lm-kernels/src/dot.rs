//! The dot product of one unpacked weight row with up to four activation vectors, and the float dots of attention.
//!
//! Both variants keep eight float lanes (lane j gathers bytes 4j..4j+4 of each chunk of 32) and multiply and add in
//! the same order, without fused operations: the results are equal bit for bit.

use crate::activation::Activations;
use crate::isa::Isa;
use crate::unpack::UnpackedRow;

/// Float lanes of every accumulator.
const LANES: usize = 8;

/// Sums eight lanes in the fixed order both variants use.
#[inline(always)]
pub(crate) fn sum_lanes(l: [f32; LANES]) -> f32 {
    ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

/// Σ row · activations for token `token`.
#[inline(always)]
pub(crate) fn dot_scalar(row: &UnpackedRow, x: &Activations, token: usize) -> f32 {
    let columns = x.columns;
    let (weights, _) = row.quants.as_chunks::<32>();
    let (scales, _) = row.scales.as_chunks::<2>();
    let (quants, _) = x.quants[token * columns..][..columns].as_chunks::<32>();
    let x_scales = &x.scales[token * columns / 32..][..columns / 32];
    let x_sums = &x.sums[token * columns / 32..][..columns / 32];
    let mut lanes = [0.0_f32; LANES];
    let mut below = 0.0_f32;
    for c in 0..columns / 32 {
        let (w, a) = (&weights[c], &quants[c]);
        for (lane, total) in lanes.iter_mut().enumerate() {
            let mut sum = 0_i32;
            for i in 0..4 {
                sum += i32::from(w[lane * 4 + i]) * i32::from(a[lane * 4 + i]);
            }
            *total += sum as f32 * (scales[c][lane / 4] * x_scales[c]);
        }
        below += row.minimums[c] * x_sums[c];
    }
    sum_lanes(lanes) - below
}

/// Σ row · activations for tokens `token..token + N`.
///
/// # Safety
/// The machine must have AVX2. `row` must have been made for `x.columns` weights, and `token + N <= x.tokens`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
pub(crate) unsafe fn dot_avx2<const N: usize>(row: &UnpackedRow, x: &Activations, token: usize) -> [f32; N] {
    use std::arch::x86_64::*;
    let columns = x.columns;
    let chunks = columns / 32;
    debug_assert!(row.quants.len() == columns && token + N <= x.tokens);
    let mut lanes = [_mm256_setzero_ps(); N];
    let mut below = [0.0_f32; N];
    let ones = _mm256_set1_epi16(1);
    // SAFETY: every pointer below stays inside its vector: quants hold `columns` (or tokens · columns) bytes read in
    // chunks of 32, scales `columns / 16`, minimums, activation scales and sums `columns / 32` per vector.
    unsafe {
        let weights = row.quants.as_ptr();
        let scales = row.scales.as_ptr();
        for c in 0..chunks {
            let w = _mm256_loadu_si256(weights.add(c * 32).cast());
            let w_abs = _mm256_abs_epi8(w);
            let low = _mm_set1_ps(*scales.add(2 * c));
            let high = _mm_set1_ps(*scales.add(2 * c + 1));
            let scale = _mm256_set_m128(high, low);
            let minimum = *row.minimums.as_ptr().add(c);
            for n in 0..N {
                let at = (token + n) * chunks + c;
                let a = _mm256_loadu_si256(x.quants.as_ptr().add(at * 32).cast());
                // |w| · sign(a, w) keeps the unsigned operand of maddubs; |w| ≤ 128, |a| ≤ 127: no saturation.
                let pairs = _mm256_maddubs_epi16(w_abs, _mm256_sign_epi8(a, w));
                let sums = _mm256_cvtepi32_ps(_mm256_madd_epi16(pairs, ones));
                let both = _mm256_mul_ps(scale, _mm256_set1_ps(*x.scales.as_ptr().add(at)));
                lanes[n] = _mm256_add_ps(lanes[n], _mm256_mul_ps(sums, both));
                below[n] += minimum * *x.sums.as_ptr().add(at);
            }
        }
        let mut out = [0.0; N];
        for n in 0..N {
            let mut l = [0.0; LANES];
            _mm256_storeu_ps(l.as_mut_ptr(), lanes[n]);
            out[n] = sum_lanes(l) - below[n];
        }
        out
    }
}

#[inline(always)]
fn dot_f32_body(a: &[f32], b: &[f32]) -> f32 {
    let (a8, a_rest) = a.as_chunks::<LANES>();
    let (b8, b_rest) = b.as_chunks::<LANES>();
    let mut lanes = [0.0_f32; LANES];
    for (x, y) in a8.iter().zip(b8) {
        for i in 0..LANES {
            lanes[i] += x[i] * y[i];
        }
    }
    sum_lanes(lanes) + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f32>()
}

#[inline(always)]
fn add_scaled_body(out: &mut [f32], x: &[f32], factor: f32) {
    for (o, v) in out.iter_mut().zip(x) {
        *o += v * factor;
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn dot_f32_avx2(a: &[f32], b: &[f32]) -> f32 {
    dot_f32_body(a, b)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_scaled_avx2(out: &mut [f32], x: &[f32], factor: f32) {
    add_scaled_body(out, x, factor);
}

/// Σ a·b over the shorter of the two; the order of additions does not depend on `isa`.
#[must_use]
pub fn dot_f32(isa: Isa, a: &[f32], b: &[f32]) -> f32 {
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2; the body is safe code.
        Isa::Avx2 if isa.is_available() => unsafe { dot_f32_avx2(a, b) },
        _ => dot_f32_body(a, b),
    }
}

/// out += x · factor, elementwise.
pub fn add_scaled(isa: Isa, out: &mut [f32], x: &[f32], factor: f32) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2; the body is safe code.
        Isa::Avx2 if isa.is_available() => unsafe { add_scaled_avx2(out, x, factor) },
        _ => add_scaled_body(out, x, factor),
    }
}
