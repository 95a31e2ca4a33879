//! The notes as an index, and the ranking of them for a question.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use reme_types::{Language, MemoryKind};

use crate::{
    Answer, Doc, Filters, Hit, Level, Query,
    answer::read_off,
    calendar::Span,
    question::Asked,
    words::{Term, terms},
};

/// BM25 saturation and length normalisation (Robertson & Zaragoza 2009).
const K1: f64 = 1.2;
const B: f64 = 0.6;
/// Field weights of BM25F: text, people, place, tags. [design]
const FIELDS: [f64; 4] = [1.0, 1.6, 1.3, 0.8];

struct Indexed {
    doc: Doc,
    weights: HashMap<String, f64>,
    length: f64,
}

/// A set of notes, indexed once and asked often.
pub struct Corpus {
    docs: Vec<Indexed>,
    language: Language,
}

impl Corpus {
    /// Indexes the notes. `language` is the one most of them are in; the other is understood as well.
    pub fn new(docs: Vec<Doc>, language: Language) -> Self {
        let docs = docs
            .into_iter()
            .map(|doc| {
                let place = doc.place.clone().unwrap_or_default();
                let fields = [doc.text.clone(), doc.people.join(" · "), place, doc.tags.join(" · ")];
                let mut weights = HashMap::new();
                let mut length = 0.0;
                for (field, weight) in fields.iter().zip(FIELDS) {
                    for (term, share) in terms(field, language) {
                        *weights.entry(term).or_insert(0.0) += share * weight;
                        length += share;
                    }
                }
                Indexed { doc, weights, length }
            })
            .collect();
        Self { docs, language }
    }

    /// Ranks the notes for a question and reads a simple answer off the best.
    pub fn search(&self, query: &Query<'_>) -> Answer {
        let today = query.now.first_day();
        let asked = Asked::read(query.text, query.rule, today, self.language);
        let seen: Vec<&Indexed> = self
            .docs
            .iter()
            .filter(|d| d.doc.recorded_at.first_moment() <= query.now.first_moment() && passes(&d.doc, &query.filters))
            .collect();
        let mut wanted = merge(terms(query.text, self.language), 1.0);
        if let Some(rule) = query.rule {
            for (term, weight) in merge(terms(rule, self.language), 0.6) {
                let entry = wanted.entry(term).or_insert(0.0);
                *entry = entry.max(weight);
            }
        }
        let mut scores = bm25(&seen, &wanted);
        by_time(&seen, &mut scores, asked.span);
        corrected(&seen, &mut scores);
        if asked.level != Level::ExplicitFact {
            look_alikes(&seen, &mut scores, asked.span, if asked.level == Level::HiddenRationale { 0.7 } else { 0.5 });
        }
        if asked.is_present {
            standing(&seen, &mut scores);
        }
        let mut order: Vec<usize> = (0..seen.len()).filter(|i| scores[*i] > 0.0).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then_with(|| seen[*a].doc.id.cmp(&seen[*b].doc.id)));
        if asked.is_last {
            newest_first(&seen, &scores, &mut order);
        }
        let best: Vec<&Doc> = order.iter().map(|i| &seen[*i].doc).collect();
        let best_scores: Vec<f64> = order.iter().map(|i| scores[*i]).collect();
        let answer = read_off(&asked, &best, &best_scores, self.language);
        let ranked =
            order.iter().take(query.limit).map(|i| Hit { id: seen[*i].doc.id.clone(), score: scores[*i] }).collect();
        Answer { ranked, level: asked.level, answer }
    }
}

impl std::fmt::Debug for Corpus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Corpus").field("docs", &self.docs.len()).finish_non_exhaustive()
    }
}

fn merge(terms: Vec<Term>, factor: f64) -> BTreeMap<String, f64> {
    let mut out = BTreeMap::new();
    for (term, weight) in terms {
        let entry: &mut f64 = out.entry(term).or_insert(0.0);
        *entry = entry.max(weight * factor);
    }
    out
}

