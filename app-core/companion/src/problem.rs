//! What can be wrong with what somebody fills in, as values: the words are in `strings/`, in both languages.
//!
//! Where in the flow: made by every part of the façade that checks input, read by [`crate::ReMeError`]. What it must never
//! do: hold the words that were filled in.

use std::fmt;

use jiff::civil::Date;
use reme_types::Language;

use crate::strings::{Arg, say};

/// What is wrong with a field, and by its words the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Empty, or longer than this many characters.
    Length {
        /// Most characters.
        most: usize,
    },
    /// More items than this.
    TooMany {
        /// Most items.
        most: usize,
    },
    /// No IANA time zone.
    Zone {
        /// What was asked for.
        zone: String,
    },
    /// Not one of the words there are.
    Choice {
        /// The words, comma-separated.
        allowed: String,
    },
    /// A number outside its bounds.
    Range {
        /// Lowest.
        low: u16,
        /// Highest.
        high: u16,
    },
    /// Neither `YYYY` nor a longer form of it.
    Time,
    /// Lies after today.
    AfterToday {
        /// The patient's day.
        today: Date,
    },
    /// No id of the form ids have.
    Id,
    /// No such photo was added.
    NoPhoto,
    /// An askable detail, counted from 1, cannot be kept.
    Fact {
        /// Counted from 1.
        number: usize,
        /// What is wrong with it.
        fault: FactFault,
    },
    /// Not the patient's name.
    NotTheName,
    /// The key is not where keys are kept.
    KeyMissing {
        /// `keyring` or `file`.
        place: &'static str,
    },
    /// No game is switched on.
    NoGame,
    /// A game that is not here.
    UnknownGame {
        /// Its slug.
        game: String,
    },
    /// A game's bounds are outside its levels, or the wrong way round.
    Levels {
        /// Its slug.
        game: String,
        /// How many levels it has.
        levels: u8,
    },
    /// An input for another moment of the session.
    Turn,
    /// None of the answers on the screen.
    NotShown,
    /// Nobody has agreed that what somebody looks like is kept.
    NoConsent,
}

/// What is wrong with an askable detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactFault {
    /// `kind` is not one there is.
    Kind,
    /// The question is empty or too long.
    Question,
    /// The answer is empty or too long.
    Answer,
    /// The question gives the answer away.
    HoldsAnswer,
}

impl Problem {
    /// In words, without the field: "must have 1 to 80 characters".
    pub fn in_words(&self, language: Language) -> String {
        let number = |name: &'static str, n: usize| -> Arg<'static> { (name, (n as f64).into()) };
        match self {
            Self::Length { most } => say(language, "problem-length", &[number("most", *most)]),
            Self::TooMany { most } => say(language, "problem-too-many", &[number("most", *most)]),
            Self::Zone { zone } => say(language, "problem-zone", &[("zone", zone.as_str().into())]),
            Self::Choice { allowed } => say(language, "problem-choice", &[("allowed", allowed.as_str().into())]),
            Self::Range { low, high } => {
                say(language, "problem-range", &[number("low", (*low).into()), number("high", (*high).into())])
            }
            Self::Time => say(language, "problem-time", &[]),
            Self::AfterToday { today } => say(language, "problem-after-today", &[("today", today.to_string().into())]),
            Self::Id => say(language, "problem-id", &[]),
            Self::NoPhoto => say(language, "problem-no-photo", &[]),
            Self::Fact { number: at, fault } => {
                let id = match fault {
                    FactFault::Kind => "problem-fact-kind",
                    FactFault::Question => "problem-fact-question",
                    FactFault::Answer => "problem-fact-answer",
                    FactFault::HoldsAnswer => "problem-fact-holds-answer",
                };
                say(language, id, &[number("number", *at)])
            }
            Self::NotTheName => say(language, "problem-not-the-name", &[]),
            Self::KeyMissing { place } => say(language, "problem-key-missing", &[("place", (*place).into())]),
            Self::NoGame => say(language, "problem-no-game", &[]),
            Self::UnknownGame { game } => say(language, "problem-unknown-game", &[("game", game.as_str().into())]),
            Self::Turn => say(language, "problem-turn", &[]),
            Self::NotShown => say(language, "problem-not-shown", &[]),
            Self::NoConsent => say(language, "problem-no-consent", &[]),
            Self::Levels { game, levels } => {
                say(language, "problem-levels", &[("game", game.as_str().into()), number("levels", (*levels).into())])
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Language::En))
    }
}

/// Why a change does not fit what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Two people cannot bear the same name: memories name people.
    SameName,
    /// The memory lies in the bin.
    InBin,
    /// The plan was changed since it was read.
    PlanChanged,
    /// A group of faces is not accepted: somebody says who it is.
    NameTheGroup,
    /// Nothing was kept of a group of faces that was dismissed.
    Forgotten,
    /// Two groups of faces that bear two names.
    TwoPeople,
}

impl Conflict {
    /// The field at fault, where one is.
    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::SameName => Some("name"),
            Self::InBin | Self::NameTheGroup | Self::Forgotten | Self::TwoPeople => None,
            Self::PlanChanged => Some("version"),
        }
    }

    /// In words.
    pub fn in_words(self, language: Language) -> String {
        let id = match self {
            Self::SameName => "conflict-same-name",
            Self::InBin => "conflict-in-bin",
            Self::PlanChanged => "conflict-plan-changed",
            Self::NameTheGroup => "conflict-name-the-group",
            Self::Forgotten => "conflict-forgotten",
            Self::TwoPeople => "conflict-two-people",
        };
        say(language, id, &[])
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Language::En))
    }
}
