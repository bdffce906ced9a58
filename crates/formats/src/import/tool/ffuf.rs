//! ffuf: what answered.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "ffuf",
    title: "ffuf",
    marks: &[Mark::Json(&["commandline~ffuf", "results"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] =
    &[Flat { items: &["results"], rule: &["status"], title: &["url"], otherwise: Some(Severity::Info), url: &["url"], ..Flat::BASE }];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check("ffuf", r#"{"commandline": "ffuf -u", "results": [{"status": 200, "url": "https://x/a"}]}"#, &["info 200 https://x/a"]);
    }
}
