//! Wapiti's XML and JSON.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, cwes_in};

pub(super) static IMPORTER: Importer = Importer {
    id: "wapiti",
    title: "Wapiti",
    marks: &[
        Mark::Xml(&["report.report_infos", "report.vulnerabilities"]),
        Mark::Json(&["classifications", "infos.target", "vulnerabilities"]),
    ],
    scale: &[("0", Severity::Info), ("1", Severity::Low), ("2", Severity::Medium), ("3", Severity::High), ("4", Severity::Critical)],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let info = |name: &str| {
        root.each("report.report_infos.info").into_iter().find(|info| info.str("@name") == name).map_or("", Node::as_str).to_owned()
    };
    out.tool("Wapiti", &[info("generatorVersion"), root.text("infos.version")].concat());
    let target = [info("target"), root.text("infos.target")].concat();
    out.target(&target);
    for class in root.each("report.vulnerabilities.vulnerability") {
        let entries = class.each("entries.entry");
        push(class.str("@name"), class, &entries, &target, out);
    }
    for (name, entries) in root.members("vulnerabilities") {
        let about = root.at("classifications").at(name);
        let entries = entries.each("");
        push(name, about, &entries, &target, out);
    }
}

/// A kind of flaw, with each place where it was found.
fn push(name: &str, about: &Node, entries: &[&Node], target: &str, out: &mut Sink<'_>) {
    let place = |entry: &&Node| {
        Place::endpoint(&format!("{}{}", target.trim_end_matches('/'), entry.str("path")), entry.str("method"), entry.str("parameter"))
    };
    let Some(first) = entries.first() else { return };
    out.push(Observation {
        rule: name.to_owned(),
        title: name.to_owned(),
        message: super::paragraphs(&[about.first(&["description", "desc"]), first.str("info")]),
        severity: out.severity(first.str("level")),
        severity_word: first.text("level"),
        cwe: cwes_in(
            &about.each("references.reference.title").into_iter().filter(|title| title.as_str().starts_with("CWE")).collect::<Vec<_>>(),
        ),
        place: place(first),
        also: entries.iter().skip(1).map(place).collect(),
        occurrences: u32::try_from(entries.len()).ok(),
        fix: about.first(&["solution", "sol"]).to_owned(),
        references: about.texts("references.reference.url"),
        ..Observation::default()
    });
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn entries_are_places() {
        check(
            "wapiti",
            "<report><report_infos><info name='target'>https://x/</info></report_infos><vulnerabilities><vulnerability name='XSS'><entries><entry><method>GET</method><path>/a</path><level>2</level></entry><entry><method>GET</method><path>/b</path></entry></entries></vulnerability><vulnerability name='SQL'/></vulnerabilities></report>",
            &["medium XSS GET https://x/a"],
        );
    }
}
