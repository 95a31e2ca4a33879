//! What all NEON kernels share: sums of four products of bytes, with the dot-product instruction and without, and the plain
//! dots ([`crate::dot`]) made of them. The same integer sums and the same fused operations in the same order as scalar.

use std::arch::aarch64::*;

use crate::activation::{ActivationFormat, Activations};
use crate::dot::{LANES, minimum_parts, offset_parts, sum_lanes};
use crate::unpack::UnpackedRow;

/// `acc[i] += Σ a[4i + j] · b[4i + j]`, j < 4. With `DOT` by the instruction for it, which the machine must have; the pairs
/// without it stay inside 16 bits as long as one of two factors is above −128.
#[target_feature(enable = "neon")]
#[inline]
pub(crate) fn add_dots<const DOT: bool>(acc: int32x4_t, a: int8x16_t, b: int8x16_t) -> int32x4_t {
    if DOT {
        let mut sum = acc;
        // SAFETY: reads and writes registers only; whoever asks for `DOT` has asked the machine for it. The name of the
        // instruction is told to the assembler here, as the standard library's own is not stable yet.
        unsafe {
            std::arch::asm!(
                ".arch_extension dotprod",
                "sdot {sum:v}.4s, {a:v}.16b, {b:v}.16b",
                sum = inout(vreg) sum, a = in(vreg) a, b = in(vreg) b,
                options(pure, nomem, nostack, preserves_flags),
            );
        }
        return sum;
    }
    let low = vmull_s8(vget_low_s8(a), vget_low_s8(b));
    vpadalq_s16(acc, vpaddq_s16(low, vmull_high_s8(a, b)))
}

/// 16 bytes of a slice with sign.
///
/// # Panics
/// When there are fewer.
#[target_feature(enable = "neon")]
#[inline]
pub(crate) fn bytes_at(from: &[i8], at: usize) -> int8x16_t {
    let from = &from[at..at + 16];
    // SAFETY: 16 bytes are there.
    unsafe { vld1q_s8(from.as_ptr()) }
}

/// Eight sums of four products of 32 bytes.
#[target_feature(enable = "neon")]
#[inline]
fn chunk_sums<const DOT: bool>(w: &[i8], a: &[i8], chunk: usize) -> [int32x4_t; 2] {
    [0, 16].map(|half| {
        let at = chunk * 32 + half;
        add_dots::<DOT>(vdupq_n_s32(0), bytes_at(w, at), bytes_at(a, at))
    })
}

#[target_feature(enable = "neon")]
#[inline]
fn lanes_of([low, high]: [float32x4_t; 2]) -> [f32; LANES] {
    let mut lanes = [0.0; LANES];
    // SAFETY: eight floats are written.
    unsafe {
        vst1q_f32(lanes.as_mut_ptr(), low);
        vst1q_f32(lanes.as_mut_ptr().add(4), high);
    }
    lanes
}

/// Σ row · activations for token `token`, as `dot_scalar`.
#[target_feature(enable = "neon")]
pub(crate) fn dot<const DOT: bool>(row: &UnpackedRow, x: &Activations, token: usize) -> f32 {
    let quants = &x.quants[token * x.columns..][..x.columns];
    if x.format == ActivationFormat::Q8Blocks256 {
        dot256::<DOT>(row, x, token, quants)
    } else {
        dot32::<DOT>(row, x, token, quants)
    }
}

#[target_feature(enable = "neon")]
fn dot32<const DOT: bool>(row: &UnpackedRow, x: &Activations, token: usize, quants: &[i8]) -> f32 {
    let chunks = x.columns / 32;
    let (scales, sums) = (&x.scales[token * chunks..][..chunks], &x.sums[token * chunks..][..chunks]);
    let mut lanes = [vdupq_n_f32(0.0); 2];
    let mut minimum = 0.0_f32;
    for c in 0..chunks {
        let both = vdupq_n_f32(row.scales[c] * scales[c]);
        for (lane, sum) in lanes.iter_mut().zip(chunk_sums::<DOT>(&row.quants, quants, c)) {
            *lane = vfmaq_f32(*lane, both, vcvtq_f32_s32(sum));
        }
        minimum = row.minimums[c].mul_add(sums[c], minimum);
    }
    sum_lanes(lanes_of(lanes)) + minimum
}

#[target_feature(enable = "neon")]
fn dot256<const DOT: bool>(row: &UnpackedRow, x: &Activations, token: usize, quants: &[i8]) -> f32 {
    let blocks = x.columns / 256;
    let first = token * x.columns / 16;
    let mut lanes = [vdupq_n_f32(0.0); 2];
    let mut minimums = [0.0_f32; 4];
    for b in 0..blocks {
        let mut sums = [vdupq_n_s32(0); 2];
        for c in b * 8..b * 8 + 8 {
            for (half, (sum, part)) in sums.iter_mut().zip(chunk_sums::<DOT>(&row.quants, quants, c)).enumerate() {
                *sum = vmlaq_n_s32(*sum, part, i32::from(row.steps[c * 2 + half]));
            }
        }
        if row.offset != 0 {
            let parts = offset_parts(row, x, first, b);
            for (sum, part) in sums.iter_mut().zip(parts.as_chunks::<4>().0) {
                // SAFETY: four integers are read.
                *sum = vsubq_s32(*sum, unsafe { vld1q_s32(part.as_ptr()) });
            }
        }
        let x_scale = x.scales[token * blocks + b];
        let both = vdupq_n_f32(x_scale * row.scales[b]);
        for (lane, sum) in lanes.iter_mut().zip(sums) {
            *lane = vfmaq_f32(*lane, both, vcvtq_f32_s32(sum));
        }
        let both = x_scale * row.minimums[b];
        for (minimum, part) in minimums.iter_mut().zip(minimum_parts(row, x, first, b)) {
            *minimum = both.mul_add(part as f32, *minimum);
        }
    }
    sum_lanes(lanes_of(lanes)) + ((minimums[0] + minimums[2]) + (minimums[1] + minimums[3]))
}
