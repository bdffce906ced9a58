//! Reads what is assigned to a name, in the syntax of every language at once.
//!
//! A keyword stands somewhere in a name; from there the name is read to both sides, then what joins it to a value, then the
//! value. Nothing here judges names or values. Everything stays on one line, but for `value:` below `name:`.

mod value;

use bartizan_core::ByteRange;

pub(crate) use value::{Form, Value};

use crate::syntax::Syntax;

/// A name and the value that is assigned to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// The name: letters, digits, `_`, `-`, `.`, `$`.
    pub(crate) name: ByteRange,
    /// The value and its literal form.
    pub(crate) value: Value,
    /// What joins the two.
    pub(crate) joint: Joint,
}

/// What joins a name to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Joint {
    /// `=`, `:=`, `=>` and their like.
    Equals,
    /// `:`.
    Colon,
    /// `==`, `!=` and their like.
    Comparison,
    /// `("name", "value")`.
    Comma,
    /// `<name>value</name>`, `<name value="…"/>`, `key="name" value="…"`.
    Markup,
    /// `name: KEY` and `value: …` on the next line.
    NextLine,
    /// `--name value`, `name "value"`, `ENV name value`.
    Space,
    /// `name("value")`.
    Call,
}

/// The longest name, in bytes.
const MAX_NAME_BYTES: usize = 96;
/// The widest alignment between name and value, in bytes.
const MAX_GAP_BYTES: usize = 48;

const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$') || 0x80 <= byte
}

/// The name around a place, without what only decorates it.
pub(crate) fn name_at(text: &[u8], hit: ByteRange) -> Option<ByteRange> {
    let before = text.get(..hit.start())?;
    let n_left = before.iter().rev().take(MAX_NAME_BYTES + 1).take_while(|&&byte| is_name_byte(byte)).count();
    let after = text.get(hit.end()..)?;
    let n_right = after.iter().take(MAX_NAME_BYTES + 1).take_while(|&&byte| is_name_byte(byte)).count();
    let (mut start, mut end) = (hit.start() - n_left, hit.end() + n_right);
    if MAX_NAME_BYTES < end - start {
        return None;
    }
    while start < hit.start() && text.get(start).is_some_and(|&byte| matches!(byte, b'-' | b'.' | b'$')) {
        start += 1;
    }
    while hit.end() < end && text.get(end - 1).is_some_and(|&byte| matches!(byte, b'-' | b'.')) {
        end -= 1;
    }
    // `"\npassword=…"`: the letter belongs to an escape sequence.
    if start < hit.start() && start != 0 && text.get(start - 1) == Some(&b'\\') && text.get(start).is_some_and(|byte| b"nrt".contains(byte))
    {
        start += 1;
    }
    Some(ByteRange::new(start, end))
}

/// The assignment to a name, if there is one.
pub(crate) fn assigned_to(text: &[u8], name: ByteRange, syntax: Syntax) -> Option<Assignment> {
    let reader = Reader { text, syntax, line_end: line_end(text, name.end()) };
    let (joint, value) = reader.after_name(name)?;
    Some(Assignment { name, value, joint })
}

/// How far a line is followed from a place, so that a file of one line costs no more than one of many.
const MAX_LINE_REACH: usize = 4096;

/// The end of the line that a place is in, or of the part of it that is looked at.
pub(crate) fn line_end(text: &[u8], place: usize) -> usize {
    let end = text.len().min(place + MAX_LINE_REACH);
    let rest = text.get(place..end).unwrap_or_default();
    memchr::memchr2(b'\n', b'\r', rest).map_or(end, |length| place + length)
}

/// The start of the line that a place is in, or of the part of it that is looked at.
pub(crate) fn line_start(text: &[u8], place: usize) -> usize {
    let start = place.saturating_sub(MAX_LINE_REACH);
    let before = text.get(start..place).unwrap_or_default();
    memchr::memrchr2(b'\n', b'\r', before).map_or(start, |offset| start + offset + 1)
}

