//! One weight row unpacked to int8 quants with float scales: the form the dot kernel reads.
//!
//! `weight = quant · scale − minimum`, with a scale per 16 weights (Q6_K needs that fine a step) and a minimum per
//! 32. Written once in plain Rust and always inlined: the AVX2 entry points compile the same lines with wider
//! registers, so the variants cannot differ in a bit.

use crate::QuantType;
use crate::float::f16_to_f32;

/// Scratch for one unpacked row; reused from row to row.
#[derive(Debug, Default)]
pub(crate) struct UnpackedRow {
    /// [columns]
    pub(crate) quants: Vec<i8>,
    /// [columns / 16]
    pub(crate) scales: Vec<f32>,
    /// [columns / 32]; all zero for types without a minimum.
    pub(crate) minimums: Vec<f32>,
}

impl UnpackedRow {
    pub(crate) fn new(columns: usize) -> Self {
        Self { quants: vec![0; columns], scales: vec![0.0; columns / 16], minimums: vec![0.0; columns / 32] }
    }

    /// Unpacks `row`, which holds exactly as many weights as this scratch was made for.
    #[inline(always)]
    pub(crate) fn fill(&mut self, quant_type: QuantType, row: &[u8]) {
        match quant_type {
            QuantType::F32 | QuantType::F16 => unreachable!("float rows are not unpacked; matmul handles them"),
            QuantType::Q4_0 => self.fill32::<18>(row, q4_0),
            QuantType::Q4_1 => self.fill32::<20>(row, q4_1),
            QuantType::Q5_0 => self.fill32::<22>(row, q5_0),
            QuantType::Q5_1 => self.fill32::<24>(row, q5_1),
            QuantType::Q8_0 => self.fill32::<34>(row, q8_0),
            QuantType::Q4_K => self.fill256::<144>(row, q4_k),
            QuantType::Q5_K => self.fill256::<176>(row, q5_k),
            QuantType::Q6_K => self.fill256::<210>(row, q6_k),
        }
    }

    #[inline(always)]
    fn fill32<const BYTES: usize>(&mut self, row: &[u8], unpack: impl Fn(&[u8; BYTES], &mut [i8; 32]) -> (f32, f32)) {
        let (blocks, _) = row.as_chunks::<BYTES>();
        let (quants, _) = self.quants.as_chunks_mut::<32>();
        let (scales, _) = self.scales.as_chunks_mut::<2>();
        for (((block, quants), scales), minimum) in blocks.iter().zip(quants).zip(scales).zip(&mut self.minimums) {
            let (scale, min) = unpack(block, quants);
            *scales = [scale; 2];
            *minimum = min;
        }
    }

    #[inline(always)]
    fn fill256<const BYTES: usize>(
        &mut self,
        row: &[u8],
        unpack: impl Fn(&[u8; BYTES], &mut [i8; 256], &mut [f32; 16], &mut [f32; 8]),
    ) {
        let (blocks, _) = row.as_chunks::<BYTES>();
        let (quants, _) = self.quants.as_chunks_mut::<256>();
        let (scales, _) = self.scales.as_chunks_mut::<16>();
        let (minimums, _) = self.minimums.as_chunks_mut::<8>();
        for (((block, quants), scales), minimums) in blocks.iter().zip(quants).zip(scales).zip(minimums) {
            unpack(block, quants, scales, minimums);
        }
    }
}

