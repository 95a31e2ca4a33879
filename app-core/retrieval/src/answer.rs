//! A short answer read off the best notes: a count, a day, a name, a place, or the telling sentence. No invention.

use reme_types::Language;

use crate::{
    Doc, Level,
    question::{Asked, Wanted},
    words::terms,
};

/// Notes that score at least this share of the best count as of the same kind. [design]
const OF_THE_KIND: f64 = 0.55;

pub(crate) fn read_off(asked: &Asked, best: &[&Doc], scores: &[f64], language: Language) -> Option<String> {
    let first = best.first()?;
    let other_name = |doc: &Doc| doc.people.iter().find(|p| !asked.lower.contains(&p.to_lowercase())).cloned();
    match asked.wanted {
        Wanted::HowMany if asked.level != Level::ExplicitFact => {
            let kind = scores.iter().take_while(|s| **s >= OF_THE_KIND * scores[0]).count();
            Some(kind.to_string())
        }
        Wanted::When => {
            first.happened_at.map(|h| h.first_day().to_string()).or_else(|| sentence(asked, first, language))
        }
        Wanted::Who => other_name(first).or_else(|| sentence(asked, first, language)),
        Wanted::Where => first.place.clone().or_else(|| sentence(asked, first, language)),
        _ => sentence(asked, first, language),
    }
}

/// The sentence of the note that shares most with the question.
fn sentence(asked: &Asked, doc: &Doc, language: Language) -> Option<String> {
    let wanted: Vec<String> = terms(&asked.lower, language).into_iter().map(|(t, _)| t).collect();
    let parts = doc.text.split_inclusive(['.', '!', '?', '。', '！', '？', ';', '；']);
    parts
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .max_by_key(|s| terms(s, language).iter().filter(|(t, _)| wanted.contains(t)).count())
        .map(str::to_owned)
}
