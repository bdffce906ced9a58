//! Checkmarx One: results of a scan, and its improved report.

use super::{
    Component, Fingerprint, Importer, Mark, Node, Observation, Place, Reading, Score, Severity, Sink, Step, Verdict, cwes, id_and,
    paragraphs,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "checkmarx_one",
    title: "Checkmarx One",
    marks: &[
        Mark::Json(&["results.similarityId", "results.vulnerabilityDetails", "scanID"]),
        Mark::Json(&["results", "totalCount", "scanID"]),
        Mark::Json(&["scanResults.resultsList", "reportHeader"]),
        Mark::Json(&["vulnerabilities.similarityId", "vulnerabilities.state"]),
        Mark::Json(&["results.similarityId", "results.data"]),
    ],
    scale: &[("information", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.target(root.str("reportHeader.projectName"));
    for result in root.each("results").into_iter().filter(|result| !result.str("type").is_empty()).chain(root.each("vulnerabilities")) {
        out.push(of_result(result, out));
    }
    for query in root.each("scanResults.resultsList") {
        query.each("vulnerabilities").into_iter().for_each(|found| out.push(of_code(query, found, out)));
    }
    for query in root.each("iacScanResults.technology").into_iter().flat_map(|technology| technology.each("queries")) {
        for found in query.each("resultsList") {
            out.push(Observation {
                rule: query.text("queryName"),
                title: query.text("queryName"),
                message: paragraphs(&[query.str("description"), found.str("actualValue")]),
                severity: out.severity(found.str("severity")),
                severity_word: found.text("severity"),
                place: Place::file(found.str("fileName"), found.line("line")),
                fix: found.text("expectedValue"),
                verdict: verdict(found.str("state")),
                first_seen: found.text("firstDetectionDate"),
                tags: query.texts("category"),
                ..Observation::default()
            });
        }
    }
    for package in root.each("scaScanResults.packages") {
        for flaw in
            [package.each("packageVulnerabilities"), package.each("vulnerabilities"), package.each("packageCategory.categoryResults")]
                .concat()
        {
            out.push(Observation {
                rule: flaw.first(&["cveId", "cve"]).to_owned(),
                message: flaw.text("description"),
                severity: out.severity(flaw.str("severity")),
                severity_word: flaw.text("severity"),
                cwe: cwes(flaw.first(&["cweId", "cwe"])),
                ids: id_and(flaw.first(&["cveId", "cve"]), ""),
                component: Component::of(package.first(&["packageName", "name"]), package.first(&["packageVersion", "version"])),
                verdict: verdict(flaw.str("state")),
                ..Observation::default()
            });
        }
    }
}

fn of_result(result: &Node, out: &Sink<'_>) -> Observation {
    let (data, details) = (result.at("data"), result.at("vulnerabilityDetails"));
    let nodes = data.each("nodes");
    let first = nodes.first().copied().unwrap_or(data);
    let cve = details.first(&["cveName"]);
    let cve = if cve.is_empty() { result.str("cveId") } else { cve };
    let name = data.first(&["queryName", "ruleName"]);
    let name = if name.is_empty() { result.first(&["queryName", "name", "category", "id"]) } else { name };
    let package = data.str("packageIdentifier");
    Observation {
        rule: if cve.is_empty() { name } else { cve }.to_owned(),
        title: name.replace('_', " "),
        message: paragraphs(&[result.str("description"), data.str("value")]),
        severity: out.severity(result.str("severity")),
        severity_word: result.text("severity"),
        cwe: cwes([details.str("cweId"), result.str("cwe")].into_iter().find(|text| !text.is_empty()).unwrap_or_default()),
        ids: id_and(cve, ""),
        place: Place::file(
            [first.str("fileName"), first.str("filename"), result.str("sourceFile")]
                .into_iter()
                .find(|path| !path.is_empty())
                .unwrap_or_default(),
            first.line("line"),
        ),
        component: Component::fixed(package, "", data.str("recommendedVersion")),
        fingerprints: Fingerprint::list("checkmarx/similarity-id", result.str("similarityId")),
        flow: nodes.iter().filter_map(|node| step(node)).collect(),
        fix: data.text("expectedValue"),
        references: data.texts("packageData.url"),
        scores: Score::list("", details.decimal("cvssScore")),
        verdict: verdict(result.str("state")),
        first_seen: result.text("firstFoundAt"),
        tags: result.texts("type"),
        ..Observation::default()
    }
}

fn of_code(query: &Node, found: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: query.text("queryName"),
        title: query.str("queryName").replace('_', " "),
        message: query.text("description"),
        severity: out.severity(found.str("severity")),
        severity_word: found.text("severity"),
        cwe: cwes(query.str("cweId")),
        place: Place::file(found.str("destinationFileName"), found.line("destinationLine")),
        fingerprints: Fingerprint::list("checkmarx/similarity-id", found.str("similarityId")),
        snippet: found.text("destinationCode"),
        flow: found.each("nodes").into_iter().filter_map(step).collect(),
        references: found.texts("resultViewerLink"),
        verdict: verdict(found.str("state")),
        first_seen: found.text("firstFoundDate"),
        ..Observation::default()
    }
}

fn step(node: &Node) -> Option<Step> {
    match Place::file(node.str("fileName"), node.line("line")) {
        Place::File(place) => Some(Step { place, message: node.first(&["name", "node", "code"]).to_owned() }),
        Place::Unknown | Place::Endpoint(_) | Place::Host(_) | Place::Resource(_) | Place::Image(_) => None,
    }
}

fn verdict(state: &str) -> Verdict {
    match state.to_ascii_uppercase().replace(' ', "_").as_str() {
        "NOT_EXPLOITABLE" | "FALSE_POSITIVE" => Verdict::FalsePositive,
        _ => Verdict::Open,
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn every_kind_of_result_is_read() {
        check(
            "checkmarx_one",
            r#"{"results": [{"type": "kics", "similarityId": "s", "severity": "HIGH", "data": {"queryName": "Q", "filename": "/Dockerfile", "line": 1}, "vulnerabilityDetails": {}},
            {"type": "sast", "severity": "LOW", "data": {"queryName": "XSS", "nodes": [{"fileName": "a.js", "line": 3}]}}], "totalCount": 2, "scanID": "x"}"#,
            &["high Q /Dockerfile:1", "low XSS a.js:3"],
        );
    }
}
