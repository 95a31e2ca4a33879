//! Packed weights: codes come back as they went in, GGUF values are kept, every variant equals scalar to the bit, and
//! products stay inside the error table below.

use proptest::prelude::*;
use reme_lm_kernels::{
    Activations, Int8Groups, Isa, Layouts, LookupTables, PackedLayout, PackedMatrix, PackedShape, Pool, QuantType,
    TripleTables, dequantise_row, f32_to_f16, lookup_gemv, multiply_add, triple_gemv,
};

/// A deterministic stream of numbers.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn unit(&mut self) -> f32 {
        self.next() as f32 / (1_u64 << 30) as f32 - 1.0
    }
}

/// A random matrix: packed, and as plain weights [rows, columns]. Ternary when `planes` is 0.
fn random(shape: PackedShape, is_ternary: bool, seed: u64) -> (PackedMatrix, Vec<u8>, Vec<f32>) {
    let mut numbers = Numbers(seed);
    let is_ternary = is_ternary || shape.layout == PackedLayout::Triples;
    let most = if is_ternary { 3 } else { 1 << shape.planes };
    let codes: Vec<u8> = (0..shape.rows * shape.columns).map(|_| (numbers.next() % most) as u8).collect();
    let groups = shape.rows * shape.groups();
    let mut scales: Vec<f32> = (0..groups).map(|_| 0.01 + 0.02 * numbers.unit().abs()).collect();
    if shape.layout == PackedLayout::Triples {
        scales.chunks_exact_mut(shape.groups()).enumerate().for_each(|(r, row)| row.fill(0.25 + (r % 7) as f32 / 8.0));
    }
    // Centred codes, as weights are; ternary exactly −1, 0, 1.
    let centre = match (is_ternary, shape.planes) {
        (true, _) => 1.0,
        (_, 8) => 0.0,
        _ => (most as f32 - 1.0) / 2.0,
    };
    let minimums: Vec<f32> = scales.iter().map(|s| -s * centre).collect();
    let weights = (0..codes.len())
        .map(|i| {
            let group = i / shape.columns * shape.groups() + i % shape.columns / shape.group;
            let code = if shape.planes == 8 { f32::from(codes[i] as i8) } else { f32::from(codes[i]) };
            scales[group] * code + minimums[group]
        })
        .collect();
    (PackedMatrix::from_codes(shape, &codes, &scales, &minimums), codes, weights)
}

fn inputs(columns: usize, seed: u64) -> Vec<f32> {
    let mut numbers = Numbers(seed ^ 99);
    // A sum of four is near a normal distribution, which activations resemble.
    (0..columns).map(|_| (0..4).map(|_| numbers.unit()).sum()).collect()
}

fn product(pool: &Pool, isa: Isa, matrix: &PackedMatrix, x: &[f32]) -> Vec<f32> {
    let shape = matrix.shape();
    let mut out = vec![0.0; shape.rows];
    match shape.layout {
        PackedLayout::Lookup => {
            let mut tables = LookupTables::default();
            tables.fill(isa, x, shape.group);
            lookup_gemv(pool, isa, matrix, &tables, &mut out);
        }
        PackedLayout::MultiplyAdd => multiply_add(pool, isa, matrix, &Int8Groups::of(x, shape.group), &mut out),
        PackedLayout::Triples => {
            let mut tables = TripleTables::default();
            tables.fill(isa, x);
            triple_gemv(pool, isa, matrix, &tables, &mut out);
        }
    }
    out
}

/// ‖ours − exact‖ / ‖exact‖ over all rows.
fn relative_error(ours: &[f32], weights: &[f32], x: &[f32]) -> f64 {
    let (mut wrong, mut size) = (0.0, 0.0);
    for (row, value) in weights.chunks_exact(x.len()).zip(ours) {
        let exact: f64 = row.iter().zip(x).map(|(w, v)| f64::from(*w) * f64::from(*v)).sum();
        wrong += (exact - f64::from(*value)).powi(2);
        size += exact * exact;
    }
    (wrong / size).sqrt()
}

