//! Known vulnerabilities of dependencies, where a tool and its database are at hand.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::{
    cargo::is_there,
    project::Project,
    step::{complain, say},
};

/// A tool that knows advisories, and the words in its errors that mean that it has no database.
struct Auditor {
    subcommand: &'static str,
    arguments: &'static [&'static str],
}

const AUDITORS: &[Auditor] = &[
    Auditor { subcommand: "deny", arguments: &["deny", "--all-features", "check", "advisories"] },
    Auditor { subcommand: "audit", arguments: &["audit"] },
];

/// Asks the first tool that is installed. Without a tool or a database nothing is known, which is said and is no failure:
/// the checks have to run on machines without a network.
pub(super) fn check(project: &Project) -> Result<bool> {
    for auditor in AUDITORS {
        if !is_there("cargo", &[auditor.subcommand, "--version"]) {
            continue;
        }
        let output = Command::new("cargo").args(auditor.arguments).current_dir(&project.root).stdin(Stdio::null()).output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            say(&format!("advisories: none, says cargo-{}", auditor.subcommand));
            return Ok(true);
        }
        if lacks_database(&errors) {
            break;
        }
        complain(&errors);
        return Ok(false);
    }
    say("advisories: not checked (no database offline)");
    Ok(true)
}

/// Whether a tool failed because it could not fetch its database, other than because it found something.
fn lacks_database(errors: &str) -> bool {
    ["failed to fetch", "failed to clone", "couldn't fetch", "unable to fetch", "failed to load advisory database", "git operation failed"]
        .iter()
        .any(|words| errors.to_ascii_lowercase().contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_database_is_told_from_an_advisory() {
        assert!(lacks_database("error: couldn't fetch advisory database: git operation failed"));
        assert!(!lacks_database("error[vulnerability]: use after free in `example`"));
    }
}
