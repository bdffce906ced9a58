//! Reads `packages.lock.json`, versions 1 and 2.
//!
//! The format: <https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies>.
//! Everything is resolved for each framework apart. The project has no name in it.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{JsonDialect, Member, Node, parse_json};

use super::{
    hash,
    target::{add_edge, forget_repeated_edges},
};
use crate::{Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText};

/// `packages.lock.json`.
pub(crate) static READER: Reader = Reader {
    name: "packages.lock.json",
    claims: &[Claim::Name("packages.lock.json"), Claim::Like(is_of_a_project)],
    read: Read::Text(read),
};

/// Where projects share a folder each has a lock file of its own: `packages.<project>.lock.json`.
fn is_of_a_project(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("packages.") && name.ends_with(".lock.json")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of NuGet is a map");
        return parsed;
    }
    let project = parsed.inventory.add(Package::root(Ecosystem::NuGet, "", None, root.range));
    let mut known = HashMap::new();
    for framework in root.get("dependencies").map(Node::members).unwrap_or_default() {
        if !framework.node.is_map() {
            parsed.unreadable(framework.node.range, "a framework is a map of packages");
            continue;
        }
        read_framework(&framework.node, project, &mut known, &mut parsed);
    }
    forget_repeated_edges(&mut parsed);
    parsed
}

/// Packages by name and version: most are the same for every framework.
type Known = HashMap<(String, String), PackageIndex>;

fn read_framework(framework: &Node<'_>, project: PackageIndex, known: &mut Known, parsed: &mut Parsed) {
    let mut by_name: HashMap<String, PackageIndex> = HashMap::new();
    for member in framework.members() {
        let Some(package) = package(member, parsed) else { continue };
        let key = (package.name.to_lowercase(), package.version.clone().unwrap_or_default());
        let index = *known.entry(key).or_insert_with(|| parsed.inventory.add(package));
        by_name.insert(member.name.to_lowercase(), index);
    }
    for member in framework.members() {
        let Some(&dependent) = by_name.get(&member.name.to_lowercase()) else { continue };
        let is_direct = matches!(member.node.text_of("type"), Some("Direct" | "Project"));
        if is_direct {
            add_edge(project, dependent, Scope::Runtime, member.node.text_of("requested").unwrap_or_default(), parsed);
        }
        for wanted in member.node.get("dependencies").map(Node::members).unwrap_or_default() {
            match by_name.get(&wanted.name.to_lowercase()) {
                Some(&index) => add_edge(dependent, index, Scope::Runtime, wanted.node.text().unwrap_or_default(), parsed),
                None => parsed.unresolved(wanted.name_range, format!("`{}` is not in this lock file", wanted.name)),
            }
        }
    }
}

fn package(member: &Member<'_>, parsed: &mut Parsed) -> Option<Package> {
    let entry = &member.node;
    if entry.text_of("type") == Some("Project") {
        let origin = Origin::Path(String::new());
        return Some(Package { origin, ..Package::root(Ecosystem::NuGet, member.name.as_ref(), None, member.name_range) });
    }
    let Some(version) = entry.text_of("resolved") else {
        parsed.unreadable(member.name_range, format!("the package `{}` has no version", member.name));
        return None;
    };
    let hashes = entry.text_of("contentHash").and_then(hash).into_iter().collect();
    let package = Package::dependency(Ecosystem::NuGet, member.name.as_ref(), Some(version), member.name_range);
    Some(Package { hashes, ..package })
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn what_is_the_same_for_two_frameworks_is_there_once() {
        check(
            &super::READER,
            "src/packages.lock.json",
            r#"{
  "version": 1,
  "dependencies": {
    "net6.0": {
      "Serilog": { "type": "Direct", "requested": "[2.10.0, )", "resolved": "2.10.0", "contentHash": "AAE=", "dependencies": { "system.memory": "4.5.0" } },
      "System.Memory": { "type": "Transitive", "resolved": "4.5.5" },
      "lib": { "type": "Project", "dependencies": { "Serilog": "[2.10.0, )" } }
    },
    "net8.0": {
      "Serilog": { "type": "Direct", "requested": "[2.10.0, )", "resolved": "2.10.0" }
    }
  }
}"#,
            "
root nuget  ? @1
  -> Serilog 2.10.0 runtime [2.10.0, )
  -> lib ? runtime
nuget Serilog 2.10.0 @5 sha512:0001
  -> System.Memory 4.5.5 runtime 4.5.0
nuget System.Memory 4.5.5 @6
root nuget lib ? @7
  -> Serilog 2.10.0 runtime [2.10.0, )
",
        );
    }

    #[test]
    fn one_bad_entry_hides_no_other() {
        check(
            &super::READER,
            "packages.lock.json",
            "{\"dependencies\": {\"net6.0\": {\n\"A\": {\"type\": \"Direct\"},\n\"B\": {\"type\": \"Direct\", \"resolved\": \"1\",\n\"dependencies\": {\"C\": \"1\"}}}, \"x\": 1",
            "
root nuget  ? @1
  -> B 1 runtime
nuget B 1 @3
2: unreadable: the package `A` has no version
4: unresolved: `C` is not in this lock file
4: unreadable: a framework is a map of packages
4: unreadable: the document ends where `,` or `}` is expected
",
        );
        check(&super::READER, "packages.lock.json", "[]", "1: unreadable: a lock file of NuGet is a map");
    }
}
