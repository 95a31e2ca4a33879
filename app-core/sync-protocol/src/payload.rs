//! What a record holds. Numbers, ids and closed words only: there is no field for anything a person said or wrote.

use std::collections::BTreeMap;

use reme_types::{Cue, Domain, FactId, InputMode, MatchedBy, MemoryId, SessionId, Trial, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

/// Longest word in typed trial data, bytes; `incongruent` has 11.
const MAX_DATA_WORD: usize = 40;
/// Longest typed trial data, bytes of JSON.
const MAX_DATA_BYTES: usize = 4 * 1024;
/// Longest slug, version or device fact, bytes.
const MAX_NAME_BYTES: usize = 80;

/// A payload that may not travel.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field} {problem}")]
pub struct PayloadError {
    /// The field, such as `trial.score`.
    pub field: &'static str,
    /// What is the matter with it; never its value.
    pub problem: &'static str,
}

/// The content of a live record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Payload {
    /// One trial.
    Trial(TrialPayload),
    /// How a session stands.
    Session(SessionPayload),
    /// What was planned and done on a day.
    Adherence(AdherencePayload),
    /// Something about the device.
    DeviceFact(DeviceFactPayload),
}

/// A row of the trial log, without the patient's words: memory and fact appear as ids that mean nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrialPayload {
    /// Its session.
    pub session_id: SessionId,
    /// 0, 1, 2 … within the session.
    pub seq: u32,
    /// Which game of the session, 0-based.
    pub block: u16,
    /// The game's slug.
    pub game: String,
    /// The template's version.
    pub template_version: String,
    /// How the answer came in.
    pub input: InputMode,
    /// When it was decided, milliseconds since 1970 by the device's clock.
    pub at_ms: i64,
    /// Trial kind, such as `recall-fact`.
    pub trial_kind: String,
    /// Domain it counts for.
    pub domain: Domain,
    /// Difficulty level, 1 = easiest.
    pub level: u8,
    /// Practice trials never count.
    pub practice: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// 0–1.
    pub score: f64,
    /// Rung 0–7, for laddered trials.
    pub rung: Option<u8>,
    /// Milliseconds from stimulus to answer.
    pub rt_ms: Option<u32>,
    /// On what the match rests.
    pub matched_by: MatchedBy,
    /// 0–1.
    pub confidence: f64,
    /// The memory asked about.
    pub memory_id: Option<MemoryId>,
    /// The fact asked about.
    pub fact_id: Option<FactId>,
    /// Typed data of the trial kind: numbers, truth values and closed words.
    pub data: BTreeMap<String, Value>,
    /// Version of the scorer.
    pub scorer: u16,
}

/// A session as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPayload {
    /// `running`, `done` or `stopped`.
    pub state: String,
    /// The clinic's plan version it followed; 0 for a plan set at home.
    pub plan_version: u32,
    /// When it began, milliseconds since 1970.
    pub started_ms: i64,
    /// When it ended.
    pub ended_ms: Option<i64>,
    /// Seconds played.
    pub seconds: u32,
    /// The patient's local day, `YYYY-MM-DD`.
    pub day: jiff::civil::Date,
    /// Slugs of the games played, in order.
    pub games: Vec<String>,
}

/// Planned and done on one local day; the row id is the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdherencePayload {
    /// The day.
    pub day: jiff::civil::Date,
    /// Sessions a week by the plan in force that day.
    pub sessions_per_week: u8,
    /// Sessions begun.
    pub begun: u16,
    /// Sessions played to their end.
    pub done: u16,
    /// Seconds played.
    pub seconds: u32,
}

/// One thing about the device; the row id is `key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceFactPayload {
    /// `app-version`, `platform`, `model` (language model file), `storage-free-mb`, …
    pub key: String,
    /// Its value.
    pub value: String,
}

impl TrialPayload {
    /// A trial as it leaves the device.
    ///
    /// # Errors
    /// When its typed data is not what may leave.
    pub fn from_trial(trial: &Trial) -> Result<Self, PayloadError> {
        let outcome = &trial.outcome;
        let data = serde_json::from_str(&outcome.data)
            .map_err(|_| PayloadError { field: "trial.data", problem: "is no JSON object" })?;
        let payload = Self {
            session_id: trial.session_id,
            seq: trial.seq,
            block: trial.block,
            game: trial.game.clone(),
            template_version: trial.template_version.clone(),
            input: trial.input,
            at_ms: trial.at.as_millisecond(),
            trial_kind: outcome.kind.clone(),
            domain: outcome.domain,
            level: outcome.level,
            practice: outcome.practice,
            verdict: outcome.verdict,
            score: outcome.score,
            rung: outcome.cue.map(Cue::rung),
            rt_ms: outcome.rt_ms,
            matched_by: outcome.matched_by,
            confidence: outcome.confidence,
            memory_id: outcome.memory_id,
            fact_id: outcome.fact_id,
            data,
            scorer: outcome.scorer,
        };
        payload.check()?;
        Ok(payload)
    }

