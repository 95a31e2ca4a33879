//! Stories: what belongs together of a day, as it may be offered as a memory.
//!
//! A story is an outing: ways and stays from leaving home to being home again. Photos and calendar entries of the same hour are
//! laid beside it. A calendar entry that nothing else speaks of is a story of its own, and a weak one: it says what was planned.
//! What it must never do: tell of sleep and rest, of the same walk from room to room, or of what is planned every day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{
    civil::DateTime,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize};

use crate::{
    Activity, CalendarEntry, Episode, EpisodeKind, NamedPlace, PlaceRef, Point, SourceId, TimeSpan, episode::moves,
    place::place_at, time::plus_s,
};

/// So long at home, s, and an outing is over.
const HOME_S: i64 = 15 * 60;
/// So long without anything, s, and an outing is over.
const SILENT_S: i64 = 45 * 60;
/// Shortest way on foot or by bicycle that is worth a story by itself, min. [design]
const WAY_MIN: i64 = 10;
/// Shortest stay that is worth a story by itself, min. [design]
const STAY_MIN: i64 = 15;
/// A walk shorter than this, min, on the way to or from a ride is part of the ride.
const TO_THE_STOP_MIN: i64 = 10;
/// Photos and calendar entries so close, s, are of the same hour.
const BESIDE_S: i64 = 15 * 60;
/// How far a place and a wrong position reach, m. [design]
const ABOUT_M: f64 = 500.0;
/// How long an entry is that says no end, s.
const ENTRY_S: f64 = 3600.0;
/// What stands in the calendar so often within [`ROUTINE_S`] is routine, and no story by itself.
const ROUTINE_TIMES: usize = 5;
/// Two weeks, s.
const ROUTINE_S: i64 = 14 * 86_400;
/// How much surer a photo or a calendar entry of the same hour makes a story.
const AGREES: f64 = 0.05;
/// How sure a story can be.
const SUREST: f64 = 0.95;
/// How sure a plan alone is; with a photo.
const PLANNED: f64 = 0.4;
const PLANNED_AND_PHOTOGRAPHED: f64 = 0.6;

/// On what a story rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StorySource {
    /// Steps, heart rate, motion.
    Wearable,
    /// Positions.
    Gps,
    /// A calendar.
    Calendar,
    /// Photos.
    Photo,
}

/// What one part of a story is.
#[derive(Debug, Clone, PartialEq)]
pub enum PartKind {
    /// A way, or exercise.
    Way(Activity),
    /// A stay at a place.
    Stay(PlaceRef),
}

/// One part of a story.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// When.
    pub span: TimeSpan,
    /// What.
    pub kind: PartKind,
    /// Where a way began.
    pub from: Option<PlaceRef>,
    /// Where a way ended.
    pub to: Option<PlaceRef>,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    has_steps: bool,
}

/// When and where a photo was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhotoMoment {
    /// By the camera's clock, which shows the time of the place.
    pub taken: DateTime,
    /// Where, if the camera knew.
    pub point: Option<Point>,
}

/// What may be offered as a memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// The same for the same story in another export.
    pub id: String,
    /// When.
    pub span: TimeSpan,
    /// The wall clock when it began.
    pub local_start: DateTime,
    /// What was done, in order; nothing for what only a calendar says.
    pub parts: Vec<Part>,
    /// What the calendar says of that time.
    pub calendar: Vec<CalendarEntry>,
    /// Indices of the photos of that time.
    pub photos: Vec<usize>,
    /// On what it rests.
    pub sources: BTreeSet<StorySource>,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
}

impl Story {
    /// The place it is most about: the longest stay with a name away from home, else where a way led. It has a name.
    pub fn place(&self) -> Option<&PlaceRef> {
        let is_told = |place: &&PlaceRef| !place.is_home && place.name.is_some();
        let stays = self.parts.iter().filter_map(|part| match &part.kind {
            PartKind::Stay(place) => Some((part.span.seconds(), place)).filter(|(_, place)| is_told(place)),
            PartKind::Way(_) => None,
        });
        let mut ends = self.parts.iter().rev().filter_map(|part| part.to.as_ref()).filter(is_told);
        stays.max_by_key(|(seconds, _)| *seconds).map(|(_, place)| place).or_else(|| ends.next())
    }
}

