//! Faces and the groups they form. A vector of a face is kept for two reasons only: the carer has not said yet who it is, or
//! has said so and somebody's consent is recorded with it.
//!
//! Where in the flow: seeing finds faces, the façade groups them by `reme-vision`, the carer names a group. What it must never
//! do: keep a named group without a consent (the schema refuses it too), keep a vector after its person is forgotten, or let
//! one be sent: no collection of sync's is written here.

use jiff::Timestamp;
use reme_types::{ConsentId, FaceGroupId, FaceId, MediaId, PersonId};
use rusqlite::{Connection, params};

use crate::{
    error::StoreError,
    records::{Columns, instant, json},
    store::Store,
    tx::Tx,
};

/// Faces that look like one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaceGroup {
    /// Id.
    pub id: FaceGroupId,
    /// Who it is, with the consent under which the vectors are kept; `None` as long as nobody has said.
    pub named: Option<(PersonId, ConsentId)>,
    /// When its first face was found.
    pub created_at: Timestamp,
}

/// A face in a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceRow {
    /// Id.
    pub id: FaceId,
    /// The group it is in.
    pub group: FaceGroupId,
    /// The photo.
    pub media: MediaId,
    /// Left, top, width and height as parts of the upright photo, 0..=1.
    pub region: [f32; 4],
    /// 0..=1: how well it can be told who it is.
    pub quality: f32,
    /// Model and version that made the vector; vectors of different models are never compared.
    pub source: String,
    /// What identifies it.
    pub vector: Vec<f32>,
}

