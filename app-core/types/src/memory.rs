//! What a person's life is kept as: memories, their askable facts, and the people and places in them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ConsentId, FactId, Language, MediaId, MemoryId, PersonId, PlaceId, When};

/// The one person a store belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Patient {
    /// Name as the patient likes to be called.
    pub name: String,
    /// Language of the sessions.
    pub language: Language,
    /// IANA name of the home time zone, such as `Europe/London`.
    pub time_zone: String,
    /// Day of birth, where known; never shown to anybody but the patient and the carer.
    pub born_on: Option<Date>,
}

/// Something that happened, or something that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemoryKind {
    /// It happened once, at a time.
    Episode,
    /// It holds: an allergy, a birthday, where the keys hang.
    Fact,
}

/// Who put the memory in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The patient.
    Patient,
    /// Family or a helper.
    Caregiver,
    /// A watch or another sensor.
    Wearable,
}

/// Whether a memory may be trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// May be asked about.
    #[default]
    Ordinary,
    /// Painful: kept and searchable by the carer, never picked for training.
    Sensitive,
}

/// What the patient agreed to for one kind of record.
#[derive(Debug, Clone, PartialEq)]
pub struct Consent {
    /// Goes into the envelope of everything sent under it (invariant 7).
    pub id: ConsentId,
    /// What it covers, such as `trials` or `memories-backup`.
    pub scope: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was taken back, if it was.
    pub withdrawn_at: Option<Timestamp>,
}

/// A memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    /// Id, a UUIDv7.
    pub id: MemoryId,
    /// The id it had where it was imported from, such as `de001`; unique within the store.
    pub external_id: Option<String>,
    /// Episode or fact.
    pub kind: MemoryKind,
    /// When it happened; `None` for facts and where nobody knows.
    pub happened_at: Option<When>,
    /// When it was first told to ReMe (local time of the teller for imports).
    pub recorded_at: When,
    /// The note, as spoken or typed.
    pub text: String,
    /// Who was there or is meant, except the patient.
    pub people: Vec<PersonId>,
    /// Where.
    pub place: Option<PlaceId>,
    /// Free labels, lower case. `sensitive` is kept as [`Sensitivity`], not as a tag.
    pub tags: BTreeSet<String>,
    /// Who told it.
    pub source: Source,
    /// May it be trained on?
    pub sensitivity: Sensitivity,
    /// The consent under which it may leave the device; `None` keeps it at home.
    pub consent: Option<ConsentId>,
    /// Photos and recordings, in order.
    pub media: Vec<MediaId>,
    /// When it was put in the bin; kept until the bin is emptied so that deleting can be undone.
    pub deleted_at: Option<Timestamp>,
}

/// What an askable detail is about; chooses the meaning cue and the distractors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// Who.
    Person,
    /// Where.
    Place,
    /// When.
    Time,
    /// Something to eat or drink.
    Food,
    /// What was done.
    Activity,
    /// How many, how much.
    Number,
    /// An animal.
    Animal,
    /// A thing, or anything else.
    Thing,
}

/// Who proposed a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactOrigin {
    /// Rules over the text.
    Rule,
    /// The language model; shown to the carer as a suggestion.
    Model,
    /// Somebody wrote or corrected it by hand.
    Person,
}

/// One askable detail of a memory: a question with an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryFact {
    /// Id.
    pub id: FactId,
    /// The memory it is part of.
    pub memory_id: MemoryId,
    /// What it is about.
    pub kind: FactKind,
    /// The question as put to the patient; its wording stays the same each time.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Other wordings that count.
    pub aliases: Vec<String>,
    /// A hint at the meaning that does not give the answer away, such as "a kind of cake".
    pub meaning_cue: Option<String>,
    /// Who proposed it.
    pub origin: FactOrigin,
    /// Whether the carer has looked at it.
    pub confirmed: bool,
}

/// Which rendering of a photo is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaRole {
    /// The bytes as they came.
    Original,
    /// At most 1600 px on the long side, upright.
    Screen,
    /// At most 320 px on the long side, upright.
    Thumb,
    /// A blurred part of the screen copy: cue rung 4.
    Blurred,
}

/// Somebody in the patient's life.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// The one name used throughout.
    pub name: String,
    /// Relation to the patient as said at home: `daughter`, `女儿`; may be empty.
    pub relation: String,
    /// Other names the patient uses.
    pub aliases: Vec<String>,
    /// A photo of the face, if there is one.
    pub photo: Option<MediaId>,
}

/// A place in the patient's life.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Id.
    pub id: PlaceId,
    /// The name used at home.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Latitude and longitude in degrees (WGS 84), from a photo or typed.
    pub position: Option<(f64, f64)>,
}
