//! Errata of Red Hat Satellite.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "redhatsatellite",
    title: "Red Hat Satellite",
    marks: &[Mark::Json(&["results.errata_id"]), Mark::Json(&["selectable", "subtotal", "results"])],
    scale: &[("none", Severity::Low)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["results"],
    rule: &["errata_id"],
    title: &["title"],
    message: &["description", "summary"],
    severity: &["severity"],
    otherwise: Some(Severity::Low),
    ids: &["cves.cve_id", "errata_id"],
    fix: &["solution"],
    references: &["bugs.href", "cves.href"],
    component: &["packages"],
    fingerprint: &["uuid"],
    first_seen: &["issued"],
    tags: &["type"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "redhatsatellite",
            r#"{"selectable": 1, "subtotal": 1, "results": [{"errata_id": "RHSA-2026:1", "title": "t", "severity": "Important"}]}"#,
            &["high RHSA-2026:1"],
        );
    }
}
