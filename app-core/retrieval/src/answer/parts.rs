//! Pieces of answers: days, names, the alternatives a question offers.

use reme_types::{Language, MONTHS_EN};

use super::{Read, Said, sentences::sentence, text_of};
use crate::{
    Doc,
    words::{is_plain, stem, terms},
};

/// The days of some notes, each once.
pub(super) fn days(docs: &[&Doc]) -> Said {
    let mut days: Vec<String> = docs.iter().filter_map(|d| d.happened_at).map(|h| h.first_day().to_string()).collect();
    days.dedup();
    Said::of(days.join("; "), docs)
}

/// The months of some notes, each once.
pub(super) fn months(docs: &[&Doc], language: Language) -> Said {
    let mut months: Vec<i8> = docs.iter().filter_map(|d| d.happened_at).map(|h| h.first_day().month()).collect();
    months.dedup();
    let (named, joint): (Vec<String>, _) = match language {
        Language::En => (months.iter().map(|m| MONTHS_EN[*m as usize - 1].to_owned()).collect(), "; "),
        Language::ZhCn => (months.iter().map(|m| format!("{m}月")).collect(), "；"),
    };
    Said::of(named.join(joint), docs)
}

/// Everybody the notes name, without those the question names and without the writers.
pub(super) fn names(docs: &[&Doc], asked: &[String], language: Language) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for doc in docs {
        for name in &doc.people {
            let known = out.contains(name) || asked.contains(name);
            if !known && crate::people::was_there(doc, name, language) {
                out.push(name.clone());
            }
        }
    }
    out
}

/// The one person a note answers with: what a correction says, the one with the title asked for, the one in the sentence that answers.
/// `None` where several may be meant.
pub(super) fn name(doc: &Doc, read: &Read<'_>) -> Option<String> {
    let text = text_of(doc);
    let asked = &read.asked.lower;
    let is_asked = |name: &str| match read.language {
        Language::ZhCn => asked.contains(&name.to_lowercase()),
        Language::En => {
            let first = name.to_lowercase();
            first
                .split(' ')
                .filter(|w| w.len() > 2 && !matches!(*w, "mrs" | "miss"))
                .any(|w| asked.split(|c: char| !c.is_alphanumeric()).any(|a| a == w))
        }
    };
    let candidates: Vec<&String> = doc.people.iter().filter(|p| !is_asked(p)).collect();
    if let Some(put_right) = corrected_to(text)
        && let Some(name) = candidates
            .iter()
            .find(|n| put_right.contains(n.as_str()) || n.split(' ').any(|w| w.len() > 3 && put_right.contains(w)))
    {
        return Some((*name).clone());
    }
    const TITLES: [(&str, &[&str]); 6] = [
        ("doctor", &["Dr"]),
        ("nurse", &["Nurse", "Sister"]),
        ("surgeon", &["Dr", "Mr"]),
        ("医生", &["医生", "大夫"]),
        ("大夫", &["医生", "大夫"]),
        ("护士", &["护士"]),
    ];
    if let Some((_, titles)) = TITLES.iter().find(|(word, _)| asked.contains(word))
        && let Some(name) = candidates.iter().find(|n| titles.iter().any(|t| n.contains(t)))
    {
        return Some((*name).clone());
    }
    let sentence = sentence(doc, read);
    // 耍赖的是我: the patient, whom no list names.
    if sentence.contains("的是我") || asked.contains("谁") && sentence.contains("是我，不是") {
        return None;
    }
    // …的是某某 says who it was.
    if let Some(name) = candidates.iter().find(|name| sentence.contains(&format!("的是{name}"))) {
        return Some((*name).clone());
    }
    let mut inside: Vec<(usize, &String)> =
        candidates.iter().filter_map(|name| Some((place_in(sentence, name)?, *name))).collect();
    inside.sort();
    match &inside[..] {
        [(_, only)] => Some((*only).clone()),
        // The sentence speaks of nobody by name, or of those asked about: the only other one in the note.
        [] => match &candidates[..] {
            [only] => Some((*only).clone()),
            _ => None,
        },
        several => by_part(sentence, several, read).cloned(),
    }
}

/// Where a name, or the first telling word of it, stands in a text.
fn place_in(text: &str, name: &str) -> Option<usize> {
    let first = name.split(' ').find(|w| w.len() > 3).unwrap_or(name);
    text.find(name).or_else(|| text.find(first))
}

