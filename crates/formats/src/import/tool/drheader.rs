//! drHEADer: headers of a site.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "drheader",
    title: "drHEADer",
    marks: &[Mark::JsonList(&["rule", "severity", "message"]), Mark::JsonList(&["url", "report.rule"])],
    writes_lines: true,
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        with: &["rule"],
        rule: &["rule"],
        title: &["message"],
        message: &["message", "expected", "value"],
        severity: &["severity"],
        ..Flat::BASE
    },
    Flat {
        items: &["|report"],
        rule: &["rule"],
        title: &["message"],
        message: &["message", "expected", "value"],
        severity: &["severity"],
        url: &["^url"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "drheader",
            r#"[{"rule": "Content-Security-Policy", "severity": "high", "message": "m"}]"#,
            &["high Content-Security-Policy"],
        );
    }
}
