//! Written rules (level 3): which notes they can be applied to. Two forms are read: thresholds ("shorter than five hours",
//! 五级及以上) and properties of the note itself ("noted by the patient, names somebody, not sensitive").
//!
//! What is not understood stays plain words for the ranking.

use jiff::civil::DateTime;
use reme_lexicon::{TENS_EN, UNITS_EN};
use reme_types::{Language, MemoryKind};

use crate::{Doc, calendar::Span, people::is_by_another};

/// What a rule asks of a note as a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoteRule {
    by_patient: bool,
    names_somebody: bool,
    not_sensitive: bool,
    /// Hours that must have passed since.
    hours_old: i64,
}

impl NoteRule {
    /// Reads a rule about notes; `None` when it is about the world.
    pub(crate) fn read(rule: &str) -> Option<Self> {
        let lower = rule.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
        let oneself = has(&["himself", "herself", "myself"]) && has(&["noted", "wrote", "written", "recorded"]);
        let found = Self {
            by_patient: oneself
                || has(&[
                    "noted by the patient",
                    "by the patient",
                    "patient's own",
                    "written by the patient",
                    "recorded by the patient",
                    "由本人",
                    "本人记录",
                    "自己记",
                    "本人记的",
                ]),
            names_somebody: has(&[
                "at least one other person",
                "names somebody",
                "names at least",
                "another person",
                "other person",
                "somebody else",
                "提到一个别人",
                "提到别人",
                "至少提到",
                "别的人",
                "有别人",
            ]),
            not_sensitive: has(&["sensitive", "painful", "敏感", "伤心事"]),
            hours_old: hours_old(&lower),
        };
        let told = [found.by_patient, found.names_somebody, found.not_sensitive, found.hours_old > 0];
        (told.iter().filter(|t| **t).count() >= 2).then_some(found)
    }

    /// What it asks for, in words.
    pub(crate) fn in_words(self, language: Language) -> String {
        let hours = (self.hours_old > 0).then(|| match language {
            Language::En => format!("at least {} hours old", self.hours_old),
            Language::ZhCn => format!("满{}小时", self.hours_old),
        });
        let of = |told: bool, english: &str, chinese: &str| {
            told.then(|| if language == Language::En { english.to_owned() } else { chinese.to_owned() })
        };
        let parts: Vec<String> = [
            of(self.by_patient, "noted by the patient", "本人记录"),
            of(self.names_somebody, "naming somebody else", "提到别人"),
            of(self.not_sensitive, "not sensitive", "不敏感"),
            hours,
        ]
        .into_iter()
        .flatten()
        .collect();
        match language {
            Language::En => format!("memories {}", parts.join(" and ")),
            Language::ZhCn => format!("符合“{}”的记忆", parts.join("，而且")),
        }
    }

    pub(crate) fn allows(self, doc: &Doc, now: DateTime, span: Option<Span>) -> bool {
        let Some(happened) = doc.happened_at.filter(|_| doc.kind == MemoryKind::Episode) else { return false };
        let age = happened.first_moment().until((jiff::Unit::Hour, now)).map_or(0, |s| s.get_hours().into());
        let by_machine = doc.people.is_empty() && doc.text.chars().filter(char::is_ascii_digit).count() >= 4;
        age >= self.hours_old
            && !(self.by_patient && (is_by_another(doc) || by_machine))
            && !(self.names_somebody && doc.people.is_empty())
            && !(self.not_sensitive && doc.sensitive)
            && span.is_none_or(|s| s.meets(happened.first_day(), happened.last_day()))
    }
}

/// "At least three days old", 满四十八小时: the hours that must have passed since, 0 where none are asked for.
fn hours_old(lower: &str) -> i64 {
    if ["a day old", "满一天"].iter().any(|w| lower.contains(w)) {
        return 24;
    }
    let counted = figures(lower).into_iter().find_map(|(value, start, end)| {
        let (before, rest) = (lower[..start].trim_end(), lower[end..].trim_start_matches([' ', '-', '个']));
        let hours = ["hour", "小时", "钟头"].iter().any(|unit| rest.starts_with(unit));
        let days = rest.starts_with("day") || rest.starts_with('天');
        let since = ["old", "ago", "before", "since", "passed"].iter().any(|w| rest.contains(w))
            || ["满", "过去", "已过", "至少", "超过"].iter().any(|w| before.ends_with(w));
        (since && (hours || days)).then_some(value as i64 * if hours { 1 } else { 24 })
    });
    counted.unwrap_or(0)
}

