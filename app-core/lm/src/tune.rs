//! Which of two layouts is the quicker on this machine, measured for the very shapes of a model in under a second.
//!
//! In the flow: `reme model tune` measures and stores the choices; `Model::open` and `convert` are handed them. Without any,
//! the defaults hold: multiply-add for four bits, threes for ternary weights. A choice changes how weights lie, never what
//! they are. The clock comes in as an argument.

use std::path::Path;
use std::time::Duration;

use reme_lm_kernels::{
    ColumnMatrix, Int8Groups, Isa, Keep, LookupTables, MappedFile, PackedLayout, PackedMatrix, PackedShape, Pool,
    QuantType, SparseInputs, TripleTables, lookup_gemv, multiply_add, sparse_gemv, triple_gemv,
};
use serde::{Deserialize, Serialize};

use crate::LmError;
use crate::gguf::{Header, TensorType};

/// Bytes of copies that are gone through in turn, so that weights come from memory as they do in a model.
const COLD_BYTES: usize = 24 << 20;
/// Most weights of a matrix that is measured: of a larger one only some rows are, which cost the same each.
const MOST_WEIGHTS: usize = 1 << 20;
/// Rounds, and the time for those of one shape. The quickest run of each way counts: what disturbs a run only adds to it.
const ROUNDS: usize = 40;
const LEAST_ROUNDS: usize = 8;
const TIME_A_SHAPE: Duration = Duration::from_millis(60);
/// Share of inputs that survive where a product is measured that skips the others: the best at 1.58 bits.
const KEPT_SHARE: f64 = 0.3875;
/// How much of the default's time another way may take to be chosen. Lookups of four bits round inputs more coarsely (1.1 %
/// of a product against 0.5 %), so they must bring more.
const CLEARLY_QUICKER_TERNARY: f64 = 0.95;
const CLEARLY_QUICKER_FOUR_BITS: f64 = 0.75;

/// A way to multiply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Bit planes and tables of four inputs.
    Lookup,
    /// int8 multiply-add.
    MultiplyAdd,
    /// Tables of three inputs.
    Triples,
}

impl Way {
    pub(crate) fn layout(self) -> PackedLayout {
        match self {
            Self::Lookup => PackedLayout::Lookup,
            Self::MultiplyAdd => PackedLayout::MultiplyAdd,
            Self::Triples => PackedLayout::Triples,
        }
    }
}

/// What was measured of one shape, and what follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Bits of a code.
    pub bits: usize,
    /// The quickest run of each way, in µs; the first is the default.
    pub measured_us: Vec<(Way, f64)>,
    /// The quicker way.
    pub chosen: Way,
    /// The quickest run with 61 % of the inputs dropped, in µs, where weights can be skipped.
    pub sparse_us: Option<f64>,
}

/// Choices for one machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    /// What they were measured on: instruction set and threads. Measured on anything else they do not hold.
    pub machine: String,
    /// One for each shape.
    pub choices: Vec<Choice>,
}

impl Tuning {
    /// Whether it was measured on what the model will run on.
    #[must_use]
    pub fn holds_for(&self, isa: Isa, threads: usize) -> bool {
        self.machine == machine(isa, threads)
    }

    /// The layout for a matrix, or the default where it was not measured.
    pub(crate) fn layout(&self, bits: usize, shape: (usize, usize)) -> PackedLayout {
        let found = self.choices.iter().find(|choice| (choice.bits, choice.shape) == (bits, shape));
        let default = if bits == 2 { PackedLayout::Triples } else { PackedLayout::MultiplyAdd };
        found.map_or(default, |choice| choice.chosen.layout())
    }
}

fn machine(isa: Isa, threads: usize) -> String {
    format!("{isa:?}, {threads} threads")
}

/// Measures the shapes of four-bit and ternary matrices of the model at `path`, at most one of each; `now` is a clock that only
/// goes forward.
///
/// # Errors
/// The file variants of [`LmError`].
pub fn tune(path: &Path, threads: usize, now: &dyn Fn() -> Duration) -> Result<Tuning, LmError> {
    let file = MappedFile::open(path).map_err(|source| LmError::Unreadable { path: path.to_owned(), source })?;
    let header = Header::parse(&file, path)?;
    let mut shapes: Vec<(usize, (usize, usize))> = Vec::new();
    for record in header.tensors.values() {
        let (TensorType::Weights(quant_type), &[columns, rows]) = (record.tensor_type, &record.dims[..]) else {
            continue;
        };
        let bits = match quant_type {
            QuantType::Q4_0 | QuantType::Q4_1 | QuantType::Q4_K => 4,
            QuantType::TQ1_0 | QuantType::TQ2_0 => 2,
            _ => continue,
        };
        if !shapes.contains(&(bits, (rows, columns))) {
            shapes.push((bits, (rows, columns)));
        }
    }
    shapes.sort_unstable();
    let (pool, isa) = (Pool::new(threads), Isa::detect());
    let choices = shapes.into_iter().map(|(bits, shape)| measure(&pool, isa, bits, shape, now)).collect();
    Ok(Tuning { machine: machine(isa, threads), choices })
}

