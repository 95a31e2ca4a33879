//! Weights of one to eight bits in tiles laid out for the kernels, and the products with them.
//!
//! In the flow: a GGUF tensor is packed once ([`PackedMatrix::from_gguf`]), or lies packed in a file
//! ([`PackedMatrix::from_file`]); for every input vector lookup tables or int8 groups are built once and used by all rows
//! ([`lookup_gemv`], [`multiply_add`]). A weight is `scale · code + minimum`, with one scale and one minimum for each
//! group of columns of a row; ternary weights are codes 0, 1, 2 with `minimum = −scale`. Rows lie in the lanes of a register,
//! so a row's sum runs over its groups in order on every instruction set, and all variants are equal to the bit.
//!
//! Nothing here may dequantise a weight, or allocate while it multiplies.

mod column_batch;
mod columns;
mod convert;
mod layout;
mod lookup;
mod multiply_add;
#[cfg(target_arch = "aarch64")]
mod neon;
mod requantise;
mod store;
mod tables;
mod triples;
mod unpack;
mod values;

pub use column_batch::{SparseBlock, sparse_gemm};
pub use columns::{ColumnMatrix, Keep, SparseInputs, sparse_gemv};
pub use convert::Layouts;
pub use layout::{LAYOUT_VERSION, PackedLayout, PackedMatrix, PackedShape};
pub use lookup::lookup_gemv;
pub use multiply_add::multiply_add;
pub use requantise::Rounding;
pub use tables::{Int8Groups, LookupTables};
pub use triples::{TripleTables, triple_gemv};
