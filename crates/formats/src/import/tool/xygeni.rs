//! Xygeni: code, dependencies and secrets.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "xygeni",
    title: "Xygeni",
    marks: &[Mark::Json(&["metadata.format~xygeni"]), Mark::Json(&["metadata.reportProperties.tool.name=Xygeni"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["vulnerabilities"],
        rule: &["detector"],
        title: &["explanation", "kind"],
        message: &["explanation"],
        severity: &["severity"],
        cwe: &["cwes"],
        file: &["location.filepath"],
        line: &["location.beginLine"],
        end_line: &["location.endLine"],
        snippet: &["location.code"],
        fingerprint: &["issueId"],
        tags: &["language", "kind"],
        ..Flat::BASE
    },
    Flat {
        items: &["secrets"],
        rule: &["detector", "type"],
        title: &["type"],
        severity: &["severity"],
        file: &["location.filepath"],
        line: &["location.beginLine"],
        fingerprint: &["issueId"],
        ..Flat::BASE
    },
    Flat {
        items: &["dependencies|vulnerabilities"],
        rule: &["id"],
        title: &["id"],
        message: &["description"],
        severity: &["severity"],
        ids: &["cve", "id"],
        cwe: &["cwes"],
        component: &["^name"],
        version: &["^version"],
        purl: &["^purl"],
        fixed: &["fixedVersion"],
        file: &["^paths.dependencyPaths"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "xygeni",
            r#"{"metadata": {"format": "sast-xygeni"}, "vulnerabilities": [{"detector": "d", "kind": "k", "severity": "high", "location": {"filepath": "a.py", "beginLine": 3}}]}"#,
            &["high d a.py:3"],
        );
    }
}
