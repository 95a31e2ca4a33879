//! `reme model`: which models there are, fetching them, and a plain talk with one.

use std::{
    io::{BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::Subcommand;
use reme::{LanguageModel, LanguageModelOptions, Sentences};
use reme_lm::{
    Bits, Calibration, ChatMessage, ConvertOptions, Cut, Flow, GenerateOptions, LoadOptions, Model, Repacking,
    RepackingOptions, RepackingState, Sampling, calibrate, convert,
};
use reme_models::{Manifest, ModelsFolder, Progress};
use serde_json::json;

use crate::{
    Ended, layouts,
    shell::{SystemClock, variable},
};

/// What can be done with models.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// List the models ReMe knows and where their files lie
    List,
    /// Fetch a model, checked by its sha256
    Pull {
        /// A model or a set of the list, such as `tiny`, `default` or `hearing`
        name: String,
    },
    /// Make the packed form of a model: the same file format, laid out for the fast kernels, with checksums
    Convert {
        /// `tiny`, `default` or a GGUF file
        input: String,
        /// The packed file to write
        output: PathBuf,
        /// Bits of a weight: `auto` keeps every value; 1.58 is for models trained with −1, 0 and 1
        #[arg(long, default_value = "auto", value_parser = parse_bits)]
        bits: Bits,
        /// Columns that share a scale where weights are rounded: 32, 64 or 128
        #[arg(long, default_value_t = 32)]
        group: usize,
        /// A text to read first: where weights are rounded, errors count by how large their inputs were in it
        #[arg(long)]
        calibrate: Option<PathBuf>,
        /// Round over each group's whole range instead of searching where to cut it off, to compare
        #[arg(long)]
        whole_range: bool,
        /// A text to measure the model's perplexity on, before and after
        #[arg(long)]
        eval: Option<PathBuf>,
    },
    /// Make a packed copy that drops the smallest inputs of each feed-forward part, by thresholds measured on a text
    Sparsify {
        /// `tiny`, `default` or a GGUF file
        input: String,
        /// The packed file to write
        output: PathBuf,
        /// A text: thresholds are measured on its first half, perplexity before and after on its second
        #[arg(long)]
        calibrate: PathBuf,
        /// Share of inputs to drop, from 0 to below 1
        #[arg(long, default_value_t = 0.4)]
        sparsity: f64,
    },
    /// Measure which layout of the weights is the quickest on this machine for a model's shapes, and remember it
    Tune {
        /// `tiny`, `default` or a GGUF file
        #[arg(long, default_value = "default")]
        model: String,
    },
    /// Talk with a model; one message a line, works piped
    Chat {
        /// `tiny`, `default` or a GGUF file
        #[arg(long, default_value = "default")]
        model: String,
        /// Most tokens of one answer
        #[arg(long, default_value_t = 256)]
        max_tokens: usize,
        /// Draw words by chance with this seed instead of taking the likeliest
        #[arg(long)]
        seed: Option<u64>,
    },
}

#[allow(clippy::disallowed_methods, reason = "the shell is where the environment is read")]
pub(crate) fn folder() -> anyhow::Result<ModelsFolder> {
    Ok(ModelsFolder::from_env(|name| std::env::var_os(name))?)
}

/// The file of a model by name or path.
pub(crate) fn file_of(name: &str) -> anyhow::Result<PathBuf> {
    here(name)?.with_context(|| not_here(name))
}

/// As [`file_of`]; `None` for a model of the list that was not fetched.
fn here(name: &str) -> anyhow::Result<Option<PathBuf>> {
    if Path::new(name).is_file() {
        return Ok(Some(name.into()));
    }
    let model = Manifest::builtin().find(name)?.clone();
    Ok(folder()?.locate(&model)?)
}

/// What is missing and the line that brings it, with all that belongs to it.
fn not_here(name: &str) -> String {
    let manifest = Manifest::builtin();
    let set = manifest.find(name).ok().and_then(|model| model.set.as_deref()).unwrap_or(name);
    format!("model `{name}` is not on this machine; type: reme model pull {set}")
}

/// What can be made again at any time is kept here.
pub(crate) fn cache() -> Option<PathBuf> {
    let var = |name| variable(name).map(PathBuf::from);
    Some(var("XDG_CACHE_HOME").or_else(|| Some(var("HOME")?.join(".cache")))?.join("reme"))
}

/// What to open for a model file: its packed copy in this person's cache folder, or else the file itself, and then the copy is
/// being written meanwhile.
fn packed(path: &Path) -> anyhow::Result<(PathBuf, Option<Repacking>)> {
    let Some(cache) = cache() else { return Ok((path.to_owned(), None)) };
    let threads = LoadOptions::default().threads;
    let options = RepackingOptions { threads, tuning: layouts::tuning(threads), ..RepackingOptions::default() };
    Repacking::begin(path, &cache.join("packed"), &options).with_context(|| path.display().to_string())
}

/// Lets a packed copy go on beside whatever is done, and says so where none can be kept.
fn go_on_beside(repacking: Option<Repacking>) {
    let Some(repacking) = repacking else { return };
    repacking.detach(|state| {
        if let RepackingState::Failed(why) = state {
            eprintln!("No packed copy of the model can be kept, so it starts more slowly: {why}");
        }
    });
}

/// The model `none`, `tiny`, `default` or a file names, opened for wording lines and proposing details, with its file's name.
/// One of the list that was not fetched is told, and goes without: nobody's session waits for a model.
pub(crate) fn opened(name: &str, options: LanguageModelOptions) -> anyhow::Result<Option<(String, LanguageModel)>> {
    if name == "none" {
        return Ok(None);
    }
    let Some(path) = here(name)? else {
        eprintln!("reme: {}. Until then every line is as the games wrote it", not_here(name));
        return Ok(None);
    };
    let options = LanguageModelOptions { starts: cache().map(|cache| cache.join("starts")), ..options };
    let (file, repacking) = packed(&path)?;
    let model = LanguageModel::open(&file, options, Arc::new(SystemClock))
        .with_context(|| format!("--model {}", path.display()))?;
    go_on_beside(repacking);
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Some((file, model)))
}

