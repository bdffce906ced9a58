//! mix_audit: packages of Elixir.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "mix_audit",
    title: "mix_audit",
    marks: &[Mark::Json(&["pass", "vulnerabilities.advisory.id"]), Mark::Json(&["pass", "vulnerabilities"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["vulnerabilities"],
    rule: &["advisory.id"],
    title: &["advisory.title"],
    message: &["advisory.description"],
    severity: &["advisory.severity"],
    otherwise: Some(Severity::Medium),
    ids: &["advisory.id", "advisory.cve"],
    component: &["dependency.package"],
    version: &["dependency.version"],
    fixed: &["advisory.first_patched_versions"],
    file: &["dependency.lockfile"],
    references: &["advisory.url"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "mix_audit",
            r#"{"pass": false, "vulnerabilities": [{"advisory": {"id": "GHSA-aaaa-bbbb-cccc", "severity": "high"}, "dependency": {"package": "plug", "version": "1", "lockfile": "mix.lock"}}]}"#,
            &["high GHSA-aaaa-bbbb-cccc mix.lock plug@1"],
        );
    }
}
