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
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn wide(tables: &mut LookupTables, x: &[f32], group: usize) {
            tables.fill_body(x, group);
        }
        match isa {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard asks the machine for AVX2 and FMA; the body is safe code.
            Isa::Avx2 if isa.is_available() => unsafe { wide(self, x, group) },
            _ => self.fill_body(x, group),
        }
    }

    #[inline(always)]
    fn fill_body(&mut self, x: &[f32], group: usize) {
        assert!(group > 0 && group.is_multiple_of(8), "groups are whole steps of 8 columns");
        (self.columns, self.group) = (x.len(), group);
        self.entries.clear();
        self.steps.clear();
        self.offsets.clear();
        self.sums.clear();
        for part in x.chunks(group) {
            let widest = fours(part).map(|four| four.iter().map(|v| v.abs()).sum::<f32>()).fold(0.0, f32::max);
            let step = widest / TABLE_MOST;
            let inverse = if widest > 0.0 { TABLE_MOST / widest } else { 0.0 };
            let mut offsets = 0;
            for four in fours(part) {
                let scaled = four.map(|v| v * inverse);
                let below: f32 = scaled.iter().map(|v| v.min(0.0)).sum();
                let offset = (-below).round_ties_even();
                self.entries.push(std::array::from_fn(|index| {
                    let of = |bit: usize| if index >> bit & 1 == 1 { scaled[bit] } else { 0.0 };
                    let sum = (of(0) + of(1)) + (of(2) + of(3));
                    (sum.round_ties_even() + offset).clamp(0.0, TABLE_MOST) as u8
                }));
                offsets += offset as i32;
            }
            // A group cut short by the vector's end is filled up with tables of zeros.
            self.entries.resize(self.entries.len().next_multiple_of(group / 4), [0; 16]);
            self.steps.push(step);
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

/// Inputs four by four, the last filled up with zeros.
fn fours(x: &[f32]) -> impl Iterator<Item = [f32; 4]> {
    x.chunks(4).map(|chunk| std::array::from_fn(|i| chunk.get(i).copied().unwrap_or(0.0)))
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
                *quant = (value * inverse).round_ties_even() as i8;
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
    pub(crate) fn groups(&self) -> usize {
        self.columns.div_ceil(self.group)
    }
}
