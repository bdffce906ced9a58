//! YAML, read as `sigs.k8s.io/yaml` reads it, and written byte for byte as it writes it.

use std::{borrow::Cow, rc::Rc};

use bartizan_core::ByteRange;
use bartizan_source::document::{Node, Value, parse_yaml_stream};

use super::scalar::{Scalar, is_sexagesimal, is_timestamp, resolve};
use crate::helm::{
    failure::{Eval, Failure, fail},
    format,
    machine::Machine,
    text::{Origin, Text, Writer},
    value::{Heap, Key, Kind, MAX_VALUE_DEPTH, Map, Val},
};

/// How long what is written of one value may be.
const MAX_WRITTEN: usize = 16 * 1024 * 1024;
/// A key that is longer, or has several lines, is written behind `?`.
const MAX_SIMPLE_KEY: usize = 128;

/// Gives a value the key that it was read at: that of what it is in, its name, and its place.
pub(in crate::helm) type KeyOf<'k> = dyn FnMut(Key, &str, ByteRange) -> Key + 'k;

/// Reads one document.
pub(in crate::helm) fn read(machine: &mut Machine, text: &str, parent: Key, key_of: &mut KeyOf<'_>) -> Result<Val, String> {
    let stream = parse_yaml_stream(text);
    if let Some(problem) = stream.problems.iter().find(|problem| problem.is_cut) {
        return Err(format!("error converting YAML to JSON: {}", problem.message));
    }
    let Some(root) = stream.roots.first() else { return Ok(Val::NIL) };
    Ok(Reader { text, machine, key_of }.value(root, parent))
}

struct Reader<'r, 'k> {
    text: &'r str,
    machine: &'r mut Machine,
    key_of: &'r mut KeyOf<'k>,
}

impl Reader<'_, '_> {
    fn value(&mut self, node: &Node<'_>, key: Key) -> Val {
        let val = match &node.value {
            Value::Null => Val::NIL,
            Value::Boolean(is) => Val::bool(*is),
            Value::Number(text) => scalar(text).unwrap_or_else(|| Val::text(text.as_ref())),
            Value::Text(text) => {
                let is_plain = self.text.get(node.range.start()..node.range.end()) == Some(text.as_ref());
                scalar(text).filter(|_| is_plain).unwrap_or_else(|| Val::text(text.as_ref()))
            }
            Value::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let item_key = (self.key_of)(key, &format!("[{index}]"), item.range);
                    list.push(self.value(item, item_key));
                }
                self.machine.heap.new_list(list)
            }
            Value::Map(members) => {
                let mut map = Map::new();
                for member in members {
                    let name = self.name(&member.name, member.name_range);
                    let place = ByteRange::new(member.name_range.start(), member.node.range.end().max(member.name_range.end()));
                    let member_key = (self.key_of)(key, &name, place);
                    let value = self.value(&member.node, member_key);
                    map.insert(name.into(), value);
                }
                self.machine.heap.new_map(map)
            }
        };
        val.keyed(key)
    }

    /// A name: where it is a truth value or a number, it is written as JSON would write that.
    fn name<'n>(&self, name: &'n str, range: ByteRange) -> Cow<'n, str> {
        if self.text.get(range.start()..range.end()) != Some(name) {
            return name.into();
        }
        match resolve(name) {
            Some(Scalar::Bool(is)) => (if is { "true" } else { "false" }).into(),
            Some(Scalar::Int(number)) => number.to_string().into(),
            Some(Scalar::Float(number)) if number.is_finite() => format::general(number).into(),
            Some(Scalar::Float(_) | Scalar::Null) | None => name.into(),
        }
    }
}

/// A plain scalar that is no text. JSON, which Helm goes through, knows numbers with a point only.
fn scalar(text: &str) -> Option<Val> {
    Some(match resolve(text)? {
        Scalar::Null => Val::NIL,
        Scalar::Bool(is) => Val::bool(is),
        #[expect(clippy::cast_precision_loss, reason = "JSON's numbers are rounded like this")]
        Scalar::Int(number) => Val::new(Kind::Float(number as f64)),
        Scalar::Float(number) => Val::new(Kind::Float(number)),
    })
}

/// Writes a value, without the last line feed. Each line remembers the key of its value.
pub(in crate::helm) fn write(heap: &Heap, val: &Val, style: Style) -> Eval<Text> {
    let mut emitter = Emitter { heap, out: Writer::default(), style };
    emitter.value(val, Position { indent: 0, is_inline: true, in_list: false }, 0)?;
    Ok(emitter.out.finish())
}

/// How lists within maps are indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::helm) enum Style {
    /// As their name: `toYaml`.
    Compact,
    /// By two: `toYamlPretty`.
    Indented,
}

struct Emitter<'h> {
    heap: &'h Heap,
    out: Writer,
    style: Style,
}

/// Where a value is written.
#[derive(Clone, Copy)]
struct Position {
    indent: usize,
    /// Whether the first line stands behind `- ` or at the very start.
    is_inline: bool,
    in_list: bool,
}

