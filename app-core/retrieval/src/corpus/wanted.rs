//! The terms a question looks for, and what each weighs.

use std::collections::{BTreeMap, BTreeSet};

use reme_types::Language;

use super::{Corpus, Indexed};
use crate::{
    Level, Query,
    lexicon::{concepts_of, is_frame},
    question::Asked,
    words::{Term, meanings, terms},
};

impl Corpus {
    /// What was promised, as terms: the question speaks of a promise, the best note says of what.
    pub(super) fn next_hop(&self, asked: &Asked, seen: &[&Indexed], scores: &[f64]) -> Option<BTreeMap<String, f64>> {
        const PROMISES: [&str; 9] =
            ["promise", "agreed to", "said he would", "said she would", "offered to", "答应", "说好", "保证", "约好"];
        let word = PROMISES.iter().find(|w| asked.lower.contains(**w))?;
        let best = (0..seen.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
        let text = seen[best].doc.text.to_lowercase();
        let sentence = text.split(['.', '!', ';', '。', '！', '；']).find(|s| s.contains(word))?;
        let mut next = merge(terms(sentence, self.language), 1.0);
        for name in &seen[best].doc.people {
            next.extend(merge(terms(name, self.language), 0.5));
        }
        Some(next)
    }

    /// Words of a question that no note holds.
    fn unknown_words(&self, lower: &str) -> Vec<String> {
        let tokens: Vec<String> = match self.language {
            Language::En => lower
                .split(|c: char| !(c.is_alphanumeric() || c == '-'))
                .filter(|w| w.len() > 2)
                .map(str::to_owned)
                .collect(),
            Language::ZhCn => terms(lower, Language::ZhCn)
                .into_iter()
                .map(|(t, _)| t)
                .filter(|t| !t.starts_with(['~', '=']))
                .collect(),
        };
        let known = |word: &str| {
            let own = terms(word, self.language);
            own.iter().filter(|(t, _)| !t.starts_with(['~', '='])).any(|(t, _)| self.index.holds(t))
        };
        tokens.into_iter().filter(|w| !known(w)).collect()
    }

    /// The terms of question and rule with their weights, other words for the same, and the names relations stand for.
    pub(super) fn wanted(&self, query: &Query<'_>, asked: &Asked, named: &BTreeSet<String>) -> BTreeMap<String, f64> {
        let habit = asked.level == Level::HiddenRationale;
        let own: Vec<Term> = terms(query.text, self.language)
            .into_iter()
            .filter(|(term, _)| {
                let idle = is_date_part(term)
                    || is_framework(term)
                    || (habit && is_frame(term))
                    || (asked.is_present && is_standing(term));
                !idle
            })
            .collect();
        let mut wanted = merge(own, 1.0);
        if habit {
            // A habit's trigger is a thing rather than a word: concepts weigh as much as words.
            wanted.iter_mut().filter(|(term, _)| term.starts_with('~')).for_each(|(_, weight)| *weight = HABIT_CONCEPT);
            wanted.iter_mut().filter(|(term, _)| term.starts_with('=')).for_each(|(_, weight)| *weight *= 0.4);
            if asked.is_loss {
                // What is gone matters less than that something is.
                wanted.iter_mut().filter(|(term, _)| *term != LOSS).for_each(|(_, weight)| *weight *= OF_A_LOSS);
                wanted.insert(LOSS.to_owned(), HABIT_CONCEPT);
                // As notes of things found again are labelled, whatever else is lost in them.
                wanted.insert(FOUND.to_owned(), OF_FOUND);
            }
            if asked.is_astray {
                // That somebody is not there matters more than where they had been.
                wanted.iter_mut().filter(|(term, _)| *term != ASTRAY).for_each(|(_, weight)| *weight *= OF_ONE_ASTRAY);
                wanted.insert(ASTRAY.to_owned(), HABIT_CONCEPT);
            }
            if let Some(day) = asked.weekday {
                wanted.insert(weekday_term(day), 1.0);
            }
        }
        if habit && let Some(condition) = condition_of(&asked.lower) {
            // "If it snows, what will he cook?": the notes are to be of the first part; the second asks what comes of it.
            let held = merge(terms(condition, self.language), 1.0);
            let only_asked =
                |term: &String| !held.contains_key(term) && *term != LOSS && *term != ASTRAY && !term.starts_with('@');
            wanted.iter_mut().filter(|(term, _)| only_asked(term)).for_each(|(_, weight)| *weight *= OF_WHAT_IS_ASKED);
        }
        let mut add = |terms: Vec<Term>, factor: f64| {
            for (term, weight) in merge(terms, factor) {
                let entry = wanted.entry(term).or_insert(0.0);
                *entry = entry.max(weight);
            }
        };
        add(meanings(&asked.lower, self.language), MEANING_WEIGHT);
        for name in named.iter().filter(|name| !asked.lower.contains(&name.to_lowercase())) {
            add(terms(name, self.language), 0.8);
        }
        if let Some(rule) = query.rule {
            let rule =
                terms(rule, self.language).into_iter().filter(|(term, _)| !is_date_part(term) && !is_framework(term));
            add(
                rule.map(|(t, w)| if t.starts_with('~') { (t, RULE_CONCEPT) } else { (t, w * RULE_WEIGHT) }).collect(),
                1.0,
            );
        }
        // A word no note holds leaves it to its concepts to find what is meant.
        for word in self.unknown_words(&asked.lower) {
            add(concepts_of(&word, self.language).into_iter().map(|c| (format!("~{c}"), 1.0)).collect(), 1.0);
        }
        wanted
    }
}

/// Words that put a question or a rule together.
pub(crate) fn is_framework(term: &str) -> bool {
    const FRAMEWORK: &str = "time last now ago sinc first year month week day date januari februari march april june juli august septemb octob novemb \
decemb today yesterday tomorrow long often old mani rule allow whoever whatev whenev everi anyon nobodi case";
    FRAMEWORK.split_whitespace().any(|w| w == term)
}

/// Parts of a date: the time has been read from them, as words they find birthdays.
fn is_date_part(term: &str) -> bool {
    let plain = term.trim_start_matches('=');
    !plain.is_empty() && plain.chars().all(|c| c.is_ascii_digit() || "年月日号".contains(c))
}

/// Where a thing stands or lies: the verb says nothing of what.
fn is_standing(term: &str) -> bool {
    matches!(term, "stand" | "lie" | "live" | "keep")
}

/// The day of the week as a term: 0 = Monday.
pub(super) fn weekday_term(day: i8) -> String {
    format!("@{day}")
}

/// Weight of a concept in a question about habits. [design]
const HABIT_CONCEPT: f64 = 1.1;

/// The concept of what is gone, and what the other words weigh beside it. [design]
pub(crate) const LOSS: &str = "~lost";

const OF_A_LOSS: f64 = 0.25;
const FOUND: &str = "found";
const OF_FOUND: f64 = 0.5;
/// What the words weigh that ask what comes of a condition, beside those of the condition. [design]
const OF_WHAT_IS_ASKED: f64 = 0.6;
/// The concept of somebody who is not where they were expected, and what the other words weigh beside it. [design]
pub(crate) const ASTRAY: &str = "~astray";
const OF_ONE_ASTRAY: f64 = 0.5;

/// Weight of another word for the same. [design]
const MEANING_WEIGHT: f64 = 0.45;

/// Weight of the rule's words beside the question's. [design]
const RULE_WEIGHT: f64 = 0.6;

/// Weight of the concepts a rule is about. [design]
const RULE_CONCEPT: f64 = 0.8;

/// "What did I do last week?" asks for nothing but the time.
pub(super) fn is_about_a_time_only(wanted: &BTreeMap<String, f64>) -> bool {
    const IDLE: &str = "do did happen take place go event monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter 做 干 发生 事 事情 做过 去过 干过 忙 过得";
    wanted.iter().filter(|(t, _)| !t.starts_with(['~', '=', '@'])).all(|(t, _)| {
        IDLE.split_whitespace().any(|w| w == t)
            || is_framework(t)
            || t.chars().any(|c| "星期礼拜周月年天上".contains(c)) && t.chars().count() <= 3
    })
}

pub(super) fn merge(terms: Vec<Term>, factor: f64) -> BTreeMap<String, f64> {
    let mut out = BTreeMap::new();
    for (term, weight) in terms {
        let entry: &mut f64 = out.entry(term).or_insert(0.0);
        *entry = entry.max(weight * factor);
    }
    out
}

/// The part of a question about a habit that tells when it holds: "She has lost her purse. Where …", 要是下雪，…, …的时候.
fn condition_of(lower: &str) -> Option<&str> {
    const ASKING: [&str; 19] = [
        "what",
        "where",
        "who",
        "which",
        "when ",
        "how",
        "什么",
        "啥",
        "哪",
        "谁",
        "怎么",
        "怎样",
        "多半",
        "会不会",
        "多久",
        "几",
        "why",
        "为什么",
        "吗",
    ];
    let plain = lower.trim_end_matches(['?', '？', '。', '.', ' ']);
    let asks = |part: &str| ASKING.iter().any(|w| part.contains(w));
    // The seam nearest to the asking part that leaves no asking word before it.
    let mut seams =
        plain.char_indices().filter(|(_, c)| matches!(c, ',' | '，' | '.' | '。' | ';' | '；' | '!' | '！'));
    let cut = seams.rfind(|(at, c)| !asks(&plain[..*at]) && asks(&plain[*at + c.len_utf8()..]));
    if let Some((at, _)) = cut {
        return Some(&plain[..at]);
    }
    for lead in [" when ", " if ", " after ", " before ", " whenever ", " while "] {
        if let Some((asking, condition)) =
            plain.split_once(lead).filter(|(asking, condition)| asks(asking) && !asks(condition))
        {
            return (!asking.is_empty()).then_some(condition);
        }
    }
    ["的时候", "以后", "之后", "的那几天", "的那天", "的话"].iter().find_map(|end| {
        let (condition, asking) = plain.split_once(end)?;
        (!asks(condition) && asks(asking)).then_some(condition)
    })
}
