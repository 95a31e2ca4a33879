//! Codes of one group of a tile as bytes, [group / 4, tile_rows, 4]: what the batched products multiply, and what the
//! scalar twin reads.
//!
//! Done once for all vectors of a batch, so its cost is shared by them.

use super::layout::{PackedLayout, PackedMatrix, code_in_step};
use crate::isa::Isa;

/// Codes of one group of a tile, by the best means.
pub(crate) fn group_codes(isa: Isa, matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    assert_eq!(out.len(), matrix.shape.tile_rows() * matrix.shape.group, "out must be [group / 4, tile_rows, 4]");
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2; `tile_codes` has checked the tile, and `out` is long enough.
        Isa::Avx2 if isa.is_available() => unsafe { group_avx2(matrix, tile, group, out) },
        #[cfg(target_arch = "aarch64")]
        // SAFETY: the guard asks the machine for NEON.
        Isa::Neon | Isa::NeonDot if isa.is_available() => unsafe {
            match matrix.shape.layout {
                PackedLayout::Triples => super::neon::unpack_triples(matrix, tile, group, out),
                _ => super::neon::unpack(matrix, tile, group, out),
            }
        },
        _ => group_scalar(matrix, tile, group, out),
    }
}

/// Scalar form for every layout.
pub(crate) fn group_scalar(matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    let shape = matrix.shape;
    let rows = shape.tile_rows();
    let steps = shape.group / shape.step_columns();
    let codes = &matrix.tile_codes(tile)[group * steps * shape.step_bytes()..][..steps * shape.step_bytes()];
    for (step, out) in codes.chunks_exact(shape.step_bytes()).zip(out.chunks_exact_mut(rows * shape.step_columns())) {
        for row in 0..rows {
            for column in 0..shape.step_columns() {
                out[column / 4 * rows * 4 + row * 4 + column % 4] = code_in_step(&shape, step, row, column) as i8;
            }
        }
    }
}

/// The eight codes (two vectors: first and second four columns) of rows 8v..8v + 8 of a step of the multiply-add layout.
///
/// # Safety
/// The machine must have AVX2; `step` points to a whole step of a tile of `P` planes, and v < 4.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
pub(crate) unsafe fn step_codes_avx2<const P: usize>(step: *const u8, v: usize) -> [std::arch::x86_64::__m256i; 2] {
    use std::arch::x86_64::*;
    // SAFETY: a step has 32 · P bytes: 128 of nibbles, then P = 5: 32, P = 6: 64 of high bits, or P = 8: 256 of bytes.
    unsafe {
        if P == 8 {
            let at = step.add(32 * v).cast::<__m256i>();
            return [_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(4))];
        }
        let low_nibbles = _mm256_set1_epi8(15);
        let both = _mm256_loadu_si256(step.add(32 * v).cast());
        let low = _mm256_and_si256(both, low_nibbles);
        let high = _mm256_and_si256(_mm256_srli_epi16::<4>(both), low_nibbles);
        if P == 4 {
            return [low, high];
        }
        // Bits above the fourth: shifted to where they count, counts as in `PackedShape::high_at`.
        let (at, first, mask) = if P == 5 { (128, 2 * v, 0x10) } else { (128 + v / 2 * 32, v % 2 * 4, 0x30) };
        let bits = _mm256_loadu_si256(step.add(at).cast());
        let mask = _mm256_set1_epi8(mask);
        let placed = |shift: usize| {
            let count = _mm_cvtsi32_si128((shift as i32 - 4).abs());
            // Within 16 bits; what crosses from byte to byte is masked away.
            let moved = if shift < 4 { _mm256_sll_epi16(bits, count) } else { _mm256_srl_epi16(bits, count) };
            _mm256_and_si256(moved, mask)
        };
        let next = if P == 5 { 1 } else { 2 };
        [_mm256_or_si256(low, placed(first)), _mm256_or_si256(high, placed(first + next))]
    }
}

