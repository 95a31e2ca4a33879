//! Times in a question, as spans of days relative to when it is put.

use jiff::{ToSpan, civil::Date};
use reme_types::{NamedDay, lunar_day, month_number};

use crate::{
    periods,
    relative::{self, years_back},
};

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
pub(crate) fn span_of(lower: &str, today: Date, born: Option<Date>) -> Option<Span> {
    let said = english(lower, today)
        .or_else(|| lunar_date(lower, today))
        .or_else(|| chinese(lower, today))
        .or_else(|| festival(lower, today))
        .or_else(|| relative::relative(lower, today))
        .or_else(|| born.and_then(|born| periods::of_a_life(lower, born)))
        .or_else(|| periods::of_the_calendar(lower, today))
        .or_else(|| wide(lower, today))?;
    Some(if runs_to_now(lower) && said.to < today { Span { to: today, ..said } } else { said })
}

/// 从去年冬天到现在, "since last summer": from the time said to today.
fn runs_to_now(lower: &str) -> bool {
    [
        "到现在",
        "到如今",
        "到今天",
        "至今",
        "以来",
        "直到今",
        "since ",
        "up to now",
        "until now",
        "till now",
        "to this day",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

fn english(lower: &str, today: Date) -> Option<Span> {
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let at = words.iter().enumerate().position(|(i, w)| {
        month_number(w).is_some()
            && (*w != "may"
                || i.checked_sub(1).is_some_and(|b| {
                    matches!(words[b], "in" | "last" | "of" | "this") || words[b].parse::<u8>().is_ok()
                }))
    })?;
    let month = month_number(words[at])?;
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
    let said = years_back(lower).map(|back| today.year() - back).or_else(|| said_year(lower));
    let year = said.unwrap_or_else(|| year_of(month, today, false));
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
    let (at, named) = *NamedDay::all_in(lower).first()?;
    let back = years_back(lower).or_else(|| said_year(lower).map(|year| today.year() - year));
    let day = match back {
        Some(back) => named.date(today.year() - back),
        None => named.date(today.year()).filter(|d| *d <= today).or_else(|| named.date(today.year() - 1)),
    }?;
    let after = &lower[at + named.name.len()..];
    let from = day.saturating_sub(named.before_days.days());
    let to = day.saturating_add(named.after_days.days());
    // 中秋前一天, "the day after Christmas".
    let next_to = |days: i64| {
        let day = day.saturating_add(days.days());
        Some(Span { from: day, to: day, is_narrow: true })
    };
    if after.starts_with("前一天") || after.starts_with("头一天") || lower[..at].ends_with("day before ") {
        return next_to(-1);
    }
    if after.starts_with("第二天") || after.starts_with("后一天") || lower[..at].ends_with("day after ") {
        return next_to(1);
    }
    Some(Span { from, to, is_narrow: true })
}

/// A year in figures: "Christmas 2024", 2024年中秋.
fn said_year(lower: &str) -> Option<i16> {
    let years = lower.split(|c: char| !c.is_ascii_digit()).filter(|w| w.len() == 4).filter_map(|w| w.parse().ok());
    years.into_iter().find(|year| (1900..2100).contains(year))
}

/// 正月初五, 腊月二十三, 农历八月十五: months and days that are lunar beyond doubt.
fn lunar_date(lower: &str, today: Date) -> Option<Span> {
    const MONTHS: [(&str, i8); 4] = [("正月", 1), ("腊月", 12), ("冬月", 11), ("农历", 0)];
    let (name, month) = MONTHS.iter().find(|(name, _)| lower.contains(name))?;
    let mut rest = &lower[lower.find(name)? + name.len()..];
    let month = if *month == 0 {
        let (said, after) = rest.split_once('月')?;
        rest = after;
        figure(said)? as i8
    } else {
        *month
    };
    let said: String = rest
        .chars()
        .take_while(|c| "初廿一二三四五六七八九十".contains(*c))
        .map(|c| if c == '廿' { '二' } else { c })
        .collect();
    let day = match said.strip_prefix('初') {
        Some(day) => figure(day)?,
        None if rest.starts_with('廿') && said.chars().count() == 2 => 20 + figure(&said[said.len() - 3..])?,
        None => figure(&said)?,
    };
    let of = |year: i16| lunar_day(year, month, day as i8);
    let day = match years_back(lower) {
        Some(back) => of(today.year() - back),
        None => [0, 1, 2].into_iter().filter_map(|back| of(today.year() - back)).find(|d| *d <= today),
    }?;
    Some(Span { from: day, to: day, is_narrow: true })
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
        let span = |text: &str| span_of(text, today, None).map(|s| (s.from, s.to));
        assert_eq!(span("what did we plant last december?"), Some((date(2025, 12, 1), date(2025, 12, 31))));
        assert_eq!(span("in april"), Some((date(2026, 4, 1), date(2026, 4, 30))));
        assert_eq!(span("on 2 march"), Some((date(2026, 3, 2), date(2026, 3, 2))));
        assert_eq!(span("四月十号"), Some((date(2026, 4, 10), date(2026, 4, 10))));
        assert_eq!(span("2021年3月我跟谁去的码头"), Some((date(2021, 3, 1), date(2021, 3, 31))));
        assert_eq!(span("2019年五月二号"), Some((date(2019, 5, 2), date(2019, 5, 2))));
        assert_eq!(span("may i eat it"), None);
        assert_eq!(span("去年国庆我去哪儿了"), Some((date(2025, 10, 1), date(2025, 10, 7))));
        assert_eq!(span("前年中秋谁来了"), Some((date(2024, 9, 17), date(2024, 9, 18))));
        assert_eq!(span("今年清明"), Some((date(2026, 4, 4), date(2026, 4, 6))));
        assert_eq!(span("正月初五谁来拜年的"), Some((date(2026, 2, 21), date(2026, 2, 21))));
        assert_eq!(span("去年腊月二十三"), Some((date(2026, 2, 10), date(2026, 2, 10))));
        assert_eq!(span("1988年中秋我们在哪儿过的"), Some((date(1988, 9, 25), date(1988, 9, 26))));
        assert_eq!(span("the day after christmas"), Some((date(2025, 12, 26), date(2025, 12, 26))));
    }
}
