//! `npm audit --json` of both versions, `pnpm audit --json`, and what `yarn npm audit` writes in the same shape.

use super::{Component, Importer, Mark, Merged, Node, Observation, Reading, Score, Sink, cwes_in, id_and, ids, links, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "npm_audit",
    title: "npm audit",
    aliases: &["npm_audit_7_plus", "pnpm_audit"],
    marks: &[
        Mark::Json(&["auditReportVersion", "vulnerabilities"]),
        Mark::Json(&["audit.auditReportVersion"]),
        Mark::Json(&["advisories.*.module_name"]),
        Mark::Json(&["metadata.vulnerabilities.moderate"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    advisories(root, out);
    let root = if root.has("audit") { root.at("audit") } else { root };
    for (name, package) in root.members("vulnerabilities") {
        out.push(of_package(name, package, out));
    }
    out.errors(root, "error.summary");
}

/// Before version 7: advisories, each with the versions that were found.
pub(super) fn advisories(root: &Node, out: &mut Sink<'_>) {
    let mut merged = Merged::default();
    for (id, advisory) in root.entries("advisories") {
        let mut versions = advisory.texts("findings.version");
        versions.dedup();
        merged.push(
            format!("{} {}", if advisory.has("id") { advisory.str("id") } else { id }, advisory.str("module_name")),
            of_advisory(advisory, &versions.join(", "), out),
        );
    }
    merged.finish(out);
}

pub(super) fn of_advisory(advisory: &Node, version: &str, out: &Sink<'_>) -> Observation {
    let mut names = advisory.texts("github_advisory_id");
    names.extend(advisory.texts("cves"));
    Observation {
        rule: advisory.first(&["github_advisory_id", "id"]).to_owned(),
        title: advisory.text("title"),
        message: advisory.text("overview"),
        severity: out.severity(advisory.str("severity")),
        severity_word: advisory.text("severity"),
        cwe: cwes_in(&advisory.each("cwe")),
        ids: id_and("", &format!("{} {}", names.join(" "), advisory.str("url"))),
        component: Component::fixed(advisory.str("module_name"), version, advisory.str("patched_versions")),
        fix: advisory.text("recommendation"),
        references: links(&format!("{} {}", advisory.str("url"), advisory.texts("references").join(" "))),
        scores: Score::list(advisory.str("cvss.vectorString"), advisory.decimal("cvss.score").filter(|score| 0.0 < *score)),
        first_seen: advisory.text("created"),
        ..Observation::default()
    }
}

/// Since version 7: a package, why it is vulnerable itself, and through which others.
fn of_package(name: &str, package: &Node, out: &Sink<'_>) -> Observation {
    let own: Vec<&Node> = package.each("via").into_iter().filter(|via| via.has("title")).collect();
    let through: Vec<&str> = package.each("via").into_iter().map(Node::as_str).filter(|name| !name.is_empty()).collect();
    let urls: Vec<String> = own.iter().map(|via| via.text("url")).collect();
    let first = own.first().copied().unwrap_or(&Node::Null);
    let title = if own.is_empty() { format!("depends on vulnerable versions of {}", through.join(", ")) } else { first.text("title") };
    let names = ids(&urls.join(" "));
    let fix = package.at("fixAvailable");
    Observation {
        rule: names.first().cloned().unwrap_or_else(|| name.to_owned()),
        title,
        message: paragraphs(&own.iter().map(|via| via.str("title")).collect::<Vec<_>>()),
        severity: out.severity(package.str("severity")),
        severity_word: package.text("severity"),
        cwe: cwes_in(&own.iter().flat_map(|via| via.each("cwe")).collect::<Vec<_>>()),
        ids: names,
        component: Component::of(name, package.str("range")),
        fix: if fix.has("name") { format!("update {} to {}", fix.str("name"), fix.str("version")) } else { String::new() },
        references: urls,
        scores: Score::list(first.str("cvss.vectorString"), first.decimal("cvss.score").filter(|score| 0.0 < *score)),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_versions_are_read() {
        check(
            "npm_audit",
            r#"{"advisories": {"1": {"id": 1, "module_name": "left", "severity": "moderate", "cves": ["CVE-2026-1"], "findings": [{"version": "1.0"}, {"version": "1.0"}]}}}"#,
            &["medium 1 left@1.0"],
        );
        check(
            "npm_audit",
            r#"{"auditReportVersion": 2, "vulnerabilities": {"left": {"severity": "high", "via": [{"title": "t", "url": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc", "cwe": ["CWE-400"]}], "range": "<2"}, "up": {"severity": "low", "via": ["left"], "range": "*"}}}"#,
            &["high GHSA-aaaa-bbbb-cccc left@<2", "low up up@*"],
        );
    }
}
