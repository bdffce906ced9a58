//! How Go prints values: `fmt`'s verbs, and what `%v` makes of everything.

use std::fmt::Write as _;

use super::{
    failure::{Eval, Failure, fail},
    function::Args,
    value::{Heap, Kind, MAX_VALUE_DEPTH, Val},
};

/// How long what is printed of one value may be.
const MAX_PRINTED: usize = 16 * 1024 * 1024;
/// How wide a verb may print.
const MAX_WIDTH: usize = 100_000;

/// A value as `%v` prints it.
pub(super) fn print(heap: &Heap, val: &Val) -> Eval<String> {
    let mut out = String::new();
    write(heap, val, &mut out, 0)?;
    Ok(out)
}

/// A value as Sprig's `toString` makes it; a text is itself.
pub(super) fn text(heap: &Heap, val: &Val) -> Eval<String> {
    match &val.kind {
        Kind::Bytes(text) => Ok(text.as_str().to_owned()),
        _ => print(heap, val),
    }
}

fn write(heap: &Heap, val: &Val, out: &mut String, depth: usize) -> Eval<()> {
    if MAX_VALUE_DEPTH < depth || MAX_PRINTED < out.len() {
        return Err(Failure::limit("the value is too deep or too long to print (max-value-depth)".to_owned()));
    }
    match &val.kind {
        Kind::Nil => out.push_str("<nil>"),
        Kind::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Kind::Int(number) | Kind::Int64(number) => {
            let _ = write!(out, "{number}");
        }
        Kind::Float(number) => out.push_str(&general(*number)),
        Kind::Str(text) => out.push_str(text.as_str()),
        Kind::Bytes(text) => {
            let bytes: Vec<String> = text.as_str().bytes().map(|byte| byte.to_string()).collect();
            let _ = write!(out, "[{}]", bytes.join(" "));
        }
        Kind::List(list) => {
            out.push('[');
            for (index, item) in heap.list(*list).iter().enumerate() {
                if index != 0 {
                    out.push(' ');
                }
                write(heap, item, out, depth + 1)?;
            }
            out.push(']');
        }
        Kind::Map(map) => {
            out.push_str("map[");
            for (index, (name, item)) in heap.map(*map).iter().enumerate() {
                if index != 0 {
                    out.push(' ');
                }
                let _ = write!(out, "{name}:");
                write(heap, item, out, depth + 1)?;
            }
            out.push(']');
        }
        Kind::Object(object) => out.push_str(&object.print()),
    }
    Ok(())
}

/// A number as `%v` prints it: the shortest form, with an exponent from 1e+06 on and below 1e-04.
pub(super) fn general(number: f64) -> String {
    if let Some(special) = special(number) {
        return special.to_owned();
    }
    let exponent = format!("{number:e}").split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok()).unwrap_or(0);
    if number != 0.0 && !(-4..6).contains(&exponent) { scientific(number, 'e') } else { plain(number) }
}

fn special(number: f64) -> Option<&'static str> {
    match number {
        number if number.is_nan() => Some("NaN"),
        f64::INFINITY => Some("+Inf"),
        f64::NEG_INFINITY => Some("-Inf"),
        _ => None,
    }
}

fn scientific(number: f64, letter: char) -> String {
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}{letter}{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn plain(number: f64) -> String {
    format!("{number}")
}

/// A number as `encoding/json` writes it.
pub(super) fn json_number(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = scientific(number, 'e');
        // One digit of the exponent is enough for JSON, where it is negative.
        return match text.split_once("e-0") {
            Some((mantissa, digit)) => format!("{mantissa}e-{digit}"),
            None => text,
        };
    }
    plain(number)
}

/// A text in Go's double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            c if is_print(c) => out.push(c),
            c if u32::from(c) < 0x80 => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if u32::from(c) < 0x1_0000 => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// Whether a character is shown as it is: no control, no odd space, no private use.
fn is_print(c: char) -> bool {
    match c {
        ' '..='~' => true,
        c if c.is_control() || c.is_whitespace() => false,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => {
            false
        }
        '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{10ffff}' => false,
        _ => true,
    }
}

/// Go's `fmt.Sprint`: a space between operands of which neither is a text.
pub(super) fn sprint(heap: &Heap, args: &Args<'_>) -> Eval<String> {
    let mut out = String::new();
    let mut was_text = true;
    for (index, val) in args.values.iter().enumerate() {
        let is_text = val.as_text().is_some();
        if index != 0 && !is_text && !was_text {
            out.push(' ');
        }
        out.push_str(&print(heap, val)?);
        was_text = is_text;
    }
    Ok(out)
}

