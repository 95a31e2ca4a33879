//! A calendar in iCalendar form (RFC 5545): its events, with those that repeat followed through the time asked for.
//!
//! Read: VEVENT with DTSTART, DTEND or DURATION, RRULE, RDATE, EXDATE, RECURRENCE-ID, STATUS, SUMMARY, LOCATION, UID. Zones by
//! their IANA name; a VTIMEZONE of the file's own is not followed, and its times are read in the person's zone with a warning.

use std::{
    collections::BTreeSet,
    io::{BufRead, Result},
};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    Out,
    ics_rule::Rule,
    lines::{LONGEST_BYTES, Line, Lines},
};
use crate::{
    CalendarEntry, Fault, Sensed, SourceId, TimeSpan,
    time::{in_zone, plus_s},
};

/// Longest title and place that are kept, characters.
const WORDS_MOST_CHARS: usize = 200;
/// Most events of one calendar; more are no person's.
const MOST_EVENTS: usize = 200_000;
/// Longest entry, s: a month. Longer ones say nothing of an hour.
const LONGEST_S: i64 = 31 * 24 * 3600;

/// A point in time as the calendar writes it.
#[derive(Debug, Clone)]
struct Stamp {
    wall: DateTime,
    zone: TimeZone,
    is_day: bool,
}

impl Stamp {
    fn instant(&self) -> Option<Timestamp> {
        in_zone(self.wall, &self.zone)
    }
}

/// An event being read.
#[derive(Debug, Default)]
struct Entry {
    line: u64,
    id: String,
    title: String,
    place: Option<String>,
    start: Option<Stamp>,
    end: Option<Stamp>,
    duration_s: Option<f64>,
    rule: Option<String>,
    more: Vec<Stamp>,
    not: Vec<Stamp>,
    replaces: Option<Stamp>,
    is_cancelled: bool,
}

pub(super) fn read(input: &mut Lines<impl BufRead>, out: &mut Out<'_>) -> Result<()> {
    let mut calendar = Calendar { zone: out.context.zone.clone(), open: None, depth: 0, entries: Vec::new() };
    let (mut buffer, mut logical, mut first) = (Vec::new(), String::new(), 1);
    while let Some((number, line)) = input.next(&mut buffer)? {
        let text = match line {
            Line::Text(text) => text,
            Line::NotUtf8 => {
                out.error(number, "record", Fault::NotUtf8);
                continue;
            }
            Line::TooLong => {
                out.error(number, "record", Fault::TooLong);
                continue;
            }
        };
        // A line that begins with a blank goes on the one before (RFC 5545, 3.1).
        if let Some(rest) = text.strip_prefix([' ', '\t']) {
            if logical.len() + rest.len() <= LONGEST_BYTES {
                logical.push_str(rest);
            }
            continue;
        }
        calendar.line(&logical, first, out);
        logical.clear();
        logical.push_str(text);
        first = number;
    }
    calendar.line(&logical, first, out);
    if let Some(entry) = calendar.open.take() {
        out.error(entry.line, "VEVENT", Fault::CutOff);
    }
    calendar.put_all(out);
    Ok(())
}

struct Calendar {
    /// Where times without a zone are read.
    zone: TimeZone,
    open: Option<Entry>,
    /// Components open inside the event, such as an alarm.
    depth: u32,
    entries: Vec<Entry>,
}

impl Calendar {
    fn line(&mut self, text: &str, line: u64, out: &mut Out<'_>) {
        let Some((name, parameters, value)) = split(text) else {
            if !text.trim().is_empty() {
                out.warn(line, "record", Fault::UnknownKind);
            }
            return;
        };
        match (name.as_str(), value.trim()) {
            ("BEGIN", "VEVENT") => {
                if let Some(unfinished) = self.open.replace(Entry { line, ..Entry::default() }) {
                    out.error(unfinished.line, "VEVENT", Fault::CutOff);
                }
                self.depth = 0;
            }
            ("END", "VEVENT") => {
                if let Some(entry) = self.open.take() {
                    self.close(entry, line, out);
                }
            }
            ("BEGIN", _) => self.depth += 1,
            ("END", _) => self.depth = self.depth.saturating_sub(1),
            ("X-WR-TIMEZONE", zone) if self.open.is_none() => match TimeZone::get(zone) {
                Ok(zone) => self.zone = zone,
                Err(_) => out.warn(line, "X-WR-TIMEZONE", Fault::UnknownZone),
            },
            (name, value) => {
                let Some(entry) = self.open.as_mut().filter(|_| self.depth == 0) else { return };
                property(entry, name, &parameters, value, (&self.zone, line), out);
            }
        }
    }

