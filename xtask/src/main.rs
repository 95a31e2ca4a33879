//! `cargo xtask …`: what a newcomer types to run, test and look after ReMe. A local run is what continuous integration runs.
//!
//! Stands outside the flow: it sets this machine up, builds, and starts the `reme` command. It must never hold a rule about training,
//! touch a user's data, or need anything of ours installed before it.
//!
//! ```text
//! cargo xtask run            sets up what is missing, starts the companion
//! cargo xtask test           everything that must pass
//! ```

mod arm;
mod bench;
mod bench_models;
mod checks;
mod counts;
mod machine;
mod options;
mod run;
mod screens;
mod side_by_side;
mod steps;
mod tidy;
mod train_tiny;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, bail};

use crate::{options::RunOptions, steps::Steps};

const HELP: &str = "\
cargo xtask COMMAND

  run [--empty] [--model tiny|default|none|PATH] [--data DIR] [--port N] [--portal-port N]
      [--companion-only | --portal-only]
               set up what is missing, start companion and portal, print their addresses (Ctrl-C ends both)
  test         formatting, lints, all tests, screens, house rules; ends with `N passed, N failed`
  ci [--full]  what continuous integration runs: test, and cargo-deny where it is installed; --full: cargo-deny must be there, and
               the long suites run too (kernels on ARM, ten million damaged model files, two hundred seeds of sync,
               schemathesis, what a clinic deploys)
  models [NAME|SET]…
               fetch model files (all when none is named; `reme model list` names them), checked by sha256, kept outside the repository
  models train-tiny [--steps N] [--seed N]
               train three small models from scratch, dense and with inputs dropped, and hold the runtime against the trainer;
               losses, plot and models in target/train-tiny
  bench lm     the model runtime against llama.cpp and the memory's bandwidth; also target/bench/lm.json and lm.svg
  bench session
               cold start, first spoken line and memory in use, with no, the tiny and the default model
  bench speech every sentence of a list said by the voice and heard by the recogniser: errors and times
  bench models
               time and memory of each model, and of a small phone's companion that uses them all
  arm          the kernels' tests on 64-bit ARM, under an emulator (also part of ci --full)
  tidy         the house rules alone
";

fn main() -> ExitCode {
    match dispatch(std::env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: Vec<String>) -> Result<ExitCode> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    match words.as_slice() {
        ["run", rest @ ..] => run::run(&root, &RunOptions::parse(rest)?),
        ["test"] => checks::all(&root, checks::Extent::Test),
        ["ci"] => checks::all(&root, checks::Extent::Ci),
        ["ci", "--full"] => checks::all(&root, checks::Extent::Full),
        ["models", "train-tiny", rest @ ..] => train_tiny::run(&root, rest),
        ["models", names @ ..] => {
            let mut steps = Steps::new();
            machine::ensure(&mut steps, machine::FOR_MODELS)?;
            run::models(&mut steps, names)?;
            Ok(ExitCode::SUCCESS)
        }
        ["bench", "session"] => bench::session(&root),
        ["bench", "lm"] => bench::lm(&root),
        ["bench", "speech"] => bench::speech(&root),
        ["bench", "models"] => bench_models::models(&root),
        ["arm"] => arm::run(&root),
        ["tidy"] => Ok(tidy::tidy(&root)?.report()),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("`{}` is not understood\n\n{HELP}", words.join(" ")),
    }
}

/// The repository: the folder above this crate's.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}
