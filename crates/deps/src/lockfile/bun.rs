//! Reads `bun.lock`.
//!
//! The format: `bun/src/install/lockfile/bun.lock.zig` as published. It is JSON with comments. `workspaces` has what its members
//! ask for; `packages` what is installed, by its way of names: `a/b` is the `b` that only `a` sees.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{JsonDialect, Member, Node, parse_json};

use crate::{
    Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText, Target,
    npm::{self, hashes},
};

/// `bun.lock`.
pub(crate) static READER: Reader = Reader { name: "bun.lock", claims: &[Claim::Name("bun.lock")], read: Read::Text(read) };

/// What an entry depends on, and what for.
const FIELDS: [(&str, Scope); 4] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
    ("peerDependencies", Scope::Runtime),
];

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::WithComments)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of bun is a map");
    }
    let members = root.get("workspaces").map(Node::members).unwrap_or_default();
    let mut by_folder: HashMap<&str, PackageIndex> = HashMap::new();
    for member in members {
        let (folder, entry) = (member.name.as_ref(), &member.node);
        let origin = Origin::Path(folder.to_owned());
        let package = Package::root(Ecosystem::Npm, entry.text_of("name").unwrap_or_default(), entry.text_of("version"), member.name_range);
        by_folder.insert(folder, parsed.inventory.add(Package { origin, ..package }));
    }
    let mut installed: HashMap<&str, PackageIndex> = HashMap::new();
    let mut asking: Vec<(PackageIndex, &str, &Node<'_>)> = Vec::new();
    for member in root.get("packages").map(Node::members).unwrap_or_default() {
        match package(member) {
            Ok(Installed::Member(folder)) => {
                installed.extend(by_folder.get(folder).map(|&index| (member.name.as_ref(), index)));
            }
            Ok(Installed::Package(package)) => {
                let index = parsed.inventory.add(*package);
                installed.insert(&member.name, index);
                let facts = member.node.items().iter().find(|item| item.is_map());
                asking.extend(facts.map(|facts| (index, member.name.as_ref(), facts)));
            }
            Err(message) => parsed.unreadable(member.node.range, message),
        }
    }
    // A member of the workspace sees what is installed for it alone first, under its name.
    for member in members {
        if let Some(&index) = by_folder.get(member.name.as_ref()) {
            asking.push((index, member.node.text_of("name").unwrap_or_default(), &member.node));
        }
    }
    for (dependent, way, entry) in asking {
        add_edges(dependent, way, entry, &installed, &mut parsed);
    }
    parsed
}

enum Installed<'t> {
    /// A member of the workspace, by its folder.
    Member(&'t str),
    Package(Box<Package>),
}

/// `["NAME@VERSION", "REGISTRY", {…}, "INTEGRITY"]`, and shorter where it is not from a registry.
fn package<'t>(member: &'t Member<'_>) -> Result<Installed<'t>, String> {
    let Some(resolution) = member.node.items().first().and_then(Node::text) else {
        return Err(format!("`{}` doesn't begin with the name and version of a package", member.name));
    };
    let (name, reference) = npm::split(resolution);
    if let Some(folder) = reference.strip_prefix("workspace:") {
        return Ok(Installed::Member(folder));
    }
    if reference.is_empty() {
        return Err(format!("the package `{name}` has no version"));
    }
    if reference.starts_with("root:") {
        return Ok(Installed::Member(""));
    }
    let texts: Vec<&str> = member.node.items().iter().skip(1).filter_map(Node::text).collect();
    let origin = match npm::request(reference).origin {
        Origin::Registry(_) => Origin::Registry(texts.first().filter(|url| url.contains("://")).map(|&url| url.to_owned())),
        elsewhere => elsewhere,
    };
    let version = matches!(origin, Origin::Registry(_)).then_some(reference);
    let hashes = texts.last().map(|text| hashes(Some(text))).unwrap_or_default();
    let address = match &origin {
        Origin::Registry(Some(url)) | Origin::Url(url) => Some(url.as_str()),
        Origin::Registry(None) | Origin::Git { .. } | Origin::Path(_) => None,
    };
    let remarks = npm::remarks(name, None, address, &hashes);
    let package = Package { origin, hashes, remarks, ..Package::dependency(Ecosystem::Npm, name, version, member.name_range) };
    Ok(Installed::Package(Box::new(package)))
}

