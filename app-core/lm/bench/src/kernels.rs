//! Single products: one vector and batches, per width, against llama.cpp's types of about the same width.

use std::hint::black_box;

use llama_cpp_sys_2 as llama;
use reme_lm_kernels::{
    ColumnMatrix, Int8Groups, Isa, Keep, Layouts, LookupTables, PackedLayout, PackedMatrix, PackedShape, Pool,
    QuantType, SparseInputs, TripleTables, lookup_gemv, multiply_add, sparse_gemv, triple_gemv,
};

use crate::peer::{Products, quantised};
use crate::{Entry, least, median, seconds};

/// (rows, columns): large ones of a 7 B model, then those of the default and the tiny model.
pub(crate) const SHAPES: [(usize, usize); 5] = [(4096, 4096), (11008, 4096), (4096, 11008), (4864, 896), (1536, 576)];
const ROUNDS: usize = 21;
/// Bytes over which copies are cycled: more than the largest cache of the machines this ran on (300 MB, shared).
const COLD_BYTES: usize = 384 << 20;

/// (name, GGML number, the same type of ours): both sides multiply the very same weights.
const SAME: [(&str, u32, QuantType); 10] = [
    ("TQ2_0", llama::GGML_TYPE_TQ2_0, QuantType::TQ2_0),
    ("Q2_K", llama::GGML_TYPE_Q2_K, QuantType::Q2_K),
    ("Q3_K", llama::GGML_TYPE_Q3_K, QuantType::Q3_K),
    ("Q4_0", llama::GGML_TYPE_Q4_0, QuantType::Q4_0),
    ("Q4_1", llama::GGML_TYPE_Q4_1, QuantType::Q4_1),
    ("Q4_K", llama::GGML_TYPE_Q4_K, QuantType::Q4_K),
    ("Q5_0", llama::GGML_TYPE_Q5_0, QuantType::Q5_0),
    ("Q5_K", llama::GGML_TYPE_Q5_K, QuantType::Q5_K),
    ("Q6_K", llama::GGML_TYPE_Q6_K, QuantType::Q6_K),
    ("Q8_0", llama::GGML_TYPE_Q8_0, QuantType::Q8_0),
];
/// Widths of our own, groups of 128, against the nearest type of llama.cpp: (name, planes, ternary, peer).
const OWN: [(&str, usize, bool, &str, u32); 4] = [
    ("1 bit", 1, false, "Q1_0", llama::GGML_TYPE_Q1_0),
    ("ternary", 2, true, "TQ2_0", llama::GGML_TYPE_TQ2_0),
    ("2 bit", 2, false, "Q2_K", llama::GGML_TYPE_Q2_K),
    ("3 bit", 3, false, "Q3_K", llama::GGML_TYPE_Q3_K),
];

/// One thing measured.
struct Case {
    name: String,
    bytes: usize,
    copies: usize,
    run: Box<dyn FnMut(usize)>,
    hot_s: Vec<f64>,
    cold_s: Vec<f64>,
}

impl Case {
    fn new(name: &str, bytes: usize, copies: usize, run: impl FnMut(usize) + 'static) -> Self {
        Self { name: name.into(), bytes, copies, run: Box::new(run), hot_s: vec![], cold_s: vec![] }
    }

    fn round(&mut self, round: usize) {
        let copy = 1 + round % (self.copies - 1);
        self.cold_s.push(seconds(|| (self.run)(copy)));
        (self.run)(0);
        self.hot_s.push(seconds(|| (self.run)(0)));
    }
}

fn copies_for(bytes: usize, tokens: usize) -> usize {
    if tokens > 1 { 2 } else { (COLD_BYTES / bytes + 1).clamp(2, 1024) }
}

/// Codes as chance has them; minimums that are no multiple of the scale, but for ternary.
fn own((rows, columns): (usize, usize), planes: usize, is_ternary: bool) -> PackedMatrix {
    let shape = PackedShape { rows, columns, group: 128, planes, layout: PackedLayout::Lookup };
    let code = |i: usize| {
        let code = (i.wrapping_mul(2_654_435_761) >> 7) as u8 & ((1 << planes) - 1);
        if is_ternary { code % 3 } else { code }
    };
    let codes: Vec<u8> = (0..rows * columns).map(code).collect();
    let groups = rows * shape.groups();
    let minimum = |i: usize| if is_ternary { -0.015_625 } else { -0.0625 - (i % 2) as f32 / 64.0 };
    let minimums: Vec<f32> = (0..groups).map(minimum).collect();
    PackedMatrix::from_codes(shape, &codes, &vec![0.015_625; groups], &minimums)
}

