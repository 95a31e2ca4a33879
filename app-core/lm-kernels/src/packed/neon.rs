//! The packed kernels on NEON, with the dot-product instruction and without. They make the integer sums of a group; scales,
//! steps and minimums are then applied by the scalar twins' own functions, so every variant is equal to the bit.
//!
//! In the flow: called by the kernels of each layout for one tile. No product here is timed on a phone; correctness is held
//! under an emulator (`cargo xtask arm`).

use std::arch::aarch64::*;

use super::layout::{PackedLayout, PackedMatrix, PackedShape};
use crate::neon::{add_dots, bytes_at};

/// Bytes of a step of the lookup layout with four planes: the most there are.
const MOST_STEP_BYTES: usize = 256;
/// Rows of a tile of the multiply-add layout.
const TILE: usize = 32;

/// Σ over the steps of a group of the two entries each byte of a step looks up, [step bytes], without offsets.
#[target_feature(enable = "neon")]
pub(crate) fn lookup_sums(codes: &[u8], step_bytes: usize, entries: &[[u8; 16]], sums: &mut [u16; MOST_STEP_BYTES]) {
    let mut acc = [[vdupq_n_u16(0); 2]; MOST_STEP_BYTES / 16];
    for (step, tables) in codes.chunks_exact(step_bytes).zip(entries.as_chunks::<2>().0) {
        // SAFETY: a table has 16 bytes.
        let [low_table, high_table] = tables.each_ref().map(|table| unsafe { vld1q_u8(table.as_ptr()) });
        for (bytes, [low, high]) in step.as_chunks::<16>().0.iter().zip(&mut acc) {
            // SAFETY: 16 bytes are read.
            let index = unsafe { vld1q_u8(bytes.as_ptr()) };
            let found = vqtbl1q_u8(low_table, vandq_u8(index, vdupq_n_u8(15)));
            // Two entries of 7 bits: no carry.
            let both = vaddq_u8(found, vqtbl1q_u8(high_table, vshrq_n_u8::<4>(index)));
            *low = vaddw_u8(*low, vget_low_u8(both));
            *high = vaddw_high_u8(*high, both);
        }
    }
    for (vectors, sums) in acc.iter().zip(sums.as_chunks_mut::<16>().0) {
        // SAFETY: 16 sums are written.
        unsafe {
            vst1q_u16(sums.as_mut_ptr(), vectors[0]);
            vst1q_u16(sums.as_mut_ptr().add(8), vectors[1]);
        }
    }
}

/// Σ over the steps of a group of what each byte of the block's index vectors found, signs applied: `block` is the first byte
/// of 32 rows in the group's first step, `step_bytes` apart from the next; [32] in the order of the bytes.
#[target_feature(enable = "neon")]
pub(crate) fn triple_sums(codes: &[u8], block: usize, step_bytes: usize, entries: &[[i8; 16]], sums: &mut [i16; 32]) {
    for half in 0..2 {
        let mut acc = [vdupq_n_s16(0); 2];
        for (step, tables) in codes.chunks_exact(step_bytes).zip(entries.as_chunks::<8>().0) {
            let bytes = &step[block + half * 16..block + half * 16 + 144];
            // SAFETY: signs, then four times 32 bytes; of each the half that is ours: 4 · 32 + 16 bytes are there.
            let vector = |i: usize| unsafe { vld1q_u8(bytes.as_ptr().add(i * 32)) };
            let signs = vector(0);
            let turned = |triple: usize, index: uint8x16_t| {
                // SAFETY: a table has 16 bytes.
                let found = vqtbl1q_s8(unsafe { vld1q_s8(tables[triple].as_ptr()) }, index);
                let is_negative = vreinterpretq_s8_u8(vtstq_u8(signs, vdupq_n_u8(1 << triple)));
                vsubq_s8(veorq_s8(found, is_negative), is_negative)
            };
            for j in 0..4 {
                let index = vector(1 + j);
                let low = turned(2 * j, vandq_u8(index, vdupq_n_u8(15)));
                // ±63 each: no carry.
                let both = vaddq_s8(low, turned(2 * j + 1, vshrq_n_u8::<4>(index)));
                acc[0] = vaddw_s8(acc[0], vget_low_s8(both));
                acc[1] = vaddw_high_s8(acc[1], both);
            }
        }
        // SAFETY: 16 sums of this half are written.
        unsafe {
            vst1q_s16(sums.as_mut_ptr().add(half * 16), acc[0]);
            vst1q_s16(sums.as_mut_ptr().add(half * 16 + 8), acc[1]);
        }
    }
}

