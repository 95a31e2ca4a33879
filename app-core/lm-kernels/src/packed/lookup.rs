//! Products by table lookup (T-MAC, arXiv 2407.00088): no weight is ever dequantised, and almost nothing multiplied.
//!
//! Per row and group: Σ over planes and tables of `entry << plane`, in integers; then scale, step and minimum once. Where
//! scales are steps of a unit for 256 columns, the unit is multiplied once for all of them: groups of 16 would cost more than
//! their lookups. All variants do the same integer sums and the same fused operations in the same order.

use super::layout::{PackedLayout, PackedMatrix};
use super::tables::LookupTables;
use super::values::{UNIT_COLUMNS, Values};
use crate::float::f16_to_f32;
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Rows of a tile.
const TILE: usize = 64;
/// How many bytes ahead of the sums codes are asked for, into the second-level cache: of 2 to 32 KiB and both caches, this
/// was the quickest from memory (docs/decisions/0008-low-bit-runtime.md).
#[cfg(target_arch = "x86_64")]
pub(crate) const AHEAD: usize = 16384;

/// `out[r] ≈ Σ_k weights[r, k] · x[k]` with the tables of x.
///
/// # Panics
/// When the matrix is not in the lookup layout, or shapes or groups do not fit.
pub fn lookup_gemv(pool: &Pool, isa: Isa, matrix: &PackedMatrix, tables: &LookupTables, out: &mut [f32]) {
    let shape = matrix.shape;
    assert_eq!(shape.layout, PackedLayout::Lookup, "the matrix is laid out for another kernel");
    assert_eq!((tables.columns, tables.group), (shape.columns, shape.group), "tables of another shape");
    assert_eq!(out.len(), shape.rows, "out must be [rows]");
    let target = SharedMut(out.as_mut_ptr());
    // Once for all tiles: of a small matrix finding them costs as much as some groups.
    #[cfg(target_arch = "x86_64")]
    let values = matrix.values();
    pool.run(shape.tiles(), &|tile| {
        let mut sums = [0.0_f32; TILE];
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2 and FMA; shapes were checked above.
            Isa::Avx2 if isa.is_available() => unsafe {
                match (shape.planes, values) {
                    (2, (Values::Steps { .. }, _)) => tile_units_avx2::<2>(matrix, values, tables, tile, &mut sums),
                    (3, (Values::Steps { .. }, _)) => tile_units_avx2::<3>(matrix, values, tables, tile, &mut sums),
                    (4, (Values::Steps { .. }, _)) => tile_units_avx2::<4>(matrix, values, tables, tile, &mut sums),
                    (1, _) => tile_avx2::<1>(matrix, values, tables, tile, &mut sums),
                    (2, _) => tile_avx2::<2>(matrix, values, tables, tile, &mut sums),
                    (3, _) => tile_avx2::<3>(matrix, values, tables, tile, &mut sums),
                    _ => tile_avx2::<4>(matrix, values, tables, tile, &mut sums),
                }
            },
            #[cfg(target_arch = "aarch64")]
            Isa::Neon | Isa::NeonDot if isa.is_available() => tile_neon(matrix, tables, tile, &mut sums),
            _ => tile_scalar(matrix, tables, tile, &mut sums),
        }
        for (row, sum) in (tile * TILE..shape.rows).zip(sums) {
            // SAFETY: `row` is inside `out`, belongs to this tile only, and each tile runs once.
            unsafe { *target.get().add(row) = sum };
        }
    });
}

/// Sums of the rows of a tile, group by group: what AVX2 does eight rows at once.
struct RowSums<'a> {
    matrix: &'a PackedMatrix,
    tables: &'a LookupTables,
    tile: usize,
    sums: &'a mut [f32; TILE],
    /// Of the unit at hand: Σ steps · values, and Σ steps of minimums · inputs.
    scaled: [f32; TILE],
    least: [f32; TILE],
}

impl<'a> RowSums<'a> {
    fn new(matrix: &'a PackedMatrix, tables: &'a LookupTables, tile: usize, sums: &'a mut [f32; TILE]) -> Self {
        Self { matrix, tables, tile, sums, scaled: [0.0; TILE], least: [0.0; TILE] }
    }

