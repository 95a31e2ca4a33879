//! The bytes of a packed matrix: owned and aligned for the kernels, or a part of a mapped file.
//!
//! Numbers lie in the machine's own order, which is little-endian on every machine ReMe runs on.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::MappedFile;

#[cfg(target_endian = "big")]
compile_error!("packed matrices hold little-endian numbers that are read in place");

/// Alignment of every section, in bytes: a cache line.
pub(crate) const LINE: usize = 64;
/// Bytes of memory that matrices share, so that those smaller than a large page (2 MB) lie in one, too: with small pages a model
/// of 100 MB decoded a quarter slower. None where the system is not asked for large pages.
const SHARED: usize = if cfg!(target_os = "linux") { 32 << 20 } else { 0 };

/// Where the next small matrix goes: the memory and how much of it is given away. It lives as long as one of its matrices.
static NEXT: Mutex<(Weak<Memory>, usize)> = Mutex::new((Weak::new(), 0));

/// Memory whose ranges belong to one [`Owned`] each.
struct Memory {
    start: *mut u8,
    /// What `start` points into.
    _map: memmap2::MmapMut,
}

// SAFETY: the pointer is used by `Owned` only, each for a range of its own.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

impl Memory {
    /// Zeros, in large pages where the system has them: a product walks over megabytes, and looking up small pages on the way
    /// costs it time.
    fn zeros(len: usize) -> Arc<Self> {
        let mut map = memmap2::MmapMut::map_anon(len.max(1)).expect("memory for a packed matrix");
        #[cfg(target_os = "linux")]
        {
            // Without large pages it is only slower.
            let _ = map.advise(memmap2::Advice::HugePage);
        }
        Arc::new(Self { start: map.as_mut_ptr(), _map: map })
    }
}

/// Bytes that start on a cache line, mostly in large pages.
pub(crate) struct Owned {
    memory: Arc<Memory>,
    range: Range<usize>,
}

impl Owned {
    /// Zeros, `len` bytes.
    ///
    /// # Panics
    /// When there is no memory, as any allocation.
    pub(crate) fn zeros(len: usize) -> Self {
        if len > SHARED / 4 {
            return Self { memory: Memory::zeros(len), range: 0..len };
        }
        // The lock is held over nothing that leaves the pair half changed.
        let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
        let (memory, given) = match next.0.upgrade() {
            Some(memory) if next.1 + len <= SHARED => (memory, next.1),
            _ => (Memory::zeros(SHARED), 0),
        };
        *next = (Arc::downgrade(&memory), (given + len).next_multiple_of(LINE));
        // Nothing is given away twice, so it is still zeros.
        Self { memory, range: given..given + len }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the range lies inside the memory and belongs to this value only.
        unsafe { std::slice::from_raw_parts(self.memory.start.add(self.range.start), self.range.len()) }
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`, and this value is borrowed for as long.
        unsafe { std::slice::from_raw_parts_mut(self.memory.start.add(self.range.start), self.range.len()) }
    }
}

impl Clone for Owned {
    fn clone(&self) -> Self {
        let mut copy = Self::zeros(self.range.len());
        copy.bytes_mut().copy_from_slice(self.bytes());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pieces_are_zeros_on_lines_of_their_own() {
        let mut pieces: Vec<Owned> = [1, 64, 65, 1000, SHARED / 4 + 1].map(Owned::zeros).into();
        for (number, piece) in pieces.iter_mut().enumerate() {
            assert!(piece.bytes().iter().all(|byte| *byte == 0) && piece.bytes().as_ptr().align_offset(LINE) == 0);
            piece.bytes_mut().fill(number as u8 + 1);
        }
        let copy = pieces[3].clone();
        pieces.remove(0);
        for (number, piece) in pieces.iter().enumerate() {
            assert!(piece.bytes().iter().all(|byte| *byte == number as u8 + 2), "{number}");
        }
        assert_eq!(copy.bytes(), [4; 1000]);
    }
}
