//! How much the best notes have to do with a question at all: what decides between an answer and "I have no memory of that".
//!
//! Every telling word of the question weighs as much as it is rare; it counts as met when one of the best notes has it, less when the
//! note has another word for it or only a thing of its kind. Nearness in meaning adds to that.

use std::collections::BTreeSet;

use reme_types::Language;

use crate::{
    Level,
    corpus::{Indexed, is_framework},
    index::{Stats, idf},
    lexicon::{EMPTY_EN, concepts_of, is_empty_chinese, is_frame},
    words::{is_plain, jieba, meanings, stem, terms},
};

/// Notes looked at: an answer may rest on several.
pub(crate) const LOOKED_AT: usize = 3;
/// What another word for the same, a relation the named person stands in, and a thing of the same kind count. [design]
const OTHER_WORD: f64 = 0.7;
const RELATION: f64 = 0.8;
const SAME_KIND: f64 = 0.5;
/// What the nearest meaning adds. [design]
const MEANING: f64 = 0.6;
/// Below this nothing rests on anything, by words alone and with vectors; measured on questions no memory answers, see
/// `docs/decisions/0014-retrieval.md`.
const ENOUGH: f64 = 0.25;
const ENOUGH_WITH_VECTORS: f64 = 0.4;
/// Questions about habits speak of what is to come, in words of their own: this share of it is enough. [design]
const OF_HABITS: f64 = 0.4;

/// What is enough for a question.
pub(crate) fn enough(level: Level, has_vector: bool) -> f64 {
    let least = if has_vector { ENOUGH_WITH_VECTORS } else { ENOUGH };
    match level {
        Level::HiddenRationale => least * OF_HABITS,
        // A rule is applied to whatever there is.
        Level::InterpretableRationale => 0.0,
        _ => least,
    }
}

/// 0 when the notes share nothing with the question; 1 and more when they have all its telling words. `near` is the nearness in
/// meaning of the best of them, 0–1.5.
pub(crate) fn confidence(
    lower: &str,
    best: &[&Indexed],
    stats: &Stats<'_>,
    named: &BTreeSet<String>,
    near: f64,
    language: Language,
) -> f64 {
    let words = telling_words(lower, language);
    if words.is_empty() || best.is_empty() {
        // Nothing but a time or a frame was said; the ranking has done with it what can be done.
        return if best.is_empty() { 0.0 } else { 1.0 };
    }
    let holds = |doc: &Indexed, term: &str| doc.weights.contains_key(term);
    let met = |doc: &Indexed, word: &str| -> f64 {
        let own = terms(word, language);
        if own.iter().any(|(t, _)| is_plain(t) && holds(doc, t)) {
            return 1.0;
        }
        let relation = reme_lexicon::relation_words().contains(&word);
        if relation && doc.doc.people.iter().any(|p| named.contains(p)) {
            return RELATION;
        }
        if meanings(word, language).iter().any(|(t, _)| holds(doc, t)) {
            return OTHER_WORD;
        }
        let kind = concepts_of(word, language).into_iter().any(|c| holds(doc, &format!("~{c}")));
        if kind { SAME_KIND } else { 0.0 }
    };
    let weigh = |word: &str| {
        let holding = terms(word, language)
            .iter()
            .filter(|(t, _)| is_plain(t))
            .map(|(t, _)| stats.holding(t))
            .fold(0.0, f64::max);
        idf(stats.count, holding)
    };
    let weights: Vec<f64> = words.iter().map(|w| weigh(w)).collect();
    let all: f64 = weights.iter().sum();
    let share = |doc: &Indexed| {
        words.iter().zip(&weights).map(|(word, weight)| weight * met(doc, word)).sum::<f64>() / all.max(1e-9)
    };
    best.iter().map(|doc| share(doc)).fold(0.0, f64::max) + MEANING * near
}

fn telling_words(lower: &str, language: Language) -> Vec<String> {
    let mut words: Vec<String> = match language {
        Language::En => lower
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .map(|w| w.trim_end_matches("'s").trim_matches('\''))
            .filter(|w| w.len() > 1 && !EMPTY_EN.split_whitespace().any(|e| e == *w))
            .filter(|w| !is_framework(&stem(w)) && !is_frame(w))
            .map(str::to_owned)
            .collect(),
        Language::ZhCn => jieba()
            .cut(lower, false)
            .into_iter()
            .map(|t| t.word)
            .filter(|w| w.chars().all(char::is_alphanumeric) && !is_empty_chinese(w) && !is_frame(w))
            // What asks, counts or points to a time is met by the answer, not by the words.
            .filter(|w| {
                !w.contains(['几', '哪', '谁', '啥', '怎', '么', '吗', '次', '回', '那', '这', '年', '月', '日'])
            })
            .map(str::to_owned)
            .collect(),
    };
    words.sort();
    words.dedup();
    words
}