/// Codes as chance has them, one scale a row.
fn matrix(bits: usize, (rows, columns): (usize, usize), layout: PackedLayout) -> PackedMatrix {
    let group = match (bits, layout) {
        (_, PackedLayout::Triples) => 96,
        (2, _) => 128,
        _ => 32,
    };
    let shape = PackedShape { rows, columns, group, planes: bits, layout };
    let most = if bits == 2 { 3 } else { 1 << bits };
    let codes: Vec<u8> = (0..rows * columns).map(|i| (i.wrapping_mul(2_654_435_761) >> 9) as u8 % most).collect();
    let scales = vec![0.25; rows * shape.groups()];
    let minimums: Vec<f32> = scales.iter().map(|scale| if bits == 2 { -scale } else { -8.0 * scale }).collect();
    PackedMatrix::from_codes(shape, &codes, &scales, &minimums)
}

/// Two ways and, where weights can be skipped, the sparse product, round after round in turn.
fn measure(pool: &Pool, isa: Isa, bits: usize, shape: (usize, usize), now: &dyn Fn() -> Duration) -> Choice {
    let ways = if bits == 2 { [Way::Triples, Way::Lookup] } else { [Way::MultiplyAdd, Way::Lookup] };
    let rows = shape.0.min((MOST_WEIGHTS / shape.1).max(64));
    let of_all = shape.0 as f64 / rows as f64;
    let mut runs: Vec<Run<'_>> =
        ways.iter().map(|way| product(pool, isa, matrix(bits, (rows, shape.1), way.layout()), *way)).collect();
    let sparse = ColumnMatrix::of(pool, isa, &matrix(bits, (rows, shape.1), ways[0].layout()));
    runs.extend(sparse.map(|columns| sparse_product(pool, isa, columns, shape.1, rows)));
    let mut best = vec![Duration::MAX; runs.len()];
    let start = now();
    for round in 0..ROUNDS {
        if round >= LEAST_ROUNDS && now() - start > TIME_A_SHAPE {
            break;
        }
        for (best, run) in best.iter_mut().zip(&mut runs) {
            let before = now();
            run(round);
            *best = (*best).min(now() - before);
        }
    }
    let us = |index: usize| best[index].as_secs_f64() * 1e6 * of_all;
    let clearly = if bits == 2 { CLEARLY_QUICKER_TERNARY } else { CLEARLY_QUICKER_FOUR_BITS };
    let chosen = if us(1) < clearly * us(0) { ways[1] } else { ways[0] };
    let sparse_us = (runs.len() > 2).then(|| us(2));
    Choice { shape, bits, measured_us: vec![(ways[0], us(0)), (ways[1], us(1))], chosen, sparse_us }
}

/// One product, tables or int8 groups included, with another copy of the weights each round.
type Run<'a> = Box<dyn FnMut(usize) + 'a>;

fn inputs(columns: usize) -> Vec<f32> {
    (0..columns).map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0).collect()
}

fn product(pool: &Pool, isa: Isa, matrix: PackedMatrix, way: Way) -> Run<'_> {
    let shape = matrix.shape();
    let copies = vec![matrix; 1 + COLD_BYTES / (shape.rows * shape.columns * shape.planes / 8).max(1 << 16)];
    let (x, mut out) = (inputs(shape.columns), vec![0.0; shape.rows]);
    let (mut tables, mut triples, mut groups) =
        (LookupTables::default(), TripleTables::default(), Int8Groups::default());
    Box::new(move |round| {
        let matrix = &copies[round % copies.len()];
        match way {
            Way::Lookup => {
                tables.fill(isa, &x, shape.group);
                lookup_gemv(pool, isa, matrix, &tables, &mut out);
            }
            Way::Triples => {
                triples.fill(isa, &x);
                triple_gemv(pool, isa, matrix, &triples, &mut out);
            }
            Way::MultiplyAdd => {
                groups.fill(isa, &x, x.len(), shape.group);
                multiply_add(pool, isa, matrix, &groups, &mut out);
            }
        }
    })
}

fn sparse_product(pool: &Pool, isa: Isa, matrix: ColumnMatrix, columns: usize, rows: usize) -> Run<'_> {
    let (x, mut out, mut inputs) = (inputs(columns), vec![0.0; rows], SparseInputs::default());
    let keep = Keep::Largest((columns as f64 * KEPT_SHARE) as usize);
    Box::new(move |_| {
        inputs.fill(isa, &x, keep);
        sparse_gemv(pool, isa, &matrix, &inputs, &mut out);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_choice_names_both_ways_and_the_default_stays_where_nothing_tells_them_apart() {
        // A clock that moves on evenly: every run takes as long as every other.
        let ticks = Cell::new(0_u64);
        let now = || {
            ticks.set(ticks.get() + 1);
            Duration::from_micros(ticks.get())
        };
        let choice = measure(&Pool::new(1), Isa::detect(), 2, (70, 256), &now);
        assert_eq!((choice.chosen, choice.measured_us.len()), (Way::Triples, 2));
        assert!(choice.sparse_us.is_some());
        let four = measure(&Pool::new(1), Isa::detect(), 4, (70, 256), &now);
        assert_eq!((four.chosen, four.sparse_us), (Way::MultiplyAdd, None));
        let tuning = Tuning { machine: machine(Isa::Scalar, 2), choices: vec![choice, four] };
        assert!(tuning.holds_for(Isa::Scalar, 2) && !tuning.holds_for(Isa::Scalar, 1));
        assert_eq!(tuning.layout(2, (70, 256)), PackedLayout::Triples);
        assert_eq!(tuning.layout(4, (1, 1)), PackedLayout::MultiplyAdd);
    }
}
