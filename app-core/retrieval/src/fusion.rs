//! Words and meanings made one ranking: what a note's vector adds to the score its words have.
//!
//! A sum and not a fusion of ranks: the steps after it (counts, habits, look-alikes) live on how much better one note is than the
//! next, which ranks forget.

use crate::{Level, index::idf, vectors::Nearness};

/// Weight of a note whose vector is as near as questions get, in words that only one note holds. [design]
const MEANING: f64 = 0.8;
/// The same where notes are combined: all of a kind are wanted there, not the nearest one. [design]
const MEANING_OF_SEVERAL: f64 = 0.4;
/// And where a rule or a habit decides: what is wanted is like in kind, not in meaning. [design]
const MEANING_OF_RULES: f64 = 0.15;

/// Adds to `scores`, which stand beside `places`, what the vectors say. `count` is how many notes there are.
pub(crate) fn add_meaning(scores: &mut [f64], places: &[u32], near: &Nearness, level: Level, count: f64) {
    let weight = match level {
        Level::ExplicitFact => MEANING,
        Level::ImplicitFact => MEANING_OF_SEVERAL,
        Level::InterpretableRationale | Level::HiddenRationale => MEANING_OF_RULES,
    };
    let unit = idf(count, 1.0);
    scores.iter_mut().zip(places).for_each(|(score, at)| *score += weight * unit * near.of(*at));
}
