//! Qualys: scans and asset reports as XML, and the tables of VM, VMDR and HackerGuardian.

use std::collections::HashMap;

use super::{Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Severity, Sink, Verdict, ids, links, paragraphs, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "qualys",
    title: "Qualys",
    aliases: &["qualys_vmdr", "qualys_infrascan_webgui", "qualys_hacker_guardian"],
    marks: &[
        Mark::Xml(&["ASSET_DATA_REPORT"]),
        Mark::Xml(&["SCAN.HEADER", "SCAN.@value"]),
        Mark::Csv(&["QID", "Title", "Severity"]),
        Mark::Csv(&["QID", "VULN TITLE"]),
    ],
    scale: &[("1", Severity::Info), ("2", Severity::Low), ("3", Severity::Medium), ("4", Severity::High), ("5", Severity::Critical)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    assets(root.at("ASSET_DATA_REPORT"), out);
    scan(root.at("SCAN"), out);
    let mut merged = Merged::default();
    for (index, row) in root.each("").into_iter().enumerate().filter(|(_, row)| row.has("QID")) {
        let title = row.first(&["Title", "VULN TITLE"]);
        if title.is_empty() || title == "Title" {
            continue;
        }
        // VMDR tells each machine apart; the others are lists of machines a flaw.
        let key = if row.has("KB Severity") { index.to_string() } else { format!("{} {}", row.str("QID"), row.str("RESULT")) };
        merged.push(key, of_row(row, title, out));
    }
    merged.finish(out);
}

fn of_row(row: &Node, title: &str, out: &Sink<'_>) -> Observation {
    let word = row.first(&["Q_SEVERITY", "Severity", "SEVERITY"]);
    let host = row.first(&["FQDN", "DNS", "Asset Name", "HOSTNAME", "Asset IPV4", "IP"]);
    Observation {
        rule: format!("QID-{}", row.str("QID")),
        title: title.to_owned(),
        message: plain(&paragraphs(&[
            row.first(&["Threat", "THREAT", "CVE-Description"]),
            row.first(&["Impact", "IMPACT"]),
            row.first(&["Results", "RESULT"]),
        ])),
        severity: out.severity(word),
        severity_word: word.to_owned(),
        ids: ids(row.first(&["CVE ID", "CVEID", "CVE"])),
        place: Place::host(
            host,
            row.number("Port").or(row.number("PORT")),
            row.first(&["Protocol", "PROTOCOL"]).trim_start_matches(['\'', '-']),
        ),
        fix: plain(row.first(&["Solution", "SOLUTION"])),
        scores: Score::list("", row.decimal("CVSS3 Base").or(row.decimal("CVSSv3.1 Base (nvd)")).or(row.decimal("CVSS_BASE"))),
        verdict: match row.first(&["Vuln Status", "Status"]).to_ascii_uppercase().as_str() {
            "FIXED" => Verdict::Fixed,
            _ if row.flag("Ignored") || row.flag("Disabled") => Verdict::Suppressed,
            _ => Verdict::Open,
        },
        first_seen: row.first(&["First Detected", "LAST SCAN"]).to_owned(),
        ..Observation::default()
    }
}

/// What is known of a flaw stands in the glossary, once.
fn assets(report: &Node, out: &mut Sink<'_>) {
    out.time(report.str("HEADER.GENERATION_DATETIME"));
    let glossary: HashMap<&str, &Node> =
        report.each("GLOSSARY.VULN_DETAILS_LIST.VULN_DETAILS").into_iter().map(|it| (it.str("@id"), it)).collect();
    for host in report.each("HOST_LIST.HOST") {
        for found in host.each("VULN_INFO_LIST.VULN_INFO") {
            let qid = found.first(&["QID.@id", "QID"]);
            let known = glossary.get(qid).copied().unwrap_or(&Node::Null);
            out.push(Observation {
                rule: format!("QID-{}", qid.trim_start_matches("qid_")),
                title: known.text("TITLE"),
                message: plain(&paragraphs(&[known.str("THREAT"), known.str("IMPACT"), found.str("RESULT")])),
                severity: out.severity(known.str("SEVERITY")),
                severity_word: known.text("SEVERITY"),
                ids: ids(&known.texts("CVE_ID_LIST.CVE_ID.ID").join(" ")),
                place: Place::host(host.first(&["DNS", "IP"]), found.number("PORT"), found.str("PROTOCOL")),
                fix: plain(known.str("SOLUTION")),
                references: known.texts("CVE_ID_LIST.CVE_ID.URL"),
                scores: Score::list(
                    "",
                    found
                        .str("CVSS3_FINAL")
                        .parse()
                        .ok()
                        .or(known.decimal("CVSS3_SCORE.CVSS3_BASE"))
                        .or(known.decimal("CVSS_SCORE.CVSS_BASE")),
                ),
                verdict: if found.str("VULN_STATUS") == "Fixed" { Verdict::Fixed } else { Verdict::Open },
                first_seen: found.text("FIRST_FOUND"),
                ..Observation::default()
            });
        }
    }
}

fn scan(scan: &Node, out: &mut Sink<'_>) {
    for host in scan.each("IP") {
        let name =
            Some(host.str("@name")).filter(|name| !name.is_empty() && !name.starts_with("No registered")).unwrap_or(host.str("@value"));
        for category in host.each("VULNS.CAT") {
            for flaw in category.each("VULN") {
                out.push(Observation {
                    rule: format!("QID-{}", flaw.str("@number")),
                    title: flaw.text("TITLE"),
                    message: plain(&paragraphs(&[flaw.str("DIAGNOSIS"), flaw.str("CONSEQUENCE"), flaw.str("RESULT")])),
                    severity: out.severity(flaw.str("@severity")),
                    severity_word: flaw.text("@severity"),
                    ids: ids(flaw.str("@cveid")),
                    place: Place::host(name, category.number("@port"), category.str("@protocol")),
                    fix: plain(flaw.str("SOLUTION")),
                    references: links(&flaw.texts("CVE_ID_LIST.CVE_ID.URL").join(" ")),
                    scores: Score::list("", flaw.decimal("CVSS3_BASE").or(flaw.decimal("CVSS_BASE"))),
                    ..Observation::default()
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn tables_and_documents_are_read() {
        check(
            "qualys",
            "\"IP\",\"QID\",\"Title\",\"Severity\",\"Port\"\n\"10.0.0.1\",\"7\",\"t\",\"5\",\"443\"\n",
            &["critical QID-7 10.0.0.1:443"],
        );
        check(
            "qualys",
            "<ASSET_DATA_REPORT><HOST_LIST><HOST><IP>10.0.0.1</IP><VULN_INFO_LIST><VULN_INFO><QID id='qid_8'>8</QID></VULN_INFO></VULN_INFO_LIST></HOST></HOST_LIST><GLOSSARY><VULN_DETAILS_LIST><VULN_DETAILS id='qid_8'><TITLE>t</TITLE><SEVERITY>3</SEVERITY></VULN_DETAILS></VULN_DETAILS_LIST></GLOSSARY></ASSET_DATA_REPORT>",
            &["medium QID-8 10.0.0.1"],
        );
        check(
            "qualys",
            "<SCAN value='s'><HEADER/><IP value='10.0.0.1' name='h'><VULNS><CAT value='c' port='80'><VULN number='9' severity='2'><TITLE>t</TITLE></VULN></CAT></VULNS></IP></SCAN>",
            &["low QID-9 h:80"],
        );
    }
}
