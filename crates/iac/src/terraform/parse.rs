//! Reads HCL's native syntax. HCL native syntax specification, version 2.
//!
//! A file is never lost: what can't be understood is skipped up to the next line that may start something, and said.

use std::sync::Arc;

use super::{
    syntax::{Attribute, Block, Body, Expression, ExpressionKind, For, Operator, Part, Span, Step},
    template,
};

/// How deeply expressions and blocks may be nested in each other.
pub(super) const MAX_DEPTH: usize = 120;
/// So many problems of a file are noted.
const MAX_PROBLEMS: usize = 20;

/// What was understood of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Parsed {
    pub(crate) body: Body,
    pub(crate) problems: Vec<SyntaxProblem>,
}

/// Something that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxProblem {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// Reads a file.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut parser = Parser::new(text, 0);
    let body = parser.body(false);
    Parsed { body, problems: parser.problems }
}

/// Reads a text that is all expression.
pub(crate) fn expression(text: &str) -> Result<Expression> {
    let mut parser = Parser::new(text, 0);
    let expression = parser.expression(true)?;
    parser.space(true);
    if parser.at < text.len() { Err(parser.problem("expected the end of the expression")) } else { Ok(expression) }
}

pub(super) type Result<T> = std::result::Result<T, SyntaxProblem>;

