//! Every read there is.

use reme_types::{
    MediaId, MediaRole, Memory, MemoryFact, MemoryId, Patient, Person, PersonId, Place, PlaceId, Plan, SessionId,
    Trial, When,
};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::de::DeserializeOwned;

use crate::{
    error::StoreError,
    records::{Columns, MemoryFilter, Session, SessionEvent, TranscriptLine, word},
    store::Store,
    words::match_query,
};

pub(crate) fn people(db: &Connection, id: Option<PersonId>, name: Option<&str>) -> Result<Vec<Person>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("people/select.sql"))?;
    let rows = statement.query_map(params![id.map(|i| i.to_string()), name.map(str::trim)], |row| {
        Ok(Person {
            id: row.parsed(0)?,
            name: row.get(1)?,
            relation: row.get(2)?,
            aliases: row.json(3)?,
            photo: row.maybe(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn places(db: &Connection, id: Option<PlaceId>, name: Option<&str>) -> Result<Vec<Place>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("places/select.sql"))?;
    let rows = statement.query_map(params![id.map(|i| i.to_string()), name.map(str::trim)], |row| {
        let position = row.get::<_, Option<f64>>(3)?.zip(row.get::<_, Option<f64>>(4)?);
        Ok(Place { id: row.parsed(0)?, name: row.get(1)?, aliases: row.json(2)?, position })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn memory(row: &Row<'_>) -> rusqlite::Result<Memory> {
    Ok(Memory {
        id: row.parsed(0)?,
        external_id: row.get(1)?,
        kind: row.word(2)?,
        happened_at: row.maybe(3)?,
        recorded_at: row.parsed(4)?,
        text: row.get(5)?,
        place: row.maybe(6)?,
        source: row.word(7)?,
        sensitivity: row.word(8)?,
        consent: row.maybe(9)?,
        deleted_at: row.maybe(10)?,
        people: row.json(11)?,
        tags: row.json(12)?,
        media: row.json(13)?,
    })
}

pub(crate) fn memories(
    db: &Connection,
    filter: &MemoryFilter,
    include_deleted: bool,
) -> Result<Vec<Memory>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("memories/select.sql"))?;
    let rows = statement.query_map(
        named_params! {
            ":id": filter.id.map(|i| i.to_string()),
            ":external_id": filter.external_id,
            ":include_deleted": include_deleted || filter.only_deleted,
            ":only_deleted": filter.only_deleted,
            ":from": filter.from.map(|w| w.first_day().to_string()),
            ":to": filter.to.map(|w| w.last_day().to_string()),
            ":recorded_until": None::<String>,
            ":kind": filter.kind.map(word),
            ":source": filter.source.map(word),
            ":only_trainable": filter.only_trainable,
            ":place": filter.place.map(|p| p.to_string()),
            ":person": filter.person.map(|p| p.to_string()),
            ":tag": filter.tag,
            ":words": None::<String>,
            ":limit": -1,
        },
        memory,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn facts(db: &Connection, of: Option<MemoryId>) -> Result<Vec<MemoryFact>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("facts/select.sql"))?;
    let rows = statement.query_map([of.map(|m| m.to_string())], |row| {
        Ok(MemoryFact {
            id: row.parsed(0)?,
            memory_id: row.parsed(1)?,
            kind: row.word(2)?,
            question: row.get(3)?,
            answer: row.get(4)?,
            aliases: row.json(5)?,
            meaning_cue: row.get(6)?,
            origin: row.word(7)?,
            confirmed: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: row.parsed(0)?,
        state: row.word(1)?,
        plan: row.json(2)?,
        seed: row.get::<_, i64>(3)? as u64,
        template_versions: row.json(4)?,
        started_at: row.parsed(5)?,
        ended_at: row.maybe(6)?,
        seconds: row.get(7)?,
    })
}

pub(crate) fn trial(row: &Row<'_>) -> rusqlite::Result<Trial> {
    Ok(Trial {
        id: row.parsed(0)?,
        session_id: row.parsed(1)?,
        seq: row.get(2)?,
        block: row.get(3)?,
        game: row.get(4)?,
        template_version: row.get(5)?,
        input: row.word(6)?,
        at: row.parsed(7)?,
        outcome: row.json(8)?,
    })
}

pub(crate) fn plan(db: &Connection) -> Result<Option<Plan>, StoreError> {
    Ok(db.query_row(include_str!("plans/select.sql"), [], |row| row.json(0)).optional()?)
}

impl Store {
    /// The profile.
    pub fn patient(&self) -> Result<Patient, StoreError> {
        Ok(self.db.query_row(include_str!("patient/get.sql"), [], |row| {
            Ok(Patient { name: row.get(0)?, language: row.parsed(1)?, time_zone: row.get(2)?, born_on: row.maybe(3)? })
        })?)
    }

    /// A setting.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        Ok(self.db.query_row(include_str!("settings/get.sql"), [key], |row| row.json(0)).optional()?)
    }

    /// Everybody, by name.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        people(&self.db, None, None)
    }

    /// Somebody by name or alias.
    pub fn person_called(&self, name: &str) -> Result<Option<Person>, StoreError> {
        Ok(people(&self.db, None, Some(name))?.into_iter().next())
    }

    /// All places, by name.
    pub fn places(&self) -> Result<Vec<Place>, StoreError> {
        places(&self.db, None, None)
    }

    /// A place by name or alias.
    pub fn place_called(&self, name: &str) -> Result<Option<Place>, StoreError> {
        Ok(places(&self.db, None, Some(name))?.into_iter().next())
    }

    /// Memories, the latest event first; those in the bin only when asked for.
    pub fn memories(&self, filter: &MemoryFilter) -> Result<Vec<Memory>, StoreError> {
        memories(&self.db, filter, false)
    }

    /// One memory, from the bin as well.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn memory(&self, id: MemoryId) -> Result<Memory, StoreError> {
        let filter = MemoryFilter { id: Some(id), ..MemoryFilter::default() };
        memories(&self.db, &filter, true)?.pop().ok_or(StoreError::NotFound { what: "memory", id: id.to_string() })
    }

    /// Askable details, of one memory or of all.
    pub fn facts(&self, of: Option<MemoryId>) -> Result<Vec<MemoryFact>, StoreError> {
        facts(&self.db, of)
    }

    /// Memories that hold words of `text`, best first, with a score that is comparable within one search.
    pub fn search_words(&self, text: &str, limit: u32) -> Result<Vec<(MemoryId, f64)>, StoreError> {
        let Some(query) = match_query(text) else { return Ok(Vec::new()) };
        let mut statement = self.db.prepare_cached(include_str!("words/search.sql"))?;
        let rows = statement.query_map(params![query, limit], |row| Ok((row.parsed(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The plain bytes of a photo or recording, with their MIME type.
    pub fn media(&self, id: &MediaId) -> Result<(Vec<u8>, String), StoreError> {
        let mime: Option<String> =
            self.db.query_row(include_str!("media/get.sql"), [id.as_str()], |row| row.get(0)).optional()?;
        let mime = mime.ok_or(StoreError::NotFound { what: "photo or recording", id: id.to_string() })?;
        Ok((self.media.read(id)?, mime))
    }

    /// The MIME type of a photo or recording, without reading the file; `None` when there is none of that id.
    pub fn media_mime(&self, id: &MediaId) -> Result<Option<String>, StoreError> {
        Ok(self.db.query_row(include_str!("media/get.sql"), [id.as_str()], |row| row.get(0)).optional()?)
    }

    /// Which of everything kept are recordings.
    pub fn sounds(&self) -> Result<Vec<MediaId>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("media/sounds.sql"))?;
        let rows = statement.query_map([], |row| row.parsed(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A rendering of a photo.
    pub fn rendition(&self, original: &MediaId, role: MediaRole) -> Result<Option<MediaId>, StoreError> {
        Ok(self
            .db
            .query_row(include_str!("media/rendition.sql"), params![original.as_str(), word(role)], |row| row.parsed(0))
            .optional()?)
    }

    /// Sessions, newest first; only half-done ones when asked.
    pub fn sessions(&self, only_running: bool) -> Result<Vec<Session>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("sessions/select.sql"))?;
        let rows = statement.query_map(params![None::<String>, only_running], session)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The inputs of a session, in order.
    pub fn events(&self, session: SessionId) -> Result<Vec<SessionEvent>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("sessions/events.sql"))?;
        let rows = statement.query_map([session.to_string()], |row| {
            Ok(SessionEvent { seq: row.get(0)?, at: row.parsed(1)?, payload: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The conversation of a session, in order.
    pub fn lines(&self, session: SessionId) -> Result<Vec<TranscriptLine>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("sessions/lines.sql"))?;
        let rows = statement.query_map([session.to_string()], |row| {
            Ok(TranscriptLine { who: row.get(0)?, text: row.get(1)?, origin: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The trial log, of one session or of all, oldest first.
    pub fn trials(&self, of: Option<SessionId>) -> Result<Vec<Trial>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("trials/select.sql"))?;
        let rows = statement.query_map(params![of.map(|s| s.to_string()), None::<String>], trial)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The plan in force.
    pub fn plan(&self) -> Result<Option<Plan>, StoreError> {
        plan(&self.db)
    }

    /// Changes not sent yet, oldest first: (record id, collection, row id, op).
    pub fn unsent(&self, limit: u32) -> Result<Vec<(String, String, String, String)>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("outbox/unsent.sql"))?;
        let rows = statement.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Memories that may be trained on, that happened by `until`, oldest event first; sensitive ones are never among them.
    pub fn trainable(&self, until: When) -> Result<Vec<Memory>, StoreError> {
        let filter = MemoryFilter { only_trainable: true, to: Some(until), ..MemoryFilter::default() };
        let mut found = memories(&self.db, &filter, false)?;
        found.reverse();
        Ok(found)
    }
}