    /// Adds one group: `acc(row)` is a row's integer sum over planes. Groups come in order.
    fn add_group(&mut self, group: usize, acc: impl Fn(usize) -> i32) {
        let (shape, tables) = (self.matrix.shape, self.tables);
        let (scales, minimums) = self.matrix.values();
        let unit_groups = UNIT_COLUMNS / shape.group;
        let ends_unit = (group + 1).is_multiple_of(unit_groups) || group + 1 == shape.groups();
        let (step, sum_of_x) = (tables.steps[group], tables.sums[group]);
        for row in 0..TILE {
            let whole = acc(row) - tables.offsets[group] * ((1 << shape.planes) - 1);
            let value = whole as f32 * step;
            let at = self.matrix.value_index(self.tile, group, row);
            let (sum, scaled, least) = (&mut self.sums[row], &mut self.scaled[row], &mut self.least[row]);
            let Values::Steps { units, steps } = scales else {
                let scale = scales.get(at, 0.0);
                *sum = minimums.get(at, scale).mul_add(sum_of_x, value.mul_add(scale, *sum));
                continue;
            };
            let scale = f32::from(steps[at.group]);
            match minimums {
                Values::OfScale(factor) => *scaled = (value + factor * sum_of_x).mul_add(scale, *scaled),
                Values::Steps { steps, .. } => {
                    *scaled = value.mul_add(scale, *scaled);
                    *least = f32::from(steps[at.group]).mul_add(sum_of_x, *least);
                }
                _ => unreachable!("beside steps, minimums are steps or a multiple of the scale"),
            }
            if ends_unit {
                *sum = std::mem::take(scaled).mul_add(f16_to_f32(units[at.unit]), *sum);
                if let Values::Steps { units, .. } = minimums {
                    *sum = std::mem::take(least).mul_add(f16_to_f32(units[at.unit]), *sum);
                }
            }
        }
    }
}

fn tile_scalar(matrix: &PackedMatrix, tables: &LookupTables, tile: usize, sums: &mut [f32; TILE]) {
    let shape = matrix.shape;
    let codes = matrix.tile_codes(tile);
    let steps = shape.group / 8;
    let mut rows = RowSums::new(matrix, tables, tile, sums);
    for group in 0..shape.groups() {
        rows.add_group(group, |row| {
            let mut acc = 0_i32;
            for step in group * steps..(group + 1) * steps {
                let bytes = &codes[step * shape.step_bytes()..][..shape.step_bytes()];
                for plane in 0..shape.planes {
                    let index = usize::from(bytes[shape.plane_at(row, plane)]);
                    let low = tables.entries[2 * step][index & 15];
                    let high = tables.entries[2 * step + 1][index >> 4];
                    acc += (i32::from(low) + i32::from(high)) << plane;
                }
            }
            acc
        });
    }
}

#[cfg(target_arch = "aarch64")]
fn tile_neon(matrix: &PackedMatrix, tables: &LookupTables, tile: usize, sums: &mut [f32; TILE]) {
    let shape = matrix.shape;
    let groups = matrix.tile_codes(tile).chunks_exact(shape.group / 8 * shape.step_bytes());
    let mut found = [0_u16; 256];
    let mut rows = RowSums::new(matrix, tables, tile, sums);
    for (group, (codes, entries)) in groups.zip(tables.entries.chunks_exact(shape.group / 4)).enumerate() {
        // SAFETY: the caller has asked the machine for NEON.
        unsafe { super::neon::lookup_sums(codes, shape.step_bytes(), entries, &mut found) };
        rows.add_group(group, |row| {
            (0..shape.planes).map(|plane| i32::from(found[shape.plane_at(row, plane)]) << plane).sum()
        });
    }
}

/// The two tables of a step of eight columns, each in both halves of a register.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct StepTables {
    low: std::arch::x86_64::__m256i,
    high: std::arch::x86_64::__m256i,
}

#[cfg(target_arch = "x86_64")]
impl StepTables {
    /// # Safety
    /// The machine must have AVX2, and `tables` this step.
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn at(tables: &LookupTables, step: usize) -> Self {
        use std::arch::x86_64::*;
        // SAFETY: tables hold two entries of 16 bytes a step.
        unsafe {
            let table = tables.entries.as_ptr().add(2 * step).cast();
            Self {
                low: _mm256_broadcastsi128_si256(_mm_loadu_si128(table)),
                high: _mm256_broadcastsi128_si256(_mm_loadu_si128(table.add(1))),
            }
        }
    }

    /// What the eight one-bit weights of each of 32 rows find, 8 bits a row.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn look_up(self, index: std::arch::x86_64::__m256i) -> std::arch::x86_64::__m256i {
        use std::arch::x86_64::*;
        let low_nibbles = _mm256_set1_epi8(15);
        let low = _mm256_shuffle_epi8(self.low, _mm256_and_si256(index, low_nibbles));
        let shifted = _mm256_and_si256(_mm256_srli_epi16::<4>(index), low_nibbles);
        // Two entries of 7 bits: no carry.
        _mm256_add_epi8(low, _mm256_shuffle_epi8(self.high, shifted))
    }
}

