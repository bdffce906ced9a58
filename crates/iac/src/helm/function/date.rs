//! Dates. There is one zone, UTC, and the present is what the caller says it is.

use std::rc::Rc;

use super::{Args, Eval, Function, Kind, Machine, Val, exactly, fail};
use crate::helm::object::Object;

pub(super) const FUNCTIONS: &[Function] = &[
    exactly(0, "now", |machine, _| Ok(time(machine.now))),
    exactly(2, "date", |machine, args| args.made(layout(args.str(0)?, seconds(machine, &args.get(1))))),
    exactly(3, "dateInZone", |machine, args| args.made(layout(args.str(0)?, seconds(machine, &args.get(1))))),
    exactly(3, "date_in_zone", |machine, args| args.made(layout(args.str(0)?, seconds(machine, &args.get(1))))),
    exactly(1, "htmlDate", |machine, args| args.made(layout("2006-01-02", seconds(machine, &args.get(0))))),
    exactly(2, "htmlDateInZone", |machine, args| args.made(layout("2006-01-02", seconds(machine, &args.get(0))))),
    exactly(2, "dateModify", modify),
    exactly(2, "date_modify", modify),
    exactly(2, "mustDateModify", modify),
    exactly(2, "must_date_modify", modify),
    exactly(1, "ago", |machine, args| args.made(duration(machine.now.saturating_sub(seconds(machine, &args.get(0)))))),
    exactly(1, "duration", |_, args| {
        let n = match &args.get(0).kind {
            Kind::Str(text) => text.as_str().parse().unwrap_or(0),
            Kind::Int64(number) => *number,
            _ => 0,
        };
        args.made(duration(n))
    }),
    exactly(1, "durationRound", |machine, args| {
        let seconds = match &args.get(0).kind {
            Kind::Str(text) => parse_duration(text.as_str()).unwrap_or(0),
            Kind::Int64(nanoseconds) => nanoseconds / 1_000_000_000,
            Kind::Object(_) => machine.now.saturating_sub(seconds(machine, &args.get(0))),
            _ => 0,
        };
        args.made(rounded(seconds))
    }),
    exactly(1, "unixEpoch", |machine, args| args.made(seconds(machine, &args.get(0)).to_string())),
    exactly(2, "toDate", |_, args| Ok(time(parse(args.str(0)?, args.str(1)?).unwrap_or(ZERO_TIME)))),
    exactly(2, "mustToDate", |_, args| match parse(args.str(0)?, args.str(1)?) {
        Some(seconds) => Ok(time(seconds)),
        None => fail(format!("parsing time {:?} as {:?}: cannot parse", args.str(1)?, args.str(0)?)),
    }),
];

/// Go's zero time, the first of January of the year 1.
const ZERO_TIME: i64 = -62_135_596_800;
const DAY: i64 = 86_400;
const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

fn time(seconds: i64) -> Val {
    Val::new(Kind::Object(Rc::new(Object::Time(seconds))))
}

fn seconds(machine: &Machine, val: &Val) -> i64 {
    match &val.kind {
        Kind::Int(number) | Kind::Int64(number) => *number,
        Kind::Object(object) => object.seconds().unwrap_or(machine.now),
        Kind::Nil | Kind::Bool(_) | Kind::Float(_) | Kind::Str(_) | Kind::Bytes(_) | Kind::List(_) | Kind::Map(_) => machine.now,
    }
}

fn modify(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let at = seconds(machine, &args.get(1));
    Ok(time(at.saturating_add(parse_duration(args.str(0)?).unwrap_or(0))))
}

/// Go's durations, in whole seconds.
fn parse_duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let unit = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let seconds = match rest.get(..unit)? {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total += number * seconds;
        rest = rest.get(unit..)?;
    }
    Some(super::convert::whole(total * sign))
}

/// Seconds as Go prints a duration: `1h2m3s`.
fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let n = seconds.unsigned_abs();
    match (n / 3600, n / 60 % 60, n % 60) {
        (0, 0, s) => format!("{sign}{s}s"),
        (0, m, s) => format!("{sign}{m}m{s}s"),
        (h, m, s) => format!("{sign}{h}h{m}m{s}s"),
    }
}

