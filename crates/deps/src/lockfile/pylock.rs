//! Reads `pylock.toml` and `pylock.NAME.toml`: PEP 751.
//!
//! The format: <https://packaging.python.org/en/latest/specifications/pylock-toml/>.

use bartizan_core::{Hash, Scope};
use bartizan_source::document::{Node, parse_toml};

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, Scopes, SourceText,
    python::{self, Locked, Wanted, hash, scope_of_extra, scope_of_group},
};

/// `pylock.toml`.
pub(crate) static READER: Reader = Reader { name: "pylock.toml", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

fn is_for(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_prefix("pylock.")
        .and_then(|rest| rest.strip_suffix("toml"))
        .is_some_and(|between| between.is_empty() || between.ends_with('.'))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    let mut locked = Locked::default();
    let mut entries: Vec<(PackageIndex, &Node<'_>)> = Vec::new();
    for entry in root.get("packages").map(Node::items).unwrap_or_default() {
        let Some(name) = entry.text_of("name") else {
            parsed.unreadable(entry.range, "a package without a name");
            continue;
        };
        let Some(package) = package(name, entry) else {
            // It is not required where the package may change, and then it comes from no index.
            parsed.unreadable(entry.range, format!("the package `{name}` has no version"));
            continue;
        };
        let index = parsed.inventory.add(package);
        locked.add(name, entry.text_of("version").unwrap_or_default(), index);
        entries.push((index, entry));
    }
    for (dependent, entry) in entries {
        for wanted in entry.get("dependencies").map(Node::items).unwrap_or_default() {
            let Some(name) = wanted.text_of("name") else {
                parsed.unresolved(wanted.range, "a dependency without a name");
                continue;
            };
            let requirement = wanted.text_of("version").unwrap_or_default();
            locked.depend(&Wanted { dependent, name, requirement, scope: Scope::Runtime, range: wanted.range }, &mut parsed);
        }
    }
    parsed
}

fn package(name: &str, entry: &Node<'_>) -> Option<Package> {
    let range = entry.get("name").map_or(entry.range, |name| name.range);
    let version = entry.text_of("version");
    let field = |table: &str, name: &str| entry.at(&[table, name]).and_then(Node::text);
    if let Some(folder) = field("directory", "path") {
        let is_project = folder == "." || entry.get("directory").is_some_and(|directory| directory.is_true("editable"));
        let folder = Origin::Path(if folder == "." { String::new() } else { folder.to_owned() });
        let package = match is_project {
            true => Package::root(Ecosystem::PyPi, name, version, range),
            false => Package::dependency(Ecosystem::PyPi, name, version, range),
        };
        return Some(Package { origin: folder, ..package });
    }
    let origin = if let Some(url) = field("vcs", "url").or_else(|| field("vcs", "path")) {
        Origin::Git { url: url.to_owned(), commit: field("vcs", "commit-id").map(str::to_owned) }
    } else if let Some(url) = field("archive", "url") {
        Origin::Url(url.to_owned())
    } else if let Some(path) = field("archive", "path") {
        Origin::Path(path.to_owned())
    } else {
        let is_usual = |url: &&str| url.trim_end_matches('/') == "https://pypi.org/simple";
        Origin::Registry(entry.text_of("index").filter(|url| !is_usual(url)).map(str::to_owned))
    };
    if version.is_none() && matches!(origin, Origin::Registry(_)) {
        return None;
    }
    let files = entry.get("sdist").into_iter().chain(entry.get("archive"));
    let files: Vec<&Node<'_>> = files.chain(entry.get("wheels").map(Node::items).unwrap_or_default()).collect();
    let hashes = files.iter().flat_map(|file| file.get("hashes").map(Node::members).unwrap_or_default());
    let hashes: Vec<Hash> = hashes.filter_map(|member| hash(&format!("{}:{}", member.name, member.node.text()?))).collect();
    let scopes = entry.text_of("marker").map(scopes).unwrap_or_default();
    let remarks = python::remarks(&origin, &files, !hashes.is_empty());
    Some(Package { scopes, origin, hashes, remarks, ..Package::dependency(Ecosystem::PyPi, name, version, range) })
}

/// What a marker says that the package is for: `'dev' in dependency_groups or 's3' in extras`.
fn scopes(marker: &str) -> Scopes {
    let words: Vec<&str> = marker.split([' ', '(', ')']).filter(|word| !word.is_empty()).collect();
    let mut scopes = Scopes::default();
    for three in words.windows(3) {
        let [name, "in", set] = three else { continue };
        let name = name.trim_matches(['\'', '"']);
        scopes = match *set {
            "extras" => scopes.and(Scopes::of(scope_of_extra(name))),
            "dependency_groups" => scopes.and(Scopes::of(scope_of_group(name))),
            _ => scopes,
        };
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn packages_come_from_indexes_repositories_and_folders() {
        check(
            &READER,
            "pylock.dev.toml",
            r#"
lock-version = "1.0"

[[packages]]
name = "cattrs"
version = "24.1.2"
index = "https://pypi.org/simple"
dependencies = [{name = "attrs"}, {name = "missing"}]
wheels = [{name = "cattrs.whl", hashes = {sha256 = "0a"}}]

[[packages]]
name = "attrs"
version = "25.1.0"
marker = "python_version > '3' and ('s3' in extras or 'tests' in dependency_groups)"

[[packages]]
name = "g"
vcs = {type = "git", url = "https://github.com/o/g.git", commit-id = "7350"}

[[packages]]
name = "app"
directory = {path = ".", editable = true}
"#,
            "
pypi cattrs 24.1.2 @5 sha256:0a
  -> attrs 25.1.0 runtime
pypi attrs 25.1.0 @12 [optional,test]
pypi g ? @17 git https://github.com/o/g.git 7350
root pypi app ? @21
8: unresolved: `missing` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "pylock.toml",
            "[[packages]]\nname = \"a\"\n[[packages]]\nname = \"b\"\nversion = \"1\"\n= 1\n",
            "
pypi b 1 @4
1: unreadable: the package `a` has no version
6: unreadable: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
",
        );
    }
}
