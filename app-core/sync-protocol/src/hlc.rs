//! Hybrid logical clock: close to wall time, never going back (Kulkarni et al. 2014).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A place in time: wall milliseconds as far as they can be trusted, and a counter that breaks ties.
/// Written as `<16 hex digits>-<8 hex digits>`, so that the order of the text is the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hlc {
    /// Milliseconds since 1970; never less than that of any earlier record of the device.
    pub wall_ms: u64,
    /// Counts within one millisecond, and while the wall clock stands behind.
    pub counter: u32,
}

/// The text is no clock value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a clock value: 16 and 8 hex digits with a dash between are needed")]
pub struct ParseHlcError(String);

impl Hlc {
    /// The smallest value above this one.
    pub const fn next(self) -> Self {
        match self.counter.checked_add(1) {
            Some(counter) => Self { counter, ..self },
            None => Self { wall_ms: self.wall_ms + 1, counter: 0 },
        }
    }
}

impl fmt::Display for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{:08x}", self.wall_ms, self.counter)
    }
}

impl FromStr for Hlc {
    type Err = ParseHlcError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = || ParseHlcError(text.chars().take(40).collect());
        let hex = |part: &str, digits: usize| {
            let well_formed = part.len() == digits && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            well_formed.then(|| u64::from_str_radix(part, 16).ok()).flatten()
        };
        let (wall, counter) = text.split_once('-').ok_or_else(fail)?;
        let wall_ms = hex(wall, 16).filter(|ms| i64::try_from(*ms).is_ok()).ok_or_else(fail)?;
        let counter = hex(counter, 8).and_then(|n| u32::try_from(n).ok()).ok_or_else(fail)?;
        Ok(Self { wall_ms, counter })
    }
}

impl TryFrom<String> for Hlc {
    type Error = ParseHlcError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Hlc> for String {
    fn from(hlc: Hlc) -> Self {
        hlc.to_string()
    }
}

/// The device's clock: every value it gives is above every value it gave or saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HlcClock {
    last: Hlc,
}

impl HlcClock {
    /// Goes on from a value that was kept.
    pub const fn from_last(last: Hlc) -> Self {
        Self { last }
    }

    /// The last value given or seen.
    pub const fn last(&self) -> Hlc {
        self.last
    }

    /// A value for a new record, at this wall time (milliseconds since 1970).
    pub const fn tick(&mut self, now_ms: u64) -> Hlc {
        self.last = if now_ms > self.last.wall_ms { Hlc { wall_ms: now_ms, counter: 0 } } else { self.last.next() };
        self.last
    }

    /// Takes note of a value seen elsewhere, such as this device's own highest as the portal knows it after the device was
    /// restored from a backup.
    pub fn observe(&mut self, seen: Hlc) {
        self.last = self.last.max(seen);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_value_is_given_twice_or_goes_back(steps in prop::collection::vec((any::<bool>(), 0u64..5, any::<u32>()), 1..200)) {
            let mut clock = HlcClock::default();
            let mut last = Hlc::default();
            for (ticks, wall_ms, counter) in steps {
                if ticks {
                    let given = clock.tick(wall_ms);
                    prop_assert!(given > last);
                    last = given;
                } else {
                    let seen = Hlc { wall_ms, counter };
                    clock.observe(seen);
                    last = last.max(seen);
                }
            }
        }

        #[test]
        fn text_keeps_value_and_order(a in 0..=i64::MAX as u64, b in 0..=i64::MAX as u64, m in any::<u32>(), n in any::<u32>()) {
            let (x, y) = (Hlc { wall_ms: a, counter: m }, Hlc { wall_ms: b, counter: n });
            prop_assert_eq!(x.to_string().parse::<Hlc>().expect("written by us"), x);
            prop_assert_eq!(x.cmp(&y), x.to_string().cmp(&y.to_string()));
        }
    }

    #[test]
    fn a_full_counter_goes_over_into_the_next_millisecond() {
        let full = Hlc { wall_ms: 7, counter: u32::MAX };
        assert_eq!(full.next(), Hlc { wall_ms: 8, counter: 0 });
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "1-1", "000000000000000G-00000000", "0000000000000001_00000000", "ffffffffffffffff-00000000"] {
            assert!(text.parse::<Hlc>().is_err(), "{text}");
        }
    }
}
