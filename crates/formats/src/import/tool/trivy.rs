//! Trivy's JSON, of repositories, images and clusters: <https://trivy.dev/latest/docs/configuration/reporting/>.

use super::{Component, Importer, Mark, Node, Observation, Place, Reading, Score, Sink, Verdict, cwes_in, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "trivy",
    title: "Trivy",
    marks: &[
        Mark::Json(&["SchemaVersion", "ArtifactName", "Results.Target"]),
        Mark::Json(&["SchemaVersion=2", "ArtifactName", "ArtifactType"]),
        Mark::Json(&["ClusterName", "Resources"]),
        Mark::Json(&["ClusterName", "Vulnerabilities.Results"]),
        Mark::Json(&["ClusterName", "Misconfigurations.Results"]),
        Mark::JsonList(&["Target", "Vulnerabilities"]),
        Mark::JsonList(&["Target", "Misconfigurations"]),
        Mark::JsonList(&["Target", "Type", "Class"]),
        Mark::JsonList(&["Target"]),
        Mark::Json(&["SchemaVersion=2", "Results"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

/// Whose scores are taken where the tool does not say whose severity it took.
const SOURCES: &[&str] = &["nvd", "ghsa", "redhat", "bitnami"];

fn read(root: &Node, out: &mut Sink<'_>) {
    out.target(root.str("ArtifactName"));
    out.time(root.str("CreatedAt"));
    out.tool("Trivy", root.str("Trivy.Version"));
    let results =
        if root.has("Results") { root.each("Results") } else { root.each("").into_iter().filter(|it| it.has("Target")).collect() };
    results.into_iter().for_each(|result| target(result, "", out));
    for workloads in ["Vulnerabilities", "Misconfigurations", "Resources"] {
        for workload in root.each(workloads).into_iter().filter(|_| root.has("ClusterName")) {
            let names = [workload.str("Namespace"), workload.str("Kind"), workload.str("Name")];
            let within = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("/");
            workload.each("Results").into_iter().for_each(|result| target(result, &within, out));
        }
    }
}

fn target(result: &Node, within: &str, out: &mut Sink<'_>) {
    let place = |path: &str, line| if within.is_empty() { Place::file(path, line) } else { Place::resource(within, "workload", path) };
    for flaw in result.each("Vulnerabilities") {
        let path = flaw.first(&["PkgPath"]);
        let path = if path.is_empty() { result.str("Target") } else { path };
        let observation = vulnerability(flaw, out);
        out.push(Observation { place: place(path, None), tags: words(result), ..observation });
    }
    for failed in result.each("Misconfigurations") {
        let cause = failed.at("CauseMetadata");
        let observation = Observation {
            rule: failed.text("ID"),
            title: failed.text("Title"),
            message: super::paragraphs(&[failed.str("Message"), failed.str("Description")]),
            severity: out.severity(failed.str("Severity")),
            severity_word: failed.text("Severity"),
            ids: id_and(failed.first(&["AVDID", "ID"]), ""),
            place: place(result.str("Target"), cause.line("StartLine")).to(None, cause.line("EndLine"), None),
            fix: failed.text("Resolution"),
            references: failed.texts("References"),
            snippet: cause.texts("Code.Lines.Content").join("\n"),
            verdict: if failed.str("Status") == "PASS" { Verdict::NotAffected } else { Verdict::Open },
            tags: words(result),
            ..Observation::default()
        };
        out.push(observation);
    }
    for secret in result.each("Secrets") {
        // `Match` holds the line with the secret, masked or not: it is not copied.
        let observation = Observation {
            rule: secret.text("RuleID"),
            title: secret.text("Title"),
            message: secret.text("Category"),
            severity: out.severity(secret.str("Severity")),
            severity_word: secret.text("Severity"),
            place: place(result.str("Target"), secret.line("StartLine")).to(None, secret.line("EndLine"), None),
            cwe: vec![798],
            tags: words(result),
            ..Observation::default()
        };
        out.push(observation);
    }
    for licence in result.each("Licenses") {
        let observation = Observation {
            rule: licence.text("Name"),
            title: format!("licence {}", licence.str("Name")),
            message: licence.text("Category"),
            severity: out.severity(licence.str("Severity")),
            severity_word: licence.text("Severity"),
            place: place(licence.first(&["FilePath"]), None).or(place(result.str("Target"), None)),
            component: Component::of(licence.str("PkgName"), ""),
            references: licence.texts("Link"),
            tags: words(result),
            ..Observation::default()
        };
        out.push(observation);
    }
}

fn words(result: &Node) -> Vec<String> {
    result.texts("Class").into_iter().chain(result.texts("Type")).collect()
}

fn vulnerability(flaw: &Node, out: &Sink<'_>) -> Observation {
    let name = flaw.str("VulnerabilityID");
    let sources = std::iter::once(flaw.str("SeveritySource")).chain(SOURCES.iter().copied());
    let cvss = sources
        .filter(|source| !source.is_empty())
        .map(|source| flaw.at("CVSS").at(source))
        .find(|cvss| **cvss != Node::Null)
        .unwrap_or(&Node::Null);
    let scores = [("V2Vector", "V2Score"), ("V3Vector", "V3Score"), ("V40Vector", "V40Score")];
    let component = Component::purl(flaw.str("PkgIdentifier.PURL"), flaw.str("PkgName"), flaw.str("InstalledVersion"));
    let mut references = flaw.texts("References");
    references.splice(..0, flaw.texts("PrimaryURL"));
    Observation {
        rule: name.to_owned(),
        title: flaw.text("Title"),
        message: flaw.text("Description"),
        severity: out.severity(flaw.str("Severity")),
        severity_word: flaw.text("Severity"),
        cwe: cwes_in(&flaw.each("CweIDs")),
        ids: id_and(name, &flaw.texts("VendorIDs").join(" ")),
        component: component.map(|component| Component { fixed_version: flaw.text("FixedVersion"), ..component }),
        scores: scores.into_iter().flat_map(|(vector, score)| Score::list(cvss.str(vector), cvss.decimal(score))).collect(),
        references,
        verdict: match flaw.str("Status") {
            "not_affected" => Verdict::NotAffected,
            _ => Verdict::Open,
        },
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::{Place, tool::test::read};

    #[test]
    fn every_class_of_results_is_read() {
        let (summary, found) = read(
            r#"{"SchemaVersion": 2, "ArtifactName": "x", "Results": [{"Target": "package-lock.json", "Class": "lang-pkgs", "Type": "npm", "Vulnerabilities": [
                {"VulnerabilityID": "CVE-2026-1", "PkgName": "left", "InstalledVersion": "1.0", "FixedVersion": "1.1", "Severity": "UNKNOWN",
                 "PkgIdentifier": {"PURL": "pkg:npm/left@1.0"}, "CweIDs": ["CWE-1333"]}],
                "Misconfigurations": [{"ID": "DS1", "Severity": "LOW", "CauseMetadata": {"StartLine": 4}}],
                "Secrets": [{"RuleID": "k", "Severity": "HIGH", "StartLine": 2, "Match": "key=abc"}], "Licenses": [{"Name": "GPL-3.0", "Severity": "HIGH"}]}]}"#,
        );
        assert_eq!((summary.importer, found.len(), found[0].severity), ("trivy", 4, None));
        assert_eq!(found[0].component.as_ref().map(|it| (it.purl.as_str(), it.fixed_version.as_str())), Some(("pkg:npm/left@1.0", "1.1")));
        assert!(matches!(&found[1].place, Place::File(file) if file.line == Some(4)));
        assert!(!format!("{:?}", found[2]).contains("abc"));
    }
}
