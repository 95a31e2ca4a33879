//! Looking at the photos of memories: what was found becomes suggestions, faces are put into groups.
//!
//! Where in the flow: after a memory with photos was kept. A shell takes the next photo, lets [`Eyes`] look at it without
//! holding the companion, and hands the look back. What it must never do: change a memory by itself, keep what somebody looks
//! like after they or their carer said no, or offer again what was dismissed.

use reme_store::{
    FaceRow, NewSuggestion, PhotoMark, StoreError, SuggestionFilter, SuggestionKind, SuggestionState, Tx,
};
use reme_types::{FaceGroupId, FaceId, Language, MediaId, MediaRole, Memory, MemoryId, PersonId};
use reme_vision::{
    Content, Eyes, Finding, FindingKind, Look, Part, Picture, Region, Stop,
    faces::{self, Groups, Likeness},
    likeness::{self, Mark},
};
use serde_json::{Value, json};

use crate::{
    Companion,
    dto::{RegionDto, SuggestionDto},
    household::ReMeError,
    origins::suggested,
    strings::say,
    suggestions::suggestion_dto,
};

/// A face that covers this share of its photo is asked about although it was seen once only; a smaller one may be a passer-by.
const LARGE_FACE: f32 = 0.015;
/// A group seen in so many photos is asked about, however small its faces.
const SEEN_OFTEN: usize = 2;
/// Least confidence, and least letters, of read words that are worth a question.
const LEAST_TEXT: f32 = 0.6;
const LEAST_LETTERS: usize = 2;
/// Faces that overlap more than this are one.
const SAME_FACE: f32 = 0.5;

/// A photo that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoToLook {
    /// The first memory that shows it.
    pub memory: MemoryId,
    /// The photo.
    pub media: MediaId,
    /// How many are left, this one among them.
    pub left: usize,
    /// The photo as it is shown on a screen: upright, at most 1600 px.
    bytes: Vec<u8>,
}

impl PhotoToLook {
    /// Looks at it. `now` gives the time since any fixed moment; `stop` is asked whether to end. A photo that cannot be read
    /// brings an empty look.
    pub fn look(&self, eyes: &Eyes, language: Language, now: &dyn Fn() -> std::time::Duration, stop: &Stop) -> Look {
        match Picture::read(&self.bytes) {
            Ok(picture) => eyes.look(&picture, language, now, stop),
            Err(error) => Look { troubles: vec![error.to_string()], ..Look::default() },
        }
    }
}

/// What these eyes lack, and how to get it, each in a sentence for a person to read.
pub fn missing_in_words(eyes: &Eyes, language: Language) -> Vec<String> {
    let id = |part| match part {
        Part::Faces => "seeing-missing-faces",
        Part::Text => "seeing-missing-text",
        Part::Things => "seeing-missing-things",
    };
    eyes.missing_parts().into_iter().map(|part| say(language, id(part), &[])).collect()
}

impl Companion {
    /// How many photos were not looked at yet by these eyes.
    ///
    /// # Errors
    /// What the store says.
    pub fn photos_to_look_at(&self, eyes: &Eyes) -> Result<usize, ReMeError> {
        Ok(self.store.photos_not_looked_at(&eyes.source())?.len())
    }

