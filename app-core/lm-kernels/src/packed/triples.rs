//! Ternary weights by threes: 27 values, of which 13 are the negatives of others, so an index of four bits and a sign.
//!
//! 1.67 bits a weight where bit planes need 2: a large model is bound by the bytes read for a token. The value of a triple
//! (a, b, c) of −1, 0, 1 is n = a + 3b + 9c; the index is |n|, the sign is that of n. For each three inputs a table holds
//! the 14 sums a·x₀ + b·x₁ + c·x₂ with n ≥ 0, in 7 bits with sign; one byte shuffle looks 32 rows up, and the sign turns
//! what it found. (Mirrored triples: bitnet.cpp's TL2, arXiv 2410.16144; layout and arithmetic are ours.)
//!
//! A tile is 64 rows; a step is 24 columns of it, [2 blocks of 32 rows, 160 bytes]: 32 bytes of signs, bit i that of triple i
//! of the 8; then 4 · 32 bytes of indices, low nibble triple 2j, high nibble triple 2j + 1. Rows i and i + 16 of a block are
//! neighbours, so that even and odd bytes widen apart.

use super::layout::{PackedLayout, PackedMatrix};
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Columns of a step: eight triples.
pub(crate) const STEP_COLUMNS: usize = 24;
/// Bytes of a step of a tile.
pub(crate) const STEP_BYTES: usize = 320;
/// Columns whose inputs share a step of quantisation.
pub(crate) const GROUP: usize = 96;
/// Rows of a tile.
pub(crate) const TILE: usize = 64;
/// Rows of a block, and its bytes in a step.
pub(crate) const BLOCK: usize = 32;
pub(crate) const BLOCK_BYTES: usize = 160;
/// Triples of a group.
const TRIPLES: usize = GROUP / 3;
/// Largest table entry: two are added in eight bits with sign.
const TABLE_MOST: f32 = 63.0;
/// What each of the 16 entries takes of the three inputs; the last two are never looked up.
pub(crate) const DIGITS: [[i8; 16]; 3] = [
    [0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, 0, 0],
    [0, 0, 1, 1, 1, -1, -1, -1, 0, 0, 0, 1, 1, 1, 0, 0],
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0],
];

/// (place in a block's step, shift) of a triple's index, and of its sign.
fn places(row: usize, triple: usize) -> ((usize, usize), (usize, usize)) {
    let (block, inside) = (row / BLOCK, row % BLOCK);
    let lane = block * BLOCK_BYTES + inside % 16 * 2 + inside / 16;
    ((lane + BLOCK + triple / 2 * BLOCK, triple % 2 * 4), (lane, triple))
}

/// Puts 24 codes (0, 1, 2) of row `row` of a tile into a step, which holds zeros there.
pub(crate) fn put(row: usize, codes: &[u8], step: &mut [u8]) {
    for (triple, three) in codes.as_chunks::<3>().0.iter().enumerate() {
        let [a, b, c] = three.map(|code| i32::from(code) - 1);
        let value = a + 3 * b + 9 * c;
        assert!(value.abs() <= 13, "ternary codes are 0, 1 and 2");
        let (index, sign) = places(row, triple);
        step[index.0] |= (value.unsigned_abs() as u8) << index.1;
        step[sign.0] |= u8::from(value < 0) << sign.1;
    }
}

/// Code (0, 1, 2) of column `column` of a step.
pub(crate) fn code(row: usize, column: usize, step: &[u8]) -> i32 {
    let (index, is_negative) = triple_at(row, column / 3, step);
    let digit = i32::from(DIGITS[column % 3][index]);
    1 + if is_negative { -digit } else { digit }
}

/// Index and whether it is negative.
#[inline(always)]
fn triple_at(row: usize, triple: usize, step: &[u8]) -> (usize, bool) {
    let (index, sign) = places(row, triple);
    (usize::from(step[index.0] >> index.1 & 15), step[sign.0] >> sign.1 & 1 == 1)
}

/// For every three inputs the sums of a ternary triple with them: `sum ≈ step · entry`, one step a group.
#[derive(Debug, Clone, Default)]
pub struct TripleTables {
    columns: usize,
    /// [groups · 32, 16]
    entries: Vec<[i8; 16]>,
    /// [groups]
    steps: Vec<f32>,
}

