//! Alerts of GitHub's secret scanning: <https://docs.github.com/en/rest/secret-scanning>.

use super::{Fingerprint, Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "github_secrets",
    title: "GitHub secret scanning",
    aliases: &["github_secrets_detection_report"],
    marks: &[Mark::JsonList(&["secret_type", "html_url"]), Mark::JsonList(&["secret_type", "number"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for alert in root.each("") {
        let location = alert.at("first_location_detected");
        let place = Place::file(location.str("path"), location.line("start_line"));
        out.push(Observation {
            rule: alert.text("secret_type"),
            title: alert.first(&["secret_type_display_name", "secret_type"]).to_owned(),
            message: alert.text("resolution_comment"),
            // A value that somebody can use is worse than one that was revoked.
            severity: match alert.str("validity") {
                "active" => Some(Severity::Critical),
                "inactive" => Some(Severity::Info),
                _ => Some(Severity::High),
            },
            cwe: vec![798],
            place: place
                .to(location.line("start_column"), location.line("end_line"), location.line("end_column"))
                .or(Place::url(alert.str("html_url"))),
            fingerprints: Fingerprint::list("github/alert", alert.str("url")),
            references: alert.texts("html_url"),
            verdict: match (alert.str("resolution"), alert.str("state")) {
                ("false_positive" | "pattern_deleted", _) => Verdict::FalsePositive,
                ("wont_fix" | "used_in_tests", _) => Verdict::Accepted,
                (_, "resolved") => Verdict::Fixed,
                _ => Verdict::Open,
            },
            first_seen: alert.text("created_at"),
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn alerts_are_read() {
        let text = r#"[{"number": 1, "secret_type": "key", "html_url": "https://x", "secret": "hunter2", "state": "open", "first_location_detected": {"path": "a", "start_line": 2}}]"#;
        check("github_secrets", text, &["high key a:2"]);
    }
}
