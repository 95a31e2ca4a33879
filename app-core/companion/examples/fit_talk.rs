//! Fits the weights by which talk beside the question is told (`conversation/data/talk.txt`), and says how they do on batches they
//! were not fitted on. The shared evaluation set is never read here.
//!
//! `cargo run --release -p reme --example fit_talk -- SENTENCES.safetensors [FILE]`; the weights are written to FILE.

use std::path::Path;

use reme::Sentences;
use reme_conversation::{Question, expected_from, judge, talk_sentences, talk_sign_names, talk_signs};
use reme_types::{Language, MatchedBy, Verdict};
use serde_json::Value;

/// How strongly weights are held to zero, and how long the descent goes.
const HELD: f64 = 10.0;
const STEPS: usize = 1500;
/// Never fitted on: what is measured on them stays a measure.
const KEPT_ASIDE: [&str; 4] = ["answers15", "answers16", "answers17", "probes2"];
const LEAST: [f64; 3] = [0.7, 0.8, 0.9];

struct Row {
    batch: String,
    signs: Vec<f64>,
    label: String,
    open: bool,
}

fn rows(sentences: &Sentences) -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/own_eval");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the folder").map(|f| f.expect("a file").path()).collect();
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or("").to_owned();
        if !(name.starts_with("answers") || name.starts_with("probes")) || !name.ends_with(".jsonl") {
            continue;
        }
        let language = if name.contains(".en.") { Language::En } else { Language::ZhCn };
        let batch = name.split('.').next().unwrap_or("").to_owned();
        for line in std::fs::read_to_string(&file).expect("text").lines() {
            let row: Value = serde_json::from_str(line).expect("JSON");
            let text = |key: &str| row[key].as_str().unwrap_or("").to_owned();
            if row["expected"].is_array() {
                continue;
            }
            let aliases: Vec<String> =
                row["aliases"].as_array().into_iter().flatten().filter_map(|a| a.as_str().map(str::to_owned)).collect();
            let (asked, answer) = (text("question"), text("answer"));
            let expected = expected_from(&[text("expected")], &aliases, &asked, language);
            let question =
                Question { text: &asked, expected: &expected, context: row["context"].as_str(), people: &[], language };
            let judged = judge(&question, &answer);
            let open = judged.verdict == Verdict::Incorrect && judged.matched_by == MatchedBy::Nothing;
            let signs = talk_signs(&question, &answer, sentences);
            out.push(Row { batch: batch.clone(), signs, label: text("label"), open });
        }
    }
    out
}

/// Weights for the signs as they are; the first sign is always 1.
fn fit(rows: &[&Row]) -> Vec<f64> {
    let (count, width) = (rows.len() as f64, rows[0].signs.len());
    let mean: Vec<f64> = (0..width).map(|i| rows.iter().map(|r| r.signs[i]).sum::<f64>() / count).collect();
    let spread: Vec<f64> = (0..width)
        .map(|i| (rows.iter().map(|r| (r.signs[i] - mean[i]).powi(2)).sum::<f64>() / count).sqrt().max(1e-6))
        .collect();
    let scaled: Vec<(Vec<f64>, f64)> = rows
        .iter()
        .map(|r| {
            let signs = (0..width).map(|i| if i == 0 { 1.0 } else { (r.signs[i] - mean[i]) / spread[i] });
            (signs.collect(), if r.label == "no_answer" { 1.0 } else { 0.0 })
        })
        .collect();
    let (mut weights, mut speed) = (vec![0.0; width], vec![0.0; width]);
    for _ in 0..STEPS {
        let mut slope: Vec<f64> =
            weights.iter().enumerate().map(|(i, w)| if i == 0 { 0.0 } else { HELD * w }).collect();
        for (signs, talk) in &scaled {
            let sum: f64 = signs.iter().zip(&weights).map(|(s, w)| s * w).sum();
            let miss = 1.0 / (1.0 + (-sum).exp()) - talk;
            slope.iter_mut().zip(signs).for_each(|(g, s)| *g += miss * s);
        }
        for i in 0..width {
            speed[i] = 0.9 * speed[i] - 0.02 * slope[i] / count * 4.0;
            weights[i] += speed[i];
        }
    }
    let mut out: Vec<f64> = weights.iter().zip(&spread).map(|(w, s)| w / s).collect();
    out[0] = weights[0] - (1..width).map(|i| weights[i] * mean[i] / spread[i]).sum::<f64>();
    out
}

fn likelihood(weights: &[f64], signs: &[f64]) -> f64 {
    1.0 / (1.0 + (-weights.iter().zip(signs).map(|(w, s)| w * s).sum::<f64>()).exp())
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(model) = arguments.next() else {
        eprintln!("say where the sentence model lies: fit_talk SENTENCES.safetensors [FILE]");
        std::process::exit(2);
    };
    let rows = rows(&Sentences::at(model, "fit"));
    let fitted = |r: &&Row| !KEPT_ASIDE.contains(&r.batch.as_str());
    let mut batches: Vec<&String> = rows.iter().map(|r| &r.batch).collect();
    batches.dedup();
    batches.sort();
    batches.dedup();
    for batch in batches {
        let weights = fit(&rows.iter().filter(fitted).filter(|r| r.batch != *batch).collect::<Vec<_>>());
        let open: Vec<&Row> = rows.iter().filter(|r| r.batch == *batch && r.open).collect();
        let turned = LEAST.map(|least| {
            let over: Vec<&&Row> = open.iter().filter(|r| likelihood(&weights, &r.signs) > least).collect();
            let right = over.iter().filter(|r| r.label == "no_answer").count();
            format!("over {least}: {right} rightly, {} wrongly", over.len() - right)
        });
        println!("{batch}: {} open, {}", open.len(), turned.join("; "));
    }
    if let Some(file) = arguments.next() {
        let weights = fit(&rows.iter().filter(fitted).collect::<Vec<_>>());
        let names = talk_sign_names().iter().copied().chain(talk_sentences());
        let lines: Vec<String> = weights.iter().zip(names).map(|(w, name)| format!("{w:.3}\t{name}")).collect();
        let head = "# Written by companion/examples/fit_talk.rs: weight, then the sentence (or the sign) it belongs to. Positive weights are of talk.";
        std::fs::write(file, format!("{head}\n{}\n", lines.join("\n"))).expect("written");
    }
}
