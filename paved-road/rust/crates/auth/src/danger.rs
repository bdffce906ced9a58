//! Everything that lowers security, in one place. Searching for `dangerous(` finds each use; each is audited at start.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bartizan_paved_spec::{Reason, Refused, refuse_with};

/// A clock, in seconds since 1970.
pub type Clock = Arc<dyn Fn() -> f64 + Send + Sync>;

/// The clock of the system.
pub(crate) fn system_clock() -> Clock {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64()))
}

/// What was allowed by `dangerous()`. It can be made in no other way:
///
/// ```compile_fail
/// let allowed = bartizan_paved_auth::Dangerous { http_on_loopback: true, clock: None, because: String::new() };
/// ```
#[derive(Clone)]
pub struct Dangerous {
    http_on_loopback: bool,
    clock: Option<Clock>,
    because: String,
}

/// Lowers security, for tests. It needs a reason, and is audited at start.
///
/// # Errors
/// `configuration-invalid` without a reason.
pub fn dangerous(because: &str) -> Result<Dangerous, Refused> {
    if because.trim().is_empty() {
        return refuse_with(Reason::ConfigurationInvalid, "dangerous() needs a reason");
    }
    Ok(Dangerous { http_on_loopback: false, clock: None, because: because.to_owned() })
}

impl Dangerous {
    /// Allows http to 127.0.0.1, [::1] and localhost, for the public URL and for providers. Whoever controls the network between two
    /// processes of this machine can then sign in as anybody.
    #[must_use]
    pub const fn http_on_loopback(mut self) -> Self {
        self.http_on_loopback = true;
        self
    }

    /// Takes another clock. Whoever controls it can use what has expired.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    pub(crate) const fn nothing() -> Self {
        Self { http_on_loopback: false, clock: None, because: String::new() }
    }

    pub(crate) const fn allows_http_on_loopback(&self) -> bool {
        self.http_on_loopback
    }

    pub(crate) fn clock_in_use(&self) -> Clock {
        self.clock.clone().unwrap_or_else(system_clock)
    }

    /// What was allowed, in words; none if nothing.
    pub(crate) fn describe(&self) -> Vec<String> {
        let what = [(self.http_on_loopback, "http on loopback"), (self.clock.is_some(), "another clock")];
        what.into_iter().filter(|(is_allowed, _)| *is_allowed).map(|(_, what)| format!("{what}: {}", self.because)).collect()
    }
}

impl std::fmt::Debug for Dangerous {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Dangerous").field(&self.describe()).finish()
    }
}
