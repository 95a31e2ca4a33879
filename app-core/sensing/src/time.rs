//! Moments as the files write them, with or without an offset.

use jiff::{
    Timestamp,
    civil::{DateTime, Time},
    fmt::temporal::Pieces,
    tz::{Offset, TimeZone},
};

/// Years a recording may be from; beyond them a clock was wrong.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2200;

/// A moment and the offset that was written with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    pub(crate) offset: Option<Offset>,
}

/// Reads `2026-05-02T14:00:00+01:00`, `…Z`, without offset (then in `zone`), and Apple's `2026-05-02 14:00:00 +0100`.
/// A wall clock time that a change of clocks skips or doubles is read as jiff's "compatible": later, or the first.
pub(crate) fn moment(text: &str, zone: &TimeZone) -> Option<Moment> {
    let text = text.trim();
    if text.len() > 64 || text.len() < 10 {
        return None;
    }
    let joined;
    let text = match text.as_bytes() {
        [head @ .., b' ', b'+' | b'-', _, _, _, _] if head.len() == 19 => {
            joined = format!("{}{}", text.get(..19)?, text.get(20..)?);
            joined.as_str()
        }
        _ => text,
    };
    let pieces = Pieces::parse(text).ok()?;
    let wall = pieces.date().to_datetime(pieces.time().unwrap_or_else(Time::midnight));
    if !YEARS.contains(&wall.year()) {
        return None;
    }
    let Some(offset) = pieces.to_numeric_offset() else {
        return Some(Moment { at: in_zone(wall, zone)?, offset: None });
    };
    // `Z` says the instant and nothing of the wall clock.
    let said = !text.ends_with(['Z', 'z']);
    Some(Moment { at: offset.to_timestamp(wall).ok()?, offset: said.then_some(offset) })
}

/// A wall clock time in a zone.
pub(crate) fn in_zone(wall: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(wall).ok()
}

/// Milliseconds since 1970, as older exports write them.
pub(crate) fn from_ms(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok().filter(|at| YEARS.contains(&Offset::UTC.to_datetime(*at).year()))
}

/// `at` and `seconds`, which may be negative.
pub(crate) fn plus_s(at: Timestamp, seconds: f64) -> Option<Timestamp> {
    if !seconds.is_finite() || seconds.abs() > 1e10 {
        return None;
    }
    Timestamp::from_millisecond(at.as_millisecond().checked_add((seconds * 1000.0) as i64)?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};

    use super::moment;

    #[test]
    fn moments_are_read_in_every_form_that_is_written() {
        let zone = TimeZone::get("Europe/London").expect("known");
        for (text, instant, said) in [
            ("2026-05-02T14:00:00+01:00", "2026-05-02T13:00:00Z", Some(offset(1))),
            ("2026-05-02 14:00:00 +0800", "2026-05-02T06:00:00Z", Some(offset(8))),
            ("2026-05-02T14:00:00.123Z", "2026-05-02T14:00:00.123Z", None),
            ("2026-05-02T14:00:00", "2026-05-02T13:00:00Z", None),
            ("2026-05-02", "2026-05-01T23:00:00Z", None),
            // The clocks go forward at one: half past one is read as half past two.
            ("2026-03-29T01:30", "2026-03-29T01:30:00Z", None),
        ] {
            let read = moment(text, &zone).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((read.at.to_string().as_str(), read.offset), (instant, said), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in
            ["", "yesterday", "2026-02-30T10:00:00Z", "0001-01-01T00:00:00Z", "2026-05-02T25:00", "日日日日日日日"]
        {
            assert_eq!(moment(text, &TimeZone::UTC), None, "{text}");
        }
    }
}
