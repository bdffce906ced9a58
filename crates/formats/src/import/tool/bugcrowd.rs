//! Submissions of Bugcrowd, as a table and as its API answers.

use super::{Flat, Importer, Mark, Reading, Severity, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "bugcrowd",
    title: "Bugcrowd",
    aliases: &["api_bugcrowd"],
    marks: &[
        Mark::Csv(&["reference_number", "bounty_code", "priority"]),
        Mark::Json(&["data.attributes.bug_url", "data.attributes.vrt_id"]),
        Mark::JsonList(&["attributes.vrt_id", "attributes.severity"]),
    ],
    scale: &[("1", Severity::Critical), ("2", Severity::High), ("3", Severity::Medium), ("4", Severity::Low), ("5", Severity::Info)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        with: &["reference_number"],
        rule: &["vrt_lineage"],
        title: &["title"],
        message: &["description", "extra_info"],
        severity: &["priority"],
        url: &["bug_url"],
        fix: &["remediation_advice"],
        references: &["vulnerability_references"],
        fingerprint: &["reference_number"],
        first_seen: &["submitted_at"],
        verdict: (
            &["substate"],
            &[
                ("not_applicable", Verdict::NotAffected),
                ("out_of_scope", Verdict::NotAffected),
                ("not_reproducible", Verdict::FalsePositive),
                ("wont_fix", Verdict::Accepted),
                ("resolved", Verdict::Fixed),
            ],
        ),
        ..Flat::BASE
    },
    Flat {
        items: &["data", ""],
        with: &["attributes.title"],
        rule: &["attributes.vrt_id"],
        title: &["attributes.title"],
        message: &["attributes.description"],
        severity: &["attributes.severity"],
        url: &["attributes.bug_url"],
        fix: &["attributes.remediation_advice"],
        references: &["attributes.vulnerability_references"],
        fingerprint: &["id"],
        first_seen: &["attributes.submitted_at"],
        verdict: (
            &["attributes.state"],
            &[
                ("not_applicable", Verdict::NotAffected),
                ("out_of_scope", Verdict::NotAffected),
                ("not_reproducible", Verdict::FalsePositive),
                ("wont_fix", Verdict::Accepted),
                ("resolved", Verdict::Fixed),
                ("informational", Verdict::Accepted),
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
            "bugcrowd",
            "reference_number,bounty_code,priority,title,vrt_lineage,bug_url\nr,b,2,t,XSS,https://x\n",
            &["high XSS https://x"],
        );
    }
}
