//! Prowler: OCSF and its own JSON, and tables, of versions 2 to 5.

use super::{Fingerprint, Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, Verdict, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "prowler",
    title: "Prowler",
    aliases: &["aws_prowler", "aws_prowler_v3plus"],
    marks: &[
        Mark::Json(&["metadata.product.name=Prowler", "finding_info"]),
        Mark::Json(&["metadata.event_code", "status_code", "finding_info"]),
        Mark::Json(&["metadata.product.name=Prowler"]),
        Mark::Json(&["FindingUniqueId", "CheckID", "StatusExtended"]),
        Mark::Json(&["Control", "Message", "Control ID", "Account Number"]),
        Mark::Csv(&["FINDING_UID", "CHECK_ID", "STATUS"]),
        Mark::Csv(&["CHECK_ID", "CHECK_TITLE", "STATUS", "PROVIDER"]),
        Mark::Csv(&["TITLE_ID", "CHECK_RESULT", "TITLE_TEXT"]),
    ],
    writes_lines: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    for check in root.each("") {
        if is_fine(check) {
            continue;
        }
        if check.has("finding_info") || check.has("finding") {
            let observation = of_event(check, out);
            merged
                .push(format!("{} {} {:?}", observation.rule, observation.message, check.str("finding_info.created_time_dt")), observation);
        } else if check.has("CheckID") {
            let observation = of_check(check, out);
            merged.push(format!("{:?}", (&observation.fingerprints, &observation.place)), observation);
        } else if check.has("CHECK_ID") {
            let observation = of_row(check, out);
            merged.push(format!("{} {:?} {}", observation.rule, observation.place, observation.message), observation);
        } else if check.has("CHECK_RESULT") {
            let observation = of_old_row(check, out);
            merged.push(format!("{:?} {:?} {}", observation.severity, observation.place, observation.message), observation);
        } else if check.has("Control") {
            merged.push(format!("{} {}", check.str("Control ID"), check.str("Message")), of_old(check, out));
        }
    }
    merged.finish(out);
}

/// Whether a check says that something is all right; before version 4 also, that a person has to look.
fn is_fine(check: &Node) -> bool {
    match check.first(&["status_code", "Status", "STATUS"]).to_ascii_uppercase().as_str() {
        "PASS" => true,
        "MANUAL" | "INFO" => check.has("CheckID") || check.has("Control"),
        _ => false,
    }
}

/// OCSF: <https://schema.ocsf.io/classes/detection_finding>.
fn of_event(event: &Node, out: &Sink<'_>) -> Observation {
    let resource = event.at("resources");
    Observation {
        rule: event.first(&["metadata.event_code", "finding_info.uid"]).to_owned(),
        title: event.first(&["finding_info.title", "finding.title", "message"]).to_owned(),
        message: paragraphs(&[
            event.first(&["status_detail", "message"]),
            event.first(&["finding_info.desc", "finding.desc"]),
            event.str("risk_details"),
        ]),
        severity: out.severity(event.str("severity")),
        severity_word: event.text("severity"),
        place: Place::resource(resource.first(&["uid", "name"]), resource.str("type"), event.str("cloud.account.uid")),
        fingerprints: Fingerprint::list("prowler/uid", event.first(&["finding_info.uid", "finding.uid"])),
        verdict: if event.str("status") == "Suppressed" { Verdict::Suppressed } else { Verdict::Open },
        fix: event.first(&["remediation.desc", "finding.remediation.desc"]).to_owned(),
        references: event.texts("remediation.references").into_iter().chain(event.texts("unmapped.related_url")).collect(),
        first_seen: event.text("finding_info.created_time_dt"),
        ..Observation::default()
    }
}

fn of_check(check: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: check.text("CheckID"),
        title: check.text("CheckTitle"),
        message: paragraphs(&[check.str("StatusExtended"), check.str("Description"), check.str("Risk")]),
        severity: out.severity(check.str("Severity")),
        severity_word: check.text("Severity"),
        place: Place::resource(
            check.first(&["ResourceArn", "ResourceId"]),
            check.str("ResourceType"),
            check.first(&["AccountId", "Region"]),
        ),
        fingerprints: Fingerprint::list("prowler/uid", check.str("FindingUniqueId")),
        fix: check.text("Remediation.Recommendation.Text"),
        references: check.texts("RelatedUrl").into_iter().chain(check.texts("Remediation.Recommendation.Url")).collect(),
        ..Observation::default()
    }
}

