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

/// Whether the note that fits best was made by a device: it tells figures and names nobody, so that what went with them stands in the
/// notes around it.
pub(crate) fn is_of_a_device(seen: &[&Indexed], scores: &[f64]) -> bool {
    (0..seen.len())
        .filter(|i| scores[*i] > 0.0)
        .max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
        .is_some_and(|best| is_by_device(seen[best]))
}

fn is_by_device(note: &Indexed) -> bool {
    let digits = note.doc.text.chars().filter(char::is_ascii_digit).count();
    note.doc.kind == MemoryKind::Episode
        && note.doc.people.is_empty()
        && digits >= 4
        && digits * 8 >= note.doc.text.chars().count()
}

/// "The nights with little sleep", 步数特别多的那几天: of a device's notes of one kind those with the high or the low figures.
pub(crate) fn by_extreme(seen: &[&Indexed], scores: &mut [f64], lower: &str) {
    const MUCH: [&str; 9] = ["特别多", "最多", "很多", "特别长", "最长", "特别高", "most ", "longest", "a lot of"];
    const LITTLE: [&str; 10] =
        ["特别少", "最少", "很少", "特别短", "最短", "特别低", "least ", "shortest", "little ", "short "];
    let says = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let much = says(&MUCH);
    if much == says(&LITTLE) {
        return;
    }
    let Some(best) = (0..seen.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])) else { return };
    // The first figure beyond the date: steps, or hours of sleep.
    let figure = |note: &Indexed| {
        let text =
            note.doc.text.split_once([':', '：']).map_or(note.doc.text.as_str(), |(_, rest)| rest).to_lowercase();
        let all = crate::rules::figures(&text);
        let first = all.first()?;
        let minutes =
            all.get(1).filter(|second| second.1 - first.2 <= 8 && first.0 < 24.0).map_or(0.0, |second| second.0 / 60.0);
        Some(first.0 + minutes)
    };
    let same = |note: &Indexed| is_by_device(note) && note.doc.tags.iter().any(|tag| seen[best].doc.tags.contains(tag));
    let mut figures: Vec<(usize, f64)> =
        (0..seen.len()).filter(|i| same(seen[*i])).filter_map(|i| Some((i, figure(seen[i])?))).collect();
    figures.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (Some(lowest), Some(highest)) = (figures.first().map(|f| f.1), figures.last().map(|f| f.1)) else { return };
    let middle = f64::midpoint(lowest, highest);
    let top = scores[best];
    for (i, value) in figures {
        scores[i] = if (value >= middle) == much { top } else { scores[i] * 0.3 };
    }
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
