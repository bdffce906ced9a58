//! Reads version catalogs of Gradle: `gradle/libs.versions.toml`.
//!
//! The format: <https://docs.gradle.org/current/userguide/version_catalogs.html>. A catalog names what builds may use under an
//! alias; which of it they use is in their programs. A plugin with the id `x` is the artifact `x:x.gradle.plugin`.

use bartizan_core::{ByteRange, Scope};
use bartizan_source::document::{Member, Node, parse_toml};

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Scopes, SourceText};

/// `libs.versions.toml`.
pub(crate) static READER: Reader =
    Reader { name: "libs.versions.toml", claims: &[Claim::Suffix(".versions.toml")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    let versions = root.get("versions");
    for member in root.get("libraries").map(Node::members).unwrap_or_default() {
        match library(&member.node) {
            Some((name, version)) => add(name, version, versions, member, Scopes::default(), &mut parsed),
            None => parsed.unreadable(member.name_range, format!("the library `{}` has no group and name", member.name)),
        }
    }
    for member in root.get("plugins").map(Node::members).unwrap_or_default() {
        match plugin(&member.node) {
            Some((id, version)) => {
                add(format!("{id}:{id}.gradle.plugin"), version, versions, member, Scopes::of(Scope::Build), &mut parsed);
            }
            None => parsed.unreadable(member.name_range, format!("the plugin `{}` has no id", member.name)),
        }
    }
    parsed
}

/// What stands for a version.
#[derive(Clone, Copy)]
enum Version<'n> {
    /// It is written in the same text as the name.
    Short(&'n str),
    /// It is a value of its own.
    Node(&'n Node<'n>),
    /// A platform or a build gives it.
    None,
}

/// `"group:name:version"`, `{ module = "group:name", … }` or `{ group = …, name = …, … }`.
fn library<'n>(node: &'n Node<'n>) -> Option<(String, Version<'n>)> {
    if let Some(text) = node.text() {
        let (group, rest) = text.split_once(':')?;
        let (name, version) = rest.split_once(':').map_or((rest, None), |(name, version)| (name, Some(version)));
        let is_whole = !group.is_empty() && !name.is_empty();
        return is_whole.then(|| (format!("{group}:{name}"), version.map_or(Version::None, Version::Short)));
    }
    let name = match (node.text_of("module"), node.text_of("group"), node.text_of("name")) {
        (Some(module), _, _) if module.split(':').filter(|part| !part.is_empty()).count() == 2 => module.to_owned(),
        (None, Some(group), Some(name)) => format!("{group}:{name}"),
        _ => return None,
    };
    Some((name, node.get("version").map_or(Version::None, Version::Node)))
}

/// `"id:version"` or `{ id = …, version = … }`.
fn plugin<'n>(node: &'n Node<'n>) -> Option<(&'n str, Version<'n>)> {
    match node.text() {
        Some(text) => text.split_once(':').map(|(id, version)| (id, Version::Short(version))),
        None => Some((node.text_of("id")?, node.get("version").map_or(Version::None, Version::Node))),
    }
}

fn add(name: String, version: Version<'_>, versions: Option<&Node<'_>>, member: &Member<'_>, scopes: Scopes, parsed: &mut Parsed) {
    let known = match version {
        // A build or a platform gives the version; the lock file has it.
        Version::None => Err("has no version here: a platform or the build gives it".to_owned()),
        Version::Short(text) => exact(text),
        Version::Node(node) => rich(node, versions, true),
    };
    let range = ByteRange::new(member.name_range.start(), member.node.range.end());
    let problem = known.as_ref().err().map(|reason| format!("`{name}` {reason}"));
    parsed.inventory.add(Package { scopes, ..Package::dependency(Ecosystem::Maven, name, known.ok().as_deref(), range) });
    if let Some(message) = problem {
        parsed.unresolved(range, message);
    }
}

