//! What moves notes up or down after the words are counted: times, corrections, look-alikes, how things stand now, two records
//! of one event, and ages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use reme_types::MemoryKind;

use crate::{Doc, calendar::Span, corpus::Indexed};

/// Notes of the time spoken of come first; others stay, far behind, because people err in times.
/// `softly` where a rule is applied: what it rests on may lie on other days.
pub(crate) fn by_time(seen: &[&Indexed], scores: &mut [f64], span: Option<Span>, softly: bool) {
    let Some(span) = span else { return };
    let top = scores.iter().copied().fold(0.0, f64::max);
    // A day nobody noted anything of, such as one to come, leaves the others in peace.
    let any = scores.iter().zip(seen).any(|(score, doc)| {
        *score > 0.15 * top && doc.doc.happened_at.is_some_and(|h| span.meets(h.first_day(), h.last_day()))
    });
    if span.is_narrow && !any {
        return;
    }
    for (score, doc) in scores.iter_mut().zip(seen) {
        let meets = doc.doc.happened_at.map(|h| span.meets(h.first_day(), h.last_day()));
        match (meets, span.is_narrow) {
            (Some(true), true) => *score = *score * 1.6 + if *score > 0.0 { 0.25 * top } else { 0.05 * top },
            (Some(true), false) => *score *= 1.15,
            (Some(false), true) => *score *= if softly { 0.8 } else { 0.35 },
            (Some(false), false) if softly => *score *= 0.6,
            (Some(false), false) => *score *= 0.3,
            (None, _) => *score *= 0.8,
        }
    }
}

fn is_correction(doc: &Doc) -> bool {
    let text = doc.text.to_lowercase();
    doc.tags.iter().any(|t| t == "correction")
        || ["更正", "correction", "put right", "i must correct"].iter().any(|w| text.starts_with(w))
        || ["i was wrong", "记错了，", "it was not ", "其实是", "我记混了"].iter().any(|w| text.contains(w))
            && doc.tags.iter().any(|t| t == "correction")
}

/// A note that puts another right stands; the other falls back.
pub(crate) fn corrected(seen: &[&Indexed], scores: &mut [f64]) -> BTreeSet<usize> {
    let mut fallen = BTreeSet::new();
    for (i, right) in seen.iter().enumerate().filter(|(_, d)| is_correction(&d.doc)) {
        for (j, wrong) in seen.iter().enumerate() {
            let apart = match (right.doc.happened_at, wrong.doc.happened_at) {
                (Some(a), Some(b)) => {
                    a.first_day().until((jiff::Unit::Day, b.first_day())).map_or(i32::MAX, |s| s.get_days().abs())
                }
                _ => i32::MAX,
            };
            // Weeks later it has to speak of the same things.
            let (same_day, near) =
                (apart == 0, apart <= 7 || apart <= LATER && shared_words(wrong, right) >= SAME_THINGS);
            let earlier = wrong.doc.recorded_at.first_moment() < right.doc.recorded_at.first_moment();
            // A correction written down some days later is dated by its writing; what it puts right shares more with it.
            let same_people = wrong.doc.people.iter().any(|p| right.doc.people.contains(p));
            let near = near && same_people && shared_tags(&wrong.doc, &right.doc) >= 1;
            let alike =
                near || same_day && (wrong.doc.place == right.doc.place || shared_tags(&wrong.doc, &right.doc) >= 2);
            if i != j && earlier && alike && !is_correction(&wrong.doc) {
                scores[i] = scores[i].max(scores[j]);
                scores[j] *= 0.3;
                fallen.insert(j);
            }
        }
    }
    fallen
}

/// A correction may be written so many days later, where it shares so many words with what it puts right, names left out. [design]
const LATER: i32 = 92;
const SAME_THINGS: usize = 3;

