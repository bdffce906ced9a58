//! Reads forms: what stands in brackets, and what stands between.

use super::reserved;

/// How deep forms may be nested; what is deeper is skipped.
const MAX_DEPTH: usize = 250;

/// What a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `(a b)`
    List,
    /// `[a b]`
    Vector,
    /// `{a b}`
    Map,
    /// `#{a b}`
    Set,
    /// `#(a %)`
    Function,
    /// `'a`
    Quote,
    /// `` `a ``
    Template,
    /// `~a`, `~@a`
    Unquote,
    /// `@a`
    Deref,
    /// `#'a`
    Var,
    /// `^a b`
    Meta,
    /// `#_a`
    Discard,
    /// `#?(:clj a)`
    Conditional,
    /// `#a b`
    Tagged,
    /// `<... a ...>` of a pattern.
    Deep,
    Regex,
    Text,
    Char,
    Number,
    Keyword,
    Symbol,
    /// What is nested too deep.
    Skipped,
}

/// A form, with what it is made of.
#[derive(Debug)]
pub(super) struct Form<'t> {
    pub(super) shape: Shape,
    pub(super) span: (u32, u32),
    /// The word; the content of a string or an expression.
    pub(super) text: &'t str,
    pub(super) children: Vec<Form<'t>>,
}

impl Form<'_> {
    /// Whether it is this word.
    pub(super) fn is(&self, shape: Shape, text: &str) -> bool {
        self.shape == shape && self.text == text
    }
}

/// What was read, and what was not.
#[derive(Debug, Default)]
pub(super) struct Read<'t> {
    pub(super) forms: Vec<Form<'t>>,
    pub(super) broken: Vec<(u32, u32)>,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Forms that are not yet complete, with how many more they take; lists take any number.
    open: Vec<(Form<'t>, Option<usize>)>,
    read: Read<'t>,
    is_pattern: bool,
}

/// Reads all forms of a text.
pub(super) fn read(text: &str, is_pattern: bool) -> Read<'_> {
    let mut reader = Reader { text, at: 0, open: Vec::new(), read: Read::default(), is_pattern };
    while reader.step() {}
    let end = reader.offset(text.len());
    // What is open at the end is not read, but what is complete in it.
    while let Some((form, _)) = reader.open.pop() {
        reader.read.broken.push((form.span.0, end));
        reader.read.forms.extend(form.children);
    }
    reader.read
}

