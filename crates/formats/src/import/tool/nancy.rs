//! Nancy, and AuditJS: flaws that the OSS Index knows.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "nancy",
    title: "Nancy",
    aliases: &["auditjs"],
    marks: &[
        Mark::Json(&["audited.Coordinates"]),
        Mark::Json(&["vulnerable.Coordinates"]),
        Mark::Json(&["num_audited"]),
        Mark::JsonList(&["coordinates", "vulnerabilities", "reference"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["vulnerable|Vulnerabilities"],
        rule: &["Cve", "Id"],
        title: &["Title"],
        message: &["Description"],
        score: &["CvssScore"],
        vector: &["CvssVector"],
        ids: &["Cve"],
        cwe: &["Cwe"],
        purl: &["^Coordinates"],
        references: &["Reference"],
        fingerprint: &["Id"],
        ..Flat::BASE
    },
    Flat {
        items: &["|vulnerabilities"],
        rule: &["id"],
        title: &["title"],
        message: &["description"],
        score: &["cvssScore"],
        vector: &["cvssVector"],
        ids: &["cve", "title"],
        cwe: &["cwe"],
        purl: &["^coordinates"],
        references: &["reference"],
        fingerprint: &["id"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "nancy",
            r#"{"num_audited": 1, "vulnerable": [{"Coordinates": "pkg:golang/x/left@1", "Vulnerabilities": [{"Id": "i", "Cve": "CVE-2026-1", "CvssScore": "6.1"}]}]}"#,
            &["medium CVE-2026-1 left@1"],
        );
    }
}
