//! What people write themselves: DefectDojo's generic format as JSON and CSV. Bartizan writes it, too.

use super::{
    Component, Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Severity, Sink, Verdict, cwes, cwes_in,
    id_and, links, paragraphs,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "generic",
    title: "Generic findings",
    marks: &[
        Mark::Csv(&["Title", "Description", "Severity", "Date"]),
        Mark::Json(&["findings.title", "findings.severity", "findings.description"]),
    ],
    scale: &[("", Severity::Info)],
    names_tools: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool(root.str("name"), root.str("version"));
    for finding in root.each("findings") {
        out.push(of_finding(finding, out));
    }
    let mut merged = Merged::default();
    for row in root.each("").into_iter().filter(|row| row.has("Title")) {
        merged.push(format!("{} {} {}", row.str("Severity"), row.str("Title"), row.str("Description")), of_row(row, out));
    }
    merged.finish(out);
}

fn of_finding(finding: &Node, out: &Sink<'_>) -> Observation {
    let names = [finding.texts("vulnerability_ids"), finding.texts("cve")].concat();
    let mut endpoints = finding.each("endpoints").into_iter().map(|it| if it.has("host") { host(it) } else { Place::url(it.as_str()) });
    let place = Place::file(finding.str("file_path"), finding.line("line"));
    let first = if place == Place::Unknown { endpoints.next().unwrap_or_default() } else { place };
    let verdict = match (finding.flag("false_p"), finding.flag("risk_accepted"), finding.flag("is_mitigated"), finding.str("active")) {
        (true, ..) => Verdict::FalsePositive,
        (_, true, ..) => Verdict::Accepted,
        (_, _, true, _) => Verdict::Fixed,
        (_, _, _, "false") => Verdict::Suppressed,
        _ => Verdict::Open,
    };
    Observation {
        rule: finding.first(&["vuln_id_from_tool", "title"]).to_owned(),
        title: finding.text("title"),
        message: paragraphs(&[finding.str("description"), finding.str("impact")]),
        severity: out.severity(finding.str("severity")),
        severity_word: finding.text("severity"),
        cwe: cwes_in(&[finding.each("cwe"), finding.each("cwes")].concat()),
        ids: id_and(names.first().map_or("", String::as_str), &names.join(" ")),
        place: first,
        also: endpoints.collect(),
        component: Component::fixed(finding.str("component_name"), finding.str("component_version"), finding.str("fix_version")),
        fingerprints: Fingerprint::list("generic/id", finding.str("unique_id_from_tool")),
        fix: finding.text("mitigation"),
        references: links(finding.str("references")),
        scores: Score::list(finding.str("cvssv3"), finding.decimal("cvssv3_score")),
        occurrences: finding.line("nb_occurences"),
        verdict,
        first_seen: finding.text("date"),
        tags: finding.texts("tags"),
        ..Observation::default()
    }
}

fn host(endpoint: &Node) -> Place {
    if !endpoint.has("path") {
        return Place::host(endpoint.str("host"), endpoint.number("port"), endpoint.str("protocol"));
    }
    let scheme = Some(endpoint.str("protocol")).filter(|scheme| !scheme.is_empty()).unwrap_or("https");
    Place::url(&format!("{scheme}://{}/{}", endpoint.str("host"), endpoint.str("path").trim_start_matches('/')))
}

fn of_row(row: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: row.text("Title"),
        title: row.text("Title"),
        message: paragraphs(&[row.str("Description"), row.str("Impact")]),
        severity: out.severity(row.str("Severity")),
        severity_word: row.text("Severity"),
        cwe: cwes(row.first(&["CweId", "CWE"])),
        ids: id_and("", &format!("{} {}", row.first(&["Vulnerability Id", "CVE"]), row.str("CVE"))),
        place: Place::url(row.str("Url")),
        fix: row.text("Mitigation"),
        references: links(row.str("References")),
        scores: Score::list(row.first(&["CVSSV3", "CVSSV4"]), row.decimal("CVSSV3_score")),
        verdict: match (row.flag("FalsePositive"), row.flag("IsMitigated")) {
            (true, _) => Verdict::FalsePositive,
            (_, true) => Verdict::Fixed,
            _ => Verdict::Open,
        },
        first_seen: row.text("Date"),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_formats_are_read() {
        check(
            "generic",
            "Title,Description,Severity,Date,Url,CweId\nt,d,High,2026-01-01,https://x/a,79\nt,d,High,2026-01-01,https://x/b,79\n",
            &["high t https://x/a"],
        );
        check(
            "generic",
            r#"{"name": "mine", "findings": [{"title": "t", "severity": "Low", "description": "d", "file_path": "a.c", "line": 3, "component_name": "left", "component_version": "1"}]}"#,
            &["low t a.c:3 left@1"],
        );
    }
}
