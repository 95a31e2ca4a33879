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
    options::{ModelChoice, Programs, RunOptions},
    screens::{COMPANION, PORTAL, Screens},
    side_by_side::SideBySide,
    steps::{Steps, line_to_type, succeed},
};

/// The line with which the portal says that it answers.
const PORTAL_READY: &str = "ReMe portal: ";

pub(crate) fn run(root: &Path, options: &RunOptions) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_RUN)?;
    let companion = options.programs != Programs::Portal;
    let portal = options.programs != Programs::Companion;
    for (wanted, which) in [(companion, COMPANION), (portal, PORTAL)] {
        if wanted {
            Screens::find(root, which, &mut steps)?.build(root, &mut steps)?;
        }
    }
    let model = if companion { choose_model(&mut steps, &options.model)? } else { None };
    let packages: &[&str] = match options.programs {
        Programs::Both => &["reme-cli", "reme-portal"],
        Programs::Companion => &["reme-cli"],
        Programs::Portal => &["reme-portal"],
    };
    build(root, packages, &mut steps)?;
    let folder = target_folder(root).join("debug");
    let serve_companion = || serve(root, &folder.join("reme"), options, model.as_deref());
    let serve_portal = || serve_portal(root, &folder.join("reme-portal"), options);
    match options.programs {
        Programs::Companion => start(serve_companion()),
        Programs::Portal => start(serve_portal()?),
        Programs::Both => {
            let mut programs = SideBySide::new()?;
            programs.start_and_hear("the portal", &mut serve_portal()?, PORTAL_READY)?;
            programs.start("the companion", &mut serve_companion())?;
            Ok(programs.wait())
        }
    }
}

/// Builds these packages' programs into `debug` of the target folder.
fn build(root: &Path, packages: &[&str], steps: &mut Steps) -> Result<()> {
    steps.step("building the programs (several minutes the first time)", || {
        let named = packages.iter().flat_map(|package| ["--package", package]);
        succeed(Command::new(env!("CARGO")).arg("build").args(named).current_dir(root))
    })
}

pub(crate) fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The portal's data lie beside the companion's, so that `--data` holds all of a trial.
fn serve_portal(root: &Path, program: &Path, options: &RunOptions) -> Result<Command> {
    let folder = match &options.data {
        Some(data) => data.join("portal"),
        None => data_home()?.join("reme/portal"),
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("{}: the portal's folder", folder.display()))?;
    let mut command = Command::new(program);
    command.arg("--bind").arg(format!("127.0.0.1:{}", options.portal_port));
    command.arg("--database").arg(format!("sqlite:{}", folder.join("portal.db").display()));
    command.arg("--web").arg(root.join("clinician-portal/web/dist"));
    if !options.empty {
        command.arg("--demo");
    }
    // What it logs is for a clinic's own collector; here only trouble is of interest.
    if std::env::var_os("RUST_LOG").is_none() {
        command.env("RUST_LOG", "warn");
    }
    Ok(command)
}

/// Where programs keep a person's data, by the XDG rules.
fn data_home() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .context("neither XDG_DATA_HOME nor HOME is set: say where the data are to be kept with --data DIR")
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

/// Becomes the one program: this process is replaced, so Ctrl-C, any other signal and the exit code are the program's own, and
/// nothing is left behind to clean up.
fn start(mut command: Command) -> Result<ExitCode> {
    let line = line_to_type(&command);
    let error = command.exec();
    Err(error).with_context(|| format!("it could not be started; type: {line}"))
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
