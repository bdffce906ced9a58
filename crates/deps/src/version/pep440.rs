//! Python: PEP 440 (<https://packaging.python.org/specifications/version-specifiers>), and before all of it what was written before.
//!
//! Legacy versions have the order that setuptools had: numbers and words, where some words stand for others.

use super::key::{Key, is_number, is_zero, take_digits, take_while};

const LEGACY: u8 = 0;
const STANDARD: u8 = 1;

const END: u8 = 0;
const WORD: u8 = 1;
const NUMBER: u8 = 2;

/// What comes before what else, for one release.
const DEV_ALONE: u8 = 0;
const FINAL: u8 = 4;
const ABSENT_BEFORE: u8 = 0;
const PRESENT: u8 = 1;
const ABSENT_AFTER: u8 = 2;

/// A version's parts, lower-case.
#[derive(Default)]
struct Parts<'a> {
    epoch: &'a str,
    release: Vec<&'a str>,
    pre: Option<(u8, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Option<&'a str>,
}

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let text = text.to_lowercase();
    let Some(parts) = parse(&text) else {
        key.mark(LEGACY);
        return encode_legacy(&text, key);
    };
    key.mark(STANDARD);
    key.number(parts.epoch);
    let n_significant = parts.release.iter().rposition(|number| !is_zero(number)).map_or(0, |position| position + 1);
    for number in parts.release.iter().take(n_significant) {
        key.mark(NUMBER);
        key.number(number);
    }
    key.mark(END);
    match parts.pre {
        Some((rank, number)) => {
            key.mark(rank);
            key.number(number);
        }
        None if parts.post.is_none() && parts.dev.is_some() => key.mark(DEV_ALONE),
        None => key.mark(FINAL),
    }
    match parts.post {
        Some(number) => {
            key.mark(PRESENT);
            key.number(number);
        }
        None => key.mark(ABSENT_BEFORE),
    }
    match parts.dev {
        Some(number) => {
            key.mark(PRESENT);
            key.number(number);
        }
        None => key.mark(ABSENT_AFTER),
    }
    let Some(local) = parts.local else { return key.mark(ABSENT_BEFORE) };
    key.mark(PRESENT);
    for segment in local.split(['.', '-', '_']) {
        if is_number(segment) {
            key.mark(NUMBER);
            key.number(segment);
        } else {
            key.mark(WORD);
            key.text(segment);
        }
    }
    key.mark(END);
}

fn parse(text: &str) -> Option<Parts<'_>> {
    let mut parts = Parts::default();
    let mut rest = text.strip_prefix('v').unwrap_or(text);
    if let Some((epoch, after)) = rest.split_once('!') {
        parts.epoch = Some(epoch).filter(|epoch| is_number(epoch))?;
        rest = after;
    }
    loop {
        let (number, after) = take_digits(rest);
        if number.is_empty() {
            return None;
        }
        parts.release.push(number);
        rest = after;
        match after.strip_prefix('.') {
            Some(after) if after.starts_with(|next: char| next.is_ascii_digit()) => rest = after,
            _ => break,
        }
    }
    if let Some((rank, number, after)) =
        labelled(rest, &[("alpha", 1), ("a", 1), ("beta", 2), ("b", 2), ("preview", 3), ("pre", 3), ("rc", 3), ("c", 3)])
    {
        parts.pre = Some((rank, number));
        rest = after;
    }
    if let Some((_, number, after)) = labelled(rest, &[("post", 0), ("rev", 0), ("r", 0)]) {
        parts.post = Some(number);
        rest = after;
    } else if let Some(after) = rest.strip_prefix('-')
        && let (number, after) = take_digits(after)
        && !number.is_empty()
    {
        parts.post = Some(number);
        rest = after;
    }
    if let Some((_, number, after)) = labelled(rest, &[("dev", 0)]) {
        parts.dev = Some(number);
        rest = after;
    }
    if let Some(local) = rest.strip_prefix('+') {
        let is_valid = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric());
        parts.local = Some(Some(local).filter(|local| local.split(['.', '-', '_']).all(is_valid))?);
        rest = "";
    }
    rest.is_empty().then_some(parts)
}

/// A label with its number: `-rc_1`. Of labels that start the same the longest is listed first.
fn labelled<'a>(text: &'a str, labels: &[(&str, u8)]) -> Option<(u8, &'a str, &'a str)> {
    let separators = ['.', '-', '_'];
    let rest = text.strip_prefix(separators).unwrap_or(text);
    let (rank, rest) = labels.iter().find_map(|(label, rank)| Some((*rank, rest.strip_prefix(label)?)))?;
    let (number, after) = take_digits(rest.strip_prefix(separators).unwrap_or(rest));
    if number.is_empty() { Some((rank, "", rest)) } else { Some((rank, number, after)) }
}

fn encode_legacy(text: &str, key: &mut Key) {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let (part, after) = match first {
            '.' | '-' => take_while(rest, |character| character == first),
            _ => take_while(rest, |character| !matches!(character, '.' | '-') && character.is_ascii_digit() == is_digit),
        };
        rest = after;
        match part {
            _ if is_digit => parts.push(format!("{part:0>8}")),
            _ if first == '.' => {}
            _ if first == '-' => part.chars().for_each(|_| push_word("final-", &mut parts)),
            "pre" | "preview" | "rc" => push_word("c", &mut parts),
            "dev" => push_word("@", &mut parts),
            other => push_word(other, &mut parts),
        }
    }
    push_word("final", &mut parts);
    for part in &parts {
        key.mark(WORD);
        key.text(part);
    }
    key.mark(END);
}

/// Words are marked, so that they come before numbers; what says nothing in front of them is left out.
fn push_word(word: &str, parts: &mut Vec<String>) {
    if word < "final" {
        while parts.last().is_some_and(|last| last == "*final-") {
            parts.pop();
        }
    }
    while parts.last().is_some_and(|last| last == "00000000") {
        parts.pop();
    }
    parts.push(format!("*{word}"));
}
