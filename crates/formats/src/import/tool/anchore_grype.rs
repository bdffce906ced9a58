//! Grype's JSON: <https://github.com/anchore/grype>.

use super::{Component, Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Severity, Sink, cwes_in, id_and, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "anchore_grype",
    title: "Grype",
    aliases: &["grype"],
    marks: &[
        Mark::Json(&["matches", "descriptor.name=grype"]),
        Mark::Json(&["matches.vulnerability", "matches.artifact"]),
        Mark::Json(&["matches", "source", "distro"]),
    ],
    scale: &[("negligible", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool(root.str("descriptor.name"), root.str("descriptor.version"));
    out.target(root.first(&["source.target.userInput", "source.target"]));
    out.time(root.str("descriptor.timestamp"));
    let mut merged = Merged::default();
    // What was ignored is in a list of its own, and is no match.
    for found in root.each("matches") {
        let observation = observation(found, out);
        merged.push(format!("{} {:?}", observation.rule, observation.component), observation);
    }
    merged.finish(out);
}

fn observation(found: &Node, out: &Sink<'_>) -> Observation {
    let (flaw, artifact) = (found.at("vulnerability"), found.at("artifact"));
    let name = flaw.str("id");
    let mut ids = id_and(name, "");
    found.texts("relatedVulnerabilities.id").into_iter().filter(|id| id != name).for_each(|id| ids.push(id));
    let cvss = if flaw.each("cvss").is_empty() { found.each("relatedVulnerabilities.cvss") } else { flaw.each("cvss") };
    let component = Component::purl(artifact.str("purl"), artifact.str("name"), artifact.str("version"));
    let related = found.str("relatedVulnerabilities.description");
    Observation {
        rule: name.to_owned(),
        message: paragraphs(&[flaw.str("description"), if related == flaw.str("description") { "" } else { related }]),
        severity: out.severity(flaw.str("severity")),
        severity_word: flaw.text("severity"),
        cwe: cwes_in(&flaw.each("cwes.cwe")),
        ids,
        place: Place::file(artifact.str("locations.path"), None),
        component: component.map(|component| Component { fixed_version: flaw.texts("fix.versions").join(", "), ..component }),
        references: [flaw.texts("dataSource"), flaw.texts("urls")].concat(),
        scores: cvss.into_iter().flat_map(|it| Score::list(it.str("vector"), it.decimal("metrics.baseScore"))).collect(),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn a_flaw_of_a_package_is_told_once() {
        let found = r#"{"vulnerability": {"id": "GHSA-aaaa-bbbb-cccc", "severity": "High"}, "artifact": {"name": "left", "version": "1", "locations": [{"path": "/a"}]}}"#;
        check(
            "anchore_grype",
            &format!(r#"{{"matches": [{found}, {found}], "descriptor": {{"name": "grype"}}}}"#),
            &["high GHSA-aaaa-bbbb-cccc /a left@1"],
        );
    }
}
