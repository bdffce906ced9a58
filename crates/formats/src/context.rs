//! What only the caller of an exporter knows: the circumstances of a scan.

use std::fmt;

/// The circumstances of a scan that a report may state. Without them a report says only what was found.
///
/// ```
/// use bartizan_formats::{Context, Timestamp};
/// let context = Context { started: Some(Timestamp::of_unix_seconds(1_767_225_600)), ..Context::default() };
/// assert_eq!(context.started.unwrap().to_string(), "2026-01-01T00:00:00Z");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// When the scan started.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// The commit that was scanned, in full; nothing where the files are of no commit.
    pub revision: Option<String>,
    /// How the formats that know one place a finding (SARIF, GitLab) show a finding that stands in several.
    pub occurrences: Occurrences,
}

/// How a finding with several places is written where a format has one place a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Occurrences {
    /// One entry a finding, at its first place; the others are related places. A flaw is counted once.
    #[default]
    Related,
    /// One entry a place, all with the finding's fingerprint. Every line that holds the flaw has an entry of its own.
    Separate,
}

/// A moment in Coordinated Universal Time, to the second, written as RFC 3339 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    unix_seconds: i64,
}

impl Timestamp {
    /// The earliest moment, 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self { unix_seconds: 0 };

    /// The latest moment, 9999-12-31T23:59:59Z: RFC 3339 has four digits for the year.
    pub const MAX: Self = Self { unix_seconds: 253_402_300_799 };

    /// The moment so many seconds after 1970 began; the nearest one that can be written.
    #[must_use]
    pub const fn of_unix_seconds(unix_seconds: i64) -> Self {
        if unix_seconds < Self::MIN.unix_seconds {
            Self::MIN
        } else if Self::MAX.unix_seconds < unix_seconds {
            Self::MAX
        } else {
            Self { unix_seconds }
        }
    }

    /// Date and time without the zone, which is always UTC: `2026-01-01T00:00:00`.
    #[must_use]
    pub fn without_zone(self) -> String {
        const SECONDS_PER_DAY: i64 = 86_400;
        let (year, month, day) = civil_date(self.unix_seconds / SECONDS_PER_DAY);
        let seconds = self.unix_seconds % SECONDS_PER_DAY;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", self.without_zone())
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar; for days that are not negative.
///
/// Years are counted from March, so that the leap day ends the year, in eras of 400 years, which all have the same length.
const fn civil_date(days_since_1970: i64) -> (i64, i64, i64) {
    const DAYS_FROM_YEAR_0_MARCH: i64 = 719_468;
    const DAYS_PER_ERA: i64 = 146_097;
    let days = days_since_1970 + DAYS_FROM_YEAR_0_MARCH;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Five months from March, or from August, have 153 days.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn moments_are_written_as_rfc_3339_does() {
        for (seconds, text) in [
            (i64::MIN, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (i64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Timestamp::of_unix_seconds(seconds).to_string(), text);
        }
    }
}
