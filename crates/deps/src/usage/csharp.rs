//! C#.

use bartizan_syntax::tree_sitter::Node;

use super::{
    Obstacle,
    collector::Collector,
    walk::{Inside, literal},
};

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    match node.kind() {
        "using_directive" => {
            // `using static A.B;`, `using X = A.B;`.
            let name = node.named_children(&mut node.walk()).filter(|child| matches!(child.kind(), "qualified_name" | "identifier")).last();
            if let Some(name) = name {
                let text = found.of(name);
                found.import(text, name.byte_range().into());
            }
            Inside::Skip
        }
        "qualified_name" | "member_access_expression" => {
            let text = found.of(node);
            let is_path = text.starts_with(|c: char| c.is_ascii_uppercase())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_');
            if is_path && 2 < text.split('.').count() {
                found.import(text, node.byte_range().into());
                return Inside::Skip;
            }
            Inside::Look
        }
        "invocation_expression" => {
            let is_loading = found.field(node, "function").is_some_and(|function| {
                matches!(
                    function,
                    "Type.GetType" | "Assembly.Load" | "Assembly.LoadFrom" | "Assembly.LoadFile" | "Activator.CreateInstanceFrom"
                )
            });
            let first = node.child_by_field_name("arguments").and_then(|arguments| arguments.named_child(0)?.named_child(0));
            if is_loading && first.is_some_and(|first| literal(first, found).is_none()) {
                found.obstacle(Obstacle::Dynamic, node.byte_range().into());
            }
            Inside::Look
        }
        "string_literal_content" | "verbatim_string_literal" => {
            found.mention_at(node);
            Inside::Skip
        }
        "comment" => Inside::Skip,
        _ => Inside::Look,
    }
}
