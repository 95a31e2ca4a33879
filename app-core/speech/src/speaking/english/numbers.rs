//! Numbers in English words.

use reme_lexicon::{TENS_EN, UNITS_EN};

const GROUPS: [(u64, &str); 4] =
    [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

/// A whole number as it is counted: 1234 is "one thousand two hundred and thirty-four".
pub(crate) fn cardinal(number: u64) -> String {
    match number {
        0..20 => UNITS_EN[number as usize].to_owned(),
        20..100 => {
            let tens = TENS_EN[(number / 10 - 2) as usize];
            if number.is_multiple_of(10) {
                tens.to_owned()
            } else {
                format!("{tens}-{}", UNITS_EN[(number % 10) as usize])
            }
        }
        100..1_000 => {
            let hundreds = format!("{} hundred", UNITS_EN[(number / 100) as usize]);
            if number.is_multiple_of(100) { hundreds } else { format!("{hundreds} and {}", cardinal(number % 100)) }
        }
        _ => {
            let (size, name) = GROUPS.iter().find(|(size, _)| number >= *size).copied().unwrap_or((1_000, "thousand"));
            let head = format!("{} {name}", cardinal(number / size));
            match number % size {
                0 => head,
                rest @ 1..100 => format!("{head} and {}", cardinal(rest)),
                rest => format!("{head} {}", cardinal(rest)),
            }
        }
    }
}

/// First, second, twenty-third.
pub(crate) fn ordinal(number: u64) -> String {
    let words = cardinal(number);
    let at = words.rfind([' ', '-']).map_or(0, |at| at + 1);
    let (head, last) = words.split_at(at);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        tens if tens.ends_with('y') => format!("{}ieth", tens.trim_end_matches('y')),
        other => format!("{other}th"),
    };
    format!("{head}{last}")
}

/// A year as it is said: 1998 is "nineteen ninety-eight", 2005 "two thousand and five", 2026 "twenty twenty-six".
pub(crate) fn year(number: u64) -> String {
    let (head, tail) = (number / 100, number % 100);
    match (head, tail) {
        (10 | 20, 0..10) => cardinal(number),
        (_, 0) => format!("{} hundred", cardinal(head)),
        (_, 1..10) => format!("{} oh {}", cardinal(head), cardinal(tail)),
        _ => format!("{} {}", cardinal(head), cardinal(tail)),
    }
}

/// Digits one by one, with "oh" for 0: telephones, rooms, codes.
pub(crate) fn spelled(digits: &str) -> String {
    let words = digits.chars().filter_map(|c| c.to_digit(10));
    words.map(|digit| if digit == 0 { "oh" } else { UNITS_EN[digit as usize] }).collect::<Vec<_>>().join(" ")
}

/// A number as written: "three point one four". Whole numbers too long to count are spelled.
pub(crate) fn decimal(whole: &str, decimals: Option<&str>) -> String {
    let number: Option<u64> = whole.parse().ok().filter(|_| whole.len() <= 15);
    let is_code = whole.len() > 1 && whole.starts_with('0');
    let words = number.filter(|_| !is_code).map_or_else(|| spelled(whole), cardinal);
    match decimals {
        Some(decimals) => {
            let each: Vec<&str> =
                decimals.chars().filter_map(|c| c.to_digit(10)).map(|d| UNITS_EN[d as usize]).collect();
            format!("{words} point {}", each.join(" "))
        }
        None => words,
    }
}

/// More than one: the nineties, two dollars.
pub(crate) fn plural(words: &str) -> String {
    match words.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ if words.ends_with('x') => format!("{words}es"),
        _ => format!("{words}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        for (number, words) in [
            (0, "zero"),
            (13, "thirteen"),
            (40, "forty"),
            (85, "eighty-five"),
            (100, "one hundred"),
            (105, "one hundred and five"),
            (1_000, "one thousand"),
            (1_005, "one thousand and five"),
            (12_345, "twelve thousand three hundred and forty-five"),
            (2_000_000, "two million"),
        ] {
            assert_eq!(cardinal(number), words);
        }
        for (number, words) in [
            (1, "first"),
            (2, "second"),
            (12, "twelfth"),
            (20, "twentieth"),
            (23, "twenty-third"),
            (31, "thirty-first"),
            (100, "one hundredth"),
        ] {
            assert_eq!(ordinal(number), words);
        }
        for (number, words) in [
            (1998, "nineteen ninety-eight"),
            (1900, "nineteen hundred"),
            (1905, "nineteen oh five"),
            (2000, "two thousand"),
            (2005, "two thousand and five"),
            (2026, "twenty twenty-six"),
            (1066, "ten sixty-six"),
        ] {
            assert_eq!(year(number), words);
        }
        assert_eq!(spelled("5550"), "five five five oh");
        assert_eq!(decimal("36", Some("05")), "thirty-six point zero five");
        assert_eq!((plural("ninety"), plural("day")), ("nineties".into(), "days".into()));
    }
}
