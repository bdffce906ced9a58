//! Sonatype Lifecycle: components, each with its flaws.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "sonatype",
    title: "Sonatype",
    marks: &[Mark::Json(&["components.componentIdentifier", "components.securityData"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["components|securityData.securityIssues"],
    rule: &["reference"],
    title: &["reference"],
    message: &["reference", "threatCategory"],
    score: &["severity"],
    vector: &["cvssVector"],
    ids: &["reference"],
    cwe: &["cwe"],
    component: &[
        "^componentIdentifier.coordinates.artifactId",
        "^componentIdentifier.coordinates.packageId",
        "^componentIdentifier.coordinates.name",
        "^displayName",
    ],
    version: &["^componentIdentifier.coordinates.version"],
    purl: &["^packageUrl"],
    file: &["^pathnames"],
    references: &["url"],
    verdict: (&["status"], &[("not applicable", Verdict::NotAffected), ("acknowledged", Verdict::Accepted)]),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "sonatype",
            r#"{"components": [{"componentIdentifier": {"coordinates": {"artifactId": "left", "version": "1"}}, "securityData": {"securityIssues": [{"reference": "CVE-2026-1", "severity": 7.5}]}}]}"#,
            &["high CVE-2026-1 left@1"],
        );
    }
}
