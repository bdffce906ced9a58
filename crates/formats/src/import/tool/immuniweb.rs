//! ImmuniWeb: its list of flaws as XML.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "immuniweb",
    title: "ImmuniWeb",
    marks: &[Mark::Xml(&["Vulnerabilities.Vulnerability.CVSSv3"]), Mark::Xml(&["Vulnerabilities"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["Vulnerabilities.Vulnerability"],
    rule: &["Type"],
    title: &["Name"],
    message: &["Description", "PoC"],
    severity: &["Risk"],
    cwe: &["CWE-ID"],
    ids: &["CVE-ID"],
    url: &["URL"],
    fingerprint: &["ID"],
    first_seen: &["Date"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "immuniweb",
            "<Vulnerabilities><Vulnerability><ID>1</ID><Name>n</Name><Type>XSS</Type><CVSSv3>9</CVSSv3><Risk>CRITICAL</Risk><URL>https://x/a</URL></Vulnerability></Vulnerabilities>",
            &["critical XSS https://x/a"],
        );
    }
}
