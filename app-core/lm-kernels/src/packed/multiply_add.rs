//! Products of packed codes with int8 inputs by multiply-add: one vector straight from the packed bytes, a batch from
//! codes unpacked once for all its vectors.
//!
//! Rows lie in the 32-bit lanes, so no sum ever crosses lanes. All variants do the same integer sums and the same fused
//! operations in the same order, so one vector alone and the same vector in a batch give the same bits.

use std::cell::RefCell;

use super::layout::{PackedLayout, PackedMatrix};
use super::tables::Int8Groups;
use super::unpack::group_scalar;
#[cfg(target_arch = "x86_64")]
use super::values::Values;
use crate::isa::Isa;
use crate::pool::{Pool, SharedMut};

/// Rows of a tile of the multiply-add layout.
const TILE: usize = 32;
/// Rows of the largest tile.
const MOST_ROWS: usize = 64;
/// Columns of the largest group.
const MOST_GROUP: usize = 128;

thread_local! {
    /// Scratch of this thread for batches: codes of a group, sums [tokens, rows].
    static SCRATCH: RefCell<(Vec<i8>, Vec<f32>)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

/// `out[t, r] = Σ_k weights[r, k] · x[t, k]` with x in int8; both layouts, any number of vectors.
///
/// # Panics
/// When shapes or groups do not fit.
pub fn multiply_add(pool: &Pool, isa: Isa, matrix: &PackedMatrix, x: &Int8Groups, out: &mut [f32]) {
    let shape = matrix.shape;
    assert_eq!((x.columns, x.group), (shape.columns, shape.group), "inputs of another shape");
    assert_eq!(out.len(), x.tokens * shape.rows, "out must be [tokens, rows]");
    let target = SharedMut(out.as_mut_ptr());
    let rows_of = |tile: usize| tile * shape.tile_rows()..((tile + 1) * shape.tile_rows()).min(shape.rows);
    #[cfg(target_arch = "x86_64")]
    if x.tokens == 1 && isa == Isa::Avx2 && isa.is_available() && shape.layout == PackedLayout::MultiplyAdd {
        // Once for all tiles: of a small matrix finding them costs as much as some groups.
        let values = matrix.values();
        pool.run(shape.tiles(), &|tile| {
            let mut sums = [0.0_f32; TILE];
            // SAFETY: the condition above asks the machine for AVX2, FMA and F16C; shapes were checked.
            unsafe {
                match shape.planes {
                    4 => vector_avx2::<4>(matrix, values, x, tile, &mut sums),
                    5 => vector_avx2::<5>(matrix, values, x, tile, &mut sums),
                    6 => vector_avx2::<6>(matrix, values, x, tile, &mut sums),
                    _ => vector_avx2::<8>(matrix, values, x, tile, &mut sums),
                }
            }
            for (row, sum) in rows_of(tile).zip(sums) {
                // SAFETY: `row` is inside `out`, belongs to this tile only, and each tile runs once.
                unsafe { *target.get().add(row) = sum };
            }
        });
        return;
    }
    #[cfg(target_arch = "aarch64")]
    if x.tokens == 1 && isa != Isa::Scalar && isa.is_available() && shape.layout == PackedLayout::MultiplyAdd {
        pool.run(shape.tiles(), &|tile| {
            let sums = vector_neon(isa, matrix, x, tile);
            for (row, sum) in rows_of(tile).zip(sums) {
                // SAFETY: `row` is inside `out`, belongs to this tile only, and each tile runs once.
                unsafe { *target.get().add(row) = sum };
            }
        });
        return;
    }
    pool.run(shape.tiles(), &|tile| {
        SCRATCH.with_borrow_mut(|(codes, sums)| {
            codes.resize(MOST_ROWS * MOST_GROUP, 0);
            sums.clear();
            sums.resize(x.tokens * shape.tile_rows(), 0.0);
            match isa {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the guard asks the machine for AVX2, FMA and F16C; shapes were checked.
                Isa::Avx2 if isa.is_available() => unsafe { batch_avx2(matrix, x, tile, codes, sums) },
                #[cfg(target_arch = "aarch64")]
                Isa::Neon | Isa::NeonDot if isa.is_available() => batch_neon(isa, matrix, x, tile, codes, sums),
                _ => batch_scalar(matrix, x, tile, codes, sums),
            }
            for (token, sums) in sums.chunks_exact(shape.tile_rows()).enumerate() {
                for (row, sum) in rows_of(tile).zip(sums) {
                    // SAFETY: inside `out` [tokens, rows]; the row belongs to this tile only, and each tile runs once.
                    unsafe { *target.get().add(token * shape.rows + row) = *sum };
                }
            }
        });
    });
}

/// One row's share of one group. A minimum of nothing costs nothing.
#[inline(always)]
fn add_group(sum: f32, acc: i32, x_scale: f32, x_sum: f32, scale: f32, minimum: f32) -> f32 {
    let value = acc as f32 * x_scale;
    minimum.mul_add(x_sum, value.mul_add(scale, sum))
}

fn batch_scalar(matrix: &PackedMatrix, x: &Int8Groups, tile: usize, codes: &mut [i8], sums: &mut [f32]) {
    let shape = matrix.shape;
    let (rows, groups) = (shape.tile_rows(), shape.groups());
    let (scales, minimums) = matrix.values();
    for group in 0..groups {
        let codes = &mut codes[..rows * shape.group];
        group_scalar(matrix, tile, group, codes);
        for (token, sums) in sums.chunks_exact_mut(rows).enumerate() {
            let at = token * groups + group;
            let quads = x.quants[at * shape.group..][..shape.group].as_chunks::<4>().0;
            for (row, sum) in sums.iter_mut().enumerate() {
                let mut acc = 0_i32;
                for (quad, codes) in quads.iter().zip(codes.chunks_exact(rows * 4)) {
                    for (quant, code) in quad.iter().zip(&codes[row * 4..]) {
                        acc += i32::from(*quant) * i32::from(*code);
                    }
                }
                let value_at = matrix.value_index(tile, group, row);
                let scale = scales.get(value_at, 0.0);
                let minimum = minimums.get(value_at, scale);
                *sum = add_group(*sum, acc, x.scales[at], x.sums[at], scale, minimum);
            }
        }
    }
}

/// One vector, straight from the packed bytes. The machine has NEON, and for `NeonDot` its dot product.
#[cfg(target_arch = "aarch64")]
fn vector_neon(isa: Isa, matrix: &PackedMatrix, x: &Int8Groups, tile: usize) -> [f32; TILE] {
    let shape = matrix.shape;
    let (scales, minimums) = matrix.values();
    let groups = matrix.tile_codes(tile).chunks_exact(shape.group / 8 * shape.step_bytes());
    let mut sums = [0.0; TILE];
    for (group, (codes, quants)) in groups.zip(x.quants.chunks_exact(shape.group)).enumerate() {
        // SAFETY: the caller has asked the machine for both.
        let accs = unsafe {
            match isa {
                Isa::NeonDot => super::neon::group_sums::<true>(&shape, codes, quants),
                _ => super::neon::group_sums::<false>(&shape, codes, quants),
            }
        };
        for (row, (sum, acc)) in sums.iter_mut().zip(accs).enumerate() {
            let at = matrix.value_index(tile, group, row);
            let scale = scales.get(at, 0.0);
            *sum = add_group(*sum, acc, x.scales[group], x.sums[group], scale, minimums.get(at, scale));
        }
    }
    sums
}

/// A batch, from codes unpacked once for all its vectors. The machine as for [`vector_neon`].
#[cfg(target_arch = "aarch64")]
fn batch_neon(isa: Isa, matrix: &PackedMatrix, x: &Int8Groups, tile: usize, codes: &mut [i8], sums: &mut [f32]) {
    let shape = matrix.shape;
    let (rows, groups) = (shape.tile_rows(), shape.groups());
    let (scales, minimums) = matrix.values();
    for group in 0..groups {
        let codes = &mut codes[..rows * shape.group];
        super::unpack::group_codes(isa, matrix, tile, group, codes);
        for (token, sums) in sums.chunks_exact_mut(rows).enumerate() {
            let index = token * groups + group;
            let quants = &x.quants[index * shape.group..][..shape.group];
            for (part, sums) in sums.chunks_exact_mut(TILE).enumerate() {
                // SAFETY: the caller has asked the machine for both.
                let accs = unsafe {
                    match isa {
                        Isa::NeonDot => super::neon::unpacked_sums::<true>(codes, rows, part * TILE, quants),
                        _ => super::neon::unpacked_sums::<false>(codes, rows, part * TILE, quants),
                    }
                };
                for (inside, (sum, acc)) in sums.iter_mut().zip(accs).enumerate() {
                    let at = matrix.value_index(tile, group, part * TILE + inside);
                    let scale = scales.get(at, 0.0);
                    *sum = add_group(*sum, acc, x.scales[index], x.sums[index], scale, minimums.get(at, scale));
                }
            }
        }
    }
}

/// Products of four columns with eight rows that may be summed in 16 bits before they must be widened: as many as keep
/// `2 · (2^P − 1) · 127` a product below 2^15. Eight bits are one at a time: |code| ≤ 128.
#[cfg(target_arch = "x86_64")]
const fn narrow_products(planes: usize) -> usize {
    match planes {
        1 | 2 => 32,
        3 => 16,
        4 => 8,
        5 => 4,
        6 => 2,
        _ => 1,
    }
}

/// Adds codes · inputs of four columns, 16 bits, two a row.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn product_avx2<const P: usize>(
    codes: std::arch::x86_64::__m256i,
    x: std::arch::x86_64::__m256i,
) -> std::arch::x86_64::__m256i {
    use std::arch::x86_64::*;
    if P == 8 {
        // |code| · (x with the code's sign): |code| ≤ 128 and |x| ≤ 127, so a pair stays below 2^15.
        _mm256_maddubs_epi16(_mm256_abs_epi8(codes), _mm256_sign_epi8(x, codes))
    } else {
        _mm256_maddubs_epi16(codes, x)
    }
}

