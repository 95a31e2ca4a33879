//! The life-recall conversation about one memory: free telling, then questions with a ladder of cues, then a warm close.
//!
//! Order (TRAINING notes, "The life-recall conversation"): free recall → confirm what was right → "anything else?" until
//! details or wish run out → questions with cues on what is open → what was told comes back after a short spacing → recap.
//! What it must never do: insist, or let a line name an answer that is neither recalled nor told.

mod ask;
mod cues;
mod free;
mod record;

use reme_types::{Act, ActKind, ArgValue, Cue, FactId, FactItem, MemoryItem};
use serde::{Deserialize, Serialize};

use crate::action::Stimulus;
use crate::engine::{Input, Next};
use crate::state::Activity;
use crate::turn::Turn;
use crate::wording;

/// Messages, with the placeholders each may use.
pub(crate) const MESSAGES: &[(&str, &[&str])] = &[
    ("no-memory", &[]),
    ("example-story", &["story"]),
    ("example-done", &[]),
    ("think-back-when", &["when"]),
    ("think-back-place", &["place"]),
    ("think-back-people", &["people"]),
    ("think-back", &[]),
    ("confirm-1", &["answer"]),
    ("confirm-2", &["answer"]),
    ("confirm-3", &["answer"]),
    ("confirm-several", &["answer"]),
    ("confirm-plain", &[]),
    ("part-named", &["answer"]),
    ("part", &[]),
    ("more-of-it", &["question"]),
    ("anything-else", &[]),
    ("go-on", &[]),
    ("thanks", &[]),
    ("come-back", &[]),
    ("leave-memory", &[]),
    ("leave-question", &[]),
    ("questions", &[]),
    ("question", &["question"]),
    ("forgot-1", &[]),
    ("forgot-2", &[]),
    ("forgot-3", &[]),
    ("not-quite-1", &[]),
    ("not-quite-2", &[]),
    ("cue-when", &["when", "question"]),
    ("cue-people", &["people", "question"]),
    ("cue-when-people", &["when", "people", "question"]),
    ("cue-place", &["place", "question"]),
    ("cue-meaning", &["hint", "question"]),
    ("cue-first", &["start", "question"]),
    ("cue-blurred", &["question"]),
    ("cue-choice", &["question"]),
    ("cue-photo", &["question"]),
    ("tell", &["answer", "question"]),
    ("repeated", &["answer"]),
    ("repeated-not", &[]),
    ("once-more", &[]),
    ("muse", &[]),
    ("muse-thanks", &[]),
    ("picture", &[]),
    ("recap", &["list"]),
    ("recap-told", &["list"]),
];

/// Which memory is talked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Source {
    /// The template's made-up one, for practice.
    Example,
    /// The setup's, by index.
    Given(usize),
}

/// How an askable detail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    /// Not yet recalled.
    Open,
    /// Recalled, with or without a cue.
    Recalled,
    /// Told by ReMe.
    Told,
    /// Left alone at the patient's wish.
    Left,
}

/// When a told detail comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spacing {
    due_ms: u64,
    interval_ms: u64,
    asked: u8,
}

/// One askable detail and what has happened to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Index into the memory's facts.
    fact: usize,
    status: Status,
    /// Parts of the answer named so far.
    parts: Vec<u16>,
    /// The rung at which something of it was right.
    partial_at: Option<Cue>,
    attempts: u16,
    hints: u16,
    asked: bool,
    /// Whether something else was offered.
    offered: bool,
    photo_seen: bool,
    spacing: Option<Spacing>,
}

/// What the open question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Index into [`Recall::items`].
    item: usize,
    rung: u8,
    /// Whether the question has been put again at this rung without a new cue.
    waited: bool,
    /// Whether this is a told detail coming back.
    spaced: bool,
}

/// Where the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// Free telling; `dry` counts answers in a row that brought nothing new.
    Free { dry: u8 },
    /// No question is open: the last one is answered, the next not yet put.
    Between,
    /// A question is open.
    Asking(Asked),
    /// An answer was told and may be repeated.
    Telling(Asked),
    /// A little talk without a right answer, while a told detail waits for its time.
    Musing,
}

/// The conversation about one memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recall {
    pub(crate) source: Source,
    /// Details in an order in which no question names an answer still open.
    items: Vec<Item>,
    phase: Phase,
    /// The photo cue on the screen.
    shown: Option<Cue>,
    /// What the opening has already said of the memory.
    opened_with: Option<cues::Context>,
    confirmed: u8,
    /// Kind words said after a miss, so that they change.
    consoled: u8,
    /// How many details are asked about at most; what the game began with, however it is eased.
    most: i64,
    mused: bool,
    /// A hint was asked for before any question was put.
    wants_hint: bool,
}

