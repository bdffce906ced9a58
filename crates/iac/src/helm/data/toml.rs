//! TOML, written as `github.com/BurntSushi/toml` writes it: simple values first, then tables.

use std::fmt::Write as _;

use bartizan_source::document::parse_toml;

use super::value;
use crate::helm::{
    failure::{Eval, Failure, fail},
    machine::Machine,
    value::{Heap, Key, Kind, MAX_VALUE_DEPTH, Val},
};

/// How long what is written of one value may be.
const MAX_WRITTEN: usize = 16 * 1024 * 1024;

/// Reads a document; all values get one key.
pub(in crate::helm) fn read(machine: &mut Machine, text: &str, key: Key) -> Result<Val, String> {
    let document = parse_toml(text);
    if let Some(problem) = document.problems.first() {
        return Err(format!("toml: {}", problem.message));
    }
    Ok(document.root.as_ref().map_or(Val::NIL, |root| value(machine, root, key, number)))
}

fn number(written: &str) -> Val {
    match written.replace('_', "").parse::<i64>() {
        Ok(whole) => Val::new(Kind::Int64(whole)),
        Err(_) => written.parse().map_or_else(|_| Val::text(written), |number| Val::new(Kind::Float(number))),
    }
}

/// Writes a map.
pub(in crate::helm) fn write(heap: &Heap, val: &Val) -> Eval<String> {
    let mut out = String::new();
    if val.as_map().is_none() {
        return fail("toml: top-level values must be Go maps or structs");
    }
    table(heap, val, &mut Vec::new(), &mut out)?;
    Ok(out)
}

fn is_table_list(heap: &Heap, val: &Val) -> bool {
    match val.kind {
        Kind::List(list) => {
            let items = heap.list(list);
            !items.is_empty() && items.iter().all(|item| item.as_map().is_some())
        }
        _ => false,
    }
}

fn table(heap: &Heap, val: &Val, path: &mut Vec<String>, out: &mut String) -> Eval<()> {
    if MAX_VALUE_DEPTH < path.len() || MAX_WRITTEN < out.len() {
        return Err(Failure::limit("the value is too deep or too long to write (max-value-depth)".to_owned()));
    }
    let Some(map) = val.as_map() else { return Ok(()) };
    let indent = "  ".repeat(path.len());
    let (tables, simple): (Vec<_>, Vec<_>) =
        heap.map(map).iter().partition(|(_, item)| item.as_map().is_some() || is_table_list(heap, item));
    for (name, item) in simple {
        if !item.is_nil() {
            let _ = write!(out, "{indent}{} = ", bare(name));
            inline(heap, item, out, 0)?;
            out.push('\n');
        }
    }
    for (name, item) in tables {
        path.push(bare(name));
        let indent = "  ".repeat(path.len().saturating_sub(1));
        let heading = path.join(".");
        if item.as_map().is_some() {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "{indent}[{heading}]");
            table(heap, item, path, out)?;
        } else if let Kind::List(list) = item.kind {
            for item in heap.list(list).iter() {
                if !out.is_empty() {
                    out.push('\n');
                }
                let _ = writeln!(out, "{indent}[[{heading}]]");
                table(heap, item, path, out)?;
            }
        }
        path.pop();
    }
    Ok(())
}

fn bare(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn inline(heap: &Heap, val: &Val, out: &mut String, depth: usize) -> Eval<()> {
    if MAX_VALUE_DEPTH < depth || MAX_WRITTEN < out.len() {
        return Err(Failure::limit("the value is too deep or too long to write (max-value-depth)".to_owned()));
    }
    match &val.kind {
        Kind::Nil => out.push_str("\"\""),
        Kind::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Kind::Int(number) | Kind::Int64(number) => {
            let _ = write!(out, "{number}");
        }
        Kind::Float(number) => {
            let text = format!("{number}");
            out.push_str(&text);
            if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
                out.push_str(".0");
            }
        }
        Kind::Str(text) | Kind::Bytes(text) => out.push_str(&quoted(text.as_str())),
        Kind::Object(object) => out.push_str(&quoted(&object.print())),
        Kind::List(list) => {
            out.push('[');
            for (index, item) in heap.list(*list).iter().enumerate() {
                if index != 0 {
                    out.push_str(", ");
                }
                inline(heap, item, out, depth + 1)?;
            }
            out.push(']');
        }
        Kind::Map(map) => {
            out.push('{');
            for (index, (name, item)) in heap.map(*map).iter().enumerate() {
                if index != 0 {
                    out.push_str(", ");
                }
                let _ = write!(out, "{} = ", bare(name));
                inline(heap, item, out, depth + 1)?;
            }
            out.push('}');
        }
    }
    Ok(())
}
