//! The licence policy: every dependency can be used under a licence that allows what ours allow.

use anyhow::Result;

use crate::{
    cargo::{metadata, packages, text},
    project::Project,
    step::say,
};

/// Permissive licences, and one with copyleft for its own files alone. `bzip2-1.0.6` is bzip2's own, in the manner of BSD.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

/// Checks every package that the lock file names, for all platforms.
pub(super) fn check(project: &Project) -> Result<bool> {
    let metadata = metadata(project, &["--locked"])?;
    let mut is_well = true;
    for package in packages(&metadata) {
        let (name, version, licence) = (text(package, "name"), text(package, "version"), text(package, "license"));
        if let Err(problem) = judge(licence) {
            say(&format!("{name} {version}: {problem}"));
            is_well = false;
        }
    }
    say(&format!("{} packages", packages(&metadata).len()));
    Ok(is_well)
}

fn judge(licence: &str) -> Result<(), String> {
    if licence.is_empty() {
        return Err("names no licence".to_owned());
    }
    match Parser::new(licence).parse() {
        None => Err(format!("`{licence}` is no licence expression")),
        Some(false) => Err(format!("`{licence}` asks for more than the policy allows")),
        Some(true) => Ok(()),
    }
}

/// A reader of SPDX licence expressions that says whether one can be satisfied from [`ALLOWED`].
///
/// SPDX 2.3, annex D: `OR` binds weaker than `AND`, which binds weaker than `WITH`. A slash is the `OR` of old manifests.
struct Parser {
    tokens: Vec<String>,
    next: usize,
}

impl Parser {
    fn new(expression: &str) -> Self {
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        Self { tokens: spaced.split_whitespace().map(str::to_owned).collect(), next: 0 }
    }

    fn parse(mut self) -> Option<bool> {
        let is_satisfied = self.any()?;
        (self.next == self.tokens.len()).then_some(is_satisfied)
    }

    fn any(&mut self) -> Option<bool> {
        let mut is_satisfied = self.all()?;
        while self.take("OR") {
            is_satisfied |= self.all()?;
        }
        Some(is_satisfied)
    }

    fn all(&mut self) -> Option<bool> {
        let mut is_satisfied = self.one()?;
        while self.take("AND") {
            is_satisfied &= self.one()?;
        }
        Some(is_satisfied)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let is_satisfied = self.any()?;
            return self.take(")").then_some(is_satisfied);
        }
        let mut licence = self.name()?;
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.name()?);
        }
        Some(ALLOWED.contains(&licence.as_str()))
    }

    fn name(&mut self) -> Option<String> {
        let token = self.tokens.get(self.next).filter(|token| !matches!(token.as_str(), "(" | ")" | "AND" | "OR" | "WITH"))?;
        self.next += 1;
        Some(token.clone())
    }

    fn take(&mut self, token: &str) -> bool {
        let is_next = self.tokens.get(self.next).is_some_and(|next| next == token);
        self.next += usize::from(is_next);
        is_next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_satisfied_as_spdx_says() {
        for (expression, expected) in [
            ("MIT", Some(true)),
            ("MIT/Apache-2.0", Some(true)),
            ("GPL-3.0-only", Some(false)),
            ("GPL-3.0-only OR MIT", Some(true)),
            ("GPL-3.0-only AND MIT", Some(false)),
            ("GPL-3.0-only AND MIT OR ISC", Some(true)),
            ("GPL-3.0-only AND (MIT OR ISC)", Some(false)),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true)),
            ("Apache-2.0 WITH LLVM-exception", Some(true)),
            ("GPL-2.0-only WITH LLVM-exception", Some(false)),
            ("(MIT", None),
            ("MIT OR", None),
            ("MIT Apache-2.0", None),
            ("WITH", None),
        ] {
            assert_eq!(Parser::new(expression).parse(), expected, "{expression}");
        }
        assert!(judge("").is_err() && judge("Proprietary").is_err());
    }
}
