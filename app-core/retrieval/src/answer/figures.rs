//! Answers that are counted or worked out: how many, how often, how old, how long, how much.

use reme_types::{Language, MemoryKind};

use super::{
    Read, Said,
    ages::{age, age_apart, told_age},
    spells::{grown, spell, years},
    text_of,
};
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
        let sentence = super::sentences::sentence(doc, read).to_lowercase();
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
            // One figure alone may be meant; of several any may be.
            let mut plain = all.iter().filter(dated);
            let only = plain.next().filter(|_| plain.next().is_none() && !money);
            if let Some((value, ..)) = found.or(only) {
                return Some(Said::of(value.to_string(), &[doc]));
            }
        }
    }
    None
}