fn shapes() -> impl Strategy<Value = PackedShape> {
    let group = prop_oneof![Just(16_usize), Just(32), Just(64), Just(128)];
    let form = prop_oneof![
        (1_usize..5).prop_map(|planes| (planes, PackedLayout::Lookup)),
        prop_oneof![Just(4_usize), Just(5), Just(6), Just(8)].prop_map(|planes| (planes, PackedLayout::MultiplyAdd)),
        Just((2, PackedLayout::Triples)),
    ];
    (1_usize..140, 1_usize..400, group, form).prop_map(|(rows, columns, group, (planes, layout))| {
        let group = if layout == PackedLayout::Triples { 96 } else { group };
        PackedShape { rows, columns, group, planes, layout }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_variant_equals_scalar_to_the_bit_and_rows_come_back(shape in shapes(), seed in any::<u64>()) {
        let (matrix, _, weights) = random(shape, false, seed);
        let mut row = vec![0.0; shape.columns];
        for r in [0, shape.rows / 2, shape.rows - 1] {
            matrix.row(r, &mut row);
            for (back, weight) in row.iter().zip(&weights[r * shape.columns..]) {
                prop_assert!((back - weight).abs() <= 1e-6, "row {}: {} {}", r, back, weight);
            }
        }
        let x = inputs(shape.columns, seed);
        let bits = |isa, threads| -> Vec<u32> {
            product(&Pool::new(threads), isa, &matrix, &x).into_iter().map(f32::to_bits).collect()
        };
        let scalar = bits(Isa::Scalar, 1);
        for isa in Isa::available() {
            prop_assert_eq!(&scalar, &bits(isa, 1), "{:?} {:?}", isa, shape);
        }
        prop_assert_eq!(&scalar, &bits(Isa::detect(), 2));
    }

    #[test]
    fn a_batch_gives_every_vector_what_it_gets_alone(shape in shapes(), tokens in 1_usize..6, seed in any::<u64>()) {
        let (matrix, _, _) = random(shape, false, seed);
        let x = inputs(shape.columns * tokens, seed);
        let batch = |isa, threads| {
            let (mut groups, mut out) = (Int8Groups::default(), vec![0.0; tokens * shape.rows]);
            groups.fill(isa, &x, shape.columns, shape.group);
            multiply_add(&Pool::new(threads), isa, &matrix, &groups, &mut out);
            out.into_iter().map(f32::to_bits).collect::<Vec<_>>()
        };
        let scalar = batch(Isa::Scalar, 1);
        for isa in Isa::available() {
            prop_assert_eq!(&scalar, &batch(isa, 2), "{:?} {:?}", isa, shape);
            for (vector, together) in x.chunks_exact(shape.columns).zip(scalar.chunks_exact(shape.rows)) {
                let mut alone = vec![0.0; shape.rows];
                multiply_add(&Pool::new(1), isa, &matrix, &Int8Groups::of(vector, shape.group), &mut alone);
                prop_assert_eq!(together, &alone.into_iter().map(f32::to_bits).collect::<Vec<_>>()[..]);
            }
        }
    }
}

#[test]
fn products_stay_inside_the_error_table() {
    // (planes, ternary, layout, group, largest relative error). Measured values stand in docs/decisions/0008-low-bit-runtime.md.
    use PackedLayout::{Lookup, MultiplyAdd, Triples};
    for (planes, is_ternary, layout, group, most) in [
        (1, false, Lookup, 32, 0.015),
        (1, false, Lookup, 128, 0.02),
        (2, true, Lookup, 32, 0.015),
        (2, true, Lookup, 128, 0.02),
        (2, true, Triples, 96, 0.015),
        (2, false, Lookup, 64, 0.015),
        (3, false, Lookup, 64, 0.015),
        (4, false, Lookup, 32, 0.015),
        (4, false, MultiplyAdd, 32, 0.01),
        (4, false, MultiplyAdd, 128, 0.01),
        (5, false, MultiplyAdd, 32, 0.01),
        (6, false, MultiplyAdd, 16, 0.01),
        (8, false, MultiplyAdd, 32, 0.01),
    ] {
        let shape = PackedShape { rows: 256, columns: 1024, group, planes, layout };
        let (matrix, _, weights) = random(shape, is_ternary, 5);
        let x = inputs(shape.columns, 6);
        let error = relative_error(&product(&Pool::new(1), Isa::detect(), &matrix, &x), &weights, &x);
        println!("{planes} planes, ternary {is_ternary}, {layout:?}, group {group}: {error:.4}");
        assert!(error <= most, "{shape:?}: {error} of {most}");
    }
}

#[test]
fn gguf_weights_keep_their_values_when_packed() {
    let (rows, columns) = (70, 512);
    let mut numbers = Numbers(3);
    for quant_type in QuantType::ALL.into_iter().filter(|t| t.block_len() > 1 && t.has_plain_kernel()) {
        let row_bytes = quant_type.row_bytes(columns).expect("whole blocks");
        let mut bytes: Vec<u8> = (0..rows * row_bytes).map(|_| numbers.next() as u8).collect();
        for block in bytes.chunks_exact_mut(quant_type.block_bytes()) {
            let halves: &[usize] = match quant_type {
                QuantType::Q6_K => &[208],
                QuantType::Q4_0 | QuantType::Q5_0 | QuantType::Q8_0 => &[0],
                _ => &[0, 2],
            };
            for at in halves {
                block[*at..at + 2].copy_from_slice(&f32_to_f16(numbers.unit() * 0.05).to_le_bytes());
            }
        }
        for layout in [PackedLayout::Lookup, PackedLayout::MultiplyAdd] {
            let layouts = Layouts { four_bits: layout, ..Layouts::default() };
            let matrix =
                PackedMatrix::from_gguf(&Pool::new(2), quant_type, &bytes, columns, layouts).expect("no float");
            let (mut ours, mut theirs) = (vec![0.0; columns], vec![0.0; columns]);
            for (r, row) in bytes.chunks_exact(row_bytes).enumerate() {
                matrix.row(r, &mut ours);
                dequantise_row(quant_type, row, &mut theirs);
                assert_eq!(ours, theirs, "{quant_type} row {r}");
            }
            let x = inputs(columns, 8);
            let packed = product(&Pool::new(1), Isa::detect(), &matrix, &x);
            let mut plain = vec![0.0; rows];
            let quantised = Activations::quantise(&x, 1, columns, quant_type.activation_format());
            reme_lm_kernels::matmul(&Pool::new(1), Isa::detect(), quant_type, &bytes, &quantised, &mut plain);
            let size = plain.iter().map(|v| v.abs()).fold(0.0, f32::max);
            for (a, b) in packed.iter().zip(&plain) {
                assert!((a - b).abs() <= 0.03 * size, "{quant_type} {layout:?}: {a} {b}");
            }
        }
        assert!(PackedMatrix::from_gguf(&Pool::new(1), QuantType::F16, &[], 32, Layouts::default()).is_none());
    }
}

#[test]
fn lookups_with_steps_of_a_unit_equal_scalar_to_the_bit() {
    let (rows, columns) = (70, 768);
    let layouts = Layouts { four_bits: PackedLayout::Lookup, ..Layouts::default() };
    let mut numbers = Numbers(5);
    for (quant_type, halves) in
        [(QuantType::Q2_K, &[80, 82][..]), (QuantType::Q3_K, &[108]), (QuantType::Q4_K, &[0, 2])]
    {
        let row_bytes = quant_type.row_bytes(columns).expect("whole blocks");
        let mut bytes: Vec<u8> = (0..rows * row_bytes).map(|_| numbers.next() as u8).collect();
        for block in bytes.chunks_exact_mut(quant_type.block_bytes()) {
            for at in halves {
                block[*at..at + 2].copy_from_slice(&f32_to_f16(numbers.unit() * 0.05).to_le_bytes());
            }
        }
        let matrix = PackedMatrix::from_gguf(&Pool::new(1), quant_type, &bytes, columns, layouts).expect("no float");
        assert_eq!(matrix.shape().layout, PackedLayout::Lookup);
        let x = inputs(columns, 9);
        let scalar = product(&Pool::new(1), Isa::Scalar, &matrix, &x);
        for isa in Isa::available() {
            let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&scalar), bits(&product(&Pool::new(2), isa, &matrix, &x)), "{quant_type} {isa:?}");
        }
        let mut weights = vec![0.0; rows * columns];
        weights.chunks_exact_mut(columns).enumerate().for_each(|(r, row)| matrix.row(r, row));
        let error = relative_error(&scalar, &weights, &x);
        assert!(error < 0.02, "{quant_type}: {error}");
    }
}

