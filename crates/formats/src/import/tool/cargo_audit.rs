//! `cargo audit --json`.

use super::{Component, Importer, Mark, Node, Observation, Place, Reading, Score, Severity, Sink, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "cargo_audit",
    title: "cargo-audit",
    marks: &[
        Mark::Json(&["database.advisory-count", "vulnerabilities"]),
        Mark::Json(&["lockfile.dependency-count", "vulnerabilities.list"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    for found in root.each("vulnerabilities.list") {
        out.push(observation(found, None));
    }
    for kind in ["unsound", "unmaintained", "yanked", "notice"] {
        // A warning is no flaw: somebody should know.
        root.at("warnings")
            .each(kind)
            .into_iter()
            .filter(|found| found.has("advisory"))
            .for_each(|found| out.push(observation(found, Some(Severity::Info))));
    }
}

fn observation(found: &Node, severity: Option<Severity>) -> Observation {
    let (advisory, package) = (found.at("advisory"), found.at("package"));
    let scores = Score::list(advisory.str("cvss"), None);
    Observation {
        rule: advisory.text("id"),
        title: advisory.text("title"),
        message: advisory.text("description"),
        // RustSec rates some advisories alone; what it does not rate is a flaw nevertheless.
        severity: severity.or(if scores.is_empty() { Some(Severity::High) } else { None }),
        ids: id_and(advisory.str("id"), &advisory.texts("aliases").join(" ")),
        place: Place::Unknown,
        component: Component::fixed(package.str("name"), package.str("version"), &found.texts("versions.patched").join(", ")),
        references: [advisory.texts("url"), advisory.texts("references")].concat(),
        scores,
        first_seen: advisory.text("date"),
        tags: [advisory.texts("categories"), advisory.texts("keywords")].concat(),
        ..Observation::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn advisories_and_warnings_are_read() {
        check(
            "cargo_audit",
            r#"{"database": {"advisory-count": 1}, "vulnerabilities": {"found": true, "list": [{"advisory": {"id": "RUSTSEC-2026-0001", "title": "t", "aliases": ["CVE-2026-1"], "cvss": null}, "package": {"name": "left", "version": "1"}}]},
            "warnings": {"unmaintained": [{"advisory": {"id": "RUSTSEC-2026-0002"}, "package": {"name": "up", "version": "2"}}]}}"#,
            &["high RUSTSEC-2026-0001 left@1", "info RUSTSEC-2026-0002 up@2"],
        );
    }
}