impl TripleTables {
    /// Builds the tables of `x` into the memory this one already has.
    pub fn fill(&mut self, isa: Isa, x: &[f32]) {
        self.columns = x.len();
        let groups = x.len().div_ceil(GROUP);
        self.entries.resize(groups * TRIPLES, [0; 16]);
        self.steps.resize(groups, 0.0);
        for ((part, step), entries) in x.chunks(GROUP).zip(&mut self.steps).zip(self.entries.chunks_exact_mut(TRIPLES))
        {
            let mut inputs = [0.0; GROUP];
            inputs[..part.len()].copy_from_slice(part);
            let threes = inputs.as_chunks::<3>().0;
            let widest = threes.iter().map(|[a, b, c]| a.abs() + b.abs() + c.abs()).fold(0.0, f32::max);
            let inverse = if widest > 0.0 { TABLE_MOST / widest } else { 0.0 };
            *step = widest / TABLE_MOST;
            inputs.iter_mut().for_each(|value| *value *= inverse);
            match isa {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the guard asks the machine for AVX2 and FMA.
                Isa::Avx2 if isa.is_available() => unsafe { entries_avx2(&inputs, entries) },
                _ => entries_scalar(&inputs, entries),
            }
        }
    }

    /// Tables of `x`.
    #[must_use]
    pub fn of(x: &[f32]) -> Self {
        let mut tables = Self::default();
        tables.fill(Isa::detect(), x);
        tables
    }
}

/// Tables of one group of inputs that are scaled already.
fn entries_scalar(inputs: &[f32; GROUP], entries: &mut [[i8; 16]]) {
    for ([a, b, c], entries) in inputs.as_chunks::<3>().0.iter().zip(entries) {
        for (i, entry) in entries.iter_mut().enumerate() {
            let [p, q, r] = [DIGITS[0][i], DIGITS[1][i], DIGITS[2][i]].map(f32::from);
            *entry = (a * p + b * q + c * r).round_ties_even() as i8;
        }
    }
}

/// As [`entries_scalar`]: products with −1, 0 and 1 are exact, so fusing them changes nothing.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn entries_avx2(inputs: &[f32; GROUP], entries: &mut [[i8; 16]]) {
    use std::arch::x86_64::*;
    // Entries 0–3 and 8–11, then 4–7 and 12–15: packing goes by halves of a register.
    let digits: [[__m256; 2]; 3] = std::array::from_fn(|k| {
        [0, 4].map(|first| {
            let digit: [f32; 8] = std::array::from_fn(|i| f32::from(DIGITS[k][first + i % 4 + i / 4 * 8]));
            // SAFETY: eight floats are read.
            unsafe { _mm256_loadu_ps(digit.as_ptr()) }
        })
    });
    for (three, entries) in inputs.as_chunks::<3>().0.iter().zip(entries) {
        let [a, b, c] = three.map(|value| _mm256_set1_ps(value));
        let [low, high] = [0, 1].map(|half| {
            let two = _mm256_fmadd_ps(b, digits[1][half], _mm256_mul_ps(a, digits[0][half]));
            _mm256_cvtps_epi32(_mm256_fmadd_ps(c, digits[2][half], two))
        });
        let sixteen = _mm256_packs_epi32(low, high);
        let bytes = _mm256_permute4x64_epi64::<0b10_00>(_mm256_packs_epi16(sixteen, sixteen));
        // SAFETY: an entry has 16 bytes.
        unsafe { _mm_storeu_si128(entries.as_mut_ptr().cast(), _mm256_castsi256_si128(bytes)) };
    }
}

/// `out[r] ≈ Σ_k weights[r, k] · x[k]` with the tables of x.
///
/// # Panics
/// When the matrix is not in triples, or shapes do not fit.
pub fn triple_gemv(pool: &Pool, isa: Isa, matrix: &PackedMatrix, tables: &TripleTables, out: &mut [f32]) {
    let shape = matrix.shape;
    assert_eq!(shape.layout, PackedLayout::Triples, "the matrix is laid out for another kernel");
    assert_eq!(tables.columns, shape.columns, "tables of another shape");
    assert_eq!(out.len(), shape.rows, "out must be [rows]");
    let target = SharedMut(out.as_mut_ptr());
    pool.run(shape.tiles(), &|tile| {
        let mut sums = [0.0_f32; TILE];
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2, FMA and F16C; shapes were checked above.
            Isa::Avx2 if isa.is_available() => unsafe { tile_avx2(matrix, tables, tile, &mut sums) },
            #[cfg(target_arch = "aarch64")]
            Isa::Neon | Isa::NeonDot if isa.is_available() => tile_neon(matrix, tables, tile, &mut sums),
            _ => tile_scalar(matrix, tables, tile, &mut sums),
        }
        let rows = TILE.min(shape.rows - tile * TILE);
        // SAFETY: these rows are inside `out` and belong to this tile only, and each tile runs once.
        unsafe { target.get().add(tile * TILE).copy_from_nonoverlapping(sums.as_ptr(), rows) };
    });
}

