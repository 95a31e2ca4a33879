//! An exported life log, people and places come in, line by line.
//!
//! What it must never do: stop at a broken line, change what is there already, or quote a note's words in a problem.

use std::{collections::BTreeMap, ops::ControlFlow};

use reme_capture::{FolderEntry, ImportedMemory, LineDiagnostic, PlannedMemory, parse_jsonl, plan_folder, read_photo};
use reme_store::{MemoryFilter, PhotoText};
use reme_types::{
    FactId, FactOrigin, MediaId, Memory, MemoryId, MemoryKind, Patient, Person, PersonId, Place, PlaceId, Source, When,
};

use crate::{Companion, form::Entry, household::ReMeError, names::kept};

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportReport {
    /// Memories kept.
    pub added: usize,
    /// Lines and photos that were there already; left as they are.
    pub known: usize,
    /// How many memories were not come to, because somebody stopped the import; the same import again goes on with them.
    pub left: usize,
    /// Lines and photos left out, and details lost, with the fix.
    pub problems: Vec<String>,
}

/// How far the import of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportProgress<'a> {
    /// Memories done.
    pub done: usize,
    /// Memories in all.
    pub of: usize,
    /// Of those done, how many were kept.
    pub added: usize,
    /// Of those done, how many were there already.
    pub known: usize,
    /// The name of the files that come next; `None` at the end.
    pub next: Option<&'a str>,
}

impl Companion {
    /// Imports an exported life log. `file` gives the bytes of a file named in `media`. A broken line costs itself only, and a
    /// line that is there already is left as it is.
    ///
    /// # Errors
    /// What the store says; lines before it are kept.
    pub fn import(&mut self, lines: &str, file: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<ImportReport, ReMeError> {
        let patient = self.store.patient()?;
        let (memories, diagnostics) = parse_jsonl(lines);
        let told = |d: &LineDiagnostic| d.message.clone();
        let mut report = ImportReport { problems: diagnostics.iter().map(told).collect(), ..ImportReport::default() };
        for memory in memories {
            if self.is_there(&memory.external_id)? {
                report.known += 1;
                continue;
            }
            self.import_one(memory, file, &patient, &mut report.problems)?;
            report.added += 1;
        }
        Ok(report)
    }

    /// Whether something was imported under that id already; what lies in the bin counts.
    fn is_there(&self, external_id: &str) -> Result<bool, ReMeError> {
        Ok(self.imported_as(external_id)?.is_some())
    }

    /// What was imported under that id, from the bin as well.
    fn imported_as(&self, external_id: &str) -> Result<Option<Memory>, ReMeError> {
        let filter = MemoryFilter { external_id: Some(external_id.to_owned()), ..MemoryFilter::default() };
        let in_bin = MemoryFilter { only_deleted: true, ..filter.clone() };
        let found = self.store.memories(&filter)?.pop();
        Ok(if found.is_some() { found } else { self.store.memories(&in_bin)?.pop() })
    }

    /// Imports a folder of photos and notes; `market.txt` and `market.jpg` become one memory, whose id is `market`. `read` gives a
    /// file's bytes, one memory's at a time; `progress` hears before each memory how far it is, and stops the import with
    /// [`ControlFlow::Break`]. Each memory is kept whole or not at all, so that an import that was stopped or killed goes on
    /// where it ended when it is started again. What is there already is left as it is: the same files, and a photo without a
    /// note that some memory shows under whatever name. A file that cannot be read costs itself only.
    ///
    /// # Errors
    /// What the store says; memories before it are kept.
    pub fn import_folder(
        &mut self,
        names: &[String],
        read: &dyn Fn(&str) -> Option<Vec<u8>>,
        progress: &mut dyn FnMut(ImportProgress<'_>) -> ControlFlow<()>,
    ) -> Result<ImportReport, ReMeError> {
        let patient = self.store.patient()?;
        let mut groups: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            groups.entry(name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem)).or_default().push(name);
        }
        let (mut report, of) = (ImportReport::default(), groups.len());
        for (done, (stem, names)) in groups.into_iter().enumerate() {
            let (added, known) = (report.added, report.known);
            if progress(ImportProgress { done, of, added, known, next: Some(stem) }).is_break() {
                report.left = of - done;
                return Ok(report);
            }
            let mut files = Vec::new();
            for name in names {
                match read(name) {
                    Some(bytes) => files.push(FolderEntry { name: name.clone(), bytes }),
                    None => report.problems.push(format!("{name}: could not be read; it was left out")),
                }
            }
            let Some(id) = self.free_id(stem, &files)? else {
                report.known += 1;
                continue;
            };
            let today = self.now(&patient).first_day();
            let plan = plan_folder(&files, patient.language, today, &self.known()?);
            report.problems.extend(plan.problems.iter().map(|(file, problem)| format!("{file}: {problem}")));
            for planned in plan.memories {
                self.keep_planned(PlannedMemory { name: id.clone(), ..planned }, &files, &patient)?;
                report.added += 1;
            }
        }
        // Nothing is left that could be stopped.
        let _ = progress(ImportProgress { done: of, of, added: report.added, known: report.known, next: None });
        Ok(report)
    }

