//! Takes out of a lowered pattern what only the grammar needed.

use crate::{
    ir::{Builder, Interner, Kind, Node, NodeId, Symbol, Tree},
    lower::reserved,
};

/// A tree whose root holds the parts, normalized; what starts at `end` or behind it is left out.
pub(super) fn normalize(
    tree: &Tree,
    parts: &[NodeId],
    end: u32,
    types: &[TypedName],
    regexes: &[(Symbol, Symbol)],
    symbols: &mut Interner,
) -> Tree {
    let words = Words { deep: symbols.intern(reserved::DEEP), dots: symbols.intern("..."), end, types, regexes };
    let mut builder = Builder::new(symbols);
    let span = parts.first().zip(parts.last()).map_or((0, 0), |(first, last)| (tree.node(*first).start, tree.node(*last).end));
    builder.open(Kind::Root, crate::ir::Op::None, Symbol::EMPTY, span);
    for part in parts {
        copy(tree, *part, &words, &mut builder);
    }
    builder.finish()
}

#[derive(Clone, Copy)]
struct Words<'a> {
    deep: Symbol,
    dots: Symbol,
    /// Where the pattern ends.
    end: u32,
    types: &'a [TypedName],
    /// Expressions of `"=~/…/"`, by the word that stands for each.
    regexes: &'a [(Symbol, Symbol)],
}

/// A metavariable with a type.
pub(super) struct TypedName {
    /// The name that stands for it in the text.
    pub(super) word: Symbol,
    /// The metavariable.
    pub(super) name: Symbol,
    /// A tree with the type, and the type in it.
    pub(super) tree: Tree,
    pub(super) of: NodeId,
}

/// The type within a text that was spelled for it.
pub(super) fn find_type(tree: &Tree, symbols: &mut Interner) -> Option<NodeId> {
    tree.ids().find_map(|id| typed(tree, id, *tree.node(id), symbols)).map(|(_, of)| of)
}

/// Several trees as one, with dots between them.
pub(super) fn join(trees: &[(&Tree, &[NodeId])], symbols: &mut Interner) -> Tree {
    let words = Words { deep: symbols.intern(reserved::DEEP), dots: symbols.intern("..."), end: u32::MAX, types: &[], regexes: &[] };
    let mut builder = Builder::new(symbols);
    builder.open(Kind::Root, crate::ir::Op::None, Symbol::EMPTY, (0, 0));
    for (index, (tree, parts)) in trees.iter().enumerate() {
        if 0 < index {
            builder.leaf(Kind::Ellipsis, crate::ir::Op::None, Symbol::EMPTY, (0, 0));
        }
        for part in *parts {
            copy(tree, *part, &words, &mut builder);
        }
    }
    builder.finish()
}

fn copy(tree: &Tree, id: NodeId, words: &Words<'_>, builder: &mut Builder<'_>) {
    let node = *tree.node(id);
    let span = (node.start, node.end);
    if words.end <= node.start && node.start < node.end {
        builder.none(words.end);
        return;
    }
    if let Some(hole) = only_hole(tree, id, words) {
        let hole = *tree.node(hole);
        let (kind, symbol) =
            if matches!(hole.kind, Kind::XmlText | Kind::Other) { (Kind::Ellipsis, Symbol::EMPTY) } else { (hole.kind, hole.symbol) };
        builder.leaf(kind, hole.op, symbol, span);
        return;
    }
    if let Some(chain) = chain(tree, id, node) {
        return copy(tree, chain, words, builder);
    }
    if let Some(inner) = deep(tree, id, node, words) {
        builder.open(Kind::Deep, node.op, Symbol::EMPTY, span);
        copy(tree, inner, words, builder);
        builder.close();
        return;
    }
    if let Some((_, regex)) = words.regexes.iter().find(|(word, _)| node.kind == Kind::Str && *word == node.symbol) {
        builder.leaf(Kind::StrRegex, node.op, *regex, span);
        return;
    }
    if let Some(typed) = words.types.iter().find(|typed| node.kind == Kind::Name && typed.word == node.symbol) {
        builder.open(Kind::MetavarTyped, node.op, typed.name, span);
        copy(&typed.tree, typed.of, &Words { end: u32::MAX, ..*words }, builder);
        builder.close();
        return;
    }
    builder.open(node.kind, node.op, node.symbol, span);
    for child in tree.children(id) {
        copy(tree, child, words, builder);
    }
    builder.close();
}

