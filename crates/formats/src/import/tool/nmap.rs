//! Nmap's XML: open ports, and what scripts say of flaws at them.

use super::{Importer, Mark, Node, Observation, Place, Reading, Score, Severity, Sink, id_and, paragraphs};

pub(super) static IMPORTER: Importer =
    Importer { id: "nmap", title: "Nmap", marks: &[Mark::Xml(&["nmaprun"])], read: Reading::Tree(read), ..Importer::BASE };

fn read(root: &Node, out: &mut Sink<'_>) {
    let run = root.at("nmaprun");
    out.tool("Nmap", run.str("@version"));
    out.time(run.first(&["runstats.finished.@timestr", "@startstr"]));
    match run.str("runstats.finished.@exit") {
        "success" => out.completion(super::Completion::Complete),
        "error" => out.completion(super::Completion::Failed),
        _ => {}
    }
    for host in run.each("host") {
        let address =
            host.each("address").into_iter().find(|address| address.str("@addrtype") != "mac").map_or("", |address| address.str("@addr"));
        let name = Some(host.str("hostnames.hostname.@name")).filter(|name| !name.is_empty()).unwrap_or(address);
        for port in host.each("ports.port").into_iter().filter(|port| port.str("state.@state") == "open") {
            let (number, protocol, service) = (port.number("@portid"), port.str("@protocol"), port.at("service"));
            let place = Place::host(name, number, protocol);
            let version = paragraphs(&[service.str("@name"), service.str("@product"), service.str("@version")]).replace("\n\n", " ");
            out.push(Observation {
                rule: "open-port".to_owned(),
                title: format!("open port {}/{protocol}", port.str("@portid")),
                message: version,
                severity: Some(Severity::Info),
                place: place.clone(),
                ..Observation::default()
            });
            // The script `vulners` has a table of flaws a service.
            for flaw in port
                .each("script")
                .into_iter()
                .filter(|script| script.str("@id") == "vulners")
                .flat_map(|script| script.each("table.table"))
            {
                let field = |key: &str| flaw.each("elem").into_iter().find(|elem| elem.str("@key") == key).map_or("", Node::as_str);
                out.push(Observation {
                    rule: field("id").to_owned(),
                    title: field("id").to_owned(),
                    ids: id_and(field("id"), ""),
                    place: place.clone(),
                    component: super::Component::of(port.str("service.cpe"), ""),
                    scores: Score::list("", field("cvss").parse().ok()),
                    ..Observation::default()
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn open_ports_are_told() {
        check(
            "nmap",
            "<nmaprun version='7'><host><address addr='10.0.0.1' addrtype='ipv4'/><ports><port protocol='tcp' portid='22'><state state='open'/><service name='ssh'/></port><port protocol='tcp' portid='23'><state state='closed'/></port></ports></host></nmaprun>",
            &["info open-port 10.0.0.1:22"],
        );
    }
}
