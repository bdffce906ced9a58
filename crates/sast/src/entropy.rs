//! Does a text look like a secret? The analyzer `entropy` of `metavariable-analysis`.
//!
//! Semgrep estimates how many bits a text holds for somebody who reads English: trigrams of letters count by their rarity,
//! everything else as though it were drawn from letters of both cases and digits. A text is accepted when it holds more than
//! 64 bits, and when these are more than six tenths of the bits that it takes. The thresholds and the way to add up are Semgrep's;
//! the statistics are ours, so that texts just at a threshold may be judged differently.
//!
//! ```
//! assert!(bartizan_sast::entropy::looks_random("8f14e45fceea167a5a36dedd4bea2543"));
//! assert!(!bartizan_sast::entropy::looks_random("someReallyLongNameOfAVariable"));
//! ```

/// The costs of trigrams in eighths of a bit; `data/README.md` says where they are from.
static TRIGRAMS: &[u8; 26 * 26 * 26] = include_bytes!("../data/trigrams.bin");

/// How many of ten thousand letters in English books are A, B, C, …
const LETTERS: [u16; 26] =
    [804, 148, 334, 382, 1249, 240, 187, 505, 757, 16, 54, 407, 251, 723, 764, 214, 12, 628, 651, 928, 273, 105, 168, 23, 166, 9];

/// What is no letter counts as one of 62 letters and digits.
const OTHERS: f64 = 62.0;

const MIN_BITS: f64 = 64.0;
const MIN_DENSITY: f64 = 0.6;

/// Whether a text holds so many bits, and so densely, that it looks like a key.
#[must_use]
pub fn looks_random(text: &str) -> bool {
    let bits = bits(text);
    MIN_BITS < bits && MIN_DENSITY * n_bits(text) < bits
}

/// How many bits a text holds.
#[must_use]
pub fn bits(text: &str) -> f64 {
    let bytes = text.as_bytes();
    // One character again and again holds next to nothing, however rare it is.
    if bytes.first().is_some_and(|first| bytes.iter().all(|byte| byte == first)) {
        return 1.0;
    }
    let trigrams: f64 = bytes.windows(3).map(|window| trigram(window) / 3.0).sum();
    // The last two bytes begin no trigram.
    let last = bytes.last().map_or(0.0, |&last| byte(last));
    let last_two = match bytes {
        [.., one, other] => byte(*one).midpoint(byte(*other)),
        _ => 0.0,
    };
    trigrams + last_two + last
}

/// How many bits a text takes.
fn n_bits(text: &str) -> f64 {
    8.0 * f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX))
}

/// The bits of three bytes.
fn trigram(window: &[u8]) -> f64 {
    let index = window.iter().try_fold(0, |index, &byte| Some(index * 26 + letter(byte)?));
    match index.and_then(|index| TRIGRAMS.get(index)) {
        Some(&eighths) => f64::from(eighths) / 8.0,
        None => window.iter().map(|&it| byte(it)).sum(),
    }
}

/// The bits of one byte.
fn byte(byte: u8) -> f64 {
    let count = letter(byte).and_then(|letter| LETTERS.get(letter));
    count.map_or(OTHERS, |&count| 10_000.0 / f64::from(count)).log2()
}

/// The number of a letter, without case.
fn letter(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: bool, texts: &[&str]) {
        for text in texts {
            assert_eq!(looks_random(text), expected, "{text}: {} bits, {} per bit", bits(text), bits(text) / n_bits(text));
        }
    }

    #[test]
    fn keys_look_random() {
        check(
            true,
            &[
                "8f14e45fceea167a5a36dedd4bea2543",
                "edf10572-880c-4dd9-aaf0-6ec402f678db",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzKEY",
                "tok_16C7e42F292c6912E7710c838347Ae178B4a",
                "c3VwZXJzZWNyZXRwYXNzd29yZA==",
                "73918402651",
                "xkqzvjwpbfghmt",
            ],
        );
    }

    #[test]
    fn words_and_names_do_not() {
        check(
            false,
            &[
                "",
                "a",
                "password",
                "password123",
                "correcthorsebatterystaple",
                "getConfigurationFromEnvironment",
                "this is a sentence that goes on for a while",
                "com.example.project.service.internal",
                "THE_NAME_OF_A_CONSTANT",
            ],
        );
    }

    #[test]
    fn short_texts_hold_too_little() {
        check(false, &["4d616e7920", "!@#$%^&*()", "Zx9"]);
        assert!(bits("Zx9") < MIN_BITS);
    }

    #[test]
    fn long_texts_must_be_dense() {
        let text = "and then there was another one ".repeat(20);
        assert!(MIN_BITS < bits(&text));
        check(false, &[&text]);
    }

    #[test]
    fn one_character_repeated_holds_one_bit() {
        check(false, &[&"x".repeat(100), &"0".repeat(100)]);
        assert!((bits("zzzzzz") - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn case_does_not_matter() {
        assert!((bits("Secret") - bits("sECRET")).abs() < f64::EPSILON);
    }

    #[test]
    fn bytes_of_wide_characters_count_as_others() {
        assert!((bits("é9") - (1.5 * OTHERS.log2() + 1.5 * OTHERS.log2())).abs() < 1e-9);
    }

    #[test]
    fn any_length_is_measured() {
        assert!(bits("").abs() < f64::EPSILON);
        assert!(bits(&"ab0".repeat(100_000)).is_finite());
    }
}
