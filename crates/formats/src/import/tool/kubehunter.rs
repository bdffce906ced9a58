//! kube-hunter.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "kubehunter",
    title: "kube-hunter",
    marks: &[Mark::Json(&["nodes", "services", "vulnerabilities"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["vulnerabilities"],
    merged: &["vid", "vulnerability", "evidence", "location"],
    rule: &["vid"],
    title: &["vulnerability"],
    message: &["description", "category", "evidence"],
    severity: &["severity"],
    resource: &["location"],
    references: &["avd_reference"],
    tags: &["category"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "kubehunter",
            r#"{"nodes": [], "services": [], "vulnerabilities": [{"vid": "KHV044", "severity": "high", "vulnerability": "v", "location": "10.0.0.1:1"}]}"#,
            &["high KHV044 10.0.0.1:1"],
        );
    }
}
