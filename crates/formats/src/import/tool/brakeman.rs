//! Brakeman's JSON.

use super::{Confidence, Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, cwes_in};

pub(super) static IMPORTER: Importer = Importer {
    id: "brakeman",
    title: "Brakeman",
    marks: &[Mark::Json(&["scan_info.brakeman_version", "warnings"]), Mark::Json(&["warnings.warning_type", "warnings.fingerprint"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("Brakeman", root.str("scan_info.brakeman_version"));
    out.time(root.str("scan_info.end_time"));
    let mut merged = Merged::default();
    for warning in root.each("warnings") {
        merged.push(
            warning.str("fingerprint"),
            Observation {
                rule: warning.text("check_name"),
                title: warning.text("warning_type"),
                message: warning.text("message"),
                // Brakeman is sure or not, and does not say how bad it is.
                severity: Some(Severity::Medium),
                confidence: match warning.str("confidence") {
                    "High" => Some(Confidence::High),
                    "Medium" => Some(Confidence::Medium),
                    "Weak" => Some(Confidence::Low),
                    _ => None,
                },
                cwe: cwes_in(&warning.each("cwe_id")),
                place: Place::file(warning.str("file"), warning.line("line")),
                fingerprints: Fingerprint::list("brakeman", warning.str("fingerprint")),
                snippet: warning.text("code"),
                references: warning.texts("link"),
                ..Observation::default()
            },
        );
    }
    merged.finish(out);
    root.each("errors").into_iter().for_each(|error| {
        out.problem(error.text("error"));
        out.completion(super::Completion::Partial);
    });
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn warnings_are_read() {
        check(
            "brakeman",
            r#"{"scan_info": {"brakeman_version": "5"}, "warnings": [{"warning_type": "XSS", "fingerprint": "f", "check_name": "C", "message": "m", "file": "a.rb", "line": 2, "confidence": "High"}], "errors": []}"#,
            &["medium C a.rb:2"],
        );
    }
}
