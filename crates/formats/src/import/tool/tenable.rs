//! Nessus and Tenable: `.nessus` files, and CSV of Nessus, Tenable.sc, Tenable.io and Web App Scanning.

use super::{Component, Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Severity, Sink, cwes, ids, links, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "tenable",
    title: "Nessus",
    aliases: &["nessus", "tenable_was", "nessus_was"],
    marks: &[
        Mark::Xml(&["NessusClientData_v2"]),
        Mark::Csv(&["Plugin ID", "Risk", "Host", "Name"]),
        Mark::Csv(&["Plugin", "Plugin Name", "Severity", "IP Address"]),
        Mark::Csv(&["Plugin ID", "CVE", "Risk", "Host", "Port", "Name", "Synopsis"]),
        Mark::Csv(&["asset.name", "definition.id"]),
        Mark::Csv(&["Plugin ID", "CVE", "Synopsis"]),
    ],
    scale: &[
        ("0", Severity::Info),
        ("1", Severity::Low),
        ("2", Severity::Medium),
        ("3", Severity::High),
        ("4", Severity::Critical),
        ("none", Severity::Info),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    out.target(root.str("NessusClientData_v2.Report.@name"));
    for host in root.each("NessusClientData_v2.Report.ReportHost") {
        let name =
            |wanted: &str| host.each("HostProperties.tag").into_iter().find(|tag| tag.str("@name") == wanted).map_or("", Node::as_str);
        let known = [name("host-fqdn"), name("host-ip"), host.str("@name")].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        for item in host.each("ReportItem") {
            let observation = of_item(item, known, out);
            merged.push(format!("{} {:?}", item.str("@pluginID"), observation.severity), observation);
        }
    }
    for row in root.each("").into_iter().filter(|row| row.has("Name") || row.has("Plugin Name") || row.has("asset.name")) {
        let observation = of_row(row, out);
        if !observation.title.is_empty() {
            merged.push(
                format!(
                    "{:?} {} {} {} {}",
                    observation.severity,
                    observation.title,
                    row.first(&["Host", "asset.host_name"]),
                    row.first(&["Port", "asset.port"]),
                    row.first(&["Synopsis", "definition.synopsis"])
                ),
                observation,
            );
        }
    }
    merged.finish(out);
}

fn of_item(item: &Node, host: &str, out: &Sink<'_>) -> Observation {
    let severity = item.str("@severity");
    let word = if severity.is_empty() { item.first(&["risk_factor"]) } else { severity };
    Observation {
        rule: item.text("@pluginID"),
        title: item.first(&["@pluginName", "plugin_name"]).to_owned(),
        message: paragraphs(&[item.str("synopsis"), item.str("description"), item.str("plugin_output")]),
        severity: out.severity(word),
        severity_word: item.text("risk_factor"),
        cwe: cwes(&item.texts("cwe").join(",")),
        ids: ids(&item.texts("cve").join(" ")),
        place: Place::host(host, item.number("@port"), item.str("@protocol")),
        component: Component::of(item.str("cpe"), ""),
        fix: item.text("solution"),
        references: links(item.str("see_also")),
        scores: [
            Score::list(item.str("cvss_vector").trim_start_matches("CVSS2#"), item.decimal("cvss_base_score")),
            Score::list(item.str("cvss3_vector"), item.decimal("cvss3_base_score")),
        ]
        .concat(),
        tags: item.texts("@pluginFamily"),
        ..Observation::default()
    }
}

fn of_row(row: &Node, out: &Sink<'_>) -> Observation {
    let word = row.first(&["Risk", "severity", "Severity"]);
    let host = row.first(&["Host", "asset.host_name", "DNS Name", "IP Address", "asset.name"]);
    Observation {
        rule: row.first(&["Plugin ID", "Plugin", "definition.id"]).to_owned(),
        title: row.first(&["Name", "Plugin Name", "definition.name", "asset.name"]).to_owned(),
        message: paragraphs(&[
            row.first(&["Synopsis", "definition.synopsis"]),
            row.first(&["Description", "definition.description"]),
            row.first(&["Plugin Output", "Plugin Text", "output"]),
        ]),
        severity: out.severity(word).or(Some(Severity::Info).filter(|_| word.is_empty())),
        severity_word: word.to_owned(),
        ids: ids(row.first(&["CVE", "definition.cve"])),
        place: Place::host(host, row.number("Port").or(row.number("asset.port")), row.first(&["Protocol", "protocol"])),
        component: Component::of(row.first(&["CPE", "definition.cpe"]), ""),
        fix: row.first(&["Solution", "definition.solution", "Steps to Remediate"]).to_owned(),
        references: links(row.first(&["See Also", "definition.see_also"])),
        scores: Score::list(
            row.first(&["CVSS V3 Vector"]),
            row.decimal("CVSSv3").or(row.decimal("CVSS V3 Base Score")).or(row.decimal("CVSS v3.0 Base Score")),
        ),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_formats_are_read() {
        check(
            "tenable",
            "<NessusClientData_v2><Report name='r'><ReportHost name='10.0.0.1'><ReportItem port='443' protocol='tcp' severity='3' pluginID='7' pluginName='n'><cve>CVE-2026-1</cve></ReportItem></ReportHost></Report></NessusClientData_v2>",
            &["high 7 10.0.0.1:443"],
        );
        check("tenable", "Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis\n7,,,None,h,tcp,80,n,s\n", &["info 7 h:80"]);
    }
}
