//! Reads `.npmrc` and `.yarnrc`: <https://docs.npmjs.com/cli/v11/configuring-npm/npmrc>. pnpm reads the former, too.

use crate::{Claim, Ecosystem, Parsed, Read, Reader, Serves, SourceText, line};

/// `.npmrc`.
pub(crate) static READER: Reader =
    Reader { name: ".npmrc", claims: &[Claim::Name(".npmrc"), Claim::Name(".yarnrc")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    for (range, content) in line::of(source.text) {
        // `NAME=VALUE`, and with yarn 1 `NAME "VALUE"`.
        let Some((name, value)) = content.split_once(['=', ' ']).filter(|_| !content.starts_with(['#', ';'])) else { continue };
        let (name, value) = (unquoted(name), unquoted(value.trim_start_matches(['=', ' '])));
        let serves = match name.strip_suffix("registry") {
            Some("") => Serves::All,
            Some(scope) if scope.starts_with('@') && scope.ends_with(':') => Serves::Scope(scope.trim_end_matches(':').to_owned()),
            Some(_) | None => continue,
        };
        parsed.inventory.asks(Ecosystem::Npm, value, serves, range);
    }
    parsed
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::{Serves, SourceText};

    #[test]
    fn registries_are_named_for_all_or_for_a_scope() {
        let text = "; comment\nregistry=https://npm.example.com/\n@corp:registry = \"https://me:pw@npm.example.org/x\"\n//npm.example.com/:_authToken=secret\nregistry \"https://yarn.example.com\"\nsave-exact=true\n";
        let parsed = READER.read_text(&SourceText { path: ".npmrc", text }).unwrap();
        let found: Vec<_> = parsed.inventory.indexes.iter().map(|index| (index.url.as_str(), index.serves.clone())).collect();
        let expected = [
            ("https://npm.example.com/", Serves::All),
            ("https://npm.example.org/x", Serves::Scope("@corp".to_owned())),
            ("https://yarn.example.com", Serves::All),
        ];
        assert_eq!(found, expected);
    }
}
