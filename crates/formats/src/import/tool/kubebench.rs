//! kube-bench's JSON.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "kubebench",
    title: "kube-bench",
    marks: &[Mark::Json(&["Controls.tests.results"]), Mark::Json(&["tests.results.test_number", "node_type"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let groups = if root.has("Controls") { root.each("Controls") } else { root.each("") };
    for group in groups {
        for section in group.each("tests") {
            for result in section.each("results") {
                // What a person has to look at is no finding.
                let severity = match (result.str("status").to_ascii_uppercase().as_str(), result.str("reason")) {
                    ("FAIL", _) => Severity::Medium,
                    ("WARN", reason) if reason != "Test marked as a manual test" => Severity::Info,
                    _ => continue,
                };
                out.push(Observation {
                    rule: result.text("test_number"),
                    title: result.text("test_desc"),
                    message: paragraphs(&[
                        section.str("desc"),
                        result.str("audit"),
                        result.str("reason"),
                        result.str("expected_result"),
                        result.str("actual_value"),
                    ]),
                    severity: Some(severity),
                    place: Place::resource(group.str("node_type"), "node", group.str("text")),
                    fix: result.text("remediation"),
                    ..Observation::default()
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn what_failed_is_told() {
        check(
            "kubebench",
            r#"{"Controls": [{"node_type": "master", "tests": [{"section": "1", "desc": "d", "results": [{"test_number": "1.1", "test_desc": "t", "status": "FAIL"}, {"test_number": "1.2", "status": "PASS"},
            {"test_number": "1.3", "status": "WARN", "reason": "Test marked as a manual test"}]}]}]}"#,
            &["medium 1.1 master"],
        );
    }
}
