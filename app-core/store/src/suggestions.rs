//! The inbox of suggestions: what somebody should look at before it counts.
//!
//! Where in the flow: seeing, sensing and the language model put suggestions in, the carer accepts or dismisses them, the
//! façade carries out what was accepted. What it must never do: offer the same thing twice, or carry anything out by itself.

use jiff::Timestamp;
use reme_types::{MediaId, MemoryId, PersonId, SuggestionId};
use rusqlite::{Connection, Row, named_params, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    error::StoreError,
    records::{Columns, instant, json, word},
    store::Store,
    tx::Tx,
};

/// Largest payload of a suggestion, bytes of JSON; a page of read text with its places is some 20 000.
const MAX_PAYLOAD_BYTES: usize = 256 * 1024;

/// What kind of thing is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuggestionKind {
    /// A whole memory, from sensors or a calendar.
    Draft,
    /// Faces that look like one person: who is it?
    FaceGroup,
    /// This person is in the photo.
    Person,
    /// A place the memory is about.
    Place,
    /// Words read from a photo.
    Text,
    /// A thing in a photo, as a label.
    Thing,
    /// What the whole photo shows, in a sentence.
    Caption,
    /// Two photos show the same.
    SamePhoto,
    /// An askable detail.
    Fact,
    /// Another name of somebody or some place.
    Name,
}

/// How a suggestion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuggestionState {
    /// Nobody has looked at it.
    Open,
    /// It holds.
    Accepted,
    /// It does not, or is not wanted.
    Dismissed,
}

/// A suggestion to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSuggestion {
    /// What kind.
    pub kind: SuggestionKind,
    /// What it is about, unique: `text:<media id>`, `draft:<source>:<start>`. Whatever was offered about this before, and
    /// whatever became of it, it is not offered again.
    pub about: String,
    /// The memory it would change; it goes when that memory goes.
    pub memory: Option<MemoryId>,
    /// The photo or recording it was found in.
    pub media: Option<MediaId>,
    /// Whom it names; it goes when that person goes.
    pub person: Option<PersonId>,
    /// The rest; its shape belongs to the kind.
    pub payload: Value,
    /// What found it, with its version: `faces/face-api-1.7.15`.
    pub source: String,
    /// 0..=1: how often such a suggestion is right.
    pub confidence: f64,
}

/// A suggestion as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Id.
    pub id: SuggestionId,
    /// What is suggested.
    pub what: NewSuggestion,
    /// How it stands.
    pub state: SuggestionState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was accepted or dismissed.
    pub resolved_at: Option<Timestamp>,
    /// What accepting it changed, in the words of whoever carried it out; what an undo needs.
    pub effect: Option<Value>,
}

/// Which suggestions are wanted; the default is every one that hangs on no memory in the bin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuggestionFilter {
    /// Only in this state.
    pub state: Option<SuggestionState>,
    /// Only of this kind.
    pub kind: Option<SuggestionKind>,
    /// Only for this memory.
    pub memory: Option<MemoryId>,
    /// Only from this photo.
    pub media: Option<MediaId>,
    /// Only those that name this person.
    pub person: Option<PersonId>,
    /// Only the one about this.
    pub about: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

fn suggestion(row: &Row<'_>) -> rusqlite::Result<Suggestion> {
    let effect: Option<String> = row.get(12)?;
    Ok(Suggestion {
        id: row.parsed(0)?,
        what: NewSuggestion {
            kind: row.word(1)?,
            about: row.get(2)?,
            memory: row.maybe(3)?,
            media: row.maybe(4)?,
            person: row.maybe(5)?,
            payload: row.json(6)?,
            source: row.get(7)?,
            confidence: row.get(8)?,
        },
        state: row.word(9)?,
        created_at: row.parsed(10)?,
        resolved_at: row.maybe(11)?,
        effect: effect.map(|_| row.json(12)).transpose()?,
    })
}

