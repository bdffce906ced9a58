//! A size on the command line: `512KiB`, `25MB`, `1000`.

use std::str::FromStr;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByteSize(pub(crate) u64);

/// A text that is no size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidByteSize;

impl FromStr for ByteSize {
    type Err = InvalidByteSize;

    fn from_str(text: &str) -> Result<Self, InvalidByteSize> {
        const UNITS: [(&str, u64); 11] = [
            ("", 1),
            ("b", 1),
            ("k", 1 << 10),
            ("kib", 1 << 10),
            ("kb", 1_000),
            ("m", 1 << 20),
            ("mib", 1 << 20),
            ("mb", 1_000_000),
            ("g", 1 << 30),
            ("gib", 1 << 30),
            ("gb", 1_000_000_000),
        ];
        let text = text.trim();
        let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, unit) = text.split_at_checked(n_digits).ok_or(InvalidByteSize)?;
        let number: u64 = digits.parse().map_err(|_| InvalidByteSize)?;
        let unit = unit.trim().to_ascii_lowercase();
        let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor).ok_or(InvalidByteSize)?;
        number.checked_mul(factor).map(Self).ok_or(InvalidByteSize)
    }
}

impl std::fmt::Display for InvalidByteSize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("expected a number of bytes with a unit, such as 512KiB, 25MiB or 1GB")
    }
}

impl std::error::Error for InvalidByteSize {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_and_decimal_units() {
        for (text, expected) in [("1000", 1000), ("2k", 2048), ("2 KB", 2000), ("25MiB", 25 << 20), ("1g", 1 << 30), ("0", 0)] {
            assert_eq!(text.parse(), Ok(ByteSize(expected)), "{text}");
        }
        for text in ["", "KiB", "-1", "1.5M", "1 parsec", "99999999999999999999", "99999999999GiB"] {
            assert_eq!(text.parse::<ByteSize>(), Err(InvalidByteSize), "{text}");
        }
    }
}
