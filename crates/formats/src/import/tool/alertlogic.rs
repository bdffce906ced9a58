//! Tables of Alert Logic.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "alertlogic",
    title: "Alert Logic",
    marks: &[Mark::Csv(&["Vulnerability", "CVSS Score", "Asset Name", "Vulnerability ID"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    rule: &["CVE", "Vulnerability ID"],
    title: &["Vulnerability"],
    message: &["Description", "Evidence"],
    severity: &["Severity"],
    score: &["CVSS Score"],
    ids: &["CVE"],
    host: &["Asset Name", "IP Address"],
    protocol: &["Service"],
    fix: &["Resolution"],
    fingerprint: &["Vulnerability Key"],
    first_seen: &["First Seen"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "alertlogic",
            "Vulnerability,CVSS Score,Severity,Asset Name,IP Address,CVE,Vulnerability ID\nv,5.3,Medium,web,10.0.0.1,CVE-2026-1,9\n",
            &["medium CVE-2026-1 web"],
        );
    }
}
