//! Ternary weights by columns, and the product that reads only the columns whose input is not zero (Q-Sparse, arXiv 2407.10969).
//!
//! In the flow: made of a matrix in triples where a model says that most inputs are dropped (`reme.sparsity.*`, feed-forward
//! `down`). An input is quantised to int8 by its largest value, and of it only the K largest, or those above a threshold,
//! survive ([`SparseInputs`]); which K are found by counting magnitudes, never by sorting. Sums are exact integers, so every
//! variant is equal to the bit in whatever order it adds.
//!
//! A column is [blocks of 128 rows, 32 bytes]: byte i holds rows i, 32 + i, 64 + i and 96 + i of the block, two bits each.
//! Surviving columns are taken eight at a time, so that sums are loaded and stored once for eight.

use super::layout::{PackedLayout, PackedMatrix};
use super::store::Owned;
use super::tables::nearest;
use super::triples;
use super::unpack::group_codes;
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Rows of a block, and its bytes in a column.
pub(crate) const BLOCK: usize = 128;
pub(crate) const BLOCK_BYTES: usize = 32;
/// Columns taken together.
const OCTET: usize = 8;
/// Blocks whose sums one part keeps at hand: 4096 rows, 8 KB. Fewer would read shorter pieces of every column.
const MOST_BLOCKS: usize = 32;
/// So many octets before their columns are read they are asked for, into the second-level cache: columns that survive lie
/// apart, so the processor foresees none of them.
#[cfg(target_arch = "x86_64")]
const OCTETS_AHEAD: usize = 3;
/// Octets before 16-bit sums must be widened: 16 · 8 · 2 · 127 < 2^15.
const NARROW_OCTETS: usize = 16;
/// Bins of magnitudes: those of int8.
const MAGNITUDES: usize = 128;

/// Which inputs survive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Keep {
    /// So many of the largest magnitude.
    Largest(usize),
    /// All of at least this magnitude.
    Above(f32),
}

/// One input vector in int8, without those that were dropped: `x ≈ scale · quant`.
#[derive(Debug, Clone, Default)]
pub struct SparseInputs {
    columns: usize,
    scale: f32,
    /// Columns that survived, filled up to whole octets with column 0.
    active: Vec<u32>,
    /// Their quants, zero where filled up.
    quants: Vec<i8>,
    /// Σ quants.
    sum: i32,
    /// All quants, [columns].
    all: Vec<i8>,
    kept: usize,
}

impl SparseInputs {
    /// Quantises `x` and drops what `keep` does not keep, and what is rounded to zero anyway. Of equal magnitudes (in int8) at
    /// the edge the first survive.
    pub fn fill(&mut self, isa: Isa, x: &[f32], keep: Keep) {
        self.columns = x.len();
        self.all.clear();
        self.scale = quantise_on(isa, x, &mut self.all);
        match keep {
            Keep::Largest(count) => {
                let (edge, at_edge) = edge_of(&self.all, count);
                match isa {
                    #[cfg(target_arch = "x86_64")]
                    // SAFETY: the guard asks the machine for AVX2.
                    Isa::Avx2 if isa.is_available() => unsafe { self.take_largest_avx2(edge, at_edge) },
                    _ => self.take_largest(edge, at_edge),
                }
            }
            Keep::Above(threshold) => self.take(|_, index| x[index].abs() >= threshold),
        }
        self.sum = self.quants.iter().map(|quant| i32::from(*quant)).sum();
    }

    /// Keeps what is larger than `edge`, and of those that equal it the first `at_edge`.
    fn take_largest(&mut self, edge: usize, mut at_edge: usize) {
        self.take(|quant, _| {
            let size = usize::from(quant.unsigned_abs());
            let is_last = size == edge && at_edge > 0;
            at_edge -= usize::from(is_last);
            size > edge || is_last
        });
    }

