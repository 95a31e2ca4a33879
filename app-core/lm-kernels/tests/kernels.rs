//! Every available instruction set equals the scalar path bit for bit, and every type stays inside its error budget
//! against a plain double-precision product of the dequantised weights.

use proptest::prelude::*;
use reme_lm_kernels::{
    Activations, Isa, Pool, QuantType, add_scaled, dequantise_row, dot_f32, f32_to_f16, matmul, rms_norm,
    rotate_halves, rotate_neighbours, softmax, swiglu,
};

/// Bytes of random blocks whose half-precision scales are finite and of ordinary size.
fn random_rows(quant_type: QuantType, rows: usize, columns: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let blocks = rows * columns / quant_type.block_len();
    let mut bytes = Vec::new();
    for _ in 0..blocks {
        let start = bytes.len();
        bytes.extend((0..quant_type.block_bytes()).map(|_| (next() >> 24) as u8));
        let mut unit = || (next() % 2000) as f32 / 1000.0 - 1.0;
        if quant_type == QuantType::F32 {
            bytes[start..].copy_from_slice(&unit().to_le_bytes());
            continue;
        }
        if quant_type == QuantType::BF16 {
            bytes[start..].copy_from_slice(&unit().to_le_bytes()[2..]);
            continue;
        }
        let halves: &[usize] = match quant_type {
            QuantType::Q4_1 | QuantType::Q5_1 | QuantType::Q4_K | QuantType::Q5_K => &[0, 2],
            QuantType::Q6_K => &[208],
            _ => &[0],
        };
        for at in halves {
            bytes[start + at..start + at + 2].copy_from_slice(&f32_to_f16(unit() * 0.05).to_le_bytes());
        }
    }
    bytes
}

fn product(isa: Isa, quant_type: QuantType, rows: &[u8], x: &Activations, n_rows: usize, threads: usize) -> Vec<f32> {
    let mut out = vec![0.0; x.tokens() * n_rows];
    matmul(&Pool::new(threads), isa, quant_type, rows, x, &mut out);
    out
}

/// Largest relative error (against Σ|w·x|) allowed to int8 activations; float types only lose rounding.
fn budget(quant_type: QuantType) -> f64 {
    match quant_type {
        QuantType::F32 | QuantType::BF16 => 1e-6,
        QuantType::F16 => 1e-3,
        _ => 6e-3,
    }
}

/// The types that are read in place.
fn plain_types() -> Vec<QuantType> {
    QuantType::ALL.into_iter().filter(|t| t.has_plain_kernel()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_variant_equals_scalar_and_stays_in_its_error_budget(
        type_index in 0..plain_types().len(), n_rows in 1_usize..9, blocks in 1_usize..4, tokens in 1_usize..7,
        seed in any::<u64>(), values in proptest::collection::vec(-4.0_f32..4.0, 7 * 768),
    ) {
        let quant_type = plain_types()[type_index];
        let columns = blocks * 256;
        let rows = random_rows(quant_type, n_rows, columns, seed);
        let values = &values[..tokens * columns];
        let x = Activations::quantise(values, tokens, columns, quant_type.activation_format());
        let scalar = product(Isa::Scalar, quant_type, &rows, &x, n_rows, 1);
        for isa in Isa::available() {
            let other = product(isa, quant_type, &rows, &x, n_rows, 1);
            prop_assert_eq!(scalar.iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
                other.iter().map(|v| v.to_bits()).collect::<Vec<_>>(), "{:?} {}", isa, quant_type);
        }
        let mut weights = vec![0.0_f32; columns];
        for (r, row) in rows.chunks_exact(quant_type.row_bytes(columns).unwrap()).enumerate() {
            dequantise_row(quant_type, row, &mut weights);
            for t in 0..tokens {
                let terms = weights.iter().zip(&values[t * columns..]).map(|(w, v)| f64::from(*w) * f64::from(*v));
                let (exact, size) = terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()));
                let error = (f64::from(scalar[t * n_rows + r]) - exact).abs();
                prop_assert!(error <= budget(quant_type) * size + 1e-6, "{} error {} of {}", quant_type, error, size);
            }
        }
    }

    #[test]
    fn float_kernels_equal_scalar(a in proptest::collection::vec(-4.0_f32..4.0, 1..100), factor in -2.0_f32..2.0) {
        let b: Vec<f32> = a.iter().rev().copied().collect();
        for isa in Isa::available() {
            prop_assert_eq!(dot_f32(isa, &a, &b).to_bits(), dot_f32(Isa::Scalar, &a, &b).to_bits());
            let (mut left, mut right) = (a.clone(), a.clone());
            add_scaled(isa, &mut left, &b, factor);
            add_scaled(Isa::Scalar, &mut right, &b, factor);
            prop_assert_eq!(&left, &right);
            swiglu(isa, &mut left, &b);
            swiglu(Isa::Scalar, &mut right, &b);
            prop_assert_eq!(&left, &right);
            softmax(isa, &mut left, factor);
            softmax(Isa::Scalar, &mut right, factor);
            prop_assert_eq!(&left, &right);
            rms_norm(isa, &a, &b, 1e-5, &mut left);
            rms_norm(Isa::Scalar, &a, &b, 1e-5, &mut right);
            prop_assert_eq!(&left, &right);
            let angles: Vec<(f32, f32)> = a.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            for rotate in [rotate_neighbours, rotate_halves] {
                rotate(isa, &mut left, &angles);
                rotate(Isa::Scalar, &mut right, &angles);
                prop_assert_eq!(&left, &right);
            }
        }
    }
}

#[test]
fn two_threads_give_the_same_products_as_one() {
    let (n_rows, columns, tokens) = (300, 512, 37);
    let rows = random_rows(QuantType::Q5_0, n_rows, columns, 9);
    let values: Vec<f32> = (0..tokens * columns).map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0).collect();
    let x = Activations::quantise(&values, tokens, columns, QuantType::Q5_0.activation_format());
    let one = product(Isa::detect(), QuantType::Q5_0, &rows, &x, n_rows, 1);
    assert_eq!(one, product(Isa::detect(), QuantType::Q5_0, &rows, &x, n_rows, 2));
}

#[test]
fn hand_made_blocks_dequantise_to_the_documented_order() {
    // Q4_1: scale 2, minimum 1, byte i has low nibble i and high nibble 15 - i.
    let mut q4_1 = vec![0x00, 0x40, 0x00, 0x3C];
    q4_1.extend((0..16_u8).map(|i| i | ((15 - i) << 4)));
    let mut out = [0.0; 32];
    dequantise_row(QuantType::Q4_1, &q4_1, &mut out);
    assert_eq!((out[0], out[3], out[16], out[31]), (1.0, 7.0, 31.0, 1.0));

    // Q5_0: scale 1, all nibbles 0, fifth bit only of weights 1 and 31.
    let mut q5_0 = vec![0x00, 0x3C, 0b10, 0, 0, 0x80];
    q5_0.extend([0_u8; 16]);
    dequantise_row(QuantType::Q5_0, &q5_0, &mut out);
    assert_eq!((out[0], out[1], out[30], out[31]), (-16.0, 0.0, -16.0, 0.0));
}