/// Begins the next memory; `None` when there is none, or none of its details can be asked about.
pub(crate) fn begin(turn: &mut Turn<'_>) -> Option<Recall> {
    let is_example = turn.bundle.block(turn.state.block).is_some_and(|block| block.practice);
    let source = if is_example { Source::Example } else { Source::Given(turn.state.memories_begun) };
    if !is_example {
        turn.state.memories_begun += 1;
    }
    let memory = turn.state.memory_of(source)?.clone();
    let order = cues::asking_order(&memory);
    if order.is_empty() {
        return None;
    }
    let item = |fact| Item {
        fact,
        status: Status::Open,
        parts: Vec::new(),
        partial_at: None,
        attempts: 0,
        hints: 0,
        asked: false,
        offered: false,
        photo_seen: false,
        spacing: None,
    };
    let mut recall = Recall {
        source,
        items: order.into_iter().map(item).collect(),
        phase: Phase::Free { dry: 0 },
        shown: None,
        opened_with: None,
        confirmed: 0,
        consoled: 0,
        most: turn.value("max_facts"),
        mused: false,
        wants_hint: false,
    };
    if is_example {
        recall.say(turn, &memory, ActKind::Instruct, "example-story", [("story", memory.text.trim().into())]);
        recall.next_question(turn, &memory);
    } else {
        recall.open(turn, &memory);
    }
    turn.state.hidden = recall.hidden(&memory);
    Some(recall)
}

/// Indices of the facts that can be asked about without giving an answer away.
pub(crate) fn usable_facts(memory: &MemoryItem) -> Vec<usize> {
    cues::asking_order(memory)
}

/// Every answer of a memory that could be asked for.
pub(crate) fn all_secrets(memory: &MemoryItem) -> Vec<String> {
    usable_facts(memory).into_iter().flat_map(|index| cues::secrets(memory, &memory.facts[index])).collect()
}

/// Takes one input.
pub(crate) fn step(turn: &mut Turn<'_>, mut recall: Recall, input: &Input<'_>) -> Next {
    let Some(memory) = turn.state.memory_of(recall.source).cloned() else { return Next::Done };
    let goes_on = match recall.phase {
        Phase::Free { dry } => recall.step_free(turn, &memory, input, dry),
        Phase::Asking(asked) => recall.step_asking(turn, &memory, input, asked),
        Phase::Telling(asked) => recall.step_telling(turn, &memory, input, asked),
        Phase::Between | Phase::Musing => recall.step_musing(turn, &memory),
    };
    turn.state.hidden = recall.hidden(&memory);
    if goes_on { Next::Stay(Activity::Recall(recall)) } else { Next::Done }
}

/// Writes down what was told but not yet answered when the patient ends it all.
pub(crate) fn abandon(turn: &mut Turn<'_>, mut recall: Recall) {
    let Phase::Telling(asked) = recall.phase else { return };
    let Some(memory) = turn.state.memory_of(recall.source).cloned() else { return };
    recall.record_told(turn, &memory, asked, None, false);
}

