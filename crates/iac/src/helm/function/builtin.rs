//! Go's own functions: comparison, logic, indexes, printing, escaping.

use std::fmt::Write as _;

use super::{Args, Eval, Function, Kind, Machine, Run, Val, at_least, exactly, fail};
use crate::helm::{
    format,
    value::{Heap, MAX_VALUE_DEPTH},
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function { name: "and", min: 1, max: None, run: Run::First { truth: false } },
    Function { name: "or", min: 1, max: None, run: Run::First { truth: true } },
    exactly(1, "not", |machine, args| Ok(Val::bool(!machine.heap.is_true(&args.get(0))))),
    at_least(1, "call", |_, args| fail(format!("non-function of type {}", args.get(0).type_name()))),
    at_least(2, "eq", |machine, args| eq(machine, args).map(Val::bool)),
    exactly(2, "ne", |machine, args| Ok(Val::bool(!eq(machine, args)?))),
    exactly(2, "lt", |_, args| less(args, 0, 1).map(Val::bool)),
    exactly(2, "le", |machine, args| Ok(Val::bool(less(args, 0, 1)? || eq(machine, args)?))),
    exactly(2, "gt", |machine, args| Ok(Val::bool(!(less(args, 0, 1)? || eq(machine, args)?)))),
    exactly(2, "ge", |_, args| Ok(Val::bool(!less(args, 0, 1)?))),
    at_least(1, "html", |machine, args| args.made(html(&evaluated(machine, args)?))),
    at_least(1, "js", |machine, args| args.made(js(&evaluated(machine, args)?))),
    at_least(1, "urlquery", |machine, args| args.made(url_query(&evaluated(machine, args)?))),
    at_least(1, "index", index),
    at_least(1, "slice", |_, _| fail("slice of this type")),
    exactly(1, "len", len),
    at_least(0, "print", |machine, args| args.made(format::sprint(&machine.heap, args)?)),
    at_least(1, "printf", |machine, args| {
        let format = args.str(0)?;
        args.made(format::sprintf(&machine.heap, format, args.values.get(1..).unwrap_or_default())?)
    }),
    at_least(0, "println", |machine, args| args.made(format::sprintln(&machine.heap, args)?)),
];

/// What Go compares as one kind.
#[derive(PartialEq, Eq)]
enum Basic {
    Bool,
    Int,
    Float,
    Text,
    Other,
}

const fn basic(val: &Val) -> Basic {
    match &val.kind {
        Kind::Bool(_) => Basic::Bool,
        Kind::Int(_) | Kind::Int64(_) => Basic::Int,
        Kind::Float(_) => Basic::Float,
        Kind::Str(_) => Basic::Text,
        Kind::Nil | Kind::Bytes(_) | Kind::List(_) | Kind::Map(_) | Kind::Object(_) => Basic::Other,
    }
}

/// Whether the first value is one of the others.
fn eq(machine: &Machine, args: &Args<'_>) -> Eval<bool> {
    let first = args.get(0);
    for other in args.values.iter().skip(1) {
        if basic(&first) != basic(other) {
            if first.is_nil() || other.is_nil() {
                continue;
            }
            return fail(format!("incompatible types for comparison: {} and {}", first.type_name(), other.type_name()));
        }
        let is_one = match (&first.kind, &other.kind) {
            (Kind::Nil, Kind::Nil) => true,
            (Kind::Nil, _) | (_, Kind::Nil) => false,
            (Kind::List(_) | Kind::Map(_) | Kind::Bytes(_), _) => {
                return fail(format!("non-comparable type {}", first.type_name()));
            }
            _ => deep_equal(&machine.heap, &first, other),
        };
        if is_one {
            return Ok(true);
        }
    }
    Ok(false)
}

fn less(args: &Args<'_>, left: usize, right: usize) -> Eval<bool> {
    let (left, right) = (args.get(left), args.get(right));
    match (&left.kind, &right.kind) {
        (Kind::Int(a) | Kind::Int64(a), Kind::Int(b) | Kind::Int64(b)) => Ok(a < b),
        (Kind::Float(a), Kind::Float(b)) => Ok(a < b),
        (Kind::Str(a), Kind::Str(b)) => Ok(a.as_str() < b.as_str()),
        _ if basic(&left) == Basic::Other || basic(&right) == Basic::Other || basic(&left) == basic(&right) => {
            fail("invalid type for comparison")
        }
        _ => fail(format!("incompatible types for comparison: {} and {}", left.type_name(), right.type_name())),
    }
}

