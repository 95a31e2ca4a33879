//! The bytes of a packed matrix: owned and aligned for the kernels, or a part of a mapped file.
//!
//! Numbers lie in the machine's own order, which is little-endian on every machine ReMe runs on.

use std::ops::Range;
use std::sync::Arc;

use crate::MappedFile;

#[cfg(target_endian = "big")]
compile_error!("packed matrices hold little-endian numbers that are read in place");

/// Alignment of every section, in bytes: a cache line.
pub(crate) const LINE: usize = 64;

/// One cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; LINE]);

/// Bytes that start on a cache line.
#[derive(Clone)]
pub(crate) struct Owned {
    lines: Vec<Line>,
}

impl Owned {
    /// Zeros, `len` bytes, filled up to whole lines.
    pub(crate) fn zeros(len: usize) -> Self {
        Self { lines: vec![Line([0; LINE]); len.div_ceil(LINE)] }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: a line is 64 bytes without padding, and any byte is a sound u8.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.lines.len() * LINE) }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; any byte written is a sound part of a line.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.lines.len() * LINE) }
    }
}

/// Where the bytes are.
#[derive(Clone)]
pub(crate) enum Store {
    Owned(Owned),
    Mapped(Arc<MappedFile>, Range<usize>),
}

impl Store {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Owned(owned) => owned.bytes(),
            Self::Mapped(file, range) => &file[range.clone()],
        }
    }
}

/// A number that may be read from any bytes.
pub(crate) trait Plain: Copy {}
impl Plain for u16 {}
impl Plain for f32 {}
impl Plain for i8 {}

/// The bytes as numbers.
///
/// # Panics
/// When they are not whole numbers or not aligned for them: sections start on cache lines, so neither happens.
pub(crate) fn numbers<T: Plain>(bytes: &[u8]) -> &[T] {
    // SAFETY: `Plain` types have no padding, and every bit pattern of them is sound.
    let (before, numbers, after) = unsafe { bytes.align_to::<T>() };
    assert!(before.is_empty() && after.is_empty(), "a section of a packed matrix is aligned");
    numbers
}