/// Sums of a tile times the scale of each row.
fn scale_rows(matrix: &PackedMatrix, tile: usize, sums: &mut [f32; TILE]) {
    let (scales, _) = matrix.values();
    for (row, sum) in sums.iter_mut().enumerate() {
        *sum *= scales.get(matrix.value_index(tile, 0, row), 0.0);
    }
}

fn tile_scalar(matrix: &PackedMatrix, tables: &TripleTables, tile: usize, sums: &mut [f32; TILE]) {
    let groups = matrix.tile_codes(tile).chunks_exact(GROUP / STEP_COLUMNS * STEP_BYTES);
    for ((codes, entries), scale) in groups.zip(tables.entries.chunks_exact(TRIPLES)).zip(&tables.steps) {
        for (row, sum) in sums.iter_mut().enumerate() {
            let mut acc = 0_i32;
            for (step, entries) in codes.chunks_exact(STEP_BYTES).zip(entries.chunks_exact(8)) {
                for (triple, entries) in entries.iter().enumerate() {
                    let (index, is_negative) = triple_at(row, triple, step);
                    let entry = i32::from(entries[index]);
                    acc += if is_negative { -entry } else { entry };
                }
            }
            *sum = (acc as f32).mul_add(*scale, *sum);
        }
    }
    scale_rows(matrix, tile, sums);
}

#[cfg(target_arch = "aarch64")]
fn tile_neon(matrix: &PackedMatrix, tables: &TripleTables, tile: usize, sums: &mut [f32; TILE]) {
    let groups = matrix.tile_codes(tile).chunks_exact(GROUP / STEP_COLUMNS * STEP_BYTES);
    let mut found = [0_i16; BLOCK];
    for ((codes, entries), scale) in groups.zip(tables.entries.chunks_exact(TRIPLES)).zip(&tables.steps) {
        for (block, sums) in sums.chunks_exact_mut(BLOCK).enumerate() {
            // SAFETY: the caller has asked the machine for NEON.
            unsafe { super::neon::triple_sums(codes, block * BLOCK_BYTES, STEP_BYTES, entries, &mut found) };
            for (inside, sum) in sums.iter_mut().enumerate() {
                *sum = f32::from(found[inside % 16 * 2 + inside / 16]).mul_add(*scale, *sum);
            }
        }
    }
    scale_rows(matrix, tile, sums);
}

/// # Safety
/// The machine must have AVX2, FMA and F16C; `matrix` is in triples, and `tables` were built for its columns.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn tile_avx2(matrix: &PackedMatrix, tables: &TripleTables, tile: usize, sums: &mut [f32; TILE]) {
    use std::arch::x86_64::*;
    // Each of the 16 pairs of a group was lifted by 128.
    let lifted = _mm256_set1_epi16(128 * TRIPLES as i16 / 2);
    let mut next = matrix.tile_codes(tile).as_ptr();
    let mut totals = [_mm256_setzero_ps(); TILE / 8];
    for (entries, step) in tables.entries.chunks_exact(TRIPLES).zip(&tables.steps) {
        // Of each block (odd + 256 · even bytes modulo 2^16, odd bytes), without sign.
        let mut sixteens = [[_mm256_setzero_si256(); 2]; TILE / BLOCK];
        for entries in entries.as_chunks::<8>().0 {
            // One after the other by name, so that the sums stay in registers.
            // SAFETY: `next` walks over the tile's bytes once, 160 a block.
            unsafe {
                sixteens[0] = block_avx2(next, entries, sixteens[0]);
                sixteens[1] = block_avx2(next.add(BLOCK_BYTES), entries, sixteens[1]);
                next = next.add(STEP_BYTES);
            }
        }
        let step = _mm256_set1_ps(*step);
        for (block, [mixed, odd]) in sixteens.into_iter().enumerate() {
            let even = _mm256_sub_epi16(mixed, _mm256_slli_epi16::<8>(odd));
            for (half, sixteen) in [even, odd].into_iter().enumerate() {
                let sixteen = _mm256_sub_epi16(sixteen, lifted);
                let eights = [_mm256_castsi256_si128(sixteen), _mm256_extracti128_si256::<1>(sixteen)];
                for (eight, total) in eights.into_iter().zip(&mut totals[block * 4 + half * 2..]) {
                    *total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(eight)), step, *total);
                }
            }
        }
    }
    let (scales, _) = matrix.values();
    for (eight, (total, out)) in totals.iter().zip(sums.as_chunks_mut::<8>().0).enumerate() {
        // SAFETY: every tile has a scale for all its rows, and `out` holds eight floats.
        unsafe {
            let scale = scales.get8_avx2(matrix.value_index(tile, 0, eight * 8), _mm256_setzero_ps());
            _mm256_storeu_ps(out.as_mut_ptr(), _mm256_mul_ps(*total, scale));
        }
    }
}

