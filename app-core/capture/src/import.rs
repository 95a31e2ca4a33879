//! A life log as JSON Lines becomes memories to import, line by line, with a diagnosis for every fault.
//!
//! Where in the flow: the façade reads the file, this reads the lines, the store keeps them under their
//! external id. What it must never do: stop at the first fault, or quote a note's words in a diagnosis.

use std::collections::BTreeSet;

use reme_types::{MemoryKind, Source, When};
use serde_json::{Map, Value};

use crate::{ProposedFact, draft::clean_text};

/// The fields of a line, in the order in which they are documented.
const FIELDS: [&str; 12] = [
    "id",
    "kind",
    "happened_at",
    "recorded_at",
    "text",
    "people",
    "place",
    "tags",
    "source",
    "media",
    "facts",
    "photo_texts",
];

/// A memory read from an export, people and places still by name.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedMemory {
    /// Its id in the export.
    pub external_id: String,
    /// Episode or fact.
    pub kind: MemoryKind,
    /// When it happened.
    pub happened_at: Option<When>,
    /// When it was noted.
    pub recorded_at: When,
    /// The note, cleaned.
    pub text: String,
    /// Names.
    pub people: Vec<String>,
    /// Name of the place.
    pub place: Option<String>,
    /// Labels, lower case, without `sensitive`.
    pub tags: BTreeSet<String>,
    /// Was it tagged `sensitive`?
    pub sensitive: bool,
    /// Who told it.
    pub source: Source,
    /// Files beside the export, such as `media/pier.jpg`.
    pub media: Vec<String>,
    /// Askable details somebody wrote down; `None` when the line says nothing of them.
    pub facts: Option<Vec<ProposedFact>>,
    /// Confirmed words of photos: a file of `media`, and what it says.
    pub photo_texts: Vec<(String, String)>,
}

/// Whether the line came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The memory came in; something of the line was left out.
    Warning,
    /// The line was not taken in.
    Error,
}

/// What is the matter with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineDiagnostic {
    /// Line number from 1.
    pub line: usize,
    /// The field meant, or `line` for all of it.
    pub field: String,
    /// What happened and what to do.
    pub message: String,
    /// Did the memory come in?
    pub severity: Severity,
}

/// Reads an export. Blank lines are skipped; a broken line is reported and the rest goes on. Lines past
/// the first with the same id are errors.
pub fn parse_jsonl(text: &str) -> (Vec<ImportedMemory>, Vec<LineDiagnostic>) {
    let (mut memories, mut diagnostics, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let mut report = Report { line: index + 1, diagnostics: &mut diagnostics };
        let Some(memory) = parse_line(line, &mut report) else { continue };
        if seen.insert(memory.external_id.clone()) {
            memories.push(memory);
        } else {
            report.error("id", "stands on an earlier line too; this line was left out. Give it an id of its own");
        }
    }
    (memories, diagnostics)
}

struct Report<'a> {
    line: usize,
    diagnostics: &'a mut Vec<LineDiagnostic>,
}

impl Report<'_> {
    fn add(&mut self, field: &str, message: &str, severity: Severity) {
        let message = format!("line {}, {field}: {message}", self.line);
        self.diagnostics.push(LineDiagnostic { line: self.line, field: field.into(), message, severity });
    }
    fn error(&mut self, field: &str, message: &str) {
        self.add(field, message, Severity::Error);
    }
    fn warn(&mut self, field: &str, message: &str) {
        self.add(field, message, Severity::Warning);
    }
}