fn shared_words(a: &Indexed, b: &Indexed) -> usize {
    let names: BTreeSet<String> = a
        .doc
        .people
        .iter()
        .chain(&a.doc.tags)
        .flat_map(|name| name.to_lowercase().split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    a.weights
        .keys()
        .filter(|term| crate::words::is_plain(term) && term.chars().count() > 1 && !names.contains(term.as_ref()))
        .filter(|term| b.weights.contains_key(term.as_ref()))
        .count()
}

fn shared_tags(a: &Doc, b: &Doc) -> usize {
    let tags: BTreeSet<&String> = a.tags.iter().collect();
    b.tags.iter().filter(|t| tags.contains(t)).count()
}

/// Notes like the best ones (same labels, place, people) are pulled up: counts and habits rest on all of a kind.
pub(crate) fn look_alikes(seen: &[&Indexed], scores: &mut [f64], span: Option<Span>, strength: f64) {
    let mut order: Vec<usize> = (0..seen.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let top = order.first().map_or(0.0, |i| scores[*i]);
    if top <= 0.0 {
        return;
    }
    let rarity = |tag: &String| {
        let holding = seen.iter().filter(|d| d.doc.tags.contains(tag)).count() as f64;
        (seen.len() as f64 / holding.max(1.0)).ln().max(0.0)
    };
    let mut labels: BTreeMap<&String, f64> = BTreeMap::new();
    for (rank, i) in order.iter().take(3).enumerate() {
        let share = scores[*i] / top / (1.0 + rank as f64 * 0.5);
        for tag in &seen[*i].doc.tags {
            *labels.entry(tag).or_insert(0.0) += share * rarity(tag);
        }
    }
    let most: f64 = labels.values().copied().fold(0.0, f64::max).max(1e-9);
    for (score, doc) in scores.iter_mut().zip(seen) {
        let alike: f64 = doc.doc.tags.iter().filter_map(|t| labels.get(t)).sum::<f64>() / most;
        let outside = span.is_some_and(|s| doc.doc.happened_at.is_some_and(|h| !s.meets(h.first_day(), h.last_day())));
        if doc.doc.kind == MemoryKind::Episode && !outside {
            *score += strength * top * alike.min(1.5) / 1.5;
        }
    }
}

/// How things are now: facts before episodes, and of facts about the same the newest.
pub(crate) fn standing(seen: &[&Indexed], scores: &mut [f64]) {
    for (i, doc) in seen.iter().enumerate() {
        if doc.doc.kind == MemoryKind::Fact {
            scores[i] *= 1.25;
            let newer = seen.iter().any(|other| {
                other.doc.kind == MemoryKind::Fact
                    && other.doc.recorded_at.first_moment() > doc.doc.recorded_at.first_moment()
                    && shared_tags(&other.doc, &doc.doc) >= 1
                    && other.doc.tags.iter().any(|t| t == "change")
            });
            if newer {
                scores[i] *= 0.4;
            }
        }
    }
}

/// Of the notes that fit about as well as the best, the newest first.
pub(crate) fn newest_first(seen: &[&Indexed], scores: &[f64], order: &mut [usize]) {
    let top = order.first().map_or(0.0, |i| scores[*i]);
    let fitting = order.iter().take_while(|i| scores[**i] >= 0.6 * top).count();
    let day = |i: usize| seen[i].doc.happened_at.map_or(Date::MIN, |h| h.first_day());
    order[..fitting].sort_by_key(|i| std::cmp::Reverse(day(*i)));
}

/// So many of the best notes are looked at for a second record of their event. [design]
const LOOKED_AT: usize = 40;

/// Two records of one event stand together.
pub(crate) fn same_event(seen: &[&Indexed], scores: &mut [f64]) {
    let before = scores.to_vec();
    let mut best: Vec<usize> =
        (0..seen.len()).filter(|i| before[*i] > 0.0 && seen[*i].doc.kind == MemoryKind::Episode).collect();
    best.sort_by(|a, b| before[*b].total_cmp(&before[*a]));
    for i in best.into_iter().take(LOOKED_AT) {
        let a = &seen[i].doc;
        for (j, b) in seen.iter().enumerate().filter(|(j, _)| *j != i) {
            let one_time = a.happened_at.is_some() && a.happened_at == b.doc.happened_at;
            if !one_time || is_correction(a) || is_correction(&b.doc) {
                continue;
            }
            let shared = shared_tags(a, &b.doc);
            if shared >= 2 || (a.place.is_some() && a.place == b.doc.place && shared >= 1) {
                scores[j] = scores[j].max(0.85 * before[i]);
            }
        }
    }
}

/// Those a rule about ages is applied to: whom the question names, else everybody in the note that fits best.
pub(crate) fn those_there(seen: &[&Indexed], scores: &[f64], named: &BTreeSet<String>) -> BTreeSet<String> {
    let episode = |i: &usize| seen[*i].doc.kind == MemoryKind::Episode;
    let best = (0..seen.len()).filter(episode).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let there = best.map(|i| seen[i].doc.people.clone()).unwrap_or_default();
    named.iter().cloned().chain(there).collect()
}

/// Facts that tell when somebody named was born, where an age is asked for or a rule turns on it. The patient's own fact names
/// nobody; it counts where two ages are compared or the patient's is asked for.
pub(crate) fn births(seen: &[&Indexed], scores: &mut [f64], lower: &str, named: &BTreeSet<String>) {
    const AGES: [&str; 21] = [
        "多少岁",
        "how old",
        "what age",
        "years old",
        "turned",
        "of age",
        "aged ",
        "children of",
        "and over",
        "under the age",
        "age of",
        "years of age",
        "几岁",
        "多大",
        "周岁",
        "年满",
        "岁数",
        "多大年纪",
        "高龄",
        "岁以上",
        "岁以下",
    ];
    const COMPARED: [&str; 12] = [
        "who is older",
        "who is younger",
        "年纪大",
        "岁数大",
        "谁大",
        "older than",
        "younger than",
        "older or",
        "大几岁",
        "小几岁",
        "大多少岁",
        "小多少岁",
    ];
    const BORN: [&str; 7] = ["born", "birth", "生在", "年生", "日生", "月生", "出生"];
    let compared = COMPARED.iter().any(|w| lower.contains(w));
    if !compared && !AGES.iter().any(|w| lower.contains(w)) {
        return;
    }
    let oneself = compared
        || named.is_empty()
        || ["was i ", "am i ", "我多大", "我几岁", "我当时", "我那时"].iter().any(|w| lower.contains(w));
    let top = scores.iter().copied().fold(0.0, f64::max);
    for (score, doc) in scores.iter_mut().zip(seen) {
        let text = doc.doc.text.to_lowercase();
        let tells = doc.doc.kind == MemoryKind::Fact && BORN.iter().any(|w| text.contains(w));
        let of_named = named.iter().any(|name| doc.doc.people.contains(name));
        let of_patient =
            oneself && doc.doc.people.is_empty() && doc.doc.tags.iter().any(|t| t == "biography" || t == "family");
        if tells && (of_named || of_patient) {
            *score = score.max(0.8 * top);
        }
    }
}
