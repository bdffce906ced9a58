//! WPScan's JSON: what is known of a WordPress site, its plugins and themes.

use super::{Component, Confidence, Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, cwes, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "wpscan",
    title: "WPScan",
    marks: &[
        Mark::Json(&["banner.description~wordpress", "target_url"]),
        Mark::Json(&["interesting_findings", "target_url", "plugins"]),
        Mark::Json(&["banner", "scan_aborted"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("WPScan", root.str("banner.version"));
    let target = root.first(&["target_url", "effective_url"]);
    out.target(target);
    if root.has("scan_aborted") {
        out.problem(root.text("scan_aborted"));
        out.completion(super::Completion::Failed);
    }
    flaws("WordPress", root.at("version"), target, out);
    flaws("", root.at("main_theme"), target, out);
    for list in ["plugins", "themes"] {
        root.members(list).iter().for_each(|(name, node)| flaws(name, node, target, out));
    }
    for finding in root.each("interesting_findings") {
        out.push(Observation {
            rule: finding.text("type"),
            title: finding.text("to_s"),
            message: finding.texts("interesting_entries").join("\n"),
            severity: Some(Severity::Info),
            confidence: finding.number("confidence").map(|percent| if 80 <= percent { Confidence::High } else { Confidence::Medium }),
            place: Place::url(finding.str("url")),
            references: finding.texts("references.url"),
            ..Observation::default()
        });
    }
}

/// The flaws of the program, a plugin or a theme. WPScan does not rate them.
fn flaws(name: &str, node: &Node, target: &str, out: &mut Sink<'_>) {
    let name = if name.is_empty() { node.first(&["slug", "style_name"]) } else { name };
    for flaw in node.each("vulnerabilities") {
        let cve: Vec<String> = flaw.texts("references.cve").iter().map(|cve| format!("CVE-{}", cve.trim_start_matches("CVE-"))).collect();
        let links = [
            flaw.texts("references.url"),
            flaw.texts("references.wpvulndb").iter().map(|id| format!("https://wpscan.com/vulnerability/{id}")).collect(),
        ]
        .concat();
        out.push(Observation {
            rule: cve.first().cloned().unwrap_or_else(|| flaw.text("references.wpvulndb")),
            title: flaw.text("title"),
            severity: Some(Severity::Medium),
            cwe: cwes(flaw.str("references.cwe")),
            ids: id_and("", &cve.join(" ")),
            place: Place::url(node.first(&["location"])).or(Place::url(target)),
            component: Component::fixed(name, node.first(&["version.number", "number"]), flaw.str("fixed_in")),
            references: links,
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn plugins_have_flaws() {
        check(
            "wpscan",
            r#"{"banner": {"description": "WordPress Security Scanner"}, "target_url": "https://x/", "plugins": {"p": {"location": "https://x/p/", "version": {"number": "1"}, "vulnerabilities": [{"title": "t", "references": {"cve": ["2026-1"]}}]}},
            "interesting_findings": [{"type": "headers", "to_s": "h", "url": "https://x/"}]}"#,
            &["medium CVE-2026-1 https://x/p/ p@1", "info headers https://x/"],
        );
    }
}
