//! Rules by which a calendar entry repeats: every day, week, month or year, on which days, how long (RFC 5545, 3.3.10).
//!
//! Day after day is asked whether it fits. That is slower than computing the next one and cannot get it wrong.
//! Not followed: rules by the hour or less, by set position, by week number or by day of the year.

use jiff::{
    Span,
    civil::{Date, DateTime, Weekday},
    tz::TimeZone,
};

/// Most days a rule is followed for: a hundred and fifty years.
const MOST_DAYS: usize = 366 * 150;
/// Most times one rule gives.
const MOST_TIMES: usize = 5_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// A rule and the moment from which it counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    start: DateTime,
    every: Every,
    interval: i64,
    count: Option<usize>,
    until: Option<DateTime>,
    /// Days of the week; with a number, that one of the month (from its end when negative), 0 without.
    on_days: Vec<(i8, Weekday)>,
    on_month_days: Vec<i8>,
    in_months: Vec<i8>,
    week_starts: Weekday,
}

impl Rule {
    /// Reads a rule; `None` when it says something that is not followed.
    pub(super) fn parse(text: &str, start: DateTime, zone: &TimeZone) -> Option<Self> {
        let mut rule = Self {
            start,
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            on_days: Vec::new(),
            on_month_days: Vec::new(),
            in_months: Vec::new(),
            week_starts: Weekday::Monday,
        };
        let mut has_frequency = false;
        for part in text.trim().split(';').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=')?;
            match key.trim().to_ascii_uppercase().as_str() {
                "FREQ" => {
                    has_frequency = true;
                    rule.every = match value.trim().to_ascii_uppercase().as_str() {
                        "DAILY" => Every::Day,
                        "WEEKLY" => Every::Week,
                        "MONTHLY" => Every::Month,
                        "YEARLY" => Every::Year,
                        _ => return None,
                    };
                }
                "INTERVAL" => {
                    rule.interval = value.trim().parse().ok().filter(|interval| (1..=1000).contains(interval))?
                }
                "COUNT" => rule.count = Some(value.trim().parse().ok()?),
                "UNTIL" => rule.until = Some(until(value.trim(), zone)?),
                "BYDAY" => rule.on_days = value.split(',').map(on_day).collect::<Option<_>>()?,
                "BYMONTHDAY" => rule.on_month_days = numbers(value, 31)?,
                "BYMONTH" => rule.in_months = numbers(value, 12)?,
                "WKST" => rule.week_starts = weekday(value.trim())?,
                _ => return None,
            }
        }
        has_frequency.then_some(rule)
    }

    /// The times between two days, both included.
    pub(super) fn times(&self, first: Date, last: Date) -> Vec<DateTime> {
        let mut times = Vec::new();
        // A count is counted from the beginning; without one the days before do not matter.
        let mut day = if self.count.is_some() { self.start.date() } else { self.start.date().max(first) };
        let mut found = 0;
        for _ in 0..MOST_DAYS {
            let time = day.to_datetime(self.start.time());
            let is_over =
                self.until.is_some_and(|until| time > until) || self.count.is_some_and(|count| found >= count);
            if day > last || is_over || times.len() >= MOST_TIMES {
                break;
            }
            if self.fits(day) {
                found += 1;
                if day >= first {
                    times.push(time);
                }
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        times
    }

    fn fits(&self, day: Date) -> bool {
        let start = self.start.date();
        let apart = match self.every {
            Every::Day => days_between(start, day),
            Every::Week => days_between(self.week_of(start), self.week_of(day)) / 7,
            Every::Month => months(day) - months(start),
            Every::Year => i64::from(day.year()) - i64::from(start.year()),
        };
        if apart % self.interval != 0 || !(self.in_months.is_empty() || self.in_months.contains(&day.month())) {
            return false;
        }
        let by_month_day = self.on_month_days.is_empty()
            || self.on_month_days.iter().any(|&n| n == day.day() || n == day.day() - day.days_in_month() - 1);
        let by_day =
            self.on_days.is_empty() || self.on_days.iter().any(|&(nth, weekday)| self.is_nth(day, nth, weekday));
        let nothing_said = self.on_month_days.is_empty() && self.on_days.is_empty();
        by_month_day
            && by_day
            && match self.every {
                _ if !nothing_said => true,
                Every::Day => true,
                Every::Week => day.weekday() == start.weekday(),
                Every::Month => day.day() == start.day(),
                Every::Year => day.day() == start.day() && (!self.in_months.is_empty() || day.month() == start.month()),
            }
    }

    /// Is the day the `nth` such weekday of its month (of its year, for a yearly rule that names no month)?
    fn is_nth(&self, day: Date, nth: i8, weekday: Weekday) -> bool {
        if day.weekday() != weekday {
            return false;
        }
        let in_year = self.every == Every::Year && self.in_months.is_empty();
        let (at, of) = if in_year {
            (i64::from(day.day_of_year()), i64::from(day.days_in_year()))
        } else {
            (i64::from(day.day()), i64::from(day.days_in_month()))
        };
        let nth = i64::from(nth);
        nth == 0 || (at - 1) / 7 + 1 == nth || -((of - at) / 7 + 1) == nth
    }

    fn week_of(&self, day: Date) -> Date {
        let back = day.weekday().to_monday_zero_offset() - self.week_starts.to_monday_zero_offset();
        day.saturating_sub(Span::new().days(back.rem_euclid(7)))
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

fn months(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month())
}

/// The last moment, on the wall clock of the entry.
fn until(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let (text, utc) = text.strip_suffix('Z').map_or((text, false), |text| (text, true));
    let wall: DateTime = match text.len() {
        8 => text.parse::<Date>().ok()?.at(23, 59, 59, 0),
        15 => text.parse().ok()?,
        _ => return None,
    };
    if utc { Some(zone.to_datetime(TimeZone::UTC.to_timestamp(wall).ok()?)) } else { Some(wall) }
}

fn on_day(text: &str) -> Option<(i8, Weekday)> {
    let text = text.trim();
    let day = weekday(text.get(text.len().checked_sub(2)?..)?)?;
    let nth = &text[..text.len() - 2];
    let nth = if nth.is_empty() { 0 } else { nth.parse().ok().filter(|nth: &i8| *nth != 0 && nth.abs() <= 53)? };
    Some((nth, day))
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

fn numbers(text: &str, most: i8) -> Option<Vec<i8>> {
    let number = |one: &str| one.trim().parse().ok().filter(|n: &i8| *n != 0 && n.abs() <= most);
    text.split(',').map(number).collect()
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};

    use super::Rule;

    fn days(rule: &str, start: jiff::civil::Date, last: jiff::civil::Date) -> Vec<String> {
        let rule = Rule::parse(rule, start.at(9, 0, 0, 0), &TimeZone::UTC).expect("a rule that is followed");
        rule.times(start, last).iter().map(|time| time.date().to_string()).collect()
    }

    #[test]
    fn rules_are_followed_as_the_standard_has_them() {
        let from = date(2026, 1, 1); // a Thursday
        for (rule, expected) in [
            ("FREQ=DAILY;COUNT=3", vec!["2026-01-01", "2026-01-02", "2026-01-03"]),
            ("FREQ=DAILY;INTERVAL=10;UNTIL=20260121T090000Z", vec!["2026-01-01", "2026-01-11", "2026-01-21"]),
            ("FREQ=WEEKLY;COUNT=3", vec!["2026-01-01", "2026-01-08", "2026-01-15"]),
            (
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4",
                vec!["2026-01-01", "2026-01-13", "2026-01-15", "2026-01-27"],
            ),
            ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", vec!["2026-01-30", "2026-02-27"]),
            ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", vec!["2026-01-31", "2026-03-31", "2026-05-31"]),
            ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", vec!["2026-01-31", "2026-02-28"]),
            ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU;COUNT=2", vec!["2026-05-10", "2027-05-09"]),
            ("FREQ=YEARLY;COUNT=2", vec!["2026-01-01", "2027-01-01"]),
        ] {
            assert_eq!(days(rule, from, date(2029, 1, 1)), expected, "{rule}");
        }
    }

    #[test]
    fn a_birthday_on_the_29th_of_february_comes_every_four_years() {
        assert_eq!(
            days("FREQ=YEARLY", date(1944, 2, 29), date(1953, 1, 1)),
            ["1944-02-29", "1948-02-29", "1952-02-29"]
        );
    }

    #[test]
    fn rules_that_are_not_followed_are_told_and_not_guessed() {
        for rule in [
            "FREQ=HOURLY",
            "FREQ=MONTHLY;BYSETPOS=2;BYDAY=MO",
            "COUNT=3",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=WEEKLY;BYDAY=XX",
            "x",
        ] {
            assert_eq!(Rule::parse(rule, date(2026, 1, 1).at(9, 0, 0, 0), &TimeZone::UTC), None, "{rule}");
        }
    }
}
