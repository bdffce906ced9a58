//! Rate limits: a bucket per key, in memory, of bounded number. Across replicas a limit holds per replica.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use bartizan_paved_spec::{Reason, Refused, rate_limits, refuse, refuse_with};

/// So many requests in a minute for each key, as a bucket that refills steadily.
pub struct RateLimit {
    per_minute: f64,
    now: Arc<dyn Fn() -> f64 + Send + Sync>,
    buckets: Mutex<Buckets>,
}

#[derive(Default)]
struct Buckets {
    by_key: HashMap<String, Bucket>,
    /// Keys by the turn at which they were last written: the oldest goes first.
    by_turn: BTreeMap<u64, String>,
    turn: u64,
}

struct Bucket {
    left: f64,
    at: f64,
    turn: u64,
}

impl RateLimit {
    /// Allows `per_minute` requests a minute for each key.
    ///
    /// # Errors
    /// `configuration-invalid` for none.
    pub fn per_minute(per_minute: u32) -> Result<Self, Refused> {
        Self::with_clock(per_minute, Arc::new(crate::web::seconds))
    }

    /// As `per_minute`, with another clock, in seconds.
    ///
    /// # Errors
    /// `configuration-invalid` for none.
    pub fn with_clock(per_minute: u32, now: Arc<dyn Fn() -> f64 + Send + Sync>) -> Result<Self, Refused> {
        if per_minute == 0 {
            return refuse_with(Reason::ConfigurationInvalid, "a rate limit is positive");
        }
        Ok(Self { per_minute: f64::from(per_minute), now, buckets: Mutex::default() })
    }

    /// Takes one.
    ///
    /// # Errors
    /// `rate-exceeded`.
    pub fn take(&self, key: &str) -> Result<(), Refused> {
        let now = (self.now)();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let before = buckets.forget(key).unwrap_or(Bucket { left: self.per_minute, at: now, turn: 0 });
        let left = self.per_minute.min(before.left + (now - before.at).max(0.0) * self.per_minute / 60.0);
        let may = left >= 1.0;
        buckets.note(key, if may { left - 1.0 } else { left }, now);
        if may { Ok(()) } else { refuse(Reason::RateExceeded) }
    }
}

impl Buckets {
    fn forget(&mut self, key: &str) -> Option<Bucket> {
        let bucket = self.by_key.remove(key)?;
        self.by_turn.remove(&bucket.turn);
        Some(bucket)
    }

    fn note(&mut self, key: &str, left: f64, at: f64) {
        if self.by_key.len() >= rate_limits::KEYS as usize
            && let Some((_, oldest)) = self.by_turn.pop_first()
        {
            self.by_key.remove(&oldest);
        }
        self.turn += 1;
        self.by_turn.insert(self.turn, key.to_owned());
        self.by_key.insert(key.to_owned(), Bucket { left, at, turn: self.turn });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_refills_and_keys_are_apart() {
        let now = Arc::new(Mutex::new(0.0));
        let clock = Arc::clone(&now);
        let limit = RateLimit::with_clock(60, Arc::new(move || *clock.lock().unwrap())).unwrap();
        let flood = |key| (0..100).filter(|_| limit.take(key).is_ok()).count();
        assert_eq!((flood("a"), flood("b")), (60, 60));
        *now.lock().unwrap() = 10.0;
        assert_eq!(flood("a"), 10);
    }

    #[test]
    fn the_number_of_keys_is_bounded() {
        let limit = RateLimit::per_minute(1).unwrap();
        for key in 0..rate_limits::KEYS + 5 {
            assert!(limit.take(&key.to_string()).is_ok());
        }
        assert_eq!(limit.buckets.lock().unwrap().by_key.len(), rate_limits::KEYS as usize);
        assert!(limit.take("0").is_ok(), "the oldest were forgotten");
        assert!(limit.take(&rate_limits::KEYS.to_string()).is_err(), "the newest were not");
    }
}
