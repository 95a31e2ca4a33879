//! Time and chance come in as arguments, so that every run can be repeated.

use jiff::{Timestamp, ZonedDateTime, civil, tz::TimeZone};

/// What time it is, and where.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;
    /// The patient's time zone.
    fn time_zone(&self) -> TimeZone;
    /// The patient's wall clock.
    fn local(&self) -> ZonedDateTime {
        self.now().to_zoned_datetime(self.time_zone())
    }
    /// The patient's date today.
    fn today(&self) -> civil::Date {
        self.local().date()
    }
}

/// A source of chance. Not for keys: those come from the operating system in `reme-store`.
pub trait Rng: Send {
    /// 64 uniformly distributed bits.
    fn next_u64(&mut self) -> u64;

    /// A number in `0..bound`; 0 when `bound` is 0. Bias is below 2⁻³² for the small bounds used here.
    fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { ((u128::from(self.next_u64()) * bound as u128) >> 64) as usize }
    }

    /// A number in `[0, 1)`.
    fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Shuffles and seeds repeatably: SplitMix64 (Steele, Lea & Flood 2014), enough for choosing items.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SeededRng {
    state: u64,
}

impl SeededRng {
    /// The same seed gives the same sequence, on every machine.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Fisher–Yates over a slice.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

impl Rng for SeededRng {
    fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A clock that stands still, for tests and for questions put at a given time.
#[derive(Debug, Clone)]
pub struct FixedClock {
    /// The instant it shows.
    pub now: Timestamp,
    /// The zone it shows it in.
    pub time_zone: TimeZone,
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn time_zone(&self) -> TimeZone {
        self.time_zone.clone()
    }
}
