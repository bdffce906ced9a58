//! Going through a tree.

use bartizan_core::ByteRange;
use bartizan_syntax::{Tree, tree_sitter::Node};

use super::collector::Collector;

/// Looks at a node; says whether its children are to be looked at, too.
pub(super) type Visit = for<'t> fn(Node<'t>, &mut Collector<'_>) -> Inside;

/// Whether to go into a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Look,
    Skip,
}

/// Looks at every node, in order of the text.
pub(super) fn walk(tree: &Tree, visit: Visit, found: &mut Collector<'_>) {
    let mut cursor = tree.walk();
    loop {
        if visit(cursor.node(), found) == Inside::Look && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The first part that could not be parsed.
pub(super) fn first_error(tree: &Tree) -> Option<ByteRange> {
    if !tree.root_node().has_error() {
        return None;
    }
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() {
            return Some(node.byte_range().into());
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return None;
            }
        }
    }
}

/// The text of a literal without its quotes; nothing if parts of it are made at run time.
pub(super) fn literal<'f>(node: Node<'_>, found: &Collector<'f>) -> Option<&'f str> {
    let is_literal = matches!(
        node.kind(),
        "string"
            | "string_literal"
            | "interpreted_string_literal"
            | "raw_string_literal"
            | "verbatim_string_literal"
            | "encapsed_string"
            | "template_string"
            | "simple_symbol"
    );
    let is_made_at_run_time = |child: Node<'_>| {
        matches!(
            child.kind(),
            "interpolation" | "template_substitution" | "variable_name" | "member_access_expression" | "subscript_expression"
        )
    };
    if !is_literal || node.named_children(&mut node.walk()).any(is_made_at_run_time) {
        return None;
    }
    let text = found.of(node);
    // Python writes letters before, Ruby writes a colon.
    let text = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == ':' || c == '@' || c == '$');
    Some(text.trim_matches(['"', '\'', '`']))
}
