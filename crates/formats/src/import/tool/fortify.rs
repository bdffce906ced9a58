//! Fortify: the report of issues as XML, WebInspect's export, and the `audit.fvdl` within an FPR file.

use std::collections::HashMap;

use super::{Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, paragraphs, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "fortify",
    title: "Fortify",
    aliases: &["microfocus_webinspect"],
    marks: &[
        Mark::Xml(&["FVDL"]),
        Mark::Xml(&["ReportDefinition"]),
        Mark::Xml(&["Sessions.Session"]),
        Mark::Xml(&["Scan.Name", "Scan.Issues"]),
    ],
    scale: &[("0", Severity::Info), ("1", Severity::Low), ("2", Severity::Medium), ("3", Severity::High), ("4", Severity::Critical)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    report(root, out);
    fvdl(root.at("FVDL"), out);
    for session in root.each("Sessions.Session") {
        for issue in session.each("Issues.Issue") {
            let section = |name: &str| {
                issue
                    .each("ReportSection")
                    .into_iter()
                    .find(|it| it.str("Name").starts_with(name))
                    .map_or(String::new(), |it| plain(it.str("SectionText")))
            };
            out.push(Observation {
                rule: issue.first(&["CheckTypeID", "VulnerabilityID", "@id"]).to_owned(),
                title: issue.text("Name"),
                message: section("Summary"),
                severity: out.severity(issue.str("Severity")),
                severity_word: issue.text("Severity"),
                cwe: super::cwes_in(&issue.each("Classifications.Classification.@identifier")),
                place: Place::endpoint(
                    session.str("URL"),
                    session.first(&["Request.Method", "Method"]),
                    session.str("AttackParamDescriptor"),
                ),
                fix: section("Fix"),
                fingerprints: Fingerprint::list("fortify/issue", issue.str("@id")),
                ..Observation::default()
            });
        }
    }
}

fn report(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    for group in root.each("ReportDefinition.ReportSection.SubSection.IssueListing.Chart.GroupingSection") {
        let about = |name: &str| {
            group
                .each("MajorAttributeSummary.MetaInfo")
                .into_iter()
                .find(|it| it.str("Name") == name)
                .map_or(String::new(), |it| it.text("Value"))
        };
        let (explained, advised) = (about("Explanation"), about("Recommendations"));
        for issue in group.each("Issue") {
            let primary = issue.at("Primary");
            let word = issue.first(&["Friority", "Folder"]);
            merged.push(
                format!("{} {} {}", issue.str("Category"), primary.first(&["FileName", "FilePath"]), primary.str("LineStart")),
                Observation {
                    rule: issue.text("Category"),
                    title: issue.text("Category"),
                    message: paragraphs(&[issue.str("Abstract"), &explained]),
                    severity: out.severity(word),
                    severity_word: word.to_owned(),
                    place: Place::file(primary.first(&["FilePath", "FileName"]), primary.line("LineStart")),
                    fingerprints: Fingerprint::list("fortify/instance", issue.str("@iid")),
                    snippet: primary.text("Snippet"),
                    fix: advised.clone(),
                    tags: issue.texts("Kingdom"),
                    ..Observation::default()
                },
            );
        }
    }
    merged.finish(out);
}

fn fvdl(fvdl: &Node, out: &mut Sink<'_>) {
    out.target(fvdl.str("Build.BuildID"));
    out.tool("Fortify", fvdl.str("EngineData.EngineVersion"));
    let rules: HashMap<&str, &Node> = fvdl.each("EngineData.RuleInfo.Rule").into_iter().map(|rule| (rule.str("@id"), rule)).collect();
    let descriptions: HashMap<&str, &Node> = fvdl.each("Description").into_iter().map(|it| (it.str("@classID"), it)).collect();
    for flaw in fvdl.each("Vulnerabilities.Vulnerability") {
        let (class, instance) = (flaw.at("ClassInfo"), flaw.at("InstanceInfo"));
        let rule = rules.get(class.str("ClassID")).copied().unwrap_or(&Node::Null);
        let about = descriptions.get(class.str("ClassID")).copied().unwrap_or(&Node::Null);
        let nodes = flaw.each("AnalysisInfo.Unified.Trace.Primary.Entry.Node.SourceLocation");
        let place = nodes.last().map_or(Place::Unknown, |at| {
            Place::file(at.str("@path"), at.line("@line")).to(at.line("@colStart"), at.line("@lineEnd"), at.line("@colEnd"))
        });
        let name = [class.str("Type"), class.str("Subtype")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
        out.push(Observation {
            rule: name.clone(),
            title: name,
            message: plain(&paragraphs(&[about.str("Abstract"), about.str("Explanation")])),
            severity: severity(rule, instance),
            severity_word: class.text("DefaultSeverity"),
            place,
            fingerprints: Fingerprint::list("fortify/instance", instance.str("InstanceID")),
            fix: plain(about.str("Recommendations")),
            tags: class.texts("Kingdom"),
            ..Observation::default()
        });
    }
}

/// Fortify's priority: impact and likelihood, each high from 2.5. "Fortify Priority Order" in its manual.
fn severity(rule: &Node, instance: &Node) -> Option<Severity> {
    let group = |name: &str| {
        rule.each("MetaInfo.Group").into_iter().find(|it| it.str("@name") == name).and_then(|it| it.as_str().parse::<f64>().ok())
    };
    let Some(impact) = group("Impact") else { return Some(Severity::Info) };
    let likelihood = group("Accuracy")? * instance.decimal("Confidence")? * group("Probability")? / 25.0;
    let likelihood = (likelihood * 10.0).round() / 10.0;
    Some(match (2.5 <= impact, 2.5 <= likelihood) {
        (true, true) => Severity::Critical,
        (true, false) => Severity::High,
        (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    })
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn priority_follows_from_impact_and_likelihood() {
        check(
            "fortify",
            "<FVDL><Vulnerabilities><Vulnerability><ClassInfo><ClassID>c</ClassID><Type>XSS</Type><Subtype>DOM</Subtype></ClassInfo><InstanceInfo><InstanceID>i</InstanceID><Confidence>5.0</Confidence></InstanceInfo><AnalysisInfo><Unified><Trace><Primary><Entry><Node><SourceLocation path='a.js' line='3'/></Node></Entry></Primary></Trace></Unified></AnalysisInfo></Vulnerability></Vulnerabilities><EngineData><RuleInfo><Rule id='c'><MetaInfo><Group name='Impact'>4.0</Group><Group name='Accuracy'>5.0</Group><Group name='Probability'>4.0</Group></MetaInfo></Rule></RuleInfo></EngineData></FVDL>",
            &["critical XSS: DOM a.js:3"],
        );
        check(
            "fortify",
            "<ReportDefinition><ReportSection><SubSection><IssueListing><Chart><GroupingSection><Issue iid='1'><Category>C</Category><Friority>High</Friority><Primary><FileName>A.java</FileName><FilePath>src/A.java</FilePath><LineStart>2</LineStart></Primary></Issue></GroupingSection></Chart></IssueListing></SubSection></ReportSection></ReportDefinition>",
            &["high C src/A.java:2"],
        );
    }
}