/// Puts episodes, calendar entries and photos together. `zone` is the person's own, for times whose device named none; `places` are
/// those whose photos say where a way led.
pub fn stories(
    episodes: &[Episode],
    calendar: &[CalendarEntry],
    photos: &[PhotoMoment],
    zone: &TimeZone,
    places: &[NamedPlace],
) -> Vec<Story> {
    let mut found: Vec<Story> = Vec::new();
    let mut used = vec![false; calendar.len()];
    for (parts, offset) in outings(episodes) {
        let Some(span) = parts.iter().map(|part| part.span).reduce(TimeSpan::with) else { continue };
        let beside: Vec<usize> = (0..calendar.len()).filter(|at| is_beside(&calendar[*at], span)).collect();
        let local_start = offset.map_or_else(|| zone.to_datetime(span.start), |offset| offset.to_datetime(span.start));
        let own = photos_of(photos, local_start, span, &parts);
        let mut story = Story {
            id: format!("outing-{}", span.start.as_second() / 60),
            span,
            local_start,
            parts,
            calendar: beside.iter().map(|at| calendar[*at].clone()).collect(),
            photos: own,
            sources: BTreeSet::new(),
            confidence: 0.0,
        };
        name_stays(&mut story);
        name_ends(&mut story, photos, places);
        if !is_worth(&story) {
            continue;
        }
        beside.into_iter().for_each(|at| used[at] = true);
        weigh(&mut story);
        found.push(story);
    }
    let routine = routine(calendar);
    for (entry, used) in calendar.iter().zip(used) {
        if !used && !entry.all_day && !routine.contains(entry.title.as_str()) && !entry.title.is_empty() {
            found.push(planned(entry, photos, zone));
        }
    }
    found.sort_by(|a, b| (a.span.start, &a.id).cmp(&(b.span.start, &b.id)));
    found
}

/// Ways and stays away from home, from leaving home to being home again, with the offset of the clock.
fn outings(episodes: &[Episode]) -> Vec<(Vec<Part>, Option<Offset>)> {
    let (mut all, mut parts, mut offset) = (Vec::new(), Vec::<Part>::new(), None);
    for episode in episodes {
        let at_home = episode.place().is_some_and(|place| place.is_home) && episode.span.seconds() >= HOME_S;
        let asleep = episode.activity() == Some(Activity::Sleep);
        let silent =
            parts.last().is_some_and(|last| episode.span.start.as_second() - last.span.end.as_second() > SILENT_S);
        let is_part = part(episode).filter(|_| !at_home && !asleep);
        if at_home || asleep || (silent && is_part.is_some()) {
            all.push((std::mem::take(&mut parts), offset));
        }
        let Some(part) = is_part else { continue };
        // A walk within a park is part of being there.
        let inside = parts.iter().any(|stay| {
            matches!(stay.kind, PartKind::Stay(_)) && stay.span.overlap_s(part.span) * 10 >= part.span.seconds() * 8
        });
        if inside {
            continue;
        }
        if parts.is_empty() {
            offset = episode.offset;
        }
        parts.push(part);
    }
    all.push((parts, offset));
    all.into_iter()
        .map(|(parts, offset)| (without_stops(parts), offset))
        .filter(|(parts, _)| !parts.is_empty())
        .collect()
}

fn part(episode: &Episode) -> Option<Part> {
    let kind = match &episode.kind {
        EpisodeKind::Activity(activity) if moves(*activity) || *activity == Activity::Exercise => {
            PartKind::Way(*activity)
        }
        EpisodeKind::Visit(place) if !place.is_home => PartKind::Stay(place.clone()),
        _ => return None,
    };
    let (from, to) = (episode.from.clone(), episode.to.clone());
    Some(Part {
        span: episode.span,
        kind,
        from,
        to,
        confidence: episode.confidence,
        has_steps: episode.steps.is_some(),
    })
}

