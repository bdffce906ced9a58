//! Reads `Pipfile`: <https://pipenv.pypa.io/en/latest/pipfile.html>.

use bartizan_core::ByteRange;
use bartizan_source::document::{Node, parse_toml};

use crate::{Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, Serves, SourceText, python::scope_of_group};

/// `Pipfile`.
pub(crate) static READER: Reader = Reader { name: "Pipfile", claims: &[Claim::Name("Pipfile")], read: Read::Text(read) };

/// Tables that are no categories of packages.
const OTHERS: [&str; 5] = ["source", "requires", "scripts", "pipenv", "pipenv-scripts"];

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_toml(source.text)) else { return parsed };
    let origin = Origin::Path(String::new());
    let project = Package { origin, ..Package::root(Ecosystem::PyPi, "", None, ByteRange::new(0, 0)) };
    let project = parsed.inventory.add(project);
    for source in root.get("source").map(Node::items).unwrap_or_default() {
        if let Some(url) = source.get("url") {
            // A package may name its source; without it all are asked.
            parsed.inventory.asks(Ecosystem::PyPi, url.text().unwrap_or_default(), Serves::Named, url.range);
        }
    }
    for category in root.members().iter().filter(|category| !OTHERS.contains(&category.name.as_ref())) {
        let scope = match category.name.as_ref() {
            "packages" => bartizan_core::Scope::Runtime,
            name => scope_of_group(name.strip_suffix("-packages").unwrap_or(name)),
        };
        for member in category.node.members() {
            let entry = &member.node;
            if entry.text().is_none() && !entry.is_map() {
                parsed.unreadable(entry.range, format!("what is asked for of `{}` is a version or a table", member.name));
                continue;
            }
            let requirement = entry.text().or_else(|| entry.text_of("version")).unwrap_or_default();
            match entry.get("path") {
                Some(_) => parsed.inventory.requires(project, member.name.as_ref(), scope, requirement),
                None => parsed.inventory.requires_at(project, member.name.as_ref(), scope, requirement, member.name_range),
            }
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn categories_give_scopes() {
        check(
            &READER,
            "Pipfile",
            "[[source]]\nurl = \"x\"\n[packages]\na = \"*\"\nb = {version = \"==1\", extras = [\"x\"]}\np = {path = \".\"}\n[dev-packages]\nt = \"==2\"\nodd = 1\n",
            "
root pypi  ? @1
  -> a runtime *
  -> b runtime ==1
  -> p runtime
  -> t development ==2
9: unreadable: what is asked for of `odd` is a version or a table
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "Pipfile",
            "[packages]\na = \"*\"\n= 1\n",
            "
root pypi  ? @1
  -> a runtime *
3: unreadable: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
3: unreadable: what is asked for of `` is a version or a table
",
        );
    }
}
