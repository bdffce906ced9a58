//! Prisma Cloud Compute (Twistlock): images as JSON and CSV.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "twistlock",
    title: "Prisma Cloud",
    marks: &[
        Mark::Json(&["results.complianceDistribution", "results.vulnerabilities"]),
        Mark::Json(&["results.complianceDistribution"]),
        Mark::Csv(&["Registry", "Repository", "CVE ID", "Severity"]),
        Mark::Csv(&["CVE ID", "Compliance ID", "Packages"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["results.vulnerabilities"],
        rule: &["id"],
        title: &["id"],
        message: &["description"],
        severity: &["severity"],
        ids: &["id"],
        vector: &["vector"],
        score: &["cvss"],
        component: &["packageName"],
        version: &["packageVersion"],
        fix: &["status"],
        references: &["link"],
        tags: &["riskFactors"],
        first_seen: &["discoveredDate"],
        ..Flat::BASE
    },
    Flat {
        items: &["results.compliances"],
        rule: &["id", "title"],
        title: &["title"],
        message: &["description", "cause"],
        severity: &["severity"],
        tags: &["type"],
        ..Flat::BASE
    },
    Flat {
        with: &["CVE ID", "Compliance ID"],
        rule: &["CVE ID", "Compliance ID"],
        title: &["CVE ID"],
        message: &["Description", "Cause"],
        severity: &["Severity"],
        ids: &["CVE ID"],
        score: &["CVSS"],
        component: &["Packages", "Source Package"],
        version: &["Package Version"],
        fix: &["Fix Status"],
        image: &["Id"],
        first_seen: &["Discovered"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "twistlock",
            r#"{"results": [{"complianceDistribution": {"total": 0}, "vulnerabilities": [{"id": "CVE-2026-1", "severity": "medium", "packageName": "left", "packageVersion": "1"}]}]}"#,
            &["medium CVE-2026-1 left@1"],
        );
    }
}
