//! How fast one vector goes through a packed matrix: against the plain GGUF kernel of the same width, and against the
//! memory's read bandwidth. `cargo xtask bench lm`, or `cargo run --release -p reme-lm-kernels --example gemv -- [OUT.json]`.
//!
//! One thread. All cases of a shape run in turn, round after round, so that a busy machine disturbs them alike: read the
//! ratios of the best of all rounds, not the times. Cold means from memory: copies are cycled until none can still be in a cache.
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use reme_lm_kernels::{
    Activations, Int8Groups, Isa, LookupTables, PackedLayout, PackedMatrix, PackedShape, Pool, QuantType, lookup_gemv,
    matmul, multiply_add,
};
use serde_json::{Value, json};

/// (rows, columns): large ones of a 7 B model, then those of the default and the tiny model.
const SHAPES: [(usize, usize); 5] = [(4096, 4096), (11008, 4096), (4096, 11008), (4864, 896), (1536, 576)];
/// (name, planes, layout, group).
const PACKED: [(&str, usize, PackedLayout, usize); 5] = [
    ("1 bit lookup g128", 1, PackedLayout::Lookup, 128),
    ("2 bit lookup g128", 2, PackedLayout::Lookup, 128),
    ("3 bit lookup g128", 3, PackedLayout::Lookup, 128),
    ("4 bit lookup g32", 4, PackedLayout::Lookup, 32),
    ("4 bit multiply-add g32", 4, PackedLayout::MultiplyAdd, 32),
];
/// Rounds of all cases.
const ROUNDS: usize = 15;
/// Bytes over which copies are cycled: more than any cache holds.
const COLD_BYTES: usize = 192 << 20;

/// One thing measured: `run(copy)` once.
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

    fn time(&mut self, copy: usize) -> f64 {
        let start = Instant::now();
        (self.run)(copy);
        start.elapsed().as_secs_f64()
    }
}

/// The quickest of several: what disturbs a measurement only ever adds time.
fn best(seconds: &[f64]) -> f64 {
    seconds.iter().copied().fold(f64::INFINITY, f64::min)
}

fn copies_for(bytes: usize) -> usize {
    (COLD_BYTES / bytes).clamp(2, 64)
}

fn packed_case(name: &str, shape: PackedShape, x: &[f32]) -> Case {
    let code = |i: usize| (i.wrapping_mul(2_654_435_761) >> 7) as u8 & ((1 << shape.planes) - 1);
    let codes: Vec<u8> = (0..shape.rows * shape.columns).map(code).collect();
    let groups = shape.rows * shape.groups();
    // A half holds both exactly.
    let matrix = PackedMatrix::from_codes(shape, &codes, &vec![0.015_625; groups], &vec![-0.0625; groups]);
    let (bytes, copies) = (matrix.size_bytes(), copies_for(matrix.size_bytes()));
    let matrices = vec![matrix; copies];
    let (pool, isa, x) = (Pool::new(1), Isa::detect(), x.to_vec());
    let (mut tables, mut groups, mut out) = (LookupTables::default(), Int8Groups::default(), vec![0.0; shape.rows]);
    Case::new(name, bytes, copies, move |copy| {
        match shape.layout {
            PackedLayout::Lookup => {
                tables.fill(isa, &x, shape.group);
                lookup_gemv(&pool, isa, &matrices[copy], &tables, &mut out);
            }
            PackedLayout::MultiplyAdd => {
                groups.fill(isa, &x, x.len(), shape.group);
                multiply_add(&pool, isa, &matrices[copy], &groups, &mut out);
            }
        }
        black_box(&out);
    })
}

fn plain_case(rows: usize, x: &[f32]) -> Case {
    let quant_type = QuantType::Q4_0;
    let bytes = rows * quant_type.row_bytes(x.len()).expect("whole blocks");
    let copies = copies_for(bytes);
    let matrices = vec![vec![0x2A_u8; bytes]; copies];
    let (pool, x, mut quantised, mut out) = (Pool::new(1), x.to_vec(), Activations::default(), vec![0.0; rows]);
    Case::new("plain Q4_0", bytes, copies, move |copy| {
        quantised.fill(&x, 1, x.len(), quant_type.activation_format());
        matmul(&pool, Isa::detect(), quant_type, &matrices[copy], &quantised, &mut out);
        black_box(&out);
    })
}

/// Bytes a second one thread reads from memory, best of several.
fn read_bandwidth() -> f64 {
    let words = vec![1_u64; COLD_BYTES / 8];
    let best = (0..10)
        .map(|_| {
            let start = Instant::now();
            // Eight sums at once, so that adding does not hold up the reading.
            let mut sums = [0_u64; 8];
            for chunk in black_box(&words).as_chunks::<8>().0 {
                for (sum, word) in sums.iter_mut().zip(chunk) {
                    *sum = sum.wrapping_add(*word);
                }
            }
            black_box(sums);
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    COLD_BYTES as f64 / best
}

fn main() -> std::io::Result<()> {
    let bandwidth = read_bandwidth();
    println!("memory read, one thread: {:.1} GB/s\n", bandwidth / 1e9);
    println!("| rows × columns | kernel | hot µs | cold µs | share of read bandwidth | times plain Q4_0, hot |");
    println!("|---|---|---|---|---|---|");
    let mut report: Vec<Value> = Vec::new();
    for (rows, columns) in SHAPES {
        let x: Vec<f32> = (0..columns).map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0).collect();
        let mut cases = vec![plain_case(rows, &x)];
        for (name, planes, layout, group) in PACKED {
            cases.push(packed_case(name, PackedShape { rows, columns, group, planes, layout }, &x));
        }
        for round in 0..ROUNDS {
            for case in &mut cases {
                let cold = case.time(1 + round % (case.copies - 1));
                case.cold_s.push(cold);
                case.time(0);
                let hot = case.time(0);
                case.hot_s.push(hot);
            }
        }
        let plain_s = best(&cases[0].hot_s);
        for case in &cases {
            let (hot, cold) = (best(&case.hot_s), best(&case.cold_s));
            let speed = case.bytes as f64 / cold;
            println!(
                "| {rows}×{columns} | {} | {:.0} | {:.0} | {:.2} | {:.2} |",
                case.name,
                hot * 1e6,
                cold * 1e6,
                speed / bandwidth,
                plain_s / hot
            );
            report.push(json!({
                "name": format!("gemv {rows}x{columns} {}, cold, of read bandwidth", case.name),
                "ours": speed / 1e9, "peer": bandwidth / 1e9, "peer_name": "memory read, one thread", "unit": "GB/s",
                "ratio": speed / bandwidth,
            }));
            report.push(json!({
                "name": format!("gemv {rows}x{columns} {}, hot", case.name),
                "ours": hot * 1e6, "peer": plain_s * 1e6, "peer_name": "our plain Q4_0", "unit": "us",
                "ratio": plain_s / hot,
            }));
        }
    }
    if let Some(path) = std::env::args().nth(1) {
        std::fs::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(())
}
