//! Macros, whose arguments are tokens for the grammar: a small reader of expressions makes something of them.

use super::{
    K,
    expression::{binary, expression},
    f, kind,
};
use crate::{
    ir::{Kind, Op},
    lower::{Cx, Syntax, context::reserved},
};

/// How deep expressions among tokens may nest without brackets.
const MAX_NESTING: usize = 64;

/// `a!(…)`, `a![…]`, `a!{…}`: a call of `a!`.
pub(super) fn macro_call(cx: &mut Cx<'_>, node: Syntax<'_>) {
    cx.node(Kind::Call, node.span(), |cx| {
        let mark = node.all_children().find(|child| child.text() == "!").map_or(0, Syntax::end);
        cx.slot(node.field(f().macro_), node.start(), |cx, path| macro_name(cx, path, mark));
        cx.slot(node.children().find(|child| kind(*child) == K::TokenTree), node.end(), arguments);
    });
}

/// The last name of a macro's path has its exclamation mark.
fn macro_name(cx: &mut Cx<'_>, path: Syntax<'_>, mark: u32) {
    match (path.field(f().path), path.field(f().name)) {
        (Some(scope), Some(name)) if kind(path) == K::ScopedIdentifier => {
            cx.node_op(Kind::Dot, Op::Scope, (path.start(), path.end().max(mark)), |cx| {
                expression(cx, scope);
                marked_name(cx, name, mark);
            });
        }
        _ => marked_name(cx, path, mark),
    }
}

fn marked_name(cx: &mut Cx<'_>, name: Syntax<'_>, mark: u32) {
    if cx.is_pattern() && name.text().starts_with(reserved::METAVAR) {
        cx.name_of(name);
    } else {
        cx.name(&format!("{}!", name.text()), (name.start(), name.end().max(mark)));
    }
}

/// The tokens in brackets, cut at commas and semicolons.
pub(super) fn arguments(cx: &mut Cx<'_>, tree: Syntax<'_>) {
    cx.node(Kind::Args, tree.span(), |cx| elements(cx, tree));
}

/// Brackets among tokens.
pub(super) fn group(cx: &mut Cx<'_>, mut tree: Syntax<'_>) {
    // Brackets around brackets vanish here, and not call by call.
    while let [only] = inner(tree).as_slice()
        && kind(*only) == K::TokenTree
        && tree.text().starts_with('(')
    {
        tree = *only;
    }
    let list = match tree.text().bytes().next() {
        Some(b'[') => Kind::List,
        Some(b'{') => Kind::Block,
        _ => Kind::Tuple,
    };
    let inner = inner(tree);
    let is_one = list == Kind::Tuple && !inner.is_empty() && inner.iter().all(|token| token.is_named() || token.text() != ",");
    if is_one {
        element(cx, &inner);
    } else {
        cx.node(list, tree.span(), |cx| elements(cx, tree));
    }
}

fn inner(tree: Syntax<'_>) -> Vec<Syntax<'_>> {
    let all: Vec<Syntax<'_>> = tree.all_children().collect();
    match all.as_slice() {
        [_, inner @ .., _] => inner.to_vec(),
        _ => Vec::new(),
    }
}

fn elements(cx: &mut Cx<'_>, tree: Syntax<'_>) {
    let inner = inner(tree);
    for tokens in inner.split(|token| !token.is_named() && matches!(token.text(), "," | ";")) {
        element(cx, tokens);
    }
}

/// One argument: an expression if its tokens are one, else all that is among them.
fn element(cx: &mut Cx<'_>, tokens: &[Syntax<'_>]) {
    // `a = b` gives an argument by name.
    if let [name, equals, value @ ..] = tokens
        && kind(*name) == K::Identifier
        && equals.text() == "="
        && let Some(value) = Reader::read(value)
    {
        cx.node(Kind::KwArg, (name.start(), value.span.1), |cx| {
            cx.name_of(*name);
            build(cx, &value);
        });
        return;
    }
    match Reader::read(tokens) {
        Some(term) => build(cx, &term),
        None => tokens.iter().filter(|token| token.is_named()).for_each(|token| expression(cx, *token)),
    }
}

/// An expression that was read.
#[derive(Debug)]
struct Term<'a> {
    span: (u32, u32),
    what: What<'a>,
}

#[derive(Debug)]
enum What<'a> {
    Leaf(Syntax<'a>),
    Member(Box<Term<'a>>, Op, Syntax<'a>),
    Call(Box<Term<'a>>, Syntax<'a>),
    Macro(Syntax<'a>, Syntax<'a>),
    Index(Box<Term<'a>>, Syntax<'a>),
    Unary(Op, Box<Term<'a>>),
    Binary(Op, Box<Term<'a>>, Box<Term<'a>>),
}

fn build(cx: &mut Cx<'_>, term: &Term<'_>) {
    match &term.what {
        What::Leaf(node) => expression(cx, *node),
        What::Member(object, op, name) => {
            cx.node_op(Kind::Dot, *op, term.span, |cx| {
                build(cx, object);
                cx.name_of(*name);
            });
        }
        What::Call(callee, tree) => {
            cx.node(Kind::Call, term.span, |cx| {
                build(cx, callee);
                arguments(cx, *tree);
            });
        }
        What::Macro(name, tree) => {
            cx.node(Kind::Call, term.span, |cx| {
                marked_name(cx, *name, tree.start());
                arguments(cx, *tree);
            });
        }
        What::Index(object, tree) => {
            cx.node(Kind::Index, term.span, |cx| {
                build(cx, object);
                elements(cx, *tree);
            });
        }
        What::Unary(op, operand) => {
            cx.node_op(Kind::Unary, *op, term.span, |cx| build(cx, operand));
        }
        What::Binary(op, left, right) => {
            cx.node_op(Kind::Binary, *op, term.span, |cx| {
                build(cx, left);
                build(cx, right);
            });
        }
    }
}

struct Reader<'s, 'a> {
    tokens: &'s [Syntax<'a>],
    depth: usize,
}

