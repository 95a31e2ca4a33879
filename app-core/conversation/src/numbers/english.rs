//! English numbers: words, figures, dozens, halves, money, ordinals.

use reme_lexicon::{TENS_EN, UNITS_EN};

use super::Found;

const ORDINALS: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
];
const ODD_WORDS: [(&str, f64); 10] = [
    ("fiver", 5.0),
    ("tenner", 10.0),
    ("nil", 0.0),
    ("nought", 0.0),
    ("naught", 0.0),
    ("none", 0.0),
    ("once", 1.0),
    ("twice", 2.0),
    ("thrice", 3.0),
    ("couple", 2.0),
];
/// Before these "one" counts nothing: "this one".
const BEFORE_PRONOUN: [&str; 12] =
    ["this", "that", "the", "another", "no", "every", "each", "which", "any", "some", "young", "old"];

fn small(word: &str) -> Option<f64> {
    UNITS_EN.iter().position(|unit| *unit == word).map(|n| n as f64)
}

fn tens(word: &str) -> Option<f64> {
    let word = if word == "fourty" { "forty" } else { word };
    TENS_EN.iter().position(|ten| *ten == word).map(|n| (n as f64 + 2.0) * 10.0)
}

/// What a number word in the plural counts by: two sevens, three tens.
fn several(word: &str) -> Option<f64> {
    let one = word.strip_suffix("es").filter(|w| *w == "six").or_else(|| word.strip_suffix('s'))?;
    small(one).filter(|v| (2.0..=12.0).contains(v)).or_else(|| (word == "twenties").then_some(20.0))
}

/// The day a word names: `fifth`, `5th`, `twenty-first` (also as two words), else `None`; with the words used.
pub(crate) fn ordinal(words: &[&str]) -> Option<(u8, usize)> {
    if let [a, b, ..] = words {
        let joined = format!("{a}-{b}");
        if let Some(n) = ORDINALS.iter().position(|o| *o == joined) {
            return Some((n as u8 + 1, 2));
        }
    }
    let word = words.first()?;
    if let Some(n) = ORDINALS.iter().position(|o| o == word) {
        return Some((n as u8 + 1, 1));
    }
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|suffix| word.strip_suffix(suffix))?;
    digits.parse().ok().filter(|n| (1..=31).contains(n)).map(|n| (n, 1))
}

