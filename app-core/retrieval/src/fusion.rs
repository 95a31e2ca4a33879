//! Words and meanings made one ranking: what a note's vector adds to the score its words have.
//!
//! A sum and not a fusion of ranks: the steps after it (counts, habits, look-alikes) live on how much better one note is than the
//! next, which ranks forget.

use std::collections::BTreeSet;

use crate::{Doc, Level, index::idf, question::Asked, vectors::Nearness};

/// Weight of a note whose vector is as near as questions get, in words that only one note holds. [design]
const MEANING: f64 = 0.8;
/// The same where notes are combined: all of a kind are wanted there, not the nearest one. [design]
const MEANING_OF_SEVERAL: f64 = 0.4;
/// And where a rule or a habit decides: what is wanted is like in kind, not in meaning. [design]
const MEANING_OF_RULES: f64 = 0.15;

/// What nearness is worth to a note of another time than the one asked for, and to one that has nobody of those named. [design]
const OF_ANOTHER_TIME: f64 = 0.3;
const WITHOUT_THEM: f64 = 0.5;

/// How far a note meets the conditions of a question: what vectors bring in is bounded by them.
pub(crate) fn bound(note: &Doc, asked: &Asked, named: &BTreeSet<String>) -> f64 {
    let combines = matches!(asked.level, Level::ExplicitFact | Level::ImplicitFact);
    let span = asked.span.filter(|span| span.is_narrow && combines);
    let in_time = span.is_none_or(|span| note.happened_at.is_none_or(|at| span.meets(at.first_day(), at.last_day())));
    let has_them = !combines || named.is_empty() || named.iter().any(|name| note.people.contains(name));
    (if in_time { 1.0 } else { OF_ANOTHER_TIME }) * if has_them { 1.0 } else { WITHOUT_THEM }
}

/// Adds to `scores`, which stand beside `places`, what the vectors say. `count` is how many notes there are, `bounds` how far each note
/// meets the question's conditions.
pub(crate) fn add_meaning(
    scores: &mut [f64],
    places: &[u32],
    near: &Nearness,
    bounds: &[f64],
    level: Level,
    count: f64,
) {
    let weight = match level {
        Level::ExplicitFact => MEANING,
        Level::ImplicitFact => MEANING_OF_SEVERAL,
        Level::InterpretableRationale | Level::HiddenRationale => MEANING_OF_RULES,
    };
    let unit = idf(count, 1.0);
    scores
        .iter_mut()
        .zip(places)
        .zip(bounds)
        .for_each(|((score, at), bound)| *score += weight * unit * bound * near.of(*at));
}