fn passes(doc: &Doc, filters: &Filters) -> bool {
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let happened = doc.happened_at.map(|h| (h.first_day(), h.last_day()));
    filters.from.is_none_or(|from| happened.is_some_and(|(_, last)| last >= from.first_day()))
        && filters.to.is_none_or(|to| happened.is_some_and(|(first, _)| first <= to.last_day()))
        && filters.person.as_ref().is_none_or(|p| doc.people.iter().any(|d| same(d, p)))
        && filters.place.as_ref().is_none_or(|p| doc.place.as_ref().is_some_and(|d| same(d, p)))
        && filters.tag.as_ref().is_none_or(|t| doc.tags.iter().any(|d| same(d, t)))
        && filters.kind.is_none_or(|k| doc.kind == k)
}

fn bm25(seen: &[&Indexed], wanted: &BTreeMap<String, f64>) -> Vec<f64> {
    let count = seen.len() as f64;
    let mean = seen.iter().map(|d| d.length).sum::<f64>() / count.max(1.0);
    let mut scores = vec![0.0; seen.len()];
    for (term, weight) in wanted {
        let holding = seen.iter().filter(|d| d.weights.contains_key(term)).count() as f64;
        if holding == 0.0 {
            continue;
        }
        let idf = ((count - holding + 0.5) / (holding + 0.5)).ln_1p();
        for (score, doc) in scores.iter_mut().zip(seen) {
            let tf = doc.weights.get(term).copied().unwrap_or(0.0) / (1.0 - B + B * doc.length / mean.max(1e-9));
            *score += weight * idf * tf * (K1 + 1.0) / (tf + K1);
        }
    }
    scores
}

/// Notes of the time spoken of come first; others stay, far behind, because people err in times.
fn by_time(seen: &[&Indexed], scores: &mut [f64], span: Option<Span>) {
    let Some(span) = span else { return };
    let top = scores.iter().copied().fold(0.0, f64::max);
    for (score, doc) in scores.iter_mut().zip(seen) {
        let meets = doc.doc.happened_at.map(|h| span.meets(h.first_day(), h.last_day()));
        match (meets, span.is_narrow) {
            (Some(true), true) => *score = *score * 1.6 + if *score > 0.0 { 0.25 * top } else { 0.05 * top },
            (Some(true), false) => *score *= 1.15,
            (Some(false), true) => *score *= 0.35,
            (Some(false), false) => *score *= 0.3,
            (None, _) => *score *= 0.8,
        }
    }
}

/// A note that puts another right stands; the other falls back.
fn corrected(seen: &[&Indexed], scores: &mut [f64]) {
    let is_correction = |doc: &Doc| {
        let text = doc.text.to_lowercase();
        doc.tags.iter().any(|t| t == "correction")
            || text.starts_with("更正")
            || text.starts_with("correction")
            || text.contains("i was wrong")
            || text.contains("记错了，")
    };
    for (i, right) in seen.iter().enumerate().filter(|(_, d)| is_correction(&d.doc)) {
        for (j, wrong) in seen.iter().enumerate() {
            let same_day = match (right.doc.happened_at, wrong.doc.happened_at) {
                (Some(a), Some(b)) => a.first_day() == b.first_day(),
                _ => false,
            };
            let earlier = wrong.doc.recorded_at.first_moment() < right.doc.recorded_at.first_moment();
            let alike = same_day && (wrong.doc.place == right.doc.place || shared_tags(&wrong.doc, &right.doc) >= 2);
            if i != j && earlier && alike && !is_correction(&wrong.doc) {
                scores[i] = scores[i].max(scores[j]);
                scores[j] *= 0.3;
            }
        }
    }
}

fn shared_tags(a: &Doc, b: &Doc) -> usize {
    let tags: BTreeSet<&String> = a.tags.iter().collect();
    b.tags.iter().filter(|t| tags.contains(t)).count()
}

/// Notes like the best ones (same labels, place, people) are pulled up: counts and habits rest on all of a kind.
fn look_alikes(seen: &[&Indexed], scores: &mut [f64], span: Option<Span>, strength: f64) {
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
fn standing(seen: &[&Indexed], scores: &mut [f64]) {
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
fn newest_first(seen: &[&Indexed], scores: &[f64], order: &mut [usize]) {
    let top = order.first().map_or(0.0, |i| scores[*i]);
    let fitting = order.iter().take_while(|i| scores[**i] >= 0.6 * top).count();
    let day = |i: usize| seen[i].doc.happened_at.map_or(Date::MIN, |h| h.first_day());
    order[..fitting].sort_by_key(|i| std::cmp::Reverse(day(*i)));
}
