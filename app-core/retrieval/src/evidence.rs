//! How much the best notes have to do with a question at all: what decides between an answer and "I have no memory of that".
//!
//! One note has to have it: what several notes have between them is no evidence. Every telling word of the question weighs as much as
//! it is rare; it counts as met when the note has it, less when the note has another word for it or only a thing of its kind. The
//! nearness of the same note in meaning adds to that. Habits and rules, which rest on several notes, ask what those have on average. A note of another time is half the evidence, and names it does not hold take
//! away from it, but where a habit is asked for.

use std::collections::BTreeSet;

use reme_types::{Language, NamedDay};

use crate::{
    Level,
    calendar::Span,
    corpus::{ASTRAY, Indexed, LOSS, is_framework},
    index::{Stats, idf},
    lexicon::{EMPTY_EN, concepts_of, is_empty_chinese, is_frame},
    words::{capitalised, is_plain, jieba, meanings, stem, terms},
};

/// Notes looked at: any of the first may hold the answer; a habit or a rule, with vectors, rests on what all of them have.
pub(crate) const LOOKED_AT: usize = 8;
const MAY_HOLD_IT: usize = 3;
/// What another word for the same, a relation the named person stands in, and a thing of the same kind count. [design]
const OTHER_WORD: f64 = 0.7;
const RELATION: f64 = 0.8;
const SAME_KIND: f64 = 0.5;
/// What a note of another time is worth. [design]
const OTHER_TIME: f64 = 0.5;
/// A name that is not met divides by one and this much more. [design]
const UNMET_NAME: f64 = 0.5;
/// Each name of the question that is in no note at all leaves this much of it; a Chinese one is told from a word less surely. [design]
const UNKNOWN_NAME: f64 = 0.4;
const UNKNOWN_NAME_ZH: f64 = 0.6;
/// Evidence that a note of something lost is, where it is asked where to look for another thing. [design]
const OF_A_LOSS: f64 = 0.5;
/// Below this nothing rests on anything, by words alone and with vectors; measured on questions no memory answers, see
/// `docs/decisions/0014-retrieval.md`.
const ENOUGH: f64 = 0.2;
const ENOUGH_WITH_VECTORS: f64 = 0.42;
/// Questions about habits speak of what is to come in words of their own: by words alone this share of it is enough. [design]
const OF_HABITS: f64 = 0.45;
/// What the notes looked at have on average where vectors are there, for habits and for rules, in English and in Chinese. [design]
const HABITS_ON_AVERAGE: [f64; 2] = [0.113, 0.175];
const RULES_ON_AVERAGE: [f64; 2] = [0.062, 0.083];

/// What is enough for a question.
pub(crate) fn enough(level: Level, has_vector: bool, language: Language) -> f64 {
    let at = usize::from(language == Language::ZhCn);
    match level {
        Level::HiddenRationale if has_vector => HABITS_ON_AVERAGE[at],
        Level::InterpretableRationale if has_vector => RULES_ON_AVERAGE[at],
        Level::HiddenRationale => ENOUGH * OF_HABITS,
        // By words alone a rule is applied to whatever there is.
        Level::InterpretableRationale => 0.0,
        _ if has_vector => ENOUGH_WITH_VECTORS,
        _ => ENOUGH,
    }
}

/// The parts of a question that evidence is looked for.
pub(crate) struct Parts<'a> {
    /// The question as it was put.
    pub(crate) text: &'a str,
    /// In lower case, with the rule that is to be applied.
    pub(crate) lower: &'a str,
    /// People known by name whom it means.
    pub(crate) named: &'a BTreeSet<String>,
    /// The patient's own name, in lower case, where the facts begin with it: notes of their own do not say it.
    pub(crate) patient: Option<String>,
    /// The time it speaks of.
    pub(crate) span: Option<Span>,
    /// Whether it asks where to look for what is gone.
    pub(crate) is_loss: bool,
    /// Whether it asks where somebody is who has not come.
    pub(crate) is_astray: bool,
    /// What kind of question it is.
    pub(crate) level: Level,
    /// Whether notes are held against it by meaning, too.
    pub(crate) has_vector: bool,
    /// The language of the notes.
    pub(crate) language: Language,
}

/// 0 when no note shares anything with the question; 1 and more when one has all its telling words. `best` are notes, each with its
/// nearness in meaning, 0–1.5.
pub(crate) fn confidence(asked: &Parts<'_>, best: &[(&Indexed, f64)], stats: &Stats<'_>) -> f64 {
    let mut words = telling_words(asked.lower, asked.language);
    words.retain(|word| asked.patient.as_ref() != Some(word));
    if words.is_empty() || best.is_empty() {
        // Nothing but a time or a frame was said; the ranking has done with it what can be done.
        return if best.is_empty() { 0.0 } else { 1.0 };
    }
    let weights: Vec<f64> = words.iter().map(|word| asked.weight(word, stats)).collect();
    let all: f64 = weights.iter().sum();
    let names: Vec<&String> = words.iter().filter(|word| asked.is_name(word)).collect();
    let of_note = |(note, near): &(&Indexed, f64)| {
        let told: f64 = words.iter().zip(&weights).map(|(word, weight)| weight * asked.met(note, word)).sum();
        let unmet: f64 = names.iter().map(|name| 1.0 - asked.met(note, name)).sum();
        let whole = told / all.max(1e-9) + near;
        match asked.level {
            // What is gone need not have been gone before: where other things were found tells where to look.
            Level::HiddenRationale if asked.is_loss && note.weights.contains_key(LOSS) => whole.max(OF_A_LOSS),
            Level::HiddenRationale if asked.is_astray && note.weights.contains_key(ASTRAY) => whole.max(OF_A_LOSS),
            // What is to come has its own time, and a habit's notes need not name whose it is.
            Level::HiddenRationale => whole,
            _ => whole * asked.time(note) / (1.0 + UNMET_NAME * unmet),
        }
    };
    let rests_on_several =
        asked.has_vector && matches!(asked.level, Level::HiddenRationale | Level::InterpretableRationale);
    let held = if rests_on_several {
        best.iter().map(of_note).sum::<f64>() / best.len() as f64
    } else {
        best.iter().take(MAY_HOLD_IT).map(of_note).fold(0.0, f64::max)
    };
    held * asked.left_by_unknown_names(stats)
}

