//! Dot products between quantised weight rows and int8 activations, and the mapped file the weights lie in.
//!
//! In the flow: `reme-lm` maps a GGUF file ([`MappedFile`]), quantises the activations of a layer once
//! ([`Activations`]) and asks [`matmul`] for the products with every row of a weight matrix.
//!
//! Weights of one to eight bits can be packed into tiles for faster kernels ([`PackedMatrix`]).
//!
//! This crate must never allocate per element, read outside the slices it is given, or know what a
//! transformer is. It is the only crate with hand-written `unsafe`.
//!
//! ```
//! use reme_lm_kernels::{Activations, Isa, Pool, QuantType, matmul};
//! // One row of 32 weights in Q8_0: scale 1.0 (f16 0x3C00), all quants 2.
//! let mut row = vec![0x00, 0x3C];
//! row.extend([2_u8; 32]);
//! let x = Activations::quantise(&[1.0; 32], 1, 32, QuantType::Q8_0.activation_format());
//! let mut y = [0.0];
//! matmul(&Pool::new(1), Isa::detect(), QuantType::Q8_0, &row, &x, &mut y);
//! assert!((y[0] - 64.0).abs() < 0.1);
//! ```

mod activation;
mod attention;
mod dot;
mod float;
mod float_ops;
mod isa;
mod mapped_file;
mod matmul;
#[cfg(target_arch = "aarch64")]
mod neon;
mod packed;
mod pool;
mod quant_type;
mod unpack;

pub use activation::{ActivationFormat, Activations};
pub use attention::{Ring, dot_ring, dot_rows, mix_ring, mix_rows};
pub use float::{f16_to_f32, f32_to_f16};
pub use float_ops::{
    add_scaled, dot_f32, rms_norm, rotate_halves, rotate_neighbours, softmax, squared_relu_glu, swiglu,
};
pub use isa::Isa;
pub use mapped_file::MappedFile;
pub use matmul::{dequantise_row, matmul};
pub use packed::{
    ColumnMatrix, Int8Groups, Keep, LAYOUT_VERSION, Layouts, LookupTables, PackedLayout, PackedMatrix, PackedShape,
    Rounding, SparseBlock, SparseInputs, TripleTables, lookup_gemv, multiply_add, sparse_gemm, sparse_gemv,
    triple_gemv,
};
pub use pool::{PartWork, Pool};
pub use quant_type::QuantType;
