//! Baselines of detect-secrets.

use super::{Fingerprint, Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "detect_secrets",
    title: "detect-secrets",
    marks: &[Mark::Json(&["plugins_used", "results", "generated_at"]), Mark::Json(&["results.*.hashed_secret"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("detect-secrets", root.str("version"));
    out.time(root.str("generated_at"));
    for (path, found) in root.members("results") {
        for secret in found.each("") {
            out.push(Observation {
                rule: secret.text("type"),
                title: secret.text("type"),
                severity: Some(Severity::High),
                cwe: vec![798],
                place: Place::file(path, secret.line("line_number")),
                fingerprints: Fingerprint::list("detect-secrets/sha1", secret.str("hashed_secret")),
                // Somebody looked: it is none.
                verdict: if secret.str("is_secret") == "false" { Verdict::FalsePositive } else { Verdict::Open },
                tags: if secret.flag("is_verified") { vec!["verified".to_owned()] } else { Vec::new() },
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn files_have_lists_of_secrets() {
        check(
            "detect_secrets",
            r#"{"version": "1.0", "plugins_used": [], "generated_at": "2026-01-01T00:00:00Z", "results": {"a.b/c.py": [{"type": "Hex", "hashed_secret": "h", "line_number": 4}]}}"#,
            &["high Hex a.b/c.py:4"],
        );
    }
}