/// How scales and minimums lie, where the compiler is told: asking at every eight rows costs a group of 32 a third of its time.
#[cfg(target_arch = "x86_64")]
mod form {
    /// Scales and minimums in halves.
    pub(super) const HALVES: u8 = 0;
    /// Scales in halves, minimums a multiple of them.
    pub(super) const OF_SCALE: u8 = 1;
    /// Both are steps of units.
    pub(super) const STEPS: u8 = 2;
    /// Scales are steps of units, minimums a multiple of them.
    pub(super) const STEPS_OF_SCALE: u8 = 3;
    /// Whatever they are.
    pub(super) const ANY: u8 = 4;
}

/// # Safety
/// The machine must have AVX2, FMA and F16C; `matrix` is in the multiply-add layout with `P` planes, and `x` is one vector
/// of its columns and group; `values` are the matrix's.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn vector_avx2<const P: usize>(
    matrix: &PackedMatrix,
    values: (Values<'_>, Values<'_>),
    x: &Int8Groups,
    tile: usize,
    sums: &mut [f32; TILE],
) {
    // SAFETY: passed on from this function's conditions.
    unsafe {
        match values {
            (Values::Half(_), Values::Half(_)) => rows_avx2::<P, { form::HALVES }>(matrix, values, x, tile, sums),
            (Values::Half(_), Values::OfScale(_)) => rows_avx2::<P, { form::OF_SCALE }>(matrix, values, x, tile, sums),
            (Values::Steps { .. }, Values::Steps { .. }) => {
                rows_avx2::<P, { form::STEPS }>(matrix, values, x, tile, sums)
            }
            (Values::Steps { .. }, Values::OfScale(_)) => {
                rows_avx2::<P, { form::STEPS_OF_SCALE }>(matrix, values, x, tile, sums);
            }
            _ => rows_avx2::<P, { form::ANY }>(matrix, values, x, tile, sums),
        }
    }
}

