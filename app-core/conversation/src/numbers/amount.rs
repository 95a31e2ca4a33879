//! Amounts that are less than exact: ranges, rounded numbers, and lengths of time in any unit.

use reme_types::Language;

use super::{Found, chinese, english, number_words};

/// How far a rounded number ("about forty", 四十左右) may lie from what is meant. [design]
const ROUNDED: f64 = 0.2;

/// A number, or what stands for one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Amount {
    /// Just this.
    Exact(f64),
    /// From – to, both ends in it.
    Range(f64, f64),
}

impl Amount {
    pub(crate) fn holds(self, value: f64) -> bool {
        match self {
            Self::Exact(exact) => (exact - value).abs() < 1e-9,
            Self::Range(low, high) => low - 1e-9 <= value && value <= high + 1e-9,
        }
    }
}

fn around(value: f64) -> Amount {
    let width = (value.abs() * ROUNDED).max(1.0);
    Amount::Range(value - width, value + width)
}

/// Every amount of a normalised text, in order.
pub(crate) fn amounts(said: &str, language: Language) -> Vec<Amount> {
    match language {
        Language::En => english_amounts(said),
        Language::ZhCn => chinese_amounts(said),
    }
}

fn english_amounts(said: &str) -> Vec<Amount> {
    let words = number_words(said);
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    let mut out: Vec<Amount> = english(said)
        .iter()
        .map(|Found { value, start, end }| {
            let least = start.checked_sub(1).map_or("", at) == "least";
            let mut back = *start;
            while back > 0 && matches!(at(back - 1), "a" | "the" | "than" | "least" | "of") {
                back -= 1;
            }
            let before = back.checked_sub(1).map_or("", at);
            let after = at(*end);
            let step = if *value >= 1000.0 {
                999.0
            } else if *value >= 100.0 {
                99.0
            } else {
                9.0
            };
            match (before, after) {
                (_, "odd" | "something") => Amount::Range(*value, value + step),
                ("over" | "better" | "more" | "above" | "past" | "at", _) if before != "at" || least => {
                    Amount::Range(value + if before == "at" { 0.0 } else { 0.01 }, value * 1.3 + 1.0)
                }
                ("under" | "less" | "fewer" | "below", _) => Amount::Range(value * 0.5, value - 0.01),
                ("nearly" | "almost" | "yet" | "quite", _) => Amount::Range(value * 0.75, value - 0.01),
                ("about" | "around" | "roughly" | "some" | "approximately", _) => around(*value),
                (_, "or") if matches!(at(end + 1), "so" | "thereabouts" | "more") => around(*value),
                (_, "ish" | "roughly" | "thereabouts") => around(*value),
                ("for", _) if back >= 2 && at(back - 2) == "on" => Amount::Range(value * 0.75, value - 0.01),
                (_, "near") if at(end + 1) == "enough" => around(*value),
                (_, unit) if at(end + 1) == "or" && at(end + 2) == "so" && !unit.is_empty() => around(*value),
                _ => Amount::Exact(*value),
            }
        })
        .collect();
    // "in her eighties": ten years.
    for word in &words {
        if let Some(tens) = word.strip_suffix("ies") {
            let found = english(&format!("{tens}y"));
            out.extend(found.first().filter(|f| f.value >= 20.0).map(|f| Amount::Range(f.value, f.value + 9.0)));
        }
    }
    out
}

