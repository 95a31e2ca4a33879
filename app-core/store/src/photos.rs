//! What was seen in photos and is kept beside the memories: that they were looked at, by what they are known again, where and
//! when they were taken, and the words in them that the carer has accepted.
//!
//! What it must never do: mix words read from a photo into what somebody told.

use reme_types::{MediaId, MemoryId, PlaceId, When};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    error::StoreError,
    records::{Columns, instant},
    store::Store,
    tx::{MAX_TEXT_BYTES, Tx},
};

/// By what a photo is known again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoMark {
    /// The photo.
    pub media: MediaId,
    /// Of its coarse light and dark, 64 bits; photos that look the same differ in few of them.
    pub hash: u64,
    /// Model and version that made the vector.
    pub source: String,
    /// What it shows, of length 127 when taken as a vector; empty when no model was there.
    pub vector: Vec<i8>,
}

/// What the camera wrote into a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoOrigin {
    /// The photo.
    pub media: MediaId,
    /// When it was taken, by the camera's clock.
    pub taken_at: Option<When>,
    /// Latitude and longitude in degrees (WGS 84).
    pub position: Option<(f64, f64)>,
}

/// A photo of a memory that has a place, and knows where it was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedPhoto {
    /// The memory's place.
    pub place: PlaceId,
    /// Latitude and longitude of the photo, in degrees.
    pub position: (f64, f64),
}

/// Accepted words of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoText {
    /// The memory in which they are found.
    pub memory: MemoryId,
    /// The photo.
    pub media: MediaId,
    /// The words, a line each.
    pub text: String,
}

