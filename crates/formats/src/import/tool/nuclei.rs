//! Nuclei's JSON: one result a line, or a list.

use super::{Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Sink, cwes_in, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "nuclei",
    title: "Nuclei",
    marks: &[
        Mark::Json(&["template-id", "info.name", "info.severity"]),
        Mark::Json(&["templateID", "info.name"]),
        Mark::Json(&["template", "info.severity", "matched-at"]),
    ],
    writes_lines: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    for result in root.each("") {
        let info = result.at("info");
        let template = result.first(&["template-id", "templateID"]);
        let matched = result.first(&["matched-at", "matched", "host"]);
        let matcher = result.first(&["matcher-name", "matcher_name", "extractor-name"]);
        let host = matched.split("://").last().unwrap_or_default().split(['/', ':', '?']).next().unwrap_or_default();
        merged.push(
            format!("{template}\0{}\0{matcher}\0{host}", result.str("type")),
            Observation {
                rule: template.to_owned(),
                title: info.text("name"),
                message: info.text("description"),
                severity: out.severity(info.str("severity")),
                severity_word: info.text("severity"),
                cwe: cwes_in(&info.each("classification.cwe-id")),
                ids: id_and("", &info.texts("classification.cve-id").join(" ").to_ascii_uppercase()),
                place: Place::endpoint(matched, "", matcher),
                fix: info.text("remediation"),
                references: info.texts("reference"),
                scores: Score::list(info.str("classification.cvss-metrics"), info.decimal("classification.cvss-score")),
                first_seen: result.text("timestamp"),
                tags: info.texts("tags").iter().flat_map(|tags| tags.split(',')).map(|tag| tag.trim().to_owned()).collect(),
                ..Observation::default()
            },
        );
    }
    merged.finish(out);
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn lines_are_results() {
        let line = r#"{"template-id": "t", "info": {"name": "n", "severity": "high", "classification": {"cve-id": ["cve-2026-1"]}}, "type": "http", "matched-at": "https://x/a"}"#;
        check("nuclei", &format!("{line}\n{line}"), &["high t https://x/a"]);
    }
}
