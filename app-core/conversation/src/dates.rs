//! Dates as people say them: parts that are known, parts that are not.

use reme_types::{MONTHS_EN, month_number};

use crate::{
    numbers::{self, ordinal},
    text::is_han,
};

/// What is known of a date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DateParts {
    /// Below 100 where only the last two figures were said ('68, 六八年).
    pub(crate) year: Option<i32>,
    pub(crate) month: Option<u8>,
    pub(crate) day: Option<u8>,
}

impl DateParts {
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Both as one date where no part is in both: "the ninth … in November".
    fn with(self, other: Self) -> Option<Self> {
        let clash = (self.year.is_some() && other.year.is_some())
            || (self.month.is_some() && other.month.is_some())
            || (self.day.is_some() && other.day.is_some());
        (!clash).then(|| Self {
            year: self.year.or(other.year),
            month: self.month.or(other.month),
            day: self.day.or(other.day),
        })
    }
}

/// Every date in a normalised text, in order.
pub(crate) fn all(normalised: &str) -> Vec<DateParts> {
    if normalised.chars().any(is_han) { chinese(&without_firsts(normalised)) } else { english(normalised) }
}

/// 九月初九 as 九月九: 初 before a day of the first ten tells no more. 九月初, the beginning of the month, stays.
fn without_firsts(normalised: &str) -> String {
    const DAYS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    DAYS.iter().fold(normalised.to_owned(), |text, day| text.replace(&format!("月初{day}"), &format!("月{day}")))
}

fn month(word: &str) -> Option<u8> {
    let is_short = |month: &str| month.get(..3).is_some_and(|begins| begins.eq_ignore_ascii_case(word));
    let short = || MONTHS_EN.iter().zip(1..).find_map(|(month, number)| is_short(month).then_some(number));
    month_number(word).or_else(short).map(|number| number as u8)
}

fn spoken_year(words: &[&str]) -> Option<(i32, usize)> {
    let first = *words.first()?;
    if let Ok(year) = first.parse::<i32>()
        && (1000..2200).contains(&year)
    {
        return Some((year, 1));
    }
    // "Two thousand and twenty-six".
    if first == "two" && words.get(1) == Some(&"thousand") {
        let rest: Vec<&str> = words[2..].iter().take(3).copied().collect();
        let skip = usize::from(rest.first() == Some(&"and"));
        let more = numbers::english(&rest[skip..].join(" ")).into_iter().next();
        let more = more.filter(|f| f.start == 0 && f.value < 100.0).map_or((0, 0), |f| (f.value as i32, f.end + skip));
        return Some((2000 + more.0, 2 + more.1));
    }
    let century = match first {
        "nineteen" => 1900,
        "eighteen" => 1800,
        "twenty" => 2000,
        _ => return None,
    };
    // "Nineteen and sixty-six", "nineteen hundred and five".
    let filler = words[1..].iter().take_while(|w| matches!(**w, "and" | "hundred")).count();
    let rest = words[1 + filler..].iter().take(2).copied().collect::<Vec<_>>();
    let two = rest.join(" ");
    let value = |text: &str| {
        numbers::english(text).first().filter(|f| f.value < 100.0 && f.start == 0).map(|f| (f.value as i32, f.end))
    };
    let (value, used) = value(&two)?;
    (value >= 10 || filler > 0).then_some((century + value, 1 + filler + used))
}

/// 21/6: day and month in figures.
fn short_figures(text: &str) -> Option<DateParts> {
    text.split_whitespace().map(|t| t.trim_matches(|c: char| !c.is_ascii_digit())).find_map(|token| {
        let (a, b) = token.split_once('/')?;
        let (a, b): (u8, u8) = (a.parse().ok()?, b.parse().ok()?);
        let (day, month) = if b > 12 { (b, a) } else { (a, b) };
        ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some(DateParts {
            year: None,
            month: Some(month),
            day: Some(day),
        })
    })
}

