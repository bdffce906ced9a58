//! The languages that are measured: which files are theirs, and which rules of the community.

use anyhow::{Context as _, Result};

/// A language, or two that share their rules.
#[derive(Debug)]
pub(super) struct Measured {
    /// How the command line names it.
    pub(super) name: &'static str,
    /// The files that are scanned, by extension; the example `parse` of `crates/syntax` knows all of them.
    pub(super) extensions: &'static [&'static str],
    /// The folders of semgrep/semgrep-rules that hold its rules.
    pub(super) rules: &'static [&'static str],
    /// A file of one line for each of its languages: rules are read for those that are met.
    pub(super) lines: &'static [(&'static str, &'static str)],
}

static MEASURED: &[Measured] = &[
    Measured {
        name: "javascript",
        extensions: &["js", "jsx", "mjs", "cjs", "ts", "mts", "cts", "tsx"],
        rules: &["javascript", "typescript"],
        lines: &[("one.js", "x = 1;\n"), ("one.ts", "const x: number = 1;\n")],
    },
    Measured { name: "java", extensions: &["java"], rules: &["java"], lines: &[("One.java", "class One {}\n")] },
    Measured { name: "python", extensions: &["py"], rules: &["python"], lines: &[("one.py", "x = 1\n")] },
    Measured { name: "go", extensions: &["go"], rules: &["go"], lines: &[("one.go", "package one\n")] },
];

/// The language of a name.
pub(super) fn named(name: &str) -> Result<&'static Measured> {
    let names = || MEASURED.iter().map(|measured| measured.name).collect::<Vec<_>>().join(", ");
    MEASURED.iter().find(|measured| measured.name == name).with_context(|| format!("`{name}` is not measured, but {}", names()))
}
