//! Scales and minimums of a packed matrix: how they are kept, and reading them.
//!
//! Order: [tiles, groups, tile_rows], so that the rows of a register lie side by side.

use super::layout::PackedShape;
use super::store::{LINE, numbers};
use crate::float::f16_to_f32;

/// Columns for which one unit of [`Encoding::Steps`] holds: the block of the K types.
pub(crate) const UNIT_COLUMNS: usize = 256;

/// Where the value of a group of a row lies, by every way of keeping it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ValueIndex {
    /// Among the values of all groups.
    pub(crate) group: usize,
    /// Among the units.
    pub(crate) unit: usize,
    /// Among the rows.
    pub(crate) row: usize,
}

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
    /// One half for all groups of a row: BitNet's matrices have one scale.
    PerRow,
}

impl Encoding {
    /// Its number in a file.
    pub(crate) fn id(self) -> u8 {
        match self {
            Self::Half => 0,
            Self::Single => 1,
            Self::Steps => 2,
            Self::OfScale(_) => 3,
            Self::PerRow => 4,
        }
    }

    pub(crate) fn from_id(id: u8, factor: f32) -> Option<Self> {
        Some(match id {
            0 => Self::Half,
            1 => Self::Single,
            2 => Self::Steps,
            3 => Self::OfScale(factor),
            4 => Self::PerRow,
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
            Self::PerRow => (0, shape.tile_rows() * 2),
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
            Self::PerRow => Values::PerRow(numbers(bytes)),
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
    PerRow(&'a [u16]),
}

impl Values<'_> {
    /// One value; `scale` is the group's scale.
    #[inline(always)]
    pub(crate) fn get(&self, at: ValueIndex, scale: f32) -> f32 {
        match self {
            Self::Half(halves) => f16_to_f32(halves[at.group]),
            Self::Single(values) => values[at.group],
            Self::Steps { units, steps } => f16_to_f32(units[at.unit]) * f32::from(steps[at.group]),
            Self::OfScale(factor) => factor * scale,
            Self::PerRow(halves) => f16_to_f32(halves[at.row]),
        }
    }

    /// Asks for the values of `rows` rows from `at` on, which are read soon.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub(crate) fn prefetch(&self, at: ValueIndex, rows: usize) {
        use std::arch::x86_64::*;
        let (start, size) = match self {
            Self::Half(halves) => (halves.as_ptr().wrapping_add(at.group).cast::<i8>(), 2),
            Self::Single(values) => (values.as_ptr().wrapping_add(at.group).cast(), 4),
            Self::Steps { steps, .. } => (steps.as_ptr().wrapping_add(at.group), 1),
            Self::OfScale(_) | Self::PerRow(_) => return,
        };
        for line in (0..rows * size).step_by(64) {
            // SAFETY: a prefetch may name any address.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(start.wrapping_add(line)) };
        }
    }

    /// Eight values side by side, as [`Values::get`].
    ///
    /// # Safety
    /// The machine must have AVX2 and F16C, and the values of eight rows from `at` on must exist.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,f16c")]
    #[inline]
    pub(crate) unsafe fn get8_avx2(
        &self,
        at: ValueIndex,
        scale: std::arch::x86_64::__m256,
    ) -> std::arch::x86_64::__m256 {
        use std::arch::x86_64::*;
        // SAFETY: the indices exist, which is the caller's condition.
        unsafe {
            match self {
                Self::Half(halves) => _mm256_cvtph_ps(_mm_loadu_si128(halves.as_ptr().add(at.group).cast())),
                Self::Single(values) => _mm256_loadu_ps(values.as_ptr().add(at.group)),
                Self::Steps { units, steps } => {
                    let unit = _mm256_cvtph_ps(_mm_loadu_si128(units.as_ptr().add(at.unit).cast()));
                    let step = _mm256_cvtepi8_epi32(_mm_loadl_epi64(steps.as_ptr().add(at.group).cast()));
                    _mm256_mul_ps(unit, _mm256_cvtepi32_ps(step))
                }
                Self::OfScale(factor) => _mm256_mul_ps(_mm256_set1_ps(*factor), scale),
                Self::PerRow(halves) => _mm256_cvtph_ps(_mm_loadu_si128(halves.as_ptr().add(at.row).cast())),
            }
        }
    }
}