    /// The next photo that was not looked at, the oldest memory's first; `None` when all were. One that is damaged is marked as
    /// looked at and passed over.
    ///
    /// # Errors
    /// What the store says.
    pub fn next_photo(&mut self, eyes: &Eyes) -> Result<Option<PhotoToLook>, ReMeError> {
        let waiting = self.store.photos_not_looked_at(&eyes.source())?;
        let left = waiting.len();
        for (passed, (memory, media)) in waiting.into_iter().enumerate() {
            match self.screen_copy(&media) {
                Ok(bytes) => return Ok(Some(PhotoToLook { memory, media, left: left - passed, bytes })),
                Err(StoreError::DamagedMedia(_) | StoreError::NotFound { .. }) => {
                    self.store.transact(|tx| tx.mark_looked_at(&media, &eyes.source()))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// One photo, to be looked at again.
    ///
    /// # Errors
    /// No such photo, or in no memory outside the bin.
    pub fn photo_again(&self, media: &str) -> Result<PhotoToLook, ReMeError> {
        let missing = || StoreError::NotFound { what: "photo or recording", id: String::new() };
        let media: MediaId = media.parse().map_err(|_| missing())?;
        let memory = self.store.memories_showing(&media)?.into_iter().next().ok_or_else(missing)?;
        let bytes = self.screen_copy(&media)?;
        Ok(PhotoToLook { memory, media, left: 1, bytes })
    }

    fn screen_copy(&self, media: &MediaId) -> Result<Vec<u8>, StoreError> {
        let shown = self.store.rendition(media, MediaRole::Screen)?;
        Ok(self.store.media(shown.as_ref().unwrap_or(media))?.0)
    }

    /// Keeps what a look brought: suggestions that are new, faces in their groups, by what the photo is known again. Open
    /// suggestions of an earlier look at this photo are replaced. Of a look that was stopped nothing is kept, and the photo
    /// still waits. Returns what was offered.
    ///
    /// # Errors
    /// What the store says; nothing is kept then.
    pub fn keep_look(
        &mut self,
        photo: &PhotoToLook,
        look: &Look,
        eyes: &Eyes,
    ) -> Result<Vec<SuggestionDto>, ReMeError> {
        if look.stopped {
            return Ok(Vec::new());
        }
        let patient = self.store.patient()?;
        let (language, today) = (patient.language, self.now(&patient).first_day());
        let marks = self.store.photo_marks()?;
        let source = eyes.source();
        let origin = self.origin(&photo.media, today)?;
        let place = self.place_of(&origin)?;
        let (offered, _) = self.store.transact(|tx| {
            let memory = tx.memory(photo.memory)?;
            clear(tx, &photo.media)?;
            // An unknown position asks nothing, and is kept for the day on which its place is known.
            tx.put_photo_origin(&origin)?;
            let mut offered = Vec::new();
            if let Some(what) = place.and_then(|(near, name)| suggested(&memory, &photo.media, near, &name)) {
                offered.extend(tx.put_suggestion(&what)?);
            }
            for what in said(&memory, photo, &look.findings(), language) {
                offered.extend(tx.put_suggestion(&what)?);
            }
            offered.extend(group_faces(tx, &memory, photo, look)?);
            if let Some(mark) = &look.mark {
                offered.extend(compare(tx, photo, mark, &marks)?);
            }
            tx.mark_looked_at(&photo.media, &source)?;
            Ok(offered)
        })?;
        offered.into_iter().map(|id| Ok(suggestion_dto(&self.store.suggestion(id)?, language))).collect()
    }
}

/// Removes what an earlier look left open.
fn clear(tx: &mut Tx<'_>, media: &MediaId) -> Result<(), StoreError> {
    let open = SuggestionFilter {
        state: Some(SuggestionState::Open),
        media: Some(media.clone()),
        ..SuggestionFilter::default()
    };
    let mut unsure = Vec::new();
    for suggestion in tx.suggestions(&open)? {
        let of_looking =
            !matches!(suggestion.what.kind, SuggestionKind::Draft | SuggestionKind::Fact | SuggestionKind::Name);
        if of_looking && suggestion.what.kind != SuggestionKind::FaceGroup {
            unsure.extend(suggestion.what.payload["face"].as_str().and_then(|id| id.parse::<FaceId>().ok()));
            tx.remove_suggestion(suggestion.id)?;
        }
    }
    // Faces nobody has named, and those whose name was a guess.
    let unnamed: Vec<FaceGroupId> =
        tx.face_groups()?.into_iter().filter(|group| group.named.is_none()).map(|group| group.id).collect();
    for face in tx.faces(None, Some(media))? {
        if unnamed.contains(&face.group) || unsure.contains(&face.id) {
            tx.remove_face(face.id)?;
        }
    }
    for group in unnamed {
        if tx.faces(Some(group), None)?.is_empty() {
            remove_offer(tx, &about_group(group))?;
            tx.remove_face_group(group)?;
        }
    }
    Ok(())
}

pub(crate) fn about_group(group: FaceGroupId) -> String {
    format!("face-group:{group}")
}

/// Removes the suggestion about this, if it is open.
pub(crate) fn remove_offer(tx: &mut Tx<'_>, about: &str) -> Result<(), StoreError> {
    let filter = SuggestionFilter {
        state: Some(SuggestionState::Open),
        about: Some(about.to_owned()),
        ..SuggestionFilter::default()
    };
    let found = tx.suggestions(&filter)?;
    found.into_iter().try_for_each(|suggestion| tx.remove_suggestion(suggestion.id))
}

/// Words, things and captions that are worth a question. Colours are found in the photo itself and are no suggestion.
fn said(memory: &Memory, photo: &PhotoToLook, findings: &[Finding], language: Language) -> Vec<NewSuggestion> {
    let offer = |kind, about: String, payload: Value, finding: &Finding| NewSuggestion {
        kind,
        about,
        memory: Some(memory.id),
        media: Some(photo.media.clone()),
        person: None,
        payload,
        source: finding.source.clone(),
        confidence: f64::from(finding.confidence.clamp(0.0, 1.0)),
    };
    let mut out = Vec::new();
    for finding in findings {
        let region = finding.region.map(region_dto);
        match (finding.kind, &finding.content) {
            (FindingKind::Text, Content::AsWritten(text)) => {
                let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
                if letters >= LEAST_LETTERS && finding.confidence >= LEAST_TEXT {
                    let payload = json!({"text": text, "region": region});
                    out.push(offer(SuggestionKind::Text, format!("text:{}", photo.media), payload, finding));
                }
            }
            (FindingKind::Thing, Content::Named { en, zh }) => {
                let tag = if language == Language::En { en } else { zh };
                if !memory.tags.contains(&tag.to_lowercase()) {
                    let payload = json!({"en": en, "zh": zh});
                    out.push(offer(SuggestionKind::Thing, format!("thing:{}:{en}", photo.media), payload, finding));
                }
            }
            (FindingKind::Caption, Content::AsWritten(text)) => {
                let payload = json!({"text": text});
                out.push(offer(SuggestionKind::Caption, format!("caption:{}", photo.media), payload, finding));
            }
            _ => {}
        }
    }
    out
}

/// Puts the faces of a photo into groups, and offers names for those that are known and a question for those that are not.
fn group_faces(
    tx: &mut Tx<'_>,
    memory: &Memory,
    photo: &PhotoToLook,
    look: &Look,
) -> Result<Vec<reme_types::SuggestionId>, StoreError> {
    let known = tx.faces(None, None)?;
    let stay: Vec<Region> = known.iter().filter(|f| f.media == photo.media).map(|f| region(f.region)).collect();
    let new: Vec<(&faces::Face, &Vec<f32>)> = look
        .faces
        .iter()
        .filter_map(|face| face.identity.as_ref().map(|identity| (face, identity)))
        .filter(|(face, _)| !stay.iter().any(|old| old.overlap(&face.region) > SAME_FACE))
        .collect();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut groups: Groups<FaceGroupId> = Groups::default();
    for face in known.into_iter().filter(|face| face.source == faces::SOURCE) {
        groups.add(face.group, face.vector);
    }
    let identities: Vec<&[f32]> = new.iter().map(|(_, identity)| identity.as_slice()).collect();
    let placed = groups.place_all(&identities, || tx.add_face_group())?;
    let named: Vec<(FaceGroupId, PersonId)> =
        tx.face_groups()?.into_iter().filter_map(|group| Some((group.id, group.named?.0))).collect();
    let mut offered = Vec::new();
    for ((face, identity), (group, likeness)) in new.into_iter().zip(placed) {
        let row = FaceRow {
            id: FaceId::from_uuid(tx.new_uuid()),
            group,
            media: photo.media.clone(),
            region: [face.region.left, face.region.top, face.region.width, face.region.height],
            quality: face.quality,
            source: faces::SOURCE.to_owned(),
            vector: identity.clone(),
        };
        tx.put_face(&row)?;
        let person = named.iter().find(|(id, _)| *id == group).map(|(_, person)| *person);
        match person {
            Some(person) if memory.people.contains(&person) => {}
            Some(person) => offered.extend(offer_person(tx, memory.id, person, &row, likeness)?),
            None => offered.extend(ask_who(tx, &row, face)?),
        }
    }
    Ok(offered)
}

/// "Is this …?"
pub(crate) fn offer_person(
    tx: &mut Tx<'_>,
    memory: MemoryId,
    person: PersonId,
    face: &FaceRow,
    likeness: Option<Likeness<FaceGroupId>>,
) -> Result<Option<reme_types::SuggestionId>, StoreError> {
    let name = tx.person(person)?.map(|person| person.name).unwrap_or_default();
    tx.put_suggestion(&NewSuggestion {
        kind: SuggestionKind::Person,
        about: format!("person:{}:{person}", face.media),
        memory: Some(memory),
        media: Some(face.media.clone()),
        person: Some(person),
        payload: json!({
            "name": name, "face": face.id, "group": face.group, "region": region_dto(region(face.region)),
        }),
        source: face.source.clone(),
        // Named by the carer themselves in this very group: as sure as the group is pure.
        confidence: f64::from(likeness.map_or(NAMED_BY_HAND, |likeness| likeness.confidence)),
    })
}

/// Confidence that a face is somebody whose group the carer has just named.
const NAMED_BY_HAND: f32 = 0.95;

/// "Who is this?", once a group is worth asking about.
fn ask_who(tx: &mut Tx<'_>, row: &FaceRow, face: &faces::Face) -> Result<Option<reme_types::SuggestionId>, StoreError> {
    let seen = tx.faces(Some(row.group), None)?.len();
    if seen < SEEN_OFTEN && face.region.area() < LARGE_FACE {
        return Ok(None);
    }
    tx.put_suggestion(&NewSuggestion {
        kind: SuggestionKind::FaceGroup,
        about: about_group(row.group),
        memory: None,
        media: Some(row.media.clone()),
        person: None,
        payload: json!({"group": row.group, "region": region_dto(face.region)}),
        source: row.source.clone(),
        confidence: f64::from(face.score.clamp(0.0, 1.0)),
    })
}

/// Offers photos that are nearly the same as this one, and keeps by what it is known again.
fn compare(
    tx: &mut Tx<'_>,
    photo: &PhotoToLook,
    mark: &Mark,
    others: &[PhotoMark],
) -> Result<Option<reme_types::SuggestionId>, StoreError> {
    let sure_of = |other: &PhotoMark| {
        let theirs = Mark { hash: other.hash, vector: other.vector.clone() };
        (other.media != photo.media).then(|| mark.nearly_same(&theirs)).flatten()
    };
    let best = others.iter().filter_map(|other| Some((sure_of(other)?, other))).max_by(|a, b| a.0.total_cmp(&b.0));
    tx.put_photo_mark(&PhotoMark {
        media: photo.media.clone(),
        hash: mark.hash,
        source: likeness::SOURCE.to_owned(),
        vector: mark.vector.clone(),
    })?;
    let Some((sure, other)) = best else { return Ok(None) };
    let (first, second) =
        if other.media < photo.media { (&other.media, &photo.media) } else { (&photo.media, &other.media) };
    tx.put_suggestion(&NewSuggestion {
        kind: SuggestionKind::SamePhoto,
        about: format!("same-photo:{first}:{second}"),
        memory: Some(photo.memory),
        media: Some(photo.media.clone()),
        person: None,
        payload: json!({"other": other.media}),
        source: likeness::SOURCE.to_owned(),
        confidence: f64::from(sure.clamp(0.0, 1.0)),
    })
}

pub(crate) fn region([left, top, width, height]: [f32; 4]) -> Region {
    Region { left, top, width, height }
}

pub(crate) const fn region_dto(region: Region) -> RegionDto {
    RegionDto { x: region.left, y: region.top, width: region.width, height: region.height }
}
