//! What is made of an input vector once, for all rows: lookup tables of its partial sums, or int8 groups.

use crate::isa::Isa;

/// Largest value of a table entry: two are added in eight bits before they are widened.
const TABLE_MOST: f32 = 127.0;

/// For every 4 inputs the 16 sums of their subsets, in 7 bits.
///
/// `sum ≈ step · (entry − offset)`, with one step a group and an offset a table; only the offsets' total matters to a row.
#[derive(Debug, Clone, Default)]
pub struct LookupTables {
    pub(crate) columns: usize,
    pub(crate) group: usize,
    /// [groups · group / 4, 16]
    pub(crate) entries: Vec<[u8; 16]>,
    /// [groups]
    pub(crate) steps: Vec<f32>,
    /// [groups]: Σ offsets.
    pub(crate) offsets: Vec<i32>,
    /// [groups]: Σ inputs.
    pub(crate) sums: Vec<f32>,
}

impl LookupTables {
    /// Builds the tables of `x` for matrices with this group, into the memory this one already has.
    ///
    /// # Panics
    /// When `group` is not a multiple of 8.
    pub fn fill(&mut self, isa: Isa, x: &[f32], group: usize) {
        assert!(group > 0 && group.is_multiple_of(8), "groups are whole steps of 8 columns");
        (self.columns, self.group) = (x.len(), group);
        self.steps.clear();
        self.offsets.clear();
        self.sums.clear();
        // A group cut short by the vector's end is filled up with tables of zeros.
        self.entries.resize(x.len().div_ceil(group) * group / 4, [0; 16]);
        for (part, entries) in x.chunks(group).zip(self.entries.chunks_exact_mut(group / 4)) {
            let fours = || fours(part);
            let widest = fours().map(|four| four.iter().map(|v| v.abs()).sum::<f32>()).fold(0.0, f32::max);
            let inverse = if widest > 0.0 { TABLE_MOST / widest } else { 0.0 };
            let scaled = fours().map(|four| four.map(|v| v * inverse));
            let offsets = match isa {
                #[cfg(target_arch = "x86_64")]
                // SAFETY: the guard asks the machine for AVX2 and FMA.
                Isa::Avx2 if isa.is_available() => unsafe { entries_avx2(scaled, entries) },
                _ => entries_scalar(scaled, entries),
            };
            entries[part.len().div_ceil(4)..].fill([0; 16]);
            self.steps.push(widest / TABLE_MOST);
            self.offsets.push(offsets);
            self.sums.push(part.iter().sum());
        }
    }

    /// Tables of `x`, as [`LookupTables::fill`].
    ///
    /// # Panics
    /// As there.
    #[must_use]
    pub fn of(x: &[f32], group: usize) -> Self {
        let mut tables = Self::default();
        tables.fill(Isa::detect(), x, group);
        tables
    }
}

/// Tables of one group of scaled inputs; returns the sum of their offsets.
fn entries_scalar(scaled: impl Iterator<Item = [f32; 4]>, entries: &mut [[u8; 16]]) -> i32 {
    let mut offsets = 0;
    for (scaled, entries) in scaled.zip(entries) {
        let offset = offset_of(&scaled);
        for (index, entry) in entries.iter_mut().enumerate() {
            let of = |bit: usize| if index >> bit & 1 == 1 { scaled[bit] } else { 0.0 };
            let sum = (of(0) + of(1)) + (of(2) + of(3));
            *entry = (sum.round_ties_even() as i32 + offset).clamp(0, TABLE_MOST as i32) as u8;
        }
        offsets += offset;
    }
    offsets
}

/// What is added to a table so that none of its sums is below zero.
#[inline(always)]
fn offset_of(scaled: &[f32; 4]) -> i32 {
    let [a, b, c, d] = scaled.map(|v| v.min(0.0));
    (-((a + b) + (c + d))).round_ties_even() as i32
}

