//! A word that is in no lexicon, sounded by its letters: plain rules, good enough for a name to be known again.

use misaki_rs::{Fallback, fallback::FallbackError};

/// Letters and their sound, longest first; tried in order at every place.
const SOUNDS: [(&str, &str); 72] = [
    ("tion", "ʃən"),
    ("sion", "ʒən"),
    ("ough", "O"),
    ("eigh", "A"),
    ("tch", "ʧ"),
    ("sch", "ʃ"),
    ("igh", "I"),
    ("eau", "O"),
    ("ck", "k"),
    ("ch", "ʧ"),
    ("sh", "ʃ"),
    ("th", "θ"),
    ("ph", "f"),
    ("wh", "w"),
    ("kn", "n"),
    ("wr", "ɹ"),
    ("gn", "n"),
    ("gh", "ɡ"),
    ("qu", "kw"),
    ("ng", "ŋ"),
    ("zh", "ʒ"),
    ("ee", "i"),
    ("ea", "i"),
    ("ie", "i"),
    ("ei", "A"),
    ("ey", "i"),
    ("ai", "A"),
    ("ay", "A"),
    ("oa", "O"),
    ("oo", "u"),
    ("ou", "W"),
    ("ow", "O"),
    ("oi", "Y"),
    ("oy", "Y"),
    ("au", "ɔ"),
    ("aw", "ɔ"),
    ("ew", "ju"),
    ("ue", "u"),
    ("ui", "u"),
    ("ar", "ɑɹ"),
    ("er", "əɹ"),
    ("ir", "ɜɹ"),
    ("or", "ɔɹ"),
    ("ur", "ɜɹ"),
    ("ce", "s"),
    ("ci", "sɪ"),
    ("cy", "si"),
    ("ge", "ʤ"),
    ("a", "æ"),
    ("b", "b"),
    ("c", "k"),
    ("d", "d"),
    ("e", "ɛ"),
    ("f", "f"),
    ("g", "ɡ"),
    ("h", "h"),
    ("i", "ɪ"),
    ("j", "ʤ"),
    ("k", "k"),
    ("l", "l"),
    ("m", "m"),
    ("n", "n"),
    ("o", "ɑ"),
    ("p", "p"),
    ("r", "ɹ"),
    ("s", "s"),
    ("t", "t"),
    ("u", "ʌ"),
    ("v", "v"),
    ("w", "w"),
    ("x", "ks"),
    ("z", "z"),
];

/// Long vowels: before one consonant and a silent e, and at the end of the word.
const LONG: [(char, &str, &str); 6] =
    [('a', "A", "ə"), ('e', "i", "i"), ('i', "I", "i"), ('o', "O", "O"), ('u', "u", "u"), ('y', "I", "i")];

/// Symbols that carry a stress.
const VOWELS: &str = "AIOWYiuæɑɔəɛɜɪʊʌ";

/// misaki's last resort.
pub(crate) struct Letters;

impl Fallback for Letters {
    fn phonemize(&self, word: &str) -> Result<String, FallbackError> {
        Ok(sound(word))
    }
}

/// The symbols of one word; empty for one without a letter.
pub(crate) fn sound(word: &str) -> String {
    let letters: Vec<char> = word.to_lowercase().chars().filter_map(base).collect();
    let mut symbols = String::new();
    let mut at = 0;
    while at < letters.len() {
        at += step(&letters, at, &mut symbols);
    }
    let Some(vowel) = symbols.find(|c| VOWELS.contains(c)) else { return symbols };
    symbols.insert(vowel, 'ˈ');
    symbols
}

/// Adds the sound that starts at `at`; gives how many letters it took.
fn step(letters: &[char], at: usize, symbols: &mut String) -> usize {
    let is_vowel = |index: usize| letters.get(index).is_some_and(|c| "aeiouy".contains(*c));
    let letter = letters[at];
    let is_last = at + 1 == letters.len();
    // A silent e, and the second of a doubled consonant.
    if letter == 'e' && is_last && symbols.chars().any(|c| VOWELS.contains(c)) {
        return 1;
    }
    if at > 0 && letter == letters[at - 1] && !is_vowel(at) {
        return 1;
    }
    if let Some((_, long, last)) = LONG.iter().find(|(vowel, ..)| *vowel == letter) {
        let before_silent_e = at + 3 == letters.len() && !is_vowel(at + 1) && letters[at + 2] == 'e';
        if before_silent_e || is_last {
            symbols.push_str(if is_last { last } else { long });
            return 1;
        }
    }
    if letter == 'y' {
        symbols.push_str(if is_vowel(at + 1) { "j" } else { "ɪ" });
        return 1;
    }
    let fits = |sounds: &&(&str, &str)| {
        let mut rest = letters[at..].iter();
        sounds.0.chars().all(|c| rest.next() == Some(&c))
    };
    match SOUNDS.iter().find(fits) {
        Some((taken, sound)) => {
            symbols.push_str(sound);
            taken.len()
        }
        None => 1,
    }
}

/// The plain letter under an accent; nothing for what is no letter.
fn base(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' => c,
        'à'..='å' => 'a',
        'æ' | 'è'..='ë' => 'e',
        'ç' => 'c',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ß' => 's',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn unknown_words_are_sounded_by_their_letters() {
        for (word, symbols) in [
            ("Bramley", "bɹˈæmli"),
            ("Thorsen", "θˈɔɹsɛn"),
            ("Zane", "zˈAn"),
            ("Håkon", "hˈækɑn"),
            ("Pikku", "pˈɪku"),
            ("Yolo", "jˈɑlO"),
            ("42", ""),
        ] {
            assert_eq!(sound(word), symbols, "{word}");
        }
    }
}
