//! Events laid out minute by minute: steps, heart rate, speed, and whether a device was worn at all.
//!
//! Two devices that count the same steps are not added: in each minute the one that counted more is believed.

use std::collections::BTreeMap;

use crate::{Activity, Event, Fix, Sensed, SourceId, TimeSpan, motion};

/// Longest record whose steps are spread evenly over its minutes, s. A longer one is the total of a day.
const SPREAD_MOST_S: i64 = 3600;
/// A heart rate or position speaks for so many minutes around it: watches at rest measure every five to ten.
const SPEAKS_MIN: i64 = 10;
/// Positions less exact than this, m, say nothing of speed or stay.
pub(crate) const ACCURACY_MOST_M: f64 = 200.0;
/// Positions nearer in time than this, s, are thinned before speed is taken: their error would look like motion.
const THIN_S: i64 = 45;
/// Positions farther apart in time than this, s, say nothing of the speed between.
const SPEED_GAP_S: i64 = 600;
/// Most minutes that are laid out: ten years.
const MOST_MINUTES: i64 = 3653 * 1440;

/// Values by minute. `steps`, `heart`, `speed_kmh` and `observed` have one entry a minute from `first` on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Minutes {
    /// The first minute, counted from 1970.
    pub(crate) first: i64,
    /// Steps in the minute.
    pub(crate) steps: Vec<f32>,
    /// Mean heart rate, beats a minute; NaN where none was measured.
    pub(crate) heart: Vec<f32>,
    /// Speed over ground, km/h; NaN where it is not known.
    pub(crate) speed_kmh: Vec<f32>,
    /// Did any device say anything about this minute?
    pub(crate) observed: Vec<bool>,
    /// What raw motion shows in the minute; `None` where there is none or it shows nothing for sure.
    pub(crate) motion: Vec<Option<Activity>>,
    /// Did a device count steps at all?
    pub(crate) has_steps: bool,
    /// Lowest usual heart rate: the tenth percentile; NaN without any.
    pub(crate) resting_bpm: f32,
    /// Positions in order of time, exact enough and without jumps back and forth.
    pub(crate) fixes: Vec<Fix>,
}

impl Minutes {
    /// Lays out what was sensed. Calendar entries, sleep, visits and named activities are not part of it.
    pub(crate) fn of(events: &[Event]) -> Self {
        let Some((first, length)) = extent(events) else { return Self { resting_bpm: f32::NAN, ..Self::default() } };
        let mut minutes = Self {
            first,
            steps: vec![0.0; length],
            heart: vec![f32::NAN; length],
            speed_kmh: vec![f32::NAN; length],
            observed: vec![false; length],
            motion: vec![None; length],
            has_steps: false,
            resting_bpm: f32::NAN,
            fixes: fixes(events),
        };
        minutes.lay_steps(events);
        minutes.lay_heart(events);
        minutes.lay_speed();
        minutes.lay_motion(events);
        for at in minutes.fixes.iter().map(|fix| fix.at.as_second()).collect::<Vec<_>>() {
            minutes.observe(at);
        }
        minutes
    }

    /// The index of a moment; `None` outside.
    pub(crate) fn index(&self, second: i64) -> Option<usize> {
        usize::try_from(second.div_euclid(60) - self.first).ok().filter(|at| *at < self.steps.len())
    }

    fn observe(&mut self, second: i64) {
        let minute = second.div_euclid(60) - self.first;
        let last = self.observed.len() as i64;
        for at in (minute - SPEAKS_MIN).max(0)..(minute + SPEAKS_MIN + 1).min(last) {
            self.observed[at as usize] = true;
        }
    }

    fn lay_steps(&mut self, events: &[Event]) {
        let mut by_source: BTreeMap<SourceId, Vec<(TimeSpan, f64)>> = BTreeMap::new();
        for event in events {
            if let Sensed::Steps { span, count } = event.what
                && span.seconds() <= SPREAD_MOST_S
            {
                by_source.entry(event.source).or_default().push((span, count));
            }
        }
        self.has_steps = !by_source.is_empty();
        for records in by_source.into_values() {
            let mut counted: BTreeMap<usize, f64> = BTreeMap::new();
            for (span, count) in records {
                let (start, end) = (span.start.as_second(), span.end.as_second().max(span.start.as_second() + 1));
                let per_second = count / (end - start) as f64;
                for minute in start.div_euclid(60)..=(end - 1).div_euclid(60) {
                    let Some(at) = self.index(minute * 60) else { continue };
                    let seconds = end.min(minute * 60 + 60) - start.max(minute * 60);
                    *counted.entry(at).or_default() += per_second * seconds as f64;
                    self.observed[at] = true;
                }
            }
            for (at, count) in counted {
                self.steps[at] = self.steps[at].max(count as f32);
            }
        }
    }

