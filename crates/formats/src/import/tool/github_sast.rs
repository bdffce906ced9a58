//! Alerts of GitHub's code scanning: <https://docs.github.com/en/rest/code-scanning>.

use super::{Fingerprint, Importer, Mark, Node, Observation, Place, Reading, Sink, Verdict, cwes};

pub(super) static IMPORTER: Importer = Importer {
    id: "github_sast",
    title: "GitHub code scanning",
    marks: &[Mark::JsonList(&["rule.id", "most_recent_instance.location"]), Mark::JsonList(&["rule", "tool", "most_recent_instance"])],
    names_tools: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for alert in root.each("") {
        let (rule, instance) = (alert.at("rule"), alert.at("most_recent_instance"));
        let location = instance.at("location");
        out.tool(alert.str("tool.name"), alert.str("tool.version"));
        out.commit(instance.str("commit_sha"));
        let word = rule.first(&["security_severity_level", "severity"]);
        out.push(Observation {
            rule: rule.text("id"),
            title: rule.text("description"),
            message: instance.text("message.text"),
            severity: out.severity(word),
            severity_word: word.to_owned(),
            cwe: rule.texts("tags").iter().filter(|tag| tag.contains("cwe")).flat_map(|tag| cwes(tag)).collect(),
            place: Place::file(location.str("path"), location.line("start_line")).to(
                location.line("start_column"),
                location.line("end_line"),
                location.line("end_column"),
            ),
            fingerprints: Fingerprint::list("github/alert", alert.str("url")),
            fix: rule.text("help"),
            references: alert.texts("html_url"),
            verdict: match (alert.str("state"), alert.str("dismissed_reason")) {
                (_, "false positive") => Verdict::FalsePositive,
                (_, "won't fix" | "used in tests") => Verdict::Accepted,
                ("fixed", _) => Verdict::Fixed,
                ("dismissed", _) => Verdict::Suppressed,
                _ => Verdict::Open,
            },
            first_seen: alert.text("created_at"),
            tags: rule.texts("tags"),
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn alerts_are_read() {
        check(
            "github_sast",
            r#"[{"number": 1, "state": "open", "rule": {"id": "py/x", "security_severity_level": "high", "tags": ["external/cwe/cwe-079"]}, "tool": {"name": "CodeQL"}, "most_recent_instance": {"location": {"path": "a.py", "start_line": 2}}}]"#,
            &["high py/x a.py:2"],
        );
    }
}
