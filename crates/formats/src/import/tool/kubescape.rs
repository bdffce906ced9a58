//! Kubescape's JSON (format version 2).

use std::collections::HashMap;

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink};

pub(super) static IMPORTER: Importer = Importer {
    id: "kubescape",
    title: "Kubescape",
    marks: &[Mark::Json(&["summaryDetails.controls", "results"]), Mark::Json(&["results.resourceID", "results.controls"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.target(root.str("clusterName"));
    let summaries = root.at("summaryDetails.controls");
    let resources: HashMap<&str, &Node> =
        root.each("resources").into_iter().map(|resource| (resource.str("resourceID"), resource)).collect();
    for result in root.each("results") {
        let id = result.str("resourceID");
        let object = resources.get(id).map_or(&Node::Null, |resource| resource.at("object"));
        for control in result.each("controls") {
            let has_failed = if control.has("status.status") {
                control.str("status.status") == "failed"
            } else {
                control.each("rules").iter().any(|rule| rule.str("status") != "passed")
            };
            if !has_failed {
                continue;
            }
            let name = control.str("controlID");
            let summary = summaries.at(name);
            out.push(Observation {
                rule: name.to_owned(),
                title: control.text("name"),
                message: control.texts("rules.name").join(", "),
                severity: summary.decimal("scoreFactor").map(severity).or(Some(Severity::Info)),
                place: Place::resource(id, object.str("kind"), object.str("metadata.namespace")),
                fix: control.texts("rules.paths.fixPath.path").join("\n"),
                references: vec![format!("https://hub.armosec.io/docs/{}", name.to_ascii_lowercase())],
                tags: summary.texts("category.name"),
                ..Observation::default()
            });
        }
    }
}

/// Kubescape's scale of its score factor.
fn severity(factor: f64) -> Severity {
    match factor {
        factor if factor < 4.5 => Severity::Low,
        factor if factor < 7.5 => Severity::Medium,
        factor if factor < 9.5 => Severity::High,
        _ => Severity::Critical,
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn failed_controls_are_told_a_resource() {
        check(
            "kubescape",
            r#"{"summaryDetails": {"controls": {"C-1": {"scoreFactor": 7}}}, "resources": [{"resourceID": "r"}], "results": [{"resourceID": "r", "controls": [{"controlID": "C-1", "name": "n", "status": {"status": "failed"}}, {"controlID": "C-2", "status": {"status": "passed"}}]}]}"#,
            &["medium C-1 r"],
        );
    }
}
