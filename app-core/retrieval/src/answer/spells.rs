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

/// "From 1957 to 1996": the years between.
pub(super) fn years(read: &Read<'_>) -> Option<Said> {
    let first = *read.best.first()?;
    let years: Vec<f64> = figures(&first.text.to_lowercase())
        .into_iter()
        .map(|(v, ..)| v)
        .filter(|v| (1850.0..2200.0).contains(v))
        .collect();
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
