//! Checkov's JSON: one report, or a list of them, one a framework.

use super::{Importer, Mark, Node, Observation, Place, Reading, Sink, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "checkov",
    title: "Checkov",
    marks: &[
        Mark::Json(&["check_type", "results.failed_checks"]),
        Mark::Json(&["passed", "failed", "skipped", "checkov_version"]),
        Mark::Json(&["results.failed_checks.check_id"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for report in root.each("") {
        out.tool("Checkov", report.first(&["summary.checkov_version", "checkov_version"]));
        for failed in report.each("results.failed_checks") {
            let lines = failed.each("file_line_range");
            let number = |index: usize| lines.get(index).and_then(|line| line.as_str().parse().ok()).filter(|line| *line != 0);
            let observation = Observation {
                rule: failed.text("check_id"),
                title: failed.text("check_name"),
                message: failed.text("description"),
                // Without an account, Checkov does not say how bad something is.
                severity: out.severity(failed.str("severity")),
                severity_word: failed.text("severity"),
                place: Place::file(failed.str("file_path"), number(0)).to(None, number(1), None),
                also: match Place::resource(failed.str("resource"), report.str("check_type"), "") {
                    Place::Unknown => Vec::new(),
                    resource => vec![resource],
                },
                references: failed.texts("guideline"),
                verdict: if failed.str("check_result.result") == "SKIPPED" { Verdict::Suppressed } else { Verdict::Open },
                tags: vec![report.text("check_type")],
                ..Observation::default()
            };
            out.push(observation);
        }
        out.errors(report, "results.parsing_errors");
    }
}

#[cfg(test)]
mod tests {
    use crate::import::{Completion, tool::test::read};

    #[test]
    fn what_failed_is_told() {
        let (summary, found) = read(
            r#"[{"check_type": "terraform", "results": {"failed_checks": [{"check_id": "CKV_1", "check_name": "n", "file_path": "/a.tf",
            "file_line_range": [1, 4], "resource": "aws_x.y", "severity": null}], "parsing_errors": ["/b.tf"]}, "summary": {"checkov_version": "3.0"}}]"#,
        );
        assert_eq!((summary.importer, summary.completion, found.len(), found[0].severity), ("checkov", Completion::Partial, 1, None));
    }
}
