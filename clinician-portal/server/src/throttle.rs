//! Token buckets in memory, by address, account or device. Each process has its own: a limit is against floods and guessing, and
//! log-in and pairing have limits in the database as well.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::error::Fault;

/// Buckets kept before full ones are thrown out.
const BUCKETS: usize = 10_000;

/// How fast, and how much at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Tokens a second.
    pub per_second: f64,
    /// Tokens in a full bucket.
    pub burst: f64,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at_ms: i64,
}

/// Buckets by kind and key.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    buckets: Mutex<HashMap<(&'static str, String), Bucket>>,
}

impl Throttle {
    /// Takes a token.
    ///
    /// # Errors
    /// [`Fault::Busy`] when there is none, with the seconds until there is.
    pub(crate) fn take(&self, kind: &'static str, key: &str, rate: Rate, now_ms: i64) -> Result<(), Fault> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS {
            // A bucket that has had a minute to fill is as good as a new one.
            buckets.retain(|_, bucket| now_ms - bucket.at_ms < 60_000);
        }
        let full = Bucket { tokens: rate.burst, at_ms: now_ms };
        let bucket = buckets.entry((kind, key.to_owned())).or_insert(full);
        let passed_s = (now_ms - bucket.at_ms).max(0) as f64 / 1000.0;
        bucket.tokens = (bucket.tokens + passed_s * rate.per_second).min(rate.burst);
        bucket.at_ms = bucket.at_ms.max(now_ms);
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait_s = ((1.0 - bucket.tokens) / rate.per_second).ceil().clamp(1.0, 3600.0);
        Err(Fault::Busy { retry_after_s: wait_s as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_let_through_then_the_rate_and_keys_do_not_share() {
        let throttle = Throttle::default();
        let rate = Rate { per_second: 0.5, burst: 3.0 };
        let take = |key, now_ms| throttle.take("log-in", key, rate, now_ms);
        for _ in 0..3 {
            assert_eq!(take("a", 0), Ok(()));
        }
        assert_eq!(take("a", 0), Err(Fault::Busy { retry_after_s: 2 }));
        assert_eq!(take("b", 0), Ok(()));
        assert_eq!(take("a", 1_999), Err(Fault::Busy { retry_after_s: 1 }));
        assert_eq!(take("a", 2_000), Ok(()));
        assert_eq!(take("a", 1_000), Err(Fault::Busy { retry_after_s: 2 }), "a clock set back gives nothing");
    }
}
