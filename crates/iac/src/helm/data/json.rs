//! JSON, written as Go's `encoding/json` writes it.

use std::fmt::Write as _;

use bartizan_source::document::{JsonDialect, parse_json};

use super::value;
use crate::helm::{
    failure::{Eval, Failure, fail},
    format,
    machine::Machine,
    value::{Heap, Key, Kind, MAX_VALUE_DEPTH, Val},
};

/// How long what is written of one value may be.
const MAX_WRITTEN: usize = 16 * 1024 * 1024;

/// Reads a document; all values get one key.
pub(in crate::helm) fn read(machine: &mut Machine, text: &str, key: Key) -> Result<Val, String> {
    let document = parse_json(text, JsonDialect::Strict);
    if let Some(problem) = document.problems.iter().find(|problem| problem.is_cut) {
        return Err(problem.message.clone());
    }
    match &document.root {
        Some(root) => Ok(value(machine, root, key, number)),
        None => Err("unexpected end of JSON input".to_owned()),
    }
}

fn number(written: &str) -> Val {
    Val::new(Kind::Float(written.parse().unwrap_or(0.0)))
}

/// How JSON is written.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::helm) struct Style {
    /// By two, on lines of their own.
    pub(in crate::helm) is_indented: bool,
    /// `<`, `>` and `&` as they are.
    pub(in crate::helm) is_raw: bool,
}

/// Writes a value.
pub(in crate::helm) fn write(heap: &Heap, val: &Val, style: Style) -> Eval<String> {
    let mut out = String::new();
    put(heap, val, style, &mut out, 0)?;
    Ok(out)
}

fn put(heap: &Heap, val: &Val, style: Style, out: &mut String, depth: usize) -> Eval<()> {
    if MAX_VALUE_DEPTH < depth || MAX_WRITTEN < out.len() {
        return Err(Failure::limit("the value is too deep or too long to write (max-value-depth)".to_owned()));
    }
    match &val.kind {
        Kind::Nil => out.push_str("null"),
        Kind::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Kind::Int(number) | Kind::Int64(number) => {
            let _ = write!(out, "{number}");
        }
        Kind::Float(number) if number.is_finite() => out.push_str(&format::json_number(*number)),
        Kind::Float(_) => return fail("json: unsupported value"),
        Kind::Str(text) => quote(text.as_str(), style, out),
        Kind::Bytes(text) => {
            use base64::Engine as _;
            quote(&base64::engine::general_purpose::STANDARD.encode(text.as_str()), style, out);
        }
        Kind::Object(object) => quote(&object.print(), style, out),
        Kind::List(list) => {
            let items = heap.list(*list);
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(style, out, index, depth);
                put(heap, item, style, out, depth + 1)?;
            }
            close(style, out, items.is_empty(), depth, ']');
        }
        Kind::Map(map) => {
            let members = heap.map(*map);
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                separate(style, out, index, depth);
                quote(name, style, out);
                out.push_str(if style.is_indented { ": " } else { ":" });
                put(heap, item, style, out, depth + 1)?;
            }
            close(style, out, members.is_empty(), depth, '}');
        }
    }
    Ok(())
}

fn separate(style: Style, out: &mut String, index: usize, depth: usize) {
    if index != 0 {
        out.push(',');
    }
    if style.is_indented {
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
    }
}

fn close(style: Style, out: &mut String, is_empty: bool, depth: usize, bracket: char) {
    if style.is_indented && !is_empty {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(bracket);
}

fn quote(text: &str, style: Style, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '<' | '>' | '&' if style.is_raw => out.push(c),
            '<' | '>' | '&' | '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
