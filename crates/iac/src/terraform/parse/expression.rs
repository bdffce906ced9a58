//! Expressions.

use std::sync::Arc;

use super::{MAX_DEPTH, Parser, Result};
use crate::terraform::{
    syntax::{Expression, ExpressionKind, For, Operator, Part, Step},
    template,
};

impl Parser<'_> {
    /// An expression. `over_lines`: whether line breaks mean nothing, as in brackets.
    pub(super) fn expression(&mut self, over_lines: bool) -> Result<Expression> {
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
                    ExpressionKind::Splat(Box::new(expression), self.steps(false)?)
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
                    ExpressionKind::Splat(Box::new(expression), self.steps(true)?)
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
    fn steps(&mut self, is_full: bool) -> Result<Vec<Step>> {
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
