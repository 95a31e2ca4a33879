//! Reads the time a note speaks of: "yesterday", "last Tuesday", 上周三, 去年春天, 2026年5月2日.
//!
//! Where in the flow: part of the draft. What it must never do: read the clock (`today` is an argument),
//! give a day after `today`, or give more exactness than the words hold.

use jiff::SignedDuration;
use jiff::civil::{Date, Weekday};
use reme_types::{Language, NamedDay, When, month_number};

use crate::lexicon::{WEEKDAYS, number_en, number_zh};

/// The time the first time expression of a note means, seen from `today`. `None` when there is none, or
/// it lies after `today`.
pub fn find_when(text: &str, language: Language, today: Date) -> Option<When> {
    let found = match language {
        Language::En => find_en(&words_of(text), today),
        Language::ZhCn => find_zh(text, today),
    };
    let is_past = |when: &When| when.first_day() <= today;
    // 今年中秋还没到，去年中秋在家: what lies ahead is passed over.
    found.filter(is_past).or_else(|| match language {
        Language::En => None,
        Language::ZhCn => text.split(['，', '。', ',']).find_map(|clause| find_zh(clause, today).filter(is_past)),
    })
}

pub(crate) fn days_before(day: Date, days: i64) -> Option<Date> {
    day.checked_sub(SignedDuration::from_hours(24 * days)).ok()
}

fn months_before(day: Date, months: i32) -> Option<When> {
    let index = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 - months;
    Some(When::Month(i16::try_from(index.div_euclid(12)).ok()?, i8::try_from(index.rem_euclid(12) + 1).ok()?))
}

/// The last such weekday before `today`.
fn past_weekday(today: Date, weekday: Weekday) -> Option<Date> {
    let back = i64::from(weekday.until(today.weekday()));
    days_before(today, if back == 0 { 7 } else { back })
}

/// That weekday of the calendar week (Monday first) so many weeks ago.
fn weekday_of_week(today: Date, weekday: Weekday, weeks_ago: i64) -> Option<Date> {
    let monday = i64::from(today.weekday().to_monday_zero_offset());
    days_before(today, monday - i64::from(weekday.to_monday_zero_offset()) + 7 * weeks_ago)
}

/// The latest year in which month (and day) do not lie after `today`.
fn latest_year(today: Date, month: i8, day: i8) -> i16 {
    if (month, day) > (today.month(), today.day()) { today.year() - 1 } else { today.year() }
}

