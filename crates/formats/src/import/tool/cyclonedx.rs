//! CycloneDX with vulnerabilities, as JSON and XML, the extension of versions before 1.4 included: <https://cyclonedx.org>.
//!
//! Components without flaws are no observations: `bartizan sbom` reads them.

use std::collections::HashMap;

use super::{Component, Importer, Mark, Node, Observation, Place, Reading, Score, Severity, Sink, Verdict, cwes_in, id_and, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "cyclonedx",
    title: "CycloneDX",
    marks: &[
        Mark::Json(&["bomFormat=CycloneDX", "specVersion"]),
        Mark::Xml(&["bom.@xmlns~cyclonedx.org/schema/bom"]),
        Mark::Xml(&["bom.components", "bom.@version"]),
    ],
    scale: &[("none", Severity::Info)],
    names_tools: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let bom = if root.has("bom") { root.at("bom") } else { root };
    out.time(bom.str("metadata.timestamp"));
    out.target(bom.str("metadata.component.name"));
    for tool in bom.each("metadata.tools.tool").into_iter().chain(bom.each("metadata.tools.components")).chain(bom.each("metadata.tools")) {
        out.tool(tool.str("name"), tool.str("version"));
    }
    let mut components = Vec::new();
    collect(bom, &mut components);
    let by_ref: HashMap<&str, &Node> = components.iter().map(|component| (component.first(&["bom-ref", "@bom-ref"]), *component)).collect();
    for component in &components {
        for flaw in component.each("vulnerabilities.vulnerability") {
            out.push(observation(flaw, Some(component), out));
        }
    }
    let flaws = bom.each("vulnerabilities.vulnerability");
    let flaws = if flaws.is_empty() { bom.each("vulnerabilities").into_iter().filter(|flaw| flaw.has("id")).collect() } else { flaws };
    for flaw in flaws {
        // Of the old extension a flaw refers to its component itself.
        let old = flaw.texts("@ref");
        let affected = [flaw.texts("affects.ref"), flaw.texts("affects.target.ref"), old].concat();
        for reference in affected {
            out.push(observation(flaw, by_ref.get(reference.as_str()).copied().or_else(|| by_purl(&reference, &by_ref)), out));
        }
    }
}

/// Links to a component of another bill end with its reference: `urn:cdx:…/1#ref`.
fn by_purl<'n>(reference: &str, by_ref: &HashMap<&str, &'n Node>) -> Option<&'n Node> {
    by_ref.get(reference.rsplit_once('#')?.1).copied()
}

fn collect<'n>(node: &'n Node, found: &mut Vec<&'n Node>) {
    for list in ["components", "components.component"] {
        for component in node.each(list).into_iter().filter(|component| component.has("name")) {
            found.push(component);
            collect(component, found);
        }
    }
}

fn observation(flaw: &Node, component: Option<&Node>, out: &Sink<'_>) -> Observation {
    let ratings = [flaw.each("ratings.rating"), flaw.each("ratings")].concat();
    let ratings: Vec<&Node> =
        ratings.into_iter().filter(|rating| rating.has("severity") || rating.has("vector") || rating.has("score")).collect();
    // CVSS 3 first: it is what everybody has.
    let best =
        ratings.iter().find(|rating| rating.str("method").starts_with("CVSSv3") && rating.has("severity")).or_else(|| ratings.first());
    let word = best.map_or("", |rating| rating.str("severity"));
    let name = flaw.str("id");
    let others = [flaw.texts("references.id"), flaw.texts("references.reference.id")].concat();
    let mut ids = id_and(name, "");
    others.into_iter().filter(|id| id != name).for_each(|id| ids.push(id));
    Observation {
        rule: name.to_owned(),
        message: paragraphs(&[flaw.str("description"), flaw.str("detail")]),
        severity: out.severity(word),
        severity_word: word.to_owned(),
        cwe: cwes_in(&[flaw.each("cwes.cwe"), flaw.each("cwes")].concat()),
        ids,
        component: component.and_then(|it| Component::purl(it.str("purl"), it.str("name"), it.str("version"))),
        place: component
            .map_or(Place::Unknown, |it| Place::file(it.str("evidence.occurrences.location"), it.line("evidence.occurrences.line"))),
        fix: paragraphs(&[flaw.str("recommendation"), &flaw.texts("recommendations.recommendation").join("\n")]),
        references: [
            flaw.texts("advisories.url"),
            flaw.texts("advisories.advisory.url"),
            flaw.texts("advisories.advisory"),
            flaw.texts("source.url"),
        ]
        .concat(),
        scores: ratings.iter().flat_map(|rating| score(rating)).collect(),
        verdict: match flaw.str("analysis.state") {
            "resolved" | "resolved_with_pedigree" => Verdict::Fixed,
            "not_affected" => Verdict::NotAffected,
            "false_positive" => Verdict::FalsePositive,
            _ => Verdict::Open,
        },
        first_seen: flaw.text("created"),
        ..Observation::default()
    }
}

fn score(rating: &Node) -> Vec<Score> {
    let vector = rating.str("vector");
    let prefix = match rating.str("method") {
        "CVSSv31" => "CVSS:3.1/",
        "CVSSv3" => "CVSS:3.0/",
        _ => "",
    };
    let vector = if vector.is_empty() || vector.starts_with("CVSS:") { vector.to_owned() } else { format!("{prefix}{vector}") };
    if rating.str("method").starts_with("CVSS") {
        Score::list(&vector, rating.decimal("score").or(rating.decimal("score.base")))
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn flaws_are_told_once_a_component() {
        check(
            "cyclonedx",
            r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"bom-ref": "a", "name": "left", "version": "1", "components":
            [{"bom-ref": "b", "name": "right", "version": "2", "purl": "pkg:npm/right@2"}]}], "vulnerabilities": [{"id": "CVE-2026-1",
            "ratings": [{"severity": "high", "method": "CVSSv31", "vector": "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}], "cwes": [79],
            "affects": [{"ref": "a"}, {"ref": "b"}], "analysis": {"state": "not_affected"}}]}"#,
            &["high CVE-2026-1 left@1", "high CVE-2026-1 right@2"],
        );
        check(
            "cyclonedx",
            r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.2" version="1"><components><component bom-ref="a"><name>left</name><version>1</version>
            <v:vulnerabilities xmlns:v="x"><v:vulnerability ref="a"><v:id>CVE-2026-2</v:id><v:ratings><v:rating><v:severity>Low</v:severity>
            </v:rating></v:ratings></v:vulnerability></v:vulnerabilities></component></components></bom>"#,
            &["low CVE-2026-2 left@1"],
        );
    }
}