/// # Safety
/// As [`vector_avx2`], and scales and minimums are of the form.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn rows_avx2<const P: usize, const FORM: u8>(
    matrix: &PackedMatrix,
    (scales, minimums): (Values<'_>, Values<'_>),
    x: &Int8Groups,
    tile: usize,
    sums: &mut [f32; TILE],
) {
    use super::lookup::AHEAD;
    use super::unpack::step_codes_avx2;
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let ones = _mm256_set1_epi16(1);
    let mut next = matrix.tile_codes(tile).as_ptr();
    let mut inputs = x.quants.as_ptr();
    let steps = shape.group / 8;
    // Steps summed in 16 bits at a time; a step is two products.
    let narrow_steps = (narrow_products(P) / 2).clamp(1, steps);
    let mut totals_of_rows = [_mm256_setzero_ps(); 4];
    let halves =
        |values: &Values<'_>| if let Values::Half(halves) = values { halves.as_ptr() } else { std::ptr::null() };
    let (scale_halves, minimum_halves) = (halves(&scales), halves(&minimums));
    let factor = _mm256_set1_ps(if let Values::OfScale(factor) = minimums { factor } else { 0.0 });
    let groups_ahead = AHEAD.div_ceil(steps * TILE * P);
    for group in 0..shape.groups() {
        let soon = matrix.value_index(tile, group + groups_ahead, 0);
        scales.prefetch(soon, TILE);
        minimums.prefetch(soon, TILE);
        // [rows 8 by 8], 32 bits a row.
        let mut totals = [_mm256_setzero_si256(); 4];
        for _ in 0..steps / narrow_steps {
            let mut narrow = [_mm256_setzero_si256(); 4];
            for _ in 0..narrow_steps {
                // SAFETY: `next` walks over the tile's bytes once, a step at a time; `inputs` over the padded inputs, 8 a
                // step. The prefetch may name any address.
                unsafe {
                    for line in 0..P.div_ceil(2) {
                        _mm_prefetch::<_MM_HINT_T1>(next.wrapping_add(AHEAD + 64 * line).cast());
                    }
                    let low_x = _mm256_set1_epi32(inputs.cast::<i32>().read_unaligned());
                    let high_x = _mm256_set1_epi32(inputs.add(4).cast::<i32>().read_unaligned());
                    inputs = inputs.add(8);
                    for v in 0..4 {
                        let [low, high] = step_codes_avx2::<P>(next, v);
                        let (low, high) = (product_avx2::<P>(low, low_x), product_avx2::<P>(high, high_x));
                        if P == 8 {
                            let both = _mm256_add_epi32(_mm256_madd_epi16(low, ones), _mm256_madd_epi16(high, ones));
                            totals[v] = _mm256_add_epi32(totals[v], both);
                        } else {
                            narrow[v] = _mm256_add_epi16(narrow[v], _mm256_add_epi16(low, high));
                        }
                    }
                    next = next.add(32 * P);
                }
            }
            if P != 8 {
                for (total, sum) in totals.iter_mut().zip(narrow) {
                    *total = _mm256_add_epi32(*total, _mm256_madd_epi16(sum, ones));
                }
            }
        }
        let (x_scale, x_sum) = (_mm256_set1_ps(x.scales[group]), _mm256_set1_ps(x.sums[group]));
        for (v, sum) in totals_of_rows.iter_mut().enumerate() {
            let value = _mm256_mul_ps(_mm256_cvtepi32_ps(totals[v]), x_scale);
            let at = matrix.value_index(tile, group, v * 8);
            // SAFETY: every tile has values for all its rows; they are of the form, which is the caller's condition.
            let (scale, minimum) = unsafe {
                let eight = |halves: *const u16| _mm256_cvtph_ps(_mm_loadu_si128(halves.add(at.group).cast()));
                match FORM {
                    form::HALVES => (eight(scale_halves), eight(minimum_halves)),
                    form::OF_SCALE => {
                        let scale = eight(scale_halves);
                        (scale, _mm256_mul_ps(factor, scale))
                    }
                    form::STEPS | form::STEPS_OF_SCALE => {
                        let eight = |values: &Values<'_>| match values {
                            steps @ Values::Steps { .. } => steps.get8_avx2(at, factor),
                            _ => std::hint::unreachable_unchecked(),
                        };
                        let scale = eight(&scales);
                        (scale, if FORM == form::STEPS { eight(&minimums) } else { _mm256_mul_ps(factor, scale) })
                    }
                    _ => {
                        let scale = scales.get8_avx2(at, _mm256_setzero_ps());
                        (scale, minimums.get8_avx2(at, scale))
                    }
                }
            };
            *sum = _mm256_fmadd_ps(minimum, x_sum, _mm256_fmadd_ps(value, scale, *sum));
        }
    }
    for (sum, out) in totals_of_rows.iter().zip(sums.as_chunks_mut::<8>().0) {
        // SAFETY: `out` holds eight floats.
        unsafe { _mm256_storeu_ps(out.as_mut_ptr(), *sum) };
    }
}

