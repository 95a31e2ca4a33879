//! A weight matrix times a batch of activation vectors: one token when decoding, many in prefill.

use std::cell::RefCell;

use crate::activation::Activations;
use crate::dot::dot_scalar;
use crate::float::f16_to_f32;
use crate::float_ops::dot_f32;
use crate::isa::Isa;
use crate::packed::{Layouts, PackedMatrix};
use crate::pool::{Pool, SharedMut};
use crate::quant_type::QuantType;
use crate::unpack::UnpackedRow;

/// Multiply-adds of one part of a product: some 10 µs of work, so that threads share well and claiming costs little.
const PART_MACS: usize = 1 << 18;

thread_local! {
    /// Scratch of this thread, so that a product allocates nothing once its largest row has been seen.
    static ROW: RefCell<(UnpackedRow, Vec<f32>)> = RefCell::default();
}

/// `out[t, r] = Σ_k weights[r, k] · x[t, k]`.
///
/// `weights` holds whole rows of `x.columns()` weights in `quant_type`; `out` has shape [tokens, rows].
///
/// # Panics
/// When a shape does not fit, `x` was quantised in another format than `quant_type` asks for, or the type must be packed.
pub fn matmul(pool: &Pool, isa: Isa, quant_type: QuantType, weights: &[u8], x: &Activations, out: &mut [f32]) {
    let row_bytes = quant_type.row_bytes(x.columns()).expect("columns are a whole number of blocks");
    assert!(row_bytes > 0 && weights.len().is_multiple_of(row_bytes), "weights must be whole rows");
    let rows = weights.len() / row_bytes;
    let tokens = x.tokens();
    assert_eq!(out.len(), tokens * rows, "out must be [tokens, rows]");
    assert!(quant_type.has_plain_kernel(), "{quant_type} must be packed");
    assert_eq!(x.format, quant_type.activation_format(), "activations in the wrong format");
    if rows == 0 || tokens == 0 {
        return;
    }
    let part_rows = (PART_MACS / (tokens * x.columns())).clamp(1, rows);
    let out = SharedMut(out.as_mut_ptr());
    pool.run(rows.div_ceil(part_rows), &|part| {
        let first = part * part_rows;
        let last = (first + part_rows).min(rows);
        let product = Product { isa, quant_type, x, rows, out };
        ROW.with_borrow_mut(|(row, values)| {
            for r in first..last {
                // SAFETY: `out` holds tokens · rows floats, each row is in one part only, and each part runs once.
                unsafe { product.row(r, &weights[r * row_bytes..][..row_bytes], row, values) };
            }
        });
    });
}

/// Weights of one row as floats. `out` has the row's length.
///
/// # Panics
/// When `row` is not exactly `out.len()` weights in `quant_type`.
pub fn dequantise_row(quant_type: QuantType, row: &[u8], out: &mut [f32]) {
    assert_eq!(quant_type.row_bytes(out.len()), Some(row.len()), "row and output must fit");
    match quant_type {
        _ if quant_type.is_float() => float_row(quant_type, row, out),
        _ if !quant_type.has_plain_kernel() => {
            PackedMatrix::from_gguf(&Pool::new(1), quant_type, row, out.len(), Layouts::default())
                .expect("no float type")
                .row(0, out);
        }
        _ => ROW.with_borrow_mut(|(unpacked, _)| {
            unpacked.shape_for(quant_type, out.len());
            unpacked.fill(quant_type, row);
            for (i, value) in out.iter_mut().enumerate() {
                *value = unpacked.weight(i);
            }
        }),
    }
}

fn float_row(quant_type: QuantType, row: &[u8], out: &mut [f32]) {
    if quant_type == QuantType::F32 {
        for (value, b) in out.iter_mut().zip(row.as_chunks::<4>().0) {
            *value = f32::from_le_bytes(*b);
        }
        return;
    }
    for (value, b) in out.iter_mut().zip(row.as_chunks::<2>().0) {
        let bits = u16::from_le_bytes(*b);
        // A BF16 is the upper half of a single.
        *value = if quant_type == QuantType::F16 { f16_to_f32(bits) } else { f32::from_bits(u32::from(bits) << 16) };
    }
}

/// What the rows of one product share.
struct Product<'a> {
    isa: Isa,
    quant_type: QuantType,
    x: &'a Activations,
    rows: usize,
    /// [tokens, rows]
    out: SharedMut,
}

impl Product<'_> {
    /// # Safety
    /// `out` must hold tokens · rows floats, and nobody else may touch column `r` of it meanwhile.
    unsafe fn row(&self, r: usize, weights: &[u8], row: &mut UnpackedRow, values: &mut Vec<f32>) {
        let x = self.x;
        if self.quant_type.is_float() {
            values.resize(x.columns, 0.0);
            float_row(self.quant_type, weights, values);
            for token in 0..x.tokens {
                let sum = dot_f32(self.isa, values, &x.values[token * x.columns..][..x.columns]);
                // SAFETY: passed on from this function's conditions.
                unsafe { self.put(token, r, sum) };
            }
            return;
        }
        row.shape_for(self.quant_type, x.columns);
        match self.isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2 and FMA, and `matmul` has checked every shape.
            Isa::Avx2 if self.isa.is_available() => unsafe { self.row_avx2(r, weights, row) },
            #[cfg(target_arch = "aarch64")]
            Isa::Neon | Isa::NeonDot if self.isa.is_available() => {
                row.fill(self.quant_type, weights);
                for token in 0..x.tokens {
                    // SAFETY: the guard asks the machine for both; `put` has the conditions of `row`.
                    unsafe {
                        let sum = match self.isa {
                            Isa::NeonDot => crate::neon::dot::<true>(row, x, token),
                            _ => crate::neon::dot::<false>(row, x, token),
                        };
                        self.put(token, r, sum);
                    }
                }
            }
            _ => {
                row.fill(self.quant_type, weights);
                for token in 0..x.tokens {
                    let sum = dot_scalar(row, x, token);
                    // SAFETY: passed on from this function's conditions.
                    unsafe { self.put(token, r, sum) };
                }
            }
        }
    }

    /// # Safety
    /// The machine must have AVX2 and FMA; else as [`Product::row`].
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn row_avx2(&self, r: usize, weights: &[u8], row: &mut UnpackedRow) {
        use crate::dot::dot_avx2;
        // SAFETY: AVX2 and FMA are this function's own condition.
        unsafe { row.fill_avx2(self.quant_type, weights) };
        let tokens = self.x.tokens;
        // SAFETY: AVX2 and FMA are this function's own condition, tokens stay inside the batch, and `put` has the
        // conditions of `row`.
        unsafe {
            for token in (0..tokens - tokens % 4).step_by(4) {
                for (n, sum) in dot_avx2::<4>(row, self.x, token).into_iter().enumerate() {
                    self.put(token + n, r, sum);
                }
            }
            for token in tokens - tokens % 4..tokens {
                let [sum] = dot_avx2::<1>(row, self.x, token);
                self.put(token, r, sum);
            }
        }
    }

    /// # Safety
    /// As [`Product::row`]; `token` and `r` must be inside the product.
    unsafe fn put(&self, token: usize, r: usize, sum: f32) {
        // SAFETY: token · rows + r < tokens · rows, which is what `out` holds.
        unsafe { *self.out.get().add(token * self.rows + r) = sum };
    }
}