/// The texts of the keys that enclose a name: what stands before it on its line, then lines above it with less indentation,
/// or the section that it stands in.
pub(crate) fn enclosing(text: &str, name: ByteRange) -> Vec<&str> {
    const MAX_LINES: usize = 60;
    const MAX_KEYS: usize = 3;
    const MAX_KEY_BYTES: usize = 120;
    let cut = |from: usize, to: usize| text.get(text.ceil_char_boundary(from)..text.floor_char_boundary(to)).unwrap_or_default();
    const MAX_BYTES_ABOVE: usize = 8 << 10;
    let start = line_start(text.as_bytes(), name.start());
    let mut keys = vec![cut(start.max(name.start().saturating_sub(MAX_KEY_BYTES)), name.start())];
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let mut depth = indentation(cut(start, name.end()));
    let above = cut(start.saturating_sub(MAX_BYTES_ABOVE), start);
    for line in above.lines().rev().take(MAX_LINES) {
        let is_section = line.trim_start().starts_with('[') && line.trim_end().ends_with(']');
        let opens = is_section || line.trim_end().ends_with([':', '{', '[', '(', '>', '=']);
        if line.trim().is_empty() || !(is_section || (indentation(line) < depth && opens)) {
            continue;
        }
        depth = indentation(line);
        keys.push(cut_str(line, MAX_KEY_BYTES));
        if MAX_KEYS < keys.len() || is_section {
            break;
        }
    }
    keys
}

fn cut_str(text: &str, length: usize) -> &str {
    text.get(..text.floor_char_boundary(length)).unwrap_or_default()
}

pub(crate) struct Reader<'a> {
    text: &'a [u8],
    syntax: Syntax,
    line_end: usize,
}

