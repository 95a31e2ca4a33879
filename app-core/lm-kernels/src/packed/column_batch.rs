//! Surviving inputs of a block of tokens that shares its columns, and their product (top-K by blocks, after arXiv 2407.10969).
//!
//! In the flow: prefill of a model that says so (`reme.sparsity.block_tokens`). One token's survivors are its own, so several
//! tokens together need nearly every column; a block that must agree on K columns needs K. Those are kept whose magnitudes in
//! int8, each token by its own largest value, have the largest sum. Sums are exact integers, so every variant is equal to the bit.

use super::columns::{BLOCK, BLOCK_BYTES, ColumnMatrix, quantise_on};
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Most tokens of a block.
const MOST_TOKENS: usize = 64;
/// Columns before 16-bit sums must be widened: 128 · 2 · 127 < 2^15.
const NARROW: usize = 128;

/// Inputs of a block of tokens in int8, of the columns that survived: `x ≈ scale · quant`.
#[derive(Debug, Clone, Default)]
pub struct SparseBlock {
    columns: usize,
    /// Columns that survived, filled up to an even number with column 0.
    active: Vec<u32>,
    /// [tokens, active]; zero where filled up.
    quants: Vec<i8>,
    /// Of each token.
    scales: Vec<f32>,
    /// Σ quants of each token.
    sums: Vec<i32>,
    /// All quants, [tokens, columns], and the sums of magnitudes, [columns].
    all: Vec<i8>,
    sizes: Vec<u32>,
    /// How many columns have each sum of magnitudes.
    counts: Vec<u32>,
}

impl SparseBlock {
    /// Tokens that a block may have.
    pub const MOST_TOKENS: usize = MOST_TOKENS;

    /// Quantises `x` [tokens, columns] and keeps the `count` columns of the largest magnitudes, those aside that are zero in every
    /// token. Of equals at the edge the first survive.
    ///
    /// # Panics
    /// When `x` is not whole vectors, or more than [`SparseBlock::MOST_TOKENS`].
    pub fn fill(&mut self, isa: Isa, x: &[f32], columns: usize, count: usize) {
        let tokens = x.len() / columns;
        assert!(tokens <= MOST_TOKENS && tokens * columns == x.len(), "a block of whole vectors");
        self.columns = columns;
        self.all.clear();
        self.scales.clear();
        self.scales.extend(x.chunks_exact(columns).map(|vector| quantise_on(isa, vector, &mut self.all)));
        self.sizes.clear();
        self.sizes.resize(columns, 0);
        for quants in self.all.chunks_exact(columns) {
            for (size, quant) in self.sizes.iter_mut().zip(quants) {
                *size += u32::from(quant.unsigned_abs());
            }
        }
        let (edge, mut at_edge) = self.edge(count);
        let sizes = (0_u32..).zip(&self.sizes);
        let is_kept = |(_, size): &(u32, &u32)| {
            let is_last = **size == edge && at_edge > 0;
            at_edge -= usize::from(is_last);
            **size > 0 && (**size > edge || is_last)
        };
        self.active.clear();
        self.active.extend(sizes.filter(is_kept).map(|(column, _)| column));
        let kept = self.active.len();
        self.active.resize(kept.next_multiple_of(2), 0);
        self.quants.clear();
        self.sums.clear();
        for quants in self.all.chunks_exact(columns) {
            let first = self.quants.len();
            self.quants.extend(self.active[..kept].iter().map(|column| quants[*column as usize]));
            self.sums.push(self.quants[first..].iter().map(|quant| i32::from(*quant)).sum());
            self.quants.resize(first + self.active.len(), 0);
        }
    }

    /// The `count`-th largest sum of magnitudes, and how many of that sum are among the largest.
    fn edge(&mut self, count: usize) -> (u32, usize) {
        self.counts.clear();
        self.counts.resize(MOST_TOKENS * 127 + 1, 0);
        self.sizes.iter().for_each(|size| self.counts[*size as usize] += 1);
        let mut left = count;
        for (size, here) in self.counts.iter().enumerate().rev() {
            if *here as usize >= left {
                return (size as u32, left);
            }
            left -= *here as usize;
        }
        (0, 0)
    }

    /// Columns that survived, in order.
    #[must_use]
    pub fn kept(&self) -> &[u32] {
        let is_filled_up = self.active.len() > 1 && self.active.last() == Some(&0);
        &self.active[..self.active.len() - usize::from(is_filled_up)]
    }
}

