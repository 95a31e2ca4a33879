//! How much may be played now: the plan's days, the weekly dose, the daily cap.
//!
//! Where in the flow: before a session is put together. What it must never do: read a clock of its own, or blame anybody for
//! having played.
//!
//! The rules (TRAINING notes, "Dose"): a session takes the plan's minutes; where the sessions of the week are done, ten minutes
//! a day are still welcome; beyond the daily cap nothing is begun. A day is the patient's own, midnight to midnight at home.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use reme_store::{Session, SessionState, Store};
use reme_types::{Language, Plan};

use super::journal::Entry;
use crate::{ReMeError, strings::say};

/// Fewest minutes worth beginning a session for (issue 2: a session takes 10–20 minutes).
pub(crate) const FEWEST_MINUTES: u16 = 10;
/// Longest session a plan may ask for, minutes (TRAINING notes: 20–30).
const MOST_MINUTES: u16 = 30;
/// The longest gap between two inputs that counts as played, milliseconds; the same as in the engine [design].
pub(crate) const MOST_GAP_MS: u64 = 120_000;

/// The patient's day and hour.
#[derive(Debug, Clone)]
pub(crate) struct Now {
    /// The instant.
    pub(crate) at: Timestamp,
    /// The patient's zone.
    pub(crate) zone: TimeZone,
}

impl Now {
    /// The patient's date.
    pub(crate) fn today(&self) -> Date {
        self.day_of(self.at)
    }

    /// The patient's date at an instant.
    pub(crate) fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned_datetime(self.zone.clone()).date()
    }
}

/// What may be played now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Allowance {
    /// A session of so many minutes.
    Minutes(u16),
    /// Nothing, and why.
    Blocked(Blocked),
}

/// Why no session can begin now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    /// The daily cap is reached.
    Cap {
        /// Minutes played today.
        minutes: u16,
    },
    /// The plan begins on that day.
    NotYet(Date),
    /// The plan ended on that day.
    Over(Date),
    /// No game of the plan can be played.
    NothingReady,
}

impl Blocked {
    /// For the patient to read, without blame.
    pub fn in_words(self, language: Language) -> String {
        let day = |date: Date| match language {
            Language::En => date.strftime("%-d %B").to_string(),
            Language::ZhCn => format!("{}月{}日", date.month(), date.day()),
        };
        match self {
            Self::Cap { minutes } => say(language, "blocked-cap", &[("minutes", f64::from(minutes).into())]),
            Self::NotYet(date) => say(language, "blocked-not-yet", &[("day", day(date).into())]),
            Self::Over(date) => say(language, "blocked-over", &[("day", day(date).into())]),
            Self::NothingReady => say(language, "blocked-nothing-ready", &[]),
        }
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Language::En))
    }
}

/// What the plan allows now.
pub(crate) fn allowance(store: &Store, plan: &Plan, sessions: &[Session], now: &Now) -> Result<Allowance, ReMeError> {
    let today = now.today();
    if let Some(start) = plan.starts_on.filter(|start| today < *start) {
        return Ok(Allowance::Blocked(Blocked::NotYet(start)));
    }
    if let Some(end) = plan.ends_on.filter(|end| today > *end) {
        return Ok(Allowance::Blocked(Blocked::Over(end)));
    }
    let played = minutes(played_ms(store, sessions, now)?);
    let left = plan.dose.daily_cap_minutes.saturating_sub(played);
    if left < FEWEST_MINUTES.min(plan.dose.daily_cap_minutes.max(1)) {
        return Ok(Allowance::Blocked(Blocked::Cap { minutes: played }));
    }
    let is_done = done_this_week(sessions, now) >= plan.dose.sessions_per_week;
    let wanted = if is_done { FEWEST_MINUTES } else { plan.dose.session_minutes.clamp(FEWEST_MINUTES, MOST_MINUTES) };
    Ok(Allowance::Minutes(wanted.min(left)))
}

/// Sessions played to their end today and on the six days before.
pub(crate) fn done_this_week(sessions: &[Session], now: &Now) -> u8 {
    let today = now.today();
    let is_recent = |session: &&Session| {
        let day = now.day_of(session.ended_at.unwrap_or(session.started_at));
        session.state == SessionState::Done && (0..7).contains(&(today - day).get_days())
    };
    u8::try_from(sessions.iter().filter(is_recent).count()).unwrap_or(u8::MAX)
}

/// Milliseconds played today. A session across midnight counts on each day with what was played on it.
fn played_ms(store: &Store, sessions: &[Session], now: &Now) -> Result<u64, ReMeError> {
    let today = now.today();
    let mut total = 0;
    for session in sessions {
        // One that ended before today has nothing to add; its events are not read.
        if session.ended_at.is_some_and(|at| now.day_of(at) < today) {
            continue;
        }
        let mut before = 0;
        for event in store.events(session.id)? {
            let Ok(Entry::Taken { at_ms, .. }) = serde_json::from_str(&event.payload) else { continue };
            if now.day_of(event.at) == today {
                total += at_ms.saturating_sub(before);
            }
            before = at_ms;
        }
    }
    Ok(total)
}

/// Minutes, rounded to the nearest.
fn minutes(ms: u64) -> u16 {
    u16::try_from((ms + 30_000) / 60_000).unwrap_or(u16::MAX)
}

#[cfg(test)]
#[path = "dose_tests.rs"]
mod tests;
