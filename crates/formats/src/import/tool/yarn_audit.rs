//! `yarn audit --json` of version 1, one message a line, and `yarn npm audit --json` of later ones.

use super::{Component, Importer, Mark, Merged, Node, Observation, Reading, Sink, id_and, links, npm_audit};

pub(super) static IMPORTER: Importer = Importer {
    id: "yarn_audit",
    title: "yarn audit",
    marks: &[
        Mark::Json(&["type=auditAdvisory", "data.advisory"]),
        Mark::Json(&["type=auditSummary"]),
        Mark::Json(&["type", "data.vulnerabilities.moderate"]),
        Mark::Json(&["data.advisory.module_name"]),
        Mark::Json(&["value", "children.Severity"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    npm_audit::advisories(root, out);
    let mut merged = Merged::default();
    for message in root.each("") {
        if message.str("type") == "error" {
            out.problem(message.first(&["data", "message"]));
        }
        let advisory = message.at("data.advisory");
        if *advisory != Node::Null {
            let version = advisory.str("findings.version");
            merged.push(format!("{} {}", advisory.str("id"), advisory.str("module_name")), npm_audit::of_advisory(advisory, version, out));
        }
        let children = message.at("children");
        if children.has("Severity") {
            out.push(Observation {
                rule: children.text("ID"),
                title: children.text("Issue"),
                severity: out.severity(children.str("Severity")),
                severity_word: children.text("Severity"),
                ids: id_and("", children.str("URL")),
                component: Component::of(message.str("value"), children.str("Tree Versions")),
                references: links(children.str("URL")),
                ..Observation::default()
            });
        }
    }
    merged.finish(out);
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn an_advisory_is_told_once() {
        let line = r#"{"type": "auditAdvisory", "data": {"resolution": {"id": 1}, "advisory": {"id": 1, "module_name": "left", "severity": "high", "findings": [{"version": "1"}]}}}"#;
        check("yarn_audit", &format!("{line}\n{line}\n{{\"type\": \"auditSummary\", \"data\": {{}}}}"), &["high 1 left@1"]);
    }
}
