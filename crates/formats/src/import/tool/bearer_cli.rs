//! Bearer CLI.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "bearer_cli",
    title: "Bearer",
    marks: &[Mark::Json(&["high.cwe_ids"]), Mark::Json(&["*.documentation_url", "*.full_filename"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

/// A finding; the list that it is in says how bad it is.
const FOUND: Flat = Flat {
    rule: &["id"],
    title: &["title"],
    message: &["description"],
    cwe: &["cwe_ids"],
    file: &["filename", "full_filename"],
    line: &["line_number"],
    snippet: &["code_extract"],
    references: &["documentation_url"],
    fingerprint: &["fingerprint"],
    ..Flat::BASE
};

static SHAPES: &[Flat] = &[
    Flat { items: &["critical"], otherwise: Some(Severity::Critical), ..FOUND },
    Flat { items: &["high"], otherwise: Some(Severity::High), ..FOUND },
    Flat { items: &["medium"], otherwise: Some(Severity::Medium), ..FOUND },
    Flat { items: &["low"], otherwise: Some(Severity::Low), ..FOUND },
    Flat { items: &["warning"], otherwise: Some(Severity::Info), ..FOUND },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "bearer_cli",
            r#"{"high": [{"cwe_ids": ["79"], "id": "r", "title": "t", "filename": "a.js", "full_filename": "a.js", "line_number": 3, "documentation_url": "https://x"}]}"#,
            &["high r a.js:3"],
        );
    }
}
