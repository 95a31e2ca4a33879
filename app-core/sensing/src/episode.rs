//! Episodes: what a person did from when to when, and where they were.
//!
//! Each day's minutes are cut where something changes ([`crate::changes`]), each stretch is named by its mean values, what a
//! device or the person named themselves goes before what was measured, and stays become visits to places that are known.

use jiff::tz::Offset;

use crate::{
    Activity, Event, Point, Sensed, TimeSpan,
    changes::stretches,
    minutes::Minutes,
    place::{Visits, visits},
};

/// Steps a minute from which one walks with a purpose: 40 (Tudor-Locke & Rowe 2012, Sports Medicine 42:381–398).
const WALKING_STEPS: f32 = 40.0;
/// Steps a minute from which one runs: 140 (Tudor-Locke et al. 2019: running begins at 140 or so).
const RUNNING_STEPS: f32 = 140.0;
/// Speed above which it was no walk, whatever was counted, km/h.
const RIDING_KMH: f32 = 12.0;
/// Speed from which somebody who takes no steps is moved, km/h: a bus with its stops is above.
const MOVED_KMH: f32 = 8.0;
/// Speed above which a bicycle is left behind, km/h.
const FAST_KMH: f32 = 25.0;
/// A cyclist's heart beats so much faster than at rest, beats a minute.
const EFFORT_BPM: f32 = 25.0;
/// Speed on foot where nothing counts steps, km/h.
const ON_FOOT_KMH: std::ops::Range<f32> = 2.0..7.5;
/// A pause so short, min, is part of what it interrupts: a traffic light, a chat.
const PAUSE_MIN: usize = 3;
/// An activity shorter than this, min, is not told.
const SHORTEST_MIN: usize = 5;
/// Times awake so short, s, do not end a night.
const AWAKE_S: i64 = 45 * 60;
/// Minutes of a chunk that is cut at once: a day, counted from 1970, so that the cut does not depend on where a file begins.
const CHUNK: i64 = 1440;

/// What is known about the person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Places with a name and a position.
    pub places: Vec<NamedPlace>,
}

/// A place the person knows by name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPlace {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub point: Point,
    /// Is it where the person lives?
    pub is_home: bool,
}

/// A place in an episode.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRef {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Is it where the person lives?
    pub is_home: bool,
    /// Where it is.
    pub point: Option<Point>,
}

/// What an episode was.
#[derive(Debug, Clone, PartialEq)]
pub enum EpisodeKind {
    /// Something done.
    Activity(Activity),
    /// A stay.
    Visit(PlaceRef),
}

/// From when to when somebody did one thing or was in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// When.
    pub span: TimeSpan,
    /// The offset from UTC the device showed then; `None`: it never said.
    pub offset: Option<Offset>,
    /// What.
    pub kind: EpisodeKind,
    /// Where a way began.
    pub from: Option<PlaceRef>,
    /// Where a way ended.
    pub to: Option<PlaceRef>,
    /// Steps taken, where they were counted.
    pub steps: Option<u32>,
    /// How sure it is, 0 to 1: 0.9 named by the device or the person, 0.8 measured by two sensors, 0.6 by one.
    pub confidence: f64,
}

impl Episode {
    /// The activity, unless it is a visit.
    pub const fn activity(&self) -> Option<Activity> {
        match self.kind {
            EpisodeKind::Activity(activity) => Some(activity),
            EpisodeKind::Visit(_) => None,
        }
    }

    /// The place, if it is a visit.
    pub const fn place(&self) -> Option<&PlaceRef> {
        match &self.kind {
            EpisodeKind::Activity(_) => None,
            EpisodeKind::Visit(place) => Some(place),
        }
    }
}

/// Is it a way of getting somewhere?
pub(crate) const fn moves(activity: Activity) -> bool {
    matches!(activity, Activity::Walking | Activity::Running | Activity::Cycling | Activity::Vehicle)
}

