//! Popeye: the state of a cluster's resources.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink};

pub(super) static IMPORTER: Importer = Importer {
    id: "popeye",
    title: "Popeye",
    marks: &[Mark::Json(&["popeye.sanitizers"]), Mark::Json(&["popeye.sections"]), Mark::Json(&["popeye.score"])],
    scale: &[("1", Severity::Info), ("2", Severity::Low), ("3", Severity::High)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.time(root.str("popeye.report_time"));
    for section in [root.each("popeye.sanitizers"), root.each("popeye.sections")].concat() {
        let kind = section.first(&["sanitizer", "linter"]);
        for (resource, issues) in section.members("issues") {
            for issue in issues.each("").into_iter().filter(|issue| issue.number("level").is_some_and(|level| 0 < level)) {
                // `[POP-106] No resources …`
                let message = issue.str("message");
                let rule = message.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or("", |(rule, _)| rule);
                out.push(Observation {
                    rule: rule.to_owned(),
                    title: message.to_owned(),
                    severity: out.severity(issue.str("level")),
                    severity_word: issue.text("level"),
                    place: Place::resource(resource, kind, issue.str("group")),
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
    fn issues_of_resources_are_read() {
        check(
            "popeye",
            r#"{"popeye": {"score": 1, "sanitizers": [{"sanitizer": "pods", "issues": {"ns/a.b": [{"group": "g", "level": 2, "message": "[POP-106] m"}, {"level": 0, "message": "ok"}]}}]}}"#,
            &["low POP-106 ns/a.b"],
        );
    }
}
