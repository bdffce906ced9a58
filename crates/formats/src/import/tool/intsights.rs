//! Alerts of IntSights, as JSON and as a table.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "intsights",
    title: "IntSights",
    marks: &[Mark::Json(&["Alerts.Details.Severity"]), Mark::Csv(&["Alert ID", "Title", "Severity", "Network Type"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["Alerts"],
        rule: &["Details.SubType", "Details.Type"],
        title: &["Details.Title"],
        message: &["Details.Description"],
        severity: &["Details.Severity"],
        url: &["Details.Source.URL"],
        fingerprint: &["_id"],
        first_seen: &["FoundDate"],
        verdict: (&["Closed.Status", "IsClosed"], &[("true", Verdict::Fixed)]),
        ..Flat::BASE
    },
    Flat {
        with: &["Alert ID"],
        rule: &["Type"],
        title: &["Title"],
        message: &["Description"],
        severity: &["Severity"],
        url: &["Source URL"],
        fix: &["Remediation"],
        fingerprint: &["Alert ID"],
        verdict: (&["Status"], &[("closed", Verdict::Fixed)]),
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "intsights",
            r#"{"Alerts": [{"_id": "i", "Details": {"Title": "t", "Type": "T", "Severity": "Critical", "Source": {"URL": "https://x"}}}]}"#,
            &["critical T https://x"],
        );
    }
}