fn of_row(row: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: row.text("CHECK_ID"),
        title: row.text("CHECK_TITLE"),
        message: paragraphs(&[row.str("STATUS_EXTENDED"), row.str("DESCRIPTION"), row.str("RISK")]),
        severity: out.severity(row.str("SEVERITY")),
        severity_word: row.text("SEVERITY"),
        place: Place::resource(row.first(&["RESOURCE_UID", "RESOURCE_NAME"]), row.str("RESOURCE_TYPE"), row.str("ACCOUNT_UID")),
        fingerprints: Fingerprint::list("prowler/uid", row.str("FINDING_UID")),
        fix: row.text("REMEDIATION_RECOMMENDATION_TEXT"),
        references: [row.texts("RELATED_URL"), row.texts("REMEDIATION_RECOMMENDATION_URL")].concat(),
        verdict: if row.flag("MUTED") { Verdict::Suppressed } else { Verdict::Open },
        first_seen: row.text("TIMESTAMP"),
        ..Observation::default()
    }
}

/// Version 2 lists what was looked at, too: what is all right now is gone.
fn of_old_row(row: &Node, out: &Sink<'_>) -> Observation {
    let result = row.str("CHECK_RESULT");
    let word = row.str("CHECK_SEVERITY");
    let severity = match (result, word) {
        ("FAIL", "") => Some(if row.str("ITEM_LEVEL") == "Level 1" { Severity::Critical } else { Severity::High }),
        ("FAIL", "Informational") => Some(Severity::Low),
        ("FAIL", word) => out.severity(word),
        _ => Some(Severity::Info),
    };
    Observation {
        rule: row.text("TITLE_ID"),
        title: row.text("TITLE_TEXT"),
        message: row.text("CHECK_RESULT_EXTENDED"),
        severity,
        severity_word: word.to_owned(),
        place: Place::resource(row.str("CHECK_ASFF_RESOURCE_TYPE"), "", row.first(&["REGION", "ACCOUNT_NUM"])),
        fix: row.text("CHECK_REMEDIATION"),
        references: row.texts("CHECK_DOC"),
        verdict: if result == "PASS" { Verdict::Fixed } else { Verdict::Open },
        ..Observation::default()
    }
}

fn of_old(check: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: check.text("Control ID"),
        title: check.text("Control"),
        message: paragraphs(&[check.str("Message"), check.str("Risk")]),
        severity: out.severity(check.str("Severity")),
        severity_word: check.text("Severity"),
        place: Place::resource(check.str("Resource ID"), check.str("Service"), check.str("Region")),
        fix: check.text("Remediation"),
        references: check.texts("Doc link"),
        first_seen: check.text("Timestamp"),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn every_version_is_read() {
        check(
            "prowler",
            r#"[{"metadata": {"event_code": "c", "product": {"name": "Prowler"}}, "severity": "Low", "status_code": "FAIL", "finding_info": {"uid": "u"}, "resources": [{"uid": "arn:x"}]},
            {"metadata": {"event_code": "d"}, "severity": "Low", "status_code": "PASS", "finding_info": {"uid": "v"}}]"#,
            &["low c arn:x"],
        );
        check(
            "prowler",
            "FINDING_UID;CHECK_ID;CHECK_TITLE;STATUS;SEVERITY;RESOURCE_UID;PROVIDER\nu;c;t;FAIL;high;arn:y;aws\n",
            &["high c arn:y"],
        );
        check(
            "prowler",
            r#"[{"FindingUniqueId": "u", "CheckID": "c", "StatusExtended": "s", "Status": "FAIL", "Severity": "high", "ResourceArn": "arn:z"}]"#,
            &["high c arn:z"],
        );
    }
}