#[test]
fn blocks_read_as_the_gguf_library_reads_them() {
    // Two blocks each with the values that ggml's own Python library gives (package gguf, `gguf.quants.dequantize`).
    let mut data = &include_bytes!("data/gguf_blocks.bin")[..];
    use QuantType::{Q2_K, Q3_K, Q5_K, Q6_K, TQ1_0, TQ2_0};
    for quant_type in [Q2_K, Q3_K, TQ1_0, TQ2_0, Q5_K, Q6_K] {
        let (blocks, rest) = data.split_at(2 * quant_type.block_bytes());
        let (floats, rest) = rest.split_at(2 * 256 * 4);
        data = rest;
        let matrix =
            PackedMatrix::from_gguf(&Pool::new(1), quant_type, blocks, 512, Layouts::default()).expect("no float");
        let mut ours = vec![0.0; 512];
        matrix.row(0, &mut ours);
        for (i, (a, b)) in ours.iter().zip(floats.as_chunks::<4>().0).enumerate() {
            let b = f32::from_le_bytes(*b);
            assert!((a - b).abs() <= 1e-6 * b.abs().max(1e-3), "{quant_type} weight {i}: {a}, not {b}");
        }
    }
    assert!(data.is_empty());
}

#[test]
fn large_inputs_do_not_overflow_the_narrow_sums() {
    // All codes and all table entries at their largest, in the longest group.
    for (planes, layout) in [
        (1, PackedLayout::Lookup),
        (2, PackedLayout::Lookup),
        (3, PackedLayout::Lookup),
        (4, PackedLayout::Lookup),
        (4, PackedLayout::MultiplyAdd),
        (5, PackedLayout::MultiplyAdd),
        (6, PackedLayout::MultiplyAdd),
        (8, PackedLayout::MultiplyAdd),
    ] {
        let shape = PackedShape { rows: 64, columns: 256, group: 128, planes, layout };
        let code = if planes == 8 { 127 } else { (1_u8 << planes) - 1 };
        let matrix = PackedMatrix::from_codes(shape, &vec![code; 64 * 256], &[1.0; 128], &[0.0; 128]);
        for sign in [1.0, -1.0] {
            let out = product(&Pool::new(1), Isa::detect(), &matrix, &vec![sign * 3.0; 256]);
            let exact = sign * 3.0 * 256.0 * f32::from(code);
            assert!(out.iter().all(|y| (y - exact).abs() < exact.abs() * 1e-3), "{planes} {layout:?}: {}", out[0]);
            let (mut groups, mut batch) = (Int8Groups::default(), vec![0.0; 3 * 64]);
            groups.fill(Isa::detect(), &[sign * 3.0; 768], 256, 128);
            multiply_add(&Pool::new(1), Isa::detect(), &matrix, &groups, &mut batch);
            assert!(batch.iter().all(|y| (y - exact).abs() < exact.abs() * 1e-3), "{planes} {layout:?}: {}", batch[0]);
        }
    }
}