impl<'s, 'a> Reader<'s, 'a> {
    /// Reads an expression that is all of the tokens.
    fn read(tokens: &'s [Syntax<'a>]) -> Option<Term<'a>> {
        let mut reader = Self { tokens, depth: 0 };
        let term = reader.binary(0)?;
        reader.tokens.is_empty().then_some(term)
    }

    fn next(&mut self) -> Option<Syntax<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn takes(&mut self, text: &str) -> bool {
        let is_next = self.tokens.first().is_some_and(|token| !token.is_named() && token.text() == text);
        if is_next {
            self.next();
        }
        is_next
    }

    fn tree(&mut self, open: &str) -> Option<Syntax<'a>> {
        let is_next = self.tokens.first().is_some_and(|token| kind(*token) == K::TokenTree && token.text().starts_with(open));
        if is_next { self.next() } else { None }
    }

    fn binary(&mut self, least: u8) -> Option<Term<'a>> {
        let mut left = self.unary()?;
        loop {
            let Some(token) = self.tokens.first().filter(|token| !token.is_named()) else { return Some(left) };
            let op = binary(token.text());
            let strength = strength(op);
            if strength == 0 || strength <= least {
                return Some(left);
            }
            self.next();
            let right = self.nested(|reader| reader.binary(strength))?;
            left = Term { span: (left.span.0, right.span.1), what: What::Binary(op, Box::new(left), Box::new(right)) };
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Option<Term<'a>>) -> Option<Term<'a>> {
        self.depth += 1;
        let term = if self.depth < MAX_NESTING { read(self) } else { None };
        self.depth -= 1;
        term
    }

    fn unary(&mut self) -> Option<Term<'a>> {
        let token = *self.tokens.first()?;
        if token.is_named() {
            return self.postfix();
        }
        let op = match token.text() {
            "!" => Op::Not,
            "-" => Op::Sub,
            "*" => Op::Deref,
            "&" => Op::AddressOf,
            _ => return None,
        };
        self.next();
        if op == Op::AddressOf && self.tokens.first().is_some_and(|token| kind(*token) == K::MutableSpecifier) {
            self.next();
        }
        let operand = self.nested(Self::unary)?;
        Some(Term { span: (token.start(), operand.span.1), what: What::Unary(op, Box::new(operand)) })
    }

    fn postfix(&mut self) -> Option<Term<'a>> {
        let first = self.next()?;
        let is_name = |node: Syntax<'a>| matches!(kind(node), K::Identifier | K::Self_ | K::Super | K::Crate | K::PrimitiveType);
        if kind(first) == K::MutableSpecifier {
            return None;
        }
        let mut term = Term { span: first.span(), what: What::Leaf(first) };
        let mut n_parts = 0;
        loop {
            n_parts += 1;
            if MAX_NESTING < n_parts {
                return None;
            }
            let start = term.span.0;
            let is_path = matches!(term.what, What::Leaf(node) if is_name(node)) || matches!(term.what, What::Member(..));
            if self.takes("::") {
                let name = self.next().filter(|name| is_name(*name))?;
                term = Term { span: (start, name.end()), what: What::Member(Box::new(term), Op::Scope, name) };
            } else if self.takes(".") {
                let name = self.next().filter(|name| is_name(*name) || kind(*name) == K::IntegerLiteral)?;
                term = Term { span: (start, name.end()), what: What::Member(Box::new(term), Op::Dot, name) };
            } else if self.takes("?") {
                let end = self.tokens.first().map_or(term.span.1 + 1, |next| next.start().min(term.span.1 + 1));
                term = Term { span: (start, end), what: What::Unary(Op::Optional, Box::new(term)) };
            } else if is_path && let Some(tree) = self.tree("(") {
                term = Term { span: (start, tree.end()), what: What::Call(Box::new(term), tree) };
            } else if let Some(tree) = self.tree("[") {
                term = Term { span: (start, tree.end()), what: What::Index(Box::new(term), tree) };
            } else if let (What::Leaf(name), [mark, tree, ..]) = (&term.what, self.tokens)
                && is_name(*name)
                && mark.text() == "!"
                && kind(*tree) == K::TokenTree
            {
                let (name, tree) = (*name, *tree);
                self.next();
                self.next();
                term = Term { span: (start, tree.end()), what: What::Macro(name, tree) };
            } else {
                return Some(term);
            }
        }
    }
}

fn strength(op: Op) -> u8 {
    match op {
        Op::Range | Op::RangeExclusive => 1,
        Op::Or => 2,
        Op::And => 3,
        Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => 4,
        Op::BitOr => 5,
        Op::BitXor => 6,
        Op::BitAnd => 7,
        Op::Shl | Op::Shr => 8,
        Op::Add | Op::Sub => 9,
        Op::Mul | Op::Div | Op::Mod => 10,
        _ => 0,
    }
}
