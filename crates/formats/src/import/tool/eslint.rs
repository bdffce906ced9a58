//! ESLint's JSON: <https://eslint.org/docs/latest/use/formatters/#json>.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink};

pub(super) static IMPORTER: Importer = Importer {
    id: "eslint",
    title: "ESLint",
    marks: &[Mark::JsonList(&["filePath", "messages", "errorCount"])],
    scale: &[("1", Severity::Medium), ("2", Severity::High)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for file in root.each("") {
        for message in file.each("messages") {
            let place = Place::file(file.str("filePath"), message.line("line"));
            let rule = message.str("ruleId");
            out.push(Observation {
                // What can't be parsed breaks no rule.
                rule: if rule.is_empty() { "parsing" } else { rule }.to_owned(),
                message: message.text("message"),
                severity: out.severity(message.str("severity")),
                severity_word: message.text("severity"),
                place: place.to(message.line("column"), message.line("endLine"), message.line("endColumn")),
                fix: message.text("fix.text"),
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn messages_of_files_are_read() {
        check(
            "eslint",
            r#"[{"filePath": "/a.js", "errorCount": 1, "messages": [{"ruleId": "no-eval", "severity": 2, "message": "m", "line": 3, "column": 1}]}, {"filePath": "/b.js", "errorCount": 0, "messages": []}]"#,
            &["high no-eval /a.js:3"],
        );
    }
}
