//! Ruby.

use bartizan_syntax::tree_sitter::Node;

use super::{
    Obstacle,
    collector::Collector,
    walk::{Inside, literal},
};

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    match node.kind() {
        "call" => {
            call(node, found);
            Inside::Look
        }
        "string_content" | "simple_symbol" => {
            found.mention_at(node);
            Inside::Skip
        }
        "comment" => Inside::Skip,
        _ => Inside::Look,
    }
}

fn call(node: Node<'_>, found: &mut Collector<'_>) {
    let receiver = found.field(node, "receiver");
    let first = node.child_by_field_name("arguments").and_then(|arguments| arguments.named_child(0));
    match (receiver, found.field(node, "method")) {
        // `Bundler.require(*Rails.groups)`: everything that the Gemfile names.
        (Some("Bundler"), Some("require")) => found.obstacle(Obstacle::LoadsAll, node.byte_range().into()),
        (None | Some("Kernel"), Some("require" | "load")) => match first.map(|first| (first, literal(first, found))) {
            Some((first, Some(name))) => {
                found.import(name, first.byte_range().into());
            }
            Some((first, None)) if found.of(first).contains("__dir__") || found.of(first).contains("File.") => {}
            Some((first, None)) => found.obstacle(Obstacle::Dynamic, first.byte_range().into()),
            None => {}
        },
        _ => {}
    }
}
