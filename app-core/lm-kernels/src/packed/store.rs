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
/// Bytes of a large page.
#[cfg(target_os = "linux")]
const LARGE_PAGE: usize = 2 << 20;

/// Bytes that start on a page, in large pages where the system has them: a product walks over megabytes, and looking up
/// small pages on the way costs it time.
pub(crate) struct Owned {
    map: memmap2::MmapMut,
}

impl Owned {
    /// Zeros, `len` bytes.
    ///
    /// # Panics
    /// When there is no memory, as any allocation.
    pub(crate) fn zeros(len: usize) -> Self {
        let map = memmap2::MmapMut::map_anon(len.max(1)).expect("memory for a packed matrix");
        #[cfg(target_os = "linux")]
        if len >= LARGE_PAGE {
            // Without large pages it is only slower.
            let _ = map.advise(memmap2::Advice::HugePage);
        }
        Self { map }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.map
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.map
    }
}

impl Clone for Owned {
    fn clone(&self) -> Self {
        let mut copy = Self::zeros(self.map.len());
        copy.map.copy_from_slice(&self.map);
        copy
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
