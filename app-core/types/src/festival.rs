//! Days that move from year to year: Easter and the festivals of the Chinese lunisolar calendar.
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
    /// 中秋, fifteenth day of the eighth month.
    MidAutumn,
    /// 重阳, ninth day of the ninth month.
    DoubleNinth,
}

/// First year of [`LUNAR`].
const FIRST_YEAR: i16 = 2018;

/// Month and day of 春节, 端午, 中秋 and 重阳 from 2018 on. The authority is the Hong Kong Observatory's Gregorian–lunar
/// conversion tables; the tests below check the distances between the days, not the tables themselves.
const LUNAR: [[(i8, i8); 4]; 13] = [
    [(2, 16), (6, 18), (9, 24), (10, 17)],
    [(2, 5), (6, 7), (9, 13), (10, 7)],
    [(1, 25), (6, 25), (10, 1), (10, 25)],
    [(2, 12), (6, 14), (9, 21), (10, 14)],
    [(2, 1), (6, 3), (9, 10), (10, 4)],
    [(1, 22), (6, 22), (9, 29), (10, 23)],
    [(2, 10), (6, 10), (9, 17), (10, 11)],
    [(1, 29), (5, 31), (10, 6), (10, 29)],
    [(2, 17), (6, 19), (9, 25), (10, 18)],
    [(2, 6), (6, 9), (9, 15), (10, 8)],
    [(1, 26), (5, 28), (10, 3), (10, 26)],
    [(2, 13), (6, 16), (9, 22), (10, 16)],
    [(2, 3), (6, 5), (9, 12), (10, 5)],
];

impl LunarFestival {
    /// Its Gregorian day in a year, 2018–2030.
    pub fn date(self, year: i16) -> Option<Date> {
        let row = LUNAR.get(usize::try_from(year - FIRST_YEAR).ok()?)?;
        let (column, shift_days) = match self {
            Self::NewYearsEve => (0, -1),
            Self::Spring => (0, 0),
            Self::Lantern => (0, 14),
            Self::DragonBoat => (1, 0),
            Self::MidAutumn => (2, 0),
            Self::DoubleNinth => (3, 0),
        };
        let (month, day) = row[column];
        Date::new(year, month, day).ok()?.checked_add(jiff::SignedDuration::from_hours(24 * shift_days)).ok()
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
        // 15th of the 8th to 9th of the 9th month: 23 or 24 days, as months have 29 or 30.
        for year in 2018..=2030 {
            let autumn = LunarFestival::MidAutumn.date(year).expect("in the table");
            let ninth = LunarFestival::DoubleNinth.date(year).expect("in the table");
            let days = (ninth - autumn).get_days();
            assert!((23..=24).contains(&days), "{year}: {days}");
            // 5th of the 5th to 15th of the 8th month: three months and ten days, or four with a leap month between.
            let boat = LunarFestival::DragonBoat.date(year).expect("in the table");
            let days = (autumn - boat).get_days();
            assert!((97..=100).contains(&days) || (126..=130).contains(&days), "{year}: {days}");
        }
        assert_eq!(LunarFestival::NewYearsEve.date(2026), Some(date(2026, 2, 16)));
        assert_eq!(LunarFestival::Spring.date(2031), None);
    }
}
