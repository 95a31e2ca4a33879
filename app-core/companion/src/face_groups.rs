//! The groups of faces as the carer sees them: named once, joined, parted, forgotten.
//!
//! What it must never do: keep what a named person looks like without their consent, or put a name into a memory that nobody
//! accepted: naming a group offers the name for each photo.

use reme_store::{FaceGroup, FaceRow, StoreError, SuggestionFilter, SuggestionState, Tx};
use reme_types::{Consent, ConsentId, FaceGroupId, FaceId, Person, PersonId};
use serde_json::json;

use crate::{
    Companion, Conflict, Problem,
    dto::{FaceDto, FaceGroupDto, FaceNameDto},
    form::NAME_MOST_CHARS,
    household::ReMeError,
    seeing::{about_group, offer_person, region, region_dto, remove_offer},
    suggestions::Effect,
};

/// Most faces of a group that are shown.
const MOST_SHOWN: usize = 24;

impl Companion {
    /// Every group of faces: those with a name first, then the largest.
    ///
    /// # Errors
    /// What the store says.
    pub fn face_groups(&self) -> Result<Vec<FaceGroupDto>, ReMeError> {
        let (people, faces) = (self.store.people()?, self.store.faces(None, None)?);
        let mut groups: Vec<_> =
            self.store.face_groups()?.iter().map(|group| group_dto(group, &people, &faces)).collect();
        groups.sort_by_key(|group| (group.person.is_none(), std::cmp::Reverse(group.count)));
        Ok(groups)
    }

    /// Says who a group is. The name is offered for every photo of the group whose memory does not name the person yet.
    ///
    /// # Errors
    /// No such group or person; no name; no consent; a group that bears another name.
    pub fn name_face_group(&mut self, id: &str, input: &FaceNameDto) -> Result<FaceGroupDto, ReMeError> {
        let group = self.face_group(id)?;
        if !input.consent {
            return Err(ReMeError::Invalid { field: "consent", problem: Problem::NoConsent });
        }
        let person = self.who(input)?;
        if group.named.is_some_and(|(named, _)| Some(named) != person.as_ref().map(|p| p.id)) {
            return Err(Conflict::TwoPeople.into());
        }
        let faces = self.store.faces(Some(group.id), None)?;
        let mut shown = Vec::new();
        for face in &faces {
            shown.push(self.store.memories_showing(&face.media)?);
        }
        let now = self.clock.now();
        let (holds, _) = self.store.transact(|tx| {
            let person = match person {
                Some(person) => person.id,
                None => add_person(tx, input)?,
            };
            let theirs = tx.face_groups()?.into_iter().find_map(|g| g.named.filter(|(named, _)| *named == person));
            let consent = match theirs {
                Some((_, consent)) => consent,
                None => {
                    let id = ConsentId::from_uuid(tx.new_uuid());
                    let scope = format!("faces:{person}");
                    tx.put_consent(&Consent { id, scope, given_at: now, withdrawn_at: None })?;
                    id
                }
            };
            let holds = tx.name_face_group(group.id, person, consent)?;
            let asked = SuggestionFilter { about: Some(about_group(group.id)), ..SuggestionFilter::default() };
            for question in tx.suggestions(&asked)?.into_iter().filter(|q| q.state == SuggestionState::Open) {
                tx.accept_suggestion(question.id, &json!(Effect::NamedGroup { person }))?;
            }
            for (face, memories) in faces.iter().zip(&shown) {
                for memory in memories {
                    if !tx.memory(*memory)?.people.contains(&person) {
                        offer_person(tx, *memory, person, &FaceRow { group: holds, ..face.clone() }, None)?;
                    }
                }
            }
            Ok(holds)
        })?;
        self.face_group_dto(holds)
    }

    /// Puts the faces of one group into another: they are the same person.
    ///
    /// # Errors
    /// No such groups; two that bear two names.
    pub fn merge_face_groups(&mut self, id: &str, into: &str) -> Result<FaceGroupDto, ReMeError> {
        let (from, into) = (self.face_group(id)?, self.face_group(into)?);
        if from.id == into.id {
            return self.face_group_dto(into.id);
        }
        // The one with a name stays.
        let (from, into) = match (from.named, into.named) {
            (Some(_), Some(_)) => return Err(Conflict::TwoPeople.into()),
            (Some(_), None) => (into, from),
            _ => (from, into),
        };
        let faces = self.store.faces(Some(from.id), None)?;
        self.store.transact(|tx| {
            faces.iter().try_for_each(|face| tx.move_face(face.id, into.id))?;
            remove_offer(tx, &about_group(from.id))?;
            tx.remove_face_group(from.id)
        })?;
        self.face_group_dto(into.id)
    }

