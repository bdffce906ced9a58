//! Whether a pattern matches a place in a tree, and with which bindings.
//!
//! The matcher is written in continuation-passing style: a function that finds one way to match calls what comes next, and
//! if that is not content, looks for another way. Nothing is copied but the bindings of a match that is kept.

mod binding;
mod call;
mod definition;
mod expression;
mod implicit;
mod import;
mod operator;
mod sequence;
mod statement;
mod typed;

use std::{borrow::Cow, ops::Range};

use rustc_hash::FxHashMap;

pub(crate) use self::{
    binding::{Bindings, Bound},
    typed::TypeOf,
};
use crate::{
    ir::{Kind, Node, NodeId, Op, Tree},
    lower::Feature,
    pattern::{Pattern, Shape},
    rule::Options,
    unit::Unit,
};

/// How many steps one pattern may take in one file.
pub(crate) const MAX_STEPS: u64 = 20_000_000;

/// How deeply a match may nest: the depth of patterns, and of rows in them.
const MAX_NESTING: u32 = 1_500;

/// What is called with a way to match; true if no other way is wanted.
pub(super) type Next<'n, 'm> = &'n mut dyn FnMut(&mut Matcher<'m>) -> bool;

/// A place that a pattern matches.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PatternMatch {
    /// The byte range.
    pub(crate) range: (u32, u32),
    /// The node, or the first of several statements.
    pub(crate) node: NodeId,
    pub(crate) bindings: Bindings,
}

/// Matches one pattern in one file.
#[derive(Debug)]
pub(crate) struct Matcher<'m> {
    unit: &'m Unit<'m>,
    whole: &'m Pattern,
    /// Its tree.
    pattern: &'m Tree,
    options: &'m Options,
    bindings: Bindings,
    /// The end of the last statement that was matched.
    statements_end: u32,
    n_steps: u64,
    nesting: u32,
}

/// Where a pattern is looked for, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within {
    /// The subtree.
    pub(crate) root: NodeId,
    /// Whether the largest match that ends in `...` is enough, because other matches are only looked for within it.
    pub(crate) is_inside: bool,
}

/// What was found, and whether that is all.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) matches: Vec<PatternMatch>,
    /// Whether the matcher stopped at [`MAX_STEPS`].
    pub(crate) is_cut: bool,
}

/// Finds all places within a subtree that a pattern matches.
pub(crate) fn find(unit: &Unit<'_>, pattern: &Pattern, options: &Options, within: Within) -> Found {
    if !is_possible(unit, pattern) {
        return Found::default();
    }
    let mut matcher = Matcher::new(unit, pattern, options);
    let mut matches = Vec::new();
    let end = unit.tree.node(within.root).subtree_end;
    let is_within = |id: &&NodeId| within.root <= **id && id.0 < end;
    match &pattern.shape {
        Shape::Node(root) => match matcher.candidates(*root) {
            Candidates::Nodes(candidates) => {
                let mut clauses = Clauses::default();
                for id in candidates.iter().filter(is_within) {
                    let from = matches.len();
                    if (*id == within.root || !matcher.is_label(*id)) && !clauses.is_part(unit, *id, &mut matches) {
                        matcher.node_at(*root, *id, &mut matches);
                        clauses.note(unit, *id, from..matches.len());
                    }
                }
            }
            Candidates::Any => {
                let head = pattern.tree.node(*root);
                for index in within.root.0..end {
                    let id = NodeId(index);
                    if (id == within.root || !matcher.is_label(id)) && matcher.may_match(head, id) {
                        matcher.node_at(*root, id, &mut matches);
                    }
                }
            }
        },
        Shape::Statements(statements) => {
            let mut blocks: Vec<NodeId> =
                [Kind::Root, Kind::Block].iter().flat_map(|kind| unit.of_kind(*kind)).filter(is_within).copied().collect();
            blocks.sort_unstable();
            for id in blocks {
                let targets: Vec<NodeId> = unit.tree.children(id).collect();
                matcher.statements_at(statements, &targets, within.is_inside, &mut matches);
            }
            // A statement alone is a row of one.
            if matches.is_empty() && within.root != NodeId::ROOT && is_statement(unit.tree.kind(within.root)) {
                matcher.statements_at(statements, &[within.root], within.is_inside, &mut matches);
            }
        }
    }
    if pattern.is_header {
        for found in &mut matches {
            found.range.1 = head_end(unit, found.node);
        }
    }
    Found { matches, is_cut: MAX_STEPS < matcher.n_steps }
}

