//! How long people waited for a reply, by stage, and how well a rehearsal was heard.
//!
//! Counts only: no word of a session stands in a report.

use std::path::{Path, PathBuf};

use reme_speech::ErrorCount;
use reme_types::Language;
use serde_json::{Value, json};

/// One answer, with the moments around it, in milliseconds of the clock.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// What a rehearsal's patient said.
    pub(super) spoken: Option<String>,
    /// What was heard.
    pub(super) heard: String,
    /// The last sound of speech.
    pub(super) speech_ended_ms: Option<i64>,
    /// The silence after it was long enough.
    pub(super) turn_ended_ms: Option<i64>,
    /// The text was there.
    pub(super) heard_ms: Option<i64>,
    /// The companion had decided what to say.
    pub(super) understood_ms: Option<i64>,
    /// The first sound of the reply.
    pub(super) reply_ms: Option<i64>,
}

pub(super) struct Report {
    language: Language,
    turns: Vec<Turn>,
    files: std::cell::Cell<usize>,
}

/// Stages of a wait: name, from which moment to which.
type Stage = (&'static str, fn(&Turn) -> Option<i64>);
const STAGES: [Stage; 6] = [
    ("silence_ms", |turn| Some(turn.turn_ended_ms? - turn.speech_ended_ms?)),
    ("recognition_ms", |turn| Some(turn.heard_ms? - turn.turn_ended_ms?)),
    ("understanding_ms", |turn| Some(turn.understood_ms? - turn.heard_ms?)),
    ("voice_ms", |turn| Some(turn.reply_ms? - turn.understood_ms?)),
    ("after_silence_ms", |turn| Some(turn.reply_ms? - turn.turn_ended_ms?)),
    ("whole_ms", |turn| Some(turn.reply_ms? - turn.speech_ended_ms?)),
];

impl Report {
    pub(super) fn new(language: Language) -> Self {
        Self { language, turns: Vec::new(), files: std::cell::Cell::new(0) }
    }

    /// The next file of a rehearsal's sound.
    pub(super) fn file(&self, folder: &Path, who: &str) -> PathBuf {
        self.files.set(self.files.get() + 1);
        folder.join(format!("{:03}-{who}.wav", self.files.get()))
    }

    pub(super) fn answered(&mut self, turn: Turn) {
        self.turns.push(turn);
    }

    pub(super) fn understood(&mut self, at_ms: i64) {
        if let Some(turn) = self.turns.last_mut() {
            turn.understood_ms.get_or_insert(at_ms);
        }
    }

    pub(super) fn reply_began(&mut self, at_ms: i64) {
        if let Some(turn) = self.turns.last_mut() {
            turn.reply_ms.get_or_insert(at_ms);
        }
    }

    /// Number of turns, the error rate of a rehearsal, and the median and 95th percentile of each stage.
    pub(super) fn as_value(&self) -> Value {
        let mut stages = serde_json::Map::new();
        for (name, length) in STAGES {
            let mut lengths: Vec<i64> = self.turns.iter().filter_map(length).collect();
            lengths.sort_unstable();
            stages.insert(name.to_owned(), json!({"p50": rank(&lengths, 50), "p95": rank(&lengths, 95)}));
        }
        let errors: ErrorCount = self
            .turns
            .iter()
            .filter_map(|turn| Some(ErrorCount::between(turn.spoken.as_deref()?, &turn.heard, self.language)))
            .sum();
        let name = if self.language == Language::En { "word_error_rate" } else { "character_error_rate" };
        json!({"turns": self.turns.len(), name: errors.rate(), "stages": stages})
    }
}

/// The value below which `percent` of the sorted values lie (nearest rank).
fn rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let nth = (sorted.len() * percent).div_ceil(100);
    sorted.get(nth.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_timed_by_stage() {
        let mut report = Report::new(Language::En);
        for extra in [0, 100] {
            report.answered(Turn {
                speech_ended_ms: Some(1_000),
                turn_ended_ms: Some(3_500),
                heard_ms: Some(3_900 + extra),
                ..Turn::default()
            });
            report.understood(4_050 + extra);
            report.reply_began(4_450 + extra);
            report.reply_began(9_000); // a second line of the same reply
        }
        let stages = &report.as_value()["stages"];
        assert_eq!(stages["recognition_ms"], json!({"p50": 400, "p95": 500}));
        assert_eq!((&stages["understanding_ms"]["p95"], &stages["voice_ms"]["p50"]), (&json!(150), &json!(400)));
        assert_eq!((&stages["whole_ms"]["p50"], &stages["silence_ms"]["p50"]), (&json!(3_450), &json!(2_500)));
    }
}