fn words_of(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn find_en(words: &[String], today: Date) -> Option<When> {
    (0..words.len()).find_map(|at| {
        let word = |offset: usize| words.get(at + offset).map_or("", String::as_str);
        let day = |date: Option<Date>| date.map(When::Day);
        match (word(0), word(1), word(2)) {
            ("day", "before", "yesterday") => day(days_before(today, 2)),
            ("yesterday", ..) | ("last", "night", _) => day(days_before(today, 1)),
            ("today" | "tonight", ..) => Some(When::Day(today)),
            ("this", "morning" | "afternoon" | "evening", _) => Some(When::Day(today)),
            ("last", "month", _) => months_before(today, 1),
            ("this", "month", _) => Some(When::Month(today.year(), today.month())),
            ("last", "year", _) => Some(When::Year(today.year() - 1)),
            ("last", season, _) if matches!(season, "spring" | "summer" | "autumn" | "fall" | "winter") => {
                // A season has no form of its own in `When`; the year is all that can be said for sure.
                let began = match season {
                    "spring" => 3,
                    "summer" => 6,
                    "winter" => 12,
                    _ => 9,
                };
                Some(When::Year(latest_year(today, began, 1)))
            }
            (count, unit, "ago") => number_en(count).and_then(|n| ago(today, n, unit)),
            ("last" | "on", name, _) if weekday_en(name).is_some() => day(past_weekday(today, weekday_en(name)?)),
            (name, ..) if weekday_en(name).is_some() => day(past_weekday(today, weekday_en(name)?)),
            (first, second, third) => {
                named_day_en(&words[at..], today).or_else(|| calendar_en(first, second, third, today))
            }
        }
    })
}

/// "last Christmas", "Boxing Day", "New Year's Eve 1999". A bare name may be a person's or a street's, so that it has to be
/// one of a day by its own words, or be said of the last.
fn named_day_en(words: &[String], today: Date) -> Option<When> {
    let said_last = words.first().is_some_and(|word| word == "last");
    let rest = words[usize::from(said_last)..].join(" ");
    let (_, named) = NamedDay::all_in(&rest).into_iter().find(|(at, named)| *at == 0 && named.name.is_ascii())?;
    let is_day = ["day", "eve", "night"].iter().any(|end| named.name.ends_with(end));
    let next = rest[named.name.len()..].split_whitespace().next().unwrap_or("");
    let year = year_number(next);
    (said_last || is_day || year.is_some()).then(|| on_named_day(named, year, today)).flatten()
}

/// That day of the year, or its latest up to `today`.
fn on_named_day(named: NamedDay, year: Option<i16>, today: Date) -> Option<When> {
    let day = match year {
        Some(year) => named.date(year),
        None => [today.year(), today.year() - 1].into_iter().filter_map(|y| named.date(y)).find(|day| *day <= today),
    };
    day.map(When::Day)
}

fn ago(today: Date, count: u32, unit: &str) -> Option<When> {
    match unit.trim_end_matches('s') {
        "day" => days_before(today, i64::from(count)).map(When::Day),
        "week" => days_before(today, 7 * i64::from(count)).map(When::Day),
        "month" => months_before(today, i32::try_from(count).ok()?),
        "year" => today.year().checked_sub(i16::try_from(count).ok()?).map(When::Year),
        _ => None,
    }
}

fn weekday_en(word: &str) -> Option<Weekday> {
    let name = word.trim_end_matches("'s");
    let at = WEEKDAYS.iter().position(|w| *w == name)?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn day_number(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    let day: i8 = digits.parse().ok()?;
    (matches!(ending, "" | "st" | "nd" | "rd" | "th") && (1..=31).contains(&day)).then_some(day)
}

fn year_number(word: &str) -> Option<i16> {
    word.parse().ok().filter(|y| word.len() == 4 && (1850..=2100).contains(y))
}

/// `2026-05-02`, `2 May (2026)`, `May 2(nd) (2026)`, `in May`, `last May`, `May 2026`, `in 1968`.
fn calendar_en(first: &str, second: &str, third: &str, today: Date) -> Option<When> {
    if let Ok(date) = first.parse::<Date>() {
        return Some(When::Day(date));
    }
    let dated = |day: i8, month: i8, year: Option<i16>| {
        Date::new(year.unwrap_or_else(|| latest_year(today, month, day)), month, day).ok().map(When::Day)
    };
    if let (Some(day), Some(month)) = (day_number(first), month_number(second)) {
        return dated(day, month, year_number(third));
    }
    if let (Some(month), Some(day)) = (month_number(first), day_number(second)) {
        return dated(day, month, year_number(third));
    }
    if let (Some(month), Some(year)) = (month_number(first), year_number(second)) {
        return Some(When::Month(year, month));
    }
    let of_time = matches!(first, "in" | "last" | "since" | "during");
    if let (true, Some(month)) = (of_time, month_number(second)) {
        return Some(When::Month(year_number(third).unwrap_or_else(|| latest_year(today, month, 1)), month));
    }
    if let (true, Some(year)) = (of_time, year_number(second)) {
        return Some(When::Year(year));
    }
    None
}

fn find_zh(text: &str, today: Date) -> Option<When> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    (0..chars.len()).find_map(|at| zh_at(&chars[at..], today))
}

fn zh_at(rest: &[char], today: Date) -> Option<When> {
    let head: String = rest.iter().take(12).collect();
    let starts = |options: &[&str]| options.iter().any(|o| head.starts_with(o));
    let day = |date: Option<Date>| date.map(When::Day);
    if starts(&["大前天"]) {
        return day(days_before(today, 3));
    }
    if starts(&["前天", "前日", "前儿"]) {
        return day(days_before(today, 2));
    }
    if starts(&["昨天", "昨晚", "昨日", "昨儿", "昨夜"]) {
        return day(days_before(today, 1));
    }
    if starts(&["今天", "今早", "今晚", "今儿", "今晨", "刚才"]) {
        return Some(When::Day(today));
    }
    for (prefix, weeks) in [("上上", 2), ("上", 1), ("这", 0), ("本", 0), ("", -1)] {
        if let Some(weekday) = head.strip_prefix(prefix).and_then(weekday_zh) {
            return day(if weeks < 0 { past_weekday(today, weekday) } else { weekday_of_week(today, weekday, weeks) });
        }
    }
    if starts(&["上个月", "上月"]) {
        return months_before(today, 1);
    }
    zh_ago(&head, today).or_else(|| zh_festival(&head, today)).or_else(|| zh_calendar(&head, today))
}

fn weekday_zh(text: &str) -> Option<Weekday> {
    let rest = ["星期", "礼拜", "周"]
        .iter()
        .find_map(|p| text.strip_prefix(*p).or_else(|| text.strip_prefix('个')?.strip_prefix(*p)))?;
    let name = rest.chars().next()?;
    let at = match name {
        '日' | '天' => 6,
        _ => "一二三四五六".chars().position(|c| c == name)?,
    };
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn zh_ago(head: &str, today: Date) -> Option<When> {
    let (count, used) = number_zh(head)?;
    let rest: String = head.chars().skip(used).collect();
    let unit = ["天", "个星期", "个礼拜", "周", "个月", "年"].into_iter().find(|u| {
        rest.strip_prefix(u)
            .is_some_and(|tail| tail.starts_with('前') || tail.starts_with("以前") || tail.starts_with("之前"))
    })?;
    match unit {
        "天" => ago(today, count, "day"),
        "个月" => ago(today, count, "month"),
        "年" => ago(today, count, "year"),
        _ => ago(today, count, "week"),
    }
}

fn zh_festival(head: &str, today: Date) -> Option<When> {
    let (years_ago, rest) = relative_year(head).map_or((None, head), |(ago, rest)| (Some(ago), rest));
    let (_, named) = NamedDay::all_in(rest).into_iter().find(|(at, named)| *at == 0 && !named.name.is_ascii())?;
    on_named_day(named, years_ago.map(|years| today.year() - years), today)
}

/// 今年, 去年, 前年 and what follows.
fn relative_year(head: &str) -> Option<(i16, &str)> {
    [("今年", 0), ("去年", 1), ("前年", 2)].iter().find_map(|(name, ago)| Some((*ago, head.strip_prefix(name)?)))
}

/// 2026年5月2日, 去年5月, 5月2号, 1968年, 去年春天.
fn zh_calendar(head: &str, today: Date) -> Option<When> {
    let (year, rest) = if let Some((ago, rest)) = relative_year(head) {
        (Some(today.year() - ago), rest.strip_prefix('的').unwrap_or(rest).to_owned())
    } else {
        let digits: String = head.chars().take_while(char::is_ascii_digit).collect();
        match (digits.len(), head[digits.len()..].strip_prefix('年')) {
            (4, Some(rest)) => (digits.parse().ok(), rest.to_owned()),
            _ => (None, head.to_owned()),
        }
    };
    let Some((month, used)) = number_zh(&rest).filter(|(m, _)| (1..=12).contains(m)) else {
        return year.map(When::Year);
    };
    let month = i8::try_from(month).ok()?;
    let tail: String = rest.chars().skip(used).collect();
    let Some(after) = tail.strip_prefix('月').or_else(|| tail.strip_prefix("月份")) else {
        return year.map(When::Year);
    };
    let after = after.strip_prefix('份').unwrap_or(after);
    if let Some((day, used)) = number_zh(after).filter(|(d, _)| (1..=31).contains(d))
        && matches!(after.chars().nth(used), Some('日' | '号'))
    {
        let day = i8::try_from(day).ok()?;
        return Date::new(year.unwrap_or_else(|| latest_year(today, month, day)), month, day).ok().map(When::Day);
    }
    Some(When::Month(year.unwrap_or_else(|| latest_year(today, month, 1)), month))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use reme_types::Language::{self, En, ZhCn};

    use super::find_when;

    #[test]
    fn time_expressions_are_read_from_today() {
        // 14 May 2026 is a Thursday.
        let cases: [(Language, &str, &str); 38] = [
            (En, "We went yesterday.", "2026-05-13"),
            (En, "The day before yesterday it rained", "2026-05-12"),
            (En, "last Tuesday at the baths", "2026-05-12"),
            (En, "On Thursday we sang", "2026-05-07"),
            (En, "three weeks ago", "2026-04-23"),
            (En, "a month ago", "2026-04"),
            (En, "on 3 August we swam", "2025-08-03"),
            (En, "March 2nd, 2019 it was", "2019-03-02"),
            (En, "In June 1974 we moved", "1974-06"),
            (En, "in 1968 he was born", "1968"),
            (En, "last December", "2025-12"),
            (En, "last summer by the sea", "2025"),
            (En, "Easter Sunday with the family", "2026-04-05"),
            (En, "Tea with Joan this morning", "2026-05-14"),
            (En, "noted 2025-11-30", "2025-11-30"),
            (En, "Last Christmas", "2025-12-25"),
            (En, "Boxing Day at my sister's", "2025-12-26"),
            (En, "on Christmas Eve 1968 it snowed", "1968-12-24"),
            (En, "last Halloween in the hall", "2025-10-31"),
            (En, "Good Friday, no bus", "2026-04-03"),
            (ZhCn, "昨天去逛了公园", "2026-05-13"),
            (ZhCn, "前天下雨", "2026-05-12"),
            (ZhCn, "上周三打牌", "2026-05-06"),
            (ZhCn, "上个星期天包粽子", "2026-05-10"),
            (ZhCn, "礼拜二看病", "2026-05-12"),
            (ZhCn, "三天前买菜", "2026-05-11"),
            (ZhCn, "两个月前搬的家", "2026-03"),
            (ZhCn, "去年春天种的", "2025"),
            (ZhCn, "今年中秋还没到，去年中秋在家", "2025-10-06"),
            (ZhCn, "除夕包饺子", "2026-02-16"),
            (ZhCn, "五一去爬山", "2026-05-01"),
            (ZhCn, "清明去扫墓", "2026-04-05"),
            (ZhCn, "去年腊八煮粥", "2025-01-07"),
            (ZhCn, "2024年6月3日拍的", "2024-06-03"),
            (ZhCn, "去年十二月二十号", "2025-12-20"),
            (ZhCn, "3月份的事", "2026-03"),
            (ZhCn, "1968年结的婚", "1968"),
            (ZhCn, "今早喝豆浆", "2026-05-14"),
        ];
        for (language, text, expected) in cases {
            let found = find_when(text, language, date(2026, 5, 14)).map(|w| w.to_string());
            // A festival still to come does not hide the next expression.
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn words_without_a_time_give_none() {
        for text in [
            "I may go out.",
            "She read 3 books",
            "march of the ants",
            "",
            "in 2090",
            "The bus to St George's stopped.",
            "A Valentine card came.",
        ] {
            assert_eq!(find_when(text, En, date(2026, 5, 14)), None, "{text}");
        }
        for text in ["两只猫", "周到的人", "一年级的孩子"] {
            assert_eq!(find_when(text, ZhCn, date(2026, 5, 14)), None, "{text}");
        }
    }
}
