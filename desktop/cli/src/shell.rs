//! What every command needs of the machine: where the data lies, what time it is, where keys are kept.
//!
//! The one place of the command that reads the environment and the clock.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context;
use clap::Args;
use reme::Household;
use reme_types::Clock;

use crate::keys::{DesktopKeyStore, KeysChoice};

/// Where the data lies and whose they are.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// Folder of the data; $XDG_DATA_HOME/reme or ~/.local/share/reme when left out
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// Whose memories, by the short name of `reme patient list`; not needed when there is one patient
    #[arg(long, global = true)]
    pub(crate) patient: Option<String>,
    /// Where a new patient's key is kept; `auto` takes the keyring where one answers, else a file only you can read
    #[arg(long, global = true, value_enum, default_value = "auto", env = "REME_KEYS")]
    keys: KeysChoice,
    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the shell is where the clock is read")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::system()
    }
}

/// A variable of the environment; an empty one counts as unset.
#[allow(clippy::disallowed_methods, reason = "the shell is where the environment is read")]
pub(crate) fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

impl Place {
    /// The data folder; it need not be there yet.
    pub(crate) fn folder(&self) -> anyhow::Result<PathBuf> {
        let set = |name: &str| variable(name).map(PathBuf::from);
        let own = || Some(set("XDG_DATA_HOME").or_else(|| set("HOME").map(|h| h.join(".local/share")))?.join("reme"));
        let folder = self.data.clone().or_else(own);
        folder.context("no place for the data: give --data DIR, or set HOME or XDG_DATA_HOME")
    }

    /// The keys of that folder.
    pub(crate) fn key_store(&self) -> anyhow::Result<DesktopKeyStore> {
        Ok(DesktopKeyStore::new(self.folder()?.join("keys"), self.keys))
    }

    /// Everybody in that folder.
    pub(crate) fn household(&self) -> anyhow::Result<Household> {
        let folder = self.folder()?.join("patients");
        let household = Household::new(folder, Box::new(self.key_store()?), Arc::new(SystemClock));
        Ok(household.with_sentences(crate::model::sentences()))
    }
}
