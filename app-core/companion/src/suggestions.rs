//! The inbox of suggestions: listed, accepted, dismissed, undone. What was accepted is carried out in the same transaction.
//!
//! Where in the flow: seeing, sensing and the language model offer; the carer decides here; only what was accepted changes a
//! memory, and only that may judge an answer. What it must never do: carry out anything nobody accepted, or undo more than
//! what accepting did.

use reme_store::{
    NewSuggestion, PhotoText, StoreError, Suggestion, SuggestionFilter, SuggestionKind, SuggestionState, Tx,
};
use reme_types::{FactId, FactOrigin, Language, Memory, MemoryFact, MemoryId, Person, PersonId, PlaceId, SuggestionId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Companion, Conflict, Problem,
    dto::{
        DismissedDto, KindCountDto, MemoryInputDto, RegionDto, SuggestionCountDto, SuggestionDto, SuggestionEditDto,
    },
    facts::{read_facts, settled},
    form::{Entry, NAME_MOST_CHARS, choice, memory_id},
    household::ReMeError,
    names::word,
};

/// Most suggestions listed at once, and how many when nobody says [design].
const MOST_LISTED: u32 = 500;
const LISTED: u32 = 200;
/// Most that are dismissed at once [design].
const MOST_DISMISSED: usize = 500;

/// Which suggestions are wanted; the default is the latest open ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SuggestionQuery {
    /// Only of this kind.
    pub kind: Option<String>,
    /// `open` (when nobody says), `accepted` or `dismissed`.
    pub state: Option<String>,
    /// Only for this memory.
    pub memory: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// What accepting a suggestion changed; kept with it, for the undo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case")]
pub(crate) enum Effect {
    /// A memory was made of it.
    Made {
        memory: MemoryId,
        /// A place that was given its position by it.
        #[serde(default)]
        placed: Option<PlaceId>,
    },
    /// A person was added to the memory's people.
    AddedPerson { person: PersonId },
    /// A label was added.
    AddedTag { tag: String },
    /// The memory's place was set.
    SetPlace { before: Option<PlaceId> },
    /// Words of a photo were kept.
    SetText { before: Option<String> },
    /// A detail was added.
    AddedFact { fact: FactId },
    /// Another name was added to a person.
    AddedName { name: String },
    /// A group of faces was named.
    NamedGroup { person: PersonId },
    /// It held already, or there is nothing to change.
    Nothing,
}

impl Companion {
    /// The inbox, the latest first.
    ///
    /// # Errors
    /// A kind or state that is none.
    pub fn suggestions(&self, query: &SuggestionQuery) -> Result<Vec<SuggestionDto>, ReMeError> {
        let state = choice("state", query.state.as_deref().unwrap_or("open"), &STATES)?;
        let kind = query.kind.as_deref().map(|kind| choice("kind", kind, &KINDS)).transpose()?;
        let filter = SuggestionFilter {
            state: Some(state),
            kind,
            memory: query.memory.as_deref().map(memory_id).transpose()?,
            limit: Some(query.limit.unwrap_or(LISTED).min(MOST_LISTED)),
            ..SuggestionFilter::default()
        };
        let language = self.store.patient()?.language;
        Ok(self.store.suggestions(&filter)?.iter().map(|s| suggestion_dto(s, language)).collect())
    }

    /// How many are open.
    ///
    /// # Errors
    /// What the store says.
    pub fn count_suggestions(&self) -> Result<SuggestionCountDto, ReMeError> {
        let counts = self.store.count_open_suggestions()?;
        Ok(SuggestionCountDto {
            open: counts.iter().map(|(_, open)| open).sum(),
            kinds: counts.into_iter().map(|(kind, open)| KindCountDto { kind: word(&kind), open }).collect(),
        })
    }

    /// Accepts a suggestion, with the carer's changes, and carries it out.
    ///
    /// # Errors
    /// No such suggestion; one that was decided on; a change that cannot be taken; a group of faces, which is named instead.
    pub fn accept_suggestion(&mut self, id: &str, edit: &SuggestionEditDto) -> Result<SuggestionDto, ReMeError> {
        let id = suggestion_id(id)?;
        let suggestion = self.store.suggestion(id)?;
        if suggestion.state != SuggestionState::Open {
            return Err(StoreError::AlreadyResolved(id).into());
        }
        let what = &suggestion.what;
        match what.kind {
            SuggestionKind::FaceGroup => return Err(Conflict::NameTheGroup.into()),
            SuggestionKind::Draft => self.accept_draft(&suggestion, edit)?,
            SuggestionKind::Fact => self.accept_fact(&suggestion, edit)?,
            _ => {
                let language = self.store.patient()?.language;
                let given = edit.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
                let text = given.map_or_else(|| said(what, language), str::to_owned);
                self.store.transact(|tx| {
                    let effect = carry_out(tx, what, &text)?;
                    tx.accept_suggestion(id, &json!(effect))
                })?;
            }
        }
        self.suggestion(id)
    }

