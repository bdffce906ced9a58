//! The rules that are part of Bartizan.

use bartizan_core::RuleOrigin;

use super::{RuleFile, SecretRule, check};

/// `rules/secrets/**/*.yaml`, packed by the build script.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.postcard"));

/// The rules that are part of Bartizan, in order of file name. Tests check them as strictly as a user's.
#[must_use]
pub fn built_in() -> Vec<SecretRule> {
    files().into_iter().filter_map(|(_, file)| check::understand(&file, RuleOrigin::BuiltIn).0).collect()
}

/// The packed rule files, with their names below `rules/secrets/`.
pub(super) fn files() -> Vec<(String, RuleFile)> {
    postcard::from_bytes(PACKED).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rule::check::{check_examples, problems_of};

    #[test]
    fn every_rule_is_sound_and_finds_its_own_examples() {
        let mut failures = Vec::new();
        let files = files();
        for (name, file) in &files {
            let (rule, mut problems) = check::understand(file, RuleOrigin::BuiltIn);
            problems.extend(problems_of(file));
            let stem = name.rsplit('/').next().unwrap_or_default();
            if stem != format!("{}.yaml", file.id) {
                failures.push(format!("{name}: the file is not named after the id `{}`", file.id));
            }
            failures.extend(problems.iter().map(|(key, message)| format!("{name}: {key}: {message}")));
            if let (Some(rule), true) = (rule, problems.is_empty()) {
                failures.extend(check_examples(rule).iter().map(|failure| format!("{name}: {failure}")));
            }
        }
        assert!(failures.is_empty(), "{} of {} rules:\n{}", failures.len(), files.len(), failures.join("\n"));
        let ids: BTreeSet<_> = files.iter().map(|(_, file)| &file.id).collect();
        assert_eq!(ids.len(), files.len(), "two rules share an id");
    }
}