/// Adds what the 32 rows of a block find in a step's eight tables.
///
/// # Safety
/// The machine must have AVX2, and 160 bytes can be read from `codes`.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn block_avx2(
    codes: *const u8,
    entries: &[[i8; 16]; 8],
    [mut mixed, mut odd]: [std::arch::x86_64::__m256i; 2],
) -> [std::arch::x86_64::__m256i; 2] {
    use super::lookup::AHEAD;
    use std::arch::x86_64::*;
    /// What makes a byte with sign one without.
    const LIFT: i8 = i8::MIN;
    let (low_nibbles, one, lift) = (_mm256_set1_epi8(15), _mm256_set1_epi8(1), _mm256_set1_epi8(LIFT));
    // SAFETY: the caller's condition; a table has 16 bytes. The prefetch may name any address.
    unsafe {
        _mm_prefetch::<_MM_HINT_T1>(codes.wrapping_add(AHEAD).cast());
        _mm_prefetch::<_MM_HINT_T1>(codes.wrapping_add(AHEAD + 64).cast());
        _mm_prefetch::<_MM_HINT_T1>(codes.wrapping_add(AHEAD + 128).cast());
        let table = |i: usize| _mm256_broadcastsi128_si256(_mm_loadu_si128(entries[i].as_ptr().cast()));
        let signs = _mm256_loadu_si256(codes.cast());
        // The triple's sign at the top of each byte, which is never zero.
        let turned = |found, at_top| _mm256_sign_epi8(found, _mm256_or_si256(at_top, one));
        let mut add = |j: usize, low_sign, high_sign| {
            let index = _mm256_loadu_si256(codes.add(BLOCK * (1 + j)).cast());
            let low = _mm256_shuffle_epi8(table(2 * j), _mm256_and_si256(index, low_nibbles));
            let shifted = _mm256_and_si256(_mm256_srli_epi16::<4>(index), low_nibbles);
            let high = _mm256_shuffle_epi8(table(2 * j + 1), shifted);
            // ±63 each: no carry.
            let both = _mm256_add_epi8(turned(low, low_sign), turned(high, high_sign));
            let both = _mm256_xor_si256(both, lift);
            mixed = _mm256_add_epi16(mixed, both);
            odd = _mm256_add_epi16(odd, _mm256_srli_epi16::<8>(both));
        };
        add(0, _mm256_slli_epi16::<7>(signs), _mm256_slli_epi16::<6>(signs));
        add(1, _mm256_slli_epi16::<5>(signs), _mm256_slli_epi16::<4>(signs));
        add(2, _mm256_slli_epi16::<3>(signs), _mm256_slli_epi16::<2>(signs));
        add(3, _mm256_slli_epi16::<1>(signs), signs);
    }
    [mixed, odd]
}

