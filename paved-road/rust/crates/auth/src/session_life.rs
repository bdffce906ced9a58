//! How long a session lives (ASVS 5.0, 7.3).

use bartizan_paved_spec::{Reason, Refused, lifetimes, refuse, refuse_with};

/// How long sessions live, in seconds. They can be shortened, not extended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionLimits {
    idle: f64,
    absolute: f64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle: lifetimes::SESSION_IDLE_SECONDS, absolute: lifetimes::SESSION_ABSOLUTE_SECONDS }
    }
}

impl SessionLimits {
    /// Without use for `idle` seconds a session ends; after `absolute` seconds in any case. `None` is as long as it can be.
    ///
    /// # Errors
    /// `configuration-invalid` for nothing, and for more than the specification has.
    pub fn shortened(idle: Option<f64>, absolute: Option<f64>) -> Result<Self, Refused> {
        let most = Self::default();
        let limits = Self { idle: idle.unwrap_or(most.idle), absolute: absolute.unwrap_or(most.absolute) };
        let is_good = |one: f64, most: f64| 0.0 < one && one <= most;
        if is_good(limits.idle, most.idle) && is_good(limits.absolute, most.absolute) {
            Ok(limits)
        } else {
            refuse_with(Reason::ConfigurationInvalid, "session lifetimes can only be shortened")
        }
    }

    /// Seconds after which a session ends in any case.
    #[must_use]
    pub const fn absolute(&self) -> f64 {
        self.absolute
    }
}

/// Whether a session lives; and if so, whether its last use is to be written. All times are seconds since 1970.
///
/// # Errors
/// `session-too-old`, `session-idle`.
pub fn check_life(created: f64, seen: f64, now: f64, limits: &SessionLimits) -> Result<bool, Refused> {
    if now - created >= limits.absolute {
        return refuse(Reason::SessionTooOld);
    }
    if now - seen >= limits.idle {
        return refuse(Reason::SessionIdle);
    }
    Ok(now - seen >= lifetimes::SESSION_TOUCH_SECONDS.min(limits.idle / 2.0))
}
