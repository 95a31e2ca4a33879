//! Scales and minimums of a packed matrix: how they are kept, and reading them.
//!
//! Order: [tiles, groups, tile_rows], so that the rows of a register lie side by side.

use super::layout::PackedShape;
use super::store::{LINE, numbers};
use crate::float::f16_to_f32;

/// Columns for which one unit of [`Encoding::Steps`] holds: the block of the K types.
pub(crate) const UNIT_COLUMNS: usize = 256;

/// How the values of all groups are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Encoding {
    /// Half precision.
    Half,
    /// Single precision, where halves would not be exact.
    Single,
    /// A half for 256 columns of a row times a signed byte for a group: the K types, exactly.
    Steps,
    /// This factor times the group's scale; only for minimums.
    OfScale(f32),
}

impl Encoding {
    /// Its number in a file.
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Half => 0,
            Self::Single => 1,
            Self::Steps => 2,
            Self::OfScale(_) => 3,
        }
    }

    pub(crate) fn from_id(id: u8, factor: f32) -> Option<Self> {
        Some(match id {
            0 => Self::Half,
            1 => Self::Single,
            2 => Self::Steps,
            3 => Self::OfScale(factor),
            _ => return None,
        })
    }

    /// Bytes of the units and of the values of one tile.
    pub(crate) fn tile_bytes(self, shape: &PackedShape) -> (usize, usize) {
        let values = shape.groups() * shape.tile_rows();
        match self {
            Self::Half => (0, values * 2),
            Self::Single => (0, values * 4),
            Self::Steps => (shape.units() * shape.tile_rows() * 2, values),
            Self::OfScale(_) => (0, 0),
        }
    }

    /// Bytes of all tiles: units first, then values, each filled up to whole lines.
    pub(crate) fn bytes(self, shape: &PackedShape) -> (usize, usize) {
        let (units, values) = self.tile_bytes(shape);
        ((units * shape.tiles()).next_multiple_of(LINE), (values * shape.tiles()).next_multiple_of(LINE))
    }

    /// The section's bytes, read.
    pub(crate) fn view<'a>(self, shape: &PackedShape, bytes: &'a [u8]) -> Values<'a> {
        let (units, _) = self.bytes(shape);
        match self {
            Self::Half => Values::Half(numbers(bytes)),
            Self::Single => Values::Single(numbers(bytes)),
            Self::Steps => Values::Steps { units: numbers(&bytes[..units]), steps: numbers(&bytes[units..]) },
            Self::OfScale(factor) => Values::OfScale(factor),
        }
    }
}

/// Values of all groups, as they lie in memory.
#[derive(Clone, Copy)]
pub(crate) enum Values<'a> {
    Half(&'a [u16]),
    Single(&'a [f32]),
    Steps { units: &'a [u16], steps: &'a [i8] },
    OfScale(f32),
}

impl Values<'_> {
    /// One value. `at` is its index, `unit` that of its unit, `scale` the group's scale.
    #[inline(always)]
    pub(crate) fn get(&self, at: usize, unit: usize, scale: f32) -> f32 {
        match self {
            Self::Half(halves) => f16_to_f32(halves[at]),
            Self::Single(values) => values[at],
            Self::Steps { units, steps } => f16_to_f32(units[unit]) * f32::from(steps[at]),
            Self::OfScale(factor) => factor * scale,
        }
    }

    /// Asks for the values of `rows` rows from index `at` on, which are read soon.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub(crate) fn prefetch(&self, at: usize, rows: usize) {
        use std::arch::x86_64::*;
        let (start, size) = match self {
            Self::Half(halves) => (halves.as_ptr().wrapping_add(at).cast::<i8>(), 2),
            Self::Single(values) => (values.as_ptr().wrapping_add(at).cast(), 4),
            Self::Steps { steps, .. } => (steps.as_ptr().wrapping_add(at), 1),
            Self::OfScale(_) => return,
        };
        for line in (0..rows * size).step_by(64) {
            // SAFETY: a prefetch may name any address.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(start.wrapping_add(line)) };
        }
    }

    /// Eight values side by side, as [`Values::get`].
    ///
    /// # Safety
    /// The machine must have AVX2 and F16C, and indices `at..at + 8` and `unit..unit + 8` must exist.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,f16c")]
    #[inline]
    pub(crate) unsafe fn get8_avx2(
        &self,
        at: usize,
        unit: usize,
        scale: std::arch::x86_64::__m256,
    ) -> std::arch::x86_64::__m256 {
        use std::arch::x86_64::*;
        // SAFETY: the indices exist, which is the caller's condition.
        unsafe {
            match self {
                Self::Half(halves) => _mm256_cvtph_ps(_mm_loadu_si128(halves.as_ptr().add(at).cast())),
                Self::Single(values) => _mm256_loadu_ps(values.as_ptr().add(at)),
                Self::Steps { units, steps } => {
                    let unit = _mm256_cvtph_ps(_mm_loadu_si128(units.as_ptr().add(unit).cast()));
                    let step = _mm256_cvtepi8_epi32(_mm_loadl_epi64(steps.as_ptr().add(at).cast()));
                    _mm256_mul_ps(unit, _mm256_cvtepi32_ps(step))
                }
                Self::OfScale(factor) => _mm256_mul_ps(_mm256_set1_ps(*factor), scale),
            }
        }
    }
}
