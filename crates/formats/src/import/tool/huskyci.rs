//! huskyCI: what the tools that it runs found.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "huskyci",
    title: "huskyCI",
    marks: &[Mark::Json(&["huskyciresults", "RID"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["huskyciresults.*.*.highvulns", "huskyciresults.*.*.mediumvulns", "huskyciresults.*.*.lowvulns"],
    rule: &["title", "details"],
    title: &["title", "details"],
    message: &["details"],
    severity: &["severity"],
    file: &["file"],
    line: &["line"],
    snippet: &["code"],
    component: &["code"],
    tags: &["securitytool", "language"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "huskyci",
            r#"{"RID": "r", "huskyciresults": {"goresults": {"gosecoutput": {"highvulns": [{"title": "t", "severity": "HIGH", "file": "a.go", "line": "3"}]}}}}"#,
            &["high t a.go:3"],
        );
    }
}
