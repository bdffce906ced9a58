//! The direction of dependencies: a crate uses crates below it, never one beside or above it.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use crate::{
    cargo::{array, metadata, packages, text},
    project::Project,
    step::say,
};

/// Which crates of ours a crate may use; ARCHITECTURE.md shows the same map.
const LAYERS: &[(&str, &[&str])] = &[
    ("bartizan-core", &[]),
    ("bartizan-formats", &["bartizan-core"]),
    ("bartizan-source", &["bartizan-core"]),
    ("bartizan-secrets", &["bartizan-core", "bartizan-source"]),
    ("bartizan-syntax", &[]),
    ("bartizan-sast", &["bartizan-core", "bartizan-source", "bartizan-syntax"]),
    ("bartizan-deps", &["bartizan-core", "bartizan-formats", "bartizan-source", "bartizan-syntax"]),
    ("bartizan-iac", &["bartizan-core", "bartizan-source", "bartizan-syntax"]),
    (
        "bartizan-scan",
        &["bartizan-core", "bartizan-formats", "bartizan-source", "bartizan-secrets", "bartizan-sast", "bartizan-deps", "bartizan-iac"],
    ),
    ("bartizan-triage", &["bartizan-core", "bartizan-formats"]),
    ("bartizan-store", &["bartizan-core", "bartizan-formats", "bartizan-triage"]),
    (
        "bartizan-cli",
        &[
            "bartizan-core",
            "bartizan-formats",
            "bartizan-source",
            "bartizan-secrets",
            "bartizan-sast",
            "bartizan-deps",
            "bartizan-iac",
            "bartizan-scan",
            "bartizan-triage",
            "bartizan-store",
        ],
    ),
    ("xtask", &["bartizan-core", "bartizan-formats", "bartizan-source", "bartizan-secrets"]),
];

/// Checks every crate of the workspace.
pub(super) fn check(project: &Project) -> Result<bool> {
    let metadata = metadata(project, &["--no-deps", "--offline"])?;
    let mut problems = problems(packages(&metadata), LAYERS);
    let map = project.read("ARCHITECTURE.md")?;
    for (name, _) in LAYERS {
        let folder = name.strip_prefix("bartizan-").map_or_else(|| (*name).to_owned(), |short| format!("crates/{short}"));
        if !map.contains(&format!("| `{folder}` |")) {
            problems.push(format!("ARCHITECTURE.md does not show `{folder}`"));
        }
    }
    problems.iter().for_each(|problem| say(problem));
    Ok(problems.is_empty())
}

fn problems(packages: &[Value], layers: &[(&str, &[&str])]) -> Vec<String> {
    let ours: BTreeSet<&str> = packages.iter().map(|package| text(package, "name")).collect();
    let mut problems = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let Some((_, allowed)) = layers.iter().find(|(known, _)| *known == name) else {
            problems.push(format!("`{name}` has no place on the map: add it to xtask/src/check/layers.rs and to ARCHITECTURE.md"));
            continue;
        };
        let used: BTreeSet<&str> = array(package, "dependencies").iter().map(|dependency| text(dependency, "name")).collect();
        for other in used.intersection(&ours).filter(|other| !allowed.contains(other)) {
            problems.push(format!("`{name}` uses `{other}`, which is not below it"));
        }
    }
    for (missing, _) in layers.iter().filter(|(name, _)| !ours.contains(name)) {
        problems.push(format!("the map shows `{missing}`, which does not exist"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(packages: &Value, expected: &[&str]) {
        let layers: &[(&str, &[&str])] = &[("below", &[]), ("above", &["below"])];
        assert_eq!(problems(packages.as_array().unwrap(), layers), expected);
    }

    #[test]
    fn crates_use_what_is_below_them() {
        let below = json!({"name": "below", "dependencies": [{"name": "serde"}]});
        let above = json!({"name": "above", "dependencies": [{"name": "below"}]});
        check(&json!([below, above]), &[]);
    }

    #[test]
    fn a_crate_that_looks_up_is_found() {
        let below = json!({"name": "below", "dependencies": [{"name": "above", "kind": "dev"}]});
        check(&json!([below, {"name": "above"}]), &["`below` uses `above`, which is not below it"]);
    }

    #[test]
    fn the_map_and_the_workspace_agree() {
        let new = json!({"name": "new"});
        check(
            &json!([{"name": "below"}, new]),
            &[
                "`new` has no place on the map: add it to xtask/src/check/layers.rs and to ARCHITECTURE.md",
                "the map shows `above`, which does not exist",
            ],
        );
    }
}
