//! Xanitizer: its list of findings.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "xanitizer",
    title: "Xanitizer",
    marks: &[Mark::Xml(&["XanitizerFindingsList"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["XanitizerFindingsList.finding"],
    rule: &["problemTypeId"],
    title: &["problemType"],
    message: &["description", "classification"],
    severity: &["rating"],
    cwe: &["cweNumber"],
    file: &["startNode.@relativePath", "endNode.@relativePath", "node.@relativePath", "file"],
    line: &["startNode.@lineNo", "endNode.@lineNo", "node.@lineNo", "line"],
    fingerprint: &["@id"],
    tags: &["category"],
    first_seen: &["date"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "xanitizer",
            r#"<XanitizerFindingsList><finding id="1"><problemType>t</problemType><problemTypeId>ci:X</problemTypeId><rating>9.8</rating><node relativePath="a.java" lineNo="3"/></finding></XanitizerFindingsList>"#,
            &["critical ci:X a.java:3"],
        );
    }
}
