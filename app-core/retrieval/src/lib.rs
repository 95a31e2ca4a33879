//! Which memories a question rests on, and, where the memories say it plainly, the answer.
//!
//! Where in the flow: the façade hands over the memories as [`Doc`]s and the question as a [`Query`]; games
//! and the carer's search use the ranking. What it must never do: I/O, read the clock (`now` is part of the
//! query), use a memory recorded after `now`, or answer when nothing rests on anything.
//!
//! Steps: words → reading of the question (times, what is asked) → BM25F → corrections, look-alikes and times → ranking
//! and a simple answer.
//!
//! ```
//! use reme_retrieval::{Corpus, Doc, Query};
//! use reme_types::{Language, MemoryKind};
//! let doc = |id: &str, day: &str, text: &str| Doc {
//!     id: id.into(), kind: MemoryKind::Episode, happened_at: day.parse().ok(), recorded_at: day.parse().expect("a day"),
//!     text: text.into(), photo_text: String::new(), people: vec![], place: None, tags: vec![], sensitive: false,
//! };
//! let corpus = Corpus::new(vec![
//!     doc("a", "2026-03-01", "We painted the fence green."),
//!     doc("b", "2026-03-04", "Joan and I planted broad beans."),
//! ], Language::En);
//! let answer = corpus.search(&Query::new("What did I plant with Joan?", "2026-05-01".parse().expect("a day")));
//! assert_eq!(answer.ranked[0].id, "b");
//! ```

mod adjust;
mod answer;
mod calendar;
mod compiled;
mod corpus;
mod evidence;
mod fusion;
mod habit;
mod index;
mod lexicon;
mod people;
mod periods;
mod question;
mod relative;
mod rules;
mod vectors;
mod words;

use reme_types::{MemoryKind, When};

pub use corpus::Corpus;
pub use vectors::{DIMENSIONS, Vector};

/// A memory as the search sees it, people and places by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Doc {
    /// The caller's id.
    pub id: String,
    /// Episode or fact.
    pub kind: MemoryKind,
    /// When it happened; `None` for facts.
    pub happened_at: Option<When>,
    /// When it was noted; a document is found only from then on.
    pub recorded_at: When,
    /// The note.
    pub text: String,
    /// Words read in its photos that somebody has confirmed, a line each; empty where there are none. They find the note, and are
    /// quoted only where the note itself says nothing.
    pub photo_text: String,
    /// Names of the people meant, with aliases and relation as further entries if the caller likes.
    pub people: Vec<String>,
    /// Name of the place.
    pub place: Option<String>,
    /// Labels, in any language.
    pub tags: Vec<String>,
    /// Painful: still found (the carer searches too); the caller decides who sees it.
    pub sensitive: bool,
}

/// What the list may hold; `None` allows everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Happened on or after the first day of this.
    pub from: Option<When>,
    /// Happened on or before the last day of this.
    pub to: Option<When>,
    /// Names this person.
    pub person: Option<String>,
    /// At this place.
    pub place: Option<String>,
    /// With this label.
    pub tag: Option<String>,
    /// Of this kind.
    pub kind: Option<MemoryKind>,
}

/// A question to the corpus.
#[derive(Debug, Clone, PartialEq)]
pub struct Query<'a> {
    /// The question, as put by the patient or the carer.
    pub text: &'a str,
    /// When it is put (local time).
    pub now: When,
    /// A written rule to be applied (level 3).
    pub rule: Option<&'a str>,
    /// The question as a vector, where there is a model; notes with vectors are found by meaning then, too.
    pub vector: Option<Vector>,
    /// The patient's day of birth, for times said as ages.
    pub born: Option<jiff::civil::Date>,
    /// What the list may hold.
    pub filters: Filters,
    /// Most documents to return.
    pub limit: usize,
}

impl<'a> Query<'a> {
    /// A question without rule or filters, limit 10.
    pub fn new(text: &'a str, now: When) -> Self {
        Self { text, now, rule: None, vector: None, born: None, filters: Filters::default(), limit: 10 }
    }
}

/// How much has to be understood to answer (taxonomy of arXiv 2409.14924).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// 1: one memory says it.
    ExplicitFact,
    /// 2: several have to be combined: count, order, last time, how long.
    ImplicitFact,
    /// 3: a written rule is applied.
    InterpretableRationale,
    /// 4: a habit has to be seen.
    HiddenRationale,
}

impl Level {
    /// 1–4.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }
}

/// A document found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The caller's id.
    pub id: String,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
}

/// How often a habit was seen, and how often it went otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// Notes with what the question turns on and the answer given.
    pub with: usize,
    /// Notes with what the question turns on, and something else.
    pub without: usize,
}

/// What the search says.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Best first, at most `limit`. Empty when no memory shares anything with the question.
    pub ranked: Vec<Hit>,
    /// What kind of question it was taken for.
    pub level: Level,
    /// A short answer read off the best documents: a count, an ISO date, a name, or a sentence of a note.
    /// `None` when nothing rests on anything; callers show the documents beside it.
    pub answer: Option<String>,
    /// The documents `answer` rests on; empty when there is none.
    pub cited: Vec<String>,
    /// Level 3: the rule as it was understood, in the corpus' language; `None` where its form is not known.
    pub rule_in_words: Option<String>,
    /// Level 4: how often the habit was seen.
    pub support: Option<Support>,
    /// How much the best documents have to do with the question: 0 nothing, 1 and more all it says.
    pub confidence: f64,
    /// No memory answers this; `ranked` may still hold some that are near.
    pub is_nothing_found: bool,
}
