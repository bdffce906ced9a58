//! Legitify: policies of code hosts.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "legitify",
    title: "Legitify",
    marks: &[Mark::Json(&["content.*.policyInfo"]), Mark::Json(&["type=flattened", "content"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["content.*|violations"],
    without: ("status", &["PASSED", "SKIPPED"]),
    rule: &["^policyInfo.policyName"],
    title: &["^policyInfo.title"],
    message: &["^policyInfo.description"],
    severity: &["^policyInfo.severity"],
    resource: &["canonicalLink"],
    resource_kind: &["violationEntityType"],
    fix: &["^policyInfo.remediationSteps"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "legitify",
            r#"{"type": "flattened", "content": {"p": {"policyInfo": {"policyName": "n", "title": "t", "severity": "HIGH"}, "violations": [{"status": "FAILED", "canonicalLink": "https://x"}]}}}"#,
            &["high n https://x"],
        );
    }
}
