//! `cargo xtask models train-tiny`: trains three small models from scratch, dense and with inputs dropped, and holds the
//! runtime against the trainer. The trainer is a Python program with a Python of its own inside `target/`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};

use crate::{
    machine, run,
    steps::{Steps, cargo, succeed},
};

/// Debian's package of the text: novels in the public domain. Unpacked, never installed.
const TEXT_PACKAGE: &str = "r-cran-janeaustenr";
/// The trainer.
const TRAINER: &str = "app-core/lm/train-tiny";

/// `words` go to the trainer as they are.
pub(crate) fn run(root: &Path, words: &[&str]) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_TRAINING)?;
    let text = text(root, &mut steps)?;
    let folder = run::target_folder(root).join("train-tiny");
    let python = folder.join("python");
    let program = python.join("bin/python");
    steps.step("the trainer's Python packages, inside target/", || {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
        let packages = root.join(TRAINER).join("requirements.txt");
        succeed(Command::new(&program).args(["-m", "pip", "install", "--quiet", "--no-deps", "-r"]).arg(packages))
    })?;
    steps.step("training three models (some minutes each)", || {
        let mut trainer = Command::new("nice");
        trainer.args(["-n", "10"]).arg(&program).arg(root.join(TRAINER).join("train.py"));
        succeed(trainer.arg(&text).arg(&folder).args(words).env("PYTHONUNBUFFERED", "1"))
    })?;
    steps.step("the runtime against the trainer", || {
        let words = ["run", "--quiet", "--package", "reme-lm", "--example", "trained_tiny"];
        succeed(cargo(root).args(words).arg(&folder))
    })?;
    println!("\nAlso in {0}: loss.md, loss.csv, loss.svg, loss.png, and the models", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// The folder in which the package of the text lies unpacked; fetched where it is not there yet.
fn text(root: &Path, steps: &mut Steps) -> Result<PathBuf> {
    let folder = run::target_folder(root).join("train-tiny/text");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    if !folder.join("usr").exists() {
        steps.step(&format!("the text, Debian's {TEXT_PACKAGE}"), || unpack(&folder))?;
    }
    Ok(folder)
}

/// Texts to measure models on, in `folder`: one to calibrate on, one to judge by.
pub(crate) fn texts_to_measure(root: &Path, steps: &mut Steps, folder: &Path) -> Result<[PathBuf; 2]> {
    let text = text(root, steps)?;
    succeed(Command::new("python3").arg(root.join(TRAINER).join("corpus.py")).arg(text).arg(folder))?;
    Ok(["calibrate.txt", "judge.txt"].map(|name| folder.join(name)))
}

/// Fetches the package and lays its files out in `folder`.
fn unpack(folder: &Path) -> Result<()> {
    succeed(Command::new("apt-get").args(["-q", "download", TEXT_PACKAGE]).current_dir(folder))?;
    let fetched = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = fetched.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "deb"));
    let package = package.context("apt-get left no package behind; type: apt-get update, and run this again")?;
    succeed(Command::new("dpkg-deb").arg("--extract").arg(package).arg(folder))
}
