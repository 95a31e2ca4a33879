//! Times said relative to now, as spans of days: "last Tuesday", "the week before last", "three years ago in summer",
//! 上上个礼拜天, 前年夏天, 三个月前.
//!
//! "Today" is no span here: questions put it beside what they ask ("may it be used today?").

use jiff::{ToSpan, civil::Date};

use crate::{calendar::Span, rules::figures};

const WEEKDAYS_EN: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Years to go back: 去年 is 1, "three years ago" 3; `None` where no year is said.
pub(crate) fn years_back(lower: &str) -> Option<i16> {
    const SAID: [(&str, i16); 7] = [
        ("大前年", 3),
        ("前年", 2),
        ("the year before last", 2),
        ("去年", 1),
        ("last year", 1),
        ("今年", 0),
        ("this year", 0),
    ];
    let counted = figures(lower).into_iter().find_map(|(n, _, end)| {
        let rest = lower[end..].trim_start();
        (rest.starts_with("years ago") || rest.starts_with("年前") || rest.starts_with("year ago")).then_some(n as i16)
    });
    counted.or_else(|| SAID.iter().find(|(w, _)| lower.contains(w)).map(|(_, n)| *n))
}

/// The span said relative to `today`.
pub(crate) fn relative(lower: &str, today: Date) -> Option<Span> {
    season(lower, today)
        .or_else(|| days(lower, today))
        .or_else(|| weeks(lower, today))
        .or_else(|| months(lower, today))
        .or_else(|| years(lower, today))
}

fn narrow(from: Date, to: Date) -> Option<Span> {
    Some(Span { from, to, is_narrow: true })
}

fn has(lower: &str, words: &[&str]) -> bool {
    words.iter().any(|w| lower.contains(w))
}

fn days(lower: &str, today: Date) -> Option<Span> {
    let back = |n: i64| {
        let day = today.checked_sub(n.days()).ok()?;
        narrow(day, day)
    };
    if lower.contains("大前天") {
        return back(3);
    }
    if has(lower, &["day before yesterday", "前天"]) {
        return back(2);
    }
    if has(lower, &["yesterday", "昨天", "昨晚", "昨夜"]) {
        return back(1);
    }
    let ago = figures(lower).into_iter().find_map(|(n, _, end)| {
        let rest = lower[end..].trim_start();
        (rest.starts_with("days ago") || rest.starts_with("天前")).then_some(n as i64)
    })?;
    back(ago)
}

/// Monday of the week `back` weeks ago.
fn monday(today: Date, back: i64) -> Option<Date> {
    let since = i64::from(today.weekday().to_monday_zero_offset());
    today.checked_sub((since + 7 * back).days()).ok()
}

fn weeks(lower: &str, today: Date) -> Option<Span> {
    let week = |back: i64| {
        let from = monday(today, back)?;
        narrow(from, from.checked_add(6.days()).ok()?)
    };
    // 上上个礼拜天, 上周三, 这个星期二.
    for unit in ["星期", "礼拜", "周"] {
        let Some(at) = lower.find(unit) else { continue };
        let before = lower[..at].trim_end_matches('个');
        let back = if before.ends_with("上上") {
            2
        } else if before.ends_with('上') {
            1
        } else if before.ends_with('这') || before.ends_with('本') {
            0
        } else {
            continue;
        };
        let sign = lower[at + unit.len()..].chars().next();
        if sign == Some('末') {
            let from = monday(today, back)?.checked_add(5.days()).ok()?;
            return narrow(from, from.checked_add(1.days()).ok()?);
        }
        let day = sign.and_then(|c| "一二三四五六日".chars().position(|d| d == c || (c == '天' && d == '日')));
        return match day {
            Some(day) => {
                let day = monday(today, back)?.checked_add((day as i64).days()).ok()?;
                narrow(day, day)
            }
            None => week(back),
        };
    }
    if has(lower, &["week before last", "two weeks ago", "a fortnight ago"]) {
        return week(2);
    }
    if has(lower, &["last weekend"]) {
        let from = monday(today, 1)?.checked_add(5.days()).ok()?;
        return narrow(from, from.checked_add(1.days()).ok()?);
    }
    if has(lower, &["last week"]) {
        return week(1);
    }
    if has(lower, &["this week"]) {
        return week(0);
    }
    // "Last Tuesday": the latest before today.
    if let Some(day) = WEEKDAYS_EN.iter().position(|d| lower.contains(&format!("last {d}"))) {
        let back = (i64::from(today.weekday().to_monday_zero_offset()) - day as i64).rem_euclid(7);
        let on = today.checked_sub(if back == 0 { 7 } else { back }.days()).ok()?;
        return narrow(on, on);
    }
    let ago = figures(lower).into_iter().find_map(|(n, _, end)| {
        let rest = lower[end..].trim_start();
        ["weeks ago", "个礼拜前", "个星期前", "周前"].iter().any(|w| rest.starts_with(w)).then_some(n as i64)
    })?;
    week(ago)
}

