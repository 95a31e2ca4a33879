//! Requests and answers. All JSON; times are milliseconds since 1970.

use jiff::civil::Date;
use reme_types::{ConsentId, RecordId};
use serde::{Deserialize, Serialize};

use crate::{Collection, Envelope, Hlc, RowKey, Stamp};

/// A consent as the portal gets to know it: id, what it covers, since when, until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentNote {
    /// Its id, as in the envelopes.
    pub id: ConsentId,
    /// The kind of record it covers.
    pub scope: Collection,
    /// When it was given.
    pub given_ms: i64,
    /// When it was taken back.
    pub withdrawn_ms: Option<i64>,
}

/// The first words of every sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// [`crate::PROTOCOL_VERSION`] of the device.
    pub protocol: u16,
    /// Version of the app.
    pub app_version: String,
    /// Every consent of the patient on this device, withdrawn ones too.
    pub consents: Vec<ConsentNote>,
}

/// What the portal answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelloAnswer {
    /// The portal's time, so that a device with a wrong clock can sign.
    pub server_ms: i64,
    /// The highest place in time the portal has from this device; a device restored from a backup goes on from there.
    pub highest: Option<Hlc>,
}

/// The answer to a pushed batch, one entry a record, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// What became of each.
    pub acks: Vec<RecordAck>,
}

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordAck {
    /// Which.
    pub id: RecordId,
    /// What.
    pub outcome: AckOutcome,
}

/// What became of a record. The first three acknowledge it: it need never be sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome", content = "why")]
pub enum AckOutcome {
    /// Kept, and on disk.
    Stored,
    /// Was here already.
    Duplicate,
    /// Something later stands: this is its stamp.
    Superseded(Stamp),
    /// Not kept; sending it again as it is will not help.
    Refused(Refusal),
}

/// Why something was refused. Codes, so that a screen can say it in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "code")]
pub enum Refusal {
    /// No such pairing code.
    CodeUnknown,
    /// The code was used.
    CodeUsed,
    /// The code has run out.
    CodeExpired,
    /// The portal does not know this device, or it was unpaired.
    NotPaired,
    /// The signature does not fit.
    Signature,
    /// Another version of the protocol is needed.
    Protocol {
        /// The portal's.
        needed: u16,
    },
    /// No consent in force covers this kind of record.
    Consent,
    /// Something in the request is not as it must be.
    Invalid {
        /// Which field.
        field: String,
        /// What is the matter with it.
        problem: String,
    },
    /// The request is larger than the portal takes.
    TooLarge,
}

/// Where a pull goes on: counts the portal's changes for this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub i64);

/// One prescribed game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GamePlanMessage {
    /// Slug.
    pub game: String,
    /// Lowest level the engine may choose.
    pub min_level: u8,
    /// Highest level the engine may choose.
    pub max_level: u8,
}

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseMessage {
    /// Sessions a week.
    pub sessions_per_week: u8,
    /// Minutes a session.
    pub session_minutes: u16,
    /// Minutes a day at most.
    pub daily_cap_minutes: u16,
}

/// A plan on its way to the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanMessage {
    /// The clinic's version; counts up with every change.
    pub version: u32,
    /// Games in order of preference.
    pub games: Vec<GamePlanMessage>,
    /// How much.
    pub dose: DoseMessage,
    /// Language of the sessions, `en` or `zh-CN`; `None` leaves it as it is.
    pub language: Option<String>,
    /// First day it holds.
    pub starts_on: Option<Date>,
    /// Last day it holds.
    pub ends_on: Option<Date>,
    /// Name of the clinician who set it.
    pub set_by: String,
    /// When it was set.
    pub set_ms: i64,
}

/// The device has put this plan in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReceipt {
    /// Which version.
    pub version: u32,
    /// When, by the device's clock.
    pub taken_ms: i64,
}

/// One game of the clinic's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameEntry {
    /// Slug.
    pub game: String,
    /// Version of its template.
    pub template_version: String,
    /// Whether it may be played.
    pub enabled: bool,
}

/// The games of the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameList {
    /// Counts up with every change.
    pub version: u32,
    /// The games.
    pub games: Vec<GameEntry>,
}

/// A row of this device that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TombstoneNote {
    /// Which.
    pub key: RowKey,
    /// The change that removed it.
    pub stamp: Stamp,
}

/// What is new for the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullAnswer {
    /// The plan in force, when there is one.
    pub plan: Option<PlanMessage>,
    /// The clinic's games, when it keeps a list.
    pub games: Option<GameList>,
    /// Rows that have gone since the cursor.
    pub tombstones: Vec<TombstoneNote>,
    /// Where to go on.
    pub cursor: Cursor,
    /// Whether there is more at once.
    pub more: bool,
}

/// A page of the rows the portal has from this device, for a full resync.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowsPage {
    /// Rows in order of their keys, tombstones among them.
    pub rows: Vec<Envelope>,
    /// Ask again after this key; `None` at the end.
    pub next: Option<RowKey>,
}
