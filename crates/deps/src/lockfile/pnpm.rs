//! Reads `pnpm-lock.yaml`, versions 5 to 9.
//!
//! The format: `pnpm/spec` on GitHub, `lockfile/5.2.md` to `lockfile/9.0.md`. Members of the workspace are its `importers`; the
//! keys of `packages` are paths of dependencies, whose spelling changed from version to version (see `path`). A stream may have
//! a document more, for what pnpm itself is made of.

mod path;

use std::collections::HashMap;

use bartizan_core::{ByteRange, Scope};
use bartizan_source::document::{Member, Node, parse_yaml_stream};

use crate::{
    Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, Remark, Scopes, SourceText, Target,
    npm::{self, hashes},
};

/// `pnpm-lock.yaml`.
pub(crate) static READER: Reader = Reader { name: "pnpm-lock.yaml", claims: &[Claim::Name("pnpm-lock.yaml")], read: Read::Text(read) };

/// What an importer or a package depends on, and what for.
const FIELDS: [(&str, Scope); 5] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
    ("configDependencies", Scope::Build),
    ("packageManagerDependencies", Scope::Build),
];

fn read(source: &SourceText<'_>) -> Parsed {
    let stream = parse_yaml_stream(source.text);
    let mut parsed = Parsed::default();
    parsed.document(stream.problems);
    for root in &stream.roots {
        if root.is_map() {
            read_document(root, &mut parsed);
        } else {
            parsed.unreadable(root.range, "a lock file of pnpm is a map");
        }
    }
    parsed
}

/// The packages and members of one document.
#[derive(Default)]
struct Locked<'t> {
    by_path: HashMap<&'t str, PackageIndex>,
    by_folder: HashMap<String, PackageIndex>,
}

fn read_document(root: &Node<'_>, parsed: &mut Parsed) {
    let mut locked = Locked::default();
    let version = root.get("lockfileVersion");
    if version.is_none() && root.get("packages").is_some() {
        parsed.unresolved(root.range, "the lock file doesn't say its version");
    }
    let is_slashed = version.and_then(Node::scalar).is_some_and(|version| version.starts_with(['3', '4', '5']));
    let times = root.get("time");
    for member in root.get("packages").map(Node::members).unwrap_or_default() {
        if let Some(mut package) = package(member, is_slashed, parsed) {
            let published = times.and_then(|times| times.get(member.name.trim_start_matches('/'))?.text());
            package.remarks.extend(published.map(|time| Remark::Published(time.to_owned())));
            locked.by_path.insert(&member.name, parsed.inventory.add(package));
        }
    }
    // Without a workspace the one member stands in the document itself.
    let importers = root.get("importers").map(Node::members).unwrap_or_default();
    let importers: Vec<(&str, &Node<'_>, ByteRange)> = match importers {
        [] if FIELDS.iter().all(|(field, _)| root.get(field).is_none()) && root.get("packages").is_none() => Vec::new(),
        [] => vec![(".", root, ByteRange::new(root.range.start(), root.range.start()))],
        several => several.iter().map(|member| (member.name.as_ref(), &member.node, member.name_range)).collect(),
    };
    for (folder, _, range) in &importers {
        let folder = if *folder == "." { "" } else { folder };
        let origin = Origin::Path(folder.to_owned());
        let index = parsed.inventory.add(Package { origin, ..Package::root(Ecosystem::Npm, "", None, *range) });
        locked.by_folder.insert(folder.to_owned(), index);
    }
    for (folder, entry, _) in importers {
        let folder = if folder == "." { "" } else { folder };
        let Some(&dependent) = locked.by_folder.get(folder) else { continue };
        locked.add_edges(dependent, folder, entry, entry.get("specifiers"), parsed);
    }
    // Since version 9 what packages depend on stands apart, once for each set of peers.
    let snapshots = root.get("snapshots").map(Node::members).unwrap_or_default();
    let packages = root.get("packages").map(Node::members).unwrap_or_default();
    for member in packages.iter().chain(snapshots) {
        if let Some(dependent) = locked.package(&member.name) {
            locked.add_edges(dependent, "", &member.node, None, parsed);
        }
    }
}

