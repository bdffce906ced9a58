//! Flaws of an image, as Anchore Engine tells them.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "anchore_engine",
    title: "Anchore Engine",
    marks: &[
        Mark::Json(&["imageDigest", "vulnerabilities", "vulnerability_type"]),
        Mark::Json(&["vulnerabilities.vuln", "vulnerabilities.feed"]),
        Mark::Json(&["securityEvaluation", "metadata"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["vulnerabilities"],
        rule: &["vuln"],
        title: &["vuln"],
        message: &["package"],
        severity: &["severity"],
        ids: &["vuln"],
        component: &["package_name"],
        version: &["package_version"],
        fixed: &["fix"],
        file: &["package_path"],
        image: &["^imageDigest"],
        references: &["url"],
        tags: &["package_type", "feed_group"],
        ..Flat::BASE
    },
    Flat {
        items: &["securityEvaluation"],
        rule: &["vulnerabilityId"],
        title: &["vulnerabilityId"],
        message: &["description"],
        severity: &["severity"],
        ids: &["vulnerabilityId"],
        component: &["package"],
        fixed: &["fixAvailable"],
        file: &["path"],
        references: &["link"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "anchore_engine",
            r#"{"imageDigest": "d", "vulnerability_type": "os", "vulnerabilities": [{"feed": "v", "vuln": "CVE-2026-1", "package_name": "left", "package_version": "1", "severity": "Negligible"}]}"#,
            &["info CVE-2026-1 d left@1"],
        );
    }
}