/// # Safety
/// The machine must have AVX2, FMA and F16C; `x` has the matrix's columns and group, `codes` room for a group of a tile, and
/// `sums` is [tokens, tile_rows].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn batch_avx2(matrix: &PackedMatrix, x: &Int8Groups, tile: usize, codes: &mut [i8], sums: &mut [f32]) {
    use super::unpack::group_avx2;
    use std::arch::x86_64::*;
    let shape = matrix.shape;
    let rows = shape.tile_rows();
    let (scales, minimums) = matrix.values();
    let codes = &mut codes[..rows * shape.group];
    // (scale, minimum) of eight rows each.
    let mut values = [(_mm256_setzero_ps(), _mm256_setzero_ps()); MOST_ROWS / 8];
    for group in 0..shape.groups() {
        // SAFETY: the conditions are this function's, and every tile has values for all its rows.
        unsafe {
            group_avx2(matrix, tile, group, codes);
            for (v, (scale, minimum)) in values[..rows / 8].iter_mut().enumerate() {
                let at = matrix.value_index(tile, group, v * 8);
                *scale = scales.get8_avx2(at, _mm256_setzero_ps());
                *minimum = minimums.get8_avx2(at, *scale);
            }
            match shape.planes {
                1 | 2 => group_of_batch_avx2::<2>(x, group, rows, codes, &values, sums),
                3 => group_of_batch_avx2::<3>(x, group, rows, codes, &values, sums),
                4 => group_of_batch_avx2::<4>(x, group, rows, codes, &values, sums),
                5 => group_of_batch_avx2::<5>(x, group, rows, codes, &values, sums),
                6 => group_of_batch_avx2::<6>(x, group, rows, codes, &values, sums),
                _ => group_of_batch_avx2::<8>(x, group, rows, codes, &values, sums),
            }
        }
    }
}

