//! AppCheck: flaws of web applications and services.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "appcheck_web_application_scanner",
    title: "AppCheck",
    marks: &[
        Mark::Json(&["items.mss_confirmed", "items.title"]),
        Mark::Json(&["items.cvss_base_score", "items.meta.scanning_engine"]),
        Mark::Json(&["has_next", "items"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["items"],
    merged: &["_id", "title", "web_app", "domain", "port", "url"],
    rule: &["title"],
    title: &["title"],
    message: &["description", "impact"],
    score: &["cvss_base_score"],
    vector: &["cvss_vector"],
    ids: &["cves"],
    url: &["url"],
    host: &["domain", "ipv4_address"],
    port: &["port"],
    fix: &["solution"],
    fingerprint: &["_id"],
    first_seen: &["first_detected_at"],
    verdict: (
        &["status"],
        &[("false_positive", Verdict::FalsePositive), ("acceptable_risk", Verdict::Accepted), ("fixed", Verdict::Fixed)],
    ),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "appcheck_web_application_scanner",
            r#"{"items": [{"mss_confirmed": false, "title": "t", "cvss_base_score": 4.8, "domain": "x", "port": 21}]}"#,
            &["medium t x:21"],
        );
    }
}
