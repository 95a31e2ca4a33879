//! Answers that are counted or worked out: how many, how often, how old, how long, how much.

use jiff::{Unit, civil::Date};
use reme_types::{Language, MemoryKind};

use super::{Read, Said, text_of};
use crate::{Doc, Level, people::was_there, rules::figures, words::terms};

/// The figure asked for.
pub(super) fn answer(read: &Read<'_>) -> Option<Said> {
    let lower = read.asked.lower.as_str();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if let Some(said) = age_apart(read).or_else(|| grown(read)) {
        return Some(said);
    }
    if has(&["how old", "what age", "几岁", "多大", "岁数", "多少岁"]) {
        return age(read).or_else(|| told_age(read));
    }
    if has(&["how many times", "how often", "几次", "几回", "几趟", "几样", "几种", "多少次", "多少回"])
    {
        return times(read);
    }
    const SPELLS: [&str; 12] = [
        "how many days",
        "how many nights",
        "how many weeks",
        "how long",
        "几天",
        "多少天",
        "几个晚上",
        "几个夜",
        "几晚",
        "几宿",
        "几个礼拜",
        "多久",
    ];
    if has(&SPELLS) && read.asked.level != Level::HiddenRationale {
        return spell(read);
    }
    if has(&["how many years", "多少年", "几年"]) {
        return years(read).or_else(|| amount(read));
    }
    if has(&["how many people", "几个人", "多少人"]) {
        return people(read).or_else(|| amount(read));
    }
    if read.asked.level == Level::ImplicitFact && read.asked.counted.is_some() && !has(&["how much", "多少钱"]) {
        return sum(read).or_else(|| amount(read));
    }
    amount(read)
}

fn times(read: &Read<'_>) -> Option<Said> {
    if let Some(counted) = super::counted::all_that_meet(read) {
        return Some(Said::of(counted.len().to_string(), &counted));
    }
    let events = read.events();
    // What was of another time, or without those the question names, is like it and does not count.
    let counts = |doc: &&&Doc| {
        let of_time = read.asked.span.filter(|span| span.is_narrow).is_none_or(|span| {
            doc.happened_at.is_some_and(|happened| span.meets(happened.first_day(), happened.last_day()))
        });
        of_time && read.named.iter().all(|name| was_there(doc, name, read.language))
    };
    let counted: Vec<&Doc> = events.iter().filter(counts).copied().collect();
    let events = if counted.is_empty() { events } else { counted };
    Some(Said::of(events.len().to_string(), &events))
}

/// The day somebody was born, as the facts tell; `None` as name is the patient, whose fact names nobody.
fn born(read: &Read<'_>, name: Option<&str>) -> Option<(Date, String)> {
    read.best.iter().filter(|d| d.kind == MemoryKind::Fact).find_map(|doc| {
        let text = &doc.text;
        let from = match name {
            Some(name) => {
                let first = name.split(' ').next().unwrap_or(name);
                text.find(first)?
            }
            None if doc.people.is_empty() => 0,
            None => return None,
        };
        // 哥哥某某1938年生，家里都叫他阿哥: the one birthday of a fact is that of whom it names.
        let only = text.matches('生').count() == 1 || text.matches("born").count() == 1;
        let day = first_day(&text[from..]).or_else(|| first_day(text).filter(|_| only));
        day.map(|day| (day, doc.id.clone()))
    })
}

/// The first whole date in a text: "9 March 1951", 1948年10月6日.
pub(super) fn first_day(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let english = words.windows(3).find_map(|w| {
        let month = reme_types::month_number(w[1])?;
        Date::new(w[2].parse().ok()?, month, w[0].parse().ok()?).ok()
    });
    english.or_else(|| {
        let (year, rest) = text.split_once('年')?;
        let digits = |t: &str| -> String {
            t.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect()
        };
        let (month, rest) = rest.split_once('月').map_or(("1", ""), |(m, r)| (m, r));
        let day: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Date::new(digits(year).parse().ok()?, month.parse().ok()?, day.parse().unwrap_or(1)).ok()
    })
}

