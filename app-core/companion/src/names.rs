//! Records as a screen or an export shows them: people and places by name, variants by their word.

use std::collections::{HashMap, HashSet};

use reme_retrieval::Doc;
use reme_store::{PhotoText, Store};
use reme_types::{
    FactId, FactOrigin, MediaId, Memory, MemoryFact, MemoryId, Person, PersonId, PersonRef, PlaceId, Sensitivity,
};
use serde::Serialize;

use crate::{
    dto::{FactDto, MemoryDto},
    household::ReMeError,
};

/// Names of everybody and every place, looked up once.
pub(crate) struct Names {
    people: HashMap<PersonId, Person>,
    places: HashMap<PlaceId, String>,
    /// What is heard and not seen.
    sounds: HashSet<MediaId>,
    /// Accepted words of photos.
    photo_texts: HashMap<MemoryId, Vec<PhotoText>>,
}

impl Names {
    pub(crate) fn of(store: &Store) -> Result<Self, ReMeError> {
        let mut photo_texts: HashMap<MemoryId, Vec<PhotoText>> = HashMap::new();
        for read in store.photo_texts(None)? {
            photo_texts.entry(read.memory).or_default().push(read);
        }
        Ok(Self {
            photo_texts,
            people: store.people()?.into_iter().map(|p| (p.id, p)).collect(),
            places: store.places()?.into_iter().map(|p| (p.id, p.name)).collect(),
            sounds: store.sounds()?.into_iter().collect(),
        })
    }

    pub(crate) fn people_of(&self, memory: &Memory) -> Vec<String> {
        memory.people.iter().filter_map(|id| self.people.get(id)).map(|p| p.name.clone()).collect()
    }

    pub(crate) fn place_of(&self, memory: &Memory) -> Option<String> {
        memory.place.and_then(|id| self.places.get(&id).cloned())
    }

    /// Accepted words of the photos a memory shows, in the order of its photos.
    pub(crate) fn photo_texts_of<'a>(&'a self, memory: &'a Memory) -> impl Iterator<Item = &'a PhotoText> {
        let read = self.photo_texts.get(&memory.id).map_or(&[][..], Vec::as_slice);
        memory.media.iter().filter_map(|id| read.iter().find(|text| text.media == *id))
    }

    /// A memory as the search sees it. A note never speaks with the words of its photos: those stand beside it.
    pub(crate) fn doc(&self, memory: &Memory) -> Doc {
        let photo_text: Vec<&str> = self.photo_texts_of(memory).map(|read| read.text.as_str()).collect();
        Doc {
            id: memory.id.to_string(),
            kind: memory.kind,
            happened_at: memory.happened_at,
            recorded_at: memory.recorded_at,
            text: memory.text.clone(),
            photo_text: photo_text.join("\n"),
            people: self.people_of(memory),
            place: self.place_of(memory),
            tags: memory.tags.iter().cloned().collect(),
            sensitive: memory.sensitivity == Sensitivity::Sensitive,
        }
    }

    pub(crate) fn dto(&self, memory: &Memory, facts: &[MemoryFact]) -> MemoryDto {
        let media = |heard: bool| {
            memory.media.iter().filter(move |id| self.sounds.contains(id) == heard).map(ToString::to_string)
        };
        MemoryDto {
            id: memory.id.to_string(),
            kind: word(&memory.kind),
            happened_at: memory.happened_at.map(|w| w.to_string()),
            recorded_at: memory.recorded_at.to_string(),
            text: memory.text.clone(),
            people: self.people_of(memory),
            place: self.place_of(memory),
            tags: memory.tags.iter().cloned().collect(),
            source: word(&memory.source),
            sensitive: memory.sensitivity == Sensitivity::Sensitive,
            media: media(false).collect(),
            recordings: media(true).collect(),
            facts: facts.iter().filter(|f| f.memory_id == memory.id).map(fact_dto).collect(),
            deleted: memory.deleted_at.is_some(),
        }
    }
}

pub(crate) fn person_ref(person: &Person) -> PersonRef {
    PersonRef { name: person.name.clone(), relation: person.relation.clone(), aliases: person.aliases.clone() }
}

/// A unit variant as the word screens know.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(crate) fn fact_dto(fact: &MemoryFact) -> FactDto {
    FactDto {
        id: Some(fact.id.to_string()),
        kind: word(&fact.kind),
        question: fact.question.clone(),
        answer: fact.answer.clone(),
        aliases: fact.aliases.clone(),
        meaning_cue: fact.meaning_cue.clone(),
        origin: word(&fact.origin),
        confirmed: fact.confirmed,
    }
}

/// A proposal as it is kept.
pub(crate) fn kept(
    id: FactId,
    memory_id: MemoryId,
    fact: reme_capture::ProposedFact,
    origin: FactOrigin,
) -> MemoryFact {
    MemoryFact {
        id,
        memory_id,
        kind: fact.kind,
        question: fact.question,
        answer: fact.answer,
        aliases: fact.aliases,
        meaning_cue: fact.meaning_cue,
        origin,
        confirmed: origin == FactOrigin::Person,
    }
}
