//! Prints what is found in files, and how long reading took: for looking at an export, and for the numbers in
//! `docs/decisions/0013-sensing.md`.
//!
//! ```text
//! cargo run --release -p reme-sensing --example episodes -- export.xml way.gpx
//! ```
#![allow(clippy::disallowed_methods, reason = "a tool that measures reads the clock")]

use std::{fs::File, io::BufReader, ops::ControlFlow, time::Instant};

use reme_sensing::{Context, EpisodeKind, Intake, stories};

fn main() {
    let mut intake = Intake::new(Context::utc());
    for path in std::env::args().skip(1) {
        let begun = Instant::now();
        let file = File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let bytes = file.metadata().map_or(0, |about| about.len());
        let read = intake.read(&path, BufReader::with_capacity(1 << 18, file), &mut |_| ControlFlow::Continue(()));
        let read = read.unwrap_or_else(|error| panic!("{path}: {error}"));
        let seconds = begun.elapsed().as_secs_f64();
        eprintln!(
            "{path}: {:?}, {} events of {bytes} bytes in {seconds:.2} s ({:.0} MB/s), {} faults",
            read.format,
            read.report.events,
            bytes as f64 / 1e6 / seconds,
            read.report.diagnostics.kept.len() as u64 + read.report.diagnostics.more
        );
    }
    let begun = Instant::now();
    let episodes = intake.episodes(Vec::new());
    let told = stories(&episodes, &intake.calendar(), &[], &jiff::tz::TimeZone::UTC, &[]);
    eprintln!(
        "{} episodes and {} stories of {} events in {:.2} s",
        episodes.len(),
        told.len(),
        intake.events().len(),
        begun.elapsed().as_secs_f64()
    );
    for episode in &episodes {
        let what = match &episode.kind {
            EpisodeKind::Activity(activity) => format!("{activity:?}"),
            EpisodeKind::Visit(place) if place.is_home => "at home".to_owned(),
            EpisodeKind::Visit(_) => "at a place".to_owned(),
        };
        println!("{} {:4} min {what}", episode.span.start, episode.span.minutes());
    }
}
