//! sqlmap's table of parameters that can be injected into.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "sqlmap",
    title: "sqlmap",
    marks: &[Mark::Csv(&["Target URL", "Place", "Parameter", "Technique(s)"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    with: &["Parameter"],
    merged: &["Target URL", "Place", "Parameter"],
    rule: &["Technique(s)"],
    title: &["Note(s)"],
    otherwise: Some(Severity::High),
    url: &["Target URL"],
    method: &["Place"],
    parameter: &["Parameter"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "sqlmap",
            "Target URL,Place,Parameter,Technique(s),Note(s)\nhttps://x/a,GET,id,BTU,\nhttps://x/a,GET,id,BTU,\n",
            &["high BTU GET https://x/a id"],
        );
    }
}