/// At how many places a pattern will be tried; zero if it matches nowhere in the unit.
pub(crate) fn n_candidates(unit: &Unit<'_>, pattern: &Pattern, options: &Options) -> usize {
    if !is_possible(unit, pattern) {
        return 0;
    }
    match &pattern.shape {
        Shape::Node(root) => match Matcher::new(unit, pattern, options).candidates(*root) {
            Candidates::Nodes(nodes) => nodes.len(),
            Candidates::Any => unit.tree.len(),
        },
        Shape::Statements(_) => unit.tree.len(),
    }
}

/// Whether all names that a pattern needs occur.
fn is_possible(unit: &Unit<'_>, pattern: &Pattern) -> bool {
    pattern.required.iter().all(|symbol| unit.has(*symbol))
}

/// Where a definition ends without its body.
fn head_end(unit: &Unit<'_>, id: NodeId) -> u32 {
    let is_part = |child: &NodeId| !matches!(unit.tree.kind(*child), Kind::None | Kind::Block);
    unit.tree.children(id).filter(is_part).map(|child| unit.tree.node(child).end).max().unwrap_or_else(|| unit.tree.node(id).end)
}

/// Functions that were found, by where their last clause ends: clauses that follow belong to them.
#[derive(Debug, Default)]
struct Clauses {
    matches: FxHashMap<u32, Range<usize>>,
}

impl Clauses {
    /// Whether a node is a further clause of a function that was found; then that reaches to its end.
    fn is_part(&mut self, unit: &Unit<'_>, id: NodeId, matches: &mut [PatternMatch]) -> bool {
        let node = unit.tree.node(id);
        if node.op != Op::Clause {
            return false;
        }
        let Some(of_function) = self.matches.remove(&id.0) else { return false };
        for found in matches.get_mut(of_function.clone()).unwrap_or_default() {
            found.range.1 = found.range.1.max(node.end);
        }
        self.note(unit, id, of_function);
        true
    }

    fn note(&mut self, unit: &Unit<'_>, id: NodeId, found: Range<usize>) {
        let node = unit.tree.node(id);
        if node.kind == Kind::FuncDef && !found.is_empty() && unit.tree.node(NodeId(node.subtree_end)).op == Op::Clause {
            self.matches.insert(node.subtree_end, found);
        }
    }
}

/// Whether an expression has the type that a pattern names.
pub(crate) fn has_type(unit: &Unit<'_>, pattern: &Pattern, options: &Options, node: NodeId) -> bool {
    let mut matcher = Matcher::new(unit, pattern, options);
    match &pattern.shape {
        Shape::Node(root) => matcher.has_type(node, *root, &mut |_| true),
        Shape::Statements(_) => false,
    }
}

/// Where a pattern is tried.
enum Candidates<'u> {
    /// At these nodes, in order.
    Nodes(Cow<'u, [NodeId]>),
    /// At every node.
    Any,
}

impl<'m> Matcher<'m> {
    fn new(unit: &'m Unit<'m>, pattern: &'m Pattern, options: &'m Options) -> Self {
        Self {
            unit,
            whole: pattern,
            pattern: &pattern.tree,
            options,
            bindings: Bindings::default(),
            statements_end: 0,
            n_steps: 0,
            nesting: 0,
        }
    }