/// The eight codes (first and second four columns) of rows 4q..4q + 4 of a step of the multiply-add layout.
#[target_feature(enable = "neon")]
#[inline]
fn step_codes(shape: &PackedShape, step: &[u8], q: usize) -> [int8x16_t; 2] {
    let at = |start: usize| {
        let bytes = &step[start..start + 16];
        // SAFETY: 16 bytes are there.
        unsafe { vld1q_u8(bytes.as_ptr()) }
    };
    if shape.planes == 8 {
        return [at(16 * q), at(128 + 16 * q)].map(|codes| vreinterpretq_s8_u8(codes));
    }
    let both = at(16 * q);
    let nibbles = [vandq_u8(both, vdupq_n_u8(15)), vshrq_n_u8::<4>(both)];
    if shape.planes == 4 {
        return nibbles.map(|codes| vreinterpretq_s8_u8(codes));
    }
    [0, 1].map(|half| {
        let (byte, shift, mask) = shape.high_at(4 * q, 4 * half);
        let bits = vandq_u8(vshlq_u8(at(byte), vdupq_n_s8(-(shift as i8))), vdupq_n_u8(mask));
        vreinterpretq_s8_u8(vorrq_u8(nibbles[half], vshlq_n_u8::<4>(bits)))
    })
}

/// Σ codes · quants of one group of a tile of the multiply-add layout and one vector, row by row.
#[target_feature(enable = "neon")]
pub(crate) fn group_sums<const DOT: bool>(shape: &PackedShape, codes: &[u8], quants: &[i8]) -> [i32; TILE] {
    let mut acc = [vdupq_n_s32(0); TILE / 4];
    for (step, eight) in codes.chunks_exact(shape.step_bytes()).zip(quants.as_chunks::<8>().0) {
        let x = [0, 4].map(|first| four_times(&eight[first..]));
        for (q, acc) in acc.iter_mut().enumerate() {
            let [first, second] = step_codes(shape, step, q);
            *acc = add_dots::<DOT>(add_dots::<DOT>(*acc, first, x[0]), second, x[1]);
        }
    }
    stored(acc)
}

/// Σ codes · quants of 32 rows from `first_row` on of a group unpacked to [quads, rows, 4] and one vector.
#[target_feature(enable = "neon")]
pub(crate) fn unpacked_sums<const DOT: bool>(
    codes: &[i8],
    rows: usize,
    first_row: usize,
    quants: &[i8],
) -> [i32; TILE] {
    let mut acc = [vdupq_n_s32(0); TILE / 4];
    for (codes, quad) in codes.chunks_exact(rows * 4).zip(quants.chunks_exact(4)) {
        let x = four_times(quad);
        for (q, acc) in acc.iter_mut().enumerate() {
            *acc = add_dots::<DOT>(*acc, bytes_at(codes, (first_row + 4 * q) * 4), x);
        }
    }
    stored(acc)
}

/// The first four bytes, four times over.
#[target_feature(enable = "neon")]
#[inline]
fn four_times(quants: &[i8]) -> int8x16_t {
    let four = [quants[0], quants[1], quants[2], quants[3]].map(|quant| quant as u8);
    vreinterpretq_s8_s32(vdupq_n_s32(i32::from_le_bytes(four)))
}

#[target_feature(enable = "neon")]
#[inline]
fn stored(acc: [int32x4_t; TILE / 4]) -> [i32; TILE] {
    let mut sums = [0; TILE];
    for (sums, acc) in sums.as_chunks_mut::<4>().0.iter_mut().zip(acc) {
        // SAFETY: four sums are written.
        unsafe { vst1q_s32(sums.as_mut_ptr(), acc) };
    }
    sums
}

/// Codes of one group of a tile as bytes, [group / 4, tile_rows, 4], of the multiply-add and the lookup layout.
#[target_feature(enable = "neon")]
pub(crate) fn unpack(matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    let shape = matrix.shape;
    let (rows, steps) = (shape.tile_rows(), shape.group / 8);
    let codes = &matrix.tile_codes(tile)[group * steps * shape.step_bytes()..][..steps * shape.step_bytes()];
    for (step, out) in codes.chunks_exact(shape.step_bytes()).zip(out.chunks_exact_mut(rows * 8)) {
        let (first, second) = out.split_at_mut(rows * 4);
        let places = first.as_chunks_mut::<16>().0.iter_mut().zip(second.as_chunks_mut::<16>().0);
        for (q, (first, second)) in places.enumerate() {
            let codes = match shape.layout {
                PackedLayout::Lookup => plane_codes(&shape, step, q),
                _ => step_codes(&shape, step, q),
            };
            // SAFETY: 16 bytes are written to each.
            unsafe {
                vst1q_s8(first.as_mut_ptr(), codes[0]);
                vst1q_s8(second.as_mut_ptr(), codes[1]);
            }
        }
    }
}