    /// Under which id files of one name are kept; `None` when they are there already. Cameras count from 1 again, so that two
    /// folders hold different photos of one name: the second is kept under its name and the beginning of its hash.
    fn free_id(&self, stem: &str, files: &[FolderEntry]) -> Result<Option<String>, ReMeError> {
        let is_note = |file: &FolderEntry| file.name.to_lowercase().ends_with(".txt");
        let photos: Vec<MediaId> =
            files.iter().filter(|file| !is_note(file)).map(|file| self.store.media_id_of(&file.bytes)).collect();
        let has_note = files.iter().any(is_note);
        if let [photo] = photos.as_slice()
            && !has_note
            && self.store.is_shown(photo)?
        {
            return Ok(None);
        }
        let Some(first) = photos.first() else {
            return Ok((!self.is_there(stem)?).then(|| stem.to_owned()));
        };
        let other = format!("{stem}-{}", &first.as_str()[..8]);
        let Some(there) = self.imported_as(stem)? else { return Ok(Some(stem.to_owned())) };
        let same = photos.iter().any(|photo| there.media.contains(photo));
        // A note of the same name whose photo was damaged then or is damaged now is the same memory.
        let nothing_to_tell_by = there.media.is_empty();
        Ok((!same && !nothing_to_tell_by && !self.is_there(&other)?).then_some(other))
    }

    fn keep_planned(
        &mut self,
        planned: PlannedMemory,
        files: &[FolderEntry],
        patient: &Patient,
    ) -> Result<(), ReMeError> {
        let now = self.now(patient);
        let draft = planned.draft.unwrap_or_default();
        let bytes_of = |name: &str| files.iter().find(|file| file.name == name).map(|file| file.bytes.as_slice());
        let photos: Vec<_> =
            planned.photos.into_iter().filter_map(|(name, photo)| Some((bytes_of(&name)?, photo))).collect();
        let entry = Entry {
            external_id: Some(planned.name),
            kind: MemoryKind::Episode,
            happened_at: planned.happened_at.or(Some(When::Day(now.first_day()))),
            recorded_at: now,
            text: draft.text,
            people: draft.people,
            place: draft.place,
            tags: draft.tags,
            source: Source::Caregiver,
            sensitive: false,
            media: Vec::new(),
        };
        self.keep(&entry, &photos, None, patient)?;
        Ok(())
    }

