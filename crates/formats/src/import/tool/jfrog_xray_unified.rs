//! JFrog Xray: its reports of flaws, and exports of violations.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "jfrog_xray_unified",
    title: "JFrog Xray",
    aliases: &["jfrogxray", "jfrog_xray_api_summary_artifact"],
    marks: &[
        Mark::Json(&["rows.issue_id", "rows.vulnerable_component"]),
        Mark::Json(&["total_rows", "rows"]),
        Mark::Json(&["data.component_versions", "total_count"]),
        Mark::Json(&["total_count", "data"]),
        Mark::Json(&["artifacts.issues", "artifacts.general"]),
        Mark::JsonList(&["vulnerabilities.components", "vulnerabilities.cves"]),
        Mark::JsonList(&["vulnerabilities.issue_id"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["rows"],
        rule: &["issue_id", "cves.cve"],
        title: &["summary"],
        message: &["summary", "description"],
        severity: &["severity"],
        vector: &["cves.cvss_v3_vector"],
        score: &["cves.cvss_v3_score", "cvss3_max_score"],
        ids: &["cves.cve", "issue_id"],
        cwe: &["cves.cwe.cwe"],
        component: &["vulnerable_component"],
        fixed: &["fixed_versions"],
        file: &["path"],
        references: &["references"],
        first_seen: &["published"],
        tags: &["package_type"],
        ..Flat::BASE
    },
    Flat {
        items: &["data"],
        with: &["component"],
        rule: &["component_versions.more_details.cves.cve", "source_id"],
        title: &["summary"],
        message: &["summary", "component_versions.more_details.description"],
        severity: &["severity"],
        ids: &["component_versions.more_details.cves.cve"],
        cwe: &["component_versions.more_details.cves.cwe"],
        component: &["component"],
        version: &["component_versions.vulnerable_versions"],
        fixed: &["component_versions.fixed_versions"],
        ..Flat::BASE
    },
    Flat {
        items: &["artifacts|issues"],
        rule: &["issue_id"],
        title: &["summary"],
        message: &["summary", "description"],
        severity: &["severity"],
        ids: &["cves.cve", "issue_id"],
        cwe: &["cves.cwe"],
        component: &["^general.name", "components.component_id"],
        file: &["^general.path"],
        first_seen: &["created"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "jfrog_xray_unified",
            r#"{"total_rows": 1, "rows": [{"issue_id": "XRAY-1", "severity": "Critical", "summary": "s", "vulnerable_component": "npm://ip:2.0.0", "path": "p", "cves": [{"cve": "CVE-2026-1"}]}]}"#,
            &["critical XRAY-1 p npm://ip:2.0.0@"],
        );
    }
}
