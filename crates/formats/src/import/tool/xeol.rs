//! Xeol: components that nobody maintains any more.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "xeol",
    title: "Xeol",
    marks: &[Mark::Json(&["matches.Cycle", "matches.Package"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["matches"],
    rule: &["Cycle.ReleaseCycle"],
    title: &["Cycle.ProductName"],
    message: &["Cycle.Eol"],
    otherwise: Some(Severity::High),
    purl: &["artifact.purl"],
    component: &["artifact.name", "Cycle.ProductName"],
    version: &["artifact.version", "Cycle.ReleaseCycle"],
    file: &["artifact.locations.path"],
    references: &["Cycle.ProductPermalink"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "xeol",
            r#"{"matches": [{"Cycle": {"ProductName": "left", "ReleaseCycle": "2.0"}, "Package": {}, "artifact": {"name": "left", "version": "2.0.1"}}]}"#,
            &["high 2.0 left@2.0.1"],
        );
    }
}
