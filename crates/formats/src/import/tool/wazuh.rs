//! Wazuh's flaws of machines: its API, and its indexer.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "wazuh",
    title: "Wazuh",
    marks: &[Mark::Json(&["data.affected_items"]), Mark::Json(&["hits.hits._source.vulnerability"])],
    scale: &[("untriaged", Severity::Info), ("-", Severity::Info)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["data.affected_items"],
        with: &["cve"],
        merged: &["cve", "agent_ip", "name", "version", "title"],
        rule: &["cve"],
        title: &["title"],
        message: &["condition"],
        severity: &["severity"],
        score: &["cvss3_score"],
        ids: &["cve"],
        component: &["name"],
        version: &["version"],
        host: &["agent_name", "agent_ip"],
        references: &["external_references"],
        first_seen: &["detection_time"],
        ..Flat::BASE
    },
    Flat {
        items: &["hits.hits._source"],
        rule: &["vulnerability.id"],
        title: &["vulnerability.id"],
        message: &["vulnerability.description"],
        severity: &["vulnerability.severity"],
        score: &["vulnerability.score.base"],
        ids: &["vulnerability.id"],
        component: &["package.name"],
        version: &["package.version"],
        host: &["agent.name"],
        references: &["vulnerability.reference"],
        first_seen: &["vulnerability.detected_at"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "wazuh",
            r#"{"data": {"affected_items": [{"name": "left", "version": "1", "cve": "CVE-2026-1", "severity": "Medium", "agent_ip": "10.0.0.1"}]}}"#,
            &["medium CVE-2026-1 10.0.0.1 left@1"],
        );
    }
}