    /// As [`SparseInputs::take_largest`]: 32 are compared at once, and only those that survive are looked at.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn take_largest_avx2(&mut self, edge: usize, mut at_edge: usize) {
        use std::arch::x86_64::*;
        self.active.resize(self.columns + OCTET, 0);
        self.quants.resize(self.columns + OCTET, 0);
        // Zeros never survive; the edge of nothing is above every magnitude.
        let (edge, are_kept_at_edge) = (edge.min(MAGNITUDES - 1) as i8, edge > 0);
        let edges = _mm256_set1_epi8(edge);
        let mut kept = 0;
        for (index, quants) in self.all.chunks(32).enumerate() {
            let mut padded = [0_i8; 32];
            let whole = quants.first_chunk::<32>().unwrap_or_else(|| {
                padded[..quants.len()].copy_from_slice(quants);
                &padded
            });
            // SAFETY: 32 bytes are read. Magnitudes are 127 at most, so comparing with sign does no harm.
            let sizes = _mm256_abs_epi8(unsafe { _mm256_loadu_si256(whole.as_ptr().cast()) });
            let mut chosen = _mm256_movemask_epi8(_mm256_cmpgt_epi8(sizes, edges)) as u32;
            let mut equal = _mm256_movemask_epi8(_mm256_cmpeq_epi8(sizes, edges)) as u32;
            while are_kept_at_edge && at_edge > 0 && equal != 0 {
                chosen |= equal & equal.wrapping_neg();
                equal &= equal - 1;
                at_edge -= 1;
            }
            while chosen != 0 {
                let inside = chosen.trailing_zeros() as usize;
                chosen &= chosen - 1;
                (self.active[kept], self.quants[kept]) = ((index * 32 + inside) as u32, whole[inside]);
                kept += 1;
            }
        }
        self.finish(kept);
    }

    /// Keeps what `is_kept` says, zeros aside. Everything is written and the place moves on only for what is kept: which
    /// inputs survive cannot be foreseen, and a branch on it would cost more than the product.
    #[inline(always)]
    fn take(&mut self, mut is_kept: impl FnMut(i8, usize) -> bool) {
        self.active.resize(self.columns + OCTET, 0);
        self.quants.resize(self.columns + OCTET, 0);
        let mut kept = 0;
        for (index, quant) in self.all.iter().enumerate() {
            (self.active[kept], self.quants[kept]) = (index as u32, *quant);
            kept += usize::from(is_kept(*quant, index) & (*quant != 0));
        }
        self.finish(kept);
    }

    /// Fills the `kept` survivors up to whole octets.
    fn finish(&mut self, kept: usize) {
        self.kept = kept;
        let whole = kept.next_multiple_of(OCTET);
        self.active[kept..whole].fill(0);
        self.quants[kept..whole].fill(0);
        self.active.truncate(whole);
        self.quants.truncate(whole);
    }

    /// How many inputs survived.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Sets the inputs of `x` that did not survive to zero: what a batch is given, whose products are dense.
    pub fn mask(&self, x: &mut [f32]) {
        let mut active = self.active[..self.kept].iter().map(|index| *index as usize).peekable();
        for (index, value) in x.iter_mut().enumerate() {
            if active.next_if_eq(&index).is_none() {
                *value = 0.0;
            }
        }
    }
}

/// int8 by the largest magnitude, appended to `quants`, Q(x) = round(127 · x / max |x|); returns the scale.
pub(crate) fn quantise_on(isa: Isa, x: &[f32], quants: &mut Vec<i8>) -> f32 {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn wide(x: &[f32], quants: &mut Vec<i8>) -> f32 {
        quantise(x, quants)
    }
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2 and FMA; the body is safe code.
        Isa::Avx2 if isa.is_available() => unsafe { wide(x, quants) },
        _ => quantise(x, quants),
    }
}

#[inline(always)]
fn quantise(x: &[f32], quants: &mut Vec<i8>) -> f32 {
    // Eight at once, so that the largest is found by vectors; the order does not matter to it.
    let (eights, rest) = x.as_chunks::<8>();
    let mut lanes = [0.0_f32; 8];
    for eight in eights {
        for (lane, value) in lanes.iter_mut().zip(eight) {
            *lane = if value.abs() > *lane { value.abs() } else { *lane };
        }
    }
    let largest = lanes.iter().chain(rest).fold(0.0_f32, |most, value| most.max(value.abs()));
    let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
    quants.extend(x.iter().map(|value| nearest(value * inverse)));
    largest / 127.0
}

