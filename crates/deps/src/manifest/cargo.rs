//! Reads `Cargo.toml`: <https://doc.rust-lang.org/cargo/reference/manifest.html>.
//!
//! `Cargo.lock` knows versions, but not what dependencies are for: this does. What a member inherits from its workspace is in
//! another file; its name is enough to find it in the lock file.

use std::collections::HashSet;

use bartizan_core::Scope;
use bartizan_source::document::{Member, Node, parse_toml};

use crate::{Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText};

/// `Cargo.toml`.
pub(crate) static READER: Reader = Reader { name: "Cargo.toml", claims: &[Claim::Name("Cargo.toml")], read: Read::Text(read) };

/// What a crate depends on, and what for. The spellings with underscores are older.
const FIELDS: [(&str, Scope); 5] = [
    ("dependencies", Scope::Runtime),
    ("dev-dependencies", Scope::Development),
    ("dev_dependencies", Scope::Development),
    ("build-dependencies", Scope::Build),
    ("build_dependencies", Scope::Build),
];

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    // A workspace alone is no crate.
    let Some(package) = root.get("package").or_else(|| root.get("project")) else { return parsed };
    let workspace = root.at(&["workspace", "package"]);
    let field = |name: &str| {
        let inherited = || package.get(name)?.is_true("workspace").then(|| workspace?.text_of(name))?;
        package.text_of(name).or_else(inherited)
    };
    let Some(name) = field("name") else {
        parsed.unreadable(package.range, "the package has no name");
        return parsed;
    };
    let range = package.get("name").map_or(package.range, |name| name.range);
    let project = Package::root(Ecosystem::Cargo, name, field("version"), range);
    let licences = field("license").map(str::to_owned).into_iter().collect();
    let project = parsed.inventory.add(Package { origin: Origin::Path(String::new()), licences, ..project });
    let targets = root.get("target").map(Node::members).unwrap_or_default().iter().map(|target| &target.node);
    let inherited = root.at(&["workspace", "dependencies"]);
    let enabled = enabled_by_default(&root);
    for table in std::iter::once(&root).chain(targets) {
        for (field, scope) in FIELDS {
            for member in table.get(field).map(Node::members).unwrap_or_default() {
                let scope = match member.node.is_true("optional") && !enabled.contains(member.name.as_ref()) {
                    true => scope.max(Scope::Optional),
                    false => scope,
                };
                add(member, inherited, project, scope, &mut parsed);
            }
        }
    }
    parsed
}

/// The features, and so the optional dependencies, that are there unless somebody asks for less.
///
/// <https://doc.rust-lang.org/cargo/reference/features.html>: `dep:NAME`, `NAME`, `NAME/FEATURE`, but not `NAME?/FEATURE`.
fn enabled_by_default<'n>(root: &'n Node<'_>) -> HashSet<&'n str> {
    let mut enabled = HashSet::new();
    let mut open = vec!["default"];
    while let Some(feature) = open.pop() {
        if enabled.insert(feature) {
            let enables = root.at(&["features", feature]).map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
            open.extend(enables.filter_map(|enables| {
                let (name, _) = enables.split_once('/').unwrap_or((enables, ""));
                let name = name.strip_prefix("dep:").unwrap_or(name);
                (!name.ends_with('?')).then_some(name)
            }));
        }
    }
    enabled
}

fn add(member: &Member<'_>, inherited: Option<&Node<'_>>, project: PackageIndex, scope: Scope, parsed: &mut Parsed) {
    let own = &member.node;
    if own.text().is_none() && !own.is_map() {
        parsed.unreadable(own.range, format!("what is asked for of `{}` is a version or a table", member.name));
        return;
    }
    if let Some(odd) = ["version", "git", "path", "package"].iter().filter_map(|field| own.get(field)).find(|value| value.text().is_none())
    {
        parsed.unreadable(odd.range, format!("what is said of `{}` here is a text", member.name));
    }
    let entry = if own.is_true("workspace") { inherited.and_then(|inherited| inherited.get(&member.name)).unwrap_or(own) } else { own };
    let name = entry.text_of("package").unwrap_or(&member.name);
    let requirement = entry.text().or_else(|| entry.text_of("version")).unwrap_or_default();
    if name != member.name {
        parsed.inventory.imported_as(Ecosystem::Cargo, name, &member.name);
    }
    if entry.get("path").is_some() && requirement.is_empty() {
        // A folder of the project has a manifest of its own.
        parsed.inventory.requires(project, name, scope, requirement);
    } else {
        parsed.inventory.requires_at(project, name, scope, requirement, member.name_range);
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn a_crate_says_what_dependencies_are_for() {
        check(
            &READER,
            "Cargo.toml",
            r#"
[package]
name = "app"
version.workspace = true
license = "MIT"

[dependencies]
serde = "1"
renamed = { package = "real", version = "0.2", optional = true }
usual = { version = "1", optional = true }
local = { path = "../local" }
shared.workspace = true
other.workspace = true
odd = 1
odder = { version = 1 }

[features]
default = ["more"]
more = ["dep:usual", "renamed?/x"]

[dev-dependencies.tempfile]
version = "3"

[build-dependencies]
cc = "=1.0.0"

[target.'cfg(unix)'.dependencies]
libc = { git = "https://github.com/rust-lang/libc" }

[workspace.package]
version = "0.1.0"

[workspace.dependencies]
shared = { package = "shared-crate", version = "2" }
"#,
            "
root cargo app 0.1.0 @3 (MIT)
  -> serde runtime 1
  -> real optional 0.2
  -> usual runtime 1
  -> local runtime
  -> shared-crate runtime 2
  -> other runtime
  -> odder runtime
  -> tempfile development 3
  -> cc build =1.0.0
  -> libc runtime
14: unreadable: what is asked for of `odd` is a version or a table
15: unreadable: what is said of `odder` here is a text
",
        );
        check(&READER, "Cargo.toml", "[workspace]\nmembers = [\"a\"]\n", "");
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "Cargo.toml",
            "[package]\nname = \"a\"\n= 1\n[dependencies]\nb = \"1\"\n",
            "
root cargo a ? @2
  -> b runtime 1
3: unreadable: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
",
        );
    }
}
