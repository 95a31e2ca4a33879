//! A second look by the type of what was asked: "roast beef!" is no pub, "The King's Arms" is one.
//!
//! Where in the flow: after an answer was found to hold nothing of the expected one; only here the capitals are at
//! hand. What it must never do: make an answer right or partly right.

use reme_lexicon::{is_first_name, same_relation, wordnet};
use reme_types::{AnswerKind, Language, MatchedBy, Verdict};

use super::{Sought, sought};
use crate::{
    exactness::is_generic,
    judge::{Judgement, Question, asks_why},
    lexicon::is_empty_word,
    speech::{self, sentences},
    text::{english_words, normalise, stem},
};

/// Longest answer that may be nothing but a name. [design]
const LONGEST_NAME: usize = 6;
/// Own words up to which a fragment is a candidate whatever it is. [design]
const SHORT: usize = 2;
/// Words at the beginning among which a "not" denies a candidate. [design]
const DENIAL: usize = 4;
/// Words that open something other than a name.
const NO_NAME: &str = "ask tell give leave let pass see look thank bless good dear oh well why what how please say could can would will do don't if \
when you i";
const PREPOSITIONS: &str = "in at on under behind by near to into over beside next outside inside upstairs downstairs home abroad here there \
round between above below up down through along";
const ONESELF: &str = "me myself nobody noone alone everybody everyone all none mine";

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

/// The verdict with the type of the question held against what was said as it was written.
pub(crate) fn reconsidered(question: &Question<'_>, answer: &str, judged: Judgement) -> Judgement {
    let nothing_found =
        matches!(judged.verdict, Verdict::NoAnswer | Verdict::Incorrect) && judged.matched_by == MatchedBy::Nothing;
    let said = normalise(answer, question.language);
    if question.language == Language::ZhCn {
        let talks =
            nothing_found && judged.verdict == Verdict::Incorrect && super::chinese::names_nobody(question, &said);
        return if talks { Judgement::nothing_offered() } else { judged };
    }
    if !nothing_found || matches!(question.expected.kind, AnswerKind::IdeaUnits) || asks_why(question) {
        return judged;
    }
    match judged.verdict {
        Verdict::NoAnswer if is_a_name(question, answer, &said) => Judgement::something_else(),
        Verdict::Incorrect if lacks_the_type(question, answer, &said) => Judgement::nothing_offered(),
        _ => judged,
    }
}

/// Capitalised words that do not stand first, and first ones that are no common words; without those of the question.
fn proper_words(question: &Question<'_>, answer: &str) -> Vec<String> {
    let asked: Vec<String> = english_words(&normalise(question.text, Language::En)).iter().map(|w| stem(w)).collect();
    let mut out = Vec::new();
    for sentence in sentences(answer) {
        for (at, word) in sentence.split_whitespace().enumerate() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let lower = word.to_lowercase().replace('\u{2019}', "'");
            let lower = lower.trim_end_matches("'s");
            let capital = word.starts_with(char::is_uppercase) && lower.len() > 1 && !lower.contains('\'');
            let common =
                at == 0 && (wordnet::is_word(lower) || is_empty_word(lower, Language::En) || is_verb_form(lower));
            if capital && !common && !asked.contains(&stem(lower)) {
                out.push(lower.to_owned());
            }
        }
    }
    out
}

fn is_verb_form(word: &str) -> bool {
    reme_lexicon::lemma(word) != word || word.ends_with("ing") || word.ends_with("ed") || word.ends_with("ly")
}

/// A few words with a name among them: "The King's Arms."
fn is_a_name(question: &Question<'_>, answer: &str, said: &str) -> bool {
    let words = english_words(said);
    let named = normalise(question.text, Language::En);
    let names = matches!(sought(question), Sought::Place | Sought::Person)
        || sought(question) == Sought::Thing && (names_a_thing(question) || named.contains(" called"));
    names
        && words.len() <= LONGEST_NAME
        && !crate::talk::is_talk(said, question.language)
        && !answer.contains('?')
        && speech::phrase_intent(said).is_none()
        && words.first().is_some_and(|w| !is_in(NO_NAME, w))
        && !words.iter().any(|w| is_in("you not never", w) || w.ends_with("n't"))
        && !proper_words(question, answer).is_empty()
}

