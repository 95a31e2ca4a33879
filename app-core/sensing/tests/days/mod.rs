//! Days that never were, whose episodes are known: a person, their places, and what their devices would have recorded.
//!
//! Seeded, so that every run is the same.

pub(crate) mod write;

use jiff::{Span, Timestamp, tz::TimeZone};
use reme_sensing::{Activity, NamedPlace, Point, TimeSpan};
use reme_types::{Rng, SeededRng};

/// What really happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Truth {
    /// Something done.
    Did(Activity),
    /// A stay away from home; the index of the place.
    At(usize),
}

/// What a device measured in a minute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Minute {
    pub(crate) at: Timestamp,
    pub(crate) steps: u32,
    pub(crate) heart: Option<u32>,
    pub(crate) point: Option<Point>,
}

/// A person's days: the truth and what was recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Days {
    pub(crate) truth: Vec<(TimeSpan, Truth)>,
    pub(crate) minutes: Vec<Minute>,
    pub(crate) sleeps: Vec<TimeSpan>,
    /// From these moments on the wall clock is that of the zone.
    pub(crate) zones: Vec<(Timestamp, String)>,
    pub(crate) places: Vec<NamedPlace>,
    /// What makes these days hard, counted.
    pub(crate) hard: Vec<&'static str>,
}

/// Who the person is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) seed: u64,
    pub(crate) zone: &'static str,
    /// Where they travel on the fifth day.
    pub(crate) travels_to: Option<&'static str>,
    /// First day.
    pub(crate) first: jiff::civil::Date,
    pub(crate) days: i64,
    pub(crate) has_heart: bool,
    pub(crate) has_position: bool,
    /// Walks slowly, and the telephone measures seldom and badly.
    pub(crate) frail: bool,
}

struct Maker {
    rng: SeededRng,
    days: Days,
    now: Timestamp,
    place: Point,
    has_heart: bool,
    has_position: bool,
    frail: bool,
}

/// Makes a person's days.
pub(crate) fn make(person: Person) -> Days {
    let zone = TimeZone::get(person.zone).expect("a zone");
    let now = zone.to_timestamp(person.first.at(0, 0, 0, 0)).expect("a moment");
    let mut rng = SeededRng::new(person.seed);
    let home = Point { latitude: 30.0 + rng.unit() * 25.0, longitude: -5.0 + rng.unit() * 120.0 };
    let mut places = vec![NamedPlace { name: "home".into(), point: home, is_home: true }];
    for name in ["park", "market", "clinic", "friend"] {
        let angle = rng.unit() * std::f64::consts::TAU;
        let point = offset(home, angle, 700.0 + rng.unit() * 1800.0);
        places.push(NamedPlace { name: name.into(), point, is_home: false });
    }
    let days = Days { places, zones: vec![(now, person.zone.to_owned())], ..Days::default() };
    let mut maker = Maker {
        rng,
        days,
        now,
        place: home,
        has_heart: person.has_heart,
        has_position: person.has_position,
        frail: person.frail,
    };
    maker.sleep_until(7, &zone, person.first);
    let mut zone = zone;
    for day in 0..person.days {
        let date = person.first.checked_add(Span::new().days(day)).expect("a day");
        if let (4, Some(to)) = (day, person.travels_to) {
            maker.days.zones.push((maker.now, to.to_owned()));
            zone = TimeZone::get(to).expect("a zone");
            maker.days.hard.push("time zone travel");
        }
        maker.day(&zone, date);
    }
    maker.days
}

/// A point some metres away.
fn offset(from: Point, angle: f64, metres: f64) -> Point {
    let north = metres * angle.cos() / 111_195.0;
    let east = metres * angle.sin() / (111_195.0 * from.latitude.to_radians().cos());
    Point { latitude: from.latitude + north, longitude: from.longitude + east }
}

