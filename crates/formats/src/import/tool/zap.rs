//! ZAP's traditional reports, as XML and JSON: <https://www.zaproxy.org/docs/desktop/addons/report-generation/>.

use super::{Confidence, Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, cwes, links, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "zap",
    title: "ZAP",
    marks: &[
        Mark::Xml(&["OWASPZAPReport"]),
        Mark::Json(&["@programName~zap", "site"]),
        Mark::Json(&["site.alerts.pluginid", "site.alerts.riskcode"]),
    ],
    scale: &[("0", Severity::Info), ("1", Severity::Low), ("2", Severity::Medium), ("3", Severity::High)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let report = if root.has("OWASPZAPReport") { root.at("OWASPZAPReport") } else { root };
    out.tool("ZAP", report.str("@version"));
    out.time(report.str("@generated"));
    for site in report.each("site") {
        out.target(site.str("@name"));
        let alerts = if site.has("alerts.alertitem") {
            site.each("alerts.alertitem")
        } else {
            site.each("alerts").into_iter().filter(|it| it.has("pluginid")).collect()
        };
        for alert in alerts {
            let instances = if alert.has("instances.instance") { alert.each("instances.instance") } else { alert.each("instances") };
            let mut places = instances
                .into_iter()
                .filter(|it| it.has("uri"))
                .map(|it| Place::endpoint(it.str("uri"), it.str("method"), it.str("param")));
            let place = places.next().unwrap_or_else(|| Place::url(site.str("@name")));
            out.push(Observation {
                rule: alert.first(&["alertRef", "pluginid"]).to_owned(),
                title: alert.first(&["alert", "name"]).to_owned(),
                message: plain(&format!("{}\n\n{}", alert.str("desc"), alert.str("otherinfo"))),
                severity: out.severity(alert.str("riskcode")),
                severity_word: alert.text("riskdesc"),
                confidence: match alert.str("confidence") {
                    "1" => Some(Confidence::Low),
                    "2" => Some(Confidence::Medium),
                    "3" | "4" => Some(Confidence::High),
                    _ => None,
                },
                cwe: cwes(alert.str("cweid")),
                place,
                also: places.collect(),
                fix: plain(alert.str("solution")),
                references: links(alert.str("reference")),
                verdict: if alert.str("confidence") == "0" { super::Verdict::FalsePositive } else { super::Verdict::Open },
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn alerts_have_their_instances_as_places() {
        check(
            "zap",
            r#"<OWASPZAPReport version="2"><site name="https://x"><alerts><alertitem><pluginid>10011</pluginid><alert>a</alert><riskcode>1</riskcode><confidence>2</confidence><cweid>614</cweid>
            <instances><instance><uri>https://x/a</uri><method>GET</method><param>p</param></instance><instance><uri>https://x/b</uri></instance></instances></alertitem></alerts></site></OWASPZAPReport>"#,
            &["low 10011 GET https://x/a p"],
        );
        check(
            "zap",
            r#"{"@programName": "ZAP", "site": [{"@name": "https://x", "alerts": [{"pluginid": "1", "alert": "a", "riskcode": "3", "instances": [{"uri": "https://x/a", "method": "GET"}]}]}]}"#,
            &["high 1 GET https://x/a"],
        );
    }
}
