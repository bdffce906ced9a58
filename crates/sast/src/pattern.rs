//! Patterns: source text with holes, as trees that are matched.
//!
//! A pattern is made into text that the language's grammar understands (the `holes`), framed by what must stand around it,
//! lowered like any other text, and normalized: what the grammar needed and nobody wrote is taken out again.

mod holes;
mod normalize;

use std::sync::{Arc, OnceLock};

use self::{holes::Framed, normalize::TypedName};
use crate::{
    ir::{Interner, Kind, NodeId, Symbol, Tree},
    lower::{self, Feature, FrameKind, Language, reserved},
    regex::{Flags, Outcome, Regex},
};

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// The tree; its root is a [`Kind::Root`] whose children are what is matched.
    pub(crate) tree: Tree,
    pub(crate) shape: Shape,
    /// Names that a file must hold somewhere, or else there is no match.
    pub(crate) required: Box<[Symbol]>,
    /// Whether it is a definition without its body, as what it matches is, too.
    pub(crate) is_header: bool,
    /// What its strings of `"=~/…/"` look for.
    regexes: Arc<[StringRegex]>,
}

/// An expression that strings are matched with, by its symbol; compiled when the first string is met.
#[derive(Debug)]
struct StringRegex(Symbol, OnceLock<Option<Regex>>);

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
pub(crate) enum PatternError {
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
pub(crate) const MAX_PATTERN_BYTES: usize = 64 << 10;

impl Pattern {
    pub(crate) fn new(tree: Tree, shape: Shape, required: Box<[Symbol]>) -> Self {
        let mut expressions: Vec<Symbol> = tree.nodes().iter().filter(|node| node.kind == Kind::StrRegex).map(|node| node.symbol).collect();
        expressions.sort_unstable();
        expressions.dedup();
        let regexes = expressions.into_iter().map(|expression| StringRegex(expression, OnceLock::new())).collect();
        Self { required, is_header: is_headless(&tree, &shape), tree, shape, regexes }
    }

    /// Whether the expression of a `"=~/…/"` finds something in a text. The symbols are those of `symbols`.
    pub(crate) fn has_match(&self, expression: Symbol, text: Symbol, symbols: &Interner) -> bool {
        let Some(StringRegex(_, regex)) = self.regexes.iter().find(|known| known.0 == expression) else { return false };
        let regex = regex.get_or_init(|| Regex::new(symbols.text(expression), Flags::STRING).ok());
        regex.as_ref().is_some_and(|regex| regex.is_match(symbols.text(text)) == Outcome::Done(true))
    }

    /// Compiles a pattern.
    pub(crate) fn compile(text: &str, language: &Language, symbols: &mut Interner) -> Result<Self, PatternError> {
        if MAX_PATTERN_BYTES < text.len() {
            return Err(PatternError::TooLong);
        }
        let text = text.trim_matches(['\n', '\r']).trim_end();
        if text.trim().is_empty() {
            return Err(PatternError::Empty);
        }
        let whole = Self::compile_whole(text, language, symbols);
        if whole.is_ok() {
            return whole;
        }
        // Definitions beside statements are code of no place in some languages: each part by itself is.
        Self::compile_parts(text, language, symbols).map_or(whole, Ok)
    }

    fn compile_whole(text: &str, language: &Language, symbols: &mut Interner) -> Result<Self, PatternError> {
        let is_statement = text.trim_end().ends_with(';');
        let types = types(text, language, symbols);
        let regexes: Vec<(Symbol, Symbol)> =
            holes::regexes(text, language).iter().map(|(word, regex)| (symbols.intern(word), symbols.intern(regex))).collect();
        holes::frame(text, language, |framed| Self::of(&framed, language, symbols, (&types, &regexes), is_statement))
    }

    /// What stands between lines of dots, each compiled by itself.
    fn compile_parts(text: &str, language: &Language, symbols: &mut Interner) -> Option<Self> {
        let parts: Vec<String> = split_at_dots(text);
        if parts.len() < 2 {
            return None;
        }
        let compiled: Vec<Self> = parts.iter().map(|part| Self::compile_whole(part, language, symbols)).collect::<Result<_, _>>().ok()?;
        let trees: Vec<(&Tree, Vec<NodeId>)> =
            compiled.iter().map(|pattern| (&pattern.tree, pattern.tree.children(NodeId::ROOT).collect())).collect();
        let borrowed: Vec<(&Tree, &[NodeId])> = trees.iter().map(|(tree, parts)| (*tree, parts.as_slice())).collect();
        let tree = normalize::join(&borrowed, symbols);
        let statements = tree.children(NodeId::ROOT).collect();
        let required = required(&tree);
        Some(Self::new(tree, Shape::Statements(statements), required))
    }

