//! Nikto's XML, of old versions too, and its JSON.

use super::{Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, line};

pub(super) static IMPORTER: Importer = Importer {
    id: "nikto",
    title: "Nikto",
    marks: &[
        Mark::Xml(&["niktoscan"]),
        Mark::Xml(&["niktoscans"]),
        Mark::Json(&["host", "ip", "port", "vulnerabilities.msg"]),
        Mark::Json(&["host", "ip", "port", "banner", "vulnerabilities"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    let scans =
        [root.each("niktoscan.scandetails"), root.each("niktoscan.niktoscan.scandetails"), root.each("niktoscans.niktoscan.scandetails")]
            .concat();
    for scan in scans {
        out.target(scan.str("@sitename"));
        for item in scan.each("item") {
            let url = item.first(&["namelink", "iplink", "uri"]);
            push(
                &mut merged,
                item.str("@id"),
                item.str("description"),
                Place::endpoint(url, item.str("@method"), ""),
                item.str("@osvdbid"),
            );
        }
    }
    for host in root.each("").into_iter().filter(|host| host.has("vulnerabilities")) {
        out.target(host.str("host"));
        let scheme = if host.str("port") == "443" { "https" } else { "http" };
        for item in host.each("vulnerabilities") {
            let url = format!("{scheme}://{}:{}{}", host.str("host"), host.str("port"), item.str("url"));
            push(&mut merged, item.str("id"), item.str("msg"), Place::endpoint(&url, item.str("method"), ""), item.str("OSVDB"));
        }
    }
    merged.finish(out);
}

/// Nikto rates nothing; what the database of old flaws knows is worse than a remark.
fn push(merged: &mut Merged, id: &str, text: &str, place: Place, osvdb: &str) {
    let is_known = !osvdb.is_empty() && osvdb != "0";
    let observation = Observation {
        rule: id.to_owned(),
        title: line(text).to_owned(),
        message: text.to_owned(),
        severity: Some(if is_known { Severity::Medium } else { Severity::Info }),
        place,
        ids: if is_known { vec![format!("OSVDB-{osvdb}")] } else { Vec::new() },
        ..Observation::default()
    };
    merged.push(format!("{is_known}\0{text}"), observation);
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_formats_are_read() {
        check(
            "nikto",
            "<niktoscan><scandetails sitename='https://x/'><item id='1' osvdbid='0' method='GET'><description>d</description><namelink>https://x/a</namelink></item></scandetails></niktoscan>",
            &["info 1 GET https://x/a"],
        );
        check(
            "nikto",
            r#"[{"host": "x", "ip": "1.1.1.1", "port": "443", "banner": "", "vulnerabilities": [{"id": "2", "method": "GET", "url": "/", "msg": "m"}]}]"#,
            &["info 2 GET https://x:443/"],
        );
    }
}
