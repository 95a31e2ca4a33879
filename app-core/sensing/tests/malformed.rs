//! Whatever a file holds, reading it ends, with events a person can have and without a panic.

use proptest::prelude::*;
use reme_sensing::{Context, Format, Sensed, episodes, read_all};

const FORMATS: [Format; 7] = [
    Format::OpenMHealth,
    Format::AppleHealth,
    Format::FitDay,
    Format::FitSession,
    Format::GoogleLocation,
    Format::Gpx,
    Format::Calendar,
];

/// One good file of each format, to be broken.
fn good(format: Format) -> &'static str {
    match format {
        Format::OpenMHealth => include_str!("files/day.jsonl"),
        Format::AppleHealth => include_str!("files/export.xml"),
        Format::FitDay => include_str!("files/2026-05-02.csv"),
        Format::FitSession => include_str!("files/session.json"),
        Format::GoogleLocation => include_str!("files/Timeline.json"),
        Format::Gpx => include_str!("files/way.gpx"),
        Format::Calendar => include_str!("files/calendar.ics"),
    }
}

fn context() -> Context {
    let at = |text: &str| text.parse().expect("a moment");
    Context {
        from: at("2026-01-01T00:00:00Z"),
        to: at("2027-01-01T00:00:00Z"),
        date: Some(jiff::civil::date(2026, 5, 2)),
        ..Context::utc()
    }
}

/// Reads, and checks what every event must be.
fn check(format: Format, bytes: &[u8]) {
    let (events, _) = read_all(format, bytes, &context()).expect("memory can be read");
    for event in &events {
        let span = event.what.span();
        assert!(span.is_none_or(|span| span.start <= span.end), "{event:?}");
        match &event.what {
            Sensed::Steps { count, .. } => assert!((0.0..1e7).contains(count), "{event:?}"),
            Sensed::HeartRate { bpm, .. } => assert!((20.0..=300.0).contains(bpm), "{event:?}"),
            Sensed::Position(fix) => assert!(fix.point.latitude.abs() <= 90.0 && fix.point.longitude.abs() <= 180.0),
            _ => {}
        }
    }
    let found = episodes(&events, &reme_sensing::Settings::default());
    assert!(found.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
}

#[test]
fn each_good_file_is_recognised_and_read_without_a_fault() {
    for format in FORMATS {
        assert_eq!(Format::of(good(format).as_bytes()), Some(format));
        let (events, diagnostics) = read_all(format, good(format).as_bytes(), &context()).expect("memory can be read");
        assert!(!events.is_empty() && diagnostics.kept.is_empty(), "{format:?}: {diagnostics:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind_end_in_a_report(format in 0..FORMATS.len(), bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        check(FORMATS[format], &bytes);
    }

    #[test]
    fn a_good_file_with_pieces_changed_moved_or_missing_ends_in_a_report(
        format in 0..FORMATS.len(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), 0..5_u8, any::<u8>(), 0..40_usize), 1..12),
    ) {
        let mut bytes = good(FORMATS[format]).as_bytes().to_vec();
        for (at, kind, byte, length) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => { bytes.drain(at..end); }
                2 => { let piece = bytes[at..end].to_vec(); bytes.splice(at..at, piece); }
                3 => bytes.truncate(at),
                _ => { bytes.splice(at..at, b"99999999999999999999\"<{[;:".iter().copied()); }
            }
        }
        check(FORMATS[format], &bytes);
    }
}
