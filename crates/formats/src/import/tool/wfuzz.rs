//! Wfuzz: what answered.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "wfuzz",
    title: "Wfuzz",
    marks: &[Mark::JsonList(&["payload", "url", "chars", "words"])],
    scale: &[
        ("200", Severity::High),
        ("201", Severity::High),
        ("202", Severity::High),
        ("203", Severity::High),
        ("204", Severity::High),
        ("205", Severity::High),
        ("206", Severity::High),
        ("300", Severity::Low),
        ("301", Severity::Low),
        ("302", Severity::Low),
        ("303", Severity::Low),
        ("304", Severity::Low),
        ("305", Severity::Low),
        ("307", Severity::Low),
        ("308", Severity::Low),
        ("400", Severity::Medium),
        ("401", Severity::Medium),
        ("402", Severity::Medium),
        ("403", Severity::Medium),
        ("404", Severity::Medium),
        ("405", Severity::Medium),
        ("406", Severity::Medium),
        ("407", Severity::Medium),
        ("408", Severity::Medium),
        ("409", Severity::Medium),
        ("410", Severity::Medium),
        ("411", Severity::Medium),
        ("412", Severity::Medium),
        ("413", Severity::Medium),
        ("414", Severity::Medium),
        ("415", Severity::Medium),
        ("418", Severity::Medium),
        ("422", Severity::Medium),
        ("429", Severity::Medium),
        ("500", Severity::Low),
        ("501", Severity::Low),
        ("502", Severity::Low),
        ("503", Severity::Low),
        ("504", Severity::Low),
        ("505", Severity::Low),
        ("511", Severity::Low),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    rule: &["code"],
    title: &["payload"],
    message: &["payload"],
    severity: &["code"],
    otherwise: Some(Severity::Low),
    url: &["url"],
    method: &["method"],
    merged: &["url", "code"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "wfuzz",
            r#"[{"chars": 1, "code": 200, "payload": "/a | GET", "method": "GET", "url": "https://x/a", "words": 1}]"#,
            &["high 200 GET https://x/a"],
        );
    }
}
