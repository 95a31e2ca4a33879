//! `cargo xtask run`: set up, build, start. The second time it only starts.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};
use reme_models::{Manifest, ModelsFolder};

use crate::{
    machine,
    options::{ModelChoice, RunOptions},
    screens::Screens,
    steps::{Steps, line_to_type, succeed},
};

pub(crate) fn run(root: &Path, options: &RunOptions) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_RUN)?;
    let screens = Screens::find(root, &mut steps)?;
    if let Some(screens) = &screens {
        screens.build(root, &mut steps)?;
    }
    let model = choose_model(&mut steps, &options.model)?;
    let reme = build_reme(root, &mut steps)?;
    if screens.is_none() {
        Steps::note(&format!("the screens are not in this version: ReMe is the command {} for now", reme.display()));
        let mut look = Command::new(&reme);
        look.arg("doctor");
        return start(look);
    }
    // The clinician portal joins here: once there are two programs to start, this becomes a list, and the last one's end ends all.
    start(serve(root, &reme, options, model.as_deref()))
}

/// Builds the `reme` command and says where it is.
pub(crate) fn build_reme(root: &Path, steps: &mut Steps) -> Result<PathBuf> {
    steps.step("building the companion (several minutes the first time)", || {
        succeed(Command::new(env!("CARGO")).args(["build", "--package", "reme-cli"]).current_dir(root))
    })?;
    Ok(target_folder(root).join("debug/reme"))
}

pub(crate) fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

fn serve(root: &Path, reme: &Path, options: &RunOptions, model: Option<&Path>) -> Command {
    let mut command = Command::new(reme);
    command.arg("serve").arg("--model");
    match model {
        Some(path) => command.arg(path),
        None => command.arg("none"),
    };
    if let Some(data) = &options.data {
        command.arg("--data").arg(data);
    }
    if let Some(port) = options.port {
        command.arg("--port").arg(port.to_string());
    }
    if !options.empty {
        command.arg("--demo").arg(root.join("assets/demo"));
    }
    command.arg("--ui").arg(root.join("desktop/ui/dist"));
    command.arg("--templates").arg(root.join("game-templates"));
    command
}

/// Becomes the companion: this process is replaced, so Ctrl-C, any other signal and the exit code are the companion's own, and
/// nothing is left behind to clean up.
fn start(mut command: Command) -> Result<ExitCode> {
    let line = line_to_type(&command);
    let error = command.exec();
    Err(error).with_context(|| format!("the companion could not be started; type: {line}"))
}

/// The model file to speak with, fetched where needed. Without a word from the person, a failure means: go on without one.
fn choose_model(steps: &mut Steps, choice: &ModelChoice) -> Result<Option<PathBuf>> {
    match choice {
        ModelChoice::None => Ok(None),
        ModelChoice::File(path) => Ok(Some(path.clone())),
        ModelChoice::Named(name) => Ok(models(steps, &[name.as_str()])?.pop()),
        ModelChoice::Unsaid => match models(steps, &["default"]) {
            Ok(mut paths) => Ok(paths.pop()),
            Err(error) => {
                Steps::note(&format!("{error:#}"));
                Steps::note(
                    "going on without a model: every game works, on its written lines. To try again: cargo xtask models default",
                );
                Ok(None)
            }
        },
    }
}

/// Makes sure of the named models (all when none is named) and says where they are, in that order.
pub(crate) fn models(steps: &mut Steps, names: &[&str]) -> Result<Vec<PathBuf>> {
    let manifest = Manifest::builtin();
    let folder = ModelsFolder::from_env(|name| std::env::var_os(name))?;
    let all: Vec<&str> = manifest.models.iter().map(|model| model.name.as_str()).collect();
    let mut paths = Vec::new();
    for name in if names.is_empty() { &all } else { names } {
        let model = manifest.find(name)?;
        paths.push(match folder.locate(model)? {
            Some(path) => path,
            None => steps
                .step(&format!("model `{name}`, {} MB, {}", model.bytes / 1_000_000, model.licence), || {
                    Ok(folder.pull(model, &mut |progress| Steps::note(&progress.to_string()))?)
                })?,
        });
    }
    Ok(paths)
}
