//! `reme model sparsify` and `reme model tune`: what a model drops, and how its weights lie on this machine.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use reme_lm::{Isa, LoadOptions, Model, SparsityLaw, Tuning, Way, sparsify, tune};
use serde_json::json;

use crate::model;

/// Tokens read at once when a text is scored.
const STRETCH_TOKENS: usize = 512;

/// Thresholds from the first half of a text, perplexity before and after on the second.
pub(crate) fn sparsify_file(
    input: &Path,
    output: &Path,
    calibrate: &Path,
    sparsity: f64,
    as_json: bool,
) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(calibrate).with_context(|| format!("--calibrate {}", calibrate.display()))?;
    let middle = text.floor_char_boundary(text.len() / 2);
    let (first, second) = text.split_at(middle);
    let is_person = std::io::stderr().is_terminal();
    let mut show = |done: usize, all: usize| {
        if is_person {
            eprint!("\r{done:>7} of {all} tokens read");
        }
    };
    let made = sparsify(input, output, first, sparsity, &mut show)?;
    let mut perplexity = |path: &Path| -> anyhow::Result<f64> {
        let model = Model::open(path, &LoadOptions::default())?;
        Ok((-model.session().text_likelihood(second, STRETCH_TOKENS, &mut show)?.0).exp())
    };
    let (before, after) = (perplexity(input)?, perplexity(output)?);
    if is_person {
        eprintln!();
    }
    let mut out = std::io::stdout().lock();
    if as_json {
        let line = json!({"output": output, "sparsity": sparsity, "thresholds": made.thresholds, "skips_weights": made.skips_weights, "perplexity_before": before, "perplexity_after": after});
        writeln!(out, "{line}")?;
        return Ok(());
    }
    for (block, threshold) in made.thresholds.iter().enumerate() {
        writeln!(out, "block {block:>3}  inputs below {threshold:.5} are dropped")?;
    }
    let change = (after / before - 1.0) * 100.0;
    writeln!(out, "perplexity {before:.3} → {after:.3} ({change:+.1} %), {:.0} % of inputs dropped", sparsity * 100.0)?;
    let gain = match made.skips_weights {
        true => "weights of dropped inputs are not read",
        false => "this model's weights are read all the same: only ternary ones with one scale a row can be skipped",
    };
    writeln!(out, "{gain}")?;
    writeln!(
        out,
        "for comparison, models trained to drop inputs do best at {:.0} % (full precision) and {:.0} % (1.58 bits)",
        SparsityLaw::FULL_PRECISION.best_sparsity() * 100.0,
        SparsityLaw::TERNARY.best_sparsity() * 100.0
    )?;
    Ok(())
}

/// Where choices are kept.
fn place() -> Option<PathBuf> {
    Some(model::cache()?.join("layouts.json"))
}

/// The choices measured on this machine; none where nothing was measured, or on another.
pub(crate) fn tuning(threads: usize) -> Tuning {
    let stored = place().and_then(|path| std::fs::read(path).ok());
    let tuning: Option<Tuning> = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    tuning.filter(|tuning| tuning.holds_for(Isa::detect(), threads)).unwrap_or_default()
}

/// Measures, stores and explains.
#[allow(clippy::disallowed_methods, reason = "the shell is where the clock is read")]
pub(crate) fn tune_model(path: &Path, as_json: bool) -> anyhow::Result<()> {
    let start = std::time::Instant::now();
    let measured = tune(path, LoadOptions::default().threads, &|| -> Duration { start.elapsed() })?;
    let place = place().context("there is neither XDG_CACHE_HOME nor HOME to remember the choices in")?;
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    std::fs::write(&place, serde_json::to_vec_pretty(&measured)?).with_context(|| place.display().to_string())?;
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(out, "{}", serde_json::to_string(&measured)?)?;
        return Ok(());
    }
    let name = |way: Way| match way {
        Way::Lookup => "lookup",
        Way::MultiplyAdd => "multiply-add",
        Way::Triples => "by threes",
    };
    for choice in &measured.choices {
        let times: Vec<String> =
            choice.measured_us.iter().map(|(way, us)| format!("{} {us:.0} µs", name(*way))).collect();
        let sparse = choice.sparse_us.map(|us| format!(", 61 % dropped {us:.0} µs")).unwrap_or_default();
        writeln!(
            out,
            "{} bits, {} × {}: {}{sparse} → {}",
            choice.bits,
            choice.shape.0,
            choice.shape.1,
            times.join(", "),
            name(choice.chosen)
        )?;
    }
    if measured.choices.is_empty() {
        writeln!(out, "nothing to choose: no four-bit or ternary weights in this model")?;
    }
    writeln!(
        out,
        "measured on {} in {:.2} s; kept in {}",
        measured.machine,
        start.elapsed().as_secs_f64(),
        place.display()
    )?;
    Ok(())
}
