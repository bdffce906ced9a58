//! Reads `cabal.project.freeze`: one version for every package that a project may use.
//!
//! The format: <https://cabal.readthedocs.io/en/stable/cabal-project-description-file.html#cfg-field-constraints>. It does not say
//! what depends on what. Flags (`foo +bar`) and `installed` name no version.

use bartizan_core::ByteRange;

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, SourceText};

/// `cabal.project.freeze`.
pub(crate) static READER: Reader =
    Reader { name: "cabal.project.freeze", claims: &[Claim::Name("cabal.project.freeze")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let (mut at, mut is_within) = (0, false);
    for whole in source.text.split_inclusive('\n') {
        let start = at;
        at += whole.len();
        let line = whole.trim_end();
        if line.trim_start().starts_with("--") || line.trim().is_empty() {
            continue;
        }
        let is_indented = line.starts_with([' ', '\t']);
        let field = line.split_once(':').filter(|(name, _)| !is_indented && is_field(name));
        let (offset, content) = match field {
            Some((name, content)) => {
                is_within = name.trim().eq_ignore_ascii_case("constraints");
                (name.len() + 1, content)
            }
            None if is_indented => (0, line),
            None => {
                parsed.unreadable(ByteRange::new(start, start + line.len()), "a line is `field: value` or indented");
                continue;
            }
        };
        if is_within {
            read_constraints(start + offset, content, &mut parsed);
        }
    }
    parsed
}

fn is_field(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The constraints of one line, divided by commas.
fn read_constraints(start: usize, content: &str, parsed: &mut Parsed) {
    let mut at = start;
    for part in content.split(',') {
        let begin = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        let part = part.trim();
        let Some((name, version)) = part.split_once("==") else { continue };
        // `any.foo`, `setup.foo` and `bar:setup.foo` say for whom a constraint holds.
        let name = name.trim();
        let name = name.rsplit(['.', ':']).next().unwrap_or(name);
        let version = version.trim();
        let range = ByteRange::new(begin, begin + part.len());
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if name.is_empty() || !is_version {
            parsed.unreadable(range, format!("the constraint `{part}` names no one version"));
            continue;
        }
        parsed.inventory.add(Package::dependency(Ecosystem::Hackage, name, Some(version), range));
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn constraints_with_one_version_are_packages() {
        check(
            &super::READER,
            "cabal.project.freeze",
            "active-repositories: hackage.haskell.org:merge
constraints: any.aeson ==2.1.2.1,
             -- a comment
             aeson -cffi +ordered-keymap,
             any.base ==4.17.2.1,
             setup.Cabal ==3.8.1.0, any.bad ==1.*
index-state: hackage.haskell.org 2024-01-01T00:00:00Z
nonsense
",
            "
hackage aeson 2.1.2.1 @2
hackage base 4.17.2.1 @5
hackage Cabal 3.8.1.0 @6
6: unreadable: the constraint `any.bad ==1.*` names no one version
8: unreadable: a line is `field: value` or indented
",
        );
    }
}