    /// The pattern of a framed text; nothing if the frame was not meant for it.
    fn of(
        framed: &Framed,
        language: &Language,
        symbols: &mut Interner,
        (types, regexes): (&[TypedName], &[(Symbol, Symbol)]),
        is_statement: bool,
    ) -> Option<Self> {
        let lowered = lower::lower(language, &framed.text, symbols, true).ok()?;
        let is_part = framed.frame.what == FrameKind::Part;
        let parts = parts(&lowered, framed, is_part);
        let is_hole = matches!(parts.as_slice(), [only] if matches!(lowered.kind(*only), Kind::Ellipsis | Kind::Metavar));
        if has_misread_keyword(&lowered, &parts, language, symbols) || ((is_part || is_hole) && !is_covered(framed, &lowered, &parts)) {
            return None;
        }
        // Of a header, what the frame put behind it is no part.
        let end = if is_part { u32::MAX } else { framed.inner.1 };
        let tree = normalize::normalize(&lowered, &parts, end, types, regexes, symbols);
        let shape = shape(&tree, framed.frame.what, is_statement)?;
        let mut required = required(&tree).into_vec();
        if language.has(Feature::CaselessTypes) {
            // Classes have names in small letters, too.
            required.retain(|name| symbols.text(*name).starts_with('$') || !symbols.text(*name).contains(|c: char| c.is_ascii_uppercase()));
        }
        Some(Self::new(tree, shape, required.into()))
    }
}

/// Whether a pattern is a definition that has no body where the language wants one.
fn is_headless(tree: &Tree, shape: &Shape) -> bool {
    const BODY: usize = 4;
    let Shape::Node(root) = shape else { return false };
    matches!(tree.kind(*root), Kind::FuncDef | Kind::ClassDef) && tree.kind(tree.child(*root, BODY)) == Kind::None
}

/// The names in a pattern. Strings are not among them: they may be put together in the code. Nor are types of
/// metavariables: a literal has a type that nobody wrote.
fn required(tree: &Tree) -> Box<[Symbol]> {
    let mut required = Vec::new();
    let mut next = 0;
    while let Some(node) = tree.nodes().get(next as usize) {
        if node.kind == Kind::MetavarTyped {
            next = node.subtree_end;
            continue;
        }
        if node.kind == Kind::Name && !required.contains(&node.symbol) {
            required.push(node.symbol);
        }
        next += 1;
    }
    required.into()
}

/// The metavariables of a pattern that have a type, with the type's tree.
fn types(text: &str, language: &Language, symbols: &mut Interner) -> Vec<TypedName> {
    let mut types = Vec::new();
    for (name, spelled) in holes::types(text, language) {
        let found = holes::frame(&spelled, language, |framed| {
            let tree = lower::lower(language, &framed.text, symbols, true).ok()?;
            let of = normalize::find_type(&tree, symbols)?;
            Some((tree, of))
        });
        if let Ok((tree, of)) = found {
            // A name may be spelled with a sigil.
            for spelling in language.patterns.metavariable {
                let word = symbols.intern(&spelling.replace("{}", &format!("{}{name}", reserved::TYPED)));
                types.push(TypedName { word, name: symbols.intern(&format!("${name}")), tree: tree.clone(), of });
            }
        }
    }
    types
}

/// The parts of a text between lines that are only dots and stand at its margin.
fn split_at_dots(text: &str) -> Vec<String> {
    let margin = text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let is_dots = |line: &str| line.trim() == "..." && line.len() - line.trim_start().len() == margin;
    let mut parts = vec![String::new()];
    for line in text.lines() {
        if is_dots(line) {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

/// The largest nodes that lie in what is inside of the frame, and unless a part is wanted those that only end in the frame:
/// a header without its body.
fn parts(tree: &Tree, framed: &Framed, is_part: bool) -> Vec<NodeId> {
    let inner = framed.inner;
    // The end of a line behind it may belong to a node.
    let behind = framed.text.get(inner.1 as usize..).unwrap_or_default();
    let end = inner.1.saturating_add(u32::try_from(behind.len() - behind.trim_start().len()).unwrap_or(0));
    let mut parts = Vec::new();
    let mut next = 0;
    while let Some(node) = tree.nodes().get(next as usize) {
        let id = NodeId(next);
        let is_inside = inner.0 <= node.start && node.end <= end && node.start < node.end.min(inner.1);
        let is_header = !is_part && inner.0 <= node.start && node.start < inner.1 && end < node.end && node.kind != Kind::Block;
        // A root that spans all is no part of the pattern, nor is a block that the frame made.
        let is_wrapper = match node.kind {
            Kind::Root => true,
            Kind::Attrs => {
                let mut children = tree.children(id);
                children.next().is_none() || children.next().is_none()
            }
            _ => false,
        };
        if (is_inside || is_header) && !is_wrapper {
            parts.push(id);
            next = node.subtree_end.max(next + 1);
        } else {
            next += 1;
        }
    }
    parts
}

/// Whether what was found is one node, and all there is: behind a word that belongs to the frame's own statement there may
/// be a part, but no words beside it.
fn is_covered(framed: &Framed, tree: &Tree, parts: &[NodeId]) -> bool {
    let [only] = parts else { return false };
    let (start, end) = tree.range(*only);
    let around = [(framed.inner.0, start), (end, framed.inner.1)];
    around.into_iter().all(|(from, to)| {
        let text = framed.text.get(from as usize..to as usize).unwrap_or_default();
        text.trim() == "else" || !text.contains(|c: char| c.is_alphanumeric())
    })
}

/// Whether a word that is a keyword was read as a name: `catch (E $X) { ... }` is no method of that name.
fn has_misread_keyword(tree: &Tree, parts: &[NodeId], language: &Language, symbols: &Interner) -> bool {
    const KEYWORDS: [&str; 12] =
        ["catch", "if", "while", "for", "else", "finally", "switch", "import", "return", "throw", "try", "foreach"];
    if !language.has(Feature::CLike) {
        return false;
    }
    let is_keyword = |id: NodeId| tree.kind(id) == Kind::Name && KEYWORDS.contains(&symbols.text(tree.node(id).symbol));
    let is_misread = |id: NodeId| match tree.kind(id) {
        Kind::Call | Kind::New => is_keyword(tree.child(id, 0)),
        Kind::FuncDef | Kind::VarDef | Kind::Param => is_keyword(tree.child(id, 1)) || is_keyword(tree.child(id, 2)),
        _ => false,
    };
    parts.iter().any(|part| is_misread(*part) || tree.descendants(*part).any(is_misread))
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
pub(crate) mod testing {
    use super::*;

    /// A pattern as an S-expression, with the statement that it may stand in.
    #[track_caller]
    pub(crate) fn sexp(language: &Language, text: &str) -> String {
        let mut symbols = Interner::default();
        let pattern = Pattern::compile(text, language, &mut symbols).unwrap_or_else(|error| panic!("{text}: {error}"));
        pattern.tree.children(NodeId::ROOT).map(|id| pattern.tree.sexp(id, &symbols)).collect::<Vec<String>>().join(" ")
    }

    /// Checks that each of these is a pattern.
    #[track_caller]
    pub(crate) fn check_all(language: &Language, texts: &[&str]) {
        for text in texts {
            assert!(!sexp(language, text).is_empty(), "{text}");
        }
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
        let roots = match &pattern.shape {
            Shape::Node(node) => vec![*node],
            Shape::Statements(nodes) => nodes.clone(),
        };
        let found: Vec<String> = roots.iter().map(|id| pattern.tree.sexp(*id, &symbols)).collect();
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
        check(
            "python",
            "$X = 1\n...\nf($X)",
            "(expr-stmt (assign (metavar $X) (number:int 1))) (ellipsis) (expr-stmt (call (name f) (args (metavar $X))))",
        );
    }

    #[test]
    fn dots_end_where_a_word_begins() {
        check("java", "a();...b();", "(expr-stmt (call (name a) (args))) (ellipsis) (expr-stmt (call (name b) (args)))");
    }

    #[test]
    fn definitions_have_holes() {
        check(
            "python",
            "def $F(..., $P=..., **$K):\n    ...",
            "(func-def (attrs) (metavar $F) (params (ellipsis) (param (attrs) (metavar $P) _ (ellipsis)) (param:double-splat (attrs) (metavar $K) _ _)) _ (block (ellipsis)))",
        );
        check(
            "python",
            "@$D(...)\nclass $C(...):\n    ...",
            "(class-def:class (attrs (annotation (call (metavar $D) (args (ellipsis))))) (metavar $C) _ (bases (ellipsis)) (block (ellipsis)))",
        );
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
    fn heads_have_no_body() {
        check("python", "def $F($X):", "(func-def (attrs) (metavar $F) (params (param (attrs) (metavar $X) _ _)) _ _)");
        check("python", "class A(B):", "(class-def:class (attrs) (name A) _ (bases (name B)) _)");
        check("javascript", "if ($X > 1)", "(if (binary:> (metavar $X) (number:int 1)) _ _)");
        check("javascript", "class $A", "(class-def:class (attrs) (metavar $A) _ (bases) _)");
    }

    #[test]
    fn typed_metavariables() {
        check("python", "($X: str).format(...)", "(call (dot:dot (metavar-typed $X (name str)) (name format)) (args (ellipsis)))");
        // As the only argument it is no call that stands for a type.
        check("java", "f((String $X))", "(call (name f) (args (metavar-typed $X (name String))))");
    }
}
