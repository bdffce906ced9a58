//! Reads `package.json` of packages that npm, yarn or pnpm put below `node_modules`.
//!
//! Only the file of a package itself counts: its own folders may have further ones, which say how they are to be loaded.

use bartizan_core::Scope;
use bartizan_source::document::{JsonDialect, Node, parse_json};

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Role, SourceText};

/// `node_modules/NAME/package.json`.
pub(crate) static READER: Reader = Reader { name: "installed package of npm", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

/// `node_modules/NAME/package.json`, `node_modules/@SCOPE/NAME/package.json`.
pub(crate) fn is_for(path: &str) -> bool {
    folders(path).is_some()
}

/// The folder that a package is installed in, `node_modules` included, and the name that it has there.
pub(crate) fn folders(path: &str) -> Option<(&str, &str)> {
    const FOLDER: &str = "node_modules/";
    let folder = path.strip_suffix("/package.json")?;
    let at = folder.rfind(FOLDER).filter(|&at| at == 0 || folder.get(..at).is_some_and(|before| before.ends_with('/')))?;
    let name = folder.get(at + FOLDER.len()..)?;
    let n_parts = if name.starts_with('@') { 2 } else { 1 };
    (name.split('/').count() == n_parts).then_some((folder.get(..at + FOLDER.len() - 1)?, name))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "what npm installed has a map as its manifest");
        return parsed;
    }
    // What has no version was not installed from anywhere: a test of a package, a link.
    let text = |name: &str| root.text_of(name).filter(|text| !text.is_empty());
    let Some((name, version)) = text("name").zip(text("version")) else { return parsed };
    let range = root.get("name").map_or(root.range, |name| name.range);
    let package = Package { licences: licences(&root), ..Package::dependency(Ecosystem::Npm, name, Some(version), range) };
    let package = parsed.inventory.add(package);
    for (field, scope) in
        [("dependencies", Scope::Runtime), ("optionalDependencies", Scope::Optional), ("peerDependencies", Scope::Runtime)]
    {
        for wanted in root.get(field).map(Node::members).unwrap_or_default() {
            parsed.inventory.requires(package, wanted.name.as_ref(), scope, wanted.node.text().unwrap_or_default());
        }
    }
    parsed
}

/// `"license": "MIT"`, `"license": {"type": "MIT"}`, `"licenses": [{"type": "MIT"}]`.
fn licences(root: &Node<'_>) -> Vec<String> {
    let of = |node: &Node<'_>| node.text().or_else(|| node.text_of("type")).map(str::to_owned);
    let several = root.get("licenses").map(Node::items).unwrap_or_default();
    root.get("license").into_iter().chain(several).filter_map(of).filter(|licence| !licence.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{READER, is_for};
    use crate::fixture::check;

    #[test]
    fn a_package_needs_others_by_name() {
        check(
            &READER,
            "app/node_modules/@o/a/package.json",
            r#"{"name": "@o/a", "version": "1.0.0",
"license": {"type": "MIT"}, "dependencies": {"b": "^1"}, "devDependencies": {"c": "1"}, "peerDependencies": {"d": "2"}}"#,
            "
npm @o/a 1.0.0 @1 (MIT)
  -> b runtime ^1
  -> d runtime 2
",
        );
        check(&READER, "node_modules/a/package.json", r#"{"type": "module"}"#, "");
        check(&READER, "node_modules/a/package.json", "[]", "1: unreadable: what npm installed has a map as its manifest");
    }

    #[test]
    fn only_the_file_of_the_package_itself_counts() {
        for (path, expected) in [
            ("node_modules/a/package.json", true),
            ("node_modules/a/node_modules/b/package.json", true),
            ("x/node_modules/.pnpm/a@1/node_modules/a/package.json", true),
            ("node_modules/a/dist/package.json", false),
            ("node_modules/@o/package.json", false),
            ("node_modules/package.json", false),
            ("my_node_modules/a/package.json", false),
            ("package.json", false),
        ] {
            assert_eq!(is_for(path), expected, "{path}");
        }
    }
}
