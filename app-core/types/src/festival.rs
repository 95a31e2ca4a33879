//! Days that move from year to year: Easter, and the festivals of the Chinese lunisolar calendar.
//!
//! Where in the flow: capture reads "last Easter" and 中秋 in a note, retrieval reads them in a question.
//! What it must never do: guess beyond its table; a year outside gives `None`.
//!
//! ```
//! use reme_types::{easter, LunarFestival};
//! assert_eq!(easter(2024).map(|d| d.to_string()).as_deref(), Some("2024-03-31"));
//! assert_eq!(LunarFestival::MidAutumn.date(2024).map(|d| d.to_string()).as_deref(), Some("2024-09-17"));
//! ```

use jiff::civil::Date;

use crate::lunar_day;

/// Easter Sunday of a Gregorian year (anonymous Gregorian computus, Nature, 20 April 1876).
pub fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// A festival by the Chinese lunisolar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LunarFestival {
    /// 除夕, the eve of the first day of the first month.
    NewYearsEve,
    /// 春节, first day of the first month.
    Spring,
    /// 元宵, fifteenth day of the first month.
    Lantern,
    /// 端午, fifth day of the fifth month.
    DragonBoat,
    /// 七夕, seventh day of the seventh month.
    DoubleSeventh,
    /// 中元, fifteenth day of the seventh month.
    Ghosts,
    /// 中秋, fifteenth day of the eighth month.
    MidAutumn,
    /// 重阳, ninth day of the ninth month.
    DoubleNinth,
    /// 腊八, eighth day of the twelfth month.
    Laba,
}

impl LunarFestival {
    /// Its Gregorian day in a year, 1930–2035.
    pub fn date(self, year: i16) -> Option<Date> {
        match self {
            Self::NewYearsEve => lunar_day(year, 1, 1)?.yesterday().ok(),
            Self::Spring => lunar_day(year, 1, 1),
            Self::Lantern => lunar_day(year, 1, 15),
            Self::DragonBoat => lunar_day(year, 5, 5),
            Self::DoubleSeventh => lunar_day(year, 7, 7),
            Self::Ghosts => lunar_day(year, 7, 15),
            Self::MidAutumn => lunar_day(year, 8, 15),
            Self::DoubleNinth => lunar_day(year, 9, 9),
            // The twelfth month lies mostly in the Gregorian year after its own.
            Self::Laba => lunar_day(year - 1, 12, 8),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{LunarFestival, easter};

    #[test]
    fn easter_falls_where_almanacs_put_it() {
        for (year, month, day) in [(1961, 4, 2), (2000, 4, 23), (2019, 4, 21), (2026, 4, 5), (2038, 4, 25)] {
            assert_eq!(easter(year), Some(date(year, month, day)));
        }
    }

    #[test]
    fn lunar_festivals_lie_as_far_apart_as_the_moon_allows() {
        // 15th of the 8th to 9th of the 9th month: 23 or 24 days, as months have 29 or 30; a leap eighth month (1957) lies between.
        for year in 1930..=2035 {
            let autumn = LunarFestival::MidAutumn.date(year).expect("in the table");
            let ninth = LunarFestival::DoubleNinth.date(year).expect("in the table");
            let days = (ninth - autumn).get_days();
            assert!((23..=24).contains(&days) || (52..=54).contains(&days), "{year}: {days}");
            // 5th of the 5th to 15th of the 8th month: three months and ten days, or four with a leap month between.
            let boat = LunarFestival::DragonBoat.date(year).expect("in the table");
            let days = (autumn - boat).get_days();
            assert!((97..=100).contains(&days) || (126..=130).contains(&days), "{year}: {days}");
        }
        assert_eq!(LunarFestival::NewYearsEve.date(2026), Some(date(2026, 2, 16)));
        assert_eq!(LunarFestival::Spring.date(2036), None);
    }
}
