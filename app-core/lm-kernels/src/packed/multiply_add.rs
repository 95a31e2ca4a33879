//! Products of four-bit codes with int8 inputs by multiply-add: what wins over lookups at this width on AVX2.
//!
//! Rows lie in the 32-bit lanes, so no sum ever crosses lanes. Both variants do the same integer sums and the same fused
//! operations in the same order.

use super::layout::{PackedLayout, PackedMatrix};
use super::lookup::values_at;
use super::tables::Int8Groups;
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Rows of a tile.
const TILE: usize = 32;

/// `out[r] = Σ_k weights[r, k] · x[k]` with x in int8.
///
/// # Panics
/// When the matrix is not in the multiply-add layout, or shapes or groups do not fit.
pub fn multiply_add_gemv(pool: &Pool, isa: Isa, matrix: &PackedMatrix, x: &Int8Groups, out: &mut [f32]) {
    let shape = matrix.shape;
    assert_eq!(shape.layout, PackedLayout::MultiplyAdd, "the matrix is laid out for another kernel");
    assert_eq!((x.columns, x.group), (shape.columns, shape.group), "inputs of another shape");
    assert_eq!(out.len(), shape.rows, "out must be [rows]");
    let target = SharedMut(out.as_mut_ptr());
    pool.run(shape.tiles(), &|tile| {
        let mut sums = [0.0_f32; TILE];
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2 and FMA; shapes were checked above.
            Isa::Avx2 if isa.is_available() => unsafe { tile_avx2(matrix, x, tile, &mut sums) },
            _ => tile_scalar(matrix, x, tile, &mut sums),
        }
        for (row, sum) in (tile * TILE..shape.rows).zip(sums) {
            // SAFETY: `row` is inside `out`, belongs to this tile only, and each tile runs once.
            unsafe { *target.get().add(row) = sum };
        }
    });
}

/// One row's share of one group.
#[inline(always)]
fn add_group(sum: f32, acc: i32, x: &Int8Groups, group: usize, scale: f32, minimum: f32) -> f32 {
    let value = acc as f32 * x.scales[group];
    minimum.mul_add(x.sums[group], value.mul_add(scale, sum))
}

fn tile_scalar(matrix: &PackedMatrix, x: &Int8Groups, tile: usize, sums: &mut [f32; TILE]) {
    let shape = matrix.shape;
    let codes = &matrix.codes[tile * shape.tile_bytes()..][..shape.tile_bytes()];
    let steps = shape.group / 8;
    for (row, sum) in sums.iter_mut().enumerate() {
        for group in 0..shape.groups() {
            let mut acc = 0_i32;
            for step in group * steps..(group + 1) * steps {
                let bytes = &codes[step * shape.step_bytes() + shape.nibbles_at(row)..][..4];
                for (i, byte) in bytes.iter().enumerate() {
                    acc += i32::from(byte & 15) * i32::from(x.quants[step * 8 + i]);
                    acc += i32::from(byte >> 4) * i32::from(x.quants[step * 8 + 4 + i]);
                }
            }
            let at = (tile * shape.groups() + group) * TILE + row;
            *sum = add_group(*sum, acc, x, group, matrix.scales.get(at), matrix.minimums.get(at));
        }
    }
}

/// # Safety
/// The machine must have AVX2 and FMA; `matrix` is in the multiply-add layout, and `x` has its columns and group.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn tile_avx2(matrix: &PackedMatrix, x: &Int8Groups, tile: usize, sums: &mut [f32; TILE]) {
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let groups = shape.groups();
    let low_nibbles = _mm256_set1_epi8(15);
    let ones = _mm256_set1_epi16(1);
    let mut next = matrix.codes[tile * shape.tile_bytes()..][..shape.tile_bytes()].as_ptr();
    let mut inputs = x.quants.as_ptr();
    for group in 0..groups {
        // [rows 8 by 8], 32 bits a row.
        let mut totals = [_mm256_setzero_si256(); 4];
        for _ in 0..shape.group / 32 {
            // 16 bits, two a row: at most 8 products of 15 · 127 · 2, which is below 2^15.
            let mut narrow = [_mm256_setzero_si256(); 4];
            for _ in 0..4 {
                // SAFETY: `next` walks over the tile's bytes once, 128 a step; `inputs` over the padded inputs, 8 a step.
                unsafe {
                    let low_x = _mm256_set1_epi32(inputs.cast::<i32>().read_unaligned());
                    let high_x = _mm256_set1_epi32(inputs.add(4).cast::<i32>().read_unaligned());
                    inputs = inputs.add(8);
                    for sum in &mut narrow {
                        let codes = _mm256_loadu_si256(next.cast());
                        next = next.add(32);
                        let low = _mm256_and_si256(codes, low_nibbles);
                        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(codes), low_nibbles);
                        *sum = _mm256_add_epi16(*sum, _mm256_maddubs_epi16(low, low_x));
                        *sum = _mm256_add_epi16(*sum, _mm256_maddubs_epi16(high, high_x));
                    }
                }
            }
            for (total, sum) in totals.iter_mut().zip(narrow) {
                *total = _mm256_add_epi32(*total, _mm256_madd_epi16(sum, ones));
            }
        }
        let mut acc = [0_i32; TILE];
        for (total, acc) in totals.iter().zip(acc.as_chunks_mut::<8>().0) {
            // SAFETY: `acc` holds eight integers.
            unsafe { _mm256_storeu_si256(acc.as_mut_ptr().cast(), *total) };
        }
        let at = (tile * groups + group) * TILE;
        let (mut scales, mut minimums) = ([0.0; TILE], [0.0; TILE]);
        values_at(&matrix.scales, at, &mut scales);
        values_at(&matrix.minimums, at, &mut minimums);
        for row in 0..TILE {
            sums[row] = add_group(sums[row], acc[row], x, group, scales[row], minimums[row]);
        }
    }
}