fn rounded(seconds: i64) -> String {
    let n = seconds.unsigned_abs();
    for (size, unit) in [(31_536_000, "y"), (2_592_000, "mo"), (86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] {
        if size < n {
            return format!("{}{unit}", n / size);
        }
    }
    "0s".to_owned()
}

/// Year, month (1–12), day (1–31), hour, minute, second.
pub(in crate::helm) fn parts(seconds: i64) -> [i64; 6] {
    let days = seconds.div_euclid(DAY);
    let rest = seconds.rem_euclid(DAY);
    // Howard Hinnant's `civil_from_days`.
    let z = days.saturating_add(719_468);
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    [year, month, day, rest / 3600, rest / 60 % 60, rest % 60]
}

fn days_from(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// What Go's layouts are made of, the longer ones first.
const ELEMENTS: &[&str] = &[
    "January",
    "Monday",
    "-07:00",
    "Z07:00",
    "-0700",
    "Z0700",
    "2006",
    ".000000000",
    ".999999999",
    ".000000",
    ".000",
    ".999",
    "Jan",
    "Mon",
    "MST",
    "002",
    "-07",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "15",
    "PM",
    "pm",
    "_2",
    "1",
    "2",
    "3",
    "4",
    "5",
];

fn next_element(layout: &str) -> Option<&'static str> {
    ELEMENTS.iter().find(|element| layout.starts_with(**element)).copied()
}

/// A time in a layout of Go: an example of how the second of January 2006, 15:04:05, would look.
pub(in crate::helm) fn layout(layout: &str, seconds: i64) -> String {
    let [year, month, day, hour, minute, second] = parts(seconds);
    let name = |names: &[&'static str], index: i64| usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("");
    let weekday = (seconds.div_euclid(DAY) + 4).rem_euclid(7);
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let mut out = String::new();
    let mut rest = layout;
    while let Some(c) = rest.chars().next() {
        let Some(element) = next_element(rest) else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        };
        rest = rest.get(element.len()..).unwrap_or_default();
        out.push_str(&match element {
            "2006" => format!("{year:04}"),
            "06" => format!("{:02}", year.rem_euclid(100)),
            "January" => name(&MONTHS, month - 1).to_owned(),
            "Jan" => name(&MONTHS, month - 1).get(..3).unwrap_or_default().to_owned(),
            "01" => format!("{month:02}"),
            "1" => month.to_string(),
            "Monday" => name(&DAYS, weekday).to_owned(),
            "Mon" => name(&DAYS, weekday).get(..3).unwrap_or_default().to_owned(),
            "02" => format!("{day:02}"),
            "_2" => format!("{day:2}"),
            "2" => day.to_string(),
            "002" => format!("{:03}", days_from(year, month, day) - days_from(year, 1, 1) + 1),
            "15" => format!("{hour:02}"),
            "03" => format!("{hour12:02}"),
            "3" => hour12.to_string(),
            "04" => format!("{minute:02}"),
            "4" => minute.to_string(),
            "05" => format!("{second:02}"),
            "5" => second.to_string(),
            "PM" => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            "pm" => if hour < 12 { "am" } else { "pm" }.to_owned(),
            "MST" => "UTC".to_owned(),
            "Z07:00" | "Z0700" => "Z".to_owned(),
            "-07:00" => "+00:00".to_owned(),
            "-0700" => "+0000".to_owned(),
            "-07" => "+00".to_owned(),
            ".000000000" | ".000000" | ".000" => element.to_owned(),
            _ => String::new(),
        });
    }
    out
}

/// A time that is written in a layout; nothing if it is not.
fn parse(layout: &str, text: &str) -> Option<i64> {
    let (mut year, mut month, mut day, mut clock, mut is_afternoon) = (0, 1, 1, [0_i64; 3], false);
    let (mut layout, mut text) = (layout, text);
    while let Some(c) = layout.chars().next() {
        let Some(element) = next_element(layout) else {
            text = text.strip_prefix(c)?;
            layout = layout.get(c.len_utf8()..)?;
            continue;
        };
        layout = layout.get(element.len()..)?;
        if let Some(names) = match element {
            "January" | "Jan" => Some(MONTHS.as_slice()),
            "Monday" | "Mon" => Some(DAYS.as_slice()),
            _ => None,
        } {
            let cut = |name: &'static str| if element.len() == 3 { name.get(..3).unwrap_or(name) } else { name };
            let (index, name) = (1..).zip(names).map(|(index, name)| (index, cut(name))).find(|(_, name)| text.starts_with(name))?;
            text = text.get(name.len()..)?;
            if names.len() == 12 {
                month = index;
            }
            continue;
        }
        if matches!(element, "Z07:00" | "Z0700" | "MST" | "-07:00" | "-0700" | "-07" | "PM" | "pm") {
            let length = match element {
                "Z07:00" | "Z0700" if text.starts_with('Z') => 1,
                "MST" => 3,
                "PM" | "pm" => 2,
                "Z07:00" => 6,
                "Z0700" => 5,
                element => element.len(),
            };
            is_afternoon |= text.get(..length)?.eq_ignore_ascii_case("PM");
            text = text.get(length..)?;
            continue;
        }
        let width = if element == "2006" { 4 } else { 2 };
        let digits = text.bytes().take(width).take_while(u8::is_ascii_digit).count();
        let number: i64 = text.get(..digits)?.parse().ok()?;
        text = text.get(digits..)?;
        match element {
            "2006" => year = number,
            "06" => year = if number < 69 { 2000 + number } else { 1900 + number },
            "01" | "1" => month = number,
            "02" | "2" | "_2" => day = number,
            "15" | "03" | "3" => clock[0] = number,
            "04" | "4" => clock[1] = number,
            "05" | "5" => clock[2] = number,
            _ => return None,
        }
    }
    if !text.is_empty() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let [mut hour, minute, second] = clock;
    if is_afternoon && hour < 12 {
        hour += 12;
    }
    Some(days_from(year, month, day) * DAY + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_examples() {
        assert_eq!(layout("2006-01-02T15:04:05Z07:00", 1_700_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(layout("Mon Jan _2 3:04PM", 1_700_000_000), "Tue Nov 14 10:13PM");
        assert_eq!(parse("2006-01-02 15:04", "2023-11-14 22:13"), Some(1_699_999_980));
        assert_eq!(parse("2006-01-02", "no"), None);
        assert_eq!(parse_duration("-1.5h"), Some(-5400));
        assert_eq!(duration(3723), "1h2m3s");
    }
}
