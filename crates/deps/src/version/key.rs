//! Bytes that compare as what was written into them does.

/// A key that is being written.
#[derive(Debug, Default)]
pub(super) struct Key(Vec<u8>);

impl Key {
    /// A mark: what kind of thing comes next, or that nothing does.
    pub(super) fn mark(&mut self, mark: u8) {
        self.0.push(mark);
    }

    /// A number of any size, from its digits. No digits are zero.
    pub(super) fn number(&mut self, digits: &str) {
        let digits = digits.trim_start_matches('0');
        match u8::try_from(digits.len()) {
            Ok(length) if length < u8::MAX => self.0.push(length),
            _ => {
                self.0.push(u8::MAX);
                self.0.extend_from_slice(&digits.len().to_be_bytes());
            }
        }
        self.0.extend_from_slice(digits.as_bytes());
    }

    /// A text; one that starts another comes before it.
    pub(super) fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0.push(byte);
            if byte == 0 {
                self.0.push(1);
            }
        }
        self.0.extend_from_slice(&[0, 0]);
    }

    /// The bytes.
    pub(super) fn into_bytes(self) -> Box<[u8]> {
        self.0.into_boxed_slice()
    }
}

/// Whether a text consists of digits, and of one at least.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a zero, however long.
pub(super) fn is_zero(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'0')
}

/// Splits a text where something no longer holds of its characters.
pub(super) fn take_while(text: &str, holds: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(|character| !holds(character)).unwrap_or(text.len())).unwrap_or((text, ""))
}

/// Splits a text after its leading digits.
pub(super) fn take_digits(text: &str) -> (&str, &str) {
    take_while(text, |character| character.is_ascii_digit())
}
