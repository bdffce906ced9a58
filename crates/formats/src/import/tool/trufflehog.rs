//! TruffleHog's JSON, one result a line: version 3, and version 2 of before.

use super::{Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink};

pub(super) static IMPORTER: Importer = Importer {
    id: "trufflehog",
    title: "TruffleHog",
    aliases: &["trufflehog3"],
    marks: &[
        Mark::Json(&["SourceMetadata.Data", "DetectorName"]),
        Mark::Json(&["SourceMetadata", "DetectorType"]),
        Mark::Json(&["path", "reason", "commitHash", "stringsFound"]),
        Mark::JsonList(&["rule.id", "path", "secret", "context"]),
        Mark::JsonList(&["rule.pattern", "path", "secret"]),
    ],
    writes_lines: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    for result in root.each("") {
        if result.has("DetectorName") {
            of_version_3(result, &mut merged);
        } else if result.has("reason") {
            of_version_2(result, &mut merged);
        } else if result.has("rule") {
            of_trufflehog3(result, out, &mut merged);
        }
    }
    merged.finish(out);
}

/// What is verified can be used by whoever reads it.
fn of_version_3(result: &Node, merged: &mut Merged) {
    // The source has one member, named by its kind.
    let source = result.at("SourceMetadata.Data").members("").first().map_or(&Node::Null, |(_, source)| source);
    let path = source.first(&["file", "key", "path", "link", "filename"]);
    let is_verified = result.flag("Verified");
    let place = Place::file(path, source.line("line"));
    merged.push(
        format!("{} {path} {} {}", result.str("DetectorName"), source.str("line"), result.first(&["Raw", "Redacted"])),
        Observation {
            rule: result.text("DetectorName"),
            title: format!("{} credential", result.str("DetectorName")),
            severity: Some(if is_verified { Severity::Critical } else { Severity::Medium }),
            cwe: vec![798],
            place: place.or(Place::image(source.str("image"))).or(Place::resource(source.first(&["bucket", "repository"]), "", "")),
            references: source.texts("link"),
            first_seen: source.text("timestamp"),
            tags: if is_verified { vec!["verified".to_owned()] } else { Vec::new() },
            ..Observation::default()
        },
    );
}

/// A commit's secrets are told together.
fn of_version_2(result: &Node, merged: &mut Merged) {
    let reason = result.str("reason");
    merged.push(
        format!("{} {reason}", result.str("path")),
        Observation {
            rule: reason.to_owned(),
            title: reason.to_owned(),
            severity: Some(Severity::High),
            cwe: vec![798],
            place: Place::file(result.str("path"), None),
            first_seen: result.text("date"),
            ..Observation::default()
        },
    );
}

fn of_trufflehog3(result: &Node, out: &Sink<'_>, merged: &mut Merged) {
    let word = result.str("rule.severity");
    merged.push(
        format!("{} {} {} {}", result.str("rule.id"), result.str("path"), result.str("line"), result.str("secret")),
        Observation {
            rule: result.text("rule.id"),
            title: result.first(&["rule.message", "rule.id"]).to_owned(),
            severity: out.severity(word).or(Some(Severity::High).filter(|_| word.is_empty())),
            severity_word: word.to_owned(),
            cwe: vec![798],
            place: Place::file(result.str("path"), result.line("line")),
            first_seen: result.text("date"),
            ..Observation::default()
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::{check, read};

    #[test]
    fn secrets_are_found_and_not_kept() {
        let line = r#"{"SourceMetadata": {"Data": {"Git": {"file": "a.py", "line": 3}}}, "DetectorType": 2, "DetectorName": "AWS", "Verified": true, "Raw": "hunter2"}"#;
        check("trufflehog", line, &["critical AWS a.py:3"]);
        assert!(!format!("{:?}", read(line)).contains("hunter2"));
        check(
            "trufflehog",
            r#"[{"path": "a", "reason": "High entropy", "commitHash": "c", "stringsFound": ["x"]}]"#,
            &["high High entropy a"],
        );
    }
}
