//! Dates, times and durations, as seconds.

const SECONDS_PER_DAY: i64 = 86_400;

/// The seconds from 1970 to the beginning of a day, `YYYY-MM-DD`, in UTC.
pub(super) fn seconds(date: &str) -> Option<i64> {
    let mut numbers = date.split('-').map(|part| {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<i64>().ok()).flatten().filter(|&number| number <= 9999)
    });
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if numbers.next().is_some() || !(1..=12).contains(&month) || day < 1 || days_in_month(year, month) < day {
        return None;
    }
    Some(days_since_1970(year, month, day) * SECONDS_PER_DAY)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counted in years that begin in March, so that the leap day is the last one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    const FROM_YEAR_0_TO_1970: i64 = 719_468;
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - FROM_YEAR_0_TO_1970
}

/// The milliseconds of a duration of Prometheus, `1h30m`; units may come in any order.
pub(super) fn duration_ms(duration: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 7] =
        [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 7 * 86_400_000), ("y", 365 * 86_400_000)];
    let mut rest = duration;
    let mut sum = 0_i64;
    loop {
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at_checked(n_digits)?;
        let (unit, factor) = UNITS.iter().find(|(unit, _)| behind.starts_with(unit))?;
        sum = sum.checked_add(number.parse::<i64>().ok()?.checked_mul(*factor)?)?;
        rest = behind.get(unit.len()..)?;
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_in_utc() {
        let check = |date: &str, expected: Option<i64>| assert_eq!(seconds(date), expected, "{date}");
        check("1970-01-01", Some(0));
        check("1970-1-2", Some(SECONDS_PER_DAY));
        check("1969-12-31", Some(-SECONDS_PER_DAY));
        check("2000-03-01", Some(951_868_800));
        check("2024-02-29", Some(1_709_164_800));
        check("2026-11-26", Some(1_795_651_200));
        for date in [
            "",
            "2024",
            "2024-01",
            "2024-13-01",
            "2023-02-29",
            "2024-00-01",
            "2024-01-00",
            "2024-01-01-01",
            "x-1-1",
            "2024-01-+1",
            "20240-01-01",
        ] {
            check(date, None);
        }
    }

    #[test]
    fn durations_have_units() {
        let check = |duration: &str, expected: Option<i64>| assert_eq!(duration_ms(duration), expected, "{duration}");
        check("1d", Some(86_400_000));
        check("1m30s", Some(90_000));
        check("1m1s2ms", Some(61_002));
        check("2ms1h", Some(3_600_002));
        check("1w1y", Some(372 * 86_400_000));
        for duration in ["", "1", "s", "1x", "1s2", "-1s", "9223372036854775807y", "1 s"] {
            check(duration, None);
        }
    }
}