/// Cuts what was sensed into episodes, in order of time. Activities follow each other; visits lie beside them. Times of which
/// nothing is known are told as [`Activity::Unknown`].
pub fn episodes(events: &[Event], settings: &Settings) -> Vec<Episode> {
    let minutes = Minutes::of(events);
    let mut labels = measured(&minutes);
    let named = lay_named(events, &minutes, &mut labels);
    smooth(&mut labels);
    let offsets = offsets(events);
    let mut found = runs(&labels, &named, &minutes, &offsets);
    let ways: Vec<TimeSpan> = found.iter().filter(|e| e.activity().is_some_and(moves)).map(|e| e.span).collect();
    let visits = visits(events, &minutes.fixes, &ways, settings);
    for way in found.iter_mut().filter(|episode| episode.activity().is_some_and(moves)) {
        join(way, &visits, &minutes, settings);
    }
    found.extend(visits.0.into_iter().map(|visit| Episode {
        offset: offset_at(&offsets, visit.span),
        span: visit.span,
        kind: EpisodeKind::Visit(visit.place),
        from: None,
        to: None,
        steps: None,
        confidence: visit.confidence,
    }));
    found.sort_by_key(|episode| (episode.span.start, episode.span.end, episode.place().is_some()));
    found
}

/// Names every minute by the means of the stretch it lies in.
#[expect(clippy::needless_range_loop, reason = "three columns are read by one index")]
fn measured(minutes: &Minutes) -> Vec<Activity> {
    let length = minutes.steps.len();
    let mut labels = vec![Activity::Unknown; length];
    let mut from = 0;
    while from < length {
        let chunk_end = ((minutes.first + from as i64).div_euclid(CHUNK) + 1) * CHUNK - minutes.first;
        let to = usize::try_from(chunk_end).unwrap_or(length).min(length);
        let begins = stretches(minutes, from, to);
        let ends = begins.iter().skip(1).copied().chain([to]);
        for (start, end) in begins.iter().copied().zip(ends) {
            let label = name(minutes, start, end);
            for at in start..end {
                // What nobody measured is not known, whatever lies around it. Raw motion says more than counted steps, but
                // does not know that the ground moves.
                labels[at] = match minutes.motion[at] {
                    _ if !minutes.observed[at] => Activity::Unknown,
                    Some(activity) if label != Activity::Vehicle => activity,
                    _ => label,
                };
            }
        }
        from = to;
    }
    labels
}

/// What a stretch is, by its means.
fn name(minutes: &Minutes, start: usize, end: usize) -> Activity {
    let length = (end - start) as f32;
    let rate = minutes.steps[start..end].iter().sum::<f32>() / length;
    let heart = mean(&minutes.heart[start..end], 1);
    let speed = mean(&minutes.speed_kmh[start..end], (end - start) * 3 / 10);
    let effort = heart.is_some_and(|bpm| bpm >= minutes.resting_bpm + EFFORT_BPM);
    match speed {
        Some(kmh) if kmh >= FAST_KMH => Activity::Vehicle,
        Some(kmh) if kmh >= RIDING_KMH && rate < RUNNING_STEPS => {
            if effort {
                Activity::Cycling
            } else {
                Activity::Vehicle
            }
        }
        _ if rate >= RUNNING_STEPS => Activity::Running,
        _ if rate >= WALKING_STEPS => Activity::Walking,
        Some(kmh) if !minutes.has_steps && ON_FOOT_KMH.contains(&kmh) => Activity::Walking,
        Some(kmh) if kmh >= MOVED_KMH => {
            if effort {
                Activity::Cycling
            } else {
                Activity::Vehicle
            }
        }
        _ => Activity::Rest,
    }
}

/// The mean of what is known; `None` when fewer than `least` values are.
fn mean(values: &[f32], least: usize) -> Option<f32> {
    let known = values.iter().copied().filter(|value| !value.is_nan());
    let (sum, count) = known.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count >= least.max(1)).then(|| sum / count as f32)
}

/// Lays activities and sleep that were named over the measured ones; returns which minutes were.
fn lay_named(events: &[Event], minutes: &Minutes, labels: &mut [Activity]) -> Vec<bool> {
    let mut named = vec![false; labels.len()];
    let mut spans: Vec<(TimeSpan, Activity)> = Vec::new();
    let mut sleeps: Vec<TimeSpan> = Vec::new();
    for event in events {
        match event.what {
            Sensed::Activity { span, activity: Activity::Sleep, .. } | Sensed::Sleep { span } => sleeps.push(span),
            Sensed::Activity { span, activity, .. } if !matches!(activity, Activity::Unknown | Activity::Rest) => {
                spans.push((span, activity));
            }
            _ => {}
        }
    }
    // The shorter says more exactly what it was.
    spans.sort_by_key(|(span, activity)| (std::cmp::Reverse(span.seconds()), span.start, *activity));
    sleeps.sort_unstable();
    let mut nights: Vec<TimeSpan> = Vec::new();
    for sleep in sleeps {
        match nights.last_mut() {
            Some(night) if sleep.start.as_second() - night.end.as_second() <= AWAKE_S => *night = night.with(sleep),
            _ => nights.push(sleep),
        }
    }
    for (span, activity) in spans.into_iter().chain(nights.into_iter().map(|night| (night, Activity::Sleep))) {
        let minute = |second: i64| (second + 30).div_euclid(60) - minutes.first;
        let (start, end) =
            (minute(span.start.as_second()).max(0), minute(span.end.as_second()).min(labels.len() as i64));
        for at in start..end {
            labels[at as usize] = activity;
            named[at as usize] = true;
        }
    }
    named
}

