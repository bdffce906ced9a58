//! Expressions of GitHub Actions: what stands between `${{` and `}}`.
//!
//! The grammar is that of the runner: literals, contexts, calls, `!`, comparisons, `&&` and `||`. The published crate of zizmor for
//! the same has no limit on depth, so that a workflow of brackets ends the process; this one has, and no dependency.

use std::{borrow::Cow, ops::Range};

/// The longest expression that is read, in bytes. The runner's own limit is 21,000 characters.
const MAX_BYTES: usize = 64 << 10;
/// How deep an expression may be nested. The runner's own limit is 50.
const MAX_DEPTH: usize = 64;
/// How many parts an expression may have.
const MAX_PARTS: usize = 1_000;

/// An expression and where it stands in its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression<'e> {
    /// The bytes that it was read from, brackets around it included.
    pub(crate) range: Range<usize>,
    /// What it is.
    pub(crate) kind: Kind<'e>,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind<'e> {
    /// A text in single quotes.
    Text(Cow<'e, str>),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// `*` as part of a context.
    Star,
    /// A name as part of a context.
    Name(&'e str),
    /// `[…]` as part of a context.
    Index(Box<Expression<'e>>),
    /// A context, by its parts: `github.event['issue'].title`. The first part is a name, a call, or an expression in brackets.
    Context(Vec<Expression<'e>>),
    /// A call.
    Call(&'e str, Vec<Expression<'e>>),
    /// `!`.
    Not(Box<Expression<'e>>),
    /// An operator between two.
    Binary(Box<Expression<'e>>, Operator, Box<Expression<'e>>),
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Why an expression can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// Where.
    pub(crate) at: usize,
    /// Why, in a few words.
    pub(crate) message: &'static str,
}

/// Reads an expression without its fences.
pub(crate) fn parse(text: &str) -> Result<Expression<'_>, Unreadable> {
    if MAX_BYTES < text.len() {
        return Err(Unreadable { at: 0, message: "it is too long" });
    }
    let mut parser = Parser { text, at: 0, n_parts: 0 };
    let expression = parser.either(0)?;
    parser.skip_blank();
    if parser.at < text.len() { Err(parser.unreadable("there is something behind its end")) } else { Ok(expression) }
}

impl<'e> Expression<'e> {
    /// Calls a function for this and everything in it.
    pub(crate) fn walk<'a>(&'a self, look: &mut dyn FnMut(&'a Self)) {
        look(self);
        self.parts().into_iter().for_each(|part| part.walk(look));
    }

    /// What it is made of.
    pub(crate) fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Boolean(_) | Kind::Null | Kind::Star | Kind::Name(_) => Vec::new(),
            Kind::Index(inner) | Kind::Not(inner) => vec![inner],
            Kind::Context(parts) | Kind::Call(_, parts) => parts.iter().collect(),
            Kind::Binary(left, _, right) => vec![left, right],
        }
    }

    /// All contexts in it.
    pub(crate) fn contexts(&self) -> Vec<&Self> {
        let mut contexts = Vec::new();
        self.walk(&mut |part| contexts.extend(matches!(part.kind, Kind::Context(_)).then_some(part)));
        contexts
    }

    /// The contexts whose text may be in what it expands to. `a == b` expands to a truth value, `a && b` to `b` where it holds.
    pub(crate) fn flowing_contexts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Context(_) => vec![self],
            Kind::Binary(_, Operator::And, right) => right.flowing_contexts(),
            Kind::Binary(left, Operator::Or, right) => [left.flowing_contexts(), right.flowing_contexts()].concat(),
            Kind::Call(name, arguments) if ["tojson", "format", "join"].iter().any(|known| name.eq_ignore_ascii_case(known)) => {
                arguments.iter().flat_map(Self::flowing_contexts).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The expressions of which one is its value.
    pub(crate) fn leaves(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Binary(_, Operator::And, right) => right.leaves(),
            Kind::Binary(left, Operator::Or, right) => [left.leaves(), right.leaves()].concat(),
            _ => vec![self],
        }
    }

    /// The name of the context in lower case, with `*` for what is computed: `github.event.commits.*.message`. Nothing where it
    /// starts with a call or with brackets.
    pub(crate) fn path(&self) -> Option<String> {
        let Kind::Context(parts) = &self.kind else { return None };
        let part = |part: &Self| match &part.kind {
            Kind::Name(name) => Some(name.to_ascii_lowercase()),
            Kind::Star => Some("*".to_owned()),
            Kind::Index(index) => Some(if let Kind::Text(text) = &index.kind { text.to_ascii_lowercase() } else { "*".to_owned() }),
            _ => None,
        };
        parts.iter().map(part).collect::<Option<Vec<_>>>().map(|parts| parts.join("."))
    }

    /// Whether it is a context of this name or in it: `secrets.token` is in `secrets`.
    pub(crate) fn is_in(&self, name: &str) -> bool {
        self.path().is_some_and(|path| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// The one name behind the first, in its own spelling: `TITLE` of `env.TITLE` and of `env['TITLE']`.
    pub(crate) fn member(&self) -> Option<&str> {
        let Kind::Context(parts) = &self.kind else { return None };
        match parts.as_slice() {
            [first, second] if matches!(first.kind, Kind::Name(_)) => match &second.kind {
                Kind::Name(name) => Some(name),
                Kind::Index(index) => {
                    if let Kind::Text(text) = &index.kind {
                        Some(text)
                    } else {
                        None
                    }
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is written out.
    pub(crate) const fn is_literal(&self) -> bool {
        matches!(self.kind, Kind::Text(_) | Kind::Number(_) | Kind::Boolean(_) | Kind::Null)
    }
}

struct Parser<'e> {
    text: &'e str,
    at: usize,
    n_parts: usize,
}

type Read<'e> = Result<Expression<'e>, Unreadable>;

impl<'e> Parser<'e> {
    fn either(&mut self, depth: usize) -> Read<'e> {
        self.chain(depth, &[("||", Operator::Or)], |parser, depth| {
            parser.chain(depth, &[("&&", Operator::And)], |parser, depth| {
                parser.chain(depth, &[("==", Operator::Equal), ("!=", Operator::NotEqual)], |parser, depth| {
                    let orders =
                        [("<=", Operator::LessOrEqual), (">=", Operator::GreaterOrEqual), ("<", Operator::Less), (">", Operator::Greater)];
                    parser.chain(depth, &orders, Self::unary)
                })
            })
        })
    }

    /// Operands of one rank with operators between them, grouped from the left.
    fn chain(&mut self, depth: usize, operators: &[(&str, Operator)], operand: impl Fn(&mut Self, usize) -> Read<'e> + Copy) -> Read<'e> {
        let mut left = operand(self, depth)?;
        loop {
            self.skip_blank();
            let Some((written, operator)) = operators.iter().find(|(written, _)| self.rest().starts_with(written)) else {
                return Ok(left);
            };
            self.at += written.len();
            self.count()?;
            let right = operand(self, depth)?;
            let range = left.range.start..right.range.end;
            left = Expression { range, kind: Kind::Binary(Box::new(left), *operator, Box::new(right)) };
        }
    }

    fn unary(&mut self, depth: usize) -> Read<'e> {
        self.skip_blank();
        let start = self.at;
        if self.rest().starts_with('!') && !self.rest().starts_with("!=") {
            self.at += 1;
            let inner = self.nested(depth, Self::unary)?;
            return Ok(Expression { range: start..inner.range.end, kind: Kind::Not(Box::new(inner)) });
        }
        let first = self.first(depth)?;
        self.parts_of(first, depth)
    }

    /// What follows a first part: `.name`, `.*`, `[…]`.
    fn parts_of(&mut self, first: Expression<'e>, depth: usize) -> Read<'e> {
        let is_name = matches!(first.kind, Kind::Name(_));
        let start = first.range.start;
        let mut parts = vec![first];
        let mut end = self.at;
        loop {
            self.skip_blank();
            let from = self.at;
            match self.rest().bytes().next() {
                Some(b'.') => {
                    self.at += 1;
                    self.skip_blank();
                    let kind = if self.take('*') {
                        Kind::Star
                    } else {
                        Kind::Name(self.name().ok_or_else(|| self.unreadable("a name is expected"))?)
                    };
                    parts.push(Expression { range: from + 1..self.at, kind });
                }
                Some(b'[') => {
                    self.at += 1;
                    self.skip_blank();
                    let inner = if self.take('*') {
                        Expression { range: self.at - 1..self.at, kind: Kind::Star }
                    } else {
                        self.nested(depth, Self::either)?
                    };
                    self.expect(']', "`]` is expected")?;
                    let kind = if inner.kind == Kind::Star { Kind::Star } else { Kind::Index(Box::new(inner)) };
                    parts.push(Expression { range: from..self.at, kind });
                }
                _ => {
                    self.at = end.max(from);
                    break;
                }
            }
            end = self.at;
            self.count()?;
        }
        if !is_name && parts.len() == 1 {
            return parts.pop().ok_or_else(|| self.unreadable("a value is expected"));
        }
        Ok(Expression { range: start..end, kind: Kind::Context(parts) })
    }

    fn first(&mut self, depth: usize) -> Read<'e> {
        self.count()?;
        let start = self.at;
        let Some(byte) = self.rest().bytes().next() else { return Err(self.unreadable("it ends too early")) };
        let kind = match byte {
            b'(' => {
                self.at += 1;
                let inner = self.nested(depth, Self::either)?;
                self.expect(')', "`)` is expected")?;
                inner.kind
            }
            b'\'' => Kind::Text(self.quoted()?),
            b'0'..=b'9' | b'-' | b'+' | b'.' => Kind::Number(self.number()?),
            _ => {
                let name = self.name().ok_or_else(|| self.unreadable("a value is expected"))?;
                let end = self.at;
                self.skip_blank();
                match name {
                    _ if self.take('(') => Kind::Call(name, self.arguments(depth)?),
                    "true" => Kind::Boolean(true),
                    "false" => Kind::Boolean(false),
                    "null" => Kind::Null,
                    "NaN" => Kind::Number(f64::NAN),
                    "Infinity" => Kind::Number(f64::INFINITY),
                    _ => {
                        self.at = end;
                        Kind::Name(name)
                    }
                }
            }
        };
        let end = if matches!(kind, Kind::Boolean(_) | Kind::Null) {
            start + self.text.get(start..self.at).unwrap_or_default().trim_end().len()
        } else {
            self.at
        };
        Ok(Expression { range: start..end, kind })
    }

    fn arguments(&mut self, depth: usize) -> Result<Vec<Expression<'e>>, Unreadable> {
        let mut arguments = Vec::new();
        self.skip_blank();
        if self.take(')') {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.nested(depth, Self::either)?);
            self.skip_blank();
            if self.take(')') {
                return Ok(arguments);
            }
            self.expect(',', "`,` or `)` is expected")?;
        }
    }

    /// A text in single quotes; a quote in it is doubled.
    fn quoted(&mut self) -> Result<Cow<'e, str>, Unreadable> {
        let start = self.at + 1;
        let mut at = start;
        loop {
            let Some(n_bytes) = self.text.get(at..).and_then(|rest| rest.find('\'')) else {
                return Err(self.unreadable("this text has no end"));
            };
            at += n_bytes + 1;
            if self.text.get(at..).is_none_or(|rest| !rest.starts_with('\'')) {
                break;
            }
            at += 1;
        }
        self.at = at;
        let written = self.text.get(start..at - 1).unwrap_or_default();
        Ok(if written.contains("''") { Cow::Owned(written.replace("''", "'")) } else { Cow::Borrowed(written) })
    }

    fn number(&mut self) -> Result<f64, Unreadable> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
        let written: &str = self.rest().split(|c: char| !is_part(c)).next().unwrap_or_default();
        let number = number_of(written).ok_or_else(|| self.unreadable("this is no number"))?;
        self.at += written.len();
        Ok(number)
    }

    fn name(&mut self) -> Option<&'e str> {
        let rest = self.text.get(self.at..)?;
        let n_bytes = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        let name = rest.get(..n_bytes)?;
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return None;
        }
        self.at += n_bytes;
        Some(name)
    }

    fn nested(&mut self, depth: usize, read: impl Fn(&mut Self, usize) -> Read<'e>) -> Read<'e> {
        if MAX_DEPTH <= depth {
            return Err(self.unreadable("it is nested too deep"));
        }
        read(self, depth + 1)
    }

    fn count(&mut self) -> Result<(), Unreadable> {
        self.n_parts += 1;
        if MAX_PARTS < self.n_parts { Err(self.unreadable("it has too many parts")) } else { Ok(()) }
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_there = self.rest().starts_with(wanted);
        self.at += if is_there { wanted.len_utf8() } else { 0 };
        is_there
    }

    fn expect(&mut self, wanted: char, message: &'static str) -> Result<(), Unreadable> {
        self.skip_blank();
        if self.take(wanted) { Ok(()) } else { Err(self.unreadable(message)) }
    }

    fn skip_blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'e str {
        self.text.get(self.at..).unwrap_or_default()
    }

    const fn unreadable(&self, message: &'static str) -> Unreadable {
        Unreadable { at: self.at, message }
    }
}

