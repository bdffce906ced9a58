//! Values, and how they are read and printed.

/// A value.
///
/// Equality is strict: an integer doesn't equal the float that is as large. The operator `==` of a comparison is more generous.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `True` or `False`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Another number; times are seconds since 1970.
    Float(f64),
    /// The content of a string, with escapes as they are written.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Code whose value isn't known. Only `str` makes something of it.
    Code(String),
}

impl Value {
    /// Reads an integer: with a sign, with `0x`, `0o` or `0b`, with `_` between digits. `base` is for digits without prefix.
    pub(crate) fn integer(text: &str, base: Option<u32>) -> Option<i64> {
        let (is_negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let prefixes = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
        let prefixed = prefixes.iter().find_map(|&(prefix, base)| Some((digits.strip_prefix(prefix)?, base)));
        let (digits, base) = prefixed.unwrap_or((digits, base.unwrap_or(10)));
        if !digits.starts_with(|first: char| first.is_ascii_alphanumeric()) || !(2..=36).contains(&base) {
            return None;
        }
        // The sign belongs to the number: the least one has no positive counterpart.
        let sign = if is_negative { "-" } else { "" };
        i64::from_str_radix(&format!("{sign}{}", digits.replace('_', "")), base).ok()
    }

    /// What `str` makes of the value: as OCaml prints it, in which Semgrep is written.
    pub(super) fn print(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Int(value) => Some(value.to_string()),
            Self::Float(value) => Some(print_float(*value)),
            Self::Text(text) | Self::Code(text) => Some(text.clone()),
            Self::List(_) => None,
        }
    }
}

/// Twelve significant digits, and a dot at the end of what would look like an integer.
fn print_float(value: f64) -> String {
    const DIGITS: i32 = 12;
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let scientific = format!("{value:.11e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..DIGITS).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", without_zeros(mantissa), exponent.abs());
    }
    let n_decimals = usize::try_from(DIGITS - 1 - exponent).unwrap_or(0);
    let printed = without_zeros(&format!("{value:.n_decimals$}")).to_owned();
    if printed.contains('.') { printed } else { printed + "." }
}

/// Without the zeros behind the last other decimal.
fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read() {
        let check = |text: &str, expected: Option<i64>| assert_eq!(Value::integer(text, None), expected, "{text:?}");
        check("12", Some(12));
        check("-12", Some(-12));
        check("+5", Some(5));
        check("0x1F", Some(31));
        check("-0b11", Some(-3));
        check("0o17", Some(15));
        check("017", Some(17));
        check("1_000", Some(1000));
        check("9223372036854775807", Some(i64::MAX));
        check("-9223372036854775808", Some(i64::MIN));
        for text in ["", "-", "_1", " 5", "5 ", "1.0", "x", "0x", "--1", "0x-1", "9223372036854775808"] {
            check(text, None);
        }
    }

    #[test]
    fn base_is_for_digits_without_prefix() {
        assert_eq!(Value::integer("0700", Some(8)), Some(0o700));
        assert_eq!(Value::integer("0x10", Some(8)), Some(16));
        assert_eq!(Value::integer("ff", Some(16)), Some(255));
        assert_eq!(Value::integer("9", Some(8)), None);
        assert_eq!(Value::integer("1", Some(1)), None);
    }

    #[test]
    fn values_are_printed() {
        let check = |value: Value, expected: &str| assert_eq!(value.print().as_deref(), Some(expected), "{value:?}");
        check(Value::Bool(true), "true");
        check(Value::Int(-1), "-1");
        check(Value::Float(2.0), "2.");
        check(Value::Float(0.1), "0.1");
        check(Value::Float(-1.5), "-1.5");
        check(Value::Float(1e20), "1e+20");
        check(Value::Float(1.25e-7), "1.25e-07");
        check(Value::Float(123_456_789_012.0), "123456789012.");
        check(Value::Float(1_234_567_890_123.0), "1.23456789012e+12");
        check(Value::Float(0.0), "0.");
        check(Value::Float(f64::NAN), "nan");
        check(Value::Float(f64::NEG_INFINITY), "-inf");
        check(Value::Code("x+1".to_owned()), "x+1");
        assert_eq!(Value::List(Vec::new()).print(), None);
    }
}
