//! Veracode: detailed reports as XML, and what the findings API answers, of code, applications and components.

use super::{
    Component, Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Severity, Sink, Verdict, cwes, id_and,
    paragraphs, plain,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "veracode",
    title: "Veracode",
    marks: &[
        Mark::Xml(&["detailedreport"]),
        Mark::Json(&["findings.scan_type", "findings.finding_details"]),
        Mark::Json(&["_embedded.findings.scan_type"]),
    ],
    scale: &[
        ("0", Severity::Info),
        ("1", Severity::Info),
        ("2", Severity::Low),
        ("3", Severity::Medium),
        ("4", Severity::High),
        ("5", Severity::Critical),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let report = root.at("detailedreport");
    out.target(report.str("@app_name"));
    out.time(report.str("@generation_date"));
    let mut merged = Merged::default();
    for category in report.each("severity.category") {
        let advice = category
            .texts("recommendations.para.@text")
            .into_iter()
            .chain(category.texts("recommendations.para.bulletitem.@text"))
            .collect::<Vec<_>>()
            .join("\n");
        for (index, weakness) in category.each("cwe").into_iter().enumerate() {
            for kind in ["staticflaws.flaw", "dynamicflaws.flaw", "manualflaws.flaw"] {
                for flaw in weakness.each(kind) {
                    let key = if flaw.has("@issueid") { format!("{kind} {}", flaw.str("@issueid")) } else { format!("{kind} {index}") };
                    merged.push(key, of_flaw(flaw, &advice, out));
                }
            }
        }
    }
    for component in report.each("software_composition_analysis.vulnerable_components.component") {
        component.each("vulnerabilities.vulnerability").into_iter().for_each(|flaw| {
            merged.push(format!("{} {}", component.str("@component_id"), flaw.str("@cve_id")), of_component(component, flaw, out));
        });
    }
    merged.finish(out);
    for finding in [root.each("findings"), root.each("_embedded.findings")].concat() {
        if finding.str("finding_status.status") != "CLOSED" {
            out.push(of_finding(finding, out));
        }
    }
}

fn of_flaw(flaw: &Node, advice: &str, out: &Sink<'_>) -> Observation {
    let path =
        format!("{}{}", flaw.str("@sourcefilepath").trim_end_matches('/'), if flaw.str("@sourcefilepath").is_empty() { "" } else { "/" });
    let file = flaw.str("@sourcefile");
    let accepted = flaw.str("@mitigation_status").eq_ignore_ascii_case("accepted");
    let status = flaw.str("@remediation_status").to_ascii_lowercase();
    Observation {
        rule: flaw.first(&["@type", "@categoryid"]).to_owned(),
        title: flaw.text("@categoryname"),
        message: plain(flaw.str("@description")),
        severity: out.severity(flaw.str("@severity")),
        severity_word: flaw.text("@severity"),
        cwe: cwes(flaw.str("@cweid")),
        place: if file.is_empty() {
            Place::endpoint(flaw.str("@url"), "", flaw.str("@vuln_parameter"))
        } else {
            Place::file(&format!("{path}{file}"), flaw.line("@line"))
        },
        fingerprints: Fingerprint::list("veracode/issueid", flaw.str("@issueid")),
        fix: advice.to_owned(),
        verdict: match status.as_str() {
            status if status.contains("false positive") => Verdict::FalsePositive,
            "fixed" => Verdict::Fixed,
            _ if accepted => Verdict::Accepted,
            _ => Verdict::Open,
        },
        first_seen: flaw.text("@date_first_occurrence"),
        ..Observation::default()
    }
}

fn of_component(component: &Node, flaw: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: flaw.text("@cve_id"),
        message: flaw.text("@cve_summary"),
        severity: out.severity(flaw.str("@severity")),
        severity_word: flaw.text("@severity_desc"),
        cwe: cwes(flaw.str("@cwe_id")),
        ids: id_and(flaw.str("@cve_id"), ""),
        place: Place::file(component.first(&["file_paths.file_path.@value", "@file_name"]), None),
        component: Component::of(component.first(&["@library", "@file_name"]), component.str("@version")),
        scores: Score::list("", flaw.decimal("@cvss_score")),
        verdict: if flaw.flag("@mitigation") { Verdict::Accepted } else { Verdict::Open },
        first_seen: flaw.text("@first_found_date"),
        ..Observation::default()
    }
}

fn of_finding(finding: &Node, out: &Sink<'_>) -> Observation {
    let details = finding.at("finding_details");
    let cve = details.str("cve.name");
    Observation {
        rule: [cve, details.str("finding_category.name"), details.str("cwe.name")]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned(),
        title: if cve.is_empty() { details.text("cwe.name") } else { cve.to_owned() },
        message: plain(finding.str("description")),
        severity: out.severity(details.str("severity")),
        severity_word: details.text("severity"),
        cwe: cwes(details.str("cwe.id")),
        ids: id_and(cve, ""),
        place: Place::file(details.first(&["file_path", "component_path.path"]), details.line("file_line_number")).or(Place::endpoint(
            details.str("url"),
            "",
            details.str("vulnerable_parameter"),
        )),
        component: Component::of(details.str("component_filename"), details.str("version")),
        fingerprints: Fingerprint::list("veracode/issueid", finding.str("issue_id")),
        references: details.texts("cve.href"),
        scores: [
            Score::list(details.str("cve.vector"), details.decimal("cve.cvss")),
            Score::list(details.str("cve.cvss3.vector"), details.decimal("cve.cvss3.score")),
        ]
        .concat(),
        occurrences: finding.line("count"),
        verdict: match (finding.str("finding_status.resolution"), finding.str("finding_status.resolution_status")) {
            ("POTENTIAL_FALSE_POSITIVE", "APPROVED") => Verdict::FalsePositive,
            ("MITIGATED", "APPROVED") => Verdict::Accepted,
            _ => Verdict::Open,
        },
        first_seen: finding.text("finding_status.first_found_date"),
        tags: vec![paragraphs(&[finding.str("scan_type")])],
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_formats_are_read() {
        check(
            "veracode",
            "<detailedreport app_name='a'><severity level='3'><category><cwe cweid='80'><staticflaws><flaw severity='3' type='t' issueid='1' cweid='80' sourcefilepath='src/' sourcefile='A.java' line='4' remediation_status='Open'/></staticflaws></cwe></category></severity></detailedreport>",
            &["medium t src/A.java:4"],
        );
        check(
            "veracode",
            r#"{"findings": [{"issue_id": 1, "scan_type": "SCA", "finding_status": {"status": "OPEN"}, "finding_details": {"severity": 4, "cve": {"name": "CVE-2026-1"}, "component_filename": "a.jar", "version": "1"}}]}"#,
            &["high CVE-2026-1 a.jar@1"],
        );
    }
}
