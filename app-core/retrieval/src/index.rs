//! The inverted index: which notes hold a term, which lie on a day, who is named where. It grows note by note.
//!
//! Where in the flow: in front of the ranking. A small log is ranked whole; of a large one only the candidates found here are, so
//! that a question costs about the same at a hundred thousand notes as at a few thousand. What it must never do: hide a note the
//! words of a question point at plainly.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::{ToSpan, civil::Date};
use reme_types::MemoryKind;

use crate::{calendar::Span, corpus::Indexed};

/// Up to so many notes are ranked whole. [design]
pub(crate) const RANKED_WHOLE: usize = 2000;
/// Notes taken by their words alone. [design]
const BY_WORDS: usize = 300;
/// Of these the notes of the same days are taken as well: second records, corrections, the night after. [design]
const WITH_NEIGHBOURS: usize = 24;
/// Days before and after. [design]
const DAYS_AROUND: i64 = 1;
/// The newest notes that name a person asked about, and the notes of a narrow time. [design]
const BY_PERSON: usize = 60;
const BY_TIME: usize = 200;

/// How common terms are, over all notes.
pub(crate) struct Stats<'a> {
    pub(crate) count: f64,
    pub(crate) mean_length: f64,
    index: &'a Index,
}

impl Stats<'_> {
    pub(crate) fn holding(&self, term: &str) -> f64 {
        self.index.postings.get(term).map_or(0.0, |p| p.len() as f64)
    }
}

/// What is looked for.
pub(crate) struct Wish<'a> {
    pub(crate) terms: &'a BTreeMap<String, f64>,
    pub(crate) people: &'a BTreeSet<String>,
    pub(crate) span: Option<Span>,
}

/// Terms, days and people of all notes, by the notes' places.
#[derive(Default)]
pub(crate) struct Index {
    postings: HashMap<Arc<str>, Vec<(u32, f32)>>,
    by_day: BTreeMap<Date, Vec<u32>>,
    people: HashMap<String, Vec<u32>>,
    facts: Vec<u32>,
    /// By place; beside the postings, so that ranking a hundred thousand notes does not open each.
    lengths: Vec<f32>,
    length: f64,
    count: usize,
}

impl Index {
    /// The one copy of a term.
    pub(crate) fn intern(&self, term: String) -> Arc<str> {
        self.postings.get_key_value(term.as_str()).map_or_else(|| term.into(), |(held, _)| held.clone())
    }

    pub(crate) fn add(&mut self, at: u32, note: &Indexed) {
        for (term, weight) in &note.weights {
            self.postings.entry(term.clone()).or_default().push((at, *weight as f32));
        }
        if let Some(happened) = note.doc.happened_at {
            self.by_day.entry(happened.first_day()).or_default().push(at);
        }
        for name in &note.doc.people {
            self.people.entry(name.clone()).or_default().push(at);
        }
        if note.doc.kind == MemoryKind::Fact {
            self.facts.push(at);
        }
        let place = at as usize;
        self.lengths.resize(self.lengths.len().max(place + 1), 0.0);
        self.lengths[place] = note.length as f32;
        self.length += note.length;
        self.count += 1;
    }

    /// Takes a note out again.
    pub(crate) fn remove(&mut self, at: u32, note: &Indexed) {
        for term in note.weights.keys() {
            if let Some(list) = self.postings.get_mut(term) {
                list.retain(|(place, _)| *place != at);
            }
        }
        if let Some(list) = note.doc.happened_at.and_then(|h| self.by_day.get_mut(&h.first_day())) {
            list.retain(|place| *place != at);
        }
        for name in &note.doc.people {
            if let Some(list) = self.people.get_mut(name) {
                list.retain(|place| *place != at);
            }
        }
        self.facts.retain(|place| *place != at);
        self.length -= note.length;
        self.count -= 1;
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn holds(&self, term: &str) -> bool {
        self.postings.get(term).is_some_and(|list| !list.is_empty())
    }

    pub(crate) fn stats(&self) -> Stats<'_> {
        let count = self.count as f64;
        Stats { count, mean_length: self.length / count.max(1.0), index: self }
    }

