//! Flaws of security advisories and VEX in CSAF: <https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html>.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer =
    Importer { id: "csaf", title: "CSAF", marks: &[Mark::Json(&["document.csaf_version"])], read: Reading::Flat(SHAPES), ..Importer::BASE };

static SHAPES: &[Flat] = &[Flat {
    items: &["vulnerabilities"],
    rule: &["cve", "ids.text"],
    title: &["title", "cve"],
    message: &["notes.text"],
    vector: &["scores.cvss_v3.vectorString", "metrics.content.cvss_v3.vectorString"],
    score: &["scores.cvss_v3.baseScore", "metrics.content.cvss_v3.baseScore"],
    severity: &["scores.cvss_v3.baseSeverity"],
    otherwise: Some(Severity::Medium),
    ids: &["cve", "ids.text"],
    cwe: &["cwe.id", "cwes.id"],
    component: &["product_status.known_affected", "product_status.under_investigation", "product_status.fixed"],
    fix: &["remediations.details"],
    references: &["references.url"],
    first_seen: &["discovery_date"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "csaf",
            r#"{"document": {"csaf_version": "2.0"}, "vulnerabilities": [{"cve": "CVE-2026-1", "product_status": {"known_affected": ["P"]}}]}"#,
            &["medium CVE-2026-1 P@"],
        );
    }
}