fn parse_line(line: &str, report: &mut Report<'_>) -> Option<ImportedMemory> {
    let row: Map<String, Value> = match serde_json::from_str(line) {
        Ok(Value::Object(row)) => row,
        Ok(_) => {
            report.error("line", "is not a JSON object; it was left out. Write one {…} on each line");
            return None;
        }
        Err(error) => {
            // serde's message may hold words of the note; its position does not.
            report.error(
                "line",
                &format!("is not JSON (at character {}); it was left out. Check quotes and commas", error.column()),
            );
            return None;
        }
    };
    for key in row.keys().filter(|key| !FIELDS.contains(&key.as_str())) {
        let shown: String = key.chars().take(40).collect();
        report.warn(&shown, "is not a known field; it was left out and the rest was kept");
    }
    let id = required(&row, "id", report);
    let kind = choice(&row, "kind", &[("episode", MemoryKind::Episode), ("fact", MemoryKind::Fact)], report);
    let source = choice(
        &row,
        "source",
        &[("patient", Source::Patient), ("caregiver", Source::Caregiver), ("wearable", Source::Wearable)],
        report,
    );
    let recorded_at = required(&row, "recorded_at", report).and_then(|text| time(&text, "recorded_at", report));
    let media = strings(&row, "media", report);
    let text = match row.get("text") {
        // A photo may stand alone.
        Some(Value::String(text)) if text.trim().is_empty() && !media.is_empty() => Some(String::new()),
        _ => required(&row, "text", report).and_then(|text| match clean_text(&text) {
            Ok(text) => Some(text),
            Err(error) => {
                report.error("text", &error.to_string());
                None
            }
        }),
    };
    let happened_at = match row.get("happened_at") {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) => time(text, "happened_at", report).map(Some),
        Some(_) => {
            report.error("happened_at", "is neither a time nor null; the line was left out");
            None
        }
    };
    let mut tags: BTreeSet<String> = strings(&row, "tags", report).into_iter().map(|tag| tag.to_lowercase()).collect();
    let sensitive = tags.remove("sensitive");
    let people = strings(&row, "people", report);
    let place = match row.get("place") {
        Some(Value::String(place)) if !place.trim().is_empty() => Some(place.trim().to_owned()),
        None | Some(Value::Null | Value::String(_)) => None,
        Some(_) => {
            report.warn("place", "is not a text; it was left out and the rest was kept");
            None
        }
    };
    Some(ImportedMemory {
        external_id: id?,
        kind: kind?,
        happened_at: happened_at?,
        recorded_at: recorded_at?,
        text: text?,
        people,
        place,
        tags,
        sensitive,
        source: source?,
        media,
        facts: facts(&row, report),
        photo_texts: photo_texts(&row, report),
    })
}

fn photo_texts(row: &Map<String, Value>, report: &mut Report<'_>) -> Vec<(String, String)> {
    let items = match row.get("photo_texts") {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) => items.as_slice(),
        Some(_) => &[Value::Null],
    };
    let mut out = Vec::new();
    for item in items {
        match (item["photo"].as_str(), item["text"].as_str()) {
            (Some(photo), Some(text)) => out.push((photo.to_owned(), text.to_owned())),
            _ => report
                .warn("photo_texts", "holds one without photo and text; that one was left out and the rest was kept"),
        }
    }
    out
}

fn facts(row: &Map<String, Value>, report: &mut Report<'_>) -> Option<Vec<ProposedFact>> {
    let items = match row.get("facts") {
        None | Some(Value::Null) => return None,
        Some(Value::Array(items)) => items,
        Some(_) => {
            report.warn("facts", "is not a list; it was left out and the rest was kept");
            return None;
        }
    };
    let mut out = Vec::new();
    for item in items {
        let text = |field: &str| item[field].as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let kind = serde_json::from_value(item["kind"].clone()).ok();
        match (kind, text("question"), text("answer")) {
            (Some(kind), Some(question), Some(answer)) => {
                let aliases = item["aliases"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|a| a.as_str().map(str::to_owned))
                    .collect();
                out.push(ProposedFact { kind, question, answer, aliases, meaning_cue: text("meaning_cue") });
            }
            _ => report.warn(
                "facts",
                "holds one without kind, question and answer; that one was left out and the rest was kept",
            ),
        }
    }
    Some(out)
}

