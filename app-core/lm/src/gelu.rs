//! The Gaussian error linear unit by its tangent (Hendrycks & Gimpel 2016), on the kernel that SwiGLU has.
//!
//! ½x(1 + tanh u) = x / (1 + exp(−2u)) with u = √(2/π)(x + 0.044715x³). SwiGLU gives g / (1 + exp(−g)) · f, so with g = 2u
//! and f = x / 2u, which has no pole, it is the same function, with the same fast exponential.

use reme_lm_kernels::{Isa, swiglu};

/// 2√(2/π)
const TWICE_ROOT: f32 = 1.595_769;
/// Weight of the cube.
const CUBE: f32 = 0.044_715;

/// `x` becomes gelu(x); `factors` is left with anything.
pub(crate) fn gelu(isa: Isa, x: &mut [f32], factors: &mut Vec<f32>) {
    factors.clear();
    factors.resize(x.len(), 1.0);
    geglu(isa, x, factors);
}

/// `gate` becomes gelu(gate) · up (Shazeer 2020); `up` is left with anything.
pub(crate) fn geglu(isa: Isa, gate: &mut [f32], up: &mut [f32]) {
    for (g, u) in gate.iter_mut().zip(up.iter_mut()) {
        let slope = TWICE_ROOT * (1.0 + CUBE * *g * *g);
        *g *= slope;
        *u /= slope;
    }
    swiglu(isa, gate, up);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_function_of_its_formula() {
        for x in [-100.0_f32, -6.0, -1.5, -1e-3, 0.0, 1e-6, 0.7, 3.0, 40.0] {
            let u = f64::from(x) * (2.0 / std::f64::consts::PI).sqrt() * (1.0 + 0.044_715 * f64::from(x).powi(2));
            let exact = 0.5 * f64::from(x) * (1.0 + u.tanh());
            let (mut gate, mut up) = ([x], [2.0]);
            geglu(Isa::Scalar, &mut gate, &mut up);
            assert!((f64::from(gate[0]) - 2.0 * exact).abs() <= 1e-6 * exact.abs().max(1.0), "{x}: {gate:?}, {exact}");
        }
    }
}