/// Adds one group to the sums of all vectors, two by two.
///
/// # Safety
/// As [`batch_avx2`]; `codes` are those of the group, `values` those of its rows.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn group_of_batch_avx2<const P: usize>(
    x: &Int8Groups,
    group: usize,
    rows: usize,
    codes: &[i8],
    values: &[(std::arch::x86_64::__m256, std::arch::x86_64::__m256); MOST_ROWS / 8],
    sums: &mut [f32],
) {
    // SAFETY: passed on from this function's conditions; tokens stay inside the batch, and rows inside the tile.
    unsafe {
        for first_row in (0..rows).step_by(TILE) {
            let mut token = 0;
            while token + 2 <= x.tokens {
                block_avx2::<P, 2>(x, group, [token, rows, first_row], codes, values, sums);
                token += 2;
            }
            if token < x.tokens {
                block_avx2::<P, 1>(x, group, [token, rows, first_row], codes, values, sums);
            }
        }
    }
}

/// 32 rows from `first_row` on, `N` vectors from `token` on.
///
/// # Safety
/// As [`group_of_batch_avx2`]; token + N ≤ tokens, and first_row + 32 ≤ rows.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
unsafe fn block_avx2<const P: usize, const N: usize>(
    x: &Int8Groups,
    group: usize,
    [token, rows, first_row]: [usize; 3],
    codes: &[i8],
    values: &[(std::arch::x86_64::__m256, std::arch::x86_64::__m256); MOST_ROWS / 8],
    sums: &mut [f32],
) {
    use std::arch::x86_64::*;
    let ones = _mm256_set1_epi16(1);
    let groups = x.groups();
    let quads = x.group / 4;
    let narrow_quads = narrow_products(P).min(quads);
    let mut totals = [[_mm256_setzero_si256(); 4]; N];
    let inputs: [*const i32; N] =
        std::array::from_fn(|n| x.quants[((token + n) * groups + group) * x.group..].as_ptr().cast());
    let mut quad = 0;
    while quad < quads {
        let mut narrow = [[_mm256_setzero_si256(); 4]; N];
        for _ in 0..narrow_quads {
            // SAFETY: codes are [quads, rows, 4] with first_row + 32 ≤ rows; every vector has `quads` groups of four here.
            unsafe {
                let from = codes.as_ptr().add((quad * rows + first_row) * 4).cast::<__m256i>();
                let codes: [__m256i; 4] = std::array::from_fn(|v| _mm256_loadu_si256(from.add(v)));
                for n in 0..N {
                    let four = _mm256_set1_epi32(inputs[n].add(quad).read_unaligned());
                    for v in 0..4 {
                        let product = product_avx2::<P>(codes[v], four);
                        if P == 8 {
                            totals[n][v] = _mm256_add_epi32(totals[n][v], _mm256_madd_epi16(product, ones));
                        } else {
                            narrow[n][v] = _mm256_add_epi16(narrow[n][v], product);
                        }
                    }
                }
            }
            quad += 1;
        }
        if P != 8 {
            for n in 0..N {
                for v in 0..4 {
                    totals[n][v] = _mm256_add_epi32(totals[n][v], _mm256_madd_epi16(narrow[n][v], ones));
                }
            }
        }
    }
    for (n, totals) in totals.iter().enumerate() {
        let at = (token + n) * groups + group;
        let (x_scale, x_sum) = (_mm256_set1_ps(x.scales[at]), _mm256_set1_ps(x.sums[at]));
        let out = &mut sums[(token + n) * rows + first_row..][..TILE];
        for (v, out) in out.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            let (scale, minimum) = values[first_row / 8 + v];
            let value = _mm256_mul_ps(_mm256_cvtepi32_ps(totals[v]), x_scale);
            // SAFETY: `out` holds eight floats.
            unsafe {
                let before = _mm256_loadu_ps(out.as_ptr());
                let after = _mm256_fmadd_ps(minimum, x_sum, _mm256_fmadd_ps(value, scale, before));
                _mm256_storeu_ps(out.as_mut_ptr(), after);
            }
        }
    }
}
