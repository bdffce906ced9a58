//! Finds what looks encoded.
//!
//! gitleaks looks with one expression, in which the first alternative that matches at the leftmost place wins:
//! `%hh` up to the last such on the line; `U+hhhh` each followed by white space, or `\uhhhh`; 32 hexadecimal digits;
//! 16 characters of either base64 alphabet. This is that expression by hand, because it runs over every file.

use std::ops::Range;

use super::encoding::{Encoding, digit};

/// A part of the text that looks encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) encoding: Encoding,
    pub(super) range: Range<usize>,
}

const MIN_BASE64_BYTES: usize = 16;
const MIN_HEX_BYTES: usize = 32;

/// The parts of a text that look encoded, without those that meet one that is to be decoded before.
pub(super) fn encoded_parts(text: &[u8]) -> Vec<Found> {
    let all = all_parts(text);
    let meets = |a: &Found, b: &Found| b.range.start <= a.range.end && a.range.start <= b.range.end;
    let yields = |part: &Found, other: Option<&Found>| other.is_some_and(|other| meets(part, other) && other.encoding < part.encoding);
    let neighbor = |index: Option<usize>| index.and_then(|index| all.get(index));
    let keep =
        |(index, part): &(usize, &Found)| !yields(part, neighbor(index.checked_sub(1))) && !yields(part, neighbor(index.checked_add(1)));
    all.iter().enumerate().filter(keep).map(|(_, part)| part.clone()).collect()
}

fn all_parts(text: &[u8]) -> Vec<Found> {
    let mut parts = Vec::new();
    let mut position = 0;
    let (mut percent, mut code_point, mut escape) = (Next::new(percent_at), Next::new(code_points_at), Next::new(escapes_at));
    loop {
        let run = next_run(text, position);
        let marked = [
            (percent.from(text, position, |text, from| offset(memchr::memchr(b'%', text.get(from..)?), from)), Encoding::Percent),
            (code_point.from(text, position, |text, from| offset(memchr::memmem::find(text.get(from..)?, b"U+"), from)), Encoding::Unicode),
            (escape.from(text, position, |text, from| offset(memchr::memchr(b'\\', text.get(from..)?), from)), Encoding::Unicode),
        ];
        let first = marked
            .into_iter()
            .filter_map(|(range, encoding)| Some(Found { range: range?, encoding }))
            .min_by_key(|found| found.range.start);
        let found = match (first, run) {
            (Some(marked), Some(run)) if run.start < marked.range.start => of_run(text, run),
            (None, Some(run)) => of_run(text, run),
            (Some(marked), _) => marked,
            (None, None) => return parts,
        };
        position = found.range.end;
        parts.push(found);
    }
}

fn offset(found: Option<usize>, from: usize) -> Option<usize> {
    found.map(|found| found + from)
}

/// The next part of one kind, kept until it is passed.
struct Next {
    at: fn(&[u8], usize) -> Option<usize>,
    /// Nothing: not looked for yet. Some(nothing): there is none.
    known: Option<Option<Range<usize>>>,
}

impl Next {
    const fn new(at: fn(&[u8], usize) -> Option<usize>) -> Self {
        Self { at, known: None }
    }

    /// The next part at or after an offset; `candidate` finds where one may start.
    fn from(&mut self, text: &[u8], from: usize, candidate: fn(&[u8], usize) -> Option<usize>) -> Option<Range<usize>> {
        match &self.known {
            Some(None) => return None,
            Some(Some(range)) if from <= range.start => return Some(range.clone()),
            Some(Some(_)) | None => {}
        }
        let mut start = from;
        let found = loop {
            let Some(place) = candidate(text, start) else { break None };
            if let Some(end) = (self.at)(text, place) {
                break Some(place..end);
            }
            start = place + 1;
        };
        self.known = Some(found.clone());
        found
    }
}

/// `%[0-9A-Fa-f]{2}(?:.*%[0-9A-Fa-f]{2})?`
fn percent_at(text: &[u8], start: usize) -> Option<usize> {
    const LEN: usize = 3;
    let is_encoded = |at: usize| matches!(text.get(at..), Some([b'%', high, low, ..]) if digit(*high).is_some() && digit(*low).is_some());
    if !is_encoded(start) {
        return None;
    }
    let rest = text.get(start + LEN..).unwrap_or_default();
    let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
    let last = memchr::memrchr_iter(b'%', line).map(|at| start + LEN + at).find(|&at| is_encoded(at));
    Some(last.unwrap_or(start) + LEN)
}

/// `(?:U\+[a-fA-F0-9]{4}(?:\s|$))+`
fn code_points_at(text: &[u8], start: usize) -> Option<usize> {
    let mut end = start;
    while let Some([b'U', b'+', a, b, c, d]) = text.get(end..).and_then(<[u8]>::first_chunk) {
        let is_code = [a, b, c, d].iter().all(|byte| digit(**byte).is_some());
        match text.get(end + 6) {
            Some(b'\t' | b'\n' | b'\x0c' | b'\r' | b' ') if is_code => end += 7,
            None if is_code => end += 6,
            _ => break,
        }
    }
    (start < end).then_some(end)
}

