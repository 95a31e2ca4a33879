//! What can go wrong with the store. Every message says what happened, what was kept and what to do.

use std::{io, path::PathBuf};

use reme_types::SuggestionId;

/// An error of the store. None of them means that something acknowledged was lost.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the store open.
    #[error("{0} is in use by another ReMe; nothing was changed. Close the other one and try again")]
    InUse(PathBuf),
    /// A store is there already.
    #[error("{0} already holds somebody's memories; nothing was changed. Open it, or choose another folder")]
    Exists(PathBuf),
    /// No store there.
    #[error("{0} holds no memories yet; nothing was changed. Create the store first, or check --data")]
    Missing(PathBuf),
    /// The key does not fit.
    #[error("the key does not open {0}; nothing was changed. Put back the key file or keyring entry it was made with")]
    WrongKey(PathBuf),
    /// The database file is damaged.
    #[error(
        "{path} is damaged ({detail}); nothing was overwritten. Keep a copy of the file and restore the last export or backup"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check found.
        detail: String,
    },
    /// Written by a newer ReMe.
    #[error("{0} was written by a newer ReMe; nothing was changed. Update ReMe and try again")]
    Newer(PathBuf),
    /// The disk is full.
    #[error(
        "the disk is full; the last change was not kept, everything before it was. Free some space and do it again"
    )]
    DiskFull,
    /// The folder or file cannot be written.
    #[error("{0} cannot be written; nothing was changed. Check its permissions, or choose another folder with --data")]
    ReadOnly(PathBuf),
    /// No such record.
    #[error("there is no {what} {id}; nothing was changed")]
    NotFound {
        /// `memory`, `person`, …
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// A suggestion that somebody has decided on already.
    #[error("suggestion {0} was accepted or dismissed already; nothing was changed. Undo that first")]
    AlreadyResolved(SuggestionId),
    /// A value that cannot be kept.
    #[error("`{field}` {problem}; nothing was changed")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong, and the fix.
        problem: String,
    },
    /// More than is kept in one piece.
    #[error(
        "`{field}` has {size_bytes} bytes and at most {limit_bytes} are kept in one piece; nothing was changed. Shorten it, or split it in two"
    )]
    TooLarge {
        /// The field.
        field: &'static str,
        /// Bytes that came.
        size_bytes: u64,
        /// Bytes that may come.
        limit_bytes: u64,
    },
    /// A media file was changed or damaged.
    #[error(
        "photo or recording {0} is damaged or was changed from outside; the rest is untouched. Add it again from its source"
    )]
    DamagedMedia(String),
    /// The key file can be read by others, or is no key.
    #[error("the key file {path} {problem}")]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and the fix.
        problem: String,
    },
    /// Reading or writing a file failed.
    #[error("{path} could not be used: {source}; nothing was changed")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Anything else SQLite says.
    #[error("the database refused: {0}; the change was not kept, everything before it was")]
    Database(String),
}

impl StoreError {
    /// A stable code for screens: `locked`, `conflict`, `not-found`, `invalid`, `too-large`, `unsupported` or `storage`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InUse(_) | Self::WrongKey(_) | Self::KeyFile { .. } => "locked",
            Self::Exists(_) | Self::AlreadyResolved(_) => "conflict",
            Self::Missing(_) | Self::NotFound { .. } => "not-found",
            Self::Invalid { .. } => "invalid",
            Self::TooLarge { .. } => "too-large",
            Self::Newer(_) => "unsupported",
            _ => "storage",
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly("the database".into()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path: "the database".into(), detail: "a page does not pass its check".into() }
            }
            // SQLite's own text names columns and constraints, never values.
            _ => Self::Database(error.to_string()),
        }
    }
}

/// A file error with its path.
pub(crate) fn io_error(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.into();
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly(path),
        _ => StoreError::Io { path, source },
    }
}