    /// The nodes that a pattern can match at all, where an index knows them.
    fn candidates(&self, root: NodeId) -> Candidates<'m> {
        let head = self.pattern.node(root);
        match head.kind {
            Kind::Call if !self.unit.has_feature(Feature::BareCalls) => {
                let callee = self.pattern.child(root, 0);
                let last = match self.pattern.kind(callee) {
                    Kind::Dot => self.pattern.child(callee, 1),
                    _ => callee,
                };
                let last = self.pattern.node(last);
                let calls = if last.kind == Kind::Name { self.unit.calls_of(last.symbol) } else { self.unit.of_kind(Kind::Call) };
                Candidates::Nodes(Cow::Borrowed(calls))
            }
            Kind::Dot => {
                let member = self.pattern.node(self.pattern.child(root, 1));
                match self.unit.members_of(member.symbol) {
                    Some(members) if member.kind == Kind::Name => Candidates::Nodes(Cow::Borrowed(members)),
                    _ => Candidates::Any,
                }
            }
            _ => match self.kinds(root) {
                Some([only]) => Candidates::Nodes(Cow::Borrowed(self.unit.of_kind(*only))),
                Some(kinds) => {
                    let mut all: Vec<NodeId> = kinds.iter().flat_map(|kind| self.unit.of_kind(*kind)).copied().collect();
                    all.sort_unstable();
                    all.dedup();
                    Candidates::Nodes(Cow::Owned(all))
                }
                None => Candidates::Any,
            },
        }
    }

    /// The kinds of nodes that a pattern can match at all, if they are few.
    fn kinds(&self, root: NodeId) -> Option<&'static [Kind]> {
        let head = self.pattern.node(root);
        Some(match head.kind {
            Kind::Return if self.returns_last() => return None,
            // A name alone may be a call.
            Kind::Call => &[Kind::Call, Kind::Name, Kind::Annotation],
            // A variable may be a function, too.
            Kind::FuncDef if self.unit.has_feature(Feature::Records) && self.options.arrow_is_function => {
                &[Kind::FuncDef, Kind::VarDef, Kind::KeyValue]
            }
            Kind::FuncDef => &[Kind::FuncDef],
            Kind::Lambda => &[Kind::Lambda, Kind::FuncDef],
            Kind::For => &[Kind::For, Kind::ForEach, Kind::While],
            Kind::Assign => &[Kind::Assign, Kind::VarDef, Kind::FuncDef],
            Kind::Import | Kind::ImportFrom => &[Kind::Import, Kind::ImportFrom, Kind::VarDef],
            Kind::ExprStmt => match self.pattern.kind(self.pattern.child(root, 0)) {
                // Any statement, or anything in one.
                Kind::Metavar | Kind::Deep | Kind::Ellipsis => return None,
                _ => &[Kind::ExprStmt, Kind::VarDef, Kind::Return],
            },
            Kind::AnyStr | Kind::StrRegex | Kind::StrMetavar | Kind::Str => {
                &[Kind::Str, Kind::Name, Kind::Dot, Kind::Binary, Kind::Unary, Kind::Ternary, Kind::Interp, Kind::Cast]
            }
            Kind::New => &[Kind::New],
            Kind::ClassDef => &[Kind::ClassDef],
            Kind::If => &[Kind::If],
            Kind::While => &[Kind::While],
            Kind::DoWhile => &[Kind::DoWhile],
            Kind::ForEach => &[Kind::ForEach],
            Kind::Return => &[Kind::Return],
            Kind::Try => &[Kind::Try],
            Kind::Catch => &[Kind::Catch],
            Kind::Throw => &[Kind::Throw],
            Kind::With => &[Kind::With],
            Kind::Assert => &[Kind::Assert],
            Kind::Switch => &[Kind::Switch],
            Kind::Xml => &[Kind::Xml],
            Kind::XmlAttr => &[Kind::XmlAttr],
            Kind::Binary => &[Kind::Binary],
            Kind::AugAssign => &[Kind::AugAssign],
            Kind::Index => &[Kind::Index],
            Kind::Interp => &[Kind::Interp],
            Kind::Dict => &[Kind::Dict],
            Kind::KeyValue => &[Kind::KeyValue],
            Kind::VarDef => &[Kind::VarDef],
            Kind::Param => &[Kind::Param],
            Kind::Delete => &[Kind::Delete],
            _ => return None,
        })
    }

    /// A cheap look at the two nodes: whether there is any sense in trying.
    fn may_match(&self, pattern: &Node, id: NodeId) -> bool {
        let target = self.unit.tree.node(id);
        match pattern.kind {
            Kind::Deep => is_expression(target.kind) || (target.kind == Kind::VarDef && self.options.vardef_assign),
            Kind::Metavar | Kind::MetavarTyped | Kind::Ellipsis => is_expression(target.kind),
            Kind::Call => matches!(target.kind, Kind::Call | Kind::Name | Kind::Annotation),
            // `o. ...` is any chain of members and calls.
            Kind::Dot => matches!(target.kind, Kind::Dot | Kind::Name | Kind::Call | Kind::Index | Kind::Await | Kind::TypeArgs),
            Kind::ExprStmt => matches!(target.kind, Kind::ExprStmt | Kind::VarDef | Kind::Return) || is_statement(target.kind),
            Kind::Assign => matches!(target.kind, Kind::Assign | Kind::VarDef | Kind::KeyValue | Kind::AugAssign | Kind::FuncDef),
            Kind::Name => matches!(target.kind, Kind::Name),
            Kind::Return => matches!(target.kind, Kind::Return | Kind::ExprStmt) || is_expression(target.kind),
            _ => true,
        }
    }

    /// Whether a name is no expression where it stands: that of a member, a definition, a parameter, a type.
    pub(super) fn is_label(&self, id: NodeId) -> bool {
        let tree = &self.unit.tree;
        if tree.kind(id) != Kind::Name {
            return false;
        }
        let Some(parent) = tree.parent(id) else { return false };
        let slot = |slot| tree.child(parent, slot) == id;
        match tree.kind(parent) {
            Kind::Dot => slot(1),
            Kind::FuncDef | Kind::ClassDef => !slot(0),
            Kind::Param => slot(1) || slot(2),
            // With a value it is assigned.
            Kind::VarDef => slot(2) || (slot(1) && tree.kind(tree.child(parent, 3)) == Kind::None),
            Kind::KwArg | Kind::XmlAttr | Kind::Xml | Kind::Label | Kind::Goto => slot(0),
            Kind::KeyValue => slot(0) && self.unit.has_feature(Feature::Records),
            Kind::TypeOf | Kind::Import | Kind::ImportFrom | Kind::ImportItem | Kind::Package | Kind::Break | Kind::Continue => true,
            Kind::TypeArgs => !slot(0),
            _ => false,
        }
    }

    /// All ways in which a pattern matches one node.
    fn node_at(&mut self, root: NodeId, id: NodeId, matches: &mut Vec<PatternMatch>) {
        let range = self.unit.tree.range(id);
        let from = matches.len();
        self.statements_end = range.1;
        self.root(root, id, &mut |matcher| {
            let found = PatternMatch { range, node: id, bindings: matcher.bindings.clone() };
            if !matches.iter().skip(from).any(|known| known.bindings == found.bindings) {
                matches.push(found);
            }
            MAX_WAYS < matches.len().saturating_sub(from)
        });
        self.bindings.clear();
    }

    /// All ways in which statements match in a row of them.
    fn statements_at(&mut self, statements: &[NodeId], targets: &[NodeId], is_inside: bool, matches: &mut Vec<PatternMatch>) {
        let starts_with_dots = statements.first().is_some_and(|first| self.pattern.kind(*first) == Kind::Ellipsis);
        let kinds = statements.first().and_then(|first| self.kinds(*first));
        for (index, first) in targets.iter().enumerate() {
            let kind = self.unit.tree.kind(*first);
            if is_statement(kind) && kinds.is_some_and(|kinds| !kinds.contains(&kind)) {
                continue;
            }
            let Some(rest) = targets.get(index..) else { break };
            let start = self.unit.tree.node(*first).start;
            let from = matches.len();
            self.statements_end = start;
            self.statements(statements, rest, sequence::Rest::Allowed, is_inside, &mut |matcher| {
                let range = (start, matcher.statements_end);
                let found = PatternMatch { range, node: *first, bindings: matcher.bindings.clone() };
                if start < range.1 && !matches.iter().skip(from).any(|known| *known == found) {
                    matches.push(found);
                }
                MAX_WAYS < matches.len().saturating_sub(from)
            });
            self.bindings.clear();
            // What begins with dots begins at the first statement.
            if starts_with_dots {
                break;
            }
        }
    }

    /// Counts a step; false if there were too many, or it goes too deep.
    fn step(&mut self) -> bool {
        self.n_steps += 1;
        self.n_steps <= MAX_STEPS && self.nesting < MAX_NESTING
    }

    fn target(&self, id: NodeId) -> &'m Node {
        self.unit.tree.node(id)
    }
}

