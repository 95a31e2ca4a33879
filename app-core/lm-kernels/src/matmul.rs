//! A weight matrix times a batch of activation vectors: one token when decoding, many in prefill.

use crate::activation::Activations;
use crate::dot::{dot_f32, dot_scalar};
use crate::float::f16_to_f32;
use crate::isa::Isa;
use crate::quant_type::QuantType;
use crate::unpack::UnpackedRow;

/// Multiply-adds below which a second thread costs more than it brings (a spawn is some 20–50 µs).
const THREAD_WORTH_MACS: usize = 4_000_000;

/// `out[t, r] = Σ_k weights[r, k] · x[t, k]`.
///
/// `weights` holds whole rows of `x.columns()` weights in `quant_type`; `out` has shape [tokens, rows]. At most
/// `threads` threads work; small products stay on the caller's.
///
/// # Panics
/// When a shape does not fit, or `x` was quantised in another format than `quant_type` asks for.
pub fn matmul(isa: Isa, quant_type: QuantType, weights: &[u8], x: &Activations, threads: usize, out: &mut [f32]) {
    let row_bytes = quant_type.row_bytes(x.columns()).expect("columns are a whole number of blocks");
    assert!(row_bytes > 0 && weights.len().is_multiple_of(row_bytes), "weights must be whole rows");
    let rows = weights.len() / row_bytes;
    let tokens = x.tokens();
    assert_eq!(out.len(), tokens * rows, "out must be [tokens, rows]");
    assert_eq!(x.format, quant_type.activation_format(), "activations in the wrong format");
    if rows == 0 || tokens == 0 {
        return;
    }
    let threads = if tokens * weights.len() < THREAD_WORTH_MACS { 1 } else { threads.clamp(1, rows) };
    if tokens == 1 {
        return split_rows(isa, quant_type, weights, row_bytes, x, threads, out);
    }
    // Threads own rows, so they write [rows, tokens]; the transposition is small beside the products.
    let mut by_row = vec![0.0_f32; out.len()];
    split_rows(isa, quant_type, weights, row_bytes, x, threads, &mut by_row);
    for (r, products) in by_row.chunks_exact(tokens).enumerate() {
        for (t, product) in products.iter().enumerate() {
            out[t * rows + r] = *product;
        }
    }
}

/// Weights of one row as floats. `out` has the row's length.
///
/// # Panics
/// When `row` is not exactly `out.len()` weights in `quant_type`.
pub fn dequantise_row(quant_type: QuantType, row: &[u8], out: &mut [f32]) {
    assert_eq!(quant_type.row_bytes(out.len()), Some(row.len()), "row and output must fit");
    match quant_type {
        QuantType::F32 | QuantType::F16 => float_row(quant_type, row, out),
        _ => {
            let mut unpacked = UnpackedRow::new(out.len());
            unpacked.fill(quant_type, row);
            for (i, value) in out.iter_mut().enumerate() {
                *value = f32::from(unpacked.quants[i]) * unpacked.scales[i / 16] - unpacked.minimums[i / 32];
            }
        }
    }
}

fn float_row(quant_type: QuantType, row: &[u8], out: &mut [f32]) {
    if quant_type == QuantType::F32 {
        for (value, b) in out.iter_mut().zip(row.as_chunks::<4>().0) {
            *value = f32::from_le_bytes(*b);
        }
    } else {
        for (value, b) in out.iter_mut().zip(row.as_chunks::<2>().0) {
            *value = f16_to_f32(u16::from_le_bytes(*b));
        }
    }
}

/// Shares rows out to threads; `out` is [rows, tokens].
fn split_rows(
    isa: Isa,
    quant_type: QuantType,
    weights: &[u8],
    row_bytes: usize,
    x: &Activations,
    threads: usize,
    out: &mut [f32],
) {
    let rows = weights.len() / row_bytes;
    let share = rows.div_ceil(threads);
    let mut parts = weights.chunks(share * row_bytes).zip(out.chunks_mut(share * x.tokens()));
    let first = parts.next();
    std::thread::scope(|scope| {
        for (weights, out) in parts {
            scope.spawn(move || rows_on_isa(isa, quant_type, weights, row_bytes, x, out));
        }
        if let Some((weights, out)) = first {
            rows_on_isa(isa, quant_type, weights, row_bytes, x, out);
        }
    });
}

fn rows_on_isa(isa: Isa, quant_type: QuantType, weights: &[u8], row_bytes: usize, x: &Activations, out: &mut [f32]) {
    if matches!(quant_type, QuantType::F32 | QuantType::F16) {
        let mut row_values = vec![0.0; x.columns];
        for (row, products) in weights.chunks_exact(row_bytes).zip(out.chunks_exact_mut(x.tokens)) {
            float_row(quant_type, row, &mut row_values);
            for (token, product) in products.iter_mut().enumerate() {
                *product = dot_f32(isa, &row_values, &x.values[token * x.columns..][..x.columns]);
            }
        }
        return;
    }
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the guard asks the machine for AVX2, and `matmul` has checked every shape.
        Isa::Avx2 if isa.is_available() => unsafe { rows_avx2(quant_type, weights, row_bytes, x, out) },
        _ => rows_scalar(quant_type, weights, row_bytes, x, out),
    }
}

fn rows_scalar(quant_type: QuantType, weights: &[u8], row_bytes: usize, x: &Activations, out: &mut [f32]) {
    let mut unpacked = UnpackedRow::new(x.columns);
    for (row, products) in weights.chunks_exact(row_bytes).zip(out.chunks_exact_mut(x.tokens)) {
        unpacked.fill(quant_type, row);
        for (token, product) in products.iter_mut().enumerate() {
            *product = dot_scalar(&unpacked, x, token);
        }
    }
}

/// # Safety
/// The machine must have AVX2; `weights` are whole rows of `x.columns` weights and `out` is [rows, tokens].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn rows_avx2(quant_type: QuantType, weights: &[u8], row_bytes: usize, x: &Activations, out: &mut [f32]) {
    use crate::dot::dot_avx2;
    let mut unpacked = UnpackedRow::new(x.columns);
    for (row, products) in weights.chunks_exact(row_bytes).zip(out.chunks_exact_mut(x.tokens)) {
        unpacked.fill(quant_type, row);
        let mut token = 0;
        while token + 4 <= x.tokens {
            // SAFETY: AVX2 is this function's own condition, and token + 4 ≤ tokens.
            products[token..token + 4].copy_from_slice(&unsafe { dot_avx2::<4>(&unpacked, x, token) });
            token += 4;
        }
        while token < x.tokens {
            // SAFETY: as above with one token.
            [products[token]] = unsafe { dot_avx2::<1>(&unpacked, x, token) };
            token += 1;
        }
    }
}