/// Closes short pauses and takes out what is too short to tell.
fn smooth(labels: &mut [Activity]) {
    let is_still = |activity| matches!(activity, Activity::Rest | Activity::Unknown);
    let mut at = 0;
    while at < labels.len() {
        let end = run_end(labels, at);
        let closes = at > 0 && end < labels.len() && end - at <= PAUSE_MIN && is_still(labels[at]);
        if closes && labels[at - 1] == labels[end] && !is_still(labels[end]) {
            let label = labels[end];
            labels[at..end].fill(label);
        }
        at = end;
    }
    at = 0;
    while at < labels.len() {
        let end = run_end(labels, at);
        if end - at < SHORTEST_MIN && !is_still(labels[at]) {
            labels[at..end].fill(Activity::Rest);
        }
        at = end;
    }
}

fn run_end(labels: &[Activity], at: usize) -> usize {
    labels[at..].iter().position(|label| *label != labels[at]).map_or(labels.len(), |more| at + more)
}

fn runs(labels: &[Activity], named: &[bool], minutes: &Minutes, offsets: &[(i64, Offset)]) -> Vec<Episode> {
    let (mut found, mut at) = (Vec::new(), 0);
    let moment = |index: usize| {
        jiff::Timestamp::from_second((minutes.first + index as i64) * 60).unwrap_or(jiff::Timestamp::MAX)
    };
    while at < labels.len() {
        let end = run_end(labels, at);
        let span = TimeSpan { start: moment(at), end: moment(end) };
        let steps = minutes.steps[at..end].iter().sum::<f32>().round();
        let is_named = named[at..end].iter().filter(|named| **named).count() * 2 > end - at;
        let has_speed = mean(&minutes.speed_kmh[at..end], (end - at) / 3).is_some();
        let has_motion = minutes.motion[at..end].iter().any(Option::is_some);
        let sensors = [minutes.has_steps, has_motion, mean(&minutes.heart[at..end], 1).is_some(), has_speed];
        let confidence = match sensors.iter().filter(|has| **has).count() {
            _ if is_named => 0.9,
            0 => 0.0,
            1 => 0.6,
            _ => 0.8,
        };
        found.push(Episode {
            span,
            offset: offset_at(offsets, span),
            kind: EpisodeKind::Activity(labels[at]),
            from: None,
            to: None,
            steps: (steps > 0.0).then_some(steps as u32),
            confidence,
        });
        at = end;
    }
    found
}

/// Says where a way began and ended, by the visits beside it or the positions at its ends.
fn join(way: &mut Episode, visits: &Visits, minutes: &Minutes, settings: &Settings) {
    way.from = visits.ending_at(way.span.start).or_else(|| visits.near(&minutes.fixes, way.span.start, settings));
    way.to = visits.starting_at(way.span.end).or_else(|| visits.near(&minutes.fixes, way.span.end, settings));
}

/// Every offset a device wrote, in order of time, where it changed.
fn offsets(events: &[Event]) -> Vec<(i64, Offset)> {
    let devices = events.iter().filter(|event| !matches!(event.what, Sensed::Calendar(_)));
    let said = devices.filter_map(|event| Some((event.what.span()?.start.as_second(), event.offset?)));
    let mut offsets: Vec<(i64, Offset)> = said.collect();
    offsets.sort_unstable_by_key(|(at, offset)| (*at, offset.seconds()));
    offsets.dedup_by_key(|(_, offset)| *offset);
    offsets
}

/// The offset in force when a span began.
fn offset_at(offsets: &[(i64, Offset)], span: TimeSpan) -> Option<Offset> {
    let after = offsets.partition_point(|(at, _)| *at <= span.start.as_second());
    offsets.get(after.saturating_sub(1)).map(|(_, offset)| *offset)
}
