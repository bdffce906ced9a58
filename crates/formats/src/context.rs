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

    /// Reads a moment as RFC 3339, section 5.6, writes it; fractions of a second are cut off.
    ///
    /// ```
    /// use bartizan_formats::Timestamp;
    /// let moment = Timestamp::parse("2026-01-01T01:30:00.25+01:30").unwrap();
    /// assert_eq!(moment.to_string(), "2026-01-01T00:00:00Z");
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.trim().split_once(['T', 't', ' '])?;
        let mut date = date.splitn(3, '-').map(digits);
        let (year, month, day) = (date.next()??, date.next()??, date.next()??);
        let zone_at = time.find(['Z', 'z', '+', '-'])?;
        let (clock, zone) = time.split_at(zone_at);
        let clock = clock.split('.').next().unwrap_or_default();
        let mut clock = clock.splitn(3, ':').map(digits);
        let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
        let is_date = (1..=12).contains(&month) && (1..=31).contains(&day) && year <= 9999;
        if !is_date || 23 < hour || 59 < minute || 60 < second {
            return None;
        }
        let offset_minutes = match zone.strip_prefix(['+', '-']) {
            Some(offset) => {
                let (hours, minutes) = offset.split_once(':')?;
                (digits(hours)? * 60 + digits(minutes)?) * if zone.starts_with('-') { -1 } else { 1 }
            }
            None => 0,
        };
        let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + (minute - offset_minutes) * 60 + second;
        Some(Self::of_unix_seconds(seconds))
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

/// A short number without a sign.
fn digits(text: &str) -> Option<i64> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// The day of a date, counted from 1970-01-01: the inverse of [`civil_date`].
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month_from_march) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
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
    fn moments_are_read_as_they_are_written() {
        for seconds in (0..4_107_542_400).step_by(7_654_321) {
            let moment = Timestamp::of_unix_seconds(seconds);
            assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        }
        for wrong in
            ["", "2026", "2026-01-01", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-01-01Tx:00:00Z"]
        {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

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
