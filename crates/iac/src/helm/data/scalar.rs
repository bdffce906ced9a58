//! What a YAML scalar without quotes is, by the rules of `go.yaml.in/yaml/v2`: YAML 1.1's words, and Go's numbers.

use crate::helm::template;

/// A scalar that is no text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::helm) enum Scalar {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
}

/// What a plain scalar is; nothing if it is a text.
pub(in crate::helm) fn resolve(text: &str) -> Option<Scalar> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => return number(text),
    })
}

fn number(text: &str) -> Option<Scalar> {
    let first = text.chars().next()?;
    if !(first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) || is_timestamp(text) {
        return None;
    }
    let plain = text.replace('_', "");
    if first != '.' {
        if let Some(number) = template::integer(&plain) {
            return Some(Scalar::Int(i128::from(number)));
        }
        let is_octal = plain.len() > 1 && plain.starts_with('0');
        if let Some(number) = plain.parse::<u64>().ok().filter(|_| !is_octal) {
            return Some(Scalar::Int(i128::from(number)));
        }
    }
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, "0"), |(mantissa, exponent)| (mantissa, exponent));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_float = is_digits(whole)
        && is_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && !exponent.is_empty()
        && is_digits(exponent);
    if !is_float {
        return None;
    }
    plain.parse().ok().map(Scalar::Float)
}

/// A date, with a time or without: a text, but one that is quoted when it is written.
pub(in crate::helm) fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let numbers: Vec<&str> = date.split('-').collect();
    let [year, month, day] = numbers.as_slice() else { return false };
    let in_range = |text: &str, low: u32, high: u32| {
        text.len() <= 2
            && !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse().is_ok_and(|n: u32| (low..=high).contains(&n))
    };
    let is_date = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && in_range(month, 1, 12) && in_range(day, 1, 31);
    let Some(time) = time else { return is_date };
    let clock = time.trim_end_matches('Z').split_once(['+', '.']).map_or(time.trim_end_matches('Z'), |(clock, _)| clock);
    let clock = clock.rsplit_once('-').map_or(clock, |(clock, _)| clock);
    let parts: Vec<&str> = clock.split(':').collect();
    is_date && parts.len() == 3 && parts.iter().zip([23, 59, 59]).all(|(part, high)| in_range(part, 0, high))
}

/// YAML 1.1's numbers to the base of 60, which nobody reads as such but which are quoted when they are written.
pub(in crate::helm) fn is_sexagesimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let Some(first) = parts.next() else { return false };
    let first_is_number =
        first.starts_with(|c: char| c.is_ascii_digit()) && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let is_minute = |part: &str| {
        let bytes = part.as_bytes();
        matches!(bytes, [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
    };
    let (last, fraction) = last.split_once('.').unwrap_or((last, ""));
    first_is_number
        && middle.iter().all(|part| is_minute(part))
        && is_minute(last)
        && fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_those_of_go() {
        let check = |text: &str, expected: Option<Scalar>| assert_eq!(resolve(text), expected, "{text}");
        check("yes", Some(Scalar::Bool(true)));
        check("0777", Some(Scalar::Int(511)));
        check("0x1F", Some(Scalar::Int(31)));
        check("1_000", Some(Scalar::Int(1000)));
        check("1.10", Some(Scalar::Float(1.1)));
        check("1e3", Some(Scalar::Float(1000.0)));
        check("1.2.3", None);
        check("2020-01-01", None);
        check("12:30", None);
        check("089", Some(Scalar::Float(89.0)));
        check("-", None);
        check(".", None);
        check("<<", None);
        assert!(is_timestamp("2020-1-1"));
        assert!(is_timestamp("2020-01-01T10:00:00Z"));
        assert!(is_sexagesimal("12:30"));
        assert!(!is_sexagesimal("12:60:1"));
    }
}
