//! Texts with parts that are evaluated. HCL native syntax specification, section "Templates".

use std::{borrow::Cow, sync::Arc};

use super::{
    parse::{MAX_DEPTH, Parser, SyntaxProblem, end_of_interpolation},
    syntax::{Expression, ExpressionKind, Part, Span},
};

/// What a sequence in a template is.
enum Token {
    Text(String),
    Expression(Expression),
    If(Expression),
    Else,
    EndIf,
    For(Option<Arc<str>>, Arc<str>, Expression),
    EndFor,
}

/// Takes a text apart. `base` is where it stands in its file; `is_quoted`: whether backslashes escape.
pub(super) fn parse(text: &str, base: usize, is_quoted: bool, depth: usize) -> (Vec<Part>, Vec<SyntaxProblem>) {
    let mut problems = Vec::new();
    let tokens = tokens(text, base, is_quoted, depth, &mut problems);
    let mut tokens = tokens.into_iter();
    let (parts, _) = sequence(&mut tokens, 0);
    (parts, problems)
}

/// A text without its escapes.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some(kind @ ('u' | 'U')) => {
                let n_digits = if kind == 'u' { 4 } else { 8 };
                let digits: String = characters.clone().take(n_digits).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == n_digits).and_then(char::from_u32);
                plain.push(code.unwrap_or('\u{fffd}'));
                if code.is_some() {
                    characters.by_ref().take(n_digits).for_each(drop);
                }
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    Cow::Owned(plain)
}

fn tokens(text: &str, base: usize, is_quoted: bool, depth: usize, problems: &mut Vec<SyntaxProblem>) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    let mut trims_next = false;
    let flush = |plain: &mut String, tokens: &mut Vec<Token>, trims_start: bool, trims_end: bool| {
        let mut kept = plain.as_str();
        if trims_start {
            kept = kept.trim_start();
        }
        if trims_end {
            kept = kept.trim_end();
        }
        if !kept.is_empty() {
            let kept = if is_quoted { unescape(kept).into_owned() } else { kept.to_owned() };
            tokens.push(Token::Text(kept));
        }
        plain.clear();
    };
    while at < bytes.len() {
        let next = memchr::memchr3(b'$', b'%', b'\\', bytes.get(at..).unwrap_or_default()).map_or(bytes.len(), |next| at + next);
        plain.push_str(text.get(at..next).unwrap_or_default());
        at = next;
        let Some(&byte) = bytes.get(at) else { break };
        if byte == b'\\' {
            // An escaped character is no start of anything.
            let len = 1 + text.get(at + 1..).and_then(|rest| rest.chars().next()).filter(|_| is_quoted).map_or(0, char::len_utf8);
            plain.push_str(text.get(at..at + len).unwrap_or_default());
            at += len;
            continue;
        }
        let marker = char::from(byte);
        if bytes.get(at + 1) == Some(&byte) && bytes.get(at + 2) == Some(&b'{') {
            plain.push(marker);
            plain.push('{');
            at += 3;
            continue;
        }
        if bytes.get(at + 1) != Some(&b'{') {
            plain.push(marker);
            at += 1;
            continue;
        }
        let Some(end) = end_of_interpolation(bytes, at + 2, 0) else {
            let offset = u32::try_from(base + at).unwrap_or(u32::MAX);
            problems
                .push(SyntaxProblem { span: Span { start: offset, end: offset }, message: "this interpolation is not closed".to_owned() });
            plain.push_str(text.get(at..).unwrap_or_default());
            break;
        };
        let mut start = at + 2;
        let trims_before = bytes.get(start) == Some(&b'~');
        start += usize::from(trims_before);
        let trims_after = bytes.get(end - 2) == Some(&b'~') && start < end - 1;
        let inner_end = end - 1 - usize::from(trims_after);
        flush(&mut plain, &mut tokens, trims_next, trims_before);
        trims_next = trims_after;
        let inner = text.get(..inner_end).unwrap_or_default();
        match if byte == b'$' { expression(inner, base, start, depth) } else { directive(inner, base, start, depth) } {
            Ok(token) => tokens.push(token),
            Err(problem) => {
                problems.push(problem);
                let span = |at: usize| u32::try_from(base + at).unwrap_or(u32::MAX);
                tokens.push(Token::Expression(Expression {
                    span: Span { start: span(start), end: span(inner_end) },
                    kind: ExpressionKind::Invalid,
                }));
            }
        }
        at = end;
    }
    flush(&mut plain, &mut tokens, trims_next, false);
    tokens
}

