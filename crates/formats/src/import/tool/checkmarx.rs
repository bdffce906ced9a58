//! Checkmarx CxSAST's XML, and the JSON report of a scan.

use super::{Fingerprint, Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, Step, Verdict, cwes, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "checkmarx",
    title: "Checkmarx",
    marks: &[
        Mark::Xml(&["CxXMLResults"]),
        Mark::Json(&["scanResults.sast", "scanSummary"]),
        Mark::Json(&["scanResults.sast.languages"]),
        Mark::Json(&["reportHeader", "executiveSummary", "scanResults"]),
    ],
    scale: &[("information", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let report = root.at("CxXMLResults");
    out.tool("Checkmarx", report.str("@CheckmarxVersion"));
    out.target(root.first(&["CxXMLResults.@ProjectName", "reportHeader.projectName"]));
    out.time(report.str("@ScanStart"));
    for query in report.each("Query") {
        query.each("Result").into_iter().for_each(|result| out.push(of_result(query, result, out)));
    }
    for language in root.each("scanResults.sast.languages") {
        for query in language.each("queries") {
            query.each("vulnerabilities").into_iter().for_each(|found| out.push(of_found(query, found, out)));
        }
    }
    for package in root.each("scanResults.sca.packages") {
        for flaw in package.each("vulnerabilities") {
            out.push(Observation {
                rule: flaw.first(&["cveName", "id"]).to_owned(),
                message: flaw.text("description"),
                severity: out.severity(flaw.str("severity")),
                severity_word: flaw.text("severity"),
                cwe: cwes(flaw.str("cwe")),
                ids: id_and(flaw.first(&["cveName", "id"]), ""),
                component: super::Component::of(package.str("name"), package.str("version")),
                ..Observation::default()
            });
        }
    }
    for found in root.each("scanResults.kics.results.vulnerabilities") {
        let place = Place::file(found.str("fileName"), found.line("line"));
        out.push(Observation {
            place,
            message: found.text("description"),
            fix: found.text("expectedValue"),
            ..of_found(found, found, out)
        });
    }
}

fn of_result(query: &Node, result: &Node, out: &Sink<'_>) -> Observation {
    let nodes = result.each("Path.PathNode");
    let flow: Vec<Step> = nodes.iter().filter_map(|node| step(node.str("FileName"), node.line("Line"), node.str("Name"))).collect();
    // The weakness is where the way of the data ends.
    let sink = nodes.last().copied().unwrap_or(&Node::Null);
    let source = Place::file(result.str("@FileName"), result.line("@Line"));
    Observation {
        rule: query.text("@name"),
        title: query.str("@name").replace('_', " "),
        message: query.text("@group"),
        severity: out.severity(result.first(&["@Severity"])).or(out.severity(query.str("@Severity"))),
        severity_word: result.text("@Severity"),
        cwe: cwes(query.str("@cweId")),
        place: Place::file(sink.str("FileName"), sink.line("Line")).to(sink.line("Column"), None, None).or(source),
        fingerprints: Fingerprint::list("checkmarx/similarity-id", result.str("Path.@SimilarityId")),
        snippet: sink.text("Snippet.Line.Code"),
        flow,
        references: result.texts("@DeepLink"),
        // 1 is "not exploitable", 4 "proposed not exploitable".
        verdict: if result.flag("@FalsePositive") || result.str("@state") == "1" { Verdict::FalsePositive } else { Verdict::Open },
        first_seen: result.text("@DetectionDate"),
        tags: query.texts("@Language"),
        ..Observation::default()
    }
}

fn of_found(query: &Node, found: &Node, out: &Sink<'_>) -> Observation {
    let nodes = found.each("nodes");
    let sink = nodes.last().copied().unwrap_or(&Node::Null);
    Observation {
        rule: query.text("queryName"),
        title: query.str("queryName").replace('_', " "),
        message: query.text("description"),
        severity: out.severity(found.str("severity")),
        severity_word: found.text("severity"),
        cwe: cwes(found.str("cweId")),
        place: Place::file(sink.first(&["fileName", "fullName"]), sink.line("line")).to(sink.line("column"), None, None),
        fingerprints: Fingerprint::list("checkmarx/similarity-id", found.str("similarityId")),
        flow: nodes.iter().filter_map(|node| step(node.str("fileName"), node.line("line"), node.str("name"))).collect(),
        verdict: match found.str("state").to_ascii_lowercase().as_str() {
            "not exploitable" | "not_exploitable" => Verdict::FalsePositive,
            _ => Verdict::Open,
        },
        first_seen: found.text("firstFoundDate"),
        tags: found.texts("compliance"),
        ..Observation::default()
    }
}

fn step(path: &str, line: Option<u32>, message: &str) -> Option<Step> {
    match Place::file(path, line) {
        Place::File(place) => Some(Step { place, message: message.to_owned() }),
        Place::Unknown | Place::Endpoint(_) | Place::Host(_) | Place::Resource(_) | Place::Image(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn the_end_of_the_way_is_the_place() {
        check(
            "checkmarx",
            "<CxXMLResults ProjectName='p'><Query name='SQL_Injection' cweId='89'><Result FileName='a.java' Line='1' Severity='High'><Path SimilarityId='7'><PathNode><FileName>a.java</FileName><Line>1</Line></PathNode><PathNode><FileName>b.java</FileName><Line>9</Line></PathNode></Path></Result></Query></CxXMLResults>",
            &["high SQL_Injection b.java:9"],
        );
        check(
            "checkmarx",
            r#"{"scanSummary": {}, "scanResults": {"sast": {"languages": [{"queries": [{"queryName": "XSS", "vulnerabilities": [{"severity": "LOW", "cweId": 79, "nodes": [{"fileName": "a.js", "line": 2}]}]}]}]}}}"#,
            &["low XSS a.js:2"],
        );
    }
}