    fn check(&self) -> Result<(), PayloadError> {
        name("trial.game", &self.game)?;
        name("trial.template_version", &self.template_version)?;
        name("trial.trial_kind", &self.trial_kind)?;
        for (field, number) in [("trial.score", self.score), ("trial.confidence", self.confidence)] {
            if !(0.0..=1.0).contains(&number) {
                return Err(PayloadError { field, problem: "is not within 0 and 1" });
            }
        }
        if self.rung.is_some_and(|rung| Cue::from_rung(rung).is_none()) {
            return Err(PayloadError { field: "trial.rung", problem: "is not within 0 and 7" });
        }
        time("trial.at_ms", self.at_ms)?;
        let words_are_closed = self.data.iter().all(|(key, value)| is_closed_word(key) && is_closed(value, 0));
        let size = serde_json::to_vec(&self.data).map_or(usize::MAX, |bytes| bytes.len());
        if !words_are_closed || size > MAX_DATA_BYTES {
            let problem = "holds more than numbers, truth values and short closed words";
            return Err(PayloadError { field: "trial.data", problem });
        }
        Ok(())
    }
}

impl Payload {
    /// Whether it may travel: bounded, and free of anything that could be a sentence.
    ///
    /// # Errors
    /// Names the field.
    pub fn check(&self) -> Result<(), PayloadError> {
        match self {
            Self::Trial(trial) => trial.check(),
            Self::Session(session) => {
                if !["running", "done", "stopped"].contains(&session.state.as_str()) {
                    let problem = "is none of running, done, stopped";
                    return Err(PayloadError { field: "session.state", problem });
                }
                time("session.started_ms", session.started_ms)?;
                session.ended_ms.map_or(Ok(()), |ms| time("session.ended_ms", ms))?;
                if session.games.len() > 32 {
                    return Err(PayloadError { field: "session.games", problem: "has more than 32 entries" });
                }
                session.games.iter().try_for_each(|game| name("session.games", game))
            }
            Self::Adherence(_) => Ok(()),
            Self::DeviceFact(fact) => {
                name("device.key", &fact.key)?;
                let printable = fact.value.chars().all(|c| !c.is_control());
                if fact.value.len() > MAX_NAME_BYTES || !printable {
                    return Err(PayloadError { field: "device.value", problem: "is longer than 80 bytes" });
                }
                Ok(())
            }
        }
    }
}

/// A slug or a version: short, ASCII, without spaces.
fn name(field: &'static str, text: &str) -> Result<(), PayloadError> {
    let fits = !text.is_empty()
        && text.len() <= MAX_NAME_BYTES
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+".contains(&b));
    if fits { Ok(()) } else { Err(PayloadError { field, problem: "is no short name of letters, digits and -_.+" }) }
}

/// Between 1970 and the year 9999, so that it can be shown.
fn time(field: &'static str, ms: i64) -> Result<(), PayloadError> {
    const LAST: i64 = 253_370_764_800_000; // 9999-01-01
    if (0..LAST).contains(&ms) { Ok(()) } else { Err(PayloadError { field, problem: "is no time after 1970" }) }
}

fn is_closed_word(word: &str) -> bool {
    word.len() <= MAX_DATA_WORD && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+*/=#:".contains(&b))
}

/// Numbers, truth values, closed words, and lists and objects of them three deep.
fn is_closed(value: &Value, depth: u8) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(word) => is_closed_word(word),
        Value::Array(items) => depth < 3 && items.iter().all(|item| is_closed(item, depth + 1)),
        Value::Object(map) => depth < 3 && map.iter().all(|(k, v)| is_closed_word(k) && is_closed(v, depth + 1)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conformance::sample;

    fn with_data(data: Value) -> Result<(), PayloadError> {
        let Payload::Trial(mut trial) = sample::trial(1) else { unreachable!("a trial was asked for") };
        trial.data = serde_json::from_value(data).expect("an object");
        Payload::Trial(trial).check()
    }

    #[test]
    fn typed_data_may_hold_closed_words_and_never_a_sentence() {
        for fine in [
            json!({}),
            json!({"condition": "incongruent", "n": 93}),
            json!({"span": [3, 1, 4], "x": {"y": [true, null]}}),
        ] {
            assert_eq!(with_data(fine.clone()), Ok(()), "{fine}");
        }
        for leak in [
            json!({"answer": "we ate herring"}),
            json!({"answer": "鲫鱼"}),
            json!({"we ate": 1}),
            json!({"x": "a".repeat(41)}),
            json!({"x": [[[[1]]]]}),
        ] {
            assert!(with_data(leak.clone()).is_err(), "{leak}");
        }
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let Payload::Trial(good) = sample::trial(1) else { unreachable!("a trial was asked for") };
        let cases: [(&str, TrialPayload); 5] = [
            ("trial.score", TrialPayload { score: 1.5, ..good.clone() }),
            ("trial.score", TrialPayload { score: f64::NAN, ..good.clone() }),
            ("trial.rung", TrialPayload { rung: Some(8), ..good.clone() }),
            ("trial.at_ms", TrialPayload { at_ms: -1, ..good.clone() }),
            ("trial.game", TrialPayload { game: "life recall".into(), ..good.clone() }),
        ];
        for (field, trial) in cases {
            assert_eq!(Payload::Trial(trial).check().map_err(|e| e.field), Err(field));
        }
    }
}
