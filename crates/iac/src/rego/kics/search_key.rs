//! From a search key to a line: `aws_s3_bucket[logs].acl`, `services.web.{{a.b}}`, `FROM={{alpine}}.RUN={{apk add x}}`.
//!
//! A query of KICS says where something is wrong by words that stand in lines below each other: parts are separated by dots; in
//! `name[label]` and `key=value` both stand in one line; what is between `{{` and `}}` is one text. Of all lines that hold the words
//! of a part, the one counts whose words are most alike (by edit distance), and of those the first. A part that is in no line
//! ends the search at the part before. <https://docs.kics.io/latest/creating-queries/>

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

/// Words longer than this are compared by their length alone.
const MAX_COMPARED_CHARS: usize = 400;
/// So many parts of a key are looked for.
const MAX_PARTS: usize = 64;

static LABELED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^([A-Za-z0-9_-]+)\[([A-Za-z0-9_{}-]+)\]$").ok());
static BLOCK_TEXT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[ \t]*-?[ \t]*[^:\n#][^:\n]*:\s*(?:[|>](?:[+-]?\d+|\d+[+-]?|[+-])?|\\)\s*(?:#.*)?$").ok());

/// The lines of a file, as they are searched.
pub(super) struct Lines<'t> {
    lines: Vec<Cow<'t, str>>,
    /// Whether a value may stand in lines below its key.
    has_block_texts: bool,
}

/// What is in a part of a key.
struct Words {
    first: String,
    /// Behind the first, in the same line; may be empty.
    second: String,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub(super) fn of(text: &'t str) -> Self {
        Self { lines: lines_of(text).map(Cow::Borrowed).collect(), has_block_texts: false }
    }

    /// The lines of a text in YAML.
    pub(super) fn of_yaml(text: &'t str) -> Self {
        Self { has_block_texts: true, ..Self::of(text) }
    }

    /// The lines of a Dockerfile: one that goes on in the next stands all in its first line.
    pub(super) fn of_dockerfile(text: &'t str) -> Self {
        let mut joined: Vec<Cow<'t, str>> = Vec::new();
        let mut open: Option<String> = None;
        let mut n_skipped = 0;
        for line in lines_of(text) {
            let (so_far, is_first) = match open.take() {
                Some(before) => (before, false),
                None => (String::new(), true),
            };
            let goes_on = line.strip_suffix('\\').filter(|rest| rest.ends_with(char::is_whitespace) && !rest.trim().is_empty());
            match goes_on {
                Some(rest) => {
                    open = Some(format!("{so_far}{}", rest.strip_suffix(' ').map_or(rest, |rest| rest)) + " ");
                    n_skipped += usize::from(!is_first);
                }
                None if is_first => joined.push(Cow::Borrowed(line)),
                None if line.is_empty() => {
                    open = Some(so_far);
                    n_skipped += 1;
                }
                None => {
                    joined.push(Cow::Owned(so_far + line));
                    joined.extend(std::iter::repeat_n(Cow::Borrowed(""), n_skipped + 1));
                    n_skipped = 0;
                }
            }
        }
        joined.extend(open.map(Cow::Owned));
        Self { lines: joined, has_block_texts: false }
    }

    /// The index of the line that a key leads to; nothing if not even its first part is there.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        let values = bracketed(key);
        let mut plain = key.to_owned();
        for (number, (written, _)) in values.iter().enumerate() {
            plain = plain.replace(written.as_str(), &format!("{{{{{number}}}}}"));
        }
        let (mut at, mut is_found) = (0, false);
        for part in plain.split('.').take(MAX_PARTS) {
            let Some(line) = self.nearest(&Words::of(part, &values), at) else { break };
            (at, is_found) = (line, true);
        }
        is_found.then_some(at)
    }

    /// The line from `from` on whose words are most alike.
    fn nearest(&self, words: &Words, from: usize) -> Option<usize> {
        if words.first.is_empty() {
            return None;
        }
        let distances =
            self.lines.iter().enumerate().skip(from).filter_map(|(index, line)| Some((self.distance(line, index, words)?, index)));
        distances.min().map(|(_, index)| index)
    }

    /// How unlike the words of a line are; nothing where they are not in it.
    fn distance(&self, line: &str, index: usize, words: &Words) -> Option<usize> {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        if line.starts_with('#') || line.starts_with("//") {
            return None;
        }
        let at = line.find(&words.first)?;
        let of_first = || unlike(fragment(line, &words.first, at), &words.first);
        if words.second.is_empty() {
            return Some(of_first());
        }
        let rest = line.get(at + words.first.len()..)?;
        if let Some(at) = rest.find(&words.second) {
            return Some(of_first() + unlike(fragment(rest, &words.second, at), &words.second));
        }
        let starts_block = self.has_block_texts && BLOCK_TEXT.as_ref().is_some_and(|pattern| pattern.is_match(line));
        (starts_block && self.block_has(index, indent, &words.second)).then(of_first)
    }

    /// Whether the text below a line, down to the next that is no deeper, is or has these words.
    fn block_has(&self, index: usize, indent: usize, words: &str) -> bool {
        let without_blanks = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let mut below = String::new();
        for line in self.lines.iter().skip(index + 1) {
            let text = line.trim_start();
            if text.contains(words) {
                return true;
            }
            if line.len() - text.len() == indent {
                break;
            }
            below.push_str(text);
        }
        without_blanks(words).contains(&without_blanks(&below))
    }
}

fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))
}

impl Words {
    /// The words of a part, with the values that stand for `{{0}}`, `{{1}}` …
    fn of(part: &str, values: &[(String, String)]) -> Self {
        let labeled = LABELED.as_ref().and_then(|pattern| pattern.captures(part));
        let pair = labeled.as_ref().and_then(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str())));
        let pair = pair.or_else(|| part.split_once('=').filter(|(_, value)| !value.contains('=')));
        let (first, second) = pair.unwrap_or((part, ""));
        let meant = |word: &str| {
            let number = word.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).and_then(|number| number.parse::<usize>().ok());
            match number.and_then(|number| values.get(number)) {
                Some((_, value)) if !value.is_empty() => value.clone(),
                Some(_) | None => word.to_owned(),
            }
        };
        Self { first: meant(first), second: meant(second) }
    }
}

/// The texts between `{{` and `}}`, each with its braces and without; pairs within one are part of it.
fn bracketed(key: &str) -> Vec<(String, String)> {
    let bytes = key.as_bytes();
    let (mut depth, mut n_single, mut start) = (0_usize, 0_i64, None);
    let mut found = Vec::new();
    let mut at = 0;
    while at + 1 < bytes.len() {
        let is_double = bytes.get(at) == bytes.get(at + 1);
        match bytes.get(at) {
            Some(b'{') if is_double => {
                if depth == 0 && n_single == 0 {
                    start = Some(at);
                }
                depth += 1;
                at += 1;
            }
            Some(b'{') => n_single += 1,
            Some(b'}') if is_double && 0 < depth && n_single == 0 => {
                depth -= 1;
                if let Some(from) = start.filter(|_| depth == 0) {
                    let text = |range: std::ops::Range<usize>| key.get(range).unwrap_or_default().to_owned();
                    found.push((text(from..at + 2), text(from + 2..at)));
                    start = None;
                }
                at += 1;
            }
            Some(b'}') if !is_double || 0 < n_single => n_single -= 1,
            _ => {}
        }
        at += 1;
    }
    found
}

/// The word of a line that something stands in, at `at`: up to the blanks around it, without quotes and a colon at its end.
fn fragment<'l>(line: &'l str, words: &str, at: usize) -> &'l str {
    let start = line.get(..at).and_then(|before| before.rfind(' ')).map_or(0, |blank| blank + 1);
    let behind = at + words.len();
    let end = line.get(behind..).and_then(|rest| rest.find(' ')).map_or(line.len(), |blank| behind + blank);
    let word = line.get(start..end).unwrap_or_default();
    let word = word.strip_suffix(':').unwrap_or(word);
    let word = word.strip_suffix('"').unwrap_or(word);
    word.strip_prefix('"').unwrap_or(word)
}

/// The edit distance of Levenshtein: how many characters are inserted, deleted or replaced.
fn unlike(one: &str, other: &str) -> usize {
    if one == other {
        return 0;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if MAX_COMPARED_CHARS < one.len().min(other.len()) {
        return one.len().abs_diff(other.len()).max(1);
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.iter().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, right) in row.iter_mut().skip(1).zip(&other) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *cell;
            *cell = replaced.min(diagonal + 1).min(before + 1);
            before = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &Lines<'_>, key: &str, line: Option<usize>) {
        assert_eq!(lines.find(key).map(|index| index + 1), line, "{key}");
    }

    #[test]
    fn parts_stand_below_each_other() {
        let text =
            "resource \"a_bucket\" \"old\" {\n  acl = \"x\"\n}\n\n# acl\nresource \"a_bucket\" \"new\" {\n  acl = \"y\"\n  acls = 1\n}\n";
        let lines = Lines::of(text);
        check(&lines, "a_bucket[new].acl", Some(7));
        check(&lines, "a_bucket[new].acls", Some(8));
        check(&lines, "a_bucket[new].missing", Some(6));
        check(&lines, "a_bucket[{{new}}]", Some(6));
        check(&lines, "a_bucket[third]", None);
        check(&lines, "acl={{\"y\"}}", Some(7));
    }

    #[test]
    fn what_is_in_braces_is_one_text() {
        let text = "paths:\n  /a.b/{id}:\n    get:\n      summary: |\n        one\n        two\n";
        let lines = Lines::of_yaml(text);
        check(&lines, "paths.{{/a.b/{id}}}.get", Some(3));
        check(&lines, "paths.summary={{onetwo}}", Some(4));
        check(&lines, "", None);
    }

    #[test]
    fn a_line_of_a_dockerfile_goes_on() {
        let text = "FROM alpine\nRUN a && \\\n\n  b\nUSER x\n";
        let lines = Lines::of_dockerfile(text);
        check(&lines, "FROM={{alpine}}.RUN={{a &&   b}}", Some(2));
        check(&lines, "FROM={{alpine}}.USER={{x}}", Some(5));
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        assert_eq!(unlike("kitten", "sitting"), 3);
        assert_eq!(unlike("", "ab"), 2);
        assert_eq!(unlike("ab", "ab"), 0);
    }
}
