//! Flaws of machines, as Microsoft Defender answers.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "ms_defender",
    title: "Microsoft Defender",
    marks: &[Mark::Json(&["value.cveId", "value.machineId"]), Mark::Json(&["@odata.context~securitycenter", "value"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["value"],
    with: &["cveId"],
    rule: &["cveId"],
    title: &["cveId"],
    severity: &["severity"],
    ids: &["cveId"],
    component: &["productName"],
    version: &["productVersion"],
    host: &["machineId"],
    fingerprint: &["id"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "ms_defender",
            r#"{"@odata.context": "https://api.securitycenter.windows.com", "value": [{"id": "m-CVE-2026-1", "cveId": "CVE-2026-1", "machineId": "m", "productName": "left", "productVersion": "1", "severity": "Low"}]}"#,
            &["low CVE-2026-1 m left@1"],
        );
    }
}
