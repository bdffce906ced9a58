//! Reads `pyproject.toml`: PEP 621, PEP 735, and what poetry, pdm and uv had before.
//!
//! The formats: <https://packaging.python.org/en/latest/specifications/pyproject-toml/>,
//! <https://packaging.python.org/en/latest/specifications/dependency-groups/>, <https://python-poetry.org/docs/pyproject/>.

mod indexes;
mod poetry;

use bartizan_core::Scope;
use bartizan_source::document::{Node, parse_toml};

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText,
    python::{requirement, scope_of_extra, scope_of_group},
};

/// `pyproject.toml`.
pub(crate) static READER: Reader = Reader { name: "pyproject.toml", claims: &[Claim::Name("pyproject.toml")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    indexes::read(&root, &mut parsed);
    let (project, poetry) = (root.get("project"), root.at(&["tool", "poetry"]));
    let groups = root.get("dependency-groups");
    if project.is_none() && poetry.is_none() && groups.is_none() {
        return parsed;
    }
    let name = project.and_then(|project| project.get("name")).or_else(|| poetry?.get("name"));
    let version = project.and_then(|project| project.text_of("version")).or_else(|| poetry?.text_of("version"));
    let range = name.or(project).or(poetry).or(groups).map_or(root.range, |node| node.range);
    let package = Package::root(Ecosystem::PyPi, name.and_then(Node::text).unwrap_or_default(), version, range);
    let licences = project.and_then(|project| project.get("license")).or_else(|| poetry?.get("license"));
    let licences = licences.and_then(|licence| licence.text().or_else(|| licence.text_of("text"))).map(str::to_owned);
    let origin = Origin::Path(String::new());
    let index = parsed.inventory.add(Package { origin, licences: licences.into_iter().collect(), ..package });

    if let Some(project) = project {
        add_list(project.get("dependencies"), index, Scope::Runtime, &mut parsed);
        for extra in project.get("optional-dependencies").map(Node::members).unwrap_or_default() {
            add_list(Some(&extra.node), index, scope_of_extra(&extra.name), &mut parsed);
        }
        let dynamic = project.get("dynamic").map(Node::items).unwrap_or_default();
        let computed = dynamic.iter().find(|field| field.text() == Some("dependencies"));
        // setuptools may read them from files that are read here, too.
        let is_from_files = root.at(&["tool", "setuptools", "dynamic", "dependencies", "file"]).is_some();
        if let Some(field) = computed.filter(|_| !is_from_files && poetry.is_none()) {
            parsed.unresolved(field.range, "the dependencies are computed when the project is built");
        }
    }
    for group in groups.map(Node::members).unwrap_or_default() {
        add_list(Some(&group.node), index, scope_of_group(&group.name).max(Scope::Test), &mut parsed);
    }
    for group in root.at(&["tool", "pdm", "dev-dependencies"]).map(Node::members).unwrap_or_default() {
        add_list(Some(&group.node), index, scope_of_group(&group.name), &mut parsed);
    }
    add_list(root.at(&["tool", "uv", "dev-dependencies"]), index, Scope::Development, &mut parsed);
    if let Some(poetry) = poetry {
        poetry::read(poetry, index, &mut parsed);
    }
    // What builds the project is installed for that only, and no lock file has it.
    for wanted in root.at(&["build-system", "requires"]).map(Node::items).unwrap_or_default() {
        if let Some(found) = wanted.text().and_then(requirement) {
            parsed.inventory.requires(index, found.name, Scope::Build, found.specifier);
        }
    }
    parsed
}

fn add_list(list: Option<&Node<'_>>, index: PackageIndex, scope: Scope, parsed: &mut Parsed) {
    for wanted in list.map(Node::items).unwrap_or_default() {
        // Another group that is part of this one stands for itself.
        if wanted.get("include-group").is_some() {
            continue;
        }
        match wanted.text().and_then(requirement) {
            Some(found) => {
                let asked = found.url.unwrap_or(found.specifier);
                parsed.inventory.requires_at(index, found.name, found.scope(scope), asked, wanted.range);
            }
            None => parsed.unreadable(wanted.range, "this is no requirement of a package"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn projects_ask_with_extras_and_groups() {
        check(
            &READER,
            "pyproject.toml",
            r#"
[build-system]
requires = ["hatchling"]

[project]
name = "app"
version = "1.0"
license = "MIT"
dependencies = ["requests[x]==2.32.0; python_version > '3'", "g @ git+https://host/g.git@v1", "?"]
dynamic = ["dependencies"]

[project.optional-dependencies]
s3 = ["boto3"]
dev = ["black"]

[dependency-groups]
test = ["pytest>=7", {include-group = "lint"}]
lint = ["ruff"]

[tool.uv]
dev-dependencies = ["mypy"]
"#,
            "
root pypi app 1.0 @6 (MIT)
  -> requests runtime ==2.32.0
  -> g runtime git+https://host/g.git@v1
  -> boto3 optional
  -> black development
  -> pytest test >=7
  -> ruff development
  -> mypy development
  -> hatchling build
9: unreadable: this is no requirement of a package
10: unresolved: the dependencies are computed when the project is built
",
        );
    }

    #[test]
    fn poetry_has_tables_of_its_own() {
        check(
            &READER,
            "pyproject.toml",
            r#"
[tool.poetry]
name = "app"
version = "1.0"
[tool.poetry.dependencies]
python = "^3.8"
a = "^1.0"
b = {version = "~2", optional = true}
c = [{version = "1", python = "<3.8"}, {version = "2", python = ">=3.8"}]
g = {git = "https://host/g.git", tag = "v1"}
p = {path = "../p", develop = true}
[tool.poetry.dev-dependencies]
black = "*"
[tool.poetry.group.test.dependencies]
pytest = "7"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = "*"
odd = 1
"#,
            "
root pypi app 1.0 @3
  -> a runtime ^1.0
  -> b optional ~2
  -> c runtime 1
  -> c runtime 2
  -> g runtime
  -> p runtime
  -> black development *
  -> pytest test 7
  -> sphinx development *
20: unreadable: what is asked for of `odd` is a version or a table
",
        );
    }

    #[test]
    fn what_is_no_project_has_no_root_and_what_is_broken_is_said() {
        check(&READER, "pyproject.toml", "[tool.ruff]\nline-length = 1\n", "");
        check(
            &READER,
            "pyproject.toml",
            "[project]\nname = \"a\"\n= 1\n",
            "
root pypi a ? @2
3: unreadable: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
",
        );
    }
}
