//! The graph of Conan 1: nodes by a number, with what they require.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{Member, Node, Value};

use super::package;
use crate::{Ecosystem, Origin, Package, PackageIndex, Parsed};

/// Reads the nodes of a graph.
pub(super) fn read(nodes: &Node<'_>, parsed: &mut Parsed) {
    let mut by_id: HashMap<&str, PackageIndex> = HashMap::new();
    for member in nodes.members() {
        if let Some(package) = of_node(member, parsed) {
            by_id.insert(&member.name, parsed.inventory.add(package));
        }
    }
    for member in nodes.members() {
        let Some(&dependent) = by_id.get(member.name.as_ref()) else { continue };
        for (field, scope) in [("requires", Scope::Runtime), ("build_requires", Scope::Build)] {
            for id in ids(member.node.get(field)) {
                match id.text().and_then(|id| by_id.get(id)) {
                    Some(&index) => parsed.inventory.depends(dependent, index, scope),
                    None => {
                        let id = id.text().unwrap_or_default();
                        parsed.unresolved(member.name_range, format!("`{id}` is no node of this lock file"));
                    }
                }
            }
        }
    }
}

/// What is required: a list of nodes; in the oldest files a map of references to nodes.
fn ids<'n, 't>(required: Option<&'n Node<'t>>) -> Vec<&'n Node<'t>> {
    let Some(required) = required else { return Vec::new() };
    match &required.value {
        Value::List(items) => items.iter().collect(),
        Value::Map(members) => members.iter().map(|member| &member.node).collect(),
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => Vec::new(),
    }
}

fn of_node(member: &Member<'_>, parsed: &mut Parsed) -> Option<Package> {
    let entry = &member.node;
    let reference = entry.text_of("pref").or_else(|| entry.text_of("ref"));
    let package = reference.and_then(|reference| package(reference, member.name_range));
    // The project has a path, or no reference at all.
    if entry.get("path").is_some() || reference.is_none_or(|reference| reference.starts_with("conanfile")) {
        let (name, version) = package.map_or((String::new(), None), |package| (package.name, package.version));
        let root = Package::root(Ecosystem::Conan, name, version.as_deref(), member.name_range);
        return Some(Package { origin: Origin::Path(String::new()), ..root });
    }
    if package.is_none() {
        parsed.unreadable(member.name_range, format!("the node `{}` has no reference `name/version`", member.name));
    }
    package
}
