//! Memories in and out: told with bytes of photos (the command), or filled into a form (the screens); changed, binned, found.
//!
//! Where in the flow: capture reads what was told, this checks it and keeps it in one transaction with its people, place,
//! photos and askable details. What it must never do: keep half a memory, or change one that lies in the bin.

use reme_capture::{Known, NoteContext, Photo, ProposedFact, draft_from_text, propose_facts, read_photo};
use reme_types::{
    FactId, Language, MediaId, Memory, MemoryFact, MemoryId, MemoryKind, Patient, PersonRef, Source, When,
};

use crate::{
    Companion, Conflict,
    dto::{FactDto, MemoryDto, MemoryInputDto},
    facts::{GivenFact, proposal_dto, read_facts, settled},
    form::{Entry, memory_id, not_after, read_tags, unique},
    household::ReMeError,
    names::{Names, person_ref},
    search::MemoryQuery,
};

/// A memory to be kept, as somebody tells it.
#[derive(Debug, Clone, Default)]
pub struct NewMemory {
    /// The note.
    pub text: String,
    /// When it happened; read from the note or the photo when `None`.
    pub happened_at: Option<When>,
    /// Names; those of the note are added.
    pub people: Vec<String>,
    /// Name of the place; read from the note when `None`.
    pub place: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// Told by the patient, not by family.
    pub by_patient: bool,
    /// Never to be trained on.
    pub sensitive: bool,
    /// It holds, and did not happen once.
    pub is_fact: bool,
    /// Bytes of photos.
    pub photos: Vec<Vec<u8>>,
}

/// What was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedMemory {
    /// The memory with its proposed questions.
    pub memory: MemoryDto,
    /// Things left out of a photo, in words.
    pub notes: Vec<String>,
}

impl Companion {
    /// Keeps a memory, with questions proposed from its text.
    ///
    /// # Errors
    /// A note or photo that cannot be taken; nothing is kept then.
    pub fn add_memory(&mut self, new: NewMemory) -> Result<AddedMemory, ReMeError> {
        self.add_memory_with(new, Vec::new())
    }

    /// As [`Companion::add_memory`], with media that are kept already.
    pub(crate) fn add_memory_with(&mut self, new: NewMemory, media: Vec<MediaId>) -> Result<AddedMemory, ReMeError> {
        let patient = self.store.patient()?;
        let now = self.now(&patient);
        let today = now.first_day();
        let draft = draft_from_text(&new.text, patient.language, today, &self.known()?)?;
        let photos = read_photos(&new.photos, today)?;
        let notes = photos.iter().flat_map(|(_, p)| p.notes.iter().map(ToString::to_string)).collect();
        let happened_at = new.happened_at.or(draft.happened_at).or_else(|| photos.iter().find_map(|(_, p)| p.taken_at));
        not_after(happened_at, today)?;
        let (mut tags, tagged_sensitive) = read_tags(&new.tags)?;
        tags.extend(draft.tags);
        let kind = if new.is_fact { MemoryKind::Fact } else { MemoryKind::Episode };
        let entry = Entry {
            external_id: None,
            kind,
            happened_at: happened_at.or((kind == MemoryKind::Episode).then_some(When::Day(today))),
            recorded_at: now,
            text: draft.text,
            people: unique(new.people.into_iter().chain(draft.people)),
            place: new.place.filter(|p| !p.trim().is_empty()).or(draft.place),
            tags,
            source: if new.by_patient { Source::Patient } else { Source::Caregiver },
            sensitive: new.sensitive || tagged_sensitive,
            media,
        };
        let id = self.keep(&entry, &photos, None, &patient)?;
        Ok(AddedMemory { memory: self.memory(id)?, notes })
    }

