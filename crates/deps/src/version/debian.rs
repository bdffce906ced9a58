//! Debian: `[epoch:]upstream[-revision]`, as deb-version(7) says.

use super::key::{Key, is_number, take_digits, take_while};

/// `~` comes before the end, and that before everything else.
const TILDE: u8 = 1;
const END: u8 = 2;
/// Letters are themselves, and come before what is no letter.
const AFTER_LETTERS: u8 = 128;

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if is_number(epoch) => (epoch, rest),
        _ => ("0", text),
    };
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
    key.number(epoch);
    encode_part(upstream, key);
    encode_part(revision, key);
}

/// What is no number and what is one, in turns; both are empty in the end.
fn encode_part(text: &str, key: &mut Key) {
    let mut rest = text;
    loop {
        let (other, after) = take_while(rest, |character| !character.is_ascii_digit());
        let (number, after) = take_digits(after);
        for byte in other.bytes() {
            match byte {
                b'~' => key.mark(TILDE),
                _ if byte.is_ascii_alphabetic() => key.mark(byte),
                _ => {
                    key.mark(AFTER_LETTERS);
                    key.mark(byte);
                }
            }
        }
        key.mark(END);
        key.number(number);
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    key.mark(END);
    key.number("");
}
