//! Reports of gitleaks, of version 8 and of those before.

use super::{Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, line};

pub(super) static IMPORTER: Importer = Importer {
    id: "gitleaks",
    title: "gitleaks",
    aliases: &["betterleaks"],
    marks: &[
        Mark::JsonList(&["RuleID", "StartLine", "File"]),
        Mark::JsonList(&["Description", "Secret", "File"]),
        Mark::JsonList(&["offender", "rule", "file"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    for leak in root.each("") {
        let rule = leak.first(&["RuleID", "rule"]);
        let (path, at) = (leak.first(&["File", "file"]), leak.line("StartLine").or(leak.line("lineNumber")));
        let title = leak.first(&["Description", "rule"]);
        let secret = leak.first(&["Secret", "offender"]);
        let mut tags = leak.texts("Tags");
        tags.extend(leak.str("tags").split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned));
        // The secret tells leaks apart, and goes no further.
        merged.push(
            format!("{rule}\0{title}\0{path}\0{at:?}\0{secret}"),
            Observation {
                rule: rule.to_owned(),
                title: title.to_owned(),
                message: line(leak.first(&["Message", "commitMessage"])).to_owned(),
                severity: Some(Severity::High),
                cwe: vec![798],
                place: Place::file(path, at).to(leak.line("StartColumn"), leak.line("EndLine"), leak.line("EndColumn")),
                fingerprints: Fingerprint::list("gitleaks", leak.str("Fingerprint")),
                references: leak.texts("leakURL"),
                first_seen: leak.first(&["Date", "date"]).to_owned(),
                tags,
                ..Observation::default()
            },
        );
    }
    merged.finish(out);
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::{check, read};

    #[test]
    fn both_shapes_are_read_and_secrets_are_not_kept() {
        let text =
            r#"[{"Description": "Key", "StartLine": 3, "File": "a.py", "RuleID": "key", "Secret": "hunter2", "Match": "k = hunter2"}]"#;
        check("gitleaks", text, &["high key a.py:3"]);
        assert!(!format!("{:?}", read(text)).contains("hunter2"));
        check(
            "gitleaks",
            r#"[{"rule": "AWS", "file": "b", "lineNumber": 1, "offender": "x", "line": "y", "tags": "key, aws"}]"#,
            &["high AWS b:1"],
        );
    }
}