/// `inner` ends where the interpolation ends; it starts at `start`.
fn expression(inner: &str, base: usize, start: usize, depth: usize) -> Result<Token, SyntaxProblem> {
    if MAX_DEPTH <= depth {
        let offset = u32::try_from(base + start).unwrap_or(u32::MAX);
        return Err(SyntaxProblem {
            span: Span { start: offset, end: offset },
            message: "this is nested too deeply (max-depth)".to_owned(),
        });
    }
    let skipped = inner.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    let (parsed, end) = Parser::interpolated(inner, base, start + skipped, depth + 1);
    let parsed = parsed?;
    if end < inner.len() {
        let offset = u32::try_from(base + end).unwrap_or(u32::MAX);
        return Err(SyntaxProblem { span: Span { start: offset, end: offset }, message: "expected `}`".to_owned() });
    }
    Ok(Token::Expression(parsed))
}

fn directive(inner: &str, base: usize, start: usize, depth: usize) -> Result<Token, SyntaxProblem> {
    let content = inner.get(start..).unwrap_or_default();
    let trimmed = content.trim_start();
    let at = start + (content.len() - trimmed.len());
    let word_len = trimmed.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(trimmed.len());
    let (word, rest) = trimmed.split_at_checked(word_len).unwrap_or((trimmed, ""));
    let problem = |message: &str| {
        let offset = u32::try_from(base + at).unwrap_or(u32::MAX);
        SyntaxProblem { span: Span { start: offset, end: offset }, message: message.to_owned() }
    };
    let inner_expression = |from: usize| match expression(inner, base, from, depth)? {
        Token::Expression(expression) => Ok(expression),
        _ => Err(problem("expected an expression")),
    };
    match word {
        "else" => Ok(Token::Else),
        "endif" => Ok(Token::EndIf),
        "endfor" => Ok(Token::EndFor),
        "if" => Ok(Token::If(inner_expression(at + word_len)?)),
        "for" => {
            let (names, _) = rest.split_once(" in ").ok_or_else(|| problem("expected `in`"))?;
            let collection_at = at + word_len + names.len() + " in ".len();
            let (key, value) = match names.split_once(',') {
                Some((key, value)) => (Some(key.trim().into()), value.trim()),
                None => (None, names.trim()),
            };
            Ok(Token::For(key, value.into(), inner_expression(collection_at)?))
        }
        _ => Err(problem("expected `if`, `else`, `endif`, `for` or `endfor`")),
    }
}

/// How a sequence ended.
#[derive(PartialEq)]
enum End {
    Text,
    Else,
    Closed,
}

fn sequence(tokens: &mut std::vec::IntoIter<Token>, depth: usize) -> (Vec<Part>, End) {
    let mut parts = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => parts.push(Part::Text(text.into())),
            Token::Expression(expression) => parts.push(Part::Expression(expression)),
            Token::If(condition) if depth < MAX_DEPTH => {
                let (then, end) = sequence(tokens, depth + 1);
                let otherwise = if end == End::Else { sequence(tokens, depth + 1).0 } else { Vec::new() };
                parts.push(Part::If(condition, then, otherwise));
            }
            Token::For(key, value, collection) if depth < MAX_DEPTH => {
                let (inner, _) = sequence(tokens, depth + 1);
                parts.push(Part::For(key, value, collection, inner));
            }
            Token::If(_) | Token::For(..) => {}
            Token::Else => return (parts, End::Else),
            Token::EndIf | Token::EndFor => return (parts, End::Closed),
        }
    }
    (parts, End::Text)
}

/// The parts of an indented text, `<<-`, without the blanks that all its lines start with.
pub(super) fn unindented(parts: Vec<Part>, text: &str) -> Vec<Part> {
    let indents = text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start_matches([' ', '\t']).len());
    let indent = indents.min().unwrap_or(0);
    let mut starts_line = true;
    let mut cut = |text: &str| {
        let mut kept = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            kept.push_str(line.get(if starts_line { blanks.min(indent) } else { 0 }..).unwrap_or_default());
            starts_line = line.ends_with('\n');
        }
        starts_line = starts_line && !text.is_empty();
        kept
    };
    parts
        .into_iter()
        .map(|part| match part {
            Part::Text(text) => Part::Text(cut(&text).into()),
            other => {
                let _ = cut("");
                other
            }
        })
        .collect()
}
