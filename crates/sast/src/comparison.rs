//! The expressions of `metavariable-comparison`: a small part of Python.
//!
//! `$X > 1024 and int($Y) not in [1, 2]`, `re.match("a", $Z)`, `str($X) == "a"`. An expression is read once; evaluated it gives
//! nothing where a metavariable is not bound or a value has the wrong type, and then the comparison does not hold.

mod evaluate;
mod parse;

use crate::regex::Regex;

/// A comparison, read.
#[derive(Debug)]
pub(crate) struct Comparison {
    expression: Expression,
    /// The metavariable that `base` and `strip` are about.
    name: Option<String>,
    base: Option<u32>,
    is_stripped: bool,
}

/// What is bound to a metavariable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Int(i64),
    Float(f64),
    Bool(bool),
    Str(String),
    List(Vec<Operand>),
    /// Code that is no constant, as it is written.
    Code(String),
}

/// Why a text is no comparison.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}, at byte {offset}")]
pub(crate) struct ComparisonError {
    pub(crate) offset: usize,
    pub(crate) message: String,
}

#[derive(Debug)]
enum Expression {
    Value(Operand),
    Metavariable(String),
    List(Vec<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    /// `a < b <= c`
    Chain(Box<Expression>, Vec<(Relation, Expression)>),
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    Int(Box<Expression>),
    Float(Box<Expression>),
    Text(Box<Expression>),
    Length(Box<Expression>),
    Match(Regex, Box<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Eq,
    NotEq,
    Lt,
    LtEq,
    Gt,
    GtEq,
    In,
    NotIn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    And,
    Or,
    Xor,
}

impl Comparison {
    /// Reads a comparison. `name`, `base` and `is_stripped` are the keys beside it.
    pub(crate) fn new(text: &str, name: Option<&str>, base: Option<u32>, is_stripped: bool) -> Result<Self, ComparisonError> {
        let expression = parse::parse(text)?;
        Ok(Self { expression, name: name.map(str::to_owned), base, is_stripped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let bound = |name: &str| match name {
            "$N" => Some(Operand::Int(512)),
            "$F" => Some(Operand::Float(1.5)),
            "$S" => Some(Operand::Str("abc".to_owned())),
            "$C" => Some(Operand::Code("0o644".to_owned())),
            "$V" => Some(Operand::Code("variable".to_owned())),
            _ => None,
        };
        let comparison = Comparison::new(text, None, None, false).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(comparison.holds(&bound), expected, "{text}");
    }

    #[test]
    fn comparisons_hold_or_they_do_not() {
        for (text, expected) in [
            ("$N < 1024", true),
            ("$N >= 1024", false),
            ("0 < $N <= 512", true),
            ("$N % 8 == 0 and not $N == 1", true),
            ("$N in [256, 512]", true),
            ("$N not in [256, 512]", false),
            ("$F > 1 or $MISSING == 1", true),
            ("$MISSING == 1", false),
            ("$S == 'abc'", true),
            ("str($N) == \"512\"", true),
            ("int($C) == 420", true),
            ("$C & 0o004 != 0", true),
            ("re.match('a.c', $S)", true),
            ("re.match('b', $S)", false),
            ("len($S) == 3", true),
            ("$V > 1", false),
            ("$V != $S", true),
            ("2 ** 10 == 1024", true),
            ("-$N < 0", true),
            ("($N + 1) * 2 == 1026", true),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn errors_say_where() {
        for (text, offset) in [("", 0), ("$N <", 4), ("$N < )", 5), ("foo($N)", 0), ("re.match('(', $S)", 9), ("'abc", 0)] {
            assert_eq!(Comparison::new(text, None, None, false).map_err(|error| error.offset).err(), Some(offset), "{text}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        assert!(Comparison::new(&"(".repeat(10_000), None, None, false).is_err());
    }

    #[test]
    fn texts_are_numbers_if_the_rule_says_so() {
        let bound = |_: &str| Some(Operand::Str("0777".to_owned()));
        let comparison = Comparison::new("$X > 256", Some("$X"), Some(8), true).unwrap();
        assert!(comparison.holds(&bound));
    }
}
