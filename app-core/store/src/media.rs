//! Photos and recordings: encrypted files, named by the keyed hash of what they hold.
//!
//! The file is whole on disk before any row speaks of it; a file without a row does no harm.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit},
};
use reme_types::MediaId;

use crate::{
    error::{StoreError, io_error},
    key::StoreKey,
};

const NONCE_BYTES: usize = 24;

#[derive(Clone)]
pub(crate) struct MediaFiles {
    folder: PathBuf,
    cipher: XChaCha20Poly1305,
    naming: [u8; 32],
}

impl MediaFiles {
    pub(crate) fn new(folder: PathBuf, key: &StoreKey) -> Self {
        let cipher = XChaCha20Poly1305::new(&key.derive("reme media contents v1").into());
        Self { folder, cipher, naming: key.derive("reme media names v1") }
    }

    pub(crate) fn id_of(&self, bytes: &[u8]) -> MediaId {
        let hex = blake3::keyed_hash(&self.naming, bytes).to_hex().to_string();
        hex.parse().expect("a BLAKE3 hash is 64 lower-case hex digits")
    }

    fn path(&self, id: &MediaId) -> PathBuf {
        self.folder.join(&id.as_str()[..2]).join(id.as_str())
    }

    /// Writes the file and makes sure it is on disk; does nothing when it is there.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<MediaId, StoreError> {
        let id = self.id_of(bytes);
        let path = self.path(&id);
        if path.is_file() && self.read(&id).is_ok() {
            return Ok(id);
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(io_error(folder))?;
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| StoreError::Database(format!("no randomness: {error}")))?;
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), bytes)
            .map_err(|_| StoreError::Database("a photo could not be encrypted".into()))?;
        let partial = path.with_extension("part");
        let written = fs::File::create(&partial).and_then(|mut file| {
            file.write_all(&nonce)?;
            file.write_all(&sealed)?;
            file.sync_all()
        });
        let renamed = written
            .and_then(|()| fs::rename(&partial, &path))
            .and_then(|()| sync_folder(folder))
            .and_then(|()| sync_folder(&self.folder));
        if let Err(error) = renamed {
            let _ = fs::remove_file(&partial);
            return Err(io_error(&path)(error));
        }
        Ok(id)
    }

    /// The plain bytes.
    pub(crate) fn read(&self, id: &MediaId) -> Result<Vec<u8>, StoreError> {
        let path = self.path(id);
        let sealed = match fs::read(&path) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::NotFound { what: "photo or recording", id: id.to_string() });
            }
            Err(error) => return Err(io_error(path)(error)),
        };
        let damaged = || StoreError::DamagedMedia(id.to_string());
        let (nonce, contents) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| damaged())?;
        let plain = self.cipher.decrypt(&XNonce::from(nonce), contents).map_err(|_| damaged())?;
        if self.id_of(&plain) == *id { Ok(plain) } else { Err(damaged()) }
    }

    /// Removes every file of which `is_kept` says no, half-written ones among them; returns how many went.
    pub(crate) fn sweep(
        &self,
        mut is_kept: impl FnMut(&MediaId) -> Result<bool, StoreError>,
    ) -> Result<usize, StoreError> {
        let mut removed = 0;
        for folder in entries(&self.folder)?.into_iter().filter(|entry| entry.is_dir()) {
            for path in entries(&folder)? {
                let id = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<MediaId>().ok());
                if match id {
                    Some(id) => is_kept(&id)?,
                    None => false,
                } {
                    continue;
                }
                fs::remove_file(&path).map_err(io_error(&path))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    pub(crate) fn remove(&self, id: &MediaId) -> Result<(), StoreError> {
        let path = self.path(id);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io_error(path)(error)),
            _ => Ok(()),
        }
    }
}

/// Makes what was renamed in a folder outlive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    match fs::read_dir(folder) {
        Ok(list) => list.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>().map_err(io_error(folder)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(io_error(folder)(error)),
    }
}
