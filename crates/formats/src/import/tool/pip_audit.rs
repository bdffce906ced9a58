//! `pip-audit --format json`, of all versions.

use super::{Component, Importer, Mark, Node, Observation, Reading, Sink, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "pip_audit",
    title: "pip-audit",
    marks: &[Mark::Json(&["dependencies.vulns"]), Mark::JsonList(&["name", "version", "vulns"]), Mark::Json(&["dependencies", "fixes"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let dependencies = if root.has("dependencies") { root.each("dependencies") } else { root.each("") };
    for dependency in dependencies {
        if dependency.has("skip_reason") {
            out.problem(format!("{}: {}", dependency.str("name"), dependency.str("skip_reason")));
        }
        for flaw in dependency.each("vulns") {
            // pip-audit does not say how bad a flaw is.
            out.push(Observation {
                rule: flaw.text("id"),
                message: flaw.text("description"),
                ids: id_and(flaw.str("id"), &flaw.texts("aliases").join(" ")),
                component: Component::fixed(dependency.str("name"), dependency.str("version"), &flaw.texts("fix_versions").join(", ")),
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_shapes_are_read() {
        let list =
            r#"[{"name": "left", "version": "1", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2"], "aliases": ["CVE-2026-1"]}]}]"#;
        check("pip_audit", list, &["unknown PYSEC-2026-1 left@1"]);
        check("pip_audit", &format!(r#"{{"dependencies": {list}}}"#), &["unknown PYSEC-2026-1 left@1"]);
    }
}