#[inline(always)]
fn half_at(bytes: &[u8], at: usize) -> f32 {
    f16_to_f32(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

/// Low nibbles are weights 0..16, high nibbles 16..32.
#[inline(always)]
fn nibbles(bytes: &[u8], quants: &mut [i8; 32], offset: i8) {
    for i in 0..16 {
        quants[i] = (bytes[i] & 15) as i8 - offset;
        quants[i + 16] = (bytes[i] >> 4) as i8 - offset;
    }
}

#[inline(always)]
fn q4_0(block: &[u8; 18], quants: &mut [i8; 32]) -> (f32, f32) {
    nibbles(&block[2..], quants, 8);
    (half_at(block, 0), 0.0)
}

#[inline(always)]
fn q4_1(block: &[u8; 20], quants: &mut [i8; 32]) -> (f32, f32) {
    nibbles(&block[4..], quants, 0);
    (half_at(block, 0), -half_at(block, 2))
}

/// Adds the fifth bit (bit i of `high` belongs to weight i) and the offset.
#[inline(always)]
fn fifth_bits(high: [u8; 4], quants: &mut [i8; 32], offset: i8) {
    for byte in 0..4 {
        // Spread the 8 bits of a byte over 8 bytes: each lane keeps its own bit, moved to value 16.
        let spread = u64::from(high[byte]).wrapping_mul(0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
        let ones = ((spread + 0x0040_6070_787C_7E7F) >> 7) & 0x0101_0101_0101_0101;
        let bits = (ones << 4).to_le_bytes();
        for lane in 0..8 {
            let quant = &mut quants[byte * 8 + lane];
            *quant = (*quant | bits[lane] as i8) - offset;
        }
    }
}

#[inline(always)]
fn q5_0(block: &[u8; 22], quants: &mut [i8; 32]) -> (f32, f32) {
    nibbles(&block[6..], quants, 0);
    fifth_bits([block[2], block[3], block[4], block[5]], quants, 16);
    (half_at(block, 0), 0.0)
}

#[inline(always)]
fn q5_1(block: &[u8; 24], quants: &mut [i8; 32]) -> (f32, f32) {
    nibbles(&block[8..], quants, 0);
    fifth_bits([block[4], block[5], block[6], block[7]], quants, 0);
    (half_at(block, 0), -half_at(block, 2))
}

#[inline(always)]
fn q8_0(block: &[u8; 34], quants: &mut [i8; 32]) -> (f32, f32) {
    for (quant, byte) in quants.iter_mut().zip(&block[2..]) {
        *quant = *byte as i8;
    }
    (half_at(block, 0), 0.0)
}

/// The 6-bit (scale, minimum) of sub-block `j` of a Q4_K or Q5_K block; 8 pairs lie in 12 bytes.
#[inline(always)]
fn k_scale(packed: &[u8], j: usize) -> (f32, f32) {
    let (scale, minimum) = if j < 4 {
        (packed[j] & 63, packed[j + 4] & 63)
    } else {
        ((packed[j + 4] & 15) | ((packed[j - 4] >> 6) << 4), (packed[j + 4] >> 4) | ((packed[j] >> 6) << 4))
    };
    (f32::from(scale), f32::from(minimum))
}

#[inline(always)]
fn k_scales(block: &[u8], scales: &mut [f32; 16], minimums: &mut [f32; 8]) {
    let (d, dmin) = (half_at(block, 0), half_at(block, 2));
    for j in 0..8 {
        let (scale, minimum) = k_scale(&block[4..16], j);
        scales[2 * j] = d * scale;
        scales[2 * j + 1] = d * scale;
        minimums[j] = dmin * minimum;
    }
}

#[inline(always)]
fn q4_k(block: &[u8; 144], quants: &mut [i8; 256], scales: &mut [f32; 16], minimums: &mut [f32; 8]) {
    k_scales(block, scales, minimums);
    for pair in 0..4 {
        let bytes = &block[16 + pair * 32..][..32];
        let (low, high) = quants[pair * 64..][..64].split_at_mut(32);
        for i in 0..32 {
            low[i] = (bytes[i] & 15) as i8;
            high[i] = (bytes[i] >> 4) as i8;
        }
    }
}

#[inline(always)]
fn q5_k(block: &[u8; 176], quants: &mut [i8; 256], scales: &mut [f32; 16], minimums: &mut [f32; 8]) {
    k_scales(block, scales, minimums);
    let fifth = &block[16..48];
    for pair in 0..4 {
        let bytes = &block[48 + pair * 32..][..32];
        let (low, high) = quants[pair * 64..][..64].split_at_mut(32);
        for i in 0..32 {
            low[i] = ((bytes[i] & 15) | (((fifth[i] >> (2 * pair)) & 1) << 4)) as i8;
            high[i] = ((bytes[i] >> 4) | (((fifth[i] >> (2 * pair + 1)) & 1) << 4)) as i8;
        }
    }
}

#[inline(always)]
fn q6_k(block: &[u8; 210], quants: &mut [i8; 256], scales: &mut [f32; 16], minimums: &mut [f32; 8]) {
    let d = half_at(block, 208);
    for (scale, byte) in scales.iter_mut().zip(&block[192..208]) {
        *scale = d * f32::from(*byte as i8);
    }
    *minimums = [0.0; 8];
    for half in 0..2 {
        let low = &block[half * 64..][..64];
        let high = &block[128 + half * 32..][..32];
        let out = &mut quants[half * 128..][..128];
        for i in 0..32 {
            out[i] = ((low[i] & 15) | ((high[i] & 3) << 4)) as i8 - 32;
            out[i + 32] = ((low[i + 32] & 15) | (((high[i] >> 2) & 3) << 4)) as i8 - 32;
            out[i + 64] = ((low[i] >> 4) | (((high[i] >> 4) & 3) << 4)) as i8 - 32;
            out[i + 96] = ((low[i + 32] >> 4) | (((high[i] >> 6) & 3) << 4)) as i8 - 32;
        }
    }
}
