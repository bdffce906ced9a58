//! StackHawk: the webhook of a scan.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "stackhawk",
    title: "StackHawk",
    marks: &[Mark::Json(&["service=StackHawk", "scanCompleted"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["scanCompleted.findings"],
    rule: &["pluginId"],
    title: &["pluginName"],
    message: &["pluginName"],
    severity: &["severity"],
    host: &["^scanCompleted.scan.application"],
    references: &["findingURL"],
    url: &["paths.path"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "stackhawk",
            r#"{"service": "StackHawk", "scanCompleted": {"findings": [{"pluginId": "1", "pluginName": "n", "severity": "High", "paths": [{"path": "/a"}]}]}}"#,
            &["high 1 /a"],
        );
    }
}
