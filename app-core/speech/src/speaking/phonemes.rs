//! From words to the symbols the voice model was trained on, and from symbols to its token ids.
//!
//! The symbols are IPA with a few letters of their own: capital letters for English diphthongs (A as in *day*, I as in *my*) and the
//! arrows → ↗ ↓ ↘ for the four Mandarin tones. Ids are those of Kokoro v1.0's `config.json`.

use reme_types::Language;

use super::{english::English, mandarin::Mandarin};

/// Most tokens of one run of the model: its 512 places less the two at the ends.
pub(crate) const MAX_TOKENS: usize = 510;

/// Symbol and token id, in the order of ids.
const TOKENS: [(char, i32); 114] = [
    (';', 1),
    (':', 2),
    (',', 3),
    ('.', 4),
    ('!', 5),
    ('?', 6),
    ('—', 9),
    ('…', 10),
    ('"', 11),
    ('(', 12),
    (')', 13),
    ('“', 14),
    ('”', 15),
    (' ', 16),
    ('\u{303}', 17),
    ('ʣ', 18),
    ('ʥ', 19),
    ('ʦ', 20),
    ('ʨ', 21),
    ('ᵝ', 22),
    ('\u{ab67}', 23),
    ('A', 24),
    ('I', 25),
    ('O', 31),
    ('Q', 33),
    ('S', 35),
    ('T', 36),
    ('W', 39),
    ('Y', 41),
    ('ᵊ', 42),
    ('a', 43),
    ('b', 44),
    ('c', 45),
    ('d', 46),
    ('e', 47),
    ('f', 48),
    ('h', 50),
    ('i', 51),
    ('j', 52),
    ('k', 53),
    ('l', 54),
    ('m', 55),
    ('n', 56),
    ('o', 57),
    ('p', 58),
    ('q', 59),
    ('r', 60),
    ('s', 61),
    ('t', 62),
    ('u', 63),
    ('v', 64),
    ('w', 65),
    ('x', 66),
    ('y', 67),
    ('z', 68),
    ('ɑ', 69),
    ('ɐ', 70),
    ('ɒ', 71),
    ('æ', 72),
    ('β', 75),
    ('ɔ', 76),
    ('ɕ', 77),
    ('ç', 78),
    ('ɖ', 80),
    ('ð', 81),
    ('ʤ', 82),
    ('ə', 83),
    ('ɚ', 85),
    ('ɛ', 86),
    ('ɜ', 87),
    ('ɟ', 90),
    ('ɡ', 92),
    ('ɥ', 99),
    ('ɨ', 101),
    ('ɪ', 102),
    ('ʝ', 103),
    ('ɯ', 110),
    ('ɰ', 111),
    ('ŋ', 112),
    ('ɳ', 113),
    ('ɲ', 114),
    ('ɴ', 115),
    ('ø', 116),
    ('ɸ', 118),
    ('θ', 119),
    ('œ', 120),
    ('ɹ', 123),
    ('ɾ', 125),
    ('ɻ', 126),
    ('ʁ', 128),
    ('ɽ', 129),
    ('ʂ', 130),
    ('ʃ', 131),
    ('ʈ', 132),
    ('ʧ', 133),
    ('ʊ', 135),
    ('ʋ', 136),
    ('ʌ', 138),
    ('ɣ', 139),
    ('ɤ', 140),
    ('χ', 142),
    ('ʎ', 143),
    ('ʒ', 147),
    ('ʔ', 148),
    ('ˈ', 156),
    ('ˌ', 157),
    ('ː', 158),
    ('ʰ', 162),
    ('ʲ', 164),
    ('↓', 169),
    ('→', 171),
    ('↗', 172),
    ('↘', 173),
    ('ᵻ', 177),
];

/// The ids of a sentence's symbols; symbols the model does not know are left out.
pub(crate) fn token_ids(phonemes: &str) -> Vec<i32> {
    phonemes.chars().filter_map(|c| TOKENS.iter().find(|(symbol, _)| *symbol == c).map(|(_, id)| *id)).collect()
}

/// Both languages' pronunciation. Loading takes a second and some memory: make one and share it.
pub struct Phonemiser {
    english: English,
    mandarin: Mandarin,
}

impl Default for Phonemiser {
    fn default() -> Self {
        Self::new()
    }
}

impl Phonemiser {
    /// Loads the word lists of both languages.
    pub fn new() -> Self {
        Self { english: English::new(), mandarin: Mandarin::new() }
    }

    /// The symbols of text that is already [`written_out`]; words of either language may stand in it.
    pub fn phonemes(&self, text: &str) -> String {
        let mut symbols = String::new();
        for (is_han, run) in runs(text) {
            let spoken = if is_han { self.mandarin.phonemes(&run) } else { self.english.phonemes(&run) };
            if !symbols.is_empty() && !symbols.ends_with(' ') {
                symbols.push(' ');
            }
            symbols.push_str(spoken.trim_start());
        }
        symbols.trim().to_owned()
    }
}

/// The line as one would read it aloud: figures, dates, sums and units in words.
pub(crate) fn written_out(text: &str, language: Language) -> String {
    match language {
        Language::En => super::english::written_out(text),
        Language::ZhCn => super::mandarin::written_out(text),
    }
}

/// True for a Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// Stretches of one language; whatever is no letter goes with the stretch before it.
fn runs(text: &str) -> Vec<(bool, String)> {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for c in text.chars() {
        let kind = if is_han(c) { Some(true) } else { c.is_alphabetic().then_some(false) };
        match (runs.last_mut(), kind) {
            (Some((is_han, run)), kind) if kind.is_none_or(|kind| kind == *is_han) => run.push(c),
            // A run that has no letter yet takes the language of its first one.
            (Some((is_han, run)), Some(kind)) if !run.chars().any(char::is_alphabetic) => {
                *is_han = kind;
                run.push(c);
            }
            _ => runs.push((kind.unwrap_or(false), c.to_string())),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_has_its_own_id() {
        assert!(TOKENS.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert_eq!(token_ids("a→ 汉b"), [43, 171, 16, 44]);
    }

    #[test]
    fn a_line_falls_into_stretches_of_one_language() {
        let runs = runs("“我喜欢Coca Cola，真的。” OK!");
        let told: Vec<(bool, &str)> = runs.iter().map(|(han, run)| (*han, run.as_str())).collect();
        assert_eq!(told, [(true, "“我喜欢"), (false, "Coca Cola，"), (true, "真的。” "), (false, "OK!")]);
    }
}