fn chinese_amounts(said: &str) -> Vec<Amount> {
    let chars: Vec<char> = said.chars().collect();
    let mut out: Vec<Amount> = Vec::new();
    for Found { value, start, end } in chinese(said) {
        let before: String = chars[start.saturating_sub(3)..start].iter().collect();
        let rest: String = chars[end..].iter().take(4).collect();
        let next = rest.chars().next().unwrap_or(' ');
        let step = if value >= 1000.0 {
            999.0
        } else if value >= 100.0 {
            99.0
        } else {
            9.0
        };
        out.push(match next {
            '来' | '几' | '多' => Amount::Range(value + if next == '几' { 1.0 } else { 0.0 }, value + step),
            _ if before.ends_with('几') => Amount::Range(value * 2.0, value * 10.0 - 1.0),
            _ if rest.contains("出头") || rest.contains("出点头") || rest.contains("挂零") => {
                Amount::Range(value, value + step.min(value))
            }
            _ if rest.contains("左右") || rest.contains("上下") => around(value),
            _ if rest.chars().take(2).any(|c| c == '多') => {
                Amount::Range(value + 0.01, value + step.min(value.max(1.0)))
            }
            _ if ["大约", "差不多", "约莫", "大概", "约"].iter().any(|w| before.ends_with(w)) => {
                around(value)
            }
            _ if ["将近", "不到", "快到", "近", "小"].iter().any(|w| before.ends_with(w)) => {
                Amount::Range(value * 0.75, value - 0.01)
            }
            _ if ["超过", "不止", "至少"].iter().any(|w| before.ends_with(w)) => {
                Amount::Range(value, value * 1.3 + 1.0)
            }
            _ => Amount::Exact(value),
        });
    }
    // 三四十个: the tens left open.
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|n| n as f64 + 1.0);
    for run in chars.windows(3) {
        if let (Some(a), Some(b), Some(unit)) = (
            digit(run[0]),
            digit(run[1]),
            [('十', 10.0), ('百', 100.0)].iter().find(|(c, _)| *c == run[2]).map(|(_, n)| *n),
        ) && (b - a - 1.0).abs() < 1e-9
        {
            out = vec![Amount::Range(a * unit, (b + 1.0) * unit - 1.0)];
        }
    }
    for (words, low, high) in
        [("几十", 20.0, 99.0), ("几百", 200.0, 999.0), ("几千", 2000.0, 9999.0), ("好几", 3.0, 9.0)]
    {
        if said.contains(words) && !out.iter().any(|a| matches!(a, Amount::Range(..))) {
            out.push(Amount::Range(low, high));
        }
    }
    out
}

/// A length of time in minutes: "a week and two days", 一个半钟头. `None` when no unit of time is named.
pub(crate) fn minutes(said: &str, language: Language) -> Option<f64> {
    let lengths = lengths(said, language);
    (!lengths.is_empty()).then(|| lengths.iter().sum())
}