/// As [`group_scalar`].
///
/// # Safety
/// The machine must have AVX2; `tile` and `group` exist, and `out` holds tile_rows · group bytes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
pub(crate) unsafe fn group_avx2(matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    // SAFETY: passed on from this function's conditions, and the planes are the matrix's.
    unsafe {
        match (matrix.shape.layout, matrix.shape.planes) {
            (PackedLayout::Triples, _) => super::triples::unpack_avx2(matrix, tile, group, out),
            (PackedLayout::Lookup, 1) => planes_avx2::<1>(matrix, tile, group, out),
            (PackedLayout::Lookup, 2) => planes_avx2::<2>(matrix, tile, group, out),
            (PackedLayout::Lookup, 3) => planes_avx2::<3>(matrix, tile, group, out),
            (PackedLayout::Lookup, _) => planes_avx2::<4>(matrix, tile, group, out),
            (PackedLayout::MultiplyAdd, 4) => steps_avx2::<4>(matrix, tile, group, out),
            (PackedLayout::MultiplyAdd, 5) => steps_avx2::<5>(matrix, tile, group, out),
            (PackedLayout::MultiplyAdd, 6) => steps_avx2::<6>(matrix, tile, group, out),
            (PackedLayout::MultiplyAdd, _) => steps_avx2::<8>(matrix, tile, group, out),
        }
    }
}

/// # Safety
/// As [`group_avx2`], for a matrix in the multiply-add layout with `P` planes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn steps_avx2<const P: usize>(matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    use std::arch::x86_64::*;
    let steps = matrix.shape.group / 8;
    let codes = &matrix.tile_codes(tile)[group * steps * 32 * P..][..steps * 32 * P];
    for (step, out) in codes.chunks_exact(32 * P).zip(out.chunks_exact_mut(256)) {
        for v in 0..4 {
            // SAFETY: `step` is a whole step; both stores lie inside 256 bytes.
            unsafe {
                let [first, second] = step_codes_avx2::<P>(step.as_ptr(), v);
                let to = out.as_mut_ptr().cast::<__m256i>().add(v);
                _mm256_storeu_si256(to, first);
                _mm256_storeu_si256(to.add(4), second);
            }
        }
    }
}

/// # Safety
/// As [`group_avx2`], for a matrix in the lookup layout with `P` planes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn planes_avx2<const P: usize>(matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let steps = shape.group / 8;
    let codes = &matrix.tile_codes(tile)[group * steps * 64 * P..][..steps * 64 * P];
    // Bit of columns 0–3, then 4–7, of each byte of four.
    let bits = [_mm256_set1_epi32(0x0804_0201), _mm256_set1_epi32(0x8040_2010_u32 as i32)];
    for (step, out) in codes.chunks_exact(64 * P).zip(out.chunks_exact_mut(512)) {
        let mut row_bytes = [[0_u8; 64]; P];
        for (plane, bytes) in row_bytes.iter_mut().enumerate() {
            for (row, byte) in bytes.iter_mut().enumerate() {
                *byte = step[shape.plane_at(row, plane)];
            }
        }
        for v in 0..8 {
            let mut codes = [_mm256_setzero_si256(); 2];
            for (plane, bytes) in row_bytes.iter().enumerate() {
                // SAFETY: eight bytes of 64 are read.
                let rows = unsafe { _mm_loadl_epi64(bytes.as_ptr().add(v * 8).cast()) };
                // Each row's byte four times over.
                let spread = _mm256_mullo_epi32(_mm256_cvtepu8_epi32(rows), _mm256_set1_epi32(0x0101_0101));
                let value = _mm256_set1_epi8(1 << plane);
                for (code, bit) in codes.iter_mut().zip(bits) {
                    let is_set = _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), bit);
                    *code = _mm256_or_si256(*code, _mm256_and_si256(is_set, value));
                }
            }
            // SAFETY: both stores lie inside 512 bytes.
            unsafe {
                let to = out.as_mut_ptr().cast::<__m256i>().add(v);
                _mm256_storeu_si256(to, codes[0]);
                _mm256_storeu_si256(to.add(8), codes[1]);
            }
        }
    }
}