/// Go's `fmt.Sprintln`.
pub(super) fn sprintln(heap: &Heap, args: &Args<'_>) -> Eval<String> {
    let parts: Eval<Vec<String>> = args.values.iter().map(|val| print(heap, val)).collect();
    Ok(format!("{}\n", parts?.join(" ")))
}

#[derive(Default)]
struct Flags {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// Go's `fmt.Sprintf`.
pub(super) fn sprintf(heap: &Heap, format: &str, values: &[Val]) -> Eval<String> {
    let mut out = String::new();
    let mut next = 0;
    let mut is_reordered = false;
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let mut spec = Spec { rest: after, next, values, is_reordered: false, flags: Flags::default() };
        spec.read();
        is_reordered |= spec.is_reordered;
        next = spec.next;
        let mut flags = spec.flags;
        let mut chars = spec.rest.chars();
        let verb = chars.next();
        rest = chars.as_str();
        // With `%v` a plus asks for names of fields, and not for a sign.
        flags.plus &= verb != Some('v');
        match verb {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(verb) => match values.get(next) {
                None => {
                    let _ = write!(out, "%!{verb}(BADINDEX)");
                    if !is_reordered {
                        out.truncate(out.len() - "(BADINDEX)".len());
                        out.push_str("(MISSING)");
                    }
                }
                Some(val) => {
                    next += 1;
                    out.push_str(&padded(formatted(heap, verb, val, &flags)?, &flags, val));
                }
            },
        }
        if MAX_PRINTED < out.len() {
            return fail("what is printed is too long");
        }
    }
    out.push_str(rest);
    if !is_reordered && next < values.len() {
        let extra: Eval<Vec<String>> = values
            .iter()
            .skip(next)
            .map(|val| if val.is_nil() { Ok("<nil>".to_owned()) } else { Ok(format!("{}={}", val.type_name(), print(heap, val)?)) })
            .collect();
        let _ = write!(out, "%!(EXTRA {})", extra?.join(", "));
    }
    Ok(out)
}

/// What stands between `%` and the verb.
struct Spec<'f> {
    rest: &'f str,
    next: usize,
    values: &'f [Val],
    is_reordered: bool,
    flags: Flags,
}

impl Spec<'_> {
    fn read(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            match c {
                '-' => self.flags.minus = true,
                '+' => self.flags.plus = true,
                '#' => self.flags.sharp = true,
                ' ' => self.flags.space = true,
                '0' => self.flags.zero = true,
                _ => break,
            }
            self.skip(1);
        }
        self.index();
        self.flags.width = self.number();
        if self.rest.starts_with('.') {
            self.skip(1);
            self.index();
            self.flags.precision = Some(self.number().unwrap_or(0));
        }
        self.index();
    }

    fn skip(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }

    /// `[2]` names the next operand.
    fn index(&mut self) {
        let Some((number, rest)) = self.rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { return };
        self.is_reordered = true;
        self.next = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).unwrap_or(usize::MAX);
        self.rest = rest;
    }

    fn number(&mut self) -> Option<usize> {
        if self.rest.starts_with('*') {
            self.skip(1);
            let val = self.values.get(self.next)?;
            self.next += 1;
            return match val.kind {
                Kind::Int(number) | Kind::Int64(number) => {
                    self.flags.minus |= number < 0;
                    usize::try_from(number.unsigned_abs()).ok().map(|width| width.min(MAX_WIDTH))
                }
                _ => None,
            };
        }
        let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = self.rest.get(..digits).and_then(|digits| digits.parse::<usize>().ok());
        self.skip(digits);
        number.map(|number| number.min(MAX_WIDTH))
    }
}

fn padded(text: String, flags: &Flags, val: &Val) -> String {
    let Some(width) = flags.width else { return text };
    let length = text.chars().count();
    let Some(missing) = width.checked_sub(length) else { return text };
    if flags.minus {
        return text + &" ".repeat(missing);
    }
    if !flags.zero || matches!(val.kind, Kind::Nil | Kind::Bool(_)) {
        return " ".repeat(missing) + &text;
    }
    match text.strip_prefix(['-', '+']) {
        Some(digits) => format!("{}{}{digits}", text.get(..1).unwrap_or_default(), "0".repeat(missing)),
        None => "0".repeat(missing) + &text,
    }
}