    /// Dismisses a suggestion; it is not offered again. Dismissing a group of faces forgets what they look like.
    ///
    /// # Errors
    /// No such suggestion; one that was decided on.
    pub fn dismiss_suggestion(&mut self, id: &str) -> Result<SuggestionDto, ReMeError> {
        let id = suggestion_id(id)?;
        let what = self.store.suggestion(id)?.what;
        self.store.transact(|tx| dismiss(tx, id, &what))?;
        self.suggestion(id)
    }

    /// Dismisses several; those that were decided on or are gone are passed over.
    ///
    /// # Errors
    /// Too many at once; what the store says.
    pub fn dismiss_suggestions(&mut self, ids: &[String]) -> Result<DismissedDto, ReMeError> {
        crate::form::at_most("ids", ids.len(), MOST_DISMISSED)?;
        let mut open = Vec::new();
        for id in ids {
            match self.store.suggestion(suggestion_id(id)?) {
                Ok(found) if found.state == SuggestionState::Open => open.push(found),
                Ok(_) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        open.sort_by_key(|suggestion| suggestion.id);
        open.dedup_by_key(|suggestion| suggestion.id);
        self.store.transact(|tx| open.iter().try_for_each(|s| dismiss(tx, s.id, &s.what)))?;
        Ok(DismissedDto { dismissed: u32::try_from(open.len()).unwrap_or(u32::MAX) })
    }

    /// Opens a suggestion again and takes back what accepting it changed.
    ///
    /// # Errors
    /// No such suggestion; a dismissed group of faces, of which nothing was kept.
    pub fn reopen_suggestion(&mut self, id: &str) -> Result<SuggestionDto, ReMeError> {
        let id = suggestion_id(id)?;
        let suggestion = self.store.suggestion(id)?;
        if suggestion.what.kind == SuggestionKind::FaceGroup && suggestion.state == SuggestionState::Dismissed {
            return Err(Conflict::Forgotten.into());
        }
        let now = self.clock.now();
        self.store.transact(|tx| {
            let stood = tx.undo_suggestion(id)?;
            let effect = stood.effect.clone().and_then(|effect| serde_json::from_value(effect).ok());
            effect.map_or(Ok(()), |effect| take_back(tx, &stood, effect, now))
        })?;
        self.suggestion(id)
    }

    pub(crate) fn suggestion(&self, id: SuggestionId) -> Result<SuggestionDto, ReMeError> {
        let language = self.store.patient()?.language;
        Ok(suggestion_dto(&self.store.suggestion(id)?, language))
    }

    fn accept_draft(&mut self, suggestion: &Suggestion, edit: &SuggestionEditDto) -> Result<(), ReMeError> {
        let broken = || ReMeError::Invalid { field: "draft", problem: Problem::Id };
        let draft: MemoryInputDto = match &edit.draft {
            Some(draft) => draft.clone(),
            None => serde_json::from_value(suggestion.what.payload["draft"].clone()).map_err(|_| broken())?,
        };
        // Where a sensed stay was is where its place is, if the carer leaves it that name.
        let payload = &suggestion.what.payload;
        let is_unchanged = draft.place.as_deref() == payload["draft"]["place"].as_str();
        let position: Option<(f64, f64)> = serde_json::from_value(payload["position"].clone()).unwrap_or_default();
        let position = position.filter(|_| is_unchanged);
        // Taken back once, it lies in the bin and is taken out again.
        let own = suggestion.id.to_string();
        let filter = reme_store::MemoryFilter {
            external_id: Some(own.clone()),
            only_deleted: true,
            ..reme_store::MemoryFilter::default()
        };
        let binned = self.store.memories(&filter)?.pop();
        let (id, entry, facts) = self.ready(&draft)?;
        let entry = Entry { external_id: Some(own), ..entry };
        let id = binned.map_or(id, |memory| memory.id);
        let facts: Vec<_> = facts.into_iter().map(|fact| MemoryFact { memory_id: id, ..fact }).collect();
        self.store.transact(|tx| {
            let memory = entry.memory(tx, id, &[])?;
            tx.put_memory(&memory)?;
            tx.set_facts(id, &facts)?;
            let placed = match position.zip(memory.place) {
                Some((position, place)) => tx.locate(place, position)?.then_some(place),
                None => None,
            };
            tx.accept_suggestion(suggestion.id, &json!(Effect::Made { memory: id, placed }))
        })?;
        Ok(())
    }

    fn accept_fact(&mut self, suggestion: &Suggestion, edit: &SuggestionEditDto) -> Result<(), ReMeError> {
        let memory = suggestion.what.memory.ok_or_else(gone)?;
        let fact = match &edit.fact {
            Some(fact) => Some(fact.clone()),
            None => serde_json::from_value(suggestion.what.payload["fact"].clone()).ok(),
        };
        let fact = fact.ok_or(ReMeError::Invalid { field: "fact", problem: Problem::Id })?;
        let given = read_facts(Some(&[fact]))?;
        let mut new = settled(given, &[], &[], memory, &mut || FactId::from_uuid(self.store.new_uuid()));
        let mut facts = self.store.facts(Some(memory))?;
        let Some(mut fact) = new.pop() else { return Err(gone()) };
        fact.confirmed = true; // the carer has just looked at it
        if edit.fact.is_some() {
            fact.origin = FactOrigin::Person;
        }
        let effect = Effect::AddedFact { fact: fact.id };
        facts.push(fact);
        self.store.transact(|tx| {
            tx.set_facts(memory, &facts)?;
            tx.accept_suggestion(suggestion.id, &json!(effect))
        })?;
        Ok(())
    }
}

const STATES: [(&str, SuggestionState); 3] = [
    ("open", SuggestionState::Open),
    ("accepted", SuggestionState::Accepted),
    ("dismissed", SuggestionState::Dismissed),
];
const KINDS: [(&str, SuggestionKind); 10] = [
    ("draft", SuggestionKind::Draft),
    ("face-group", SuggestionKind::FaceGroup),
    ("person", SuggestionKind::Person),
    ("place", SuggestionKind::Place),
    ("text", SuggestionKind::Text),
    ("thing", SuggestionKind::Thing),
    ("caption", SuggestionKind::Caption),
    ("same-photo", SuggestionKind::SamePhoto),
    ("fact", SuggestionKind::Fact),
    ("name", SuggestionKind::Name),
];

fn suggestion_id(id: &str) -> Result<SuggestionId, ReMeError> {
    id.parse().map_err(|_| StoreError::NotFound { what: "suggestion", id: String::new() }.into())
}

fn gone() -> ReMeError {
    StoreError::NotFound { what: "memory", id: String::new() }.into()
}

/// Changes what the suggestion says, and says what was changed.
fn carry_out(tx: &mut Tx<'_>, what: &NewSuggestion, text: &str) -> Result<Effect, StoreError> {
    let too_long =
        |field| StoreError::Invalid { field, problem: format!("has more than {NAME_MOST_CHARS} characters") };
    match what.kind {
        SuggestionKind::Person => {
            let (mut memory, person) = (memory_of(tx, what)?, what.person.ok_or_else(lost)?);
            if memory.people.contains(&person) {
                return Ok(Effect::Nothing);
            }
            memory.people.push(person);
            tx.put_memory(&memory)?;
            Ok(Effect::AddedPerson { person })
        }
        SuggestionKind::Thing => {
            let (mut memory, tag) = (memory_of(tx, what)?, text.to_lowercase());
            if tag.chars().count() > NAME_MOST_CHARS {
                return Err(too_long("text"));
            }
            if !memory.tags.insert(tag.clone()) {
                return Ok(Effect::Nothing);
            }
            tx.put_memory(&memory)?;
            Ok(Effect::AddedTag { tag })
        }
        SuggestionKind::Place => {
            if text.chars().count() > NAME_MOST_CHARS {
                return Err(too_long("place"));
            }
            let mut memory = memory_of(tx, what)?;
            let before = memory.place;
            memory.place = Some(tx.place_called(text)?);
            tx.put_memory(&memory)?;
            Ok(Effect::SetPlace { before })
        }
        SuggestionKind::Text | SuggestionKind::Caption => {
            let (memory, media) = (memory_of(tx, what)?.id, what.media.clone().ok_or_else(lost)?);
            let before = tx.photo_text(memory, &media)?;
            // A caption and read words stand together.
            let whole = match &before {
                Some(before) if what.kind == SuggestionKind::Caption => format!("{before}\n{text}"),
                _ => text.to_owned(),
            };
            tx.set_photo_text(&PhotoText { memory, media, text: whole })?;
            Ok(Effect::SetText { before })
        }
        SuggestionKind::Name => {
            let Some(mut person) = person_of(tx, what)? else { return Err(lost()) };
            let name = text.to_owned();
            if person.name == name || person.aliases.contains(&name) {
                return Ok(Effect::Nothing);
            }
            person.aliases.push(name.clone());
            tx.put_person(&person)?;
            Ok(Effect::AddedName { name })
        }
        SuggestionKind::SamePhoto | SuggestionKind::FaceGroup | SuggestionKind::Draft | SuggestionKind::Fact => {
            Ok(Effect::Nothing)
        }
    }
}

/// Dismisses, and forgets what was kept for this suggestion alone.
fn dismiss(tx: &mut Tx<'_>, id: SuggestionId, what: &NewSuggestion) -> Result<(), StoreError> {
    tx.dismiss_suggestion(id)?;
    match what.kind {
        SuggestionKind::FaceGroup => {
            let group = what.payload["group"].as_str().and_then(|group| group.parse().ok());
            let unnamed = tx.face_groups()?.into_iter().find(|g| Some(g.id) == group && g.named.is_none());
            unnamed.map_or(Ok(()), |group| tx.remove_face_group(group.id))
        }
        // It is somebody else: their vector must not stand among the person's.
        SuggestionKind::Person => {
            let face = what.payload["face"].as_str().and_then(|face| face.parse().ok());
            let kept = tx.faces(None, what.media.as_ref())?.into_iter().find(|f| Some(f.id) == face);
            kept.map_or(Ok(()), |face| tx.remove_face(face.id))
        }
        _ => Ok(()),
    }
}

fn take_back(tx: &mut Tx<'_>, stood: &Suggestion, effect: Effect, now: jiff::Timestamp) -> Result<(), StoreError> {
    match effect {
        Effect::Made { memory, placed } => {
            placed.map_or(Ok(()), |place| tx.dislocate(place))?;
            tx.set_deleted(memory, Some(now))
        }
        Effect::AddedPerson { person } => {
            let mut memory = memory_of(tx, &stood.what)?;
            memory.people.retain(|p| *p != person);
            tx.put_memory(&memory)
        }
        Effect::AddedTag { tag } => {
            let mut memory = memory_of(tx, &stood.what)?;
            memory.tags.remove(&tag);
            tx.put_memory(&memory)
        }
        Effect::SetPlace { before } => {
            let memory = memory_of(tx, &stood.what)?;
            tx.put_memory(&Memory { place: before, ..memory })
        }
        Effect::SetText { before } => {
            let (memory, media) = (memory_of(tx, &stood.what)?.id, stood.what.media.clone().ok_or_else(lost)?);
            tx.set_photo_text(&PhotoText { memory, media, text: before.unwrap_or_default() })
        }
        Effect::AddedFact { fact } => {
            let memory = stood.what.memory.ok_or_else(lost)?;
            let facts: Vec<_> = tx.facts(memory)?.into_iter().filter(|f| f.id != fact).collect();
            tx.set_facts(memory, &facts)
        }
        Effect::AddedName { name } => match person_of(tx, &stood.what)? {
            Some(mut person) => {
                person.aliases.retain(|alias| *alias != name);
                tx.put_person(&person)
            }
            None => Ok(()),
        },
        Effect::NamedGroup { person } => tx.unname_face_of(person),
        Effect::Nothing => Ok(()),
    }
}

fn lost() -> StoreError {
    StoreError::NotFound { what: "memory", id: String::new() }
}

fn memory_of(tx: &Tx<'_>, what: &NewSuggestion) -> Result<Memory, StoreError> {
    tx.memory(what.memory.ok_or_else(lost)?)
}

fn person_of(tx: &Tx<'_>, what: &NewSuggestion) -> Result<Option<Person>, StoreError> {
    what.person.map_or(Ok(None), |id| tx.person(id))
}

/// What is suggested, in words of the patient's language.
fn said(what: &NewSuggestion, language: Language) -> String {
    let named = &what.payload[match language {
        Language::En => "en",
        Language::ZhCn => "zh",
    }];
    let text = [named, &what.payload["text"], &what.payload["name"]].into_iter().find_map(Value::as_str);
    text.unwrap_or_default().to_owned()
}

pub(crate) fn suggestion_dto(suggestion: &Suggestion, language: Language) -> SuggestionDto {
    let what = &suggestion.what;
    let (source, version) = what.source.split_once('/').unwrap_or((&what.source, ""));
    let text_of = |field: &str| what.payload[field].as_str().map(str::to_owned);
    let made = match suggestion.effect.clone().and_then(|effect| serde_json::from_value(effect).ok()) {
        Some(Effect::Made { memory, .. }) => Some(memory),
        _ => None,
    };
    SuggestionDto {
        id: suggestion.id.to_string(),
        kind: word(&what.kind),
        state: word(&suggestion.state),
        made_at: suggestion.created_at.to_string(),
        source: source.to_owned(),
        version: version.to_owned(),
        confidence: what.confidence,
        text: said(what, language),
        memory: made.or(what.memory).map(|memory| memory.to_string()),
        media: what.media.as_ref().map(ToString::to_string),
        region: serde_json::from_value::<RegionDto>(what.payload["region"].clone()).ok(),
        draft: serde_json::from_value(what.payload["draft"].clone()).ok(),
        fact: serde_json::from_value(what.payload["fact"].clone()).ok(),
        person: what.person.map(|person| person.to_string()),
        group: text_of("group"),
        other: text_of("other"),
    }
}