/// Every length of time in minutes, one a unit named.
pub(crate) fn lengths(said: &str, language: Language) -> Vec<f64> {
    const DAY: f64 = 24.0 * 60.0;
    let mut out = Vec::new();
    match language {
        Language::En => {
            let unit = |word: &str| match word.trim_end_matches('s') {
                "minute" | "min" => Some(1.0),
                "hour" => Some(60.0),
                "day" | "night" => Some(DAY),
                "week" => Some(7.0 * DAY),
                "fortnight" => Some(14.0 * DAY),
                "month" => Some(30.0 * DAY),
                "year" => Some(365.0 * DAY),
                "decade" => Some(3650.0 * DAY),
                _ => None,
            };
            for (words, length) in [
                ("quarter of a century", 25.0 * 365.0 * DAY),
                ("half a century", 50.0 * 365.0 * DAY),
                ("five quarters of an hour", 75.0),
                ("three quarters of an hour", 45.0),
                ("two thirds of an hour", 40.0),
                ("third of an hour", 20.0),
                ("quarter of an hour", 15.0),
            ] {
                if said.replace('-', " ").contains(words) {
                    return vec![length];
                }
            }
            let words = number_words(said);
            let found = english(said);
            for (i, word) in words.iter().enumerate() {
                let Some(length) = unit(word) else { continue };
                // "Two and a quarter hours": the part stands before the unit.
                let part = [
                    (["and", "a", "half"], 0.5),
                    (["and", "a", "quarter"], 0.25),
                    (["and", "three", "quarters"], 0.75),
                ]
                .into_iter()
                .find(|(part, _)| words[..i].ends_with(&part.map(str::to_owned)));
                if let Some((whole, (_, part))) =
                    part.and_then(|p| found.iter().find(|f| f.end + 3 == i).map(|f| (f.value, p)))
                {
                    out.push((whole + part) * length);
                    continue;
                }
                let number = found.iter().find(|f| f.end == i).map(|f| f.value);
                let before = i.checked_sub(1).map_or("", |b| words[b].as_str());
                let half =
                    words[..i].ends_with(&["half".to_owned(), before.to_owned()]) && matches!(before, "a" | "an");
                let count = match (number, before) {
                    _ if half => 0.5,
                    (Some(n), _) => n,
                    (None, "a" | "an" | "one") => 1.0,
                    (None, "half") => 0.5,
                    _ => continue,
                };
                let tail = |list: &[&str]| words.get(i + 1..i + 1 + list.len()).is_some_and(|w| w == list);
                let more = if tail(&["and", "a", "half"]) {
                    0.5
                } else if tail(&["and", "a", "quarter"]) {
                    0.25
                } else if tail(&["and", "three", "quarters"]) {
                    0.75
                } else {
                    0.0
                };
                out.push((count + more) * length);
            }
        }
        Language::ZhCn => {
            let chars: Vec<char> = said.chars().collect();
            const UNITS: [(&str, f64); 16] = [
                ("分钟", 1.0),
                ("分", 1.0),
                ("刻钟", 15.0),
                ("刻", 15.0),
                ("个小时", 60.0),
                ("小时", 60.0),
                ("个钟头", 60.0),
                ("钟头", 60.0),
                ("个点", 60.0),
                ("天", DAY),
                ("个礼拜", 7.0 * DAY),
                ("个星期", 7.0 * DAY),
                ("周", 7.0 * DAY),
                ("个月", 30.0 * DAY),
                ("年", 365.0 * DAY),
                ("宿", DAY),
            ];
            for found in chinese(said) {
                let rest: String = chars[found.end..].iter().take(5).collect();
                let rest = rest.strip_prefix("个半").map_or(rest.clone(), |r| format!("个{r}"));
                if let Some((_, length)) = UNITS.iter().find(|(unit, _)| rest.starts_with(unit)) {
                    out.push(found.value * length);
                }
            }
            for (words, length) in [
                ("半个钟头", 30.0),
                ("半小时", 30.0),
                ("半个小时", 30.0),
                ("半个点", 30.0),
                // Half an hour and something: about the middle of what it may be, and no length anybody would tell exactly.
                ("半个多钟头", 43.0),
                ("半个多小时", 43.0),
                ("半天", DAY / 2.0),
                ("半个月", 15.0 * DAY),
                ("半年", 182.0 * DAY),
            ] {
                let alone = said.find(words).is_some_and(|at| !said[..at].ends_with(['个', '一', '两']));
                if alone {
                    out.push(length);
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_less_than_exact_is_a_range() {
        for (text, language, inside, outside) in [
            ("thirty-odd", Language::En, 34.0, 41.0),
            ("more than fifty", Language::En, 52.0, 50.0),
            ("about a dozen", Language::En, 13.0, 16.0),
            ("in his seventies", Language::En, 76.0, 80.0),
            ("nearly two hundred", Language::En, 190.0, 200.0),
            ("三十来个", Language::ZhCn, 33.0, 41.0),
            ("十几个", Language::ZhCn, 17.0, 10.0),
            ("两千多", Language::ZhCn, 2400.0, 3100.0),
            ("几百块", Language::ZhCn, 300.0, 90.0),
            ("四十左右", Language::ZhCn, 42.0, 50.0),
        ] {
            let found = amounts(text, language);
            assert!(found.iter().any(|a| matches!(a, Amount::Range(..)) && a.holds(inside)), "{text} {found:?}");
            assert!(!found.iter().any(|a| a.holds(outside)), "{text} {found:?}");
        }
    }

    #[test]
    fn lengths_of_time_in_any_unit() {
        let day = 24.0 * 60.0;
        for (text, language, wanted) in [
            ("a week and three days", Language::En, 10.0 * day),
            ("a fortnight", Language::En, 14.0 * day),
            ("half an hour", Language::En, 30.0),
            ("an hour and a half", Language::En, 90.0),
            ("two and a quarter hours", Language::En, 135.0),
            ("three and a half hours", Language::En, 210.0),
            ("一个礼拜零三天", Language::ZhCn, 10.0 * day),
            ("半个钟头", Language::ZhCn, 30.0),
            ("一个半小时", Language::ZhCn, 90.0),
            ("半个点儿", Language::ZhCn, 30.0),
        ] {
            assert_eq!(minutes(text, language), Some(wanted), "{text}");
        }
        assert_eq!(minutes("seven", Language::En), None);
    }
}