/// A number with its unit that a note is measured by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Threshold {
    value: f64,
    unit: String,
    /// The rule holds from the value up (`true`) or below it.
    upward: bool,
    /// Whether notes that meet the comparison are those asked for.
    meets: bool,
}

const UNITS: [(&str, &[&str]); 6] = [
    ("degree", &["°c", "°", "degrees", "degree", "度"]),
    ("hour", &["hours", "hour", "h", "小时", "个小时", "钟头"]),
    ("grade", &["级"]),
    ("over", &["over"]),
    ("pressure", &["毫米汞柱"]),
    ("percent", &["%", "percent"]),
];

fn unit_of(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    UNITS
        .iter()
        .flat_map(|(name, words)| words.iter().map(move |w| (name, w)))
        .filter(|(_, w)| {
            text.starts_with(**w)
                && (!w.is_ascii()
                    || w.ends_with('°')
                    || !text[w.len()..].starts_with(|c: char| c.is_ascii_alphabetic()))
        })
        .max_by_key(|(_, w)| w.len())
        .map(|(name, _)| *name)
}

/// Whether a comparing word stands right before a figure or soon after it.
fn is_compared(lower: &str, start: usize, end: usize) -> bool {
    const BEFORE_IT: [&str; 20] = [
        "less than",
        "fewer than",
        "under",
        "below",
        "at least",
        "more than",
        "over",
        "above",
        "stronger than",
        "longer than",
        "不到",
        "低于",
        "少于",
        "不足",
        "至少",
        "超过",
        "满",
        "达到",
        "到了",
        "过了",
    ];
    const AFTER_IT: [&str; 7] = ["or more", "or less", "or over", "以上", "以下", "或更", "或者更"];
    let before = lower[..start].trim_end().trim_end_matches('£');
    let after: String = lower[end..].chars().take(14).collect();
    BEFORE_IT.iter().any(|w| before.ends_with(w)) || AFTER_IT.iter().any(|w| after.contains(w))
}

/// Leads a unit that stands before its figure: "force 4", 高压一百六.
const BEFORE: char = '^';

/// What a figure counts where its unit is none of those measured: "8 people", £5, 一万步; else what it is the figure of: "force 3".
fn counted_unit(lower: &str, start: usize, end: usize) -> Option<String> {
    // Only a bare figure: "twice", 满两次 are no measure of what stands before.
    let rest = lower[end..].trim_start();
    let is_bare = rest.chars().next().is_none_or(|c| !c.is_alphanumeric())
        || ["以上", "以下", "及", "或", "or ", "and over", "就", "才", "算"].iter().any(|w| rest.starts_with(w));
    counted_noun(lower, start, end).or_else(|| {
        if !is_bare {
            return None;
        }
        let before = lower[..start].trim_end();
        const COMPARING: [&str; 17] = [
            "超过", "高于", "低于", "不到", "至少", "达到", "多于", "少于", "大于", "小于", "满", "过", "than",
            "least", "over", "under", "from",
        ];
        let shortened = COMPARING.iter().find_map(|w| before.strip_suffix(w)).unwrap_or(before).trim_end();
        if lower.is_ascii() {
            let noun = shortened.rsplit(|c: char| !c.is_alphanumeric()).next()?;
            return (noun.len() > 3).then(|| format!("{BEFORE}{noun}"));
        }
        let noun: Vec<char> = shortened.chars().rev().take_while(|c| c.is_alphabetic()).take(2).collect();
        (noun.len() == 2).then(|| std::iter::once(BEFORE).chain(noun.into_iter().rev()).collect())
    })
}

/// The noun after a figure; times of all kinds, ages and how often are no measure of a note.
fn counted_noun(lower: &str, start: usize, end: usize) -> Option<String> {
    const NONE_EN: [&str; 15] = [
        "day",
        "week",
        "month",
        "year",
        "minute",
        "time",
        "night",
        "morning",
        "evening",
        "afternoon",
        "hour",
        "second",
        "o'clock",
        "and",
        "of",
    ];
    if lower[..start].ends_with('£') {
        return Some("pound".to_owned());
    }
    let rest = lower[end..].trim_start();
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let noun = reme_lexicon::singular(rest.split(|c: char| !c.is_alphanumeric()).next()?);
        let is_noun = noun.len() > 3
            && !NONE_EN.contains(&noun.as_str())
            && crate::lexicon::EMPTY_EN.split(' ').all(|w| w != noun);
        return is_noun.then_some(noun);
    }
    let unit = rest.strip_prefix('个').unwrap_or(rest).chars().next()?;
    (unit.is_alphabetic() && !"年月日号天次回趟遍周岁点分刻钟小星礼晚夜以及的起到第半多".contains(unit))
        .then(|| unit.to_string())
}

