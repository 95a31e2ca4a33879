//! The notes as an index, and the ranking of them for a question.

mod conditions;
mod wanted;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use reme_types::Language;

use crate::{
    Answer, Doc, Filters, Hit, Level, Query, adjust,
    answer::Read,
    compiled::Rule,
    evidence, fusion, habit,
    index::{Index, RANKED_WHOLE, Stats, Wish, idf},
    people, periods,
    question::{Asked, Wanted},
    rules::{NoteRule, Threshold},
    vectors::{Vector, Vectors},
    words::{is_plain, meanings, terms},
};

use conditions::{by_rule, by_threshold, figures_counted, of_the_time, only_met, usable_notes};
pub(crate) use wanted::{ASTRAY, LOSS, is_framework};
use wanted::{is_about_a_time_only, weekday_term};

/// BM25 saturation and length normalisation (Robertson & Zaragoza 2009).
const K1: f64 = 1.2;
const B: f64 = 0.6;
/// Field weights of BM25F: text, people, place, tags, words of photos. [design]
const FIELDS: [f64; 5] = [1.0, 1.6, 1.3, 0.8, 0.6];
/// What a word of each field adds to the length of its note: a printed page in a photo makes no long note of a short one. [design]
const LENGTHS: [f64; 5] = [1.0, 1.0, 1.0, 1.0, 0.25];

pub(crate) struct Indexed {
    pub(crate) doc: Doc,
    pub(crate) weights: HashMap<Arc<str>, f64>,
    pub(crate) length: f64,
}

/// What the patient's own name weighs in a question: the carer's notes and the facts say it, whatever they are about. [design]
const OF_OWN_NAME: f64 = 0.3;

/// A set of notes, indexed note by note and asked often.
pub struct Corpus {
    docs: Vec<Indexed>,
    /// Beside `docs`: taken out again.
    gone: Vec<bool>,
    places: HashMap<String, u32>,
    index: Index,
    vectors: Vectors,
    language: Language,
}

impl Corpus {
    /// Indexes the notes. `language` is the one most of them are in; the other is understood as well.
    pub fn new(docs: Vec<Doc>, language: Language) -> Self {
        let mut corpus = Self {
            docs: Vec::new(),
            gone: Vec::new(),
            places: HashMap::new(),
            index: Index::default(),
            vectors: Vectors::default(),
            language,
        };
        docs.into_iter().for_each(|doc| corpus.put(doc));
        corpus
    }

    /// Adds a note, or puts it in the place of the one with the same id.
    ///
    /// ```
    /// use reme_retrieval::{Corpus, Doc, Query};
    /// use reme_types::{Language, MemoryKind};
    /// let day = "2026-03-01";
    /// let mut corpus = Corpus::new(vec![], Language::En);
    /// corpus.put(Doc {
    ///     id: "a".into(), kind: MemoryKind::Episode, happened_at: day.parse().ok(), recorded_at: day.parse().expect("a day"),
    ///     text: "We painted the fence green.".into(), photo_text: String::new(), people: vec![], place: None, tags: vec![], sensitive: false,
    /// });
    /// let asked = Query::new("What did we paint?", "2026-05-01".parse().expect("a day"));
    /// assert_eq!(corpus.search(&asked).cited, ["a"]);
    /// corpus.remove("a");
    /// assert_eq!(corpus.search(&asked).answer, None);
    /// ```
    pub fn put(&mut self, doc: Doc) {
        self.remove(&doc.id);
        let note = indexed(doc, self.language, &self.index);
        let at = self.docs.len() as u32;
        self.index.add(at, &note);
        self.places.insert(note.doc.id.clone(), at);
        self.docs.push(note);
        self.gone.push(false);
        self.vectors.grow();
    }

    /// Gives a note its vector; a note put anew has none until then. Nothing happens when there is no note of that id.
    pub fn put_vector(&mut self, id: &str, vector: &Vector) {
        if let Some(at) = self.places.get(id) {
            self.vectors.set(*at, vector);
        }
    }

    /// Takes a note out; nothing happens when there is none of that id.
    pub fn remove(&mut self, id: &str) {
        if let Some(at) = self.places.remove(id) {
            self.index.remove(at, &self.docs[at as usize]);
            self.vectors.clear(at);
            self.gone[at as usize] = true;
        }
    }