pub(crate) fn texts(db: &Connection, of: Option<MemoryId>) -> Result<Vec<PhotoText>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("photos/texts.sql"))?;
    let rows = statement.query_map([of.map(|m| m.to_string())], |row| {
        Ok(PhotoText { memory: row.parsed(0)?, media: row.parsed(1)?, text: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Store {
    /// Photos of memories (not of those in the bin) that were not looked at by `source` yet, the oldest memory first.
    ///
    /// # Errors
    /// What the database says.
    pub fn photos_not_looked_at(&self, source: &str) -> Result<Vec<(MemoryId, MediaId)>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("photos/not_looked.sql"))?;
        let rows = statement.query_map([source], |row| Ok((row.parsed(0)?, row.parsed(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Memories (not those in the bin) that show a photo, the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn memories_showing(&self, media: &MediaId) -> Result<Vec<MemoryId>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("photos/memories_showing.sql"))?;
        let rows = statement.query_map([media.as_str()], |row| row.parsed(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The id these bytes have, or would have if they were kept.
    pub fn media_id_of(&self, bytes: &[u8]) -> MediaId {
        self.media.id_of(bytes)
    }

    /// Whether any memory shows a photo, one in the bin too.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_shown(&self, media: &MediaId) -> Result<bool, StoreError> {
        let sql = include_str!("photos/is_shown.sql");
        Ok(self.db.query_row(sql, [media.as_str()], |row| row.get(0))?)
    }

    /// By what every photo is known again.
    ///
    /// # Errors
    /// What the database says.
    pub fn photo_marks(&self) -> Result<Vec<PhotoMark>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("photos/marks.sql"))?;
        let rows = statement.query_map([], |row| {
            let bytes: Vec<u8> = row.get(3)?;
            let vector = bytes.into_iter().map(|b| i8::from_le_bytes([b])).collect();
            let hash = row.get::<_, i64>(1)?.cast_unsigned();
            Ok(PhotoMark { media: row.parsed(0)?, hash, source: row.get(2)?, vector })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What the camera wrote into a photo; `None` when nobody has looked yet.
    ///
    /// # Errors
    /// What the database says.
    pub fn photo_origin(&self, media: &MediaId) -> Result<Option<PhotoOrigin>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("photos/origin.sql"))?;
        let origin = statement.query_row([media.as_str()], |row| {
            let position = row.get::<_, Option<f64>>(2)?.zip(row.get::<_, Option<f64>>(3)?);
            Ok(PhotoOrigin { media: row.parsed(0)?, taken_at: row.maybe(1)?, position })
        });
        Ok(origin.optional()?)
    }

    /// Photos that know where they were taken, of memories (not those in the bin) that have a place.
    ///
    /// # Errors
    /// What the database says.
    pub fn placed_photos(&self) -> Result<Vec<PlacedPhoto>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("photos/placed.sql"))?;
        let rows = statement
            .query_map([], |row| Ok(PlacedPhoto { place: row.parsed(0)?, position: (row.get(1)?, row.get(2)?) }))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Accepted words of photos, of one memory or of all.
    ///
    /// # Errors
    /// What the database says.
    pub fn photo_texts(&self, of: Option<MemoryId>) -> Result<Vec<PhotoText>, StoreError> {
        texts(&self.db, of)
    }
}

impl Tx<'_> {
    /// Says that a photo was looked at by `source`.
    ///
    /// # Errors
    /// A photo that is not there.
    pub fn mark_looked_at(&mut self, media: &MediaId, source: &str) -> Result<(), StoreError> {
        let row = params![media.as_str(), source, instant(self.clock.now())];
        self.db()?.prepare_cached(include_str!("photos/look.sql"))?.execute(row)?;
        Ok(())
    }

    /// Keeps by what a photo is known again.
    ///
    /// # Errors
    /// A photo that is not there.
    pub fn put_photo_mark(&mut self, mark: &PhotoMark) -> Result<(), StoreError> {
        let bytes: Vec<u8> = mark.vector.iter().flat_map(|x| x.to_le_bytes()).collect();
        let row = params![mark.media.as_str(), mark.hash.cast_signed(), mark.source, bytes];
        self.db()?.prepare_cached(include_str!("photos/put_mark.sql"))?.execute(row)?;
        Ok(())
    }

    /// Keeps what the camera wrote into a photo. It leaves no row in the outbox: the photo says it itself.
    ///
    /// # Errors
    /// A photo that is not there.
    pub fn put_photo_origin(&mut self, origin: &PhotoOrigin) -> Result<(), StoreError> {
        let (latitude, longitude) = origin.position.unzip();
        let row = params![origin.media.as_str(), origin.taken_at.map(|w| w.to_string()), latitude, longitude];
        self.db()?.prepare_cached(include_str!("photos/put_origin.sql"))?.execute(row)?;
        Ok(())
    }

    /// The accepted words of a photo in a memory, as they stand in this transaction.
    ///
    /// # Errors
    /// What the database says.
    pub fn photo_text(&self, memory: MemoryId, media: &MediaId) -> Result<Option<String>, StoreError> {
        let kept = texts(self.db()?, Some(memory))?.into_iter().find(|text| text.media == *media);
        Ok(kept.map(|text| text.text))
    }

    /// Keeps accepted words of a photo, so that its memory is found by them; an empty text removes them.
    ///
    /// # Errors
    /// Too long a text; a memory or photo that is not there.
    pub fn set_photo_text(&mut self, text: &PhotoText) -> Result<(), StoreError> {
        if text.text.len() > MAX_TEXT_BYTES {
            let (size_bytes, limit_bytes) = (text.text.len() as u64, MAX_TEXT_BYTES as u64);
            return Err(StoreError::TooLarge { field: "text", size_bytes, limit_bytes });
        }
        let (memory, media) = (text.memory.to_string(), text.media.as_str());
        if text.text.trim().is_empty() {
            self.db()?.execute(include_str!("photos/remove_text.sql"), params![memory, media])?;
        } else {
            self.db()?.execute(include_str!("photos/put_text.sql"), params![memory, media, text.text])?;
        }
        self.index(text.memory)?;
        self.changed("photo_texts", memory, "put")
    }
}
