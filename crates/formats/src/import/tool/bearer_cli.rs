//! Bearer CLI.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "bearer_cli",
    title: "Bearer",
    marks: &[Mark::Json(&["high.cwe_ids"]), Mark::Json(&["*.documentation_url", "*.full_filename"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["critical"],
        rule: &["id"],
        title: &["title"],
        message: &["description"],
        otherwise: Some(Severity::Critical),
        cwe: &["cwe_ids"],
        file: &["filename", "full_filename"],
        line: &["line_number"],
        snippet: &["code_extract"],
        references: &["documentation_url"],
        fingerprint: &["fingerprint"],
        ..Flat::BASE
    },
    Flat {
        items: &["high"],
        rule: &["id"],
        title: &["title"],
        message: &["description"],
        otherwise: Some(Severity::High),
        cwe: &["cwe_ids"],
        file: &["filename", "full_filename"],
        line: &["line_number"],
        snippet: &["code_extract"],
        references: &["documentation_url"],
        fingerprint: &["fingerprint"],
        ..Flat::BASE
    },
    Flat {
        items: &["medium"],
        rule: &["id"],
        title: &["title"],
        message: &["description"],
        otherwise: Some(Severity::Medium),
        cwe: &["cwe_ids"],
        file: &["filename", "full_filename"],
        line: &["line_number"],
        snippet: &["code_extract"],
        references: &["documentation_url"],
        fingerprint: &["fingerprint"],
        ..Flat::BASE
    },
    Flat {
        items: &["low"],
        rule: &["id"],
        title: &["title"],
        message: &["description"],
        otherwise: Some(Severity::Low),
        cwe: &["cwe_ids"],
        file: &["filename", "full_filename"],
        line: &["line_number"],
        snippet: &["code_extract"],
        references: &["documentation_url"],
        fingerprint: &["fingerprint"],
        ..Flat::BASE
    },
    Flat {
        items: &["warning"],
        rule: &["id"],
        title: &["title"],
        message: &["description"],
        otherwise: Some(Severity::Info),
        cwe: &["cwe_ids"],
        file: &["filename", "full_filename"],
        line: &["line_number"],
        snippet: &["code_extract"],
        references: &["documentation_url"],
        fingerprint: &["fingerprint"],
        ..Flat::BASE
    },
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
