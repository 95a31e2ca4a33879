//! `cargo xtask run`: set up, build, start. The second time it only starts.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};
use reme_models::{Manifest, Model, ModelsFolder, Progress};
use serde_json::Value;

use crate::{
    machine,
    options::{ModelChoice, Programs, RunOptions},
    screens::{COMPANION, PORTAL, Screens},
    side_by_side::SideBySide,
    steps::{Steps, cargo, line_to_type, succeed},
};

/// What the portal writes for scripts about its demo clinic.
const DEMO_FILE: &str = "demo.json";

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
    let mut companion = serve(root, &folder.join("reme"), options, model.as_deref());
    if options.programs == Programs::Companion {
        return start(companion);
    }
    let portal_folder = portal_folder(options)?;
    let mut portal = serve_portal(root, &folder.join("reme-portal"), &portal_folder, options);
    if options.programs == Programs::Portal {
        return start(portal);
    }
    let mut programs = SideBySide::new()?;
    programs.start_and_hear("the portal", &mut portal, PORTAL_READY)?;
    if !options.empty {
        companion.args(invitations(&portal_folder.join(DEMO_FILE))?);
    }
    programs.start("the companion", &mut companion)?;
    Ok(programs.wait())
}

/// Builds these packages' programs into `debug` of the target folder.
fn build(root: &Path, packages: &[&str], steps: &mut Steps) -> Result<()> {
    steps.step("building the programs (several minutes the first time)", || {
        let named = packages.iter().flat_map(|package| ["--package", package]);
        succeed(cargo(root).arg("build").args(named))
    })
}

pub(crate) fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The portal's data lie beside the companion's, so that `--data` holds all of a trial.
fn portal_folder(options: &RunOptions) -> Result<PathBuf> {
    let folder = match &options.data {
        Some(data) => data.join("portal"),
        None => data_home()?.join("reme/portal"),
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("{}: the portal's folder", folder.display()))?;
    Ok(folder)
}

/// `--pair` for each demo person the clinic has a code for. Who is paired already stays so.
fn invitations(demo_file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(demo_file).with_context(|| demo_file.display().to_string())?;
    let demo: Value = serde_json::from_str(&text).with_context(|| demo_file.display().to_string())?;
    let mut words = Vec::new();
    for patient in demo["patients"].as_array().into_iter().flatten() {
        // The demo people are told apart by their language, here and in assets/demo.
        let slug = match patient["language"].as_str() {
            Some("en") => "demo-en",
            Some("zh-CN") => "demo-zh",
            _ => continue,
        };
        if let (Some(address), Some(code)) = (demo["address"].as_str(), patient["code"].as_str()) {
            words.extend(["--pair".to_owned(), format!("{slug}={address}/pair#{code}")]);
        }
    }
    Ok(words)
}

fn serve_portal(root: &Path, program: &Path, folder: &Path, options: &RunOptions) -> Command {
    let mut command = Command::new(program);
    command.arg("--bind").arg(format!("127.0.0.1:{}", options.portal_port));
    command.arg("--database").arg(format!("sqlite:{}", folder.join("portal.db").display()));
    command.arg("--web").arg(root.join("clinician-portal/web/dist"));
    if !options.empty {
        command.arg("--demo").arg("--demo-file").arg(folder.join(DEMO_FILE));
    }
    // What it logs is for a clinic's own collector; here only trouble is of interest.
    if std::env::var_os("RUST_LOG").is_none() {
        command.env("RUST_LOG", "warn");
    }
    command
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

/// Makes sure of the named models and sets (all when none is named) and says where they are, in that order.
pub(crate) fn models(steps: &mut Steps, names: &[&str]) -> Result<Vec<PathBuf>> {
    let manifest = Manifest::builtin();
    let folder = ModelsFolder::from_env(|name| std::env::var_os(name))?;
    if names.is_empty() {
        return pull(steps, &folder, &manifest.models.iter().collect::<Vec<_>>());
    }
    let mut paths = Vec::new();
    for name in names {
        paths.extend(pull(steps, &folder, &manifest.find_all(name)?)?);
    }
    Ok(paths)
}

/// Fetches the models that are not on this machine, as one step.
fn pull(steps: &mut Steps, folder: &ModelsFolder, models: &[&Model]) -> Result<Vec<PathBuf>> {
    let mut missing = Vec::new();
    for model in models {
        if folder.locate(model)?.is_none() {
            missing.push(format!("`{}`, {:.0} MB, {}", model.name, model.bytes as f64 / 1e6, model.licence));
        }
    }
    let told = &mut |progress: Progress<'_>| Steps::note(&progress.to_string());
    if missing.is_empty() {
        return Ok(folder.pull_all(models, told)?);
    }
    steps.step(&format!("model {}", missing.join("; ")), || Ok(folder.pull_all(models, told)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_demo_person_is_invited_to_the_clinic_by_the_code_it_wrote_down() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(DEMO_FILE);
        let text = r#"{"address":"http://127.0.0.1:9","patients":[{"language":"en","code":"AB"},{"language":"zh-CN","code":"CD"},
            {"language":"nb","code":"EF"}]}"#;
        std::fs::write(&file, text).unwrap();
        let expected = ["--pair", "demo-en=http://127.0.0.1:9/pair#AB", "--pair", "demo-zh=http://127.0.0.1:9/pair#CD"];
        assert_eq!(invitations(&file).unwrap(), expected);
        std::fs::write(&file, "{").unwrap();
        assert!(format!("{:#}", invitations(&file).unwrap_err()).contains(DEMO_FILE));
    }
}
