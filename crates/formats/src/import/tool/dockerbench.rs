//! Docker Bench for Security.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "dockerbench",
    title: "Docker Bench",
    marks: &[Mark::Json(&["dockerbenchsecurity", "tests"])],
    scale: &[("warn", Severity::High), ("info", Severity::Low), ("note", Severity::Info)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["tests.results"],
    without: ("result", &["PASS", "NOTE", "INFO"]),
    rule: &["id"],
    title: &["desc"],
    message: &["desc", "details", "remediation-impact"],
    severity: &["result"],
    resource: &["items"],
    fix: &["remediation"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "dockerbench",
            r#"{"dockerbenchsecurity": "1", "tests": [{"id": "1", "results": [{"id": "1.1", "desc": "d", "result": "WARN"}, {"id": "1.2", "result": "PASS"}]}]}"#,
            &["high 1.1"],
        );
    }
}
