//! From GGUF blocks to packed codes, value for value: types whose grid of values is `scale · code + minimum`.
//!
//! | type | bits | group | scale | minimum |
//! |---|---|---|---|---|
//! | Q4_0, Q5_0, Q8_0 | 4, 5, 8 | 32 | half | −8, −16, 0 times the scale |
//! | Q4_1, Q5_1 | 4, 5 | 32 | half | half |
//! | Q4_K, Q5_K | 4, 5 | 32 | half · step | half · step |
//! | Q6_K, Q3_K | 6, 3 | 16 | half · step | −32, −4 times the scale |
//! | Q2_K | 2 | 16 | half · step | half · step |
//! | TQ1_0, TQ2_0 | 2 | 128 | half | −1 times the scale |
//! | TQ1_0, TQ2_0 with one scale a row, as BitNet has | 2, by threes | a row | half | −1 times the scale |

use super::layout::{PackedLayout, PackedMatrix, PackedShape, RowParts};
use super::values::Encoding;
use crate::pool::Pool;
use crate::{QuantType, f16_to_f32};

/// Layouts to choose between where a width has two; which is quicker depends on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layouts {
    /// Four bits: lookup or multiply-add.
    pub four_bits: PackedLayout,
    /// Ternary with one scale a row: lookup or triples.
    pub ternary: PackedLayout,
}

impl Default for Layouts {
    fn default() -> Self {
        Self { four_bits: PackedLayout::MultiplyAdd, ternary: PackedLayout::Triples }
    }
}

/// How a type is packed: (bits, group, how scales and minimums are kept), or `None` for floats.
fn form(quant_type: QuantType) -> Option<(usize, usize, [Encoding; 2])> {
    use Encoding::{Half, OfScale, Steps};
    Some(match quant_type {
        QuantType::F32 | QuantType::F16 | QuantType::BF16 => return None,
        QuantType::Q4_0 => (4, 32, [Half, OfScale(-8.0)]),
        QuantType::Q4_1 => (4, 32, [Half, Half]),
        QuantType::Q5_0 => (5, 32, [Half, OfScale(-16.0)]),
        QuantType::Q5_1 => (5, 32, [Half, Half]),
        QuantType::Q8_0 => (8, 32, [Half, OfScale(0.0)]),
        QuantType::Q2_K => (2, 16, [Steps, Steps]),
        QuantType::Q3_K => (3, 16, [Steps, OfScale(-4.0)]),
        QuantType::Q4_K => (4, 32, [Steps, Steps]),
        QuantType::Q5_K => (5, 32, [Steps, Steps]),
        QuantType::Q6_K => (6, 16, [Steps, OfScale(-32.0)]),
        QuantType::TQ1_0 | QuantType::TQ2_0 => (2, 128, [Half, OfScale(-1.0)]),
    })
}

impl PackedMatrix {
    /// Packs a GGUF matrix of whole rows, or `None` for floats. Every weight keeps its value exactly; the table above says how.
    /// Up to three bits lie for lookups, more for multiply-add; where there are two ways `layouts` says which.
    ///
    /// # Panics
    /// When `bytes` is not whole rows of `columns` weights.
    #[must_use]
    pub fn from_gguf(
        pool: &Pool,
        quant_type: QuantType,
        bytes: &[u8],
        columns: usize,
        layouts: Layouts,
    ) -> Option<Self> {
        let (planes, group, encodings) = form(quant_type)?;
        let row_bytes = quant_type.row_bytes(columns).expect("columns are a whole number of blocks");
        assert!(row_bytes > 0 && bytes.len().is_multiple_of(row_bytes), "weights must be whole rows");
        let layout = match planes {
            ..4 => PackedLayout::Lookup,
            4 => layouts.four_bits,
            _ => PackedLayout::MultiplyAdd,
        };
        let rows = bytes.len() / row_bytes;
        if layouts.ternary == PackedLayout::Triples && planes == 2 && has_one_scale_a_row(quant_type, bytes, row_bytes)
        {
            return Some(Self::triples(pool, quant_type, bytes, rows, columns));
        }
        let shape = PackedShape { rows, columns, group, planes, layout };
        Some(Self::pack(pool, shape, encodings, &|row, parts| {
            let blocks = bytes[row * row_bytes..][..row_bytes].chunks_exact(quant_type.block_bytes());
            for (index, block) in blocks.enumerate() {
                let at = index * quant_type.block_len();
                fill_block(quant_type, block, at, group, parts);
            }
        }))
    }

