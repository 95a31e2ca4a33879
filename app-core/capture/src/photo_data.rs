//! Time and position from a photo's EXIF block. Anything absurd is dropped and noted, never an error.

use std::io::Cursor;

use exif::{Exif, In, Rational, Reader, Tag, Value};
use jiff::civil::{Date, DateTime};
use reme_types::When;

/// The oldest year believed: the first permanent photograph (Niépce, 1826).
const FIRST_YEAR: i16 = 1826;

/// Why a photo's own date is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// Not of the form `YYYY:MM:DD hh:mm:ss`.
    Unreadable,
    /// A month 13, a 30 February.
    NoSuchDay,
    /// After today.
    Future,
    /// Before there were photographs.
    BeforePhotography,
}

/// What was left out of a photo; the photo itself is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoNote {
    /// Its date.
    #[error("taken_at: the photo's date `{text}` {}; it was left out. Type the date yourself", date_fault(*.fault))]
    Date {
        /// As it stands in the photo.
        text: String,
        /// What is wrong with it.
        fault: DateFault,
    },
    /// Its position is not on the globe.
    #[error("position: the photo's position is not on the globe; it was left out. Type the place yourself")]
    Position,
}

const fn date_fault(fault: DateFault) -> &'static str {
    match fault {
        DateFault::Unreadable => "cannot be read",
        DateFault::NoSuchDay => "is no day of the calendar",
        DateFault::Future => "lies in the future",
        DateFault::BeforePhotography => "is older than photography",
    }
}

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct PhotoData {
    pub(crate) taken_at: Option<When>,
    pub(crate) position: Option<(f64, f64)>,
    pub(crate) notes: Vec<PhotoNote>,
}

/// When a photo was taken, by its EXIF block alone; nothing is decoded. `today` is the patient's date.
pub fn photo_time(bytes: &[u8], today: Date) -> Option<When> {
    photo_origin(bytes, today).0
}

/// When and where (latitude and longitude in degrees, WGS 84) a photo was taken, by its EXIF block alone.
pub fn photo_origin(bytes: &[u8], today: Date) -> (Option<When>, Option<(f64, f64)>) {
    let data = read_exif(bytes, today);
    (data.taken_at, data.position)
}

pub(crate) fn read_exif(bytes: &[u8], today: Date) -> PhotoData {
    let mut data = PhotoData::default();
    let Ok(exif) = Reader::new().read_from_container(&mut Cursor::new(bytes)) else { return data };
    match taken_at(&exif, today) {
        Ok(time) => data.taken_at = time,
        Err(note) => data.notes.push(note),
    }
    match position(&exif) {
        Ok(place) => data.position = place,
        Err(note) => data.notes.push(note),
    }
    data
}

fn taken_at(exif: &Exif, today: Date) -> Result<Option<When>, PhotoNote> {
    let Some(field) = [Tag::DateTimeOriginal, Tag::DateTimeDigitized, Tag::DateTime]
        .iter()
        .find_map(|tag| exif.get_field(*tag, In::PRIMARY))
    else {
        return Ok(None);
    };
    let Value::Ascii(texts) = &field.value else { return Ok(None) };
    let text = String::from_utf8_lossy(texts.first().map_or(&[][..], Vec::as_slice)).trim().to_owned();
    // Cameras whose clock was never set write blanks or zeros; that is no date, and nothing to report.
    if text.chars().all(|c| matches!(c, ' ' | ':' | '0')) {
        return Ok(None);
    }
    parse_exif_time(&text, today).map(Some)
}

/// `YYYY:MM:DD hh:mm:ss` (EXIF 2.32, tag 0x9003) that can be true.
pub(crate) fn parse_exif_time(text: &str, today: Date) -> Result<When, PhotoNote> {
    // A broken block can hold anything, at any length.
    let refused = |fault| PhotoNote::Date { text: text.chars().take(24).collect(), fault };
    let numbers: Vec<i32> = text.split([':', ' ']).filter_map(|part| part.parse().ok()).collect();
    let [year, month, day, rest @ ..] = numbers.as_slice() else { return Err(refused(DateFault::Unreadable)) };
    let small = |n: i32| i8::try_from(n).unwrap_or(-1);
    let Ok(date) = Date::new(i16::try_from(*year).unwrap_or(-1).max(0), small(*month), small(*day)) else {
        return Err(refused(DateFault::NoSuchDay));
    };
    if date > today {
        return Err(refused(DateFault::Future));
    }
    if date.year() < FIRST_YEAR {
        return Err(refused(DateFault::BeforePhotography));
    }
    let time = match rest {
        [hour, minute, ..] => {
            DateTime::new(date.year(), date.month(), date.day(), small(*hour), small(*minute), 0, 0).ok()
        }
        _ => None,
    };
    Ok(time.map_or(When::Day(date), When::Minute))
}

fn position(exif: &Exif) -> Result<Option<(f64, f64)>, PhotoNote> {
    let degrees = |tag| match exif.get_field(tag, In::PRIMARY).map(|f| &f.value) {
        Some(Value::Rational(parts)) => degrees_of(parts),
        _ => None,
    };
    let letter = |tag| {
        exif.get_field(tag, In::PRIMARY).and_then(|f| match &f.value {
            Value::Ascii(texts) => texts.first()?.first().copied(),
            _ => None,
        })
    };
    let (Some(north), Some(east)) = (degrees(Tag::GPSLatitude), degrees(Tag::GPSLongitude)) else { return Ok(None) };
    let latitude = if letter(Tag::GPSLatitudeRef) == Some(b'S') { -north } else { north };
    let longitude = if letter(Tag::GPSLongitudeRef) == Some(b'W') { -east } else { east };
    if latitude == 0.0 && longitude == 0.0 {
        return Ok(None); // phones without a fix write zeros
    }
    if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
        return Err(PhotoNote::Position);
    }
    Ok(Some((latitude, longitude)))
}

/// Degrees, minutes and seconds as three fractions.
fn degrees_of(parts: &[Rational]) -> Option<f64> {
    let [degrees, minutes, seconds] = parts else { return None };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    value.is_finite().then_some(value)
}