fn select(db: &Connection, id: Option<SuggestionId>, filter: &SuggestionFilter) -> Result<Vec<Suggestion>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("suggestions/select.sql"))?;
    let rows = statement.query_map(
        named_params! {
            ":id": id.map(|i| i.to_string()),
            ":state": filter.state.map(word),
            ":kind": filter.kind.map(word),
            ":memory": filter.memory.map(|m| m.to_string()),
            ":media": filter.media.as_ref().map(MediaId::as_str),
            ":person": filter.person.map(|p| p.to_string()),
            ":about": filter.about,
            ":limit": filter.limit.map_or(-1, i64::from),
        },
        suggestion,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn one(db: &Connection, id: SuggestionId) -> Result<Suggestion, StoreError> {
    let found = select(db, Some(id), &SuggestionFilter::default())?.pop();
    found.ok_or(StoreError::NotFound { what: "suggestion", id: id.to_string() })
}

impl Store {
    /// Suggestions, the latest first. Those of a memory in the bin are left out until it is taken out again.
    ///
    /// # Errors
    /// What the database says.
    pub fn suggestions(&self, filter: &SuggestionFilter) -> Result<Vec<Suggestion>, StoreError> {
        select(&self.db, None, filter)
    }

    /// One suggestion.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn suggestion(&self, id: SuggestionId) -> Result<Suggestion, StoreError> {
        one(&self.db, id)
    }

    /// How many suggestions are open, by kind.
    ///
    /// # Errors
    /// What the database says.
    pub fn count_open_suggestions(&self) -> Result<Vec<(SuggestionKind, u32)>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("suggestions/count.sql"))?;
        let rows = statement.query_map([], |row| Ok((row.word(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Puts a suggestion into the inbox. `None` when the same was offered before, whatever became of it.
    ///
    /// # Errors
    /// A confidence outside 0..=1, an empty `about`, a payload that is too large, a memory, photo or person that is not there.
    pub fn put_suggestion(&mut self, what: &NewSuggestion) -> Result<Option<SuggestionId>, StoreError> {
        if !(0.0..=1.0).contains(&what.confidence) {
            let problem = "is not between 0 and 1".into();
            return Err(StoreError::Invalid { field: "confidence", problem });
        }
        if what.about.trim().is_empty() {
            let problem = "is empty: say what it is about, so that it is offered once only".into();
            return Err(StoreError::Invalid { field: "about", problem });
        }
        let payload = json(&what.payload);
        if payload.len() > MAX_PAYLOAD_BYTES {
            let (size_bytes, limit_bytes) = (payload.len() as u64, MAX_PAYLOAD_BYTES as u64);
            return Err(StoreError::TooLarge { field: "payload", size_bytes, limit_bytes });
        }
        let id = SuggestionId::from_uuid(self.new_uuid());
        let added = self.db()?.prepare_cached(include_str!("suggestions/put.sql"))?.execute(params![
            id.to_string(),
            word(what.kind),
            what.about,
            what.memory.map(|m| m.to_string()),
            what.media.as_ref().map(MediaId::as_str),
            what.person.map(|p| p.to_string()),
            payload,
            what.source,
            what.confidence,
            instant(self.clock.now()),
        ])?;
        if added == 0 {
            return Ok(None);
        }
        self.changed("suggestions", id, "put")?;
        Ok(Some(id))
    }

    /// Marks an open suggestion as accepted. `effect` is what the caller changed for it, in this same transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::AlreadyResolved`].
    pub fn accept_suggestion(&mut self, id: SuggestionId, effect: &Value) -> Result<(), StoreError> {
        self.resolve_suggestion(id, SuggestionState::Accepted, Some(json(effect)))
    }

    /// Marks an open suggestion as dismissed; it is not offered again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::AlreadyResolved`].
    pub fn dismiss_suggestion(&mut self, id: SuggestionId) -> Result<(), StoreError> {
        self.resolve_suggestion(id, SuggestionState::Dismissed, None)
    }

    /// Opens an accepted or dismissed suggestion again, and returns it as it stood, with its effect; the caller takes that
    /// back in this same transaction. An open one is returned as it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn undo_suggestion(&mut self, id: SuggestionId) -> Result<Suggestion, StoreError> {
        let stood = one(self.db()?, id)?;
        if self.db()?.execute(include_str!("suggestions/reopen.sql"), [id.to_string()])? > 0 {
            self.changed("suggestions", id, "put")?;
        }
        Ok(stood)
    }

    /// Removes a suggestion for good; the same may then be offered again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn remove_suggestion(&mut self, id: SuggestionId) -> Result<(), StoreError> {
        if self.db()?.execute(include_str!("suggestions/remove.sql"), [id.to_string()])? == 0 {
            return Err(StoreError::NotFound { what: "suggestion", id: id.to_string() });
        }
        self.changed("suggestions", id, "remove")
    }

    /// Suggestions as they stand in this transaction; see [`Store::suggestions`].
    ///
    /// # Errors
    /// What the database says.
    pub fn suggestions(&self, filter: &SuggestionFilter) -> Result<Vec<Suggestion>, StoreError> {
        select(self.db()?, None, filter)
    }

    fn resolve_suggestion(
        &mut self,
        id: SuggestionId,
        state: SuggestionState,
        effect: Option<String>,
    ) -> Result<(), StoreError> {
        one(self.db()?, id)?;
        let row = params![id.to_string(), word(state), instant(self.clock.now()), effect];
        if self.db()?.execute(include_str!("suggestions/resolve.sql"), row)? == 0 {
            return Err(StoreError::AlreadyResolved(id));
        }
        self.changed("suggestions", id, "put")
    }
}
