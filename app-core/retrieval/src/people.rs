//! Who is meant and who was there: names in a question, relations the facts settle, and people who are named but were away.

use std::collections::BTreeSet;

use reme_types::{Language, MemoryKind};

use crate::Doc;

/// Words beside a name that say the person was not there.
const AWAY_EN: &str = "was away|is away|were away|away at|away in|away for|had a cold|was ill|was poorly|couldn't come|could not come|did not come|\
didn't come|was not there|wasn't there|sent apologies|sent his apologies|sent her apologies|was at the|stayed at home|stayed home|was in hospital|\
missed|cancelled|on holiday|gone to|is at her|is at his|was at her|was at his";
const AWAY_ZH: &str = "去外地|到外地|走不开|没得空|有事没|来不成|不得空|没法来|没来|没能来|不在|来不了|没到|没去|请假|出差|回老家|住院|没赶上|缺席|没露面";

/// Words of a sentence that say nobody else was there, whoever else it names.
const ALONE_EN: [&str; 5] = ["alone this time", "all alone", "on my own", "by myself", "went alone"];
const ALONE_ZH: [&str; 5] = ["我一个人", "自己一个人", "，一个人", "独自", "就我自己"];

/// Names of the notes that a lower-case question speaks of, longest match first.
pub(crate) fn named<'a>(lower: &str, docs: impl Iterator<Item = &'a Doc>, language: Language) -> BTreeSet<String> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut facts: Vec<&Doc> = Vec::new();
    for doc in docs {
        names.extend(doc.people.iter().map(String::as_str));
        if doc.kind == MemoryKind::Fact {
            facts.push(doc);
        }
    }
    let mut found: BTreeSet<String> =
        names.iter().filter(|n| is_named(lower, n, language)).map(|n| (*n).to_owned()).collect();
    // "my son", 我妹妹: the facts say who that is.
    for relation in reme_lexicon::relation_words() {
        let said = match language {
            Language::En => words(lower).any(|w| w == *relation),
            Language::ZhCn => relation.chars().count() > 1 && lower.contains(relation),
        };
        if !said || matches!(*relation, "mum" | "dad" | "mam" | "ma" | "爸爸" | "妈妈") {
            continue;
        }
        for doc in &facts {
            for word in reme_lexicon::same_relation(relation) {
                found.extend(
                    names
                        .iter()
                        .filter(|n| follows(&doc.text.to_lowercase(), word, n, language))
                        .map(|n| (*n).to_owned()),
                );
            }
        }
    }
    found
}