impl Maker {
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.rng.below(usize::try_from(high - low + 1).expect("low <= high")) as i64
    }

    fn chance(&mut self, share: f64) -> bool {
        self.rng.unit() < share
    }

    fn home(&self) -> Point {
        self.days.places[0].point
    }

    fn day(&mut self, zone: &TimeZone, date: jiff::civil::Date) {
        let clock_changes = zone.to_timestamp(date.at(0, 0, 0, 0)).expect("a moment").as_second() + 86_400
            != zone.to_timestamp(date.tomorrow().expect("a day").at(0, 0, 0, 0)).expect("a moment").as_second();
        if clock_changes {
            self.days.hard.push("change of clocks");
        }
        let minutes = self.between(30, 100);
        self.rest(minutes, 8);
        if self.chance(0.4) {
            let minutes = self.between(10, 25);
            self.housework(minutes);
        }
        for _ in 0..self.between(1, 2) {
            self.outing();
            let minutes = self.between(40, 120);
            self.rest(minutes, 8);
        }
        if self.chance(0.35) {
            let minutes = self.between(30, 80);
            self.days.hard.push("nap");
            self.asleep(minutes);
            let minutes = self.between(30, 90);
            self.rest(minutes, 6);
        }
        let off = if self.chance(0.17) { Some((self.days.minutes.len(), self.now)) } else { None };
        if self.chance(0.6) {
            self.outing();
        }
        if let Some(off) = off {
            let minutes = self.between(30, 150);
            self.rest(minutes, 6);
            self.device_was_off(off);
        }
        let evening = zone.to_timestamp(date.at(21, 30, 0, 0)).expect("a moment");
        let minutes = (evening.as_second() - self.now.as_second()) / 60;
        if minutes > 0 {
            self.rest(minutes, 5);
        }
        if self.chance(0.12) {
            self.days.hard.push("out at midnight");
            let until = zone.to_timestamp(date.at(23, 40, 0, 0)).expect("a moment");
            let minutes = (until.as_second() - self.now.as_second()) / 60;
            self.rest(minutes.max(1), 5);
            self.outing();
        } else {
            let minutes = self.between(10, 90);
            self.rest(minutes, 4);
        }
        self.sleep_until(7, zone, date.tomorrow().expect("a day"));
    }

    fn sleep_until(&mut self, hour: i8, zone: &TimeZone, date: jiff::civil::Date) {
        let wakes =
            zone.to_timestamp(date.at(hour, 0, 0, 0)).expect("a moment").as_second() + self.between(-40, 60) * 60;
        let minutes = (wakes - self.now.as_second()) / 60;
        if minutes > 20 {
            self.asleep(minutes);
        }
    }

    /// A walk or a ride to a place, a while there, and the way back.
    fn outing(&mut self) {
        let to = self.rng.below(self.days.places.len() - 1) + 1;
        let there = self.days.places[to].point;
        self.way(there);
        let (start, minutes) = (self.now, self.between(14, 90));
        self.rest(minutes, 14);
        self.tell(start, Truth::At(to));
        let home = self.home();
        self.way(home);
    }

    fn way(&mut self, to: Point) {
        let metres = self.place.distance_m(to);
        match self.rng.below(3) {
            0 if metres > 900.0 => {
                // To the stop, by bus, and on.
                let stop = between_points(self.place, to, 0.2);
                let (length, fast) = (self.between(6, 9), 0.0);
                self.walk(stop, length, fast);
                let alight = between_points(self.place, to, 0.8);
                // A bus does not take the straight way.
                let minutes = self.between(12, 30);
                self.ride(alight, minutes);
                let minutes = self.between(6, 9);
                self.walk(to, minutes, 0.0);
            }
            _ => {
                let speed = 55.0 + self.rng.unit() * 35.0;
                let minutes = ((metres / speed) as i64).max(7);
                let pauses = if self.chance(0.3) { 0.08 } else { 0.0 };
                self.walk(to, minutes, pauses);
            }
        }
    }

    fn tell(&mut self, start: Timestamp, truth: Truth) {
        self.days.truth.push((TimeSpan::new(start, self.now).expect("time goes on"), truth));
    }

    fn walk(&mut self, to: Point, minutes: i64, pauses: f64) {
        let (start, from) = (self.now, self.place);
        let cadence = if self.frail { 46.0 + self.rng.unit() * 18.0 } else { 62.0 + self.rng.unit() * 50.0 };
        let mut paused = 0;
        for minute in 1..=minutes {
            if paused == 0 && minute > 2 && minute < minutes - 2 && self.chance(pauses) {
                paused = self.between(1, 2);
            }
            let steps = if paused > 0 { self.rng.unit() * 15.0 } else { cadence + (self.rng.unit() - 0.5) * 24.0 };
            paused = (paused - 1).max(0);
            self.place = between_points(from, to, minute as f64 / minutes as f64);
            let heart = 88.0 + self.rng.unit() * 20.0;
            self.minute(steps as u32, heart, true, 8.0);
        }
        self.tell(start, Truth::Did(Activity::Walking));
    }

    fn ride(&mut self, to: Point, minutes: i64) {
        let (start, from) = (self.now, self.place);
        // Out and back around the straight way, so that a ride of some minutes has the speed of a bus.
        let speed_kmh = 17.0 + self.rng.unit() * 20.0;
        let whole = speed_kmh / 3.6 * 60.0 * minutes as f64;
        let detour = ((whole.powi(2) - from.distance_m(to).powi(2)).max(0.0)).sqrt() / 2.0;
        let corner = offset(between_points(from, to, 0.5), self.rng.unit() * std::f64::consts::TAU, detour);
        for minute in 1..=minutes {
            let share = minute as f64 / minutes as f64;
            self.place = if share < 0.5 {
                between_points(from, corner, share * 2.0)
            } else {
                between_points(corner, to, share * 2.0 - 1.0)
            };
            let steps = if self.chance(0.1) { self.between(0, 12) } else { 0 };
            let heart = 66.0 + self.rng.unit() * 10.0;
            self.minute(steps as u32, heart, true, 12.0);
        }
        self.tell(start, Truth::Did(Activity::Vehicle));
    }

    /// Sitting, and a few steps now and then.
    fn rest(&mut self, minutes: i64, steps_most: i64) {
        for minute in 0..minutes {
            let steps = if self.chance(0.3) { self.between(0, steps_most) } else { 0 };
            let heart = 62.0 + self.rng.unit() * 14.0;
            let measures = minute % 5 == 0;
            self.minute_with(steps as u32, measures.then_some(heart), minute % 10 == 0, 15.0);
        }
    }

    /// On one's feet without going anywhere: much like a walk and not one.
    fn housework(&mut self, minutes: i64) {
        for _ in 0..minutes {
            let steps = self.between(8, 34);
            let heart = 76.0 + self.rng.unit() * 14.0;
            self.minute(steps as u32, heart, false, 15.0);
        }
    }

    fn asleep(&mut self, minutes: i64) {
        let start = self.now;
        for minute in 0..minutes {
            let heart = 50.0 + self.rng.unit() * 8.0;
            self.minute_with(0, (minute % 5 == 0).then_some(heart), minute % 30 == 0, 15.0);
        }
        self.tell(start, Truth::Did(Activity::Sleep));
        self.days.sleeps.push(TimeSpan::new(start, self.now).expect("time goes on"));
    }

    fn minute(&mut self, steps: u32, heart: f64, has_fix: bool, error_m: f64) {
        self.minute_with(steps, Some(heart), has_fix, error_m);
    }

    fn minute_with(&mut self, steps: u32, heart: Option<f64>, has_fix: bool, error_m: f64) {
        let angle = self.rng.unit() * std::f64::consts::TAU;
        let error = error_m * (self.rng.unit() + self.rng.unit()) * if self.frail { 2.5 } else { 1.0 };
        let has_fix = has_fix && (!self.frail || self.now.as_second() / 60 % 3 == 0);
        // Once in a while a position is far off.
        let error = if self.chance(0.004) { error + 900.0 } else { error };
        let point = (has_fix && self.has_position).then(|| offset(self.place, angle, error));
        let heart = heart.filter(|_| self.has_heart).map(|bpm| bpm as u32);
        self.days.minutes.push(Minute { at: self.now, steps, heart, point });
        self.now = Timestamp::from_second(self.now.as_second() + 60).expect("in range");
    }

    /// Nothing was recorded since then: what happened in that time cannot be found, and is not asked for.
    fn device_was_off(&mut self, (index, since): (usize, Timestamp)) {
        self.days.hard.push("device off");
        self.days.minutes.truncate(index);
        self.days.truth.retain(|(span, _)| span.end <= since);
        self.days.sleeps.retain(|span| span.end <= since);
    }
}

fn between_points(from: Point, to: Point, share: f64) -> Point {
    Point {
        latitude: from.latitude + (to.latitude - from.latitude) * share,
        longitude: from.longitude + (to.longitude - from.longitude) * share,
    }
}