    /// Keeps a memory from a form. What the form leaves open (time, people, place) is read from the note and the photos;
    /// details are proposed when it holds none.
    ///
    /// # Errors
    /// A field that cannot be taken, by name; nothing is kept then.
    pub fn create_memory(&mut self, input: &MemoryInputDto) -> Result<MemoryDto, ReMeError> {
        let (id, entry, facts) = self.ready(input)?;
        self.keep_with(id, &entry, &[], &facts)?;
        self.memory(id)
    }

    /// A form as it would be kept, with its new id and details; nothing is kept yet.
    pub(crate) fn ready(&mut self, input: &MemoryInputDto) -> Result<(MemoryId, Entry, Vec<MemoryFact>), ReMeError> {
        let patient = self.store.patient()?;
        let mut entry = self.read_form(input, &patient, None)?;
        let today = entry.recorded_at.first_day();
        if !entry.text.is_empty() {
            let draft = draft_from_text(&entry.text, patient.language, today, &self.known()?)?;
            entry.happened_at = entry.happened_at.or(draft.happened_at.filter(|w| w.first_day() <= today));
            if entry.people.is_empty() {
                entry.people = draft.people;
            }
            entry.place = entry.place.or(draft.place);
            entry.tags.extend(draft.tags);
        }
        if entry.happened_at.is_none() && entry.kind == MemoryKind::Episode {
            let taken = self.taken_at(&entry.media, today)?;
            entry.happened_at = taken.or(Some(When::Day(today)));
        }
        let given = read_facts(input.facts.as_deref())?;
        let (id, facts) = self.with_details(&entry, given, patient.language)?;
        Ok((id, entry, facts))
    }

    /// Changes a memory to what a form says. Details that were changed become the carer's own; with none given, those nobody
    /// has looked at are proposed anew.
    ///
    /// # Errors
    /// No such memory, one in the bin, a field that cannot be taken; nothing is changed then.
    pub fn update_memory(&mut self, id: &str, input: &MemoryInputDto) -> Result<MemoryDto, ReMeError> {
        let id = memory_id(id)?;
        let old = self.store.memory(id)?;
        if old.deleted_at.is_some() {
            return Err(Conflict::InBin.into());
        }
        let patient = self.store.patient()?;
        let entry = self.read_form(input, &patient, Some(&old))?;
        let given = read_facts(input.facts.as_deref())?;
        let (existing, proposals) = (self.store.facts(Some(id))?, self.proposals(&entry, patient.language)?);
        let facts = settled(given, &existing, &proposals, id, &mut || FactId::from_uuid(self.store.new_uuid()));
        self.store.transact(|tx| {
            let memory = entry.memory(tx, id, &[])?;
            tx.put_memory(&Memory { recorded_at: old.recorded_at, consent: old.consent, ..memory })?;
            tx.set_facts(id, &facts)
        })?;
        self.memory(id)
    }

    /// What could be asked of a memory that is being filled in; nothing is kept.
    ///
    /// # Errors
    /// A field that cannot be taken.
    pub fn propose(&self, input: &MemoryInputDto) -> Result<Vec<FactDto>, ReMeError> {
        let patient = self.store.patient()?;
        let entry = self.read_form(input, &patient, None)?;
        Ok(self.proposals(&entry, patient.language)?.iter().map(proposal_dto).collect())
    }

    /// Puts a memory into the bin.
    ///
    /// # Errors
    /// No such memory.
    pub fn delete_memory(&mut self, id: &str) -> Result<(), ReMeError> {
        let (id, now) = (memory_id(id)?, self.clock.now());
        self.store.transact(|tx| tx.set_deleted(id, Some(now)))?;
        Ok(())
    }

    /// Takes a memory out of the bin.
    ///
    /// # Errors
    /// No such memory.
    pub fn restore_memory(&mut self, id: &str) -> Result<MemoryDto, ReMeError> {
        let id = memory_id(id)?;
        self.store.transact(|tx| tx.set_deleted(id, None))?;
        self.memory(id)
    }

