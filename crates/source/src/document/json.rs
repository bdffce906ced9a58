//! JSON, RFC 8259; and what tools that write it by hand allow beside.

use std::borrow::Cow;

use bartizan_core::ByteRange;

use super::{
    Document, DocumentProblem, MAX_DEPTH, MAX_VALUES, Member, Node, Value,
    node::{first_doubled, shortened},
};

/// What is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// What RFC 8259 says.
    Strict,
    /// Comments and commas before a closing bracket too: `bun.lock`, `tsconfig.json`.
    WithComments,
}

/// Reads a document.
///
/// ```
/// use bartizan_source::document::{JsonDialect, parse_json};
///
/// let document = parse_json(r#"{"name": "left-pad", "version": "1.3.0"}"#, JsonDialect::Strict);
/// assert_eq!(document.root.unwrap().text_of("version"), Some("1.3.0"));
/// ```
#[must_use]
pub fn parse(text: &str, dialect: Dialect) -> Document<'_> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, n_values: 0, dialect, problems: Vec::new(), open: Vec::new() };
    let root = parser.document();
    Document { root, problems: parser.problems }
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    n_values: usize,
    dialect: Dialect,
    problems: Vec<DocumentProblem>,
    /// The lists and maps that are not complete yet: no recursion, so that depth costs no stack.
    open: Vec<Open<'t>>,
}

/// A list or map that is not complete.
struct Open<'t> {
    start: usize,
    items: Items<'t>,
}

enum Items<'t> {
    List(Vec<Node<'t>>),
    Map { members: Vec<Member<'t>>, name: Option<(Cow<'t, str>, ByteRange)> },
}

/// Something is wrong, and has been said.
struct Cut;

