//! cfn-lint.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "cfn_lint",
    title: "cfn-lint",
    marks: &[Mark::JsonList(&["Filename", "Rule.Id", "Level"])],
    scale: &[("error", Severity::High), ("warning", Severity::Medium), ("informational", Severity::Info)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    rule: &["Rule.Id"],
    title: &["Rule.ShortDescription"],
    message: &["Message", "Rule.Description"],
    severity: &["Level"],
    file: &["Filename"],
    line: &["Location.Start.LineNumber"],
    end_line: &["Location.End.LineNumber"],
    column: &["Location.Start.ColumnNumber"],
    references: &["Rule.Source"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "cfn_lint",
            r#"[{"Filename": "a.yaml", "Level": "Warning", "Message": "m", "Rule": {"Id": "W2001", "ShortDescription": "s"}, "Location": {"Start": {"LineNumber": 7}}}]"#,
            &["medium W2001 a.yaml:7"],
        );
    }
}