    /// Bytes that a GGUF matrix takes at most when packed, or `None` for floats.
    #[must_use]
    pub fn most_bytes(quant_type: QuantType, rows: usize, columns: usize) -> Option<usize> {
        let (planes, group, encodings) = form(quant_type)?;
        let layout = if planes < 4 { PackedLayout::Lookup } else { PackedLayout::MultiplyAdd };
        Some(Self::bytes_of(&PackedShape { rows, columns, group, planes, layout }, encodings))
    }

    /// Ternary weights by threes; see [`has_one_scale_a_row`].
    fn triples(pool: &Pool, quant_type: QuantType, bytes: &[u8], rows: usize, columns: usize) -> Self {
        let group = super::triples::GROUP;
        let shape = PackedShape { rows, columns, group, planes: 2, layout: PackedLayout::Triples };
        // Blocks are read as for groups of 128, whose scales are then put aside.
        let (blocks, block_group) = (columns / quant_type.block_len(), 128);
        Self::pack(pool, shape, [Encoding::PerRow, Encoding::OfScale(-1.0)], &|row, parts| {
            let mut scales = RowParts { codes: std::mem::take(&mut parts.codes), ..RowParts::default() };
            scales.scales.values.resize(blocks * 2, 0.0);
            let row_bytes = blocks * quant_type.block_bytes();
            for (index, block) in
                bytes[row * row_bytes..][..row_bytes].chunks_exact(quant_type.block_bytes()).enumerate()
            {
                let at = index * quant_type.block_len();
                fill_block(quant_type, block, at, block_group, &mut scales);
                if scales.scales.values[at / block_group] == 0.0 {
                    // Whatever its codes, the block is all zeros; with the row's scale they must say so.
                    scales.codes[at..at + quant_type.block_len()].fill(1);
                }
            }
            parts.codes = scales.codes;
            parts.scales.values[0] = scales.scales.values.iter().copied().find(|scale| *scale != 0.0).unwrap_or(0.0);
        })
    }
}

/// Whether all blocks of each row of a ternary matrix have the same scale, all-zero blocks aside.
fn has_one_scale_a_row(quant_type: QuantType, bytes: &[u8], row_bytes: usize) -> bool {
    let at = match quant_type {
        QuantType::TQ1_0 => 52,
        QuantType::TQ2_0 => 64,
        _ => return false,
    };
    bytes.chunks_exact(row_bytes).all(|row| {
        let mut scales = row
            .chunks_exact(quant_type.block_bytes())
            .map(|block| half_at(block, at))
            .filter(|half| half & 0x7FFF != 0);
        let first = scales.next();
        scales.all(|half| Some(half) == first)
    })
}

fn half_at(block: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([block[at], block[at + 1]])
}

fn single_at(block: &[u8], at: usize) -> f32 {
    f16_to_f32(half_at(block, at))
}

