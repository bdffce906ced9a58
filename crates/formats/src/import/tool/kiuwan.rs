//! Kiuwan: tables of flaws in code.

use super::{Flat, Importer, Mark, Reading, Severity, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "kiuwan",
    title: "Kiuwan",
    marks: &[Mark::Csv(&["Rule code", "Priority", "CWE", "File"]), Mark::Csv(&["Rule code", "Rule", "Priority"])],
    scale: &[("normal", Severity::Medium), ("high", Severity::High), ("very high", Severity::Critical)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    merged: &["Rule code", "File", "Line number", "Source line number", "Source file"],
    rule: &["Rule code"],
    title: &["Rule"],
    message: &["Vulnerability type", "Software characteristic"],
    severity: &["Priority"],
    cwe: &["CWE"],
    file: &["File"],
    line: &["Line number"],
    snippet: &["Line text"],
    tags: &["Language"],
    verdict: (&["Muted"], &[("yes", Verdict::Suppressed)]),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check("kiuwan", "Rule code,Rule,Priority,CWE,File,Line number\nR,r,Very High,79,a.js,3\n", &["critical R a.js:3"]);
    }
}
