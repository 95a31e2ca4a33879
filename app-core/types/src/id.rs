//! Newtype ids, so that a person's id can never be handed in where a memory's is meant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{Clock, Rng};

/// The text was not an id of the expected form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a {what} id: a UUID such as 019a7c3e-0000-7000-8000-000000000000 is needed")]
pub struct ParseIdError {
    what: &'static str,
    text: String,
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new UUIDv7, ordered by the clock given (RFC 9562 §5.7).
            pub fn new(clock: &dyn Clock, rng: &mut dyn Rng) -> Self {
                Self(new_uuid_v7(clock, rng))
            }

            /// Wraps an id read from storage.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for storage.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self).map_err(|_| ParseIdError { what: $what, text: text.into() })
            }
        }
    )*};
}

uuid_id! {
    /// A memory.
    MemoryId, "memory";
    /// One askable detail of a memory.
    FactId, "fact";
    /// Somebody in the patient's life.
    PersonId, "person";
    /// A place in the patient's life.
    PlaceId, "place";
    /// A training session.
    SessionId, "session";
    /// One trial of a session.
    TrialId, "trial";
    /// A consent that was given.
    ConsentId, "consent";
    /// This device.
    DeviceId, "device";
    /// A suggestion to the carer.
    SuggestionId, "suggestion";
    /// A face in a photo.
    FaceId, "face";
    /// Faces that look like one person.
    FaceGroupId, "face group";
    /// A record in the outbox.
    RecordId, "record";
}

/// The address of a photo or recording: the keyed BLAKE3 hash of its plain bytes, 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaId(String);

impl MediaId {
    /// The hash as lower-case hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for MediaId {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let well_formed = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if well_formed { Ok(Self(text.into())) } else { Err(ParseIdError { what: "media", text: text.into() }) }
    }
}

/// A UUIDv7 from a clock and a source of chance that the caller holds.
pub fn new_uuid_v7(clock: &dyn Clock, rng: &mut dyn Rng) -> Uuid {
    let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    let mut tail = [0u8; 10];
    tail[..8].copy_from_slice(&rng.next_u64().to_le_bytes());
    tail[8..].copy_from_slice(&rng.next_u64().to_le_bytes()[..2]);
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}