/// As [`tile_avx2`] for scales that are steps of a unit: 32 rows at a time, so that their sums over a unit stay in registers.
///
/// # Safety
/// As [`tile_avx2`], and scales are [`Values::Steps`].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn tile_units_avx2<const P: usize>(
    matrix: &PackedMatrix,
    values: (Values<'_>, Values<'_>),
    tables: &LookupTables,
    tile: usize,
    sums: &mut [f32; TILE],
) {
    // SAFETY: passed on from this function's conditions.
    unsafe {
        match values.1 {
            Values::Steps { .. } => units_avx2::<P, true>(matrix, values, tables, tile, sums),
            _ => units_avx2::<P, false>(matrix, values, tables, tile, sums),
        }
    }
}

/// # Safety
/// As [`tile_units_avx2`]; minimums are steps too if `OWN`, else a multiple of the scales.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn units_avx2<const P: usize, const OWN: bool>(
    matrix: &PackedMatrix,
    (scales, minimums): (Values<'_>, Values<'_>),
    tables: &LookupTables,
    tile: usize,
    sums: &mut [f32; TILE],
) {
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let (steps, unit_groups) = (shape.group / 8, UNIT_COLUMNS / shape.group);
    let Values::Steps { units: scale_units, steps: scale_steps } = scales else {
        unreachable!("the caller's condition")
    };
    let groups_ahead = AHEAD.div_ceil(steps * 64 * P);
    let (least_units, least_steps, factor) = match minimums {
        Values::Steps { units, steps } => (units, steps, 0.0),
        Values::OfScale(factor) => (scale_units, scale_steps, factor),
        _ => unreachable!("beside steps, minimums are steps or a multiple of the scale"),
    };
    let weights = [_mm256_set1_epi16(0x0201), _mm256_set1_epi16(0x0804)];
    let codes = matrix.tile_codes(tile).as_ptr();
    for unit in 0..shape.units() {
        let first = unit * unit_groups;
        let groups = first..(first + unit_groups).min(shape.groups());
        for half in 0..2 {
            let (mut scaled, mut least) = ([_mm256_setzero_ps(); 4], [_mm256_setzero_ps(); 4]);
            for group in groups.clone() {
                if half == 0 {
                    let soon = matrix.value_index(tile, group + groups_ahead, 0);
                    scales.prefetch(soon, TILE);
                    minimums.prefetch(soon, TILE);
                }
                // [pairs of planes, rows 16 by 16], and the lone plane, as in `tile_avx2`.
                let mut pairs = [[_mm256_setzero_si256(); 2]; 2];
                let [mut mixed, mut odd] = [_mm256_setzero_si256(); 2];
                for step in group * steps..(group + 1) * steps {
                    // SAFETY: a step has 64 · P bytes, in vectors of 32; tables hold two entries of 16 bytes a step. The
                    // prefetch may name any address.
                    unsafe {
                        let bytes = codes.add(step * 64 * P);
                        let tables = StepTables::at(tables, step);
                        if half == 0 {
                            for line in 0..P {
                                _mm_prefetch::<_MM_HINT_T1>(bytes.wrapping_add(AHEAD + 64 * line).cast());
                            }
                        }
                        for pair in 0..P / 2 {
                            for (v, acc) in pairs[pair].iter_mut().enumerate() {
                                let at = bytes.add(pair * 128 + (2 * half + v) * 32);
                                let both = tables.look_up(_mm256_loadu_si256(at.cast()));
                                // Bounded as in `tile_avx2`.
                                *acc = _mm256_add_epi16(*acc, _mm256_maddubs_epi16(both, weights[pair]));
                            }
                        }
                        if P % 2 == 1 {
                            let at = bytes.add(P / 2 * 128 + half * 32);
                            let both = tables.look_up(_mm256_loadu_si256(at.cast()));
                            mixed = _mm256_add_epi16(mixed, both);
                            odd = _mm256_add_epi16(odd, _mm256_srli_epi16::<8>(both));
                        }
                    }
                }
                // As in `groups_avx2`, places are named by constants.
                let offset = _mm256_set1_epi32(tables.offsets[group] * ((1 << P) - 1));
                let mut wide = [_mm256_sub_epi32(_mm256_setzero_si256(), offset); 4];
                for [first, second] in &pairs[..P / 2] {
                    let [[a, b], [c, d]] = [widened_avx2(*first), widened_avx2(*second)];
                    for (wide, eight) in wide.iter_mut().zip([a, b, c, d]) {
                        *wide = _mm256_add_epi32(*wide, eight);
                    }
                }
                if P % 2 == 1 {
                    let even = _mm256_sub_epi16(mixed, _mm256_slli_epi16::<8>(odd));
                    let [[a, b], [c, d]] = [widened_avx2(even), widened_avx2(odd)];
                    let shift = _mm_cvtsi32_si128(P as i32 - 1);
                    for (wide, eight) in wide.iter_mut().zip([a, b, c, d]) {
                        *wide = _mm256_add_epi32(*wide, _mm256_sll_epi32(eight, shift));
                    }
                }
                let (step, sum_of_x) = (_mm256_set1_ps(tables.steps[group]), _mm256_set1_ps(tables.sums[group]));
                let lift = _mm256_set1_ps(factor * tables.sums[group]);
                for (eight, acc) in wide.into_iter().enumerate() {
                    let value = _mm256_mul_ps(_mm256_cvtepi32_ps(acc), step);
                    let at = matrix.value_index(tile, group, half * 32 + eight * 8).group;
                    // SAFETY: every tile has values for all its rows.
                    let eight_steps = |steps: &[i8]| unsafe {
                        _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(steps.as_ptr().add(at).cast())))
                    };
                    let scale = eight_steps(scale_steps);
                    if OWN {
                        scaled[eight] = _mm256_fmadd_ps(value, scale, scaled[eight]);
                        least[eight] = _mm256_fmadd_ps(eight_steps(least_steps), sum_of_x, least[eight]);
                    } else {
                        scaled[eight] = _mm256_fmadd_ps(_mm256_add_ps(value, lift), scale, scaled[eight]);
                    }
                }
            }
            for eight in 0..4 {
                let row = half * 32 + eight * 8;
                let at = matrix.value_index(tile, groups.start, row).unit;
                // SAFETY: every tile has units for all its rows; eight sums are read and written.
                unsafe {
                    let unit = |units: &[u16]| _mm256_cvtph_ps(_mm_loadu_si128(units.as_ptr().add(at).cast()));
                    let place = sums.as_mut_ptr().add(row);
                    let mut sum = _mm256_fmadd_ps(scaled[eight], unit(scale_units), _mm256_loadu_ps(place));
                    if OWN {
                        sum = _mm256_fmadd_ps(least[eight], unit(least_units), sum);
                    }
                    _mm256_storeu_ps(place, sum);
                }
            }
        }
    }
}

