//! The key of each patient's store: in the desktop's keyring, or in a file only its owner can read.
//!
//! `DATA/keys/NAME.key` is a key; `DATA/keys/NAME.keyring` names the keyring entry that holds one, so that two data folders
//! never share an entry. A key that is in a file stays there. Why so: `docs/decisions/0005-keys.md`.
//!
//! What it must never do: wait for ever (no session bus, a keyring that does not answer), or let a key exist nowhere.

use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

use clap::ValueEnum;
use reme::{FileKeyStore, KeyStore, StoreError, StoreKey};

use crate::shell::variable;

/// Under which name ReMe's entries stand in the keyring.
const SERVICE: &str = "ReMe";
/// How long a keyring may take to answer where nobody can be asked for its password.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long it may take where it can ask.
const PATIENCE_AT_A_SCREEN: Duration = Duration::from_secs(60);

/// Where new keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeysChoice {
    /// The keyring where one answers, else a file
    Auto,
    /// The keyring, or it fails
    Keyring,
    /// A file
    File,
}

/// A keyring, as far as it is needed.
pub(crate) trait Ring: Send + Sync {
    /// The secret of an entry; `None` when there is no such entry. An error says why the keyring did not answer.
    fn get(&self, entry: &str) -> Result<Option<String>, String>;
    fn set(&self, entry: &str, secret: &str) -> Result<(), String>;
    fn remove(&self, entry: &str) -> Result<(), String>;
}

/// Keys of one data folder.
pub(crate) struct DesktopKeyStore {
    folder: PathBuf,
    files: FileKeyStore,
    choice: KeysChoice,
    ring: Box<dyn Ring>,
}

impl DesktopKeyStore {
    pub(crate) fn new(folder: PathBuf, choice: KeysChoice) -> Self {
        Self::with_ring(folder, choice, Box::new(SystemRing))
    }

    fn with_ring(folder: PathBuf, choice: KeysChoice, ring: Box<dyn Ring>) -> Self {
        Self { files: FileKeyStore::new(&folder), folder, choice, ring }
    }

    /// Where one patient's key is: `keyring`, `file` or `nowhere`.
    pub(crate) fn place_of(&self, name: &str) -> &'static str {
        if self.folder.join(format!("{name}.key")).is_file() {
            "file"
        } else if self.marker(name).is_file() {
            "keyring"
        } else {
            "nowhere"
        }
    }

    /// Whether the keyring answers now, or why it does not.
    pub(crate) fn ask_keyring(&self) -> Result<(), String> {
        self.ring.get("an entry that is not there").map(|_| ())
    }

    fn marker(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.keyring"))
    }

    /// The keyring entry that holds a key.
    fn entry_of(&self, name: &str) -> Result<Option<String>, StoreError> {
        let path = self.marker(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Io { path, source }),
        }
    }

    /// Puts a key into the keyring, reads it back, and writes down which entry it is.
    fn save_in_ring(&self, name: &str, key: &StoreKey) -> Result<(), String> {
        let id = StoreKey::random().map_err(|error| error.to_string())?;
        let entry = format!("{name} {}", &id.to_hex()[..16]);
        self.ring.set(&entry, &key.to_hex())?;
        let kept = self.ring.get(&entry)?.as_deref().and_then(StoreKey::from_hex);
        let written = match kept {
            Some(kept) if kept == *key => write_new(&self.marker(name), &entry).map_err(|error| error.to_string()),
            _ => Err("it did not give back what it was given".to_owned()),
        };
        if written.is_err() {
            let _ = self.ring.remove(&entry);
        }
        written
    }
}

