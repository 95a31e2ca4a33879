//! The patients of one device: a folder each, a key each.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use reme_capture::{PhotoError, TextError};
use reme_store::{KeyStore, Store, StoreError, StoreKey};
use reme_types::{Clock, Patient};

use crate::companion::Companion;

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
        problem: String,
    },
    /// No session can begin now; the words are the patient's to read.
    #[error("{0}")]
    Blocked(String),
    /// No such patient, or several and none named.
    #[error("{0}")]
    NoPatient(String),
}

/// Everybody whose memories are on this device.
pub struct Household {
    folder: PathBuf,
    keys: Box<dyn KeyStore>,
    clock: Arc<dyn Clock>,
}

impl Household {
    /// The household in `folder`; nothing is made yet.
    pub fn new(folder: impl Into<PathBuf>, keys: Box<dyn KeyStore>, clock: Arc<dyn Clock>) -> Self {
        Self { folder: folder.into(), keys, clock }
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
    /// An empty name, an unknown time zone, a slug that is taken, file errors.
    pub fn add(&self, patient: &Patient) -> Result<Companion, ReMeError> {
        let name = patient.name.trim();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(ReMeError::Invalid { field: "name", problem: "must have 1 to 80 characters".into() });
        }
        if jiff::tz::TimeZone::get(&patient.time_zone).is_err() {
            let problem = format!(
                "is `{}`, which is no time zone; write one such as Europe/London or Asia/Shanghai",
                patient.time_zone
            );
            return Err(ReMeError::Invalid { field: "time_zone", problem });
        }
        let slug = self.free_slug(name)?;
        let key = StoreKey::random()?;
        self.keys.save(&slug, &key)?;
        let patient = Patient { name: name.to_owned(), ..patient.clone() };
        match Store::create(&self.folder.join(&slug), &key, &patient, Arc::clone(&self.clock)) {
            Ok(store) => Ok(Companion::new(slug, store, Arc::clone(&self.clock))),
            Err(error) => {
                self.keys.forget(&slug)?;
                Err(error.into())
            }
        }
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
            let problem = format!(
                "for `{slug}` is not in the {}; put it back. The memories were left as they are",
                self.keys.kind()
            );
            return Err(ReMeError::Invalid { field: "key", problem });
        };
        let store = Store::open(&self.folder.join(&slug), &key, Arc::clone(&self.clock))?;
        Ok(Companion::new(slug, store, Arc::clone(&self.clock)))
    }

    /// Erases a patient for good, memories, trials, media and key, when `name` is the patient's.
    ///
    /// # Errors
    /// [`ReMeError::Invalid`] when the name is another; then nothing is erased.
    pub fn erase(&self, slug: Option<&str>, name: &str) -> Result<(), ReMeError> {
        let companion = self.open(slug)?;
        if companion.patient()?.name != name.trim() {
            return Err(ReMeError::Invalid {
                field: "confirm",
                problem: "is not the patient's name; write it exactly as it is shown".into(),
            });
        }
        let slug = companion.slug().to_owned();
        companion.into_store().erase()?;
        Ok(self.keys.forget(&slug)?)
    }
}

impl std::fmt::Debug for Household {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Household").field("folder", &self.folder).finish_non_exhaustive()
    }
}
