//! PHP: classes are loaded when they are named, and names begin with their package's namespace.

use bartizan_syntax::tree_sitter::Node;

use super::{collector::Collector, walk::Inside};

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    match node.kind() {
        "namespace_use_declaration" => {
            uses(node, found);
            Inside::Skip
        }
        "qualified_name" => {
            let text = found.of(node);
            found.import(text.trim_start_matches('\\'), node.byte_range().into());
            Inside::Skip
        }
        "string" | "string_content" | "encapsed_string" => {
            let text = found.of(node).replace("\\\\", "\\");
            found.mention(&text);
            Inside::Look
        }
        "comment" | "text" => Inside::Skip,
        _ => Inside::Look,
    }
}

/// `use A\B;`, `use A\{B, C};`.
fn uses(node: Node<'_>, found: &mut Collector<'_>) {
    for child in node.named_children(&mut node.walk()) {
        if matches!(child.kind(), "namespace_use_clause" | "namespace_name" | "qualified_name") {
            let text = found.of(child).split_whitespace().next().unwrap_or_default();
            found.import(text.trim_start_matches('\\'), child.byte_range().into());
        }
    }
}
