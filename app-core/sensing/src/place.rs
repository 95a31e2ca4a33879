//! Visits: stays at places, named where a known place is near, exact where a way begins or ends.

use jiff::Timestamp;

use crate::{
    Event, Fix, Point, Sensed, TimeSpan,
    episode::{NamedPlace, PlaceRef, Settings},
    stays::stays,
};

/// A known place is meant when it is so near, m. [design]
const NEAR_M: f64 = 200.0;
/// Two visits to one place with less between them, s, are one.
const APART_S: i64 = 15 * 60;
/// A way and a visit belong together when they are so close in time, s.
const JOIN_S: i64 = 15 * 60;
/// A position says where a way ended when it is so close in time, s.
const FIX_S: i64 = 5 * 60;
/// A visit may be moved so far, s, to the end of a way.
const MOVED_S: i64 = 20 * 60;
/// Where somebody spends the most time is home, when it is so much, s, and nobody said where home is. [design]
const HOME_LEAST_S: i64 = 6 * 3600;
/// Shortest visit that is told, s.
const SHORTEST_S: i64 = 8 * 60;

/// A stay at a place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Visit {
    pub(crate) span: TimeSpan,
    pub(crate) place: PlaceRef,
    pub(crate) confidence: f64,
}

/// Visits in order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Visits(pub(crate) Vec<Visit>);

impl Visits {
    /// Where somebody was who set out then.
    pub(crate) fn ending_at(&self, at: Timestamp) -> Option<PlaceRef> {
        self.nearest(|visit| visit.span.end.as_second() - at.as_second())
    }

    /// Where somebody was who arrived then.
    pub(crate) fn starting_at(&self, at: Timestamp) -> Option<PlaceRef> {
        self.nearest(|visit| visit.span.start.as_second() - at.as_second())
    }

    fn nearest(&self, apart: impl Fn(&Visit) -> i64) -> Option<PlaceRef> {
        let close = self.0.iter().filter(|visit| apart(visit).abs() <= JOIN_S);
        close.min_by_key(|visit| apart(visit).abs()).map(|visit| visit.place.clone())
    }

    /// The known place where a position of that moment is.
    pub(crate) fn near(&self, fixes: &[Fix], at: Timestamp, settings: &Settings) -> Option<PlaceRef> {
        let after = fixes.partition_point(|fix| fix.at < at);
        let around = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|at| fixes.get(at));
        let fix = around.min_by_key(|fix| (fix.at.as_second() - at.as_second()).abs())?;
        let is_close = (fix.at.as_second() - at.as_second()).abs() <= FIX_S;
        is_close.then(|| place_at(Some(fix.point), None, &settings.places)).filter(|place| place.name.is_some())
    }
}

/// Finds the visits: those a phone named, and stays in the positions where it named none. `ways` are the times spent moving.
pub(crate) fn visits(events: &[Event], fixes: &[Fix], ways: &[TimeSpan], settings: &Settings) -> Visits {
    let mut found: Vec<Visit> = Vec::new();
    for event in events {
        if let Sensed::Visit { span, position, name } = &event.what {
            let place = place_at(*position, name.as_deref(), &settings.places);
            found.push(Visit { span: *span, place, confidence: 0.9 });
        }
    }
    let named = found.len();
    for stay in stays(fixes) {
        let told = found[..named].iter().any(|visit| visit.span.overlap_s(stay.span) * 2 > stay.span.seconds());
        if !told {
            let span = fitted(stay.span, ways);
            found.push(Visit { span, place: place_at(Some(stay.point), None, &settings.places), confidence: 0.8 });
        }
    }
    found.sort_by_key(|visit| (visit.span.start, visit.span.end));
    let mut joined: Vec<Visit> = Vec::new();
    for visit in found {
        let goes_on = |last: &&mut Visit| {
            let apart = visit.span.start.as_second() - last.span.end.as_second();
            let left = ways.iter().any(|way| {
                way.overlap_s(TimeSpan { start: last.span.end.min(visit.span.start), end: visit.span.start }) > 180
            });
            apart <= APART_S && !left && same(&last.place, &visit.place)
        };
        match joined.last_mut().filter(goes_on) {
            Some(last) => {
                last.span = last.span.with(visit.span);
                last.confidence = last.confidence.max(visit.confidence);
            }
            None => joined.push(visit),
        }
    }
    joined.retain(|visit| visit.span.seconds() >= SHORTEST_S);
    if !settings.places.iter().any(|place| place.is_home) {
        guess_home(&mut joined);
    }
    Visits(joined)
}

/// Calls the place home where the most time is spent; it gets no name by that.
fn guess_home(visits: &mut [Visit]) {
    let spent = |home: &PlaceRef| -> i64 {
        visits.iter().filter(|visit| same(&visit.place, home)).map(|visit| visit.span.seconds()).sum()
    };
    let most =
        visits.iter().map(|visit| (spent(&visit.place), visit.place.clone())).max_by_key(|(seconds, _)| *seconds);
    let Some((_, home)) = most.filter(|(seconds, _)| *seconds >= HOME_LEAST_S) else { return };
    visits.iter_mut().filter(|visit| same(&visit.place, &home)).for_each(|visit| visit.place.is_home = true);
}

/// A stay by its positions begins when the way there ended, and ends when the way on began.
fn fitted(span: TimeSpan, ways: &[TimeSpan]) -> TimeSpan {
    let near = |a: Timestamp, b: Timestamp| (a.as_second() - b.as_second()).abs() <= MOVED_S;
    let arrived =
        ways.iter().filter(|way| near(way.end, span.start) && way.start < span.start).map(|way| way.end).max();
    let start = arrived.unwrap_or(span.start);
    let left = ways.iter().filter(|way| near(way.start, span.end) && way.end > span.end).map(|way| way.start).min();
    let end = left.unwrap_or(span.end);
    TimeSpan::new(start, end).unwrap_or(span)
}

/// The known place within reach, else the name the phone gave, else only the position.
pub(crate) fn place_at(point: Option<Point>, name: Option<&str>, places: &[NamedPlace]) -> PlaceRef {
    let near = point.and_then(|point| {
        let reach =
            places.iter().map(|place| (place.point.distance_m(point), place)).filter(|(metres, _)| *metres <= NEAR_M);
        reach.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place)
    });
    match near {
        Some(place) => PlaceRef { name: Some(place.name.clone()), is_home: place.is_home, point: Some(place.point) },
        None => PlaceRef { name: name.map(str::to_owned), is_home: false, point },
    }
}

fn same(a: &PlaceRef, b: &PlaceRef) -> bool {
    match (&a.name, &b.name) {
        (Some(a), Some(b)) => a == b,
        _ => a.point.zip(b.point).is_some_and(|(a, b)| a.distance_m(b) <= NEAR_M),
    }
}