impl Emitter<'_> {
    fn value(&mut self, val: &Val, position: Position, depth: usize) -> Eval<()> {
        if MAX_VALUE_DEPTH < depth || MAX_WRITTEN < self.out.len() {
            return Err(Failure::limit("the value is too deep or too long to write (max-value-depth)".to_owned()));
        }
        match &val.kind {
            Kind::Map(map) if !self.heap.map(*map).is_empty() => {
                let mut members: Vec<(&Rc<str>, &Val)> = self.heap.map(*map).iter().collect();
                members.sort_by(|(a, _), (b, _)| natural_order(a, b));
                for (index, (name, item)) in members.into_iter().enumerate() {
                    self.start_line(index == 0 && position.is_inline, position.indent);
                    self.mark(item);
                    self.member(name, item, position.indent, depth)?;
                }
            }
            Kind::List(list) if !self.heap.list(*list).is_empty() => {
                for (index, item) in self.heap.list(*list).iter().enumerate() {
                    self.start_line(index == 0 && position.is_inline, position.indent);
                    self.mark(item);
                    self.out.push("- ");
                    self.value(item, Position { indent: position.indent + 2, is_inline: true, in_list: true }, depth + 1)?;
                }
            }
            Kind::Map(_) => self.out.push("{}"),
            Kind::List(_) => self.out.push("[]"),
            _ => {
                let literal = if position.in_list || depth == 0 { position.indent } else { position.indent + 2 };
                self.scalar(val, literal.max(if depth == 0 { 2 } else { 0 }))?;
            }
        }
        Ok(())
    }

    fn start_line(&mut self, is_inline: bool, indent: usize) {
        if !is_inline {
            self.out.push("\n");
            self.out.push(&" ".repeat(indent));
        }
    }

    fn mark(&mut self, val: &Val) {
        if !val.key.is_none() {
            self.out.mark(Origin::of_key(val.key));
        }
    }

    fn member(&mut self, name: &str, item: &Val, indent: usize, depth: usize) -> Eval<()> {
        if name.contains('\n') || MAX_SIMPLE_KEY < name.len() {
            self.out.push("? ");
            self.text(name, indent + 2, IsKey::No);
            self.out.push("\n");
            self.out.push(&" ".repeat(indent));
            self.out.push(": ");
            return self.value(item, Position { indent: indent + 2, is_inline: true, in_list: true }, depth + 1);
        }
        self.text(name, indent, IsKey::Yes);
        self.out.push(":");
        let (is_block, deeper) = match &item.kind {
            Kind::Map(map) => (!self.heap.map(*map).is_empty(), indent + 2),
            Kind::List(list) => (!self.heap.list(*list).is_empty(), if self.style == Style::Compact { indent } else { indent + 2 }),
            _ => (false, indent),
        };
        if !is_block {
            self.out.push(" ");
        }
        self.value(item, Position { indent: deeper, is_inline: false, in_list: false }, depth + 1)
    }

    /// A single value; `indent` is that of the lines of a literal.
    fn scalar(&mut self, val: &Val, indent: usize) -> Eval<()> {
        match &val.kind {
            Kind::Nil => self.out.push("null"),
            Kind::Bool(is) => self.out.push(if *is { "true" } else { "false" }),
            Kind::Int(number) | Kind::Int64(number) => self.out.push(&number.to_string()),
            Kind::Float(number) if number.is_finite() => {
                let json = format::json_number(*number);
                let is_int = json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
                self.out.push(&if is_int { json } else { format::general(*number) });
            }
            Kind::Float(_) => return fail("json: unsupported value"),
            Kind::Str(text) => self.text(text.as_str(), indent, IsKey::No),
            Kind::Bytes(text) => {
                use base64::Engine as _;
                self.out.push(&base64::engine::general_purpose::STANDARD.encode(text.as_str()));
            }
            Kind::Object(object) => self.text(&object.print(), indent, IsKey::No),
            Kind::List(_) | Kind::Map(_) => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, indent: usize, is_key: IsKey) {
        let looks = Looks::of(text);
        let is_plain_text = resolve(text).is_none() && !is_timestamp(text) && !is_sexagesimal(text);
        match () {
            () if text.contains('\n') && looks.block && is_key == IsKey::No => self.literal(text, indent),
            () if text.contains('\n') || !is_plain_text => self.out.push(&double_quoted(text)),
            () if looks.plain => self.out.push(text),
            () if looks.single => {
                self.out.push("'");
                self.out.push(&text.replace('\'', "''"));
                self.out.push("'");
            }
            () => self.out.push(&double_quoted(text)),
        }
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.out.push("|");
        if text.starts_with([' ', '\n', '\r']) {
            self.out.push("2");
        }
        if !text.ends_with('\n') {
            self.out.push("-");
        } else if text == "\n" || text.ends_with("\n\n") {
            self.out.push("+");
        }
        let pad = " ".repeat(indent);
        let body = text.strip_suffix('\n').unwrap_or(text);
        for line in body.split('\n') {
            self.out.push("\n");
            if !line.is_empty() {
                self.out.push(&pad);
                self.out.push(line);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IsKey {
    Yes,
    No,
}

/// How a text may be written: libyaml's `yaml_emitter_analyze_scalar`.
struct Looks {
    plain: bool,
    single: bool,
    block: bool,
}

impl Looks {
    fn of(text: &str) -> Self {
        let mut looks = Self { plain: !text.is_empty(), single: true, block: true };
        if text.starts_with("---") || text.starts_with("...") {
            looks.plain = false;
        }
        let (mut was_space, mut was_break, mut after_blank) = (false, false, true);
        let mut chars = text.chars().enumerate().peekable();
        while let Some((index, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            let before_blank = next.is_none_or(|next| matches!(next, ' ' | '\t') || is_break(next));
            let is_indicator = if index == 0 {
                "#,[]{}&*!|>'\"%@`".contains(c) || matches!(c, '?' | ':' | '-') && before_blank
            } else {
                c == ':' && before_blank || c == '#' && after_blank
            };
            if is_indicator {
                looks.plain = false;
            }
            if !is_printable(c) {
                (looks.plain, looks.single, looks.block) = (false, false, false);
            }
            if c == ' ' {
                if index == 0 || next.is_none() {
                    looks.plain = false;
                }
                if next.is_none() {
                    looks.block = false;
                }
                if was_break {
                    (looks.plain, looks.single) = (false, false);
                }
                (was_space, was_break) = (true, false);
            } else if is_break(c) {
                looks.plain = false;
                if was_space {
                    (looks.single, looks.block) = (false, false);
                }
                (was_space, was_break) = (false, true);
            } else {
                (was_space, was_break) = (false, false);
            }
            after_blank = matches!(c, ' ' | '\t') || is_break(c);
        }
        looks
    }
}

const fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

fn double_quoted(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        let name = match c {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            c if is_printable(c) && c != '\u{feff}' => {
                out.push(c);
                continue;
            }
            c => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
                continue;
            }
        };
        out.push('\\');
        out.push(name);
    }
    out.push('"');
    out
}

/// The order of keys: numbers within names count as numbers, letters come behind what is no letter.
fn natural_order(left: &str, right: &str) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(a, b)| a != b) else { return a.len().cmp(&b.len()) };
    let (Some(&x), Some(&y)) = (a.get(at), b.get(at)) else { return Ordering::Equal };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let has_digits_before =
        (x == '0' || y == '0') && a.get(..at).unwrap_or_default().iter().rev().take_while(|c| c.is_ascii_digit()).any(|c| *c != '0');
    let number = |chars: &[char]| {
        let digits: Vec<u64> = chars.iter().skip(at).map_while(|c| c.to_digit(10)).map(u64::from).collect();
        let start = u64::from(has_digits_before);
        (digits.iter().fold(start, |n, digit| n.wrapping_mul(10).wrapping_add(*digit)), digits.len())
    };
    let (left, right) = (number(&a), number(&b));
    left.0.cmp(&right.0).then(left.1.cmp(&right.1)).then(x.cmp(&y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut machine = Machine::new(0);
        let val = read(&mut machine, text, Key::NONE, &mut |_, _, _| Key::NONE).unwrap();
        assert_eq!(write(&machine.heap, &val, Style::Compact).unwrap().as_str(), expected, "{text}");
    }

    #[test]
    fn documents_are_written_as_go_writes_them() {
        check("b: [1, {c: x, d: [z]}]\na: {}\ne: []\n", "a: {}\nb:\n- 1\n- c: x\n  d:\n  - z\ne: []");
        check("- - 1\n  - 2\n- []\n", "- - 1\n  - 2\n- []");
        check("a10: 1\na9: 2\nB: 3\n_: 4\n", "_: 4\nB: 3\na9: 2\na10: 1");
        check(
            "a: 'yes'\nb: '1'\nc: 2020-01-01\nd: 1000000\ne: 1.5\nf: '12:30'\ng: ''\n",
            "a: \"yes\"\nb: \"1\"\nc: \"2020-01-01\"\nd: 1000000\ne: 1.5\nf: \"12:30\"\ng: \"\"",
        );
        check("a: \"x\\ny\"\nb: \"x\\n\"\nc: \"x\\n\\n\"\nd: \" x\\ny\"\n", "a: |-\n  x\n  y\nb: |\n  x\nc: |+\n  x\n\nd: |2-\n   x\n  y");
        check(
            "a: '*x'\nb: 'a: b'\nc: 'a #b'\nd: \"it's\"\ne: 'x '\nf: \"\\t\"\n",
            "a: '*x'\nb: 'a: b'\nc: 'a #b'\nd: it's\ne: 'x '\nf: \"\\t\"",
        );
        check("- \"x\\ny\"\n- {a: \"p\\nq\\n\"}\n", "- |-\n  x\n  y\n- a: |\n    p\n    q");
        check("a:\n  b:\n    - c: |\n        d\n        e\n", "a:\n  b:\n  - c: |\n      d\n      e");
        check("n: 1\ny: 2\n1.0: 3\n", "\"1\": 3\n\"false\": 1\n\"true\": 2");
        check("null\n", "null");
    }
}
