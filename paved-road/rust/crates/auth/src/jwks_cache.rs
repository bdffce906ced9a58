//! Keys of a provider, fetched rarely and soon: a new key is usable within two seconds, and a flood of forged tokens causes few fetches.

use std::sync::{Arc, Mutex, PoisonError};

use bartizan_paved_safe_http::Later;
use bartizan_paved_spec::{Reason, Refused, lifetimes, refuse};

use crate::jose::{KeySet, PublicKey};

/// Fetches and reads a key set.
pub type FetchKeys = Arc<dyn Fn() -> Later<'static, Result<KeySet, Refused>> + Send + Sync>;

/// A clock, in milliseconds.
type NowMs = Arc<dyn Fn() -> f64 + Send + Sync>;

const REFILL_MS: f64 = lifetimes::JWKS_REFILL_SECONDS * 1000.0;
const CAPACITY: f64 = lifetimes::JWKS_BURST as f64 * REFILL_MS;

/// A bucket of `jwks_burst` fetches gains one in `jwks_refill_seconds`; all fetches come out of it. What a fetch found within
/// `jwks_interval_seconds` is the answer to every unknown key. Those who are well are not slowed down by those who forge.
#[derive(Clone)]
pub struct JwksCache {
    fetch: FetchKeys,
    now_ms: NowMs,
    state: Arc<Mutex<State>>,
    /// Held while a fetch is under way.
    fetching: Arc<tokio::sync::Mutex<()>>,
}

struct State {
    keys: Arc<[PublicKey]>,
    fetched_at: f64,
    tried_at: f64,
    /// What is left in the bucket, and when that was so; both in milliseconds.
    budget: Option<(f64, f64)>,
    /// How many fetches have ended.
    fetches: u64,
}

impl JwksCache {
    /// A cache that is empty.
    #[must_use]
    pub fn new(fetch: FetchKeys, now_ms: NowMs) -> Self {
        let state = State { keys: Arc::new([]), fetched_at: f64::NEG_INFINITY, tried_at: f64::NEG_INFINITY, budget: None, fetches: 0 };
        Self { fetch, now_ms, state: Arc::new(Mutex::new(state)), fetching: Arc::default() }
    }

    /// The keys, among them one that `is_wanted`, if it is to be had.
    ///
    /// # Errors
    /// `jwks-unavailable`.
    pub async fn keys(&self, is_wanted: impl Fn(&PublicKey) -> bool) -> Result<Arc<[PublicKey]>, Refused> {
        let is_enough = self.with(|state, now| is_within(state, now, lifetimes::JWKS_FRESH_SECONDS) && state.keys.iter().any(is_wanted));
        if !is_enough {
            self.refetch().await;
        }
        self.with(|state, now| {
            if is_within(state, now, lifetimes::JWKS_STALE_SECONDS) { Ok(Arc::clone(&state.keys)) } else { refuse(Reason::JwksUnavailable) }
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut State, f64) -> T) -> T {
        let now = (self.now_ms)();
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner), now)
    }

    /// Fetches once for everybody who waits, if the budget allows.
    async fn refetch(&self) {
        let before = self.with(|state, _| state.fetches);
        let turn = Arc::clone(&self.fetching).lock_owned().await;
        let may = self.with(|state, now| state.fetches == before && may_fetch(state, now));
        if !may {
            return;
        }
        // It goes on, also if whoever asked for it has gone.
        let cache = self.clone();
        let task = tokio::spawn(async move {
            let _turn = turn;
            let found = (cache.fetch)().await;
            cache.with(|state, now| {
                state.tried_at = now;
                state.fetches += 1;
                // Old keys are better than none, for a day.
                if let Ok(set) = found {
                    state.keys = set.keys.into();
                    state.fetched_at = now;
                }
            });
        });
        drop(task.await);
    }
}

fn is_within(state: &State, now: f64, seconds: f64) -> bool {
    now - state.fetched_at < seconds * 1000.0
}

fn may_fetch(state: &mut State, now: f64) -> bool {
    if now - state.tried_at < lifetimes::JWKS_INTERVAL_SECONDS * 1000.0 {
        return false;
    }
    let (left, at) = state.budget.unwrap_or((CAPACITY, now));
    let left = CAPACITY.min(left + (now - at).max(0.0));
    let may = left >= REFILL_MS;
    state.budget = Some((if may { left - REFILL_MS } else { left }, now));
    may
}
