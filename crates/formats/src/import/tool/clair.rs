//! Clair, and Klar: flaws of the layers of an image.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "clair",
    title: "Clair",
    aliases: &["clair_klar"],
    marks: &[
        Mark::Json(&["image", "vulnerabilities.featurename"]),
        Mark::Json(&["unapproved", "vulnerabilities"]),
        Mark::Json(&["LayerCount", "Vulnerabilities"]),
    ],
    scale: &[("negligible", Severity::Info), ("defcon1", Severity::Critical)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["vulnerabilities"],
        with: &["vulnerability"],
        merged: &["vulnerability", "featurename"],
        rule: &["vulnerability"],
        title: &["vulnerability"],
        message: &["description"],
        severity: &["severity"],
        ids: &["vulnerability"],
        component: &["featurename"],
        version: &["featureversion"],
        fixed: &["fixedby"],
        references: &["link"],
        tags: &["namespace"],
        ..Flat::BASE
    },
    Flat {
        items: &["Vulnerabilities.*"],
        with: &["Name"],
        merged: &["Name", "FeatureName"],
        rule: &["Name"],
        title: &["Name"],
        message: &["Description"],
        severity: &["Severity"],
        ids: &["Name"],
        component: &["FeatureName"],
        version: &["FeatureVersion"],
        fixed: &["FixedBy"],
        references: &["Link"],
        tags: &["NamespaceName"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "clair",
            r#"{"image": "x", "unapproved": [], "vulnerabilities": [{"featurename": "left", "featureversion": "1", "vulnerability": "CVE-2026-1", "severity": "Medium"}]}"#,
            &["medium CVE-2026-1 left@1"],
        );
    }
}
