//! The encodings, one value at a time.

/// A way to write text in other characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::gitleaks) enum Encoding {
    /// `%41`
    Percent,
    /// `U+0041 ` and `\u0041`
    Unicode,
    /// `41`
    Hex,
    /// Base64 with either alphabet.
    Base64,
}

impl Encoding {
    /// All encodings; where two values meet, the one that comes first here is decoded first.
    pub(super) const ALL: [Self; 4] = [Self::Percent, Self::Unicode, Self::Hex, Self::Base64];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Unicode => "unicode",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    pub(super) const fn bit(self) -> u8 {
        match self {
            Self::Percent => 1,
            Self::Unicode => 2,
            Self::Hex => 4,
            Self::Base64 => 8,
        }
    }

    /// What a value decodes to; nothing if it decodes to nothing, or to something that is not printable ASCII.
    pub(super) fn decode(self, value: &[u8]) -> Option<Vec<u8>> {
        let decoded = match self {
            Self::Percent => percent(value),
            Self::Unicode => Some(unicode(value)),
            Self::Hex => hex(value),
            Self::Base64 => base64(value),
        };
        decoded.filter(|decoded| !decoded.is_empty())
    }
}

/// Printable, with all white space and some control characters.
const fn is_printable(byte: u8) -> bool {
    0x08 < byte && byte < 0x7f
}

pub(super) fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn percent(value: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&first, after)) = rest.split_first() {
        if let (b'%', [high, low, after @ ..]) = (first, after)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            decoded.push(Some(high << 4 | low).filter(|&byte| is_printable(byte))?);
            rest = after;
            continue;
        }
        decoded.push(first);
        rest = after;
    }
    Some(decoded)
}

/// Each group of four digits is a code point; half of a surrogate pair is U+FFFD.
fn unicode(value: &[u8]) -> Vec<u8> {
    let mut decoded = String::new();
    let mut digits = value;
    // A group follows a `+` or a `u`.
    while let Some(mark) = digits.iter().position(|byte| matches!(byte, b'+' | b'u' | b'U')) {
        let after = digits.get(mark + 1..).unwrap_or_default();
        let code = after.get(..4).and_then(|code| code.iter().try_fold(0_u32, |sum, &byte| Some(sum << 4 | u32::from(digit(byte)?))));
        if let Some(code) = code {
            decoded.push(char::from_u32(code).unwrap_or('\u{fffd}'));
        }
        digits = after.get(if code.is_some() { 4 } else { 0 }..).unwrap_or_default();
    }
    decoded.into_bytes()
}

fn hex(value: &[u8]) -> Option<Vec<u8>> {
    if !value.len().is_multiple_of(2) || !value.iter().any(u8::is_ascii_digit) {
        return None;
    }
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?).filter(|&byte| is_printable(byte)),
        _ => None,
    };
    value.chunks(2).map(byte).collect()
}

/// The standard alphabet with padding, or else the one for URLs without.
fn base64(value: &[u8]) -> Option<Vec<u8>> {
    // Names in code are letters alone.
    if !value.iter().any(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'/' | b'-' | b'_')) {
        return None;
    }
    let content = value.strip_suffix(b"==").or_else(|| value.strip_suffix(b"=")).unwrap_or(value);
    let standard = if value.len().is_multiple_of(4) { sextets(content, b'+', b'/') } else { None };
    let is_unpadded = content.len() == value.len() && value.len() % 4 != 1;
    standard.or_else(|| if is_unpadded { sextets(value, b'-', b'_') } else { None })
}

/// Decodes until something is not printable.
fn sextets(value: &[u8], plus: u8, slash: u8) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(value.len());
    let (mut bits, mut n_bits) = (0_u32, 0);
    for &byte in value {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            _ if byte == plus => 62,
            _ if byte == slash => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(sextet);
        n_bits += 6;
        if 8 <= n_bits {
            n_bits -= 8;
            decoded.push(u8::try_from(bits >> n_bits & 0xff).ok().filter(|&byte| is_printable(byte))?);
        }
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expectations are what gitleaks 8.30.1 decodes.
    #[test]
    fn values_are_decoded_as_gitleaks_does() {
        let cases: &[(Encoding, &str, Option<&str>)] = &[
            (Encoding::Percent, "%41b%zz%42", Some("Ab%zzB")),
            (Encoding::Percent, "%41%00", None),
            (Encoding::Percent, "%4", Some("%4")),
            (Encoding::Unicode, r"\u0041\\u0042", Some("AB")),
            (Encoding::Unicode, "U+0041 U+00e9\nU+D83D", Some("A\u{e9}\u{fffd}")),
            (Encoding::Hex, "41424a", Some("ABJ")),
            (Encoding::Hex, "4142f", None),
            (Encoding::Hex, "4180", None),
            (Encoding::Base64, "aGVsbG8xMjM0NTY=", Some("hello123456")),
            (Encoding::Base64, "aGVsbG8xMjM0NTY", Some("hello123456")),
            (Encoding::Base64, "aGVsbG8xMjM0NQ==", Some("hello12345")),
            (Encoding::Base64, "aGVsbG8xMjM0NQ=", None),
            (Encoding::Base64, "aGVsbG8xMjM0==", None),
            (Encoding::Base64, "aGVsbG8xMjM0", Some("hello1234")),
            (Encoding::Base64, "fn5-fn5-fn5-", Some("~~~~~~~~~")),
            (Encoding::Base64, "fn5-fn5+fn5-", None),
            (Encoding::Base64, "PD8/Pz8/Pz8/", Some("<????????")),
            (Encoding::Base64, "helloworldhelloworld", None),
            (Encoding::Base64, "hello0world0hello", None),
        ];
        for (encoding, value, expected) in cases {
            let found = encoding.decode(value.as_bytes());
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{encoding:?} {value}");
        }
    }
}