/// How many values are compared with each other; what is larger is not the same.
const MAX_COMPARED: usize = 100_000;

/// Go's `reflect.DeepEqual`.
pub(in crate::helm) fn deep_equal(heap: &Heap, left: &Val, right: &Val) -> bool {
    let mut n_compared = 0;
    is_same(heap, left, right, 0, &mut n_compared)
}

fn is_same(heap: &Heap, left: &Val, right: &Val, depth: usize, n_compared: &mut usize) -> bool {
    *n_compared += 1;
    if MAX_VALUE_DEPTH < depth || MAX_COMPARED < *n_compared {
        return false;
    }
    match (&left.kind, &right.kind) {
        (Kind::Nil, Kind::Nil) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        // `DeepEqual` tells an `int` from an `int64`, but no chart can want that.
        (Kind::Int(a) | Kind::Int64(a), Kind::Int(b) | Kind::Int64(b)) => a == b,
        (Kind::Float(a), Kind::Float(b)) => a == b,
        (Kind::Str(a), Kind::Str(b)) | (Kind::Bytes(a), Kind::Bytes(b)) => a.as_str() == b.as_str(),
        (Kind::List(a), Kind::List(b)) => {
            let (a, b) = (heap.list(*a), heap.list(*b));
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| is_same(heap, a, b, depth + 1, n_compared))
        }
        (Kind::Map(a), Kind::Map(b)) => {
            let (a, b) = (heap.map(*a), heap.map(*b));
            a.len() == b.len() && a.iter().zip(b).all(|((name, a), (other, b))| name == other && is_same(heap, a, b, depth + 1, n_compared))
        }
        (Kind::Object(a), Kind::Object(b)) => a.print() == b.print(),
        _ => false,
    }
}

fn index(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let mut val = args.get(0);
    if val.is_nil() {
        return fail("index of untyped nil");
    }
    for index in args.values.iter().skip(1) {
        val = match &val.kind {
            Kind::List(list) => {
                let list = machine.heap.list(*list);
                list.get(position(index, list.len())?).cloned().unwrap_or_default()
            }
            Kind::Str(text) => {
                let bytes = text.as_str().as_bytes();
                Val::int(bytes.get(position(index, bytes.len())?).copied().map_or(0, i64::from))
            }
            Kind::Map(map) => match index.as_text() {
                Some(name) => machine.heap.map(*map).get(name.as_str()).cloned().unwrap_or_default(),
                None => return fail(format!("value has type {}; should be string", index.type_name())),
            },
            Kind::Object(object) => match (object.index(index), index.as_text()) {
                (Some(item), _) => item,
                (None, _) => return fail(format!("can't index item of type {}", val.type_name())),
            },
            Kind::Nil => return fail("index of nil pointer"),
            _ => return fail(format!("can't index item of type {}", val.type_name())),
        };
    }
    Ok(val)
}

fn position(index: &Val, length: usize) -> Eval<usize> {
    let number = match &index.kind {
        Kind::Int(number) | Kind::Int64(number) => *number,
        Kind::Nil => return fail("cannot index slice/array with nil"),
        _ => return fail(format!("cannot index slice/array with type {}", index.type_name())),
    };
    match usize::try_from(number) {
        Ok(at) if at < length => Ok(at),
        _ => fail(format!("error calling index: index out of range: {number}")),
    }
}

fn len(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let val = args.get(0);
    let n = match &val.kind {
        Kind::Str(text) | Kind::Bytes(text) => text.as_str().len(),
        Kind::List(list) => machine.heap.list(*list).len(),
        Kind::Map(map) => machine.heap.map(*map).len(),
        Kind::Object(object) if object.items().is_some() => object.items().map_or(0, |items| items.len()),
        Kind::Nil => return fail("len of nil pointer"),
        _ => return fail(format!("len of type {}", val.type_name())),
    };
    Ok(Val::int(i64::try_from(n).unwrap_or(i64::MAX)))
}

fn evaluated(machine: &Machine, args: &Args<'_>) -> Eval<String> {
    match args.values {
        [one] if one.as_text().is_some() => args.str(0).map(str::to_owned),
        _ => format::sprint(&machine.heap, args),
    }
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '\'' | '"' => {
                out.push('\\');
                out.push(c);
            }
            '<' | '>' | '&' | '=' | '\0'..='\x1f' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn url_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
