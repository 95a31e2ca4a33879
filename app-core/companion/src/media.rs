//! Photos: read and rendered without the store, kept with it, and handed out in the size that is asked for.
//!
//! What it must never do: keep a photo that could not be read whole.

use jiff::civil::Date;
use reme_capture::{Photo, read_photo};
use reme_store::{PhotoOrigin, StoreError, Tx};
use reme_types::{Language, MediaId, MediaRole};

use crate::{Companion, dto::MediaDto, household::ReMeError, notice::photo_note};

/// A photo that was read and rendered, ready to be kept. Reading takes a second for a large one, so a shell does it before it
/// asks for the companion.
#[derive(Debug, Clone)]
pub struct ReadPhoto {
    bytes: Vec<u8>,
    photo: Photo,
}

impl ReadPhoto {
    /// Reads a JPEG, PNG or WebP photo. `today` is the patient's day ([`Companion::today`]).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(bytes: Vec<u8>, today: Date) -> Result<Self, ReMeError> {
        let photo = read_photo(&bytes, today)?;
        Ok(Self { bytes, photo })
    }
}

impl Companion {
    /// Keeps a photo, to be named by a memory later. The same bytes are kept once.
    ///
    /// # Errors
    /// What the store says.
    pub fn add_photo(&mut self, read: &ReadPhoto, language: Language) -> Result<MediaDto, ReMeError> {
        let (id, _) = self.store.transact(|tx| keep_photo(tx, &read.bytes, &read.photo))?;
        Ok(MediaDto {
            id: id.to_string(),
            taken_at: read.photo.taken_at.map(|w| w.to_string()),
            notes: read.photo.notes.iter().map(|note| photo_note(note, language)).collect(),
        })
    }

    /// The bytes of a photo in a size, with their MIME type.
    ///
    /// # Errors
    /// No such photo; one that is damaged.
    pub fn photo(&self, id: &str, size: MediaRole) -> Result<(Vec<u8>, String), ReMeError> {
        let missing = || StoreError::NotFound { what: "photo or recording", id: String::new() };
        let id: MediaId = id.parse().map_err(|_| missing())?;
        let wanted = match size {
            MediaRole::Original => id,
            smaller => self.store.rendition(&id, smaller)?.ok_or_else(missing)?,
        };
        Ok(self.store.media(&wanted)?)
    }
}

pub(crate) fn keep_photo(tx: &mut Tx<'_>, bytes: &[u8], photo: &Photo) -> Result<MediaId, StoreError> {
    let original = tx.add_media(bytes, photo.mime)?;
    let (taken_at, position) = (photo.taken_at, photo.position);
    tx.put_photo_origin(&PhotoOrigin { media: original.clone(), taken_at, position })?;
    for (role, copy) in [
        (MediaRole::Screen, &photo.screen_jpeg),
        (MediaRole::Thumb, &photo.thumb_jpeg),
        (MediaRole::Blurred, &photo.blurred_jpeg),
    ] {
        let copy = tx.add_media(copy, "image/jpeg")?;
        tx.link_rendition(&original, role, &copy)?;
    }
    Ok(original)
}
