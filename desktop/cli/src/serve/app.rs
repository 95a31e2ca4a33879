//! Everybody whose memories are served: one companion a patient, opened at the first request, one request at a time.
//!
//! What it must never do: work on the store on a thread that answers requests, or go on with a companion that broke.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, TryLockError},
};

use axum::extract::FromRef;
use jiff::civil::Date;
use reme::{
    Budget, CancelToken, Companion, Household, LanguageModel, ReMeError, Rephrase,
    dto::{FactDto, MemoryInputDto, PatientDto},
};
use reme_types::{FactOrigin, Language, Patient};

use super::{held::Memory, refusal::Refusal, seeing::Looking, sync::Syncing, voice::Voices};

/// Nobody waits for it.
const WARMING_UP: Budget = Budget { max_tokens: 0, max_ms: 120_000 };

type Slot = Arc<Mutex<Option<Companion>>>;

/// What every request shares.
pub(crate) struct App {
    household: Household,
    slots: Mutex<HashMap<String, Slot>>,
    /// The built screens.
    pub(crate) screens: Option<PathBuf>,
    /// The model that words lines anew, if there is one.
    pub(crate) model: Option<Worder>,
    /// What the quiet sync knows.
    pub(crate) syncing: Syncing,
    /// What hears and speaks.
    pub(crate) voices: Voices,
    /// How far looking at photos is.
    pub(crate) looking: Looking,
    /// Set when the end was asked for: the model stops within a token.
    pub(crate) ended: CancelToken,
}

/// A model, and the name of its file.
pub(crate) struct Worder {
    pub(crate) name: String,
    pub(crate) model: LanguageModel,
    /// Whether it words lines anew, besides proposing details.
    pub(crate) rewords: bool,
}

/// The shared state as axum hands it out.
#[derive(Clone)]
pub(crate) struct Shared(pub(crate) Arc<App>);

impl FromRef<Shared> for Arc<App> {
    fn from_ref(shared: &Shared) -> Self {
        Arc::clone(&shared.0)
    }
}

impl App {
    pub(crate) fn new(household: Household, screens: Option<PathBuf>, model: Option<Worder>, memory: Memory) -> Self {
        Self {
            household,
            slots: Mutex::default(),
            screens,
            model,
            syncing: Syncing::default(),
            voices: Voices::new(memory),
            looking: Looking::new(memory),
            ended: CancelToken::new(),
        }
    }

    /// Everybody on this device.
    pub(crate) const fn household(&self) -> &Household {
        &self.household
    }

    /// `none`, or the model file's name.
    pub(crate) fn model_name(&self) -> &str {
        self.model.as_ref().map_or("none", |worder| &worder.name)
    }

