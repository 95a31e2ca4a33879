//! The patients of one device: a folder each, a key each.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use reme_capture::{PhotoError, TextError};
use reme_games::Library;
use reme_store::{KeyStore, Store, StoreError, StoreKey};
use reme_types::{Clock, Patient};

use crate::{
    companion::Companion,
    finder::Sentences,
    plan::GameInfo,
    problem::{Conflict, Problem},
    session::{Blocked, known_games},
};

/// Longest name of a patient, characters.
const NAME_MOST_CHARS: usize = 80;
/// Longest slug, characters: it is a folder's name.
const SLUG_MOST_CHARS: usize = 40;

/// What a shell shows when something did not work.
#[derive(Debug, thiserror::Error)]
pub enum ReMeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A note that cannot be taken.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A photo that cannot be taken.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// A field that cannot be understood.
    #[error("`{field}` {problem}; nothing was changed")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong, and the fix.
        problem: Problem,
    },
    /// No session can begin now.
    #[error("{0}")]
    Blocked(Blocked),
    /// It does not fit what is there.
    #[error("{0}")]
    Conflict(Conflict),
    /// No such patient, or several and none named.
    #[error("{0}")]
    NoPatient(String),
}

impl From<Conflict> for ReMeError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

/// Everybody whose memories are on this device.
pub struct Household {
    folder: PathBuf,
    keys: Box<dyn KeyStore>,
    clock: Arc<dyn Clock>,
    games: Arc<[GameInfo]>,
    library: Library,
    sentences: Option<Sentences>,
}

impl Household {
    /// The household in `folder`, with the games that ship with ReMe; nothing is made yet.
    pub fn new(folder: impl Into<PathBuf>, keys: Box<dyn KeyStore>, clock: Arc<dyn Clock>) -> Self {
        let library = Library::default();
        Self { folder: folder.into(), keys, clock, games: known_games(&library).into(), library, sentences: None }
    }

    /// With these games to play and to plan instead.
    #[must_use]
    pub fn with_library(self, library: Library) -> Self {
        Self { games: known_games(&library).into(), library, ..self }
    }

    /// With a sentence model for searching.
    #[must_use]
    pub fn with_sentences(self, sentences: Option<Sentences>) -> Self {
        Self { sentences, ..self }
    }

    /// With these games to plan instead.
    #[must_use]
    pub fn with_games(self, games: Vec<GameInfo>) -> Self {
        Self { games: games.into(), ..self }
    }

    /// The secret of the key with which this patient's device signs to a clinic, if it has one.
    ///
    /// # Errors
    /// When the key store does not answer.
    pub fn device_key(&self, slug: &str) -> Result<Option<StoreKey>, ReMeError> {
        Ok(self.keys.load(&device_key_name(slug))?)
    }

