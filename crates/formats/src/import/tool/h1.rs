//! Reports of HackerOne: its API, and the export of a bug bounty.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "h1",
    title: "HackerOne",
    marks: &[
        Mark::Json(&["data.attributes.vulnerability_information"]),
        Mark::Json(&["data.relationships.severity"]),
        Mark::Json(&["findings.substate", "findings.weakness"]),
        Mark::Json(&["data", "links.self"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["data"],
        rule: &["relationships.weakness.data.attributes.name", "attributes.title"],
        title: &["attributes.title"],
        message: &["attributes.vulnerability_information"],
        severity: &["relationships.severity.data.attributes.rating"],
        score: &["relationships.severity.data.attributes.score"],
        cwe: &["relationships.weakness.data.attributes.external_id"],
        url: &["relationships.structured_scope.data.attributes.asset_identifier"],
        fingerprint: &["id"],
        first_seen: &["attributes.created_at"],
        verdict: (
            &["attributes.state"],
            &[
                ("resolved", Verdict::Fixed),
                ("not-applicable", Verdict::NotAffected),
                ("duplicate", Verdict::Suppressed),
                ("spam", Verdict::FalsePositive),
                ("informative", Verdict::Accepted),
            ],
        ),
        ..Flat::BASE
    },
    Flat {
        items: &["findings"],
        rule: &["weakness", "title"],
        title: &["title"],
        message: &["weakness"],
        severity: &["severity_rating"],
        score: &["severity_score"],
        fingerprint: &["id"],
        first_seen: &["reported_at"],
        references: &["reference_url"],
        verdict: (
            &["substate"],
            &[
                ("resolved", Verdict::Fixed),
                ("not-applicable", Verdict::NotAffected),
                ("duplicate", Verdict::Suppressed),
                ("informative", Verdict::Accepted),
            ],
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
            "h1",
            r#"{"findings": [{"id": 1, "title": "t", "severity_rating": "medium", "substate": "triaged", "weakness": "XSS"}]}"#,
            &["medium XSS"],
        );
    }
}
