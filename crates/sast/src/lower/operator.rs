//! Operators by their symbols, where languages agree on what a symbol means.
//!
//! A lowering names what its language has besides, or means otherwise, and asks here for the rest. Deliberately absent are
//! words, and symbols that some languages have while others let everybody define them: `**`, `===`, `??`.

use crate::ir::{Kind, Op};

/// The operator between two operands; none for a symbol that languages do not agree on.
pub(super) fn binary(token: &str) -> Op {
    match token {
        "+" => Op::Add,
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "%" => Op::Mod,
        "<<" => Op::Shl,
        ">>" => Op::Shr,
        ">>>" => Op::UShr,
        "&" => Op::BitAnd,
        "|" => Op::BitOr,
        "^" => Op::BitXor,
        "&&" => Op::And,
        "||" => Op::Or,
        "==" => Op::Eq,
        "!=" => Op::NotEq,
        "<" => Op::Lt,
        "<=" => Op::LtEq,
        ">" => Op::Gt,
        ">=" => Op::GtEq,
        _ => Op::None,
    }
}

/// The operator before or behind its only operand; none for a symbol that languages do not agree on.
pub(super) fn unary(token: &str) -> Op {
    match token {
        "!" => Op::Not,
        "-" => Op::Sub,
        "+" => Op::Add,
        "~" => Op::BitNot,
        "++" => Op::Increment,
        "--" => Op::Decrement,
        _ => Op::None,
    }
}

/// What an assignment is: plain, or one with the operator that stands before its `=`.
pub(super) fn assignment(token: &str, binary: impl FnOnce(&str) -> Op) -> (Kind, Op) {
    match token {
        "=" => (Kind::Assign, Op::None),
        token => (Kind::AugAssign, binary(token.trim_end_matches('='))),
    }
}
