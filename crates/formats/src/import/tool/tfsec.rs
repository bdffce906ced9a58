//! tfsec's JSON, of all versions.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, links, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "tfsec",
    title: "tfsec",
    marks: &[Mark::Json(&["results.rule_id", "results.location.filename"]), Mark::Json(&["results.rule_id", "results.location"])],
    scale: &[("error", Severity::High), ("warning", Severity::Medium)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for result in root.each("results").into_iter().filter(|result| !result.flag("passed")) {
        out.push(Observation {
            rule: result.first(&["long_id", "rule_id"]).to_owned(),
            title: result.text("rule_description"),
            message: paragraphs(&[result.str("description"), result.str("impact")]),
            severity: out.severity(result.str("severity")),
            severity_word: result.text("severity"),
            place: Place::file(result.str("location.filename"), result.line("location.start_line")).to(
                None,
                result.line("location.end_line"),
                None,
            ),
            also: match Place::resource(result.str("resource"), "", "") {
                Place::Unknown => Vec::new(),
                resource => vec![resource],
            },
            fix: result.text("resolution"),
            references: links(&[result.texts("links"), result.texts("link")].concat().join(" ")),
            tags: result.texts("rule_provider"),
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn results_are_read() {
        check(
            "tfsec",
            r#"{"results": [{"rule_id": "GEN003", "severity": "WARNING", "location": {"filename": "a.tf", "start_line": 2, "end_line": 3}}]}"#,
            &["medium GEN003 a.tf:2"],
        );
    }
}