/// The most ways to match that are kept of one place.
const MAX_WAYS: usize = 64;

/// Whether a node of this kind is an expression.
pub(crate) fn is_expression(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Name
            | Kind::Number
            | Kind::Str
            | Kind::Interp
            | Kind::Char
            | Kind::Bool
            | Kind::Null
            | Kind::Regex
            | Kind::Atom
            | Kind::Call
            | Kind::New
            | Kind::Dot
            | Kind::Index
            | Kind::Slice
            | Kind::Unary
            | Kind::Binary
            | Kind::Assign
            | Kind::AugAssign
            | Kind::Ternary
            | Kind::Lambda
            | Kind::List
            | Kind::Tuple
            | Kind::Set
            | Kind::Dict
            | Kind::Comprehension
            | Kind::Cast
            | Kind::TypeTest
            | Kind::Await
            | Kind::Yield
            | Kind::TypeArgs
            | Kind::Xml
            | Kind::Other
    )
}

/// Whether a node of this kind is a statement.
pub(crate) fn is_statement(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ExprStmt
            | Kind::VarDef
            | Kind::FuncDef
            | Kind::ClassDef
            | Kind::Namespace
            | Kind::Import
            | Kind::ImportFrom
            | Kind::Package
            | Kind::Block
            | Kind::If
            | Kind::While
            | Kind::DoWhile
            | Kind::For
            | Kind::ForEach
            | Kind::Return
            | Kind::Throw
            | Kind::Try
            | Kind::Switch
            | Kind::Break
            | Kind::Continue
            | Kind::With
            | Kind::Assert
            | Kind::Delete
            | Kind::Label
            | Kind::Goto
    )
}

#[cfg(test)]
mod language_tests;
#[cfg(test)]
mod tests;
