//! From tokens to an expression.

use std::sync::Arc;

use super::{
    ComparisonError, Value,
    lexer::{Token, What, tokens},
};
use crate::regex::{Flags, Regex, RegexError};

/// How many expressions may be open at one place.
const MAX_OPEN: u32 = 40;

/// How deep an expression may be; each term of a sum is one deeper than the one behind it.
const MAX_DEPTH: u32 = 200;

/// How long a comparison may be.
const MAX_BYTES: usize = 100_000;

/// What can be called, for messages.
pub(super) const FUNCTIONS: &str = "int, float, str, len, re.match, today, strptime and parse_promql_duration";

/// An expression.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    /// Where it begins, or its operator.
    pub(super) at: usize,
    depth: u32,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Literal(Value),
    /// With its dollar.
    Metavariable(Box<str>),
    List(Vec<Expression>),
    /// Strings and expressions that are printed one after the other.
    Joined(Vec<Expression>),
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<[Expression; 2]>),
    /// `a < b <= c`: the operators stand between the operands.
    Compare(Vec<Relation>, Vec<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Call(Function, Vec<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unary {
    Not,
    Plus,
    Minus,
    Invert,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

#[derive(Debug, Clone)]
pub(super) enum Function {
    Int,
    Float,
    Str,
    Len,
    Today,
    Strptime,
    Duration,
    /// `re.match`: the expression is the first argument.
    Match(Arc<Regex>),
}

impl Expression {
    pub(super) fn children(&self) -> &[Self] {
        match &self.kind {
            Kind::Literal(_) | Kind::Metavariable(_) => &[],
            Kind::Unary(_, operand) => std::slice::from_ref(operand),
            Kind::Binary(_, operands) => operands.as_slice(),
            Kind::List(items) | Kind::Joined(items) | Kind::And(items) | Kind::Or(items) => items,
            Kind::Compare(_, items) | Kind::Call(_, items) => items,
        }
    }
}

/// Reads a comparison.
pub(super) fn parse(text: &str) -> Result<Expression, ComparisonError> {
    if MAX_BYTES < text.len() {
        return Err(ComparisonError::TooLarge { at: MAX_BYTES });
    }
    parse_at(text, 0, 0)
}

fn parse_at(text: &str, offset: usize, depth: u32) -> Result<Expression, ComparisonError> {
    let mut parser = Parser { tokens: tokens(text, offset)?, next: 0, depth };
    let expression = parser.expression()?;
    if *parser.peek() == What::End { Ok(expression) } else { Err(parser.unexpected("an operator or the end")) }
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
    /// How many expressions are open.
    depth: u32,
}

/// The binary operators, and how tightly they bind; `**` binds tighter than signs.
const BINARY: [(&str, Binary, u32); 10] = [
    ("|", Binary::Or, 1),
    ("^", Binary::Xor, 2),
    ("&", Binary::And, 3),
    ("<<", Binary::ShiftLeft, 4),
    (">>", Binary::ShiftRight, 4),
    ("+", Binary::Add, 5),
    ("-", Binary::Subtract, 5),
    ("*", Binary::Multiply, 6),
    ("/", Binary::Divide, 6),
    ("%", Binary::Remainder, 6),
];

impl<'t> Parser<'t> {
    fn peek(&self) -> &What<'t> {
        self.tokens.get(self.next).map_or(&What::End, |token| &token.what)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |token| token.at)
    }

    fn unexpected(&self, expected: &'static str) -> ComparisonError {
        ComparisonError::Unexpected { at: self.at(), expected, found: self.peek().describe() }
    }

    fn take_operator(&mut self, operator: &str) -> bool {
        let is_there = matches!(self.peek(), What::Operator(it) if *it == operator);
        self.next += usize::from(is_there);
        is_there
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = matches!(self.peek(), What::Name(name) if *name == word);
        self.next += usize::from(is_there);
        is_there
    }

    /// An expression whose parts are not deeper than allowed.
    fn node(&self, at: usize, kind: Kind) -> Result<Expression, ComparisonError> {
        let mut expression = Expression { at, depth: 0, kind };
        expression.depth = expression.children().iter().map(|child| child.depth + 1).max().unwrap_or(0);
        if MAX_DEPTH < expression.depth { Err(ComparisonError::TooLarge { at: self.at() }) } else { Ok(expression) }
    }

    /// Reads something inside of something.
    fn nested<T>(&mut self, read: fn(&mut Self) -> Result<T, ComparisonError>) -> Result<T, ComparisonError> {
        if MAX_OPEN <= self.depth {
            return Err(ComparisonError::TooLarge { at: self.at() });
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn expression(&mut self) -> Result<Expression, ComparisonError> {
        let at = self.at();
        let expression = self.sequence("or", Self::conjunction, Kind::Or)?;
        if *self.peek() == What::Name("if") {
            return Err(ComparisonError::Unsupported { at, what: "`… if … else …`" });
        }
        Ok(expression)
    }

    fn conjunction(&mut self) -> Result<Expression, ComparisonError> {
        self.sequence("and", Self::negation, Kind::And)
    }

    /// Operands with a word in between, or one alone.
    fn sequence(
        &mut self,
        word: &str,
        operand: fn(&mut Self) -> Result<Expression, ComparisonError>,
        kind: fn(Vec<Expression>) -> Kind,
    ) -> Result<Expression, ComparisonError> {
        let at = self.at();
        let first = operand(self)?;
        if !matches!(self.peek(), What::Name(name) if *name == word) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.take_word(word) {
            operands.push(operand(self)?);
        }
        self.node(at, kind(operands))
    }

    fn negation(&mut self) -> Result<Expression, ComparisonError> {
        let at = self.at();
        if !self.take_word("not") {
            return self.relation();
        }
        let operand = self.nested(Self::negation)?;
        self.node(at, Kind::Unary(Unary::Not, Box::new(operand)))
    }

    fn relation(&mut self) -> Result<Expression, ComparisonError> {
        let at = self.at();
        let first = self.binary(0)?;
        let Some(relation) = self.relation_sign()? else { return Ok(first) };
        let mut relations = vec![relation];
        let mut operands = vec![first, self.binary(0)?];
        while let Some(relation) = self.relation_sign()? {
            relations.push(relation);
            operands.push(self.binary(0)?);
        }
        self.node(at, Kind::Compare(relations, operands))
    }

    fn relation_sign(&mut self) -> Result<Option<Relation>, ComparisonError> {
        let relation = match self.peek() {
            What::Operator("==") => Relation::Equal,
            What::Operator("!=" | "<>") => Relation::NotEqual,
            What::Operator("<") => Relation::Less,
            What::Operator("<=") => Relation::LessOrEqual,
            What::Operator(">") => Relation::Greater,
            What::Operator(">=") => Relation::GreaterOrEqual,
            What::Name("in") => Relation::In,
            What::Name("is") => return Err(ComparisonError::Unsupported { at: self.at(), what: "`is`" }),
            What::Name("not") => {
                self.next += 1;
                if *self.peek() != What::Name("in") {
                    return Err(self.unexpected("`in`"));
                }
                Relation::NotIn
            }
            _ => return Ok(None),
        };
        self.next += 1;
        Ok(Some(relation))
    }

    /// Operands with operators that bind tighter than a level.
    fn binary(&mut self, level: u32) -> Result<Expression, ComparisonError> {
        let mut left = self.signed()?;
        loop {
            let at = self.at();
            let What::Operator(sign) = *self.peek() else { return Ok(left) };
            if matches!(sign, "//" | "@") {
                return Err(ComparisonError::Unsupported { at, what: if sign == "@" { "`@`" } else { "`//`" } });
            }
            let Some(&(_, operator, tightness)) = BINARY.iter().find(|&&(text, _, tightness)| text == sign && level < tightness) else {
                return Ok(left);
            };
            self.next += 1;
            let right = self.binary(tightness)?;
            left = self.node(at, Kind::Binary(operator, Box::new([left, right])))?;
        }
    }

    fn signed(&mut self) -> Result<Expression, ComparisonError> {
        let at = self.at();
        let sign = match self.peek() {
            What::Operator("-") => Unary::Minus,
            What::Operator("+") => Unary::Plus,
            What::Operator("~") => Unary::Invert,
            _ => return self.power(),
        };
        self.next += 1;
        let operand = self.nested(Self::signed)?;
        self.node(at, Kind::Unary(sign, Box::new(operand)))
    }

    fn power(&mut self) -> Result<Expression, ComparisonError> {
        let base = self.primary()?;
        let at = self.at();
        if !self.take_operator("**") {
            return Ok(base);
        }
        let exponent = self.nested(Self::signed)?;
        self.node(at, Kind::Binary(Binary::Power, Box::new([base, exponent])))
    }

    fn primary(&mut self) -> Result<Expression, ComparisonError> {
        let at = self.at();
        let primary = match self.peek().clone() {
            What::Int(value) => self.literal(Value::Int(value))?,
            What::Float(value) => self.literal(Value::Float(value))?,
            What::Text { .. } => self.strings()?,
            What::Metavariable(name) => {
                self.next += 1;
                self.node(at, Kind::Metavariable(name.into()))?
            }
            What::Name("True") => self.literal(Value::Bool(true))?,
            What::Name("False") => self.literal(Value::Bool(false))?,
            What::Name("and" | "or" | "not" | "in" | "is" | "if" | "else") => return Err(self.unexpected("an expression")),
            What::Name(name) => {
                self.next += 1;
                self.call(at, name)?
            }
            What::Operator("(") => {
                self.next += 1;
                let inner = self.nested(Self::expression)?;
                if *self.peek() == What::Operator(",") {
                    return Err(ComparisonError::Unsupported { at, what: "a tuple" });
                }
                if !self.take_operator(")") {
                    return Err(self.unexpected("`)`"));
                }
                inner
            }
            What::Operator("[") => {
                self.next += 1;
                let items = self.items("]")?;
                self.node(at, Kind::List(items))?
            }
            What::Operator(_) | What::End => return Err(self.unexpected("an expression")),
        };
        let unsupported = [(".", "an attribute"), ("[", "an index"), ("(", "a call of this")];
        match unsupported.into_iter().find(|&(sign, _)| *self.peek() == What::Operator(sign)) {
            Some((_, what)) => Err(ComparisonError::Unsupported { at: self.at(), what }),
            None => Ok(primary),
        }
    }

    fn literal(&mut self, value: Value) -> Result<Expression, ComparisonError> {
        let at = self.at();
        self.next += 1;
        self.node(at, Kind::Literal(value))
    }

    /// The items up to a closing bracket.
    fn items(&mut self, closing: &'static str) -> Result<Vec<Expression>, ComparisonError> {
        let mut items = Vec::new();
        loop {
            if self.take_operator(closing) {
                return Ok(items);
            }
            items.push(self.nested(Self::expression)?);
            if !self.take_operator(",") && *self.peek() != What::Operator(closing) {
                return Err(self.unexpected("`,` or a closing bracket"));
            }
        }
    }

    /// One string or more.
    fn strings(&mut self) -> Result<Expression, ComparisonError> {
        let at = self.at();
        let mut parts = Vec::new();
        while let What::Text { content, content_at, is_formatted } = *self.peek() {
            self.next += 1;
            if is_formatted {
                self.formatted(content, content_at, &mut parts)?;
            } else {
                parts.push(self.node(content_at, Kind::Literal(Value::Text(content.to_owned())))?);
            }
        }
        match parts.as_slice() {
            [Expression { kind: Kind::Literal(Value::Text(text)), .. }] => self.node(at, Kind::Literal(Value::Text(text.clone()))),
            _ => self.node(at, Kind::Joined(parts)),
        }
    }

    /// The parts of an `f"…"`.
    fn formatted(&mut self, content: &str, at: usize, parts: &mut Vec<Expression>) -> Result<(), ComparisonError> {
        let mut text = String::new();
        let mut begin = 0;
        while let Some(found) = content.get(begin..).and_then(|rest| rest.find(['{', '}'])) {
            let brace = begin + found;
            text.push_str(content.get(begin..brace).unwrap_or_default());
            let rest = content.get(brace..).unwrap_or_default();
            if rest.starts_with("{{") || rest.starts_with("}}") {
                text.extend(rest.chars().next());
                begin = brace + 2;
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| rest.starts_with('{')) else {
                let found = format!("`{}`", rest.get(..1).unwrap_or_default());
                return Err(ComparisonError::Unexpected { at: at + brace, expected: "`{…}`", found });
            };
            if !text.is_empty() {
                parts.push(self.node(at, Kind::Literal(Value::Text(std::mem::take(&mut text))))?);
            }
            let inner = rest.get(1..end).unwrap_or_default();
            if MAX_OPEN <= self.depth {
                return Err(ComparisonError::TooLarge { at: at + brace });
            }
            parts.push(parse_at(inner, at + brace + 1, self.depth + 1)?);
            begin = brace + end + 1;
        }
        text.push_str(content.get(begin..).unwrap_or_default());
        if !text.is_empty() {
            parts.push(self.node(at, Kind::Literal(Value::Text(text)))?);
        }
        Ok(())
    }

    /// The call of a function whose name was read.
    fn call(&mut self, at: usize, name: &str) -> Result<Expression, ComparisonError> {
        let unknown = || ComparisonError::UnknownName { at, name: name.to_owned() };
        let function = match name {
            "int" => Function::Int,
            "float" => Function::Float,
            "str" => Function::Str,
            "len" => Function::Len,
            "today" => Function::Today,
            "strptime" => Function::Strptime,
            "parse_promql_duration" => Function::Duration,
            "re" if self.take_operator(".") && self.take_word("match") => return self.re_match(at),
            _ => return Err(unknown()),
        };
        if !self.take_operator("(") {
            return Err(unknown());
        }
        let arguments_at = self.at();
        let arguments = self.items(")")?;
        let n_expected = usize::from(!matches!(function, Function::Today));
        if arguments.len() != n_expected {
            let (expected, found) = (if n_expected == 0 { "no argument" } else { "one argument" }, arguments.len().to_string());
            return Err(ComparisonError::Unexpected { at: arguments_at, expected, found });
        }
        self.node(at, Kind::Call(function, arguments))
    }

    fn re_match(&mut self, at: usize) -> Result<Expression, ComparisonError> {
        if !self.take_operator("(") {
            return Err(self.unexpected("`(`"));
        }
        let arguments_at = self.at();
        let mut arguments = self.items(")")?.into_iter();
        let (Some(pattern), Some(subject), None) = (arguments.next(), arguments.next(), arguments.next()) else {
            return Err(ComparisonError::Unexpected { at: arguments_at, expected: "two arguments", found: "more or less".to_owned() });
        };
        let Kind::Literal(Value::Text(text)) = &pattern.kind else {
            return Err(ComparisonError::Unsupported { at: pattern.at, what: "a regular expression that is no string" });
        };
        let invalid = |error: RegexError| ComparisonError::InvalidRegex { at: pattern.at, message: error.to_string() };
        let regex = Regex::new(text, Flags::METAVARIABLE).map_err(invalid)?;
        self.node(at, Kind::Call(Function::Match(Arc::new(regex)), vec![subject]))
    }
}
