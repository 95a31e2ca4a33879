//! What is held against an answer, and what was understood of it.
//! `reme-conversation` makes a [`Reading`]; only `reme-games` turns it into a score (invariant 5).

use serde::{Deserialize, Serialize};

use crate::FactId;

/// How an expected answer is to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// Words.
    Text,
    /// A person's name; relations count.
    Person,
    /// A place's name.
    Place,
    /// A date or part of one.
    Date,
    /// A number, perhaps with a unit.
    Number,
    /// Several items, any order.
    List,
    /// Several items, in order.
    OrderedList,
    /// A run of digits or letters, all or nothing.
    Sequence,
    /// Steps of which each is judged against the one before.
    Steps,
    /// One of the choices shown.
    Choice,
    /// Idea units of a story.
    IdeaUnits,
}

/// What an answer is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// How to compare.
    pub kind: AnswerKind,
    /// The answer; for idea units and lists one entry each, otherwise one entry.
    pub parts: Vec<String>,
    /// Other wordings of the whole answer.
    pub aliases: Vec<String>,
}

impl Expected {
    /// One answer in words.
    pub fn text(kind: AnswerKind, answer: impl Into<String>) -> Self {
        Self { kind, parts: vec![answer.into()], aliases: Vec::new() }
    }
}

/// How good an answer was. Policy: the label policy of the evaluation set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// What was asked for is right, however it is put.
    Correct,
    /// Something of it is right.
    Partial,
    /// Something else was offered.
    Incorrect,
    /// Nothing was offered.
    NoAnswer,
}

/// On what a match rests; logged with every trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchedBy {
    /// Letter for letter.
    Exact,
    /// After case, width, script, numbers and dates were made the same.
    Normalised,
    /// Another wording that was written down.
    Alias,
    /// "My daughter" for her name, and descriptions the context settles.
    Relation,
    /// A slip of the keys or of spelling.
    Typo,
    /// It sounds the same.
    Phonetic,
    /// Most of the telling words are there.
    Words,
    /// A tapped choice.
    Choice,
    /// The language model alone: counts for training, never for assessment (invariant 5).
    Model,
    /// Nothing matched.
    Nothing,
}

/// What the patient wants, besides or instead of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// Tries to answer.
    Answer,
    /// Wants a hint.
    Hint,
    /// Wants the question again.
    Repeat,
    /// Wants another question.
    Skip,
    /// Wants to end the session.
    Stop,
    /// Says it is gone.
    Forgot,
    /// Says there is nothing more to tell.
    NothingMore,
    /// Is sad or upset: ends at once and marks the memory.
    Distress,
    /// Asks for help (the reserved word).
    Help,
    /// Yes, with nothing else.
    Yes,
    /// No, with nothing else.
    No,
    /// Talks of something else.
    OffTopic,
}

/// One fact held against one utterance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactMatch {
    /// Which fact, of those that were open.
    pub fact_id: FactId,
    /// How good.
    pub verdict: Verdict,
    /// On what it rests.
    pub matched_by: MatchedBy,
    /// 0–1; 1 for exact matches.
    pub confidence: f64,
    /// Indices into [`Expected::parts`] that were named, rising; empty where the reader cannot tell. With them a
    /// partial answer can be met by saying which part is right.
    #[serde(default)]
    pub parts: Vec<u16>,
}

/// What was understood of one utterance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The main intent; `Answer` when any content was offered.
    pub intent: Intent,
    /// The facts touched (conversation games), best first.
    pub facts: Vec<FactMatch>,
    /// The verdict on the one question asked (tasks and direct questions).
    pub verdict: Verdict,
    /// On what the verdict rests.
    pub matched_by: MatchedBy,
    /// 0–1.
    pub confidence: f64,
    /// The number read, for arithmetic steps.
    pub number: Option<f64>,
    /// The value of the choice read or tapped.
    pub choice: Option<String>,
}

impl Reading {
    /// A reading that carries an intent and nothing else.
    pub fn of_intent(intent: Intent) -> Self {
        Self {
            intent,
            facts: Vec::new(),
            verdict: Verdict::NoAnswer,
            matched_by: MatchedBy::Nothing,
            confidence: 1.0,
            number: None,
            choice: None,
        }
    }
}
