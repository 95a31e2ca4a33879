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
        // 俺 and 恁 are 我 and 您 of the north.
        Language::ZhCn => simplified(&folded).replace('俺', "我").replace('恁', "您"),
    }
}

/// Characters in everyday use on the mainland that the converter takes for traditional ones and spoils (什么 → 什幺).
const ALREADY_SIMPLE: [char; 6] = ['么', '着', '宁', '覆', '榜', '瞭'];

/// Traditional characters made simplified; what is simplified stays as it is.
fn simplified(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(ALREADY_SIMPLE) {
        let kept = part.chars().next_back().filter(|c| ALREADY_SIMPLE.contains(c));
        let end = part.len() - kept.map_or(0, char::len_utf8);
        out.push_str(&character_converter::traditional_to_simplified(&part[..end]));
        out.extend(kept);
    }
    out
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

/// Titles that follow a surname.
pub(crate) const TITLES: &str = "师傅 大夫 医生 老师 阿姨 大姐 大哥 大妈 大爷 大娘 大叔 叔叔 叔 姐 哥 奶奶 爷爷 先生 女士 太太 校长 主任 书记 婶 嫂 伯 队长 \
站长 经理 同志 姨 师母 护士 教授 院长 老板 嫂子 师兄 师姐 婆婆 妹妹 小姐";

/// A single character that goes on with a name: 晓 + 燕, 小 + 丁.
fn is_one_name_sign(word: &str, tag: &str) -> bool {
    let mut signs = word.chars();
    matches!((signs.next(), signs.next()), (Some(c), None) if tag.starts_with("nr") || reme_lexicon::is_surname(c))
}

/// Chinese words of a normalised text, names kept in one piece; particles are left out by the caller.
pub(crate) fn chinese_words(normalised: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut opens_name = false;
    for token in jieba().tag(normalised, false) {
        if !token.word.chars().any(char::is_alphanumeric) {
            opens_name = false;
            continue;
        }
        let continues = opens_name
            && (TITLES.split_whitespace().any(|t| t == token.word) || is_one_name_sign(token.word, token.tag));
        match out.last_mut().filter(|_| continues) {
            Some(name) => name.push_str(token.word),
            None => out.push(token.word.to_owned()),
        }
        let mut signs = token.word.chars();
        opens_name = match (signs.next(), signs.next()) {
            (Some(c), None) => {
                !continues && ("小老阿".contains(c) || reme_lexicon::is_surname(c) || token.tag.starts_with("nr"))
            }
            _ => false,
        };
    }
    out
}

/// The syllables of Han characters without tone; other characters as they are.
pub(crate) fn exact_syllables(text: &str) -> Vec<String> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_pinyin().map_or_else(|| c.to_string(), |sound| sound.plain().to_owned()))
        .collect()
}

/// The same with near initials and finals made one (zh/z, ch/c, sh/s, n/l, ing/in …), because recognisers and southern
/// speakers mix them.
pub(crate) fn syllables(text: &str) -> Vec<String> {
    exact_syllables(text).iter().map(|sound| near_sound(sound)).collect()
}

fn near_sound(plain: &str) -> String {
    if !plain.is_ascii() {
        return plain.to_owned();
    }
    let sound = plain.replace("zh", "z").replace("ch", "c").replace("sh", "s");
    let sound = sound.strip_suffix("ng").map_or(sound.clone(), |head| format!("{head}n"));
    match sound.strip_prefix('l') {
        Some(rest) => format!("n{rest}"),
        None => sound,
    }
}

/// Whether two syllables differ in the first sound alone (xi, qi): one such slip is allowed in three.
fn share_final(a: &str, b: &str) -> bool {
    let tail = |s: &str| s.trim_start_matches(|c: char| !"aeiouv".contains(c)).to_owned();
    !a.is_empty() && !b.is_empty() && tail(a) == tail(b)
}

/// Whether the syllables of `needle` stand somewhere in `hay`.
pub(crate) fn sounds_within(needle: &str, hay: &str) -> bool {
    heard_within(needle, hay).is_some()
}

/// The characters of `hay` that sound like `needle`, if any do: all syllables near, or from three on one of them with
/// another first sound.
pub(crate) fn heard_within(needle: &str, hay: &str) -> Option<String> {
    let (wanted, all) = (syllables(needle), syllables(hay));
    let chars: Vec<char> = hay.chars().filter(|c| c.is_alphanumeric()).collect();
    if wanted.is_empty() {
        return None;
    }
    let own: Vec<char> = needle.chars().filter(|c| c.is_alphanumeric()).collect();
    let fits = |at: usize| {
        let pairs = || wanted.iter().zip(&all[at..at + wanted.len()]);
        let off: Vec<usize> = pairs().enumerate().filter(|(_, (a, b))| a != b).map(|(i, _)| i).collect();
        let kept = (0..wanted.len()).filter(|i| own[*i] == chars[at + i]).count();
        match off[..] {
            [] => true,
            [i] => wanted.len() >= 3 && kept + 1 == wanted.len() && share_final(&wanted[i], &all[at + i]),
            _ => false,
        }
    };
    (0..(all.len() + 1).saturating_sub(wanted.len()))
        .find(|at| fits(*at))
        .map(|at| chars[at..at + wanted.len()].iter().collect())
}

/// A rough consonant key of an English word: two spellings by ear have the same key.
pub(crate) fn sound_key(word: &str) -> String {
    let word = without_accents(word).replace("ph", "f").replace("ght", "t").replace("gh", "").replace("ck", "k");
    let word = word
        .replace("sz", "s")
        .replace("wr", "r")
        .replace("kn", "n")
        .replace("mb", "m")
        .replace("sch", "sk")
        .replace("scl", "sl")
        .replace("stl", "sl");
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

/// The same without an r that southern speakers drop; for words long enough not to clash.
pub(crate) fn loose_key(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let vowel = |c: char| "aeiouy".contains(c);
    let spoken: String = chars
        .iter()
        .enumerate()
        .filter(|(i, c)| {
            let after_vowel = i.checked_sub(1).is_some_and(|b| vowel(chars[b]));
            let before_vowel = chars.get(i + 1).is_some_and(|n| vowel(*n));
            !(**c == 'r' && after_vowel && !before_vowel)
        })
        .map(|(_, c)| *c)
        .collect();
    sound_key(&spoken)
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
        assert_eq!(normalise("什么着宁，圖寧", Language::ZhCn), "什么着宁,图宁");
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
