//! Secretlint.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "secretlint",
    title: "Secretlint",
    marks: &[Mark::JsonList(&["filePath", "sourceContentType", "messages"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["|messages"],
    rule: &["ruleId"],
    title: &["messageId"],
    otherwise: Some(Severity::High),
    file: &["^filePath"],
    line: &["loc.start.line"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "secretlint",
            r#"[{"filePath": "/a.ini", "sourceContentType": "text", "messages": [{"ruleId": "r", "messageId": "AWS", "message": "found hunter2", "loc": {"start": {"line": 3}}}]}]"#,
            &["high r /a.ini:3"],
        );
    }
}
