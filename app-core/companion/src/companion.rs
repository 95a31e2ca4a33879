//! One patient's companion: memories in, memories found, everything out again.

use std::{collections::BTreeSet, sync::Arc};

use reme_capture::{
    ImportedMemory, Known, LineDiagnostic, NoteContext, Photo, draft_from_text, parse_jsonl, propose_facts, read_photo,
};
use reme_retrieval::{Corpus, Query};
use reme_store::{MemoryFilter, Store, StoreError, Tx};
use reme_types::{
    Clock, FactId, FactOrigin, Language, MediaId, MediaRole, Memory, MemoryId, MemoryKind, Patient, Person, PersonId,
    Sensitivity, Source, When,
};
use serde_json::json;

use crate::{
    dto::MemoryDto,
    household::ReMeError,
    memories::{Names, kept, person_ref},
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

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportReport {
    /// Memories kept.
    pub added: usize,
    /// Lines whose id was there already; left as they are.
    pub known: usize,
    /// Lines and photos left out, and details lost, with the fix.
    pub problems: Vec<String>,
}

/// A memory found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Best first.
    pub memories: Vec<MemoryDto>,
    /// A short answer, where the memories say it plainly.
    pub answer: Option<String>,
}

/// One patient's memories and training. See [`crate::Household::open`].
pub struct Companion {
    slug: String,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Companion {
    pub(crate) fn new(slug: String, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { slug, store, clock }
    }

    pub(crate) fn into_store(self) -> Store {
        self.store
    }

    /// Folder name and address part.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// The profile.
    ///
    /// # Errors
    /// What the store says.
    pub fn patient(&self) -> Result<Patient, ReMeError> {
        Ok(self.store.patient()?)
    }

    /// Now, on the patient's wall clock.
    fn now(&self, patient: &Patient) -> When {
        let zone = jiff::tz::TimeZone::get(&patient.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
        When::Minute(self.clock.now().to_zoned_datetime(zone).datetime())
    }

    /// Keeps a memory, with questions proposed from its text.
    ///
    /// # Errors
    /// A note or photo that cannot be taken; nothing is kept then.
    pub fn add_memory(&mut self, new: NewMemory) -> Result<AddedMemory, ReMeError> {
        let patient = self.store.patient()?;
        let now = self.now(&patient);
        let today = now.first_day();
        let known = Known {
            people: self.store.people()?.iter().map(person_ref).collect(),
            places: self.store.places()?.into_iter().map(|p| p.name).collect(),
        };
        let draft = draft_from_text(&new.text, patient.language, today, &known)?;
        let photos = new.photos.iter().map(|bytes| read_photo(bytes, today)).collect::<Result<Vec<Photo>, _>>()?;
        let notes = photos.iter().flat_map(|p| p.notes.clone()).collect();
        let happened_at = new.happened_at.or(draft.happened_at).or_else(|| photos.iter().find_map(|p| p.taken_at));
        if happened_at.is_some_and(|w| w.first_day() > today) {
            return Err(ReMeError::Invalid {
                field: "happened_at",
                problem: format!("lies after today, {today}; write the day it happened"),
            });
        }
        let people: Vec<String> = unique(new.people.into_iter().chain(draft.people));
        let place = new.place.filter(|p| !p.trim().is_empty()).or(draft.place);
        let tags: BTreeSet<String> =
            new.tags.iter().map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty()).chain(draft.tags).collect();
        let kind = if new.is_fact { MemoryKind::Fact } else { MemoryKind::Episode };
        let (id, _) = self.store.transact(|tx| {
            let memory = Memory {
                id: MemoryId::from_uuid(tx.new_uuid()),
                external_id: None,
                kind,
                happened_at: happened_at.or((kind == MemoryKind::Episode).then_some(When::Day(today))),
                recorded_at: now,
                text: draft.text.clone(),
                people: ids_of(tx, &people)?,
                place: place.as_deref().map(|p| tx.place_called(p)).transpose()?,
                tags: tags.iter().filter(|t| *t != "sensitive").cloned().collect(),
                source: if new.by_patient { Source::Patient } else { Source::Caregiver },
                sensitivity: if new.sensitive || tags.contains("sensitive") {
                    Sensitivity::Sensitive
                } else {
                    Sensitivity::Ordinary
                },
                consent: None,
                media: new
                    .photos
                    .iter()
                    .zip(&photos)
                    .map(|(bytes, photo)| keep_photo(tx, bytes, photo))
                    .collect::<Result<_, _>>()?,
                deleted_at: None,
            };
            tx.put_memory(&memory)?;
            Ok(memory.id)
        })?;
        self.propose(id, patient.language)?;
        Ok(AddedMemory { memory: self.memory(id)?, notes })
    }

    /// Proposes questions for a memory that has none.
    fn propose(&mut self, id: MemoryId, language: Language) -> Result<(), ReMeError> {
        let memory = self.store.memory(id)?;
        if memory.kind != MemoryKind::Episode || !self.store.facts(Some(id))?.is_empty() {
            return Ok(());
        }
        let names = Names::of(&self.store)?;
        let (people, place) = (names.refs_of(&memory), names.place_of(&memory));
        let context = NoteContext { people: &people, place: place.as_deref(), happened_at: memory.happened_at };
        let proposed = propose_facts(&memory.text, &context, language);
        let facts: Vec<_> = proposed
            .into_iter()
            .map(|f| kept(FactId::from_uuid(self.store.new_uuid()), id, f, FactOrigin::Rule))
            .collect();
        self.store.transact(|tx| tx.set_facts(id, &facts))?;
        Ok(())
    }

    /// Imports an exported life log. `file` gives the bytes of a file named in `media`. A broken line costs itself only, and a
    /// line that is there already is left as it is.
    ///
    /// # Errors
    /// What the store says; lines before it are kept.
    pub fn import(&mut self, lines: &str, file: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<ImportReport, ReMeError> {
        let language = self.store.patient()?.language;
        let (memories, diagnostics) = parse_jsonl(lines);
        let told = |d: &LineDiagnostic| d.message.clone();
        let mut report = ImportReport { problems: diagnostics.iter().map(told).collect(), ..ImportReport::default() };
        for memory in memories {
            let filter = MemoryFilter { external_id: Some(memory.external_id.clone()), ..MemoryFilter::default() };
            let in_bin = MemoryFilter { only_deleted: true, ..filter.clone() };
            if !self.store.memories(&filter)?.is_empty() || !self.store.memories(&in_bin)?.is_empty() {
                report.known += 1;
                continue;
            }
            let id = self.import_one(&memory, file, &mut report.problems)?;
            self.propose(id, language)?;
            report.added += 1;
        }
        Ok(report)
    }

    /// Imports people as an export lists them: name, relation, other names. Somebody of that name is given the relation and names.
    /// Returns the lines left out, with the fix.
    ///
    /// # Errors
    /// What the store says.
    pub fn import_people(&mut self, lines: &str) -> Result<Vec<String>, ReMeError> {
        let mut problems = Vec::new();
        for (at, line) in lines.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let row: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            let Some(name) = row["name"].as_str().map(str::trim).filter(|n| !n.is_empty()) else {
                problems.push(format!(
                    "people, line {}, name: is missing or the line is not JSON; it was left out",
                    at + 1
                ));
                continue;
            };
            let aliases =
                row["aliases"].as_array().into_iter().flatten().filter_map(|a| a.as_str().map(str::to_owned)).collect();
            let relation = row["relation"].as_str().unwrap_or_default().to_owned();
            let known = self.store.person_called(name)?;
            self.store.transact(|tx| {
                let id = match &known {
                    Some(person) => person.id,
                    None => PersonId::from_uuid(tx.new_uuid()),
                };
                tx.put_person(&Person {
                    id,
                    name: name.to_owned(),
                    relation,
                    aliases,
                    photo: known.and_then(|p| p.photo),
                })
            })?;
        }
        Ok(problems)
    }

    fn import_one(
        &mut self,
        line: &ImportedMemory,
        file: &dyn Fn(&str) -> Option<Vec<u8>>,
        problems: &mut Vec<String>,
    ) -> Result<MemoryId, ReMeError> {
        let today = self.clock.today();
        let mut photos = Vec::new();
        for name in &line.media {
            match file(name).map(|bytes| read_photo(&bytes, today).map(|photo| (bytes, photo))) {
                None => problems.push(format!(
                    "{}, media: {name} was not found beside the export; the memory was kept without it",
                    line.external_id
                )),
                Some(Err(error)) => problems.push(format!("{}, media: {name}: {error}", line.external_id)),
                Some(Ok(read)) => photos.push(read),
            }
        }
        let (id, _) = self.store.transact(|tx| {
            let memory = Memory {
                id: MemoryId::from_uuid(tx.new_uuid()),
                external_id: Some(line.external_id.clone()),
                kind: line.kind,
                happened_at: line.happened_at,
                recorded_at: line.recorded_at,
                text: line.text.clone(),
                people: ids_of(tx, &line.people)?,
                place: line.place.as_deref().map(|p| tx.place_called(p)).transpose()?,
                tags: line.tags.clone(),
                source: line.source,
                sensitivity: if line.sensitive { Sensitivity::Sensitive } else { Sensitivity::Ordinary },
                consent: None,
                media: photos.iter().map(|(bytes, photo)| keep_photo(tx, bytes, photo)).collect::<Result<_, _>>()?,
                deleted_at: None,
            };
            tx.put_memory(&memory)?;
            if let Some(facts) = &line.facts {
                let facts: Vec<_> = facts
                    .iter()
                    .map(|f| kept(FactId::from_uuid(tx.new_uuid()), memory.id, f.clone(), FactOrigin::Person))
                    .collect();
                tx.set_facts(memory.id, &facts)?;
            }
            Ok(memory.id)
        })?;
        Ok(id)
    }

    /// One memory.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn memory(&self, id: MemoryId) -> Result<MemoryDto, ReMeError> {
        let facts = self.store.facts(Some(id))?;
        Ok(Names::of(&self.store)?.dto(&self.store.memory(id)?, &facts))
    }