/// The magnitude of the `count`-th largest and how many of that magnitude are among them, by counting.
fn edge_of(quants: &[i8], count: usize) -> (usize, usize) {
    // Four counts side by side: equal neighbours would wait for one another.
    let mut counts = [[0_u32; MAGNITUDES + 1]; 4];
    let (fours, rest) = quants.as_chunks::<4>();
    for four in fours {
        for (counts, quant) in counts.iter_mut().zip(four) {
            counts[usize::from(quant.unsigned_abs())] += 1;
        }
    }
    rest.iter().for_each(|quant| counts[0][usize::from(quant.unsigned_abs())] += 1);
    let mut left = count;
    for size in (1..=MAGNITUDES).rev() {
        let here: u32 = counts.iter().map(|counts| counts[size]).sum();
        if here as usize >= left {
            return (size, left);
        }
        left -= here as usize;
    }
    (0, 0)
}

/// A ternary matrix by columns, with one scale a row.
pub struct ColumnMatrix {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// [columns, blocks, 32]
    codes: Owned,
    /// [rows]
    pub(crate) scales: Vec<f32>,
}

impl std::fmt::Debug for ColumnMatrix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ColumnMatrix").field("rows", &self.rows).field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl ColumnMatrix {
    /// The same weights by columns, or `None` where the matrix is not in triples.
    #[must_use]
    pub fn of(pool: &Pool, isa: Isa, matrix: &PackedMatrix) -> Option<Self> {
        let shape = matrix.shape;
        if shape.layout != PackedLayout::Triples {
            return None;
        }
        let column_bytes = shape.rows.div_ceil(BLOCK) * BLOCK_BYTES;
        let mut codes = Owned::zeros(shape.columns * column_bytes);
        let target = SharedMut(codes.bytes_mut().as_mut_ptr());
        // Rows of a tile share no byte with other tiles' only in twos: a block of 128 rows is two tiles.
        pool.run(shape.tiles().div_ceil(2), &|block| {
            let mut group = vec![0_i8; shape.tile_rows() * triples::GROUP];
            for tile in (2 * block..shape.tiles()).take(2) {
                for first in (0..shape.columns).step_by(triples::GROUP) {
                    group_codes(isa, matrix, tile, first / triples::GROUP, &mut group);
                    for column in 0..triples::GROUP.min(shape.columns - first) {
                        let at = (first + column) * column_bytes + block * BLOCK_BYTES;
                        // SAFETY: the 32 bytes lie inside the codes and belong to this block only, which runs once.
                        let bytes = unsafe { std::slice::from_raw_parts_mut(target.get().add(at), BLOCK_BYTES) };
                        for row in 0..shape.tile_rows() {
                            let code = group[(column / 4 * shape.tile_rows() + row) * 4 + column % 4] as u8;
                            let inside = tile % 2 * shape.tile_rows() + row;
                            bytes[inside % 32] |= code << (inside / 32 * 2);
                        }
                    }
                }
            }
        });
        let (scales, _) = matrix.values();
        let scale =
            |row: usize| scales.get(matrix.value_index(row / shape.tile_rows(), 0, row % shape.tile_rows()), 0.0);
        Some(Self { rows: shape.rows, columns: shape.columns, codes, scales: (0..shape.rows).map(scale).collect() })
    }

    pub(crate) fn column(&self, column: usize) -> &[u8] {
        let bytes = self.rows.div_ceil(BLOCK) * BLOCK_BYTES;
        &self.codes.bytes()[column * bytes..][..bytes]
    }

    /// Bytes it takes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.codes.bytes().len() + self.scales.len() * 4
    }
}