/// 4 h 35 min, 四小时二十五分: the minutes after a number of hours, as hours.
fn minutes_after(unit: &str, rest: &str) -> f64 {
    let minutes = (unit == "hour").then(|| figures(rest).first().copied()).flatten();
    minutes
        .filter(|(_, at, to)| *at <= 12 && ["min", " min", "分"].iter().any(|m| rest[*to..].starts_with(m)))
        .map_or(0.0, |(minutes, ..)| minutes / 60.0)
}

impl Threshold {
    /// The first threshold of a rule; `breaks` when the question asks for what goes against it.
    pub(crate) fn read(rule: &str, breaks: bool) -> Option<Self> {
        let lower = rule.to_lowercase();
        for (value, start, end) in figures(&lower) {
            let known = unit_of(&lower[end..]).map(str::to_owned);
            let is_known = known.is_some();
            let Some(unit) = known.or_else(|| counted_unit(&lower, start, end)) else { continue };
            let before: String = lower[..start].chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
            let after: String = lower[end..].chars().take(14).collect();
            let has = |words: &[&str]| words.iter().any(|w| before.contains(w) || after.contains(w));
            let down = has(&[
                "less than",
                "shorter than",
                "under ",
                "below",
                "fewer than",
                "不到",
                "低于",
                "少于",
                "以下",
                "短于",
                "不足",
            ]);
            let up = has(&[
                "at least",
                "or more",
                "more than",
                "over ",
                "above",
                "from ",
                "及以上",
                "以上",
                "至少",
                "超过",
                "满",
                "或者更高",
                "或更高",
                "达到",
                "到了",
            ]);
            // Of a thing that is counted the comparing word has to stand beside the figure: 满三次送一盒 compares no boxes.
            if up == down || !is_known && !is_compared(&lower, start, end) {
                continue;
            }
            // "Only when at least 14": what breaks it lies below. 五级以上不许: what breaks it meets it.
            let forbids = ["may not", "must not", "不许", "不能", "不得", "不准", "禁止", "no one may"]
                .iter()
                .any(|w| lower.contains(w));
            let only = ["only when", "only if", "only at", "才能", "才可以", "才许"].iter().any(|w| lower.contains(w));
            let meets = !breaks || (forbids && !only);
            let value = value + minutes_after(&unit, &lower[end..]);
            return Some(Self { value, unit, upward: up, meets });
        }
        None
    }

    /// "at least 14 degrees", 不到5小时.
    pub(crate) fn in_words(&self, language: Language) -> String {
        const CHINESE: [(&str, &str); 6] = [
            ("degree", "度"),
            ("hour", "小时"),
            ("grade", "级"),
            ("over", "over"),
            ("pressure", "毫米汞柱"),
            ("percent", "%"),
        ];
        const ENGLISH: [(&str, &str); 6] = [
            ("degree", " degrees"),
            ("hour", " hours"),
            ("grade", " on the scale"),
            ("over", " over"),
            ("pressure", " mmHg"),
            ("percent", "%"),
        ];
        let names = if language == Language::En { ENGLISH } else { CHINESE };
        let unit = names.iter().find(|(unit, _)| *unit == self.unit);
        let own = match (language, self.unit.strip_prefix(BEFORE)) {
            (_, Some(_)) => String::new(),
            (Language::En, None) => format!(" {}", self.unit),
            (Language::ZhCn, None) => self.unit.clone(),
        };
        let unit = unit.map_or(own, |(_, name)| (*name).to_owned());
        match (language, self.upward) {
            (Language::En, true) => format!("at least {}{unit}", self.value),
            (Language::En, false) => format!("less than {}{unit}", self.value),
            (Language::ZhCn, true) => format!("至少{}{unit}", self.value),
            (Language::ZhCn, false) => format!("不到{}{unit}", self.value),
        }
    }

    /// Whether a note is one asked for; `None` when it holds no such figure.
    pub(crate) fn picks(&self, text: &str) -> Option<bool> {
        let lower = text.to_lowercase();
        let mut values = figures(&lower).into_iter().filter_map(|(value, start, end)| {
            if let Some(noun) = self.unit.strip_prefix(BEFORE) {
                let before = lower[..start].trim_end().trim_end_matches(['是', '为', '到', '有']);
                return before.ends_with(noun).then_some(value);
            }
            let unit = unit_of(&lower[end..]).map(str::to_owned).or_else(|| counted_noun(&lower, start, end))?;
            (unit == self.unit).then_some(value + minutes_after(&unit, &lower[end..]))
        });
        let value = values.next()?;
        let meets = if self.upward { value >= self.value } else { value < self.value };
        Some(meets == self.meets)
    }
}

