//! Mend (WhiteSource): flaws of libraries.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "mend",
    title: "Mend",
    aliases: &["whitesource"],
    marks: &[
        Mark::Json(&["vulnerabilities.library", "vulnerabilities.name"]),
        Mark::Json(&["vulnerabilities.cvss3_severity"]),
        Mark::Json(&["response.vulnerability", "response.component"]),
        Mark::Json(&["additionalData", "supportToken", "response"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["vulnerabilities"],
        with: &["name"],
        rule: &["name"],
        title: &["name"],
        message: &["description"],
        severity: &["cvss3_severity", "severity"],
        vector: &["scoreMetadataVector"],
        score: &["cvss3_score", "score"],
        ids: &["name"],
        component: &["library.artifactId", "library.name"],
        version: &["library.version"],
        fix: &["topFix.fixResolution", "fixResolutionText"],
        references: &["url", "topFix.url"],
        fingerprint: &["library.keyUuid"],
        first_seen: &["publishDate"],
        ..Flat::BASE
    },
    Flat {
        items: &["response"],
        with: &["component.name"],
        rule: &["name"],
        title: &["name"],
        message: &["vulnerability.description"],
        severity: &["vulnerability.severity"],
        vector: &["vulnerability.vulnerabilityScoring.vector"],
        score: &["vulnerability.score"],
        ids: &["name"],
        component: &["component.name"],
        version: &["component.version"],
        file: &["component.path"],
        fix: &["topFix.fixResolution"],
        references: &["topFix.url"],
        fingerprint: &["uuid"],
        verdict: (
            &["findingInfo.status"],
            &[("ignored", Verdict::Suppressed), ("suppressed", Verdict::Suppressed), ("library removed", Verdict::Fixed)],
        ),
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "mend",
            r#"{"vulnerabilities": [{"name": "CVE-2026-1", "cvss3_severity": "MEDIUM", "library": {"artifactId": "left", "version": "1"}}]}"#,
            &["medium CVE-2026-1 left@1"],
        );
    }
}
