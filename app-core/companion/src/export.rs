//! Everything of a patient as plain files, which [`Companion::import`] reads again.
//!
//! Texts are gathered at once; photos are named, so that a shell can hand them out one at a time and never holds them all.
//! What it must never do: leave something out without saying so.

use reme_store::MemoryFilter;
use reme_types::{MediaId, MediaRole, Memory, MemoryFact};
use serde_json::json;

use crate::{Companion, household::ReMeError, names::Names};

const README: &str = include_str!("../strings/export-readme.txt");

/// What an export holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// File name and contents.
    pub files: Vec<(String, Vec<u8>)>,
    /// File name and the id to ask [`Companion::photo`] for, originals all.
    pub photos: Vec<(String, String)>,
}

impl Export {
    /// The file that says what is what, to be written last: `damaged` names photos that could not be read.
    pub fn readme(damaged: &[String]) -> (String, Vec<u8>) {
        let mut text = README.to_owned();
        if !damaged.is_empty() {
            text.push_str("\nThese photos are damaged and are missing here / 以下照片已损坏，没有包含在内：\n");
            damaged.iter().for_each(|name| text.push_str(&format!("  {name}\n")));
        }
        ("README.txt".to_owned(), text.into_bytes())
    }
}

impl Companion {
    /// Everything of this patient: texts, and which photos there are.
    ///
    /// # Errors
    /// What the store says.
    pub fn export_index(&self) -> Result<Export, ReMeError> {
        let patient = self.store.patient()?;
        let profile = json!({
            "name": patient.name, "language": patient.language.tag(), "time_zone": patient.time_zone,
            "born_on": patient.born_on.map(|d| d.to_string()),
        });
        let people = self.store.people()?;
        let people = people.iter().map(|p| json!({"name": p.name, "relation": p.relation, "aliases": p.aliases}));
        let places = self.store.places()?;
        let places = places.iter().map(|p| {
            let (latitude, longitude) = p.position.unzip();
            json!({"name": p.name, "aliases": p.aliases, "latitude": latitude, "longitude": longitude})
        });
        let (names, facts) = (Names::of(&self.store)?, self.store.facts(None)?);
        let mut photos = Vec::new();
        let kept = self.memory_lines(&MemoryFilter::default(), &names, &facts, &mut photos)?;
        let in_bin = MemoryFilter { only_deleted: true, ..MemoryFilter::default() };
        let binned = self.memory_lines(&in_bin, &names, &facts, &mut photos)?;
        photos.sort();
        photos.dedup();
        let mut sessions = Vec::new();
        for session in self.store.sessions(false)? {
            let lines = self.store.lines(session.id)?;
            let said = lines.iter().map(|l| json!({"who": l.who, "text": l.text, "origin": l.origin}));
            sessions.push(json!({
                "id": session.id, "state": session.state, "started_at": session.started_at.to_string(),
                "ended_at": session.ended_at.map(|t| t.to_string()), "seconds": session.seconds, "plan": session.plan,
                "template_versions": session.template_versions, "lines": said.collect::<Vec<_>>(),
            }));
        }
        let trials = self.store.trials(None)?;
        let trials = trials.iter().map(|t| {
            json!({
                "id": t.id, "session": t.session_id, "seq": t.seq, "block": t.block, "game": t.game,
                "template_version": t.template_version, "at": t.at.to_string(), "outcome": t.outcome,
            })
        });
        let files = [
            ("patient.json", lines([profile])),
            ("people.jsonl", lines(people)),
            ("places.jsonl", lines(places)),
            ("memories.jsonl", lines(kept)),
            ("bin.jsonl", lines(binned)),
            ("sessions.jsonl", lines(sessions)),
            ("trials.jsonl", lines(trials)),
            ("plan.json", lines([json!(self.plan_in_force()?)])),
            ("settings.json", lines([json!(self.settings()?)])),
        ];
        Ok(Export { files: files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(), photos })
    }

    /// Everything at once, photos among it: name and bytes.
    ///
    /// # Errors
    /// What the store says; a damaged photo is named in the README instead.
    pub fn export(&self) -> Result<Vec<(String, Vec<u8>)>, ReMeError> {
        let Export { mut files, photos } = self.export_index()?;
        let mut damaged = Vec::new();
        for (name, id) in photos {
            match self.photo(&id, MediaRole::Original) {
                Ok((bytes, _)) => files.push((name, bytes)),
                Err(_) => damaged.push(name),
            }
        }
        files.push(Export::readme(&damaged));
        Ok(files)
    }

    fn memory_lines(
        &self,
        filter: &MemoryFilter,
        names: &Names,
        facts: &[MemoryFact],
        photos: &mut Vec<(String, String)>,
    ) -> Result<Vec<serde_json::Value>, ReMeError> {
        let mut out = Vec::new();
        for memory in self.store.memories(filter)? {
            let mut media = Vec::new();
            for id in &memory.media {
                let mime = self.store.media_mime(id)?.unwrap_or_default();
                let name = format!("media/{id}.{}", mime.rsplit('/').next().unwrap_or_default());
                photos.push((name.clone(), id.to_string()));
                media.push(name);
            }
            out.push(memory_line(&memory, names, facts, &media));
        }
        Ok(out)
    }
}

/// A memory in the form an import reads.
fn memory_line(memory: &Memory, names: &Names, facts: &[MemoryFact], media: &[String]) -> serde_json::Value {
    let dto = names.dto(memory, facts);
    let mut tags = dto.tags;
    tags.extend(dto.sensitive.then(|| "sensitive".to_owned()));
    let details: Vec<_> = dto
        .facts
        .iter()
        .map(|f| {
            json!({
                "kind": f.kind, "question": f.question, "answer": f.answer, "aliases": f.aliases,
                "meaning_cue": f.meaning_cue,
            })
        })
        .collect();
    let named = |id: &MediaId| {
        let at = memory.media.iter().position(|shown| shown == id);
        at.and_then(|at| media.get(at)).cloned()
    };
    let photo_texts: Vec<_> =
        names.photo_texts_of(memory).map(|read| json!({"photo": named(&read.media), "text": read.text})).collect();
    json!({
        "id": memory.external_id.clone().unwrap_or(dto.id), "kind": dto.kind, "happened_at": dto.happened_at,
        "recorded_at": dto.recorded_at, "text": dto.text, "people": dto.people, "place": dto.place, "tags": tags,
        "source": dto.source, "media": media, "facts": details, "photo_texts": photo_texts,
    })
}

fn lines(values: impl IntoIterator<Item = serde_json::Value>) -> Vec<u8> {
    values.into_iter().map(|value| format!("{value}\n")).collect::<String>().into_bytes()
}