impl Reader<'_> {
    fn byte(&self, place: usize) -> Option<u8> {
        if place < self.line_end { self.text.get(place).copied() } else { None }
    }

    fn starts_with(&self, place: usize, prefix: &[u8]) -> bool {
        self.text.get(place..self.line_end).is_some_and(|rest| rest.starts_with(prefix))
    }

    fn skip_blanks(&self, place: usize) -> Option<usize> {
        let rest = self.text.get(place..self.line_end)?;
        let n_blanks = rest.iter().take(MAX_GAP_BYTES + 1).take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
        (n_blanks <= MAX_GAP_BYTES).then_some(place + n_blanks)
    }

    /// Skips one closing quote, escaped or not; says whether there was one.
    fn skip_quote(&self, place: usize) -> (usize, bool) {
        let mut after = place;
        while self.byte(after) == Some(b'\\') {
            after += 1;
        }
        match self.byte(after) {
            Some(b'"' | b'\'' | b'`') => (after + 1, true),
            Some(_) | None => (place, false),
        }
    }

    fn after_name(&self, name: ByteRange) -> Option<(Joint, Value)> {
        let (place, is_quoted) = self.skip_quote(name.end());
        if is_quoted && let Some(found) = self.beside_key(name, place) {
            return Some(found);
        }
        if !is_quoted && let Some(found) = self.below_key(name, place).filter(|_| self.is_value_of_key(name)) {
            return Some(found);
        }
        if !is_quoted && let Some(found) = self.in_element(name, place) {
            return Some(found);
        }
        let mut place = place;
        // `config["password"]`, `char password[16]`, `getPassword()`; a closing parenthesis of a call is none of these.
        if is_quoted && matches!(self.byte(place), Some(b']')) {
            place += 1;
        } else if self.byte(place) == Some(b'[') {
            let rest = self.text.get(place..self.line_end)?;
            let close = rest.iter().take(16).position(|&byte| byte == b']')?;
            place += close + 1;
        }
        let blank = place;
        place = self.skip_blanks(place)?;
        if let Some((joint, after)) = self.joint(place) {
            return self.after_joint(joint, after);
        }
        match self.byte(place)? {
            // `set("password", "x")`, `set(:password, "x")`, but not the arguments of a list of names.
            b',' if is_quoted || name.start().checked_sub(1).and_then(|before| self.text.get(before)) == Some(&b':') => {
                let value = self.value(self.skip_blanks(place + 1)?)?;
                value.is_quoted().then_some((Joint::Comma, value))
            }
            b'(' if !is_quoted => {
                let value = self.value(self.skip_blanks(place + 1)?)?;
                value.is_quoted().then_some((Joint::Call, value))
            }
            _ if blank < place && !is_quoted => self.after_space(name, place),
            _ => None,
        }
    }

    /// What joins a name to a value, and where the value's side starts.
    fn joint(&self, place: usize) -> Option<(Joint, usize)> {
        const JOINTS: [(&[u8], Joint); 18] = [
            (b"===", Joint::Comparison),
            (b"!==", Joint::Comparison),
            (b"==", Joint::Comparison),
            (b"!=", Joint::Comparison),
            (b"=~", Joint::Comparison),
            (b"=>", Joint::Equals),
            (b":=", Joint::Equals),
            (b"::=", Joint::Equals),
            (b"?=", Joint::Equals),
            (b"+=", Joint::Equals),
            (b"||=", Joint::Equals),
            (b"??=", Joint::Equals),
            (b"<-", Joint::Equals),
            (b"->", Joint::Equals),
            (b"=", Joint::Equals),
            (b"::", Joint::Colon),
            (b":", Joint::Colon),
            (b"%3D", Joint::Equals),
        ];
        let (text, joint) = JOINTS.iter().find(|(text, _)| self.starts_with(place, text))?;
        if *text == b"::" {
            return None;
        }
        Some((*joint, place + text.len()))
    }

    fn after_joint(&self, joint: Joint, after: usize) -> Option<(Joint, Value)> {
        let place = self.skip_blanks(after)?;
        if joint == Joint::Colon
            && self.syntax.has_types()
            && let Some(assigned) = self.after_type(place)
        {
            let value = self.value(self.skip_blanks(assigned)?)?;
            return Some((Joint::Equals, value));
        }
        // A colon that a type may follow, or an option of a ternary, needs a literal.
        let value = self.value(place)?;
        Some((joint, value))
    }

    /// `: string = "x"`: the place after the `=`.
    fn after_type(&self, place: usize) -> Option<usize> {
        let rest = self.text.get(place..self.line_end)?;
        let is_type_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"_<>[]|&?:., '".contains(&byte);
        let length = rest.iter().take(64).position(|&byte| !is_type_byte(byte))?;
        let is_assigned = rest.get(length) == Some(&b'=') && !matches!(rest.get(length + 1), Some(b'=' | b'>'));
        let starts_with_letter = rest.first().is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'&');
        (is_assigned && 0 < length && starts_with_letter).then_some(place + length + 1)
    }

    /// `--password x`, `#define PASSWORD "x"`, `ENV PASSWORD x`, `password x` in `.netrc`, `Password string = "x"` in Go.
    fn after_space(&self, name: ByteRange, place: usize) -> Option<(Joint, Value)> {
        let before = self.text.get(..name.start())?;
        let is_option = before.ends_with(b"--") || (before.ends_with(b" -") && self.syntax.is_shell_like());
        if is_option && let Some(value) = self.value(place).filter(|value| !self.starts_with(value.range.start(), b"-")) {
            return Some((Joint::Space, value));
        }
        if matches!(self.byte(place), Some(b'"' | b'\'' | b'`')) {
            let value = self.value(place)?;
            return Some((Joint::Space, value));
        }
        // `Password string = "x"`, `password is "x"`: one word, then a joint or a literal.
        let rest = self.text.get(place..self.line_end)?;
        let is_word_byte = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'*' | b'?' | b'<' | b'>' | b'.');
        let n_word = rest.iter().take(32).take_while(|byte| is_word_byte(byte)).count();
        if 0 < n_word {
            let next = self.skip_blanks(place + n_word)?;
            if self.byte(next) == Some(b'=') && self.byte(next + 1) != Some(b'=') {
                let value = self.value(self.skip_blanks(next + 1)?)?;
                if value.is_quoted() {
                    return Some((Joint::Equals, value));
                }
            }
            if rest.get(..n_word).is_some_and(|word| matches!(word, b"is" | b"to" | b"AS" | b"as" | b"BY" | b"by")) {
                let value = self.value(next)?;
                return value.is_quoted().then_some((Joint::Space, value));
            }
        }
        if self.syntax.separates_by_space() || self.starts_line(name, b"ENV ") || self.starts_line(name, b"ARG ") {
            return Some((Joint::Space, self.value(place)?));
        }
        None
    }

    fn starts_line(&self, name: ByteRange, keyword: &[u8]) -> bool {
        let start = line_start(self.text, name.start());
        self.text.get(start..name.start()).is_some_and(|before| before.trim_ascii_start().eq_ignore_ascii_case(keyword))
    }

    /// `<password>x</password>`, `<password type="plain">x</password>`, `<password value="x"/>`.
    fn in_element(&self, name: ByteRange, place: usize) -> Option<(Joint, Value)> {
        let before = self.text.get(..name.start())?;
        let open = before.iter().rev().take(32).position(|&byte| !(is_name_byte(byte) || byte == b':'))?;
        if before.get(before.len() - 1 - open) != Some(&b'<') {
            return None;
        }
        let rest = self.text.get(place..self.line_end)?;
        let close = rest.iter().take(160).position(|&byte| byte == b'>')?;
        let attributes = rest.get(..close)?;
        if let Some(offset) = value_attribute(attributes) {
            return Some((Joint::Markup, self.value(place + offset)?)).filter(|(_, value)| value.is_quoted());
        }
        if attributes.ends_with(b"/") {
            return None;
        }
        self.element_text(place + close + 1).map(|value| (Joint::Markup, value))
    }

    /// `key="password" value="x"`, `name="password">x<`, and `value:` on the next line.
    fn beside_key(&self, name: ByteRange, place: usize) -> Option<(Joint, Value)> {
        if !self.is_value_of_key(name) {
            return None;
        }
        let rest = self.text.get(place..self.line_end)?;
        let near = rest.get(..rest.len().min(96)).unwrap_or_default();
        if let Some(offset) = value_attribute(near) {
            return Some((Joint::Markup, self.value(place + offset)?));
        }
        if near.first() == Some(&b'>') {
            return self.element_text(place + 1).map(|value| (Joint::Markup, value));
        }
        self.below_key(name, place)
    }

    fn element_text(&self, place: usize) -> Option<Value> {
        let rest = self.text.get(place..self.line_end)?;
        let rest = rest.strip_prefix(b"<![CDATA[").unwrap_or(rest);
        let start = self.line_end - rest.len();
        let length = rest.iter().position(|&byte| matches!(byte, b'<' | b']'))?;
        let content = rest.get(..length)?;
        let n_blank = content.len() - content.trim_ascii_start().len();
        let content = content.trim_ascii();
        (!content.is_empty() && content.len() <= value::MAX_VALUE_BYTES)
            .then(|| Value { range: ByteRange::new(start + n_blank, start + n_blank + content.len()), form: Form::Element })
    }

    /// `- name: PASSWORD` and `value: x` on the next line.
    fn below_key(&self, name: ByteRange, place: usize) -> Option<(Joint, Value)> {
        if !self.is_value_of_key(name) || !self.text.get(place..self.line_end)?.iter().all(|byte| b" \t,\r".contains(byte)) {
            return None;
        }
        let next = self.line_end + self.text.get(self.line_end..)?.iter().take_while(|byte| b"\r\n".contains(byte)).count();
        let below = Reader { text: self.text, syntax: self.syntax, line_end: line_end(self.text, next) };
        let offset = value_attribute(below.text.get(next..below.line_end)?)?;
        Some((Joint::NextLine, below.value(next + offset)?))
    }

    /// Whether the name is itself the value of `name:`, `key=` or their like.
    fn is_value_of_key(&self, name: ByteRange) -> bool {
        let start = line_start(self.text, name.start());
        const MAX_KEY_BYTES: usize = 64;
        let Some(before) = self.text.get(start.max(name.start().saturating_sub(MAX_KEY_BYTES))..name.start()) else { return false };
        let before = before.trim_ascii_end();
        let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before).trim_ascii_end();
        let Some(before) = before.strip_suffix(b":").or_else(|| before.strip_suffix(b"=")) else { return false };
        let before = before.trim_ascii_end();
        let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
        let n_word = before.iter().rev().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let word = before.get(before.len() - n_word..).unwrap_or_default();
        [&b"name"[..], b"key", b"id", b"property", b"param"].iter().any(|key| word.eq_ignore_ascii_case(key))
    }
}

