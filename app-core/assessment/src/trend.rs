//! Success over sessions, per domain.

use std::collections::BTreeMap;

use jiff::civil::Date;
use reme_types::{Domain, SessionId, Trial};

use crate::{counts, success, success_interval};

/// Sessions needed before a direction is named at all [design].
const MIN_SESSIONS: usize = 4;
/// z of a two-sided 90 % band, as for the reliable change index.
const Z_90: f64 = 1.645;

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
    /// Where it points.
    pub direction: Direction,
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
    by_domain
        .into_iter()
        .map(|(domain, points)| DomainTrend { domain, direction: direction(&points), points })
        .collect()
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

/// Least squares over sessions weighted by trials, with the slope's 90 % band. Points are in time order.
pub fn direction(points: &[SessionPoint]) -> Direction {
    if points.len() < MIN_SESSIONS {
        return Direction::TooEarly;
    }
    let weights: Vec<f64> = points.iter().map(|p| f64::from(p.trials)).collect();
    let total: f64 = weights.iter().sum();
    let mean = |f: &dyn Fn(usize) -> f64| (0..points.len()).map(|i| weights[i] * f(i)).sum::<f64>() / total;
    let (mean_x, mean_y) = (mean(&|i| i as f64), mean(&|i| points[i].success));
    let sxx = mean(&|i| (i as f64 - mean_x).powi(2));
    let sxy = mean(&|i| (i as f64 - mean_x) * (points[i].success - mean_y));
    let slope = sxy / sxx;
    let residual = mean(&|i| (points[i].success - mean_y - slope * (i as f64 - mean_x)).powi(2));
    // Binomial noise is the floor: a few identical sessions must not look certain.
    let noise = (mean_y * (1.0 - mean_y)).max(0.01) * points.len() as f64 / total;
    let band = Z_90 * ((residual.max(noise)) / (sxx * (points.len() - 2) as f64)).sqrt();
    match slope {
        s if s - band > 0.0 => Direction::Rising,
        s if s + band < 0.0 => Direction::Falling,
        _ => Direction::Steady,
    }
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
