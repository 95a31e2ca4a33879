//! Runs reading and searching over evaluation files: JSON Lines in, predictions and diagnostics out. Files are the shell's.
//!
//! A broken line costs itself only: it is told with its number, its field and the fix, and the others are done.

use reme_conversation::{Meaning, Question, expected_from, judge_with};
use reme_retrieval::{Corpus, Doc, Query};
use reme_types::{Language, MemoryKind, When};
use serde_json::{Map, Value, json};

use crate::Sentences;

/// A line that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct LineError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, with the field's name, and what to write.
    pub problem: String,
}

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evaluated {
    /// One JSON object each, in the order of the input.
    pub lines: Vec<String>,
    /// Lines left out.
    pub errors: Vec<LineError>,
}

struct Record {
    fields: Map<String, Value>,
}

impl Record {
    fn parse(text: &str) -> Result<Self, String> {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self { fields }),
            Ok(_) => Err("is not a JSON object; write one object a line, such as {\"id\": …}".into()),
            Err(error) => Err(format!("is not JSON ({error}); write one object a line")),
        }
    }

    fn text(&self, field: &str) -> Result<&str, String> {
        match self.fields.get(field) {
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(format!("`{field}` must be a text in quotes")),
            None => Err(format!("`{field}` is missing")),
        }
    }

    fn optional(&self, field: &str) -> Result<Option<&str>, String> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.text(field).map(Some),
        }
    }

    fn texts(&self, field: &str) -> Result<Vec<String>, String> {
        let broken = || format!("`{field}` must be a list of texts");
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(all)) => all.iter().map(|v| v.as_str().map(str::to_owned).ok_or_else(broken)).collect(),
            Some(_) => Err(broken()),
        }
    }

    fn time(&self, field: &str) -> Result<When, String> {
        self.text(field)?.parse().map_err(|error| format!("`{field}`: {error}"))
    }
}

/// Calls `work` for every line that is not empty.
fn each(input: &str, mut work: impl FnMut(&Record) -> Result<Option<String>, String>) -> Evaluated {
    let mut out = Evaluated::default();
    for (at, line) in
        input.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
    {
        match Record::parse(line).and_then(|record| work(&record)) {
            Ok(line) => out.lines.extend(line),
            Err(problem) => out.errors.push(LineError { line: at + 1, problem }),
        }
    }
    out
}

/// Judges every answer of a file; prints `{"id","label"}`. `language` overrides what each line looks like.
///
/// ```
/// let line = r#"{"id":"1","question":"Who came?","expected":"Joan","aliases":[],"context":null,"answer":"Joan did"}"#;
/// let judged = reme::evaluation::answers(line, None);
/// assert_eq!(judged.lines, [r#"{"id":"1","label":"correct"}"#]);
/// ```
pub fn answers(input: &str, language: Option<Language>) -> Evaluated {
    answers_with(input, language, None)
}

/// The same, with descriptions that the rules cannot settle held against a sense of meaning.
pub fn answers_with(input: &str, language: Option<Language>, meaning: Option<&dyn Meaning>) -> Evaluated {
    each(input, |record| {
        let (id, asked, answer) = (record.text("id")?, record.text("question")?, record.text("answer")?);
        let expected = match record.fields.get("expected") {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(_)) => record.texts("expected")?,
            Some(_) => return Err("`expected` must be a text or a list of texts".into()),
            None => return Err("`expected` is missing".into()),
        };
        let language = language.unwrap_or_else(|| Language::detect(&format!("{asked} {answer}")));
        let expected = expected_from(&expected, &record.texts("aliases")?, asked, language);
        let context = record.optional("context")?;
        let question = Question { text: asked, expected: &expected, context, people: &[], language };
        let judged = judge_with(&question, answer, meaning);
        Ok(Some(json!({"id": id, "label": judged.verdict}).to_string()))
    })
}