impl<'t> Parser<'t> {
    fn document(&mut self) -> Option<Node<'t>> {
        let root = match self.value_at_root() {
            Ok(root) => Some(root),
            Err(Cut) => self.close_all(),
        };
        if !self.problems.iter().any(|problem| problem.is_cut) {
            self.skip_blank();
            if self.at < self.bytes.len() {
                self.problems.push(DocumentProblem::cut(self.at, "there is something behind the end of the document"));
            }
        }
        root
    }

    /// What was complete when the document broke off.
    fn close_all(&mut self) -> Option<Node<'t>> {
        let mut inner: Option<Node<'t>> = None;
        while let Some(mut open) = self.open.pop() {
            if let Some(node) = inner.take() {
                open.items.add(node);
            }
            inner = Some(open.close(self.at));
        }
        inner
    }

    fn value_at_root(&mut self) -> Result<Node<'t>, Cut> {
        loop {
            // A value begins here.
            self.skip_blank();
            let mut node = match self.peek() {
                Some(b'{') => {
                    self.begin(Items::Map { members: Vec::new(), name: None })?;
                    if self.is_at_end_of(b'}') {
                        self.end()?
                    } else {
                        self.name()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.begin(Items::List(Vec::new()))?;
                    if self.is_at_end_of(b']') {
                        self.end()?
                    } else {
                        continue;
                    }
                }
                _ => self.scalar()?,
            };
            // It is complete; so may be what it stands in.
            loop {
                let Some(open) = self.open.last_mut() else { return Ok(node) };
                let (closing, is_map) = open.items.add(node);
                self.skip_blank();
                let is_comma = self.peek() == Some(b',');
                if is_comma {
                    self.at += 1;
                    self.skip_blank();
                    let may_end = self.dialect == Dialect::WithComments && self.peek() == Some(closing);
                    if !may_end {
                        if is_map {
                            self.name()?;
                        }
                        break;
                    }
                }
                if self.peek() != Some(closing) {
                    return Err(self.expected(if is_map { "`,` or `}`" } else { "`,` or `]`" }));
                }
                node = self.end()?;
            }
        }
    }

    fn begin(&mut self, items: Items<'t>) -> Result<(), Cut> {
        if MAX_DEPTH <= self.open.len() {
            return Err(self.cut(format!("values are nested more than {MAX_DEPTH} deep (max-document-depth)")));
        }
        self.count()?;
        self.open.push(Open { start: self.at, items });
        self.at += 1;
        Ok(())
    }

    fn is_at_end_of(&mut self, closing: u8) -> bool {
        self.skip_blank();
        self.peek() == Some(closing)
    }

    /// Closes the innermost list or map at its bracket.
    fn end(&mut self) -> Result<Node<'t>, Cut> {
        self.at += 1;
        let Some(open) = self.open.pop() else { return Err(self.expected("a value")) };
        let is_doubled = match &open.items {
            Items::Map { members, .. } => first_doubled(members),
            Items::List(_) => None,
        };
        if let Some((range, name)) = is_doubled {
            let message = format!("`{}` is given twice; the last one counts", shortened(&name));
            self.problems.push(DocumentProblem { range, message, is_cut: false });
        }
        Ok(open.close(self.at))
    }

    /// The name of a member, and the colon behind it.
    fn name(&mut self) -> Result<(), Cut> {
        self.skip_blank();
        if self.peek() != Some(b'"') {
            return Err(self.expected("a name in double quotes"));
        }
        let (text, range) = self.string()?;
        self.skip_blank();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        if let Some(Open { items: Items::Map { name, .. }, .. }) = self.open.last_mut() {
            *name = Some((text, range));
        }
        Ok(())
    }

    fn scalar(&mut self) -> Result<Node<'t>, Cut> {
        self.count()?;
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => Value::Text(self.string()?.0),
            Some(b'-' | b'0'..=b'9') => {
                let is_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let n_bytes = self.rest().iter().take_while(|byte| is_number(byte)).count();
                self.at += n_bytes;
                Value::Number(Cow::Borrowed(self.text.get(start..self.at).unwrap_or_default()))
            }
            _ => {
                let word = [("true", Value::Boolean(true)), ("false", Value::Boolean(false)), ("null", Value::Null)];
                let Some((text, value)) = word.into_iter().find(|(text, _)| self.rest().starts_with(text.as_bytes())) else {
                    return Err(self.expected("a value"));
                };
                self.at += text.len();
                value
            }
        };
        Ok(Node { range: ByteRange::new(start, self.at), value })
    }

    /// A text in quotes; it is copied only where it has escapes.
    fn string(&mut self) -> Result<(Cow<'t, str>, ByteRange), Cut> {
        let start = self.at;
        self.at += 1;
        let mut own: Option<String> = None;
        loop {
            let from = self.at;
            let n_plain = self.rest().iter().position(|&byte| matches!(byte, b'"' | b'\\') || byte < 0x20);
            let Some(n_plain) = n_plain else {
                self.at = start;
                return Err(self.cut("this text has no end"));
            };
            self.at += n_plain;
            let plain = self.text.get(from..self.at).unwrap_or_default();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let range = ByteRange::new(start, self.at);
                    let text = match own {
                        None => Cow::Borrowed(plain),
                        Some(own) => Cow::Owned(own + plain),
                    };
                    return Ok((text, range));
                }
                Some(b'\\') => {
                    let own = own.get_or_insert_default();
                    own.push_str(plain);
                    let escaped = self.escape()?;
                    own.push(escaped);
                }
                _ => return Err(self.cut("a text must not contain a line break or another control character")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Cut> {
        let kind = self.bytes.get(self.at + 1).copied();
        let simple = match kind {
            Some(b'n') => Some('\n'),
            Some(b't') => Some('\t'),
            Some(b'r') => Some('\r'),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(byte @ (b'"' | b'\\' | b'/')) => Some(char::from(byte)),
            _ => None,
        };
        if let Some(simple) = simple {
            self.at += 2;
            return Ok(simple);
        }
        let Some(first) = self.hex_escape() else { return Err(self.cut("this escape is none of JSON's")) };
        self.at += 6;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        // RFC 8259, section 7: a pair of surrogates is one character.
        match self.hex_escape() {
            Some(second) if (0xDC00..0xE000).contains(&second) => {
                self.at += 6;
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }
            _ => Ok(char::REPLACEMENT_CHARACTER),
        }
    }

    fn hex_escape(&self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }

    fn skip_blank(&mut self) {
        loop {
            let n_blank = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
            self.at += n_blank;
            if self.dialect == Dialect::Strict {
                return;
            }
            let rest = self.rest();
            self.at += match rest {
                [b'/', b'/', ..] => rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()),
                [b'/', b'*', within @ ..] => within.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |end| end + 4),
                _ => return,
            };
        }
    }

    fn count(&mut self) -> Result<(), Cut> {
        self.n_values += 1;
        if MAX_VALUES < self.n_values {
            return Err(self.cut(format!("the document has more than {MAX_VALUES} values (max-document-values)")));
        }
        Ok(())
    }

    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn expected(&mut self, what: &str) -> Cut {
        let is_at_end = self.bytes.len() <= self.at;
        self.cut(if is_at_end { format!("the document ends where {what} is expected") } else { format!("{what} is expected here") })
    }

    fn cut(&mut self, message: impl Into<String>) -> Cut {
        self.problems.push(DocumentProblem::cut(self.at, message));
        Cut
    }
}

