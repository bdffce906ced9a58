//! What `snyk test --json` writes, for one project or several; what it writes of code is SARIF.

use super::{Component, Importer, Mark, Node, Observation, Place, Reading, Score, Sink, cwes_in, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "snyk",
    title: "Snyk",
    aliases: &["snyk_code"],
    marks: &[
        Mark::Json(&["vulnerabilities.packageName", "vulnerabilities.semver", "vulnerabilities.from"]),
        Mark::Json(&["vulnerabilities", "packageManager", "dependencyCount", "ok"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for project in root.each("") {
        out.target(project.first(&["projectName", "path"]));
        let file = project.first(&["displayTargetFile", "targetFile"]);
        project.each("vulnerabilities").into_iter().for_each(|flaw| out.push(observation(flaw, file, out)));
        project.each("applications").into_iter().for_each(|application| {
            let file = application.first(&["displayTargetFile", "targetFile"]);
            application.each("vulnerabilities").into_iter().for_each(|flaw| out.push(observation(flaw, file, out)));
        });
    }
}

fn observation(flaw: &Node, file: &str, out: &Sink<'_>) -> Observation {
    let description = flaw.str("description");
    let fix = description.split_once("## Remediation").map_or("", |(_, rest)| rest.split("\n## ").next().unwrap_or_default());
    let way = flaw.texts("from").join(" > ");
    Observation {
        rule: flaw.text("id"),
        title: flaw.text("title"),
        message: description.to_owned(),
        severity: out.severity(flaw.first(&["severityWithCritical", "severity"])),
        severity_word: flaw.text("severity"),
        cwe: cwes_in(&flaw.each("identifiers.CWE")),
        ids: id_and(flaw.str("id"), &[flaw.texts("identifiers.CVE"), flaw.texts("identifiers.GHSA")].concat().join(" ")),
        place: Place::file(file, None),
        also: if way.is_empty() { Vec::new() } else { vec![Place::resource(&way, "dependency path", "")] },
        component: Component::fixed(flaw.first(&["packageName", "moduleName"]), flaw.str("version"), &flaw.texts("fixedIn").join(", ")),
        fix: fix.trim().to_owned(),
        references: flaw.texts("references.url"),
        scores: Score::list(flaw.str("CVSSv3"), flaw.decimal("cvssScore")),
        first_seen: flaw.text("publicationTime"),
        tags: flaw.texts("packageManager"),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn several_projects_are_read() {
        check(
            "snyk",
            r#"[{"vulnerabilities": [{"id": "SNYK-1", "title": "T", "severity": "high", "packageName": "left", "version": "1", "from": ["a@1", "left@1"],
            "semver": {"vulnerable": ["<2"]}, "identifiers": {"CVE": ["CVE-2026-1"], "CWE": ["CWE-79"]}}], "displayTargetFile": "package.json"}, {"vulnerabilities": []}]"#,
            &["high SNYK-1 package.json left@1"],
        );
    }
}
