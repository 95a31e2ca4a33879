//! One weight row unpacked to int8 quants with its scales: the form the dot kernels read.
//!
//! Types with blocks of 32: `weight = quant · scale + minimum`. Types with blocks of 256:
//! `weight = (quant − offset) · (scale · step) + minimum · minimum_step`, a step per 16 weights and a minimum step per 32, kept as
//! integers so that a block's sum is exact before it meets a float. Written once in plain Rust and always inlined: the
//! AVX2 entry points compile the same lines with wider registers, so the variants cannot differ in a bit.

use crate::QuantType;
use crate::float::f16_to_f32;

/// Scratch for one unpacked row; reused from row to row.
#[derive(Debug, Default)]
pub(crate) struct UnpackedRow {
    /// [columns]
    pub(crate) quants: Vec<i8>,
    /// [columns / block]
    pub(crate) scales: Vec<f32>,
    /// [columns / block]; what is added, so mostly negative; all zero for types without a minimum.
    pub(crate) minimums: Vec<f32>,
    /// [columns / 16]; only for blocks of 256.
    pub(crate) steps: Vec<i16>,
    /// [columns / 32]; only for blocks of 256.
    pub(crate) minimum_steps: Vec<i16>,
    /// 32 for Q6_K, else 0. Taken off in the integer sums, and in lanes of its own, because llama.cpp does so.
    pub(crate) offset: i32,
    /// Whether minimums are summed by pairs of chunks in four lanes (Q4_K) or all in one (Q5_K): llama.cpp's orders.
    pub(crate) pair_minimums: bool,
}

/// Calls `unpack` for every block of `row` with the arrays of that block, and keeps the scale and minimum it returns (as halves).
///
/// A macro and no closure: a call through `Fn` is not inlined, and so not compiled for the caller's instruction set.
macro_rules! fill_blocks {
    ($to:ident, $row:ident, $bytes:literal, $unpack:ident($($array:ident: $len:literal),+)) => {{
        let (blocks, _) = $row.as_chunks::<$bytes>();
        $(let ($array, _) = $to.$array.as_chunks_mut::<$len>();)+
        for (i, block) in blocks.iter().enumerate() {
            let (scale, minimum) = $unpack(block, $(&mut $array[i]),+);
            $to.scales[i] = f32::from_bits(u32::from(scale));
            $to.minimums[i] = f32::from_bits(u32::from(minimum));
        }
        widen_halves(&mut $to.scales);
        widen_halves(&mut $to.minimums);
    }};
}

impl UnpackedRow {
    /// Makes room for a row of `columns` weights; costs nothing when it already has that shape.
    pub(crate) fn shape_for(&mut self, quant_type: QuantType, columns: usize) {
        let block = quant_type.block_len();
        let stepped = if block == 256 { columns } else { 0 };
        self.quants.resize(columns, 0);
        self.scales.resize(columns / block, 0.0);
        self.minimums.resize(columns / block, 0.0);
        self.steps.resize(stepped / 16, 0);
        self.minimum_steps.resize(stepped / 32, 0);
        self.offset = if quant_type == QuantType::Q6_K { 32 } else { 0 };
        self.pair_minimums = quant_type == QuantType::Q4_K;
    }

    /// Weight `i` as a float, rounded as llama.cpp's own dequantisation rounds.
    pub(crate) fn weight(&self, i: usize) -> f32 {
        let quant = (i32::from(self.quants[i]) - self.offset) as f32;
        if self.steps.is_empty() {
            quant * self.scales[i / 32] + self.minimums[i / 32]
        } else {
            let scale = self.scales[i / 256] * f32::from(self.steps[i / 16]);
            quant * scale + self.minimums[i / 256] * f32::from(self.minimum_steps[i / 32])
        }
    }

    /// As [`UnpackedRow::fill`], with instructions of AVX2 for the types that do not compile well: five bits a weight.
    ///
    /// # Safety
    /// The machine must have AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    #[inline]
    pub(crate) unsafe fn fill_avx2(&mut self, quant_type: QuantType, row: &[u8]) {
        match quant_type {
            QuantType::Q5_0 => fill_blocks!(self, row, 22, q5_0_avx2(quants: 32)),
            QuantType::Q5_1 => fill_blocks!(self, row, 24, q5_1_avx2(quants: 32)),
            _ => self.fill(quant_type, row),
        }
    }

