//! A typed or spoken note becomes a draft memory: cleaned text, its time, people and place it names, labels.

use std::collections::BTreeSet;

use jiff::civil::Date;
use reme_types::{Language, PersonRef, When};
use unicode_normalization::UnicodeNormalization;

use crate::{find_when, lexicon::LABELS};

/// Longest note, characters: some twenty pages. [design]
pub const TEXT_MAX_CHARS: usize = 20_000;

/// Why a note cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing to read in it.
    #[error("`text` is empty; nothing was kept. Write a sentence about what happened")]
    Empty,
    /// Too long.
    #[error(
        "`text` has {chars} characters, more than the {TEXT_MAX_CHARS} of one memory; nothing was kept. Split it into several"
    )]
    TooLong {
        /// How many it has.
        chars: usize,
    },
}

/// Who and what is known already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// People in the patient's life.
    pub people: Vec<PersonRef>,
    /// Names of places.
    pub places: Vec<String>,
}

/// A note as understood; everything can be corrected before it is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// The cleaned note.
    pub text: String,
    /// When it happened, where the note says so.
    pub happened_at: Option<When>,
    /// Names of known people in it.
    pub people: Vec<String>,
    /// A known place in it.
    pub place: Option<String>,
    /// Labels its words suggest.
    pub tags: BTreeSet<String>,
}

/// Composed (NFC), without control characters and invisible direction overrides, which can make a note look like another;
/// line breaks, emoji and right-to-left letters stay.
///
/// # Errors
/// [`TextError`], naming the field and the limit.
pub fn clean_text(text: &str) -> Result<String, TextError> {
    let chars = text.chars().count();
    if chars > TEXT_MAX_CHARS {
        return Err(TextError::TooLong { chars });
    }
    let is_override = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String =
        unified.nfc().filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || is_override(*c))).collect();
    let clean = clean.trim();
    let is_seen = |c: char| !(c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'));
    if clean.chars().any(is_seen) { Ok(clean.to_owned()) } else { Err(TextError::Empty) }
}

/// Reads a note. `today` is the day it is told.
///
/// # Errors
/// As [`clean_text`].
pub fn draft_from_text(text: &str, language: Language, today: Date, known: &Known) -> Result<Draft, TextError> {
    let text = clean_text(text)?;
    let lower = text.to_lowercase();
    let people = known.people.iter().filter(|p| is_named(&lower, p)).map(|p| p.name.clone()).collect();
    let place =
        known.places.iter().filter(|p| holds(&lower, &p.to_lowercase())).max_by_key(|p| p.chars().count()).cloned();
    let tags = LABELS
        .iter()
        .filter(|(_, words)| words.iter().any(|w| holds(&lower, w)))
        .map(|(tag, _)| (*tag).to_owned())
        .collect();
    Ok(Draft { happened_at: find_when(&text, language, today), text, people, place, tags })
}

fn is_named(lower: &str, person: &PersonRef) -> bool {
    std::iter::once(&person.name)
        .chain(&person.aliases)
        .any(|name| !name.trim().is_empty() && holds(lower, &name.to_lowercase()))
}

/// A whole word in English, any run of characters in Chinese.
pub(crate) fn holds(lower: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    lower.match_indices(word).any(|(at, _)| {
        !word.is_ascii() || (edge(lower[..at].chars().next_back()) && edge(lower[at + word.len()..].chars().next()))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_note_names_its_time_people_place_and_labels() {
        let known = Known {
            people: vec![PersonRef { name: "Joan".into(), relation: "sister".into(), aliases: vec![] }],
            places: vec!["the pier".into()],
        };
        let draft = draft_from_text("Yesterday Joan and I sang on the pier.", Language::En, date(2026, 5, 14), &known)
            .expect("a note");
        assert_eq!(draft.happened_at.map(|w| w.to_string()).as_deref(), Some("2026-05-13"));
        assert_eq!((draft.people, draft.place.as_deref()), (vec!["Joan".to_owned()], Some("the pier")));
        assert!(draft.tags.contains("music"));
    }

    #[test]
    fn emoji_and_right_to_left_words_stay_and_overrides_go() {
        assert_eq!(clean_text("  شاي 🙂\u{202e}\u{0007} tea\r\n").as_deref(), Ok("شاي 🙂 tea"));
    }

    #[test]
    fn too_much_and_nothing_are_told_with_the_field() {
        let long = clean_text(&"字".repeat(1_000_000)).expect_err("too long").to_string();
        assert!(long.contains("`text` has 1000000 characters") && long.contains("20000"), "{long}");
        assert_eq!(clean_text(" \u{200b}\n"), Err(TextError::Empty));
    }
}
