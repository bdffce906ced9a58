//! DevAudit, which asks the OSS Index: packages, each with its flaws.

use super::{Component, Importer, Mark, Node, Observation, Reading, Score, Sink, cwes, ids, links};

pub(super) static IMPORTER: Importer = Importer {
    id: "ossindex_devaudit",
    title: "DevAudit",
    marks: &[Mark::Json(&["Packages.Package", "Vulnerabilities Found"]), Mark::Json(&["Packages Audited", "Packages"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for package in root.each("Packages") {
        for flaw in package.each("Vulnerabilities") {
            let title = flaw.str("title");
            out.push(Observation {
                rule: flaw.text("id"),
                title: title.to_owned(),
                message: flaw.text("description"),
                cwe: cwes(flaw.str("cwe")),
                ids: ids(&format!("{title} {} {}", flaw.str("cve"), flaw.str("reference"))),
                component: Component::of(package.str("Package.name"), package.str("Package.version")),
                references: links(flaw.str("reference")),
                scores: Score::list(flaw.str("cvssVector"), flaw.decimal("cvssScore")),
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn flaws_of_packages_are_read() {
        check(
            "ossindex_devaudit",
            r#"{"Packages Audited": 1, "Packages": [{"Package": {"name": "left", "version": "1"}, "Vulnerabilities": [{"id": "f", "title": "CWE-79: x", "cvssScore": 6.1, "cwe": "CWE-79"}]}]}"#,
            &["medium f left@1"],
        );
    }
}