    /// Every fact, and one note for each name: what is needed to tell who a question means.
    pub(crate) fn roster(&self) -> Vec<u32> {
        let mut out: Vec<u32> = self.facts.clone();
        out.extend(self.people.values().filter_map(|list| list.first()));
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Places of the facts.
    pub(crate) fn facts(&self) -> impl Iterator<Item = u32> {
        self.facts.iter().copied()
    }

    /// Places of the notes that happened in a span.
    pub(crate) fn within(&self, span: Span) -> impl Iterator<Item = u32> {
        self.by_day.range(span.from..=span.to).rev().flat_map(|(_, list)| list.iter().copied())
    }

    /// Notes worth ranking, in the order of their places. `visible` says whether a note may be used at all.
    pub(crate) fn candidates(&self, docs: &[Indexed], wish: &Wish<'_>, visible: impl Fn(u32) -> bool) -> Vec<u32> {
        let stats = self.stats();
        let mut scores = vec![0.0_f32; docs.len()];
        for (term, weight) in wish.terms {
            let Some(list) = self.postings.get(term.as_str()) else { continue };
            let idf = idf(stats.count, list.len() as f64) * weight;
            for (at, tf) in list {
                let length = f64::from(self.lengths[*at as usize]) / stats.mean_length.max(1e-9);
                scores[*at as usize] += (idf * crate::corpus::saturated(f64::from(*tf), length)) as f32;
            }
        }
        let mut found: Vec<u32> = (0..docs.len() as u32).filter(|at| scores[*at as usize] > 0.0).collect();
        let by_score = |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(b.cmp(a));
        let in_time: Vec<u32> = wish.span.filter(|s| s.is_narrow).map_or_else(Vec::new, |span| {
            let mut inside: Vec<u32> = self.within(span).filter(|at| visible(*at)).collect();
            inside.sort_by(by_score);
            inside.truncate(BY_TIME);
            inside
        });
        let keep_best = |list: &mut Vec<u32>, most: usize| {
            if list.len() > most {
                list.select_nth_unstable_by(most, by_score);
                list.truncate(most);
            }
        };
        // Nearly every note may be used: of the best twice as many are looked through first, of all only where those do not do.
        let mut best = found.clone();
        keep_best(&mut best, 2 * BY_WORDS);
        best.retain(|at| visible(*at));
        if best.len() >= BY_WORDS || found.len() <= 2 * BY_WORDS {
            found = best;
        } else {
            found.retain(|at| visible(*at));
        }
        keep_best(&mut found, BY_WORDS);
        found.sort_by(by_score);
        let mut taken: BTreeSet<u32> = found.iter().copied().chain(in_time).collect();
        for at in found.iter().take(WITH_NEIGHBOURS) {
            let Some(day) = docs[*at as usize].doc.happened_at.map(|h| h.first_day()) else { continue };
            let around = Span {
                from: day.saturating_sub(DAYS_AROUND.days()),
                to: day.saturating_add(DAYS_AROUND.days()),
                is_narrow: true,
            };
            taken.extend(self.within(around).filter(|at| visible(*at)).take(BY_TIME));
        }
        for name in wish.people {
            let mut named: Vec<u32> =
                self.people.get(name).into_iter().flatten().copied().filter(|at| visible(*at)).collect();
            named.sort_by_key(|at| std::cmp::Reverse(docs[*at as usize].doc.happened_at.map(|h| h.first_moment())));
            taken.extend(named.iter().take(BY_PERSON));
            let is_fact = |at: &&u32| docs[**at as usize].doc.kind == MemoryKind::Fact;
            taken.extend(named.iter().filter(is_fact));
        }
        // Facts about the patient name nobody; ages rest on them.
        let own = |at: &&u32| docs[**at as usize].doc.people.is_empty() && visible(**at);
        taken.extend(self.facts.iter().filter(own).take(BY_PERSON));
        taken.into_iter().collect()
    }
}

/// Inverse document frequency (Robertson & Zaragoza 2009).
pub(crate) fn idf(count: f64, holding: f64) -> f64 {
    ((count - holding + 0.5).max(0.0) / (holding + 0.5)).ln_1p()
}
