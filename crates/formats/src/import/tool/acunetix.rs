//! Acunetix: its XML, and the JSON of Acunetix 360, Invicti and Netsparker.

use super::{Flat, Importer, Mark, Reading, Severity, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "acunetix",
    title: "Acunetix",
    aliases: &["acunetix360", "netsparker", "invicti"],
    marks: &[
        Mark::Xml(&["ScanGroup.Scan"]),
        Mark::Json(&["Vulnerabilities.LookupId", "Target.ScanId"]),
        Mark::Json(&["Vulnerabilities.LookupId", "Target.Url"]),
        Mark::Json(&["Generated", "Target", "Vulnerabilities"]),
    ],
    scale: &[("bestpractice", Severity::Info)],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[
    Flat {
        items: &["ScanGroup.Scan.ReportItems.ReportItem"],
        rule: &["@id", "ModuleName"],
        title: &["Name"],
        message: &["Description", "Impact", "Details"],
        severity: &["Severity"],
        cwe: &["CWEList.CWE"],
        url: &["Affects"],
        parameter: &["Parameter"],
        vector: &["CVSS3.Descriptor", "CVSS.Descriptor"],
        score: &["CVSS3.Score", "CVSS.Score"],
        fix: &["Recommendation"],
        references: &["References.Reference.URL"],
        verdict: (&["IsFalsePositive"], &[("true", Verdict::FalsePositive)]),
        ..Flat::BASE
    },
    Flat {
        items: &["Vulnerabilities"],
        rule: &["Type", "LookupId"],
        title: &["Name"],
        message: &["Description", "Impact", "ExtraInformation.Value"],
        severity: &["Severity"],
        cwe: &["Classification.Cwe"],
        url: &["Url"],
        method: &["HttpRequest.Method"],
        vector: &["Classification.Cvss31.Vector", "Classification.Cvss.Vector"],
        score: &["Classification.Cvss31.BaseScore.Value", "Classification.Cvss.BaseScore.Value"],
        fix: &["RemedialProcedure"],
        references: &["RemedialReferences", "ExternalReferences"],
        fingerprint: &["LookupId"],
        first_seen: &["FirstSeenDate"],
        verdict: (
            &["State"],
            &[
                ("Present, FalsePositive", Verdict::FalsePositive),
                ("FalsePositive", Verdict::FalsePositive),
                ("Present, AcceptedRisk", Verdict::Accepted),
                ("Fixed", Verdict::Fixed),
                ("NotFound", Verdict::Fixed),
            ],
        ),
        ..Flat::BASE
    },
];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "acunetix",
            r#"<ScanGroup><Scan><ReportItems><ReportItem id="1"><Name>n</Name><Affects>/a</Affects><Severity>medium</Severity></ReportItem></ReportItems></Scan></ScanGroup>"#,
            &["medium 1 /a"],
        );
        check(
            "acunetix",
            r#"{"Generated": "x", "Target": {"ScanId": "s"}, "Vulnerabilities": [{"LookupId": "l", "Type": "T", "Name": "n", "Severity": "Low", "Url": "https://x/a", "Classification": {"Cwe": "16"}}]}"#,
            &["low T https://x/a"],
        );
    }
}
