//! Reports of policies in Kubernetes (OpenReports, wgpolicyk8s).

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "openreports",
    title: "OpenReports",
    marks: &[Mark::Json(&["apiVersion~openreports.io"]), Mark::Json(&["items.apiVersion~openreports.io"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["|results", "items|results"],
    without: ("result", &["pass", "skip"]),
    rule: &["policy"],
    title: &["policy"],
    message: &["description"],
    severity: &["severity"],
    ids: &["policy"],
    component: &["properties.pkgName"],
    version: &["properties.installedVersion"],
    fixed: &["properties.fixedVersion"],
    resource: &["^scope.name"],
    resource_kind: &["^scope.kind"],
    within: &["^scope.namespace"],
    references: &["properties.primaryURL"],
    tags: &["category"],
    first_seen: &["timestamp"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "openreports",
            r#"{"apiVersion": "openreports.io/v1alpha1", "scope": {"name": "d", "kind": "Deployment"}, "results": [{"policy": "CVE-2026-1", "result": "fail", "severity": "low"}, {"policy": "p", "result": "pass"}]}"#,
            &["low CVE-2026-1 d"],
        );
    }
}
