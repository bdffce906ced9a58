//! What SonarQube's web API says of issues and hotspots, and the reports of `sonar-report` as JSON and HTML.

use super::{Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, cwes, id_and, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "sonarqube",
    title: "SonarQube",
    aliases: &["api_sonarqube"],
    marks: &[
        Mark::Json(&["paging", "components", "issues"]),
        Mark::Json(&["paging", "components", "hotspots"]),
        Mark::Json(&["projectName", "hotspotKeys", "issues"]),
        Mark::Json(&["projectName", "issues", "rules", "sonarBaseURL"]),
        Mark::Page(&["<title>SonarQube"]),
    ],
    scale: &[
        ("blocker", Severity::Critical),
        ("critical", Severity::High),
        ("major", Severity::Medium),
        ("minor", Severity::Low),
        ("info", Severity::Info),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.target(root.first(&["projectName", "sonarComponent"]));
    let mut merged = Merged::default();
    for list in ["issues", "hotspots"] {
        for issue in root.each(list) {
            let rule = issue.first(&["rule", "ruleKey"]);
            let help = plain(root.at("rules").at(rule).str("htmlDesc"));
            let message = issue.first(&["message", "description"]);
            let word = issue.first(&["severity", "vulnerabilityProbability"]);
            // A component is `project:path`.
            let component = issue.str("component");
            let path = component.strip_prefix(issue.str("project")).map_or(component, |rest| rest.trim_start_matches(':'));
            let path = if path.is_empty() { component } else { path };
            let key = issue.str("key");
            merged.push(
                if key.is_empty() { format!("{rule} {path} {} {message}", issue.str("line")) } else { key.to_owned() },
                Observation {
                    rule: rule.to_owned(),
                    title: message.to_owned(),
                    message: super::paragraphs(&[message, &help]),
                    severity: out.severity(word),
                    severity_word: word.to_owned(),
                    cwe: cwes(&format!("{message} {help}")),
                    ids: id_and("", message),
                    place: Place::file(path, issue.line("line")).to(None, issue.line("textRange.endLine"), None),
                    fingerprints: Fingerprint::list("sonarqube/key", key),
                    first_seen: issue.text("creationDate"),
                    tags: [issue.texts("tags"), issue.texts("type"), issue.texts("securityCategory")].concat(),
                    ..Observation::default()
                },
            );
        }
    }
    for row in root.each("").into_iter().filter(|row| row.has("Key") && row.has("Component")) {
        merged.push(row.str("Key"), of_row(row, out));
    }
    merged.finish(out);
}

/// A row of the page that `sonar-report` writes.
fn of_row(row: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: row.text("Rule"),
        title: row.first(&["Message", "Description"]).to_owned(),
        message: super::paragraphs(&[row.str("Description"), row.str("Message")]),
        severity: out.severity(row.str("Severity")),
        severity_word: row.text("Severity"),
        cwe: cwes(row.str("Description")),
        place: Place::file(row.str("Component"), row.line("Line")),
        fingerprints: Fingerprint::list("sonarqube/key", row.str("Key")),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn issues_and_hotspots_are_read() {
        check(
            "sonarqube",
            r#"{"paging": {"total": 1}, "components": [], "issues": [{"key": "k", "rule": "c:S1", "severity": "BLOCKER", "component": "p:src/a.c", "project": "p", "line": 3, "message": "m"}]}"#,
            &["critical c:S1 src/a.c:3"],
        );
        check(
            "sonarqube",
            r#"{"paging": {"total": 1}, "components": [], "hotspots": [{"key": "h", "ruleKey": "c:S2", "vulnerabilityProbability": "LOW", "component": "p:b.c", "project": "p"}]}"#,
            &["low c:S2 b.c"],
        );
    }
}
