//! Alerts of Orca Security, as JSON and CSV.

use super::{Flat, Importer, Mark, Reading, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "orca_security",
    title: "Orca Security",
    marks: &[Mark::JsonList(&["OrcaScore", "Title"]), Mark::Csv(&["OrcaScore", "Title"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    rule: &["Category"],
    title: &["Title"],
    message: &["Category"],
    score: &["OrcaScore"],
    resource: &["Inventory.Name", "Source"],
    within: &["CloudAccount.Name"],
    first_seen: &["CreatedAt"],
    tags: &["Labels"],
    verdict: (&["Status"], &[("closed", Verdict::Fixed), ("dismissed", Verdict::Suppressed), ("snoozed", Verdict::Suppressed)]),
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "orca_security",
            r#"[{"Title": "t", "Category": "c", "OrcaScore": 5.1, "Inventory": {"Name": "r"}, "Status": "open"}]"#,
            &["medium c r"],
        );
    }
}
