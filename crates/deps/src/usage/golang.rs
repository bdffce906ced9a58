//! Go: imports are paths, and what is used of them is written behind the name that the file knows them by.

use bartizan_core::ByteRange;
use bartizan_syntax::tree_sitter::Node;

use super::{Obstacle, collector::Collector, walk::Inside};

pub(super) fn visit(node: Node<'_>, found: &mut Collector<'_>) -> Inside {
    if node.kind() == "source_file" {
        uses(node, found);
        imports(node, found);
    }
    Inside::Skip
}

/// Each `name.member`, and each function or method by its name.
fn uses(root: Node<'_>, found: &mut Collector<'_>) {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        let (object, member) = match node.kind() {
            "selector_expression" => ("operand", "field"),
            "qualified_type" => ("package", "name"),
            _ => ("", ""),
        };
        if let (Some(object), Some(member)) = (node.child_by_field_name(object), node.child_by_field_name(member)) {
            let (of, name, at): (_, _, ByteRange) = (found.of(object), found.of(member), node.byte_range().into());
            if matches!(object.kind(), "identifier" | "package_identifier") {
                found.member(of, name, at);
            }
            found.call(name, member.byte_range().into());
            if (of, name) == ("plugin", "Open") {
                found.obstacle(Obstacle::Dynamic, at);
            }
        }
        // What is imported with a dot is called by its name alone.
        if let Some(function) = node.child_by_field_name("function").filter(|function| function.kind() == "identifier") {
            let name = found.of(function);
            found.call(name, function.byte_range().into());
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn imports(root: Node<'_>, found: &mut Collector<'_>) {
    let declarations = root.named_children(&mut root.walk()).filter(|node| node.kind() == "import_declaration").collect::<Vec<_>>();
    let lists = declarations.into_iter().flat_map(|node| node.named_children(&mut node.walk()).collect::<Vec<_>>());
    let specs = lists.flat_map(|node| match node.kind() {
        "import_spec_list" => node.named_children(&mut node.walk()).collect(),
        _ => vec![node],
    });
    for node in specs.filter(|node| node.kind() == "import_spec") {
        let Some(path) = node.child_by_field_name("path") else { continue };
        let name = found.of(path).trim_matches(['"', '`']);
        let Some(import) = found.import(name, path.byte_range().into()) else { continue };
        match found.field(node, "name") {
            Some(alias) => found.known_as(import, alias),
            None => usual_names(name).into_iter().for_each(|alias| found.known_as(import, alias)),
        }
    }
}

/// What a package is most likely called, by its path: `gopkg.in/yaml.v3` is `yaml`, `example.com/go-lib/v2` is `lib`.
fn usual_names(path: &str) -> Vec<&str> {
    let is_version = |part: &&str| part.strip_prefix('v').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let mut parts = path.rsplit('/');
    let last = parts.find(|part| !is_version(part)).unwrap_or(path);
    let without_version = last.rsplit_once(".v").map_or(last, |(name, _)| name);
    let mut names = vec![without_version];
    names.extend(without_version.strip_prefix("go-"));
    names.extend(without_version.strip_suffix("-go").or_else(|| without_version.strip_suffix(".go")));
    names.extend(without_version.rsplit_once('-').map(|(_, name)| name));
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_called_by_the_last_part_of_their_path() {
        assert_eq!(usual_names("golang.org/x/net/html"), ["html"]);
        assert_eq!(usual_names("gopkg.in/yaml.v3"), ["yaml"]);
        assert_eq!(usual_names("github.com/a/go-lib/v2"), ["go-lib", "lib"]);
    }
}
