//! Calendar dates, as configuration writes them. There is no clock here: callers say what day it is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar in the years 1 to 9999, written `2026-12-31`.
///
/// ```
/// use bartizan_scan::Date;
/// let day: Date = "2026-03-01".parse()?;
/// assert_eq!(day.days_since("2026-02-01".parse()?), 28);
/// assert_eq!(Date::of_unix_seconds(0).to_string(), "1970-01-01");
/// assert!("2026-02-29".parse::<Date>().is_err());
/// # Ok::<(), bartizan_scan::InvalidDate>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    // In the order of significance, so that the derived order is that of time. Always a day that exists.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day in UTC of a number of seconds since 1970-01-01; days outside of the years 1 to 9999 become the nearest one inside.
    #[must_use]
    pub fn of_unix_seconds(seconds: i64) -> Self {
        const FIRST: Date = Date { year: 1, month: 1, day: 1 };
        const LAST: Date = Date { year: 9999, month: 12, day: 31 };
        let days = seconds.div_euclid(86_400).clamp(FIRST.days(), LAST.days());
        // The year is found by estimate and correction: a year has 365.2425 days.
        let estimate = (days - FIRST.days()) * 10_000 / 3_652_425 + 1;
        let year = (estimate - 1..=estimate + 1).rev().find(|&year| days_before(year) <= days).unwrap_or(1);
        let mut rest = days - days_before(year);
        for month in 1..=12 {
            let length = i64::from(days_in_month(year, month));
            if rest < length {
                let (Ok(year), Ok(day)) = (u16::try_from(year), u8::try_from(rest + 1)) else { break };
                return Self { year, month, day };
            }
            rest -= length;
        }
        LAST
    }

    /// How many days this is after another date; negative if it is before.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.days() - earlier.days()
    }

    /// Days since 1970-01-01.
    fn days(self) -> i64 {
        let year = i64::from(self.year);
        let of_months: i64 = (1..self.month).map(|month| i64::from(days_in_month(year, month))).sum();
        days_before(year) + of_months + i64::from(self.day) - 1
    }
}

/// Days from 1970-01-01 to the first day of a year.
fn days_before(year: i64) -> i64 {
    let previous = year - 1;
    previous * 365 + previous / 4 - previous / 100 + previous / 400 - 719_162
}

fn days_in_month(year: i64, month: u8) -> u8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        let number = |text: &str, n_digits| {
            let is_plain = text.len() == n_digits && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|_| is_plain)
        };
        let parse = || {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            let year = number(year, 4)?;
            let month = u8::try_from(number(month, 2)?).ok()?;
            let day = u8::try_from(number(day, 2)?).ok()?;
            let exists = 1 <= year && (1..=12).contains(&month) && 1 <= day && day <= days_in_month(year.into(), month);
            exists.then_some(Self { year, month, day })
        };
        parse().ok_or_else(|| InvalidDate(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}-{:02}", self.year, self.month, self.day))
    }
}

/// A text that is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no date; expected the like of 2026-12-31")]
pub struct InvalidDate(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "0000-01-01",
            "26-01-01",
            "2026-1-1",
            "2026-01-01T00:00",
            "+026-01-01",
            "",
        ] {
            assert_eq!(text.parse::<Date>(), Err(InvalidDate(text.to_owned())), "{text}");
        }
        assert!("2024-02-29".parse::<Date>().is_ok());
    }

    #[test]
    fn every_day_survives_the_way_through_unix_seconds() {
        let first: Date = "0001-01-01".parse().unwrap();
        let last: Date = "9999-12-31".parse().unwrap();
        assert_eq!(last.days_since(first) + 1, 3_652_059);
        // The calendar repeats after 400 years.
        let of_a_cycle = "1800-01-01".parse::<Date>().unwrap().days().."2200-01-01".parse::<Date>().unwrap().days();
        let mut previous = None;
        for days in of_a_cycle {
            let date = Date::of_unix_seconds(days * 86_400 + 86_399);
            assert_eq!(date.days(), days);
            assert!(previous < Some(date));
            previous = Some(date);
        }
    }

    #[test]
    fn known_moments_have_their_day() {
        for (seconds, expected) in [(0, "1970-01-01"), (-1, "1969-12-31"), (951_782_400, "2000-02-29"), (1_767_225_599, "2025-12-31")] {
            assert_eq!(Date::of_unix_seconds(seconds).to_string(), expected);
        }
        assert_eq!(Date::of_unix_seconds(i64::MAX).to_string(), "9999-12-31");
        assert_eq!(Date::of_unix_seconds(i64::MIN).to_string(), "0001-01-01");
    }
}
