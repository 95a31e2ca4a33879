//! Products by table lookup (T-MAC, arXiv 2407.00088): no weight is ever dequantised, and almost nothing multiplied.
//!
//! Per row and group: Σ over planes and tables of `entry << plane`, in integers; then scale, step and minimum once. Both
//! variants do the same integer sums and the same fused operations in the same order.

use super::layout::{GroupValues, PackedLayout, PackedMatrix};
use super::tables::LookupTables;
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Rows of a tile.
const TILE: usize = 64;

/// `out[r] ≈ Σ_k weights[r, k] · x[k]` with the tables of x.
///
/// # Panics
/// When the matrix is not in the lookup layout, or shapes or groups do not fit.
pub fn lookup_gemv(pool: &Pool, isa: Isa, matrix: &PackedMatrix, tables: &LookupTables, out: &mut [f32]) {
    let shape = matrix.shape;
    assert_eq!(shape.layout, PackedLayout::Lookup, "the matrix is laid out for another kernel");
    assert_eq!((tables.columns, tables.group), (shape.columns, shape.group), "tables of another shape");
    assert_eq!(out.len(), shape.rows, "out must be [rows]");
    let target = SharedMut(out.as_mut_ptr());
    pool.run(shape.tiles(), &|tile| {
        let mut sums = [0.0_f32; TILE];
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2 and FMA; shapes were checked above.
            Isa::Avx2 if isa.is_available() => unsafe {
                match shape.planes {
                    1 => tile_avx2::<1>(matrix, tables, tile, &mut sums),
                    2 => tile_avx2::<2>(matrix, tables, tile, &mut sums),
                    3 => tile_avx2::<3>(matrix, tables, tile, &mut sums),
                    _ => tile_avx2::<4>(matrix, tables, tile, &mut sums),
                }
            },
            _ => tile_scalar(matrix, tables, tile, &mut sums),
        }
        for (row, sum) in (tile * TILE..shape.rows).zip(sums) {
            // SAFETY: `row` is inside `out`, belongs to this tile only, and each tile runs once.
            unsafe { *target.get().add(row) = sum };
        }
    });
}

/// One row's share of one group: `acc` is the integer sum over planes.
#[inline(always)]
fn add_group(sum: f32, acc: i32, tables: &LookupTables, group: usize, planes: usize, scale: f32, minimum: f32) -> f32 {
    let whole = acc - tables.offsets[group] * ((1 << planes) - 1);
    let value = whole as f32 * tables.steps[group];
    minimum.mul_add(tables.sums[group], value.mul_add(scale, sum))
}

fn tile_scalar(matrix: &PackedMatrix, tables: &LookupTables, tile: usize, sums: &mut [f32; TILE]) {
    let shape = matrix.shape;
    let codes = &matrix.codes[tile * shape.tile_bytes()..][..shape.tile_bytes()];
    let steps = shape.group / 8;
    for (row, sum) in sums.iter_mut().enumerate() {
        for group in 0..shape.groups() {
            let mut acc = 0_i32;
            for step in group * steps..(group + 1) * steps {
                let bytes = &codes[step * shape.step_bytes()..][..shape.step_bytes()];
                for plane in 0..shape.planes {
                    let index = usize::from(bytes[shape.plane_at(row, plane)]);
                    let low = tables.entries[2 * step][index & 15];
                    let high = tables.entries[2 * step + 1][index >> 4];
                    acc += (i32::from(low) + i32::from(high)) << plane;
                }
            }
            let at = (tile * shape.groups() + group) * TILE + row;
            let (scale, minimum) = (matrix.scales.get(at), matrix.minimums.get(at));
            *sum = add_group(*sum, acc, tables, group, shape.planes, scale, minimum);
        }
    }
}

