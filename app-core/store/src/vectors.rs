//! Vectors of memories: made by a model on this device, kept so that they are made once. They leave no row in the outbox, because
//! they say nothing the text does not, and are never sent.

use reme_types::MemoryId;
use rusqlite::{OptionalExtension, params};

use crate::{error::StoreError, records::Columns, store::Store, tx::Tx};

/// One row of the log of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedChange {
    /// Its place in the log; grows.
    pub seq: i64,
    /// `memories`, `people`, …
    pub collection: String,
    /// Which row.
    pub row_id: String,
    /// `put`, `remove`, …
    pub op: String,
}

impl Tx<'_> {
    /// Keeps the vector of a memory, made by the model with this sha256; it goes when the memory's text changes or the memory does.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such memory.
    pub fn put_vector(&mut self, memory: MemoryId, model: &str, numbers: &[u8]) -> Result<(), StoreError> {
        let id = memory.to_string();
        let known = self.db()?.query_row("SELECT 1 FROM memories WHERE id = ?1", [&id], |_| Ok(())).optional()?;
        known.ok_or_else(|| StoreError::NotFound { what: "memory", id: id.clone() })?;
        self.db()?.prepare_cached(include_str!("vectors/put.sql"))?.execute(params![id, model, numbers])?;
        Ok(())
    }
}

impl Store {
    /// The vectors that the model with this sha256 made.
    ///
    /// # Errors
    /// What the database says.
    pub fn vectors(&self, model: &str) -> Result<Vec<(MemoryId, Vec<u8>)>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("vectors/select.sql"))?;
        let rows = statement.query_map([model], |row| Ok((row.parsed(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What was changed after this place of the log, oldest first; 0 is before everything.
    ///
    /// # Errors
    /// What the database says.
    pub fn changes_since(&self, seq: i64) -> Result<Vec<LoggedChange>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("outbox/since.sql"))?;
        let rows = statement.query_map([seq], |row| {
            Ok(LoggedChange { seq: row.get(0)?, collection: row.get(1)?, row_id: row.get(2)?, op: row.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
