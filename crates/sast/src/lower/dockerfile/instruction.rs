//! Instructions.

use super::{
    super::{Cx, bash, context::reserved},
    lines::Logical,
    parsed,
    word::{find, find_last, is_hole, word, words},
};
use crate::ir::{Kind, Op};

/// The instructions that there are.
const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// A piece of an instruction's text, and where it begins in the file.
#[derive(Debug, Clone, Copy)]
struct Rest<'a> {
    text: &'a str,
    start: u32,
}

impl<'a> Rest<'a> {
    /// What is left behind an offset, without blanks at both ends.
    fn from(self, offset: usize) -> Self {
        let text = self.text.get(offset..).unwrap_or_default();
        let skipped = offset + text.len() - text.trim_start().len();
        Self { text: text.trim(), start: self.start + narrow(skipped) }
    }

    fn end(self) -> u32 {
        self.start + narrow(self.text.len())
    }

    fn span(self) -> (u32, u32) {
        (self.start, self.end())
    }

    fn words(self) -> impl Iterator<Item = Rest<'a>> {
        words(self.text).into_iter().map(move |(at, text)| Rest { text, start: self.start + narrow(at) })
    }

    fn word(self, cx: &mut Cx<'_>) {
        word(cx, self.text, self.start);
    }

    /// Before and behind the first such character outside of quotes.
    fn split(self, separator: char) -> Option<(Rest<'a>, Rest<'a>)> {
        let at = find(self.text, separator)?;
        let (before, after) = (self.text.get(..at)?, self.text.get(at + separator.len_utf8()..)?);
        Some((Rest { text: before, ..self }, Rest { text: after, start: self.start + narrow(at + separator.len_utf8()) }))
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

pub(super) fn instruction(cx: &mut Cx<'_>, line: &Logical<'_>) {
    let whole = Rest { text: &line.text, start: line.start };
    let rest = whole.from(line.keyword().len());
    let keyword = line.keyword().to_ascii_uppercase();
    if matches!(keyword.as_str(), "ARG" | "ENV" | "LABEL") {
        return pairs(cx, &keyword, rest, line);
    }
    cx.node(Kind::ExprStmt, line.span(), |cx| call(cx, &keyword, whole, rest, line));
}

/// A call of an instruction: its flags, and what it has.
fn call(cx: &mut Cx<'_>, keyword: &str, whole: Rest<'_>, rest: Rest<'_>, line: &Logical<'_>) {
    let span = (whole.start, line.end);
    cx.node_op(Kind::Call, Op::Directive, span, |cx| {
        cx.name(keyword, (span.0, span.0 + narrow(keyword.len())));
        cx.node(Kind::Args, (rest.start.min(span.1), span.1), |cx| {
            let (flags, rest) = flags(rest);
            match keyword {
                "FROM" => from(cx, &flags, rest),
                "USER" => user(cx, &flags, rest),
                _ => {
                    attrs(cx, &flags, &[], rest.start);
                    arguments(cx, keyword, rest, line);
                }
            }
        });
    });
}

/// `--platform=a --from=b`, and what follows them.
fn flags(rest: Rest<'_>) -> (Vec<Rest<'_>>, Rest<'_>) {
    let mut flags = Vec::new();
    let mut rest = rest;
    while let Some(flag) = rest.words().next().filter(|flag| flag.text.starts_with("--")) {
        flags.push(flag);
        rest = rest.from(flag.text.len());
    }
    (flags, rest)
}

/// Flags, and other parts that a pattern may leave out, each with a name.
fn attrs(cx: &mut Cx<'_>, flags: &[Rest<'_>], parts: &[(&str, Rest<'_>)], at: u32) {
    let start = flags.first().map_or(at, |flag| flag.start);
    let end = parts.iter().map(|(_, part)| part.end()).chain(flags.iter().map(|flag| flag.end())).max().unwrap_or(start);
    cx.node(Kind::Attrs, (start, end.max(start)), |cx| {
        for flag in flags {
            self::flag(cx, *flag);
        }
        for (name, part) in parts {
            cx.node(Kind::KwArg, part.span(), |cx| {
                cx.name(name, (part.start, part.start));
                part.word(cx);
            });
        }
    });
}

fn flag(cx: &mut Cx<'_>, flag: Rest<'_>) {
    cx.node(Kind::KwArg, flag.span(), |cx| {
        let Some((name, value)) = flag.split('=') else {
            cx.name(flag.text, flag.span());
            return cx.none(flag.end());
        };
        cx.name(name.text, name.span());
        // `--mount=type=a,target=b`: in any order, and not all of them.
        if value.split('=').is_none() {
            return value.word(cx);
        }
        cx.node(Kind::Attrs, value.span(), |cx| {
            let mut left = Some(value);
            while let Some(rest) = left {
                let (item, others) = rest.split(',').map_or((rest, None), |(item, others)| (item, Some(others)));
                left = others;
                cx.node(Kind::KwArg, item.span(), |cx| match item.split('=') {
                    Some((name, value)) => {
                        cx.name(name.text, name.span());
                        value.word(cx);
                    }
                    None => {
                        cx.name(item.text, item.span());
                        cx.none(item.end());
                    }
                });
            }
        });
    });
}

/// `FROM image:tag@digest AS name`.
fn from(cx: &mut Cx<'_>, flags: &[Rest<'_>], rest: Rest<'_>) {
    let mut words = rest.words();
    let image = words.next();
    let alias = words.next().filter(|word| word.text.eq_ignore_ascii_case("as")).and_then(|_| words.next());
    let Some(image) = image else { return attrs(cx, flags, &[], rest.start) };
    let (named, digest) = image.split('@').map_or((image, None), |(named, digest)| (named, Some(digest)));
    // A colon before the last slash is that of a port.
    let path = find_last(named.text, '/').map_or(0, |slash| slash + 1);
    let (name, tag) = match named.text.get(path..).and_then(|last| find(last, ':')).map(|colon| path + colon) {
        Some(colon) => (Rest { text: named.text.get(..colon).unwrap_or_default(), ..named }, Some(named.from(colon + 1))),
        None => (named, None),
    };
    let parts: Vec<(&str, Rest<'_>)> =
        [(":", tag), ("@", digest), ("AS", alias)].into_iter().filter_map(|(name, part)| Some((name, part?))).collect();
    attrs(cx, flags, &parts, rest.start);
    name.word(cx);
}

/// `USER name:group`.
fn user(cx: &mut Cx<'_>, flags: &[Rest<'_>], rest: Rest<'_>) {
    match rest.split(':') {
        Some((name, group)) => {
            attrs(cx, flags, &[(":", group)], rest.start);
            name.word(cx);
        }
        None => {
            attrs(cx, flags, &[], rest.start);
            rest.words().for_each(|word| word.word(cx));
        }
    }
}

fn arguments(cx: &mut Cx<'_>, keyword: &str, rest: Rest<'_>, line: &Logical<'_>) {
    if cx.is_pattern() && is_hole(rest.text) {
        return cx.name(rest.text, rest.span());
    }
    match keyword {
        "ADD" | "COPY" | "VOLUME" | "SHELL" => {
            if !array(cx, rest) {
                rest.words().for_each(|word| word.word(cx));
            }
        }
        "CMD" | "ENTRYPOINT" | "RUN" => {
            if !array(cx, rest) {
                shell(cx, rest, line);
            }
        }
        "EXPOSE" => {
            for port in rest.words() {
                if port.text.bytes().all(|byte| byte.is_ascii_digit()) {
                    cx.word(Kind::Number, Op::Int, port.text, port.span());
                } else {
                    port.word(cx);
                }
            }
        }
        "HEALTHCHECK" => {
            // The flags of a pattern may be dots.
            let mut command = rest;
            while let Some(dots) = command.words().next().filter(|word| cx.is_pattern() && word.text == reserved::DOTS) {
                command = command.from(dots.text.len());
            }
            nested(cx, command, line);
        }
        "ONBUILD" => nested(cx, rest, line),
        // What is left of the line is one word.
        "MAINTAINER" | "WORKDIR" => rest.word(cx),
        _ => rest.words().for_each(|word| word.word(cx)),
    }
}

/// An instruction within one, or a word.
fn nested(cx: &mut Cx<'_>, rest: Rest<'_>, line: &Logical<'_>) {
    let Some(keyword) = rest.words().next() else { return };
    if is_keyword(keyword.text) {
        call(cx, &keyword.text.to_ascii_uppercase(), rest, rest.from(keyword.text.len()), line);
    } else {
        rest.words().for_each(|word| word.word(cx));
    }
}

/// A command for the shell, or the script in its heredoc.
fn shell(cx: &mut Cx<'_>, rest: Rest<'_>, line: &Logical<'_>) {
    let span = (rest.start, line.end);
    cx.node(Kind::ExprStmt, span, |cx| match (line.heredocs.as_slice(), &line.script) {
        ([(start, body)], _) if rest.text.starts_with("<<") && rest.words().count() == 1 => parsed(cx, body, *start, bash::embedded),
        (_, Some(script)) => {
            let script = script.get(rest.start.saturating_sub(line.start) as usize..).unwrap_or_default();
            parsed(cx, script, rest.start, bash::embedded);
        }
        (_, None) => parsed(cx, rest.text, rest.start, bash::embedded),
    });
}

/// `["a", "b"]`. Answers whether it is one.
fn array(cx: &mut Cx<'_>, rest: Rest<'_>) -> bool {
    let Some(inner) = rest.text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else { return false };
    let mut elements = Vec::new();
    let mut left = Rest { text: inner, start: rest.start + 1 };
    loop {
        left = left.from(0);
        let (item, others) = left.split(',').map_or((left, None), |(item, others)| (item, Some(others)));
        let item = item.from(0);
        let is_string = 2 <= item.text.len() && item.text.starts_with('"') && item.text.ends_with('"');
        let is_element = is_string || (cx.is_pattern() && is_hole(item.text));
        if is_element {
            elements.push(item);
        } else if !(item.text.is_empty() && others.is_none()) {
            return false;
        }
        match others {
            Some(others) => left = others,
            None => break,
        }
    }
    cx.node(Kind::List, rest.span(), |cx| {
        for element in elements {
            let content = element.text.get(1..element.text.len().saturating_sub(1)).unwrap_or_default();
            if element.text.starts_with('"') { cx.string(content, element.span()) } else { element.word(cx) }
        }
    });
    true
}

/// `ENV a=1 b=2`, `ENV a 1`, `ARG a`: an instruction for each.
fn pairs(cx: &mut Cx<'_>, keyword: &str, rest: Rest<'_>, line: &Logical<'_>) {
    let mut all: Vec<Rest<'_>> = rest.words().collect();
    let has_dots = cx.is_pattern() && all.iter().any(|word| word.text == reserved::DOTS);
    // Other pairs are other instructions: dots beside a pair say nothing.
    if has_dots && 1 < all.len() {
        all.retain(|word| word.text != reserved::DOTS);
    }
    let is_old = keyword != "ARG" && !has_dots && 1 < all.len() && all.first().is_some_and(|first| first.split('=').is_none());
    let whole = line.span();
    let build = |cx: &mut Cx<'_>, span: (u32, u32), argument: &dyn Fn(&mut Cx<'_>)| {
        cx.node(Kind::ExprStmt, span, |cx| {
            cx.node_op(Kind::Call, Op::Directive, span, |cx| {
                cx.name(keyword, (whole.0, whole.0 + narrow(keyword.len())));
                cx.node(Kind::Args, (rest.start.clamp(span.0, span.1), span.1), |cx| {
                    cx.node(Kind::Attrs, (span.0, span.0), |_| {});
                    argument(cx);
                });
            });
        });
    };
    if let (true, Some(key)) = (is_old, all.first()) {
        let value = rest.from(key.text.len());
        return build(cx, whole, &|cx| {
            cx.node(Kind::KwArg, rest.span(), |cx| {
                cx.name(key.text, key.span());
                value.word(cx);
            });
        });
    }
    for (i, pair) in all.iter().enumerate() {
        let span = if i == 0 { whole } else { pair.span() };
        build(cx, span, &|cx| match pair.split('=') {
            Some((key, value)) => {
                cx.node(Kind::KwArg, pair.span(), |cx| {
                    cx.name(key.text, key.span());
                    value.word(cx);
                });
            }
            None if keyword == "ARG" || pair.text == reserved::DOTS => cx.name(pair.text, pair.span()),
            None => {
                cx.node(Kind::KwArg, pair.span(), |cx| {
                    cx.name(pair.text, pair.span());
                    cx.none(pair.end());
                });
            }
        });
    }
}
