//! Numbers near a number, in the same words: wrong choices for "how many".
//!
//! What it must never do: change the unit, or give the number itself.

use reme_conversation::read_number;
use reme_types::{Language, SeededRng};

const ENGLISH: [&str; 11] =
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const CHINESE: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const CHINESE_RUN: &str = "零一二两三四五六七八九十";
/// Largest number whose neighbours are made.
const LARGEST: i64 = 10_000;

/// Two answers with another number in place of the one number: "three weeks" → "five weeks", "two weeks"; none where there is
/// no number, or more than one.
pub(super) fn neighbours(answer: &str, language: Language, rng: &mut SeededRng) -> Vec<String> {
    let Some((start, end)) = the_number(answer, language) else { return Vec::new() };
    let word = &answer[start..end];
    let Some(value) = read_number(word, language).filter(|v| v.fract() == 0.0) else { return Vec::new() };
    let value = value as i64;
    let is_figure = word.bytes().all(|b| b.is_ascii_digit());
    let (low, high) = match language {
        _ if is_figure => (1, LARGEST),
        Language::En => (2, 12),
        Language::ZhCn => (2, 99),
    };
    // A round number gets round neighbours, so that roundness does not give it away.
    let step = if value >= 20 && value % 10 == 0 { 10 } else { 1 };
    let mut near: Vec<i64> =
        (-3..=3).filter(|d| *d != 0).map(|d| value + d * step).filter(|v| (low..=high).contains(v)).collect();
    rng.shuffle(&mut near);
    near.truncate(2);
    let written = |v: i64| match language {
        _ if is_figure => v.to_string(),
        Language::En => ENGLISH.get(usize::try_from(v - 2).unwrap_or(0)).copied().unwrap_or("two").to_owned(),
        Language::ZhCn => chinese(v, word.len() < answer.len()),
    };
    near.into_iter().map(|v| format!("{}{}{}", &answer[..start], written(v), &answer[end..])).collect()
}

/// Byte range of the only number in the text.
fn the_number(text: &str, language: Language) -> Option<(usize, usize)> {
    let mut found = runs(text, |c| c.is_ascii_digit());
    match language {
        Language::En => {
            let words = runs(text, char::is_alphabetic);
            found.extend(words.into_iter().filter(|(a, b)| ENGLISH.contains(&text[*a..*b].to_lowercase().as_str())));
        }
        Language::ZhCn => found.extend(runs(text, |c| CHINESE_RUN.contains(c))),
    }
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

fn runs(text: &str, belongs: impl Fn(char) -> bool) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| belongs(*c)) {
        match out.last_mut() {
            Some(last) if last.1 == at => last.1 = at + c.len_utf8(),
            _ => out.push((at, at + c.len_utf8())),
        }
    }
    out
}

/// 2–99 in Chinese; before a unit two is 两.
fn chinese(value: i64, has_unit: bool) -> String {
    let digit = |v: i64| CHINESE[usize::try_from(v).unwrap_or(0) % 10];
    match value {
        2 if has_unit => "两".into(),
        0..=9 => digit(value).to_string(),
        _ => {
            let tens = if value >= 20 { digit(value / 10).to_string() } else { String::new() };
            let ones = if value % 10 == 0 { String::new() } else { digit(value % 10).to_string() };
            format!("{tens}十{ones}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_stays_and_the_number_changes() {
        for (answer, language) in [
            ("three weeks", Language::En),
            ("12 chairs", Language::En),
            ("40 miles", Language::En),
            ("十二台", Language::ZhCn),
            ("四桌", Language::ZhCn),
            ("两", Language::ZhCn),
        ] {
            for seed in 0..20 {
                let near = neighbours(answer, language, &mut SeededRng::new(seed));
                assert_eq!(near.len(), 2, "{answer}");
                let unit = |text: &str| {
                    text.trim_start_matches(|c: char| c.is_ascii_digit() || CHINESE_RUN.contains(c)).to_owned()
                };
                let value = |text: &str| read_number(text, language).expect("a number");
                for other in &near {
                    assert_ne!(value(other), value(answer), "{other}");
                    if language == Language::ZhCn || answer.starts_with(|c: char| c.is_ascii_digit()) {
                        assert_eq!(unit(other), unit(answer), "{other}");
                    }
                }
                assert_ne!(near[0], near[1]);
            }
        }
    }

    #[test]
    fn no_number_or_several_have_no_neighbours() {
        for answer in ["a tin", "3 of 5", "a couple"] {
            assert!(neighbours(answer, Language::En, &mut SeededRng::new(1)).is_empty(), "{answer}");
        }
    }
}
