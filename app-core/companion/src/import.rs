//! An exported life log, people and places come in, line by line.
//!
//! What it must never do: stop at a broken line, change what is there already, or quote a note's words in a problem.

use reme_capture::{ImportedMemory, LineDiagnostic, parse_jsonl, read_photo};
use reme_store::MemoryFilter;
use reme_types::{FactId, FactOrigin, MemoryId, Patient, Person, PersonId, Place, PlaceId};

use crate::{Companion, form::Entry, household::ReMeError, names::kept};

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
            let filter = MemoryFilter { external_id: Some(memory.external_id.clone()), ..MemoryFilter::default() };
            let in_bin = MemoryFilter { only_deleted: true, ..filter.clone() };
            if !self.store.memories(&filter)?.is_empty() || !self.store.memories(&in_bin)?.is_empty() {
                report.known += 1;
                continue;
            }
            self.import_one(memory, file, &patient, &mut report.problems)?;
            report.added += 1;
        }
        Ok(report)
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
            match file(name).map(|bytes| read_photo(&bytes, today).map(|photo| (bytes, photo))) {
                None => problems.push(format!(
                    "{}, media: {name} was not found beside the export; the memory was kept without it",
                    line.external_id
                )),
                Some(Err(error)) => problems.push(format!("{}, media: {name}: {error}", line.external_id)),
                Some(Ok(photo)) => read.push(photo),
            }
        }
        let photos: Vec<_> = read.iter().map(|(bytes, photo)| (bytes.as_slice(), photo.clone())).collect();
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
        let Some(given) = line.facts else { return self.keep(&entry, &photos, None, patient) };
        let id = MemoryId::from_uuid(self.store.new_uuid());
        let facts: Vec<_> = given
            .into_iter()
            .map(|fact| kept(FactId::from_uuid(self.store.new_uuid()), id, fact, FactOrigin::Person))
            .collect();
        self.keep_with(id, &entry, &photos, &facts)
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