fn age(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    let birth_of_another = ["was born", "were born", "出生", "生下"].iter().any(|w| lower.contains(w));
    // The one asked about comes first in the question, the one born (if any) after.
    let mut named: Vec<&String> = read.named.iter().collect();
    named.sort_by_key(|n| {
        lower.find(&n.to_lowercase().split(' ').next().unwrap_or("").to_owned()).unwrap_or(usize::MAX)
    });
    let oneself =
        ["was i", "am i", "were we", "我多大", "我几岁", "我那时", "我当时"].iter().any(|w| lower.contains(w));
    let who = if oneself { None } else { named.iter().find(|n| born(read, Some(n)).is_some()).map(|n| n.as_str()) };
    let (birth, fact) = born(read, who).or_else(|| born(read, None))?;
    let (day, event) = if birth_of_another && oneself {
        named.iter().find_map(|n| born(read, Some(n)))?
    } else if let Some(doc) = read.best.iter().find(|d| d.kind == MemoryKind::Episode && !is_of_today(read)) {
        (doc.happened_at?.first_day(), doc.id.clone())
    } else {
        (read.today, fact.clone())
    };
    let years = birth.until((Unit::Year, day)).ok()?.get_years();
    (0..130).contains(&years).then(|| Said { text: years.to_string(), cited: vec![event, fact] })
}

/// 今年多大 asks for today's age, though 了 stands at its end as if it were past.
fn is_of_today(read: &Read<'_>) -> bool {
    let now = [
        "今年多大",
        "今年几岁",
        "今年多少岁",
        "现在多大",
        "现在几岁",
        "years old now",
        "how old is",
        "how old am i now",
    ];
    read.asked.is_present || now.iter().any(|w| read.asked.lower.contains(w))
}

/// An age that a note tells: "she is fifteen" on a birthday, "turned fifteen", "fifteen years old", 十二岁.
fn told_age(read: &Read<'_>) -> Option<Said> {
    read.best.iter().take(3).find_map(|doc| {
        let text = text_of(doc).to_lowercase();
        let has_birthday = text.contains("birthday");
        let is_age = |(value, start, end): &(f64, usize, usize)| {
            let (before, after) = (text[..*start].trim_end(), text[*end..].trim_start());
            let said = after.starts_with('岁') || after.starts_with("years old") || before.ends_with("turned");
            let on_the_day = has_birthday && [" is", " was", " am", " be"].iter().any(|w| before.ends_with(w));
            (1.0..130.0).contains(value) && (said || on_the_day)
        };
        figures(&text).into_iter().find(is_age).map(|(value, ..)| Said::of(value.to_string(), &[*doc]))
    })
}

/// "How many years older", 大几岁: the years between two births.
fn age_apart(read: &Read<'_>) -> Option<Said> {
    const APART: [&str; 7] =
        ["大几岁", "小几岁", "大多少岁", "小多少岁", "years older", "years younger", "age difference"];
    if !APART.iter().any(|w| read.asked.lower.contains(w)) {
        return None;
    }
    let mut all: Vec<(Date, String)> = read.named.iter().filter_map(|n| born(read, Some(n))).collect();
    if all.len() < 2 {
        all.extend(born(read, None));
    }
    let [(a, first), (b, second), ..] = &all[..] else { return None };
    let (early, late) = if a < b { (a, b) } else { (b, a) };
    let years = early.until((Unit::Year, *late)).ok()?.get_years();
    Some(Said { text: years.to_string(), cited: vec![first.clone(), second.clone()] })
}

/// "Who is older?": the one born first.
pub(super) fn who_is_older(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    let older = ["older", "elder", "年纪大", "岁数大", "大一些"].iter().any(|w| lower.contains(w));
    let younger = ["younger", "年纪小", "岁数小"].iter().any(|w| lower.contains(w));
    if !(older || younger) {
        return None;
    }
    let mut all: Vec<(Date, String, String)> =
        read.named.iter().filter_map(|n| born(read, Some(n)).map(|(day, id)| (day, n.clone(), id))).collect();
    if let Some((day, id)) = born(read, None).filter(|_| all.len() < 2) {
        let own = match read.language {
            Language::En => "you",
            Language::ZhCn => "您",
        };
        all.push((day, own.to_owned(), id));
    }
    all.sort();
    let chosen = if younger { all.last() } else { all.first() }?;
    (all.len() >= 2).then(|| Said { text: chosen.1.clone(), cited: all.iter().map(|(_, _, id)| id.clone()).collect() })
}

