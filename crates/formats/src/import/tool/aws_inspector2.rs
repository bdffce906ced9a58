//! Findings of Amazon Inspector.

use super::{Flat, Importer, Mark, Reading, Severity, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "aws_inspector2",
    title: "Amazon Inspector",
    marks: &[Mark::Json(&["findings.findingArn", "findings.awsAccountId"]), Mark::JsonList(&["findingArn", "inspectorScore"])],
    scale: &[("untriaged", Severity::Info)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["findings", ""],
    with: &["findingArn"],
    rule: &["packageVulnerabilityDetails.vulnerabilityId", "codeVulnerabilityDetails.detectorId", "type"],
    title: &["title"],
    message: &["description"],
    severity: &["severity"],
    ids: &["packageVulnerabilityDetails.vulnerabilityId"],
    cwe: &["codeVulnerabilityDetails.cwes"],
    score: &["inspectorScore"],
    vector: &["inspectorScoreDetails.adjustedCvss.scoringVector"],
    component: &["packageVulnerabilityDetails.vulnerablePackages.name"],
    version: &["packageVulnerabilityDetails.vulnerablePackages.version"],
    fixed: &["packageVulnerabilityDetails.vulnerablePackages.fixedInVersion"],
    file: &["codeVulnerabilityDetails.filePath.filePath"],
    line: &["codeVulnerabilityDetails.filePath.startLine"],
    resource: &["resources.id"],
    resource_kind: &["resources.type"],
    within: &["awsAccountId"],
    fix: &["remediation.recommendation.text"],
    references: &["packageVulnerabilityDetails.sourceUrl", "packageVulnerabilityDetails.referenceUrls"],
    fingerprint: &["findingArn"],
    first_seen: &["firstObservedAt"],
    verdict: (&["status"], &[("suppressed", Verdict::Suppressed), ("closed", Verdict::Fixed)]),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "aws_inspector2",
            r#"{"findings": [{"findingArn": "arn:f", "awsAccountId": "1", "type": "NETWORK_REACHABILITY", "title": "t", "severity": "MEDIUM", "resources": [{"id": "i-1"}]}]}"#,
            &["medium NETWORK_REACHABILITY i-1"],
        );
    }
}