/// As [`entries_scalar`].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn entries_avx2(scaled: impl Iterator<Item = [f32; 4]>, entries: &mut [[u8; 16]]) -> i32 {
    use std::arch::x86_64::*;
    // Entries 0–3 and 8–11, then 4–7 and 12–15: packing goes by halves of a register.
    let masks: [[__m256; 2]; 4] = std::array::from_fn(|bit| {
        [0, 4].map(|first| {
            let mask: [i32; 8] = std::array::from_fn(|i| -(((first + i % 4 + i / 4 * 8) >> bit & 1) as i32));
            // SAFETY: eight integers are read.
            _mm256_castsi256_ps(unsafe { _mm256_loadu_si256(mask.as_ptr().cast()) })
        })
    });
    let most = _mm_set1_epi8(TABLE_MOST as i8);
    let mut offsets = 0;
    for (scaled, entries) in scaled.zip(entries) {
        let offset = offset_of(&scaled);
        let x = scaled.map(|value| _mm256_set1_ps(value));
        let [low, high] = [0, 1].map(|half| {
            let of = |bit: usize| _mm256_and_ps(masks[bit][half], x[bit]);
            let sum = _mm256_add_ps(_mm256_add_ps(of(0), of(1)), _mm256_add_ps(of(2), of(3)));
            _mm256_add_epi32(_mm256_cvtps_epi32(sum), _mm256_set1_epi32(offset))
        });
        let sixteen = _mm256_packs_epi32(low, high);
        let bytes = _mm256_permute4x64_epi64::<0b10_00>(_mm256_packus_epi16(sixteen, sixteen));
        // SAFETY: an entry has 16 bytes.
        unsafe { _mm_storeu_si128(entries.as_mut_ptr().cast(), _mm_min_epu8(_mm256_castsi256_si128(bytes), most)) };
        offsets += offset;
    }
    offsets
}

/// The nearest integer of a value within ±127, ties to even: adding 1.5 · 2^23 leaves it in the low bits of the mantissa,
/// which vectors do quicker than a conversion that must look out for what does not fit.
#[inline(always)]
pub(crate) fn nearest(value: f32) -> i8 {
    (value + 12_582_912.0).to_bits() as i8
}

/// Inputs four by four, the last filled up with zeros.
#[inline(always)]
fn fours(x: &[f32]) -> impl Iterator<Item = [f32; 4]> {
    let (whole, rest) = x.as_chunks::<4>();
    let last = (!rest.is_empty()).then(|| std::array::from_fn(|i| rest.get(i).copied().unwrap_or(0.0)));
    whole.iter().copied().chain(last)
}

/// Inputs as int8 with a scale a group: `x ≈ scale · quant`, scale = max |x| / 127. One vector or a batch of them.
#[derive(Debug, Clone, Default)]
pub struct Int8Groups {
    pub(crate) tokens: usize,
    pub(crate) columns: usize,
    pub(crate) group: usize,
    /// [tokens, groups · group], filled up with zeros.
    pub(crate) quants: Vec<i8>,
    /// [tokens, groups]
    pub(crate) scales: Vec<f32>,
    /// [tokens, groups]: scale · Σ quants.
    pub(crate) sums: Vec<f32>,
}

impl Int8Groups {
    /// Quantises `x` [tokens, columns] for matrices with this group, into the memory this one already has.
    ///
    /// # Panics
    /// When `group` is not a multiple of 8, or `x` is not whole vectors.
    pub fn fill(&mut self, isa: Isa, x: &[f32], columns: usize, group: usize) {
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn wide(groups: &mut Int8Groups, x: &[f32], columns: usize, group: usize) {
            groups.fill_body(x, columns, group);
        }
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2 and FMA; the body is safe code.
            Isa::Avx2 if isa.is_available() => unsafe { wide(self, x, columns, group) },
            _ => self.fill_body(x, columns, group),
        }
    }

    #[inline(always)]
    fn fill_body(&mut self, x: &[f32], columns: usize, group: usize) {
        assert!(group > 0 && group.is_multiple_of(8), "groups are whole steps of 8 columns");
        assert!(columns > 0 && x.len().is_multiple_of(columns), "inputs must be [tokens, columns]");
        (self.tokens, self.columns, self.group) = (x.len() / columns, columns, group);
        let groups = columns.div_ceil(group);
        self.quants.clear();
        self.quants.resize(self.tokens * groups * group, 0);
        self.scales.clear();
        self.sums.clear();
        let mut places = self.quants.chunks_exact_mut(group);
        for part in x.chunks_exact(columns).flat_map(|vector| vector.chunks(group)) {
            let largest = part.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
            let scale = largest / 127.0;
            let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            let mut sum = 0_i32;
            for (quant, value) in places.next().into_iter().flatten().zip(part) {
                *quant = nearest(value * inverse);
                sum += i32::from(*quant);
            }
            self.scales.push(scale);
            self.sums.push(scale * sum as f32);
        }
    }

    /// Groups of one vector, as [`Int8Groups::fill`].
    ///
    /// # Panics
    /// As there.
    #[must_use]
    pub fn of(x: &[f32], group: usize) -> Self {
        let mut groups = Self::default();
        groups.fill(Isa::detect(), x, x.len(), group);
        groups
    }

    /// Groups of a row with padding.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn groups(&self) -> usize {
        self.columns.div_ceil(self.group)
    }
}
