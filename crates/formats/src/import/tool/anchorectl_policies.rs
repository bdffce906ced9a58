//! Policy evaluations of anchorectl.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "anchorectl_policies",
    title: "anchorectl",
    marks: &[
        Mark::JsonList(&["detail.gate", "finalAction"]),
        Mark::JsonList(&["detail", "finalAction"]),
        Mark::Json(&["evaluations.details"]),
    ],
    scale: &[("stop", Severity::High), ("warn", Severity::Medium), ("go", Severity::Low)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["detail"],
        rule: &["triggerName", "triggerId"],
        title: &["triggerName"],
        message: &["description"],
        severity: &["status"],
        image: &["tag"],
        fingerprint: &["triggerId"],
        ..Flat::BASE
    },
    Flat {
        items: &["evaluations.details"],
        rule: &["triggerName", "triggerId"],
        title: &["triggerName"],
        message: &["description", "message"],
        severity: &["status", "action"],
        image: &["tag"],
        fingerprint: &["triggerId"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "anchorectl_policies",
            r#"[{"detail": [{"description": "d", "gate": "dockerfile", "status": "warn", "tag": "x:1", "triggerName": "effective_user"}], "finalAction": "stop"}]"#,
            &["medium effective_user x:1"],
        );
    }
}
