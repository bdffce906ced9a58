//! RuboCop: offenses of files.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "rubocop",
    title: "RuboCop",
    marks: &[Mark::Json(&["files.offenses", "metadata.rubocop_version"])],
    scale: &[("convention", Severity::Low), ("refactor", Severity::Low), ("fatal", Severity::High)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["files|offenses"],
    rule: &["cop_name"],
    title: &["message"],
    message: &["message"],
    severity: &["severity"],
    file: &["^path"],
    line: &["location.start_line"],
    end_line: &["location.last_line"],
    column: &["location.start_column"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "rubocop",
            r#"{"metadata": {"rubocop_version": "1"}, "files": [{"path": "a.rb", "offenses": [{"severity": "convention", "message": "m", "cop_name": "Security/Open", "location": {"start_line": 3}}]}]}"#,
            &["low Security/Open a.rb:3"],
        );
    }
}
