//! Meterian: libraries, each with advice.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "meterian",
    title: "Meterian",
    marks: &[Mark::Json(&["reports.security.reports"]), Mark::Json(&["reports.security.score"])],
    scale: &[("suggest", Severity::Low)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["reports.security.reports.reports|advices"],
    rule: &["cve", "id"],
    title: &["description"],
    message: &["description"],
    severity: &["severity"],
    ids: &["cve", "links.url"],
    cwe: &["cwe"],
    score: &["cvss"],
    component: &["^dependency.name"],
    version: &["^dependency.version"],
    fixed: &["^safeVersions.latestPatch"],
    file: &["^dependency.locations"],
    references: &["links.url"],
    fingerprint: &["id"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "meterian",
            r#"{"reports": {"security": {"score": 1, "reports": [{"reports": [{"dependency": {"name": "left", "version": "1"}, "advices": [{"id": "i", "description": "d", "severity": "HIGH", "cve": "CVE-2026-1"}]}]}]}}}"#,
            &["high CVE-2026-1 left@1"],
        );
    }
}
