//! Expressions of templates as they are written: `[concat(parameters('a'), '-b')]`. "ARM template functions".

/// How deeply expressions are nested.
const MAX_DEPTH: usize = 100;

/// What an expression consists of.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Number(f64),
    /// The name is in lower case.
    Call(String, Vec<Node>),
    Attribute(Box<Node>, String),
    Index(Box<Node>, Box<Node>),
}

/// What a text of a template is.
#[derive(Debug)]
pub(super) enum Written {
    /// It stands for itself.
    Text,
    /// It starts with two brackets and stands for what follows the first.
    Escaped(String),
    /// It is evaluated.
    Expression(Node),
    /// It should be evaluated, and can't be read.
    Broken,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Written {
    if let Some(escaped) = text.strip_prefix("[[") {
        return Written::Escaped(format!("[{escaped}"));
    }
    let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return Written::Text };
    let mut reader = Reader { bytes: inner.as_bytes(), text: inner, at: 0 };
    match reader.node(0).filter(|_| reader.is_at_end()) {
        Some(node) => Written::Expression(node),
        None => Written::Broken,
    }
}

/// Reads an expression.
struct Reader<'e> {
    bytes: &'e [u8],
    text: &'e str,
    at: usize,
}

impl Reader<'_> {
    fn skip(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip();
        let is_there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn is_at_end(&mut self) -> bool {
        self.skip();
        self.bytes.len() <= self.at
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        if MAX_DEPTH < depth {
            return None;
        }
        self.skip();
        let mut node = match self.bytes.get(self.at)? {
            b'\'' => Node::Text(self.quoted()?),
            b'-' | b'0'..=b'9' => Node::Number(self.number()?),
            _ => {
                let name = self.name_of_function()?;
                if !self.take(b'(') {
                    return None;
                }
                Node::Call(name.to_ascii_lowercase(), self.arguments(depth)?)
            }
        };
        let mut n_steps = 0;
        while n_steps < MAX_DEPTH {
            n_steps += 1;
            node = if self.take(b'.') {
                Node::Attribute(Box::new(node), self.name()?)
            } else if self.take(b'[') {
                let index = self.node(depth + 1)?;
                if !self.take(b']') {
                    return None;
                }
                Node::Index(Box::new(node), Box::new(index))
            } else {
                return Some(node);
            };
        }
        None
    }

    fn arguments(&mut self, depth: usize) -> Option<Vec<Node>> {
        let mut arguments = Vec::new();
        if self.take(b')') {
            return Some(arguments);
        }
        loop {
            arguments.push(self.node(depth + 1)?);
            if self.take(b')') {
                return Some(arguments);
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    /// A text in single quotes; two of them are one.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..)?;
            let end = rest.find('\'')?;
            text.push_str(rest.get(..end)?);
            self.at += end + 1;
            if self.bytes.get(self.at) != Some(&b'\'') {
                return Some(text);
            }
            text.push('\'');
            self.at += 1;
        }
    }

    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.')) {
            self.at += 1;
        }
        self.text.get(start..self.at)?.parse().ok()
    }

    /// A name of a function, which may be in a namespace: `__bicep.f`.
    fn name_of_function(&mut self) -> Option<String> {
        let mut name = self.name()?;
        while self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            name = format!("{name}.{}", self.name()?);
        }
        Some(name)
    }

    fn name(&mut self) -> Option<String> {
        self.skip();
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            self.at += 1;
        }
        let name = self.text.get(start..self.at)?;
        (!name.is_empty()).then(|| name.to_owned())
    }
}
