//! Python.

use bartizan_syntax::tree_sitter::Node;

use super::{
    Obstacle,
    collector::Collector,
    walk::{Inside, literal},
};

/// So many parts of a module's name are noted: packages that share a name differ in its first ones.
const MAX_PARTS: usize = 4;

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    match node.kind() {
        "import_statement" => {
            let names: Vec<Node<'_>> = node.children_by_field_name("name", &mut node.walk()).collect();
            for name in names {
                let module = if name.kind() == "aliased_import" { found.field(name, "name") } else { Some(found.of(name)) };
                import(module.unwrap_or_default(), name, found);
            }
            Inside::Skip
        }
        "import_from_statement" => {
            from(node, found);
            Inside::Skip
        }
        "call" => {
            call(node, found);
            Inside::Look
        }
        "string" => {
            found.mention_at(node);
            Inside::Look
        }
        "comment" => Inside::Skip,
        _ => Inside::Look,
    }
}

fn import(module: &str, node: Node<'_>, found: &mut Collector<'_>) {
    if !module.starts_with('.') {
        let parts: Vec<&str> = module.split('.').map(str::trim).take(MAX_PARTS).collect();
        found.import(&parts.join("."), node.byte_range().into());
    }
}

/// `from a.b import c`: `c` may be a module, too.
fn from(node: Node<'_>, found: &mut Collector<'_>) {
    let Some(module) = node.child_by_field_name("module_name").filter(|module| module.kind() != "relative_import") else { return };
    let name = found.of(module);
    import(name, module, found);
    let members: Vec<Node<'_>> = node.children_by_field_name("name", &mut node.walk()).collect();
    for member in members {
        let member_name = if member.kind() == "aliased_import" { found.field(member, "name") } else { Some(found.of(member)) };
        // Names of classes are no modules.
        if let Some(member_name) = member_name.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())) {
            import(&format!("{name}.{member_name}"), member, found);
        }
    }
}

/// `importlib.import_module("a")`, `__import__("a")`.
fn call(node: Node<'_>, found: &mut Collector<'_>) {
    let Some(function) = found.field(node, "function") else { return };
    let is_import =
        matches!(function, "__import__" | "importlib.import_module" | "import_module" | "importlib.__import__" | "import_string");
    if !is_import {
        return;
    }
    let Some(first) = node.child_by_field_name("arguments").and_then(|arguments| arguments.named_child(0)) else { return };
    match literal(first, found) {
        Some(module) => import(module, first, found),
        None => found.obstacle(Obstacle::Dynamic, node.byte_range().into()),
    }
}
