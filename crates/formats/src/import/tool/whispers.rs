//! Secrets that Whispers found.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "whispers",
    title: "Whispers",
    marks: &[Mark::JsonList(&["key", "value", "file", "severity", "message"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] =
    &[Flat { rule: &["rule_id", "message"], title: &["message"], severity: &["severity"], file: &["file"], line: &["line"], ..Flat::BASE }];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "whispers",
            r#"[{"key": "k", "value": "hunter2", "file": "a.conf", "line": 2, "rule_id": "pip", "message": "m", "severity": "High"}]"#,
            &["high pip a.conf:2"],
        );
    }
}
