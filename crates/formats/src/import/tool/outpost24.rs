//! Outpost24: details of flaws.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "outpost24",
    title: "Outpost24",
    marks: &[Mark::Xml(&["main.report", "main.detaillist"]), Mark::Xml(&["main.reportinfo", "main.hostlist"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["main.detaillist.detail"],
    rule: &["id", "name"],
    title: &["name"],
    message: &["description"],
    severity: &["riskfactor"],
    score: &["cvss_v3_score", "cvss_score"],
    vector: &["cvss_v3_vector"],
    ids: &["cve.id"],
    host: &["ip"],
    port: &["portinfo.portnumber"],
    fix: &["solution"],
    first_seen: &["first_seen"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "outpost24",
            "<main><report>OUTSCAN</report><detaillist><detail><id>1</id><name>n</name><ip>10.0.0.1</ip><cvss_score>7.5</cvss_score></detail></detaillist></main>",
            &["high 1 10.0.0.1"],
        );
    }
}
