//! Security reports of GitLab, of every kind: <https://gitlab.com/gitlab-org/security-products/security-report-schemas>.

use super::{
    Completion, Component, Confidence, Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, cwes, line,
    paragraphs,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "gitlab",
    title: "GitLab",
    aliases: &[
        "gitlab_sast",
        "gitlab_dep_scan",
        "gitlab_container_scan",
        "gitlab_dast",
        "gitlab_secret_detection_report",
        "gitlab_api_fuzzing",
    ],
    marks: &[
        Mark::Json(&["scan.scanner", "scan.type", "vulnerabilities"]),
        Mark::Json(&["vulnerabilities.location", "vulnerabilities.identifiers", "vulnerabilities.scanner"]),
        Mark::Json(&["vulnerabilities.location", "vulnerabilities.identifiers", "version"]),
        Mark::Json(&["vulnerabilities.location", "vulnerabilities.identifiers"]),
        Mark::Json(&["vulnerabilities", "remediations"]),
    ],
    scale: &[("undefined", Severity::Info)],
    names_tools: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let scan = root.at("scan");
    out.tool(scan.str("scanner.name"), scan.str("scanner.version"));
    out.time(scan.first(&["end_time", "start_time"]));
    match scan.str("status") {
        "success" => out.completion(Completion::Complete),
        "failure" => out.completion(Completion::Failed),
        _ => {}
    }
    scan.each("messages")
        .into_iter()
        .filter(|message| message.str("level") == "fatal")
        .for_each(|message| out.problem(message.str("value")));
    let mut merged = Merged::default();
    for (index, flaw) in root.each("vulnerabilities").into_iter().enumerate() {
        // Before version 14 what is now the id was called so, and is there once for each line.
        let id = flaw.first(&["id", "cve"]);
        let key = if id.is_empty() { index.to_string() } else { id.to_owned() };
        merged.push(key, observation(flaw, scan.str("type"), out));
    }
    merged.finish(out);
}

fn observation(flaw: &Node, kind: &str, out: &Sink<'_>) -> Observation {
    let location = flaw.at("location");
    let (mut cwe, mut ids, mut rule) = (Vec::new(), Vec::new(), "");
    for identifier in flaw.each("identifiers") {
        let value = identifier.str("value");
        match identifier.str("type").to_ascii_lowercase().as_str() {
            "cwe" => cwe.extend(cwes(value)),
            "cve" | "ghsa" | "osvdb" | "usn" | "rhsa" | "elsa" | "gemnasium" | "hackerone" => ids.push(value.to_owned()),
            _ if rule.is_empty() => rule = value,
            _ => {}
        }
    }
    let fallback = ids.first().map_or(flaw.first(&["name", "category"]), String::as_str);
    let is_secret = kind == "secret_detection" || flaw.str("category") == "secret_detection";
    let mut fingerprints = Fingerprint::list("gitlab/id", flaw.first(&["id", "cve"]));
    for signature in flaw.each("tracking.items.signatures") {
        fingerprints.extend(Fingerprint::list(&format!("gitlab/{}", signature.str("algorithm")), signature.str("value")));
    }
    let dependency = location.at("dependency");
    Observation {
        rule: if rule.is_empty() { fallback } else { rule }.to_owned(),
        title: line(flaw.first(&["name", "message", "description"])).to_owned(),
        message: paragraphs(&[flaw.str("message"), flaw.str("description")]),
        severity: out.severity(flaw.str("severity")),
        severity_word: flaw.text("severity"),
        confidence: match flaw.str("confidence") {
            "Confirmed" | "High" => Some(Confidence::High),
            "Medium" => Some(Confidence::Medium),
            "Low" | "Experimental" => Some(Confidence::Low),
            _ => None,
        },
        cwe,
        ids,
        place: place(location),
        component: Component::of(dependency.str("package.name"), dependency.str("version")),
        fingerprints,
        snippet: if is_secret { String::new() } else { flaw.text("raw_source_code_extract") },
        fix: flaw.text("solution"),
        references: flaw.texts("links.url"),
        first_seen: flaw.text("discovered_at"),
        ..Observation::default()
    }
}

fn place(location: &Node) -> Place {
    let file = Place::file(location.str("file"), location.line("start_line"));
    let url = format!("{}{}", location.str("hostname"), location.str("path"));
    file.to(None, location.line("end_line"), None)
        .or(Place::endpoint(&url, location.str("method"), location.str("param")))
        .or(Place::image(location.str("image")))
        .or(Place::resource(location.first(&["kubernetes_resource.name", "crash_address"]), location.str("kubernetes_resource.kind"), ""))
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn places_follow_from_the_kind_of_report() {
        check(
            "gitlab",
            r#"{"version": "15.0.0", "scan": {"type": "sast", "scanner": {"name": "S"}, "status": "success"}, "vulnerabilities": [
            {"id": "1", "name": "N", "severity": "Unknown", "location": {"file": "a.c", "start_line": 2}, "identifiers": [{"type": "s_id", "value": "r"}, {"type": "cwe", "value": "79"}]},
            {"id": "2", "severity": "High", "location": {"image": "x:1", "dependency": {"package": {"name": "left"}, "version": "1"}}, "identifiers": [{"type": "cve", "value": "CVE-2026-1"}]},
            {"id": "3", "severity": "Low", "location": {"hostname": "https://x", "path": "/y", "method": "GET"}, "identifiers": [{"type": "z", "value": "q"}]}]}"#,
            &["unknown r a.c:2", "high CVE-2026-1 x:1 left@1", "low q GET https://x/y"],
        );
    }
}
