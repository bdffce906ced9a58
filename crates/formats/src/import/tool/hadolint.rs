//! hadolint's JSON.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink};

pub(super) static IMPORTER: Importer = Importer {
    id: "hadolint",
    title: "hadolint",
    marks: &[Mark::JsonList(&["code", "file", "level", "line", "message", "column"])],
    scale: &[("error", Severity::High), ("warning", Severity::Medium), ("info", Severity::Low), ("style", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for note in root.each("") {
        let code = note.str("code");
        // The rules of ShellCheck have pages of their own.
        let page = if code.starts_with("SC") { "https://www.shellcheck.net/wiki/" } else { "https://github.com/hadolint/hadolint/wiki/" };
        out.push(Observation {
            rule: code.to_owned(),
            message: note.text("message"),
            severity: out.severity(note.str("level")),
            severity_word: note.text("level"),
            place: Place::file(note.str("file"), note.line("line")).to(note.line("column"), None, None),
            references: vec![format!("{page}{code}")],
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn notes_are_read() {
        check(
            "hadolint",
            r#"[{"line": 9, "code": "DL3008", "message": "m", "column": 1, "file": "a\\Dockerfile", "level": "warning"}]"#,
            &["medium DL3008 a/Dockerfile:9"],
        );
    }
}
