//! OWASP Dependency-Check's XML and JSON.

use super::{Component, Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Sink, Verdict, cwes_in, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "dependency_check",
    title: "OWASP Dependency-Check",
    marks: &[
        Mark::Xml(&["analysis.dependencies", "analysis.scanInfo"]),
        Mark::Xml(&["analysis.@xmlns~dependency-check"]),
        Mark::Json(&["reportSchema", "scanInfo", "dependencies"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let report = if root.has("analysis") { root.at("analysis") } else { root };
    out.tool("Dependency-Check", report.str("scanInfo.engineVersion"));
    out.target(report.str("projectInfo.name"));
    out.time(report.str("projectInfo.reportDate"));
    let dependencies =
        if report.has("dependencies.dependency") { report.each("dependencies.dependency") } else { report.each("dependencies") };
    let mut merged = Merged::default();
    let mut push = |observation: Observation| {
        merged.push(format!("{} {:?} {:?}", observation.rule, observation.component, observation.place), observation);
    };
    for dependency in dependencies {
        let related = [dependency.each("relatedDependencies.relatedDependency"), dependency.each("relatedDependencies")].concat();
        let related: Vec<&Node> = related.into_iter().filter(|it| it.has("fileName")).collect();
        for (list, verdict) in [("vulnerability", Verdict::Open), ("suppressedVulnerability", Verdict::Suppressed)] {
            let flaws = [
                dependency.each(&format!("vulnerabilities.{list}")),
                if list == "vulnerability" { dependency.each("vulnerabilities") } else { Vec::new() },
            ]
            .concat();
            for flaw in flaws.into_iter().filter(|flaw| flaw.has("name")) {
                push(Observation { verdict, ..observation(dependency, flaw, out) });
                for other in &related {
                    // The same library elsewhere has the same flaws.
                    let place = Place::file(other.first(&["filePath", "fileName"]), None);
                    push(Observation { verdict, place, ..observation(dependency, flaw, out) });
                }
            }
        }
    }
    merged.finish(out);
}

fn observation(dependency: &Node, flaw: &Node, out: &Sink<'_>) -> Observation {
    let name = flaw.str("name");
    let purl = dependency.first(&["identifiers.package.id", "packages.id"]);
    let (fallback_name, fallback_version) = identity(dependency);
    let word = flaw.str("severity");
    Observation {
        rule: name.to_owned(),
        message: flaw.text("description"),
        severity: out.severity(word),
        severity_word: word.to_owned(),
        cwe: cwes_in(&[flaw.each("cwes.cwe"), flaw.each("cwes"), flaw.each("cwe")].concat()),
        ids: id_and(name, ""),
        place: Place::file(dependency.first(&["filePath", "fileName"]), None),
        component: Component::purl(purl, "", "").or_else(|| Component::of(&fallback_name, &fallback_version)),
        references: [flaw.texts("references.reference.url"), flaw.texts("references.url")].concat(),
        scores: [
            Score::list("", flaw.decimal("cvssV2.score").or(flaw.decimal("cvssv2.score")).or(flaw.decimal("cvssScore"))),
            Score::list("", flaw.decimal("cvssV3.baseScore").or(flaw.decimal("cvssv3.baseScore"))),
        ]
        .concat(),
        fix: flaw.text("notes"),
        ..Observation::default()
    }
}

/// Before version 5, a library was named by Maven's coordinates: `(group:artifact:version)`.
fn identity(dependency: &Node) -> (String, String) {
    let of_maven = dependency.each("identifiers.identifier").into_iter().find(|it| it.str("@type") == "maven").map(|it| it.str("name"));
    let coordinates = of_maven.unwrap_or_default().trim_matches(['(', ')']);
    match coordinates.rsplit_once(':') {
        Some((name, version)) => (name.to_owned(), version.to_owned()),
        None => (dependency.text("fileName"), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_formats_are_read() {
        check(
            "dependency_check",
            "<analysis xmlns='https://jeremylong.github.io/DependencyCheck/dependency-check.2.5.xsd'><scanInfo/><dependencies><dependency><fileName>a.jar</fileName><filePath>lib/a.jar</filePath><identifiers><package><id>pkg:maven/g/a@1</id></package></identifiers><vulnerabilities><vulnerability><name>CVE-2026-1</name><severity>HIGH</severity></vulnerability></vulnerabilities></dependency></dependencies></analysis>",
            &["high CVE-2026-1 lib/a.jar a@1"],
        );
        check(
            "dependency_check",
            r#"{"reportSchema": "1.1", "scanInfo": {}, "dependencies": [{"fileName": "a.jar", "filePath": "a.jar", "packages": [{"id": "pkg:maven/g/a@1"}], "vulnerabilities": [{"name": "CVE-2026-1", "severity": "LOW"}]}]}"#,
            &["low CVE-2026-1 a.jar a@1"],
        );
    }
}
