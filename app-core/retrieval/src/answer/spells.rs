//! Spells of time and what changes over one: days between two notes, years of work, what has grown.

use jiff::Unit;
use reme_types::MemoryKind;

use super::{Read, Said, text_of};
use crate::{Doc, rules::figures, words::terms};

/// Days from one event to the next, or a length of time that a note names.
pub(super) fn spell(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    let named = || {
        let first = *read.best.first()?;
        let sentence = super::sentences::sentence(first, read);
        length_in(sentence).or_else(|| length_in(text_of(first))).map(|text| Said::of(text, &[first]))
    };
    if !["day", "week", "night", "天", "晚", "夜", "宿", "礼拜", "星期"].iter().any(|w| lower.contains(w))
        && let Some(said) = years(read).or_else(named)
    {
        return Some(said);
    }
    if let Some(said) = told_length(read) {
        return Some(said);
    }
    if let Some(said) = stayed(read) {
        return Some(said);
    }
    if let Some((a, b)) = between(read) {
        let days = a.happened_at?.first_day().until((Unit::Day, b.happened_at?.first_day())).ok()?.get_days().abs();
        return Some(Said::of(days.to_string(), &[a, b]));
    }
    let mut dated: Vec<&Doc> = Vec::new();
    // A name of the question (a pet's, a boat's) that several of the best notes hold tells which are meant.
    let own = |d: &&&Doc| d.kind == MemoryKind::Episode;
    let names: Vec<&str> = crate::words::capitalised(read.question)
        .into_iter()
        .filter(|name| read.best.iter().filter(own).take(6).filter(|d| d.text.contains(name)).count() >= 2)
        .collect();
    let is_meant = |d: &&&Doc| own(d) && names.iter().all(|name| d.text.contains(name));
    for doc in read.best.iter().filter(is_meant).take(4) {
        if dated.iter().all(|d| d.happened_at.map(|h| h.first_day()) != doc.happened_at.map(|h| h.first_day())) {
            dated.push(doc);
        }
    }
    dated.truncate(2);
    let [a, b] = dated[..] else { return named() };
    let two = ["隔", "离", "between", "after", "before", "from "].iter().any(|w| lower.contains(w));
    // Two notes of different things have days between them, but no spell.
    if !two
        && !a.tags.iter().any(|tag| b.tags.contains(tag))
        && !a.people.iter().any(|name| b.people.contains(name) && read.named.contains(name))
    {
        return named();
    }
    if !["day", "week", "night", "天", "晚", "夜", "宿", "礼拜", "星期"].iter().any(|w| lower.contains(w)) {
        return named();
    }
    let (a_day, b_day) = (a.happened_at?.first_day(), b.happened_at?.first_day());
    let days = a_day.until((Unit::Day, b_day)).ok()?.get_days().abs();
    let weeks = lower.contains("week") || lower.contains("礼拜") || lower.contains("星期");
    Some(Said::of(if weeks { days / 7 } else { days }.to_string(), &[a, b]))
}

/// "How many days after A did B": the notes of both; "the first B" is the earliest after A.
fn between<'a>(read: &'a Read<'_>) -> Option<(&'a Doc, &'a Doc)> {
    let lower = &read.asked.lower;
    let (_, rest) = lower.split_once("days after ").or_else(|| lower.split_once("weeks after "))?;
    let cut = [" did ", " was ", " were ", " had "].iter().filter_map(|w| rest.rfind(w)).max()?;
    let (first, second) = rest.split_at(cut);
    let a = super::parts::best_for(first, &read.best, read.language)?;
    let start = a.happened_at?.first_moment();
    let is_later = |d: &&Doc| d.id != a.id && d.happened_at.is_some_and(|h| h.first_moment() > start);
    let later: Vec<&Doc> = read.best.iter().copied().filter(is_later).collect();
    let b = if second.contains("first") {
        let stems: Vec<String> = crate::words::terms(second, read.language)
            .into_iter()
            .map(|(t, _)| t)
            .filter(|t| !t.starts_with('~') && t != "first")
            .collect();
        let holds = |d: &&Doc| {
            let own: Vec<String> = crate::words::terms(&d.text, read.language).into_iter().map(|(t, _)| t).collect();
            stems.iter().any(|s| own.contains(s))
        };
        later.iter().copied().filter(holds).min_by_key(|d| d.happened_at.map(|h| h.first_moment()))?
    } else {
        super::parts::best_for(second, &later, read.language)?
    };
    Some((a, b))
}

/// "forty minutes", 二十分钟: a number with a unit of time.
fn length_in(text: &str) -> Option<String> {
    const UNITS: [&str; 16] = [
        " minute",
        " hour",
        " day",
        " week",
        " month",
        " year",
        "分钟",
        "小时",
        "个小时",
        "个钟头",
        "钟头",
        "天",
        "个礼拜",
        "个月",
        "年",
        "个星期",
    ];
    let lower = text.to_lowercase();
    let (_, start, end) =
        figures(&lower).into_iter().find(|(_, _, end)| UNITS.iter().any(|u| lower[*end..].starts_with(u)))?;
    let unit = UNITS.iter().filter(|u| lower[end..].starts_with(**u)).max_by_key(|u| u.len())?;
    let plural = usize::from(unit.starts_with(' ') && lower[end + unit.len()..].starts_with('s'));
    text.get(start..end + unit.len() + plural).map(str::to_owned)
}

