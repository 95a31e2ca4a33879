//! What a device and the portal say to each other, and the rules both hold to.
//!
//! Where in the flow: between `reme-sync` on the device and `reme-portal` at the clinic, which both build on it.
//! What it must never do: I/O, read a clock, or know a kind of record that carries the patient's words: memories stay at home.
//!
//! The rules, each kept by a pure function here so that every peer does the same:
//! - a record has an id and a place in time ([`Hlc`]); the same id twice changes nothing ([`decide`]);
//! - what was deleted stays deleted, whatever is sent later;
//! - every record travels in an [`Envelope`] that names the consent it is sent under;
//! - at the end both sides compare a [`Digest`]; a difference leads to a full resync, never to a guess.
//!
//! ```
//! use reme_sync_protocol::{Hlc, HlcClock};
//! let mut clock = HlcClock::default();
//! let first = clock.tick(1_000);
//! let second = clock.tick(400); // the wall clock was set back
//! assert!(second > first);
//! # let _: Hlc = second;
//! ```

mod digest;
mod hlc;
mod merge;
mod message;
mod pairing;
mod payload;
mod peer;
mod record;
mod sign;

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
#[cfg(any(test, feature = "conformance"))]
pub mod in_process;

pub use digest::{CollectionDigest, Digest};
pub use hlc::{Hlc, HlcClock, ParseHlcError};
pub use merge::{Decision, Stamp, decide};
pub use message::{
    AckOutcome, ConsentNote, Cursor, DoseMessage, GameEntry, GameList, GamePlanMessage, Hello, HelloAnswer,
    PlanMessage, PlanReceipt, PullAnswer, PushAnswer, RecordAck, Refusal, RowsPage, TombstoneNote,
};
pub use pairing::{PAIRING_CODE_LETTERS, PairAnswer, PairRequest, PairingCode, PairingCodeError};
pub use payload::{AdherencePayload, DeviceFactPayload, Payload, PayloadError, SessionPayload, TrialPayload};
pub use peer::{PeerError, SyncPeer};
pub use record::{Collection, Envelope, ParseCollectionError, Record, RecordError, RowKey};
pub use sign::{
    CLOCK_WINDOW_MS, DeviceKey, PublicKey, RequestToSign, SIGNATURE_HEADERS, Signature, SignatureError, body_hash,
};

/// Version of everything in this crate; a portal refuses a device that speaks another.
pub const PROTOCOL_VERSION: u16 = 1;
/// Most records in one push; 500 trials are about 250 kB of JSON.
pub const MAX_BATCH_RECORDS: usize = 500;
/// Largest body of a device request, bytes.
pub const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