/// # Safety
/// The machine must have AVX2, FMA and F16C; `matrix` has `P` planes and these `values`, and `tables` were built for its columns
/// and group.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn tile_avx2<const P: usize>(
    matrix: &PackedMatrix,
    values: (Values<'_>, Values<'_>),
    tables: &LookupTables,
    tile: usize,
    sums: &mut [f32; TILE],
) {
    // SAFETY: passed on from this function's conditions.
    unsafe {
        match values {
            (Values::Half(_), Values::OfScale(_)) => groups_avx2::<P, true>(matrix, values, tables, tile, sums),
            _ => groups_avx2::<P, false>(matrix, values, tables, tile, sums),
        }
    }
}

/// # Safety
/// As [`tile_avx2`]; if `SIMPLE`, scales are halves and minimums a multiple of them.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn groups_avx2<const P: usize, const SIMPLE: bool>(
    matrix: &PackedMatrix,
    (scales, minimums): (Values<'_>, Values<'_>),
    tables: &LookupTables,
    tile: usize,
    sums: &mut [f32; TILE],
) {
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let (groups, steps) = (shape.groups(), shape.group / 8);
    let (halves, factor) = match (scales, minimums) {
        (Values::Half(halves), Values::OfScale(factor)) => (halves.as_ptr(), factor),
        _ => (std::ptr::null(), 0.0),
    };
    let weights = [_mm256_set1_epi16(0x0201), _mm256_set1_epi16(0x0804)];
    let groups_ahead = AHEAD.div_ceil(steps * 64 * P);
    let mut next = matrix.tile_codes(tile).as_ptr();
    for group in 0..groups {
        // [pairs of planes, rows 16 by 16], 16 bits a row; pair 1 is already weighed by 4.
        let mut pairs = [[_mm256_setzero_si256(); 4]; 2];
        let soon = matrix.value_index(tile, group + groups_ahead, 0);
        scales.prefetch(soon, TILE);
        minimums.prefetch(soon, TILE);
        // The lone plane: [rows 32 by 32] of (odd + 256 · even bytes modulo 2^16, odd bytes).
        let mut lone = [[_mm256_setzero_si256(); 2]; 2];
        for step in group * steps..(group + 1) * steps {
            // SAFETY: `next` walks over the tile's bytes once: step_bytes = 64 · P a step, in vectors of 32; tables hold
            // two entries of 16 bytes a step. The prefetch may name any address.
            unsafe {
                let tables = StepTables::at(tables, step);
                for line in 0..P {
                    _mm_prefetch::<_MM_HINT_T1>(next.wrapping_add(AHEAD + 64 * line).cast());
                }
                for pair in 0..P / 2 {
                    for acc in &mut pairs[pair] {
                        let both = tables.look_up(_mm256_loadu_si256(next.cast()));
                        // ≤ 254 · (4 + 8) a step and 16 steps at most: below 2^16, and read as unsigned.
                        *acc = _mm256_add_epi16(*acc, _mm256_maddubs_epi16(both, weights[pair]));
                        next = next.add(32);
                    }
                }
                if P % 2 == 1 {
                    for [mixed, odd] in &mut lone {
                        let both = tables.look_up(_mm256_loadu_si256(next.cast()));
                        *mixed = _mm256_add_epi16(*mixed, both);
                        *odd = _mm256_add_epi16(*odd, _mm256_srli_epi16::<8>(both));
                        next = next.add(32);
                    }
                }
            }
        }
        // Sums of eight rows each. Above, every place of an array is named by a constant: were one not, all of them would be
        // written to memory at every step.
        let offset = _mm256_set1_epi32(tables.offsets[group] * ((1 << P) - 1));
        let mut wide = [_mm256_sub_epi32(_mm256_setzero_si256(), offset); TILE / 8];
        for pair in &pairs[..P / 2] {
            for (v, sixteen) in pair.iter().enumerate() {
                let [first, second] = widened_avx2(*sixteen);
                wide[2 * v] = _mm256_add_epi32(wide[2 * v], first);
                wide[2 * v + 1] = _mm256_add_epi32(wide[2 * v + 1], second);
            }
        }
        if P % 2 == 1 {
            let shift = _mm_cvtsi32_si128(P as i32 - 1);
            for (v, [mixed, odd]) in lone.iter().enumerate() {
                // Rows of a vector of 32: even bytes the first 16, odd bytes the others.
                let even = _mm256_sub_epi16(*mixed, _mm256_slli_epi16::<8>(*odd));
                let [[a, b], [c, d]] = [widened_avx2(even), widened_avx2(*odd)];
                wide[4 * v] = _mm256_add_epi32(wide[4 * v], _mm256_sll_epi32(a, shift));
                wide[4 * v + 1] = _mm256_add_epi32(wide[4 * v + 1], _mm256_sll_epi32(b, shift));
                wide[4 * v + 2] = _mm256_add_epi32(wide[4 * v + 2], _mm256_sll_epi32(c, shift));
                wide[4 * v + 3] = _mm256_add_epi32(wide[4 * v + 3], _mm256_sll_epi32(d, shift));
            }
        }
        let (step, sum_of_x) = (_mm256_set1_ps(tables.steps[group]), _mm256_set1_ps(tables.sums[group]));
        let at = matrix.value_index(tile, group, 0).group;
        for (eight, (sum, acc)) in sums.as_chunks_mut::<8>().0.iter_mut().zip(wide).enumerate() {
            let value = _mm256_mul_ps(_mm256_cvtepi32_ps(acc), step);
            // SAFETY: every tile has values for all its rows; `sum` holds eight floats.
            unsafe {
                let (scale, minimum) = if SIMPLE {
                    let scale = _mm256_cvtph_ps(_mm_loadu_si128(halves.add(at + eight * 8).cast()));
                    (scale, _mm256_mul_ps(_mm256_set1_ps(factor), scale))
                } else {
                    let at = matrix.value_index(tile, group, eight * 8);
                    let scale = scales.get8_avx2(at, _mm256_setzero_ps());
                    (scale, minimums.get8_avx2(at, scale))
                };
                let before = _mm256_loadu_ps(sum.as_ptr());
                let after = _mm256_fmadd_ps(minimum, sum_of_x, _mm256_fmadd_ps(value, scale, before));
                _mm256_storeu_ps(sum.as_mut_ptr(), after);
            }
        }
    }
}

/// Sixteen numbers without sign as twice eight of 32 bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn widened_avx2(sixteen: std::arch::x86_64::__m256i) -> [std::arch::x86_64::__m256i; 2] {
    use std::arch::x86_64::*;
    let [low, high] = [_mm256_castsi256_si128(sixteen), _mm256_extracti128_si256::<1>(sixteen)];
    [_mm256_cvtepu16_epi32(low), _mm256_cvtepu16_epi32(high)]
}
