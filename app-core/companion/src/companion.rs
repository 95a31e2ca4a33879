//! One patient's companion: what a shell holds on to. What it can do stands by topic in the modules beside this one.

use std::sync::Arc;

use reme_games::Library;
use reme_store::{MemoryFilter, Store};
use reme_types::{Clock, Patient, When};

use crate::{
    dto::PatientDto,
    finder::{Finder, Sentences},
    household::ReMeError,
    plan::GameInfo,
};

/// The setting that marks a demo person.
const DEMO: &str = "demo";

/// One patient's memories and training. See [`crate::Household::open`].
pub struct Companion {
    slug: String,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) games: Arc<[GameInfo]>,
    pub(crate) library: Library,
    pub(crate) sentences: Option<Sentences>,
    pub(crate) finder: Option<Finder>,
}

impl Companion {
    pub(crate) fn new(
        slug: String,
        store: Store,
        clock: Arc<dyn Clock>,
        (games, library): (Arc<[GameInfo]>, Library),
    ) -> Self {
        Self { slug, store, clock, games, library, sentences: None, finder: None }
    }

    /// With a sentence model: memories are found in other words and in the other language, too.
    #[must_use]
    pub fn with_sentences(self, sentences: Option<Sentences>) -> Self {
        Self { sentences, finder: None, ..self }
    }

    pub(crate) fn into_store(self) -> Store {
        self.store
    }

    /// The store itself, for the shell's sync. Everything else goes through this façade.
    pub const fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Folder name and address part.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// The profile.
    ///
    /// # Errors
    /// What the store says.
    pub fn patient(&self) -> Result<Patient, ReMeError> {
        Ok(self.store.patient()?)
    }

    /// The profile as a screen shows it.
    ///
    /// # Errors
    /// What the store says.
    pub fn profile(&self) -> Result<PatientDto, ReMeError> {
        let patient = self.store.patient()?;
        let memories = self.store.memories(&MemoryFilter::default())?.len();
        Ok(PatientDto {
            slug: self.slug.clone(),
            name: patient.name,
            language: patient.language.tag().to_owned(),
            time_zone: patient.time_zone,
            demo: self.store.setting(DEMO)?.unwrap_or(false),
            memories: u32::try_from(memories).unwrap_or(u32::MAX),
        })
    }

    /// Says that this is one of the demo people.
    ///
    /// # Errors
    /// What the store says.
    pub fn mark_as_demo(&mut self) -> Result<(), ReMeError> {
        self.store.transact(|tx| tx.put_setting(DEMO, &true))?;
        Ok(())
    }

    /// Now, on the patient's wall clock.
    pub(crate) fn now(&self, patient: &Patient) -> When {
        When::Minute(self.clock.now().to_zoned_datetime(zone(patient)).datetime())
    }

    /// The patient's day.
    ///
    /// # Errors
    /// What the store says.
    pub fn today(&self) -> Result<jiff::civil::Date, ReMeError> {
        Ok(self.now(&self.store.patient()?).first_day())
    }
}

/// The patient's zone; the store has checked it when it was set.
pub(crate) fn zone(patient: &Patient) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(&patient.time_zone).unwrap_or(jiff::tz::TimeZone::UTC)
}

impl std::fmt::Debug for Companion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Companion").field("slug", &self.slug).finish_non_exhaustive()
    }
}