/// A reader at a place of a text.
pub(super) struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// What is added to offsets: the text may be a part of a file.
    base: usize,
    at: usize,
    depth: usize,
    problems: Vec<SyntaxProblem>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, base: usize) -> Self {
        Self { text, bytes: text.as_bytes(), base, at: 0, depth: 0, problems: Vec::new() }
    }

    /// An expression, and where the text goes on behind it.
    pub(super) fn interpolated(text: &'t str, base: usize, at: usize, depth: usize) -> (Result<Expression>, usize) {
        let mut parser = Self { at, depth, ..Self::new(text, base) };
        let expression = parser.expression(true);
        parser.space(true);
        (expression, parser.at)
    }

    fn span(&self, start: usize) -> Span {
        let offset = |at: usize| u32::try_from(self.base.saturating_add(at)).unwrap_or(u32::MAX);
        Span { start: offset(start), end: offset(self.at) }
    }

    fn problem(&self, message: &str) -> SyntaxProblem {
        let offset = u32::try_from(self.base.saturating_add(self.at)).unwrap_or(u32::MAX);
        SyntaxProblem { span: Span { start: offset, end: offset }, message: message.to_owned() }
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn starts(&self, token: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(token.as_bytes()))
    }

    fn take(&mut self, token: &str) -> bool {
        let is_there = self.starts(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    fn expect(&mut self, token: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.problem(&format!("expected `{token}`"))) }
    }

    /// Goes over blanks and comments, and over line breaks if they mean nothing here.
    fn space(&mut self, over_lines: bool) {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if over_lines => self.at += 1,
                b'#' => self.line_comment(),
                b'/' if self.starts("//") => self.line_comment(),
                b'/' if self.starts("/*") => {
                    let end = self.rest().find("*/").map_or(self.text.len(), |end| self.at + end + 2);
                    self.at = end;
                }
                0xef if self.starts("\u{feff}") => self.at += 3,
                _ => return,
            }
        }
    }

    fn line_comment(&mut self) {
        self.at = memchr::memchr(b'\n', self.bytes.get(self.at..).unwrap_or_default()).map_or(self.text.len(), |end| self.at + end);
    }

    fn word(&mut self) -> Option<&'t str> {
        let start = self.at;
        let mut characters = self.rest().char_indices();
        let first = characters.next().map(|(_, first)| first)?;
        if !(first.is_alphabetic() || first == '_') {
            return None;
        }
        let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let len = characters.find(|(_, c)| !is_inner(*c)).map_or(self.rest().len(), |(at, _)| at);
        self.at += len;
        self.text.get(start..self.at)
    }

    // ------------------------------------------------------------------------------------------------------------ bodies

    /// What stands in a file, or up to the closing brace.
    fn body(&mut self, is_closed: bool) -> Body {
        let mut body = Body::default();
        loop {
            self.space(true);
            if self.bytes.len() <= self.at || (is_closed && self.peek() == b'}') {
                return body;
            }
            let start = self.at;
            if let Err(problem) = self.item(&mut body) {
                self.note(problem);
                self.recover(start);
            }
        }
    }

    fn note(&mut self, problem: SyntaxProblem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Goes on at the next line that is no deeper than where the item started.
    fn recover(&mut self, start: usize) {
        let mut depth = 0_usize;
        self.at = self.at.max(start);
        // Brackets that were opened since then are closed first.
        for &byte in self.bytes.get(start..self.at).unwrap_or_default() {
            match byte {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        while self.at < self.bytes.len() {
            match self.peek() {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' if depth == 0 => {
                    if self.depth == 0 || self.peek() != b'}' {
                        self.at += 1;
                    }
                    return;
                }
                b'}' | b']' | b')' => depth -= 1,
                b'\n' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// An attribute or a block.
    fn item(&mut self, body: &mut Body) -> Result<()> {
        let start = self.at;
        let quoted = if self.peek() == b'"' { self.quoted_name() } else { None };
        let name: Arc<str> = match quoted.or_else(|| self.word().map(Into::into)) {
            Some(name) => name,
            None => return Err(self.problem("expected the name of an attribute or of a block")),
        };
        let name_span = self.span(start);
        self.space(false);
        if self.peek() == b'=' && !self.starts("==") {
            self.at += 1;
            self.space(false);
            let value = self.expression(false)?;
            body.attributes.push(Attribute { name, name_span, value });
            return self.end_of_item();
        }
        // `name : value` is what JSON would say; it is a common slip.
        let mut labels = Vec::new();
        let mut end = self.at;
        while self.peek() != b'{' {
            let label = if self.peek() == b'"' { self.quoted_name() } else { self.word().map(Into::into) };
            labels.push(label.ok_or_else(|| self.problem("expected `=`, a label or `{`"))?);
            end = self.at;
            self.space(false);
        }
        let header = Span { end: u32::try_from(self.base + end.max(start)).unwrap_or(u32::MAX), ..name_span };
        let header = if labels.is_empty() { name_span } else { header };
        self.at += 1;
        self.deeper()?;
        let inner = self.body(true);
        self.depth -= 1;
        let is_closed = self.take("}");
        let span = self.span(start);
        body.blocks.push(Block { kind: name, labels, header, span, body: inner });
        if is_closed {
            self.end_of_item()
        } else {
            let problem = SyntaxProblem { span: header, message: "this block is not closed".to_owned() };
            self.note(problem);
            Ok(())
        }
    }

    fn end_of_item(&mut self) -> Result<()> {
        self.space(false);
        match self.peek() {
            b'\n' | b'}' | 0 => Ok(()),
            // Old files separate attributes by commas.
            b',' => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.problem("expected a line break")),
        }
    }

    fn deeper(&mut self) -> Result<()> {
        if MAX_DEPTH <= self.depth {
            return Err(self.problem("this is nested too deeply (max-depth)"));
        }
        self.depth += 1;
        Ok(())
    }

    /// A name in quotes, in which nothing is evaluated.
    fn quoted_name(&mut self) -> Option<Arc<str>> {
        let start = self.at;
        let end = self.end_of_quoted(start)?;
        self.at = end;
        let inner = self.text.get(start + 1..end - 1)?;
        Some(template::unescape(inner).into())
    }

    /// Where a text in quotes ends, whose first quote stands at `start`.
    fn end_of_quoted(&self, start: usize) -> Option<usize> {
        let mut at = start + 1;
        loop {
            match self.bytes.get(at)? {
                b'"' => return Some(at + 1),
                b'\\' => at += 2,
                b'\n' => return None,
                b'$' | b'%' if self.bytes.get(at + 1) == Some(&b'{') => {
                    // `$${` is no interpolation.
                    if self.bytes.get(at.wrapping_sub(1)) == self.bytes.get(at) && start + 1 < at {
                        at += 2;
                    } else {
                        at = end_of_interpolation(self.bytes, at + 2, 0)?;
                    }
                }
                _ => at += 1,
            }
        }
    }

    // -------------------------------------------------------------------------------------------------------- expressions

    /// An expression. `over_lines`: whether line breaks mean nothing, as in brackets.
    fn expression(&mut self, over_lines: bool) -> Result<Expression> {
        self.deeper()?;
        let expression = self.conditional(over_lines);
        self.depth -= 1;
        expression
    }

    fn conditional(&mut self, over_lines: bool) -> Result<Expression> {
        let start = self.at;
        let condition = self.binary(0, over_lines)?;
        self.space(over_lines);
        if !self.take("?") {
            return Ok(condition);
        }
        self.space(true);
        let then = self.expression(over_lines)?;
        self.space(true);
        self.expect(":")?;
        self.space(true);
        let otherwise = self.expression(over_lines)?;
        Ok(Expression { span: self.span(start), kind: ExpressionKind::Conditional(Box::new([condition, then, otherwise])) })
    }

    fn binary(&mut self, level: usize, over_lines: bool) -> Result<Expression> {
        let Some(operators) = LEVELS.get(level) else { return self.unary(over_lines) };
        let start = self.at;
        let mut left = self.binary(level + 1, over_lines)?;
        loop {
            let before = self.at;
            self.space(over_lines);
            let operator = operators.iter().find(|(token, _)| self.starts(token) && !(self.starts("=>")));
            let Some(&(token, operator)) = operator else {
                self.at = before;
                return Ok(left);
            };
            self.at += token.len();
            self.space(true);
            let right = self.binary(level + 1, over_lines)?;
            left = Expression { span: self.span(start), kind: ExpressionKind::Binary(operator, Box::new([left, right])) };
        }
    }

    fn unary(&mut self, over_lines: bool) -> Result<Expression> {
        let start = self.at;
        let operator = match self.peek() {
            b'!' => Operator::Not,
            b'-' => Operator::Subtract,
            _ => return self.postfix(over_lines),
        };
        self.at += 1;
        self.space(over_lines);
        self.deeper()?;
        let operand = self.unary(over_lines);
        self.depth -= 1;
        let kind = match operand? {
            Expression { kind: ExpressionKind::Number(number), .. } if operator == Operator::Subtract => ExpressionKind::Number(-number),
            operand => ExpressionKind::Unary(operator, Box::new(operand)),
        };
        Ok(Expression { span: self.span(start), kind })
    }

    fn postfix(&mut self, over_lines: bool) -> Result<Expression> {
        let start = self.at;
        let mut expression = self.primary(over_lines)?;
        let mut n_steps = 0;
        loop {
            n_steps += 1;
            if MAX_DEPTH < n_steps {
                return Err(self.problem("this has too many steps (max-depth)"));
            }
            let before = self.at;
            if over_lines {
                // A chain may go on in the next line within brackets.
                self.space(true);
                if self.peek() != b'.' || self.starts("...") {
                    self.at = before;
                }
            }
            let kind = match self.peek() {
                b'.' if self.starts(".*") => {
                    self.at += 2;
                    ExpressionKind::Splat(Box::new(expression), self.steps(false, over_lines)?)
                }
                b'.' if !self.starts("...") => {
                    self.at += 1;
                    if self.peek().is_ascii_digit() {
                        // Old syntax of an index.
                        let number = self.digits();
                        let index = Expression { span: self.span(before + 1), kind: ExpressionKind::Number(number) };
                        ExpressionKind::Index(Box::new(expression), Box::new(index))
                    } else {
                        let name = self.word().ok_or_else(|| self.problem("expected the name of an attribute"))?;
                        ExpressionKind::Attribute(Box::new(expression), name.into())
                    }
                }
                b'[' if self.starts("[*]") => {
                    self.at += 3;
                    ExpressionKind::Splat(Box::new(expression), self.steps(true, over_lines)?)
                }
                b'[' => {
                    self.at += 1;
                    self.space(true);
                    let index = self.expression(true)?;
                    self.space(true);
                    self.expect("]")?;
                    ExpressionKind::Index(Box::new(expression), Box::new(index))
                }
                _ => return Ok(expression),
            };
            expression = Expression { span: self.span(start), kind };
        }
    }

    /// The steps that a splat asks of each value: attributes, and of a full splat indices too.
    fn steps(&mut self, is_full: bool, _over_lines: bool) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        while steps.len() < MAX_DEPTH {
            let before = self.at;
            match self.peek() {
                b'.' if !self.starts(".*") && !self.starts("...") => {
                    self.at += 1;
                    if self.peek().is_ascii_digit() {
                        let number = self.digits();
                        steps.push(Step::Index(Expression { span: self.span(before + 1), kind: ExpressionKind::Number(number) }));
                    } else {
                        let name = self.word().ok_or_else(|| self.problem("expected the name of an attribute"))?;
                        steps.push(Step::Attribute(name.into()));
                    }
                }
                b'[' if is_full && !self.starts("[*]") => {
                    self.at += 1;
                    self.space(true);
                    let index = self.expression(true)?;
                    self.space(true);
                    self.expect("]")?;
                    steps.push(Step::Index(index));
                }
                _ => break,
            }
        }
        Ok(steps)
    }

    fn digits(&mut self) -> f64 {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.text.get(start..self.at).and_then(|digits| digits.parse().ok()).unwrap_or(0.0)
    }

    fn primary(&mut self, over_lines: bool) -> Result<Expression> {
        let start = self.at;
        let kind = match self.peek() {
            b'"' => {
                let end = self.end_of_quoted(start).ok_or_else(|| self.problem("this text is not closed"))?;
                let inner = self.text.get(start + 1..end - 1).unwrap_or_default();
                self.at = end;
                let (parts, problems) = template::parse(inner, self.base + start + 1, true, self.depth);
                problems.into_iter().for_each(|problem| self.note(problem));
                of_parts(parts)
            }
            b'<' if self.starts("<<") => self.heredoc()?,
            b'(' => {
                self.at += 1;
                self.space(true);
                let inner = self.expression(true)?;
                self.space(true);
                self.expect(")")?;
                return Ok(Expression { span: self.span(start), kind: inner.kind });
            }
            b'[' => self.list()?,
            b'{' => self.object()?,
            b'0'..=b'9' => self.number(),
            _ => self.named(over_lines)?,
        };
        Ok(Expression { span: self.span(start), kind })
    }

    fn number(&mut self) -> ExpressionKind {
        let start = self.at;
        self.digits();
        if self.peek() == b'.' && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.digits();
        }
        if matches!(self.peek(), b'e' | b'E') {
            let before = self.at;
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            if self.peek().is_ascii_digit() {
                self.digits();
            } else {
                self.at = before;
            }
        }
        let number = self.text.get(start..self.at).and_then(|number| number.parse::<f64>().ok()).filter(|number| number.is_finite());
        number.map_or(ExpressionKind::Invalid, ExpressionKind::Number)
    }

    /// A word: a constant, a call or a name.
    fn named(&mut self, over_lines: bool) -> Result<ExpressionKind> {
        let Some(name) = self.word() else { return Err(self.problem("expected an expression")) };
        match name {
            "true" => return Ok(ExpressionKind::Boolean(true)),
            "false" => return Ok(ExpressionKind::Boolean(false)),
            "null" => return Ok(ExpressionKind::Null),
            _ => {}
        }
        let mut full = name.to_owned();
        // `provider::aws::arn_parse(…)`.
        while self.starts("::") {
            self.at += 2;
            full.push_str("::");
            full.push_str(self.word().ok_or_else(|| self.problem("expected the name of a function"))?);
        }
        let before = self.at;
        self.space(over_lines);
        if self.peek() != b'(' {
            self.at = before;
            return Ok(ExpressionKind::Name(full.into()));
        }
        self.at += 1;
        let (arguments, is_spread) = self.arguments()?;
        Ok(ExpressionKind::Call(full.into(), arguments, is_spread))
    }

    fn arguments(&mut self) -> Result<(Vec<Expression>, bool)> {
        let mut arguments = Vec::new();
        loop {
            self.space(true);
            if self.take(")") {
                return Ok((arguments, false));
            }
            arguments.push(self.expression(true)?);
            self.space(true);
            if self.take("...") {
                self.space(true);
                self.expect(")")?;
                return Ok((arguments, true));
            }
            if !self.take(",") && self.peek() != b')' {
                return Err(self.problem("expected `,` or `)`"));
            }
        }
    }

    fn list(&mut self) -> Result<ExpressionKind> {
        self.at += 1;
        self.space(true);
        if self.is_for() {
            return self.comprehension("]");
        }
        let mut items = Vec::new();
        loop {
            self.space(true);
            if self.take("]") {
                return Ok(ExpressionKind::List(items));
            }
            items.push(self.expression(true)?);
            self.space(true);
            if !self.take(",") && self.peek() != b']' {
                return Err(self.problem("expected `,` or `]`"));
            }
        }
    }

    fn object(&mut self) -> Result<ExpressionKind> {
        self.at += 1;
        self.space(true);
        if self.is_for() {
            return self.comprehension("}");
        }
        let mut members = Vec::new();
        loop {
            self.space(true);
            while self.take(",") {
                self.space(true);
            }
            if self.take("}") {
                return Ok(ExpressionKind::Object(members));
            }
            if self.bytes.len() <= self.at {
                return Err(self.problem("expected `}`"));
            }
            let is_evaluated = self.peek() == b'(';
            let key = match self.expression(false)? {
                key if is_evaluated => key,
                Expression { kind: ExpressionKind::Name(name), span } => Expression { span, kind: ExpressionKind::Text(name) },
                // Words of the language are names here.
                Expression { kind: ExpressionKind::Boolean(is_true), span } => {
                    Expression { span, kind: ExpressionKind::Text(is_true.to_string().into()) }
                }
                Expression { kind: ExpressionKind::Null, span } => Expression { span, kind: ExpressionKind::Text("null".into()) },
                key => key,
            };
            self.space(true);
            if !self.take("=") && !self.take(":") {
                return Err(self.problem("expected `=` or `:`"));
            }
            self.space(true);
            let value = self.expression(false)?;
            members.push((key, value));
            self.space(false);
            if !matches!(self.peek(), b',' | b'\n' | b'}') {
                return Err(self.problem("expected `,`, a line break or `}`"));
            }
        }
    }

    fn is_for(&self) -> bool {
        self.starts("for") && self.bytes.get(self.at + 3).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn comprehension(&mut self, end: &str) -> Result<ExpressionKind> {
        self.at += 3;
        self.space(true);
        let name = |parser: &mut Self| parser.word().map(Arc::<str>::from).ok_or_else(|| parser.problem("expected a name"));
        let first = name(self)?;
        self.space(true);
        let (key, value) = if self.take(",") {
            self.space(true);
            let value = name(self)?;
            self.space(true);
            (Some(first), value)
        } else {
            (None, first)
        };
        if self.word() != Some("in") {
            return Err(self.problem("expected `in`"));
        }
        self.space(true);
        let collection = self.expression(true)?;
        self.space(true);
        self.expect(":")?;
        self.space(true);
        let mut result = self.expression(true)?;
        self.space(true);
        let mut result_key = None;
        if self.take("=>") {
            self.space(true);
            result_key = Some(std::mem::replace(&mut result, self.expression(true)?));
            self.space(true);
        }
        let is_grouped = self.take("...");
        self.space(true);
        let mut condition = None;
        if self.starts("if") {
            self.at += 2;
            self.space(true);
            condition = Some(self.expression(true)?);
            self.space(true);
        }
        self.expect(end)?;
        Ok(ExpressionKind::For(Box::new(For { key, value, collection, result_key, result, is_grouped, condition })))
    }

    /// `<<WORD` or `<<-WORD`, up to a line that is the word.
    fn heredoc(&mut self) -> Result<ExpressionKind> {
        self.at += 2;
        let is_indented = self.take("-");
        let word = self.word().ok_or_else(|| self.problem("expected the word that ends the text"))?;
        self.space(false);
        if self.peek() != b'\n' {
            return Err(self.problem("expected a line break"));
        }
        self.at += 1;
        let start = self.at;
        let mut line = start;
        let (end, after) = loop {
            let len = memchr::memchr(b'\n', self.bytes.get(line..).unwrap_or_default());
            let line_end = len.map_or(self.bytes.len(), |len| line + len);
            if self.text.get(line..line_end).is_some_and(|text| text.trim() == word) {
                break (line, line_end);
            }
            if len.is_none() {
                return Err(self.problem(&format!("expected a line `{word}` that ends this text")));
            }
            line = line_end + 1;
        };
        let inner = self.text.get(start..end).unwrap_or_default();
        self.at = after;
        let (parts, problems) = template::parse(inner, self.base + start, false, self.depth);
        problems.into_iter().for_each(|problem| self.note(problem));
        let parts = if is_indented { template::unindented(parts, inner) } else { parts };
        Ok(of_parts(parts))
    }
}

/// Operators by how weakly they bind.
const LEVELS: &[&[(&str, Operator)]] = &[
    &[("||", Operator::Or)],
    &[("&&", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::NotEqual)],
    &[("<=", Operator::LessOrEqual), (">=", Operator::GreaterOrEqual), ("<", Operator::Less), (">", Operator::Greater)],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide), ("%", Operator::Modulo)],
];

fn of_parts(mut parts: Vec<Part>) -> ExpressionKind {
    match parts.as_mut_slice() {
        [] => ExpressionKind::Text("".into()),
        [Part::Text(text)] => ExpressionKind::Text(Arc::clone(text)),
        // Nothing but an interpolation is what is in it, whatever its type.
        [Part::Expression(_)] => match parts.pop() {
            Some(Part::Expression(inner)) => inner.kind,
            _ => ExpressionKind::Invalid,
        },
        _ => ExpressionKind::Template(parts),
    }
}

/// Where an interpolation ends whose content starts at `at`: behind its closing brace. Texts within are gone over.
pub(super) fn end_of_interpolation(bytes: &[u8], mut at: usize, nested: usize) -> Option<usize> {
    if MAX_DEPTH < nested {
        return None;
    }
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at + 1),
            b'}' => depth -= 1,
            b'"' => {
                at += 1;
                loop {
                    match bytes.get(at)? {
                        b'"' => break,
                        b'\\' => at += 2,
                        b'$' | b'%' if bytes.get(at + 1) == Some(&b'{') => at = end_of_interpolation(bytes, at + 2, nested + 1)?,
                        _ => at += 1,
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
}
