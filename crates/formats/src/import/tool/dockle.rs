//! Dockle: images of containers.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "dockle",
    title: "Dockle",
    marks: &[Mark::Json(&["details.code", "summary.fatal"]), Mark::Json(&["summary.fatal", "summary.warn"])],
    scale: &[("fatal", Severity::Critical), ("warn", Severity::High), ("info", Severity::Info), ("ignore", Severity::Info)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["details"],
    without: ("level", &["PASS", "SKIP"]),
    rule: &["code"],
    title: &["title"],
    message: &["alerts"],
    severity: &["level"],
    image: &["^image"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "dockle",
            r#"{"summary": {"fatal": 0, "warn": 1}, "details": [{"code": "CIS-DI-0001", "title": "t", "level": "WARN", "alerts": ["a"]}]}"#,
            &["high CIS-DI-0001"],
        );
    }
}