fn groups(db: &Connection, id: Option<FaceGroupId>, person: Option<PersonId>) -> Result<Vec<FaceGroup>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("faces/groups.sql"))?;
    let args = params![id.map(|i| i.to_string()), person.map(|p| p.to_string())];
    let rows = statement.query_map(args, |row| {
        let named = row.maybe(1)?.zip(row.maybe(2)?);
        Ok(FaceGroup { id: row.parsed(0)?, named, created_at: row.parsed(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn faces(db: &Connection, group: Option<FaceGroupId>, media: Option<&MediaId>) -> Result<Vec<FaceRow>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("faces/select.sql"))?;
    let args = params![group.map(|g| g.to_string()), media.map(MediaId::as_str)];
    let rows = statement.query_map(args, |row| {
        let bytes: Vec<u8> = row.get(6)?;
        Ok(FaceRow {
            id: row.parsed(0)?,
            group: row.parsed(1)?,
            media: row.parsed(2)?,
            region: row.json(3)?,
            quality: row.get(4)?,
            source: row.get(5)?,
            vector: bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn no_group(id: FaceGroupId) -> StoreError {
    StoreError::NotFound { what: "face group", id: id.to_string() }
}

impl Store {
    /// Every group of faces, the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn face_groups(&self) -> Result<Vec<FaceGroup>, StoreError> {
        groups(&self.db, None, None)
    }

    /// Faces: all, of one group, in one photo.
    ///
    /// # Errors
    /// What the database says.
    pub fn faces(&self, group: Option<FaceGroupId>, media: Option<&MediaId>) -> Result<Vec<FaceRow>, StoreError> {
        faces(&self.db, group, media)
    }
}

impl Tx<'_> {
    /// A new group that nobody has named.
    ///
    /// # Errors
    /// What the database says.
    pub fn add_face_group(&mut self) -> Result<FaceGroupId, StoreError> {
        let id = FaceGroupId::from_uuid(self.new_uuid());
        let at = instant(self.clock.now());
        self.db()?.execute(include_str!("faces/put_group.sql"), params![id.to_string(), at])?;
        self.changed("face_groups", id, "put")?;
        Ok(id)
    }

    /// Keeps a face in its group.
    ///
    /// # Errors
    /// A vector with a number that is none; a group or photo that is not there.
    pub fn put_face(&mut self, face: &FaceRow) -> Result<(), StoreError> {
        if face.vector.is_empty() || !face.vector.iter().all(|x| x.is_finite()) {
            let problem = "is empty or holds a number that is none: leave the face out".into();
            return Err(StoreError::Invalid { field: "vector", problem });
        }
        let bytes: Vec<u8> = face.vector.iter().flat_map(|x| x.to_le_bytes()).collect();
        self.db()?.prepare_cached(include_str!("faces/put.sql"))?.execute(params![
            face.id.to_string(),
            face.group.to_string(),
            face.media.as_str(),
            json(&face.region),
            f64::from(face.quality),
            face.source,
            bytes,
        ])?;
        Ok(())
    }

    /// Removes one face.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn remove_face(&mut self, id: FaceId) -> Result<(), StoreError> {
        if self.db()?.execute(include_str!("faces/remove.sql"), [id.to_string()])? == 0 {
            return Err(StoreError::NotFound { what: "face", id: id.to_string() });
        }
        Ok(())
    }

    /// Puts one face into another group, such as back into the one it came from.
    ///
    /// # Errors
    /// No such face or group.
    pub fn move_face(&mut self, id: FaceId, to: FaceGroupId) -> Result<(), StoreError> {
        groups(self.db()?, Some(to), None)?.pop().ok_or_else(|| no_group(to))?;
        if self.db()?.execute(include_str!("faces/move.sql"), [id.to_string(), to.to_string()])? == 0 {
            return Err(StoreError::NotFound { what: "face", id: id.to_string() });
        }
        self.changed("face_groups", to, "put")
    }

    /// Says who a group is, under this consent. Where that person has a group already, the faces go there and this group is
    /// gone. Returns the group that holds them.
    ///
    /// # Errors
    /// No such group, person or consent; a group that bears another person's name.
    pub fn name_face_group(
        &mut self,
        id: FaceGroupId,
        person: PersonId,
        consent: ConsentId,
    ) -> Result<FaceGroupId, StoreError> {
        let group = groups(self.db()?, Some(id), None)?.pop().ok_or_else(|| no_group(id))?;
        if group.named.is_some_and(|(named, _)| named != person) {
            let problem = "is somebody else's group of faces: forget that person's face first".into();
            return Err(StoreError::Invalid { field: "group", problem });
        }
        let theirs = groups(self.db()?, None, Some(person))?.pop().filter(|g| g.id != id);
        let holds = match &theirs {
            Some(theirs) => {
                self.db()?.execute(include_str!("faces/move_all.sql"), [id.to_string(), theirs.id.to_string()])?;
                self.db()?.execute(include_str!("faces/remove_group.sql"), [id.to_string()])?;
                self.changed("face_groups", id, "remove")?;
                theirs.id
            }
            None => id,
        };
        let row = params![holds.to_string(), person.to_string(), consent.to_string()];
        self.db()?.execute(include_str!("faces/name_group.sql"), row)?;
        self.changed("face_groups", holds, "put")?;
        Ok(holds)
    }

    /// Takes the name from somebody's group, so that it is a question again, and takes the consent back.
    ///
    /// # Errors
    /// What the database says; somebody without a group is no error.
    pub fn unname_face_of(&mut self, person: PersonId) -> Result<(), StoreError> {
        for group in groups(self.db()?, None, Some(person))? {
            let row = params![group.id.to_string(), None::<String>, None::<String>];
            self.db()?.execute(include_str!("faces/name_group.sql"), row)?;
            self.withdraw(&group)?;
            self.changed("face_groups", group.id, "put")?;
        }
        self.remove_offers_of(person)
    }

    /// Removes a group with every face in it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn remove_face_group(&mut self, id: FaceGroupId) -> Result<(), StoreError> {
        if self.db()?.execute(include_str!("faces/remove_group.sql"), [id.to_string()])? == 0 {
            return Err(no_group(id));
        }
        self.changed("face_groups", id, "remove")
    }

    /// Forgets what somebody looks like: their vectors and every suggestion that rested on them go, and the consent is taken
    /// back. Memories that name the person stay. Returns how many faces went.
    ///
    /// # Errors
    /// What the database says; forgetting somebody nothing is kept of is no error.
    pub fn forget_face_of(&mut self, person: PersonId) -> Result<usize, StoreError> {
        let mut gone = 0;
        for group in groups(self.db()?, None, Some(person))? {
            gone += faces(self.db()?, Some(group.id), None)?.len();
            self.remove_face_group(group.id)?;
            self.withdraw(&group)?;
        }
        self.remove_offers_of(person)?;
        Ok(gone)
    }

    /// Takes back the consent a group was kept under.
    fn withdraw(&mut self, group: &FaceGroup) -> Result<(), StoreError> {
        let Some((_, consent)) = group.named else { return Ok(()) };
        let row = params![consent.to_string(), instant(self.clock.now())];
        self.db()?.execute(include_str!("consents/withdraw.sql"), row)?;
        self.changed("consents", consent, "put")
    }

    /// Removes the suggestions that rest on knowing somebody's face.
    fn remove_offers_of(&mut self, person: PersonId) -> Result<(), StoreError> {
        let offered: Vec<String> = {
            let mut statement = self.db()?.prepare_cached(include_str!("faces/suggestions_of.sql"))?;
            statement.query_map([person.to_string()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        };
        offered.iter().filter_map(|id| id.parse().ok()).try_for_each(|id| self.remove_suggestion(id))
    }

    /// Groups as they stand in this transaction.
    ///
    /// # Errors
    /// What the database says.
    pub fn face_groups(&self) -> Result<Vec<FaceGroup>, StoreError> {
        groups(self.db()?, None, None)
    }

    /// Faces as they stand in this transaction.
    ///
    /// # Errors
    /// What the database says.
    pub fn faces(&self, group: Option<FaceGroupId>, media: Option<&MediaId>) -> Result<Vec<FaceRow>, StoreError> {
        faces(self.db()?, group, media)
    }
}