/// What is said where the sentence model would help and is not here.
pub(crate) const NO_SENTENCES: &str =
    "searching goes by the words themselves; to find what was told in other words type: reme model pull embedding";

/// The sentence model, where it was pulled; without it searching goes by words alone.
pub(crate) fn sentences() -> Option<Sentences> {
    let manifest = Manifest::builtin();
    let model = manifest.find("sentences").ok()?;
    let path = folder().ok()?.locate(model).ok()??;
    Some(Sentences::at(path, model.sha256.clone()))
}

pub(crate) fn run(command: ModelCommand, as_json: bool) -> anyhow::Result<Ended> {
    match command {
        ModelCommand::List => list(as_json)?,
        ModelCommand::Pull { name } => {
            let manifest = Manifest::builtin();
            let told = &mut |progress: Progress<'_>| eprintln!("{progress}");
            for path in folder()?.pull_all(&manifest.find_all(&name)?, told)? {
                println!("{}", path.display());
            }
        }
        ModelCommand::Convert { input, output, bits, group, calibrate, whole_range, eval } => {
            let input = file_of(&input)?;
            let calibration = calibrate.map(|text| calibrated(&input, &text)).transpose()?;
            let cut = match &calibration {
                _ if whole_range => Cut::Nowhere,
                Some(_) => Cut::LeastErrorOnInputs,
                None => Cut::LeastError,
            };
            let options = ConvertOptions { bits, group, cut, calibration, ..ConvertOptions::default() };
            convert_file(&input, &output, &options, eval.as_deref(), as_json)?;
        }
        ModelCommand::Sparsify { input, output, calibrate, sparsity } => {
            layouts::sparsify_file(&file_of(&input)?, &output, &calibrate, sparsity, as_json)?;
        }
        ModelCommand::Tune { model } => layouts::tune_model(&file_of(&model)?, as_json)?,
        ModelCommand::Chat { model, max_tokens, seed } => chat(&file_of(&model)?, max_tokens, seed)?,
    }
    Ok(Ended::Whole)
}

fn parse_bits(text: &str) -> Result<Bits, String> {
    match text {
        "auto" => Ok(Bits::Auto),
        "1.58" => Ok(Bits::Ternary),
        "2" | "3" | "4" => Ok(Bits::Fixed(usize::from(text.as_bytes()[0] - b'0'))),
        _ => Err("say auto, 4, 3, 2 or 1.58".to_owned()),
    }
}

/// Tokens read at once when a text is scored.
const STRETCH_TOKENS: usize = 512;

/// Cells of the bar that shows how far a slow step is.
const BAR_CELLS: usize = 24;

/// Shows a person on a terminal how far a slow step is; the bar stays on its line until the step is done.
fn show(step: &str, done: usize, all: usize) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let cells = done * BAR_CELLS / all.max(1);
    let (full, rest) = ("#".repeat(cells), ".".repeat(BAR_CELLS.saturating_sub(cells)));
    eprint!("\r{step} [{full}{rest}] {done} of {all}");
    if done >= all {
        eprintln!();
    }
}

/// What a text says of the inputs of the model's matrices.
fn calibrated(model: &Path, path: &Path) -> anyhow::Result<Calibration> {
    let named = || format!("--calibrate {}", path.display());
    let text = std::fs::read_to_string(path).with_context(named)?;
    let read = calibrate(model, &text, &mut |done, all| show("reading the text, tokens", done, all));
    read.with_context(named)
}

