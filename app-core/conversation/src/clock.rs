//! Times of day as people say them: "half past seven", 差五分九点.

use reme_types::Language;

use crate::numbers::{self, number_words};

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeOfDay {
    /// Minutes since midnight, 0–719 where the half of the day is not known.
    pub(crate) minute: u16,
    /// After noon, before noon, or not said.
    pub(crate) afternoon: Option<bool>,
    /// Only the hour is sure: 九点多, "seven-ish".
    pub(crate) is_vague: bool,
}

impl TimeOfDay {
    /// Whether both mean one time; the half of the day counts only where both say it.
    pub(crate) fn is_same(self, other: Self) -> bool {
        let halves_agree = match (self.afternoon, other.afternoon) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        self.minute % 720 == other.minute % 720 && halves_agree
    }
}

/// Every time of day in a normalised text. A bare number counts as an hour only with `bare_hours`.
pub(crate) fn all(said: &str, language: Language, bare_hours: bool) -> Vec<TimeOfDay> {
    match language {
        Language::En => english(said, bare_hours),
        Language::ZhCn => chinese(said, bare_hours),
    }
}

fn english(said: &str, bare_hours: bool) -> Vec<TimeOfDay> {
    let words = number_words(said);
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    // Half past two "in the dead of night" is no afternoon.
    let of_night = ["dead of night", "middle of the night", "small hours"].iter().any(|w| said.contains(w));
    let afternoon = if of_night {
        None
    } else if words.iter().any(|w| matches!(w.as_str(), "pm" | "afternoon" | "evening" | "night")) {
        Some(true)
    } else if words.iter().any(|w| matches!(w.as_str(), "am" | "morning")) {
        Some(false)
    } else {
        None
    };
    let minutes_named = words.iter().any(|w| w == "minutes" || w == "quarter" || w == "half");
    let is_vague = !minutes_named
        && ["about", "around", "ish", "after", "before", "nearly", "almost", "roughly", "gone"]
            .iter()
            .any(|w| words.iter().any(|x| x == w) || said.contains(&format!("-{w}")));
    let mut out = Vec::new();
    let mut push = |hour: f64, minute: i32| {
        if (0.0..=24.0).contains(&hour) && hour.fract() == 0.0 {
            let afternoon = if hour > 12.0 { Some(true) } else { afternoon };
            let minute = (hour as i32 * 60 + minute).rem_euclid(1440) as u16;
            out.push(TimeOfDay { minute, afternoon, is_vague });
        }
    };
    let found = numbers::english(said);
    // "A quarter of an hour before ten".
    for (phrase, minutes) in [("quarter of an hour", 15), ("half an hour", 30), ("half hour", 30)] {
        let Some((_, rest)) = said.split_once(phrase) else { continue };
        let Some(hour) = numbers::english(rest).into_iter().next() else { continue };
        match rest.split_whitespace().next() {
            Some("before" | "to") => push(hour.value, -minutes),
            Some("after" | "past") => push(hour.value, minutes),
            _ => {}
        }
    }
    let mut skip = 0;
    for (n, number) in found.iter().enumerate() {
        if n < skip {
            continue;
        }
        let before = number.start.checked_sub(1).map_or("", at);
        let two_before = number.start.checked_sub(2).map_or("", at);
        let next = found.get(n + 1);
        let figures = at(number.start);
        if matches!(figures, "once" | "twice" | "thrice" | "couple" | "none") {
            continue;
        }
        let decimals = figures.split_once('.').filter(|(_, m)| m.len() == 2).or_else(|| {
            // "0715 hours"
            let clock = figures.len() == 4 && figures.starts_with(['0', '1', '2']) && figures.is_ascii();
            clock.then(|| figures.split_at(2)).filter(|(_, m)| m.parse::<u8>().is_ok_and(|m| m < 60))
        });
        match (before, two_before) {
            ("past" | "after", "half") => push(number.value, 30),
            ("past" | "after", "quarter") => push(number.value, 15),
            ("to" | "before", "quarter") => push(number.value, -15),
            ("half", _) => push(number.value, 30),
            _ => {
                let minutes_to = |i: usize| if at(i) == "minutes" { i + 1 } else { i };
                let link = minutes_to(number.end);
                if let Some(hour) = next.filter(|h| {
                    let links = matches!(at(link), "past" | "to")
                        || link > number.end && matches!(at(link), "after" | "before");
                    links && h.start == link + 1
                }) {
                    let minutes = number.value as i32;
                    push(hour.value, if matches!(at(link), "past" | "after") { minutes } else { -minutes });
                    skip = n + 2;
                } else if let Some((hour, minute)) = decimals {
                    push(hour.parse().unwrap_or(99.0), minute.parse().unwrap_or(0));
                } else if let Some(minute) = next.filter(|m| {
                    m.value < 60.0
                        && m.value >= 5.0
                        && (m.start == number.end || (at(number.end) == ":" && m.start == number.end + 1))
                }) {
                    push(number.value, minute.value as i32);
                    skip = n + 2;
                } else if bare_hours || matches!(at(number.end), "o'clock" | "oclock" | "am" | "pm") || before == "at" {
                    push(number.value, 0);
                }
            }
        }
    }
    for (word, hour) in [("noon", 12.0), ("midday", 12.0), ("midnight", 0.0)] {
        if words.iter().any(|w| w == word) {
            push(hour, 0);
        }
    }
    out
}

