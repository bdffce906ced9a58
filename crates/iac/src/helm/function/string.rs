//! Sprig's functions over texts that keep the place that a text comes from.

use super::{Args, Eval, Function, MAX_TEXT, Machine, Val, at_least, exactly, fail, texts};
use crate::helm::{
    format,
    text::{Text, Writer},
    value::{Kind, Map},
};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly(1, "trim", |_, args| trimmed(args, 0, |text| text.trim())),
    exactly(1, "upper", |_, args| args.made(args.str(0)?.to_uppercase())),
    exactly(1, "lower", |_, args| args.made(args.str(0)?.to_lowercase())),
    exactly(2, "trimall", trim_all),
    exactly(2, "trimAll", trim_all),
    exactly(2, "trimSuffix", |_, args| {
        let suffix = args.str(0)?;
        trimmed(args, 1, |text| text.strip_suffix(suffix).unwrap_or(text))
    }),
    exactly(2, "trimPrefix", |_, args| {
        let prefix = args.str(0)?;
        trimmed(args, 1, |text| text.strip_prefix(prefix).unwrap_or(text))
    }),
    exactly(2, "trunc", trunc),
    exactly(3, "substr", substr),
    exactly(2, "repeat", repeat),
    exactly(2, "contains", |_, args| Ok(Val::bool(args.str(1)?.contains(args.str(0)?)))),
    exactly(2, "hasPrefix", |_, args| Ok(Val::bool(args.str(1)?.starts_with(args.str(0)?)))),
    exactly(2, "hasSuffix", |_, args| Ok(Val::bool(args.str(1)?.ends_with(args.str(0)?)))),
    at_least(0, "quote", |machine, args| quote(machine, args, format::quoted)),
    at_least(0, "squote", |machine, args| quote(machine, args, |text| format!("'{text}'"))),
    at_least(0, "cat", cat),
    exactly(2, "indent", |_, args| indent(args, "")),
    exactly(2, "nindent", |_, args| indent(args, "\n")),
    exactly(3, "replace", replace),
    exactly(3, "plural", |_, args| Ok(if args.int(2)? == 1 { args.get(0) } else { args.get(1) })),
    exactly(1, "toString", |machine, args| as_text(machine, &args.get(0)).map(|text| Val::new(Kind::Str(text)).keyed(args.key()))),
    exactly(2, "splitList", |machine, args| {
        let parts = split(args.str(1)?, args.str(0)?, None);
        texts(machine, parts.into_iter(), args.key())
    }),
    exactly(2, "split", |machine, args| numbered(machine, split(args.str(1)?, args.str(0)?, None), args)),
    exactly(3, "splitn", |machine, args| {
        let n = args.int(1)?;
        let limit = usize::try_from(n).ok();
        numbered(machine, split(args.str(2)?, args.str(0)?, limit), args)
    }),
    exactly(1, "toStrings", |machine, args| {
        let parts = strings(machine, &args.get(0))?;
        machine.charge(parts.len())?;
        Ok(machine.heap.new_list(parts.into_iter().map(|text| Val::new(Kind::Str(text))).collect()).keyed(args.key()))
    }),
    exactly(2, "join", join),
];

/// A value as a text, which keeps its marks if it is one.
pub(super) fn as_text(machine: &Machine, val: &Val) -> Eval<Text> {
    match val.as_text() {
        Some(text) => Ok(text.clone()),
        None => format::text(&machine.heap, val).map(Text::from),
    }
}

/// The items of a list as texts, without those that are nothing.
pub(super) fn strings(machine: &Machine, val: &Val) -> Eval<Vec<Text>> {
    match &val.kind {
        Kind::List(list) => machine.heap.list(*list).iter().filter(|item| !item.is_nil()).map(|item| as_text(machine, item)).collect(),
        Kind::Nil => Ok(Vec::new()),
        _ => Ok(vec![as_text(machine, val)?]),
    }
}