fn convert_file(
    input: &Path,
    output: &Path,
    options: &ConvertOptions,
    eval: Option<&Path>,
    as_json: bool,
) -> anyhow::Result<()> {
    let text = eval.map(|path| std::fs::read_to_string(path).with_context(|| format!("--eval {}", path.display())));
    let text = text.transpose()?;
    let mut rows = Vec::new();
    convert(input, output, options, &mut |tensor| {
        show("converting tensors", tensor.done.0, tensor.done.1);
        rows.push(tensor.clone());
    })?;
    let mut out = std::io::stdout().lock();
    let packed = rows.iter().filter_map(|tensor| Some((tensor, tensor.bits?)));
    for (tensor, bits) in packed {
        let (before, after) = tensor.bytes;
        if as_json {
            let line = json!({"tensor": tensor.name, "from": tensor.from, "bits": bits, "bytes_before": before, "bytes_after": after, "relative_error": tensor.error, "error_on_inputs": tensor.weighted_error});
            writeln!(out, "{line}")?;
        } else {
            let error = match (tensor.error, tensor.weighted_error) {
                (0.0, _) => "exact".to_owned(),
                (error, None) => format!("{error:.4}"),
                (error, Some(weighted)) => format!("{error:.4}, on the text's inputs {weighted:.4}"),
            };
            writeln!(
                out,
                "{:<28} {:>5} → {bits} bits  {before:>10} → {after:>10} bytes  {error}",
                tensor.name, tensor.from
            )?;
        }
    }
    let size = |path: &Path| std::fs::metadata(path).map(|data| data.len()).with_context(|| path.display().to_string());
    let (before, after) = (size(input)?, size(output)?);
    let perplexity = |path: &Path| -> anyhow::Result<Option<f64>> {
        let Some(text) = &text else { return Ok(None) };
        let model = Model::open(path, &LoadOptions::default())?;
        let (mean, _) = model.session().text_likelihood(text, STRETCH_TOKENS, &mut |done, all| {
            show("measuring perplexity, tokens", done, all);
        })?;
        Ok(Some((-mean).exp()))
    };
    let (old, new) = (perplexity(input)?, perplexity(output)?);
    if as_json {
        let line = json!({"output": output, "bytes_before": before, "bytes_after": after, "perplexity_before": old, "perplexity_after": new});
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "{}: {before} → {after} bytes", output.display())?;
        if let (Some(old), Some(new)) = (old, new) {
            writeln!(out, "perplexity {old:.3} → {new:.3}")?;
        }
    }
    Ok(())
}

fn list(as_json: bool) -> anyhow::Result<()> {
    let folder = folder()?;
    let mut out = std::io::stdout().lock();
    for model in &Manifest::builtin().models {
        let place = folder.locate(model)?;
        if as_json {
            let line = json!({"name": model.name, "purpose": model.purpose, "bytes": model.bytes, "licence": model.licence, "languages": model.languages, "path": place});
            writeln!(out, "{line}")?;
        } else {
            let state = place
                .map_or_else(|| format!("not here; type: reme model pull {}", model.name), |p| p.display().to_string());
            writeln!(
                out,
                "{:<8} {:>4} MB  {:<11} {:<9} {}\n         {state}",
                model.name,
                model.bytes / 1_000_000,
                model.licence,
                model.languages.join(" "),
                model.purpose
            )?;
        }
    }
    Ok(())
}

/// What became of a packed copy by the end of a chat.
fn tell(repacking: Option<Repacking>) {
    match repacking.map(|repacking| repacking.state()) {
        Some(RepackingState::Writing { done_bytes, all_bytes }) => {
            let percent = done_bytes * 100 / all_bytes.max(1);
            eprintln!("The packed copy of the model was {percent} % written; the next chat begins it again.");
        }
        Some(RepackingState::Failed(why)) => {
            eprintln!("No packed copy of the model can be kept, so it starts more slowly: {why}");
        }
        _ => {}
    }
}

fn chat(path: &Path, max_tokens: usize, seed: Option<u64>) -> anyhow::Result<()> {
    let (file, repacking) = packed(path)?;
    let model = Model::open(&file, &LoadOptions::default()).with_context(|| path.display().to_string())?;
    let mut session = model.session();
    let mut messages: Vec<ChatMessage> = Vec::new();
    let is_person = std::io::stdin().is_terminal();
    if is_person {
        eprintln!("{} on {:?}. One message a line; Ctrl-D ends.", model.info().name, model.info().isa);
    }
    let mut lines = std::io::stdin().lock().lines();
    loop {
        if is_person {
            eprint!("> ");
        }
        let Some(line) = lines.next() else {
            tell(repacking);
            return Ok(());
        };
        let line = line.context("standard input could not be read")?;
        if line.trim().is_empty() {
            continue;
        }
        messages.push(ChatMessage::user(line));
        let sampling = seed.map(|seed| Sampling { seed, ..Sampling::default() });
        let options = GenerateOptions { max_tokens, sampling, ..GenerateOptions::default() };
        let mut out = std::io::stdout();
        let mut written = Ok(());
        let answer = session.generate(&messages, &options, &mut |piece| {
            written = out.write_all(piece.as_bytes()).and_then(|()| out.flush());
            if written.is_ok() { Flow::Continue } else { Flow::Stop }
        })?;
        written?;
        writeln!(out)?;
        messages.push(ChatMessage::assistant(answer.text));
    }
}