/// The offset after `value=`, `value:` or `"value":` in a text that holds one near its start.
fn value_attribute(text: &[u8]) -> Option<usize> {
    const NAMES: [&[u8]; 4] = [b"value", b"val", b"content", b"default"];
    let text = text.get(..text.len().min(160))?;
    let start = text.iter().position(|byte| !b" \t\r\n,\"'-".contains(byte))?;
    let mut place = start;
    // Other attributes may stand between.
    for _ in 0..4 {
        let rest = text.get(place..)?;
        let n_word = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        let word = rest.get(..n_word)?;
        let mut after = place + n_word;
        if matches!(text.get(after), Some(b'"' | b'\'')) {
            after += 1;
        }
        while matches!(text.get(after), Some(b' ' | b'\t')) {
            after += 1;
        }
        if !matches!(text.get(after), Some(b'=' | b':')) {
            return None;
        }
        after += 1;
        while matches!(text.get(after), Some(b' ' | b'\t')) {
            after += 1;
        }
        if NAMES.iter().any(|name| word.eq_ignore_ascii_case(name)) {
            return Some(after);
        }
        // Skips this attribute's quoted value.
        let quote = *text.get(after).filter(|byte| matches!(byte, b'"' | b'\''))?;
        let length = text.get(after + 1..)?.iter().position(|&byte| byte == quote)?;
        place = after + length + 2;
        place += text.get(place..)?.iter().take_while(|byte| b" \t,".contains(byte)).count();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(syntax: Syntax, text: &str, expected: Option<(&str, Joint, Form)>) {
        let hit = text.to_ascii_lowercase().find("pass").unwrap();
        let name = name_at(text.as_bytes(), ByteRange::new(hit, hit + 4)).unwrap();
        let found = assigned_to(text.as_bytes(), name, syntax);
        let found = found.map(|found| (&text[found.value.range.start()..found.value.range.end()], found.joint, found.value.form));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn assignments_are_read_in_the_syntax_of_many_languages() {
        use Form::{Bare, Element, Quoted, Wrapped};
        use Joint::{Call, Colon, Comma, Comparison, Equals, Markup, NextLine, Space};
        for (syntax, text, value, joint, form) in [
            (Syntax::Code, "String dbPassword = \"x1y2\";", "x1y2", Equals, Quoted),
            (Syntax::Code, "password := `x1y2`", "x1y2", Equals, Quoted),
            (Syntax::Code, "'password' => 'x1y2',", "x1y2", Equals, Quoted),
            (Syntax::Code, "config[\"password\"] = 'x1y2'", "x1y2", Equals, Quoted),
            (Syntax::Code, "define('DB_PASSWORD', 'x1y2');", "x1y2", Comma, Quoted),
            (Syntax::Code, "set :password, 'x1y2'", "x1y2", Comma, Quoted),
            (Syntax::Code, "if password == \"x1y2\" {", "x1y2", Comparison, Quoted),
            (Syntax::Code, "setPassword(\"x1y2\")", "x1y2", Call, Quoted),
            (Syntax::Code, "char password[16] = \"x1y2\";", "x1y2", Equals, Quoted),
            (Syntax::Code, "#define PASSWORD \"x1y2\"", "x1y2", Space, Quoted),
            (Syntax::Code, "const password string = \"x1y2\"", "x1y2", Equals, Quoted),
            (Syntax::Code, "password = b64decode(\"x1y2\")", "x1y2", Equals, Wrapped),
            (Syntax::Code, "log(\"{\\\"password\\\":\\\"x1y2\\\"}\")", "x1y2", Colon, Quoted),
            (Syntax::TypedCode, "password: str = \"x1y2\"", "x1y2", Equals, Quoted),
            (Syntax::TypedCode, "let password: &'static str = \"x1y2\";", "x1y2", Equals, Quoted),
            (Syntax::Json, "{\"password\": \"x1y2\"}", "x1y2", Colon, Quoted),
            (Syntax::Yaml, "password: x1y2 # comment", "x1y2", Colon, Bare),
            (Syntax::Yaml, "- name: PASSWORD\n  value: \"x1y2\"", "x1y2", NextLine, Quoted),
            (Syntax::Settings, "password=x1;y2", "x1;y2", Equals, Bare),
            (Syntax::Shell, "mysql --password=x1y2 -e", "x1y2", Equals, Bare),
            (Syntax::Shell, "tool --password x1y2", "x1y2", Space, Bare),
            (Syntax::Shell, "ENV PASSWORD x1y2", "x1y2", Space, Bare),
            (Syntax::Markup, "<password>x1y2</password>", "x1y2", Markup, Element),
            (Syntax::Markup, "<password encrypted=\"no\" value=\"x1y2\"/>", "x1y2", Markup, Quoted),
            (Syntax::Markup, "<add key=\"Password\" value=\"x1y2\"/>", "x1y2", Markup, Quoted),
            (Syntax::SpaceSeparated, "login me password x1y2", "x1y2", Space, Bare),
        ] {
            check(syntax, text, Some((value, joint, form)));
        }
    }

    #[test]
    fn what_is_no_literal_is_no_value() {
        for (syntax, text) in [
            (Syntax::Code, "password := os.Getenv(name)"),
            (Syntax::Json, "\"password\": null"),
            (Syntax::Code, "names(\"password\", other)"),
            (Syntax::Markup, "<password/>"),
            (Syntax::Code, "password"),
            (Syntax::Code, "password = \"unclosed"),
        ] {
            check(syntax, text, None);
        }
    }

    #[test]
    fn an_escaped_line_break_is_not_part_of_a_name() {
        let text = "\"\\npassword=x\"";
        let name = name_at(text.as_bytes(), ByteRange::new(3, 7)).unwrap();
        assert_eq!(&text[name.start()..name.end()], "password");
    }
}
