//! Success over sessions, per domain.

use std::collections::BTreeMap;

use jiff::civil::Date;
use reme_types::{Domain, SessionId, Trial};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::{counts, success, success_interval};

/// Sessions needed before a direction is named at all [design].
const MIN_SESSIONS: usize = 4;
/// z of a two-sided 90 % band, as for the reliable change index.
const Z_90: f64 = 1.645;
/// Least spread of one answer's rung, in rungs squared: a few sessions at one rung must not look certain [design].
const LEAST_RUNG_VARIANCE: f64 = 1.0;

/// One session's success in one domain.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionPoint {
    /// The session.
    pub session_id: SessionId,
    /// Its day.
    pub date: Date,
    /// Success rate, 0–1.
    pub success: f64,
    /// Interval at [`crate::INTERVAL_MASS`].
    pub low: f64,
    /// Interval at [`crate::INTERVAL_MASS`].
    pub high: f64,
    /// Trials that count.
    pub trials: u32,
    /// Mean rung of the laddered trials, if there were any; lower is better.
    pub mean_rung: Option<f64>,
}

/// Where a trend points. A description of training, never a verdict on health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Too few sessions to say.
    TooEarly,
    /// The slope's band lies above zero.
    Rising,
    /// The slope's band holds zero.
    Steady,
    /// The slope's band lies below zero.
    Falling,
}

/// One domain over time.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainTrend {
    /// The domain.
    pub domain: Domain,
    /// Sessions in time order.
    pub points: Vec<SessionPoint>,
    /// Where success points.
    pub direction: Direction,
    /// Change of the success rate from session to session; 0 when it is too early.
    pub slope: f64,
    /// How sure that is: the probability, 0.5–1, that the slope has the sign it seems to have; 0.5 when it is too early.
    pub sureness: f64,
    /// Where the rung points, for laddered games: [`Direction::Falling`] means that less help was needed.
    pub rungs: Direction,
}

/// Success per domain and session. `day_of` gives a session's local date; trials of sessions it does not know are left out.
pub fn trends(trials: &[Trial], day_of: impl Fn(SessionId) -> Option<Date>) -> Vec<DomainTrend> {
    let mut cells: BTreeMap<(Domain, Date, SessionId), Vec<&Trial>> = BTreeMap::new();
    for trial in trials.iter().filter(|t| counts(&t.outcome)) {
        if let Some(date) = day_of(trial.session_id) {
            cells.entry((trial.outcome.domain, date, trial.session_id)).or_default().push(trial);
        }
    }
    let mut by_domain: BTreeMap<Domain, Vec<SessionPoint>> = BTreeMap::new();
    for ((domain, date, session_id), trials) in cells {
        by_domain.entry(domain).or_default().push(point(session_id, date, &trials));
    }
    by_domain.into_iter().map(|(domain, points)| trend(domain, points)).collect()
}

/// How many counting, laddered trials were answered at each rung 0–7.
pub fn rung_histogram(trials: &[Trial]) -> [u32; 8] {
    let mut rungs = [0; 8];
    for cue in trials.iter().filter(|t| counts(&t.outcome)).filter_map(|t| t.outcome.cue) {
        rungs[usize::from(cue.rung())] += 1;
    }
    rungs
}

fn point(session_id: SessionId, date: Date, trials: &[&Trial]) -> SessionPoint {
    let n = u32::try_from(trials.len()).unwrap_or(u32::MAX);
    let successes: f64 = trials.iter().map(|t| success(&t.outcome)).sum();
    let (low, high) = success_interval(successes, n);
    let rungs: Vec<f64> = trials.iter().filter_map(|t| t.outcome.cue).map(|c| f64::from(c.rung())).collect();
    let mean_rung = (!rungs.is_empty()).then(|| rungs.iter().sum::<f64>() / rungs.len() as f64);
    SessionPoint { session_id, date, success: successes / f64::from(n.max(1)), low, high, trials: n, mean_rung }
}

fn trend(domain: Domain, points: Vec<SessionPoint>) -> DomainTrend {
    let of = |value: &dyn Fn(&SessionPoint) -> Option<f64>| -> Vec<(f64, f64)> {
        points.iter().filter_map(|p| Some((f64::from(p.trials), value(p)?))).collect()
    };
    let success = of(&|p| Some(p.success));
    let total: f64 = success.iter().map(|(weight, _)| weight).sum();
    let mean = success.iter().map(|(weight, y)| weight * y).sum::<f64>() / total;
    // Binomial noise is the floor: a few identical sessions must not look certain.
    let (direction, slope, sureness) = direction(&success, (mean * (1.0 - mean)).max(0.01));
    let (rungs, ..) = self::direction(&of(&|p| p.mean_rung), LEAST_RUNG_VARIANCE);
    DomainTrend { domain, points, direction, slope, sureness, rungs }
}