impl Locked<'_> {
    /// The package at a path of dependencies.
    fn package(&self, path: &str) -> Option<PackageIndex> {
        let without_peers = path.split('(').next().unwrap_or(path);
        self.by_path.get(path).or_else(|| self.by_path.get(without_peers)).copied()
    }

    fn add_edges(&self, dependent: PackageIndex, folder: &str, entry: &Node<'_>, specifiers: Option<&Node<'_>>, parsed: &mut Parsed) {
        for (field, scope) in FIELDS {
            for wanted in entry.get(field).map(Node::members).unwrap_or_default() {
                // A member of the workspace says both what it asks for and what it gets.
                let (reference, requirement) = match wanted.node.get("version") {
                    Some(version) => (version.scalar(), wanted.node.get("specifier").and_then(Node::scalar)),
                    None => (wanted.node.scalar(), specifiers.and_then(|specifiers| specifiers.get(&wanted.name)?.scalar())),
                };
                let Some(reference) = reference else {
                    parsed.unresolved(wanted.name_range, format!("`{}` has no version here", wanted.name));
                    continue;
                };
                let target = match reference.strip_prefix("link:") {
                    Some(linked) => path::joined(folder, linked).and_then(|folder| self.by_folder.get(&folder).copied()),
                    None => path::of_reference(&wanted.name, reference).iter().find_map(|path| self.package(path)),
                };
                match target {
                    Some(target) => {
                        let requirement = requirement.unwrap_or_default().to_owned();
                        parsed.inventory.edges.push(Edge { dependent, target: Target::Package(target), scope, requirement, range: None });
                    }
                    // What is linked may stand outside of the workspace; what is optional may be left out.
                    None if reference.starts_with("link:") || scope == Scope::Optional => {}
                    None => {
                        parsed.unresolved(wanted.name_range, format!("`{}` at `{reference}` is not in this lock file", wanted.name));
                    }
                }
            }
        }
    }
}

