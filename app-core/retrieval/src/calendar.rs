//! Times in a question, as spans of days relative to when it is put.

use jiff::{ToSpan, civil::Date};
use reme_types::{LunarFestival, easter};

use crate::relative::{self, years_back};

/// A span of days, both ends in it, and whether the question insists on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Date,
    pub(crate) to: Date,
    /// `false` for wide spans such as "this year", which most notes meet.
    pub(crate) is_narrow: bool,
}

impl Span {
    pub(crate) fn meets(&self, first: Date, last: Date) -> bool {
        first <= self.to && last >= self.from
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// 1–12 for an English month.
pub(crate) fn month_number(name: &str) -> Option<i8> {
    MONTHS.iter().position(|m| *m == name).map(|i| i as i8 + 1)
}

fn month_span(year: i16, month: i8) -> Option<Span> {
    let from = Date::new(year, month, 1).ok()?;
    Some(Span { from, to: from.last_of_month(), is_narrow: true })
}

fn day_span(year: i16, month: i8, day: i8) -> Option<Span> {
    let from = Date::new(year, month, day).ok()?;
    Some(Span { from, to: from, is_narrow: true })
}

/// The latest year in which `month` has begun by `today`, or the one before when "last" is said of the running month.
fn year_of(month: i8, today: Date, last: bool) -> i16 {
    let begun = month <= today.month();
    let running = month == today.month();
    if begun && !(last && running) { today.year() } else { today.year() - 1 }
}

/// The span a question speaks of, if any; narrow ones win over wide ones.
pub(crate) fn span_of(lower: &str, today: Date) -> Option<Span> {
    english(lower, today)
        .or_else(|| chinese(lower, today))
        .or_else(|| festival(lower, today))
        .or_else(|| relative::relative(lower, today))
        .or_else(|| wide(lower, today))
}

fn english(lower: &str, today: Date) -> Option<Span> {
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let at = words.iter().enumerate().position(|(i, w)| {
        MONTHS.contains(w)
            && (*w != "may"
                || i.checked_sub(1).is_some_and(|b| {
                    matches!(words[b], "in" | "last" | "of" | "this") || words[b].parse::<u8>().is_ok()
                }))
    })?;
    let month = MONTHS.iter().position(|m| *m == words[at])? as i8 + 1;
    let number =
        |i: usize| words.get(i).and_then(|w| w.trim_end_matches(|c: char| c.is_alphabetic()).parse::<i16>().ok());
    let before = at.checked_sub(1);
    let last = before.is_some_and(|b| words[b] == "last");
    let year = number(at + 1).filter(|y| *y > 1000).or_else(|| number(at + 2).filter(|y| *y > 1000));
    let year = year.or_else(|| years_back(lower).map(|back| today.year() - back));
    let year = year.unwrap_or_else(|| year_of(month, today, last));
    let day = before
        .and_then(number)
        .or_else(|| before.filter(|b| words[*b] == "of").and_then(|b| b.checked_sub(1)).and_then(number))
        .or_else(|| number(at + 1));
    let to_now = lower.contains("from ")
        && ["to now", "until now", "till now", "up to now", "to today", "until today", "onwards"]
            .iter()
            .any(|w| lower.contains(w));
    if lower.contains("since ") || to_now {
        let from = Date::new(year, month, day.filter(|d| (1..=31).contains(d)).unwrap_or(1) as i8).ok()?;
        return Some(Span { from, to: today, is_narrow: true });
    }
    match day.filter(|d| (1..=31).contains(d)) {
        Some(day) => day_span(year, month, day as i8),
        None => month_span(year, month),
    }
}

fn chinese(lower: &str, today: Date) -> Option<Span> {
    let at = lower.find('月')?;
    let before: String =
        lower[..at].chars().rev().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).collect();
    let before: String = before.chars().rev().collect();
    if before.is_empty() {
        return None;
    }
    let month = figure(&before)? as i8;
    let rest = &lower[at + '月'.len_utf8()..];
    let day: String = rest.chars().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).collect();
    let year = years_back(lower).map_or_else(|| year_of(month, today, false), |back| today.year() - back);
    let after: String =
        rest.chars().skip_while(|c| c.is_ascii_digit() || "一二三四五六七八九十日号".contains(*c)).take(2).collect();
    if ["以来", "之后", "以后", "起", "到现", "到今", "至今"].iter().any(|w| after.starts_with(w)) {
        let from = Date::new(year, month, figure(&day).unwrap_or(1) as i8).ok()?;
        return Some(Span { from, to: today, is_narrow: true });
    }
    match figure(&day) {
        Some(day) => day_span(year, month, day as i8),
        None => month_span(year, month),
    }
}

