//! Products by table lookup (T-MAC, arXiv 2407.00088): no weight is ever dequantised, and almost nothing multiplied.
//!
//! Per row and group: Σ over planes and tables of `entry << plane`, in integers; then scale, step and minimum once. Both
//! variants do the same integer sums and the same fused operations in the same order.

use super::layout::{PackedLayout, PackedMatrix};
use super::tables::LookupTables;
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Rows of a tile.
const TILE: usize = 64;
/// How many bytes ahead of the sums codes are asked for, into the second-level cache: of 2 to 32 KiB and both caches, this
/// was the quickest from memory (docs/decisions/0008-low-bit-runtime.md).
#[cfg(target_arch = "x86_64")]
pub(crate) const AHEAD: usize = 16384;

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
            #[cfg(target_arch = "aarch64")]
            Isa::Neon | Isa::NeonDot if isa.is_available() => tile_neon(matrix, tables, tile, &mut sums),
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
    let codes = matrix.tile_codes(tile);
    let (scales, minimums) = matrix.values();
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
            let at = matrix.value_index(tile, group, row);
            let scale = scales.get(at, 0.0);
            let minimum = minimums.get(at, scale);
            *sum = add_group(*sum, acc, tables, group, shape.planes, scale, minimum);
        }
    }
}

#[cfg(target_arch = "aarch64")]
fn tile_neon(matrix: &PackedMatrix, tables: &LookupTables, tile: usize, sums: &mut [f32; TILE]) {
    let shape = matrix.shape;
    let (scales, minimums) = matrix.values();
    let groups = matrix.tile_codes(tile).chunks_exact(shape.group / 8 * shape.step_bytes());
    let mut found = [0_u16; 256];
    for (group, (codes, entries)) in groups.zip(tables.entries.chunks_exact(shape.group / 4)).enumerate() {
        // SAFETY: the caller has asked the machine for NEON.
        unsafe { super::neon::lookup_sums(codes, shape.step_bytes(), entries, &mut found) };
        for (row, sum) in sums.iter_mut().enumerate() {
            let acc = (0..shape.planes).map(|plane| i32::from(found[shape.plane_at(row, plane)]) << plane).sum();
            let at = matrix.value_index(tile, group, row);
            let scale = scales.get(at, 0.0);
            *sum = add_group(*sum, acc, tables, group, shape.planes, scale, minimums.get(at, scale));
        }
    }
}

/// # Safety
/// The machine must have AVX2, FMA and F16C; `matrix` has `P` planes, and `tables` were built for its columns and group.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn tile_avx2<const P: usize>(matrix: &PackedMatrix, tables: &LookupTables, tile: usize, sums: &mut [f32; TILE]) {
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let (groups, steps) = (shape.groups(), shape.group / 8);
    let (scales, minimums) = matrix.values();
    let low_nibbles = _mm256_set1_epi8(15);
    let (first, second) = (_mm256_set1_epi16(0x0201), _mm256_set1_epi16(0x0804));
    let weights = [first, second];
    let groups_ahead = AHEAD.div_ceil(steps * 64 * P);
    let mut next = matrix.tile_codes(tile).as_ptr();
    for group in 0..groups {
        // [pairs of planes, rows 16 by 16], 16 bits a row; pair 1 is already weighed by 4.
        let mut pairs = [[_mm256_setzero_si256(); 4]; 2];
        let soon = matrix.value_index(tile, group + groups_ahead, 0);
        scales.prefetch(soon, TILE);
        minimums.prefetch(soon, TILE);
        // The lone plane: [rows 32 by 32] of (odd + 256 · even bytes modulo 2^16, odd bytes).
        let mut lone = [[_mm256_setzero_si256(); 2]; 2];
        for step in group * steps..(group + 1) * steps {
            // SAFETY: `next` walks over the tile's bytes once: step_bytes = 64 · P a step, in vectors of 32; tables hold
            // two entries of 16 bytes a step. The prefetch may name any address.
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
                for line in 0..P {
                    _mm_prefetch::<_MM_HINT_T1>(next.wrapping_add(AHEAD + 64 * line).cast());
                }
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
        // Rows of a vector of 32: even bytes the first 16, odd bytes the others.
        let even = lone.map(|[mixed, odd]| _mm256_sub_epi16(mixed, _mm256_slli_epi16::<8>(odd)));
        let lone = [even[0], lone[0][1], even[1], lone[1][1]];
        let offset = _mm256_set1_epi32(tables.offsets[group] * ((1 << P) - 1));
        let (step, sum_of_x) = (_mm256_set1_ps(tables.steps[group]), _mm256_set1_ps(tables.sums[group]));
        for (eight, sum) in sums.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            let widen = |sixteen: __m256i| {
                let half = if eight % 2 == 0 {
                    _mm256_castsi256_si128(sixteen)
                } else {
                    _mm256_extracti128_si256::<1>(sixteen)
                };
                _mm256_cvtepu16_epi32(half)
            };
            let mut acc = _mm256_sub_epi32(_mm256_setzero_si256(), offset);
            for pair in &pairs[..P / 2] {
                acc = _mm256_add_epi32(acc, widen(pair[eight / 2]));
            }
            if P % 2 == 1 {
                let shifted = _mm256_sll_epi32(widen(lone[eight / 2]), _mm_cvtsi32_si128(P as i32 - 1));
                acc = _mm256_add_epi32(acc, shifted);
            }
            let value = _mm256_mul_ps(_mm256_cvtepi32_ps(acc), step);
            let at = matrix.value_index(tile, group, eight * 8);
            // SAFETY: every tile has values for all its rows; `sum` holds eight floats.
            unsafe {
                let scale = scales.get8_avx2(at, _mm256_setzero_ps());
                let minimum = minimums.get8_avx2(at, scale);
                let before = _mm256_loadu_ps(sum.as_ptr());
                let after = _mm256_fmadd_ps(minimum, sum_of_x, _mm256_fmadd_ps(value, scale, before));
                _mm256_storeu_ps(sum.as_mut_ptr(), after);
            }
        }
    }
}
