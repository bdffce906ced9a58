//! Reads `vendor/composer/installed.json`, which Composer writes beside what it installs: the packages of `composer.lock` that are
//! there. Before version 2 it was their list alone.

use bartizan_core::ByteRange;

use crate::{Claim, Parsed, Read, Reader, Role, SourceText, lockfile};

/// `vendor/composer/installed.json`.
pub(crate) static READER: Reader =
    Reader { name: "packages of Composer", claims: &[Claim::Path("vendor/composer/installed.json")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let is_list = source.text.trim_start().starts_with('[');
    let mut parsed = if is_list { of_list(source) } else { lockfile::composer::read(source) };
    parsed.inventory.role = Role::Installed;
    // What was left out is not there, and nobody misses it.
    parsed.problems.retain(|problem| problem.kind != crate::ProblemKind::Unresolved);
    parsed
}

/// Reads a list as the `packages` of a map. All that is added stands on its first line: places are moved back.
fn of_list(source: &SourceText<'_>) -> Parsed {
    const BEFORE: &str = "{\"packages\":";
    let text = format!("{BEFORE}{}}}", source.text);
    let mut parsed = lockfile::composer::read(&SourceText { path: source.path, text: &text });
    let back = |offset: usize| offset.saturating_sub(BEFORE.len()).min(source.text.len());
    for package in &mut parsed.inventory.packages {
        let range = package.byte_range();
        package.set_range(ByteRange::new(back(range.start()), back(range.end())));
    }
    for problem in &mut parsed.problems {
        problem.range = ByteRange::new(back(problem.range.start()), back(problem.range.end()));
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn both_forms_name_packages() {
        let path = "srv/vendor/composer/installed.json";
        let package = r#"{"name": "a/b", "version": "v1.0.0", "license": ["MIT"], "require": {"c/d": "*"}}"#;
        let expected = "composer a/b v1.0.0 @1 [runtime] (MIT)";
        check(&READER, path, &format!(r#"{{"packages": [{package}], "dev": false}}"#), expected);
        check(&READER, path, &format!("[{package}]"), expected);
    }
}
