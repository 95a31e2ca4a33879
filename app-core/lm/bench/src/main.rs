//! The runtime against llama.cpp, side by side in one process. `cargo xtask bench lm --peer`, or in this folder:
//! `cargo run --release -- OUT.json OUT.svg MODEL.gguf…` (needs cmake and libclang). `agree` compares the logits of small
//! random models of every family; `memory MODEL.gguf` prints a peak.
//!
//! All cases of a group run in turn, round after round, so that a busy machine disturbs them alike. Read ratios, not times;
//! a ratio above 1 means ours is better. Cold means from memory: copies are cycled until none can still be in a cache.
//! Both sides are built for AVX2; llama.cpp has its own thread pool and repacked weights, as it ships.

mod agree;
mod kernels;
mod models;
mod peer;
mod plot;
mod random_model;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

/// One comparison.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) ours: f64,
    pub(crate) peer: f64,
    pub(crate) peer_name: String,
    pub(crate) unit: &'static str,
    /// Above 1: ours is better.
    pub(crate) ratio: f64,
}

impl Entry {
    /// Less is better.
    pub(crate) fn time(name: String, ours_us: f64, peer_us: f64, peer_name: &str) -> Self {
        Self { name, ours: ours_us, peer: peer_us, peer_name: peer_name.into(), unit: "us", ratio: peer_us / ours_us }
    }

    /// More is better.
    pub(crate) fn rate(name: String, ours: f64, peer: f64, peer_name: &str, unit: &'static str) -> Self {
        Self { name, ours, peer, peer_name: peer_name.into(), unit, ratio: ours / peer }
    }

    fn json(&self) -> Value {
        let round = |x: f64| (x * 1000.0).round() / 1000.0;
        json!({
            "name": self.name, "ours": round(self.ours), "peer": round(self.peer), "peer_name": self.peer_name,
            "unit": self.unit, "ratio": round(self.ratio),
        })
    }
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() { f64::NAN } else { sorted[sorted.len() / 2] }
}

/// Of times: what disturbs a measurement only ever adds.
pub(crate) fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// Seconds that `run` takes.
pub(crate) fn seconds(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// Bytes a second that so many threads read from memory together, best of several.
fn read_bandwidth(threads: usize) -> f64 {
    const BYTES: usize = 128 << 20;
    let mut map = memmap2::MmapMut::map_anon(threads * BYTES).expect("memory to read");
    // Large pages, as the packed weights have; without them it only reads slower.
    let _ = map.advise(memmap2::Advice::HugePage);
    map.fill(1);
    // SAFETY: any bytes are sound numbers.
    let (_, words, _) = unsafe { map.align_to::<u64>() };
    let read = |words: &[u64]| {
        // Eight sums at once, so that adding does not hold up the reading.
        let mut sums = [0_u64; 8];
        for chunk in black_box(words).as_chunks::<8>().0 {
            for (sum, word) in sums.iter_mut().zip(chunk) {
                *sum = sum.wrapping_add(*word);
            }
        }
        black_box(sums);
    };
    let times: Vec<f64> = (0..20)
        .map(|_| {
            seconds(|| {
                std::thread::scope(|scope| {
                    let mut parts = words.chunks(BYTES / 8);
                    let own = parts.next();
                    parts.for_each(|part| {
                        scope.spawn(move || read(part));
                    });
                    own.into_iter().for_each(read);
                });
            })
        })
        .collect();
    words.len() as f64 * 8.0 / least(&times)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match &args[..] {
        [word] if word == "agree" => agree::run(),
        [word, model] if word == "memory" => models::print_peak(Path::new(model)),
        [word, model] if word == "peer-memory" => models::print_peer_peak(Path::new(model)),
        [json, svg, models @ ..] => run(Path::new(json), Path::new(svg), models),
        _ => {
            eprintln!("say where to write: OUT.json OUT.svg MODEL.gguf…");
            std::process::exit(2);
        }
    }
}

fn run(json: &Path, svg: &Path, models: &[String]) {
    peer::start();
    let mut entries = Vec::new();
    // Written after every group, so that a run cut short leaves what it has.
    let mut keep = |more: Vec<Entry>| {
        for entry in &more {
            let Entry { name, ours, peer, peer_name, unit, ratio } = entry;
            println!("| {name} | {ours:.1} | {peer:.1} | {unit} | {peer_name} | {ratio:.2} |");
        }
        entries.extend(more);
        let all: Vec<Value> = entries.iter().map(Entry::json).collect();
        let text = serde_json::to_string_pretty(&all).expect("numbers and texts");
        if let Err(error) = std::fs::write(json, text).and_then(|()| std::fs::write(svg, plot::bars(&entries))) {
            eprintln!("{} or {} could not be written: {error}", json.display(), svg.display());
            std::process::exit(1);
        }
    };
    let bandwidth = read_bandwidth(1);
    println!("memory read, one thread: {:.1} GB/s, two: {:.1} GB/s\n", bandwidth / 1e9, read_bandwidth(2) / 1e9);
    println!("| what | ours | peer | unit | peer is | ratio |\n|---|---|---|---|---|---|");
    if std::env::var_os("REME_BENCH_MODELS_ONLY").is_none() {
        for shape in kernels::SHAPES {
            keep(kernels::vectors(shape, bandwidth));
        }
        for shape in kernels::SHAPES.into_iter().filter(|shape| shape.0 * shape.1 > 1 << 23) {
            keep(kernels::sparse(shape));
        }
        keep(kernels::batches());
    }
    for model in models {
        keep(models::tokens_per_second(Path::new(model)));
        keep(models::first_token(Path::new(model)));
    }
    let random = json.with_file_name("random-ternary-2b.gguf");
    if !random.exists() {
        println!("making {}", random.display());
        if let Err(error) = random_model::write(&random) {
            eprintln!("{} could not be written: {error}", random.display());
            std::process::exit(1);
        }
    }
    keep(models::tokens_per_second(&random));
}