    /// Unpacks `row`, which holds exactly as many weights as this scratch was made for.
    #[inline(always)]
    pub(crate) fn fill(&mut self, quant_type: QuantType, row: &[u8]) {
        match quant_type {
            QuantType::F32 | QuantType::F16 | QuantType::BF16 => {
                unreachable!("float rows are not unpacked; matmul handles them")
            }
            QuantType::Q2_K | QuantType::Q3_K | QuantType::TQ1_0 | QuantType::TQ2_0 => {
                unreachable!("types without a plain kernel are packed")
            }
            QuantType::Q4_0 => fill_blocks!(self, row, 18, q4_0(quants: 32)),
            QuantType::Q4_1 => fill_blocks!(self, row, 20, q4_1(quants: 32)),
            QuantType::Q5_0 => fill_blocks!(self, row, 22, q5_0(quants: 32)),
            QuantType::Q5_1 => fill_blocks!(self, row, 24, q5_1(quants: 32)),
            QuantType::Q8_0 => fill_blocks!(self, row, 34, q8_0(quants: 32)),
            QuantType::Q4_K => fill_blocks!(self, row, 144, q4_k(quants: 256, steps: 16, minimum_steps: 8)),
            QuantType::Q5_K => fill_blocks!(self, row, 176, q5_k(quants: 256, steps: 16, minimum_steps: 8)),
            QuantType::Q6_K => fill_blocks!(self, row, 210, q6_k(quants: 256, steps: 16, minimum_steps: 8)),
        }
    }
}

#[inline(always)]
fn half_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// Turns the bits of halves, kept in the low 16 bits, into their values, all at once.
#[inline(always)]
fn widen_halves(values: &mut [f32]) {
    for value in values {
        *value = f16_to_f32(value.to_bits() as u16);
    }
}

/// Low nibbles are weights 0..16, high nibbles 16..32.
#[inline(always)]
fn nibbles(bytes: &[u8], quants: &mut [i8; 32], offset: i8) {
    let bytes = &bytes.as_chunks::<16>().0[0];
    for i in 0..16 {
        quants[i] = (bytes[i] & 15) as i8 - offset;
        quants[i + 16] = (bytes[i] >> 4) as i8 - offset;
    }
}

#[inline(always)]
fn q4_0(block: &[u8; 18], quants: &mut [i8; 32]) -> (u16, u16) {
    nibbles(&block[2..], quants, 8);
    (half_at(block, 0), 0)
}

#[inline(always)]
fn q4_1(block: &[u8; 20], quants: &mut [i8; 32]) -> (u16, u16) {
    nibbles(&block[4..], quants, 0);
    (half_at(block, 0), half_at(block, 2))
}

/// Adds the fifth bit (bit i of `high` belongs to weight i) and the offset.
#[inline(always)]
fn fifth_bits(high: [u8; 4], quants: &mut [i8; 32], offset: i8) {
    // Each weight sees its own byte of `high` and keeps its own bit of it.
    for byte in 0..4 {
        for bit in 0..8 {
            let quant = &mut quants[byte * 8 + bit];
            let is_set = high[byte] & (1 << bit) != 0;
            *quant = (*quant | if is_set { 16 } else { 0 }) - offset;
        }
    }
}

#[inline(always)]
fn q5_0(block: &[u8; 22], quants: &mut [i8; 32]) -> (u16, u16) {
    nibbles(&block[6..], quants, 0);
    fifth_bits([block[2], block[3], block[4], block[5]], quants, 16);
    (half_at(block, 0), 0)
}

#[inline(always)]
fn q5_1(block: &[u8; 24], quants: &mut [i8; 32]) -> (u16, u16) {
    nibbles(&block[8..], quants, 0);
    fifth_bits([block[4], block[5], block[6], block[7]], quants, 0);
    (half_at(block, 0), half_at(block, 2))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn q5_0_avx2(block: &[u8; 22], quants: &mut [i8; 32]) -> (u16, u16) {
    let (high, nibbles) = block[2..].split_at(4);
    five_bits_avx2(high, nibbles, quants, 16);
    (half_at(block, 0), 0)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn q5_1_avx2(block: &[u8; 24], quants: &mut [i8; 32]) -> (u16, u16) {
    let (high, nibbles) = block[4..].split_at(4);
    five_bits_avx2(high, nibbles, quants, 0);
    (half_at(block, 0), half_at(block, 2))
}

/// Nibbles and fifth bits joined, less the offset: what `nibbles` and `fifth_bits` do.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn five_bits_avx2(high: &[u8], nibbles: &[u8], quants: &mut [i8; 32], offset: i8) {
    use std::arch::x86_64::*;
    let nibbles: &[u8; 16] = &nibbles.as_chunks().0[0];
    let high = i32::from_le_bytes(high.as_chunks().0[0]);
    // SAFETY: 16 bytes are read from an array of 16, 32 written to an array of 32.
    unsafe {
        let packed = _mm_loadu_si128(nibbles.as_ptr().cast());
        let both = _mm256_set_m128i(_mm_srli_epi16::<4>(packed), packed);
        let low = _mm256_and_si256(both, _mm256_set1_epi8(15));
        // Each byte gets the byte of `high` that holds its bit, and keeps that bit.
        let own_byte = _mm256_setr_epi64x(0, 0x0101_0101_0101_0101, 0x0202_0202_0202_0202, 0x0303_0303_0303_0303);
        let own_bit = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64 as i64);
        let spread = _mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi32(high), own_byte), own_bit);
        let fifth = _mm256_and_si256(_mm256_cmpeq_epi8(spread, own_bit), _mm256_set1_epi8(16));
        let whole = _mm256_sub_epi8(_mm256_or_si256(low, fifth), _mm256_set1_epi8(offset));
        _mm256_storeu_si256(quants.as_mut_ptr().cast(), whole);
    }
}

