//! English from words to the symbols of the voice: misaki's lexicon and rules, letter by letter where a word is in no lexicon.

mod abbreviations;
mod figures;
mod letters;
mod numbers;

pub(crate) use figures::written_out;
use letters::Letters;
use misaki_rs::{G2P, Language};

/// The lexicon and its rules.
pub(crate) struct English {
    misaki: G2P,
}

impl English {
    pub(crate) fn new() -> Self {
        Self { misaki: G2P::with_fallback(Language::EnglishUS, Some(Box::new(Letters))) }
    }

    /// The symbols of English text without figures.
    pub(crate) fn phonemes(&self, text: &str) -> String {
        let plain: String = text.chars().filter_map(plain).collect();
        match self.misaki.g2p(&plain) {
            Ok((symbols, _)) => symbols,
            Err(_) => plain.split_whitespace().map(letters::sound).collect::<Vec<_>>().join(" "),
        }
    }
}

/// Marks as misaki knows them. Square brackets would be read as its own markup.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '，' | '、' => ',',
        '。' => '.',
        '！' => '!',
        '？' => '?',
        '：' => ':',
        '；' => ';',
        '（' => '(',
        '）' => ')',
        '’' | '‘' => '\'',
        '\n' | '\t' => ' ',
        '[' | ']' | '*' | '_' | '#' | '`' | '<' | '>' | '|' => return None,
        _ => c,
    })
}