/// Puts one block, whose first weight is column `at`, into the parts of its row.
fn fill_block(quant_type: QuantType, block: &[u8], at: usize, group: usize, parts: &mut RowParts) {
    let codes = &mut parts.codes[at..at + quant_type.block_len()];
    let (group, unit) = (at / group, at / 256);
    let (scales, minimums) = (&mut parts.scales, &mut parts.minimums);
    match quant_type {
        QuantType::F32 | QuantType::F16 | QuantType::BF16 => unreachable!("floats have no packed form"),
        QuantType::Q4_0 => {
            scales.values[group] = single_at(block, 0);
            nibbles(&block[2..18], codes);
        }
        QuantType::Q4_1 => {
            (scales.values[group], minimums.values[group]) = (single_at(block, 0), single_at(block, 2));
            nibbles(&block[4..20], codes);
        }
        QuantType::Q5_0 => {
            scales.values[group] = single_at(block, 0);
            nibbles(&block[6..22], codes);
            fifth_bits(&block[2..6], codes);
        }
        QuantType::Q5_1 => {
            (scales.values[group], minimums.values[group]) = (single_at(block, 0), single_at(block, 2));
            nibbles(&block[8..24], codes);
            fifth_bits(&block[4..8], codes);
        }
        QuantType::Q8_0 => {
            scales.values[group] = single_at(block, 0);
            codes.copy_from_slice(&block[2..34]);
        }
        QuantType::Q4_K | QuantType::Q5_K => {
            // The minimum is taken off: its sign bit is turned round.
            (scales.units[unit], minimums.units[unit]) = (half_at(block, 0), half_at(block, 2) ^ 0x8000);
            for j in 0..8 {
                (scales.steps[group + j], minimums.steps[group + j]) = crate::unpack::k_step(&block[4..16], j);
            }
            let (fifth, nibbles) = if quant_type == QuantType::Q4_K { (None, 16) } else { (Some(&block[16..48]), 48) };
            for (j, part) in codes.chunks_exact_mut(32).enumerate() {
                let bytes = &block[nibbles + j / 2 * 32..][..32];
                for (i, code) in part.iter_mut().enumerate() {
                    let high = fifth.map_or(0, |bits| bits[i] >> j & 1);
                    *code = bytes[i] >> (j % 2 * 4) & 15 | high << 4;
                }
            }
        }
        QuantType::Q6_K => {
            scales.units[unit] = half_at(block, 208);
            for (step, byte) in scales.steps[group..group + 16].iter_mut().zip(&block[192..208]) {
                *step = *byte as i8;
            }
            for (i, code) in codes.iter_mut().enumerate() {
                let (half, part, i) = (i / 128, i % 128 / 32, i % 32);
                let low = block[half * 64 + part % 2 * 32 + i] >> (part / 2 * 4) & 15;
                *code = low | (block[128 + half * 32 + i] >> (part * 2) & 3) << 4;
            }
        }
        QuantType::Q3_K => {
            scales.units[unit] = half_at(block, 108);
            let packed = &block[96..108];
            for (j, step) in scales.steps[group..group + 16].iter_mut().enumerate() {
                let low = packed[j % 8] >> (j / 8 * 4) & 15;
                *step = (low | (packed[8 + j % 4] >> (j / 4 * 2) & 3) << 4) as i8 - 32;
            }
            for (i, code) in codes.iter_mut().enumerate() {
                let (half, part, i) = (i / 128, i % 128 / 32, i % 32);
                let low = block[32 + half * 32 + i] >> (part * 2) & 3;
                *code = low | (block[i] >> (half * 4 + part) & 1) << 2;
            }
        }
        QuantType::Q2_K => {
            (scales.units[unit], minimums.units[unit]) = (half_at(block, 80), half_at(block, 82) ^ 0x8000);
            for (j, byte) in block[..16].iter().enumerate() {
                (scales.steps[group + j], minimums.steps[group + j]) = ((byte & 15) as i8, (byte >> 4) as i8);
            }
            for (i, code) in codes.iter_mut().enumerate() {
                *code = block[16 + i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
            }
        }
        QuantType::TQ2_0 => {
            scales.values[group..group + 2].fill(single_at(block, 64));
            for (i, code) in codes.iter_mut().enumerate() {
                *code = block[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
            }
        }
        QuantType::TQ1_0 => {
            scales.values[group..group + 2].fill(single_at(block, 52));
            for (i, code) in codes.iter_mut().enumerate() {
                // Five trits a byte, 32 and then 16 bytes side by side; the last four bytes hold four.
                let (byte, trit) = match i {
                    ..160 => (i % 32, i / 32),
                    160..240 => (32 + (i - 160) % 16, (i - 160) / 16),
                    _ => (48 + (i - 240) % 4, (i - 240) / 4),
                };
                let turned = block[byte].wrapping_mul([1, 3, 9, 27, 81][trit]);
                *code = ((u16::from(turned) * 3) >> 8) as u8;
            }
        }
    }
}

/// Low nibbles are weights 0..16, high nibbles 16..32.
fn nibbles(bytes: &[u8], codes: &mut [u8]) {
    let (low, high) = codes.split_at_mut(16);
    for (i, byte) in bytes.iter().enumerate() {
        (low[i], high[i]) = (byte & 15, byte >> 4);
    }
}

/// Adds bit i of `bits` to code i as its fifth.
fn fifth_bits(bits: &[u8], codes: &mut [u8]) {
    for (i, code) in codes.iter_mut().enumerate() {
        *code |= (bits[i / 8] >> (i % 8) & 1) << 4;
    }
}
