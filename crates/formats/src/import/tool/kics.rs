//! KICS' JSON: <https://docs.kics.io/latest/results/>.

use super::{Fingerprint, Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, cwes, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "kics",
    title: "KICS",
    marks: &[Mark::Json(&["queries_total", "queries", "kics_version"]), Mark::Json(&["queries_total", "queries", "files_scanned"])],
    scale: &[("trace", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("KICS", root.str("kics_version"));
    out.time(root.str("end"));
    if root.number("files_failed_to_scan").is_some_and(|n| 0 < n) || root.number("queries_failed_to_execute").is_some_and(|n| 0 < n) {
        out.problem("some files or queries failed");
        out.completion(super::Completion::Partial);
    }
    for query in root.each("queries") {
        for found in query.each("files") {
            out.push(Observation {
                rule: query.text("query_id"),
                title: query.text("query_name"),
                message: paragraphs(&[query.str("description"), found.str("actual_value")]),
                severity: out.severity(query.str("severity")),
                severity_word: query.text("severity"),
                cwe: cwes(query.str("cwe")),
                place: Place::file(found.str("file_name"), found.line("line")),
                also: match Place::resource(found.first(&["resource_name", "search_key"]), found.str("resource_type"), "") {
                    Place::Unknown => Vec::new(),
                    resource => vec![resource],
                },
                fingerprints: Fingerprint::list("kics/similarity-id", found.str("similarity_id")),
                fix: found.text("expected_value"),
                references: query.texts("query_url"),
                tags: [query.texts("platform"), query.texts("category")].concat(),
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn each_file_of_a_query_is_told() {
        check(
            "kics",
            r#"{"files_scanned": 1, "queries_total": 1, "queries": [{"query_id": "q", "query_name": "n", "severity": "HIGH", "files": [{"file_name": "a.tf", "line": 2}, {"file_name": "b.tf", "line": 3}]}]}"#,
            &["high q a.tf:2", "high q b.tf:3"],
        );
    }
}