/// Short walks to a stop and from it become part of the ride.
fn without_stops(parts: Vec<Part>) -> Vec<Part> {
    let is_ride = |part: &Part| part.kind == PartKind::Way(Activity::Vehicle);
    let is_short = |part: &Part| part.kind == PartKind::Way(Activity::Walking) && part.span.minutes() < TO_THE_STOP_MIN;
    let close = |a: &Part, b: &Part| b.span.start.as_second() - a.span.end.as_second() <= 600;
    let mut kept: Vec<Part> = Vec::new();
    for mut part in parts {
        match kept.last_mut() {
            Some(last) if is_ride(&part) && is_short(last) && close(last, &part) => {
                part.span = part.span.with(last.span);
                part.from = last.from.take();
                *last = part;
            }
            Some(last) if is_ride(last) && is_short(&part) && close(last, &part) => {
                last.span = last.span.with(part.span);
                last.to = part.to;
            }
            _ => kept.push(part),
        }
    }
    kept
}

fn is_beside(entry: &CalendarEntry, span: TimeSpan) -> bool {
    !entry.all_day && spread(entry_span(entry)).overlap_s(span) > 0
}

/// An entry that says no end is taken to last an hour.
fn entry_span(entry: &CalendarEntry) -> TimeSpan {
    if entry.span.seconds() > 0 {
        return entry.span;
    }
    TimeSpan { start: entry.span.start, end: plus_s(entry.span.start, ENTRY_S).unwrap_or(entry.span.end) }
}

fn spread(span: TimeSpan) -> TimeSpan {
    let moved = |at, seconds: i64| plus_s(at, seconds as f64).unwrap_or(at);
    TimeSpan { start: moved(span.start, -BESIDE_S), end: moved(span.end, BESIDE_S) }
}

/// Photos by the wall clock, since that is what a camera writes; none taken where nobody on this outing can have been.
fn photos_of(photos: &[PhotoMoment], local_start: DateTime, span: TimeSpan, parts: &[Part]) -> Vec<usize> {
    let is_of = |photo: &PhotoMoment| {
        let after_s = photo.taken.duration_since(local_start).as_secs();
        (-BESIDE_S..=span.seconds() + BESIDE_S).contains(&after_s) && is_within_reach(photo, parts)
    };
    (0..photos.len()).filter(|at| is_of(&photos[*at])).collect()
}

/// Whether the ways of an outing can have led from one of its known points to where a photo was taken.
fn is_within_reach(photo: &PhotoMoment, parts: &[Part]) -> bool {
    let stay = |part: &Part| if let PartKind::Stay(place) = &part.kind { place.point } else { None };
    let end = |place: &Option<PlaceRef>| place.as_ref().and_then(|place| place.point);
    let known = parts.iter().flat_map(|part| [stay(part), end(&part.from), end(&part.to)]).flatten();
    let way_m = |part: &Part| match part.kind {
        PartKind::Way(activity) => fastest_m_s(activity) * part.span.seconds() as f64,
        PartKind::Stay(_) => 0.0,
    };
    let reach_m = ABOUT_M + parts.iter().map(way_m).sum::<f64>();
    let Some(point) = photo.point else { return true };
    known.map(|known| known.distance_m(point)).min_by(f64::total_cmp).is_none_or(|metres| metres <= reach_m)
}

/// Faster than this, m/s, nobody goes so. [design]
const fn fastest_m_s(activity: Activity) -> f64 {
    match activity {
        Activity::Walking => 2.0,
        Activity::Running | Activity::Exercise => 5.0,
        Activity::Cycling => 10.0,
        Activity::Vehicle => 70.0,
        Activity::Rest | Activity::Sleep | Activity::Unknown => 0.0,
    }
}

/// A way whose end no device saw led where a photo of that moment was taken, when that is a known place.
fn name_ends(story: &mut Story, photos: &[PhotoMoment], places: &[NamedPlace]) {
    let start = story.span.start.as_second();
    let taken: Vec<(i64, PlaceRef)> = story
        .photos
        .iter()
        .filter_map(|at| {
            let photo = photos[*at];
            let place = place_at(Some(photo.point?), None, places);
            place.name.is_some().then(|| (start + photo.taken.duration_since(story.local_start).as_secs(), place))
        })
        .collect();
    let near = |second: i64| {
        let close =
            taken.iter().map(|(at, place)| ((at - second).abs(), place)).filter(|(apart, _)| *apart <= BESIDE_S);
        close.min_by_key(|(apart, _)| *apart).map(|(_, place)| place.clone())
    };
    for part in story.parts.iter_mut().filter(|part| matches!(part.kind, PartKind::Way(_))) {
        part.from = part.from.take().or_else(|| near(part.span.start.as_second()));
        part.to = part.to.take().or_else(|| near(part.span.end.as_second()));
    }
}

