//! yarn 2 to 4: YAML with `__metadata`.
//!
//! The format: `yarnpkg-core/sources/Project.ts` and `structUtils.ts` as published. Every entry's `resolution` is the locator of a
//! package, `NAME@PROTOCOL:REFERENCE`; members of the workspace are entries, too.

use bartizan_core::Scope;
use bartizan_source::document::{Member, Node, parse_yaml};

use super::{Requests, Wanted};
use crate::{Ecosystem, Origin, Package, Parsed, npm};

pub(super) fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_yaml(text)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of yarn is a map");
    }
    let mut requests = Requests::default();
    for member in root.members() {
        if member.name == "__metadata" {
            continue;
        }
        let Some(package) = package(member, &mut parsed) else { continue };
        let index = parsed.inventory.add(package);
        member.name.split(", ").for_each(|key| requests.answer(key, index, &mut parsed));
        let entry = &member.node;
        for wanted in entry.get("dependencies").map(Node::members).unwrap_or_default() {
            let is_optional = entry.at(&["dependenciesMeta", &wanted.name]).is_some_and(|meta| meta.is_true("optional"));
            requests.wanted.push(Wanted {
                dependent: index,
                name: wanted.name.to_string(),
                requirement: wanted.node.scalar().unwrap_or_default().to_owned(),
                scope: if is_optional { Scope::Optional } else { Scope::Runtime },
                range: wanted.name_range,
            });
        }
    }
    requests.resolve(&mut parsed);
    parsed
}

fn package(member: &Member<'_>, parsed: &mut Parsed) -> Option<Package> {
    let entry = &member.node;
    let (asked_as, _) = npm::split(&member.name);
    let Some(resolution) = entry.text_of("resolution") else {
        parsed.unreadable(member.name_range, format!("the package `{asked_as}` has no resolution"));
        return None;
    };
    let (name, reference) = npm::split(resolution);
    if let Some(folder) = reference.strip_prefix("workspace:") {
        // `0.0.0-use.local` is no version: it is in the manifest.
        let folder = if folder == "." { "" } else { folder };
        let origin = Origin::Path(folder.to_owned());
        return Some(Package { origin, ..Package::root(Ecosystem::Npm, name, None, member.name_range) });
    }
    let Some(version) = entry.get("version").and_then(Node::scalar) else {
        parsed.unreadable(member.name_range, format!("the package `{name}` has no version"));
        return None;
    };
    // `checksum` is that of the archive that yarn makes of the package, not of the package: it is left out.
    Some(Package { origin: origin(reference), ..Package::dependency(Ecosystem::Npm, name, Some(version), member.name_range) })
}

/// Where a locator's reference leads. `patch:` is what it patches, with changes of the project's own.
fn origin(reference: &str) -> Origin {
    if let Some(patched) = reference.strip_prefix("patch:") {
        let (_, reference) = npm::split(patched.split('#').next().unwrap_or(patched));
        return match reference.starts_with("npm%3A") {
            true => Origin::Registry(None),
            false => npm::request(reference).origin,
        };
    }
    // `npm:1.0.0::__archiveUrl=https%3A%2F%2F…` is from another registry.
    if let Some((_, url)) = reference.split_once("::__archiveUrl=") {
        return npm::origin(Some(&url.replace("%3A", ":").replace("%2F", "/").replace("%40", "@")));
    }
    let reference = reference.split('#').next().filter(|path| path.starts_with("file:")).unwrap_or(reference);
    npm::request(reference).origin
}

#[cfg(test)]
mod tests {
    use crate::{fixture::check, lockfile::yarn::READER};

    #[test]
    fn members_of_the_workspace_are_roots() {
        check(
            &READER,
            "yarn.lock",
            r#"__metadata:
  version: 8
  cacheKey: 10c0

"a@npm:^1.0.0, a@npm:^1.1.0":
  version: 1.1.0
  resolution: "a@npm:1.1.0"
  dependencies:
    b: "npm:^2.0.0"
    c: ^3.0.0
  dependenciesMeta:
    c:
      optional: true
  languageName: node
  linkType: hard

"alias@npm:b@^2.0.0, b@npm:^2.0.0":
  version: 2.0
  resolution: "b@npm:2.0"

"d@https://github.com/o/d.git#main":
  version: 0.1.0
  resolution: "d@https://github.com/o/d.git#commit=0a"

"e@patch:e@npm%3A1.0.0#./e.patch":
  version: 1.0.0
  resolution: "e@patch:e@npm%3A1.0.0#./e.patch::version=1.0.0&hash=0a"

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    a: "npm:^1.1.0"
    alias: "npm:b@^2.0.0"
    missing: "npm:^1"
  languageName: unknown
  linkType: soft
"#,
            "
npm a 1.1.0 @5
  -> b 2.0 runtime npm:^2.0.0
npm b 2.0 @17
npm d 0.1.0 @21 git https://github.com/o/d.git 0a
npm e 1.0.0 @25
root npm app ? @29
  -> a 1.1.0 runtime npm:^1.1.0
  -> b 2.0 runtime npm:b@^2.0.0
35: unresolved: `missing@npm:^1` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "yarn.lock",
            "__metadata:\n  version: 6\n\"a@npm:1\":\n  version: 1.0.0\n\"b@npm:1\":\n  version: 1.0.0\n  resolution: \"b@npm:1.0.0\"\n\"c\n",
            "
npm b 1.0.0 @5
3: unreadable: the package `a` has no resolution
8: unreadable: this is no YAML: unclosed quote
",
        );
    }
}
