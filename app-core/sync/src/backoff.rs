//! How long to wait after a sync that failed. Time and chance are arguments; nothing here waits.

use reme_sync_protocol::PeerError;
use reme_types::Rng;

/// The first wait, at most: one minute.
const FIRST_S: u64 = 60;
/// The longest wait, at most: six hours. A device that was offline for weeks is heard within a morning.
const LONGEST_S: u64 = 6 * 60 * 60;

/// Counts failures in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// After a success.
    pub const fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// After a failure: seconds to wait, between half of and all of a bound that doubles with every failure, so that a
    /// thousand devices do not come back in the same second. What the portal itself asked for is the least.
    pub fn failed(&mut self, error: &PeerError, rng: &mut dyn Rng) -> u64 {
        let bound = FIRST_S.saturating_mul(1 << self.failures.min(20)).min(LONGEST_S);
        self.failures = self.failures.saturating_add(1);
        let half = bound / 2;
        let wait = half + rng.below(usize::try_from(bound - half).unwrap_or(usize::MAX) + 1) as u64;
        let asked = match error {
            PeerError::Busy { retry_after_s } => u64::from(*retry_after_s),
            _ => 0,
        };
        wait.max(asked)
    }

    /// Whether trying again can help at all: a device that was unpaired must be paired anew first.
    pub const fn is_worth_retrying(error: &PeerError) -> bool {
        !matches!(error, PeerError::Refused(_))
    }
}

#[cfg(test)]
mod tests {
    use reme_types::SeededRng;

    use super::*;

    #[test]
    fn waits_double_up_to_six_hours_with_jitter_and_start_over_after_success() {
        let (mut backoff, mut rng) = (Backoff::default(), SeededRng::new(1));
        let mut bound = FIRST_S;
        for _ in 0..40 {
            let wait = backoff.failed(&PeerError::Unreachable, &mut rng);
            assert!((bound / 2..=bound).contains(&wait), "{wait} for {bound}");
            bound = (bound * 2).min(LONGEST_S);
        }
        backoff.succeeded();
        assert!(backoff.failed(&PeerError::Unreachable, &mut rng) <= FIRST_S);
    }

    #[test]
    fn two_devices_do_not_come_back_together_and_the_portal_is_heeded() {
        let waits: std::collections::BTreeSet<u64> = (0..50)
            .map(|seed| {
                let mut backoff = Backoff { failures: 6 };
                backoff.failed(&PeerError::Unreachable, &mut SeededRng::new(seed))
            })
            .collect();
        assert!(waits.len() > 40, "{waits:?}");
        let busy = PeerError::Busy { retry_after_s: 900 };
        assert_eq!(Backoff::default().failed(&busy, &mut SeededRng::new(1)), 900);
    }
}
