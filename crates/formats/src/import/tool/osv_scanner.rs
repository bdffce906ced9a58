//! OSV-Scanner's JSON: <https://google.github.io/osv-scanner/output/>.

use super::{Component, Importer, Mark, Node, Observation, Place, Reading, Score, Sink, cwes_in, id_and, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "osv_scanner",
    title: "OSV-Scanner",
    marks: &[
        Mark::Json(&["results.packages.vulnerabilities", "results.source"]),
        Mark::Json(&["results.packages.package", "results.source"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for result in root.each("results") {
        for package in result.each("packages") {
            let (name, version) = (package.str("package.name"), package.str("package.version"));
            for flaw in package.each("vulnerabilities") {
                // The same package in several ranges: that with the same name counts.
                let fixed = flaw
                    .each("affected")
                    .into_iter()
                    .filter(|it| it.str("package.name") == name)
                    .flat_map(|it| it.texts("ranges.events.fixed"));
                let word = flaw.first(&["database_specific.severity"]);
                out.push(Observation {
                    rule: flaw.text("id"),
                    title: flaw.text("summary"),
                    message: paragraphs(&[flaw.str("summary"), flaw.str("details")]),
                    severity: out.severity(word),
                    severity_word: word.to_owned(),
                    cwe: cwes_in(&[flaw.each("database_specific.cwe_ids"), flaw.each("affected.database_specific.cwes.cweId")].concat()),
                    ids: id_and(flaw.str("id"), &flaw.texts("aliases").join(" ")),
                    place: Place::file(result.str("source.path"), None),
                    component: Component::fixed(name, version, &fixed.collect::<Vec<_>>().join(", ")),
                    references: flaw.texts("references.url"),
                    scores: flaw.each("severity").into_iter().flat_map(|it| Score::list(it.str("score"), None)).collect(),
                    first_seen: flaw.text("published"),
                    tags: package.texts("package.ecosystem"),
                    ..Observation::default()
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn a_vector_tells_how_bad_it_is() {
        check(
            "osv_scanner",
            r#"{"results": [{"source": {"path": "yarn.lock"}, "packages": [{"package": {"name": "left", "version": "1", "ecosystem": "npm"}, "vulnerabilities": [{"id": "GHSA-aaaa-bbbb-cccc",
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}]}]}]}"#,
            &["critical GHSA-aaaa-bbbb-cccc yarn.lock left@1"],
        );
    }
}
