//! Days with a name that come every year, in both languages: Christmas, Easter, 国庆, 中秋, 清明.
//!
//! Where in the flow: the one place for them; conversation reads them in answers, retrieval in questions. What it must never do: take
//! a name inside another word for the day ("eastern").
//!
//! ```
//! use reme_types::NamedDay;
//! let [(_, day)] = NamedDay::all_in("who came on boxing day?")[..] else { panic!() };
//! assert_eq!(day.date(2025).map(|d| d.to_string()).as_deref(), Some("2025-12-26"));
//! ```

use jiff::{ToSpan, civil::Date};

use crate::{LunarFestival, easter};

/// A day with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedDay {
    /// Its name in lower case.
    pub name: &'static str,
    /// Days before it that people mean as well when they say the name.
    pub before_days: i64,
    /// Days after it that people mean as well.
    pub after_days: i64,
    falls: Falls,
}

/// How its day is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Falls {
    On(i8, i8),
    By(LunarFestival),
    /// Days from Easter Sunday.
    FromEaster(i64),
    /// 清明 and 冬至, by the usual formula (right for 1901 to 2099): month, and its constants for the two centuries in hundredths.
    Solar(i8, i32, i32),
}

const fn fixed(name: &'static str, month: i8, day: i8, after_days: i64) -> NamedDay {
    NamedDay { name, before_days: 0, after_days, falls: Falls::On(month, day) }
}

const fn lunar(name: &'static str, festival: LunarFestival, after_days: i64) -> NamedDay {
    NamedDay { name, before_days: 0, after_days, falls: Falls::By(festival) }
}

const fn easter_day(name: &'static str, days: i64, around: i64) -> NamedDay {
    NamedDay { name, before_days: around, after_days: around, falls: Falls::FromEaster(days) }
}

const fn solar(name: &'static str, month: i8, constants: (i32, i32)) -> NamedDay {
    NamedDay { name, before_days: 1, after_days: 1, falls: Falls::Solar(month, constants.0, constants.1) }
}

/// Longer names before those they hold.
const NAMED: [NamedDay; 61] = [
    fixed("christmas eve", 12, 24, 0),
    fixed("christmas day", 12, 25, 0),
    fixed("christmas", 12, 25, 2),
    fixed("boxing day", 12, 26, 0),
    fixed("new year's eve", 12, 31, 0),
    fixed("new year's day", 1, 1, 0),
    fixed("hogmanay", 12, 31, 0),
    fixed("halloween", 10, 31, 0),
    fixed("hallowe'en", 10, 31, 0),
    fixed("bonfire night", 11, 5, 0),
    fixed("guy fawkes", 11, 5, 0),
    fixed("valentine", 2, 14, 0),
    fixed("st patrick", 3, 17, 0),
    fixed("saint patrick", 3, 17, 0),
    fixed("st david", 3, 1, 0),
    fixed("saint david", 3, 1, 0),
    fixed("st george", 4, 23, 0),
    fixed("burns night", 1, 25, 0),
    fixed("april fool", 4, 1, 0),
    fixed("may day", 5, 1, 0),
    easter_day("easter monday", 1, 0),
    easter_day("easter sunday", 0, 0),
    easter_day("easter day", 0, 0),
    easter_day("good friday", -2, 0),
    easter_day("shrove tuesday", -47, 0),
    easter_day("pancake day", -47, 0),
    easter_day("easter", 0, 2),
    lunar("chinese new year", LunarFestival::Spring, 6),
    fixed("国庆", 10, 1, 6),
    fixed("十一假", 10, 1, 6),
    fixed("元旦", 1, 1, 0),
    fixed("五一", 5, 1, 4),
    fixed("劳动节", 5, 1, 4),
    fixed("妇女节", 3, 8, 0),
    fixed("三八节", 3, 8, 0),
    fixed("植树节", 3, 12, 0),
    fixed("愚人节", 4, 1, 0),
    fixed("儿童节", 6, 1, 0),
    fixed("六一", 6, 1, 0),
    fixed("建党", 7, 1, 0),
    fixed("建军节", 8, 1, 0),
    fixed("八一节", 8, 1, 0),
    fixed("教师节", 9, 10, 0),
    fixed("圣诞", 12, 25, 1),
    fixed("平安夜", 12, 24, 0),
    solar("清明", 4, (559, 481)),
    solar("冬至", 12, (2260, 2194)),
    lunar("除夕", LunarFestival::NewYearsEve, 1),
    lunar("大年三十", LunarFestival::NewYearsEve, 1),
    lunar("年三十", LunarFestival::NewYearsEve, 1),
    lunar("年夜饭", LunarFestival::NewYearsEve, 1),
    lunar("大年初一", LunarFestival::Spring, 0),
    lunar("春节", LunarFestival::Spring, 6),
    lunar("元宵节", LunarFestival::Lantern, 1),
    lunar("元宵", LunarFestival::Lantern, 1),
    lunar("端午", LunarFestival::DragonBoat, 1),
    lunar("七夕", LunarFestival::DoubleSeventh, 0),
    lunar("中元", LunarFestival::Ghosts, 0),
    lunar("中秋", LunarFestival::MidAutumn, 1),
    lunar("重阳", LunarFestival::DoubleNinth, 1),
    lunar("腊八", LunarFestival::Laba, 0),
];

/// Where the formula misses by a day between 1930 and 2035, found by `tests/lunar.rs`: month, year, days to add.
const FORMULA_ERRS: [(i8, i16, f64); 4] = [(12, 1947, 1.0), (12, 1980, 1.0), (12, 1984, 1.0), (12, 2021, -1.0)];

impl NamedDay {
    /// The days a lower-case text names, with where each name begins (bytes), in the order of the text.
    pub fn all_in(lower: &str) -> Vec<(usize, Self)> {
        let mut found: Vec<(usize, Self)> = Vec::new();
        for day in NAMED {
            let Some(at) = lower.find(day.name) else { continue };
            let letter = |c: char| day.name.is_ascii() && c.is_ascii_alphabetic();
            let inside = lower[..at].ends_with(letter) || lower[at + day.name.len()..].starts_with(letter);
            let held = found.iter().any(|(from, known)| (*from..from + known.name.len()).contains(&at));
            if !inside && !held {
                found.push((at, day));
            }
        }
        found.sort_by_key(|(at, _)| *at);
        found
    }

    /// Its Gregorian day in a year; `None` where the calendar's table ends.
    pub fn date(&self, year: i16) -> Option<Date> {
        match self.falls {
            Falls::On(month, day) => Date::new(year, month, day).ok(),
            Falls::By(festival) => festival.date(year),
            Falls::FromEaster(days) => easter(year)?.checked_add(days.days()).ok(),
            Falls::Solar(month, before_2000, after) => {
                let of_century = f64::from(year.rem_euclid(100));
                let start = f64::from(if year < 2000 { before_2000 } else { after }) / 100.0;
                let off = FORMULA_ERRS.iter().find(|(m, y, _)| (*m, *y) == (month, year)).map_or(0.0, |(.., off)| *off);
                let day = (of_century * 0.2422 + start).floor() - (of_century / 4.0).floor() + off;
                Date::new(year, month, day as i8).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whole_and_longest_first() {
        let names = |text: &str| NamedDay::all_in(text).into_iter().map(|(_, d)| d.name).collect::<Vec<_>>();
        assert_eq!(names("after christmas eve"), ["christmas eve"]);
        assert_eq!(names("the eastern gate"), [""; 0]);
        assert_eq!(names("去年国庆和前年中秋"), ["国庆", "中秋"]);
        assert_eq!(names("easter monday"), ["easter monday"]);
    }
}