    /// How many notes it holds.
    pub fn len(&self) -> usize {
        self.index.count()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Ranks the notes for a question and reads a simple answer off the best.
    pub fn search(&self, query: &Query<'_>) -> Answer {
        let today = query.now.first_day();
        let mut asked = Asked::read(query.text, query.rule, today, query.born);
        let now = query.now.first_moment();
        let visible = |at: u32| {
            let doc = &self.docs[at as usize].doc;
            !self.gone[at as usize] && doc.recorded_at.first_moment() <= now && passes(doc, &query.filters)
        };
        let all = 0..self.docs.len() as u32;
        let is_small = self.index.count() <= RANKED_WHOLE;
        let roster = if is_small { all.clone().collect() } else { self.index.roster() };
        let known = roster.iter().filter(|at| visible(**at)).map(|at| &self.docs[*at as usize].doc);
        if asked.span.is_none() {
            let dated = self.index.facts().filter(|at| visible(*at)).map(|at| &self.docs[at as usize].doc);
            asked.span = periods::told(&asked.lower, dated, self.language);
        }
        let named = people::named(&asked.lower, known, self.language);
        let compiled = query.rule.and_then(|rule| {
            let known = roster.iter().filter(|at| visible(**at)).map(|at| &self.docs[*at as usize].doc);
            let of_rule = people::named(&rule.to_lowercase(), known, self.language);
            Rule::compile(rule, &of_rule.into_iter().collect::<Vec<_>>())
        });
        let rule_in_words = compiled.as_ref().map(|rule| rule.in_words(self.language));
        if let Some(rule) = query.rule.and_then(NoteRule::read) {
            let places: Vec<u32> = match asked.span {
                Some(span) => self.index.within(span).collect(),
                None => all.collect(),
            };
            let seen: Vec<&Indexed> =
                places.into_iter().filter(|at| visible(*at)).map(|at| &self.docs[at as usize]).collect();
            return usable_notes(&asked, rule, query, &seen, rule_in_words);
        }
        let patient = self.patient(&visible);
        let mut wanted = self.wanted(query, &asked, &named);
        let own_name = patient.as_deref().map(|name| terms(name, self.language)).unwrap_or_default();
        for (term, _) in own_name.iter().filter(|_| query.rule.is_none()) {
            wanted.entry(term.clone()).and_modify(|weight| *weight *= OF_OWN_NAME);
        }
        let near = query.vector.as_ref().filter(|_| !is_about_a_time_only(&wanted)).map(|v| self.vectors.near(v));
        let wish = Wish { terms: &wanted, people: &named, span: asked.span };
        let places: Vec<u32> = if is_small {
            all.filter(|at| visible(*at)).collect()
        } else {
            let mut places = self.index.candidates(&self.docs, &wish, visible);
            let by_meaning = near.iter().flat_map(|near| near.nearest(BY_MEANING));
            places.extend(by_meaning.filter(|at| visible(*at)));
            places.sort_unstable();
            places.dedup();
            places
        };
        let seen: Vec<&Indexed> = places.iter().map(|at| &self.docs[*at as usize]).collect();
        // A small log is judged by what may be seen of it; of a large one that makes no difference.
        let stats = (!is_small).then(|| self.index.stats());
        let bm25 = |wanted: &BTreeMap<String, f64>| bm25(&seen, wanted, stats.as_ref());
        let mut scores = bm25(&wanted);
        if let Some(next) = self.next_hop(&asked, &seen, &scores) {
            let more = bm25(&next);
            scores.iter_mut().zip(more).for_each(|(score, more)| *score += HOP_WEIGHT * more);
        }
        if let Some(near) = &near {
            let count = stats.as_ref().map_or(seen.len() as f64, |s| s.count);
            let bounds: Vec<f64> = seen.iter().map(|note| fusion::bound(&note.doc, &asked, &named)).collect();
            fusion::add_meaning(&mut scores, &places, near, &bounds, asked.level, count);
        }
        if scores.iter().all(|score| *score == 0.0) || is_about_a_time_only(&wanted) {
            of_the_time(&asked, &seen, &mut scores);
        }
        figures_counted(&asked, &seen, &mut scores);
        if let Some(rule) = compiled.as_ref().filter(|rule| rule.is_joined() && !asked.breaks_rule) {
            by_rule(&seen, &mut scores, rule, self.language);
        } else if let Some(threshold) = query.rule.and_then(|rule| Threshold::read(rule, asked.breaks_rule)) {
            by_threshold(&seen, &mut scores, &threshold);
        }
        adjust::by_time(&seen, &mut scores, asked.span, query.rule.is_some());
        let fallen = adjust::corrected(&seen, &mut scores);
        if asked.is_last {
            only_met(&asked, &named, &seen, &mut scores, self.language);
        }
        let is_measured = asked.level == Level::HiddenRationale && habit::is_of_a_device(&seen, &scores);
        if is_measured {
            habit::by_extreme(&seen, &mut scores, &asked.lower);
        }
        if asked.wants_neighbours || is_measured {
            habit::neighbours(&seen, &mut scores);
        } else if asked.level == Level::HiddenRationale {
            let own: BTreeSet<String> = wanted.keys().cloned().collect();
            habit::together(&seen, &mut scores, &own);
            adjust::look_alikes(&seen, &mut scores, asked.span, 0.35);
            habit::recurring(&seen, &mut scores, &own);
        } else if asked.level != Level::ExplicitFact {
            adjust::look_alikes(&seen, &mut scores, asked.span, 0.5);
        }
        let of_age = format!("{} {}", asked.lower, query.rule.unwrap_or_default().to_lowercase());
        let all_there = query.rule.is_some() && asked.wanted == Wanted::HowMany;
        let aged = if all_there { adjust::those_there(&seen, &scores, &named) } else { named.clone() };
        adjust::births(&seen, &mut scores, &of_age, &aged);
        if asked.is_present {
            adjust::standing(&seen, &mut scores);
        }
        adjust::same_event(&seen, &mut scores);
        let mut order: Vec<usize> = (0..seen.len()).filter(|i| scores[*i] > 0.0).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then_with(|| seen[*a].doc.id.cmp(&seen[*b].doc.id)));
        if asked.is_last {
            adjust::newest_first(&seen, &scores, &mut order);
        }
        let best: Vec<&Doc> = order.iter().map(|i| &seen[*i].doc).collect();
        let best_scores: Vec<f64> = order.iter().map(|i| scores[*i]).collect();
        let named_list = named.iter().cloned().collect();
        // The time has been read; the note of Christmas need not say it in the sentence that answers.
        let of_time: Vec<String> = reme_types::NamedDay::all_in(&asked.lower)
            .iter()
            .flat_map(|(_, day)| terms(day.name, self.language))
            .map(|(term, _)| term)
            .collect();
        let rarity: BTreeMap<String, f64> = terms(query.text, self.language)
            .into_iter()
            .filter(|(term, _)| {
                !is_framework(term) && !of_time.contains(term) && !own_name.iter().any(|(own, _)| own == term)
            })
            .map(|(term, _)| {
                let holding = seen.iter().filter(|note| note.weights.contains_key(term.as_str())).count() as f64;
                (term, idf(seen.len() as f64, holding))
            })
            .collect();
        let others = rarity
            .keys()
            .filter(|term| is_plain(term))
            .map(|term| {
                (term.clone(), meanings(term, self.language).into_iter().map(|(other, _)| other).collect::<Vec<_>>())
            })
            .filter(|(_, others)| !others.is_empty())
            .collect();
        let read = Read {
            asked: &asked,
            question: query.text,
            rule: query.rule,
            best,
            scores: best_scores,
            fallen: fallen.iter().map(|i| seen[*i].doc.id.clone()).collect(),
            named: named_list,
            rarity,
            others,
            today,
            language: self.language,
        };
        let nearness = |i: usize| near.as_ref().map_or(0.0, |near| near.of(places[i]));
        let looked_at: Vec<(&Indexed, f64)> =
            order.iter().take(evidence::LOOKED_AT).map(|i| (seen[*i], nearness(*i))).collect();
        let lower =
            query.rule.map_or_else(|| asked.lower.clone(), |rule| format!("{} {}", asked.lower, rule.to_lowercase()));
        let parts = evidence::Parts {
            text: query.text,
            lower: &lower,
            named: &named,
            patient: patient.clone(),
            span: asked.span,
            is_loss: asked.is_loss,
            is_astray: asked.is_astray,
            level: asked.level,
            has_vector: near.is_some(),
            language: self.language,
        };
        let confidence = evidence::confidence(&parts, &looked_at, &self.index.stats());
        let is_nothing_found =
            order.is_empty() || confidence < evidence::enough(asked.level, near.is_some(), self.language);
        let said = read.off().filter(|_| !is_nothing_found);
        let support = said.as_ref().filter(|_| asked.level == Level::HiddenRationale).map(|said| read.support(said));
        let (answer, cited) = said.map_or((None, Vec::new()), |said| (Some(said.text), said.cited));
        let ranked =
            order.iter().take(query.limit).map(|i| Hit { id: seen[*i].doc.id.clone(), score: scores[*i] }).collect();
        Answer { ranked, level: asked.level, answer, cited, rule_in_words, support, confidence, is_nothing_found }
    }
}

