//! Terrascan.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "terrascan",
    title: "Terrascan",
    marks: &[Mark::Json(&["results.violations", "results.scan_summary"]), Mark::Json(&["results.scan_errors", "results.violations"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["results.violations"],
    rule: &["rule_id"],
    title: &["rule_name"],
    message: &["description"],
    severity: &["severity"],
    file: &["file"],
    line: &["line"],
    resource: &["resource_name"],
    resource_kind: &["resource_type"],
    tags: &["category"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "terrascan",
            r#"{"results": {"scan_errors": [], "violations": [{"rule_name": "n", "rule_id": "R", "severity": "HIGH", "file": "a.tf", "line": 3}]}}"#,
            &["high R a.tf:3"],
        );
    }
}
