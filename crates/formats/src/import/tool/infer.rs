//! Infer: flaws of C, Java and others.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "infer",
    title: "Infer",
    marks: &[Mark::JsonList(&["bug_type", "qualifier", "procedure"])],
    scale: &[("error", Severity::High), ("warning", Severity::Medium), ("advice", Severity::Low), ("like", Severity::Low)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    rule: &["bug_type"],
    title: &["qualifier"],
    message: &["qualifier"],
    severity: &["severity"],
    file: &["file"],
    line: &["line"],
    column: &["column"],
    fingerprint: &["hash"],
    tags: &["category"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "infer",
            r#"[{"bug_type": "NULL_DEREFERENCE", "qualifier": "q", "severity": "ERROR", "line": 5, "column": 5, "procedure": "main", "file": "a.c"}]"#,
            &["high NULL_DEREFERENCE a.c:5"],
        );
    }
}
