//! Reads `composer.json`: <https://getcomposer.org/doc/04-schema.md>.

use bartizan_core::Scope;
use bartizan_source::document::{JsonDialect, Node, parse_json};

use crate::{
    Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, Serves, SourceText, composer::is_platform, lockfile::composer::licences,
};

/// `composer.json`.
pub(crate) static READER: Reader = Reader { name: "composer.json", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

/// Those below `vendor` are no manifests of the project.
fn is_for(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    parts.next() == Some("composer.json") && parts.all(|folder| folder != "vendor")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a manifest of Composer is a map");
        return parsed;
    }
    let range = root.get("name").map_or(root.range, |name| name.range);
    let project = Package::root(Ecosystem::Composer, root.text_of("name").unwrap_or_default(), root.text_of("version"), range);
    let licences = licences(root.get("license"));
    let project = parsed.inventory.add(Package { origin: Origin::Path(String::new()), licences, ..project });
    let repositories = root.get("repositories");
    let repositories =
        repositories.into_iter().flat_map(|node| node.items().iter().chain(node.members().iter().map(|member| &member.node)));
    for url in repositories.filter(|repository| repository.text_of("type") == Some("composer")).filter_map(|node| node.get("url")) {
        parsed.inventory.asks(Ecosystem::Composer, url.text().unwrap_or_default(), Serves::Also, url.range);
    }
    for (field, scope) in [("require", Scope::Runtime), ("require-dev", Scope::Development)] {
        let wanted = root.get(field).map(Node::members).unwrap_or_default().iter().filter(|wanted| !is_platform(&wanted.name));
        for wanted in wanted {
            match wanted.node.text() {
                Some(requirement) => parsed.inventory.requires_at(project, wanted.name.as_ref(), scope, requirement, wanted.name_range),
                None => parsed.unreadable(wanted.node.range, format!("what is asked for of `{}` is a text", wanted.name)),
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
    fn a_project_asks_for_packages_and_for_a_platform() {
        check(
            &READER,
            "composer.json",
            r#"{"name": "o/app", "license": "MIT",
"require": {"php": "^8", "ext-json": "*", "o/a": "^1", "o/b": 1},
"require-dev": {"o/t": "2.*"}, "#,
            "
root composer o/app ? @1 (MIT)
  -> o/a runtime ^1
  -> o/t development 2.*
2: unreadable: what is asked for of `o/b` is a text
3: unreadable: the document ends where a name in double quotes is expected
",
        );
        assert!(!super::is_for("vendor/o/a/composer.json"));
    }
}
