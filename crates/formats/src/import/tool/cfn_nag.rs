//! cfn_nag.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "cfn_nag",
    title: "cfn_nag",
    marks: &[Mark::JsonList(&["filename", "file_results.violations"])],
    scale: &[("warn", Severity::Medium), ("fail", Severity::High)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["|file_results.violations"],
    rule: &["id"],
    title: &["message"],
    message: &["message", "name"],
    severity: &["type"],
    file: &["^filename"],
    line: &["line_numbers"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "cfn_nag",
            r#"[{"filename": "./a.yaml", "file_results": {"violations": [{"id": "W48", "type": "WARN", "message": "m", "line_numbers": [5]}]}}]"#,
            &["medium W48 a.yaml:5"],
        );
    }
}
