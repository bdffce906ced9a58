//! Black Duck's tables of security risks.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "blackduck",
    title: "Black Duck",
    marks: &[
        Mark::Csv(&["Vulnerability id", "Project name", "Remediation status"]),
        Mark::Csv(&["Vulnerability id", "Component name", "Security Risk"]),
        Mark::Csv(&["Vulnerability id", "Base score"]),
    ],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    with: &["Vulnerability id"],
    rule: &["Vulnerability id"],
    title: &["Vulnerability id"],
    message: &["Description"],
    severity: &["Security Risk"],
    score: &["Base score", "Overall score"],
    ids: &["Vulnerability id"],
    component: &["Component name", "Channel version origin name", "Project name"],
    version: &["Component version name", "Version"],
    references: &["URL"],
    first_seen: &["Published on"],
    verdict: (
        &["Remediation status"],
        &[
            ("ignored", Verdict::Accepted),
            ("patched", Verdict::Fixed),
            ("mitigated", Verdict::Accepted),
            ("not_affected", Verdict::NotAffected),
            ("duplicate", Verdict::Suppressed),
        ],
    ),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "blackduck",
            "Project name,Version,Vulnerability id,Description,Base score,Remediation status,Security Risk\nleft,1,CVE-2026-1,d,7.5,NEW,HIGH\n",
            &["high CVE-2026-1 left@1"],
        );
    }
}
