//! Every write there is. Each leaves a row in the outbox, in the same transaction.

use jiff::Timestamp;
use reme_types::{
    Clock, MediaId, MediaRole, Memory, MemoryFact, MemoryId, Patient, Person, PersonId, Place, PlaceId, Plan, RecordId,
    SeededRng, SessionId, Trial, When, new_uuid_v7,
};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::StoreError,
    media::MediaFiles,
    photos, read,
    records::{Change, MemoryFilter, Session, SessionState, TranscriptLine, instant, json, word},
    words::{cut, han_characters},
};

/// Longest note kept, bytes: some 20 000 Han characters, far beyond what is told in one go.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// Largest photo or recording kept, bytes; it is encrypted in one piece, in memory.
pub const MAX_MEDIA_BYTES: usize = 64 * 1024 * 1024;

/// A running transaction; see [`crate::Store::transact`].
pub struct Tx<'a> {
    pub(crate) db: &'a Connection,
    pub(crate) media: &'a MediaFiles,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) rng: &'a mut SeededRng,
    pub(crate) changes: Vec<Change>,
    /// Files to remove once the transaction stands: a rollback must still find them.
    pub(crate) unlinked: Vec<MediaId>,
}

impl Tx<'_> {
    /// A new UUIDv7.
    pub fn new_uuid(&mut self) -> Uuid {
        new_uuid_v7(self.clock, self.rng)
    }

    /// The connection, as long as the transaction stands. A full disk can make SQLite roll back by itself; a write that
    /// came after would then be kept alone.
    pub(crate) fn db(&self) -> Result<&Connection, StoreError> {
        if self.db.is_autocommit() { Err(StoreError::DiskFull) } else { Ok(self.db) }
    }

    pub(crate) fn changed(
        &mut self,
        collection: &'static str,
        row_id: impl ToString,
        op: &'static str,
    ) -> Result<(), StoreError> {
        let change =
            Change { record_id: RecordId::from_uuid(self.new_uuid()), collection, row_id: row_id.to_string(), op };
        let at = instant(self.clock.now());
        self.db()?.prepare_cached(include_str!("outbox/add.sql"))?.execute(params![
            change.record_id.to_string(),
            collection,
            change.row_id,
            op,
            at
        ])?;
        self.changes.push(change);
        Ok(())
    }

    /// Keeps the profile.
    pub fn put_patient(&mut self, patient: &Patient) -> Result<(), StoreError> {
        let born = patient.born_on.map(|d| d.to_string());
        self.db()?.execute(
            include_str!("patient/put.sql"),
            params![patient.name, patient.language.tag(), patient.time_zone, born],
        )?;
        self.changed("patient", "patient", "put")
    }

    /// Keeps a setting as JSON.
    pub fn put_setting<T: Serialize>(&mut self, key: &str, value: &T) -> Result<(), StoreError> {
        self.db()?.execute(include_str!("settings/put.sql"), params![key, json(value)])?;
        self.changed("settings", key, "put")
    }

    /// Adds or changes a person; memories that name them are found under the new name.
    pub fn put_person(&mut self, person: &Person) -> Result<(), StoreError> {
        let photo = person.photo.as_ref().map(MediaId::as_str);
        let row = params![person.id.to_string(), person.name, person.relation, json(&person.aliases), photo];
        self.db()?.execute(include_str!("people/put.sql"), row)?;
        self.reindex(include_str!("people/memories_of.sql"), &person.id.to_string())?;
        self.changed("people", person.id, "put")
    }

    /// Removes a person from the people and from every memory that names them; what they look like is forgotten with them.
    pub fn remove_person(&mut self, id: PersonId) -> Result<(), StoreError> {
        self.forget_face_of(id)?;
        let memories = self.ids(include_str!("people/memories_of.sql"), &id.to_string())?;
        self.db()?.execute(include_str!("people/unlink.sql"), [id.to_string()])?;
        if self.db()?.execute(include_str!("people/remove.sql"), [id.to_string()])? == 0 {
            return Err(StoreError::NotFound { what: "person", id: id.to_string() });
        }
        self.index_all(&memories)?;
        self.changed("people", id, "remove")
    }

    /// Adds or changes a place.
    pub fn put_place(&mut self, place: &Place) -> Result<(), StoreError> {
        let (latitude, longitude) = place.position.unzip();
        let row = params![place.id.to_string(), place.name, json(&place.aliases), latitude, longitude];
        self.db()?.execute(include_str!("places/put.sql"), row)?;
        self.reindex(include_str!("places/memories_of.sql"), &place.id.to_string())?;
        self.changed("places", place.id, "put")
    }

    /// Adds or changes a memory with its people, tags and media. Facts are kept by [`Tx::set_facts`].
    pub fn put_memory(&mut self, memory: &Memory) -> Result<(), StoreError> {
        validate(memory)?;
        let id = memory.id.to_string();
        let day = |when: Option<When>, of: fn(When) -> jiff::civil::Date| when.map(|w| of(w).to_string());
        let is_new = self.db.query_row("SELECT 1 FROM memories WHERE id = ?1", [&id], |_| Ok(())).optional()?.is_none();
        let sql = if is_new { include_str!("memories/add.sql") } else { include_str!("memories/update.sql") };
        self.db()?.prepare_cached(sql)?.execute(params![
            id,
            memory.external_id,
            word(memory.kind),
            memory.happened_at.map(|w| w.to_string()),
            day(memory.happened_at, When::first_day),
            day(memory.happened_at, When::last_day),
            memory.recorded_at.to_string(),
            memory.recorded_at.first_moment().to_string(),
            memory.text,
            memory.place.map(|p| p.to_string()),
            word(memory.source),
            word(memory.sensitivity),
            memory.consent.map(|c| c.to_string()),
            memory.deleted_at.map(|t| t.to_string()),
        ])?;
        for clear in [
            include_str!("memories/clear_people.sql"),
            include_str!("memories/clear_tags.sql"),
            include_str!("memories/clear_media.sql"),
        ] {
            self.db()?.execute(clear, [&id])?;
        }
        for (position, person) in memory.people.iter().enumerate() {
            self.db()?
                .execute(include_str!("memories/add_person.sql"), params![id, position as i64, person.to_string()])?;
        }
        for tag in &memory.tags {
            self.db()?.execute(include_str!("memories/add_tag.sql"), params![id, tag])?;
        }
        for (position, media) in memory.media.iter().enumerate() {
            self.db()?.execute(include_str!("memories/add_media.sql"), params![id, position as i64, media.as_str()])?;
        }
        self.db()?.execute(include_str!("memories/clear_photo_texts.sql"), [&id])?;
        self.index(memory.id)?;
        self.changed("memories", id, "put")
    }

    /// Puts a memory into the bin, or takes it out again.
    pub fn set_deleted(&mut self, id: MemoryId, deleted_at: Option<Timestamp>) -> Result<(), StoreError> {
        let at = deleted_at.map(|t| t.to_string());
        if self.db()?.execute(include_str!("memories/set_deleted.sql"), params![id.to_string(), at])? == 0 {
            return Err(StoreError::NotFound { what: "memory", id: id.to_string() });
        }
        self.changed("memories", id, "put")
    }

    /// Removes what lies in the bin, with photos that nothing else uses; returns how many memories went. A photo that is
    /// not yet attached to any memory stays: it may be on a form that is being filled in.
    pub fn empty_bin(&mut self) -> Result<usize, StoreError> {
        let binned = self.ids_of(include_str!("memories/binned.sql"))?;
        let theirs = self.ids_of(include_str!("media/of_binned.sql"))?;
        for id in &binned {
            self.db()?.execute(include_str!("words/clear.sql"), [id])?;
            self.db()?.execute(include_str!("memories/remove.sql"), [id])?;
            self.changed("memories", id, "remove")?;
        }
        let unused = self.ids_of(include_str!("media/unused_originals.sql"))?;
        let unused: Vec<String> = unused.into_iter().filter(|id| theirs.contains(id)).collect();
        for id in &unused {
            self.db()?.execute(include_str!("media/unlink.sql"), [id])?;
        }
        for id in &unused {
            self.db()?.execute(include_str!("media/remove.sql"), [id])?;
            self.changed("media", id, "remove")?;
            self.unlinked.extend(id.parse().ok());
        }
        Ok(binned.len())
    }

    /// Replaces the askable details of a memory, in this order.
    pub fn set_facts(&mut self, memory: MemoryId, facts: &[MemoryFact]) -> Result<(), StoreError> {
        self.db()?.execute(include_str!("facts/clear.sql"), [memory.to_string()])?;
        for (position, fact) in facts.iter().enumerate() {
            self.db()?.prepare_cached(include_str!("facts/add.sql"))?.execute(params![
                fact.id.to_string(),
                memory.to_string(),
                position as i64,
                word(fact.kind),
                fact.question,
                fact.answer,
                json(&fact.aliases),
                fact.meaning_cue,
                word(fact.origin),
                fact.confirmed,
            ])?;
        }
        self.changed("facts", memory, "put")
    }

    /// Keeps a photo or recording; the same bytes are kept once.
    pub fn add_media(&mut self, bytes: &[u8], mime: &str) -> Result<MediaId, StoreError> {
        within("media", bytes.len(), MAX_MEDIA_BYTES)?;
        let id = self.media.write(bytes)?;
        self.db()?.execute(include_str!("media/add.sql"), params![id.as_str(), mime, bytes.len() as i64])?;
        self.changed("media", &id, "put")?;
        Ok(id)
    }

    /// Says that `media` is this rendering of `original`.
    pub fn link_rendition(&mut self, original: &MediaId, role: MediaRole, media: &MediaId) -> Result<(), StoreError> {
        self.db()?
            .execute(include_str!("media/add_rendition.sql"), params![original.as_str(), word(role), media.as_str()])?;
        Ok(())
    }

    /// Writes a session's whole row by this statement.
    pub(crate) fn write_session(&self, sql: &str, session: &Session) -> Result<(), StoreError> {
        self.db()?.execute(
            sql,
            params![
                session.id.to_string(),
                word(session.state),
                json(&session.plan),
                session.seed as i64,
                json(&session.template_versions),
                instant(session.started_at),
                session.ended_at.map(instant),
                session.seconds,
            ],
        )?;
        Ok(())
    }

    /// Begins a session.
    pub fn start_session(&mut self, session: &Session) -> Result<(), StoreError> {
        self.write_session(include_str!("sessions/start.sql"), session)?;
        self.changed("sessions", session.id, "put")
    }

    /// Appends an input; returns its number.
    pub fn append_event(&mut self, session: SessionId, at: Timestamp, payload: &str) -> Result<u32, StoreError> {
        let id = session.to_string();
        let seq: u32 = self.db.query_row(include_str!("sessions/next_event.sql"), [&id], |row| row.get(0))?;
        self.db()?.prepare_cached(include_str!("sessions/append_event.sql"))?.execute(params![
            id,
            seq,
            instant(at),
            payload
        ])?;
        Ok(seq)
    }

    /// Appends a line of the conversation.
    pub fn append_line(&mut self, session: SessionId, line: &TranscriptLine) -> Result<(), StoreError> {
        let id = session.to_string();
        let seq: u32 = self.db.query_row(include_str!("sessions/next_line.sql"), [&id], |row| row.get(0))?;
        self.db()?.prepare_cached(include_str!("sessions/append_line.sql"))?.execute(params![
            id,
            seq,
            line.who,
            line.text,
            line.origin
        ])?;
        Ok(())
    }

    /// Appends a trial; trials are never changed.
    pub fn append_trial(&mut self, trial: &Trial) -> Result<(), StoreError> {
        self.insert_trial(trial)?;
        self.changed("trials", trial.id, "put")
    }

    pub(crate) fn insert_trial(&mut self, trial: &Trial) -> Result<(), StoreError> {
        self.db()?.prepare_cached(include_str!("trials/append.sql"))?.execute(params![
            trial.id.to_string(),
            trial.session_id.to_string(),
            trial.seq,
            trial.block,
            trial.game,
            trial.template_version,
            word(trial.input),
            instant(trial.at),
            trial.outcome.scorer,
            json(&trial.outcome),
        ])?;
        Ok(())
    }

    /// Says how a session stands.
    pub fn set_session_state(
        &mut self,
        id: SessionId,
        state: SessionState,
        ended_at: Option<Timestamp>,
        seconds: u32,
    ) -> Result<(), StoreError> {
        let ended = ended_at.map(instant);
        self.db()?
            .execute(include_str!("sessions/set_state.sql"), params![id.to_string(), word(state), ended, seconds])?;
        self.changed("sessions", id, "put")
    }

    /// Puts a plan in force, one version above the last; returns the version.
    pub fn set_plan(&mut self, plan: &Plan) -> Result<u32, StoreError> {
        let version = read::plan(self.db)?.map_or(1, |old| old.version + 1);
        let plan = Plan { version, ..plan.clone() };
        self.db()?.execute(include_str!("plans/add.sql"), params![version, instant(self.clock.now()), json(&plan)])?;
        self.changed("plans", version, "put")?;
        Ok(version)
    }

    /// A memory as it stands in this transaction, from the bin as well.
    pub fn memory(&self, id: MemoryId) -> Result<reme_types::Memory, StoreError> {
        let filter = MemoryFilter { id: Some(id), ..MemoryFilter::default() };
        let found = read::memories(self.db()?, &filter, true)?.pop();
        found.ok_or(StoreError::NotFound { what: "memory", id: id.to_string() })
    }

    /// Somebody as they stand in this transaction.
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        Ok(read::people(self.db()?, Some(id), None)?.pop())
    }

    /// Askable details of a memory as they stand in this transaction.
    pub fn facts(&self, of: MemoryId) -> Result<Vec<MemoryFact>, StoreError> {
        read::facts(self.db()?, Some(of))
    }

    /// A person by name or alias, added without relation when nobody is called so.
    pub fn person_called(&mut self, name: &str) -> Result<PersonId, StoreError> {
        if let Some(person) = read::people(self.db, None, Some(name))?.into_iter().next() {
            return Ok(person.id);
        }
        let id = PersonId::from_uuid(self.new_uuid());
        self.put_person(&Person {
            id,
            name: name.trim().into(),
            relation: String::new(),
            aliases: Vec::new(),
            photo: None,
        })?;
        Ok(id)
    }

    /// A place by name or alias, added when there is none.
    pub fn place_called(&mut self, name: &str) -> Result<PlaceId, StoreError> {
        if let Some(place) = read::places(self.db, None, Some(name))?.into_iter().next() {
            return Ok(place.id);
        }
        let id = PlaceId::from_uuid(self.new_uuid());
        self.put_place(&Place { id, name: name.trim().into(), aliases: Vec::new(), position: None })?;
        Ok(id)
    }

    /// Gives a place its position (latitude and longitude in degrees) where it has none; says whether it did.
    pub fn locate(&mut self, id: PlaceId, position: (f64, f64)) -> Result<bool, StoreError> {
        match read::places(self.db()?, Some(id), None)?.pop() {
            Some(place) if place.position.is_none() => {
                self.put_place(&Place { position: Some(position), ..place })?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Takes a place its position.
    pub fn dislocate(&mut self, id: PlaceId) -> Result<(), StoreError> {
        let place = read::places(self.db()?, Some(id), None)?.pop();
        place.map_or(Ok(()), |place| self.put_place(&Place { position: None, ..place }))
    }

    fn ids(&self, sql: &str, id: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.db()?.prepare_cached(sql)?;
        Ok(statement.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    fn ids_of(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.db()?.prepare_cached(sql)?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    fn reindex(&mut self, memories_of: &str, id: &str) -> Result<(), StoreError> {
        let memories = self.ids(memories_of, id)?;
        self.index_all(&memories)
    }

    fn index_all(&mut self, memories: &[String]) -> Result<(), StoreError> {
        memories.iter().filter_map(|id| id.parse().ok()).try_for_each(|id| self.index(id))
    }

    /// Writes the words of a memory, of its photos, its people, place and tags anew into the index.
    pub(crate) fn index(&mut self, id: MemoryId) -> Result<(), StoreError> {
        let filter = MemoryFilter { id: Some(id), ..MemoryFilter::default() };
        let Some(memory) = read::memories(self.db, &filter, true)?.pop() else { return Ok(()) };
        let mut people = String::new();
        for person in &memory.people {
            for found in read::people(self.db, Some(*person), None)? {
                people.push_str(&format!("{} {} {} ", found.name, found.relation, found.aliases.join(" ")));
            }
        }
        let place = match memory.place {
            Some(place) => {
                read::places(self.db, Some(place), None)?.pop().map(|p| format!("{} {}", p.name, p.aliases.join(" ")))
            }
            None => None,
        };
        let place = place.unwrap_or_default();
        let tags = memory.tags.iter().cloned().collect::<Vec<_>>().join(" ");
        let mut text = memory.text.clone();
        for seen in photos::texts(self.db, Some(id))? {
            text.push('\n');
            text.push_str(&seen.text);
        }
        let chars = han_characters(&format!("{text} {people} {place}"));
        self.db()?.execute(include_str!("words/clear.sql"), [id.to_string()])?;
        self.db()?.execute(
            include_str!("words/add.sql"),
            params![id.to_string(), cut(&text), cut(&people), cut(&place), cut(&tags), chars],
        )?;
        Ok(())
    }
}

fn within(field: &'static str, size: usize, limit: usize) -> Result<(), StoreError> {
    if size > limit {
        return Err(StoreError::TooLarge { field, size_bytes: size as u64, limit_bytes: limit as u64 });
    }
    Ok(())
}

/// Refuses what could not be read back as it was written.
fn validate(memory: &Memory) -> Result<(), StoreError> {
    within("text", memory.text.len(), MAX_TEXT_BYTES)?;
    if memory.text.trim().is_empty() && memory.media.is_empty() {
        return Err(StoreError::Invalid { field: "text", problem: "is empty: write a line, or add a photo".into() });
    }
    for (field, when) in [("happened_at", memory.happened_at), ("recorded_at", Some(memory.recorded_at))] {
        if when.is_some_and(|when| when.to_string().parse::<When>().is_err()) {
            let problem = "is no day there was: use a year from 1 to 9999 and a month from 1 to 12".into();
            return Err(StoreError::Invalid { field, problem });
        }
    }
    Ok(())
}