/// "For seven days": the length in days or weeks that the best note names, where no two events are asked for.
fn told_length(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    let first = *read.best.first()?;
    let two =
        ["between", "after", "before", " from ", "until", "隔", "离", "从", "到"].iter().any(|w| lower.contains(w));
    let units: &[&str] = if lower.contains("week") || lower.contains("礼拜") {
        &["week", "礼拜", "星期", "周"]
    } else if lower.contains("night") || ["晚", "夜", "宿"].iter().any(|w| lower.contains(w)) {
        &["night", "晚", "夜", "宿"]
    } else {
        &["day", "天"]
    };
    let text = super::sentences::sentence(first, read).to_lowercase();
    let told = figures(&text).into_iter().find(|(_, start, end)| {
        let rest = text[*end..].trim_start();
        units
            .iter()
            .any(|unit| rest.starts_with(unit) || rest.strip_prefix('个').is_some_and(|rest| rest.starts_with(unit)))
            && !text[..*start].ends_with('第')
    })?;
    (!two).then(|| Said::of(told.0.to_string(), &[first]))
}

/// "How many nights did they stay?", 住了几个晚上: from the note in which somebody comes, or is taken in, to the next in which they go, or
/// are home again; the days as the notes tell them ("yesterday", "on the 17th").
fn stayed(read: &Read<'_>) -> Option<Said> {
    const STAYS: [&str; 16] = [
        "stay",
        "spend",
        "spent",
        "in hospital",
        "in the hospital",
        "infirmary",
        "here",
        "with us",
        "away",
        "住",
        "待",
        "呆",
        "医院",
        "在家",
        "歇",
        "在这",
    ];
    const COMES: [&str; 30] = [
        "arriv",
        "came ",
        "come ",
        "took ",
        "taken",
        "admitted",
        "moved in",
        "fetched",
        "landed",
        "got here",
        "went into",
        "went in ",
        "flew in",
        "is here",
        "to stay",
        "到家",
        "到了",
        "来了",
        "回来",
        "住院",
        "住进",
        "送进",
        "送到",
        "住过来",
        "住下",
        "接来",
        "接到",
        "到的",
        "放假",
        "飞来",
    ];
    const GOES: [&str; 26] = [
        "home from",
        "is home",
        "home again",
        "came home",
        "went home",
        "left",
        "flew home",
        "flew back",
        "went back",
        "gone back",
        "drove home",
        "goodbye",
        "discharged",
        "saw them off",
        "back from",
        "出院",
        "回去",
        "走了",
        "飞回",
        "坐火车回",
        "坐车回",
        "送走",
        "回西",
        "接回",
        "动身",
        "回家了",
    ];
    let lower = &read.asked.lower;
    if !STAYS.iter().any(|w| lower.contains(w)) {
        return None;
    }
    let meant: Vec<&Doc> = read
        .best
        .iter()
        .copied()
        .take(10)
        .filter(|doc| doc.kind == MemoryKind::Episode && !read.fallen.contains(&doc.id))
        .filter(|doc| read.named.is_empty() || read.named.iter().any(|name| doc.people.contains(name)))
        .collect();
    let said_day = |doc: &Doc, words: &[&str]| {
        let day = doc.happened_at?.first_day();
        let text = text_of(doc).to_lowercase();
        let part = super::sentences::sentences(&text)
            .into_iter()
            .find(|part| words.iter().any(|w| part.contains(w)) && is_of_them(part, doc, read))?
            .to_owned();
        Some(told_day(&part, day))
    };
    let goes: Vec<(jiff::civil::Date, &Doc)> =
        meant.iter().filter_map(|doc| Some((said_day(doc, &GOES)?, *doc))).collect();
    let comes: Vec<(jiff::civil::Date, &Doc)> = meant
        .iter()
        .filter(|doc| !goes.iter().any(|(_, other)| other.id == doc.id))
        .filter_map(|doc| Some((said_day(doc, &COMES)?, *doc)))
        .collect();
    let mut pairs: Vec<(i32, &Doc, &Doc)> = Vec::new();
    for (from, a) in &comes {
        for (to, b) in &goes {
            let days = from.until((Unit::Day, *to)).map_or(-1, |span| span.get_days());
            if days > 0 {
                pairs.push((days, a, b));
            }
        }
    }
    let (days, a, b) = pairs.into_iter().min_by_key(|(days, ..)| *days)?;
    Some(Said::of(days.to_string(), &[a, b]))
}

/// Whether a sentence is of those asked about: it names one of them, or nobody at all.
fn is_of_them(part: &str, doc: &Doc, read: &Read<'_>) -> bool {
    let names = |name: &String| {
        super::sentences::stands_in(part, &name.to_lowercase())
            || part.contains(name.to_lowercase().split(' ').next().unwrap_or(name))
    };
    read.named.is_empty() || read.named.iter().any(names) || !doc.people.iter().any(names)
}

