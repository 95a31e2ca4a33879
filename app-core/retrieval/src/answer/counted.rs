//! "How many times did I … with … in …": every note that meets what the question says, however many there are.
//!
//! The time, the people and the place of the question are conditions, and so is the deed: what is merely like it does not count. In a
//! log of years there is much that is like it. What it must never do: count where the deed is told in other words than the question's;
//! there the notes of the kind are counted instead.

use std::collections::BTreeSet;

use reme_types::MemoryKind;

use super::{Read, text_of};
use crate::{
    Doc,
    corpus::is_framework,
    people::was_there,
    words::{is_plain, meanings, terms},
};

/// Most words a deed is told by: with more of them notes are too likely to leave one out. [design]
const LONGEST_DEED: usize = 2;

/// Words of a counting question that tell no deed.
const IDLE: &str = "something someth anything anyth thing time 东西 次 回 趟 几次 几回 几趟 多少次 多少回 一起 一块儿";

/// The notes that meet the time, the people, the place and the deed of the question, in the order of their days; `None` where it names
/// not both a time and people, or tells the deed in more or other words.
pub(super) fn all_that_meet<'a>(read: &'a Read<'_>) -> Option<Vec<&'a Doc>> {
    let span = read.asked.span.filter(|span| span.is_narrow && !read.named.is_empty())?;
    let of_time = |doc: &Doc| doc.happened_at.is_some_and(|at| span.meets(at.first_day(), at.last_day()));
    let mut meant: Vec<&Doc> = read
        .best
        .iter()
        .copied()
        .filter(|doc| doc.kind == MemoryKind::Episode && !read.fallen.contains(&doc.id) && of_time(doc))
        .filter(|doc| read.named.iter().all(|name| was_there(doc, name, read.language)))
        .collect();
    let lower = &read.asked.lower;
    let is_asked_place = |doc: &&Doc| doc.place.as_ref().is_some_and(|place| lower.contains(&place.to_lowercase()));
    if meant.iter().any(is_asked_place) {
        meant.retain(is_asked_place);
    }
    let deed: Vec<String> = deed(read, &meant);
    if deed.is_empty() || deed.len() > LONGEST_DEED {
        return None;
    }
    let held: Vec<BTreeSet<String>> = meant.iter().map(|doc| words_of(doc, read)).collect();
    // The word itself or another for it.
    let holds = |own: &BTreeSet<String>, word: &String| {
        own.contains(word) || meanings(word, read.language).iter().any(|(other, _)| own.contains(other))
    };
    let mut counted: Vec<&Doc> = meant
        .iter()
        .zip(&held)
        .filter(|(_, own)| deed.iter().all(|word| holds(own, word)))
        .map(|(doc, _)| *doc)
        .collect();
    counted.sort_by_key(|doc| doc.happened_at.map(|at| at.first_moment()));
    counted.dedup_by(|a, b| is_one_event(a, b));
    (!counted.is_empty()).then_some(counted)
}

/// What was done, as terms: the question without its names, its places and its frame.
fn deed(read: &Read<'_>, meant: &[&Doc]) -> Vec<String> {
    let names = read.named.iter().chain(
        meant
            .iter()
            .filter_map(|doc| doc.place.as_ref())
            .filter(|place| read.asked.lower.contains(&place.to_lowercase())),
    );
    let known: BTreeSet<String> = names.flat_map(|name| terms(name, read.language)).map(|(term, _)| term).collect();
    let relations: BTreeSet<String> = reme_lexicon::relation_words()
        .iter()
        .flat_map(|word| terms(word, read.language))
        .map(|(term, _)| term)
        .collect();
    let mut deed: Vec<String> = terms(&read.asked.lower, read.language)
        .into_iter()
        .map(|(term, _)| term)
        .filter(|term| is_plain(term) && !known.contains(term) && !is_framework(term))
        .filter(|term| !relations.contains(term))
        .filter(|term| !term.chars().any(|c| c.is_ascii_digit()) && !is_of_time(term))
        .filter(|term| !IDLE.split_whitespace().any(|idle| idle == term))
        .collect();
    deed.sort();
    deed.dedup();
    deed
}

/// 三月份, 上个月, 星期: the time has been read from them.
fn is_of_time(term: &str) -> bool {
    !term.is_ascii() && term.chars().any(|c| "年月日号天周".contains(c))
}

fn words_of(doc: &Doc, read: &Read<'_>) -> BTreeSet<String> {
    let fields = [text_of(doc).to_owned(), doc.tags.join(" \u{b7} ")];
    fields.iter().flat_map(|field| terms(field, read.language)).map(|(term, _)| term).collect()
}

/// Two records of one event.
fn is_one_event(a: &Doc, b: &Doc) -> bool {
    let hour = |doc: &Doc| doc.happened_at.filter(|at| matches!(at, reme_types::When::Minute(_)));
    hour(a).is_some() && hour(a) == hour(b) && a.tags.iter().any(|tag| b.tags.contains(tag))
}
