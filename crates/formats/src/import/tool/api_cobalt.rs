//! Findings of Cobalt.io, as its API answers.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "api_cobalt",
    title: "Cobalt.io",
    aliases: &["cobalt"],
    marks: &[Mark::Json(&["data.resource.tag", "data.resource.type_category"]), Mark::Json(&["data.resource.pentest_id"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["data"],
    rule: &["resource.type_category", "resource.title"],
    title: &["resource.title"],
    message: &["resource.description", "resource.proof_of_concept"],
    severity: &["resource.severity"],
    url: &["resource.affected_targets"],
    fix: &["resource.suggested_fix"],
    references: &["links.ui.url"],
    fingerprint: &["resource.id"],
    first_seen: &["resource.log.timestamp"],
    verdict: (
        &["resource.state"],
        &[
            ("wont_fix", Verdict::Accepted),
            ("valid_fix", Verdict::Fixed),
            ("invalid", Verdict::FalsePositive),
            ("out_of_scope", Verdict::NotAffected),
        ],
    ),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "api_cobalt",
            r##"{"data": [{"resource": {"id": "v", "tag": "#1", "title": "t", "type_category": "XSS", "severity": "high", "affected_targets": ["https://x"]}}]}"##,
            &["high XSS https://x"],
        );
    }
}
