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
/// Time for each layout of each shape; the quickest run of those that fit into it counts.
const TIME_A_LAYOUT: Duration = Duration::from_millis(60);
/// Share of inputs that survive where a product is measured that skips the others: the best at 1.58 bits.
const KEPT_SHARE: f64 = 0.3875;

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

fn measure(pool: &Pool, isa: Isa, bits: usize, shape: (usize, usize), now: &dyn Fn() -> Duration) -> Choice {
    let ways = if bits == 2 { [Way::Triples, Way::Lookup] } else { [Way::MultiplyAdd, Way::Lookup] };
    let x: Vec<f32> = (0..shape.1).map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0).collect();
    let mut out = vec![0.0; shape.0];
    let mut sparse_us = None;
    let measured_us: Vec<(Way, f64)> = ways
        .into_iter()
        .map(|way| {
            let matrix = matrix(bits, shape, way.layout());
            let copies = vec![matrix; COLD_BYTES / (shape.0 * shape.1 * bits / 8).max(1) + 1];
            let (mut tables, mut triples, mut groups) =
                (LookupTables::default(), TripleTables::default(), Int8Groups::default());
            let us = quickest(copies.len(), now, &mut |copy| {
                let matrix = &copies[copy];
                let group = matrix.shape().group;
                match way {
                    Way::Lookup => {
                        tables.fill(isa, &x, group);
                        lookup_gemv(pool, isa, matrix, &tables, &mut out);
                    }
                    Way::Triples => {
                        triples.fill(isa, &x);
                        triple_gemv(pool, isa, matrix, &triples, &mut out);
                    }
                    Way::MultiplyAdd => {
                        groups.fill(isa, &x, x.len(), group);
                        multiply_add(pool, isa, matrix, &groups, &mut out);
                    }
                }
            });
            if let Some(columns) = ColumnMatrix::of(pool, isa, &copies[0]) {
                let keep = Keep::Largest((x.len() as f64 * KEPT_SHARE) as usize);
                let mut inputs = SparseInputs::default();
                sparse_us = Some(quickest(1, now, &mut |_| {
                    inputs.fill(isa, &x, keep);
                    sparse_gemv(pool, isa, &columns, &inputs, &mut out);
                }));
            }
            (way, us)
        })
        .collect();
    // The default stays unless the other is clearly quicker: the measurement is short.
    let (default, other) = (measured_us[0], measured_us[1]);
    let chosen = if other.1 < 0.95 * default.1 { other.0 } else { default.0 };
    Choice { shape, bits, measured_us, chosen, sparse_us }
}

/// The quickest run in µs, over all copies in turn.
fn quickest(copies: usize, now: &dyn Fn() -> Duration, run: &mut dyn FnMut(usize)) -> f64 {
    let start = now();
    let mut best = Duration::MAX;
    let mut copy = 0;
    while now() - start < TIME_A_LAYOUT || best == Duration::MAX {
        let before = now();
        run(copy % copies);
        best = best.min(now() - before);
        copy += 1;
    }
    best.as_secs_f64() * 1e6
}