fn months(lower: &str, today: Date) -> Option<Span> {
    let month = |back: i64| {
        let from = today.first_of_month().checked_sub(back.months()).ok()?;
        narrow(from, from.last_of_month())
    };
    if has(lower, &["month before last", "上上个月"]) {
        return month(2);
    }
    if has(lower, &["last month", "上个月", "上月"]) {
        return month(1);
    }
    if has(lower, &["this month", "这个月", "本月"]) {
        return month(0);
    }
    let ago = figures(lower).into_iter().find_map(|(n, _, end)| {
        let rest = lower[end..].trim_start();
        ["months ago", "month ago", "个月前"].iter().any(|w| rest.starts_with(w)).then_some(n as i64)
    })?;
    month(ago)
}

fn years(lower: &str, today: Date) -> Option<Span> {
    let back = years_back(lower).filter(|n| *n >= 2)?;
    let year = today.year() - back;
    narrow(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)
}

/// "Last summer", 去年冬天, "the summer three years ago": winter is named by the year in which it begins.
fn season(lower: &str, today: Date) -> Option<Span> {
    const SEASONS: [(&[&str], i8); 4] = [
        (&["spring", "春天", "开春"], 3),
        (&["summer", "夏天", "暑假"], 6),
        (&["autumn", "秋天"], 9),
        (&["winter", "冬天", "寒假"], 12),
    ];
    // Names of things ("spring cleaning", "summer honey") are no times.
    let (word, month) = SEASONS.iter().find_map(|(words, month)| {
        let word = words.iter().find(|w| lower.contains(**w))?;
        let at = lower.find(word)?;
        let before = lower[..at].trim_end();
        let led = !word.is_ascii()
            || ["last", "this", "in", "the", "of", "during", "every"]
                .iter()
                .any(|l| before.ends_with(&format!(" {l}")) || before == *l);
        led.then_some((*word, *month))
    })?;
    if lower.contains("every") || lower.contains(&format!("{word}s")) {
        return None;
    }
    let begun = |year: i16| Date::new(year, month, 1).ok();
    let year = match years_back(lower) {
        Some(back) => today.year() - back,
        None => {
            let named = figures(lower).into_iter().map(|(n, ..)| n).find(|n| (1900.0..2200.0).contains(n));
            let latest = if begun(today.year())? <= today { today.year() } else { today.year() - 1 };
            // "Last summer" said in summer is that of the year before.
            let running = begun(latest)?.checked_add(3.months()).ok()? > today;
            let last = lower.contains(&format!("last {word}"));
            named.map_or(if last && running { latest - 1 } else { latest }, |n| n as i16)
        }
    };
    let from = begun(year)?;
    narrow(from, from.checked_add(3.months()).ok()?.checked_sub(1.days()).ok()?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn spans_are_counted_from_today() {
        // A Thursday.
        let today = date(2026, 10, 15);
        for (text, from, to) in [
            ("what did i do last tuesday?", date(2026, 10, 13), date(2026, 10, 13)),
            ("where was i the week before last?", date(2026, 9, 28), date(2026, 10, 4)),
            ("what happened yesterday?", date(2026, 10, 14), date(2026, 10, 14)),
            ("whom did we visit last summer?", date(2026, 6, 1), date(2026, 8, 31)),
            ("in the summer three years ago", date(2023, 6, 1), date(2023, 8, 31)),
            ("what did we plant last month?", date(2026, 9, 1), date(2026, 9, 30)),
            ("two months ago", date(2026, 8, 1), date(2026, 8, 31)),
            ("上上个礼拜天我去哪儿了？", date(2026, 10, 4), date(2026, 10, 4)),
            ("上周三谁来过？", date(2026, 10, 7), date(2026, 10, 7)),
            ("上个星期我做了什么？", date(2026, 10, 5), date(2026, 10, 11)),
            ("三年前的夏天我们去哪儿了？", date(2023, 6, 1), date(2023, 8, 31)),
            ("前年冬天", date(2024, 12, 1), date(2025, 2, 28)),
            ("前年的事", date(2024, 1, 1), date(2024, 12, 31)),
        ] {
            let span = relative(text, today).map(|s| (s.from, s.to));
            assert_eq!(span, Some((from, to)), "{text}");
        }
        assert!(relative("will it rain next tuesday?", today).is_none());
        assert!(relative("下礼拜天我去哪儿？", today).is_none());
    }
}
