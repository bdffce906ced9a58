//! SpotBugs' XML, FindSecBugs among its plugins.

use std::collections::HashMap;

use super::{Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, cwes, links, paragraphs, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "spotbugs",
    title: "SpotBugs",
    aliases: &["findbugs", "findsecbugs"],
    marks: &[Mark::Xml(&["BugCollection"])],
    scale: &[("1", Severity::High), ("2", Severity::Medium), ("3", Severity::Low), ("4", Severity::Info), ("5", Severity::Info)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let report = root.at("BugCollection");
    out.tool("SpotBugs", report.str("@version"));
    out.target(report.str("Project.@projectName"));
    let patterns: HashMap<&str, &Node> = report.each("BugPattern").into_iter().map(|pattern| (pattern.str("@type"), pattern)).collect();
    let mut merged = Merged::default();
    for (index, bug) in report.each("BugInstance").into_iter().enumerate() {
        let kind = bug.str("@type");
        let pattern = patterns.get(kind).copied().unwrap_or(&Node::Null);
        let details = pattern.str("Details");
        // Of several lines the one of the instance itself, and not that of its class.
        let own = bug.each("SourceLine").into_iter().next();
        let source =
            own.unwrap_or_else(|| if bug.has("Method.SourceLine") { bug.at("Method.SourceLine") } else { bug.at("Class.SourceLine") });
        let key = bug.str("@instanceHash");
        merged.push(
            if key.is_empty() { index.to_string() } else { key.to_owned() },
            Observation {
                rule: kind.to_owned(),
                title: bug.first(&["ShortMessage"]).to_owned(),
                message: plain(&paragraphs(&[bug.str("LongMessage"), details])),
                severity: out.severity(bug.str("@priority")),
                severity_word: bug.text("@priority"),
                cwe: cwes(bug.str("@cweid")),
                place: Place::file(source.first(&["@sourcepath", "@classname"]), source.line("@start")).to(None, source.line("@end"), None),
                fingerprints: Fingerprint::list("spotbugs/instance-hash", key),
                references: links(details),
                tags: bug.texts("@category"),
                ..Observation::default()
            },
        );
    }
    merged.finish(out);
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn instances_of_one_hash_are_one() {
        let bug = "<BugInstance type='SQL' priority='1' cweid='89' instanceHash='h' category='SECURITY'><ShortMessage>s</ShortMessage><SourceLine sourcepath='a/B.java' start='3' end='4'/></BugInstance>";
        check("spotbugs", &format!("<BugCollection version='4'>{bug}{bug}</BugCollection>"), &["high SQL a/B.java:3"]);
    }
}
