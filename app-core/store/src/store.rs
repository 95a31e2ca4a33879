//! Opening and making a store, and the one door for every change.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use reme_types::{Clock, Patient, SeededRng, new_uuid_v7};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use uuid::Uuid;

use crate::{
    error::{StoreError, io_error},
    key::StoreKey,
    media::MediaFiles,
    records::Change,
    tx::Tx,
};

const MIGRATIONS: &[M<'static>] = &[M::up(include_str!("../migrations/0001_initial.sql"))];
/// Purpose of the derived key whose hash tells a wrong key from a damaged file.
const CHECK: &str = "reme key check v1";

/// One patient's memories, people, media, trial log and plans. One process at a time, one writer.
pub struct Store {
    pub(crate) db: Connection,
    pub(crate) media: MediaFiles,
    pub(crate) clock: Arc<dyn Clock>,
    rng: SeededRng,
    folder: PathBuf,
    // Held open for the lock; the operating system lets go of it when the process ends, however it ends.
    _lock: fs::File,
}

impl Store {
    /// Makes a store in `folder` (made when missing) for this patient.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when one is there; file errors.
    pub fn create(folder: &Path, key: &StoreKey, patient: &Patient, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        if folder.join("reme.db").exists() {
            return Err(StoreError::Exists(folder.into()));
        }
        fs::create_dir_all(folder).map_err(io_error(folder))?;
        let lock = lock(folder)?;
        let check = folder.join("key.check");
        fs::write(&check, fingerprint(key)).map_err(io_error(&check))?;
        let mut store = Self::connect(folder, key, clock, lock, OpenFlags::SQLITE_OPEN_CREATE)?;
        store.transact(|tx| tx.put_patient(patient))?;
        Ok(store)
    }

    /// Opens the store in `folder`.
    ///
    /// # Errors
    /// Wrong key, damage, a newer schema, another process: each its own, and nothing on disk is changed by any of them.
    pub fn open(folder: &Path, key: &StoreKey, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let path = folder.join("reme.db");
        if !path.is_file() {
            return Err(StoreError::Missing(folder.into()));
        }
        let lock = lock(folder)?;
        match fs::read_to_string(folder.join("key.check")) {
            Ok(known) if known != fingerprint(key) => return Err(StoreError::WrongKey(folder.into())),
            _ => {}
        }
        Self::connect(folder, key, clock, lock, OpenFlags::empty())
    }

    fn connect(
        folder: &Path,
        key: &StoreKey,
        clock: Arc<dyn Clock>,
        lock: fs::File,
        create: OpenFlags,
    ) -> Result<Self, StoreError> {
        let path = folder.join("reme.db");
        let damaged = |detail: &str| StoreError::Damaged { path: path.clone(), detail: detail.into() };
        if create.is_empty() && fs::metadata(&path).map_err(io_error(&path))?.len() == 0 {
            return Err(damaged("the file is empty"));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
        let mut db = Connection::open_with_flags(&path, flags).map_err(|_| StoreError::ReadOnly(path.clone()))?;
        // SQLCipher would write to standard error what the errors below say in words.
        db.pragma_update(None, "cipher_log_level", "NONE")?;
        db.pragma_update(None, "key", format!("x'{}'", key.to_hex()))?;
        db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
            .map_err(|_| damaged("it cannot be read with its key"))?;
        if create.is_empty() {
            let found: String = db
                .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
                .map_err(|_| damaged("a page does not pass its check"))?;
            if found != "ok" {
                return Err(damaged("its pages do not fit together"));
            }
        }
        if db.is_readonly("main")? {
            return Err(StoreError::ReadOnly(path));
        }
        let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(StoreError::ReadOnly(path));
        }
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        Migrations::from_slice(MIGRATIONS).to_latest(&mut db).map_err(|error| match error {
            rusqlite_migration::Error::MigrationDefinition(_) => StoreError::Newer(path.clone()),
            rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
            other => StoreError::Database(other.to_string()),
        })?;
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).map_err(|error| StoreError::Database(format!("no randomness: {error}")))?;
        Ok(Self {
            db,
            media: MediaFiles::new(folder.join("media"), key),
            clock,
            rng: SeededRng::new(u64::from_le_bytes(seed)),
            folder: folder.into(),
            _lock: lock,
        })
    }

    /// A new UUIDv7 for any kind of record.
    pub fn new_uuid(&mut self) -> Uuid {
        new_uuid_v7(&*self.clock, &mut self.rng)
    }

    /// The one door for every change: all of it is kept and on disk when this returns `Ok`, and none of it otherwise.
    /// Returns what changed, which the outbox holds as well.
    ///
    /// # Errors
    /// Whatever `work` returns, and what the database says.
    pub fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Vec<Change>), StoreError> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut tx =
            Tx { db: &transaction, media: &self.media, clock: &*self.clock, rng: &mut self.rng, changes: Vec::new() };
        let out = work(&mut tx)?;
        let changes = tx.changes;
        transaction.commit()?;
        Ok((out, changes))
    }

    /// Removes this patient's database, media and check file for good.
    ///
    /// # Errors
    /// File errors; what is left can be removed by hand.
    pub fn erase(self) -> Result<(), StoreError> {
        let folder = self.folder.clone();
        drop(self);
        fs::remove_dir_all(&folder).map_err(io_error(&folder))
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn lock(folder: &Path) -> Result<fs::File, StoreError> {
    let path = folder.join("lock");
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io_error(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StoreError::InUse(folder.into())),
        Err(fs::TryLockError::Error(error)) => Err(io_error(&path)(error)),
    }
}

fn fingerprint(key: &StoreKey) -> String {
    blake3::hash(&key.derive(CHECK)).to_hex().to_string()
}
