//! Records that only the store has, and how values are written in rows.

use std::{collections::BTreeMap, str::FromStr};

use jiff::Timestamp;
use reme_types::{MemoryId, MemoryKind, PersonId, PlaceId, Plan, RecordId, SessionId, Source, When};
use rusqlite::types::Type;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionState {
    /// Begun and not ended: it is resumed.
    Running,
    /// Played to its end.
    Done,
    /// Ended early by the patient.
    Stopped,
}

/// A training session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Id.
    pub id: SessionId,
    /// How it stands.
    pub state: SessionState,
    /// The plan it follows, as it was when it began.
    pub plan: Plan,
    /// Seed of every choice in it.
    pub seed: u64,
    /// Versions of the templates it began with, by slug.
    pub template_versions: BTreeMap<String, String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Seconds of it that were played.
    pub seconds: u32,
}

/// An input of a session, as it was taken; the session is rebuilt from these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEvent {
    /// 0, 1, 2 …
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// JSON; its shape is the session runner's.
    pub payload: String,
}

/// One line of a session's conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptLine {
    /// `reme` or `patient`.
    pub who: String,
    /// The words.
    pub text: String,
    /// Where the words came from, for ReMe's lines.
    pub origin: Option<String>,
}

/// Something that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Id of this record in the outbox.
    pub record_id: RecordId,
    /// `memories`, `people`, `trials`, …
    pub collection: &'static str,
    /// Which row.
    pub row_id: String,
    /// `put` or `remove`.
    pub op: &'static str,
}

/// Which memories are wanted; the default is every one not in the bin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryFilter {
    /// Happened on or after its first day.
    pub from: Option<When>,
    /// Happened on or before its last day.
    pub to: Option<When>,
    /// Names this person.
    pub person: Option<PersonId>,
    /// At this place.
    pub place: Option<PlaceId>,
    /// With this tag.
    pub tag: Option<String>,
    /// Of this kind.
    pub kind: Option<MemoryKind>,
    /// Told by.
    pub source: Option<Source>,
    /// Only what lies in the bin.
    pub only_deleted: bool,
    /// Never a sensitive one.
    pub only_trainable: bool,
    /// This one.
    pub id: Option<MemoryId>,
    /// The one imported under this id.
    pub external_id: Option<String>,
}

/// A unit variant as its word: `MemoryKind::Episode` → `episode`.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("only unit variants with plain names are written as words"),
    }
}

pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own records have string keys and finite numbers")
}

fn broken(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// Reads a column of a row in the form it was written in.
pub(crate) trait Columns {
    fn word<T: DeserializeOwned>(&self, column: usize) -> rusqlite::Result<T>;
    fn json<T: DeserializeOwned>(&self, column: usize) -> rusqlite::Result<T>;
    fn parsed<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(&self, column: usize) -> rusqlite::Result<T>;
    fn maybe<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: usize,
    ) -> rusqlite::Result<Option<T>>;
}

impl Columns for rusqlite::Row<'_> {
    fn word<T: DeserializeOwned>(&self, column: usize) -> rusqlite::Result<T> {
        serde_json::from_value(serde_json::Value::String(self.get(column)?)).map_err(|e| broken(column, e))
    }

    fn json<T: DeserializeOwned>(&self, column: usize) -> rusqlite::Result<T> {
        serde_json::from_str(&self.get::<_, String>(column)?).map_err(|e| broken(column, e))
    }

    fn parsed<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(&self, column: usize) -> rusqlite::Result<T> {
        self.get::<_, String>(column)?.parse().map_err(|e| broken(column, e))
    }

    fn maybe<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
        &self,
        column: usize,
    ) -> rusqlite::Result<Option<T>> {
        self.get::<_, Option<String>>(column)?.map(|text| text.parse().map_err(|e| broken(column, e))).transpose()
    }
}

/// A time with nine decimals, so that the order of the text is the order of time.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{at:.9}")
}
