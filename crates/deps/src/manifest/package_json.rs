//! Reads `package.json`.
//!
//! The format: <https://docs.npmjs.com/cli/v11/configuring-npm/package-json>. Those below `node_modules` are no manifests of the
//! project. `workspaces` need not be read: their members have manifests of their own.

use bartizan_core::Scope;
use bartizan_source::document::{JsonDialect, Node, parse_json};

use crate::{Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, SourceText, npm};

/// `package.json`.
pub(crate) static READER: Reader = Reader { name: "package.json", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

/// What the project depends on, and what for.
const FIELDS: [(&str, Scope); 4] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
    ("peerDependencies", Scope::Runtime),
];

fn is_for(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    parts.next() == Some("package.json") && parts.all(|folder| folder != "node_modules")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a manifest of npm is a map");
        return parsed;
    }
    let name = root.text_of("name").unwrap_or_default();
    // Many say no more than how their folder is to be read: `{"type": "module"}`.
    if name.is_empty() && FIELDS.iter().all(|(field, _)| root.get(field).is_none()) {
        return parsed;
    }
    let range = root.get("name").map_or(root.range, |name| name.range);
    let licences = root.text_of("license").map(str::to_owned).into_iter().collect();
    let origin = Origin::Path(String::new());
    let version = root.text_of("version");
    let project = parsed.inventory.add(Package { origin, licences, ..Package::root(Ecosystem::Npm, name, version, range) });
    for (field, scope) in FIELDS {
        let Some(wanted) = root.get(field) else { continue };
        if !wanted.is_map() {
            parsed.unreadable(wanted.range, format!("`{field}` is a map of names and versions"));
        }
        for wanted in wanted.members() {
            let Some(requirement) = wanted.node.text() else {
                parsed.unreadable(wanted.node.range, format!("what is asked for of `{}` is a text", wanted.name));
                continue;
            };
            let is_optional = field == "peerDependencies" && is_optional_peer(&root, &wanted.name);
            let scope = if is_optional { Scope::Optional } else { scope };
            let request = npm::request(requirement);
            let name = request.name.unwrap_or(&wanted.name);
            if name != wanted.name {
                parsed.inventory.imported_as(Ecosystem::Npm, name, &wanted.name);
            }
            match request.origin {
                // A folder of the project is there, or nowhere.
                Origin::Path(_) => parsed.inventory.requires(project, name, scope, requirement),
                Origin::Registry(_) | Origin::Git { .. } | Origin::Url(_) => {
                    parsed.inventory.requires_at(project, name, scope, requirement, wanted.name_range);
                }
            }
        }
    }
    parsed
}

fn is_optional_peer(root: &Node<'_>, name: &str) -> bool {
    root.at(&["peerDependenciesMeta", name]).is_some_and(|meta| meta.is_true("optional"))
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn a_project_asks_for_packages_by_name() {
        check(
            &READER,
            "web/package.json",
            r#"{
  "name": "@o/app", "version": "1.0.0", "license": "MIT",
  "dependencies": { "a": "^1.0.0", "old": "npm:real@^1", "lib": "workspace:*", "g": "o/g#v1" },
  "devDependencies": { "t": "~2" },
  "optionalDependencies": { "f": "*" },
  "peerDependencies": { "react": ">=18", "vue": "3" },
  "peerDependenciesMeta": { "vue": { "optional": true } }
}"#,
            "
root npm @o/app 1.0.0 @2 (MIT)
  -> a runtime ^1.0.0
  -> real runtime npm:real@^1
  -> lib runtime workspace:*
  -> g runtime o/g#v1
  -> f optional *
  -> t development ~2
  -> react runtime >=18
  -> vue optional 3
",
        );
    }

    #[test]
    fn what_is_odd_is_said() {
        check(
            &READER,
            "package.json",
            "{\n\"dependencies\": [\"a\"],\n\"devDependencies\": { \"b\": 1,\n\"c\": \"1\" },\n\"x\"",
            "
root npm  ? @1
  -> c development 1
2: unreadable: `dependencies` is a map of names and versions
3: unreadable: what is asked for of `b` is a text
5: unreadable: the document ends where `:` is expected
",
        );
        check(&READER, "package.json", r#"{"type": "module"}"#, "");
        assert!(!super::is_for("node_modules/a/package.json"));
    }
}
