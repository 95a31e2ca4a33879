//! What a question asks of notes besides its words: figures, a time, a rule, that somebody was there.

use std::collections::BTreeSet;

use reme_types::{Language, MemoryKind};

use super::Indexed;
use crate::{
    Answer, Doc, Hit, Query,
    compiled::Rule,
    people,
    question::{Asked, gives_number_of},
    rules::{NoteRule, Threshold},
};

/// Level 3 about the notes themselves: all that the rule allows, newest last.
pub(super) fn usable_notes(
    asked: &Asked,
    rule: NoteRule,
    query: &Query<'_>,
    seen: &[&Indexed],
    rule_in_words: Option<String>,
) -> Answer {
    let now = query.now.first_moment();
    let mut allowed: Vec<&&Indexed> = seen.iter().filter(|d| rule.allows(&d.doc, now, asked.span)).collect();
    allowed.sort_by_key(|d| d.doc.happened_at.map(|h| h.first_moment()));
    let best: Vec<&Doc> = allowed.iter().map(|d| &d.doc).collect();
    let ranked = allowed
        .iter()
        .take(query.limit)
        .enumerate()
        .map(|(place, d)| Hit { id: d.doc.id.clone(), score: 1.0 / (place as f64 + 1.0) })
        .collect();
    let cited = best.iter().map(|d| d.id.clone()).collect();
    Answer {
        is_nothing_found: best.is_empty(),
        ranked,
        level: asked.level,
        answer: (!best.is_empty()).then(|| gist(&best)),
        cited,
        rule_in_words,
        support: None,
        confidence: 1.0,
    }
}

/// A short list of notes by their first words.
fn gist(notes: &[&Doc]) -> String {
    let first = |doc: &&Doc| doc.text.split(['.', ',', ':', '。', '，', '：']).next().unwrap_or("").trim().to_owned();
    notes.iter().map(first).collect::<Vec<_>>().join("; ")
}

/// "How many jars …": notes that give a number of them before notes that name one in passing.
pub(super) fn figures_counted(asked: &Asked, seen: &[&Indexed], scores: &mut [f64]) {
    let Some(noun) = &asked.counted else { return };
    for (score, doc) in scores.iter_mut().zip(seen) {
        if gives_number_of(&doc.doc.text, noun) {
            *score *= 1.5;
        }
    }
}

/// All that happened in a narrow time, where nothing else tells what is asked for.
pub(super) fn of_the_time(asked: &Asked, seen: &[&Indexed], scores: &mut [f64]) {
    let Some(span) = asked.span.filter(|s| s.is_narrow) else { return };
    for (score, doc) in scores.iter_mut().zip(seen) {
        let meets = doc.doc.happened_at.is_some_and(|h| span.meets(h.first_day(), h.last_day()));
        *score = if meets { score.max(0.0) + 1.0 } else { *score * 0.05 };
    }
}

pub(super) fn by_rule(seen: &[&Indexed], scores: &mut [f64], rule: &Rule, language: Language) {
    let top = scores.iter().copied().fold(0.0, f64::max);
    for (score, doc) in scores.iter_mut().zip(seen) {
        match rule.picks(&doc.doc, language) {
            Some(true) => *score = *score * 1.6 + 0.7 * top,
            Some(false) => *score *= 0.6,
            None => {}
        }
    }
}

pub(super) fn by_threshold(seen: &[&Indexed], scores: &mut [f64], threshold: &Threshold) {
    let top = scores.iter().copied().fold(0.0, f64::max);
    for (score, doc) in scores.iter_mut().zip(seen) {
        match threshold.picks(&doc.doc.text) {
            Some(true) => *score = *score * 1.6 + 0.7 * top,
            Some(false) => *score *= 0.45,
            None => {}
        }
    }
}

/// "When did I last see …": only notes in which the person was really there.
pub(super) fn only_met(
    asked: &Asked,
    named: &BTreeSet<String>,
    seen: &[&Indexed],
    scores: &mut [f64],
    language: Language,
) {
    if named.is_empty() || !asked.meets_people {
        return;
    }
    let top = scores.iter().copied().fold(0.0, f64::max);
    for (score, doc) in scores.iter_mut().zip(seen) {
        let there =
            doc.doc.kind == MemoryKind::Episode && named.iter().all(|name| people::was_there(&doc.doc, name, language));
        // Met is met: among these only the day counts, unless more than the meeting was asked for.
        *score = match (there, asked.only_meeting) {
            (true, true) => top.max(1.0),
            (true, false) => *score,
            (false, _) => *score * 0.1,
        };
    }
}
