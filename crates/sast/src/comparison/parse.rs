//! Reads a comparison.

use super::{Arithmetic, ComparisonError, Expression, Operand, Relation};
use crate::regex::{Flags, Regex};

/// How deeply an expression nests.
const MAX_DEPTH: usize = 64;

pub(super) fn parse(text: &str) -> Result<Expression, ComparisonError> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let expression = parser.disjunction()?;
    parser.space();
    if parser.at < text.len() { Err(parser.error("expected an operator")) } else { Ok(expression) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

type Parsed = Result<Expression, ComparisonError>;

/// Makes an expression of a function's argument.
type Make = fn(Box<Expression>) -> Expression;

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn error(&self, message: &str) -> ComparisonError {
        ComparisonError { offset: self.at, message: message.to_owned() }
    }

    /// Takes a symbol.
    fn symbol(&mut self, symbol: &str) -> bool {
        self.space();
        let is_there = self.rest().starts_with(symbol);
        if is_there {
            self.at += symbol.len();
        }
        is_there
    }

    /// Takes a word.
    fn word(&mut self, word: &str) -> bool {
        self.space();
        let after = self.rest().strip_prefix(word);
        let is_there = after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    fn disjunction(&mut self) -> Parsed {
        let mut parts = vec![self.conjunction()?];
        while self.word("or") {
            parts.push(self.conjunction()?);
        }
        Ok(only(parts, Expression::Or))
    }

    fn conjunction(&mut self) -> Parsed {
        let mut parts = vec![self.negation()?];
        while self.word("and") {
            parts.push(self.negation()?);
        }
        Ok(only(parts, Expression::And))
    }

    fn negation(&mut self) -> Parsed {
        if self.word("not") {
            return self.deeper(Self::negation).map(|inner| Expression::Not(Box::new(inner)));
        }
        let first = self.bits()?;
        let mut chain = Vec::new();
        while let Some(relation) = self.relation() {
            chain.push((relation, self.bits()?));
        }
        Ok(if chain.is_empty() { first } else { Expression::Chain(Box::new(first), chain) })
    }

    fn relation(&mut self) -> Option<Relation> {
        const SYMBOLS: [(&str, Relation); 6] = [
            ("==", Relation::Eq),
            ("!=", Relation::NotEq),
            ("<=", Relation::LtEq),
            (">=", Relation::GtEq),
            ("<", Relation::Lt),
            (">", Relation::Gt),
        ];
        if let Some((_, relation)) = SYMBOLS.iter().find(|(symbol, _)| self.symbol(symbol)) {
            return Some(*relation);
        }
        if self.word("in") {
            return Some(Relation::In);
        }
        let before = self.at;
        if self.word("not") && self.word("in") {
            return Some(Relation::NotIn);
        }
        self.at = before;
        None
    }

    fn bits(&mut self) -> Parsed {
        self.operators(Self::sum, &[("&", Arithmetic::And), ("|", Arithmetic::Or), ("^", Arithmetic::Xor)])
    }

    fn sum(&mut self) -> Parsed {
        self.operators(Self::product, &[("+", Arithmetic::Add), ("-", Arithmetic::Sub)])
    }

    fn product(&mut self) -> Parsed {
        self.operators(Self::power, &[("//", Arithmetic::FloorDiv), ("/", Arithmetic::Div), ("%", Arithmetic::Mod), ("*", Arithmetic::Mul)])
    }

    fn operators(&mut self, operand: fn(&mut Self) -> Parsed, known: &[(&str, Arithmetic)]) -> Parsed {
        let mut left = operand(self)?;
        loop {
            self.space();
            // `**` is no `*`.
            let found =
                known.iter().find(|(symbol, _)| self.rest().starts_with(symbol) && !(*symbol == "*" && self.rest().starts_with("**")));
            let Some((symbol, operator)) = found else { return Ok(left) };
            self.at += symbol.len();
            let right = operand(self)?;
            left = Expression::Arithmetic(*operator, Box::new(left), Box::new(right));
        }
    }

    fn power(&mut self) -> Parsed {
        if self.symbol("-") {
            return self.deeper(Self::power).map(|inner| Expression::Negative(Box::new(inner)));
        }
        let base = self.atom()?;
        if self.symbol("**") {
            let exponent = self.deeper(Self::power)?;
            return Ok(Expression::Arithmetic(Arithmetic::Pow, Box::new(base), Box::new(exponent)));
        }
        Ok(base)
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Parsed) -> Parsed {
        if MAX_DEPTH <= self.depth {
            return Err(self.error("the expression is nested too deeply"));
        }
        self.depth += 1;
        let parsed = read(self);
        self.depth -= 1;
        parsed
    }

    fn atom(&mut self) -> Parsed {
        self.space();
        let start = self.at;
        let rest = self.rest();
        match rest.chars().next() {
            Some('(') => {
                self.at += 1;
                let inner = self.deeper(Self::disjunction)?;
                if self.symbol(")") { Ok(inner) } else { Err(self.error("expected `)`")) }
            }
            Some('[') => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.symbol("]") {
                    items.push(self.deeper(Self::disjunction)?);
                    if !self.symbol(",") {
                        if self.symbol("]") {
                            break;
                        }
                        return Err(self.error("expected `,` or `]`"));
                    }
                }
                Ok(Expression::List(items))
            }
            Some('$') => {
                let end = rest
                    .get(1..)
                    .and_then(|name| name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')))
                    .map_or(rest.len(), |end| end + 1);
                self.at += end;
                Ok(Expression::Metavariable(rest.get(..end).unwrap_or_default().to_owned()))
            }
            Some(quote @ ('"' | '\'')) => self.string(quote).map(|text| Expression::Value(Operand::Str(text))),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => self.named(start),
            _ => Err(self.error("expected a value")),
        }
    }

    fn named(&mut self, start: usize) -> Parsed {
        for (word, truth) in [("True", true), ("False", false), ("true", true), ("false", false)] {
            if self.word(word) {
                return Ok(Expression::Value(Operand::Bool(truth)));
            }
        }
        if self.symbol("re.match(") {
            self.space();
            let at = self.at;
            let quote = self.rest().trim_start_matches('r').chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let is_raw = self.rest().starts_with('r');
            self.at += usize::from(is_raw);
            let pattern = match quote {
                Some(quote) => self.string_as(quote, is_raw)?,
                None => return Err(self.error("expected an expression in quotes")),
            };
            let regex =
                Regex::new(&pattern, Flags::METAVARIABLE).map_err(|error| ComparisonError { offset: at, message: error.to_string() })?;
            if !self.symbol(",") {
                return Err(self.error("expected `,`"));
            }
            let of = self.deeper(Self::disjunction)?;
            return if self.symbol(")") { Ok(Expression::Match(regex, Box::new(of))) } else { Err(self.error("expected `)`")) };
        }
        let functions: [(&str, Make); 4] =
            [("int", Expression::Int), ("float", Expression::Float), ("str", Expression::Text), ("len", Expression::Length)];
        for (name, make) in functions {
            if self.word(name) {
                if !self.symbol("(") {
                    return Err(self.error("expected `(`"));
                }
                let of = self.deeper(Self::disjunction)?;
                return if self.symbol(")") { Ok(make(Box::new(of))) } else { Err(self.error("expected `)`")) };
            }
        }
        self.at = start;
        Err(self.error("unknown name; known are `int`, `float`, `str`, `len` and `re.match`"))
    }

    fn number(&mut self) -> Parsed {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or_default();
        let Some(number) = super::evaluate::number(text, None) else { return Err(self.error("no number")) };
        self.at += end;
        Ok(Expression::Value(number))
    }

    fn string(&mut self, quote: char) -> Result<String, ComparisonError> {
        self.string_as(quote, false)
    }

    fn string_as(&mut self, quote: char, is_raw: bool) -> Result<String, ComparisonError> {
        let mut content = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, c)) = characters.next() {
            match c {
                '\\' => match characters.next() {
                    Some((_, escaped)) => {
                        // What is no escape stays as it is, so that expressions need no doubled backslashes.
                        if is_raw || !matches!(escaped, '\\' | '"' | '\'') {
                            content.push('\\');
                        }
                        content.push(escaped);
                    }
                    None => break,
                },
                _ if c == quote => {
                    self.at += offset + 1;
                    return Ok(content);
                }
                _ => content.push(c),
            }
        }
        Err(self.error("the string has no end"))
    }
}

fn only(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => join(parts),
    }
}