impl Parts<'_> {
    /// How much a note has of a word, 0 to 1.
    fn met(&self, note: &Indexed, word: &str) -> f64 {
        let holds = |term: &str| note.weights.contains_key(term);
        if terms(word, self.language).iter().any(|(t, _)| is_plain(t) && holds(t)) {
            return 1.0;
        }
        let relation = reme_lexicon::relation_words().contains(&word);
        if relation && note.doc.people.iter().any(|p| self.named.contains(p)) {
            return RELATION;
        }
        if meanings(word, self.language).iter().any(|(t, _)| holds(t)) {
            return OTHER_WORD;
        }
        let kind = concepts_of(word, self.language).into_iter().any(|c| holds(&format!("~{c}")));
        if kind { SAME_KIND } else { 0.0 }
    }

    /// How rare a word is in all notes.
    fn weight(&self, word: &str, stats: &Stats<'_>) -> f64 {
        let own = terms(word, self.language);
        let holding = own.iter().filter(|(t, _)| is_plain(t)).map(|(t, _)| stats.holding(t)).fold(0.0, f64::max);
        idf(stats.count, holding)
    }

    /// Whether a word names somebody or some place: somebody known, their relation, or an English word with a capital within the
    /// question, days that have a name left out.
    fn is_name(&self, word: &str) -> bool {
        let is_part = |name: &String| match self.language {
            Language::En => name.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|part| part == word),
            Language::ZhCn => name.contains(word),
        };
        if self.named.iter().any(is_part) || (!self.named.is_empty() && reme_lexicon::relation_words().contains(&word))
        {
            return true;
        }
        let is_day =
            || NamedDay::all_in(self.lower).iter().any(|(_, day)| day.name.split(' ').any(|part| part == word));
        let mut later = self.text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).skip(1);
        self.language == Language::En
            && later.any(|w| w.starts_with(char::is_uppercase) && w.to_lowercase() == word)
            && !is_day()
    }

    /// What names in the question that no note holds leave: an English word with a capital within the question, a Chinese one that is tagged as
    /// a name. Somebody's own question names whom the log knows.
    fn left_by_unknown_names(&self, stats: &Stats<'_>) -> f64 {
        let is_known = |word: &str| {
            terms(word, self.language).iter().any(|(term, _)| !term.starts_with('~') && stats.holding(term) > 0.0)
        };
        let names: BTreeSet<String> = match self.language {
            Language::En => capitalised(self.text).into_iter().map(str::to_lowercase).collect(),
            Language::ZhCn => jieba()
                .tag(self.text, true)
                .into_iter()
                .filter(|token| token.tag.starts_with("nr") && token.word.chars().count() > 1)
                .map(|token| token.word.to_owned())
                .filter(|word| !reme_lexicon::relation_words().contains(&word.as_str()))
                .collect(),
        };
        let lower = self.text.to_lowercase();
        let is_day =
            |word: &str| NamedDay::all_in(&lower).iter().any(|(_, day)| day.name.split(' ').any(|part| part == word));
        let unknown = names.iter().filter(|name| !is_known(name) && !is_day(name)).count();
        let each = if self.language == Language::En { UNKNOWN_NAME } else { UNKNOWN_NAME_ZH };
        each.powi(unknown as i32)
    }

    /// Whether a note is of the time spoken of; between the two where it has no time.
    fn time(&self, note: &Indexed) -> f64 {
        match (self.span, note.doc.happened_at) {
            (Some(span), Some(happened)) if !span.meets(happened.first_day(), happened.last_day()) => OTHER_TIME,
            (Some(_), None) => f64::midpoint(1.0, OTHER_TIME),
            _ => 1.0,
        }
    }
}

/// Words of a question that say nothing of what it is about.
const IDLE_ZH: [&str; 6] = ["东西", "最近", "最后", "见到", "见着", "碰见"];

/// Years and days are read as times.
fn is_figure(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

fn telling_words(lower: &str, language: Language) -> Vec<String> {
    let mut words: Vec<String> = match language {
        Language::En => lower
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .map(|w| w.trim_end_matches("'s").trim_matches('\''))
            .filter(|w| w.len() > 1 && !EMPTY_EN.split_whitespace().any(|e| e == *w))
            .filter(|w| {
                !is_framework(&stem(w))
                    && !is_frame(w)
                    && !matches!(*w, "something" | "anything" | "thing" | "far")
                    && !is_figure(w)
            })
            .map(str::to_owned)
            .collect(),
        Language::ZhCn => jieba()
            .cut(lower, false)
            .into_iter()
            .map(|t| t.word)
            .filter(|w| {
                w.chars().all(char::is_alphanumeric)
                    && !is_empty_chinese(w)
                    && !is_frame(w)
                    && !IDLE_ZH.contains(w)
                    && !is_figure(w)
            })
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
