//! How long a sentence takes and what the model holds.
//!
//! `cargo run --release -p reme-embedding --example time -- MODEL [FILE]`: MODEL is use-m3.safetensors, FILE a text, a sentence a line.
#![allow(clippy::disallowed_methods, reason = "an example measures time; nothing else in the crate reads a clock")]

use std::{path::Path, time::Instant};

use reme_embedding::Embedder;

const SENTENCES: [&str; 6] = [
    "Hanna and I mended the wheelbarrow at the allotments, and it rained all afternoon.",
    "Who came to tea on Sunday?",
    "Took the early ferry to the market hall and bought two chairs and a lantern from old Bernard.",
    "上个礼拜天，妹妹带着孩子来吃饺子，韭菜鸡蛋馅儿的。",
    "我的老花镜放在哪儿了？",
    "跟老伴去江边散步，碰见了以前厂里的同事，聊了半个多钟头。",
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(model) = arguments.next() else { panic!("give the path of use-m3.safetensors") };
    let text = arguments.next().map(|path| std::fs::read_to_string(path).expect("a text file"));
    let sentences: Vec<&str> =
        text.as_deref().map_or_else(|| SENTENCES.to_vec(), |text| text.lines().filter(|l| !l.is_empty()).collect());
    let held = resident_megabytes();
    let begun = Instant::now();
    let embedder = Embedder::open(Path::new(&model)).expect("the model opens");
    println!("open {:.0} ms, resident {held:.0} MB before and {:.0} MB after", millis(begun), resident_megabytes());
    let mut times: Vec<f64> = Vec::new();
    for at in 0..200.max(sentences.len()) {
        let begun = Instant::now();
        std::hint::black_box(embedder.embed(sentences[at % sentences.len()]));
        times.push(millis(begun));
    }
    times.sort_by(f64::total_cmp);
    println!("one by one: p50 {:.2} ms, p95 {:.2} ms", times[times.len() / 2], times[times.len() * 95 / 100]);
    let many: Vec<&str> = sentences.iter().copied().cycle().take(600).collect();
    let begun = Instant::now();
    std::hint::black_box(embedder.embed_all(&many));
    println!("together: {:.2} ms each; resident {:.0} MB", millis(begun) / many.len() as f64, resident_megabytes());
}

fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

/// Memory held now, where the system tells (Linux).
fn resident_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}
