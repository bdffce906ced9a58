//! Dastardly's report: results of tests, each failure an issue.

use super::{Importer, Mark, Node, Observation, Place, Reading, Sink, cwes, links, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "burp_dastardly",
    title: "Dastardly",
    marks: &[Mark::Xml(&["testsuites.@name~dastardly"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for page in root.each("testsuites.testsuite") {
        for failure in page.each("testcase.failure") {
            let text = failure.as_str();
            out.push(Observation {
                rule: failure.text("@message"),
                title: failure.text("@message"),
                message: paragraphs(&[text]),
                severity: out.severity(failure.str("@type")),
                severity_word: failure.text("@type"),
                cwe: cwes(text),
                place: Place::url(page.str("@name")),
                references: links(text),
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn failures_are_issues() {
        check(
            "burp_dastardly",
            "<testsuites name='Dastardly scan'><testsuite name='https://x/'><testcase name='XSS'><failure message='XSS' type='High'>Severity: High CWE-79</failure></testcase></testsuite></testsuites>",
            &["high XSS https://x/"],
        );
    }
}
