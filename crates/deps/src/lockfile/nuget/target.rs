//! What `project.assets.json` and `*.deps.json` share: targets whose members are named `Name/Version`, and libraries likewise.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{Member, Node};

use super::hash;
use crate::{Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Target};

/// The libraries of a file, by their name and version in lower case.
pub(super) struct Libraries {
    by_key: HashMap<String, PackageIndex>,
}

/// What a library is to a project.
enum Kind {
    Package,
    /// A project of the same solution.
    Project,
    /// What is no package: an assembly by its path.
    Other,
}

impl Libraries {
    /// Notes the libraries of a file; `main` is the project that the file is about, if it is one of them.
    pub(super) fn read(libraries: Option<&Node<'_>>, main: Option<(&str, PackageIndex)>, parsed: &mut Parsed) -> Self {
        let mut by_key = HashMap::new();
        for member in libraries.map(Node::members).unwrap_or_default() {
            let Some((name, version)) = member.name.split_once('/') else {
                parsed.unreadable(member.name_range, format!("the library `{}` has no version", member.name));
                continue;
            };
            let is_main = main.filter(|(main, _)| main.eq_ignore_ascii_case(name));
            let index = match (kind(member), is_main) {
                (Kind::Project, Some((_, index))) => {
                    complete(name, version, member, index, parsed);
                    index
                }
                (Kind::Project, None) => {
                    let origin = Origin::Path(member.node.text_of("path").unwrap_or_default().to_owned());
                    parsed.inventory.add(Package { origin, ..Package::root(Ecosystem::NuGet, name, Some(version), member.name_range) })
                }
                (Kind::Package, _) => {
                    let hashes = member.node.text_of("sha512").and_then(hash).into_iter().collect();
                    // Packs of the runtime are published without this prefix.
                    let name = name.strip_prefix("runtimepack.").unwrap_or(name);
                    let package = Package::dependency(Ecosystem::NuGet, name, Some(version), member.name_range);
                    parsed.inventory.add(Package { hashes, ..package })
                }
                (Kind::Other, _) => continue,
            };
            by_key.insert(member.name.to_lowercase(), index);
        }
        Self { by_key }
    }

    /// Adds the edges of a target; gives its members by name in lower case.
    pub(super) fn read_target(&self, target: &Node<'_>, parsed: &mut Parsed) -> HashMap<String, PackageIndex> {
        let lookup = |member: &Member<'_>| self.by_key.get(&member.name.to_lowercase()).copied();
        let name_of = |member: &Member<'_>| member.name.split('/').next().unwrap_or_default().to_lowercase();
        let by_name: HashMap<String, PackageIndex> =
            target.members().iter().filter_map(|member| Some((name_of(member), lookup(member)?))).collect();
        for member in target.members() {
            let Some(dependent) = lookup(member) else { continue };
            for wanted in member.node.get("dependencies").map(Node::members).unwrap_or_default() {
                match by_name.get(&wanted.name.to_lowercase()) {
                    Some(&index) => add_edge(dependent, index, Scope::Runtime, wanted.node.text().unwrap_or_default(), parsed),
                    None => parsed.unresolved(wanted.name_range, format!("`{}` is not in this file", wanted.name)),
                }
            }
        }
        by_name
    }
}

/// The project that a file is about is named as a library, too.
fn complete(name: &str, version: &str, member: &Member<'_>, index: PackageIndex, parsed: &mut Parsed) {
    let Some(package) = usize::try_from(index.0).ok().and_then(|index| parsed.inventory.packages.get_mut(index)) else { return };
    *package = Package { origin: Origin::Path(String::new()), ..Package::root(Ecosystem::NuGet, name, Some(version), member.name_range) };
}

/// Adds an edge; [`forget_repeated_edges`] when all are there.
pub(super) fn add_edge(dependent: PackageIndex, dependency: PackageIndex, scope: Scope, requirement: &str, parsed: &mut Parsed) {
    let edge = Edge { dependent, target: Target::Package(dependency), scope, requirement: requirement.to_owned(), range: None };
    parsed.inventory.edges.push(edge);
}

fn kind(member: &Member<'_>) -> Kind {
    match member.node.text_of("type") {
        Some("project") => Kind::Project,
        Some("package" | "runtimepack") => Kind::Package,
        // `reference` and `referenceassembly` are assemblies without a package.
        _ => Kind::Other,
    }
}

/// Edges that several targets have, once.
pub(super) fn forget_repeated_edges(parsed: &mut Parsed) {
    let mut seen = std::collections::HashSet::new();
    parsed.inventory.edges.retain(|edge| seen.insert((edge.dependent, edge.target.clone(), edge.requirement.clone())));
}