    /// A new one in the place of any other.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn renew_device_key(&self, slug: &str) -> Result<StoreKey, ReMeError> {
        self.forget_device_key(slug)?;
        let key = StoreKey::random()?;
        self.keys.save(&device_key_name(slug), &key)?;
        Ok(key)
    }

    /// Forgets it; fine when there is none.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget_device_key(&self, slug: &str) -> Result<(), ReMeError> {
        Ok(self.keys.forget(&device_key_name(slug))?)
    }

    /// `keyring` or `file`.
    pub fn key_store(&self) -> &'static str {
        self.keys.kind()
    }

    /// Where everything lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The patients' slugs, in order.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn slugs(&self) -> Result<Vec<String>, ReMeError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(StoreError::Io { path: self.folder.clone(), source }.into()),
        };
        let mut slugs: Vec<String> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().join("reme.db").is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        slugs.sort();
        Ok(slugs)
    }

    /// Makes a store with a new key for a patient.
    ///
    /// # Errors
    /// An empty name, an unknown time zone, file errors.
    pub fn add(&self, patient: &Patient) -> Result<Companion, ReMeError> {
        self.add_as(&self.free_slug(patient.name.trim())?, patient)
    }

    /// As [`Household::add`], under a slug of the caller's choice: lower-case letters, figures and hyphens.
    ///
    /// # Errors
    /// As [`Household::add`]; a slug that is malformed or taken.
    pub fn add_as(&self, slug: &str, patient: &Patient) -> Result<Companion, ReMeError> {
        let name = patient.name.trim();
        if name.is_empty() || name.chars().count() > NAME_MOST_CHARS {
            return Err(ReMeError::Invalid { field: "name", problem: Problem::Length { most: NAME_MOST_CHARS } });
        }
        if jiff::tz::TimeZone::get(&patient.time_zone).is_err() {
            let zone = patient.time_zone.chars().take(NAME_MOST_CHARS).collect();
            return Err(ReMeError::Invalid { field: "time_zone", problem: Problem::Zone { zone } });
        }
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if slug.is_empty() || slug.len() > SLUG_MOST_CHARS || slug.starts_with('-') || !slug.chars().all(is_plain) {
            return Err(ReMeError::Invalid { field: "slug", problem: Problem::Length { most: SLUG_MOST_CHARS } });
        }
        let folder = self.folder.join(slug);
        if self.slugs()?.iter().any(|taken| taken == slug) {
            return Err(StoreError::Exists(folder).into());
        }
        // A key without a store is what a process left that was killed in between; no store was ever made with it.
        let (key, is_new) = match self.keys.load(slug)? {
            Some(key) => (key, false),
            None => (StoreKey::random()?, true),
        };
        if is_new {
            self.keys.save(slug, &key)?;
        }
        let patient = Patient { name: name.to_owned(), ..patient.clone() };
        match Store::create(&folder, &key, &patient, Arc::clone(&self.clock)) {
            Ok(store) => Ok(self.companion(slug, store)),
            Err(error) => {
                self.keys.forget(slug)?;
                Err(error.into())
            }
        }
    }

    fn companion(&self, slug: &str, store: Store) -> Companion {
        let games = (Arc::clone(&self.games), self.library.clone());
        Companion::new(slug.to_owned(), store, Arc::clone(&self.clock), games).with_sentences(self.sentences.clone())
    }

    /// Letters and figures of the name in lower case, or `patient`, with a number when it is taken.
    fn free_slug(&self, name: &str) -> Result<String, ReMeError> {
        let plain: String = name.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).take(24).collect();
        let base = if plain.is_empty() { "patient".to_owned() } else { plain };
        let taken = self.slugs()?;
        let free =
            (1..).map(|n| if n == 1 { base.clone() } else { format!("{base}-{n}") }).find(|s| !taken.contains(s));
        free.ok_or_else(|| ReMeError::NoPatient("every name is taken".into()))
    }

    /// Opens a patient's store; the only one when `slug` is `None`.
    ///
    /// # Errors
    /// [`ReMeError::NoPatient`] when it is not clear who is meant; what the store says.
    pub fn open(&self, slug: Option<&str>) -> Result<Companion, ReMeError> {
        let slugs = self.slugs()?;
        let slug = match (slug, slugs.as_slice()) {
            (Some(slug), all) if all.iter().any(|s| s == slug) => slug.to_owned(),
            (Some(slug), []) => {
                return Err(ReMeError::NoPatient(format!(
                    "there is no patient `{slug}`, nor any other; add one with: reme patient add NAME"
                )));
            }
            (Some(slug), all) => {
                return Err(ReMeError::NoPatient(format!("there is no patient `{slug}`; there is {}", all.join(", "))));
            }
            (None, [only]) => only.clone(),
            (None, []) => {
                return Err(ReMeError::NoPatient(
                    "there is no patient yet; add one with: reme patient add NAME".into(),
                ));
            }
            (None, all) => {
                return Err(ReMeError::NoPatient(format!(
                    "several people are on this device; say which with --patient: {}",
                    all.join(", ")
                )));
            }
        };
        let Some(key) = self.keys.load(&slug)? else {
            let problem = Problem::KeyMissing { place: self.keys.kind() };
            return Err(ReMeError::Invalid { field: "key", problem });
        };
        let store = Store::open(&self.folder.join(&slug), &key, Arc::clone(&self.clock))?;
        Ok(self.companion(&slug, store))
    }

    /// Erases a patient for good, memories, trials, media and key, when `name` is the patient's.
    ///
    /// # Errors
    /// [`ReMeError::Invalid`] when the name is another; then nothing is erased.
    pub fn erase(&self, slug: Option<&str>, name: &str) -> Result<(), ReMeError> {
        self.erase_open(self.open(slug)?, name).map_err(|(_, error)| error)
    }

    /// As [`Household::erase`], for a companion that is open already; it is given back when nothing was erased.
    ///
    /// # Errors
    /// As [`Household::erase`].
    pub fn erase_open(&self, companion: Companion, name: &str) -> Result<(), (Option<Companion>, ReMeError)> {
        match companion.patient() {
            Ok(patient) if patient.name == name.trim() => {}
            Ok(_) => {
                let refused = ReMeError::Invalid { field: "confirm", problem: Problem::NotTheName };
                return Err((Some(companion), refused));
            }
            Err(error) => return Err((Some(companion), error)),
        }
        let slug = companion.slug().to_owned();
        companion.into_store().erase().map_err(|error| (None, error.into()))?;
        self.keys.forget(&slug).map_err(|error| (None, error.into()))?;
        self.forget_device_key(&slug).map_err(|error| (None, error))
    }
}

/// No slug holds a full stop, so it is nobody's store key.
fn device_key_name(slug: &str) -> String {
    format!("{slug}.device")
}

impl std::fmt::Debug for Household {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Household").field("folder", &self.folder).finish_non_exhaustive()
    }
}
