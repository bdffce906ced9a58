//! Reads `poetry.lock`, versions 1.0 to 2.1.
//!
//! The format: `poetry/src/poetry/packages/locker.py` as published. Until 2.0 a package has a `category`, since then `groups`;
//! until 1.1 the hashes of all packages stand together. What the project itself asks for is in `pyproject.toml`.

use bartizan_core::{Hash, Scope};
use bartizan_source::document::{Node, Value, parse_toml};

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, Scopes, SourceText,
    python::{Locked, Wanted, hash, scope_of_group, scopes_of_groups},
};

/// `poetry.lock`.
pub(crate) static READER: Reader = Reader { name: "poetry.lock", claims: &[Claim::Name("poetry.lock")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    let all_files = root.at(&["metadata", "files"]);
    let mut locked = Locked::default();
    let mut entries: Vec<(PackageIndex, &Node<'_>)> = Vec::new();
    for entry in root.get("package").map(Node::items).unwrap_or_default() {
        let Some(name) = entry.text_of("name") else {
            parsed.unreadable(entry.range, "a package without a name");
            continue;
        };
        let Some(version) = entry.text_of("version") else {
            parsed.unreadable(entry.range, format!("the package `{name}` has no version"));
            continue;
        };
        let files = entry.get("files").or_else(|| all_files?.get(name)).map(Node::items).unwrap_or_default();
        let hashes: Vec<Hash> = files.iter().filter_map(|file| hash(file.text_of("hash")?)).collect();
        let range = entry.get("name").map_or(entry.range, |name| name.range);
        let package = Package::dependency(Ecosystem::PyPi, name, Some(version), range);
        let package = Package { scopes: scopes(entry), origin: origin(entry.get("source")), hashes, ..package };
        let index = parsed.inventory.add(package);
        locked.add(name, version, index);
        entries.push((index, entry));
    }
    for (dependent, entry) in entries {
        for member in entry.get("dependencies").map(Node::members).unwrap_or_default() {
            // For several environments a dependency is a list.
            let forms = match &member.node.value {
                Value::List(forms) => forms.as_slice(),
                _ => std::slice::from_ref(&member.node),
            };
            for form in forms {
                let requirement = form.text().or_else(|| form.text_of("version")).unwrap_or_default();
                let scope = if form.is_true("optional") { Scope::Optional } else { Scope::Runtime };
                locked.depend(&Wanted { dependent, name: &member.name, requirement, scope, range: member.name_range }, &mut parsed);
            }
        }
    }
    parsed
}

/// What a package is needed for: an extra of the project (`optional`), its groups or its category.
fn scopes(entry: &Node<'_>) -> Scopes {
    let groups = scopes_of_groups(entry.get("groups").map(Node::items).unwrap_or_default().iter().filter_map(Node::text));
    let category = entry.text_of("category").map(|category| Scopes::of(scope_of_group(category)));
    let scopes = category.map_or(groups, |category| groups.and(category));
    match entry.is_true("optional") {
        true if scopes.is_empty() || scopes == Scopes::of(Scope::Runtime) => Scopes::of(Scope::Optional),
        true | false => scopes,
    }
}

fn origin(source: Option<&Node<'_>>) -> Origin {
    let Some(source) = source else { return Origin::Registry(None) };
    let url = source.text_of("url").unwrap_or_default().to_owned();
    match source.text_of("type") {
        Some("git") => {
            let commit = source.text_of("resolved_reference").or_else(|| source.text_of("reference"));
            Origin::Git { url, commit: commit.map(str::to_owned) }
        }
        Some("directory" | "file") => Origin::Path(url),
        Some("url") => Origin::Url(url),
        _ => Origin::Registry(Some(url)),
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn groups_and_extras_give_scopes() {
        check(
            &READER,
            "poetry.lock",
            r#"
[[package]]
name = "Flask"
version = "3.0.0"
optional = false
groups = ["main"]
files = [{file = "flask.whl", hash = "sha256:0a"}, {file = "flask.tar.gz", hash = "sha256:0b"}]

[package.dependencies]
click = ">=8.0"
typing_extensions = [{version = "^4.0", markers = "python_version < '3.8'"}]
dotenv = {version = "*", optional = true}

[[package]]
name = "click"
version = "8.1.0"
optional = true
groups = ["main"]

[[package]]
name = "typing-extensions"
version = "4.1.0"
groups = ["dev", "test"]

[package.dependencies]
missing = "*"

[metadata]
lock-version = "2.1"
"#,
            "
pypi Flask 3.0.0 @3 [runtime] sha256:0a sha256:0b
  -> click 8.1.0 runtime >=8.0
  -> typing-extensions 4.1.0 runtime ^4.0
pypi click 8.1.0 @15 [optional]
pypi typing-extensions 4.1.0 @21 [test,development]
26: unresolved: `missing` is not in this lock file
",
        );
    }

    #[test]
    fn older_ones_have_categories_and_keep_hashes_apart() {
        check(
            &READER,
            "poetry.lock",
            r#"
[[package]]
name = "ike"
version = "0.2.0"
category = "dev"

[package.source]
type = "git"
url = "https://github.com/o/ike"
reference = "main"
resolved_reference = "cd66"

[[package]]
name = "appdirs"
version = "1.4.4"
category = "main"
[package.source]
type = "legacy"
url = "https://pypi.example.com/simple"

[metadata.files]
ike = [{file = "ike.whl", hash = "sha256:0c"}]
"#,
            "
pypi ike 0.2.0 @3 [development] sha256:0c git https://github.com/o/ike cd66
pypi appdirs 1.4.4 @14 [runtime] registry https://pypi.example.com/simple
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "poetry.lock",
            "[[package]]\nname = \"a\"\n[[package]]\nversion = \"1\"\n[[package]]\nname = \"b\"\nversion = \"1\"\n[[package\n",
            "
pypi b 1 @6
1: unreadable: the package `a` has no version
3: unreadable: a package without a name
8: unreadable: a package without a name
8: unreadable: unclosed array table, expected `]]`
",
        );
    }
}