fn chinese(said: &str, bare_hours: bool) -> Vec<TimeOfDay> {
    let chars: Vec<char> = said.chars().collect();
    let text_at = |i: usize, n: usize| -> String { chars.iter().skip(i).take(n).collect() };
    let afternoon = if ["下午", "晚上", "傍晚", "夜里", "后晌"].iter().any(|w| said.contains(w)) {
        Some(true)
    } else if ["上午", "早上", "早晨", "清早", "凌晨", "清晨"].iter().any(|w| said.contains(w)) {
        Some(false)
    } else {
        None
    };
    let found = numbers::chinese(said);
    let mut out = Vec::new();
    for (n, number) in found.iter().enumerate() {
        let rest = text_at(number.end, 3);
        let is_hour = rest.starts_with('点') || rest.starts_with(':') || rest.starts_with('时');
        let hour = number.value.trunc();
        if !(0.0..=24.0).contains(&hour) || !(is_hour || (bare_hours && found.len() == 1)) {
            continue;
        }
        let after = text_at(number.end + 1, 2);
        // 差半个钟头十点, 差一刻九点
        let before: String = chars[..number.start].iter().collect();
        let short_by = [
            ("差半个钟头", 30),
            ("差半个小时", 30),
            ("差半小时", 30),
            ("差一刻钟", 15),
            ("差一刻", 15),
            ("差半个点", 30),
        ]
        .iter()
        .find(|(w, _)| before.ends_with(w))
        .map(|(_, minutes)| *minutes);
        // 七点过十分, 八点差一刻
        let past = (text_at(number.end + 1, 1) == "过") as usize;
        let short = text_at(number.end + 1, 1) == "差";
        let minute_number =
            found.get(n + 1).filter(|m| m.start == number.end + 1 + past.max(usize::from(short)) && m.value < 60.0);
        // 差五分九点
        let short_of = n.checked_sub(1).and_then(|p| found.get(p)).filter(|m| {
            m.start > 0
                && chars[m.start - 1] == '差'
                && text_at(m.end, number.start.saturating_sub(m.end)).starts_with('分')
        });
        // 十点差半个钟头
        let half_short = ["差半个钟头", "差半个小时", "差半小时", "差半个点"]
            .iter()
            .any(|w| text_at(number.end + 1, 5).starts_with(w));
        let minute = if let Some(minutes) = short_by {
            -minutes
        } else if half_short {
            -30
        } else if let Some(short) = short_of {
            -(short.value as i32)
        } else if after.starts_with('半') || number.value.fract() == 0.5 && after.is_empty() {
            30
        } else if let Some(minute) = minute_number {
            let minutes = match text_at(minute.end, 1).as_str() {
                "刻" => minute.value as i32 * 15,
                _ => minute.value as i32,
            };
            if short { -minutes } else { minutes }
        } else {
            0
        };
        let afternoon = if hour > 12.0 { Some(true) } else { afternoon };
        let is_vague = after.starts_with('多')
            || after.starts_with('来')
            || after.starts_with("刚")
            || said.contains("不到")
            || said.contains("刚过") && minute == 0
            || said.contains("左右")
            || said.contains("大概");
        out.push(TimeOfDay { minute: (hour as i32 * 60 + minute).rem_euclid(1440) as u16, afternoon, is_vague });
    }
    if out.is_empty() && (said.contains("正午") || said.contains("中午")) {
        out.push(TimeOfDay { minute: 720, afternoon: None, is_vague: !said.contains("正午") });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_in_many_forms() {
        for (text, language, minute) in [
            ("half past seven", Language::En, 450),
            ("seven thirty", Language::En, 450),
            ("7:30", Language::En, 450),
            ("7.30 in the evening", Language::En, 450),
            ("half seven", Language::En, 450),
            ("quarter to nine", Language::En, 525),
            ("ten past three", Language::En, 190),
            ("twenty to four", Language::En, 220),
            ("six o'clock", Language::En, 360),
            ("九点半", Language::ZhCn, 570),
            ("九点三十分", Language::ZhCn, 570),
            ("九点一刻", Language::ZhCn, 555),
            ("差十分三点", Language::ZhCn, 170),
            ("8:45", Language::ZhCn, 525),
        ] {
            let found = all(text, language, true);
            assert!(found.iter().any(|t| t.minute % 720 == minute), "{text} {found:?}");
        }
        assert!(all("九点多", Language::ZhCn, true)[0].is_vague);
    }
}
