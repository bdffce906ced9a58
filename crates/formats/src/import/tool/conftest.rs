//! Conftest.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "conftest",
    title: "Conftest",
    marks: &[Mark::JsonList(&["filename", "namespace", "successes"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["|failures"],
        rule: &["metadata.query"],
        title: &["msg"],
        message: &["msg"],
        otherwise: Some(Severity::High),
        file: &["^filename"],
        ..Flat::BASE
    },
    Flat {
        items: &["|warnings"],
        rule: &["metadata.query"],
        title: &["msg"],
        message: &["msg"],
        otherwise: Some(Severity::Low),
        file: &["^filename"],
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "conftest",
            r#"[{"filename": "a.yaml", "namespace": "main", "successes": 3, "failures": [{"msg": "m", "metadata": {"query": "data.main.deny"}}]}]"#,
            &["high data.main.deny a.yaml"],
        );
    }
}
