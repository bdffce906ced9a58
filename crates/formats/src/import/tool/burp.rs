//! Burp Suite's report of issues as XML, Dastardly's in the same shape included.

use super::{Confidence, Importer, Mark, Merged, Node, Observation, Place, Reading, Sink, cwes, links, paragraphs, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "burp",
    title: "Burp Suite",
    marks: &[Mark::Xml(&["issues.@burpVersion"]), Mark::Xml(&["issues.issue.serialNumber", "issues.issue.path"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("Burp Suite", root.str("issues.@burpVersion"));
    out.time(root.str("issues.@exportTime"));
    let mut merged = Merged::default();
    for issue in root.each("issues.issue") {
        let classes = issue.str("vulnerabilityClassifications");
        merged.push(
            issue.str("type"),
            Observation {
                rule: issue.text("type"),
                title: issue.text("name"),
                message: plain(&paragraphs(&[
                    issue.str("issueBackground"),
                    issue.str("issueDetail"),
                    &issue.texts("issueDetailItems.issueDetailItem").join("\n"),
                ])),
                severity: out.severity(issue.str("severity")),
                severity_word: issue.text("severity"),
                confidence: match issue.str("confidence") {
                    "Certain" => Some(Confidence::High),
                    "Firm" => Some(Confidence::Medium),
                    "Tentative" => Some(Confidence::Low),
                    _ => None,
                },
                cwe: cwes(&plain(classes)),
                place: Place::endpoint(
                    &format!("{}{}", issue.str("host"), issue.str("path")),
                    issue.str("requestresponse.request.@method"),
                    parameter(issue.str("location")),
                ),
                fix: plain(&paragraphs(&[issue.str("remediationBackground"), issue.str("remediationDetail")])),
                references: links(&format!("{classes} {}", issue.str("references"))),
                ..Observation::default()
            },
        );
    }
    merged.finish(out);
}

/// The parameter in `/path [name parameter]`.
fn parameter(location: &str) -> &str {
    let inner = location.rsplit_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    inner.and_then(|inner| inner.strip_suffix(" parameter")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn issues_of_a_type_are_one() {
        let issue = |path: &str| {
            format!(
                "<issue><serialNumber>1</serialNumber><type>7</type><name>n</name><host ip='1.1.1.1'>https://x</host><path>{path}</path><location>{path} [q parameter]</location><severity>High</severity></issue>"
            )
        };
        check("burp", &format!("<issues burpVersion='2'>{}{}</issues>", issue("/a"), issue("/b")), &["high 7 https://x/a q"]);
    }
}
