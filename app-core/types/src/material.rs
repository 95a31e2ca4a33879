//! What a game is given to ask about: prepared by the façade from store and retrieval, so that
//! `reme-games` needs neither.

use serde::{Deserialize, Serialize};

use crate::{Expected, FactId, FactKind, MediaId, MemoryId, When};

/// Somebody named in a memory, with what is needed to understand "my daughter".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    /// The one name.
    pub name: String,
    /// Relation to the patient, as said at home; may be empty.
    pub relation: String,
    /// Other names.
    pub aliases: Vec<String>,
}

/// One askable detail, ready to be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactItem {
    /// Which fact.
    pub id: FactId,
    /// What it is about.
    pub kind: FactKind,
    /// The question; same wording each time.
    pub question: String,
    /// What the answer is held against.
    pub expected: Expected,
    /// A hint at the meaning, if somebody wrote one.
    pub meaning_cue: Option<String>,
    /// Two other answers of the same kind, for the choice rung; fewer when the life log holds fewer.
    pub distractors: Vec<String>,
}

/// One memory, ready to be talked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemoryItem {
    /// Which memory.
    pub id: MemoryId,
    /// When it happened.
    pub happened_at: Option<When>,
    /// Where.
    pub place: Option<String>,
    /// Who was there.
    pub people: Vec<PersonRef>,
    /// The note itself: grounds for what may be said.
    pub text: String,
    /// The photo, if there is one.
    pub photo: Option<MediaId>,
    /// Askable details, in the order to be asked.
    pub facts: Vec<FactItem>,
}
