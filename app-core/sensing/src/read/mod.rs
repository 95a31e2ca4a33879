//! Files become events, one at a time, whatever program wrote them.
//!
//! What it must never do: hold a file in memory, stop at the first fault, or take a value that no person can have.

mod apple_health;
mod elements;
mod fields;
mod fit;
mod google_location;
mod gpx;
mod ics;
mod ics_rule;
mod lines;
mod open_mhealth;

use std::{io::BufRead, ops::ControlFlow};

use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};

use crate::{Diagnostics, Event, Fault, Sensed, SourceId, TimeSpan};
use lines::Lines;

/// How far a file is looked at to tell what it is, bytes.
const SNIFFED: usize = 4096;
/// Longest span a record may have, s: a week. Longer ones are a device's mistake and would cover everything.
const LONGEST_S: i64 = 7 * 24 * 3600;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Open mHealth and IEEE 1752.1 records, one JSON object a line, or a JSON array of them.
    OpenMHealth,
    /// Apple Health's `export.xml`.
    AppleHealth,
    /// A day of Google Fit as Takeout writes it (`2026-05-02.csv`): quarters of an hour.
    FitDay,
    /// A session of Google Fit as Takeout writes it (JSON).
    FitSession,
    /// Google's location history: `Records.json`, the monthly semantic files, `Timeline.json` from a phone.
    GoogleLocation,
    /// A way in GPX.
    Gpx,
    /// A calendar (iCalendar, RFC 5545).
    Calendar,
}

impl Format {
    /// Tells by the first bytes what a file is, never by its name. `None`: it is none of these.
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = &head[..head.len().min(SNIFFED)];
        let text = String::from_utf8_lossy(head);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let has = |word: &str| text.contains(word);
        if text.len() >= 15 && text[..text.floor_char_boundary(15)].eq_ignore_ascii_case("BEGIN:VCALENDAR") {
            return Some(Self::Calendar);
        }
        if text.starts_with('<') {
            return [
                ("<HealthData", Self::AppleHealth),
                ("<!DOCTYPE HealthData", Self::AppleHealth),
                ("<gpx", Self::Gpx),
            ]
            .into_iter()
            .find_map(|(word, format)| has(word).then_some(format));
        }
        if text.starts_with("Start time,") || text.starts_with("\"Start time\"") {
            return Some(Self::FitDay);
        }
        if !text.starts_with(['{', '[']) {
            return None;
        }
        if has("\"schema_id\"") {
            return Some(Self::OpenMHealth);
        }
        if has("\"fitnessActivity\"") {
            return Some(Self::FitSession);
        }
        let location =
            ["\"locations\"", "\"timelineObjects\"", "\"semanticSegments\"", "\"rawSignals\"", "\"timelinePath\""];
        let phone = (has("\"visit\"") || has("\"activity\"")) && has("\"startTime\"");
        if location.iter().any(|word| has(word)) || phone {
            return Some(Self::GoogleLocation);
        }
        has("\"header\"").then_some(Self::OpenMHealth)
    }
}

/// What a reader must be told.
#[derive(Debug, Clone)]
pub struct Context {
    /// The person's home zone: for times that are written without one.
    pub zone: TimeZone,
    /// Events outside are left out; a calendar entry that repeats is followed inside only.
    pub from: Timestamp,
    /// See `from`.
    pub to: Timestamp,
    /// The day a file is about where only its name says so, as with [`Format::FitDay`].
    pub date: Option<Date>,
}

impl Context {
    /// All times, in UTC; for examples and tests.
    pub const fn utc() -> Self {
        Self { zone: TimeZone::UTC, from: Timestamp::MIN, to: Timestamp::MAX, date: None }
    }
}

/// What came of reading a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// Events handed over.
    pub events: u64,
    /// Records of kinds that are not used here, such as weight.
    pub passed_over: u64,
    /// Events outside the time asked for.
    pub outside: u64,
    /// What was wrong.
    pub diagnostics: Diagnostics,
    /// Did the receiver stop the reading?
    pub stopped: bool,
}

/// The file could not be read on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The disk or the connection failed.
    #[error("the file could not be read past line {line}; what came before was kept. Check the disk and try again")]
    Input {
        /// The line reached.
        line: u64,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

/// Reads a file to its end, or until `receive` breaks.
///
/// # Errors
/// Only when the input itself fails; what is wrong in the file is told in the report.
pub fn read(
    format: Format,
    input: impl BufRead,
    context: &Context,
    receive: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<ReadReport, ReadError> {
    let mut input = Lines::new(input);
    let mut out = Out { context, receive, report: ReadReport::default() };
    let ended = match format {
        Format::OpenMHealth => open_mhealth::read(&mut input, &mut out),
        Format::AppleHealth => apple_health::read(&mut input, &mut out),
        Format::FitDay => fit::read_day(&mut input, &mut out),
        Format::FitSession => fit::read_session(&mut input, &mut out),
        Format::GoogleLocation => google_location::read(&mut input, &mut out),
        Format::Gpx => gpx::read(&mut input, &mut out),
        Format::Calendar => ics::read(&mut input, &mut out),
    };
    match ended {
        Ok(()) => Ok(out.report),
        Err(source) => Err(ReadError::Input { line: input.line(), source }),
    }
}

/// Reads a small file whole.
///
/// # Errors
/// See [`read`].
pub fn read_all(
    format: Format,
    input: impl BufRead,
    context: &Context,
) -> Result<(Vec<Event>, Diagnostics), ReadError> {
    let mut events = Vec::new();
    let report = read(format, input, context, &mut |event| {
        events.push(event);
        ControlFlow::Continue(())
    })?;
    Ok((events, report.diagnostics))
}

/// Where readers put what they found.
struct Out<'a> {
    context: &'a Context,
    receive: &'a mut dyn FnMut(Event) -> ControlFlow<()>,
    report: ReadReport,
}

impl Out<'_> {
    fn error(&mut self, line: u64, field: &'static str, fault: Fault) {
        self.report.diagnostics.error(line, field, fault);
    }

    fn warn(&mut self, line: u64, field: &'static str, fault: Fault) {
        self.report.diagnostics.warn(line, field, fault);
    }

    /// Hands an event over if it lies in the time asked for.
    fn put(&mut self, source: SourceId, offset: Option<Offset>, what: Sensed) {
        let inside = what.span().is_none_or(|span| span.end >= self.context.from && span.start <= self.context.to);
        if !inside {
            self.report.outside += 1;
            return;
        }
        self.report.events += 1;
        self.report.stopped |= (self.receive)(Event { source, offset, what }).is_break();
    }

    /// A span a record can have.
    fn span(&mut self, line: u64, start: Timestamp, end: Timestamp) -> Option<TimeSpan> {
        let span = TimeSpan::new(start, end).filter(|span| span.seconds() <= LONGEST_S);
        if span.is_none() {
            self.error(line, "time", Fault::NotASpan);
        }
        span
    }

    const fn stopped(&self) -> bool {
        self.report.stopped
    }
}

/// Steps a person can take in that time: at most five a second, and some slack for a record of no length.
fn steps_possible(count: f64, span: TimeSpan) -> bool {
    (0.0..=5.0 * span.seconds() as f64 + 60.0).contains(&count)
}

/// Heart rates people have lived with, beats a minute.
fn bpm_possible(bpm: f64) -> bool {
    (20.0..=300.0).contains(&bpm)
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