/// `out[r] = Σ_k weights[r, k] · x[k]` over the inputs that survived, exact in int8.
///
/// # Panics
/// When shapes do not fit.
pub fn sparse_gemv(pool: &Pool, isa: Isa, matrix: &ColumnMatrix, x: &SparseInputs, out: &mut [f32]) {
    assert_eq!((x.columns, out.len()), (matrix.columns, matrix.rows), "inputs or outputs of another shape");
    let blocks = matrix.rows.div_ceil(BLOCK);
    // As few parts as threads can share: a part reads a piece of every column.
    let part_blocks = blocks.div_ceil(pool.threads()).min(MOST_BLOCKS);
    let target = SharedMut(out.as_mut_ptr());
    pool.run(blocks.div_ceil(part_blocks), &|part| {
        let first = part * part_blocks;
        let count = part_blocks.min(blocks - first);
        let mut sums = [0_i32; MOST_BLOCKS * BLOCK];
        let sums = &mut sums[..count * BLOCK];
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2; shapes were checked, and the blocks exist.
            Isa::Avx2 if isa.is_available() => unsafe { blocks_avx2(matrix, x, first, sums) },
            #[cfg(target_arch = "aarch64")]
            Isa::Neon | Isa::NeonDot if isa.is_available() => blocks_neon(matrix, x, first, sums),
            _ => blocks_scalar(matrix, x, first, sums),
        }
        for (row, sum) in (first * BLOCK..matrix.rows).zip(sums) {
            // Codes 0, 1, 2 stand for −1, 0, 1.
            let value = (*sum - x.sum) as f32 * x.scale * matrix.scales[row];
            // SAFETY: `row` is inside `out`, belongs to this part only, and each part runs once.
            unsafe { *target.get().add(row) = value };
        }
    });
}

/// Σ code · quant of the blocks from `first` on, `sums` [blocks · 128].
fn blocks_scalar(matrix: &ColumnMatrix, x: &SparseInputs, first: usize, sums: &mut [i32]) {
    for (column, quant) in x.active.iter().zip(&x.quants) {
        let bytes = &matrix.column(*column as usize)[first * BLOCK_BYTES..];
        for (bytes, sums) in bytes.chunks_exact(BLOCK_BYTES).zip(sums.chunks_exact_mut(BLOCK)) {
            for (inside, sum) in sums.iter_mut().enumerate() {
                *sum += i32::from(bytes[inside % 32] >> (inside / 32 * 2) & 3) * i32::from(*quant);
            }
        }
    }
}

/// As [`blocks_scalar`].
#[cfg(target_arch = "aarch64")]
fn blocks_neon(matrix: &ColumnMatrix, x: &SparseInputs, first: usize, sums: &mut [i32]) {
    let mut narrow = [[0_i16; BLOCK]; MOST_BLOCKS];
    let narrow = &mut narrow[..sums.len() / BLOCK];
    let active = x.active.chunks(NARROW_OCTETS * OCTET).zip(x.quants.chunks(NARROW_OCTETS * OCTET));
    for (columns, quants) in active {
        for (column, quant) in columns.iter().zip(quants) {
            let bytes = &matrix.column(*column as usize)[first * BLOCK_BYTES..];
            for (bytes, sums) in bytes.as_chunks::<BLOCK_BYTES>().0.iter().zip(narrow.iter_mut()) {
                // SAFETY: the caller has asked the machine for NEON.
                unsafe { super::neon::add_column(bytes, *quant, sums) };
            }
        }
        for (sum, narrow) in sums.iter_mut().zip(narrow.as_flattened_mut()) {
            *sum += i32::from(std::mem::take(narrow));
        }
    }
}