fn required(row: &Map<String, Value>, field: &str, report: &mut Report<'_>) -> Option<String> {
    match row.get(field) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        None => {
            report.error(field, "is missing; the line was left out. Add it");
            None
        }
        Some(_) => {
            report.error(field, "is empty or not a text; the line was left out. Write it in quotes");
            None
        }
    }
}

fn choice<T: Copy>(row: &Map<String, Value>, field: &str, allowed: &[(&str, T)], report: &mut Report<'_>) -> Option<T> {
    let text = required(row, field, report)?;
    let found = allowed.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<_> = allowed.iter().map(|(name, _)| *name).collect();
        report.error(field, &format!("is not known; the line was left out. Use one of {}", names.join(", ")));
    }
    found
}

fn time(text: &str, field: &str, report: &mut Report<'_>) -> Option<When> {
    let time = text.parse().ok();
    if time.is_none() {
        report
            .error(field, "is not a time; the line was left out. Write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm");
    }
    time
}

fn strings(row: &Map<String, Value>, field: &str, report: &mut Report<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    match row.get(field) {
        None | Some(Value::Null) => {}
        Some(Value::Array(items)) => {
            for item in items {
                match item.as_str().map(str::trim) {
                    Some(text) if !text.is_empty() && !out.iter().any(|o| o == text) => out.push(text.to_owned()),
                    Some(_) => {}
                    None => report
                        .warn(field, "holds something that is not a text; that was left out and the rest was kept"),
                }
            }
        }
        Some(_) => report.warn(field, "is not a list; it was left out and the rest was kept"),
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Severity, parse_jsonl};

    const GOOD: &str = r#"{"id":"a1","kind":"episode","happened_at":"2026-05-02","recorded_at":"2026-05-03T09:00","text":"Planted leeks.","people":["Joan","Joan"],"place":"garden","tags":["Garden","sensitive"],"source":"patient"}"#;

    #[test]
    fn a_whole_line_comes_in_and_sensitive_is_no_tag() {
        let (memories, diagnostics) = parse_jsonl(GOOD);
        assert_eq!(diagnostics, []);
        let memory = &memories[0];
        assert!(memory.sensitive && memory.tags.iter().eq(["garden"]));
        assert_eq!(memory.people, ["Joan"]);
    }

    #[test]
    fn a_photo_without_words_comes_in_and_a_line_with_neither_does_not() {
        let alone = GOOD.replace("Planted leeks.", "");
        assert!(parse_jsonl(&alone).0.is_empty());
        let with_photo = alone.replace("\"source\"", "\"media\":[\"media/leeks.jpg\"],\"source\"");
        assert_eq!(parse_jsonl(&with_photo).0[0].media, ["media/leeks.jpg"]);
    }

    #[test]
    fn broken_lines_are_named_by_number_and_field_and_the_rest_goes_on() {
        let lines = [
            GOOD.to_owned(),
            "{\"id\": \"secret words".to_owned(),
            String::new(),
            GOOD.replace("\"a1\"", "\"a2\"").replace("episode", "dream"),
            GOOD.replace("\"a1\"", "\"a3\"").replace("2026-05-02", "2026-02-30"),
            GOOD.to_owned(),
            GOOD.replace("\"a1\"", "\"a4\"").replace("\"place\"", "\"location\""),
            "[1]".to_owned(),
        ];
        let (memories, diagnostics) = parse_jsonl(&lines.join("\r\n"));
        assert_eq!(memories.iter().map(|m| m.external_id.as_str()).collect::<Vec<_>>(), ["a1", "a4"]);
        let found: Vec<_> = diagnostics.iter().map(|d| (d.line, d.field.as_str(), d.severity)).collect();
        use Severity::{Error, Warning};
        assert_eq!(
            found,
            [
                (2, "line", Error),
                (4, "kind", Error),
                (5, "happened_at", Error),
                (6, "id", Error),
                (7, "location", Warning),
                (8, "line", Error)
            ]
        );
        assert!(diagnostics.iter().all(|d| !d.message.contains("secret")), "notes are never quoted");
    }
}