fn package(member: &Member<'_>, is_slashed: bool, parsed: &mut Parsed) -> Option<Package> {
    let entry = &member.node;
    let by_path = path::name_and_version(&member.name, is_slashed);
    let name = entry.text_of("name").or_else(|| by_path.map(|(name, _)| name));
    let version = entry.get("version").and_then(Node::scalar).or_else(|| by_path.map(|(_, version)| version));
    let (Some(name), Some(version)) = (name, version) else {
        let message = format!("`{}` doesn't say the name and the version of a package", member.name);
        parsed.unreadable(member.name_range, message);
        return None;
    };
    let resolution = entry.get("resolution");
    let field = |name| resolution.and_then(|resolution| resolution.text_of(name));
    let origin = match (field("repo"), field("commit"), field("tarball"), field("directory")) {
        (Some(repo), commit, _, _) => Origin::Git { url: repo.trim_start_matches("git+").to_owned(), commit: commit.map(str::to_owned) },
        (_, _, _, Some(directory)) => Origin::Path(directory.to_owned()),
        (_, _, tarball, _) => npm::origin(tarball),
    };
    let mut scopes = Scopes::default();
    for (field, scope) in [("dev", Scope::Development), ("optional", Scope::Optional)] {
        if entry.is_true(field) {
            scopes = scopes.and(Scopes::of(scope));
        }
    }
    let is_version = version.starts_with(|c: char| c.is_ascii_digit());
    let version = is_version.then_some(version);
    if version.is_none() && matches!(origin, Origin::Registry(_)) {
        parsed.unreadable(member.name_range, format!("`{}` doesn't say the name and the version of a package", member.name));
        return None;
    }
    let hashes = hashes(field("integrity"));
    let mut remarks = npm::remarks(name, version, field("tarball"), &hashes);
    if entry.is_true("requiresBuild") {
        remarks.push(Remark::InstallScript);
    }
    if let Some(why) = entry.text_of("deprecated") {
        remarks.push(Remark::Deprecated(why.trim().to_owned()));
    }
    Some(Package { scopes, origin, hashes, remarks, ..Package::dependency(Ecosystem::Npm, name, version, member.name_range) })
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn version_nine_keeps_snapshots_apart() {
        check(
            &READER,
            "pnpm-lock.yaml",
            "
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(b@2.0.0)
      old:
        specifier: npm:@s/real@1
        version: '@s/real@1.2.3'
  packages/x:
    devDependencies:
      root:
        specifier: workspace:*
        version: link:../..
      g:
        specifier: github:o/g
        version: https://codeload.github.com/o/g/tar.gz/0a2d
packages:
  '@s/real@1.2.3':
    resolution: {integrity: sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAI=}
  a@1.0.0:
    resolution: {integrity: sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAE=}
    peerDependencies: {b: '2'}
  b@2.0.0: {}
  g@https://codeload.github.com/o/g/tar.gz/0a2d:
    resolution: {tarball: https://codeload.github.com/o/g/tar.gz/0a2d}
    version: 6.0.1
snapshots:
  '@s/real@1.2.3': {}
  a@1.0.0(b@2.0.0):
    dependencies:
      b: 2.0.0
    optionalDependencies:
      absent: 1.0.0
  b@2.0.0: {}
",
            "
npm @s/real 1.2.3 @21 sha1:0000000000000000000000000000000000000002
npm a 1.0.0 @23 sha1:0000000000000000000000000000000000000001
  -> b 2.0.0 runtime
npm b 2.0.0 @26
npm g 6.0.1 @27 git https://github.com/o/g 0a2d
root npm  ? @4
  -> a 1.0.0 runtime ^1.0.0
  -> @s/real 1.2.3 runtime npm:@s/real@1
root npm  ? @12 path packages/x
  ->  ? development workspace:*
  -> g 6.0.1 development github:o/g
",
        );
    }

    #[test]
    fn versions_five_and_six_spell_paths_otherwise() {
        check(
            &READER,
            "pnpm-lock.yaml",
            "
lockfileVersion: 5.4
specifiers:
  '@s/a': ^1.0.0
dependencies:
  '@s/a': 1.0.0_b@2.0.0
devDependencies:
  g: github.com/o/g/0a2d
packages:
  /@s/a/1.0.0_b@2.0.0:
    resolution: {integrity: sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAE=}
    dependencies:
      b: 2.0.0
      old: /b/1.0.0
    dev: false
  /b/1.0.0:
    optional: true
  /b/2.0.0:
  github.com/o/g/0a2d:
    resolution: {commit: 0a2d, repo: git+ssh://git@github.com/o/g.git, type: git}
    name: g
    version: 1.0.0
    dev: true
",
            "
npm @s/a 1.0.0 @10 sha1:0000000000000000000000000000000000000001
  -> b 2.0.0 runtime
  -> b 1.0.0 runtime
npm b 1.0.0 @16 [optional]
npm b 2.0.0 @18
npm g 1.0.0 @19 [development] git ssh://git@github.com/o/g.git 0a2d
root npm  ? @2
  -> @s/a 1.0.0 runtime ^1.0.0
  -> g 1.0.0 development
",
        );
        check(
            &READER,
            "pnpm-lock.yaml",
            "
lockfileVersion: '6.0'
dependencies:
  a:
    specifier: ^1.0.0
    version: 1.0.0(b@2.0.0)
packages:
  /a@1.0.0(b@2.0.0):
    dependencies:
      b: 2.0.0
      missing: 1.0.0
  /b@2.0.0:
    dev: false
",
            "
npm a 1.0.0 @8
  -> b 2.0.0 runtime
npm b 2.0.0 @12
root npm  ? @2
  -> a 1.0.0 runtime ^1.0.0
11: unresolved: `missing` at `1.0.0` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "pnpm-lock.yaml",
            "lockfileVersion: 5.3\npackages:\n  invalid:\n    dev: true\n  /a/1.0.0:\n  /b/c:\n---\n- x\n---\na: [\n",
            "
npm a 1.0.0 @5
root npm  ? @1
3: unreadable: `invalid` doesn't say the name and the version of a package
6: unreadable: `/b/c` doesn't say the name and the version of a package
8: unreadable: a lock file of pnpm is a map
10: unreadable: this is no YAML: unclosed bracket '['
",
        );
    }
}