fn english(text: &str) -> Vec<DateParts> {
    if let Some(date) = figures(text).or_else(|| short_figures(text)) {
        return vec![date];
    }
    let words = numbers::number_words(text);
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|w| !matches!(*w, "," | "of" | "the" | "in")).collect();
    let mut found: Vec<DateParts> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let day = |at: usize| -> Option<(u8, usize)> {
            let rest = words.get(at..)?;
            ordinal(rest).or_else(|| rest.first()?.parse().ok().filter(|d| (1..=31).contains(d)).map(|d| (d, 1)))
        };
        let mut date = DateParts::default();
        let mut next = i;
        if let Some((d, used)) = day(i).filter(|(_, used)| words.get(i + used).is_some_and(|w| month(w).is_some())) {
            date = DateParts { day: Some(d), month: words.get(i + used).and_then(|w| month(w)), year: None };
            next = i + used + 1;
        } else if let Some((d, m, used)) = ordinals(&words[i..]) {
            date = DateParts { day: Some(d), month: Some(m), year: None };
            next = i + used;
        } else if let Some(m) =
            month(words[i]).filter(|_| words[i] != "may" || i > 0 || words.len() == 1 || day(1).is_some())
        {
            date.month = Some(m);
            next = i + 1;
            if let Some((d, used)) = day(next) {
                date.day = Some(d);
                next += used;
            }
        } else if let Some((year, used)) = spoken_year(&words[i..]) {
            date.year = Some(year);
            next = i + used;
        } else if let Some((d, used)) = ordinal(&words[i..]) {
            date.day = Some(d);
            next = i + used;
        }
        if date.is_empty() {
            i += 1;
            continue;
        }
        if date.year.is_none()
            && let Some((year, used)) =
                words.get(next..).and_then(|rest| spoken_year(rest).or_else(|| short_year(rest)))
        {
            date.year = Some(year);
            next += used;
        }
        found.push(date);
        i = next;
    }
    if let [a, b] = found[..]
        && let Some(one) = a.with(b)
    {
        return vec![one];
    }
    found
}

/// '68 after a day and month.
fn short_year(words: &[&str]) -> Option<(i32, usize)> {
    // "…, seventy-three" at the end, or where a new thought begins.
    const BEGINS: [&str; 10] = ["i", "i'd", "we", "we'd", "it", "that", "when", "and", "just", "he"];
    if words.first().is_some_and(|tens| tens.ends_with("ty"))
        && let Some(found) = numbers::english(&words[..words.len().min(2)].join(" ")).first()
        && found.start == 0
        && words.get(found.end).is_none_or(|next| BEGINS.contains(next))
    {
        return Some((found.value as i32, found.end));
    }
    let figures = words.first()?.strip_prefix('\'')?;
    (figures.len() == 2).then(|| figures.parse().ok())?.map(|year| (year, 1))
}

/// Every year a normalised text names in full, in order.
pub(crate) fn years(normalised: &str) -> Vec<i32> {
    if normalised.chars().any(is_han) {
        return chinese(normalised)
            .into_iter()
            .filter_map(|d| d.year)
            .chain(numbers::chinese(normalised).iter().map(|f| f.value as i32).filter(|y| (1800..2200).contains(y)))
            .filter(|y| *y >= 100)
            .collect();
    }
    let words = numbers::number_words(normalised);
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|w| *w != ",").collect();
    let mut out = Vec::new();
    let mut i = 0;
    while i < words.len() {
        match spoken_year(&words[i..]) {
            Some((year, used)) => {
                out.push(year);
                i += used;
            }
            None => i += 1,
        }
    }
    let long = numbers::english(normalised).into_iter().map(|f| f.value).filter(|v| (1800.0..2200.0).contains(v));
    out.extend(long.map(|v| v as i32));
    out
}

/// "the eighth of the tenth": day and month by number.
fn ordinals(words: &[&str]) -> Option<(u8, u8, usize)> {
    let (day, used) = ordinal(words)?;
    let (month, more) = ordinal(words.get(used..)?)?;
    (month <= 12).then_some((day, month, used + more))
}

/// `5/9/2026`, `5.9.2026` (day first), `2026-09-05`.
fn figures(text: &str) -> Option<DateParts> {
    let token = text.split_whitespace().map(|t| t.trim_matches(|c: char| !c.is_ascii_digit())).find(|t| {
        t.split(['/', '-', '.']).filter(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit())).count() == 3
    })?;
    let parts: Vec<i32> = token.split(['/', '-', '.']).filter_map(|p| p.parse().ok()).collect();
    let [a, b, c] = parts[..] else { return None };
    let (year, month, day) = match (a, b) {
        _ if a > 31 => (a, b, c),
        // American order, where only that makes a date.
        (month, day) if day > 12 && month <= 12 => (c, month, day),
        (day, month) => (c, month, day),
    };
    Some(DateParts { year: Some(year), month: u8::try_from(month).ok(), day: u8::try_from(day).ok() })
}

