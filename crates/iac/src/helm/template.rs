//! Go's `text/template`: a text with actions in double braces, as a tree.
//!
//! The grammar is that of Go 1.26. Functions are looked up while a text is parsed, as in Go: one that does not exist is a problem
//! of the whole text.

mod lexer;
mod parser;

use std::rc::Rc;

use super::{function::FunctionId, text::Text};

pub(super) use self::parser::{integer, parse};

/// How deeply actions, and parentheses within one, may be nested.
pub(super) const MAX_NESTING: usize = 100;

/// What a text defines: itself, and the templates within it.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) root: Rc<[Node]>,
    pub(super) defined: Vec<(Rc<str>, Rc<[Node]>)>,
}

/// Why a text is no template, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParseError {
    pub(super) at: u32,
    pub(super) message: String,
}

/// From byte to byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A piece of a template.
#[derive(Debug)]
pub(super) enum Node {
    /// Text outside of actions.
    Text(Range),
    /// A pipeline, whose value is printed unless it sets a variable.
    Action(Pipe, Range),
    /// `if` and `with`, and what stands behind each `else`.
    Branches {
        branches: Vec<Branch>,
        otherwise: Vec<Node>,
    },
    Range {
        pipe: Pipe,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Template {
        name: Rc<str>,
        pipe: Option<Pipe>,
        at: u32,
    },
    Break,
    Continue,
}

/// One way of an `if` or `with`.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) pipe: Pipe,
    pub(super) sets_dot: bool,
    pub(super) body: Vec<Node>,
}

/// Commands, each of which gets the value of the one before it, and the variables that get the last one.
#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) at: u32,
    pub(super) variables: Vec<Rc<str>>,
    pub(super) is_declaration: bool,
    pub(super) commands: Vec<Command>,
}

/// A function or value, and its arguments.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) at: u32,
    pub(super) head: Expr,
    pub(super) arguments: Vec<Expr>,
}

/// A value.
#[derive(Debug)]
pub(super) enum Expr {
    Dot,
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Text),
    Field(Vec<Rc<str>>),
    Variable(Rc<str>, Vec<Rc<str>>),
    Function(FunctionId),
    Pipe(Box<Pipe>),
    Chain(Box<Expr>, Vec<Rc<str>>),
}
