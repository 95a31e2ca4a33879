//! What a person's own question may bring up.
//!
//! Where in the flow: between what a search found and the person's screen; the carer's search does not pass here.
//! What it must never do: let a sensitive memory through, as itself or as the ground of an answer.

use crate::dto::FoundDto;

/// The same without what is marked sensitive. An answer that rests on such a memory is not given: to the person it is as if there
/// were none.
#[must_use]
pub fn for_the_person(mut found: FoundDto) -> FoundDto {
    let is_open = |id: &String| found.memories.iter().any(|memory| memory.id == *id && !memory.sensitive);
    let rests_on_hidden = !found.cited.iter().all(is_open);
    found.memories.retain(|memory| !memory.sensitive);
    if rests_on_hidden {
        found.answer_text = None;
        found.cited = Vec::new();
        (found.support, found.exceptions) = (None, None);
        (found.nothing_found, found.nothing_text) = (true, None);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::MemoryDto;

    fn memory(id: &str, sensitive: bool) -> MemoryDto {
        MemoryDto {
            id: id.into(),
            kind: "episode".into(),
            happened_at: None,
            recorded_at: "2026-05-01".into(),
            text: "A note.".into(),
            people: vec![],
            place: None,
            tags: vec![],
            source: "patient".into(),
            sensitive,
            media: vec![],
            recordings: vec![],
            facts: vec![],
            deleted: false,
        }
    }

    fn found(cited: &[&str]) -> FoundDto {
        FoundDto {
            memories: vec![memory("open", false), memory("hidden", true)],
            answer_text: Some("It was.".into()),
            cited: cited.iter().map(|id| (*id).to_owned()).collect(),
            level: 1,
            rule_in_words: None,
            support: Some(2),
            exceptions: Some(0),
            nothing_found: false,
            nothing_text: None,
        }
    }

    #[test]
    fn a_sensitive_memory_is_never_brought_up_and_other_answers_stay() {
        let kept = for_the_person(found(&["open"]));
        assert_eq!(kept.memories.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["open"]);
        assert_eq!((kept.answer_text.as_deref(), kept.nothing_found), (Some("It was."), false));
    }

    #[test]
    fn an_answer_that_rests_on_one_is_not_given() {
        for cited in [&["hidden"][..], &["open", "hidden"], &["gone"]] {
            let kept = for_the_person(found(cited));
            assert_eq!((kept.answer_text, kept.support, kept.cited.len()), (None, None, 0), "{cited:?}");
            assert!(kept.nothing_found && kept.memories.iter().all(|m| !m.sensitive));
        }
    }
}