/// What a number's spelling means: decimal, `0x` or `0o`.
pub(super) fn number_of(written: &str) -> Option<f64> {
    let radix = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().map(|number| f64::from(number.cast_signed()));
    match written.get(..2) {
        Some("0x") => radix(written.get(2..)?, 16),
        Some("0o") => radix(written.get(2..)?, 8),
        _ => written.parse().ok().filter(|number: &f64| number.is_finite() && !written.ends_with(|c: char| c.is_alphabetic())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expression: &Expression<'_>) -> String {
        match &expression.kind {
            Kind::Text(text) => format!("{text:?}"),
            Kind::Number(number) => number.to_string(),
            Kind::Boolean(is_true) => is_true.to_string(),
            Kind::Null => "null".to_owned(),
            Kind::Star => "*".to_owned(),
            Kind::Name(name) => (*name).to_owned(),
            Kind::Index(index) => format!("[{}]", shown(index)),
            Kind::Context(parts) => parts.iter().map(shown).collect::<Vec<_>>().join("."),
            Kind::Call(name, arguments) => format!("{name}({})", arguments.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Kind::Not(inner) => format!("!{}", shown(inner)),
            Kind::Binary(left, operator, right) => format!("({} {operator:?} {})", shown(left), shown(right)),
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match parse(text) {
            Ok(expression) => shown(&expression),
            Err(error) => format!("{}: {}", error.at, error.message),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn expressions_are_read_by_rank() {
        check(" github.event['issue'].title ", "github.event.[\"issue\"].title");
        check("a || b && !c == 'x'", "(a Or (b And (!c Equal \"x\")))");
        check("contains(fromJSON('[1, 2]'), 0x10) != true", "(contains(fromJSON(\"[1, 2]\"), 16) NotEqual true)");
        check("github.event.commits.*.message", "github.event.commits.*.message");
        check("fromJSON(steps.a.outputs.b).c[0]", "fromJSON(steps.a.outputs.b).c.[0]");
        check("(a || b).number", "(a Or b).number");
        check("'it''s'", "\"it's\"");
        check("a <= -1.5", "(a LessOrEqual -1.5)");
    }

    #[test]
    fn what_is_none_is_said() {
        check("", "0: it ends too early");
        check("a b", "2: there is something behind its end");
        check("'a", "0: this text has no end");
        check("f(a", "3: `,` or `)` is expected");
        check("this is not valid", "5: there is something behind its end");
        check(&"(".repeat(100_000), "0: it is too long");
        check(&"(".repeat(10_000), "65: it is nested too deep");
        check(&"!".repeat(10_000), "65: it is nested too deep");
        assert!(parse(&vec!["a"; 9_000].join("||")).is_err());
    }

    #[test]
    fn only_what_flows_is_named() {
        let flowing = |text: &'static str| -> Vec<&str> {
            let expression = parse(text).unwrap();
            expression.flowing_contexts().into_iter().map(|context| text.get(context.range.clone()).unwrap()).collect()
        };
        assert_eq!(flowing("a.b == 'x' && c.d || e.f"), ["c.d", "e.f"]);
        assert_eq!(flowing("format('{0}', a.b)"), ["a.b"]);
        assert_eq!(flowing("contains(a.b, 'x')"), Vec::<&str>::new());
        assert_eq!(flowing("!a"), Vec::<&str>::new());
        assert_eq!(flowing("( a.b )"), ["( a.b )"]);
    }
}
