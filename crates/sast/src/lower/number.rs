//! Numbers, so that `0x10`, `1_6` and `16L` are the same.

use super::{Cx, Syntax};
use crate::ir::{Kind, Op};

/// How a language writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberSyntax {
    /// `0x`, `0o`, `0b`; `_` and suffixes of letters are no part of the value.
    C,
    /// The same; and a number that starts with `0` is octal.
    OctalByZero,
}

/// Builds a number.
pub(super) fn lower(cx: &mut Cx<'_>, node: Syntax<'_>, op: Op, syntax: NumberSyntax) {
    lower_text(cx, node.text(), node.span(), op, syntax);
}

/// Builds a number of a text, where the node is more than the number.
pub(super) fn lower_text(cx: &mut Cx<'_>, text: &str, span: (u32, u32), op: Op, syntax: NumberSyntax) {
    cx.word(Kind::Number, op, &normalize(text, op, syntax), span);
}

fn normalize(text: &str, op: Op, syntax: NumberSyntax) -> String {
    let plain: String = text.chars().filter(|&c| c != '_' && c != '\'').collect::<String>().to_ascii_lowercase();
    if op == Op::Float {
        let digits = plain.trim_end_matches(['f', 'd', 'm', 'j', 'l']);
        return digits.parse::<f64>().map_or(plain.clone(), |value| value.to_string());
    }
    let (radix, digits) = match (plain.get(..2), plain.get(2..)) {
        (Some("0x"), Some(rest)) => (16, rest),
        (Some("0o"), Some(rest)) => (8, rest),
        (Some("0b"), Some(rest)) => (2, rest),
        (Some(_), _) if syntax == NumberSyntax::OctalByZero && plain.starts_with('0') => (8, plain.as_str()),
        _ => (10, plain.as_str()),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, suffix) = digits.split_at(end);
    let is_suffix = suffix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match u128::from_str_radix(digits, radix) {
        Ok(value) if is_suffix => value.to_string(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_one_value_are_equal() {
        for (text, op, syntax, expected) in [
            ("0x1F", Op::Int, NumberSyntax::C, "31"),
            ("1_000L", Op::Int, NumberSyntax::C, "1000"),
            ("010", Op::Int, NumberSyntax::C, "10"),
            ("010", Op::Int, NumberSyntax::OctalByZero, "8"),
            ("0o17", Op::Int, NumberSyntax::C, "15"),
            ("0b11u32", Op::Int, NumberSyntax::C, "3"),
            ("1.50f", Op::Float, NumberSyntax::C, "1.5"),
            ("1e3", Op::Float, NumberSyntax::C, "1000"),
            ("0", Op::Int, NumberSyntax::OctalByZero, "0"),
            ("3j", Op::Int, NumberSyntax::C, "3"),
        ] {
            assert_eq!(normalize(text, op, syntax), expected, "{text}");
        }
    }
}
