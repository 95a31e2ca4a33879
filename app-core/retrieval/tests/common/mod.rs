//! Notes for the tests of this folder.

use reme_retrieval::Doc;
use reme_types::MemoryKind;

/// A note recorded on the day it tells of; without a day a fact.
pub(crate) fn note(id: &str, day: &str, text: &str, people: &[&str], tags: &[&str]) -> Doc {
    Doc {
        id: id.into(),
        kind: if day.is_empty() { MemoryKind::Fact } else { MemoryKind::Episode },
        happened_at: day.parse().ok(),
        recorded_at: if day.is_empty() { "2025-01-01" } else { day }.parse().expect("a day"),
        text: text.into(),
        photo_text: String::new(),
        people: people.iter().map(|p| (*p).to_owned()).collect(),
        place: None,
        tags: tags.iter().map(|t| (*t).to_owned()).collect(),
        sensitive: false,
    }
}
