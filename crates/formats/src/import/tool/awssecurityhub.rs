//! Findings of AWS Security Hub (ASFF), those of GuardDuty, Inspector and Config among them.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "awssecurityhub",
    title: "AWS Security Hub",
    aliases: &["asff"],
    marks: &[
        Mark::Json(&["findings.SchemaVersion", "findings.ProductArn"]),
        Mark::Json(&["Findings.SchemaVersion", "Findings.ProductArn"]),
        Mark::JsonList(&["SchemaVersion", "ProductArn", "Severity"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["findings", "Findings", ""],
    with: &["ProductArn"],
    rule: &["GeneratorId"],
    title: &["Title"],
    message: &["Description"],
    severity: &["Severity.Label"],
    score: &["Vulnerabilities.Cvss.BaseScore"],
    ids: &["Vulnerabilities.Id"],
    resource: &["Resources.Id"],
    resource_kind: &["Resources.Type"],
    within: &["AwsAccountId"],
    component: &["Vulnerabilities.VulnerablePackages.Name"],
    version: &["Vulnerabilities.VulnerablePackages.Version"],
    fixed: &["Vulnerabilities.VulnerablePackages.FixedInVersion"],
    fix: &["Remediation.Recommendation.Text"],
    references: &["Remediation.Recommendation.Url", "Vulnerabilities.ReferenceUrls", "SourceUrl"],
    fingerprint: &["Id"],
    first_seen: &["FirstObservedAt"],
    tags: &["Types"],
    verdict: (
        &["Compliance.Status", "Workflow.Status"],
        &[("passed", Verdict::Fixed), ("resolved", Verdict::Fixed), ("suppressed", Verdict::Suppressed)],
    ),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "awssecurityhub",
            r#"{"findings": [{"SchemaVersion": "2018-10-08", "ProductArn": "arn:p", "Id": "i", "GeneratorId": "g", "Title": "t", "Severity": {"Label": "MEDIUM"}, "Resources": [{"Id": "arn:r", "Type": "AwsS3Bucket"}]}]}"#,
            &["medium g arn:r"],
        );
    }
}