fn formatted(heap: &Heap, verb: char, val: &Val, flags: &Flags) -> Eval<String> {
    if verb == 'T' {
        return Ok(val.type_name().to_owned());
    }
    let cut = |text: String| match flags.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text,
    };
    Ok(match (&val.kind, verb) {
        (Kind::Nil, 'v') => "<nil>".to_owned(),
        (Kind::Nil, _) => format!("%!{verb}(<nil>)"),
        (Kind::Str(text), 'v') if flags.sharp => quoted(text.as_str()),
        (Kind::Str(text) | Kind::Bytes(text), 's') => cut(text.as_str().to_owned()),
        (Kind::Str(text), 'v') => cut(text.as_str().to_owned()),
        (Kind::Str(text) | Kind::Bytes(text), 'q') => {
            let text = cut(text.as_str().to_owned());
            if flags.sharp && !text.contains('`') { format!("`{text}`") } else { quoted(&text) }
        }
        (Kind::Str(text) | Kind::Bytes(text), 'x') => text.as_str().bytes().map(|byte| format!("{byte:02x}")).collect(),
        (Kind::Str(text) | Kind::Bytes(text), 'X') => text.as_str().bytes().map(|byte| format!("{byte:02X}")).collect(),
        (Kind::Bool(_), 't' | 'v') => print(heap, val)?,
        (Kind::Int(number) | Kind::Int64(number), _) => match integer(*number, verb, flags) {
            Some(text) => text,
            None => bad(heap, verb, val)?,
        },
        (Kind::Float(number), 'v' | 'g' | 'G' | 'e' | 'E' | 'f' | 'F') => float(*number, verb, flags),
        (Kind::List(list), _) if verb != 'v' => {
            let items: Eval<Vec<String>> = heap.list(*list).iter().map(|item| formatted(heap, verb, item, flags)).collect();
            format!("[{}]", items?.join(" "))
        }
        (Kind::Map(map), _) if verb != 'v' => {
            let mut items = Vec::new();
            for (name, item) in heap.map(*map) {
                let name = formatted(heap, verb, &Val::text(name.as_ref()), flags)?;
                let inner = Flags::default();
                items.push(format!(
                    "{name}:{}",
                    if item.as_map().is_some() { print(heap, item)? } else { formatted(heap, verb, item, &inner)? }
                ));
            }
            format!("map[{}]", items.join(" "))
        }
        (Kind::Object(object), 's' | 'v') => object.print(),
        (Kind::Object(object), 'q') => quoted(&object.print()),
        (_, 'v') => print(heap, val)?,
        _ => bad(heap, verb, val)?,
    })
}

fn bad(heap: &Heap, verb: char, val: &Val) -> Eval<String> {
    Ok(format!("%!{verb}({}={})", val.type_name(), print(heap, val)?))
}

fn integer(number: i64, verb: char, flags: &Flags) -> Option<String> {
    let sign = if number < 0 {
        "-"
    } else if flags.plus {
        "+"
    } else if flags.space {
        " "
    } else {
        ""
    };
    let size = number.unsigned_abs();
    let digits = match verb {
        'd' | 'v' => size.to_string(),
        'b' => format!("{size:b}"),
        'o' => format!("{}{size:o}", if flags.sharp { "0" } else { "" }),
        'O' => format!("0o{size:o}"),
        'x' => format!("{}{size:x}", if flags.sharp { "0x" } else { "" }),
        'X' => format!("{}{size:X}", if flags.sharp { "0X" } else { "" }),
        'c' => return Some(u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}').to_string()),
        'q' => return Some(format!("'{}'", u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'))),
        'U' => return Some(format!("U+{size:04X}")),
        _ => return None,
    };
    let missing = flags.precision.unwrap_or(0).saturating_sub(digits.len());
    Some(format!("{sign}{}{digits}", "0".repeat(missing)))
}

fn float(number: f64, verb: char, flags: &Flags) -> String {
    let text = match (special(number), verb) {
        (Some(special), _) => special.to_owned(),
        (None, 'f' | 'F') => format!("{number:.*}", flags.precision.unwrap_or(6)),
        (None, 'e' | 'E') => {
            let text = format!("{number:.*e}", flags.precision.unwrap_or(6));
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            format!("{mantissa}{verb}{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
        (None, _) => match flags.precision {
            None => general(number),
            Some(precision) => rounded(number, precision.max(1)),
        },
    };
    let sign = if flags.plus {
        "+"
    } else if flags.space {
        " "
    } else {
        ""
    };
    if text.starts_with(['-', '+']) { text } else { format!("{sign}{text}") }
}

/// `%.3g`: so many digits, without zeros at the end.
fn rounded(number: f64, precision: usize) -> String {
    let text = format!("{number:.*e}", precision - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    if exponent < -4 || limit <= exponent {
        let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
        return format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    let decimals = usize::try_from(limit - 1 - exponent).unwrap_or(0);
    let text = format!("{number:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
