//! A concrete syntax tree in one array, so that lowering walks numbers instead of asking the parser for each step.

use bartizan_syntax::{Grammar, Tree};

use super::vocabulary;

/// One node of the grammar: named or a token.
#[derive(Debug, Clone, Copy)]
struct Raw {
    kind: u16,
    field: u16,
    start: u32,
    end: u32,
    subtree_end: u32,
    flags: u8,
}

const NAMED: u8 = 1;
const ERROR: u8 = 2;
const MISSING: u8 = 4;

/// All nodes of a tree in pre-order, without comments.
#[derive(Debug)]
pub(crate) struct Cst<'a> {
    text: &'a str,
    /// Where the text begins in the text that offsets are about.
    base: u32,
    grammar: Grammar,
    nodes: Vec<Raw>,
}

/// The kinds of error nodes in every grammar (`ts_builtin_sym_error`).
const ERROR_KIND: u16 = u16::MAX;

impl<'a> Cst<'a> {
    pub(crate) fn new(text: &'a str, tree: &Tree, grammar: Grammar) -> Self {
        Self::embedded(text, tree, grammar, 0)
    }

    /// The tree of a text that is a part of another one and begins there at `base`.
    pub(crate) fn embedded(text: &'a str, tree: &Tree, grammar: Grammar, base: u32) -> Self {
        let comments = vocabulary::comments(grammar);
        let mut nodes: Vec<Raw> = Vec::with_capacity(tree.root_node().descendant_count());
        let mut open: Vec<usize> = Vec::new();
        let mut cursor = tree.walk();
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let offset = |n: usize| narrow(n).saturating_add(base);
        'walk: loop {
            let node = cursor.node();
            let kind = node.kind_id();
            let is_comment = node.is_extra() && comments.contains(&kind);
            if !is_comment {
                let mut flags = 0;
                if node.is_named() {
                    flags |= NAMED;
                }
                if kind == ERROR_KIND {
                    flags |= ERROR;
                }
                if node.is_missing() {
                    flags |= MISSING;
                }
                let field = cursor.field_id().map_or(0, std::num::NonZeroU16::get);
                let index = nodes.len();
                nodes.push(Raw {
                    kind,
                    field,
                    start: offset(node.start_byte()),
                    end: offset(node.end_byte()),
                    subtree_end: narrow(index + 1),
                    flags,
                });
                if cursor.goto_first_child() {
                    open.push(index);
                    continue;
                }
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    break 'walk;
                }
                let Some(parent) = open.pop() else { break 'walk };
                let end = narrow(nodes.len());
                if let Some(parent) = nodes.get_mut(parent) {
                    parent.subtree_end = end;
                }
            }
        }
        Self { text, base, grammar, nodes }
    }

    pub(crate) fn root(&self) -> Syntax<'_> {
        Syntax { cst: self, index: 0 }
    }
}

/// A node of the grammar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Syntax<'a> {
    cst: &'a Cst<'a>,
    index: u32,
}

impl<'a> Syntax<'a> {
    fn raw(self) -> Raw {
        const NOTHING: Raw = Raw { kind: ERROR_KIND, field: 0, start: 0, end: 0, subtree_end: 0, flags: ERROR };
        self.cst.nodes.get(self.index as usize).copied().unwrap_or(NOTHING)
    }

    /// The number of the kind in the grammar.
    pub(crate) fn kind(self) -> u16 {
        self.raw().kind
    }

    /// The grammar.
    pub(crate) fn grammar(self) -> Grammar {
        self.cst.grammar
    }

    /// The name of the kind in the grammar.
    pub(crate) fn kind_name(self) -> &'static str {
        vocabulary::kind_name(self.cst.grammar, self.kind())
    }

    /// The byte range.
    pub(crate) fn span(self) -> (u32, u32) {
        let raw = self.raw();
        (raw.start, raw.end)
    }

    pub(crate) fn start(self) -> u32 {
        self.raw().start
    }

    pub(crate) fn end(self) -> u32 {
        self.raw().end
    }

    /// The source text.
    pub(crate) fn text(self) -> &'a str {
        let (start, end) = self.span();
        self.source(start, end)
    }

    /// The source text between two offsets.
    pub(crate) fn source(self, start: u32, end: u32) -> &'a str {
        let local = |offset: u32| offset.saturating_sub(self.cst.base) as usize;
        self.cst.text.get(local(start)..local(end)).unwrap_or_default()
    }

    /// Whether it is more than a token of the grammar.
    pub(crate) fn is_named(self) -> bool {
        self.raw().flags & NAMED != 0
    }

    /// Whether the parser could not make sense of this range.
    pub(crate) fn is_error(self) -> bool {
        self.raw().flags & ERROR != 0
    }

    /// Whether the parser made it up to go on.
    pub(crate) fn is_missing(self) -> bool {
        self.raw().flags & MISSING != 0
    }

    /// All children, tokens included.
    pub(crate) fn all_children(self) -> SyntaxChildren<'a> {
        let raw = self.raw();
        SyntaxChildren { cst: self.cst, next: self.index + 1, end: raw.subtree_end.max(self.index + 1) }
    }

    /// The named children; errors are among them.
    pub(crate) fn children(self) -> impl Iterator<Item = Syntax<'a>> + Clone {
        self.all_children().filter(|child| child.is_named())
    }

    /// The first named child.
    pub(crate) fn first(self) -> Option<Syntax<'a>> {
        self.children().next()
    }

    /// The first child in a field.
    pub(crate) fn field(self, field: u16) -> Option<Syntax<'a>> {
        self.all_children().find(|child| child.raw().field == field)
    }

    /// The first named child in a field, where brackets may be in it, too.
    pub(crate) fn named_field(self, field: u16) -> Option<Syntax<'a>> {
        self.all_children().find(|child| child.raw().field == field && child.is_named())
    }

    /// All named children in a field.
    pub(crate) fn fields(self, field: u16) -> impl Iterator<Item = Syntax<'a>> + Clone {
        self.all_children().filter(move |child| child.raw().field == field && child.is_named())
    }

    /// The field that it is in; 0 if it is in none.
    pub(crate) fn in_field(self) -> u16 {
        self.raw().field
    }

    /// The first node behind this one, in the order of the source, that is wanted.
    pub(crate) fn following(self, is_wanted: impl Fn(Self) -> bool) -> Option<Self> {
        let n_nodes = u32::try_from(self.cst.nodes.len()).unwrap_or(u32::MAX);
        (self.raw().subtree_end.max(self.index + 1)..n_nodes).map(|index| Self { index, ..self }).find(|node| is_wanted(*node))
    }

    /// Whether a token with this text is among the children.
    pub(crate) fn has_token(self, text: &str) -> bool {
        self.all_children().any(|child| !child.is_named() && child.text() == text)
    }
}

/// Iterates over children.
#[derive(Debug, Clone)]
pub(crate) struct SyntaxChildren<'a> {
    cst: &'a Cst<'a>,
    next: u32,
    end: u32,
}

impl<'a> Iterator for SyntaxChildren<'a> {
    type Item = Syntax<'a>;

    fn next(&mut self) -> Option<Syntax<'a>> {
        if self.end <= self.next {
            return None;
        }
        let child = Syntax { cst: self.cst, index: self.next };
        self.next = child.raw().subtree_end.max(self.next + 1);
        Some(child)
    }
}
