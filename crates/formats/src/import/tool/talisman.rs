//! Talisman: files that may hold secrets.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "talisman",
    title: "Talisman",
    marks: &[Mark::Json(&["results.failure_list", "summary.types"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["results|failure_list"],
    rule: &["type"],
    title: &["message"],
    message: &["message"],
    severity: &["severity"],
    file: &["^filename"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "talisman",
            r#"{"summary": {"types": {}}, "results": [{"filename": "a.html", "failure_list": [{"type": "filename", "message": "m", "severity": "low"}]}]}"#,
            &["low filename a.html"],
        );
    }
}
