//! Words of instructions, with quotes and variables.

use super::super::{
    Cx,
    context::{is_metavariable, reserved},
};
use crate::ir::{Kind, Op};

/// The words of a text, each with where it begins. Quotes and `${…}` hold together what is in them.
pub(super) fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    let mut state = Quotes::default();
    for (at, c) in text.char_indices() {
        if state.is_outside() && c.is_whitespace() {
            if let Some(from) = start.take() {
                words.push((from, text.get(from..at).unwrap_or_default()));
            }
            continue;
        }
        start.get_or_insert(at);
        state.read(c);
    }
    if let Some(from) = start {
        words.push((from, text.get(from..).unwrap_or_default()));
    }
    words
}

/// The offset of the first such character outside of quotes and `${…}`.
pub(super) fn find(text: &str, wanted: char) -> Option<usize> {
    let mut state = Quotes::default();
    for (at, c) in text.char_indices() {
        if state.is_outside() && c == wanted {
            return Some(at);
        }
        state.read(c);
    }
    None
}

/// The offset of the last such character outside of quotes and `${…}`.
pub(super) fn find_last(text: &str, wanted: char) -> Option<usize> {
    let mut state = Quotes::default();
    let mut last = None;
    for (at, c) in text.char_indices() {
        if state.is_outside() && c == wanted {
            last = Some(at);
        }
        state.read(c);
    }
    last
}

/// Where a text stands between quotes.
#[derive(Debug, Default)]
struct Quotes {
    quote: Option<char>,
    depth: u32,
    before: char,
}

impl Quotes {
    fn is_outside(&self) -> bool {
        self.quote.is_none() && self.depth == 0 && self.before != '\\'
    }

    fn read(&mut self, c: char) {
        let is_escaped = self.before == '\\' && self.quote != Some('\'');
        match c {
            _ if is_escaped => {}
            '"' | '\'' => match self.quote {
                None => self.quote = Some(c),
                Some(open) if open == c => self.quote = None,
                Some(_) => {}
            },
            '{' if self.before == '$' => self.depth += 1,
            '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.before = if is_escaped { ' ' } else { c };
    }
}

/// Builds a word: a string, a variable, or what both make up. In patterns it may be a metavariable or `...`.
pub(super) fn word(cx: &mut Cx<'_>, text: &str, start: u32) {
    let end = start + u32::try_from(text.len()).unwrap_or(0);
    if cx.is_pattern() && is_hole(text) {
        return cx.name(text, (start, end));
    }
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let quoted = quote.and_then(|quote| text.get(1..)?.strip_suffix(quote).filter(|inner| !inner.contains(quote)));
    let content = quoted.unwrap_or(text);
    let from = start + u32::from(quoted.is_some());
    let parts = if quote == Some('\'') && quoted.is_some() { Vec::new() } else { parts(cx, content) };
    match parts.as_slice() {
        [] => cx.string(content, (start, end)),
        [Part { from: 0, to, what }] if *to == content.len() && quoted.is_none() => hole(cx, what, (start, end)),
        parts => {
            let op = if quoted.is_some() { Op::None } else { Op::Template };
            cx.node_op(Kind::Interp, op, (start, end), |cx| {
                let at = |offset: usize| from + u32::try_from(offset).unwrap_or(0);
                let literal = |cx: &mut Cx<'_>, from: usize, to: usize| {
                    if let Some(text) = content.get(from..to).filter(|text| !text.is_empty()) {
                        cx.string(text, (at(from), at(to)));
                    }
                };
                let mut done = 0;
                for part in parts {
                    literal(cx, done, part.from);
                    hole(cx, &part.what, (at(part.from), at(part.to)));
                    done = part.to;
                }
                literal(cx, done, content.len());
            });
        }
    }
}

/// Whether a text is how a metavariable or `...` is written.
pub(super) fn is_hole(text: &str) -> bool {
    let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name && [reserved::METAVAR, reserved::MANY, reserved::DOTS].iter().any(|prefix| text.starts_with(prefix))
}

/// A variable or a metavariable within a word.
struct Part<'a> {
    from: usize,
    to: usize,
    what: What<'a>,
}

enum What<'a> {
    Variable(&'a str),
    Metavariable(&'a str),
}

fn hole(cx: &mut Cx<'_>, what: &What<'_>, span: (u32, u32)) {
    match what {
        // A metavariable of a variable's name: `${$X}`.
        What::Variable(name) => {
            cx.node_op(Kind::Unary, Op::Deref, span, |cx| cx.name(name, span));
        }
        What::Metavariable(name) => cx.name(name, span),
    }
}

fn parts<'a>(cx: &Cx<'_>, text: &'a str) -> Vec<Part<'a>> {
    let name_end = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len())
    };
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with('\\') {
            at += 1 + rest.get(1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        } else if rest.starts_with("${") {
            let to = rest.find('}').map_or(text.len(), |close| at + close + 1);
            let inner = text.get(at + 2..to.saturating_sub(1).max(at + 2)).unwrap_or_default();
            let name = inner.split([':', '#', '%', '/']).next().unwrap_or_default();
            parts.push(Part { from: at, to, what: What::Variable(name) });
            at = to;
        } else if rest.starts_with('$') && at + 1 < name_end(at + 1) {
            let to = name_end(at + 1);
            let name = text.get(at + 1..to).unwrap_or_default();
            let is_hole =
                cx.is_pattern() && (is_metavariable(rest.get(..to - at).unwrap_or_default()) || name.starts_with(reserved::METAVAR));
            parts.push(Part { from: at, to, what: if is_hole { What::Metavariable(name) } else { What::Variable(name) } });
            at = to;
        } else if cx.is_pattern() && (rest.starts_with(reserved::METAVAR) || rest.starts_with(reserved::DOTS)) {
            let to = name_end(at);
            parts.push(Part { from: at, to, what: What::Metavariable(text.get(at..to).unwrap_or_default()) });
            at = to;
        } else {
            at += c.len_utf8();
        }
    }
    parts
}
