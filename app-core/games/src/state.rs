//! What a game is started with, and where it stands. A state is plain data: it can be stored,
//! compared and replayed.

use reme_types::{Language, MemoryItem, SeededRng};
use serde::{Deserialize, Serialize};

use crate::action::{Action, BlockSummary, Prompt};
use crate::{arithmetic, colour, recall};

/// The longest gap between two events that counts as time in the game, milliseconds [design: a long answer by
/// voice stays below it, an interruption does not].
const MOST_GAP_MS: u64 = 120_000;

/// Whether the practice trials are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Practice {
    /// Instruction and practice first (the rule).
    Play,
    /// Left out, where they were played earlier in the same session.
    Leave,
}

/// What a game is started with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Language of the session.
    pub language: Language,
    /// Level to begin at, 1 = easiest; held within the template's levels.
    pub level: u8,
    /// Lowest level the game may be eased to: the plan's.
    pub min_level: u8,
    /// Seed of all chance in the game.
    pub seed: u64,
    /// The memory to talk about, for games that need one.
    pub memory: Option<MemoryItem>,
    /// Further memories, for when there is time left.
    pub more_memories: Vec<MemoryItem>,
    /// Time budget, minutes; 0 means the template's own.
    pub minutes: u16,
    /// Whether practice is played.
    pub practice: Practice,
    /// When it starts, milliseconds on the caller's scale.
    pub started_ms: u64,
}

impl Setup {
    /// A game without a memory, with practice, in the template's own time.
    pub const fn new(language: Language, level: u8, seed: u64) -> Self {
        Self {
            language,
            level,
            min_level: 1,
            seed,
            memory: None,
            more_memories: Vec::new(),
            minutes: 0,
            practice: Practice::Play,
            started_ms: 0,
        }
    }

    /// The same, about this memory.
    #[must_use]
    pub fn with_memory(mut self, memory: MemoryItem) -> Self {
        self.memory = Some(memory);
        self
    }

    /// The `index`th memory: the chosen one, then the further ones.
    pub(crate) fn nth_memory(&self, index: usize) -> Option<&MemoryItem> {
        self.memory.iter().chain(&self.more_memories).nth(index)
    }
}

/// What is being done right now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Activity {
    /// Nothing: before the first run and after the last.
    Idle,
    /// Talking about a memory.
    Recall(recall::Recall),
    /// Serial subtraction.
    Subtract(arithmetic::Subtract),
    /// A shopping sum.
    Shopping(arithmetic::Shopping),
    /// A series of colour words.
    Colour(colour::Series),
}

/// Where a game stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub(crate) setup: Setup,
    pub(crate) rng: SeededRng,
    /// Level in play; steps down within the game.
    pub(crate) level: u8,
    /// The game's own clock, milliseconds since it began: time between events, each gap held at [`MOST_GAP_MS`].
    pub(crate) now_ms: u64,
    /// Moment of the last event, on the caller's scale.
    pub(crate) last_event_ms: u64,
    /// Index of the block in the template.
    pub(crate) block: usize,
    /// Runs of this block begun so far.
    pub(crate) run: u16,
    pub(crate) activity: Activity,
    /// The last things said, shown and asked: what "say it again" repeats.
    pub(crate) last_turn: Vec<Action>,
    pub(crate) prompt: Option<Prompt>,
    /// Answers of the memory talked about that are neither recalled nor told.
    pub(crate) hidden: Vec<String>,
    /// The made-up memory that practice talks about.
    pub(crate) example: Option<MemoryItem>,
    /// Moment the prompt was put, on the game's own clock.
    pub(crate) asked_ms: u64,
    /// Whether the gentle word for this prompt has been said.
    pub(crate) nudged: bool,
    /// Gentle words said so far.
    pub(crate) nudges: u8,
    pub(crate) errors_in_a_row: u8,
    pub(crate) last_was_success: bool,
    pub(crate) successes: u16,
    pub(crate) trials: u16,
    pub(crate) steps_done: u16,
    pub(crate) steps_total: u16,
    /// Whether the one easy item that ends a game on a success has been given.
    pub(crate) closing: bool,
    /// Memories begun.
    pub(crate) memories_begun: usize,
    /// Whether the plan's lowest level kept the game from being made easier.
    pub(crate) held_by_plan: bool,
    pub(crate) summary: Option<BlockSummary>,
}

impl State {
    /// How it ended; `None` while it runs.
    pub const fn summary(&self) -> Option<&BlockSummary> {
        self.summary.as_ref()
    }

    /// The question that waits for an answer; `None` when it is over.
    pub const fn prompt(&self) -> Option<&Prompt> {
        self.prompt.as_ref()
    }

    /// The memory being talked about now: what the reader holds an answer against. In practice it is made up.
    pub fn memory(&self) -> Option<&MemoryItem> {
        match &self.activity {
            Activity::Recall(recall) => self.memory_of(recall.source),
            _ => None,
        }
    }

    pub(crate) fn memory_of(&self, source: recall::Source) -> Option<&MemoryItem> {
        match source {
            recall::Source::Given(index) => self.setup.nth_memory(index),
            recall::Source::Example => self.example.as_ref(),
        }
    }

    /// Takes the time of an event into the game's own clock. A device that slept, a call or a day in between must neither
    /// use up the time for the game nor be read as a long silence.
    pub(crate) fn advance(&mut self, at_ms: u64) {
        let gap = at_ms.saturating_sub(self.last_event_ms).min(MOST_GAP_MS);
        self.now_ms = self.now_ms.saturating_add(gap);
        self.last_event_ms = self.last_event_ms.max(at_ms);
    }

    /// What it was started with.
    pub const fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The level in play now.
    pub const fn level(&self) -> u8 {
        self.level
    }
}
