//! The key of a store, and where keys are kept.

use std::{
    fs,
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::PathBuf,
};

use crate::error::{StoreError, io_error};

/// 256 bits from the operating system; opens one patient's store.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreKey([u8; 32]);

impl StoreKey {
    /// A new key.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| StoreError::Database(format!("no randomness: {error}")))?;
        Ok(Self(bytes))
    }

    /// A key from its bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a key store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key in hexadecimal, for a key store.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// A key from 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// A key for one purpose; knowing it tells nothing of the others (BLAKE3 key derivation).
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(purpose, &self.0)
    }
}

impl Drop for StoreKey {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&mut self.0); // so that the wiping is not optimised away
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey(…)")
    }
}

/// Where keys are kept: the operating system's keyring, or a file.
pub trait KeyStore: Send + Sync {
    /// The key of that name, if there is one.
    ///
    /// # Errors
    /// When the place cannot be read, or holds no key.
    fn load(&self, name: &str) -> Result<Option<StoreKey>, StoreError>;
    /// Keeps a key.
    ///
    /// # Errors
    /// When it cannot be written.
    fn save(&self, name: &str, key: &StoreKey) -> Result<(), StoreError>;
    /// Forgets a key; fine when there is none.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn forget(&self, name: &str) -> Result<(), StoreError>;
    /// `keyring` or `file`, for `reme doctor` and the screens.
    fn kind(&self) -> &'static str;
}

/// One file a key, readable by its owner only (mode 0600).
#[derive(Debug, Clone)]
pub struct FileKeyStore {
    folder: PathBuf,
}

impl FileKeyStore {
    /// Keys lie in this folder as `NAME.key`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }
}

impl KeyStore for FileKeyStore {
    fn load(&self, name: &str) -> Result<Option<StoreKey>, StoreError> {
        let path = self.path(name);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error(path)(error)),
        };
        let mode = fs::metadata(&path).map_err(io_error(&path))?.permissions().mode();
        if mode & 0o077 != 0 {
            let problem = format!("can be read by others; type: chmod 600 {}", path.display());
            return Err(StoreError::KeyFile { path, problem });
        }
        match StoreKey::from_hex(&text) {
            Some(key) => Ok(Some(key)),
            None => {
                let problem =
                    "is not a key (64 hexadecimal digits); put back the one that was made with the store".into();
                Err(StoreError::KeyFile { path, problem })
            }
        }
    }

    fn save(&self, name: &str, key: &StoreKey) -> Result<(), StoreError> {
        fs::create_dir_all(&self.folder).map_err(io_error(&self.folder))?;
        let path = self.path(name);
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(io_error(&path))?;
        file.write_all(key.to_hex().as_bytes()).and_then(|()| file.sync_all()).map_err(io_error(&path))
    }

    fn forget(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io_error(path)(error)),
            _ => Ok(()),
        }
    }

    fn kind(&self) -> &'static str {
        "file"
    }
}
