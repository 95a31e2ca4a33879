//! Days of the Chinese lunisolar calendar as Gregorian days, from a table.
//!
//! Where in the flow: below the festivals and below 正月初五 in a note or a question. What it must never do: guess beyond its table.
//!
//! A table and not a library at run time, because 107 numbers are all that is used of one: it was made with the crate `tyme4rs`, and
//! `tests/lunar.rs` holds it against that crate and against days from the Hong Kong Observatory's conversion tables.

use jiff::{ToSpan, civil::Date};

/// Lunar year of the first entry: its first month begins in the same Gregorian year.
const FIRST_YEAR: i16 = 1929;

/// A year each: bits 0–12 say which of its months, a leap month among them, have 30 days (the others have 29); bits 13–16 the month
/// that is doubled, or 0; from bit 17 on the days from 1 January to its first day.
#[rustfmt::skip]
const YEARS: [u32; 107] = [
    0x500e92, 0x3acd26, 0x5e052b, 0x480a57, 0x32b2b6, 0x580b5a, 0x4406d4, 0x2e6ec9, 0x520749, 0x3cf693,
    0x620a93, 0x4c052b, 0x34ca5b, 0x5a0a6d, 0x46036a, 0x309b55, 0x560ba4, 0x400b49, 0x2a5a93, 0x500a95,
    0x38f52d, 0x5e0536, 0x480aad, 0x34b5aa, 0x580db2, 0x440da4, 0x2e7d4a, 0x540d4a, 0x3d0a96, 0x600a97,
    0x4c0556, 0x36cab5, 0x5a0ad5, 0x4606d2, 0x308ea5, 0x560ea5, 0x40064a, 0x286c97, 0x4e0a9b, 0x3af55a,
    0x5e056a, 0x480b69, 0x34b752, 0x5a0b52, 0x420b25, 0x2c964b, 0x520a4b, 0x3d14ab, 0x6002ad, 0x4a056d,
    0x36cb69, 0x5c0da9, 0x460d92, 0x309d25, 0x560d25, 0x415a4d, 0x640a56, 0x4e02b6, 0x38c5b5, 0x5e06d5,
    0x480ea9, 0x34be92, 0x5a0e92, 0x440d26, 0x2c6a56, 0x500a57, 0x3d14d6, 0x62035a, 0x4a06d5, 0x36b6c9,
    0x5c0749, 0x460693, 0x2e952b, 0x54052b, 0x3e0a5b, 0x2a555a, 0x4e056a, 0x38fb55, 0x600ba4, 0x4a0b49,
    0x32ba93, 0x580a95, 0x42052d, 0x2c8aad, 0x500ab5, 0x3d35aa, 0x6205d2, 0x4c0da5, 0x36dd4a, 0x5c0d4a,
    0x460c95, 0x30952e, 0x540556, 0x3e0ab5, 0x2a55b2, 0x5006d2, 0x38cea5, 0x5e0725, 0x48064b, 0x32ac97,
    0x560cab, 0x42055a, 0x2c6ad6, 0x520b69, 0x3d7752, 0x620b52, 0x4c0b25,
];

/// The Gregorian day of a lunar one, 1929–2035: month 1–12 (of a doubled month the first), day 1–30. `None` outside the table and for
/// a 30th that a month does not have.
///
/// ```
/// use reme_types::lunar_day;
/// assert_eq!(lunar_day(2024, 8, 15).map(|d| d.to_string()).as_deref(), Some("2024-09-17"));
/// assert_eq!(lunar_day(1928, 1, 1), None);
/// ```
pub fn lunar_day(year: i16, month: i8, day: i8) -> Option<Date> {
    let entry = *YEARS.get(usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?)?;
    if !(1..=12).contains(&month) || !(1..=30).contains(&day) {
        return None;
    }
    let doubled = (entry >> 13 & 15) as i8;
    let length_days = |place: i8| 29 + i64::from(entry >> place & 1);
    let place = month - 1 + i8::from(doubled != 0 && month > doubled);
    if i64::from(day) > length_days(place) {
        return None;
    }
    let before: i64 = (0..place).map(length_days).sum();
    let first = Date::new(year, 1, 1).ok()?.checked_add(i64::from(entry >> 17).days()).ok()?;
    first.checked_add((before + i64::from(day) - 1).days()).ok()
}