/// A batch of `tokens` vectors through ours; for one vector in the lookup layout, by lookup.
fn ours(name: &str, matrix: PackedMatrix, tokens: usize) -> Case {
    let (shape, bytes) = (matrix.shape(), matrix.size_bytes());
    let copies = copies_for(bytes, tokens);
    let matrices = vec![matrix; copies];
    let x: Vec<f32> = (0..shape.columns * tokens).map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0).collect();
    let (pool, isa) = (Pool::new(1), Isa::detect());
    let (mut tables, mut triples, mut groups) =
        (LookupTables::default(), TripleTables::default(), Int8Groups::default());
    let mut out = vec![0.0; shape.rows * tokens];
    Case::new(name, bytes, copies, move |copy| {
        match (tokens, shape.layout) {
            (1, PackedLayout::Lookup) => {
                tables.fill(isa, &x, shape.group);
                lookup_gemv(&pool, isa, &matrices[copy], &tables, &mut out);
            }
            (1, PackedLayout::Triples) => {
                triples.fill(isa, &x);
                triple_gemv(&pool, isa, &matrices[copy], &triples, &mut out);
            }
            _ => {
                groups.fill(isa, &x, shape.columns, shape.group);
                multiply_add(&pool, isa, &matrices[copy], &groups, &mut out);
            }
        }
        black_box(&out);
    })
}

fn peer(name: &str, type_id: u32, data: &[u8], shape: (usize, usize), tokens: usize) -> Case {
    let copies = copies_for(data.len(), tokens);
    let mut products = Products::new(type_id, data, shape, tokens, copies);
    Case::new(name, data.len(), copies, move |copy| products.run(copy))
}

/// Pairs (ours, peer) that fit the shape, made one after the other and dropped after `measure`.
fn each_pair(shape: (usize, usize), tokens: usize, measure: &mut dyn FnMut(&str, Case, Option<Case>)) {
    for (name, id, quant_type) in SAME {
        let Some(data) = quantised(id, shape.0, shape.1) else { continue };
        let pool = Pool::new(2);
        let Some(matrix) = PackedMatrix::from_gguf(&pool, quant_type, &data, shape.1, Layouts::default()) else {
            continue;
        };
        let other = peer(&format!("llama.cpp {name}"), id, &data, shape, tokens);
        measure(&format!("{name}, same weights"), ours(name, matrix, tokens), Some(other));
    }
    for (name, planes, is_ternary, peer_name, id) in OWN {
        let other = quantised(id, shape.0, shape.1)
            .map(|data| peer(&format!("llama.cpp {peer_name}"), id, &data, shape, tokens));
        measure(&format!("{name} g128"), ours(name, own(shape, planes, is_ternary), tokens), other);
    }
}

/// One vector, one thread, every width.
pub(crate) fn vectors(shape: (usize, usize), bandwidth: f64) -> Vec<Entry> {
    let (rows, columns) = shape;
    let mut entries = Vec::new();
    each_pair(shape, 1, &mut |name, mut ours, mut other| {
        for round in 0..ROUNDS {
            ours.round(round);
            if let Some(other) = &mut other {
                other.round(round);
            }
        }
        let name = format!("gemv {rows}x{columns} {name}");
        if let Some(other) = &other {
            for (kind, of) in [("best", least as fn(&[f64]) -> f64), ("median", median)] {
                for (heat, ours, theirs) in [("hot", &ours.hot_s, &other.hot_s), ("cold", &ours.cold_s, &other.cold_s)]
                {
                    let (ours, theirs) = (of(ours) * 1e6, of(theirs) * 1e6);
                    entries.push(Entry::time(format!("{name}, {heat}, {kind}"), ours, theirs, &other.name));
                }
            }
        }
        let speed = ours.bytes as f64 / least(&ours.cold_s) / 1e9;
        let name = format!("{name}, cold, share of read bandwidth");
        entries.push(Entry::rate(name, speed, bandwidth / 1e9, "memory read, one thread", "GB/s"));
    });
    entries
}