/// Codes of one group of a tile as bytes, [group / 4, 64, 4].
///
/// # Safety
/// The machine must have AVX2; the matrix is in triples, `tile` and `group` exist, and `out` holds 64 · 96 bytes.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
pub(crate) unsafe fn unpack_avx2(matrix: &PackedMatrix, tile: usize, group: usize, out: &mut [i8]) {
    use std::arch::x86_64::*;
    /// The three codes of an index, two bits each.
    const CODES: [i8; 16] = {
        let (mut codes, mut i) = ([0_i8; 16], 0);
        while i < 16 {
            codes[i] = (DIGITS[0][i] + 1) | (DIGITS[1][i] + 1) << 2 | (DIGITS[2][i] + 1) << 4;
            i += 1;
        }
        codes
    };
    /// Code of a masked nibble: 0, 1, 2 in the low or the high two bits.
    const PLACED: [i8; 16] = [0, 1, 2, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0];
    let table = |bytes: &[i8; 16]| {
        // SAFETY: 16 bytes are read.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
    };
    let (codes_of, placed) = (table(&CODES), table(&PLACED));
    // Even bytes, then odd ones, of each half.
    let apart = table(&[0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15]);
    let (low_nibbles, negated) = (_mm256_set1_epi8(15), _mm256_set1_epi8(0x2A));
    let spread = _mm256_set1_epi32(0x0101_0101);
    let quarters = _mm256_set1_epi32(0xC030_0C03_u32 as i32);
    let bytes = GROUP / STEP_COLUMNS * STEP_BYTES;
    let codes = &matrix.tile_codes(tile)[group * bytes..][..bytes];
    for (step, out) in codes.chunks_exact(STEP_BYTES).zip(out.chunks_exact_mut(STEP_COLUMNS * TILE)) {
        for (block, step) in step.chunks_exact(BLOCK_BYTES).enumerate() {
            // SAFETY: a block has 160 bytes; of `out` [6 quads, 64 rows, 4] each store writes eight rows of this block.
            unsafe {
                let vector = |i: usize| _mm256_loadu_si256(step.as_ptr().add(BLOCK * i).cast());
                let signs = vector(0);
                let three = |index: __m256i, at_top: __m256i| {
                    let codes = _mm256_shuffle_epi8(codes_of, _mm256_and_si256(index, low_nibbles));
                    _mm256_blendv_epi8(codes, _mm256_sub_epi8(negated, codes), at_top)
                };
                let two = |j: usize, low_sign, high_sign| {
                    let index = vector(1 + j);
                    [three(index, low_sign), three(_mm256_srli_epi16::<4>(index), high_sign)]
                };
                let fours = [
                    [
                        two(0, _mm256_slli_epi16::<7>(signs), _mm256_slli_epi16::<6>(signs)),
                        two(1, _mm256_slli_epi16::<5>(signs), _mm256_slli_epi16::<4>(signs)),
                    ],
                    [
                        two(2, _mm256_slli_epi16::<3>(signs), _mm256_slli_epi16::<2>(signs)),
                        two(3, _mm256_slli_epi16::<1>(signs), signs),
                    ],
                ];
                for (half, [[a, b], [c, d]]) in fours.into_iter().enumerate() {
                    // Twelve codes of six bits by three as three bytes of four codes; what crosses bytes is masked away.
                    let masked = |value, mask: u8| _mm256_and_si256(value, _mm256_set1_epi8(mask as i8));
                    let quads = [
                        _mm256_or_si256(a, masked(_mm256_slli_epi16::<6>(b), 0xC0)),
                        _mm256_or_si256(
                            masked(_mm256_srli_epi16::<2>(b), 0x0F),
                            masked(_mm256_slli_epi16::<4>(c), 0xF0),
                        ),
                        _mm256_or_si256(
                            masked(_mm256_srli_epi16::<4>(c), 0x03),
                            masked(_mm256_slli_epi16::<2>(d), 0xFC),
                        ),
                    ];
                    for (quad, codes) in quads.into_iter().enumerate() {
                        let in_order = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_shuffle_epi8(codes, apart));
                        let halves = [_mm256_castsi256_si128(in_order), _mm256_extracti128_si256::<1>(in_order)];
                        let to = out.as_mut_ptr().add(((half * 3 + quad) * TILE + block * BLOCK) * 4).cast::<__m256i>();
                        for eight in 0..4 {
                            let sixteen = halves[eight / 2];
                            let rows = if eight % 2 == 0 { sixteen } else { _mm_unpackhi_epi64(sixteen, sixteen) };
                            let bytes = _mm256_mullo_epi32(_mm256_cvtepu8_epi32(rows), spread);
                            let parts = _mm256_and_si256(bytes, quarters);
                            let nibbles = _mm256_or_si256(parts, _mm256_srli_epi32::<4>(parts));
                            let codes = _mm256_shuffle_epi8(placed, _mm256_and_si256(nibbles, low_nibbles));
                            _mm256_storeu_si256(to.add(eight), codes);
                        }
                    }
                }
            }
        }
    }
}
