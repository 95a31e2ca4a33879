//! The float arithmetic of a transformer between its matrices: norms, rotations, softmax, SwiGLU; attention's sums are in
//! `attention`.
//!
//! One body of plain Rust each, compiled once as it is and once with AVX2 and FMA: the same fused operations in the same
//! order, so the variants are equal bit for bit. The orders are those of llama.cpp's AVX2 path, for the reason given in
//! `dot`. Nothing here allocates.

use crate::dot::{LANES, sum_lanes};
use crate::isa::Isa;

/// Lanes of a float dot product: four vectors of eight.
pub(crate) const DOT_LANES: usize = 4 * LANES;

/// Defines a public function that picks the compiled variant of an `#[inline(always)]` body.
macro_rules! by_isa {
    ($(#[$doc:meta])* $name:ident = $body:ident($($arg:ident: $type:ty),*) $(-> $out:ty)?) => {
        $(#[$doc])*
        pub fn $name(isa: Isa, $($arg: $type),*) $(-> $out)? {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn wide($($arg: $type),*) $(-> $out)? {
                $body($($arg),*)
            }
            match isa {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the guard asks the machine for AVX2 and FMA; the body is safe code.
                Isa::Avx2 if isa.is_available() => unsafe { wide($($arg),*) },
                _ => $body($($arg),*),
            }
        }
    };
}

by_isa! {
    /// Σ a·b over the shorter of the two.
    #[must_use]
    dot_f32 = dot_body(a: &[f32], b: &[f32]) -> f32
}
by_isa! {
    /// RMS norm (Zhang & Sennrich 2019): `out = x / √(mean x² + epsilon) · weight`.
    ///
    /// Squares are summed in double precision, in eight lanes. Sums of singles are nearly always exact there, so the order
    /// is not seen in the result.
    ///
    /// # Panics
    /// When lengths differ.
    rms_norm = norm_body(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32])
}
by_isa! {
    /// Turns pairs of neighbours (0, 1), (2, 3), … by angles given as (cos, sin): RoPE (Su et al. 2021).
    rotate_neighbours = rotate_neighbours_body(vector: &mut [f32], angles: &[(f32, f32)])
}
by_isa! {
    /// As [`rotate_neighbours`], of pairs (0, h), (1, h + 1), … with h half the vector's length.
    rotate_halves = rotate_halves_body(vector: &mut [f32], angles: &[(f32, f32)])
}
by_isa! {
    /// out += x · factor, elementwise.
    add_scaled = add_scaled_body(out: &mut [f32], x: &[f32], factor: f32)
}
by_isa! {
    /// exp(x · scale) / Σ exp(x · scale), in place.
    softmax = softmax_body(scores: &mut [f32], scale: f32)
}
by_isa! {
    /// SwiGLU (Shazeer 2020) in place: gate becomes silu(gate) · up, silu(x) = x / (1 + exp(−x)).
    swiglu = swiglu_body(gate: &mut [f32], up: &[f32])
}

by_isa! {
    /// Squared-ReLU GLU (Q-Sparse, BitNet b1.58 2B) in place: gate becomes max(gate, 0)² · up.
    squared_relu_glu = squared_relu_body(gate: &mut [f32], up: &[f32])
}

/// Sums 32 lanes: vectors two apart, then neighbours, then the eight lanes left.
#[inline(always)]
pub(crate) fn sum_dot_lanes(lanes: &[[f32; LANES]; 4]) -> f32 {
    let l: [f32; LANES] = std::array::from_fn(|i| (lanes[0][i] + lanes[2][i]) + (lanes[1][i] + lanes[3][i]));
    ((l[0] + l[4]) + (l[1] + l[5])) + ((l[2] + l[6]) + (l[3] + l[7]))
}

#[inline(always)]
pub(crate) fn dot_body(a: &[f32], b: &[f32]) -> f32 {
    let len = a.len().min(b.len());
    let (a32, a_rest) = a[..len].as_chunks::<DOT_LANES>();
    let (b32, b_rest) = b[..len].as_chunks::<DOT_LANES>();
    let mut lanes = [[0.0_f32; LANES]; 4];
    for (x, y) in a32.iter().zip(b32) {
        for (v, lane) in lanes.iter_mut().enumerate() {
            for i in 0..LANES {
                lane[i] = x[v * LANES + i].mul_add(y[v * LANES + i], lane[i]);
            }
        }
    }
    a_rest.iter().zip(b_rest).fold(sum_dot_lanes(&lanes), |sum, (x, y)| x.mul_add(*y, sum))
}

#[inline(always)]
fn add_scaled_body(out: &mut [f32], x: &[f32], factor: f32) {
    for (o, v) in out.iter_mut().zip(x) {
        *o += v * factor;
    }
}

#[inline(always)]
fn norm_body(x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    assert!(x.len() == weight.len() && x.len() == out.len(), "a weight and a place for every value");
    let (eights, rest) = x.as_chunks::<LANES>();
    let mut lanes = [0.0_f64; LANES];
    for eight in eights {
        for (lane, value) in lanes.iter_mut().zip(eight) {
            *lane += f64::from(value * value);
        }
    }
    let sum = lanes.iter().sum::<f64>() + rest.iter().map(|value| f64::from(value * value)).sum::<f64>();
    let mean = (sum / x.len() as f64) as f32;
    let scale = 1.0 / (mean + epsilon).sqrt();
    for (out, (value, weight)) in out.iter_mut().zip(x.iter().zip(weight)) {
        *out = value * scale * weight;
    }
}

#[inline(always)]
fn rotate((p, q): (f32, f32), (cos, sin): (f32, f32)) -> (f32, f32) {
    (p.mul_add(cos, -(q * sin)), p.mul_add(sin, q * cos))
}

#[inline(always)]
fn rotate_neighbours_body(vector: &mut [f32], angles: &[(f32, f32)]) {
    for ([p, q], angle) in vector.as_chunks_mut::<2>().0.iter_mut().zip(angles) {
        (*p, *q) = rotate((*p, *q), *angle);
    }
}

#[inline(always)]
fn rotate_halves_body(vector: &mut [f32], angles: &[(f32, f32)]) {
    let (first, second) = vector.split_at_mut(vector.len() / 2);
    for ((p, q), angle) in first.iter_mut().zip(second).zip(angles) {
        (*p, *q) = rotate((*p, *q), *angle);
    }
}

#[inline(always)]
fn softmax_body(scores: &mut [f32], scale: f32) {
    // Loops over lanes, not closures over arrays: those are not compiled for the wider instructions, and call the C library
    // for every multiply-add.
    let (eights, rest) = scores.as_chunks_mut::<LANES>();
    let mut most = [f32::NEG_INFINITY; LANES];
    for eight in eights.iter_mut() {
        for (most, score) in most.iter_mut().zip(eight) {
            *score *= scale;
            *most = if *score > *most { *score } else { *most };
        }
    }
    let mut largest = f32::NEG_INFINITY;
    for score in rest.iter_mut() {
        *score *= scale;
        largest = largest.max(*score);
    }
    for most in most {
        largest = largest.max(most);
    }
    let mut sum = 0.0_f64;
    for eight in eights {
        for score in eight.iter_mut() {
            *score = exp(*score - largest);
        }
        sum += f64::from(sum_lanes(*eight));
    }
    // The rest counts as a vector of eight whose other lanes are zero.
    let mut last = [0.0; LANES];
    for (lane, score) in last.iter_mut().zip(rest) {
        *score = exp(*score - largest);
        *lane = *score;
    }
    sum += f64::from(sum_lanes(last));
    let inverse = (1.0 / sum) as f32;
    for score in scores {
        *score *= inverse;
    }
}

#[inline(always)]
fn swiglu_body(gate: &mut [f32], up: &[f32]) {
    for (g, u) in gate.iter_mut().zip(up) {
        *g = *g / (1.0 + exp(-*g)) * u;
    }
}

#[inline(always)]
fn squared_relu_body(gate: &mut [f32], up: &[f32]) {
    for (g, u) in gate.iter_mut().zip(up) {
        let positive = g.max(0.0);
        *g = positive * positive * u;
    }
}

/// e^x to within 2 units in the last place: x = n·ln 2 + b, and a polynomial for e^b − 1.
///
/// Reduction constants and coefficients are those of Arm's optimized routines (`expf`, vector form), which ggml uses too;
/// with another polynomial the last bits, and with them int8 roundings and in the end words, would differ.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Adding it leaves the nearest integer in the low bits of the mantissa.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = f32::from_bits(0x3F31_7200);
    const LN_2_LOW: f32 = f32::from_bits(0x35BF_BE8E);
    const C: [f32; 5] = [
        f32::from_bits(0x3F7F_FFF6),
        f32::from_bits(0x3EFF_FEDB),
        f32::from_bits(0x3E2A_AF33),
        f32::from_bits(0x3D2B_9F17),
        f32::from_bits(0x3C07_2010),
    ];
    let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let b = (-n).mul_add(LN_2_LOW, (-n).mul_add(LN_2_HIGH, x));
    let square = b * b;
    let high = C[4].mul_add(b, C[3]).mul_add(square, C[2].mul_add(b, C[1]));
    let less_one = high.mul_add(square, C[0] * b);
    // 2^n as a product of two, so that results below the normal range keep their bits.
    let exponent = shifted.to_bits() << 23;
    let ordinary = f32::from_bits(exponent.wrapping_add(1.0_f32.to_bits()));
    let below = if n <= 0.0 { 0x8200_0000_u32 } else { 0 };
    let first = f32::from_bits(below.wrapping_add(0x7F00_0000));
    let second = f32::from_bits(exponent.wrapping_sub(below));
    // All three are computed and one is taken: without branches the compiler does eight at once.
    let size = n.abs();
    let (usual, edge, beyond) =
        (ordinary.mul_add(less_one, ordinary), second.mul_add(less_one, second) * first, first * first);
    let near = if size > 126.0 { edge } else { usual };
    if size > 192.0 { beyond } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_within_two_units_in_the_last_place() {
        for i in -10_300..8_800 {
            let x = i as f32 / 100.0;
            let (ours, exact) = (f64::from(exp(x)), f64::from(x).exp());
            let unit = f64::from(f32::EPSILON) * exact.max(f64::from(f32::MIN_POSITIVE));
            assert!((ours - exact).abs() <= 2.0 * unit, "exp({x}) = {ours}, not {exact}");
        }
        assert_eq!((exp(200.0), exp(-200.0), exp(0.0)), (f32::INFINITY, 0.0, 1.0));
    }

    #[test]
    fn softmax_of_any_length_sums_to_one() {
        for len in [1, 7, 8, 9, 40] {
            let mut scores: Vec<f32> = (0..len).map(|i| (i * 7 % 5) as f32).collect();
            softmax(Isa::Scalar, &mut scores, 0.5);
            let sum: f32 = scores.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{len}: {sum}");
        }
    }

    #[test]
    fn squared_relu_lets_only_open_gates_through() {
        for isa in Isa::available() {
            let mut gate = [-2.0, 0.0, 0.5, 3.0];
            squared_relu_glu(isa, &mut gate, &[5.0, 5.0, 4.0, -1.0]);
            assert_eq!(gate, [0.0, 0.0, 1.0, -9.0]);
        }
    }

    #[test]
    fn a_norm_brings_the_mean_square_to_one() {
        for len in [1, 8, 19, 64] {
            let x: Vec<f32> = (0..len).map(|i| (i * 5 % 7) as f32 + 0.5).collect();
            let mut out = vec![0.0; len];
            for isa in Isa::available() {
                rms_norm(isa, &x, &vec![2.0; len], 0.0, &mut out);
                let mean = out.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / len as f64;
                assert!((mean - 4.0).abs() < 1e-5, "{len}: {mean}");
            }
        }
    }

    #[test]
    fn turning_keeps_lengths_and_takes_the_pairs_it_should() {
        let angles = [(0.6, 0.8), (0.0, 1.0)];
        for isa in Isa::available() {
            let (mut near, mut far) = ([1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 4.0]);
            rotate_neighbours(isa, &mut near, &angles);
            rotate_halves(isa, &mut far, &angles);
            assert_eq!(near, [far[0], far[2], far[1], far[3]]);
            assert!((near[0] - -1.0).abs() < 1e-6 && (near[1] - 2.0).abs() < 1e-6, "{near:?}");
            assert_eq!((near[2], near[3]), (-4.0, 3.0));
        }
    }
}