    /// Work on one patient's session, with the model to word lines anew where there is one.
    pub(crate) async fn play<T: Send + 'static>(
        self: &Arc<Self>,
        slug: String,
        work: impl FnOnce(&mut Companion, Option<&mut dyn Rephrase>) -> Result<T, ReMeError> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.blocking(move |app| {
            app.with_now(&slug, |companion| {
                let rephraser = |worder| LanguageModel::rephraser(worder, Budget::LINE, app.ended.clone());
                let worder = app.model.as_ref().filter(|worder| worder.rewords);
                let mut rephraser = worder.map(|worder| rephraser(&worder.model));
                let model = rephraser.as_mut().map(|rephraser| rephraser as &mut dyn Rephrase);
                Ok(work(companion, model)?)
            })
        })
        .await
    }

    /// Details of a note that the model finds; none without a model.
    pub(crate) fn propose_by_model(&self, note: &MemoryInputDto, language: Language, today: Date) -> Vec<FactDto> {
        let Some(worder) = &self.model else { return Vec::new() };
        let found = worder.model.propose_facts(&note.text, language, today, Budget::NOTE, &self.ended);
        found.iter().map(|fact| reme::proposed(fact, FactOrigin::Model)).collect()
    }

    /// Reads the model's instructions before the first line is waited for, in the languages that are spoken here.
    pub(crate) fn warm_up(&self) {
        let Some(worder) = self.model.as_ref().filter(|worder| worder.rewords) else { return };
        let spoken: Vec<String> = self.patients().into_iter().flatten().map(|patient| patient.language).collect();
        for language in Language::ALL.into_iter().filter(|language| spoken.iter().any(|tag| tag == language.tag())) {
            worder.model.warm_up(language, WARMING_UP, &self.ended);
        }
    }

    /// Work on the household and on companions, on a thread that may wait.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let app = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&app)).await.unwrap_or(Err(Refusal::Internal))
    }

    /// Work on one patient's companion.
    pub(crate) async fn with<T: Send + 'static>(
        self: &Arc<Self>,
        slug: String,
        work: impl FnOnce(&mut Companion) -> Result<T, ReMeError> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.blocking(move |app| app.with_now(&slug, |companion| Ok(work(companion)?))).await
    }

    /// As [`App::with`], on this thread.
    pub(crate) fn with_now<T>(
        &self,
        slug: &str,
        work: impl FnOnce(&mut Companion) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let slot = self.slot(slug)?;
        let mut held = match slot.lock() {
            Ok(held) => held,
            Err(poisoned) => {
                // Something broke while it was worked on. The store rolled back; the rest of it is not to be trusted.
                *poisoned.into_inner() = None;
                slot.clear_poison();
                return Err(Refusal::Reopened);
            }
        };
        let companion = match &mut *held {
            Some(companion) => companion,
            empty => empty.insert(self.household.open(Some(slug))?),
        };
        work(companion)
    }

    /// The patient's place, for those there are.
    fn slot(&self, slug: &str) -> Result<Slot, Refusal> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(slug) {
            return Ok(Arc::clone(slot));
        }
        if !self.household.slugs()?.iter().any(|known| known == slug) {
            return Err(ReMeError::NoPatient(String::new()).into());
        }
        Ok(Arc::clone(slots.entry(slug.to_owned()).or_default()))
    }

    /// Everybody. Somebody whose memories cannot be opened is listed by slug, and choosing them tells why.
    pub(crate) fn patients(&self) -> Result<Vec<PatientDto>, Refusal> {
        let slugs = self.household.slugs()?;
        let closed = |slug: &str| PatientDto {
            slug: slug.to_owned(),
            name: slug.to_owned(),
            language: Language::default().tag().to_owned(),
            time_zone: "UTC".to_owned(),
            demo: false,
            memories: 0,
        };
        Ok(slugs
            .iter()
            .map(|slug| self.with_now(slug, |c| Ok(c.profile()?)).unwrap_or_else(|_| closed(slug)))
            .collect())
    }

    /// Adds a patient.
    pub(crate) fn add_patient(&self, patient: &Patient) -> Result<PatientDto, Refusal> {
        let companion = self.household.add(patient)?;
        let profile = companion.profile()?;
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.insert(profile.slug.clone(), Arc::new(Mutex::new(Some(companion))));
        Ok(profile)
    }

    /// Erases a patient for good, when `name` is theirs.
    pub(crate) fn erase(&self, slug: &str, name: &str) -> Result<(), Refusal> {
        self.with_now(slug, |_| Ok(()))?;
        let slot = self.slot(slug)?;
        let mut held = slot.lock().map_err(|_| Refusal::Reopened)?;
        let Some(companion) = held.take() else { return Err(Refusal::Reopened) };
        match self.household.erase_open(companion, name) {
            Ok(()) => {
                self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(slug);
                Ok(())
            }
            Err((given_back, error)) => {
                *held = given_back;
                Err(error.into())
            }
        }
    }

    /// `keyring` or `file`.
    pub(crate) fn key_store(&self) -> &'static str {
        self.household.key_store()
    }

    /// Closes every companion that is not at work; the others close with the process.
    pub(crate) fn close(&self) {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.values() {
            match slot.try_lock() {
                Ok(mut held) => *held = None,
                Err(TryLockError::Poisoned(poisoned)) => *poisoned.into_inner() = None,
                Err(TryLockError::WouldBlock) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use reme::{FileKeyStore, NewMemory};

    use super::*;
    use crate::shell::SystemClock;

    #[test]
    fn a_companion_that_broke_is_closed_and_opened_anew_with_all_that_was_kept() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileKeyStore::new(dir.path().join("keys"));
        let home = Household::new(dir.path().join("patients"), Box::new(keys), Arc::new(SystemClock));
        let app = App::new(home, None, None, Memory::Ample);
        let hedda = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
        app.add_patient(&hedda).unwrap();
        let add = |c: &mut Companion| Ok(c.add_memory(NewMemory { text: "A swim.".into(), ..NewMemory::default() })?);
        app.with_now("hedda", add).unwrap();
        let broke = catch_unwind(AssertUnwindSafe(|| app.with_now::<()>("hedda", |_| panic!("on purpose"))));
        assert!(broke.is_err());
        assert!(matches!(app.with_now("hedda", |_| Ok(())), Err(Refusal::Reopened)));
        assert_eq!(app.with_now("hedda", |c| Ok(c.memories()?.len())).unwrap(), 1);
        assert!(matches!(app.with_now("nobody", |_| Ok(())), Err(Refusal::ReMe(ReMeError::NoPatient(_)))));
    }
}
