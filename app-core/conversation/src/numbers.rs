//! Numbers as people say them, in both languages.

use crate::text::is_han;

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
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

/// A number in a text, with the words it was made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// Its value.
    pub(crate) value: f64,
    /// Index of its first word (English) or character (Chinese).
    pub(crate) start: usize,
    /// One past its last.
    pub(crate) end: usize,
}

fn small(word: &str) -> Option<f64> {
    UNITS.iter().position(|unit| *unit == word).map(|n| n as f64)
}

fn tens(word: &str) -> Option<f64> {
    let word = if word == "fourty" { "forty" } else { word };
    TENS.iter().position(|ten| *ten == word).map(|n| (n as f64 + 2.0) * 10.0)
}

/// The day a word names: `fifth`, `5th`, `twenty-first` (also as two words), else `None`.
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

/// Words with hyphens parted and figures kept whole: `£12.60` gives `12.60`.
pub(crate) fn number_words(normalised: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = normalised.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let next_is_digit = chars.get(i + 1).is_some_and(char::is_ascii_digit);
        let inside = word.chars().all(|c| c.is_ascii_digit() || c == '.') && !word.is_empty() && next_is_digit;
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
    let mut found = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let start = i;
        let at = |i: usize| words.get(i).map_or("", String::as_str);
        // "this one" counts nothing.
        let pronoun = ["this", "that", "the", "another", "no", "every", "each", "which", "any", "some"];
        if at(i) == "one" && i > 0 && pronoun.contains(&at(i - 1)) {
            i += 1;
            continue;
        }
        let mut total = 0.0;
        let mut part: Option<f64> = None;
        if let Ok(value) = at(i).parse::<f64>() {
            part = Some(value);
            i += 1;
        } else {
            loop {
                let word = at(i);
                if let Some(value) = tens(word) {
                    if part.is_some_and(|p| p % 100.0 != 0.0) {
                        break;
                    }
                    part = Some(part.unwrap_or(0.0) + value);
                } else if let Some(value) = small(word) {
                    let fits =
                        part.is_none_or(|p| p % 100.0 == 0.0 || (p % 10.0 == 0.0 && p % 100.0 >= 20.0 && value < 10.0));
                    if !fits || (part.is_some() && value == 0.0) {
                        break;
                    }
                    part = Some(part.unwrap_or(0.0) + value);
                } else if word == "hundred" && (part.is_some() || (i > 0 && at(i - 1) == "a")) {
                    part = Some(part.unwrap_or(1.0) * 100.0);
                } else if word == "thousand" && (part.is_some() || (i > 0 && at(i - 1) == "a")) {
                    total += part.unwrap_or(1.0) * 1000.0;
                    part = Some(0.0);
                } else if word == "dozen" {
                    part = Some(part.unwrap_or(1.0) * 12.0);
                    if at(i + 1) == "and" && at(i + 2) == "a" && at(i + 3) == "half" {
                        part = part.map(|p| p + 6.0);
                        i += 3;
                    }
                } else if word == "half" && at(i + 1) == "a" && at(i + 2) == "dozen" {
                    part = Some(6.0);
                    i += 2;
                } else if word == "and"
                    && part.is_some_and(|p| p % 100.0 == 0.0 && p > 0.0)
                    && (small(at(i + 1)).is_some() || tens(at(i + 1)).is_some())
                {
                    // "a hundred and five"
                } else if word == "and" && part.is_some() && at(i + 1) == "a" && at(i + 2) == "half" {
                    part = part.map(|p| p + 0.5);
                    i += 2;
                } else {
                    break;
                }
                i += 1;
            }
        }
        let pairs = if at(i) == "pairs" { 2.0 } else { 1.0 };
        match part {
            Some(value) => found.push(Found { value: (total + value) * pairs, start, end: i }),
            None => i = start + 1,
        }
    }
    with_cents(&words, found)
}