    /// Every memory that is not in the bin, the latest event first.
    ///
    /// # Errors
    /// What the store says.
    pub fn memories(&self) -> Result<Vec<MemoryDto>, ReMeError> {
        let (names, facts) = (Names::of(&self.store)?, self.store.facts(None)?);
        Ok(self.store.memories(&MemoryFilter::default())?.iter().map(|m| names.dto(m, &facts)).collect())
    }

    /// Memories a question rests on, sensitive ones among them: the carer searches too.
    ///
    /// # Errors
    /// What the store says.
    pub fn search(&self, question: &str, limit: usize) -> Result<Found, ReMeError> {
        let patient = self.store.patient()?;
        let (names, facts) = (Names::of(&self.store)?, self.store.facts(None)?);
        let all = self.store.memories(&MemoryFilter::default())?;
        let corpus = Corpus::new(all.iter().map(|m| names.doc(m)).collect(), patient.language);
        let mut query = Query::new(question, self.now(&patient));
        query.limit = limit;
        let answer = corpus.search(&query);
        let memories = answer
            .ranked
            .iter()
            .filter_map(|hit| all.iter().find(|m| m.id.to_string() == hit.id))
            .map(|m| names.dto(m, &facts))
            .collect();
        Ok(Found { memories, answer: answer.answer })
    }