fn trimmed(args: &Args<'_>, index: usize, cut: impl for<'t> Fn(&'t str) -> &'t str) -> Eval<Val> {
    let text = args.text(index)?;
    let whole = text.as_str();
    let kept = cut(whole);
    if kept.len() == whole.len() {
        return Ok(args.get(index));
    }
    let start = kept.as_ptr() as usize - whole.as_ptr() as usize;
    Ok(Val::new(Kind::Str(text.part(start..start + kept.len()))).keyed(args.get(index).key))
}

fn trim_all(_: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let cut = args.str(0)?;
    trimmed(args, 1, |text| text.trim_matches(|c| cut.contains(c)))
}

fn part(args: &Args<'_>, index: usize, start: usize, end: usize) -> Eval<Val> {
    let text = args.text(index)?;
    let whole = text.as_str();
    let floor = |at: usize| (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
    Ok(Val::new(Kind::Str(text.part(floor(start)..floor(end)))).keyed(args.get(index).key))
}

fn trunc(_: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let length = args.int(0)?;
    let whole = args.str(1)?.len();
    let size = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
    if length < 0 && size < whole {
        return part(args, 1, whole - size, whole);
    }
    if 0 <= length && size < whole {
        return part(args, 1, 0, size);
    }
    args.text(1).map(|_| args.get(1))
}

fn substr(_: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let (start, end, whole) = (args.int(0)?, args.int(1)?, args.str(2)?.len());
    let end = usize::try_from(end).map_or(whole, |end| end.min(whole));
    let start = usize::try_from(start).unwrap_or(0);
    if end < start {
        return fail(format!("slice bounds out of range [{start}:{end}]"));
    }
    part(args, 2, start, end)
}

fn repeat(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let (count, text) = (args.count(0)?, args.str(1)?);
    let length = text.len().saturating_mul(count);
    if MAX_TEXT < length {
        return fail("the repeated text is too long (max-template-bytes)");
    }
    machine.charge_bytes(length)?;
    args.made(text.repeat(count))
}

fn quote(machine: &mut Machine, args: &Args<'_>, quoted: fn(&str) -> String) -> Eval<Val> {
    let mut writer = Writer::default();
    for val in args.values.iter().filter(|val| !val.is_nil()) {
        if writer.len() != 0 {
            writer.push(" ");
        }
        let text = as_text(machine, val)?;
        let made = quoted(text.as_str());
        if made.len() == text.as_str().len() + 2 {
            // Nothing was escaped: what is quoted stays where it was.
            writer.push(made.get(..1).unwrap_or_default());
            writer.part(&text, 0..text.as_str().len());
            writer.push(made.get(..1).unwrap_or_default());
        } else {
            writer.push(&made);
        }
    }
    machine.charge_bytes(writer.len())?;
    args.made(writer.finish())
}

fn cat(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let mut parts = Vec::new();
    for val in args.values.iter().filter(|val| !val.is_nil()) {
        parts.push(format::print(&machine.heap, val)?);
    }
    args.made(parts.join(" "))
}

fn indent(args: &Args<'_>, before: &str) -> Eval<Val> {
    let (spaces, text) = (args.count(0)?, args.text(1)?);
    let whole = text.as_str();
    let lines = whole.bytes().filter(|byte| *byte == b'\n').count() + 1;
    if MAX_TEXT < spaces.saturating_mul(lines) + whole.len() {
        return fail("the indented text is too long (max-template-bytes)");
    }
    let pad = " ".repeat(spaces);
    let mut writer = Writer::default();
    writer.push(before);
    let mut at = 0;
    for line in whole.split_inclusive('\n') {
        writer.push(&pad);
        writer.part(text, at..at + line.len());
        at += line.len();
    }
    if whole.is_empty() || whole.ends_with('\n') {
        writer.push(&pad);
    }
    Ok(Val::new(Kind::Str(writer.finish())).keyed(args.get(1).key))
}

fn replace(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let (old, new, text) = (args.str(0)?, args.str(1)?, args.text(2)?);
    let whole = text.as_str();
    if old.is_empty() {
        if MAX_TEXT < new.len().saturating_mul(whole.len() + 1) {
            return fail("the text is too long (max-template-bytes)");
        }
        return args.made(whole.replace(old, new));
    }
    let mut writer = Writer::default();
    let mut at = 0;
    for (found, _) in whole.match_indices(old) {
        writer.part(text, at..found);
        writer.push(new);
        at = found + old.len();
        if MAX_TEXT < writer.len() {
            return fail("the text is too long (max-template-bytes)");
        }
    }
    writer.part(text, at..whole.len());
    machine.charge_bytes(writer.len())?;
    Ok(Val::new(Kind::Str(writer.finish())).keyed(args.get(2).key))
}

/// Go's `strings.SplitN`: at an empty separator, every character is a part.
fn split<'t>(text: &'t str, separator: &str, limit: Option<usize>) -> Vec<&'t str> {
    if separator.is_empty() {
        let mut parts: Vec<&str> = text.char_indices().filter_map(|(at, c)| text.get(at..at + c.len_utf8())).collect();
        if let Some(limit) = limit.filter(|limit| *limit < parts.len()) {
            let head: usize = parts.iter().take(limit.saturating_sub(1)).map(|part| part.len()).sum();
            parts.truncate(limit.saturating_sub(1));
            parts.extend(text.get(head..).filter(|_| limit != 0));
        }
        return parts;
    }
    match limit {
        Some(limit) => text.splitn(limit, separator).collect(),
        None => text.split(separator).collect(),
    }
}

/// `_0`, `_1` and so on.
fn numbered(machine: &mut Machine, parts: Vec<&str>, args: &Args<'_>) -> Eval<Val> {
    machine.charge(parts.len())?;
    let map: Map =
        parts.into_iter().zip(0..).map(|(part, n): (&str, u32)| (format!("_{n}").into(), Val::text(part).keyed(args.key()))).collect();
    Ok(machine.heap.new_map(map).keyed(args.key()))
}

fn join(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let separator = args.str(0)?;
    let mut writer = Writer::default();
    for (index, text) in strings(machine, &args.get(1))?.iter().enumerate() {
        if index != 0 {
            writer.push(separator);
        }
        writer.part(text, 0..text.as_str().len());
        if MAX_TEXT < writer.len() {
            return fail("the joined text is too long (max-template-bytes)");
        }
    }
    machine.charge_bytes(writer.len())?;
    args.made(writer.finish())
}
