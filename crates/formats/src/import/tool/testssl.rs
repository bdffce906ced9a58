//! testssl.sh's CSV and its flat JSON.

use super::{Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, cwes, ids};

pub(super) static IMPORTER: Importer = Importer {
    id: "testssl",
    title: "testssl.sh",
    marks: &[Mark::Csv(&["id", "fqdn/ip", "port", "severity", "finding"]), Mark::JsonList(&["id", "ip", "port", "severity", "finding"])],
    scale: &[("warn", Severity::Info), ("fatal", Severity::Info), ("debug", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

/// Rows that tell of the rating, and of nothing that is wrong.
const OF_THE_RATING: &[&str] = &[
    "rating_spec",
    "rating_doc",
    "protocol_support_score",
    "protocol_support_score_weighted",
    "key_exchange_score",
    "key_exchange_score_weighted",
    "cipher_strength_score",
    "cipher_strength_score_weighted",
    "final_score",
    "overall_grade",
];

fn read(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    for row in root.each("") {
        let (id, word) = (row.str("id"), row.str("severity"));
        if word == "OK" || OF_THE_RATING.contains(&id) || id.contains("grade_cap_reason_") {
            continue;
        }
        let address = row.first(&["fqdn/ip", "ip"]);
        let host = address.split('/').next().unwrap_or_default();
        let flaws = ids(row.str("cve"));
        // Each flaw is told apart.
        let names: Vec<Vec<String>> = if flaws.is_empty() { vec![Vec::new()] } else { flaws.into_iter().map(|id| vec![id]).collect() };
        for ids in names {
            merged.push(
                format!("{id}\0{word}\0{}\0{ids:?}", row.str("finding")),
                Observation {
                    rule: id.to_owned(),
                    title: id.to_owned(),
                    message: row.text("finding"),
                    severity: out.severity(word),
                    severity_word: word.to_owned(),
                    cwe: cwes(row.str("cwe")),
                    ids,
                    place: Place::host(host, row.number("port"), ""),
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
    fn what_is_fine_is_left_out() {
        check(
            "testssl",
            "\"id\",\"fqdn/ip\",\"port\",\"severity\",\"finding\",\"cve\",\"cwe\"\n\"DROWN\",\"x.org/1.1.1.1\",\"443\",\"HIGH\",\"bad\",\"CVE-2016-0800 CVE-2016-0703\",\"CWE-310\"\n\"TLS1_3\",\"x.org/1.1.1.1\",\"443\",\"OK\",\"good\",\"\",\"\"\n",
            &["high DROWN x.org:443", "high DROWN x.org:443"],
        );
    }
}