/// Numbers in figures or simple words, with where they begin and end (bytes).
pub(crate) fn figures(lower: &str) -> Vec<(f64, usize, usize)> {
    let word_at = |text: &str, list: &[&str]| {
        list.iter()
            .enumerate()
            .filter(|(_, w)| text.starts_with(**w) && !text[w.len()..].starts_with(|c: char| c.is_ascii_alphabetic()))
            .max_by_key(|(_, w)| w.len())
            .map(|(n, w)| (n, w.len()))
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        let rest = &lower[at..];
        let Some(c) = rest.chars().next() else { break };
        let boundary = !lower[..at].ends_with(|c: char| c.is_alphanumeric() && c.is_ascii());
        if c.is_ascii_digit() && !lower[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.') {
            let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
            let text = rest[..length].trim_end_matches('.');
            out.extend(text.parse().ok().map(|v| (v, at, at + text.len())));
            at += length;
        } else if let Some((tens, length)) = word_at(rest, &TENS_EN).filter(|_| boundary) {
            let joined = rest[length..]
                .strip_prefix(['-', ' '])
                .and_then(|r| word_at(r, &UNITS_EN))
                .filter(|(n, _)| (1..10).contains(n));
            let (ones, more) = joined.map_or((0, 0), |(n, l)| (n, l + 1));
            out.push(((tens * 10 + 20 + ones) as f64, at, at + length + more));
            at += length + more;
        } else if let Some((value, length)) = word_at(rest, &UNITS_EN).filter(|_| boundary) {
            out.push((value as f64, at, at + length));
            at += length;
        } else if let Some(length) = han_number(rest) {
            let value = han_value(&rest[..length]);
            let half = rest[length..].starts_with("个半") || rest[length..].starts_with('半');
            let skip = if rest[length..].starts_with("个半") { "个半".len() } else { 0 };
            out.extend(value.map(|v| (v + if half { 0.5 } else { 0.0 }, at, at + length + skip)));
            at += length;
        } else {
            at += c.len_utf8();
        }
    }
    out
}

fn han_number(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !"零一二两三四五六七八九十百千万".contains(c)).unwrap_or(text.len());
    // 千万 without a digit is no number: 千万别.
    (end > 0 && !text.starts_with(['千', '万'])).then_some(end)
}

fn han_value(text: &str) -> Option<f64> {
    let digit =
        |c: char| "零一二三四五六七八九".chars().position(|d| d == c || (c == '两' && d == '二')).map(|n| n as f64);
    let (mut total, mut last): (f64, Option<f64>) = (0.0, None);
    for c in text.chars() {
        match c {
            '十' => {
                total += last.take().unwrap_or(1.0) * 10.0;
            }
            '百' => {
                total += last.take().unwrap_or(1.0) * 100.0;
            }
            '千' => {
                total += last.take().unwrap_or(1.0) * 1000.0;
            }
            '万' => {
                total = (total + last.take().unwrap_or(0.0)).max(1.0) * 10_000.0;
            }
            other => last = Some(digit(other)?),
        }
    }
    Some(total + last.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_pick_what_is_asked_for() {
        let night = Threshold::read("If a night is shorter than six hours, rest at noon.", false).expect("a threshold");
        assert_eq!(night.picks("slept 5 h 10 min"), Some(true));
        assert_eq!(night.picks("slept 6 h 30 min"), Some(false));
        assert_eq!(night.picks("a fine day"), None);
        let frame =
            Threshold::read("The frame may be opened only when it is at least 12 degrees.", true).expect("a threshold");
        assert_eq!(frame.picks("9 degrees in the shade"), Some(true));
        let boat = Threshold::read("风力六级及以上一律不许下水。", true).expect("a threshold");
        assert_eq!((boat.picks("七级大风"), boat.picks("三级风")), (Some(true), Some(false)));
        let sleep = Threshold::read("睡眠不到五个半小时，第二天休息。", false).expect("a threshold");
        assert_eq!((sleep.picks("睡眠5小时20分"), sleep.picks("睡眠6小时")), (Some(true), Some(false)));
    }

    #[test]
    fn a_rule_about_notes_is_told_from_one_about_the_world() {
        assert!(NoteRule::read("A note may be used if the patient's own and not sensitive.").is_some());
        assert!(NoteRule::read("Nobody may swim alone.").is_none());
    }
}
