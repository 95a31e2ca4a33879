//! A record and the envelope it travels in.

use std::{fmt, str::FromStr};

use reme_types::{ConsentId, DeviceId, RecordId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Hlc, Payload, PayloadError};

/// Longest row id, bytes; a UUID has 36.
const MAX_ROW_BYTES: usize = 80;

/// A kind of record that may leave the device. Memories, people, media and words are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Collection {
    /// Rows of the trial log.
    Trials,
    /// Sessions as they stand.
    Sessions,
    /// What was planned and done, by day.
    Adherence,
    /// Versions and state of the device.
    DeviceFacts,
}

/// The name is no collection that may leave the device.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this kind of record does not leave the device")]
pub struct ParseCollectionError;

impl Collection {
    /// Every kind, in the order they are sent.
    pub const ALL: [Self; 4] = [Self::DeviceFacts, Self::Sessions, Self::Trials, Self::Adherence];

    /// The stable name; also the scope a consent must cover.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Trials => "trials",
            Self::Sessions => "sessions",
            Self::Adherence => "adherence",
            Self::DeviceFacts => "device-facts",
        }
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Collection {
    type Err = ParseCollectionError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|collection| collection.slug() == text).ok_or(ParseCollectionError)
    }
}

/// Which row of which collection.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowKey {
    /// The collection.
    pub collection: Collection,
    /// The row's id: a UUID, a day or a fact's key.
    pub row: String,
}

/// One change of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Id, a UUIDv7; the same change keeps it however often it is sent.
    pub id: RecordId,
    /// The device it was made on.
    pub device: DeviceId,
    /// Its place in that device's time.
    pub hlc: Hlc,
    /// Kind of row.
    pub collection: Collection,
    /// Which row.
    pub row: String,
    /// What the row is now; `None` is a tombstone: the row is gone, for good.
    pub payload: Option<Payload>,
}

/// A record on its way. Nothing leaves the device without the consent that covers it (invariant 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// The consent it is sent under.
    pub consent: ConsentId,
    /// The record.
    pub record: Record,
}

/// A record that is not whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError {
    /// The row id is empty, too long, or holds odd characters.
    #[error("row is no short id of letters, digits and -_.")]
    Row,
    /// The payload belongs to another collection.
    #[error("payload is of another kind than the collection says")]
    Kind,
    /// The payload may not travel.
    #[error(transparent)]
    Payload(#[from] PayloadError),
}

impl Record {
    /// Where it belongs.
    pub fn key(&self) -> RowKey {
        RowKey { collection: self.collection, row: self.row.clone() }
    }

    /// Whether it is whole and may travel.
    ///
    /// # Errors
    /// Names what is the matter, never a value.
    pub fn check(&self) -> Result<(), RecordError> {
        let fits = !self.row.is_empty()
            && self.row.len() <= MAX_ROW_BYTES
            && self.row.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if !fits {
            return Err(RecordError::Row);
        }
        let Some(payload) = &self.payload else { return Ok(()) };
        let kind_fits = match (self.collection, payload) {
            (Collection::Trials | Collection::Sessions, Payload::Trial(_) | Payload::Session(_)) => {
                uuid::Uuid::parse_str(&self.row).is_ok()
                    && (self.collection == Collection::Trials) == matches!(payload, Payload::Trial(_))
            }
            (Collection::Adherence, Payload::Adherence(day)) => day.day.to_string() == self.row,
            (Collection::DeviceFacts, Payload::DeviceFact(fact)) => fact.key == self.row,
            _ => false,
        };
        if !kind_fits {
            return Err(RecordError::Kind);
        }
        Ok(payload.check()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::sample;

    #[test]
    fn every_kind_of_record_survives_being_written_and_read() {
        for record in sample::one_of_each() {
            assert_eq!(record.check(), Ok(()));
            let envelope = Envelope { consent: sample::consent(record.collection).id, record };
            let text = serde_json::to_string(&envelope).expect("plain data");
            assert_eq!(serde_json::from_str::<Envelope>(&text).expect("written by us"), envelope);
        }
    }

    #[test]
    fn a_payload_under_another_name_is_refused() {
        let mut record = sample::one_of_each().remove(0);
        record.collection =
            if record.collection == Collection::Trials { Collection::Sessions } else { Collection::Trials };
        assert_eq!(record.check(), Err(RecordError::Kind));
        record.row = "../../etc".into();
        assert_eq!(record.check(), Err(RecordError::Row));
    }

    #[test]
    fn no_collection_is_called_memories() {
        for home in ["memories", "people", "places", "media", "facts", "transcript", "settings", "patient"] {
            assert!(home.parse::<Collection>().is_err(), "{home}");
        }
    }
}