/// A stay at a place nobody has named is where the calendar says, when one entry lies over most of it.
fn name_stays(story: &mut Story) {
    for part in &mut story.parts {
        let PartKind::Stay(place) = &mut part.kind else { continue };
        let over = |entry: &&CalendarEntry| {
            let common = entry_span(entry).overlap_s(part.span);
            common * 2 >= part.span.seconds() && entry.place.is_some()
        };
        let entries: Vec<&CalendarEntry> = story.calendar.iter().filter(over).collect();
        if let (None, [entry]) = (&place.name, &entries[..]) {
            place.name.clone_from(&entry.place);
        }
    }
}

fn is_worth(story: &Story) -> bool {
    let beside = !story.calendar.is_empty() || !story.photos.is_empty();
    let is_home = |place: &Option<PlaceRef>| place.as_ref().is_some_and(|place| place.is_home);
    story.parts.iter().any(|part| {
        let minutes = part.span.minutes();
        match &part.kind {
            PartKind::Stay(place) => minutes >= STAY_MIN && (place.name.is_some() || beside),
            PartKind::Way(Activity::Vehicle) => {
                let led = part.to.as_ref().is_some_and(|place| place.name.is_some() && !place.is_home);
                minutes >= WAY_MIN && (led || beside)
            }
            // From room to room is no walk.
            PartKind::Way(_) if is_home(&part.from) && is_home(&part.to) => minutes >= 2 * WAY_MIN,
            PartKind::Way(_) => minutes >= WAY_MIN,
        }
    })
}

/// Says on what a story rests and how sure that makes it.
fn weigh(story: &mut Story) {
    let mut sources = BTreeSet::new();
    let (mut weighed, mut seconds) = (0.0, 0.0);
    for part in &story.parts {
        if part.has_steps && matches!(part.kind, PartKind::Way(_)) {
            sources.insert(StorySource::Wearable);
        }
        let by_position = matches!(part.kind, PartKind::Stay(_) | PartKind::Way(Activity::Vehicle | Activity::Cycling));
        if by_position || part.from.is_some() || part.to.is_some() {
            sources.insert(StorySource::Gps);
        }
        weighed += part.confidence * part.span.seconds() as f64;
        seconds += part.span.seconds() as f64;
    }
    if sources.is_empty() {
        sources.insert(StorySource::Wearable);
    }
    let mut confidence: f64 = weighed / f64::max(seconds, 1.0);
    for (has, source) in
        [(!story.calendar.is_empty(), StorySource::Calendar), (!story.photos.is_empty(), StorySource::Photo)]
    {
        if has {
            sources.insert(source);
            confidence += AGREES;
        }
    }
    story.sources = sources;
    story.confidence = confidence.min(SUREST);
}

fn planned(entry: &CalendarEntry, photos: &[PhotoMoment], zone: &TimeZone) -> Story {
    let span = entry_span(entry);
    let local_start = zone.to_datetime(span.start);
    let photos = photos_of(photos, local_start, span, &[]);
    let mut sources = BTreeSet::from([StorySource::Calendar]);
    if !photos.is_empty() {
        sources.insert(StorySource::Photo);
    }
    Story {
        id: format!("calendar-{}-{:08x}", span.start.as_second() / 60, SourceId::of(&entry.id).number()),
        span,
        local_start,
        parts: Vec::new(),
        calendar: vec![entry.clone()],
        confidence: if photos.is_empty() { PLANNED } else { PLANNED_AND_PHOTOGRAPHED },
        photos,
        sources,
    }
}

/// Titles that stand in the calendar again and again.
fn routine(calendar: &[CalendarEntry]) -> BTreeSet<&str> {
    let mut times: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for entry in calendar {
        times.entry(&entry.title).or_default().push(entry.span.start.as_second());
    }
    let often = |times: &mut Vec<i64>| {
        times.sort_unstable();
        times.windows(ROUTINE_TIMES).any(|window| window[ROUTINE_TIMES - 1] - window[0] <= ROUTINE_S)
    };
    times.into_iter().filter_map(|(title, mut times)| often(&mut times).then_some(title)).collect()
}

#[cfg(test)]
#[path = "story_tests.rs"]
mod tests;
