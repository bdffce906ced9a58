//! Threats of Threat Composer.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "threat_composer",
    title: "Threat Composer",
    marks: &[Mark::Json(&["threats.statement", "applicationInfo"]), Mark::Json(&["schema", "threats"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["threats"],
    rule: &["numericId"],
    title: &["statement", "displayedStatement"],
    message: &["statement", "threatSource", "threatAction", "threatImpact"],
    severity: &["metadata.value"],
    resource: &["impactedAssets"],
    fingerprint: &["id"],
    tags: &["tags"],
    verdict: (&["status"], &[("threatResolved", Verdict::Fixed), ("threatResolvedNotUseful", Verdict::FalsePositive)]),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "threat_composer",
            r#"{"schema": 1, "applicationInfo": {}, "threats": [{"id": "i", "numericId": 7, "statement": "s", "metadata": [{"key": "Priority", "value": "High"}]}]}"#,
            &["high 7"],
        );
    }
}
