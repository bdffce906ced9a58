//! Reports of OpenVAS and Greenbone, as XML and CSV.

use super::{
    Confidence, Importer, Mark, Node, Observation, Place, Reading, Score, Severity, Sink, Verdict, ids, ids_in, links, paragraphs,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "openvas",
    title: "OpenVAS",
    aliases: &["greenbone"],
    marks: &[
        Mark::Xml(&["report.report.results"]),
        Mark::Xml(&["report.results.result.nvt"]),
        Mark::Xml(&["report.@format_id", "report.report"]),
        Mark::Xml(&["report.@content_type", "report.@extension=xml"]),
        Mark::Xml(&["get_reports_response.report"]),
        Mark::Csv(&["IP", "Hostname", "NVT Name", "NVT OID"]),
        Mark::Csv(&["NVT Name", "Result ID"]),
    ],
    scale: &[("log", Severity::Info), ("debug", Severity::Info), ("alarm", Severity::High)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let reports = [root.each("report.report"), root.each("get_reports_response.report.report"), root.each("report")].concat();
    if let Some(report) = reports.iter().find(|report| report.has("results")) {
        out.time(report.first(&["scan_end", "timestamp"]));
        out.target(report.str("task.name"));
        report.each("results.result").into_iter().for_each(|result| out.push(observation(result, out)));
    }
    root.each("").into_iter().filter(|row| row.has("NVT Name")).for_each(|row| out.push(of_row(row, out)));
}

fn observation(result: &Node, out: &Sink<'_>) -> Observation {
    let nvt = result.at("nvt");
    // `443/tcp`, `general/tcp`.
    let (port, protocol) = result.str("port").split_once('/').unwrap_or((result.str("port"), ""));
    let score = result.decimal("severity").filter(|score| 0.0 <= *score);
    // Tags are `name=value|name=value`.
    let tag = |name: &str| nvt.str("tags").split('|').find_map(|tag| tag.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default();
    let references = nvt.each("refs.ref");
    let of_kind = |kind: &str| references.iter().copied().filter(|it| it.str("@type").eq_ignore_ascii_case(kind)).collect::<Vec<_>>();
    let cve: Vec<String> = of_kind("cve").iter().map(|it| it.text("@id")).collect();
    let names = ids(&format!("{} {}", cve.join(" "), nvt.str("cve")));
    let word = result.first(&["threat", "original_threat"]);
    Observation {
        rule: nvt.text("@oid"),
        title: result.first(&["name", "nvt.name"]).to_owned(),
        message: paragraphs(&[result.str("description"), tag("summary"), tag("insight"), tag("impact")]),
        severity: out.severity(word).or(out.score(score)),
        severity_word: word.to_owned(),
        confidence: result.number("qod.value").map(|value| {
            if 80 <= value {
                Confidence::High
            } else if 50 <= value {
                Confidence::Medium
            } else {
                Confidence::Low
            }
        }),
        ids: names,
        place: Place::host(result.str("host"), port.parse().ok(), protocol),
        fix: [nvt.str("solution"), tag("solution")].into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned(),
        references: of_kind("url").iter().map(|it| it.text("@id")).collect(),
        scores: Score::list(tag("cvss_base_vector"), score),
        first_seen: result.text("creation_time"),
        tags: nvt.texts("family"),
        ..Observation::default()
    }
}

fn of_row(row: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: row.text("NVT OID"),
        title: row.text("NVT Name"),
        message: paragraphs(&[row.str("Summary"), row.str("Specific Result"), row.str("Vulnerability Insight"), row.str("Impact")]),
        severity: out.severity(row.str("Severity")),
        severity_word: row.text("Severity"),
        ids: ids_in(&row.each("CVEs")),
        place: Place::host(row.first(&["Hostname", "IP"]), row.number("Port"), row.str("Port Protocol")),
        fix: row.text("Solution"),
        references: links(row.str("Other References")),
        scores: Score::list("", row.decimal("CVSS")),
        verdict: if row.flag("False Positive") { Verdict::FalsePositive } else { Verdict::Open },
        first_seen: row.text("Timestamp"),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_formats_are_read() {
        check(
            "openvas",
            "<report format_id='x'><report><results><result id='1'><name>n</name><host>10.0.0.1<asset/></host><port>443/tcp</port><nvt oid='1.2.3'><refs><ref type='cve' id='CVE-2026-1'/></refs></nvt><threat>High</threat><severity>7.5</severity></result></results></report></report>",
            &["high 1.2.3 10.0.0.1:443"],
        );
        check(
            "openvas",
            "IP,Hostname,Port,Port Protocol,CVSS,Severity,NVT Name,NVT OID\n10.0.0.1,,22,tcp,4.3,Medium,n,1.2.4\n",
            &["medium 1.2.4 10.0.0.1:22"],
        );
    }
}
