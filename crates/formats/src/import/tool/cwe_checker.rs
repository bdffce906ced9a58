//! cwe_checker: weaknesses of programs.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "cwe_checker",
    title: "cwe_checker",
    marks: &[Mark::JsonList(&["name", "tids", "symbols", "description"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    rule: &["name"],
    title: &["description"],
    message: &["description"],
    otherwise: Some(Severity::Medium),
    cwe: &["name"],
    resource: &["symbols"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check("cwe_checker", r#"[{"name": "CWE676", "tids": [], "symbols": ["main"], "description": "d"}]"#, &["medium CWE676 main"]);
    }
}
