//! Days with a name (from `reme-types`), and days counted out: "the first Saturday in May".

use jiff::civil::{Date, Weekday};
use reme_types::NamedDay;

use crate::{dates, numbers::ordinal, text::english_words};

/// The (month, day) of the days a normalised text names, in `year`.
pub(crate) fn all(said: &str, year: i32) -> Vec<(u8, u8)> {
    let Ok(year) = i16::try_from(year) else { return Vec::new() };
    let mut out: Vec<Date> = Vec::new();
    for (_, named) in NamedDay::all_in(said) {
        out.extend(named.date(year).and_then(|d| moved(d, shift_before(said, named.name))));
    }
    out.extend(nth_weekday(said, year));
    out.extend(last_of_month(said, year));
    out.iter().map(|d| (d.month() as u8, d.day() as u8)).collect()
}

fn moved(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().days(days)).ok()
}

/// "the day before Christmas", 中秋头一天.
fn shift_before(said: &str, name: &str) -> i64 {
    let Some(at) = said.find(name) else { return 0 };
    let (before, after) = (said[..at].trim_end(), &said[at + name.len()..]);
    match () {
        () if before.ends_with("day before") || after.starts_with("头一天") || after.starts_with("前一天") => -1,
        () if before.ends_with("day after") || after.starts_with("第二天") || after.starts_with("后一天") => 1,
        () => 0,
    }
}

/// "the last day of June", 六月的最后一天.
fn last_of_month(said: &str, year: i16) -> Option<Date> {
    let last = ["last day of", "最后一天", "末一天", "最末一天"].iter().any(|w| said.contains(w));
    let month = dates::all(said).into_iter().find_map(|d| d.month).filter(|_| last)?;
    Some(Date::new(year, month as i8, 1).ok()?.last_of_month())
}

/// "the second Sunday in June".
fn nth_weekday(said: &str, year: i16) -> Option<Date> {
    const WEEKDAYS: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    if let Some((_, rest)) = ["最后一个", "末一个", "最末一个"].iter().find_map(|w| said.split_once(w))
        && let (Some(month), Some(day)) = (dates::all(said).into_iter().find_map(|d| d.month), dates::weekday(rest))
    {
        return Date::new(year, month as i8, 1).ok()?.nth_weekday_of_month(-1, WEEKDAYS[usize::from(day)]).ok();
    }
    let said = &said.replace("头一个", "第一个").replace("头个", "第一个");
    if let Some((_, rest)) = said.split_once('第')
        && let Some(nth) = rest.chars().next().and_then(|c| "一二三四五".chars().position(|d| d == c))
        && ["个礼拜", "个星期", "个周"].iter().any(|w| rest.chars().skip(1).collect::<String>().starts_with(w))
    {
        let month = dates::all(said).into_iter().find_map(|d| d.month)?;
        let day = dates::weekday(rest)?;
        let first = Date::new(year, month as i8, 1).ok()?;
        return first.nth_weekday_of_month(nth as i8 + 1, WEEKDAYS[usize::from(day)]).ok();
    }
    let words = english_words(said);
    let words: Vec<&str> =
        words.iter().map(String::as_str).filter(|w| !matches!(*w, "the" | "of" | "in" | "on")).collect();
    let month = dates::all(said).into_iter().find_map(|d| d.month)?;
    let first = Date::new(year, month as i8, 1).ok()?;
    let at = words.iter().position(|w| dates::weekday(w).is_some())?;
    let weekday = WEEKDAYS[usize::from(dates::weekday(words[at])?)];
    match words.get(at.checked_sub(1)?).copied()? {
        "last" => first.nth_weekday_of_month(-1, weekday).ok(),
        word => {
            let (nth, _) = ordinal(&[word])?;
            first.nth_weekday_of_month(nth as i8, weekday).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_days_of_the_year() {
        for (text, year, month, day) in [
            ("on christmas eve", 2025, 12, 24),
            ("the day after christmas", 2024, 12, 26),
            ("the second sunday in june", 2026, 6, 14),
            ("the last friday of march", 2026, 3, 27),
            ("教师节那天", 2025, 9, 10),
            ("the last day of february", 2024, 2, 29),
            ("六月的最后一天", 2026, 6, 30),
            ("端午", 2026, 6, 19),
            ("六月里第二个礼拜天", 2026, 6, 14),
        ] {
            assert_eq!(all(text, year), [(month, day)], "{text}");
        }
        assert!(all("some time in june", 2026).is_empty());
    }
}
