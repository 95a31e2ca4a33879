//! Talk beside the question, told by what it is like: "the men who carried it were ever so polite" names no reason.
//!
//! Where in the flow: asked where a sense of meaning is at hand and what was said holds nothing of the expected answer. A line of weights
//! holds it against sentences of talk and sentences that answer; `examples/fit_talk.rs` of the companion fitted the weights. What it
//! must never do: make anything right or partly right.

use std::sync::LazyLock;

use reme_types::Language;

use crate::{
    judge::Question,
    meaning::Meaning,
    speech::{self, clauses},
    text::{bare, english_words, normalise},
};

/// From which likelihood on it is talk. [measured: see docs/decisions/0016]
const LEAST: f64 = 0.85;

/// Shorter ones are candidates: words, and characters in Chinese. [design]
const LEAST_WORDS: usize = 5;
const LEAST_SIGNS: usize = 6;

/// Weights and what each belongs to: a sentence, or one of [`SIGNS`].
static WEIGHTS: LazyLock<Vec<(f64, &'static str)>> = LazyLock::new(|| {
    include_str!("../data/talk.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(weight, text)| Some((weight.parse().ok()?, text)))
        .collect()
});

/// Signs besides the sentences, in the order in which [`signs`] gives them.
const SIGNS: [&str; 8] = [
    "(always)",
    "(like the question)",
    "(like the expected)",
    "(a clause like the expected)",
    "(like the memory)",
    "(length)",
    "(clauses)",
    "(asks)",
];

/// What an answer is told by: [`SIGNS`], then its likeness to each of the sentences. For fitting the weights and for reading.
#[doc(hidden)]
pub fn signs(question: &Question<'_>, answer: &str, meaning: &dyn Meaning) -> Vec<f64> {
    let language = question.language;
    let nearest = |said: &str, others: &[&str]| -> f64 {
        meaning.likeness(said, others).into_iter().map(f64::from).fold(0.0, f64::max)
    };
    let expected: Vec<&str> =
        question.expected.parts.iter().chain(&question.expected.aliases).map(String::as_str).collect();
    let parts: Vec<&str> = clauses(answer).into_iter().filter(|c| c.chars().any(char::is_alphanumeric)).collect();
    let memory: Vec<&str> = question
        .context
        .map(|c| clauses(c).into_iter().filter(|c| c.chars().any(char::is_alphanumeric)).collect())
        .unwrap_or_default();
    let said = normalise(answer, language);
    let length = match language {
        Language::En => english_words(&said).len() as f64,
        Language::ZhCn => bare(&said).chars().count() as f64 / 2.0,
    };
    let mut out = vec![
        1.0,
        nearest(answer, &[question.text]),
        nearest(answer, &expected),
        parts.iter().map(|part| nearest(part, &expected)).fold(0.0, f64::max),
        if memory.is_empty() { 0.0 } else { nearest(answer, &memory) },
        length.ln_1p(),
        parts.len() as f64,
        f64::from(u8::from(answer.contains(['?', '？']))),
    ];
    let sentences = sentences();
    out.extend(meaning.likeness(answer, &sentences).into_iter().map(f64::from));
    out
}

/// The sentences an answer is held against.
#[doc(hidden)]
pub fn sentences() -> Vec<&'static str> {
    WEIGHTS.iter().map(|(_, text)| *text).filter(|text| !text.starts_with('(')).collect()
}

/// The names of the signs that are no sentences.
#[doc(hidden)]
pub fn sign_names() -> &'static [&'static str] {
    &SIGNS
}

/// Whether what was said is talk rather than another answer.
pub(crate) fn is_beside(question: &Question<'_>, answer: &str, meaning: &dyn Meaning) -> bool {
    let said = normalise(answer, question.language);
    let brief = match question.language {
        Language::En => english_words(&said).len() < LEAST_WORDS,
        Language::ZhCn => bare(&said).chars().count() < LEAST_SIGNS,
    };
    // Words meant for the judge are no talk.
    if brief || speech::without_words_to_the_judge(&said).1 {
        return false;
    }
    let weight = |name: &str| WEIGHTS.iter().find(|(_, text)| *text == name).map_or(0.0, |(weight, _)| *weight);
    let weights =
        SIGNS.iter().map(|name| weight(name)).chain(WEIGHTS.iter().filter(|(_, t)| !t.starts_with('(')).map(|w| w.0));
    let sum: f64 = signs(question, answer, meaning).into_iter().zip(weights).map(|(sign, weight)| sign * weight).sum();
    1.0 / (1.0 + (-sum).exp()) > LEAST
}