/// Of a large log so many notes are taken by their vectors. [design]
const BY_MEANING: usize = 100;

/// Weight of what a promise spoke of, when it is asked whether it came true. [design]
const HOP_WEIGHT: f64 = 0.8;

impl Corpus {
    /// The word most facts begin with, where it is nobody's name else: "Edwin plays …", "Edwin's wife …".
    fn patient(&self, visible: &impl Fn(u32) -> bool) -> Option<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for at in self.index.facts().filter(|at| visible(*at)) {
            let doc = &self.docs[at as usize].doc;
            let first = doc.text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let is_name = first.is_ascii() && first.len() > 2 && first.starts_with(|c: char| c.is_ascii_uppercase());
            if is_name && !doc.people.iter().any(|name| name.starts_with(first)) {
                *counts.entry(first.to_lowercase()).or_default() += 1;
            }
        }
        counts.into_iter().filter(|(_, count)| *count >= 2).max_by_key(|(_, count)| *count).map(|(name, _)| name)
    }
}

impl std::fmt::Debug for Corpus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Corpus").field("docs", &self.docs.len()).finish_non_exhaustive()
    }
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

/// A note cut into weighed terms.
fn indexed(doc: Doc, language: Language, index: &Index) -> Indexed {
    let place = doc.place.clone().unwrap_or_default();
    let fields = [doc.text.clone(), doc.people.join(" · "), place, doc.tags.join(" · "), doc.photo_text.clone()];
    let mut weights: HashMap<Arc<str>, f64> = HashMap::new();
    let mut length = 0.0;
    for ((field, weight), counted) in fields.iter().zip(FIELDS).zip(LENGTHS) {
        for (term, share) in terms(field, language) {
            *weights.entry(index.intern(term)).or_insert(0.0) += share * weight;
            length += share * counted;
        }
    }
    if let Some(happened) = doc.happened_at {
        let day = weekday_term(happened.first_day().weekday().to_monday_zero_offset());
        weights.insert(index.intern(day), 1.0);
    }
    weights.shrink_to_fit();
    Indexed { doc, weights, length }
}

/// How much a term's weight in a note of this relative length counts.
pub(crate) fn saturated(weight: f64, length: f64) -> f64 {
    let tf = weight / (1.0 - B + B * length);
    tf * (K1 + 1.0) / (tf + K1)
}

fn bm25(seen: &[&Indexed], wanted: &BTreeMap<String, f64>, stats: Option<&Stats<'_>>) -> Vec<f64> {
    let count = stats.map_or(seen.len() as f64, |s| s.count);
    let mean = stats.map_or_else(|| seen.iter().map(|d| d.length).sum::<f64>() / count.max(1.0), |s| s.mean_length);
    let mut scores = vec![0.0; seen.len()];
    for (term, weight) in wanted {
        let in_seen = || seen.iter().filter(|d| d.weights.contains_key(term.as_str())).count() as f64;
        let holding = stats.map_or_else(in_seen, |s| s.holding(term));
        if holding == 0.0 {
            continue;
        }
        let idf = idf(count, holding);
        for (score, doc) in scores.iter_mut().zip(seen) {
            let held = doc.weights.get(term.as_str()).copied().unwrap_or(0.0);
            *score += weight * idf * saturated(held, doc.length / mean.max(1e-9));
        }
    }
    scores
}
