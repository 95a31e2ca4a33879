//! Opening and making a store, and the one door for every change.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use reme_types::{Clock, Patient, SeededRng, new_uuid_v7};
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, config::DbConfig};
use rusqlite_migration::{M, Migrations};
use uuid::Uuid;

use crate::{
    error::{StoreError, io_error},
    key::StoreKey,
    media::{MediaFiles, sync_folder},
    records::Change,
    tx::Tx,
};

const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("../migrations/0001_initial.sql")),
    M::up(include_str!("../migrations/0002_sync.sql")),
    M::up(include_str!("../migrations/0003_suggestions.sql")),
    M::up(include_str!("../migrations/0004_vectors.sql")),
    M::up(include_str!("../migrations/0005_photos.sql")),
];
/// The database.
const DATABASE: &str = "reme.db";
/// A database being made; renamed when it is whole, so that a half-made one is never opened.
const UNFINISHED: &str = "reme.db.new";
/// How often and with what pause the lock is tried [design: 200 ms in all, far longer than a process takes to start a program].
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(5);
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
        if folder.join(DATABASE).exists() {
            return Err(StoreError::Exists(folder.into()));
        }
        fs::create_dir_all(folder).map_err(io_error(folder))?;
        let lock = lock(folder)?;
        let unfinished = folder.join(UNFINISHED);
        for end in ["", "-wal", "-shm", "-journal"] {
            match fs::remove_file(folder.join(format!("{UNFINISHED}{end}"))) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io_error(&unfinished)(error)),
                _ => {} // what a process left that was killed while making the store
            }
        }
        let check = folder.join("key.check");
        let written = fs::File::create(&check).and_then(|mut file| {
            file.write_all(fingerprint(key).as_bytes())?;
            file.sync_all()
        });
        written.map_err(io_error(&check))?;
        let mut store = Self::connect(folder, UNFINISHED, key, clock.clone(), lock, OpenFlags::SQLITE_OPEN_CREATE)?;
        store.transact(|tx| tx.put_patient(patient))?;
        let Self { db, _lock: lock, .. } = store;
        db.close().map_err(|(_, error)| error)?; // folds the write-ahead log into the one file
        let path = folder.join(DATABASE);
        fs::rename(&unfinished, &path).and_then(|()| sync_folder(folder)).map_err(io_error(&path))?;
        Self::connect(folder, DATABASE, key, clock, lock, OpenFlags::empty())
    }

    /// Opens the store in `folder`.
    ///
    /// # Errors
    /// Wrong key, damage, a newer schema, another process: each its own, and nothing on disk is changed by any of them.
    pub fn open(folder: &Path, key: &StoreKey, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let path = folder.join(DATABASE);
        if !path.is_file() {
            return Err(StoreError::Missing(folder.into()));
        }
        let lock = lock(folder)?;
        match fs::read_to_string(folder.join("key.check")) {
            Ok(known) if known != fingerprint(key) => return Err(StoreError::WrongKey(folder.into())),
            _ => {}
        }
        Self::connect(folder, DATABASE, key, clock, lock, OpenFlags::empty())
    }

    fn connect(
        folder: &Path,
        name: &str,
        key: &StoreKey,
        clock: Arc<dyn Clock>,
        lock: fs::File,
        create: OpenFlags,
    ) -> Result<Self, StoreError> {
        let path = folder.join(name);
        let damaged = |detail: &str| StoreError::Damaged { path: path.clone(), detail: detail.into() };
        if create.is_empty() && fs::metadata(&path).map_err(io_error(&path))?.len() == 0 {
            return Err(damaged("the file is empty"));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
        let mut db = Connection::open_with_flags(&path, flags).map_err(|_| StoreError::ReadOnly(path.clone()))?;
        // Until the file was found whole, nothing is folded into it, not even when this connection is closed.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // SQLCipher would write to standard error what the errors below say in words.
        db.pragma_update(None, "cipher_log_level", "NONE")?;
        db.pragma_update(None, "key", format!("x'{}'", key.to_hex()))?;
        db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
            .map_err(|_| damaged("it cannot be read with its key"))?;
        if create.is_empty() {
            let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            if version > MIGRATIONS.len() as i64 {
                return Err(StoreError::Newer(path));
            }
            if version == 0 {
                return Err(damaged("its tables are missing"));
            }
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
        db.pragma_update(None, "temp_store", "MEMORY")?; // nothing plain in temporary files
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
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
        let mut tx = Tx {
            db: &transaction,
            media: &self.media,
            clock: &*self.clock,
            rng: &mut self.rng,
            changes: Vec::new(),
            unlinked: Vec::new(),
        };
        let out = work(&mut tx)?;
        let Tx { changes, unlinked, .. } = tx;
        // A full disk can make SQLite roll back by itself; then there is nothing to commit, even if `work` went on.
        if transaction.is_autocommit() {
            return Err(StoreError::DiskFull);
        }
        transaction.commit()?;
        for media in &unlinked {
            // The change stands; a file that stays behind is swept later.
            let _ = self.media.remove(media);
        }
        Ok((out, changes))
    }

    /// Removes media files that no row speaks of, left by a crash or a change that failed; returns how many went.
    ///
    /// # Errors
    /// File errors.
    pub fn sweep_media(&mut self) -> Result<usize, StoreError> {
        self.media.sweep(|id| {
            let row = self.db.query_row(include_str!("media/get.sql"), [id.as_str()], |_| Ok(())).optional()?;
            Ok(row.is_some())
        })
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

/// Takes the store for this process. A store that was just closed may stay taken for a moment: a child process that is being
/// started holds a copy of every open file until it becomes another program.
fn lock(folder: &Path) -> Result<fs::File, StoreError> {
    let path = folder.join("lock");
    let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io_error(&path))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(fs::TryLockError::Error(error)) => return Err(io_error(&path)(error)),
        }
    }
    Err(StoreError::InUse(folder.into()))
}

fn fingerprint(key: &StoreKey) -> String {
    blake3::hash(&key.derive(CHECK)).to_hex().to_string()
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
