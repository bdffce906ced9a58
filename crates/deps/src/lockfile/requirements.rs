//! Reads `requirements.txt` and its like, as pip does.
//!
//! The format: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>. It may be what people write or what a program
//! has resolved, so that it is a manifest and a lock file at once: what is pinned (`==`) has a version, what isn't has none. Files
//! that it includes (`-r`) are read on their own, if their names say what they are; constraints (`-c`) need nothing by themselves.

mod line;

use std::collections::HashMap;

use bartizan_core::{Hash, Scope};

use self::line::{Line, Statement, statements};
use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, Scopes, SourceText,
    name::normalized,
    python::{hash, origin_of_url, requirement},
};

/// `requirements.txt`.
pub(crate) static READER: Reader = Reader { name: "requirements.txt", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

/// `requirements.txt`, `dev-requirements.txt`, `requirements_test.txt`, `requirements/base.txt`.
fn is_for(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some(stem) = name.strip_suffix(".txt") else { return false };
    let is_in_folder = folder.rsplit('/').next() == Some("requirements");
    stem.split(['-', '_', '.']).any(|word| matches!(word, "requirements" | "requirement")) || is_in_folder && !stem.contains("constraints")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let scopes = Scopes::of(scope_of_file(source.path));
    let mut by_name: HashMap<String, PackageIndex> = HashMap::new();
    let mut via: Vec<(PackageIndex, &str)> = Vec::new();
    let mut last: Option<PackageIndex> = None;
    let lines = statements(source.text);
    for line in &lines {
        match line.statement() {
            Statement::Nothing => {}
            Statement::Index(url, serves) => parsed.inventory.asks(Ecosystem::PyPi, url, serves, line.range),
            Statement::Via(names) => {
                if let Some(index) = last {
                    via.extend(names.into_iter().map(|name| (index, name)));
                }
            }
            Statement::Includes(path) => {
                if !is_for(&joined(source.path, path)) {
                    let message = format!("`{path}` is included, but its name doesn't say that it has requirements: it is not read");
                    parsed.unresolved(line.range, message);
                }
                last = None;
            }
            Statement::Package(text) => {
                last = package(line, &text, scopes, &mut parsed).map(|package| {
                    let name = normalized(Ecosystem::PyPi, &package.name).into_owned();
                    let index = parsed.inventory.add(package);
                    by_name.insert(name, index);
                    index
                });
            }
        }
    }
    // What a program has resolved says in comments who asked.
    for (dependency, name) in via {
        if let Some(&dependent) = by_name.get(normalized(Ecosystem::PyPi, name).as_ref()).filter(|dependent| **dependent != dependency) {
            parsed.inventory.depends(dependent, dependency, Scope::Runtime);
        }
    }
    parsed
}

fn package(line: &Line<'_>, text: &str, scopes: Scopes, parsed: &mut Parsed) -> Option<Package> {
    let (text, options) = line::without_options(text);
    let hashes: Vec<Hash> = options.iter().filter_map(|option| hash(option.strip_prefix("--hash=")?)).collect();
    let add = |name: &str, version: Option<&str>, origin: Origin| {
        Some(Package { scopes, origin, hashes: hashes.clone(), ..Package::dependency(Ecosystem::PyPi, name, version, line.range) })
    };
    // `-e` is said of folders and addresses, and changes nothing about what they are.
    let text = ["--editable=", "--editable ", "-e "].iter().find_map(|option| text.strip_prefix(option)).unwrap_or(text).trim();
    if let Some(found) = requirement(text) {
        let is_archive = [".whl", ".zip", ".tar.gz", ".tar.bz2"].iter().any(|end| found.name.ends_with(end));
        if !is_archive {
            let version = found.version();
            if version.is_none() && found.url.is_none() {
                parsed.unresolved(line.range, format!("the version of `{}` is not pinned", found.name));
            }
            return add(found.name, version, found.origin());
        }
    }
    let address = text.split_once(" ;").map_or(text, |(address, _)| address).trim();
    let is_address = address.contains("://") || address.contains('/') || address.starts_with('.') || address.contains(".whl");
    if !is_address {
        parsed.unreadable(line.range, "this is no requirement of a package");
        return None;
    }
    let egg = address.split_once("egg=").map(|(_, egg)| egg.split(['&', '[', '#']).next().unwrap_or(egg));
    match egg.map(|name| (name, None)).or_else(|| of_archive(address)) {
        Some((name, version)) => add(name, version, origin_of_url(address)),
        None if address.contains("://") => {
            parsed.unreadable(line.range, format!("`{address}` doesn't say the name of a package"));
            None
        }
        // A folder of the project has a manifest of its own.
        None => None,
    }
}

/// The name and version in the name of an archive: `NAME-VERSION-py3-none-any.whl`, `NAME-VERSION.tar.gz`.
fn of_archive(address: &str) -> Option<(&str, Option<&str>)> {
    let file = address.split(['#', '?']).next()?.rsplit('/').next()?;
    if let Some(wheel) = file.strip_suffix(".whl") {
        let mut parts = wheel.split('-');
        return Some((parts.next()?, parts.next()));
    }
    let archive = [".tar.gz", ".tar.bz2", ".zip", ".tgz"].iter().find_map(|end| file.strip_suffix(end))?;
    let (name, version) = archive.rsplit_once('-')?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some((name, Some(version)))
}

/// What the packages of a file are for, as far as its name says it.
fn scope_of_file(path: &str) -> Scope {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let name = name.strip_suffix(".txt").unwrap_or(&name).to_owned();
    let mut words = name.split(['-', '_', '.']);
    let has = |known: &[&str]| words.clone().any(|word| known.contains(&word));
    if has(&["test", "tests", "testing"]) {
        return Scope::Test;
    }
    let is_for_developers = words.any(|word| matches!(word, "dev" | "develop" | "development" | "lint" | "docs" | "doc" | "typing" | "ci"));
    if is_for_developers { Scope::Development } else { Scope::Runtime }
}

/// The path of a file by its path from another's folder; it is for its name only.
fn joined(path: &str, included: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in included.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn what_is_pinned_has_a_version() {
        check(
            &READER,
            "requirements.txt",
            r#"# comment
--index-url https://pypi.example.com/simple
-r requirements/base.txt
-r base.in
-c constraints.txt
flask[async]==3.0.0 ; python_version > "3" \
    --hash=sha256:0a \
    --hash=sha256:0b
    # via
    #   -r requirements.in
    #   Sphinx
sphinx===7.0 # via x
requests >= 2.8, == 2.8.*
unpinned  # a comment
-e git+https://github.com/o/g.git@v1#egg=g
p @ https://host/p-1.0.zip
https://host/q-2.0-py3-none-any.whl
./local
-e .
"#,
            "
pypi flask 3.0.0 @6 [runtime] sha256:0a sha256:0b
pypi sphinx 7.0 @12 [runtime]
  -> flask 3.0.0 runtime
pypi requests ? @13 [runtime]
pypi unpinned ? @14 [runtime]
pypi g ? @15 [runtime] git https://github.com/o/g.git v1
pypi p ? @16 [runtime] url https://host/p-1.0.zip
pypi q 2.0 @17 [runtime] url https://host/q-2.0-py3-none-any.whl
4: unresolved: `base.in` is included, but its name doesn't say that it has requirements: it is not read
13: unresolved: the version of `requests` is not pinned
14: unresolved: the version of `unpinned` is not pinned
",
        );
    }

    #[test]
    fn names_of_files_say_what_they_are_for() {
        check(&READER, "requirements/test.txt", "a==1\n", "pypi a 1 @1 [test]");
        check(&READER, "dev-requirements.txt", "a==1\n", "pypi a 1 @1 [development]");
        check(&READER, "x/requirements_dev.txt", "a==1\n", "pypi a 1 @1 [development]");
        assert!(!super::is_for("notes.txt") && !super::is_for("requirements/constraints.txt"));
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "requirements.txt",
            "a==1\n=== ?\nthis is prose\nhttps://host/download\nb==2 \\",
            "
pypi a 1 @1 [runtime]
pypi b 2 @5 [runtime]
2: unreadable: this is no requirement of a package
3: unreadable: this is no requirement of a package
4: unreadable: `https://host/download` doesn't say the name of a package
",
        );
    }
}
