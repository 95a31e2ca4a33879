//! Habits: what usually comes with what. Notes that share the trigger of a question and the outcome most of them have.
//!
//! Nobody wrote the rule down; it is seen in what recurs. Notes with the trigger and another outcome are exceptions and fall
//! back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Unit, civil::Date};
use reme_types::MemoryKind;

use crate::corpus::Indexed;

/// Notes with at least this share of the best score have the trigger. [design]
const TRIGGERED: f64 = 0.42;
/// At most so many. [design]
const MOST: usize = 14;
/// Terms that make the outcome. [design]
const OUTCOME_TERMS: usize = 5;

/// Notes that meet several of the question's concepts before those that meet one often.
pub(crate) fn together(seen: &[&Indexed], scores: &mut [f64], asked: &BTreeSet<String>) {
    let concepts: Vec<&String> = asked.iter().filter(|t| t.starts_with('~')).collect();
    if concepts.len() < 2 {
        return;
    }
    for (score, doc) in scores.iter_mut().zip(seen) {
        let met = concepts.iter().filter(|c| doc.weights.contains_key(c.as_str())).count();
        *score *= 1.0 + 0.25 * met.saturating_sub(1) as f64;
    }
}

/// Pulls notes with trigger and recurring outcome to the front. `asked` are the question's own terms.
pub(crate) fn recurring(seen: &[&Indexed], scores: &mut [f64], asked: &BTreeSet<String>) {
    let top = scores.iter().copied().fold(0.0, f64::max);
    if top <= 0.0 {
        return;
    }
    let mut with: Vec<usize> =
        (0..seen.len()).filter(|i| seen[*i].doc.kind == MemoryKind::Episode && scores[*i] >= TRIGGERED * top).collect();
    with.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    with.truncate(MOST);
    let count = seen.len() as f64;
    let mut values: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for i in &with {
        for term in seen[*i].weights.keys().filter(|t| !asked.contains(t.as_ref()) && is_telling(t)) {
            let entry = values.entry(term.as_ref()).or_insert((0.0, 0));
            entry.0 += scores[*i] / top;
            entry.1 += 1;
        }
    }
    let rarity = |term: &str| {
        let holding = seen.iter().filter(|d| d.weights.contains_key(term)).count() as f64;
        (count / holding.max(1.0)).ln()
    };
    let mut outcome: Vec<(&str, f64)> = values
        .into_iter()
        .filter(|(_, (_, notes))| *notes >= 2)
        .map(|(term, (share, _))| (term, share * rarity(term)))
        .collect();
    outcome.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    outcome.truncate(OUTCOME_TERMS);
    let all: f64 = outcome.iter().map(|(_, value)| value).sum();
    if all <= 0.0 {
        return;
    }
    for (score, doc) in scores.iter_mut().zip(seen) {
        let share =
            outcome.iter().filter(|(term, _)| doc.weights.contains_key(*term)).map(|(_, v)| v).sum::<f64>() / all;
        *score *= 0.45 + 1.3 * share;
        if doc.doc.kind == MemoryKind::Fact {
            *score *= 0.5;
        }
    }
}

/// Words, labels and concepts; not pairs of characters, which double the words.
fn is_telling(term: &str) -> bool {
    !term.starts_with(['=', '@']) && term.chars().count() > 1
}

/// "The night before", 头天晚上: notes of the day before or after those that have the trigger, where what they tell recurs.
pub(crate) fn neighbours(seen: &[&Indexed], scores: &mut [f64]) {
    let top = scores.iter().copied().fold(0.0, f64::max);
    let day = |i: usize| seen[i].doc.happened_at.map(|h| h.first_day());
    let with: Vec<usize> = (0..seen.len())
        .filter(|i| seen[*i].doc.kind == MemoryKind::Episode && scores[*i] >= TRIGGERED * top && top > 0.0)
        .collect();
    // Label → the trigger notes that have a neighbour with it.
    let mut labels: BTreeMap<&String, BTreeSet<usize>> = BTreeMap::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for i in &with {
        for j in (0..seen.len()).filter(|j| j != i && seen[*j].doc.kind == MemoryKind::Episode) {
            if day(*i).zip(day(j)).is_some_and(|(a, b)| is_next_to(a, b)) {
                pairs.push((*i, j));
                for tag in &seen[j].doc.tags {
                    labels.entry(tag).or_default().insert(*i);
                }
            }
        }
    }
    let recurring =
        |j: usize| seen[j].doc.tags.iter().filter_map(|t| labels.get(t)).map(BTreeSet::len).max().unwrap_or(0);
    let most = (0..seen.len()).filter(|j| pairs.iter().any(|(_, p)| p == j)).map(recurring).max().unwrap_or(0);
    if most < 2 {
        return;
    }
    let linked: Vec<usize> = pairs.iter().filter(|(_, j)| recurring(*j) * 2 > most).map(|(_, j)| *j).collect();
    let paired: BTreeSet<usize> = pairs.iter().filter(|(_, j)| linked.contains(j)).map(|(i, _)| *i).collect();
    for j in linked {
        scores[j] = scores[j].max(0.9 * top);
    }
    for i in with.into_iter().filter(|i| !paired.contains(i)) {
        scores[i] *= 0.6;
    }
}

fn is_next_to(a: Date, b: Date) -> bool {
    a.until((Unit::Day, b)).is_ok_and(|span| span.get_days().abs() <= 1)
}
