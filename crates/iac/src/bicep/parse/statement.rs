//! Statements.

use std::sync::Arc;

use super::{Lines, Parser, Result};
use crate::bicep::syntax::{Declaration, Expression, ExpressionKind, Import, Parameter, Span, Statement, StatementKind};

/// What may start a statement.
const KEYWORDS: &[&str] = &[
    "targetScope",
    "metadata",
    "param",
    "var",
    "resource",
    "module",
    "output",
    "type",
    "func",
    "import",
    "extension",
    "provider",
    "assert",
    "test",
    "using",
    "extends",
];

/// What is said of a type.
#[derive(Default)]
struct Type {
    /// Texts and numbers that it lists.
    allowed: Vec<Expression>,
    is_nullable: bool,
}

impl Parser<'_> {
    /// All statements of a file.
    pub(super) fn file(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        loop {
            self.space(Lines::Ignored);
            if self.is_at_end() {
                return statements;
            }
            let start = self.at;
            let read = self.statement().and_then(|statement| {
                statements.extend(statement);
                self.end_of_statement()
            });
            if let Err(problem) = read {
                self.note(problem);
                self.next_statement(start);
            }
            self.depth = 0;
            self.nested.clear();
        }
    }

    fn end_of_statement(&mut self) -> Result<()> {
        self.space(Lines::Count);
        if self.is_at_end() || self.peek() == b'\n' { Ok(()) } else { Err(self.problem("expected a line break")) }
    }

    /// Goes to the next line that starts with what may start a statement.
    fn next_statement(&mut self, start: usize) {
        self.at = self.at.max(start);
        loop {
            self.line();
            if self.is_at_end() {
                return;
            }
            self.at += 1;
            if self.peek() == b'@' || self.peek_word().is_some_and(|word| KEYWORDS.contains(&word)) {
                return;
            }
        }
    }

    /// A statement with its decorators; nothing where it declares nothing that matters here.
    pub(super) fn statement(&mut self) -> Result<Option<Statement>> {
        let mut allowed = Vec::new();
        while self.take("@") {
            let decorator = self.expression(Lines::Count)?;
            let (name, arguments) = match decorator.kind {
                ExpressionKind::Call(name, arguments) | ExpressionKind::Method(_, name, arguments) => (name, arguments),
                _ => return Err(self.problem("expected a decorator")),
            };
            if &*name == "allowed"
                && let Some(Expression { kind: ExpressionKind::List(items), .. }) = arguments.into_iter().next()
            {
                allowed = items;
            }
            self.space(Lines::Ignored);
        }
        let start = self.at;
        let Some(keyword) = self.word() else { return Err(self.problem("expected a statement")) };
        self.space(Lines::Count);
        let named = match keyword {
            "param" => self.parameter(allowed)?,
            "var" => self.variable()?,
            "output" => self.output()?,
            "func" => self.function()?,
            "resource" => self.declaration(StatementKind::Resource)?,
            "module" => self.declaration(StatementKind::Module)?,
            "import" => match self.import()? {
                Some(import) => import,
                None => return Ok(None),
            },
            "using" | "extends" => match self.peek() {
                b'\'' => {
                    let path = self.quoted()?;
                    let kind = path.text().filter(|_| keyword == "using").map(|path| StatementKind::Using(Arc::clone(path)));
                    // `with { … }`
                    self.space(Lines::Count);
                    if self.take_word("with") {
                        self.space(Lines::Count);
                        self.expression(Lines::Count)?;
                    }
                    let Some(kind) = kind else { return Ok(None) };
                    ("".into(), kind)
                }
                _ => {
                    self.line();
                    return Ok(None);
                }
            },
            "targetScope" | "metadata" | "assert" | "extension" | "provider" | "test" => {
                self.unused()?;
                return Ok(None);
            }
            "type" => {
                self.name()?;
                self.space(Lines::Count);
                self.expect("=")?;
                self.of_type()?;
                return Ok(None);
            }
            _ => {
                self.at = start;
                return Err(self.problem("expected a statement"));
            }
        };
        let (name, kind) = named;
        let header = match &kind {
            StatementKind::Resource(declaration) | StatementKind::Module(declaration) => {
                Span { end: declaration.of_span.end, ..self.span(start) }
            }
            _ => self.first_line(start),
        };
        Ok(Some(Statement { name, header, span: self.span(start), kind }))
    }

    /// From a place to the end of its line.
    fn first_line(&self, start: usize) -> Span {
        let text = self.text.get(start..self.at).unwrap_or_default();
        let len = text.lines().next().map_or(0, |line| line.trim_end().len());
        let span = self.span(start);
        Span { end: u32::try_from(start + len).unwrap_or(span.end), ..span }
    }

    /// What is written of nothing that matters here: names, texts, and a value behind `=` or `with`.
    fn unused(&mut self) -> Result<()> {
        loop {
            self.space(Lines::Count);
            match self.peek() {
                b'=' => {
                    self.at += 1;
                    self.space(Lines::Ignored);
                    self.expression(Lines::Count)?;
                }
                b'\'' => drop(self.quoted()?),
                b'{' => drop(self.expression(Lines::Count)?),
                b'\n' => return Ok(()),
                _ if self.is_at_end() => return Ok(()),
                _ if self.word().is_none() => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
                _ => {}
            }
        }
    }

    fn parameter(&mut self, mut allowed: Vec<Expression>) -> Result<(Arc<str>, StatementKind)> {
        let name = self.name()?;
        self.space(Lines::Count);
        let mut of_type = Type::default();
        if self.peek() != b'=' {
            of_type = self.of_type()?;
        }
        let default = self.value_behind_equals()?;
        if allowed.is_empty() {
            allowed = of_type.allowed;
        }
        Ok((name, StatementKind::Parameter(Parameter { default, allowed, is_nullable: of_type.is_nullable })))
    }

    fn value_behind_equals(&mut self) -> Result<Option<Expression>> {
        self.space(Lines::Count);
        if !self.take("=") {
            return Ok(None);
        }
        self.space(Lines::Ignored);
        self.expression(Lines::Count).map(Some)
    }

    fn variable(&mut self) -> Result<(Arc<str>, StatementKind)> {
        let name = self.name()?;
        self.space(Lines::Count);
        if self.peek() != b'=' {
            self.of_type()?;
        }
        let value = self.value_behind_equals()?.ok_or_else(|| self.problem("expected `=`"))?;
        Ok((name, StatementKind::Variable(value)))
    }

    fn output(&mut self) -> Result<(Arc<str>, StatementKind)> {
        let (name, kind) = self.variable()?;
        Ok(match kind {
            StatementKind::Variable(value) => (name, StatementKind::Output(value)),
            kind => (name, kind),
        })
    }

    fn function(&mut self) -> Result<(Arc<str>, StatementKind)> {
        let name = self.name()?;
        self.space(Lines::Count);
        self.expect("(")?;
        let mut names = Vec::new();
        loop {
            self.space(Lines::Ignored);
            if self.take(")") {
                break;
            }
            names.push(self.name()?);
            self.type_up_to(b",)")?;
            self.take(",");
        }
        self.space(Lines::Count);
        self.of_type()?;
        self.space(Lines::Count);
        self.expect("=>")?;
        self.space(Lines::Ignored);
        let body = self.expression(Lines::Count)?;
        Ok((name, StatementKind::Function(names, body)))
    }

    /// `import { a as b } from 'path'`; nothing where an extension is imported.
    fn import(&mut self) -> Result<Option<(Arc<str>, StatementKind)>> {
        let mut name: Arc<str> = "".into();
        let mut names = Vec::new();
        if self.take("*") {
            self.space(Lines::Count);
            self.take_word("as");
            name = self.name()?;
        } else if self.take("{") {
            loop {
                self.space(Lines::Ignored);
                if self.take("}") {
                    break;
                }
                let there: Arc<str> = match self.peek() {
                    b'\'' => self.quoted()?.text().cloned().unwrap_or_default(),
                    _ => self.name()?,
                };
                self.space(Lines::Count);
                let here = if self.take_word("as") { self.name()? } else { Arc::clone(&there) };
                names.push((there, here));
                self.space(Lines::Count);
                self.take(",");
            }
        } else {
            self.unused()?;
            return Ok(None);
        }
        self.space(Lines::Ignored);
        if !self.take_word("from") {
            return Err(self.problem("expected `from`"));
        }
        self.space(Lines::Ignored);
        let from = self.quoted()?.text().cloned().unwrap_or_default();
        Ok(Some((name, StatementKind::Import(Import { from, names }))))
    }

    /// `name 'type@version' existing = [for … : if (…) { … }]`, of a resource or a module.
    fn declaration(&mut self, kind: fn(Box<Declaration>) -> StatementKind) -> Result<(Arc<str>, StatementKind)> {
        let name = self.name()?;
        self.space(Lines::Count);
        let of = self.quoted()?;
        self.space(Lines::Count);
        let is_existing = self.take_word("existing");
        self.space(Lines::Count);
        self.expect("=")?;
        self.space(Lines::Ignored);
        self.nested.push(Vec::new());
        let read = self.content();
        let nested = self.nested.pop().unwrap_or_default();
        let (each, condition, body) = read?;
        let written: Arc<str> = of.text().cloned().unwrap_or_default();
        // A version is written behind the type, or behind a path of a registry, which keeps it.
        let of_type = if written.starts_with("br") || written.starts_with("ts") && written.contains(':') {
            written
        } else {
            written.split('@').next().unwrap_or_default().into()
        };
        let declaration = Declaration { of: of_type, of_span: of.span, is_existing, each, condition, body, nested };
        Ok((name, kind(Box::new(declaration))))
    }

    fn content(&mut self) -> Result<(Option<crate::bicep::syntax::Each>, Option<Expression>, Expression)> {
        let is_list = self.take("[");
        let mut each = None;
        if is_list {
            self.space(Lines::Ignored);
            each = self.each()?;
            if each.is_none() {
                return Err(self.problem("expected `for`"));
            }
        }
        let mut condition = None;
        if self.take_word("if") {
            self.space(Lines::Count);
            self.expect("(")?;
            self.space(Lines::Ignored);
            condition = Some(self.expression(Lines::Ignored)?);
            self.space(Lines::Ignored);
            self.expect(")")?;
            self.space(Lines::Ignored);
        }
        let body = self.expression(Lines::Count)?;
        if is_list {
            self.space(Lines::Ignored);
            self.expect("]")?;
        }
        Ok((each, condition, body))
    }

    /// A type, up to `=`, `=>` or the end of the line.
    fn of_type(&mut self) -> Result<Type> {
        self.type_up_to(&[])
    }

    /// Goes over a type, up to one of these outside of brackets, or `=` or the end of the line.
    fn type_up_to(&mut self, ends: &[u8]) -> Result<Type> {
        let mut of_type = Type::default();
        let (mut depth, mut is_union, mut is_list) = (0_usize, true, true);
        loop {
            self.space(Lines::Count);
            let byte = self.peek();
            if self.is_at_end() || depth == 0 && (byte == b'=' || ends.contains(&byte)) {
                break;
            }
            match byte {
                b'\n' => {
                    let before = self.at;
                    self.space(Lines::Ignored);
                    // A union goes on in the next line.
                    if depth == 0 && !is_union && self.peek() != b'|' {
                        self.at = before;
                        break;
                    }
                    continue;
                }
                b'\'' => {
                    let text = if self.starts("'''") { self.multi_line()? } else { self.quoted()? };
                    if depth == 0 {
                        of_type.allowed.push(text);
                    }
                }
                b'{' | b'[' | b'(' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' | b')' => {
                    if depth == 0 {
                        break;
                    }
                    depth -= 1;
                    is_list &= byte == b')';
                    self.at += 1;
                }
                b'?' if depth == 0 => {
                    of_type.is_nullable = true;
                    self.at += 1;
                }
                b'@' => {
                    self.at += 1;
                    self.expression(Lines::Count)?;
                }
                _ => {
                    let word = self.word();
                    if word.is_none() {
                        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                    }
                    of_type.is_nullable |= depth == 0 && word == Some("null");
                    // What else it may be is not listed.
                    is_list &= word.is_none_or(|word| word == "null");
                }
            }
            is_union = byte == b'|';
        }
        if !is_list {
            of_type.allowed.clear();
        }
        Ok(of_type)
    }
}