/// As [`blocks_scalar`].
///
/// # Safety
/// The machine must have AVX2; `sums` is whole blocks, MOST_BLOCKS at most, which exist from `first` on; columns exist.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn blocks_avx2(matrix: &ColumnMatrix, x: &SparseInputs, first: usize, sums: &mut [i32]) {
    use std::arch::x86_64::*;
    let blocks = sums.len() / BLOCK;
    let start = |column: u32| matrix.column(column as usize)[first * BLOCK_BYTES..].as_ptr();
    // [blocks, 8 vectors of 16]: of two bits f, rows of the low and of the high half of each lane.
    let mut narrow = [[_mm256_setzero_si256(); 8]; MOST_BLOCKS];
    let octets = || x.active.as_chunks::<OCTET>().0.iter().zip(x.quants.as_chunks::<OCTET>().0);
    let mut after = octets().skip(OCTETS_AHEAD);
    for (index, (columns, quants)) in octets().enumerate() {
        let from = columns.map(start);
        let next = after.next().map_or(from, |(columns, _)| columns.map(start));
        let pairs: [__m256i; 4] = std::array::from_fn(|pair| {
            _mm256_set1_epi16(i16::from_le_bytes([quants[2 * pair] as u8, quants[2 * pair + 1] as u8]))
        });
        for (block, sums) in narrow[..blocks].iter_mut().enumerate() {
            // SAFETY: each column has 32 bytes for this block.
            unsafe { octet_avx2(from.map(|column| column.add(block * BLOCK_BYTES)), &pairs, sums) };
            if block % 2 == 0 {
                next.iter().for_each(|column| {
                    _mm_prefetch::<_MM_HINT_T1>(column.wrapping_add(block * BLOCK_BYTES).cast());
                });
            }
        }
        if index % NARROW_OCTETS == NARROW_OCTETS - 1 {
            widen_avx2(&mut narrow[..blocks], sums);
        }
    }
    widen_avx2(&mut narrow[..blocks], sums);
}

/// Adds eight columns' shares of one block.
///
/// # Safety
/// The machine must have AVX2, and 32 bytes can be read from each pointer.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn octet_avx2(
    columns: [*const u8; OCTET],
    pairs: &[std::arch::x86_64::__m256i; 4],
    sums: &mut [std::arch::x86_64::__m256i; 8],
) {
    use std::arch::x86_64::*;
    let two_bits = _mm256_set1_epi8(3);
    let mut acc = *sums;
    for (pair, quants) in pairs.iter().enumerate() {
        // SAFETY: the caller's condition.
        let [a, b] = unsafe { [2 * pair, 2 * pair + 1].map(|i| _mm256_loadu_si256(columns[i].cast())) };
        let halves = [_mm256_unpacklo_epi8(a, b), _mm256_unpackhi_epi8(a, b)];
        for (half, bytes) in halves.into_iter().enumerate() {
            let mut add = |f: usize, shifted| {
                // Two products of at most 2 · 127: no saturation.
                let products = _mm256_maddubs_epi16(_mm256_and_si256(shifted, two_bits), *quants);
                acc[2 * f + half] = _mm256_add_epi16(acc[2 * f + half], products);
            };
            add(0, bytes);
            add(1, _mm256_srli_epi16::<2>(bytes));
            add(2, _mm256_srli_epi16::<4>(bytes));
            add(3, _mm256_srli_epi16::<6>(bytes));
        }
    }
    *sums = acc;
}

/// Moves the narrow sums into the wide ones.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
pub(crate) fn widen_avx2(narrow: &mut [[std::arch::x86_64::__m256i; 8]], sums: &mut [i32]) {
    use std::arch::x86_64::*;
    for (vectors, sums) in narrow.iter_mut().zip(sums.chunks_exact_mut(BLOCK)) {
        for (index, vector) in vectors.iter_mut().enumerate() {
            // Unpacking goes by lanes of 16 bytes: eight rows of each.
            let lanes = [_mm256_castsi256_si128(*vector), _mm256_extracti128_si256::<1>(*vector)];
            for (lane, eight) in lanes.into_iter().enumerate() {
                let to = sums[index / 2 * 32 + lane * 16 + index % 2 * 8..][..8].as_mut_ptr().cast::<__m256i>();
                // SAFETY: eight sums lie there.
                unsafe {
                    _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), _mm256_cvtepi16_epi32(eight)));
                }
            }
            *vector = _mm256_setzero_si256();
        }
    }
}
