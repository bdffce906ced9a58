//! Moments, as numbers that others pass in; this crate has no clock.

use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01 in UTC.
///
/// ```
/// use bartizan_triage::time::{Time, DAY};
/// let thursday = Time(0);
/// assert_eq!(thursday.plus_days(2).weekday(), 5);
/// assert_eq!(Time(3 * DAY + 5).start_of_day(), Time(3 * DAY));
/// assert_eq!(Time(86_400_000_000).to_string(), "1970-01-02");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// A day, in microseconds.
pub const DAY: i64 = 86_400_000_000;

/// An hour, in microseconds.
pub const HOUR: i64 = 3_600_000_000;

impl Time {
    /// So many days later; the last moment there is, if that is beyond it.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY)))
    }

    /// Whole days from an earlier moment to this one; negative if it is later.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(DAY)
    }

    /// The midnight in UTC at or before this moment.
    #[must_use]
    pub const fn start_of_day(self) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(DAY)))
    }

    /// Monday is 0, Sunday is 6.
    #[must_use]
    pub const fn weekday(self) -> i64 {
        // 1970-01-01 was a Thursday.
        self.0.div_euclid(DAY).saturating_add(3).rem_euclid(7)
    }

    /// Whether it lies on a Saturday or a Sunday.
    #[must_use]
    pub const fn is_weekend(self) -> bool {
        5 <= self.weekday()
    }
}

/// The day in UTC: `2026-11-26`.
impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Days counted from 0000-03-01, in eras of 400 years, so that the leap day is the last one of its year.
        let days = self.0.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (days, expected) in
            [(0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (11_017, "2000-03-01"), (20_783, "2026-11-26")]
        {
            assert_eq!(Time(days * DAY).to_string(), expected);
        }
    }

    #[test]
    fn weekends_are_known() {
        let thursday = Time(20_783 * DAY);
        assert_eq!(thursday.weekday(), 3);
        let weekend: Vec<bool> = (0..5).map(|days| thursday.plus_days(days).is_weekend()).collect();
        assert_eq!(weekend, [false, false, true, true, false]);
        assert_eq!(Time(i64::MAX).plus_days(1), Time(i64::MAX));
    }
}
