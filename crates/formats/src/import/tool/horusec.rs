//! Horusec: what the tools that it runs found.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "horusec",
    title: "Horusec",
    marks: &[Mark::Json(&["analysisVulnerabilities.vulnerabilities"]), Mark::Json(&["analysisVulnerabilities", "repositoryID"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["analysisVulnerabilities.vulnerabilities"],
    rule: &["rule_id", "securityTool"],
    title: &["details"],
    message: &["details"],
    severity: &["severity"],
    file: &["file"],
    line: &["line"],
    column: &["column"],
    snippet: &["code"],
    fingerprint: &["vulnHash"],
    tags: &["securityTool", "language"],
    verdict: (
        &["type"],
        &[("false positive", Verdict::FalsePositive), ("risk accepted", Verdict::Accepted), ("corrected", Verdict::Fixed)],
    ),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "horusec",
            r#"{"repositoryID": "r", "analysisVulnerabilities": [{"vulnerabilities": {"rule_id": "R", "details": "d", "severity": "HIGH", "file": "a.go", "line": "3"}}]}"#,
            &["high R a.go:3"],
        );
    }
}