    /// Removes what lies in the bin for good, with photos that nothing else uses; returns how many memories went.
    ///
    /// # Errors
    /// What the store says.
    pub fn empty_bin(&mut self) -> Result<usize, ReMeError> {
        Ok(self.store.transact(|tx| tx.empty_bin())?.0)
    }

    /// One memory.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn memory(&self, id: MemoryId) -> Result<MemoryDto, ReMeError> {
        let facts = self.store.facts(Some(id))?;
        Ok(Names::of(&self.store)?.dto(&self.store.memory(id)?, &facts))
    }

    /// One memory by the id a screen holds.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn memory_by_id(&self, id: &str) -> Result<MemoryDto, ReMeError> {
        self.memory(memory_id(id)?)
    }

    /// Every memory that is not in the bin, the latest event first.
    ///
    /// # Errors
    /// What the store says.
    pub fn memories(&self) -> Result<Vec<MemoryDto>, ReMeError> {
        self.list_memories(&MemoryQuery::default())
    }

    /// Everybody and every place, for reading a note.
    pub(crate) fn known(&self) -> Result<Known, ReMeError> {
        Ok(Known {
            people: self.store.people()?.iter().map(person_ref).collect(),
            places: self.store.places()?.into_iter().map(|p| p.name).collect(),
        })
    }

    /// Details that rules find in a note; none for what holds and did not happen.
    fn proposals(&self, entry: &Entry, language: Language) -> Result<Vec<ProposedFact>, ReMeError> {
        if entry.kind != MemoryKind::Episode {
            return Ok(Vec::new());
        }
        let mut people = Vec::new();
        for name in &entry.people {
            people.push(match self.store.person_called(name)? {
                Some(person) => person_ref(&person),
                None => PersonRef { name: name.clone(), relation: String::new(), aliases: Vec::new() },
            });
        }
        let place = match &entry.place {
            Some(name) => Some(self.store.place_called(name)?.map_or_else(|| name.clone(), |p| p.name)),
            None => None,
        };
        let context = NoteContext { people: &people, place: place.as_deref(), happened_at: entry.happened_at };
        Ok(propose_facts(&entry.text, &context, language))
    }

    /// Keeps a new memory with its photos and details, all of it or nothing.
    pub(crate) fn keep(
        &mut self,
        entry: &Entry,
        photos: &[(&[u8], Photo)],
        facts: Option<Vec<GivenFact>>,
        patient: &Patient,
    ) -> Result<MemoryId, ReMeError> {
        let (id, facts) = self.with_details(entry, facts, patient.language)?;
        self.keep_with(id, entry, photos, &facts)
    }

    /// A new id, and the details given or proposed for it.
    fn with_details(
        &mut self,
        entry: &Entry,
        given: Option<Vec<GivenFact>>,
        language: Language,
    ) -> Result<(MemoryId, Vec<MemoryFact>), ReMeError> {
        let proposals = self.proposals(entry, language)?;
        let id = MemoryId::from_uuid(self.store.new_uuid());
        Ok((id, settled(given, &[], &proposals, id, &mut || FactId::from_uuid(self.store.new_uuid()))))
    }

    /// As [`Companion::keep`], with these details and no others.
    pub(crate) fn keep_with(
        &mut self,
        id: MemoryId,
        entry: &Entry,
        photos: &[(&[u8], Photo)],
        facts: &[MemoryFact],
    ) -> Result<MemoryId, ReMeError> {
        self.store.transact(|tx| {
            let memory = entry.memory(tx, id, photos)?;
            tx.put_memory(&memory)?;
            tx.set_facts(id, facts)
        })?;
        Ok(id)
    }
}

fn read_photos(photos: &[Vec<u8>], today: jiff::civil::Date) -> Result<Vec<(&[u8], Photo)>, ReMeError> {
    photos.iter().map(|bytes| Ok((bytes.as_slice(), read_photo(bytes, today)?))).collect()
}