/// A version, or why it is none: a text, a reference to `[versions]`, or what a rich version prefers.
fn rich(node: &Node<'_>, versions: Option<&Node<'_>>, may_refer: bool) -> Result<String, String> {
    if let Some(text) = node.text() {
        return exact(text);
    }
    if let Some(alias) = node.text_of("ref").filter(|_| may_refer) {
        let Some(node) = versions.and_then(|versions| versions.get(alias)) else {
            return Err(format!("has the version `{alias}`, which `[versions]` does not give"));
        };
        return rich(node, versions, false);
    }
    // `prefer` is what is taken where the range leaves a choice.
    let given = ["prefer", "strictly", "require"].iter().find_map(|key| node.text_of(key));
    given.map_or_else(|| Err("has no version that can be read".to_owned()), exact)
}

/// A version that is one: neither a range (`[1,2)`) nor open (`1.+`, `latest.release`).
fn exact(text: &str) -> Result<String, String> {
    let text = text.trim();
    // `1.7!!` is short for `strictly`; `[1,2[!!1.5` prefers what follows.
    let (range, preferred) = text.split_once("!!").unwrap_or((text, ""));
    let text = if preferred.is_empty() { range } else { preferred };
    let is_open = text.is_empty() || text.contains(['[', ']', '(', ')', ',', '+']) && !is_plain_plus(text) || text.starts_with("latest.");
    if is_open { Err(format!("has the open version `{text}`")) } else { Ok(text.to_owned()) }
}

/// A `+` within a version is a part of it: `9+181-r4173-1`. At its end it is open.
fn is_plain_plus(text: &str) -> bool {
    !text.contains(['[', ']', '(', ')', ',']) && !text.ends_with('+')
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn every_way_to_name_a_library_is_read() {
        check(
            &super::READER,
            "gradle/libs.versions.toml",
            r#"[versions]
kotlin = "1.9.22"
rich = { strictly = "[1.7, 1.8[", prefer = "1.7.25" }
[libraries]
short = "com.google.guava:guava:33.0.0-jre"
by-ref = { module = "org.jetbrains.kotlin:kotlin-stdlib", version.ref = "kotlin" }
apart = { group = "org.slf4j", name = "slf4j-api", version = { ref = "rich" } }
[bundles]
all = ["short", "by-ref"]
[plugins]
kotlin-jvm = { id = "org.jetbrains.kotlin.jvm", version.ref = "kotlin" }
versions = "com.github.ben-manes.versions:0.51.0"
"#,
            "
maven com.google.guava:guava 33.0.0-jre @5
maven org.jetbrains.kotlin:kotlin-stdlib 1.9.22 @6
maven org.slf4j:slf4j-api 1.7.25 @7
maven org.jetbrains.kotlin.jvm:org.jetbrains.kotlin.jvm.gradle.plugin 1.9.22 @11 [build]
maven com.github.ben-manes.versions:com.github.ben-manes.versions.gradle.plugin 0.51.0 @12 [build]
",
        );
    }

    #[test]
    fn versions_that_cannot_be_known_are_said() {
        check(
            &super::READER,
            "gradle/libs.versions.toml",
            r#"[libraries]
a = { module = "g:a" }
b = { module = "g:b", version.ref = "missing" }
c = "g:c:1.+"
d = { module = "g" }
"#,
            "
maven g:a ? @2
maven g:b ? @3
maven g:c ? @4
2: unresolved: `g:a` has no version here: a platform or the build gives it
3: unresolved: `g:b` has the version `missing`, which `[versions]` does not give
4: unresolved: `g:c` has the open version `1.+`
5: unreadable: the library `d` has no group and name
",
        );
    }

    #[test]
    fn what_is_broken_is_said_with_its_line() {
        check(
            &super::READER,
            "gradle/libs.versions.toml",
            "[libraries]\na = \"g:a:1\"\nb = {\n",
            "
maven g:a 1 @2
3: unreadable: the library `b` has no group and name
3: unreadable: unclosed inline table, expected `}`
",
        );
    }
}