impl Recall {
    fn fact<'m>(&self, memory: &'m MemoryItem, item: usize) -> &'m FactItem {
        &memory.facts[self.items[item].fact]
    }

    fn open_items(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.items.len()).filter(|i| self.items[*i].status == Status::Open)
    }

    /// The open details, and the told one that is being asked for again.
    fn asked_for(&self) -> impl Iterator<Item = usize> + '_ {
        let again = match self.phase {
            Phase::Asking(asked) if asked.spaced => Some(asked.item),
            _ => None,
        };
        self.open_items().chain(again)
    }

    fn open_ids(&self, memory: &MemoryItem) -> Vec<FactId> {
        self.open_items().map(|i| self.fact(memory, i).id).collect()
    }

    /// Answers that are neither recalled nor told, and the one being asked for again.
    fn hidden(&self, memory: &MemoryItem) -> Vec<String> {
        let mut hidden: Vec<String> =
            self.asked_for().flat_map(|i| cues::secrets(memory, self.fact(memory, i))).collect();
        hidden.sort();
        hidden.dedup();
        hidden
    }

    /// What a generated line may speak of.
    fn grounds(&self, memory: &MemoryItem, hidden: &[String]) -> Vec<String> {
        let mut grounds = wording::safe_sentences(memory, hidden);
        let known = self.items.iter().filter(|item| matches!(item.status, Status::Recalled | Status::Told));
        let known = known.map(|item| cues::label(&memory.facts[item.fact].expected, None));
        grounds.extend(known.filter(|label| !wording::names_any(label, hidden)));
        grounds
    }

    fn say<const N: usize>(
        &self,
        turn: &mut Turn<'_>,
        memory: &MemoryItem,
        kind: ActKind,
        message: &str,
        args: [(&str, ArgValue); N],
    ) {
        let hidden = self.hidden(memory);
        let grounds = self.grounds(memory, &hidden);
        let args = args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        turn.say_act(Act { kind, message: message.to_owned(), args, hidden, grounds });
    }

    /// Says which answers are right, as far as that gives nothing else away.
    fn confirm(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, items: &[usize]) {
        if items.is_empty() {
            return;
        }
        let language = turn.state.setup.language;
        let labels: Vec<String> =
            items.iter().map(|i| cues::label(&self.fact(memory, *i).expected, Some(language))).collect();
        let answer = wording::list(&labels, language);
        if wording::names_any(&answer, &self.hidden(memory)) {
            self.say(turn, memory, ActKind::Confirm, "confirm-plain", []);
            return;
        }
        let message = match items {
            [_] => ["confirm-1", "confirm-2", "confirm-3"][usize::from(self.confirmed % 3)],
            _ => "confirm-several",
        };
        self.confirmed = self.confirmed.wrapping_add(1);
        self.say(turn, memory, ActKind::Confirm, message, [("answer", answer.into())]);
    }

    /// Says which part of an answer is right.
    fn confirm_part(&self, turn: &mut Turn<'_>, memory: &MemoryItem, item: usize) {
        let expected = &self.fact(memory, item).expected;
        let language = turn.state.setup.language;
        let named: Vec<String> =
            self.items[item].parts.iter().filter_map(|part| expected.parts.get(usize::from(*part)).cloned()).collect();
        // The named part is not secret any more; what else is in it may be.
        let others: Vec<String> = self
            .open_items()
            .filter(|i| *i != item)
            .flat_map(|i| cues::secrets(memory, self.fact(memory, i)))
            .collect();
        let missing = expected.parts.iter().filter(|part| !named.contains(part));
        let answer = wording::join(&named, language);
        let tells =
            missing.into_iter().any(|part| wording::names(&answer, part)) || wording::names_any(&answer, &others);
        if named.is_empty() || tells {
            self.say(turn, memory, ActKind::Confirm, "part", []);
            return;
        }
        // The whole answer stays hidden; the part just said by the patient may be said back.
        let hidden: Vec<String> =
            self.hidden(memory).into_iter().filter(|secret| !wording::names(&answer, secret)).collect();
        let grounds = self.grounds(memory, &hidden);
        let args = [("answer".to_owned(), answer.into())].into();
        turn.say_act(Act { kind: ActKind::Confirm, message: "part-named".into(), args, hidden, grounds });
    }

    /// The warm close: what was told, and the picture if nothing is left to give away. Always ends the conversation.
    fn finish(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem) -> bool {
        let language = turn.state.setup.language;
        if self.source == Source::Example {
            self.say(turn, memory, ActKind::Encourage, "example-done", []);
            return false;
        }
        let labels = |status| -> Vec<String> {
            let items = self.items.iter().filter(|item| item.status == status);
            items.map(|item| cues::label(&memory.facts[item.fact].expected, Some(language))).collect()
        };
        let hidden = self.hidden(memory);
        let safe = |labels: Vec<String>| -> Vec<String> {
            labels.into_iter().filter(|label| !wording::names_any(label, &hidden)).collect()
        };
        if let Some(photo) = memory.photo.as_ref().filter(|_| hidden.is_empty() && self.shown != Some(Cue::WholePhoto))
        {
            turn.show(Stimulus::Photo(cues::photo_cue(photo, reme_types::PhotoView::Whole)));
            self.say(turn, memory, ActKind::Encourage, "picture", []);
        }
        let (recalled, told) = (safe(labels(Status::Recalled)), safe(labels(Status::Told)));
        let (message, list) = if recalled.is_empty() { ("recap-told", told) } else { ("recap", recalled) };
        if !list.is_empty() {
            self.say(turn, memory, ActKind::Confirm, message, [("list", wording::list(&list, language).into())]);
        }
        false
    }
}