    fn close(&mut self, entry: Entry, line: u64, out: &mut Out<'_>) {
        if entry.start.is_none() {
            return out.error(line, "DTSTART", Fault::Missing);
        }
        if self.entries.len() >= MOST_EVENTS {
            return out.error(line, "VEVENT", Fault::TooLong);
        }
        self.entries.push(entry);
    }

    /// Hands every time of every event over; a changed time replaces the one it changes.
    fn put_all(&self, out: &mut Out<'_>) {
        let changed =
            self.entries.iter().filter_map(|entry| Some((entry.id.as_str(), entry.replaces.as_ref()?.instant()?)));
        let changed: BTreeSet<_> = changed.collect();
        for entry in &self.entries {
            if out.stopped() {
                return;
            }
            if entry.is_cancelled {
                continue;
            }
            let Some(start) = &entry.start else { continue };
            let Some(length_s) = length_s(entry, start) else {
                out.error(entry.line, "DTEND", Fault::NotASpan);
                continue;
            };
            for wall in times(entry, start, out) {
                let Some(at) = in_zone(wall, &start.zone) else { continue };
                let is_out = entry
                    .not
                    .iter()
                    .any(|not| if not.is_day { not.wall.date() == wall.date() } else { not.instant() == Some(at) });
                if is_out || (entry.replaces.is_none() && changed.contains(&(entry.id.as_str(), at))) {
                    continue;
                }
                // A day is as long as the clocks make it.
                let end = if start.is_day {
                    let days = jiff::Span::new().days(length_s / 86_400);
                    wall.checked_add(days).ok().and_then(|wall| in_zone(wall, &start.zone))
                } else {
                    plus_s(at, length_s as f64)
                };
                let Some(span) = end.and_then(|end| TimeSpan::new(at, end)) else { continue };
                let entry = CalendarEntry {
                    id: format!("{}@{}", entry.id, at.as_second()),
                    span,
                    all_day: start.is_day,
                    title: entry.title.clone(),
                    place: entry.place.clone(),
                };
                out.put(SourceId::of("calendar"), Some(start.zone.to_offset(at)), Sensed::Calendar(entry));
            }
        }
    }
}

/// The wall clock times of an event.
fn times(entry: &Entry, start: &Stamp, out: &mut Out<'_>) -> Vec<DateTime> {
    let day_of = |at: Timestamp| start.zone.to_datetime(at).date();
    let last = day_of(out.context.to.min(Timestamp::MAX)).saturating_add(jiff::Span::new().days(1));
    let first = day_of(out.context.from.max(Timestamp::MIN)).saturating_sub(jiff::Span::new().days(32));
    let mut times = match entry.rule.as_deref().map(|rule| Rule::parse(rule, start.wall, &start.zone)) {
        None => vec![start.wall],
        Some(None) => {
            out.warn(entry.line, "RRULE", Fault::UnknownRule);
            vec![start.wall]
        }
        Some(Some(rule)) => rule.times(first, last),
    };
    times.extend(entry.more.iter().map(|stamp| stamp.wall));
    times.sort_unstable();
    times.dedup();
    times
}

/// How long an event lasts, s. Without an end: a day, or no time at all (RFC 5545, 3.6.1).
fn length_s(entry: &Entry, start: &Stamp) -> Option<i64> {
    let length_s = match (&entry.end, entry.duration_s) {
        (Some(end), _) if start.is_day => {
            i64::from(end.wall.date().duration_since(start.wall.date()).as_hours() as i32 / 24) * 86_400
        }
        (Some(end), _) => end.instant()?.as_second() - start.instant()?.as_second(),
        (None, Some(seconds)) => seconds as i64,
        (None, None) if start.is_day => 86_400,
        (None, None) => 0,
    };
    (0..=LONGEST_S).contains(&length_s).then_some(length_s)
}

