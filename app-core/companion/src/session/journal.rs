//! What a session writes down of itself, so that it can be rebuilt after the power goes: the games it consists of, and every
//! input with what was understood of it.
//!
//! Where in the flow: the payload of the store's session events. What it must never do: hold the user's words (the reading of an
//! answer is kept, not the answer; the transcript has the words), or depend on the reader's version.

use reme_games::{EventKind, Practice, Prompt};
use reme_types::{Language, MemoryId, MemoryItem, PersonRef, SessionId};
use serde::{Deserialize, Serialize};

/// The setting that holds what the running session talks about. Unlike events it can be emptied, and is when the session ends:
/// nothing of a memory stays behind in the log once its owner has thrown it away.
pub(crate) const MATERIAL: &str = "session-material";

/// One entry of the log of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub(crate) enum Entry {
    /// The first of every session.
    Begun {
        /// Language it is played in, whatever the profile says later.
        language: Language,
        /// Its games, in order.
        blocks: Vec<BlockEntry>,
    },
    /// One input.
    Taken {
        /// Milliseconds of the session played when it came; pauses count only in part.
        at_ms: u64,
        /// Whether a line of the patient's stands in the transcript for it.
        said: bool,
        /// What the engine was told, in order.
        events: Vec<EventKind>,
        /// Which game was being played after it, from 0.
        block: u16,
    },
    /// It could not go on as it was (a game or a memory has changed), and was ended.
    Closed {
        /// Why, for whoever looks after the software.
        reason: String,
    },
}

/// One game of a session, without the memories' words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BlockEntry {
    /// The game's slug.
    pub(crate) game: String,
    /// The template's version.
    pub(crate) version: String,
    /// The level it begins at.
    pub(crate) level: u8,
    /// The lowest level the plan allows; easing stops there. 0, in logs written before it was kept, allows every level.
    #[serde(default)]
    pub(crate) min_level: u8,
    /// Time for it, minutes.
    pub(crate) minutes: u16,
    /// Seed of its choices.
    pub(crate) seed: u64,
    /// Whether practice is played.
    pub(crate) practice: Practice,
    /// Memories it may talk about, the chosen one first.
    pub(crate) memories: Vec<MemoryId>,
}

/// What the running session talks about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Material {
    /// The session it belongs to.
    pub(crate) session: SessionId,
    /// Memories of each game, in the order of [`BlockEntry::memories`].
    pub(crate) memories: Vec<Vec<MemoryItem>>,
    /// Everybody, for understanding "my daughter".
    pub(crate) people: Vec<PersonRef>,
}

/// A choice is written down by its place among those shown: its words are the memory's.
const PLACE: char = '#';

/// Events as they are written down.
pub(crate) fn without_words(mut events: Vec<EventKind>, prompt: Option<&Prompt>) -> Vec<EventKind> {
    for event in &mut events {
        if let EventKind::Answered { reading, .. } = event {
            let place = |value: &String| prompt?.choices.iter().position(|choice| choice.value == *value);
            reading.choice = reading.choice.as_ref().and_then(place).map(|place| format!("{PLACE}{place}"));
        }
    }
    events
}

/// Events as the engine takes them.
pub(crate) fn with_words(mut events: Vec<EventKind>, prompt: Option<&Prompt>) -> Vec<EventKind> {
    for event in &mut events {
        if let EventKind::Answered { reading, .. } = event {
            let value = |place: &String| {
                let place: usize = place.strip_prefix(PLACE)?.parse().ok()?;
                prompt?.choices.get(place).map(|choice| choice.value.clone())
            };
            reading.choice = reading.choice.as_ref().and_then(value);
        }
    }
    events
}