/// Days from one event to the next, or a length of time that a note names.
fn spell(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    let named = || {
        let first = *read.best.first()?;
        let sentence = super::phrases::sentence(first, read);
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
fn years(read: &Read<'_>) -> Option<Said> {
    let first = *read.best.first()?;
    let years: Vec<f64> = figures(&first.text.to_lowercase())
        .into_iter()
        .map(|(v, ..)| v)
        .filter(|v| (1850.0..2200.0).contains(v))
        .collect();
    let [from, to, ..] = years[..] else { return None };
    Some(Said::of((to - from).abs().to_string(), &[first]))
}

fn people(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    let events = read.events();
    let first = *read.best.first()?;
    if lower.contains("to how many people") || lower.contains("送给几个人") || lower.contains("给了几个人") {
        let names = super::parts::names(&events, &read.named, read.language);
        return Some(Said::of(names.len().to_string(), &events));
    }
    // One event: those there, and the patient where the question counts him in.
    let same: Vec<&Doc> = read.kind().into_iter().filter(|d| d.happened_at == first.happened_at).collect();
    let most = same.iter().max_by_key(|d| d.people.len())?;
    let oneself = ["连我", "with me", "including me", "counting me", "加上我", "我们", "all told"]
        .iter()
        .any(|w| lower.contains(w));
    let there = super::parts::names(&[*most], &[], read.language).len();
    (there > 0).then(|| Said::of((there + usize::from(oneself)).to_string(), &same))
}

/// What several notes give a number of, added up; a note that tells of one without a number counts one.
fn sum(read: &Read<'_>) -> Option<Said> {
    let noun = read.asked.counted.clone()?;
    // A fact that gives the number settles it: "all 23 stops".
    let fact = read.best.iter().take(5).filter(|d| d.kind == MemoryKind::Fact).find_map(|doc| {
        let (value, said) = number_of(text_of(doc), &noun, read.language)?;
        (said && value > 1.0).then(|| Said::of(value.to_string(), &[*doc]))
    });
    if fact.is_some() {
        return fact;
    }
    let counted: Vec<(&Doc, f64, bool)> = read
        .events()
        .into_iter()
        .filter_map(|doc| {
            let told = number_of(text_of(doc), &noun, read.language).or_else(|| number_by_label(doc, &noun))?;
            Some((doc, told.0, told.1))
        })
        .collect();
    // Where others give figures, one named in passing ("a jar as thanks") is none of them.
    let in_bulk = counted.iter().any(|(_, value, said)| *said && *value >= 5.0);
    let kept: Vec<&(&Doc, f64, bool)> = counted.iter().filter(|(_, _, said)| *said || !in_bulk).collect();
    let total: f64 = kept.iter().map(|(_, value, _)| value).sum();
    let docs: Vec<&Doc> = kept.iter().map(|(doc, ..)| *doc).collect();
    (total > 0.0).then(|| Said::of(total.to_string(), &docs))
}

/// The first number of a note that is labelled with the thing and names it otherwise: "three of four eggs have hatched", `chicks`.
fn number_by_label(doc: &Doc, noun: &str) -> Option<(f64, bool)> {
    let stemmed = crate::words::stem(noun);
    let labelled = doc.tags.iter().any(|tag| crate::words::stem(tag) == stemmed);
    let lower = text_of(doc).to_lowercase();
    let is_count = |f: &(f64, usize, usize)| f.0 >= 2.0 && f.0 < 1000.0;
    labelled.then(|| figures(&lower).into_iter().find(is_count)).flatten().map(|(value, ..)| (value, true))
}

/// The number a note gives of a thing: "18 jars", "stung me twice", "a sting".
fn number_of(text: &str, noun: &str, language: Language) -> Option<(f64, bool)> {
    let lower = text.to_lowercase();
    if language == Language::ZhCn {
        return figures(&lower)
            .into_iter()
            .find(|(_, _, end)| lower[*end..].starts_with(noun))
            .map(|(v, ..)| (v, true));
    }
    let stemmed = crate::words::stem(noun);
    let mut from = 0;
    let mut named = None;
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let at = from + lower[from..].find(word)?;
        from = at + word.len();
        if crate::words::stem(word) != stemmed {
            continue;
        }
        // "At the Bird Fair I sold three birds": the one that a number stands with.
        match number_at(&lower, at, from) {
            Some((value, true)) => return Some((value, true)),
            other => named = named.or(other),
        }
    }
    named
}

/// The number that stands with a noun at a place of a text; one, not said, where there is none; `None` where it is denied.
fn number_at(lower: &str, from: usize, to: usize) -> Option<(f64, bool)> {
    let before = &lower[..from];
    let clause = before.rsplit(['.', ';', ':', '!']).next().unwrap_or(before);
    if [" no ", " not ", "nobody", "never", "without"].iter().any(|w| format!(" {clause}").contains(w)) {
        return None;
    }
    let near = figures(clause).into_iter().last().filter(|(_, _, end)| clause[*end..].split_whitespace().count() <= 2);
    let after: String = lower[to..].chars().take(24).collect();
    let repeated = [("twice", 2.0), ("three times", 3.0), ("four times", 4.0)]
        .iter()
        .find(|(w, _)| after.contains(w))
        .map(|(_, n)| *n);
    near.map(|(v, ..)| v).or(repeated).map(|v| (v, true)).or(Some((1.0, false)))
}

/// "By how many birds has the flock grown from one count to the next?", 涨了几米: what lies between the figures of the two notes that share
/// most with the question.
fn grown(read: &Read<'_>) -> Option<Said> {
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

/// Of the parts of a sentence that hold a figure, the one that shares most with the question: 摘了七斤，送给他两斤.
fn clause_asked(sentence: &str, read: &Read<'_>) -> String {
    let wanted: Vec<String> = terms(&read.asked.lower, read.language).into_iter().map(|(t, _)| t).collect();
    let shared = |part: &&str| terms(part, read.language).iter().filter(|(t, _)| wanted.contains(t)).count();
    let parts = sentence.split([',', '，', ';', '；', ':', '：']).filter(|part| !figures(part).is_empty());
    // Of several as good the first.
    parts.rev().max_by_key(shared).unwrap_or_default().to_owned()
}

/// The number beside the words asked about, in the best note that has one.
fn amount(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    let money = ["how much", "cost", "price", "pay", "多少钱", "几块", "多少块"].iter().any(|w| lower.contains(w));
    for doc in read.best.iter().take(3) {
        let sentence = super::phrases::sentence(doc, read).to_lowercase();
        let clause = clause_asked(&sentence, read);
        for text in [clause, sentence, text_of(doc).to_lowercase()] {
            let all = figures(&text);
            let is_money = |f: &(f64, usize, usize)| {
                ["块", "元", "毛", "角", " pound", " pence", "p ", " euro", " dollar"]
                    .iter()
                    .any(|u| text[f.2..].starts_with(u))
                    || text[..f.1].ends_with(['£', '$', '€'])
            };
            let of_noun = |f: &(f64, usize, usize)| {
                read.asked.counted.as_ref().is_some_and(|noun| {
                    let near: String = text[f.2..].chars().take(if noun.is_ascii() { 24 } else { 4 }).collect();
                    if noun.is_ascii() {
                        near.split(|c: char| !c.is_alphanumeric())
                            .take(4)
                            .any(|w| crate::words::stem(w) == crate::words::stem(noun))
                    } else {
                        near.starts_with(noun.as_str())
                    }
                })
            };
            let found =
                if money { all.iter().find(|f| is_money(f)) } else { all.iter().find(|f| of_noun(f) && f.0 > 1.0) };
            let dated = |f: &&(f64, usize, usize)| {
                !text[f.2..].starts_with(['年', '月', '日', '号']) && !(1900.0..2100.0).contains(&f.0)
            };
            if let Some((value, ..)) = found.or_else(|| all.iter().find(dated).filter(|_| !money)) {
                return Some(Said::of(value.to_string(), &[doc]));
            }
        }
    }
    None
}