    fn lay_heart(&mut self, events: &[Event]) {
        let mut sums = vec![(0.0_f64, 0_u32); self.heart.len()];
        for event in events {
            let Sensed::HeartRate { at, bpm } = event.what else { continue };
            self.observe(at.as_second());
            if let Some(at) = self.index(at.as_second()) {
                sums[at] = (sums[at].0 + bpm, sums[at].1 + 1);
            }
        }
        for (heart, (sum, count)) in self.heart.iter_mut().zip(sums) {
            if count > 0 {
                *heart = (sum / f64::from(count)) as f32;
            }
        }
        let mut known: Vec<f32> = self.heart.iter().copied().filter(|bpm| !bpm.is_nan()).collect();
        known.sort_by(f32::total_cmp);
        self.resting_bpm = known.get(known.len() / 10).copied().unwrap_or(f32::NAN);
    }

    /// A minute is what most of its pieces of ten seconds are, when there are two or more.
    fn lay_motion(&mut self, events: &[Event]) {
        let mut counts: BTreeMap<usize, BTreeMap<Activity, u32>> = BTreeMap::new();
        for event in events {
            let pieces = match &event.what {
                Sensed::Motion(window) => motion::activities(window),
                Sensed::Moved { span, activity } => vec![(span.start.as_second(), *activity)],
                _ => continue,
            };
            for (second, activity) in pieces {
                let Some(at) = self.index(second) else { continue };
                self.observed[at] = true;
                *counts.entry(at).or_default().entry(activity).or_default() += 1;
            }
        }
        for (at, pieces) in counts {
            let most = pieces.iter().max_by_key(|(_, count)| **count);
            self.motion[at] = most.filter(|(_, count)| **count >= 2).map(|(activity, _)| *activity);
        }
    }

    fn lay_speed(&mut self) {
        let mut before: Option<Fix> = None;
        for fix in self.fixes.clone() {
            let Some(last) = before else {
                before = Some(fix);
                continue;
            };
            let (from, to) = (last.at.as_second(), fix.at.as_second());
            if to - from < THIN_S {
                continue;
            }
            before = Some(fix);
            if to - from > SPEED_GAP_S {
                continue;
            }
            let speed = (last.point.distance_m(fix.point) / (to - from) as f64 * 3.6) as f32;
            for minute in from.div_euclid(60)..=to.div_euclid(60) {
                if let Some(at) = self.index(minute * 60) {
                    self.speed_kmh[at] = speed;
                }
            }
        }
    }
}

/// First minute and number of minutes of everything measured.
fn extent(events: &[Event]) -> Option<(i64, usize)> {
    let spans = events.iter().filter(|event| !matches!(event.what, Sensed::Calendar(_) | Sensed::Route { .. }));
    let spans = spans.filter_map(|event| event.what.span());
    let (mut first, mut last) = (i64::MAX, i64::MIN);
    for span in spans {
        first = first.min(span.start.as_second().div_euclid(60));
        last = last.max(span.end.as_second().div_euclid(60));
    }
    if first > last {
        return None;
    }
    // Of a longer time the latest part is what counts.
    let first = first.max(last - MOST_MINUTES + 1);
    Some((first, usize::try_from(last - first + 1).ok()?))
}

/// Positions in order, without those too vague, and without single ones that jump away and back.
fn fixes(events: &[Event]) -> Vec<Fix> {
    let all = events.iter().filter_map(|event| if let Sensed::Position(fix) = event.what { Some(fix) } else { None });
    let mut fixes: Vec<Fix> = all.filter(|fix| fix.accuracy_m.is_none_or(|metres| metres <= ACCURACY_MOST_M)).collect();
    fixes.sort_by_key(|fix| fix.at);
    fixes.dedup_by_key(|fix| fix.at);
    let is_jump = |at: usize| {
        let [Some(before), Some(here), Some(after)] =
            [at.checked_sub(1), Some(at), at.checked_add(1)].map(|i| fixes.get(i?))
        else {
            return false;
        };
        let away = before.point.distance_m(here.point).min(here.point.distance_m(after.point));
        // Out and back within ten minutes, at more than five times the way that was really made.
        after.at.as_second() - before.at.as_second() <= SPEED_GAP_S
            && away > 300.0
            && away > 5.0 * before.point.distance_m(after.point)
    };
    let jumps: Vec<bool> = (0..fixes.len()).map(is_jump).collect();
    let mut jump = jumps.into_iter();
    fixes.retain(|_| !jump.next().unwrap_or(false));
    fixes
}
