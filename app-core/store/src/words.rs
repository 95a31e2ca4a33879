//! Text cut into words for the full-text index: jieba for Chinese, stems for English.

use std::sync::OnceLock;

use jieba_rs::Jieba;
use rust_stemmers::{Algorithm, Stemmer};

fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// The words of a text, space-separated: what the index holds.
pub(crate) fn cut(text: &str) -> String {
    words(text).join(" ")
}

fn words(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::English);
    let lower = text.to_lowercase();
    jieba()
        .cut_for_search(&lower, false)
        .into_iter()
        .filter(|token| token.word.chars().any(char::is_alphanumeric))
        .map(|token| if token.word.is_ascii() { stemmer.stem(token.word).into_owned() } else { token.word.to_owned() })
        .collect()
}

/// Han characters one by one, so that any two neighbours are found as a phrase.
pub(crate) fn han_characters(text: &str) -> String {
    let spaced: Vec<String> = text.chars().map(|c| if is_han(c) { c.to_string() } else { "·".to_owned() }).collect();
    spaced.join(" ")
}

/// An FTS5 query: any of the words, or the Han characters in sequence. `None` when nothing can be searched for.
pub(crate) fn match_query(text: &str) -> Option<String> {
    let quoted = |word: &str| format!("\"{}\"", word.replace('"', ""));
    let mut parts: Vec<String> = words(text).iter().map(|w| quoted(w)).collect();
    let mut run = Vec::new();
    for c in text.chars().chain([' ']) {
        if is_han(c) {
            run.push(c.to_string());
        } else {
            if run.len() >= 2 {
                parts.push(format!("chars : {}", quoted(&run.join(" "))));
            }
            run.clear();
        }
    }
    (!parts.is_empty()).then(|| parts.join(" OR "))
}
