//! Findings of Dependency-Track (FPF): <https://docs.dependencytrack.org/integrations/file-formats/>.

use super::{Component, Fingerprint, Importer, Mark, Node, Observation, Reading, Score, Sink, Verdict, cwes_in, id_and, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "dependency_track",
    title: "Dependency-Track",
    marks: &[Mark::Json(&["meta.application=Dependency-Track"]), Mark::Json(&["findings.component", "findings.vulnerability.vulnId"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

/// Names of the same flaw elsewhere.
const ALIASES: &[&str] = &["cveId", "ghsaId", "osvId", "snykId", "sonatypeId", "gsdId", "vulnDbId"];

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("Dependency-Track", root.str("meta.version"));
    out.time(root.str("meta.timestamp"));
    out.target(root.str("project.name"));
    for finding in root.each("findings") {
        let (flaw, component) = (finding.at("vulnerability"), finding.at("component"));
        let name = flaw.str("vulnId");
        let mut ids = id_and(name, "");
        for alias in ALIASES.iter().flat_map(|alias| flaw.each("aliases").into_iter().map(|it| it.text(alias))) {
            if !alias.is_empty() && !ids.contains(&alias) {
                ids.push(alias);
            }
        }
        out.push(Observation {
            rule: name.to_owned(),
            title: flaw.text("title"),
            message: paragraphs(&[flaw.str("subtitle"), flaw.str("description")]),
            severity: out.severity(flaw.str("severity")),
            severity_word: flaw.text("severity"),
            cwe: cwes_in(&[flaw.each("cweId"), flaw.each("cwes.cweId")].concat()),
            ids,
            component: Component::purl(component.str("purl"), component.str("name"), component.str("version")),
            fingerprints: Fingerprint::list("dependency-track/matrix", finding.first(&["matrix", "vulnerability.matrix"])),
            fix: flaw.text("recommendation"),
            references: flaw.texts("references"),
            scores: [
                Score::list(flaw.str("cvssV2Vector"), flaw.decimal("cvssV2BaseScore")),
                Score::list(flaw.str("cvssV3Vector"), flaw.decimal("cvssV3BaseScore")),
                Score::list(flaw.str("cvssV4Vector"), flaw.decimal("cvssV4Score")),
            ]
            .concat(),
            verdict: match (finding.str("analysis.state"), finding.flag("analysis.isSuppressed")) {
                ("FALSE_POSITIVE", _) => Verdict::FalsePositive,
                ("NOT_AFFECTED", _) => Verdict::NotAffected,
                ("RESOLVED", _) => Verdict::Fixed,
                (_, true) => Verdict::Suppressed,
                _ => Verdict::Open,
            },
            first_seen: finding.text("attribution.attributedOn"),
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn findings_are_read() {
        check(
            "dependency_track",
            r#"{"version": "1.2", "meta": {"application": "Dependency-Track", "version": "4"}, "findings": [{"component": {"name": "left", "version": "1"},
            "vulnerability": {"vulnId": "GHSA-aaaa-bbbb-cccc", "severity": "MEDIUM", "aliases": [{"cveId": "CVE-2026-1"}], "cweId": 79}}]}"#,
            &["medium GHSA-aaaa-bbbb-cccc left@1"],
        );
        check("dependency_track", r#"{"meta": {"application": "Dependency-Track"}, "findings": null}"#, &[]);
    }
}
