//! Bandit's JSON.

use super::{Confidence, Importer, Mark, Node, Observation, Place, Reading, Sink, cwes};

pub(super) static IMPORTER: Importer = Importer {
    id: "bandit",
    title: "Bandit",
    marks: &[Mark::Json(&["results.test_id", "results.issue_severity"]), Mark::Json(&["metrics._totals", "results", "errors"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.time(root.str("generated_at"));
    for result in root.each("results") {
        out.push(Observation {
            rule: result.text("test_id"),
            title: result.text("test_name"),
            message: result.text("issue_text"),
            severity: out.severity(result.str("issue_severity")),
            severity_word: result.text("issue_severity"),
            confidence: match result.str("issue_confidence") {
                "HIGH" => Some(Confidence::High),
                "MEDIUM" => Some(Confidence::Medium),
                "LOW" => Some(Confidence::Low),
                _ => None,
            },
            cwe: cwes(result.str("issue_cwe.id")),
            place: Place::file(result.str("filename"), result.line("line_number")),
            snippet: result.text("code"),
            references: result.texts("more_info"),
            ..Observation::default()
        });
    }
    for error in root.each("errors") {
        out.problem(format!("{}: {}", error.str("filename"), error.str("reason")));
        out.completion(super::Completion::Partial);
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn results_are_read() {
        check(
            "bandit",
            r#"{"errors": [], "metrics": {"_totals": {}}, "results": [{"test_id": "B1", "issue_severity": "LOW", "issue_confidence": "HIGH", "filename": "./a.py", "line_number": 3, "issue_cwe": {"id": 78}}]}"#,
            &["low B1 a.py:3"],
        );
    }
}
