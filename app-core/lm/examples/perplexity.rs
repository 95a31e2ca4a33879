//! Perplexity by bits a weight and by the way of rounding, as a table and as JSON; part of `cargo xtask bench lm`:
//! `cargo run --release -p reme-lm --example perplexity CALIBRATE.txt JUDGE.txt OUT.json MODEL.gguf…`.
//!
//! Each model is read as it is, and then with the matrices of its blocks rounded to fewer bits: over the whole range of
//! a group, cut off where the weights' error is least, and cut off where it is least on the inputs that the first text
//! brought.

use std::error::Error;
use std::path::Path;

use reme_lm::{Bits, ConvertOptions, Cut, LoadOptions, Model, calibrate, convert};
use serde_json::{Value, json};

/// Bits and columns of a group. Four bits in groups of 32 are what the sources have.
const WIDTHS: [(usize, usize); 4] = [(4, 128), (3, 32), (3, 128), (2, 32)];
const CUTS: [(Cut, &str); 3] =
    [(Cut::Nowhere, "whole range"), (Cut::LeastError, "cut off"), (Cut::LeastErrorOnInputs, "cut off, calibrated")];
/// Tokens that are read at once, each time without what came before.
const STRETCH_TOKENS: usize = 512;

fn perplexity(path: &Path, text: &str) -> Result<f64, Box<dyn Error>> {
    let model = Model::open(path, &LoadOptions::default())?;
    let (mean, _) = model.session().text_likelihood(text, STRETCH_TOKENS, &mut |_, _| {})?;
    Ok((-mean).exp())
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [calibrating, judging, out, models @ ..] = &args[..] else {
        return Err("say CALIBRATE.txt JUDGE.txt OUT.json MODEL.gguf…".into());
    };
    let [to_read, to_judge] =
        [calibrating, judging].map(|path| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}")));
    let (to_read, to_judge) = (to_read?, to_judge?);
    let rounded = std::env::temp_dir().join(format!("reme-perplexity-{}.gguf", std::process::id()));
    let mut rows: Vec<Value> = Vec::new();
    println!("| model | bits, group | rounding | size, MB | error of the weights, on the inputs | perplexity |");
    println!("|---|---|---|---|---|---|");
    for model in models.iter().map(Path::new) {
        let name = model.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let size_mb = |path: &Path| std::fs::metadata(path).map(|data| data.len() as f64 / 1e6);
        let as_it_is = perplexity(model, &to_judge)?;
        println!("| {name} | as it is | | {:.0} | | {as_it_is:.2} |", size_mb(model)?);
        rows.push(json!({"model": name, "bits": null, "perplexity": as_it_is}));
        let calibration = calibrate(model, &to_read, &mut |_, _| {})?;
        for ((bits, group), (cut, way)) in WIDTHS.into_iter().flat_map(|width| CUTS.map(|cut| (width, cut))) {
            let calibration = Some(calibration.clone());
            let options =
                ConvertOptions { bits: Bits::Fixed(bits), group, cut, calibration, ..ConvertOptions::default() };
            // Errors of all rounded matrices, each squared and counted by its size.
            let (mut even, mut on_inputs, mut all) = (0.0, 0.0, 0.0);
            convert(model, &rounded, &options, &mut |tensor| {
                if let (Some(seen), true) = (tensor.weighted_error, tensor.error > 0.0) {
                    let size = tensor.bytes.0 as f64;
                    (even, on_inputs) = (even + size * tensor.error.powi(2), on_inputs + size * seen * seen);
                    all += size;
                }
            })?;
            let [error, error_on_inputs] = [even, on_inputs].map(|sum: f64| (sum / all.max(1.0)).sqrt());
            let (found, size) = (perplexity(&rounded, &to_judge)?, size_mb(&rounded)?);
            println!(
                "| {name} | {bits}, {group} | {way} | {size:.0} | {error:.4}, {error_on_inputs:.4} | {found:.2} |"
            );
            rows.push(json!({
                "model": name, "bits": bits, "group": group, "rounding": way, "perplexity": found,
                "error": error, "error_on_inputs": error_on_inputs,
            }));
            // Written after every row, so that a run cut short leaves what it has.
            std::fs::write(out, serde_json::to_string_pretty(&rows)?).map_err(|error| format!("{out}: {error}"))?;
        }
    }
    // A temporary file; a left-over costs space only.
    let _ = std::fs::remove_file(&rounded);
    Ok(())
}
