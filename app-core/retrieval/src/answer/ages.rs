//! Ages: how old somebody was or is, who is older and by how much.

use jiff::{Unit, civil::Date};
use reme_types::{Language, MemoryKind};

use super::{Read, Said, text_of};
use crate::rules::figures;

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

pub(super) fn age(read: &Read<'_>) -> Option<Said> {
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
    // A cat has its own age, if a note tells it; the patient's is asked for by "I", or by the carer's word for them.
    let of_nobody = read.named.is_empty() && !oneself && !reme_lexicon::relation_words().iter().any(|w| says(lower, w));
    if of_nobody && let Some(told) = told_age(read) {
        return Some(told);
    }
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
pub(super) fn told_age(read: &Read<'_>) -> Option<Said> {
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
pub(super) fn age_apart(read: &Read<'_>) -> Option<Said> {
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

/// Whether a question has a word; English ones whole.
fn says(lower: &str, word: &str) -> bool {
    if word.is_ascii() { lower.split(|c: char| !c.is_alphanumeric()).any(|w| w == word) } else { lower.contains(word) }
}
