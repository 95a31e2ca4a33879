//! From GGUF blocks to packed codes, value for value: types whose grid of values is `scale · code + minimum` with codes of
//! at most four bits.

use super::layout::{PackedLayout, PackedMatrix, PackedShape};
use crate::QuantType;
use crate::unpack::UnpackedRow;

impl PackedMatrix {
    /// Packs a GGUF matrix of whole rows, or `None` when its type does not fit into four planes exactly.
    ///
    /// Q4_0, Q4_1 and Q4_K keep every code. A scale or minimum that a half cannot hold (Q4_K's, a half times six bits) is
    /// kept in single precision, so it is exact as well; the minimum of Q4_0 is −8 · scale.
    ///
    /// # Panics
    /// When `bytes` is not whole rows of `columns` weights.
    #[must_use]
    pub fn from_gguf(quant_type: QuantType, bytes: &[u8], columns: usize, layout: PackedLayout) -> Option<Self> {
        if !matches!(quant_type, QuantType::Q4_0 | QuantType::Q4_1 | QuantType::Q4_K) {
            return None;
        }
        let row_bytes = quant_type.row_bytes(columns).expect("columns are a whole number of blocks");
        assert!(row_bytes > 0 && bytes.len().is_multiple_of(row_bytes), "weights must be whole rows");
        let shape = PackedShape { rows: bytes.len() / row_bytes, columns, group: 32, planes: 4, layout };
        let mut unpacked = UnpackedRow::default();
        unpacked.shape_for(quant_type, columns);
        Some(Self::pack(shape, &mut |row, codes, scales, minimums| {
            unpacked.fill(quant_type, &bytes[row * row_bytes..][..row_bytes]);
            // Q4_0 counts from −8.
            let lowest = if quant_type == QuantType::Q4_0 { -8 } else { 0 };
            for (code, quant) in codes.iter_mut().zip(&unpacked.quants) {
                *code = (quant - lowest) as u8;
            }
            for group in 0..scales.len() {
                (scales[group], minimums[group]) = unpacked.group32(group);
                minimums[group] += f32::from(lowest) * scales[group];
            }
        }))
    }
}