    /// Takes faces out of a group: they are somebody else, and one person among themselves.
    ///
    /// # Errors
    /// No such group; faces that are not in it.
    pub fn split_face_group(&mut self, id: &str, faces: &[String]) -> Result<Vec<FaceGroupDto>, ReMeError> {
        let group = self.face_group(id)?;
        let theirs = self.store.faces(Some(group.id), None)?;
        let mut leave: Vec<FaceId> = Vec::new();
        for face in faces {
            let id = face.parse::<FaceId>().ok().filter(|id| theirs.iter().any(|face| face.id == *id));
            leave.push(id.ok_or(StoreError::NotFound { what: "face", id: String::new() })?);
        }
        if leave.is_empty() {
            return Ok(vec![self.face_group_dto(group.id)?]);
        }
        let (new, _) = self.store.transact(|tx| {
            let new = tx.add_face_group()?;
            leave.iter().try_for_each(|face| tx.move_face(*face, new))?;
            // Names that were offered because of these faces rest on nothing now.
            let open = SuggestionFilter { state: Some(SuggestionState::Open), ..SuggestionFilter::default() };
            for offer in tx.suggestions(&open)? {
                let of_one = offer.what.payload["face"].as_str().and_then(|id| id.parse().ok());
                if of_one.is_some_and(|face| leave.contains(&face)) {
                    tx.remove_suggestion(offer.id)?;
                }
            }
            if tx.faces(Some(group.id), None)?.is_empty() && group.named.is_none() {
                remove_offer(tx, &about_group(group.id))?;
                tx.remove_face_group(group.id)?;
            }
            Ok(new)
        })?;
        let groups = self.face_groups()?;
        let wanted = [group.id.to_string(), new.to_string()];
        Ok(groups.into_iter().filter(|group| wanted.contains(&group.id)).collect())
    }

    /// A stranger: what they look like is forgotten.
    ///
    /// # Errors
    /// No such group; one that bears a name (forget that person's face instead).
    pub fn dismiss_face_group(&mut self, id: &str) -> Result<(), ReMeError> {
        let group = self.face_group(id)?;
        if group.named.is_some() {
            return Err(Conflict::TwoPeople.into());
        }
        self.store.transact(|tx| {
            let asked = SuggestionFilter {
                state: Some(SuggestionState::Open),
                about: Some(about_group(group.id)),
                ..SuggestionFilter::default()
            };
            for question in tx.suggestions(&asked)? {
                tx.dismiss_suggestion(question.id)?;
            }
            tx.remove_face_group(group.id)
        })?;
        Ok(())
    }

    /// Forgets what somebody looks like, and takes the consent back. Memories that name them stay. Returns how many faces went.
    ///
    /// # Errors
    /// No such person.
    pub fn forget_face(&mut self, person: &str) -> Result<usize, ReMeError> {
        let person = self.person(person)?.id;
        Ok(self.store.transact(|tx| tx.forget_face_of(person))?.0)
    }

    /// Somebody who is known, by id or by name; `None` for somebody new.
    fn who(&self, input: &FaceNameDto) -> Result<Option<Person>, ReMeError> {
        if let Some(id) = &input.person {
            return self.person(id).map(Some);
        }
        let name = input.name.trim();
        let refused = |field| ReMeError::Invalid { field, problem: Problem::Length { most: NAME_MOST_CHARS } };
        if name.is_empty() || name.chars().count() > NAME_MOST_CHARS {
            return Err(refused("name"));
        }
        if input.relation.trim().chars().count() > NAME_MOST_CHARS {
            return Err(refused("relation"));
        }
        Ok(self.store.person_called(name)?)
    }

    fn face_group(&self, id: &str) -> Result<FaceGroup, ReMeError> {
        let id: Option<FaceGroupId> = id.parse().ok();
        let found = self.store.face_groups()?.into_iter().find(|group| Some(group.id) == id);
        found.ok_or_else(|| StoreError::NotFound { what: "face group", id: String::new() }.into())
    }

    fn face_group_dto(&self, id: FaceGroupId) -> Result<FaceGroupDto, ReMeError> {
        let group = self.face_group(&id.to_string())?;
        Ok(group_dto(&group, &self.store.people()?, &self.store.faces(Some(id), None)?))
    }
}

fn add_person(tx: &mut Tx<'_>, input: &FaceNameDto) -> Result<PersonId, StoreError> {
    let id = PersonId::from_uuid(tx.new_uuid());
    let (name, relation) = (input.name.trim().to_owned(), input.relation.trim().to_owned());
    tx.put_person(&Person { id, name, relation, aliases: Vec::new(), photo: None })?;
    Ok(id)
}

fn group_dto(group: &FaceGroup, people: &[Person], faces: &[FaceRow]) -> FaceGroupDto {
    let mut theirs: Vec<&FaceRow> = faces.iter().filter(|face| face.group == group.id).collect();
    theirs.sort_by(|a, b| b.quality.total_cmp(&a.quality));
    let person = group.named.and_then(|(id, _)| people.iter().find(|person| person.id == id));
    FaceGroupDto {
        id: group.id.to_string(),
        person: person.map(|person| person.id.to_string()),
        name: person.map(|person| person.name.clone()),
        consent: group.named.is_some(),
        count: u32::try_from(theirs.len()).unwrap_or(u32::MAX),
        faces: theirs
            .into_iter()
            .take(MOST_SHOWN)
            .map(|face| FaceDto {
                id: face.id.to_string(),
                media: face.media.to_string(),
                region: region_dto(region(face.region)),
            })
            .collect(),
    }
}
