//! English names of the months: the one place for them. Chinese counts its months.

/// January first, as they are written.
pub const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// 1–12 for an English month, however its letters are written.
///
/// ```
/// assert_eq!(reme_types::month_number("august"), Some(8));
/// assert_eq!(reme_types::month_number("Aug"), None);
/// ```
pub fn month_number(name: &str) -> Option<i8> {
    MONTHS_EN.iter().zip(1..).find_map(|(month, number)| month.eq_ignore_ascii_case(name).then_some(number))
}
