//! Qualys' Web Application Scanning: reports of scans and of web applications, as XML.

use std::collections::HashMap;

use super::{Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, Verdict, cwes_in, paragraphs, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "qualys_webapp",
    title: "Qualys Web Application Scanning",
    marks: &[Mark::Xml(&["WAS_SCAN_REPORT"]), Mark::Xml(&["WAS_WEBAPP_REPORT"])],
    scale: &[("1", Severity::Info), ("2", Severity::Low), ("3", Severity::Medium), ("4", Severity::High), ("5", Severity::Critical)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let report = if root.has("WAS_SCAN_REPORT") { root.at("WAS_SCAN_REPORT") } else { root.at("WAS_WEBAPP_REPORT") };
    out.time(report.str("HEADER.GENERATION_DATETIME"));
    let glossary: HashMap<&str, &Node> = report.each("GLOSSARY.QID_LIST.QID").into_iter().map(|it| (it.str("QID"), it)).collect();
    let mut merged = Merged::default();
    let lists = [
        ("RESULTS.VULNERABILITY_LIST.VULNERABILITY", false),
        ("RESULTS.WEB_APPLICATION.VULNERABILITY_LIST.VULNERABILITY", false),
        ("RESULTS.INFORMATION_GATHERED_LIST.INFORMATION_GATHERED", true),
        ("RESULTS.WEB_APPLICATION.INFORMATION_GATHERED_LIST.INFORMATION_GATHERED", true),
    ];
    for (path, is_information) in lists {
        for found in report.each(path) {
            let qid = found.str("QID");
            let known = glossary.get(qid).copied().unwrap_or(&Node::Null);
            let mut urls = [found.texts("URL"), found.texts("ACCESS_PATH.URL")].concat().into_iter();
            merged.push(
                format!("{is_information} {}", if qid.is_empty() { found.str("UNIQUE_ID") } else { qid }),
                Observation {
                    rule: format!("QID-{qid}"),
                    title: known.text("TITLE"),
                    message: plain(&paragraphs(&[known.str("DESCRIPTION"), known.str("IMPACT")])),
                    severity: if is_information { Some(Severity::Info) } else { out.severity(known.str("SEVERITY")) },
                    severity_word: known.text("SEVERITY"),
                    cwe: cwes_in(&known.each("CWE")),
                    place: urls.next().map_or(Place::Unknown, |url| {
                        Place::endpoint(&url, found.str("PAYLOADS.PAYLOAD.REQUEST.METHOD"), found.str("PARAM"))
                    }),
                    also: urls.map(|url| Place::url(&url)).collect(),
                    fingerprints: Fingerprint::list("qualys/unique-id", found.str("UNIQUE_ID")),
                    fix: plain(known.str("SOLUTION")),
                    verdict: if found.str("STATUS").eq_ignore_ascii_case("fixed") { Verdict::Fixed } else { Verdict::Open },
                    first_seen: found.text("FIRST_TIME_DETECTED"),
                    ..Observation::default()
                },
            );
        }
    }
    merged.finish(out);
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn what_is_known_stands_in_the_glossary() {
        check(
            "qualys_webapp",
            "<WAS_SCAN_REPORT><RESULTS><VULNERABILITY_LIST><VULNERABILITY><UNIQUE_ID>u</UNIQUE_ID><QID>1</QID><URL>https://x/a</URL></VULNERABILITY></VULNERABILITY_LIST></RESULTS><GLOSSARY><QID_LIST><QID><QID>1</QID><SEVERITY>3</SEVERITY><TITLE>t</TITLE></QID></QID_LIST></GLOSSARY></WAS_SCAN_REPORT>",
            &["medium QID-1 https://x/a"],
        );
    }
}