fn chinese(text: &str) -> Vec<DateParts> {
    if let Some(date) = figures(text).filter(|_| !text.contains('月')) {
        return vec![date];
    }
    let text = &text.replace("元月", "一月");
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<DateParts> = Vec::new();
    for number in numbers::chinese(text) {
        let unit = chars.get(number.end).copied().unwrap_or(' ');
        let month_named = found.last().is_some_and(|d| d.month.is_some() && d.day.is_none());
        let before: String = chars[number.start.saturating_sub(2)..number.start].iter().collect();
        let value = number.value as i32;
        match unit {
            '年' if before == "民国" => found.push(DateParts { year: Some(1911 + value), ..DateParts::default() }),
            '年' if value >= 1000 => found.push(DateParts { year: Some(value), ..DateParts::default() }),
            '年' if (0..100).contains(&value) && number.end - number.start == 2 => {
                found.push(DateParts { year: Some(value), ..DateParts::default() })
            }
            '月' if (1..=12).contains(&value) => {
                match found.last_mut().filter(|d| d.month.is_none() && d.day.is_none()) {
                    Some(date) => date.month = Some(value as u8),
                    None => found.push(DateParts { month: Some(value as u8), ..DateParts::default() }),
                }
            }
            '日' | '号' if (1..=31).contains(&value) => match found.last_mut().filter(|d| d.day.is_none()) {
                Some(date) => date.day = Some(value as u8),
                None => found.push(DateParts { day: Some(value as u8), ..DateParts::default() }),
            },
            // 四月二十七: the day without its unit.
            // 四月二十七; 十一月，十六。: a pause between them, and nothing after it.
            _ if month_named
                && (1..=31).contains(&value)
                && (before.ends_with('月')
                    || before.starts_with('月') && before.ends_with(['，', ',', '、']) && !unit.is_alphanumeric()) =>
            {
                if let Some(date) = found.last_mut() {
                    date.day = Some(value as u8);
                }
            }
            _ => {}
        }
    }
    // 十月二十一，二〇二五年的: the year is said after the day.
    if let [a, b] = found[..]
        && let Some(one) = a.with(b)
    {
        return vec![one];
    }
    found
}

/// The last day of the week named: 0 = Monday … 6 = Sunday.
pub(crate) fn weekday(normalised: &str) -> Option<u8> {
    weekdays(normalised).last().copied()
}

/// Every day of the week named, in order.
pub(crate) fn weekdays(normalised: &str) -> Vec<u8> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let mut found: Vec<(usize, u8)> = Vec::new();
    for (at, name) in NAMES.iter().enumerate() {
        found.extend(normalised.match_indices(name).map(|(place, _)| (place, at as u8)));
    }
    for prefix in ["星期", "礼拜", "周"] {
        for (place, _) in normalised.match_indices(prefix) {
            let day = normalised[place + prefix.len()..].chars().next().and_then(|c| match c {
                '一' | '1' => Some(0),
                '二' | '2' => Some(1),
                '三' | '3' => Some(2),
                '四' | '4' => Some(3),
                '五' | '5' => Some(4),
                '六' | '6' => Some(5),
                '日' | '天' | '7' => Some(6),
                _ => None,
            });
            found.extend(day.map(|day| (place, day)));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, day)| day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(year: i32, month: u8, day: u8) -> DateParts {
        DateParts { year: Some(year), month: Some(month), day: Some(day) }
    }

    #[test]
    fn one_date_in_many_forms() {
        for text in [
            "3 june 1968",
            "the third of june 1968",
            "june 3rd, 1968",
            "the third of the sixth, nineteen sixty-eight",
            "3/6/1968",
            "1968年6月3日",
            "一九六八年六月三号",
        ] {
            assert_eq!(all(text), [parts(1968, 6, 3)], "{text}");
        }
        assert_eq!(all("third of the sixth, sixty-eight. i'd just been wed"), [parts(68, 6, 3)]);
        assert_eq!(all("民国三十七年"), [DateParts { year: Some(1948), ..DateParts::default() }]);
        assert_eq!(all("some time in june"), [DateParts { month: Some(6), ..DateParts::default() }]);
    }

    #[test]
    fn days_of_the_week() {
        assert_eq!(weekday("it is tuesday"), Some(1));
        assert_eq!(weekday("礼拜天"), Some(6));
        assert_eq!(weekday("一周"), None);
    }
}
