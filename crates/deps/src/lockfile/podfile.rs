//! Reads `Podfile.lock` of CocoaPods.
//!
//! The format: `lib/cocoapods-core/lockfile.rb` of CocoaPods. Subspecs (`Firebase/Core`) are parts of their pod and have its version;
//! they are counted with it.

use std::collections::{BTreeMap, HashMap};

use bartizan_core::{ByteRange, Scope};
use bartizan_source::document::{Node, parse_yaml};

use crate::{Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText, Target};

/// `Podfile.lock`.
pub(crate) static READER: Reader = Reader { name: "Podfile.lock", claims: &[Claim::Name("Podfile.lock")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let document = parse_yaml(source.text);
    let mut parsed = Parsed::default();
    parsed.document(document.problems);
    let Some(root) = document.root.filter(|root| root.get("PODS").is_some()) else {
        parsed.unreadable(ByteRange::new(0, 0), "a lock file of CocoaPods is a map with `PODS`");
        return parsed;
    };
    let project = parsed.inventory.add(Package::root(Ecosystem::CocoaPods, "", None, root.range));
    let pods: Vec<Pod<'_>> =
        root.get("PODS").map(Node::items).unwrap_or_default().iter().filter_map(|node| pod(node, &mut parsed)).collect();
    let mut by_name: HashMap<&str, PackageIndex> = HashMap::new();
    for pod in &pods {
        by_name.entry(base(pod.name)).or_insert_with(|| {
            let package = Package::dependency(Ecosystem::CocoaPods, base(pod.name), pod.version, pod.range);
            parsed.inventory.add(Package { origin: origin(&root, base(pod.name)), ..package })
        });
    }
    // Edges, each once: subspecs depend on each other, too.
    let mut edges: BTreeMap<(PackageIndex, PackageIndex), String> = BTreeMap::new();
    let own = root.get("DEPENDENCIES").map(Node::items).unwrap_or_default().iter().map(|node| (project, node));
    let others = pods
        .iter()
        .flat_map(|pod| by_name.get(base(pod.name)).into_iter().flat_map(|&index| pod.dependencies.iter().map(move |node| (index, node))));
    for (dependent, node) in own.chain(others) {
        let Some((name, requirement)) = node.text().map(name_and_rest) else {
            parsed.unreadable(node.range, "a dependency is a text");
            continue;
        };
        match by_name.get(base(name)) {
            Some(&index) if index == dependent => {}
            Some(&index) => {
                edges.entry((dependent, index)).or_insert_with(|| requirement.to_owned());
            }
            None => parsed.unresolved(node.range, format!("`{name}` is not among the pods")),
        }
    }
    let edge = |((dependent, index), requirement)| Edge {
        dependent,
        target: Target::Package(index),
        scope: Scope::Runtime,
        requirement,
        range: None,
    };
    parsed.inventory.edges.extend(edges.into_iter().map(edge));
    parsed
}

struct Pod<'n> {
    name: &'n str,
    version: Option<&'n str>,
    range: ByteRange,
    dependencies: &'n [Node<'n>],
}

/// `Name (version)`, or a map of that to what it depends on.
fn pod<'n>(node: &'n Node<'n>, parsed: &mut Parsed) -> Option<Pod<'n>> {
    let (text, range, dependencies) = match node.members().first() {
        Some(member) => (Some(member.name.as_ref()), member.name_range, member.node.items()),
        None => (node.text(), node.range, [].as_slice()),
    };
    let Some((name, version)) = text.map(name_and_rest) else {
        parsed.unreadable(range, "a pod is `Name (version)`");
        return None;
    };
    if version.is_empty() {
        parsed.unresolved(range, format!("the pod `{name}` has no version"));
    }
    Some(Pod { name, version: Some(version), range, dependencies })
}

/// `Name (rest)`.
fn name_and_rest(text: &str) -> (&str, &str) {
    let (name, rest) = text.split_once(" (").unwrap_or((text, ""));
    (name.trim(), rest.trim_end().trim_end_matches(')'))
}

/// The pod that a subspec is a part of.
fn base(name: &str) -> &str {
    name.split('/').next().unwrap_or(name)
}

fn origin(root: &Node<'_>, name: &str) -> Origin {
    let external = root.at(&["EXTERNAL SOURCES", name]);
    let checkout = root.at(&["CHECKOUT OPTIONS", name]);
    let of = |node: Option<&Node<'_>>, key: &str| node.and_then(|node| node.get(key)).and_then(Node::scalar).map(str::to_owned);
    if let Some(path) = of(external, ":path") {
        return Origin::Path(path);
    }
    if let Some(url) = of(checkout, ":git").or_else(|| of(external, ":git")) {
        return Origin::Git { url, commit: of(checkout, ":commit").or_else(|| of(external, ":commit")) };
    }
    if let Some(url) = of(external, ":podspec").or_else(|| of(external, ":http")) {
        return Origin::Url(url);
    }
    let repositories = root.get("SPEC REPOS").map(Node::members).unwrap_or_default();
    let has = |node: &Node<'_>| node.items().iter().any(|item| item.text().is_some_and(|pod| base(pod) == name));
    let repository = repositories.iter().find(|member| has(&member.node)).map(|member| member.name.as_ref());
    let is_usual = |url: &&str| matches!(*url, "trunk" | "https://github.com/CocoaPods/Specs.git" | "https://cdn.cocoapods.org/");
    Origin::Registry(repository.filter(|url| !is_usual(url)).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn pods_subspecs_and_where_they_come_from() {
        check(
            &super::READER,
            "ios/Podfile.lock",
            r#"PODS:
  - PINCache (3.0.3):
    - PINCache/Core (= 3.0.3)
    - PINOperation (~> 1.2)
  - PINCache/Core (3.0.3):
    - PINOperation (~> 1.2)
  - PINOperation (1.2.2)
  - Flutter (1.0.0)
  - Own (0.1.0):
    - Gone

DEPENDENCIES:
  - Flutter (from `Flutter`)
  - Own (from `https://example.org/own.git`, tag `v1`)
  - PINCache/Core (= 3.0.3)

SPEC REPOS:
  https://example.org/specs.git:
    - PINOperation
  trunk:
    - PINCache

EXTERNAL SOURCES:
  Flutter:
    :path: Flutter
  Own:
    :git: https://example.org/own.git
    :tag: v1

CHECKOUT OPTIONS:
  Own:
    :commit: 0123abc
    :git: https://example.org/own.git

COCOAPODS: 1.15.2
"#,
            "
root cocoapods  ? @1
  -> PINCache 3.0.3 runtime = 3.0.3
  -> Flutter 1.0.0 runtime from `Flutter`
  -> Own 0.1.0 runtime from `https://example.org/own.git`, tag `v1`
cocoapods PINCache 3.0.3 @2
  -> PINOperation 1.2.2 runtime ~> 1.2
cocoapods PINOperation 1.2.2 @7 registry https://example.org/specs.git
cocoapods Flutter 1.0.0 @8 path Flutter
cocoapods Own 0.1.0 @9 git https://example.org/own.git 0123abc
10: unresolved: `Gone` is not among the pods
",
        );
    }

    #[test]
    fn what_is_something_else_is_said() {
        check(&super::READER, "Podfile.lock", "", "1: unreadable: a lock file of CocoaPods is a map with `PODS`");
        check(
            &super::READER,
            "Podfile.lock",
            "PODS:\n  - [a]\n  - B\n",
            "
root cocoapods  ? @1
cocoapods B ? @3
2: unreadable: a pod is `Name (version)`
3: unresolved: the pod `B` has no version
",
        );
    }
}
