//! What was sensed, in one form whatever file it came from: times as instants, units as named.

use jiff::{Timestamp, tz::Offset};

use crate::Point;

/// One thing a device or a calendar recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Which device or app said so. Two devices that count the same steps are not added up.
    pub source: SourceId,
    /// The offset from UTC the device wrote, where it wrote one: the wall clock the person saw.
    pub offset: Option<Offset>,
    /// What it was.
    pub what: Sensed,
}

/// Stands for a device or app; made from its name, which is not kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    /// The id of that name: the same in every file (FNV-1a, 32 bits).
    pub fn of(name: &str) -> Self {
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self(hash)
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }
}

/// From one moment to a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeSpan {
    /// The first moment.
    pub start: Timestamp,
    /// The first moment after; never before `start`.
    pub end: Timestamp,
}

impl TimeSpan {
    /// A span, unless it ends before it starts.
    pub fn new(start: Timestamp, end: Timestamp) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// How long, s.
    pub fn seconds(self) -> i64 {
        self.end.as_second() - self.start.as_second()
    }

    /// How long, whole minutes, rounded.
    pub fn minutes(self) -> i64 {
        (self.seconds() + 30).div_euclid(60)
    }

    /// How much of both is common, s; 0 when they do not meet.
    pub fn overlap_s(self, other: Self) -> i64 {
        (self.end.min(other.end).as_second() - self.start.max(other.start).as_second()).max(0)
    }

    /// Common time over time covered by either (intersection over union), 0 to 1.
    pub fn likeness(self, other: Self) -> f64 {
        let common = self.overlap_s(other);
        let either = self.seconds() + other.seconds() - common;
        if either <= 0 { f64::from(u8::from(self == other)) } else { common as f64 / either as f64 }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// What kind of thing was recorded, with its values.
#[derive(Debug, Clone, PartialEq)]
pub enum Sensed {
    /// Steps counted over a span.
    Steps {
        /// When.
        span: TimeSpan,
        /// How many.
        count: f64,
    },
    /// A heart rate.
    HeartRate {
        /// When.
        at: Timestamp,
        /// Beats a minute.
        bpm: f64,
    },
    /// A position.
    Position(Fix),
    /// The person was asleep, by the device.
    Sleep {
        /// When.
        span: TimeSpan,
    },
    /// An activity the device or the person named.
    Activity {
        /// When.
        span: TimeSpan,
        /// Which.
        activity: Activity,
        /// How far, m, where it says.
        distance_m: Option<f64>,
    },
    /// A stay at a place, as a phone's own timeline tells it.
    Visit {
        /// When.
        span: TimeSpan,
        /// Where.
        position: Option<Point>,
        /// The name it gives the place.
        name: Option<String>,
    },
    /// An entry of a calendar.
    Calendar(CalendarEntry),
    /// The way of a workout lies in another file of the export.
    Route {
        /// When the workout was, where it says.
        span: Option<TimeSpan>,
        /// The path inside the export, as written.
        file: String,
    },
    /// Raw motion.
    Motion(MotionWindow),
    /// What a piece of raw motion shows.
    Moved {
        /// When.
        span: TimeSpan,
        /// What.
        activity: Activity,
    },
}

impl Sensed {
    /// The time it covers; a moment covers none. `None` for a route whose workout says no time.
    pub fn span(&self) -> Option<TimeSpan> {
        match self {
            Self::Moved { span, .. }
            | Self::Steps { span, .. }
            | Self::Sleep { span }
            | Self::Activity { span, .. }
            | Self::Visit { span, .. } => Some(*span),
            Self::HeartRate { at, .. } | Self::Position(Fix { at, .. }) => Some(TimeSpan { start: *at, end: *at }),
            Self::Calendar(entry) => Some(entry.span),
            Self::Route { span, .. } => *span,
            Self::Motion(window) => Some(window.span()),
        }
    }
}

/// Where a device was at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub point: Point,
    /// Radius of 68 % confidence, m, where it says.
    pub accuracy_m: Option<f64>,
}

/// Activities that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Sitting, lying or standing, awake.
    Rest,
    /// On foot.
    Walking,
    /// Running.
    Running,
    /// On a bicycle.
    Cycling,
    /// In a car, bus, train, boat or plane.
    Vehicle,
    /// Asleep.
    Sleep,
    /// A sport or exercise that is none of the above.
    Exercise,
    /// Nothing was recorded, or it fits nothing.
    Unknown,
}

/// One entry of a calendar; an entry that repeats comes once for each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The entry's id in its calendar and the moment of this time: stable from export to export.
    pub id: String,
    /// When.
    pub span: TimeSpan,
    /// Does it only name the day?
    pub all_day: bool,
    /// What it is called.
    pub title: String,
    /// Where, as written.
    pub place: Option<String>,
}

/// A stretch of raw motion at a steady rate.
#[derive(Debug, Clone, PartialEq)]
pub struct MotionWindow {
    /// The moment of the first sample.
    pub start: Timestamp,
    /// Samples a second.
    pub rate_hz: f64,
    /// Acceleration by sample and axis, m/s², gravity in or out as the device gives it.
    pub acceleration: Vec<[f64; 3]>,
    /// Turning rate by sample and axis, rad/s; empty when the device has no gyroscope, else as long as `acceleration`.
    pub turning: Vec<[f64; 3]>,
}

impl MotionWindow {
    /// The time it covers.
    pub fn span(&self) -> TimeSpan {
        let seconds = (self.acceleration.len() as f64 / self.rate_hz.max(0.001)).min(1e9) as i64;
        let end = Timestamp::from_second(self.start.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX);
        TimeSpan { start: self.start, end: end.max(self.start) }
    }
}