impl<'t> Reader<'t> {
    fn offset(&self, at: usize) -> u32 {
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Reads what comes next; false at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '\u{feff}');
        self.at += rest.len() - trimmed.len();
        let bytes = trimmed.as_bytes();
        match bytes {
            [] => return false,
            [b';', ..] | [b'#', b'!', ..] => self.at += trimmed.find('\n').unwrap_or(trimmed.len()),
            [b'(', ..] => self.open(Shape::List, 1, None),
            [b'[', ..] => self.open(Shape::Vector, 1, None),
            [b'{', ..] => self.open(Shape::Map, 1, None),
            [b'#', b'{', ..] => self.open(Shape::Set, 2, None),
            [b'#', b'(', ..] => self.open(Shape::Function, 2, None),
            [b'#', b'"', ..] => self.quoted(Shape::Regex, 1),
            [b'#', b'_', ..] => self.open(Shape::Discard, 2, Some(1)),
            [b'#', b'\'', ..] => self.open(Shape::Var, 2, Some(1)),
            [b'#', b'^', ..] => self.open(Shape::Meta, 2, Some(2)),
            [b'#', b'?', b'@', ..] => self.open(Shape::Conditional, 3, Some(1)),
            [b'#', b'?', ..] => self.open(Shape::Conditional, 2, Some(1)),
            [b'#', b'#', ..] => self.atom(Shape::Number, 2),
            [b'#', ..] => self.open(Shape::Tagged, 1, Some(2)),
            [b'\'', ..] => self.open(Shape::Quote, 1, Some(1)),
            [b'`', ..] => self.open(Shape::Template, 1, Some(1)),
            [b'~', b'@', ..] => self.open(Shape::Unquote, 2, Some(1)),
            [b'~', ..] => self.open(Shape::Unquote, 1, Some(1)),
            [b'@', ..] => self.open(Shape::Deref, 1, Some(1)),
            [b'^', ..] => self.open(Shape::Meta, 1, Some(2)),
            [b')' | b']' | b'}', ..] => self.close(bytes.first().copied().unwrap_or(b')')),
            [b'"', ..] => self.quoted(Shape::Text, 0),
            [b'\\', ..] => self.character(),
            [b':', ..] => self.atom(Shape::Keyword, 1),
            [b'0'..=b'9', ..] | [b'-' | b'+', b'0'..=b'9', ..] => self.atom(Shape::Number, 1),
            _ if self.is_pattern && trimmed.starts_with(&format!("{}(", reserved::DEEP)) => {
                self.open(Shape::Deep, reserved::DEEP.len() + 1, None);
            }
            _ => self.atom(Shape::Symbol, 0),
        }
        true
    }

    fn open(&mut self, shape: Shape, length: usize, n_forms: Option<usize>) {
        if MAX_DEPTH <= self.open.len() {
            return self.skip();
        }
        let start = self.offset(self.at);
        self.at += length;
        self.open.push((Form { shape, span: (start, start), text: "", children: Vec::new() }, n_forms));
    }

    /// Skips a form that is nested too deep.
    fn skip(&mut self) {
        let from = self.at;
        let mut depth = 0_usize;
        let mut in_string = false;
        let mut is_escaped = false;
        let mut length = self.rest().len();
        for (offset, byte) in self.rest().bytes().enumerate() {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'(' | b'[' | b'{' => depth += 1,
                // One of those that are open.
                b')' | b']' | b'}' if depth == 0 => {
                    length = offset.max(1);
                    break;
                }
                b')' | b']' | b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        length = offset + 1;
                        break;
                    }
                }
                _ => {}
            }
        }
        self.at += length;
        let span = (self.offset(from), self.offset(self.at));
        self.done(Form { shape: Shape::Skipped, span, text: "", children: Vec::new() });
    }

    /// A bracket that closes. One that nothing was opened for is no code.
    fn close(&mut self, bracket: u8) {
        let at = self.offset(self.at);
        self.at += 1;
        // A prefix that nothing follows.
        while let Some((form, Some(_))) = self.open.pop_if(|(_, n_forms)| n_forms.is_some()) {
            self.read.broken.push((form.span.0, at));
        }
        let Some((mut form, _)) = self.open.pop() else {
            self.read.broken.push((at, at + 1));
            return;
        };
        let expected = match form.shape {
            Shape::Vector => b']',
            Shape::Map | Shape::Set => b'}',
            _ => b')',
        };
        form.span.1 = at + 1;
        if bracket != expected {
            self.read.broken.push((at, at + 1));
        }
        self.done(form);
    }

    /// A form is complete: it belongs to what is open.
    fn done(&mut self, form: Form<'t>) {
        let mut form = form;
        loop {
            let Some((parent, n_forms)) = self.open.last_mut() else {
                if form.shape != Shape::Discard {
                    self.read.forms.push(form);
                }
                return;
            };
            let end = form.span.1;
            if form.shape == Shape::Discard {
                return;
            }
            parent.children.push(form);
            let Some(n) = n_forms else { return };
            *n -= 1;
            if *n != 0 {
                return;
            }
            let Some((mut complete, _)) = self.open.pop() else { return };
            complete.span.1 = end;
            form = complete;
        }
    }

    fn leaf(&mut self, shape: Shape, length: usize, text: &'t str) {
        let start = self.offset(self.at);
        self.at += length;
        let span = (start, self.offset(self.at));
        self.done(Form { shape, span, text, children: Vec::new() });
    }

    /// A word: all that is no bracket, quote or blank.
    fn atom(&mut self, shape: Shape, skipped: usize) {
        let rest = self.rest();
        let ends =
            |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | ';' | '@' | '^' | '`' | '~' | '\\');
        let body = rest.get(skipped..).unwrap_or_default();
        let length = skipped + body.find(ends).unwrap_or(body.len());
        let length = length.max(rest.chars().next().map_or(1, char::len_utf8));
        self.leaf(shape, length, rest.get(..length).unwrap_or_default());
    }

    fn character(&mut self) {
        let rest = self.rest();
        let first = rest.chars().nth(1).map_or(0, char::len_utf8);
        let word = rest.get(1 + first..).unwrap_or_default();
        let is_word = rest.chars().nth(1).is_some_and(char::is_alphanumeric);
        let more = if is_word { word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len()) } else { 0 };
        let length = 1 + first + more;
        self.leaf(Shape::Char, length, rest.get(1..length).unwrap_or_default());
    }

    /// A string; one that does not end goes to the end of the text.
    fn quoted(&mut self, shape: Shape, before: usize) {
        let rest = self.rest();
        let inner = rest.get(before + 1..).unwrap_or_default();
        let mut is_escaped = false;
        let end = inner.bytes().position(|byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        });
        match end {
            Some(end) => self.leaf(shape, before + 1 + end + 1, inner.get(..end).unwrap_or_default()),
            None => {
                self.read.broken.push((self.offset(self.at), self.offset(self.text.len())));
                self.at = self.text.len();
            }
        }
    }
}
