//! KrakenD: the audit of a configuration.

use super::{Flat, Importer, Mark, Reading};

pub(super) static IMPORTER: Importer = Importer {
    id: "krakend_audit",
    title: "KrakenD Audit",
    marks: &[Mark::Json(&["recommendations.rule", "recommendations.message"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["recommendations"],
    rule: &["rule"],
    title: &["message"],
    message: &["message"],
    severity: &["severity"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check("krakend_audit", r#"{"recommendations": [{"rule": "2.1.2", "severity": "HIGH", "message": "m"}]}"#, &["high 2.1.2"]);
    }
}