/// "twelve pounds sixty", "12 pounds 60": the second number is cents.
fn with_cents(words: &[String], found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for number in found {
        if let Some(last) = out.last_mut() {
            let between: Vec<&str> = words[last.end..number.start].iter().map(String::as_str).collect();
            let money = matches!(between[..], ["pounds" | "pound" | "dollars" | "dollar" | "euros" | "euro" | "quid"])
                || matches!(between[..], ["pounds" | "pound" | "dollars" | "dollar" | "euros" | "euro", "and"]);
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

fn digit(c: char) -> Option<f64> {
    Some(match c {
        '零' | '〇' | '○' => 0.0,
        '一' | '壹' | '幺' => 1.0,
        '二' | '两' | '俩' | '贰' => 2.0,
        '三' | '叁' | '仨' => 3.0,
        '四' | '肆' => 4.0,
        '五' | '伍' => 5.0,
        '六' | '陆' => 6.0,
        '七' | '柒' => 7.0,
        '八' | '捌' => 8.0,
        '九' | '玖' => 9.0,
        _ => return c.to_digit(10).map(f64::from),
    })
}

fn magnitude(c: char) -> Option<f64> {
    Some(match c {
        '十' | '拾' => 10.0,
        '百' | '佰' => 100.0,
        '千' | '仟' => 1000.0,
        '万' => 10_000.0,
        '廿' => 20.0,
        _ => return None,
    })
}

/// The value of a run of number characters.
fn chinese_value(run: &[char]) -> Option<f64> {
    let text: String = run.iter().collect();
    if let Ok(value) = text.parse::<f64>() {
        return Some(value);
    }
    if run.iter().all(|c| digit(*c).is_some()) {
        return Some(run.iter().fold(0.0, |value, c| value * 10.0 + digit(*c).unwrap_or(0.0)));
    }
    let (mut total, mut section, mut last) = (0.0, 0.0, None::<f64>);
    let mut number = String::new();
    for c in run {
        if c.is_ascii_digit() || *c == '.' {
            number.push(*c);
            last = number.parse().ok();
        } else if let Some(d) = digit(*c) {
            last = Some(d);
        } else {
            number.clear();
            match magnitude(*c)? {
                20.0 => section += 20.0,
                10_000.0 => {
                    total += (section + last.unwrap_or(0.0)) * 10_000.0;
                    section = 0.0;
                }
                m => section += last.unwrap_or(1.0) * m,
            }
            last = None;
        }
    }
    Some(total + section + last.unwrap_or(0.0))
}

/// Every number of a Chinese text, in order; 三十六块五 is 36.5, 三张十块 is 30, 两个半 is 2.5.
pub(crate) fn chinese(normalised: &str) -> Vec<Found> {
    let chars: Vec<char> = normalised.chars().collect();
    let is_part = |i: usize| {
        chars.get(i).is_some_and(|c| digit(*c).is_some() || magnitude(*c).is_some())
            || (chars.get(i) == Some(&'.')
                && i > 0
                && chars[i - 1].is_ascii_digit()
                && chars.get(i + 1).is_some_and(char::is_ascii_digit))
    };
    let mut found: Vec<Found> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if !is_part(i) {
            i += 1;
            continue;
        }
        let start = i;
        // 十两: after a number 两 is a unit, unless a magnitude follows (三千两百).
        let is_unit =
            |i: usize| i > start && chars[i] == '两' && chars.get(i + 1).is_none_or(|c| magnitude(*c).is_none());
        while is_part(i) && !is_unit(i) {
            i += 1;
        }
        // 一 inside everyday words counts nothing: 一起, 一点儿, 一下.
        let idle = chars[start..i] == ['一'] && chars.get(i).is_some_and(|c| "起点下直样些般定共块边个遍".contains(*c));
        if let Some(value) = chinese_value(&chars[start..i]).filter(|_| !idle) {
            found.push(Found { value, start, end: i });
        }
        if chars.get(i) == Some(&'两') {
            i += 1;
        }
    }
    joined(&chars, found)
}

fn joined(chars: &[char], found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for number in found {
        if let Some(last) = out.last_mut() {
            let between: String = chars[last.end..number.start].iter().collect();
            let after = chars.get(number.end).copied().unwrap_or(' ');
            let one_figure = number.value < 10.0 && number.end - number.start == 1;
            if matches!(between.as_str(), "块" | "元") && one_figure && !"个只张本颗".contains(after) {
                last.value += number.value / 10.0;
                last.end = number.end;
                continue;
            }
            if matches!(between.as_str(), "张" | "个") && "块元".contains(after) {
                last.value *= number.value;
                last.end = number.end;
                continue;
            }
        }
        out.push(number);
    }
    for number in &mut out {
        let tail: String = chars[number.end..].iter().take(2).collect();
        let halves = tail == "个半" || tail == "块半" || tail == "斤半" || tail.starts_with('半');
        if halves {
            number.value += 0.5;
        }
    }
    out
}

/// Every number of a normalised text.
pub(crate) fn all(normalised: &str) -> Vec<Found> {
    if normalised.chars().any(is_han) { chinese(normalised) } else { english(normalised) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_numbers() {
        for (text, values) in [
            ("twenty-one or 22", &[21.0, 22.0][..]),
            ("a hundred and five", &[105.0]),
            ("a dozen and a half", &[18.0]),
            ("3 pounds 20", &[3.2]),
            ("£4.50", &[4.5]),
            ("nine, eight, seven", &[9.0, 8.0, 7.0]),
            ("three pairs of gloves", &[6.0]),
            ("nothing at all", &[]),
        ] {
            let found: Vec<f64> = english(text).iter().map(|f| f.value).collect();
            assert_eq!(found, values, "{text}");
        }
    }

    #[test]
    fn chinese_numbers() {
        for (text, values) in [
            ("二十三个", &[23.0][..]),
            ("十八块五", &[18.5]),
            ("一百零六", &[106.0]),
            ("两斤半", &[2.5]),
            ("四张五块的", &[20.0]),
            ("一起去的", &[]),
            ("八两酒，三千两百步", &[8.0, 3200.0]),
            ("七、六、5", &[7.0, 6.0, 5.0]),
        ] {
            let found: Vec<f64> = chinese(text).iter().map(|f| f.value).collect();
            assert_eq!(found, values, "{text}");
        }
    }
}