/// The day a sentence tells of, noted on `day`: "yesterday" and 昨晚 are the one before, "on the 17th" and 14号 the last of that number.
fn told_day(part: &str, day: jiff::civil::Date) -> jiff::civil::Date {
    if ["yesterday", "last night", "昨"].iter().any(|w| part.contains(w)) {
        return day.yesterday().unwrap_or(day);
    }
    let numbered = figures(part).into_iter().find_map(|(value, start, end)| {
        let rest = &part[end..];
        let english =
            ["st", "nd", "rd", "th"].iter().any(|w| rest.starts_with(w)) && part[..start].trim_end().ends_with("the");
        (english || rest.starts_with('号')).then_some(value as i8)
    });
    let Some(number) = numbered.filter(|n| (1..=31).contains(n)) else { return day };
    let of = |month: jiff::civil::Date| jiff::civil::Date::new(month.year(), month.month(), number).ok();
    let before = day.first_of_month().yesterday().ok();
    of(day).filter(|told| *told <= day).or_else(|| before.and_then(of)).unwrap_or(day)
}

/// "From 1957 to 1996": the years between; of somebody retired the years since.
pub(super) fn years(read: &Read<'_>) -> Option<Said> {
    let first = *read.best.first()?;
    let lower = &read.asked.lower;
    let text = super::sentences::sentence(first, read).to_lowercase();
    let is_year = |value: f64| (1850.0..2200.0).contains(&value);
    if ["退休几年", "退休多少年", "退休多久", "been retired", "since i retired"].iter().any(|w| lower.contains(w))
    {
        let at = text.find("退休").or_else(|| text.find("retired"))?;
        let (year, ..) = figures(&text)
            .into_iter()
            .filter(|(value, ..)| is_year(*value))
            .min_by_key(|(_, start, _)| start.abs_diff(at))?;
        return Some(Said::of((f64::from(read.today.year()) - year).to_string(), &[first]));
    }
    let years: Vec<f64> =
        figures(&text).into_iter().map(|(v, ..)| v).filter(|v| (1850.0..2200.0).contains(v)).collect();
    let [from, to, ..] = years[..] else { return None };
    Some(Said::of((to - from).abs().to_string(), &[first]))
}

/// "By how many birds has the flock grown from one count to the next?", 涨了几米: what lies between the figures of the two notes that share
/// most with the question.
pub(super) fn grown(read: &Read<'_>) -> Option<Said> {
    const GROWN: [&str; 18] = [
        "grown by",
        "has grown",
        "have grown",
        "did it grow",
        "risen",
        "did it rise",
        "gone up by",
        "gone down by",
        "fallen by",
        "涨了几",
        "涨了多少",
        "长了几",
        "长了多少",
        "降了几",
        "降了多少",
        "多了几",
        "少了几",
        "轻了几",
    ];
    let lower = &read.asked.lower;
    let between = lower.contains("by how many") || lower.contains("by how much");
    if !between && !GROWN.iter().any(|w| lower.contains(w)) {
        return None;
    }
    let wanted: Vec<String> = terms(lower, read.language).into_iter().map(|(t, _)| t).collect();
    let shared = |doc: &Doc| {
        let own: Vec<String> = terms(text_of(doc), read.language).into_iter().map(|(t, _)| t).collect();
        wanted.iter().filter(|w| own.contains(w)).count()
    };
    let mut told: Vec<(&Doc, f64)> = read
        .best
        .iter()
        .take(6)
        .filter(|doc| doc.kind == MemoryKind::Episode && !read.fallen.contains(&doc.id))
        .filter(|doc| {
            let span = read.asked.span.filter(|span| span.is_narrow);
            span.is_none_or(|span| doc.happened_at.is_some_and(|at| span.meets(at.first_day(), at.last_day())))
        })
        .filter_map(|doc| Some((*doc, measure(&text_of(doc).to_lowercase())?)))
        .collect();
    told.sort_by_key(|(doc, _)| std::cmp::Reverse(shared(doc)));
    let [(a, first), (b, second), ..] = told[..] else { return None };
    let apart = ((first - second).abs() * 100.0).round() / 100.0;
    (apart > 0.0).then(|| Said::of(apart.to_string(), &[a, b]))
}

/// The first figure of a note above one; 三米一 is 3.1.
fn measure(lower: &str) -> Option<f64> {
    let (value, _, end) = figures(lower).into_iter().find(|(value, ..)| (2.0..1000.0).contains(value))?;
    let unit = ['米', '块', '斤', '尺'].iter().find_map(|unit| lower[end..].strip_prefix(*unit));
    let tenth =
        unit.and_then(|rest| rest.chars().next()).and_then(|c| "零一二三四五六七八九".chars().position(|d| d == c));
    Some(value + tenth.map_or(0.0, |tenth| tenth as f64 / 10.0))
}