/// 1–31 in figures or characters.
fn figure(text: &str) -> Option<i16> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|n| n as i16 + 1);
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        [] => None,
        ['十'] => Some(10),
        ['十', b] => Some(10 + digit(*b)?),
        [a, '十'] => Some(digit(*a)? * 10),
        [a, '十', b] => Some(digit(*a)? * 10 + digit(*b)?),
        [a] => digit(*a),
        _ => None,
    }
}

fn festival(lower: &str, today: Date) -> Option<Span> {
    let around = |day: Date, before: i64, after: i64| Span {
        from: day.saturating_sub(before.days()),
        to: day.saturating_add(after.days()),
        is_narrow: true,
    };
    let latest = |of: &dyn Fn(i16) -> Option<Date>| match years_back(lower) {
        Some(back) => of(today.year() - back),
        None => of(today.year()).filter(|d| *d <= today).or_else(|| of(today.year() - 1)),
    };
    if lower.contains("easter") {
        return latest(&|y| easter(y)).map(|d| around(d, 2, 2));
    }
    let fixed = [
        ("christmas", 12, 25, 2),
        ("halloween", 10, 31, 0),
        ("new year's eve", 12, 31, 0),
        ("valentine", 2, 14, 0),
        ("五一", 5, 1, 4),
        ("国庆", 10, 1, 6),
        ("元旦", 1, 1, 0),
        ("圣诞", 12, 25, 1),
    ];
    if let Some((_, month, day, after)) = fixed.iter().find(|(name, ..)| lower.contains(name)) {
        return latest(&|y| Date::new(y, *month, *day).ok()).map(|d| around(d, 0, *after));
    }
    if lower.contains("清明") {
        return latest(&clear_and_bright).map(|d| around(d, 1, 1));
    }
    lunar(lower).and_then(|f| latest(&|y| f.date(y))).map(|d| around(d, 0, 1))
}

/// 清明, a solar term, by the usual formula (right for 1901 to 2099).
fn clear_and_bright(year: i16) -> Option<Date> {
    let of_century = f64::from(year.rem_euclid(100));
    let start = if year < 2000 { 5.59 } else { 4.81 };
    let day = (of_century * 0.2422 + start).floor() - (of_century / 4.0).floor();
    Date::new(year, 4, day as i8).ok()
}

fn lunar(lower: &str) -> Option<LunarFestival> {
    const NAMES: [(&str, LunarFestival); 8] = [
        ("除夕", LunarFestival::NewYearsEve),
        ("年夜饭", LunarFestival::NewYearsEve),
        ("春节", LunarFestival::Spring),
        ("元宵节", LunarFestival::Lantern),
        ("端午", LunarFestival::DragonBoat),
        ("中秋", LunarFestival::MidAutumn),
        ("重阳", LunarFestival::DoubleNinth),
        ("chinese new year", LunarFestival::Spring),
    ];
    NAMES.iter().find(|(name, _)| lower.contains(name)).map(|(_, festival)| *festival)
}

fn wide(lower: &str, today: Date) -> Option<Span> {
    let year = |y: i16| Some(Span { from: Date::new(y, 1, 1).ok()?, to: Date::new(y, 12, 31).ok()?, is_narrow: false });
    if ["this year", "今年"].iter().any(|w| lower.contains(w)) {
        return year(today.year());
    }
    if ["last year", "去年"].iter().any(|w| lower.contains(w)) {
        return year(today.year() - 1).map(|s| Span { is_narrow: true, ..s });
    }
    None
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_are_the_latest_begun() {
        let today = date(2026, 5, 20);
        let span = |text: &str| span_of(text, today).map(|s| (s.from, s.to));
        assert_eq!(span("what did we plant last december?"), Some((date(2025, 12, 1), date(2025, 12, 31))));
        assert_eq!(span("in april"), Some((date(2026, 4, 1), date(2026, 4, 30))));
        assert_eq!(span("on 2 march"), Some((date(2026, 3, 2), date(2026, 3, 2))));
        assert_eq!(span("四月十号"), Some((date(2026, 4, 10), date(2026, 4, 10))));
        assert_eq!(span("may i eat it"), None);
        assert_eq!(span("去年国庆我去哪儿了"), Some((date(2025, 10, 1), date(2025, 10, 7))));
        assert_eq!(span("前年中秋谁来了"), Some((date(2024, 9, 17), date(2024, 9, 18))));
        assert_eq!(span("今年清明"), Some((date(2026, 4, 4), date(2026, 4, 6))));
    }
}
