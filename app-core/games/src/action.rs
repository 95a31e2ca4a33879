//! What goes into the engine and what comes out of it.

use reme_types::{Act, Expected, FactId, InputMode, MemoryId, Outcome, PhotoCue, Reading};
use serde::{Deserialize, Serialize};

/// Something that happened, with the moment it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Milliseconds on the caller's scale (that of [`crate::Setup::started_ms`]); never runs backwards, and is
    /// held at the last value if it does.
    pub at_ms: u64,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// The patient said, typed or tapped something, and this was understood of it. An intent in the
    /// reading (hint, repeat, skip, stop, distress, help) is followed as if its button had been pressed.
    Answered {
        /// What was understood.
        reading: Reading,
        /// Milliseconds from stimulus to answer, measured by the screen.
        rt_ms: Option<u32>,
        /// How it came in.
        input: InputMode,
    },
    /// The hint button.
    Hint,
    /// "Say it again."
    Repeat,
    /// "Another one."
    Skip,
    /// "Enough."
    Stop,
    /// "Too sad, stop": ends at once and marks the memory.
    Distress,
    /// Time went by with no input; keeps the time budget honest and offers one gentle word.
    Tick,
}

/// What the caller is to do, in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Put this into words.
    Say(Act),
    /// Show this large; it stays until the next `Show`, or until an `Ask` that came without one.
    Show(Stimulus),
    /// Wait for an answer; read it like this.
    Ask(Prompt),
    /// Append this to the trial log.
    Record(Outcome),
    /// This memory made somebody sad: keep it from training from now on.
    MarkDistress {
        /// Which.
        memory_id: MemoryId,
    },
    /// How far this game is.
    Progress {
        /// Steps done.
        steps_done: u16,
        /// Steps in all, as far as is known now; never below `steps_done`.
        steps_total: u16,
    },
    /// The game is over.
    Finish(BlockSummary),
}

/// What is shown besides words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Stimulus {
    /// A word printed in a colour.
    ColourWord {
        /// The word.
        text: String,
        /// CSS colour it is printed in.
        ink: String,
        /// Milliseconds a fixation cross stands before it.
        fixation_ms: u32,
    },
    /// A sum.
    Sum {
        /// As written: `93 − 7`.
        text: String,
    },
    /// A photo of the memory, or part of it.
    Photo(PhotoCue),
}

/// What kind of input is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// Free words.
    Text,
    /// A number.
    Number,
    /// One of the choices; typing or saying it counts as well.
    Choice,
}

/// One choice to tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// What [`Reading::choice`] holds when it is chosen.
    pub value: String,
    /// What is written on it.
    pub label: String,
    /// CSS colour of a swatch beside the label.
    pub swatch: Option<String>,
}

/// What the reader shall hold the answer against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadAs {
    /// Free recall: any of these facts of the memory, in [`Reading::facts`].
    Recall {
        /// Facts not yet recalled.
        open: Vec<FactId>,
    },
    /// One question, in [`Reading::verdict`]; other open facts named on the way go into [`Reading::facts`].
    Question {
        /// The fact asked for.
        fact_id: FactId,
        /// The question as put.
        question: String,
        /// The answer.
        expected: Expected,
        /// Facts not yet recalled, the one asked for among them.
        open: Vec<FactId>,
    },
    /// A number, in [`Reading::number`].
    Number {
        /// The right one.
        expected: f64,
    },
    /// One of the prompt's choices, in [`Reading::choice`].
    Choice {
        /// The right value.
        expected: String,
        /// The fact asked for, when it is one.
        fact_id: Option<FactId>,
    },
    /// The answer was just told; anything said is fine, `Correct` when it was repeated.
    RepeatBack {
        /// The fact told.
        fact_id: FactId,
        /// What was told.
        expected: Expected,
    },
}

/// A question waiting for its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// What kind of input.
    pub input: InputKind,
    /// For [`InputKind::Choice`], in the order shown.
    pub choices: Vec<ChoiceOption>,
    /// Whether a hint makes sense now.
    pub can_hint: bool,
    /// How to read the answer.
    pub reads: ReadAs,
}

/// How a game ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockSummary {
    /// Counting trials that were a success ([`crate::is_success`]).
    pub successes: u16,
    /// Counting trials.
    pub trials: u16,
    /// The patient ended it.
    pub stopped: bool,
    /// It ended in sadness.
    pub distress: bool,
    /// The level these trials alone would suggest; [`crate::next_level`] looks at the whole history.
    pub next_level: u8,
    /// It was hard, and the plan's lowest level kept it from being made easier.
    pub held_by_plan: bool,
}