/// The ellipsis or `$...X` that is all there is in a statement, parameter, field or entry.
fn only_hole(tree: &Tree, id: NodeId, words: &Words<'_>) -> Option<NodeId> {
    let node = tree.node(id);
    let is_hole = |child: NodeId| matches!(tree.kind(child), Kind::Ellipsis | Kind::MetavarMany);
    let is_dots = |child: NodeId| tree.kind(child) == Kind::Ellipsis;
    match node.kind {
        Kind::ExprStmt | Kind::ImportItem | Kind::Annotation | Kind::XmlAttr | Kind::KwArg | Kind::Package => {
            let first = tree.child(id, 0);
            is_hole(first).then_some(first)
        }
        // A splat of dots stands for dots.
        Kind::Spread => Some(tree.child(id, 0)).filter(|first| is_dots(*first)),
        Kind::KeyValue => {
            let (key, value) = (tree.child(id, 0), tree.child(id, 1));
            (is_hole(key) && (is_dots(value) || tree.kind(value) == tree.kind(key) || tree.kind(value) == Kind::None)).then_some(key)
        }
        Kind::Param | Kind::VarDef => {
            let (attrs, name) = (tree.child(id, 0), tree.child(id, 1));
            let value = tree.child(id, 3);
            let is_bare = tree.children(attrs).next().is_none() && matches!(tree.kind(value), Kind::None | Kind::Ellipsis);
            // Where the grammar wants a type, the type was made up too, or the hole is where the type stands.
            (is_hole(name) && is_bare && tree.kind(value) == Kind::None).then_some(name)
        }
        Kind::FuncDef | Kind::ClassDef => {
            let name = tree.child(id, 1);
            let attrs = tree.child(id, 0);
            (is_dots(name) && tree.children(attrs).next().is_none()).then_some(name)
        }
        Kind::Case => {
            let first = tree.child(id, 0);
            let is_alone = tree.children(id).count() <= 2;
            (is_dots(first) && is_alone && tree.children(tree.child(id, 1)).all(is_dots)).then_some(first)
        }
        Kind::XmlText | Kind::Other => (node.symbol == words.dots).then_some(id),
        _ => None,
    }
}

/// `a. ...` that was written as a call, to be a statement.
fn chain(tree: &Tree, id: NodeId, node: Node) -> Option<NodeId> {
    let callee = tree.child(id, 0);
    let is_chain = node.kind == Kind::Call && tree.kind(callee) == Kind::Dot && tree.kind(tree.child(callee, 1)) == Kind::Ellipsis;
    (is_chain && tree.children(tree.child(id, 1)).next().is_none()).then_some(callee)
}

/// `DEEP__(e)`.
fn deep(tree: &Tree, id: NodeId, node: Node, words: &Words<'_>) -> Option<NodeId> {
    if node.kind != Kind::Call || tree.node(tree.child(id, 0)).symbol != words.deep {
        return None;
    }
    tree.children(tree.child(id, 1)).next()
}

/// A cast or call that stands for a metavariable with a type: its name and its type.
fn typed(tree: &Tree, id: NodeId, node: Node, symbols: &mut Interner) -> Option<(Symbol, NodeId)> {
    let (first, second) = match node.kind {
        Kind::Cast => (tree.child(id, 0), tree.child(id, 1)),
        Kind::Call => {
            let mut arguments = tree.children(tree.child(id, 1));
            let only = arguments.next().filter(|_| arguments.next().is_none())?;
            (tree.child(id, 0), only)
        }
        _ => return None,
    };
    let mut name_of = |candidate: NodeId| {
        let node = tree.node(candidate);
        if node.kind != Kind::Name {
            return None;
        }
        let name = format!("${}", symbols.text(node.symbol).trim_start_matches('$').strip_prefix(reserved::TYPED)?);
        Some(symbols.intern(&name))
    };
    if let Some(name) = name_of(second) {
        return Some((name, first));
    }
    name_of(first).map(|name| (name, second))
}