impl KeyStore for DesktopKeyStore {
    fn load(&self, name: &str) -> Result<Option<StoreKey>, StoreError> {
        if let Some(key) = self.files.load(name)? {
            return Ok(Some(key));
        }
        let Some(entry) = self.entry_of(name)? else { return Ok(None) };
        let fault = |problem: String| StoreError::KeyFile { path: self.marker(name), problem };
        match self.ring.get(&entry) {
            Ok(Some(secret)) => match StoreKey::from_hex(&secret) {
                Some(key) => Ok(Some(key)),
                None => Err(fault(format!("names the keyring entry `{entry}`, which is no key; put the key back"))),
            },
            Ok(None) => Err(fault(format!(
                "names the keyring entry `{entry}`, which is not there; use the keyring it was made with"
            ))),
            Err(why) => {
                Err(fault(format!("names a keyring entry, and the keyring does not answer ({why}); unlock it")))
            }
        }
    }

    fn save(&self, name: &str, key: &StoreKey) -> Result<(), StoreError> {
        match self.choice {
            KeysChoice::File => self.files.save(name, key),
            KeysChoice::Auto => self.save_in_ring(name, key).or_else(|_| self.files.save(name, key)),
            KeysChoice::Keyring => self.save_in_ring(name, key).map_err(|why| StoreError::KeyFile {
                path: self.marker(name),
                problem: format!("was not made, as the keyring did not take the key ({why}); try --keys file"),
            }),
        }
    }

    fn forget(&self, name: &str) -> Result<(), StoreError> {
        self.files.forget(name)?;
        let Some(entry) = self.entry_of(name)? else { return Ok(()) };
        // A keyring that does not answer keeps a key that opens nothing any more: the store is gone.
        let _ = self.ring.remove(&entry);
        let path = self.marker(name);
        fs::remove_file(&path).map_err(|source| StoreError::Io { path, source })
    }

    /// Where the keys are, or where the first one would go.
    fn kind(&self) -> &'static str {
        let names: Vec<String> = fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .collect();
        if names.iter().any(|name| name.ends_with(".key")) {
            return "file";
        }
        let in_ring = names.iter().any(|name| name.ends_with(".keyring"));
        match self.choice {
            _ if in_ring => "keyring",
            KeysChoice::File => "file",
            KeysChoice::Keyring => "keyring",
            KeysChoice::Auto if self.ask_keyring().is_ok() => "keyring",
            KeysChoice::Auto => "file",
        }
    }
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The desktop's own keyring: Secret Service on Linux, Keychain on macOS.
struct SystemRing;

impl SystemRing {
    fn ask<T: Send + 'static>(work: impl FnOnce() -> keyring::Result<T> + Send + 'static) -> Result<T, String> {
        if !has_session_bus() {
            return Err("there is no desktop session".into());
        }
        let can_ask = variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some();
        within(if can_ask { PATIENCE_AT_A_SCREEN } else { PATIENCE }, move || work().map_err(|error| error.to_string()))
    }
}

impl Ring for SystemRing {
    fn get(&self, entry: &str) -> Result<Option<String>, String> {
        let entry = entry.to_owned();
        Self::ask(move || match keyring::v1::Entry::new(SERVICE, &entry)?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::v1::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), String> {
        let (entry, secret) = (entry.to_owned(), secret.to_owned());
        Self::ask(move || keyring::v1::Entry::new(SERVICE, &entry)?.set_password(&secret))
    }

    fn remove(&self, entry: &str) -> Result<(), String> {
        let entry = entry.to_owned();
        Self::ask(move || keyring::v1::Entry::new(SERVICE, &entry)?.delete_credential())
    }
}

/// Whether there is a D-Bus session to ask at all; elsewhere than on Linux there is always a keychain.
fn has_session_bus() -> bool {
    let socket = || variable("XDG_RUNTIME_DIR").is_some_and(|folder| PathBuf::from(folder).join("bus").exists());
    !cfg!(target_os = "linux") || variable("DBUS_SESSION_BUS_ADDRESS").is_some() || socket()
}

/// Does work that may never end on a thread of its own, and stops waiting after a while.
fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (done, answer) = mpsc::channel();
    let started = std::thread::Builder::new().name("keyring".into()).spawn(move || {
        let _ = done.send(work()); // nobody may be waiting any more
    });
    started.map_err(|error| error.to_string())?;
    answer.recv_timeout(patience).map_err(|_| format!("no answer in {} seconds", patience.as_secs()))?
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