/// As [`unpack`], by threes.
#[target_feature(enable = "neon")]
pub(crate) fn unpack_triples(matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    use super::triples::{BLOCK, BLOCK_BYTES, DIGITS, GROUP, STEP_BYTES, STEP_COLUMNS, TILE as ROWS};
    let bytes = GROUP / STEP_COLUMNS * STEP_BYTES;
    let codes = &matrix.tile_codes(tile)[group * bytes..][..bytes];
    // SAFETY: a table has 16 bytes.
    let digits = unsafe { [0, 1, 2].map(|place: usize| vld1q_s8(DIGITS[place].as_ptr())) };
    let mut columns = [vdupq_n_s8(0); STEP_COLUMNS];
    for (step, out) in codes.as_chunks::<STEP_BYTES>().0.iter().zip(out.chunks_exact_mut(STEP_COLUMNS * ROWS)) {
        for (block, step) in step.as_chunks::<BLOCK_BYTES>().0.iter().enumerate() {
            for half in 0..2 {
                // Rows of the first half of a block lie in even bytes, those of the second in odd ones.
                let vector = |i: usize| {
                    // SAFETY: a block has five times 32 bytes.
                    let uint8x16x2_t(even, odd) = unsafe { vld2q_u8(step.as_ptr().add(i * BLOCK)) };
                    if half == 0 { even } else { odd }
                };
                let signs = vector(0);
                for (triple, three) in columns.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                    let both = vector(1 + triple / 2);
                    let index = if triple % 2 == 0 { vandq_u8(both, vdupq_n_u8(15)) } else { vshrq_n_u8::<4>(both) };
                    let is_negative = vreinterpretq_s8_u8(vtstq_u8(signs, vdupq_n_u8(1 << triple)));
                    for (code, digits) in three.iter_mut().zip(digits) {
                        let digit = vqtbl1q_s8(digits, index);
                        *code = vaddq_s8(vsubq_s8(veorq_s8(digit, is_negative), is_negative), vdupq_n_s8(1));
                    }
                }
                for (quad, fours) in columns.as_chunks::<4>().0.iter().enumerate() {
                    let to = &mut out[(quad * ROWS + block * BLOCK + half * 16) * 4..][..64];
                    // SAFETY: 64 bytes are written, four codes of 16 rows.
                    unsafe { vst4q_s8(to.as_mut_ptr(), int8x16x4_t(fours[0], fours[1], fours[2], fours[3])) };
                }
            }
        }
    }
}

/// As [`step_codes`], lookup layout.
#[target_feature(enable = "neon")]
#[inline]
fn plane_codes(shape: &PackedShape, step: &[u8], q: usize) -> [int8x16_t; 2] {
    let mut codes = [vdupq_n_u8(0); 2];
    for plane in 0..shape.planes {
        // Each row's byte four times over.
        let bytes: [u8; 16] = std::array::from_fn(|i| step[shape.plane_at(4 * q + i / 4, plane)]);
        // SAFETY: 16 bytes are read.
        let bytes = unsafe { vld1q_u8(bytes.as_ptr()) };
        for (code, bits) in codes.iter_mut().zip([0x0804_0201, 0x8040_2010]) {
            let is_set = vtstq_u8(bytes, vreinterpretq_u8_u32(vdupq_n_u32(bits)));
            *code = vorrq_u8(*code, vandq_u8(is_set, vdupq_n_u8(1 << plane)));
        }
    }
    codes.map(|codes| vreinterpretq_s8_u8(codes))
}

/// Adds one column's share, code · quant, to the narrow sums of one block of 128 rows, in their order.
#[target_feature(enable = "neon")]
pub(crate) fn add_column(bytes: &[u8; 32], quant: i8, sums: &mut [i16; 128]) {
    let x = vdupq_n_s8(quant);
    for half in 0..2 {
        // SAFETY: 16 bytes are there.
        let bytes = unsafe { vld1q_u8(bytes.as_ptr().add(half * 16)) };
        for f in 0..4 {
            let shifted = vshlq_u8(bytes, vdupq_n_s8(-(2 * f as i8)));
            let codes = vreinterpretq_s8_u8(vandq_u8(shifted, vdupq_n_u8(3)));
            let to = sums[f * 32 + half * 16..][..16].as_mut_ptr();
            // SAFETY: 16 sums are there.
            unsafe {
                vst1q_s16(to, vmlal_s8(vld1q_s16(to), vget_low_s8(codes), vget_low_s8(x)));
                vst1q_s16(to.add(8), vmlal_high_s8(vld1q_s16(to.add(8)), codes, x));
            }
        }
    }
}
