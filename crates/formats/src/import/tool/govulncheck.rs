//! What `govulncheck -json` writes: messages one after the other, or, before version 1, one document.

use std::collections::HashMap;

use super::{Component, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, Step, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "govulncheck",
    title: "govulncheck",
    marks: &[
        Mark::Json(&["config.scanner_name=govulncheck"]),
        Mark::Json(&["config.protocol_version"]),
        Mark::Json(&["osv.affected", "osv.id"]),
        Mark::Json(&["Calls.Functions", "Vulns"]),
        Mark::Json(&["Calls", "Imports", "Vulns"]),
    ],
    writes_lines: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("govulncheck", root.str("config.scanner_version"));
    let mut merged = Merged::default();
    for found in root.each("Vulns") {
        let flaw = found.at("OSV");
        merged.push(flaw.first(&["aliases", "id"]), observation(flaw, found.at("PkgPath").as_str(), "", ""));
    }
    merged.finish(out);

    let flaws: HashMap<&str, &Node> =
        root.each("osv").into_iter().filter(|flaw| flaw.has("id")).map(|flaw| (flaw.str("id"), flaw)).collect();
    let mut findings: Vec<(String, Observation)> = Vec::new();
    for finding in root.each("finding") {
        let id = finding.str("osv");
        let trace = finding.each("trace");
        let sink = trace.first().copied().unwrap_or(&Node::Null);
        // What the code calls is worse than what it imports or merely requires.
        let severity = match (sink.has("function"), sink.has("package")) {
            (true, _) => Severity::High,
            (false, true) => Severity::Low,
            (false, false) => Severity::Info,
        };
        let key = format!("{id} {}", sink.str("module"));
        let base = observation(
            flaws.get(id).copied().unwrap_or(&Node::Null),
            sink.str("module"),
            sink.str("version"),
            finding.str("fixed_version"),
        );
        let observation = Observation { rule: id.to_owned(), severity: Some(severity), flow: flow(&trace), place: call(&trace), ..base };
        match findings.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) if known.severity < observation.severity => *known = observation,
            Some(_) => {}
            None => findings.push((key, observation)),
        }
    }
    if findings.is_empty() {
        root.each("osv").into_iter().filter(|flaw| flaw.has("id")).for_each(|flaw| out.push(observation(flaw, "", "", "")));
    }
    findings.into_iter().for_each(|(_, observation)| out.push(observation));
}

/// A trace goes from the flaw up to the code that reaches it.
fn flow(trace: &[&Node]) -> Vec<Step> {
    let steps = trace.iter().rev().filter_map(|frame| {
        let Place::File(place) = Place::file(frame.str("position.filename"), frame.line("position.line")) else { return None };
        Some(Step { place, message: format!("{}.{}", frame.str("package"), frame.str("function")) })
    });
    steps.collect()
}

fn call(trace: &[&Node]) -> Place {
    let last = trace.last().copied().unwrap_or(&Node::Null);
    Place::file(last.str("position.filename"), last.line("position.line")).to(last.line("position.column"), None, None)
}

fn observation(flaw: &Node, module: &str, version: &str, fixed: &str) -> Observation {
    let name = if module.is_empty() { flaw.str("affected.package.name") } else { module };
    let fixed = if fixed.is_empty() { flaw.texts("affected.ranges.events.fixed").join(", ") } else { fixed.to_owned() };
    Observation {
        rule: flaw.text("id"),
        title: flaw.text("summary"),
        message: flaw.text("details"),
        severity: super::severity::of_word(flaw.str("severity"), &[]).or(Some(Severity::Info)),
        ids: id_and(flaw.str("id"), &flaw.texts("aliases").join(" ")),
        component: Component::fixed(name, version, &fixed),
        references: [flaw.texts("references.url"), flaw.texts("database_specific.url")].concat(),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn what_is_called_is_worse_than_what_is_required() {
        check(
            "govulncheck",
            r#"{"config": {"scanner_name": "govulncheck", "protocol_version": "v1.0.0"}}
            {"osv": {"id": "GO-2026-1", "summary": "s", "aliases": ["CVE-2026-1"]}}
            {"finding": {"osv": "GO-2026-1", "trace": [{"module": "x/y", "version": "v1"}]}}
            {"finding": {"osv": "GO-2026-1", "trace": [{"module": "x/y", "version": "v1", "package": "x/y/z", "function": "F"}, {"position": {"filename": "main.go", "line": 4}}]}}"#,
            &["high GO-2026-1 main.go:4 x/y@v1"],
        );
    }
}