/// `out[t, r] = Σ_k weights[r, k] · x[t, k]` over the columns that survived, exact in int8; `out` is [tokens, rows].
///
/// # Panics
/// When shapes do not fit.
pub fn sparse_gemm(pool: &Pool, isa: Isa, matrix: &ColumnMatrix, x: &SparseBlock, out: &mut [f32]) {
    let (rows, tokens) = (matrix.rows, x.scales.len());
    assert_eq!((x.columns, out.len()), (matrix.columns, tokens * rows), "inputs or outputs of another shape");
    let target = SharedMut(out.as_mut_ptr());
    pool.run(rows.div_ceil(BLOCK), &|block| {
        let mut sums = [[0_i32; BLOCK]; MOST_TOKENS];
        let sums = &mut sums[..tokens];
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2; shapes were checked, and the block exists.
            Isa::Avx2 if isa.is_available() => unsafe { block_avx2(matrix, x, block, sums) },
            #[cfg(target_arch = "aarch64")]
            Isa::Neon | Isa::NeonDot if isa.is_available() => block_neon(matrix, x, block, sums),
            _ => block_scalar(matrix, x, block, sums),
        }
        for (token, sums) in sums.iter().enumerate() {
            for (row, sum) in (block * BLOCK..rows).zip(sums) {
                // Codes 0, 1, 2 stand for −1, 0, 1.
                let value = (*sum - x.sums[token]) as f32 * x.scales[token] * matrix.scales[row];
                // SAFETY: the place is inside `out` and belongs to this block only, which runs once.
                unsafe { *target.get().add(token * rows + row) = value };
            }
        }
    });
}

/// The 32 bytes of a block of a column.
fn bytes_of(matrix: &ColumnMatrix, column: u32, block: usize) -> &[u8; BLOCK_BYTES] {
    matrix.column(column as usize)[block * BLOCK_BYTES..].first_chunk().expect("every column has every block")
}

/// Σ code · quant of the block of rows, token by token.
fn block_scalar(matrix: &ColumnMatrix, x: &SparseBlock, block: usize, sums: &mut [[i32; BLOCK]]) {
    for (place, column) in x.active.iter().enumerate() {
        let bytes = bytes_of(matrix, *column, block);
        for (token, sums) in sums.iter_mut().enumerate() {
            let quant = i32::from(x.quants[token * x.active.len() + place]);
            for (inside, sum) in sums.iter_mut().enumerate() {
                *sum += i32::from(bytes[inside % 32] >> (inside / 32 * 2) & 3) * quant;
            }
        }
    }
}

/// As [`block_scalar`].
#[cfg(target_arch = "aarch64")]
fn block_neon(matrix: &ColumnMatrix, x: &SparseBlock, block: usize, sums: &mut [[i32; BLOCK]]) {
    for (index, columns) in x.active.chunks(NARROW).enumerate() {
        for (token, sums) in sums.iter_mut().enumerate() {
            let mut narrow = [0_i16; BLOCK];
            let quants = &x.quants[token * x.active.len() + index * NARROW..];
            for (column, quant) in columns.iter().zip(quants) {
                // SAFETY: the caller has asked the machine for NEON.
                unsafe { super::neon::add_column(bytes_of(matrix, *column, block), *quant, &mut narrow) };
            }
            sums.iter_mut().zip(narrow).for_each(|(sum, narrow)| *sum += i32::from(narrow));
        }
    }
}

/// As [`block_scalar`]: some columns' codes are unpacked once, in pairs, and serve all tokens.
///
/// # Safety
/// The machine must have AVX2; the block exists, and so do the columns.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn block_avx2(matrix: &ColumnMatrix, x: &SparseBlock, block: usize, sums: &mut [[i32; BLOCK]]) {
    use std::arch::x86_64::*;
    let two_bits = _mm256_set1_epi8(3);
    // [pairs, 8]: of two bits f, rows of the low and of the high half of each lane.
    let mut codes = [[_mm256_setzero_si256(); 8]; NARROW / 2];
    for (index, columns) in x.active.chunks(NARROW).enumerate() {
        for (codes, pair) in codes.iter_mut().zip(columns.as_chunks::<2>().0) {
            // SAFETY: each column has 32 bytes for this block.
            let [a, b] = unsafe { pair.map(|c| _mm256_loadu_si256(bytes_of(matrix, c, block).as_ptr().cast())) };
            let halves = [_mm256_unpacklo_epi8(a, b), _mm256_unpackhi_epi8(a, b)];
            for (half, bytes) in halves.into_iter().enumerate() {
                codes[half] = _mm256_and_si256(bytes, two_bits);
                codes[2 + half] = _mm256_and_si256(_mm256_srli_epi16::<2>(bytes), two_bits);
                codes[4 + half] = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), two_bits);
                codes[6 + half] = _mm256_and_si256(_mm256_srli_epi16::<6>(bytes), two_bits);
            }
        }
        for (token, sums) in sums.iter_mut().enumerate() {
            let quants = &x.quants[token * x.active.len() + index * NARROW..][..columns.len()];
            let mut acc = [_mm256_setzero_si256(); 8];
            for (codes, pair) in codes.iter().zip(quants.as_chunks::<2>().0) {
                let pair = _mm256_set1_epi16(i16::from_le_bytes([pair[0] as u8, pair[1] as u8]));
                for (acc, codes) in acc.iter_mut().zip(codes) {
                    // Two products of at most 2 · 127: no saturation.
                    *acc = _mm256_add_epi16(*acc, _mm256_maddubs_epi16(*codes, pair));
                }
            }
            super::columns::widen_avx2(std::slice::from_mut(&mut acc), sums);
        }
    }
}