    /// Everything of this patient, as files of a folder that [`Companion::import`] reads again: name and bytes.
    ///
    /// # Errors
    /// A photo that is damaged; what the store says.
    pub fn export(&self) -> Result<Vec<(String, Vec<u8>)>, ReMeError> {
        let patient = self.store.patient()?;
        let (names, facts) = (Names::of(&self.store)?, self.store.facts(None)?);
        let profile = json!({"name": patient.name, "language": patient.language.tag(), "time_zone": patient.time_zone, "born_on": patient.born_on.map(|d| d.to_string())});
        let people: String = self
            .store
            .people()?
            .iter()
            .map(|p| format!("{}\n", json!({"name": p.name, "relation": p.relation, "aliases": p.aliases})))
            .collect();
        let (mut lines, mut files) = (String::new(), Vec::new());
        for memory in self.store.memories(&MemoryFilter::default())? {
            let dto = names.dto(&memory, &facts);
            let mut media = Vec::new();
            for id in &memory.media {
                let (bytes, mime) = self.store.media(id)?;
                let name = format!("media/{id}.{}", mime.rsplit('/').next().unwrap_or("bin"));
                files.push((name.clone(), bytes));
                media.push(name);
            }
            let mut tags = dto.tags.clone();
            tags.extend(dto.sensitive.then(|| "sensitive".to_owned()));
            let details: Vec<_> = dto.facts.iter().map(|f| json!({"kind": f.kind, "question": f.question, "answer": f.answer, "aliases": f.aliases, "meaning_cue": f.meaning_cue})).collect();
            let line = json!({
                "id": memory.external_id.clone().unwrap_or(dto.id), "kind": dto.kind, "happened_at": dto.happened_at,
                "recorded_at": dto.recorded_at, "text": dto.text, "people": dto.people, "place": dto.place, "tags": tags,
                "source": dto.source, "media": media, "facts": details,
            });
            lines.push_str(&format!("{line}\n"));
        }
        let trials: String = self.store.trials(None)?.iter().map(|t| {
            let outcome = serde_json::to_value(&t.outcome).unwrap_or_default();
            format!("{}\n", json!({"id": t.id, "session": t.session_id, "seq": t.seq, "block": t.block, "game": t.game, "at": t.at.to_string(), "outcome": outcome}))
        }).collect();
        files.sort();
        files.dedup_by(|a, b| a.0 == b.0);
        let mut out = vec![
            ("patient.json".to_owned(), format!("{profile}\n").into_bytes()),
            ("people.jsonl".to_owned(), people.into_bytes()),
            ("memories.jsonl".to_owned(), lines.into_bytes()),
            ("trials.jsonl".to_owned(), trials.into_bytes()),
        ];
        out.extend(files);
        Ok(out)
    }
}

impl std::fmt::Debug for Companion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Companion").field("slug", &self.slug).finish_non_exhaustive()
    }
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()) {
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

fn ids_of(tx: &mut Tx<'_>, names: &[String]) -> Result<Vec<PersonId>, StoreError> {
    let mut ids: Vec<PersonId> = Vec::new();
    for name in names {
        let id = tx.person_called(name)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn keep_photo(tx: &mut Tx<'_>, bytes: &[u8], photo: &Photo) -> Result<MediaId, StoreError> {
    let original = tx.add_media(bytes, photo.mime)?;
    for (role, copy) in [
        (MediaRole::Screen, &photo.screen_jpeg),
        (MediaRole::Thumb, &photo.thumb_jpeg),
        (MediaRole::Blurred, &photo.blurred_jpeg),
    ] {
        let copy = tx.add_media(copy, "image/jpeg")?;
        tx.link_rendition(&original, role, &copy)?;
    }
    Ok(original)
}
