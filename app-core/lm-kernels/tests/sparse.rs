//! Sparse products: the surviving inputs are the largest, every variant equals scalar to the bit, and the sum is exact.

use proptest::prelude::*;
use reme_lm_kernels::{
    ColumnMatrix, Isa, Keep, PackedLayout, PackedMatrix, PackedShape, Pool, SparseBlock, SparseInputs, sparse_gemm,
    sparse_gemv,
};

fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    }
}

fn inputs(columns: usize, seed: u64) -> Vec<f32> {
    let mut next = numbers(seed);
    (0..columns).map(|_| next() as f32 / (1_u64 << 30) as f32 - 1.0).collect()
}

/// A ternary matrix with one scale a row, and its codes less one.
fn ternary(rows: usize, columns: usize, seed: u64) -> (PackedMatrix, Vec<i32>) {
    let mut next = numbers(seed);
    let shape = PackedShape { rows, columns, group: 96, planes: 2, layout: PackedLayout::Triples };
    let codes: Vec<u8> = (0..rows * columns).map(|_| (next() % 3) as u8).collect();
    let scales: Vec<f32> = (0..rows).flat_map(|r| vec![0.25 + (r % 3) as f32 / 4.0; shape.groups()]).collect();
    let minimums: Vec<f32> = scales.iter().map(|scale| -scale).collect();
    let weights = codes.iter().map(|code| i32::from(*code) - 1).collect();
    (PackedMatrix::from_codes(shape, &codes, &scales, &minimums), weights)
}