/// Of several people in a sentence the one who has the part asked for: who did it stands before what was done, whom it was done to or
/// with stands after. `None` where that settles nothing.
fn by_part<'a>(sentence: &str, several: &[(usize, &'a String)], read: &Read<'_>) -> Option<&'a String> {
    let lower = read.asked.lower.as_str();
    let is_to = ["whom", "who did i", "who did we", "跟谁", "和谁", "给谁", "替谁", "向谁", "找谁", "帮谁", "同谁"]
        .iter()
        .any(|w| lower.contains(w));
    // The rarest word of the question in the sentence that is nobody's name.
    let deed = read
        .rarity
        .iter()
        .filter(|(term, _)| {
            is_plain(term) && !several.iter().any(|(_, name)| name.to_lowercase().contains(term.as_str()))
        })
        .filter_map(|(term, rarity)| Some((*rarity, place_of_term(sentence, term, read.language)?)))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let (_, at) = deed?;
    let clause_start = sentence[..at].rfind([',', '，', ':', '：']).map_or(0, |comma| comma + 1);
    let clause_end = sentence[at..].find([',', '，', ':', '：']).map_or(sentence.len(), |comma| at + comma);
    let beside: Vec<&(usize, &String)> =
        several.iter().filter(|(place, _)| (clause_start..clause_end).contains(place)).collect();
    let before = beside.iter().rev().find(|(place, _)| *place < at);
    let after = beside.iter().find(|(place, _)| *place > at);
    match (is_to, before, after) {
        (false, Some((_, name)), None) => Some(name),
        (true, None, Some((_, name))) => Some(name),
        (false, Some((_, name)), Some(_)) if beside.iter().filter(|(place, _)| *place < at).count() == 1 => Some(name),
        (true, Some(_), Some((_, name))) if beside.iter().filter(|(place, _)| *place > at).count() == 1 => Some(name),
        _ => None,
    }
}

fn place_of_term(sentence: &str, term: &str, language: Language) -> Option<usize> {
    if language == Language::ZhCn {
        return sentence.find(term);
    }
    let mut from = 0;
    sentence.split(|c: char| !(c.is_alphanumeric() || c == '\'')).find_map(|word| {
        let at = from;
        from += word.len() + sentence[from + word.len()..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty() && stem(&word.to_lowercase()) == term).then_some(at)
    })
}

/// What a note that puts something right says instead: after "but", "it was", 是.
fn corrected_to(text: &str) -> Option<&str> {
    if let Some((_, rest)) = text.split_once("不是") {
        return rest.find('是').map(|at| &rest[at..]);
    }
    let lower_not = text.find(" not ").or_else(|| text.find("n't "))?;
    let rest = &text[lower_not..];
    let but = rest.find(" but ").map(|at| &rest[at..]);
    but.or_else(|| text.find("it was ").filter(|at| *at + 7 < lower_not || *at > lower_not).map(|at| &text[at..]))
}

/// What "A or B", A还是B, "A和B，哪个…" offer.
pub(super) fn alternatives(question: &str) -> Option<Vec<String>> {
    let plain = question.trim().trim_end_matches(['?', '？', '。', '.']);
    let clean = |text: &str| {
        text.trim()
            .trim_start_matches("the ")
            .trim_matches(|c: char| !c.is_alphanumeric())
            .trim_start_matches(['是'])
            .to_owned()
    };
    if plain.is_ascii() || plain.contains(" or ") {
        let (left, right) = plain.rsplit_once(" or ")?;
        let left = left.rsplit([',', ':']).next()?;
        return Some(vec![left.trim().to_owned(), right.trim().to_owned()]);
    }
    if let Some((left, right)) = plain.split_once("还是") {
        let left = left.rsplit(['，', ',', '：', '是']).find(|p| !p.trim().is_empty())?;
        return Some(vec![clean(left), clean(right)]);
    }
    let head = plain.split(['，', ',', '：']).find(|part| part.contains(['和', '跟', '与']))?;
    let (left, right) = head.split_once(['和', '跟', '与'])?;
    Some(vec![clean(left), clean(right)])
}

/// The note that shares most with some words.
pub(super) fn best_for<'a>(words: &str, docs: &[&'a Doc], language: Language) -> Option<&'a Doc> {
    let wanted: Vec<String> =
        terms(words, language).into_iter().map(|(t, _)| t).filter(|t| !t.starts_with('~')).collect();
    let shared = |doc: &Doc| {
        let own: Vec<String> = terms(&doc.text, language).into_iter().map(|(t, _)| t).collect();
        wanted.iter().filter(|w| own.contains(w)).count()
    };
    let mut best: Option<(&Doc, usize)> = None;
    for doc in docs.iter().take(10).filter(|d| d.happened_at.is_some()) {
        let count = shared(doc);
        if count > best.map_or(0, |(_, c)| c) {
            best = Some((doc, count));
        }
    }
    best.map(|(doc, _)| doc)
}
