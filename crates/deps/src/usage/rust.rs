//! Rust: a crate is used where its name stands before `::`, in `use` and in `extern crate`.

use bartizan_syntax::tree_sitter::Node;

use super::{collector::Collector, walk::Inside};

/// What stands before `::` and is no crate.
const OWN: [&str; 8] = ["crate", "self", "super", "Self", "std", "core", "alloc", "proc_macro"];

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    match node.kind() {
        // What stands in a list behind `a::` begins there, not anew.
        "scoped_use_list" => {
            path(node, found);
            return Inside::Skip;
        }
        "scoped_identifier" | "scoped_type_identifier" | "use_wildcard" => path(node, found),
        "use_declaration" => {
            if let Some(argument) = node.child_by_field_name("argument") {
                match argument.kind() {
                    "identifier" => import(argument, found),
                    "use_as_clause" => path(argument, found),
                    // `use {a, b::c}`.
                    "use_list" => argument.named_children(&mut argument.walk()).for_each(|item| {
                        if item.kind() == "identifier" {
                            import(item, found);
                        }
                    }),
                    _ => {}
                }
            }
        }
        "extern_crate_declaration" => {
            if let Some(name) = node.child_by_field_name("name") {
                import(name, found);
            }
        }
        "call_expression" => {
            if let Some(name) = node.child_by_field_name("function").and_then(last_name) {
                let text = found.of(name);
                found.call(text, name.byte_range().into());
            }
        }
        // What a macro is given is not parsed: its words are taken for what they look like.
        "token_tree" => tokens(node, found),
        "line_comment" | "block_comment" => return Inside::Skip,
        _ => {}
    }
    Inside::Look
}

fn import(name: Node<'_>, found: &mut Collector<'_>) {
    let text = found.of(name).trim_start_matches("r#");
    if !OWN.contains(&text) {
        found.import(text, name.byte_range().into());
    }
}

/// The first name of a path.
fn path(node: Node<'_>, found: &mut Collector<'_>) {
    let mut at = node;
    while let Some(before) = at.child_by_field_name("path") {
        at = before;
    }
    match at.kind() {
        "identifier" => import(at, found),
        // `::a::b` begins with no name.
        "scoped_identifier" | "scoped_use_list" => {
            if let Some(name) = at.child_by_field_name("name") {
                import(name, found);
            }
        }
        "use_wildcard" => {
            if let Some(name) = at.named_child(0).filter(|name| name.kind() == "identifier") {
                import(name, found);
            }
        }
        _ => {}
    }
}

/// The last name of what is called: `a::b(…)`, `a.b(…)`, `a.b::<C>(…)`.
fn last_name(function: Node<'_>) -> Option<Node<'_>> {
    match function.kind() {
        "identifier" => Some(function),
        "field_expression" => function.child_by_field_name("field"),
        "scoped_identifier" => function.child_by_field_name("name"),
        "generic_function" => function.child_by_field_name("function").and_then(last_name),
        _ => None,
    }
}

fn tokens(tree: Node<'_>, found: &mut Collector<'_>) {
    let mut cursor = tree.walk();
    let tokens: Vec<Node<'_>> = tree.children(&mut cursor).collect();
    for pair in tokens.windows(2) {
        let [token, next] = pair else { continue };
        if token.kind() != "identifier" {
            continue;
        }
        match next.kind() {
            "::" => import(*token, found),
            "token_tree" => {
                let text = found.of(*token);
                found.call(text, token.byte_range().into());
            }
            _ => {}
        }
    }
}
