//! Reads `go.work`: <https://go.dev/ref/mod#workspaces>.
//!
//! Its modules have files of their own, which are read anyway. What it replaces in them is added beside what they say.

use crate::{
    Claim, Parsed, Read, Reader, Role, SourceText,
    golang::{directives, replacement, standard_library},
};

/// `go.work`.
pub(crate) static READER: Reader = Reader { name: "go.work", claims: &[Claim::Name("go.work")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    // It says nothing about what its modules need.
    parsed.inventory.role = Role::Partial;
    let directives = directives(source.text, &mut parsed);
    if let Some(library) = standard_library(&directives) {
        parsed.inventory.add(library);
    }
    for directive in &directives {
        let words: Vec<&str> = directive.words.iter().map(AsRef::as_ref).collect();
        match (directive.verb, words.as_slice()) {
            ("go" | "toolchain" | "use", [_]) | ("godebug", _) => {}
            ("replace", [path, "=>", by, rest @ ..] | [path, _, "=>", by, rest @ ..]) if rest.len() <= 1 => {
                let package = replacement(by, rest.first().copied(), path, directive.range);
                if package.version.is_some() {
                    parsed.inventory.add(package);
                    let message = format!("`{path}` is replaced in all modules of the workspace, but is listed as they ask for it");
                    parsed.unresolved(directive.range, message);
                }
            }
            (verb, _) => parsed.unreadable(directive.range, format!("`{verb}` is no directive of go.work as it stands")),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn workspaces_use_modules_and_replace_others() {
        check(
            &READER,
            "go.work",
            "go 1.22\nuse (\n./a\n./b\n)\nreplace example.com/x v1.0.0 => example.com/y v1.1.0\nreplace example.com/z => ./z\nwhat ever\n",
            "
golang stdlib 1.22 @1
golang example.com/y v1.1.0 @6
6: unresolved: `example.com/x` is replaced in all modules of the workspace, but is listed as they ask for it
8: unreadable: `what` is no directive of go.work as it stands
",
        );
    }
}
