//! How a person is doing, from the trial log alone: success per session with an interval, the trend over
//! sessions, and how many details were recalled at which rung.
//!
//! Where in the flow: after games and store, before progress screens and sync. Pure functions: what it must
//! never do is I/O, read a clock, count practice trials, or let a match that rests on the model alone
//! into a number (invariant 5).
//!
//! ```
//! use reme_assessment::success_interval;
//! let (low, high) = success_interval(8.0, 10);
//! assert!(low < 0.8 && 0.8 < high);
//! ```

mod sentence;
mod trend;

pub use sentence::sentence;
pub use trend::{Direction, DomainTrend, SessionPoint, rung_histogram, trends};

use reme_types::{MatchedBy, Outcome};
use statrs::distribution::{Beta, ContinuousCDF};

/// Share of the probability inside an interval; 90 % is usual in neuropsychology (RCI ±1.645, TRAINING notes).
pub const INTERVAL_MASS: f64 = 0.90;

/// Whether a trial may enter an assessment: it was no practice, and does not rest on the model alone.
pub fn counts(outcome: &Outcome) -> bool {
    !outcome.practice && outcome.matched_by != MatchedBy::Model
}

/// What a trial adds to the successes, 0–1: laddered trials succeed at rung ≤ 2 (spacing rule), others by their score.
pub fn success(outcome: &Outcome) -> f64 {
    match outcome.cue {
        Some(cue) => f64::from(u8::from(cue.is_success() && outcome.score > 0.0)),
        None => outcome.score.clamp(0.0, 1.0),
    }
}

/// Equal-tailed credible interval of a success rate under Jeffreys' prior Beta(½, ½)
/// (Brown, Cai & DasGupta 2001). `successes` may be fractional; with no trials it is nearly (0, 1).
pub fn success_interval(successes: f64, trials: u32) -> (f64, f64) {
    let successes = successes.clamp(0.0, f64::from(trials));
    let tail = (1.0 - INTERVAL_MASS) / 2.0;
    match Beta::new(successes + 0.5, f64::from(trials) - successes + 0.5) {
        Ok(beta) => (beta.inverse_cdf(tail), beta.inverse_cdf(1.0 - tail)),
        Err(_) => (0.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::success_interval;

    #[test]
    fn the_interval_holds_the_rate_and_narrows_with_trials() {
        let mut width_before = 1.0;
        for trials in [5u32, 20, 80, 320] {
            let (low, high) = success_interval(f64::from(trials) * 0.8, trials);
            assert!(low < 0.8 && 0.8 < high, "{trials}: {low}..{high}");
            assert!(high - low < width_before);
            width_before = high - low;
        }
    }

    #[test]
    fn jeffreys_interval_matches_the_published_table() {
        // Beta(0.5, 10.5), 5 % and 95 %: 0 successes of 10.
        let (low, high) = success_interval(0.0, 10);
        assert!(low < 0.001 && (0.16..0.19).contains(&high), "{low}..{high}");
    }
}
