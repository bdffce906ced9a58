//! Lines that belong together.

use std::borrow::Cow;

/// An instruction with all of its lines.
#[derive(Debug)]
pub(super) struct Logical<'a> {
    /// Where it begins in the file.
    pub(super) start: u32,
    /// Its text without what goes on on the next line: that is blank, and so are comments in between. As long as in the file.
    pub(super) text: Cow<'a, str>,
    /// The same with its heredocs, if it has any.
    pub(super) script: Option<String>,
    /// The bodies of its heredocs, each with where it begins.
    pub(super) heredocs: Vec<(u32, &'a str)>,
    /// Where it ends, heredocs included.
    pub(super) end: u32,
}

impl Logical<'_> {
    pub(super) fn span(&self) -> (u32, u32) {
        (self.start, self.end)
    }

    /// The first word.
    pub(super) fn keyword(&self) -> &str {
        self.text.split(|c: char| c.is_whitespace()).next().unwrap_or_default()
    }
}

/// The instructions of a file.
pub(super) fn logical(text: &str) -> impl Iterator<Item = Logical<'_>> {
    let escape = escape(text);
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let line = line(rest);
            if line.trim().is_empty() || is_comment(line) {
                at += line.len();
                continue;
            }
            let start = at + (line.len() - line.trim_start().len());
            let (found, next) = instruction(text, start, escape);
            at = next;
            return Some(found);
        }
    })
}

/// The first line of a text, with its end.
fn line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The character that continues a line: `# escape=` at the top may say another one.
fn escape(text: &str) -> u8 {
    let directives = text.lines().map_while(|line| line.trim().strip_prefix('#'));
    let value = directives.filter_map(|line| line.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case("escape"));
    value.and_then(|(_, value)| value.trim().bytes().next()).filter(|byte| *byte == b'`').unwrap_or(b'\\')
}

/// Reads an instruction, and tells where the next line begins.
fn instruction(text: &str, start: usize, escape: u8) -> (Logical<'_>, usize) {
    let mut at = start;
    let mut is_one_line = true;
    let mut plain = String::new();
    let mut end = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let line = line(rest);
        if line.is_empty() {
            break;
        }
        let content = line.trim_end();
        // Comments and empty lines do not end what is continued.
        let is_skipped = start < at && (content.trim_start().is_empty() || is_comment(content));
        let is_continued = !is_skipped && content.as_bytes().last() == Some(&escape);
        let kept = if is_continued { content.len() - 1 } else { content.len() };
        let words = if is_skipped { "" } else { content.get(..kept).unwrap_or_default() };
        plain.push_str(words);
        plain.extend(std::iter::repeat_n(' ', line.len() - words.len()));
        let is_last = !is_continued && !is_skipped;
        if is_last && line.ends_with('\n') {
            plain.pop();
            plain.push('\n');
        }
        if !words.trim().is_empty() {
            end = at + words.trim_end().len();
        }
        at += line.len();
        if is_last {
            break;
        }
        is_one_line = false;
    }
    let n = end - start;
    let shown =
        if is_one_line { text.get(start..end).map(Cow::Borrowed) } else { plain.get(..n).map(|plain| Cow::Owned(plain.to_owned())) };
    let shown = shown.unwrap_or_default();
    let (heredocs, next) = heredocs(text, at, &shown);
    let script = text.get(at..next).filter(|_| !heredocs.is_empty()).map(|bodies| format!("{plain}{bodies}"));
    if script.is_some() {
        end = text.get(..next).map_or(end, |text| text.trim_end().len()).max(end);
    }
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    (Logical { start: narrow(start), text: shown, script, heredocs, end: narrow(end) }, next)
}

/// The bodies of heredocs that a line announces, and where the line behind them begins.
fn heredocs<'a>(text: &'a str, from: usize, line_text: &str) -> (Vec<(u32, &'a str)>, usize) {
    let mut bodies = Vec::new();
    let mut at = from;
    let can_have =
        ["RUN", "COPY", "ADD"].iter().any(|word| line_text.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word)));
    let mut announced = if can_have { line_text } else { "" };
    while let Some((_, rest)) = announced.split_once("<<") {
        announced = rest;
        let word = rest.trim_start_matches('-').trim_start_matches(['"', '\'']);
        let end = word.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(word.len());
        let Some(word) = word.get(..end).filter(|word| !word.is_empty()) else { continue };
        let start = at;
        let mut body_end = at;
        let mut is_closed = false;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let line = line(rest);
            at += line.len();
            if line.trim() == word {
                is_closed = true;
                break;
            }
            body_end = at;
        }
        if !is_closed {
            return (bodies, from);
        }
        bodies.push((u32::try_from(start).unwrap_or(u32::MAX), text.get(start..body_end).unwrap_or_default()));
    }
    (bodies, at)
}