fn keeps() -> impl Strategy<Value = Keep> {
    prop_oneof![(0_usize..600).prop_map(Keep::Largest), (0.0_f32..1.2).prop_map(Keep::Above)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_variant_gives_the_exact_sum_of_what_survived(
        rows in 1_usize..700, columns in 1_usize..500, keep in keeps(), seed in any::<u64>()
    ) {
        let (matrix, weights) = ternary(rows, columns, seed);
        let x = inputs(columns, seed ^ 1);
        let mut sparse = SparseInputs::default();
        sparse.fill(Isa::Scalar, &x, keep);
        // int8 by the largest magnitude, then what survived.
        let largest = x.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        let mut kept = x.clone();
        sparse.mask(&mut kept);
        let quant = |v: f32| (v * (127.0 / largest)).round_ties_even() as i32;
        let exact: Vec<f32> = (0..rows)
            .map(|r| {
                let row = &weights[r * columns..][..columns];
                let sum: i32 = row.iter().zip(&kept).map(|(w, v)| w * quant(*v)).sum();
                sum as f32 * (largest / 127.0) * (0.25 + (r % 3) as f32 / 4.0)
            })
            .collect();
        for isa in Isa::available() {
            for threads in [1, 2] {
                let pool = Pool::new(threads);
                let by_columns = ColumnMatrix::of(&pool, isa, &matrix).expect("in triples");
                let mut same = SparseInputs::default();
                same.fill(isa, &x, keep);
                let mut out = vec![0.0; rows];
                sparse_gemv(&pool, isa, &by_columns, &same, &mut out);
                prop_assert_eq!(&out, &exact, "{:?}, {} threads", isa, threads);
            }
        }
    }

    #[test]
    fn the_largest_survive(columns in 1_usize..900, count in 0_usize..900, seed in any::<u64>()) {
        let x = inputs(columns, seed);
        let mut sparse = SparseInputs::default();
        sparse.fill(Isa::detect(), &x, Keep::Largest(count));
        let mut kept = x.clone();
        sparse.mask(&mut kept);
        prop_assert!(sparse.kept() <= count);
        // Of those dropped none is larger than the smallest kept, but by less than one step of int8.
        let step = x.iter().fold(0.0_f32, |m, v| m.max(v.abs())) / 127.0;
        let smallest = kept.iter().filter(|v| **v != 0.0).fold(f32::INFINITY, |m, v| m.min(v.abs()));
        let dropped = x.iter().zip(&kept).filter(|(_, k)| **k == 0.0).fold(0.0_f32, |m, (v, _)| m.max(v.abs()));
        if sparse.kept() == count {
            prop_assert!(dropped <= smallest + step, "{} dropped, {} kept", dropped, smallest);
        } else {
            // Fewer than asked for only when the rest are zeros in int8.
            prop_assert!(dropped <= 0.5001 * step, "{} dropped", dropped);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_block_of_tokens_shares_the_columns_of_the_largest_sums_and_its_products_are_exact(
        rows in 1_usize..300, columns in 1_usize..400, tokens in 1_usize..9, count in 0_usize..450, seed in any::<u64>()
    ) {
        let (matrix, weights) = ternary(rows, columns, seed);
        let mut x = inputs(columns * tokens, seed ^ 1);
        // Some columns are zero throughout.
        x.chunks_exact_mut(columns).for_each(|vector| vector.iter_mut().step_by(5).for_each(|value| *value = 0.0));
        let scale = |vector: &[f32]| vector.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        let quants: Vec<Vec<i32>> = x
            .chunks_exact(columns)
            .map(|vector| {
                let largest = scale(vector);
                let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
                vector.iter().map(|value| (value * inverse).round_ties_even() as i32).collect()
            })
            .collect();
        // By sorting: the largest sums of magnitudes, of equals the first.
        let size = |column: usize| quants.iter().map(|quants| quants[column].abs()).sum::<i32>();
        let mut by_size: Vec<usize> = (0..columns).filter(|column| size(*column) > 0).collect();
        by_size.sort_by_key(|column| -size(*column));
        by_size.truncate(count);
        by_size.sort_unstable();
        let exact: Vec<f32> = quants
            .iter()
            .zip(x.chunks_exact(columns))
            .flat_map(|(quants, vector)| {
                let (by_size, weights) = (&by_size, &weights);
                (0..rows).map(move |r| {
                    let sum: i32 = by_size.iter().map(|c| weights[r * columns + c] * quants[*c]).sum();
                    sum as f32 * (scale(vector) / 127.0) * (0.25 + (r % 3) as f32 / 4.0)
                })
            })
            .collect();
        for isa in Isa::available() {
            for threads in [1, 2] {
                let pool = Pool::new(threads);
                let by_columns = ColumnMatrix::of(&pool, isa, &matrix).expect("in triples");
                let mut block = SparseBlock::default();
                block.fill(isa, &x, columns, count);
                let kept: Vec<usize> = block.kept().iter().map(|column| *column as usize).collect();
                prop_assert_eq!(&kept, &by_size, "{:?}", isa);
                let mut out = vec![9.0; tokens * rows];
                sparse_gemm(&pool, isa, &by_columns, &block, &mut out);
                prop_assert_eq!(&out, &exact, "{:?}, {} threads", isa, threads);
            }
        }
    }
}

#[test]
fn a_full_block_of_the_largest_values_does_not_overflow_the_narrow_sums() {
    let (rows, columns, tokens) = (130, 1024, SparseBlock::MOST_TOKENS);
    let shape = PackedShape { rows, columns, group: 96, planes: 2, layout: PackedLayout::Triples };
    let scales = vec![1.0; rows * shape.groups()];
    let minimums = vec![-1.0; rows * shape.groups()];
    let matrix = PackedMatrix::from_codes(shape, &vec![2; rows * columns], &scales, &minimums);
    for isa in Isa::available() {
        let x: Vec<f32> = (0..tokens * columns).map(|i| if i / columns % 2 == 0 { 2.0 } else { -2.0 }).collect();
        let mut block = SparseBlock::default();
        block.fill(isa, &x, columns, columns);
        let mut out = vec![0.0; tokens * rows];
        let by_columns = ColumnMatrix::of(&Pool::new(1), isa, &matrix).expect("in triples");
        sparse_gemm(&Pool::new(1), isa, &by_columns, &block, &mut out);
        for (token, out) in out.chunks_exact(rows).enumerate() {
            let exact = if token % 2 == 0 { 2048.0 } else { -2048.0 };
            assert!(out.iter().all(|y: &f32| (y - exact).abs() < 0.3), "{isa:?}: {}", out[0]);
        }
    }
}

#[test]
fn columns_of_the_largest_values_do_not_overflow_the_narrow_sums() {
    let (rows, columns) = (300, 4096);
    let shape = PackedShape { rows, columns, group: 96, planes: 2, layout: PackedLayout::Triples };
    let scales = vec![1.0; rows * shape.groups()];
    let minimums = vec![-1.0; rows * shape.groups()];
    let matrix = PackedMatrix::from_codes(shape, &vec![2; rows * columns], &scales, &minimums);
    for sign in [1.0, -1.0] {
        for isa in Isa::available() {
            let mut x = SparseInputs::default();
            x.fill(isa, &vec![sign * 2.0; columns], Keep::Largest(columns));
            let mut out = vec![0.0; rows];
            sparse_gemv(
                &Pool::new(1),
                isa,
                &ColumnMatrix::of(&Pool::new(1), isa, &matrix).expect("in triples"),
                &x,
                &mut out,
            );
            assert!(out.iter().all(|y| (y - sign * 8192.0).abs() < 1.0), "{isa:?}: {}", out[0]);
        }
    }
}

#[test]
fn a_matrix_in_another_layout_has_no_columns() {
    let shape = PackedShape { rows: 4, columns: 32, group: 32, planes: 4, layout: PackedLayout::MultiplyAdd };
    let matrix = PackedMatrix::from_codes(shape, &[1; 128], &[1.0; 4], &[0.0; 4]);
    assert!(ColumnMatrix::of(&Pool::new(1), Isa::detect(), &matrix).is_none());
}