fn words(lower: &str) -> impl Iterator<Item = &str> {
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// Whether a question names this person: the whole name, or one telling part of it.
fn is_named(lower: &str, name: &str, language: Language) -> bool {
    let name = name.to_lowercase();
    match language {
        Language::ZhCn => lower.contains(&name),
        Language::En => words(&name)
            .filter(|part| {
                part.len() > 2 && !matches!(*part, "mrs" | "miss" | "the" | "aunt" | "uncle" | "father" | "nurse")
            })
            .any(|part| words(lower).any(|w| w == part)),
    }
}

/// 妹妹何秀芳, "daughter Ann", "wife is Joan": the name right after the relation.
fn follows(fact: &str, relation: &str, name: &str, language: Language) -> bool {
    let name = name.to_lowercase();
    match language {
        Language::ZhCn => fact.match_indices(relation).any(|(at, _)| {
            let near: String = fact[at + relation.len()..].chars().take(6).collect();
            near.contains(&name)
        }),
        Language::En => {
            let all: Vec<&str> = words(fact).collect();
            let first = words(&name).next().unwrap_or("").to_owned();
            all.iter().enumerate().any(|(at, w)| *w == relation && all.iter().skip(at + 1).take(2).any(|x| *x == first))
        }
    }
}

/// Whether somebody was really met in a note: named otherwise than as absent, or as whose place it was.
pub(crate) fn was_there(doc: &Doc, name: &str, language: Language) -> bool {
    if !doc.people.iter().any(|p| p == name) {
        return false;
    }
    let text = doc.text.to_lowercase();
    let lower = name.to_lowercase();
    let first = match language {
        Language::En => words(&lower).find(|w| w.len() > 2).unwrap_or(&lower).to_owned(),
        Language::ZhCn => lower.clone(),
    };
    let mut mentioned = false;
    for sentence in text.split_inclusive(['.', ';', '。', '；', '!', '！']) {
        let is_alone = match language {
            Language::En => ALONE_EN.iter().any(|w| sentence.contains(w)),
            Language::ZhCn => ALONE_ZH.iter().any(|w| sentence.contains(w)),
        };
        for clause in sentence.split_inclusive([',', '，', ':', '：']) {
            let Some(at) = clause.find(&first) else { continue };
            mentioned = true;
            let mut after = &clause[at + first.len()..];
            // "Cliff, who has a spare, is away": what is said of him stands behind the clause.
            let behind = sentence
                .find(&format!("{first}, who "))
                .and_then(|from| sentence[from + first.len() + 1..].split_once(','));
            if let Some((_, rest)) = behind.filter(|_| after.trim_end() == ",") {
                after = rest;
            }
            let away = match language {
                Language::En => AWAY_EN.split('|').any(|a| after.contains(a)),
                Language::ZhCn => AWAY_ZH.split('|').any(|a| after.contains(a)) || has_gone(after),
            };
            let whose = language == Language::En
                && (after.starts_with("'s") || after.starts_with("\u{2019}s"))
                && !after.contains(" and ");
            if !away && !whose && !is_alone {
                return true;
            }
        }
    }
    // Under another name ("Dad", a name misheard): the list of people says so.
    !mentioned
}

/// What follows a name says that the person has gone somewhere else: 回乡下看她妹妹去了, 上北京了.
fn has_gone(after: &str) -> bool {
    let clause = after.trim_end_matches(['，', '。', '；', '：', '！', ' ']);
    let leaves = ["回乡", "回老家", "回娘家", "上外地", "到外地", "去外地"].iter().any(|w| clause.starts_with(w));
    leaves || (clause.starts_with(['回', '到', '上']) && clause.ends_with("去了"))
}

/// Whether the note was written by somebody else: it ends with the writer's name in brackets.
pub(crate) fn is_by_another(doc: &Doc) -> bool {
    let text = doc.text.trim_end();
    let inner = text.strip_suffix([')', '）']).and_then(|t| t.rfind(['(', '（']).map(|at| &t[at..]));
    inner.is_some_and(|name| {
        let name = name.trim_start_matches(['(', '（']).trim();
        !name.is_empty()
            && (doc.people.iter().any(|p| p == name || p.starts_with(name) || p.ends_with(name))
                || name.chars().count() <= 4)
    })
}

/// The text without the writer's name in brackets at its end.
pub(crate) fn without_writer(doc: &Doc) -> &str {
    let text = doc.text.trim_end();
    match text.strip_suffix([')', '）']).and_then(|t| t.rfind(['(', '（'])) {
        Some(at) if is_by_another(doc) => text[..at].trim_end(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(text: &str, people: &[&str]) -> Doc {
        Doc {
            id: "x".into(),
            kind: MemoryKind::Episode,
            happened_at: None,
            recorded_at: "2026-01-01".parse().expect("a day"),
            text: text.into(),
            photo_text: String::new(),
            people: people.iter().map(|p| (*p).to_owned()).collect(),
            place: None,
            tags: vec![],
            sensitive: false,
        }
    }

    #[test]
    fn who_is_named_is_not_always_there() {
        for (text, name, there) in [
            ("Tea with Moira in the garden.", "Moira", true),
            ("Moira was away, so I sat alone.", "Moira", false),
            ("Put the bench in Moira's garden.", "Moira", false),
            ("Moira's brother came and Moira made scones.", "Moira", true),
        ] {
            assert_eq!(was_there(&doc(text, &["Moira"]), name, Language::En), there, "{text}");
        }
        assert!(!was_there(&doc("老葛请假没来，我自己下的棋。", &["老葛"]), "老葛", Language::ZhCn));
    }

    #[test]
    fn a_writer_signs_in_brackets() {
        assert!(is_by_another(&doc("Took Mum to town. (Ann)", &["Ann"])));
        assert!(!is_by_another(&doc("We had tea (two pots).", &["Ann"])));
    }
}
