//! Semgrep's own JSON: <https://semgrep.dev/docs/cli-reference>, and that of its platform.

use super::{
    Completion, Component, Confidence, Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, Step,
    cwes_in, id_and, line, links,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "semgrep",
    title: "Semgrep",
    aliases: &["opengrep", "semgrep_json", "semgrep_pro"],
    marks: &[
        Mark::Json(&["results.check_id", "results.extra", "results.path"]),
        Mark::Json(&["results", "errors", "paths.scanned", "version"]),
        Mark::Json(&["vulns.advisory.ruleIdentifier"]),
        Mark::Json(&["vulns.dependencyFileLocation"]),
        Mark::Json(&["results", "errors", "paths"]),
        Mark::Json(&["findings.rule_name", "findings.match_based_id"]),
    ],
    scale: &[
        ("warning", Severity::Low),
        ("error", Severity::High),
        ("info", Severity::Info),
        ("inventory", Severity::Info),
        ("experiment", Severity::Info),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("Semgrep", root.str("version"));
    let mut merged = Merged::default();
    for result in root.each("results") {
        let observation = finding(result, out);
        merged.push(format!("{} {:?}", observation.rule, (result.str("path"), result.str("start.line"))), observation);
    }
    for vulnerability in root.each("vulns") {
        let observation = advisory(vulnerability, out);
        merged.push(format!("{} {:?} {:?}", observation.title, observation.place, observation.component), observation);
    }
    for finding in root.each("findings") {
        merged.push(finding.str("id"), of_platform(finding, out));
    }
    merged.finish(out);
    for error in root.each("errors") {
        out.problem(format!("{}: {}", error.str("path"), line(error.first(&["message", "long_msg", "type"]))));
        out.completion(Completion::Partial);
    }
}

fn finding(result: &Node, out: &Sink<'_>) -> Observation {
    let extra = result.at("extra");
    let metadata = extra.at("metadata");
    let place = Place::file(result.str("path"), result.line("start.line"));
    let mut references = metadata.texts("references");
    references.extend(metadata.texts("source"));
    Observation {
        rule: result.text("check_id"),
        title: result.text("check_id"),
        message: extra.text("message"),
        severity: out.severity(extra.str("severity")),
        severity_word: extra.text("severity"),
        confidence: match metadata.str("confidence") {
            "HIGH" => Some(Confidence::High),
            "MEDIUM" => Some(Confidence::Medium),
            "LOW" => Some(Confidence::Low),
            _ => None,
        },
        cwe: cwes_in(&metadata.each("cwe")),
        place: place.to(result.line("start.col"), result.line("end.line"), result.line("end.col")),
        component: Component::of(
            extra.str("sca_info.dependency_match.found_dependency.package"),
            extra.str("sca_info.dependency_match.found_dependency.version"),
        ),
        fingerprints: Fingerprint::list("match_based_id", known(extra.str("fingerprint"))),
        snippet: known(extra.str("lines")).to_owned(),
        flow: flow(extra),
        fix: extra.text("fix"),
        references,
        verdict: if extra.flag("is_ignored") { super::Verdict::Suppressed } else { super::Verdict::Open },
        tags: metadata.texts("technology"),
        ..Observation::default()
    }
}

/// What the platform's web API answers.
fn of_platform(finding: &Node, out: &Sink<'_>) -> Observation {
    let word = finding.str("severity");
    Observation {
        rule: finding.text("rule_name"),
        title: finding.text("rule_name"),
        message: finding.text("rule_message"),
        severity: out.severity(word),
        severity_word: word.to_owned(),
        cwe: cwes_in(&finding.each("rule.cwe_names")),
        place: Place::file(finding.str("location.file_path"), finding.line("location.line")).to(
            finding.line("location.column"),
            finding.line("location.end_line"),
            finding.line("location.end_column"),
        ),
        fingerprints: [
            Fingerprint::list("match_based_id", finding.str("match_based_id")),
            Fingerprint::list("syntactic_id", finding.str("syntactic_id")),
        ]
        .concat(),
        references: finding.texts("line_of_code_url"),
        verdict: match (finding.str("triage_state"), finding.first(&["status", "state"])) {
            ("false_positive", _) => super::Verdict::FalsePositive,
            ("acceptable_risk", _) => super::Verdict::Accepted,
            ("ignored", _) | (_, "ignored") => super::Verdict::Suppressed,
            (_, "fixed") => super::Verdict::Fixed,
            _ => super::Verdict::Open,
        },
        first_seen: finding.text("created_at"),
        tags: finding.texts("categories"),
        ..Observation::default()
    }
}

/// What the tool keeps for those who signed in is not known.
fn known(text: &str) -> &str {
    if text == "requires login" { "" } else { text }
}

/// The way from source to sink: pairs of a place and the code there.
fn flow(extra: &Node) -> Vec<Step> {
    let step = |place: &Node, message: &str| match Place::file(place.str("path"), place.line("start.line")) {
        Place::File(place) => Some(Step { place, message: message.to_owned() }),
        Place::Unknown | Place::Endpoint(_) | Place::Host(_) | Place::Resource(_) | Place::Image(_) => None,
    };
    let trace = extra.at("dataflow_trace");
    let ends =
        |name: &str| trace.each(name).into_iter().filter(|node| node.has("path")).filter_map(|node| step(node, "")).collect::<Vec<_>>();
    let located =
        |name: &str| trace.each(name).into_iter().map(|node| node.at("location")).filter_map(|node| step(node, "")).collect::<Vec<_>>();
    [ends("taint_source"), located("intermediate_vars"), ends("taint_sink")].concat()
}

fn advisory(vulnerability: &Node, out: &Sink<'_>) -> Observation {
    let advisory = vulnerability.at("advisory");
    let found = vulnerability.at("foundDependency");
    Observation {
        rule: advisory.text("ruleIdentifier"),
        title: vulnerability.text("title"),
        message: advisory.text("description"),
        severity: out.severity(advisory.str("severity")),
        severity_word: advisory.text("severity"),
        cwe: cwes_in(&advisory.each("references.cweIds")),
        ids: id_and("", &advisory.texts("references.cveIds").join(" ")),
        place: Place::file(vulnerability.str("dependencyFileLocation.path"), vulnerability.line("dependencyFileLocation.startLine")),
        component: Component::of(found.str("package"), found.str("version")),
        references: advisory.texts("references.urls").into_iter().chain(links(vulnerability.str("url"))).collect(),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::read;

    #[test]
    fn findings_with_the_same_place_are_one() {
        let result = r#"{"check_id": "r.x", "path": "./a.py", "start": {"line": 2, "col": 1}, "end": {"line": 2, "col": 5}, "extra": {"message": "m",
            "severity": "ERROR", "lines": "requires login", "fingerprint": "f", "metadata": {"cwe": ["CWE-78: OS"], "confidence": "LOW"}}}"#;
        let (summary, found) =
            read(&format!(r#"{{"results": [{result}, {result}], "errors": [{{"path": "b.py", "message": "no"}}], "version": "1.2"}}"#));
        assert_eq!((summary.importer, found.len(), found[0].occurrences, found[0].cwe[0]), ("semgrep", 1, Some(2), 78));
        assert_eq!((found[0].snippet.as_str(), summary.problems[0].as_str()), ("", "b.py: no"));
    }
}