    fn import_one(
        &mut self,
        line: ImportedMemory,
        file: &dyn Fn(&str) -> Option<Vec<u8>>,
        patient: &Patient,
        problems: &mut Vec<String>,
    ) -> Result<MemoryId, ReMeError> {
        let today = self.now(patient).first_day();
        let mut read = Vec::new();
        for name in &line.media {
            match file(name).map(|bytes| read_photo(&bytes, today).map(|photo| (name.clone(), bytes, photo))) {
                None => problems.push(format!(
                    "{}, media: {name} was not found beside the export; the memory was kept without it",
                    line.external_id
                )),
                Some(Err(error)) => problems.push(format!("{}, media: {name}: {error}", line.external_id)),
                Some(Ok(photo)) => read.push(photo),
            }
        }
        let photos: Vec<_> = read.iter().map(|(_, bytes, photo)| (bytes.as_slice(), photo.clone())).collect();
        let entry = Entry {
            external_id: Some(line.external_id),
            kind: line.kind,
            happened_at: line.happened_at,
            recorded_at: line.recorded_at,
            text: line.text,
            people: line.people,
            place: line.place,
            tags: line.tags,
            source: line.source,
            sensitive: line.sensitive,
            media: Vec::new(),
        };
        let id = match line.facts {
            None => self.keep(&entry, &photos, None, patient)?,
            Some(given) => {
                let id = MemoryId::from_uuid(self.store.new_uuid());
                let facts: Vec<_> = given
                    .into_iter()
                    .map(|fact| kept(FactId::from_uuid(self.store.new_uuid()), id, fact, FactOrigin::Person))
                    .collect();
                self.keep_with(id, &entry, &photos, &facts)?
            }
        };
        let media_of =
            |name: &str| read.iter().find(|(of, ..)| of == name).map(|(_, bytes, _)| self.store.media_id_of(bytes));
        let texts: Vec<PhotoText> = line
            .photo_texts
            .into_iter()
            .filter_map(|(name, text)| Some(PhotoText { memory: id, media: media_of(&name)?, text }))
            .collect();
        self.store.transact(|tx| texts.iter().try_for_each(|text| tx.set_photo_text(text)))?;
        Ok(id)
    }

    /// Imports people as an export lists them: name, relation, other names. Somebody of that name is given the relation and names.
    /// Returns the lines left out, with the fix.
    ///
    /// # Errors
    /// What the store says.
    pub fn import_people(&mut self, lines: &str) -> Result<Vec<String>, ReMeError> {
        let mut problems = Vec::new();
        for (at, row) in rows(lines) {
            let Some(name) = name_of(&row) else {
                problems.push(left_out("people", at));
                continue;
            };
            let relation = row["relation"].as_str().unwrap_or_default().to_owned();
            let known = self.store.person_called(&name)?;
            self.store.transact(|tx| {
                let id = match &known {
                    Some(person) => person.id,
                    None => PersonId::from_uuid(tx.new_uuid()),
                };
                let photo = known.and_then(|p| p.photo);
                tx.put_person(&Person { id, name, relation, aliases: aliases_of(&row), photo })
            })?;
        }
        Ok(problems)
    }

    /// Imports places as an export lists them: name, other names, latitude and longitude in degrees. A place of that name is
    /// given the other names and the position. Returns the lines left out, with the fix.
    ///
    /// # Errors
    /// What the store says.
    pub fn import_places(&mut self, lines: &str) -> Result<Vec<String>, ReMeError> {
        let mut problems = Vec::new();
        for (at, row) in rows(lines) {
            let Some(name) = name_of(&row) else {
                problems.push(left_out("places", at));
                continue;
            };
            let known = self.store.place_called(&name)?;
            let position = row["latitude"]
                .as_f64()
                .zip(row["longitude"].as_f64())
                .filter(|(latitude, longitude)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0);
            self.store.transact(|tx| {
                let id = match &known {
                    Some(place) => place.id,
                    None => PlaceId::from_uuid(tx.new_uuid()),
                };
                let position = position.or(known.and_then(|p| p.position));
                tx.put_place(&Place { id, name, aliases: aliases_of(&row), position })
            })?;
        }
        Ok(problems)
    }
}

/// Line number from 1, and its JSON; what is no JSON comes as null.
fn rows(lines: &str) -> impl Iterator<Item = (usize, serde_json::Value)> {
    let filled = lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled.map(|(at, line)| (at + 1, serde_json::from_str(line).unwrap_or_default()))
}

fn name_of(row: &serde_json::Value) -> Option<String> {
    row["name"].as_str().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned)
}

fn aliases_of(row: &serde_json::Value) -> Vec<String> {
    row["aliases"].as_array().into_iter().flatten().filter_map(|a| a.as_str().map(str::to_owned)).collect()
}

fn left_out(file: &str, line: usize) -> String {
    format!("{file}, line {line}, name: is missing or the line is not JSON; it was left out")
}
