//! Takes in one file after another and holds what is needed of them: the days asked for, and no more of them than matters.
//!
//! What it must never do: grow with the length of the files. Positions and heart rates closer than ten seconds are thinned, raw
//! motion is named at once and let go.

use std::{
    collections::HashMap,
    io::{BufRead, Cursor, Read},
    ops::ControlFlow,
};

use crate::{
    CalendarEntry, Context, Episode, Event, Format, NamedPlace, ReadError, ReadReport, Sensed, Settings, SourceId,
    TimeSpan, episodes, motion, read,
};

/// How much of a file is looked at to tell what it is, bytes.
const HEAD_BYTES: u64 = 4096;
/// Positions and heart rates of one device closer than this, s, are thinned.
const THIN_S: i64 = 10;
/// Most events that are held; thinned as they are, a month of four devices has some two million.
const MOST_EVENTS: usize = 4_000_000;

/// What a file turned out to be, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileRead {
    /// Its format; `None`: none that is known, and nothing was read.
    pub format: Option<Format>,
    /// Is it a zip archive, which has to be unpacked first?
    pub is_archive: bool,
    /// What was read.
    pub report: ReadReport,
}

/// Files on their way in.
#[derive(Debug, Clone)]
pub struct Intake {
    context: Context,
    events: Vec<Event>,
    /// When the last position or heart rate of a device was kept, s.
    last: HashMap<(SourceId, bool), i64>,
    /// Events left out because there were too many.
    too_many: u64,
}

impl Intake {
    /// Nothing read yet.
    pub fn new(context: Context) -> Self {
        Self { context, events: Vec::new(), last: HashMap::new(), too_many: 0 }
    }

    /// Reads a file; `name` is its name, from which a day is taken where the file itself has none. `watch` is told how many
    /// events there are so far and may end it: then this intake should be dropped.
    ///
    /// # Errors
    /// Only when the input itself fails.
    pub fn read(
        &mut self,
        name: &str,
        mut input: impl BufRead,
        watch: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<FileRead, ReadError> {
        let mut head = Vec::new();
        let failed = |source| ReadError::Input { line: 1, source };
        input.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(failed)?;
        let Some(format) = Format::of(&head) else {
            return Ok(FileRead { is_archive: head.starts_with(b"PK\x03\x04"), ..FileRead::default() });
        };
        let context = Context { date: day_in(name), ..self.context.clone() };
        let mut seen = 0;
        let report = read(format, Cursor::new(head).chain(input), &context, &mut |event| {
            self.take(event);
            seen += 1;
            if seen % 1024 == 0 { watch(seen) } else { ControlFlow::Continue(()) }
        })?;
        Ok(FileRead { format: Some(format), is_archive: false, report })
    }

    fn take(&mut self, event: Event) {
        let thinned = match &event.what {
            Sensed::Motion(window) => {
                for (second, activity) in motion::activities(window) {
                    let Ok(start) = jiff::Timestamp::from_second(second) else { continue };
                    let end = jiff::Timestamp::from_second(second + motion::PIECE_S as i64).unwrap_or(start);
                    let what = Sensed::Moved { span: TimeSpan { start, end }, activity };
                    self.push(Event { source: event.source, offset: event.offset, what });
                }
                return;
            }
            Sensed::HeartRate { at, .. } => Some((false, at.as_second())),
            Sensed::Position(fix) => Some((true, fix.at.as_second())),
            _ => None,
        };
        if let Some((is_position, second)) = thinned {
            let key = (event.source, is_position);
            // What comes out of order is kept: a file need not be sorted.
            if self.last.get(&key).is_some_and(|last| (0..THIN_S).contains(&(second - last))) {
                return;
            }
            self.last.insert(key, second);
        }
        self.push(event);
    }

    fn push(&mut self, event: Event) {
        if self.events.len() < MOST_EVENTS { self.events.push(event) } else { self.too_many += 1 }
    }

    /// Events held.
    pub const fn events(&self) -> &[Event] {
        self.events.as_slice()
    }

    /// Events left out because more cannot be held; choose fewer days.
    pub const fn too_many(&self) -> u64 {
        self.too_many
    }

    /// What was done and where, by everything that was read.
    pub fn episodes(&self, places: Vec<NamedPlace>) -> Vec<Episode> {
        episodes(&self.events, &Settings { places })
    }

    /// Calendar entries, each once.
    pub fn calendar(&self) -> Vec<CalendarEntry> {
        let entries = self.events.iter().filter_map(|event| match &event.what {
            Sensed::Calendar(entry) => Some(entry.clone()),
            _ => None,
        });
        let mut entries: Vec<CalendarEntry> = entries.collect();
        entries.sort_by(|a, b| (a.span, &a.id).cmp(&(b.span, &b.id)));
        entries.dedup_by(|a, b| a.id == b.id);
        entries
    }
}

/// A day in a file's name: `2026-05-02.csv`.
fn day_in(name: &str) -> Option<jiff::civil::Date> {
    let starts = name.char_indices().map(|(at, _)| at);
    starts.filter_map(|at| name.get(at..at + 10)).find_map(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(intake: &mut Intake, name: &str, text: &str) -> FileRead {
        intake.read(name, text.as_bytes(), &mut |_| ControlFlow::Continue(())).expect("memory can be read")
    }

    #[test]
    fn files_are_recognised_and_their_names_give_the_day_where_they_have_none() {
        let mut intake = Intake::new(Context::utc());
        let table = "Start time,End time,Step count\n10:00:00.000Z,10:15:00.000Z,900\n";
        assert_eq!(take(&mut intake, "fit/2026-05-02.csv", table).format, Some(Format::FitDay));
        assert_eq!(intake.events().len(), 1);
        assert_eq!(take(&mut intake, "table.csv", table).report.diagnostics.kept.len(), 1);
        let zip = take(&mut intake, "export.zip", "PK\u{3}\u{4}…");
        assert!(zip.is_archive && zip.format.is_none());
        assert_eq!(take(&mut intake, "x", "hello"), FileRead::default());
    }

    #[test]
    fn what_a_device_says_every_second_is_thinned() {
        let mut intake = Intake::new(Context::utc());
        let points: String = (0..3600)
            .map(|s| {
                format!(
                    "<trkpt lat=\"51.5\" lon=\"-0.1\"><time>2026-05-02T10:{:02}:{:02}Z</time></trkpt>\n",
                    s / 60,
                    s % 60
                )
            })
            .collect();
        let read = take(&mut intake, "way.gpx", &format!("<gpx><trk><trkseg>{points}</trkseg></trk></gpx>"));
        assert_eq!((read.report.events, intake.events().len()), (3600, 360));
    }
}
