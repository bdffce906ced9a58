//! Patterns: source text with holes, as trees that are matched.
//!
//! A pattern is made into text that the language's grammar understands (the `holes`), framed by what must stand around it,
//! lowered like any other text, and normalized: what the grammar needed and nobody wrote is taken out again.

mod holes;
mod normalize;

use self::holes::Framed;
use crate::{
    ir::{Interner, Kind, NodeId, Tree},
    lower::{self, FrameKind, Language},
};

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// The tree; its root is a [`Kind::Root`] whose children are what is matched.
    pub(crate) tree: Tree,
    pub(crate) shape: Shape,
}

/// What a pattern is matched with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One node: an expression, a statement, a definition, a part of one.
    Node(NodeId),
    /// Statements in a row, anywhere in a block.
    Statements(Vec<NodeId>),
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// There is nothing in it.
    #[error("the pattern is empty")]
    Empty,
    /// No way to read it as code of the language was found.
    #[error("this is no code of the language `{language}`{}", near_text(.near))]
    Syntax {
        /// The language's name.
        language: &'static str,
        /// The text where the best attempt failed.
        near: String,
    },
    /// It is longer than a pattern may be.
    #[error("the pattern has more than {MAX_PATTERN_BYTES} bytes")]
    TooLong,
}

fn near_text(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(", near `{text}`") }
}

/// The longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 64 << 10;

impl Pattern {
    /// Compiles a pattern.
    pub(crate) fn compile(text: &str, language: &Language, symbols: &mut Interner) -> Result<Self, PatternError> {
        if MAX_PATTERN_BYTES < text.len() {
            return Err(PatternError::TooLong);
        }
        let text = text.trim_matches(['\n', '\r']).trim_end();
        if text.trim().is_empty() {
            return Err(PatternError::Empty);
        }
        let is_statement = text.trim_end().ends_with(';');
        holes::frame(text, language, |framed| Self::of(&framed, language, symbols, is_statement))
    }

    /// The pattern of a framed text; nothing if the frame was not meant for it.
    fn of(framed: &Framed, language: &Language, symbols: &mut Interner, is_statement: bool) -> Option<Self> {
        let lowered = lower::lower(language, &framed.text, symbols, true).ok()?;
        let parts = parts(&lowered, framed.inner);
        let tree = normalize::normalize(&lowered, &parts, symbols);
        let shape = shape(&tree, framed.frame.what, is_statement)?;
        Some(Self { tree, shape })
    }

    /// The nodes that are matched, in order.
    pub(crate) fn roots(&self) -> &[NodeId] {
        match &self.shape {
            Shape::Node(node) => std::slice::from_ref(node),
            Shape::Statements(nodes) => nodes,
        }
    }
}

/// The largest nodes that lie in what is inside of the frame.
fn parts(tree: &Tree, inner: (u32, u32)) -> Vec<NodeId> {
    let mut parts = Vec::new();
    let mut next = 0;
    while let Some(node) = tree.nodes().get(next as usize) {
        let id = NodeId(next);
        let is_inside = inner.0 <= node.start && node.end <= inner.1 && node.start < node.end;
        // A root that spans all is no part of the pattern, nor is a block that the frame made.
        let is_wrapper = matches!(node.kind, Kind::Root) || (node.kind == Kind::Attrs && tree.children(id).next().is_none());
        if is_inside && !is_wrapper {
            parts.push(id);
            next = node.subtree_end.max(next + 1);
        } else {
            next += 1;
        }
    }
    parts
}

/// What the normalized tree is matched with.
fn shape(tree: &Tree, what: FrameKind, is_statement: bool) -> Option<Shape> {
    let children: Vec<NodeId> = tree.children(NodeId::ROOT).collect();
    match children.as_slice() {
        [] => None,
        [only] => {
            let is_bare = tree.kind(*only) == Kind::ExprStmt && !is_statement;
            Some(Shape::Node(if is_bare { tree.child(*only, 0) } else { *only }))
        }
        _ if what == FrameKind::Expression => None,
        _ => Some(Shape::Statements(children)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: &str, text: &str, expected: &str) {
        let language = lower::LANGUAGES.iter().find(|known| known.name == language).unwrap();
        let mut symbols = Interner::default();
        let pattern = match Pattern::compile(text, language, &mut symbols) {
            Ok(pattern) => pattern,
            Err(error) => panic!("{text}: {error}"),
        };
        let found: Vec<String> = pattern.roots().iter().map(|id| pattern.tree.sexp(*id, &symbols)).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn holes_become_what_they_stand_for() {
        check("python", "$F(..., $X, $...R)", "(call (metavar $F) (args (ellipsis) (metavar $X) (metavar-many $...R)))");
        check("python", "foo(\"...\", '=~/a.*/', \"$X\")", "(call (name foo) (args (any-str) (str-regex \"a.*\") (str-metavar $X)))");
        check("python", "$X = <... eval($Y) ...>", "(assign (metavar $X) (deep (call (name eval) (args (metavar $Y)))))");
        check("python", "a. ... .b(...)", "(call (dot:dot (dot:dot (name a) (ellipsis)) (name b)) (args (ellipsis)))");
    }

    #[test]
    fn statements_are_matched_in_a_row() {
        check("python", "$X = 1\n...\nf($X)", "(expr-stmt (assign (metavar $X) (number:int 1))) (ellipsis) (expr-stmt (call (name f) (args (metavar $X))))");
    }

    #[test]
    fn definitions_have_holes() {
        check("python", "def $F(..., $P=..., **$K):\n    ...", "(func-def (attrs) (metavar $F) (params (ellipsis) (param (attrs) (metavar $P) _ (ellipsis)) (param:double-splat (attrs) (metavar $K) _ _)) _ (block (ellipsis)))");
        check("python", "@$D(...)\nclass $C(...):\n    ...", "(class-def:class (attrs (annotation (call (metavar $D) (args (ellipsis))))) (metavar $C) _ (bases (ellipsis)) (block (ellipsis)))");
        check("python", "{..., 'a': $X, ...}", "(dict (ellipsis) (key-value (str a) (metavar $X)) (ellipsis))");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let language = lower::LANGUAGES.iter().find(|known| known.name == "python").unwrap();
        for text in ["", "  \n", "f(((", "\u{0}"] {
            assert!(Pattern::compile(text, language, &mut Interner::default()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn typed_metavariables() {
        check("python", "($X: str).format(...)", "(call (dot:dot (metavar-typed $X (name str)) (name format)) (args (ellipsis)))");
    }
}
