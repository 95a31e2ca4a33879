//! Mandarin from characters to the symbols of the voice.
//!
//! ```text
//! 2026年 ─ written_out ─▶ 二零二六年 ─ jieba ─▶ words ─ readings ─▶ pinyin ─ sandhi ─▶ tones as spoken ─ syllable ─▶ symbols
//! ```

mod figures;
mod numbers;
mod readings;
mod sandhi;
mod syllable;

use jieba_rs::Jieba;

pub(crate) use figures::written_out;
use readings::Readings;
pub(crate) use syllable::Syllable;

use super::phonemes::is_han;

/// The word list and the table of readings.
pub(crate) struct Mandarin {
    jieba: Jieba,
    readings: Readings,
}

/// A word as it is spoken.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: Vec<char>,
    /// One a character, as long as `text`.
    pub(crate) syllables: Vec<Syllable>,
}

impl Mandarin {
    pub(crate) fn new() -> Self {
        Self { jieba: Jieba::new(), readings: Readings::built_in() }
    }

    /// The symbols of Chinese text without figures; what is neither a character nor a mark of a pause is left out.
    pub(crate) fn phonemes(&self, text: &str) -> String {
        let mut symbols = String::new();
        let mut han = String::new();
        for c in text.chars() {
            if is_han(c) {
                han.push(c);
            } else {
                self.say(&mut symbols, &mut han);
                symbols.push_str(mark(c));
            }
        }
        self.say(&mut symbols, &mut han);
        symbols
    }

    /// Adds the symbols of a stretch of characters, and empties it.
    fn say(&self, symbols: &mut String, han: &mut String) {
        for word in self.words(han) {
            if symbols.chars().last().is_some_and(|c| c.is_alphabetic() || "→↗↓↘".contains(c)) {
                symbols.push(' ');
            }
            word.syllables.iter().for_each(|syllable| syllable.write(symbols));
        }
        han.clear();
    }

    /// The words of a stretch of characters with their tones as spoken.
    pub(crate) fn words(&self, han: &str) -> Vec<Word> {
        let characters: Vec<char> = han.chars().collect();
        let lengths: Vec<usize> = self.jieba.cut(han, true).iter().map(|token| token.word.chars().count()).collect();
        let mut words = self.readings.of(&characters, &lengths);
        self.readings.weaken(&mut words);
        sandhi::apply(&mut words);
        words
    }
}

/// The model's mark for a pause, or nothing.
fn mark(c: char) -> &'static str {
    match c {
        '，' | ',' | '、' => ", ",
        '。' | '．' | '.' => ". ",
        '！' | '!' => "! ",
        '？' | '?' => "? ",
        '：' | ':' => ": ",
        '；' | ';' => "; ",
        '…' => "…",
        '—' | '～' => "—",
        '“' | '「' | '『' | '《' | '〈' => " “",
        '”' | '」' | '』' | '》' | '〉' => "” ",
        '（' | '(' => " (",
        '）' | ')' => ") ",
        ' ' | '·' => " ",
        _ => "",
    }
}