/// Least squares over sessions (weight = trials, value), with the slope's 90 % band and the probability of its sign under a
/// normal error: (direction, slope, that probability). `floor` is the least variance of one trial.
fn direction(points: &[(f64, f64)], floor: f64) -> (Direction, f64, f64) {
    if points.len() < MIN_SESSIONS {
        return (Direction::TooEarly, 0.0, 0.5);
    }
    let total: f64 = points.iter().map(|(weight, _)| weight).sum();
    let mean = |f: &dyn Fn(f64, f64) -> f64| {
        points.iter().enumerate().map(|(i, (weight, y))| weight * f(i as f64, *y)).sum::<f64>() / total
    };
    let (mean_x, mean_y) = (mean(&|x, _| x), mean(&|_, y| y));
    let sxx = mean(&|x, _| (x - mean_x).powi(2));
    let slope = mean(&|x, y| (x - mean_x) * (y - mean_y)) / sxx;
    let residual = mean(&|x, y| (y - mean_y - slope * (x - mean_x)).powi(2));
    let noise = floor * points.len() as f64 / total;
    let error = (residual.max(noise) / (sxx * (points.len() - 2) as f64)).sqrt();
    let sureness = Normal::standard().cdf(slope.abs() / error);
    let direction = match slope {
        s if s > Z_90 * error => Direction::Rising,
        s if s < -Z_90 * error => Direction::Falling,
        _ => Direction::Steady,
    };
    (direction, slope, sureness)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use reme_types::{Cue, FixedClock, InputMode, MatchedBy, Outcome, SeededRng, TrialId, Verdict};

    use super::*;

    fn trial(session: SessionId, right: bool, cue: Option<Cue>, matched_by: MatchedBy) -> Trial {
        let clock = FixedClock { now: Timestamp::UNIX_EPOCH, time_zone: jiff::tz::TimeZone::UTC };
        Trial {
            id: TrialId::new(&clock, &mut SeededRng::new(1)),
            session_id: session,
            seq: 0,
            block: 0,
            game: "life-recall".into(),
            template_version: "1".into(),
            input: InputMode::Typed,
            at: Timestamp::UNIX_EPOCH,
            outcome: Outcome {
                kind: "recall-fact".into(),
                domain: Domain::Episodic,
                level: 1,
                practice: false,
                verdict: if right { Verdict::Correct } else { Verdict::Incorrect },
                score: f64::from(u8::from(right)),
                cue,
                rt_ms: None,
                matched_by,
                confidence: 1.0,
                memory_id: None,
                fact_id: None,
                data: "{}".into(),
                scorer: 1,
            },
        }
    }

    fn session(n: u64) -> SessionId {
        SessionId::from_uuid(reme_types::new_uuid_v7(
            &FixedClock { now: Timestamp::UNIX_EPOCH, time_zone: jiff::tz::TimeZone::UTC },
            &mut SeededRng::new(n),
        ))
    }

    /// `rights[i]` of ten trials right in session i.
    fn log(rights: &[usize]) -> (Vec<Trial>, Vec<SessionId>) {
        let sessions: Vec<_> = (0..rights.len() as u64).map(session).collect();
        let trials = rights
            .iter()
            .zip(&sessions)
            .flat_map(|(&right, &s)| (0..10).map(move |i| trial(s, i < right, None, MatchedBy::Exact)))
            .collect();
        (trials, sessions)
    }

    fn direction_of(rights: &[usize]) -> Direction {
        let (trials, sessions) = log(rights);
        let start = Date::constant(2026, 1, 1);
        let day =
            |id| sessions.iter().position(|s| *s == id).map(|i| start.saturating_add(jiff::Span::new().days(i as i64)));
        trends(&trials, day)[0].direction
    }

    #[test]
    fn a_direction_needs_sessions_and_a_slope_beyond_noise() {
        assert_eq!(direction_of(&[2, 9, 9]), Direction::TooEarly);
        assert_eq!(direction_of(&[2, 3, 4, 5, 7, 8, 9]), Direction::Rising);
        assert_eq!(direction_of(&[9, 8, 7, 5, 4, 3, 2]), Direction::Falling);
        assert_eq!(direction_of(&[7, 8, 7, 8, 7, 8]), Direction::Steady);
    }

    #[test]
    fn the_rungs_have_a_direction_of_their_own() {
        let sessions: Vec<_> = (0..6).map(session).collect();
        let cues = [Cue::WholePhoto, Cue::Choice, Cue::BlurredPhoto, Cue::FirstSound, Cue::Meaning, Cue::Free];
        let trials: Vec<Trial> = sessions
            .iter()
            .zip(cues)
            .flat_map(|(&s, cue)| (0..10).map(move |_| trial(s, true, Some(cue), MatchedBy::Exact)))
            .collect();
        let start = Date::constant(2026, 1, 1);
        let day =
            |id| sessions.iter().position(|s| *s == id).map(|i| start.saturating_add(jiff::Span::new().days(i as i64)));
        let trend = &trends(&trials, day)[0];
        assert_eq!((trend.direction, trend.rungs), (Direction::Rising, Direction::Falling));
        assert!(trend.slope > 0.1 && trend.sureness > 0.9, "{trend:?}");
    }

    #[test]
    fn what_rests_on_the_model_alone_is_not_counted() {
        let s = session(1);
        let trials = [
            trial(s, true, Some(Cue::Free), MatchedBy::Model),
            trial(s, true, Some(Cue::WholePhoto), MatchedBy::Exact),
        ];
        assert_eq!(rung_histogram(&trials), [0, 0, 0, 0, 0, 0, 1, 0]);
        let t = trends(&trials, |_| Some(Date::constant(2026, 1, 1)));
        assert_eq!((t[0].points[0].trials, t[0].points[0].success), (1, 0.0));
    }
}
