//! The syntax of Bicep, as a tree with places. "Bicep file structure and syntax", Microsoft's documentation.
//!
//! Types are gone over: of a parameter's, only what it may be of texts that are listed, and whether it may be null, is kept.

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

/// `param name …`, `resource name …`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Statement {
    /// The name that it declares; empty where it declares none.
    pub(super) name: Arc<str>,
    /// From its first word to its name or type.
    pub(super) header: Span,
    /// All of it, decorators left out.
    pub(super) span: Span,
    /// What it is.
    pub(super) kind: StatementKind,
}

/// What a statement is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum StatementKind {
    /// `param a string = …`; in a file of parameters it gives the value of one.
    Parameter(Parameter),
    /// `var a = …`.
    Variable(Expression),
    /// `resource a 'type@version' = …`.
    Resource(Box<Declaration>),
    /// `module a 'path' = …`.
    Module(Box<Declaration>),
    /// `output a string = …`.
    Output(Expression),
    /// `func a(b string) string => …`: names and what is made of them.
    Function(Vec<Arc<str>>, Expression),
    /// `import { a as b } from 'path'` and `import * as a from 'path'`.
    Import(Import),
    /// `using 'path'`.
    Using(Arc<str>),
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Parameter {
    /// Its value where nobody gives another.
    pub(super) default: Option<Expression>,
    /// What it may be, where that is listed.
    pub(super) allowed: Vec<Expression>,
    /// Whether it may be left out: it is null then.
    pub(super) is_nullable: bool,
}

/// A resource or a module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Declaration {
    /// Its type without the version, or the path of the module.
    pub(super) of: Arc<str>,
    /// Where that stands.
    pub(super) of_span: Span,
    /// Whether it is looked up only.
    pub(super) is_existing: bool,
    /// What it is repeated for.
    pub(super) each: Option<Each>,
    /// When it is there.
    pub(super) condition: Option<Expression>,
    /// What it consists of.
    pub(super) body: Expression,
    /// Resources within it.
    pub(super) nested: Vec<Statement>,
}

/// `for item in collection` and `for (item, index) in collection`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Each {
    /// The name of each item.
    pub(super) item: Arc<str>,
    /// The name of its number.
    pub(super) index: Option<Arc<str>>,
    /// What is gone through.
    pub(super) collection: Expression,
}

/// What is taken from another file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Import {
    /// The other file.
    pub(super) from: Arc<str>,
    /// Names there and here; nothing where all is taken under the statement's name.
    pub(super) names: Vec<(Arc<str>, Arc<str>)>,
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
    Template(Vec<Expression>),
    /// `[a, b]`; an item may be spread.
    List(Vec<Expression>),
    /// `{a: b}`; a name is a text.
    Object(Vec<Entry>),
    /// `...a` in a list.
    Spread(Box<Expression>),
    /// A name.
    Name(Arc<str>),
    /// `a.b`, or `a.?b`.
    Attribute(Box<Expression>, Arc<str>, Access),
    /// `a[b]`, or `a[?b]`.
    Index(Box<[Expression; 2]>, Access),
    /// `a::b`.
    Nested(Box<Expression>, Arc<str>),
    /// `f(a, b)`.
    Call(Arc<str>, Vec<Expression>),
    /// `a.f(b)`: of a namespace, an import or a resource.
    Method(Box<Expression>, Arc<str>, Vec<Expression>),
    /// `(a, b) => c`.
    Lambda(Vec<Arc<str>>, Box<Expression>),
    /// `[for a in b: c]`.
    For(Box<Each>, Box<Expression>),
    /// `a ? b : c`.
    Conditional(Box<[Expression; 3]>),
    /// `!a`, `-a`.
    Unary(Operator, Box<Expression>),
    /// `a + b`.
    Binary(Operator, Box<[Expression; 2]>),
}

/// Whether something need not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Access {
    /// It must be.
    Plain,
    /// It is null where it is not.
    Safe,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Entry {
    /// `a: b`.
    Pair(Expression, Expression),
    /// `...a`.
    Spread(Expression),
}

/// Operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Operator {
    Or,
    And,
    Coalesce,
    Equal,
    NotEqual,
    /// `=~`: without case.
    Alike,
    /// `!~`.
    NotAlike,
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

impl Expression {
    /// The text that it is, if nothing in it is evaluated.
    pub(super) fn text(&self) -> Option<&Arc<str>> {
        match &self.kind {
            ExpressionKind::Text(text) => Some(text),
            _ => None,
        }
    }
}
