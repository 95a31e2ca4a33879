//! When something happened, as exactly as the person knows it.

use std::{fmt, str::FromStr};

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A local time as exact as it is known: `1968`, `1968-07`, `1968-07-02` or `1968-07-02T14:00`.
/// Orders by earliest possible moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// Only the year.
    Year(i16),
    /// Year and month (1–12).
    Month(i16, i8),
    /// The day.
    Day(Date),
    /// Day and time of day.
    Minute(DateTime),
}

/// The text is no time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a time: write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm")]
pub struct ParseWhenError(String);

impl When {
    /// The first day it can mean.
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(y) => Date::constant(y, 1, 1),
            Self::Month(y, m) => Date::constant(y, m, 1),
            Self::Day(d) => d,
            Self::Minute(t) => t.date(),
        }
    }

    /// The last day it can mean.
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(y) => Date::constant(y, 12, 31),
            Self::Month(y, m) => Date::constant(y, m, 1).last_of_month(),
            Self::Day(d) => d,
            Self::Minute(t) => t.date(),
        }
    }

    /// The first moment it can mean.
    pub fn first_moment(self) -> DateTime {
        match self {
            Self::Minute(t) => t,
            other => other.first_day().to_datetime(Time::midnight()),
        }
    }

    /// The day, where it is known that exactly.
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Day(d) => Some(d),
            Self::Minute(t) => Some(t.date()),
            _ => None,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(d) => write!(f, "{d}"),
            Self::Minute(t) => write!(f, "{}T{:02}:{:02}", t.date(), t.hour(), t.minute()),
        }
    }
}

impl FromStr for When {
    type Err = ParseWhenError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || ParseWhenError(text.chars().take(40).collect());
        let text = text.trim();
        let year_in_range = |y: i16| (1..=9999).contains(&y);
        match text.len() {
            4 => text.parse().ok().filter(|y| year_in_range(*y)).map(Self::Year).ok_or_else(fail),
            7 => format!("{text}-01").parse::<Date>().map(|d| Self::Month(d.year(), d.month())).map_err(|_| fail()),
            10 => text.parse().map(Self::Day).map_err(|_| fail()),
            _ => text
                .parse::<DateTime>()
                .map(|t| Self::Minute(t.with().second(0).subsec_nanosecond(0).build().unwrap_or(t)))
                .map_err(|_| fail()),
        }
    }
}

impl TryFrom<String> for When {
    type Error = ParseWhenError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        when.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::When;

    #[test]
    fn every_precision_survives_being_written_and_read() {
        for text in ["1968", "1968-07", "1968-07-02", "1968-07-02T14:05"] {
            assert_eq!(text.parse::<When>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_named() {
        for text in ["", "0000", "1968-13", "1968-02-30", "yesterday", "1968-07-02T25:00"] {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
    }
}