impl<'t> Items<'t> {
    /// Takes a value; says how this ends, and whether it is a map.
    fn add(&mut self, node: Node<'t>) -> (u8, bool) {
        match self {
            Self::List(items) => {
                items.push(node);
                (b']', false)
            }
            Self::Map { members, name } => {
                if let Some((name, name_range)) = name.take() {
                    members.push(Member { name, name_range, node });
                }
                (b'}', true)
            }
        }
    }
}

impl<'t> Open<'t> {
    fn close(self, end: usize) -> Node<'t> {
        let value = match self.items {
            Items::List(items) => Value::List(items),
            Items::Map { members, .. } => Value::Map(members),
        };
        Node { range: ByteRange::new(self.start, end), value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, dialect: Dialect, expected: &str) {
        let document = parse(text, dialect);
        let problems: Vec<String> =
            document.problems.iter().map(|problem| format!("{}: {}", problem.range.start(), problem.message)).collect();
        let root = document.root.as_ref().map(show).unwrap_or_default();
        assert_eq!([root, problems.join("; ")].join(" | "), expected, "{text:?}");
    }

    fn show(node: &Node<'_>) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Boolean(is) => is.to_string(),
            Value::Number(text) => text.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
            Value::Map(members) => {
                let members: Vec<String> = members.iter().map(|member| format!("{}:{}", member.name, show(&member.node))).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    #[test]
    fn values_of_every_kind_are_read() {
        check(
            r#" {"a": [1, -2.5e3, true, false, null, "x\n\u00e9\ud83d\ude00"], "b": {}} "#,
            Dialect::Strict,
            "{a:[1,-2.5e3,true,false,null,\"x\\né😀\"],b:{}} | ",
        );
    }

    #[test]
    fn comments_and_last_commas_are_for_those_who_allow_them() {
        let text = "{ // one\n \"a\": [1, /* two */ 2,], }";
        check(text, Dialect::WithComments, "{a:[1,2]} | ");
        check(text, Dialect::Strict, "{} | 2: a name in double quotes is expected here");
    }

    #[test]
    fn what_was_complete_before_the_end_is_kept() {
        check(r#"{"a": {"b": 1, "c": "#, Dialect::Strict, "{a:{b:1}} | 20: the document ends where a value is expected");
        check(r#"{"a": "b"#, Dialect::Strict, "{} | 6: this text has no end");
        check("", Dialect::Strict, " | 0: the document ends where a value is expected");
        check("{} x", Dialect::Strict, "{} | 3: there is something behind the end of the document");
    }

    #[test]
    fn a_name_that_is_given_twice_is_said() {
        check(r#"{"a": 1, "a": 2}"#, Dialect::Strict, "{a:1,a:2} | 9: `a` is given twice; the last one counts");
        let document = parse(r#"{"a": "1", "a": "2"}"#, Dialect::Strict);
        let root = document.root.unwrap();
        assert_eq!(root.text_of("a"), Some("2"));
    }

    #[test]
    fn depth_has_a_limit_and_takes_no_stack() {
        let text = "[".repeat(1_000_000);
        let document = parse(&text, Dialect::Strict);
        assert!(document.problems.iter().any(|problem| problem.message.contains("max-document-depth")));
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = r#"{"é": "wert"}"#;
        let root = parse(text, Dialect::Strict).root.unwrap();
        let member = root.members().first().unwrap();
        assert_eq!(member.node.range.of(text.as_bytes()), b"\"wert\"");
        assert_eq!(member.name_range.of(text.as_bytes()), "\"é\"".as_bytes());
    }
}