/// # Safety
/// The machine must have AVX2 and FMA; `matrix` has `P` planes, and `tables` were built for its columns and group.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn tile_avx2<const P: usize>(matrix: &PackedMatrix, tables: &LookupTables, tile: usize, sums: &mut [f32; TILE]) {
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let (groups, steps) = (shape.groups(), shape.group / 8);
    let low_nibbles = _mm256_set1_epi8(15);
    let (first, second) = (_mm256_set1_epi16(0x0201), _mm256_set1_epi16(0x0804));
    let weights = [first, second];
    let mut next = matrix.codes[tile * shape.tile_bytes()..][..shape.tile_bytes()].as_ptr();
    for group in 0..groups {
        // [pairs of planes, rows 16 by 16], 16 bits a row; pair 1 is already weighed by 4.
        let mut pairs = [[_mm256_setzero_si256(); 4]; 2];
        // The lone plane: [rows 32 by 32] of (odd + 256 · even bytes modulo 2^16, odd bytes).
        let mut lone = [[_mm256_setzero_si256(); 2]; 2];
        for step in group * steps..(group + 1) * steps {
            // SAFETY: `next` walks over the tile's bytes once: step_bytes = 64 · P a step, in vectors of 32; tables hold
            // two entries of 16 bytes a step.
            unsafe {
                let table = tables.entries.as_ptr().add(2 * step).cast();
                let table_low = _mm256_broadcastsi128_si256(_mm_loadu_si128(table));
                let table_high = _mm256_broadcastsi128_si256(_mm_loadu_si128(table.add(1)));
                let look_up = |index: __m256i| {
                    let low = _mm256_shuffle_epi8(table_low, _mm256_and_si256(index, low_nibbles));
                    let shifted = _mm256_and_si256(_mm256_srli_epi16::<4>(index), low_nibbles);
                    // Two entries of 7 bits: no carry.
                    _mm256_add_epi8(low, _mm256_shuffle_epi8(table_high, shifted))
                };
                for pair in 0..P / 2 {
                    for acc in &mut pairs[pair] {
                        let both = look_up(_mm256_loadu_si256(next.cast()));
                        // ≤ 254 · (4 + 8) a step and 16 steps at most: below 2^16, and read as unsigned.
                        *acc = _mm256_add_epi16(*acc, _mm256_maddubs_epi16(both, weights[pair]));
                        next = next.add(32);
                    }
                }
                if P % 2 == 1 {
                    for [mixed, odd] in &mut lone {
                        let both = look_up(_mm256_loadu_si256(next.cast()));
                        *mixed = _mm256_add_epi16(*mixed, both);
                        *odd = _mm256_add_epi16(*odd, _mm256_srli_epi16::<8>(both));
                        next = next.add(32);
                    }
                }
            }
        }
        let mut acc = [0_i32; TILE];
        for pair in &pairs[..P / 2] {
            widen(pair, 0, &mut acc);
        }
        if P % 2 == 1 {
            let even = lone.map(|[mixed, odd]| _mm256_sub_epi16(mixed, _mm256_slli_epi16::<8>(odd)));
            // Rows of a vector of 32: even bytes the first 16, odd bytes the others.
            widen(&[even[0], lone[0][1], even[1], lone[1][1]], P as i32 - 1, &mut acc);
        }
        let at = (tile * groups + group) * TILE;
        let (mut scales, mut minimums) = ([0.0; TILE], [0.0; TILE]);
        values_at(&matrix.scales, at, &mut scales);
        values_at(&matrix.minimums, at, &mut minimums);
        for row in 0..TILE {
            sums[row] = add_group(sums[row], acc[row], tables, group, P, scales[row], minimums[row]);
        }
    }
}

/// Adds 64 unsigned 16-bit sums, shifted, to `acc`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn widen(sums: &[std::arch::x86_64::__m256i; 4], shift: i32, acc: &mut [i32; TILE]) {
    use std::arch::x86_64::*;
    for (vector, acc) in sums.iter().zip(acc.as_chunks_mut::<16>().0) {
        let mut halves = [0_u16; 16];
        // SAFETY: `halves` holds 16 values of 16 bits.
        unsafe { _mm256_storeu_si256(halves.as_mut_ptr().cast(), *vector) };
        for (acc, half) in acc.iter_mut().zip(halves) {
            *acc += i32::from(half) << shift;
        }
    }
}

/// The values of one group of a tile.
#[inline(always)]
pub(crate) fn values_at<const N: usize>(values: &GroupValues, at: usize, out: &mut [f32; N]) {
    match values {
        GroupValues::Half(halves) => {
            for (value, half) in out.iter_mut().zip(&halves[at..at + N]) {
                *value = crate::float::f16_to_f32(*half);
            }
        }
        GroupValues::Single(singles) => out.copy_from_slice(&singles[at..at + N]),
    }
}
