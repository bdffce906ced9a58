//! The syntax of Terraform's language, as a tree with places. HCL's native syntax specification, version 2.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Bytes of the file that something stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Span {
    /// The offset of the first byte.
    pub(super) start: u32,
    /// The offset after the last byte.
    pub(super) end: u32,
}

/// What stands between braces, or in a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Body {
    /// `name = value`, in order.
    pub(super) attributes: Vec<Attribute>,
    /// Blocks, in order.
    pub(super) blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Attribute {
    /// The name.
    pub(super) name: Arc<str>,
    /// Where the name stands.
    pub(super) name_span: Span,
    /// The value.
    pub(super) value: Expression,
}

/// `kind "label" { … }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Block {
    /// The first word.
    pub(super) kind: Arc<str>,
    /// The words behind it.
    pub(super) labels: Vec<Arc<str>>,
    /// From the first word to the last label.
    pub(super) header: Span,
    /// All of it.
    pub(super) span: Span,
    /// What is in it.
    pub(super) body: Body,
}

/// An expression and its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Expression {
    /// Where it stands.
    pub(super) span: Span,
    /// What it is.
    pub(super) kind: ExpressionKind,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum ExpressionKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text without anything to evaluate in it.
    Text(Arc<str>),
    /// A text with parts that are evaluated.
    Template(Vec<Part>),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `{a = b}`; a key that is one word is a text.
    Object(Vec<(Expression, Expression)>),
    /// A name.
    Name(Arc<str>),
    /// `a.b`.
    Attribute(Box<Expression>, Arc<str>),
    /// `a[b]`.
    Index(Box<Expression>, Box<Expression>),
    /// `a[*].b` or `a.*.b`, and what is asked of each.
    Splat(Box<Expression>, Vec<Step>),
    /// `f(a, b)`; whether the last argument is spread, `f(a...)`.
    Call(Arc<str>, Vec<Expression>, bool),
    /// `[for … ]` and `{for … }`.
    For(Box<For>),
    /// `a ? b : c`.
    Conditional(Box<[Expression; 3]>),
    /// `-a`, `!a`.
    Unary(Operator, Box<Expression>),
    /// `a + b`.
    Binary(Operator, Box<[Expression; 2]>),
    /// What could not be understood.
    Invalid,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Part {
    /// As it is.
    Text(Arc<str>),
    /// `${a}`.
    Expression(Expression),
    /// `%{ if a }…%{ else }…%{ endif }`.
    If(Expression, Vec<Part>, Vec<Part>),
    /// `%{ for k, v in a }…%{ endfor }`: names and what is repeated.
    For(Option<Arc<str>>, Arc<str>, Expression, Vec<Part>),
}

/// What is asked of each value of a splat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Step {
    /// `.name`.
    Attribute(Arc<str>),
    /// `[index]`.
    Index(Expression),
}

/// `for key, value in collection : result if condition`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct For {
    /// The name of keys, if they have one.
    pub(super) key: Option<Arc<str>>,
    /// The name of values.
    pub(super) value: Arc<str>,
    /// What is gone through.
    pub(super) collection: Expression,
    /// The key of each result, of an object.
    pub(super) result_key: Option<Expression>,
    /// Each result.
    pub(super) result: Expression,
    /// Whether results of one key are collected, `...`.
    pub(super) is_grouped: bool,
    /// Which values count.
    pub(super) condition: Option<Expression>,
}

/// Operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Not,
}

impl Body {
    /// The attribute of a name.
    #[must_use]
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| &*attribute.name == name)
    }

    /// The blocks of a kind.
    pub(super) fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |block| &*block.kind == kind)
    }
}

impl Expression {
    /// The text that it is, if nothing in it is evaluated.
    #[must_use]
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            ExpressionKind::Text(text) => Some(text),
            _ => None,
        }
    }
}
