//! Values that stand for a value.

/// Why a value is no secret but stands for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// `${PASSWORD}`, `{{ password }}`, `<password>`, `%s`, `$PASSWORD`.
    Template,
    /// `changeme`, `your-token-here`, `xxxxxxxx`.
    Words,
    /// `********`, `aaaaaaaa`, `0000`.
    Repetition,
    /// `12345678`, `abcdefgh`.
    Sequence,
}

/// Words that are only ever written where a secret is to be put; compared in lower case.
const WORDS: [&str; 33] = [
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "replace_me",
    "replaceme",
    "replace-me",
    "insert_",
    "insert-",
    "your_",
    "your-",
    "youra",
    "yours",
    "<your",
    "my_",
    "dummy",
    "redacted",
    "notreal",
    "not_real",
    "not-a-real",
    "fake",
    "sample",
    "xxxx",
    "****",
    "....",
    "todo",
    "fixme",
    "put_",
    "enter_",
    "enter-",
    "_here",
    "-here",
];

/// Whether a value of a fixed shape is plainly made up: the checks that no random value meets by chance.
pub(crate) fn is_made_up(value: &str) -> bool {
    const PLAIN: [&str; 9] = ["EXAMPLE", "example", "XXXX", "xxxx", "your", "YOUR", "placeholder", "PLACEHOLDER", "redacted"];
    const MAX_BYTES_WITH_WORDS: usize = 256;
    (value.len() <= MAX_BYTES_WITH_WORDS && PLAIN.iter().any(|word| value.contains(word)))
        || is_repetitive(value)
        || longest_run(value.as_bytes()) * 2 >= value.len().max(16)
}

/// Why a value stands for another, if it does.
pub(crate) fn kind(value: &str) -> Option<Placeholder> {
    if is_template(value) {
        return Some(Placeholder::Template);
    }
    if is_repetitive(value) {
        return Some(Placeholder::Repetition);
    }
    let lower = value.to_ascii_lowercase();
    if WORDS.iter().any(|word| lower.contains(word)) {
        return Some(Placeholder::Words);
    }
    let run = longest_run(lower.as_bytes());
    (5 <= run && value.len() <= run + 3).then_some(Placeholder::Sequence)
}

/// Whether a value names what belongs here between double angle brackets, as templates of many kinds do: `<<token>>`.
pub(crate) fn is_slot(value: &str) -> bool {
    value.split_once("<<").is_some_and(|(_, rest)| rest.contains(">>"))
}

fn is_template(value: &str) -> bool {
    if is_slot(value) {
        return true;
    }
    const MARKS: [&str; 9] = ["${", "{{", "#{", "<%", "@{", "[[", "{0}", "%s", "%{"];
    let calls = ["%(", "$("].iter().any(|open| value.split_once(open).is_some_and(|(_, rest)| rest.contains(')')));
    let is_wrapped = |open: char, close: char| value.starts_with(open) && value.ends_with(close);
    if calls
        || MARKS.iter().any(|mark| value.contains(mark))
        || is_wrapped('<', '>')
        || is_wrapped('{', '}')
        || is_wrapped('[', ']')
        || is_wrapped('%', '%')
    {
        return true;
    }
    let variable = value.strip_prefix('$').unwrap_or_default();
    3 <= variable.len()
        && variable.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'>' | b'-' | b':' | b'.' | b'[' | b']' | b'\''))
}

/// Whether few different characters make up a long value.
fn is_repetitive(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut seen = [false; 256];
    for &byte in bytes {
        if let Some(slot) = seen.get_mut(usize::from(byte)) {
            *slot = true;
        }
    }
    let n_distinct = seen.iter().filter(|&&is_seen| is_seen).count();
    (3 <= bytes.len() && n_distinct == 1) || (6 <= bytes.len() && n_distinct <= 2) || (16 <= bytes.len() && n_distinct <= 4)
}

/// The length of the longest run in which each byte is one more than the one before: `12345`, `abcdef`.
fn longest_run(bytes: &[u8]) -> usize {
    let (mut longest, mut run) = (1, 1);
    for pair in bytes.windows(2) {
        let &[first, second] = pair else { continue };
        let continues = first.checked_add(1) == Some(second) || matches!((first, second), (b'9', b'0' | b'a' | b'A'));
        run = if continues { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_by_kind() {
        for (value, expected) in [
            ("${DB_PASSWORD}", Some(Placeholder::Template)),
            ("<password>", Some(Placeholder::Template)),
            ("sk_<<token>>", Some(Placeholder::Template)),
            ("$password", Some(Placeholder::Template)),
            ("$3cr3t", None),
            ("changeme", Some(Placeholder::Words)),
            ("your-token-here", Some(Placeholder::Words)),
            ("********", Some(Placeholder::Repetition)),
            ("12345678", Some(Placeholder::Sequence)),
            ("abcdef", Some(Placeholder::Sequence)),
            ("hunter2", None),
            ("9f86d081884c7d65", None),
        ] {
            assert_eq!(kind(value), expected, "{value}");
        }
    }

    #[test]
    fn documentation_values_of_a_fixed_shape_are_made_up() {
        for (value, expected) in [
            (["AKIA", "IOSFODNN7EXAMPLE"].concat(), true),
            ("sk_live_xxxxxxxxxxxxxxxxxxxxxxxx".to_owned(), true),
            ("0123456789abcdef0123456789abcdef".to_owned(), true),
            ("9f86d081884c7d659a2feaa0c55ad015".to_owned(), false),
        ] {
            assert_eq!(is_made_up(&value), expected, "{value}");
        }
    }
}
