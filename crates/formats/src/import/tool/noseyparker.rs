//! Secrets that Nosey Parker found.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "noseyparker",
    title: "Nosey Parker",
    marks: &[Mark::Json(&["rule_name", "matches.provenance"]), Mark::Json(&["type=finding", "rule_name"])],
    writes_lines: true,
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["|matches"],
    merged: &["^finding_id", "^rule_name", "provenance.path", "provenance.commit_provenance.blob_path", "^match_content"],
    rule: &["^rule_name"],
    title: &["^rule_name"],
    otherwise: Some(Severity::High),
    file: &["provenance.path", "provenance.commit_provenance.blob_path", "provenance.first_commit.blob_path"],
    line: &["location.source_span.start.line"],
    fingerprint: &["^finding_id"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "noseyparker",
            r#"{"type": "finding", "rule_name": "Key", "match_content": "hunter2", "matches": [{"provenance": [{"kind": "file", "path": "a.py"}], "location": {"source_span": {"start": {"line": 3}}}}]}"#,
            &["high Key a.py:3"],
        );
    }
}
