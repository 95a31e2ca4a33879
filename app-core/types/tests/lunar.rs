//! The lunar table against a kept calendar crate, month by month, and against days of the Hong Kong Observatory's tables.

use reme_types::{LunarFestival, NamedDay, lunar_day};
use tyme4rs::tyme::{lunar::LunarDay, solar::SolarTerm};

#[test]
fn every_month_begins_where_the_calendar_crate_says() {
    for year in 1929..=2035_i16 {
        for month in 1..=12_i8 {
            for day in [1, 15, 29] {
                let theirs = LunarDay::from_ymd(year.into(), month.into(), day).get_solar_day();
                let theirs = (theirs.get_year(), theirs.get_month(), theirs.get_day());
                let ours = lunar_day(year, month, day as i8).expect("in the table");
                assert_eq!(
                    (ours.year() as isize, ours.month() as usize, ours.day() as usize),
                    theirs,
                    "{year} {month} {day}"
                );
            }
        }
    }
}

#[test]
fn solar_terms_fall_where_the_calendar_crate_says() {
    for year in 1930..=2035_i16 {
        for name in ["清明", "冬至"] {
            // The crate counts 冬至 to the year that begins after it.
            let theirs = SolarTerm::from_name(isize::from(year) + isize::from(name == "冬至"), name).get_solar_day();
            let ours = NamedDay::all_in(name)[0].1.date(year).expect("every year has one");
            assert_eq!(
                (ours.month() as usize, ours.day() as usize),
                (theirs.get_month(), theirs.get_day()),
                "{name} {year}"
            );
        }
    }
}

/// From the Hong Kong Observatory's Gregorian–lunar conversion tables.
#[test]
fn known_days_are_right() {
    for (festival, days) in [
        (LunarFestival::Spring, ["1949-01-29", "1968-01-30", "1985-02-20", "2000-02-05", "2023-01-22", "2026-02-17"]),
        (
            LunarFestival::MidAutumn,
            ["1949-10-06", "1968-10-06", "1985-09-29", "2000-09-12", "2023-09-29", "2026-09-25"],
        ),
        (
            LunarFestival::DragonBoat,
            ["1949-06-01", "1968-05-31", "1985-06-22", "2000-06-06", "2023-06-22", "2026-06-19"],
        ),
    ] {
        for day in days {
            let year = day[..4].parse().expect("a year");
            assert_eq!(festival.date(year).map(|d| d.to_string()).as_deref(), Some(day), "{festival:?}");
        }
    }
}
