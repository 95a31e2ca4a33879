//! Words made comparable: width, case, script, accents, stems, and how they sound.

use std::sync::OnceLock;

use jieba_rs::Jieba;
use pinyin::ToPinyin;
use reme_types::Language;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

/// The dictionary takes a second to read, so it is read once.
pub(crate) fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Compatibility forms folded (NFKC), lower case, simplified characters, plain quotes; punctuation stays.
pub fn normalise(text: &str, language: Language) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let folded = folded.replace(['\u{2018}', '\u{2019}', '\u{02bc}'], "'").replace(['\u{201c}', '\u{201d}'], "\"");
    match language {
        Language::En => folded,
        Language::ZhCn => character_converter::traditional_to_simplified(&folded).into_owned(),
    }
}

/// Without accents: `tåke` and `take` are one spelling.
pub(crate) fn without_accents(word: &str) -> String {
    word.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect()
}

/// English words of a normalised text, without possessive endings and accents.
pub(crate) fn english_words(normalised: &str) -> Vec<String> {
    normalised
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|w| w.trim_matches('\'').trim_end_matches("'s"))
        .filter(|w| !w.is_empty())
        .map(without_accents)
        .collect()
}

/// The stem of an English word (Porter 2).
pub(crate) fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

/// Only what carries sound: Han characters, letters and digits.
pub(crate) fn bare(normalised: &str) -> String {
    normalised.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Chinese words of a normalised text, particles and punctuation left out by the caller.
pub(crate) fn chinese_words(normalised: &str) -> Vec<String> {
    jieba()
        .cut(normalised, false)
        .into_iter()
        .map(|token| token.word.to_owned())
        .filter(|w| w.chars().any(char::is_alphanumeric))
        .collect()
}

/// The syllables of Han characters without tone, near initials and finals made one (zh/z, ch/c, sh/s, n/l, ing/in …),
/// because recognisers and southern speakers mix them.
pub(crate) fn syllables(text: &str) -> Vec<String> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c.to_pinyin() {
            Some(sound) => near_sound(sound.plain()),
            None => c.to_string(),
        })
        .collect()
}

fn near_sound(plain: &str) -> String {
    let sound = plain.replace("zh", "z").replace("ch", "c").replace("sh", "s");
    let sound = sound.strip_suffix("ng").map_or(sound.clone(), |head| format!("{head}n"));
    match sound.strip_prefix('l') {
        Some(rest) => format!("n{rest}"),
        None => sound,
    }
}

/// Whether the syllables of `needle` stand somewhere in `hay`.
pub(crate) fn sounds_within(needle: &str, hay: &str) -> bool {
    let (needle, hay) = (syllables(needle), syllables(hay));
    !needle.is_empty() && hay.windows(needle.len()).any(|window| window == needle)
}

/// A rough consonant key of an English word: two spellings by ear have the same key.
pub(crate) fn sound_key(word: &str) -> String {
    let word = without_accents(word).replace("ph", "f").replace("ght", "t").replace("gh", "").replace("ck", "k");
    let word = word.replace("sz", "s").replace("wr", "r").replace("kn", "n").replace("mb", "m").replace("sch", "sk");
    let chars: Vec<char> = word.chars().collect();
    let mut key = String::new();
    for (i, c) in chars.iter().enumerate() {
        let next = chars.get(i + 1).copied().unwrap_or(' ');
        let sound = match c {
            'c' if "eiy".contains(next) => 's',
            'c' | 'q' => 'k',
            'z' | 'x' => 's',
            'v' => 'f',
            'g' if "eiy".contains(next) => 'j',
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' if i == 0 => 'a',
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => continue,
            'h' | 'w' if i > 0 => continue,
            other => *other,
        };
        if !key.ends_with(sound) {
            key.push(sound);
        }
    }
    key
}

/// Share of letters two words have in common by edit distance, 0–1.
pub(crate) fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(a, b)
}

/// A slip of the keys: one edit from five letters on, two from nine on; shorter words must be equal.
pub(crate) fn is_slip(expected: &str, given: &str) -> bool {
    let length = expected.chars().count();
    let allowed = match length {
        0..5 => 0,
        5..9 => 1,
        _ => 2,
    };
    allowed > 0 && strsim::osa_distance(expected, given) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_widths_become_one() {
        assert_eq!(normalise("圖書館ＡＢＣ", Language::ZhCn), "图书馆abc");
        assert_eq!(normalise("It’s", Language::En), "it's");
    }

    #[test]
    fn spellings_by_ear_share_a_key() {
        for (a, b) in [("catherine", "kathryn"), ("philip", "filip"), ("knight", "nite")] {
            assert_eq!(sound_key(a), sound_key(b), "{a} {b}");
        }
        assert_ne!(sound_key("eighteen"), sound_key("eighty"));
    }

    #[test]
    fn misheard_characters_sound_within() {
        assert!(sounds_within("城隍庙", "去了成皇庙吧"));
        assert!(!sounds_within("城隍庙", "去了孔庙"));
    }
}
