//! Kiuwan: flaws of components.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "kiuwan_sca",
    title: "Kiuwan SCA",
    marks: &[Mark::JsonList(&["cve", "securityRisk", "components.artifact"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["|components"],
    without: ("^muted", &["true"]),
    rule: &["^cve"],
    title: &["^cve"],
    message: &["^description"],
    severity: &["^securityRisk"],
    score: &["^cVSSv3BaseScore"],
    ids: &["^cve"],
    cwe: &["^cwe"],
    component: &["artifact"],
    version: &["version"],
    fingerprint: &["id"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "kiuwan_sca",
            r#"[{"cve": "CVE-2026-1", "securityRisk": "HIGH", "muted": false, "components": [{"artifact": "left", "version": "1"}]}]"#,
            &["high CVE-2026-1 left@1"],
        );
    }
}
