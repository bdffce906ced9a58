//! Java.

use bartizan_syntax::tree_sitter::Node;

use super::{
    Obstacle,
    collector::Collector,
    walk::{Inside, literal},
};

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    match node.kind() {
        "import_declaration" => {
            let name = node.named_children(&mut node.walk()).find(|child| matches!(child.kind(), "scoped_identifier" | "identifier"));
            if let Some(name) = name {
                let text = found.of(name);
                found.import(text, name.byte_range().into());
            }
            Inside::Skip
        }
        // `org.slf4j.Logger` without an import.
        "scoped_type_identifier" | "field_access" => {
            let text = found.of(node);
            let is_path = text.starts_with(|c: char| c.is_ascii_lowercase())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_');
            if is_path && 2 < text.split('.').count() {
                found.import(text, node.byte_range().into());
                return Inside::Skip;
            }
            Inside::Look
        }
        "method_invocation" => {
            let is_loading = matches!(found.field(node, "name"), Some("forName" | "loadClass"));
            let first = node.child_by_field_name("arguments").and_then(|arguments| arguments.named_child(0));
            if is_loading && first.is_some_and(|first| literal(first, found).is_none()) {
                found.obstacle(Obstacle::Dynamic, node.byte_range().into());
            }
            Inside::Look
        }
        "string_literal" => {
            found.mention_at(node);
            Inside::Skip
        }
        "line_comment" | "block_comment" => Inside::Skip,
        _ => Inside::Look,
    }
}