/// `(?i)(?:\\{1,2}u[a-fA-F0-9]{4})+`
fn escapes_at(text: &[u8], start: usize) -> Option<usize> {
    let mut end = start;
    while let Some(length) = escape_len(text.get(end..).unwrap_or_default()) {
        end += length;
    }
    (start < end).then_some(end)
}

fn escape_len(text: &[u8]) -> Option<usize> {
    let n_backslashes = if text.starts_with(b"\\\\") { 2 } else { 1 };
    match text.get(n_backslashes..)? {
        [b'u' | b'U', code @ ..] if text.starts_with(b"\\") && code.get(..4)?.iter().all(|byte| digit(*byte).is_some()) => {
            Some(n_backslashes + 5)
        }
        _ => None,
    }
}

/// Whether a byte is in one of the base64 alphabets.
const fn is_member(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'+' | b'-')
}

const MEMBERS: [bool; 256] = {
    let mut members = [false; 256];
    let mut byte = 0_u8;
    loop {
        #[expect(clippy::indexing_slicing, reason = "the table has an entry for each byte")]
        let member = &mut members[byte as usize];
        *member = is_member(byte);
        if byte == u8::MAX {
            break members;
        }
        byte += 1;
    }
};

fn is_in_run(byte: Option<&u8>) -> bool {
    byte.is_some_and(|&byte| MEMBERS.get(usize::from(byte)).copied().unwrap_or(false))
}

/// The next run of 16 characters or more; only its start counts, its end is where the run ends.
fn next_run(text: &[u8], from: usize) -> Option<Range<usize>> {
    let mut start = from;
    'windows: while start + MIN_BASE64_BYTES <= text.len() {
        // From the window's end: what is no member there rules out every start before it.
        for place in (start..start + MIN_BASE64_BYTES).rev() {
            if !is_in_run(text.get(place)) {
                start = place + 1;
                continue 'windows;
            }
        }
        let length = text.get(start..).unwrap_or_default().iter().take_while(|byte| is_in_run(Some(byte))).count();
        return Some(start..start + length);
    }
    None
}

/// `[0-9A-Fa-f]{32,}` or else `[\w\/+-]{16,}={0,2}`
fn of_run(text: &[u8], run: Range<usize>) -> Found {
    let n_digits = text.get(run.clone()).unwrap_or_default().iter().take_while(|byte| digit(**byte).is_some()).count();
    if MIN_HEX_BYTES <= n_digits {
        return Found { encoding: Encoding::Hex, range: run.start..run.start + n_digits };
    }
    let padding = text.get(run.end..).unwrap_or_default().iter().take(2).take_while(|byte| **byte == b'=').count();
    Found { encoding: Encoding::Base64, range: run.start..run.end + padding }
}

#[cfg(test)]
mod tests {
    use regex_automata::meta::Regex;

    use super::*;

    /// The expression itself, in a dialect where it means the same.
    fn reference(text: &str) -> Vec<Found> {
        let regex = Regex::new(
            r"(%[0-9A-Fa-f]{2}(?:.*%[0-9A-Fa-f]{2})?)|((?:U\+[a-fA-F0-9]{4}(?:[\t\n\f\r ]|$))+|(?i-u)(?:\\{1,2}u[a-fA-F0-9]{4})+)|([0-9A-Fa-f]{32,})|((?-u)[\w/+-]{16,}={0,2})",
        )
        .unwrap();
        let part = |captures: regex_automata::util::captures::Captures| {
            (1..=4).zip(Encoding::ALL).find_map(|(group, encoding)| Some(Found { encoding, range: captures.get_group(group)?.range() }))
        };
        regex.captures_iter(text).filter_map(part).collect()
    }

    #[test]
    fn what_looks_encoded_is_what_the_expression_finds() {
        let pieces = [
            "%41",
            "%4",
            "%",
            "%zz",
            "%20%",
            "U+0041",
            "U+0041 ",
            "U+00",
            "\\u0041",
            "\\\\u00e9",
            "\\\\\\u0041",
            "\\U0041",
            "\\",
            "0123456789abcdef",
            "fedcba98765432100",
            "A",
            "abc_DEF/ghi-jkl+mno",
            "=",
            "==",
            "\n",
            " ",
            "\t",
            "é",
            "_",
            "x",
            "aGVsbG8gd29ybGQ",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 40).unwrap()
        };
        for _ in 0..20_000 {
            let text: String = (0..random() % 12).map(|_| pieces[random() % pieces.len()]).collect();
            assert_eq!(all_parts(text.as_bytes()), reference(&text), "{text:?}");
        }
    }

    #[test]
    fn a_part_that_meets_one_of_higher_precedence_waits() {
        let text = b"aGVsbG8gd29ybGQ%41 aGVsbG8gd29ybGQx %42";
        let kinds: Vec<_> = encoded_parts(text).into_iter().map(|found| found.encoding).collect();
        assert_eq!(kinds, [Encoding::Percent]);
        let kinds: Vec<_> = encoded_parts(b"aGVsbG8gd29ybGQx%41\naGVsbG8gd29ybGQx").into_iter().map(|found| found.encoding).collect();
        assert_eq!(kinds, [Encoding::Percent, Encoding::Base64]);
    }
}