/// 128 vectors, 4096×4096, one thread.
pub(crate) fn batches() -> Vec<Entry> {
    const TOKENS: usize = 128;
    let shape = (4096, 4096);
    let mut entries = Vec::new();
    each_pair(shape, TOKENS, &mut |name, mut ours, other| {
        let Some(mut other) = other else { return };
        for _ in 0..4 {
            for case in [&mut ours, &mut other] {
                case.hot_s.push(seconds(|| (case.run)(0)));
            }
        }
        let giga_macs = |case: &Case| (shape.0 * shape.1 * TOKENS) as f64 / least(&case.hot_s) / 1e9;
        let name = format!("gemm 4096x4096x{TOKENS} {name}, best");
        entries.push(Entry::rate(name, giga_macs(&ours), giga_macs(&other), &other.name, "GMAC/s"));
    });
    entries
}

/// Ternary weights with one scale a row: inputs near a normal distribution of which some are dropped, choosing them included,
/// against all of them, in exact int8 and by lookup. One thread, from memory.
pub(crate) fn sparse((rows, columns): (usize, usize)) -> Vec<Entry> {
    let (pool, isa) = (Pool::new(1), Isa::detect());
    let shape = PackedShape { rows, columns, group: 96, planes: 2, layout: PackedLayout::Triples };
    let codes: Vec<u8> = (0..rows * columns).map(|i| (i.wrapping_mul(2_654_435_761) >> 7) as u8 % 3).collect();
    let groups = rows * shape.groups();
    let matrix = PackedMatrix::from_codes(shape, &codes, &vec![0.015_625; groups], &vec![-0.015_625; groups]);
    let mut state = 1_u64;
    let mut unit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f32 / (1_u64 << 30) as f32 - 1.0
    };
    let x: Vec<f32> = (0..columns).map(|_| unit() + unit() + unit() + unit()).collect();
    let copies = copies_for(matrix.size_bytes(), 1);
    let by_columns: Vec<ColumnMatrix> = (0..copies).filter_map(|_| ColumnMatrix::of(&pool, isa, &matrix)).collect();
    let by_threes = vec![matrix; copies];
    let mut out = vec![0.0; rows];
    let (mut inputs, mut tables, mut int8) = (SparseInputs::default(), TripleTables::default(), Int8Groups::default());
    // Of each: 61 %, 80 % dropped, all by lookup, all in int8.
    let mut times: [Vec<f64>; 4] = Default::default();
    for round in 0..ROUNDS {
        for (index, kept) in [columns * 3875 / 10_000, columns / 5].into_iter().enumerate() {
            let matrix = &by_columns[(2 * round + index) % copies];
            times[index].push(seconds(|| {
                inputs.fill(isa, &x, Keep::Largest(kept));
                sparse_gemv(&pool, isa, matrix, &inputs, &mut out);
            }));
        }
        let matrix = &by_threes[2 * round % copies];
        times[2].push(seconds(|| {
            tables.fill(isa, &x);
            triple_gemv(&pool, isa, matrix, &tables, &mut out);
        }));
        let matrix = &by_threes[(2 * round + 1) % copies];
        times[3].push(seconds(|| {
            int8.fill(isa, &x, columns, shape.group);
            multiply_add(&pool, isa, matrix, &int8, &mut out);
        }));
    }
    black_box(&out);
    let mut entries = Vec::new();
    for (index, dropped) in ["61 %", "80 %"].into_iter().enumerate() {
        for (peer, name) in [(3, "our int8 dense"), (2, "our lookup by threes")] {
            for (kind, of) in [("best", least as fn(&[f64]) -> f64), ("median", median)] {
                let what = format!("sparse {rows}x{columns}, {dropped} dropped, top-K included, cold, {kind}");
                entries.push(Entry::time(what, of(&times[index]) * 1e6, of(&times[peer]) * 1e6, name));
            }
        }
    }
    entries
}
