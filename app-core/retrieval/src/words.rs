//! Words of notes and questions as terms: stems in English, words and neighbouring pairs in Chinese, and the concepts they stand for.

use std::sync::OnceLock;

use jieba_rs::Jieba;
use reme_types::Language;
use rust_stemmers::{Algorithm, Stemmer};

use crate::lexicon::{EMPTY_EN, EMPTY_ZH, concepts_of};

pub(crate) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// One term and how much it weighs in its text.
pub(crate) type Term = (String, f64);

/// Weight of a pair of neighbouring Han characters beside a whole word. [design]
const PAIR_WEIGHT: f64 = 0.35;
/// Weight of a concept ("lost and found") beside the word that names it. [design]
const CONCEPT_WEIGHT: f64 = 0.5;

/// Terms of a text in any mix of the two languages.
pub(crate) fn terms(text: &str, language: Language) -> Vec<Term> {
    let lower = text.to_lowercase();
    let mut out = Vec::new();
    for run in runs(&lower) {
        if run.chars().all(is_han) {
            chinese(run, &mut out);
        } else {
            english(run, &mut out);
        }
    }
    for concept in concepts_of(&lower, language) {
        out.push((format!("~{concept}"), CONCEPT_WEIGHT));
    }
    out
}

/// Whether a term is a word, not a concept, a pair of characters or a day of the week.
pub(crate) fn is_plain(term: &str) -> bool {
    !term.starts_with(['~', '=', '@'])
}

/// Runs of Han characters, and runs of letters and figures.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut kind = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let now = if is_han(c) { 2 } else { u8::from(c.is_alphanumeric() || c == '\'' || c == '\u{2019}') };
        if now != kind {
            if kind != 0 {
                out.push(&text[start..at]);
            }
            start = at;
            kind = now;
        }
    }
    out.into_iter()
}

fn english(run: &str, out: &mut Vec<Term>) {
    let word = run.trim_matches(['\'', '\u{2019}']).trim_end_matches("'s").trim_end_matches("\u{2019}s");
    if word.is_empty() || EMPTY_EN.split_whitespace().any(|w| w == word) {
        return;
    }
    out.push((stem(word), 1.0));
}

/// The stem of an English word; irregular forms go to their plain verb first.
pub(crate) fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(reme_lexicon::lemma(word)).into_owned()
}

/// English words with a capital within a sentence: names, the days and months left out.
pub(crate) fn capitalised(question: &str) -> Vec<&str> {
    let plain = |word: &str| reme_types::month_number(&word.to_lowercase()).is_none() && !word.ends_with("day");
    question
        .split(['.', '!', '?', ':'])
        .flat_map(|sentence| sentence.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).skip(1))
        .filter(|w| w.len() > 2 && w.is_ascii() && w.starts_with(|c: char| c.is_ascii_uppercase()) && plain(w))
        .collect()
}

/// Other words for what a lower-case question says, as terms.
pub(crate) fn meanings(lower: &str, language: Language) -> Vec<Term> {
    let mut out = Vec::new();
    let mut add = |word: &str| {
        for other in reme_lexicon::same_meaning(word) {
            out.extend(terms(other, language).into_iter().filter(|(t, _)| !t.starts_with(['~', '='])));
        }
    };
    match language {
        Language::En => {
            for word in
                lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !EMPTY_EN.split_whitespace().any(|e| e == *w))
            {
                add(word);
                let single = reme_lexicon::singular(word);
                if single != word {
                    add(&single);
                }
            }
        }
        Language::ZhCn => {
            for token in
                jieba().cut(lower, false).into_iter().filter(|t| !EMPTY_ZH.split_whitespace().any(|e| e == t.word))
            {
                add(token.word);
            }
        }
    }
    out
}

fn chinese(run: &str, out: &mut Vec<Term>) {
    let is_empty = |w: &str| EMPTY_ZH.split_whitespace().any(|e| e == w);
    for token in jieba().cut_for_search(run, false) {
        if !is_empty(token.word) {
            out.push((token.word.to_owned(), 1.0));
        }
    }
    let chars: Vec<char> = run.chars().collect();
    for pair in chars.windows(2) {
        let pair: String = pair.iter().collect();
        if !is_empty(&pair) {
            out.push((format!("={pair}"), PAIR_WEIGHT));
        }
    }
}
