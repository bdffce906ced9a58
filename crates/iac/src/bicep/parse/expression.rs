//! Expressions.

use std::sync::Arc;

use super::{Lines, MAX_DEPTH, Parser, Result};
use crate::bicep::syntax::{Access, Each, Entry, Expression, ExpressionKind, Operator};

/// Operators by how weakly they bind.
const LEVELS: &[&[(&str, Operator)]] = &[
    &[("??", Operator::Coalesce)],
    &[("||", Operator::Or)],
    &[("&&", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::NotEqual), ("=~", Operator::Alike), ("!~", Operator::NotAlike)],
    &[("<=", Operator::LessOrEqual), (">=", Operator::GreaterOrEqual), ("<", Operator::Less), (">", Operator::Greater)],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide), ("%", Operator::Modulo)],
];

/// What may stand first in a line that goes on with the expression of the line before.
const CONTINUATIONS: &[&str] = &["?", "||", "&&", "==", "!=", "=~", "!~", "+"];

impl Parser<'_> {
    pub(super) fn expression(&mut self, lines: Lines) -> Result<Expression> {
        self.deeper()?;
        let expression = self.conditional(lines);
        self.depth -= 1;
        expression
    }

    fn conditional(&mut self, lines: Lines) -> Result<Expression> {
        let start = self.at;
        let condition = self.binary(0, lines)?;
        if !self.goes_on(lines) || self.starts("??") || !self.take("?") {
            return Ok(condition);
        }
        self.space(Lines::Ignored);
        let then = self.expression(lines)?;
        self.space(Lines::Ignored);
        self.expect(":")?;
        self.space(Lines::Ignored);
        let otherwise = self.expression(lines)?;
        Ok(Expression { span: self.span(start), kind: ExpressionKind::Conditional(Box::new([condition, then, otherwise])) })
    }

    /// Goes to what follows in the expression, over line breaks if they don't end it; stays where nothing follows.
    fn goes_on(&mut self, lines: Lines) -> bool {
        let before = self.at;
        self.space(lines);
        if self.peek() == b'\n' {
            self.space(Lines::Ignored);
            if !CONTINUATIONS.iter().any(|token| self.starts(token)) {
                self.at = before;
                return false;
            }
        }
        true
    }

    fn binary(&mut self, level: usize, lines: Lines) -> Result<Expression> {
        let Some(operators) = LEVELS.get(level) else { return self.unary(lines) };
        let start = self.at;
        let mut left = self.binary(level + 1, lines)?;
        let mut n_operators = 0;
        loop {
            let before = self.at;
            let operator = if self.goes_on(lines) { operators.iter().find(|(token, _)| self.starts(token)) } else { None };
            let Some(&(token, operator)) = operator else {
                self.at = before;
                return Ok(left);
            };
            n_operators += 1;
            // Each makes the tree a level deeper.
            if MAX_DEPTH < n_operators {
                return Err(self.problem("this has too many operators (max-depth)"));
            }
            self.at += token.len();
            self.space(Lines::Ignored);
            let right = self.binary(level + 1, lines)?;
            left = Expression { span: self.span(start), kind: ExpressionKind::Binary(operator, Box::new([left, right])) };
        }
    }

    fn unary(&mut self, lines: Lines) -> Result<Expression> {
        let start = self.at;
        let operator = match self.peek() {
            b'!' => Operator::Not,
            b'-' => Operator::Subtract,
            b'+' => Operator::Add,
            _ => return self.postfix(lines),
        };
        self.at += 1;
        self.space(lines);
        self.deeper()?;
        let operand = self.unary(lines);
        self.depth -= 1;
        let kind = match operand? {
            Expression { kind: ExpressionKind::Number(number), .. } if operator == Operator::Subtract => ExpressionKind::Number(-number),
            operand if operator == Operator::Add => operand.kind,
            operand => ExpressionKind::Unary(operator, Box::new(operand)),
        };
        Ok(Expression { span: self.span(start), kind })
    }

    fn postfix(&mut self, lines: Lines) -> Result<Expression> {
        let start = self.at;
        let mut expression = self.primary()?;
        let mut n_steps = 0;
        loop {
            n_steps += 1;
            if MAX_DEPTH < n_steps {
                return Err(self.problem("this has too many steps (max-depth)"));
            }
            let before = self.at;
            self.space(lines);
            // A chain may go on in the next line.
            if self.peek() == b'\n' {
                self.space(Lines::Ignored);
                if self.peek() != b'.' {
                    self.at = before;
                }
            }
            if self.starts("...") {
                self.at = before;
                return Ok(expression);
            }
            let kind = if self.take("::") {
                let name = self.name()?;
                ExpressionKind::Nested(Box::new(expression), name)
            } else if self.take(".?") {
                let name = self.name()?;
                ExpressionKind::Attribute(Box::new(expression), name, Access::Safe)
            } else if self.take(".") {
                self.space(Lines::Ignored);
                let name = self.name()?;
                if self.peek() == b'(' {
                    ExpressionKind::Method(Box::new(expression), name, self.arguments()?)
                } else {
                    ExpressionKind::Attribute(Box::new(expression), name, Access::Plain)
                }
            } else if self.peek() == b'[' && before == self.at {
                self.at += 1;
                let access = if self.take("?") { Access::Safe } else { Access::Plain };
                // `[^1]` counts from the end.
                let is_from_end = self.take("^");
                self.space(Lines::Ignored);
                let index = self.expression(Lines::Ignored)?;
                self.space(Lines::Ignored);
                self.expect("]")?;
                let index = match index.kind {
                    ExpressionKind::Number(number) if is_from_end => Expression { span: index.span, kind: ExpressionKind::Number(-number) },
                    _ => index,
                };
                ExpressionKind::Index(Box::new([expression, index]), access)
            } else if self.peek() == b'!' && before == self.at && !self.starts("!=") && !self.starts("!~") {
                self.at += 1;
                continue;
            } else {
                self.at = before;
                return Ok(expression);
            };
            expression = Expression { span: self.span(start), kind };
        }
    }

    /// A name, with blanks before it.
    pub(super) fn name(&mut self) -> Result<Arc<str>> {
        self.space(Lines::Count);
        self.word().map(Into::into).ok_or_else(|| self.problem("expected a name"))
    }

    /// `(a, b)`.
    pub(super) fn arguments(&mut self) -> Result<Vec<Expression>> {
        self.expect("(")?;
        let mut arguments = Vec::new();
        loop {
            self.space(Lines::Ignored);
            if self.take(")") {
                return Ok(arguments);
            }
            arguments.push(self.expression(Lines::Ignored)?);
            self.space(Lines::Ignored);
            if !self.take(",") {
                self.expect(")")?;
                return Ok(arguments);
            }
        }
    }

    fn primary(&mut self) -> Result<Expression> {
        let start = self.at;
        let kind = match self.peek() {
            b'\'' if self.starts("'''") => return self.multi_line(),
            b'$' => return self.multi_line(),
            b'\'' => return self.quoted(),
            b'[' => self.list()?,
            b'{' => self.object()?,
            b'(' => self.parentheses()?,
            b'0'..=b'9' => self.number()?,
            _ => {
                let Some(word) = self.word() else { return Err(self.problem("expected an expression")) };
                match word {
                    "true" => ExpressionKind::Boolean(true),
                    "false" => ExpressionKind::Boolean(false),
                    "null" => ExpressionKind::Null,
                    word if self.peek() == b'(' => ExpressionKind::Call(word.into(), self.arguments()?),
                    word if self.is_arrow() => self.lambda(vec![word.into()])?,
                    word => ExpressionKind::Name(word.into()),
                }
            }
        };
        Ok(Expression { span: self.span(start), kind })
    }

    fn number(&mut self) -> Result<ExpressionKind> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        digits.parse().map(ExpressionKind::Number).map_err(|_| self.problem("expected a number"))
    }

    /// Whether `=>` follows.
    fn is_arrow(&mut self) -> bool {
        let before = self.at;
        self.space(Lines::Count);
        let is_arrow = self.starts("=>");
        if !is_arrow {
            self.at = before;
        }
        is_arrow
    }

    fn lambda(&mut self, names: Vec<Arc<str>>) -> Result<ExpressionKind> {
        self.expect("=>")?;
        self.space(Lines::Ignored);
        Ok(ExpressionKind::Lambda(names, Box::new(self.expression(Lines::Count)?)))
    }

    /// An expression in parentheses, or a lambda.
    fn parentheses(&mut self) -> Result<ExpressionKind> {
        let start = self.at;
        if let Some(names) = self.names_of_lambda() {
            return self.lambda(names);
        }
        self.at = start + 1;
        self.space(Lines::Ignored);
        let inner = self.expression(Lines::Ignored)?;
        self.space(Lines::Ignored);
        self.expect(")")?;
        Ok(inner.kind)
    }

    fn names_of_lambda(&mut self) -> Option<Vec<Arc<str>>> {
        self.at += 1;
        let mut names = Vec::new();
        loop {
            self.space(Lines::Ignored);
            if self.take(")") {
                break;
            }
            names.push(self.word()?.into());
            self.space(Lines::Ignored);
            if !self.take(",") && self.peek() != b')' {
                return None;
            }
        }
        self.is_arrow().then_some(names)
    }

    /// `for a in b:` or `for (a, i) in b:`, after the bracket.
    pub(super) fn each(&mut self) -> Result<Option<Each>> {
        let before = self.at;
        if !self.take_word("for") {
            return Ok(None);
        }
        self.space(Lines::Ignored);
        // A list may hold something that is called so.
        if matches!(self.peek(), b']' | b',' | b'.') {
            self.at = before;
            return Ok(None);
        }
        let is_pair = self.take("(");
        self.space(Lines::Ignored);
        let item = self.name()?;
        let mut index = None;
        if is_pair {
            self.space(Lines::Ignored);
            if self.take(",") {
                self.space(Lines::Ignored);
                index = Some(self.name()?);
                self.space(Lines::Ignored);
            }
            self.expect(")")?;
        }
        self.space(Lines::Ignored);
        if !self.take_word("in") {
            return Err(self.problem("expected `in`"));
        }
        self.space(Lines::Ignored);
        let collection = self.expression(Lines::Ignored)?;
        self.space(Lines::Ignored);
        self.expect(":")?;
        self.space(Lines::Ignored);
        Ok(Some(Each { item, index, collection }))
    }

    fn list(&mut self) -> Result<ExpressionKind> {
        self.at += 1;
        self.space(Lines::Ignored);
        if let Some(each) = self.each()? {
            let body = self.expression(Lines::Ignored)?;
            self.space(Lines::Ignored);
            self.expect("]")?;
            return Ok(ExpressionKind::For(Box::new(each), Box::new(body)));
        }
        let mut items = Vec::new();
        loop {
            self.space(Lines::Ignored);
            if self.take("]") {
                return Ok(ExpressionKind::List(items));
            }
            if self.is_at_end() {
                return Err(self.problem("expected `]`"));
            }
            let start = self.at;
            match self.item() {
                Ok(item) => items.push(item),
                Err(problem) => self.skip_item(start, problem)?,
            }
            self.space(Lines::Count);
            if !self.take(",") && !matches!(self.peek(), b'\n' | b']') {
                let problem = self.problem("expected `,` or `]`");
                self.skip_item(start, problem)?;
            }
        }
    }

    fn item(&mut self) -> Result<Expression> {
        let start = self.at;
        if self.take("...") {
            let inner = self.expression(Lines::Count)?;
            return Ok(Expression { span: self.span(start), kind: ExpressionKind::Spread(Box::new(inner)) });
        }
        self.expression(Lines::Count)
    }

    /// Notes a problem of an item of a list or an object and goes on behind it; gives up where nothing is left.
    fn skip_item(&mut self, start: usize, problem: super::SyntaxProblem) -> Result<()> {
        self.recover(start);
        if self.is_at_end() {
            return Err(problem);
        }
        // A bracket that closes something else ends this, too.
        if matches!(self.peek(), b'}' | b']' | b')') && self.at == start {
            return Err(problem);
        }
        self.note(problem);
        Ok(())
    }

    fn object(&mut self) -> Result<ExpressionKind> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.space(Lines::Ignored);
            if self.take("}") {
                return Ok(ExpressionKind::Object(entries));
            }
            if self.is_at_end() {
                return Err(self.problem("expected `}`"));
            }
            let start = self.at;
            match self.entry() {
                Ok(entry) => entries.extend(entry),
                Err(problem) => self.skip_item(start, problem)?,
            }
            self.space(Lines::Count);
            if !self.take(",") && !matches!(self.peek(), b'\n' | b'}') {
                let problem = self.problem("expected a line break, `,` or `}`");
                self.skip_item(start, problem)?;
            }
        }
    }

    /// A member of an object; nothing where a resource stands in a resource.
    fn entry(&mut self) -> Result<Option<Entry>> {
        let start = self.at;
        if self.take("...") {
            return Ok(Some(Entry::Spread(self.expression(Lines::Count)?)));
        }
        if self.peek() == b'@' || self.opens_resource() {
            let statement = self.statement()?;
            if let (Some(statement), Some(nested)) = (statement, self.nested.last_mut()) {
                nested.push(statement);
            }
            return Ok(None);
        }
        let key = match self.word() {
            Some(word) => Expression { span: self.span(start), kind: ExpressionKind::Text(word.into()) },
            None if self.starts("'''") => self.multi_line()?,
            None => self.quoted()?,
        };
        self.space(Lines::Ignored);
        self.expect(":")?;
        self.space(Lines::Ignored);
        Ok(Some(Entry::Pair(key, self.expression(Lines::Count)?)))
    }

    /// Whether `resource name 'type'` stands here.
    fn opens_resource(&mut self) -> bool {
        let start = self.at;
        let mut is_one = self.take_word("resource");
        if is_one {
            self.space(Lines::Count);
            is_one = self.word().is_some();
            self.space(Lines::Count);
            is_one &= self.peek() == b'\'';
        }
        self.at = start;
        is_one
    }
}
