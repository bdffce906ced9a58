//! Reports of the Trivy operator: resources of Kubernetes, one or a list of them.

use super::{Component, Importer, Mark, Node, Observation, Place, Reading, Score, Sink, id_and, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "trivy_operator",
    title: "Trivy operator",
    marks: &[
        Mark::Json(&["apiVersion~aquasecurity.github.io"]),
        Mark::Json(&["items.apiVersion~aquasecurity.github.io"]),
        Mark::Json(&["*.apiVersion~aquasecurity.github.io"]),
        Mark::Json(&["*.items.apiVersion~aquasecurity.github.io"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let is_report = |node: &&Node| node.str("apiVersion").contains("aquasecurity") && !node.str("kind").ends_with("List");
    let mut reports: Vec<&Node> = Vec::new();
    for list in ["", "items", "*", "*.items"] {
        for report in root.each(list).into_iter().filter(is_report) {
            if !reports.iter().any(|known| std::ptr::eq(*known, report)) {
                reports.push(report);
            }
        }
    }
    reports.into_iter().for_each(|report| of_report(report, out));
}

fn of_report(resource: &Node, out: &mut Sink<'_>) {
    let label = |name: &str| resource.at("metadata.labels").at(&format!("trivy-operator.{name}")).as_str();
    let workload = format!("{}/{}", label("resource.kind"), label("resource.name"));
    let container = label("container.name");
    let id = if container.is_empty() { workload } else { format!("{workload}/{container}") };
    let place = Place::resource(id.trim_matches('/'), label("resource.kind"), label("resource.namespace"));
    let report = resource.at("report");
    for flaw in report.each("vulnerabilities") {
        let name = flaw.str("vulnerabilityID");
        out.push(Observation {
            rule: name.to_owned(),
            title: flaw.text("title"),
            message: flaw.text("description"),
            severity: out.severity(flaw.str("severity")),
            severity_word: flaw.text("severity"),
            ids: id_and(name, ""),
            place: place.clone(),
            component: Component::fixed(flaw.str("resource"), flaw.str("installedVersion"), flaw.str("fixedVersion")),
            references: [flaw.texts("primaryLink"), flaw.texts("links")].concat(),
            scores: Score::list("", flaw.decimal("score")),
            first_seen: flaw.text("publishedDate"),
            ..Observation::default()
        });
    }
    for secret in report.each("secrets") {
        out.push(Observation {
            rule: secret.text("ruleID"),
            title: secret.text("title"),
            message: secret.text("category"),
            severity: out.severity(secret.str("severity")),
            severity_word: secret.text("severity"),
            cwe: vec![798],
            place: Place::file(secret.str("target"), None).or(place.clone()),
            ..Observation::default()
        });
    }
    let checks = report.each("checks").into_iter().chain(resource.each("status.detailReport.results.checks"));
    for check in checks.filter(|check| !check.flag("success")) {
        out.push(Observation {
            rule: check.text("checkID"),
            title: check.text("title"),
            message: paragraphs(&[check.str("description"), &check.texts("messages").join("\n")]),
            severity: out.severity(check.str("severity")),
            severity_word: check.text("severity"),
            ids: id_and(check.str("checkID"), ""),
            place: place.clone().or(Place::resource(check.str("target"), "", "")),
            fix: check.text("remediation"),
            tags: check.texts("category"),
            ..Observation::default()
        });
    }
    for control in
        resource.each("status.summaryReport.controlCheck").into_iter().filter(|control| control.number("totalFail").is_some_and(|n| 0 < n))
    {
        out.push(Observation {
            rule: control.text("id"),
            title: control.text("name"),
            message: format!("{} failed", control.str("totalFail")),
            severity: out.severity(control.str("severity")),
            severity_word: control.text("severity"),
            place: Place::resource(resource.str("metadata.name"), "compliance", ""),
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn every_kind_of_report_is_read() {
        check(
            "trivy_operator",
            r#"{"apiVersion": "v1", "items": [{"apiVersion": "aquasecurity.github.io/v1alpha1", "kind": "VulnerabilityReport", "metadata": {"labels": {"trivy-operator.resource.kind": "Pod", "trivy-operator.resource.name": "p"}},
            "report": {"vulnerabilities": [{"vulnerabilityID": "CVE-2026-1", "severity": "LOW", "resource": "left", "installedVersion": "1"}], "checks": [{"checkID": "KSV1", "severity": "HIGH", "success": false}, {"checkID": "KSV2", "success": true}]}}]}"#,
            &["low CVE-2026-1 Pod/p left@1", "high KSV1 Pod/p"],
        );
    }
}
