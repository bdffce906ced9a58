//! What Burp Suite's REST and GraphQL interfaces answer.

use super::{
    Confidence, Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, Verdict, cwes, links, paragraphs,
    plain,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "burp_api",
    title: "Burp Suite API",
    aliases: &["burp_graphql"],
    marks: &[
        Mark::Json(&["issue_events.issue", "scan_status"]),
        Mark::Json(&["issue_events"]),
        Mark::Json(&["Issues.issue_type", "Issues.origin"]),
    ],
    scale: &[("undefined", Severity::Info), ("false_positive", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for event in root.each("issue_events").into_iter().filter(|event| event.str("type") == "issue_found") {
        let issue = event.at("issue");
        let method = issue.str("evidence.request_response.request.method");
        out.push(Observation {
            rule: issue.text("type_index"),
            message: plain(&paragraphs(&[issue.str("description"), issue.str("issue_background")])),
            fix: plain(&paragraphs(&[issue.str("remediation"), issue.str("remediation_background")])),
            fingerprints: Fingerprint::list("burp/serial-number", issue.str("serial_number")),
            ..observation(issue.str("name"), issue, method, out)
        });
    }
    let mut merged = Merged::default();
    for issue in root.each("Issues") {
        let kind = issue.at("issue_type");
        let classes = format!("{} {}", kind.str("vulnerability_classifications_html"), kind.str("references_html"));
        merged.push(
            kind.str("name"),
            Observation {
                rule: kind.text("name"),
                message: plain(&paragraphs(&[issue.str("description_html"), kind.str("description_html")])),
                cwe: cwes(&plain(kind.str("vulnerability_classifications_html"))),
                fix: plain(&paragraphs(&[issue.str("remediation_html"), kind.str("remediation_html")])),
                references: links(&classes),
                ..observation(kind.str("name"), issue, "", out)
            },
        );
    }
    merged.finish(out);
}

fn observation(name: &str, issue: &Node, method: &str, out: &Sink<'_>) -> Observation {
    Observation {
        title: name.to_owned(),
        severity: out.severity(issue.str("severity")),
        severity_word: issue.text("severity"),
        confidence: match issue.str("confidence") {
            "certain" => Some(Confidence::High),
            "firm" => Some(Confidence::Medium),
            "tentative" => Some(Confidence::Low),
            _ => None,
        },
        place: Place::endpoint(&format!("{}{}", issue.str("origin"), issue.str("path")), method, ""),
        verdict: if issue.str("severity") == "false_positive" { Verdict::FalsePositive } else { Verdict::Open },
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_interfaces_are_read() {
        check(
            "burp_api",
            r#"{"scan_status": "succeeded", "issue_events": [{"type": "issue_found", "issue": {"name": "n", "type_index": 7, "origin": "https://x", "path": "/a", "severity": "low", "confidence": "firm"}}]}"#,
            &["low 7 https://x/a"],
        );
        check(
            "burp_api",
            r#"{"Issues": [{"issue_type": {"name": "n"}, "severity": "high", "origin": "https://x", "path": "/a"}]}"#,
            &["high n https://x/a"],
        );
    }
}