#[inline(always)]
fn q8_0(block: &[u8; 34], quants: &mut [i8; 32]) -> (u16, u16) {
    let bytes = &block[2..].as_chunks::<32>().0[0];
    for i in 0..32 {
        quants[i] = bytes[i] as i8;
    }
    (half_at(block, 0), 0)
}

/// The 6-bit (step, minimum step) of sub-block `j` of a Q4_K or Q5_K block; 8 pairs lie in 12 bytes.
#[inline(always)]
pub(crate) fn k_step(packed: &[u8], j: usize) -> (i8, i8) {
    let (step, minimum) = if j < 4 {
        (packed[j] & 63, packed[j + 4] & 63)
    } else {
        ((packed[j + 4] & 15) | ((packed[j - 4] >> 6) << 4), (packed[j + 4] >> 4) | ((packed[j] >> 6) << 4))
    };
    // Six bits.
    (step as i8, minimum as i8)
}

#[inline(always)]
fn k_steps(block: &[u8], steps: &mut [i16; 16], minimum_steps: &mut [i16; 8]) -> (u16, u16) {
    for j in 0..8 {
        let (step, minimum) = k_step(&block[4..16], j);
        steps[2 * j] = i16::from(step);
        steps[2 * j + 1] = i16::from(step);
        minimum_steps[j] = i16::from(minimum);
    }
    (half_at(block, 0), half_at(block, 2) ^ 0x8000)
}

#[inline(always)]
fn q4_k(block: &[u8; 144], quants: &mut [i8; 256], steps: &mut [i16; 16], mins: &mut [i16; 8]) -> (u16, u16) {
    for pair in 0..4 {
        let bytes = &block[16 + pair * 32..][..32];
        let (low, high) = quants[pair * 64..][..64].split_at_mut(32);
        for i in 0..32 {
            low[i] = (bytes[i] & 15) as i8;
            high[i] = (bytes[i] >> 4) as i8;
        }
    }
    k_steps(block, steps, mins)
}

#[inline(always)]
fn q5_k(block: &[u8; 176], quants: &mut [i8; 256], steps: &mut [i16; 16], mins: &mut [i16; 8]) -> (u16, u16) {
    let fifth = &block[16..48];
    for pair in 0..4 {
        let bytes = &block[48 + pair * 32..][..32];
        let (low, high) = quants[pair * 64..][..64].split_at_mut(32);
        for i in 0..32 {
            low[i] = ((bytes[i] & 15) | (((fifth[i] >> (2 * pair)) & 1) << 4)) as i8;
            high[i] = ((bytes[i] >> 4) | (((fifth[i] >> (2 * pair + 1)) & 1) << 4)) as i8;
        }
    }
    k_steps(block, steps, mins)
}

#[inline(always)]
fn q6_k(block: &[u8; 210], quants: &mut [i8; 256], steps: &mut [i16; 16], mins: &mut [i16; 8]) -> (u16, u16) {
    for (step, byte) in steps.iter_mut().zip(&block[192..208]) {
        *step = i16::from(*byte as i8);
    }
    *mins = [0; 8];
    for half in 0..2 {
        let low = &block[half * 64..][..64];
        let high = &block[128 + half * 32..][..32];
        let out = &mut quants[half * 128..][..128];
        for i in 0..32 {
            out[i] = ((low[i] & 15) | ((high[i] & 3) << 4)) as i8;
            out[i + 32] = ((low[i + 32] & 15) | (((high[i] >> 2) & 3) << 4)) as i8;
            out[i + 64] = ((low[i] >> 4) | (((high[i] >> 4) & 3) << 4)) as i8;
            out[i + 96] = ((low[i + 32] >> 4) | (((high[i] >> 6) & 3) << 4)) as i8;
        }
    }
    (half_at(block, 208), 0)
}
