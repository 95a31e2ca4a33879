//! One scored step, as it stands in the append-only log (invariant 4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Cue, Domain, FactId, MatchedBy, MemoryId, SessionId, TrialId, Verdict};

/// How an answer came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputMode {
    /// Typed.
    Typed,
    /// Tapped.
    Tapped,
    /// Spoken.
    Spoken,
}

/// What the engine decided; the row the engine hands out, before ids and session are added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Trial kind, such as `recall-fact`, `subtract-step`, `colour-word`.
    pub kind: String,
    /// Domain it counts for.
    pub domain: Domain,
    /// Difficulty level it was played at, 1 = easiest.
    pub level: u8,
    /// `true` for practice trials, which never count.
    pub practice: bool,
    /// The verdict.
    pub verdict: Verdict,
    /// 0–1, from the verdict and the rung; how is written in the scorer of that version.
    pub score: f64,
    /// The rung at which it was answered, for laddered trials.
    pub cue: Option<Cue>,
    /// Milliseconds from stimulus to answer; `None` where nothing was timed.
    pub rt_ms: Option<u32>,
    /// On what the match rests.
    pub matched_by: MatchedBy,
    /// 0–1.
    pub confidence: f64,
    /// The memory asked about.
    pub memory_id: Option<MemoryId>,
    /// The fact asked about.
    pub fact_id: Option<FactId>,
    /// Typed data of the trial kind, as JSON object: `{"condition":"incongruent",…}`; never the user's words.
    pub data: String,
    /// Version of the scorer.
    pub scorer: u16,
}

/// A row of the trial log.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Id.
    pub id: TrialId,
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
    /// When it was decided.
    pub at: Timestamp,
    /// What was decided.
    pub outcome: Outcome,
}