fn add_edges(dependent: PackageIndex, way: &str, entry: &Node<'_>, installed: &HashMap<&str, PackageIndex>, parsed: &mut Parsed) {
    let optional_peers: Vec<&str> = entry.get("optionalPeers").map(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect();
    for (field, scope) in FIELDS {
        for wanted in entry.get(field).map(Node::members).unwrap_or_default() {
            let is_peer = field == "peerDependencies";
            let scope = if is_peer && optional_peers.contains(&wanted.name.as_ref()) { Scope::Optional } else { scope };
            match resolve(way, &wanted.name, installed) {
                Some(target) => {
                    let requirement = wanted.node.text().unwrap_or_default().to_owned();
                    parsed.inventory.edges.push(Edge { dependent, target: Target::Package(target), scope, requirement, range: None });
                }
                // What is optional may be left out, and what peers ask for need not be there.
                None if is_peer || scope == Scope::Optional => {}
                None => parsed.unresolved(wanted.name_range, format!("`{}` is not in this lock file", wanted.name)),
            }
        }
    }
}

/// What `require` finds: within whoever asks, then beside it, then above.
fn resolve(way: &str, name: &str, installed: &HashMap<&str, PackageIndex>) -> Option<PackageIndex> {
    let mut within = way;
    while !within.is_empty() {
        if let Some(&found) = installed.get(format!("{within}/{name}").as_str()) {
            return Some(found);
        }
        within = within.rsplit_once('/').map_or("", |(above, _)| above);
    }
    installed.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn what_is_nearest_is_found() {
        check(
            &READER,
            "bun.lock",
            r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "app",
      "dependencies": { "a": "^2", "old-a": "npm:a@1", "lib": "workspace:*" },
      "devDependencies": { "git": "github:o/git" },
    },
    "packages/lib": { "name": "lib", "version": "0.1.0", "peerDependencies": { "absent": "1" } },
  },
  "packages": {
    "a": ["a@2.0.0", "", { "dependencies": { "b": "2" } }, "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAE="],
    "b": ["b@2.0.0", "https://npm.example.com/", {}, ""],
    "git": ["git@github:o/git#0a2d", { "dependencies": { "missing": "1" } }, "o-git-0a2d"],
    "lib": ["lib@workspace:packages/lib"],
    "old-a": ["a@1.0.0", "", { "dependencies": { "b": "1" }, "optionalDependencies": { "c": "1" } }, ""],
    // Only the old one sees this.
    "old-a/b": ["b@1.0.0", "", {}, ""],
  },
}
"#,
            "
root npm app ? @4
  -> a 2.0.0 runtime ^2
  -> a 1.0.0 runtime npm:a@1
  -> lib 0.1.0 runtime workspace:*
  -> git ? development github:o/git
root npm lib 0.1.0 @9 path packages/lib
npm a 2.0.0 @12 sha1:0000000000000000000000000000000000000001
  -> b 2.0.0 runtime 2
npm b 2.0.0 @13 registry https://npm.example.com/
npm git ? @14 git https://github.com/o/git 0a2d
npm a 1.0.0 @16
  -> b 1.0.0 runtime 1
npm b 1.0.0 @18
14: unresolved: `missing` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "bun.lock",
            "{\n\"packages\": {\n\"x\": [123],\n\"a\": [\"a@1.0.0\", \"\", {}, \"\"],\n\"b\": [\"b\"],\n\"c\": [\"c@1.0.0\"\n",
            "
npm a 1.0.0 @4
npm c 1.0.0 @6
3: unreadable: `x` doesn't begin with the name and version of a package
5: unreadable: the package `b` has no version
7: unreadable: the document ends where `,` or `]` is expected
",
        );
    }
}
