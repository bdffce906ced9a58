//! gosec's JSON.

use super::{Confidence, Importer, Mark, Node, Observation, Place, Reading, Sink, Verdict, cwes};

pub(super) static IMPORTER: Importer = Importer {
    id: "gosec",
    title: "gosec",
    marks: &[
        Mark::Json(&["Issues", "Stats", "Golang errors"]),
        Mark::Json(&["Issues.rule_id", "Issues.severity"]),
        Mark::Json(&["Issues", "Stats.files"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("gosec", root.str("GosecVersion"));
    for issue in root.each("Issues") {
        // A line, or a range of them: `3-5`.
        let (start, end) = issue.str("line").split_once('-').unwrap_or((issue.str("line"), ""));
        out.push(Observation {
            rule: issue.text("rule_id"),
            title: issue.text("details"),
            message: issue.text("details"),
            severity: out.severity(issue.str("severity")),
            severity_word: issue.text("severity"),
            confidence: match issue.str("confidence") {
                "HIGH" => Some(Confidence::High),
                "MEDIUM" => Some(Confidence::Medium),
                "LOW" => Some(Confidence::Low),
                _ => None,
            },
            cwe: cwes(issue.first(&["cwe.id", "cwe.ID"])),
            place: Place::file(issue.str("file"), start.parse().ok()).to(issue.line("column"), end.parse().ok(), None),
            snippet: issue.text("code"),
            fix: issue.text("autofix"),
            references: issue.texts("cwe.url"),
            verdict: if issue.flag("nosec") || issue.has("suppressions") { Verdict::Suppressed } else { Verdict::Open },
            ..Observation::default()
        });
    }
    for (path, errors) in root.members("Golang errors") {
        errors.texts("error").into_iter().for_each(|error| out.problem(format!("{path}: {error}")));
        out.completion(super::Completion::Partial);
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn issues_are_read() {
        check(
            "gosec",
            r#"{"Golang errors": {}, "Stats": {"files": 1}, "Issues": [{"severity": "HIGH", "confidence": "LOW", "cwe": {"id": "78"}, "rule_id": "G204", "details": "d", "file": "/a.go", "line": "3-5"}]}"#,
            &["high G204 /a.go:3"],
        );
    }
}
