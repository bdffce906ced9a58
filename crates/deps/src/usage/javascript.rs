//! JavaScript and TypeScript.

use bartizan_syntax::tree_sitter::Node;

use super::{
    Obstacle,
    collector::Collector,
    walk::{Inside, literal},
};

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    match node.kind() {
        "import_statement" | "export_statement" | "import_require_clause" => {
            if let Some(source) = node.child_by_field_name("source") {
                import(source, found);
            }
            Inside::Look
        }
        "call_expression" => {
            call(node, found);
            Inside::Look
        }
        "string" => {
            found.mention_at(node);
            Inside::Skip
        }
        "template_string" => {
            found.mention_at(node);
            Inside::Look
        }
        // What is written between tags is shown to people.
        "comment" | "jsx_text" | "regex" => Inside::Skip,
        _ => Inside::Look,
    }
}

fn import(source: Node<'_>, found: &mut Collector<'_>) {
    if let Some(name) = literal(source, found).filter(|name| is_of_package(name)) {
        found.import(name, source.byte_range().into());
    }
}

/// Whether it is a package that is named, rather than a file beside this one.
fn is_of_package(name: &str) -> bool {
    !name.starts_with(['.', '/'])
}

/// `require('a')`, `require.resolve('a')`, `import('a')`.
fn call(node: Node<'_>, found: &mut Collector<'_>) {
    let Some(function) = node.child_by_field_name("function") else { return };
    let is_import = matches!(found.of(function), "require" | "require.resolve" | "module.require" | "import" | "import.meta.resolve");
    if !is_import {
        return;
    }
    let Some(first) = node.child_by_field_name("arguments").and_then(|arguments| arguments.named_child(0)) else { return };
    match literal(first, found) {
        Some(_) => import(first, found),
        None if is_local(found.of(first)) || value_of(first, found).is_some_and(is_local) => {}
        // What is put together from texts of the code alone is among its mentions.
        None if is_of_texts(first) => {}
        None => found.obstacle(Obstacle::Dynamic, node.byte_range().into()),
    }
}

/// Whether what is imported lies beside the file, whatever its name is: `path.join(__dirname, name)`, `` `./${name}` ``.
fn is_local(argument: &str) -> bool {
    const MARKS: [&str; 7] =
        ["__dirname", "process.cwd()", "import.meta", "path.join(", "path.resolve(", "pathToFileURL(", "fileURLToPath("];
    MARKS.iter().any(|mark| argument.contains(mark)) || argument.trim_start_matches(['`', '"', '\'']).starts_with(['.', '/'])
}

/// Whether no name takes part in an expression but those of methods: `['f', 's'].join('')`.
fn is_of_texts(expression: Node<'_>) -> bool {
    const MAX_NODES: usize = 100;
    let mut open = vec![expression];
    let mut n_seen = 0;
    while let Some(node) = open.pop() {
        n_seen += 1;
        if node.kind() == "identifier" || MAX_NODES < n_seen {
            return false;
        }
        open.extend(node.named_children(&mut node.walk()));
    }
    true
}

/// What a name is made of, where it is said once and cannot change: `const name = …`.
fn value_of<'f>(name: Node<'_>, found: &Collector<'f>) -> Option<&'f str> {
    let declaration = format!("const {} = ", found.of(name));
    let (_, rest) = found.text.split_once(&*declaration).filter(|_| name.kind() == "identifier")?;
    (!rest.contains(&declaration)).then(|| rest.split(';').next().unwrap_or_default())
}