/// A property's parameters, their names in capitals.
type Parameters = Vec<(String, String)>;

/// `NAME;PARAMETER=value:content`; a colon inside quotes belongs to the parameter.
fn split(text: &str) -> Option<(String, Parameters, &str)> {
    let mut in_quotes = false;
    let colon = text.char_indices().find_map(|(at, c)| {
        in_quotes ^= c == '"';
        (c == ':' && !in_quotes).then_some(at)
    })?;
    let (head, value) = (&text[..colon], &text[colon + 1..]);
    let mut parts = head.split(';');
    let name = parts.next()?.trim().to_ascii_uppercase();
    let pairs = parts.filter_map(|part| part.split_once('='));
    let parameters = pairs.map(|(key, value)| (key.to_ascii_uppercase(), value.trim_matches('"').to_owned())).collect();
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
        .then_some((name, parameters, value))
}

fn property(
    entry: &mut Entry,
    name: &str,
    parameters: &[(String, String)],
    value: &str,
    (zone, line): (&TimeZone, u64),
    out: &mut Out<'_>,
) {
    let mut stamps = |field: &'static str| {
        let stamps: Vec<Stamp> =
            value.split(',').filter_map(|one| stamp(one, parameters, zone, (field, line), out)).collect();
        if stamps.is_empty() {
            out.warn(line, field, Fault::NotATime);
        }
        stamps
    };
    match name {
        "UID" => entry.id = value.chars().take(WORDS_MOST_CHARS).collect(),
        "SUMMARY" => entry.title = words(value),
        "LOCATION" => entry.place = Some(words(value)).filter(|place| !place.is_empty()),
        "STATUS" => entry.is_cancelled = value.eq_ignore_ascii_case("CANCELLED"),
        "DTSTART" => entry.start = stamps("DTSTART").into_iter().next(),
        "DTEND" => entry.end = stamps("DTEND").into_iter().next(),
        "RECURRENCE-ID" => entry.replaces = stamps("RECURRENCE-ID").into_iter().next(),
        "EXDATE" => entry.not.extend(stamps("EXDATE")),
        "RDATE" => entry.more.extend(stamps("RDATE")),
        "RRULE" => entry.rule = Some(value.to_owned()),
        "DURATION" => match duration_s(value) {
            Some(seconds) => entry.duration_s = Some(seconds),
            None => out.warn(line, "DURATION", Fault::NotASpan),
        },
        _ => {}
    }
}

/// `20260502T140000Z`, `20260502T140000` in the zone named or the calendar's, or `20260502`.
fn stamp(
    text: &str,
    parameters: &[(String, String)],
    own: &TimeZone,
    (field, line): (&'static str, u64),
    out: &mut Out<'_>,
) -> Option<Stamp> {
    let text = text.trim();
    let (text, utc) = text.strip_suffix('Z').map_or((text, false), |text| (text, true));
    let wall: DateTime = match text.len() {
        8 => text.parse::<jiff::civil::Date>().ok()?.to_datetime(jiff::civil::Time::midnight()),
        15 => text.parse().ok()?,
        _ => return None,
    };
    if !(1900..=2200).contains(&wall.year()) {
        return None;
    }
    let zone = if utc {
        TimeZone::UTC
    } else {
        match parameters.iter().find(|(key, _)| key == "TZID") {
            None => own.clone(),
            Some((_, name)) => TimeZone::get(name.trim_start_matches('/')).unwrap_or_else(|_| {
                out.warn(line, field, Fault::UnknownZone);
                own.clone()
            }),
        }
    };
    Some(Stamp { wall, zone, is_day: text.len() == 8 })
}

/// `PT1H30M`, `P1D`, `P2W`; jiff reads ISO 8601.
fn duration_s(text: &str) -> Option<f64> {
    let span: jiff::Span = text.trim().parse().ok()?;
    let seconds = span.total(jiff::SpanTotal::from(jiff::Unit::Second).days_are_24_hours()).ok()?;
    (0.0..=LONGEST_S as f64).contains(&seconds).then_some(seconds)
}

/// Words with their escapes taken out, in one line.
fn words(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS_MOST_CHARS).collect()
}