/// Nothing in it could be what was asked, by its type.
fn lacks_the_type(question: &Question<'_>, answer: &str, said: &str) -> bool {
    let words = english_words(said);
    // "Not the pier": a denial is a candidate; "and not a word of complaint" is talk.
    if words.iter().take(DENIAL).any(|w| is_in("not never no none nobody", w) || w.ends_with("n't")) {
        return false;
    }
    let asked: Vec<String> = english_words(&normalise(question.text, Language::En)).iter().map(|w| stem(w)).collect();
    if crate::needle::offers_a_choice(&normalise(question.text, Language::En)) {
        return false;
    }
    let own: Vec<&String> = words
        .iter()
        .filter(|w| !is_empty_word(w, Language::En) && !is_generic(w) && !asked.contains(&stem(w)))
        .collect();
    let named = !proper_words(question, answer).is_empty();
    match sought(question) {
        // "The one from number three".
        Sought::Person if ["the one ", "him ", "her ", "them ", "that one "].iter().any(|w| said.starts_with(w)) => {
            false
        }
        Sought::Person => {
            let somebody = |w: &String| {
                wordnet::is_person(w) || is_first_name(w) || !same_relation(w).is_empty() || is_in(ONESELF, w)
            };
            !named && !words.iter().any(somebody) && own.iter().all(|w| wordnet::is_word(w) || is_verb_form(w))
        }
        Sought::Place => {
            let placed = |w: &String| is_in(PREPOSITIONS, w) || wordnet::is_of_fields(w, "cikh");
            // "Hull.": alone it is the name of a place.
            !named && words.len() > 1 && !words.iter().any(placed)
        }
        Sought::Figure => {
            let counted = matches!(question.expected.kind, AnswerKind::Steps | AnswerKind::Sequence)
                && question.expected.parts.iter().any(|p| p.contains(|c: char| c.is_ascii_digit()));
            counted && crate::numbers::values(said).is_empty() && words.len() > SHORT
        }
        Sought::Thing => !named && lacks_the_thing(question, answer, &words, &own),
        _ => false,
    }
}

/// No noun of the field of what is expected or of the category asked for, in more than a short fragment.
fn lacks_the_thing(question: &Question<'_>, answer: &str, words: &[String], own: &[&String]) -> bool {
    if !names_a_thing(question) {
        return false;
    }
    if own.is_empty() {
        return true;
    }
    let asked = english_words(&normalise(question.text, Language::En));
    // "Which pub": what a pub is; else what the expected thing is.
    let mut fields: String = asked
        .first()
        .filter(|w| *w == "which")
        .and_then(|_| asked[1..].iter().take(3).find(|w| wordnet::is_word(w) && crate::numbers::values(w).is_empty()))
        .map(|w| wordnet::fields_of(w))
        .unwrap_or_default();
    let is_name = question.expected.parts.iter().any(|p| p.contains(char::is_uppercase));
    for part in question.expected.parts.iter().chain(&question.expected.aliases).filter(|_| !is_name) {
        for word in crate::needle::telling_words(&normalise(part, Language::En), Language::En) {
            fields.push_str(&wordnet::fields_of(&word));
        }
    }
    let exclaims = answer.trim_end().ends_with('!');
    if fields.is_empty() || (own.len() <= SHORT && words.len() <= 4 && !exclaims) {
        return false;
    }
    own.iter().all(|w| (wordnet::is_word(w) || is_verb_form(w)) && !wordnet::is_of_fields(w, &fields))
}

/// "What did you plant", "which pub": a thing is asked for, not something done or said.
fn names_a_thing(question: &Question<'_>) -> bool {
    const DEEDS: &str = "happened say tell do doing teach called";
    let asked = english_words(&normalise(question.text, Language::En));
    asked.first().is_some_and(|w| w == "what" || w == "which") && !asked.iter().any(|w| is_in(DEEDS, w))
}