/// Words with hyphens parted and figures kept whole: `£12.60p` gives `12.60` and `p`.
pub(crate) fn number_words(normalised: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = normalised.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let next_is_digit = chars.get(i + 1).is_some_and(char::is_ascii_digit);
        let figures = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.');
        let inside = figures && next_is_digit;
        if figures && c.is_alphabetic() {
            let suffix: String = chars[i..].iter().take_while(|c| c.is_alphanumeric()).collect();
            if !matches!(suffix.as_str(), "st" | "nd" | "rd" | "th" | "s") {
                words.push(std::mem::take(&mut word));
            }
        }
        if c.is_alphanumeric() || *c == '\'' || (*c == '.' && inside) {
            word.push(*c);
        } else if *c == ',' && inside && chars[i + 1..].iter().take_while(|c| c.is_ascii_digit()).count() == 3 {
            // A thousands separator.
        } else {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if ",;:/".contains(*c) {
                words.push(c.to_string());
            }
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Every number of an English text, in order.
pub(crate) fn english(normalised: &str) -> Vec<Found> {
    let words = number_words(normalised);
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    let mut found = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let start = i;
        if at(i) == "one" && i > 0 && BEFORE_PRONOUN.contains(&at(i - 1)) {
            i += 1;
            continue;
        }
        let (value, next) = number_at(&words, i);
        i = next;
        let times = match at(i) {
            "pair" | "pairs" => 2.0,
            many => value.filter(|v| *v >= 2.0).and_then(|_| several(many)).unwrap_or(1.0),
        };
        match value {
            Some(value) => found.push(Found { value: value * times, start, end: i }),
            None => i = start + 1,
        }
    }
    with_cents(&words, short_of(&words, found))
}

/// "two short of fifty" is 48, "three more than ten" is 13.
fn short_of(words: &[String], found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for number in found {
        if let Some(last) = out.last_mut() {
            let between: Vec<&str> = words[last.end..number.start]
                .iter()
                .map(String::as_str)
                .filter(|w| !matches!(*w, "a" | "the" | "usual"))
                .collect();
            let sign = match between[..] {
                ["short", "of"] | ["less", "than"] | ["fewer", "than"] | ["off"] | ["under"] => -1.0,
                ["more", "than"] | ["over"] => 1.0,
                _ => 0.0,
            };
            // "Two and thirty", "thirty and two": a ten and a unit.
            let (low, high) = (last.value.min(number.value), last.value.max(number.value));
            if matches!(between[..], ["and"])
                && low < 10.0
                && low > 0.0
                && high % 10.0 == 0.0
                && (20.0..100.0).contains(&high)
            {
                last.value += number.value;
                last.end = number.end;
                continue;
            }
            // "a dozen less one" takes from the first.
            if matches!(between[..], ["less"] | ["minus"]) {
                last.value -= number.value;
                last.end = number.end;
                continue;
            }
            if sign != 0.0 {
                last.value = number.value + sign * last.value;
                last.end = number.end;
                continue;
            }
        }
        out.push(number);
    }
    out
}

/// The number that begins at a word, and where it ends.
fn number_at(words: &[String], from: usize) -> (Option<f64>, usize) {
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    let mut i = from;
    let mut total = 0.0;
    let mut part: Option<f64> = None;
    if let Ok(value) = at(i).parse::<f64>() {
        part = Some(value);
        i += 1;
        if at(i) == "dozen" {
            return (Some(value * 12.0), i + 1);
        }
        if !matches!(at(i), "hundred" | "thousand" | "and") {
            return (part, i);
        }
    }
    if let Some((_, value)) = ODD_WORDS.iter().find(|(word, _)| *word == at(i)) {
        return (Some(*value), i + 1);
    }
    let after_a = |i: usize| i > 0 && at(i - 1) == "a";
    loop {
        let word = at(i);
        if let Some(value) = tens(word) {
            if part.is_some_and(|p| p % 100.0 != 0.0) {
                break;
            }
            part = Some(part.unwrap_or(0.0) + value);
        } else if let Some(value) = small(word) {
            let fits = part.is_none_or(|p| p % 100.0 == 0.0 || (p % 10.0 == 0.0 && p % 100.0 >= 20.0 && value < 10.0));
            if !fits || (part.is_some() && value == 0.0) {
                break;
            }
            part = Some(part.unwrap_or(0.0) + value);
        } else if word == "hundred" && (part.is_some() || after_a(i)) {
            part = Some(part.unwrap_or(1.0) * 100.0);
        } else if word == "thousand" && (part.is_some() || after_a(i)) {
            total += part.unwrap_or(1.0) * 1000.0;
            part = Some(0.0);
        } else if word == "score" && (part.is_some() || after_a(i)) {
            part = Some(part.unwrap_or(1.0) * 20.0);
        } else if word == "dozen" {
            part = Some(part.unwrap_or(1.0) * 12.0);
            match (at(i + 1), at(i + 2), at(i + 3)) {
                ("and", "a", "half") => {
                    part = part.map(|p| p + 6.0);
                    i += 3;
                }
                ("and" | "plus", more, _) if small(more).is_some() => {
                    part = part.zip(small(more)).map(|(p, m)| p + m);
                    i += 2;
                }
                _ => {}
            }
        } else if word == "half" && at(i + 1) == "a" && at(i + 2) == "dozen" {
            part = Some(6.0);
            i += 2;
        } else if word == "and" && part.is_some() && at(i + 1) == "a" && at(i + 2) == "half" {
            part = part.map(|p| p + 0.5);
            i += 2;
        } else if word == "and"
            && part.is_some_and(|p| p % 100.0 == 0.0 && p + total > 0.0)
            && (small(at(i + 1)).is_some() || tens(at(i + 1)).is_some())
        {
            // "a hundred and five"
        } else {
            break;
        }
        i += 1;
    }
    (part.map(|p| total + p), i)
}

/// "twelve pounds sixty", "12 pounds 60", "12 and a half pounds": the second number is cents.
fn with_cents(words: &[String], found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for number in found {
        if let Some(last) = out.last_mut() {
            let between: Vec<&str> = words[last.end..number.start].iter().map(String::as_str).collect();
            let money = matches!(between[..], ["pounds" | "pound" | "dollars" | "dollar" | "euros" | "euro" | "quid"])
                || matches!(
                    between[..],
                    ["pounds" | "pound" | "dollars" | "dollar" | "euros" | "euro" | "quid", "and"]
                );
            if money && number.value < 100.0 && last.value.fract() == 0.0 {
                last.value += number.value / 100.0;
                last.end = number.end;
                continue;
            }
        }
        out.push(number);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_said() {
        for (text, values) in [
            ("twenty-one or 22", &[21.0, 22.0][..]),
            ("a hundred and five", &[105.0]),
            ("a dozen and a half", &[18.0]),
            ("a dozen and three", &[15.0]),
            ("3 pounds 20", &[3.2]),
            ("£4.50p", &[4.5]),
            ("nine, eight, seven", &[9.0, 8.0, 7.0]),
            ("three pairs of gloves", &[6.0]),
            ("two thousand and nineteen", &[2019.0]),
            ("fifteen hundred", &[1500.0]),
            ("twice", &[2.0]),
            ("two short of thirty", &[28.0]),
            ("this one is nothing at all", &[]),
        ] {
            let found: Vec<f64> = english(text).iter().map(|f| f.value).collect();
            assert_eq!(found, values, "{text}");
        }
    }
}
