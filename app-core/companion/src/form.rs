//! A memory on its way in: a form is checked field by field and becomes an [`Entry`], which is kept as it is.
//!
//! What it must never do: change what was written beyond cleaning it, or take a field it cannot read back.

use std::collections::BTreeSet;

use reme_capture::{Photo, clean_text, photo_time};
use reme_store::{StoreError, Tx};
use reme_types::{MediaId, MediaRole, Memory, MemoryId, MemoryKind, Patient, PersonId, Sensitivity, Source, When};

use crate::{Companion, Problem, dto::MemoryInputDto, household::ReMeError, media::keep_photo};

/// Most people, tags and photos of one memory [design].
const MOST_ITEMS: usize = 50;
/// Longest name of a person or place, and longest tag, characters [design].
pub(crate) const NAME_MOST_CHARS: usize = 80;

/// A memory, checked and ready to be kept; people and place still by name.
pub(crate) struct Entry {
    pub(crate) external_id: Option<String>,
    pub(crate) kind: MemoryKind,
    pub(crate) happened_at: Option<When>,
    pub(crate) recorded_at: When,
    pub(crate) text: String,
    pub(crate) people: Vec<String>,
    pub(crate) place: Option<String>,
    pub(crate) tags: BTreeSet<String>,
    pub(crate) source: Source,
    pub(crate) sensitive: bool,
    /// Photos that are kept already.
    pub(crate) media: Vec<MediaId>,
}

impl Companion {
    /// Checks a form; `old` is the memory it changes.
    pub(crate) fn read_form(
        &self,
        input: &MemoryInputDto,
        patient: &Patient,
        old: Option<&Memory>,
    ) -> Result<Entry, ReMeError> {
        let now = self.now(patient);
        let kind = choice("kind", &input.kind, &[("episode", MemoryKind::Episode), ("fact", MemoryKind::Fact)])?;
        let sources = [("patient", Source::Patient), ("caregiver", Source::Caregiver), ("wearable", Source::Wearable)];
        let source = choice("source", &input.source, &sources)?;
        let happened_at = read_when("happened_at", input.happened_at.as_deref())?;
        not_after(happened_at, now.first_day())?;
        let media = self.read_media(&input.media, old)?;
        let text = if input.text.trim().is_empty() && !media.is_empty() {
            String::new() // a photo may stand alone
        } else {
            clean_text(&input.text)?
        };
        for (field, names) in [("people", &input.people[..]), ("place", input.place.as_slice())] {
            at_most(field, names.len(), MOST_ITEMS)?;
            if names.iter().any(|n| n.trim().chars().count() > NAME_MOST_CHARS) {
                return Err(ReMeError::Invalid { field, problem: Problem::Length { most: NAME_MOST_CHARS } });
            }
        }
        let (tags, tagged_sensitive) = read_tags(&input.tags)?;
        Ok(Entry {
            external_id: old.and_then(|m| m.external_id.clone()),
            kind,
            happened_at,
            recorded_at: now,
            text,
            people: unique(input.people.iter().cloned()),
            place: input.place.as_ref().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()),
            tags,
            source,
            sensitive: input.sensitive || tagged_sensitive,
            media,
        })
    }

    fn read_media(&self, ids: &[String], old: Option<&Memory>) -> Result<Vec<MediaId>, ReMeError> {
        at_most("media", ids.len(), MOST_ITEMS)?;
        let missing = || ReMeError::Invalid { field: "media", problem: Problem::NoPhoto };
        let mut media: Vec<MediaId> = Vec::new();
        for id in ids {
            let id: MediaId = id.parse().map_err(|_| missing())?;
            let had = old.is_some_and(|m| m.media.contains(&id));
            // Only an original has renditions; a recording has none.
            let is_photo = || Ok::<_, StoreError>(self.store.rendition(&id, MediaRole::Thumb)?.is_some());
            let is_sound =
                || Ok::<_, StoreError>(self.store.media_mime(&id)?.is_some_and(|mime| mime.starts_with("audio/")));
            if !(had || is_photo()? || is_sound()?) {
                return Err(missing());
            }
            if !media.contains(&id) {
                media.push(id);
            }
        }
        Ok(media)
    }

    /// When the first photo that knows was taken.
    pub(crate) fn taken_at(&self, media: &[MediaId], today: jiff::civil::Date) -> Result<Option<When>, ReMeError> {
        for id in media {
            if let Some(when) = photo_time(&self.store.media(id)?.0, today) {
                return Ok(Some(when));
            }
        }
        Ok(None)
    }
}

impl Entry {
    pub(crate) fn memory(
        &self,
        tx: &mut Tx<'_>,
        id: MemoryId,
        photos: &[(&[u8], Photo)],
    ) -> Result<Memory, StoreError> {
        let mut media = self.media.clone();
        for (bytes, photo) in photos {
            media.push(keep_photo(tx, bytes, photo)?);
        }
        Ok(Memory {
            id,
            external_id: self.external_id.clone(),
            kind: self.kind,
            happened_at: self.happened_at,
            recorded_at: self.recorded_at,
            text: self.text.clone(),
            people: ids_of(tx, &self.people)?,
            place: self.place.as_deref().map(|p| tx.place_called(p)).transpose()?,
            tags: self.tags.clone(),
            source: self.source,
            sensitivity: if self.sensitive { Sensitivity::Sensitive } else { Sensitivity::Ordinary },
            consent: None,
            media,
            deleted_at: None,
        })
    }
}

/// Lower case, each once; whether `sensitive` was among them.
pub(crate) fn read_tags(tags: &[String]) -> Result<(BTreeSet<String>, bool), ReMeError> {
    at_most("tags", tags.len(), MOST_ITEMS)?;
    let mut tags: BTreeSet<String> = tags.iter().map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty()).collect();
    if tags.iter().any(|t| t.chars().count() > NAME_MOST_CHARS) {
        return Err(ReMeError::Invalid { field: "tags", problem: Problem::Length { most: NAME_MOST_CHARS } });
    }
    let sensitive = tags.remove("sensitive");
    Ok((tags, sensitive))
}

pub(crate) fn read_when(field: &'static str, text: Option<&str>) -> Result<Option<When>, ReMeError> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| ReMeError::Invalid { field, problem: Problem::Time }),
    }
}

pub(crate) fn not_after(when: Option<When>, today: jiff::civil::Date) -> Result<(), ReMeError> {
    if when.is_some_and(|w| w.first_day() > today) {
        return Err(ReMeError::Invalid { field: "happened_at", problem: Problem::AfterToday { today } });
    }
    Ok(())
}

pub(crate) fn at_most(field: &'static str, len: usize, most: usize) -> Result<(), ReMeError> {
    if len > most { Err(ReMeError::Invalid { field, problem: Problem::TooMany { most } }) } else { Ok(()) }
}

/// One of a closed set of words.
pub(crate) fn choice<T: Copy>(field: &'static str, text: &str, words: &[(&str, T)]) -> Result<T, ReMeError> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let allowed = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        ReMeError::Invalid { field, problem: Problem::Choice { allowed } }
    })
}

pub(crate) fn memory_id(text: &str) -> Result<MemoryId, ReMeError> {
    text.parse().map_err(|_| StoreError::NotFound { what: "memory", id: String::new() }.into())
}

pub(crate) fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()) {
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

fn ids_of(tx: &mut Tx<'_>, names: &[String]) -> Result<Vec<PersonId>, StoreError> {
    let mut ids: Vec<PersonId> = Vec::new();
    for name in names {
        let id = tx.person_called(name)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}