/// Ranks memories for every query of a file; prints `{"id","ranked","answer",…}`, best first. A query sees only what was recorded
/// by its `now`. Errors of the memories come first in `errors`, as "memories line …".
pub fn queries(input: &str, memories: &str, language: Option<Language>, sentences: Option<&Sentences>) -> Evaluated {
    let mut docs = Vec::new();
    let read = each(memories, |record| {
        let kind = match record.text("kind")? {
            "episode" => MemoryKind::Episode,
            "fact" => MemoryKind::Fact,
            other => return Err(format!("`kind` is `{other}`; write episode or fact")),
        };
        let happened_at = record.optional("happened_at")?.map(|_| record.time("happened_at")).transpose()?;
        let tags = record.texts("tags")?;
        docs.push(Doc {
            id: record.text("id")?.to_owned(),
            kind,
            happened_at,
            recorded_at: record.time("recorded_at")?,
            text: record.text("text")?.to_owned(),
            photo_text: String::new(),
            people: record.texts("people")?,
            place: record.optional("place")?.map(str::to_owned),
            sensitive: tags.iter().any(|t| t == "sensitive"),
            tags,
        });
        Ok(None)
    });
    let sample: String = docs.iter().map(|d| d.text.as_str()).collect();
    let texts: Vec<(String, String)> = docs.iter().map(|d| (d.id.clone(), d.text.clone())).collect();
    let mut corpus = Corpus::new(docs, language.unwrap_or_else(|| Language::detect(&sample)));
    if let Some(sentences) = sentences {
        for (id, text) in &texts {
            sentences.vector(text).iter().for_each(|vector| corpus.put_vector(id, vector));
        }
    }
    let mut out = each(input, |record| {
        let text = record.text("query")?;
        let mut query = Query::new(text, record.time("now")?);
        query.vector = sentences.and_then(|sentences| sentences.vector(text));
        query.rule = record.optional("rule")?;
        let answer = corpus.search(&query);
        let ranked: Vec<&str> = answer.ranked.iter().map(|hit| hit.id.as_str()).collect();
        Ok(Some(
            json!({
                "id": record.text("id")?,
                "ranked": ranked,
                "nothing_found": answer.is_nothing_found,
                "answer": answer.answer.unwrap_or_default(),
                "cited": answer.cited,
                "level": answer.level.number(),
                "rule_in_words": answer.rule_in_words,
            })
            .to_string(),
        ))
    });
    let broken = read.errors.into_iter().map(|e| LineError { problem: format!("(memories) {}", e.problem), ..e });
    out.errors.splice(0..0, broken);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_told_and_costs_no_other() {
        let input = "{\"id\":\"1\",\"question\":\"Who?\",\"expected\":\"Ann\",\"answer\":\"Ann\"}\nnot json\n{\"id\":\"2\",\"question\":\"Who?\",\"answer\":\"Ann\"}\n";
        let judged = answers(input, Some(Language::En));
        assert_eq!(judged.lines.len(), 1);
        let problems: Vec<String> = judged.errors.iter().map(ToString::to_string).collect();
        assert!(
            problems[0].starts_with("line 2: is not JSON") && problems[1] == "line 3: `expected` is missing",
            "{problems:?}"
        );
    }

    #[test]
    fn a_query_sees_only_what_was_recorded_by_its_now() {
        let memories = "{\"id\":\"m\",\"kind\":\"episode\",\"happened_at\":\"2026-01-02\",\"recorded_at\":\"2026-01-02\",\"text\":\"Sowed leeks.\"}\n{\"id\":\"x\",\"kind\":\"dream\"}";
        let ask = |now: &str| {
            queries(
                &format!("{{\"id\":\"q\",\"query\":\"When did I sow leeks?\",\"now\":\"{now}\"}}"),
                memories,
                None,
                None,
            )
        };
        let line = |now: &str| {
            serde_json::from_str::<serde_json::Value>(&ask(now).lines[0]).expect("a line of JSON")["answer"].clone()
        };
        assert_eq!(line("2026-01-03"), json!("2026-01-02"));
        assert_eq!(line("2026-01-01"), json!(""));
        assert!(ask("2026-01-03").errors[0].to_string().contains("(memories) `kind` is `dream`"));
    }
}
