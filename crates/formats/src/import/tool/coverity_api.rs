//! What the API of Coverity Connect answers.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "coverity_api",
    title: "Coverity",
    marks: &[Mark::Json(&["viewContentsV1.rows"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["viewContentsV1.rows"],
    without: ("displayIssueKind", &["Quality", "Test", "Various"]),
    rule: &["checker", "displayType"],
    title: &["displayType"],
    message: &["displayCategory", "displayType"],
    severity: &["displayImpact"],
    cwe: &["cwe"],
    file: &["displayFile"],
    line: &["lineNumber"],
    fingerprint: &["cid"],
    first_seen: &["firstDetected"],
    verdict: (&["classification"], &[("false positive", Verdict::FalsePositive), ("intentional", Verdict::Accepted)]),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "coverity_api",
            r#"{"viewContentsV1": {"rows": [{"cid": 1, "displayType": "Resource leak", "displayImpact": "High", "displayFile": "/a.c"}]}}"#,
            &["high Resource leak /a.c"],
        );
    }
}
