//! `cargo xtask arm`: the NEON kernels compiled for 64-bit ARM and tested under an emulator, with the dot-product instruction
//! and without. Correctness only: an emulator's times say nothing about a phone.
//!
//! Debian's Rust is what can cross-compile here: its arm64 standard library is a package, kept in a private apt root in
//! `target/arm` so that this machine's own packages stay as they are. No version is pinned: Debian's moves.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, bail};

use crate::{
    machine::{self, Need},
    run,
    steps::{Steps, succeed},
};

const TARGET: &str = "aarch64-unknown-linux-gnu";
/// Cores that are emulated: all there is, and one that has no dot-product instruction.
const CORES: [&str; 2] = ["max", "cortex-a72"];

const NEEDS: &[Need] = &[
    Need { probe: &["dpkg", "-s", "rustc-web"], packages: &["rustc-web", "cargo-web"] },
    Need { probe: &["qemu-aarch64", "--version"], packages: &["qemu-user"] },
    Need {
        probe: &["aarch64-linux-gnu-gcc", "--version"],
        packages: &["gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross"],
    },
];

/// Runs the kernels' tests on every core.
pub(crate) fn run(root: &Path) -> Result<ExitCode> {
    let mut steps = Steps::new();
    for mut command in commands(root, &mut steps)? {
        steps.step("tests of the kernels on ARM", || succeed(&mut command))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One command for each core, once all that they need is here.
pub(crate) fn commands(root: &Path, steps: &mut Steps) -> Result<Vec<Command>> {
    machine::ensure(steps, NEEDS).context(
        "the ARM kernels can be tested on Debian 12 or later only, where rustc-web, qemu-user and the cross compiler are packages",
    )?;
    let folder = run::target_folder(root).join("arm");
    let sysroot = steps.step("the standard library for ARM", || sysroot(&folder))?;
    let flags = format!("--sysroot={}", sysroot.display());
    let command = |core: &&str| {
        let mut command = Command::new("/usr/bin/cargo");
        command
            .args(["test", "--quiet", "--package", "reme-lm-kernels", "--target", TARGET, "--target-dir"])
            .arg(folder.join("built"))
            .current_dir(root)
            // Neither this tool's own Rust nor a wrapper made for it.
            .env("PATH", "/usr/bin:/bin")
            .env_remove("RUSTC")
            .env_remove("RUSTUP_TOOLCHAIN")
            .env("RUSTC_WRAPPER", "")
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")
            .env(
                "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER",
                format!("qemu-aarch64 -cpu {core} -L /usr/aarch64-linux-gnu"),
            )
            .env("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS", &flags)
            .env("RUSTDOCFLAGS", &flags);
        command
    };
    Ok(CORES.iter().map(command).collect())
}

/// A folder the compiler takes as its own: this machine's standard library and ARM's side by side.
fn sysroot(folder: &Path) -> Result<PathBuf> {
    let version = debian_rust()?;
    let place = folder.join(&version);
    let (sysroot, unpacked) = (place.join("sysroot"), place.join("root"));
    let libraries = sysroot.join("lib/rustlib");
    if libraries.join(TARGET).exists() {
        return Ok(sysroot);
    }
    download(&place, &version)?;
    for package in fs::read_dir(&place)?.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if package.extension().is_some_and(|extension| extension == "deb") {
            succeed(Command::new("dpkg-deb").arg("-x").arg(&package).arg(&unpacked))?;
        }
    }
    let theirs = unpacked.join("usr/lib/rustlib").join(TARGET);
    if !theirs.exists() {
        bail!("the packages hold no standard library for {TARGET}; remove {} and run this again", place.display());
    }
    fs::create_dir_all(&libraries)?;
    for ours in fs::read_dir("/usr/lib/rustlib")?.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        link(&ours, &libraries)?;
    }
    link(&fs::canonicalize(theirs)?, &libraries)?;
    Ok(sysroot)
}

fn link(to: &Path, folder: &Path) -> Result<()> {
    let Some(name) = to.file_name() else { return Ok(()) };
    let at = folder.join(name);
    if at.symlink_metadata().is_ok() {
        fs::remove_file(&at)?;
    }
    symlink(to, &at).with_context(|| at.display().to_string())
}

/// `1.96`, of Debian's Rust.
fn debian_rust() -> Result<String> {
    let output = Command::new("/usr/bin/rustc").arg("-V").output().context("Debian's rustc does not start")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().nth(1).unwrap_or_default();
    let parts: Vec<&str> = version.split('.').collect();
    match parts[..] {
        [major, minor, ..] => Ok(format!("{major}.{minor}")),
        _ => bail!("Debian's rustc says `{}`, which is no version", text.trim()),
    }
}

/// The two packages of the standard library, into `place`, through lists of its own.
fn download(place: &Path, version: &str) -> Result<()> {
    for folder in ["lists/partial", "archives/partial"] {
        fs::create_dir_all(place.join(folder))?;
    }
    fs::write(place.join("status"), "")?;
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.current_dir(place).arg("-q");
        // Of the lists only those of packages: lists of all files, which some machines ask for, are far larger.
        for option in [
            "APT::Architecture=arm64",
            "APT::Architectures::=arm64",
            "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
        ] {
            command.args(["-o", option]);
        }
        for (key, value) in [
            ("Dir::State::lists", place.join("lists")),
            ("Dir::State::status", place.join("status")),
            ("Dir::Cache", place.to_owned()),
        ] {
            command.arg("-o").arg(format!("{key}={}", value.display()));
        }
        succeed(command.args(words).stdout(std::process::Stdio::null()))
    };
    apt(&["update"])?;
    apt(&["download", "libstd-rust-web-dev", &format!("libstd-rust-web-{version}")])
        .context("Debian's arm64 standard library could not be fetched; the ARM kernels were not tested")
}
