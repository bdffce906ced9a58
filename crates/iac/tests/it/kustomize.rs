//! Kustomizations that others wrote, against what kubectl makes of them. `tests/kustomize_reference.py` makes the cases.

use std::collections::BTreeMap;

use bartizan_iac::{helm::File, kustomize::build};

use crate::yaml::{documents, first_difference};

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    files: BTreeMap<String, String>,
    folder: String,
    expected: Option<String>,
    error: Option<String>,
}

#[test]
fn kustomizations_are_built_as_by_kubectl() {
    let Ok(path) = std::env::var("BARTIZAN_KUSTOMIZE_CASES") else {
        println!("skipped: BARTIZAN_KUSTOMIZE_CASES is not set");
        return;
    };
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut n_same, mut n_built, mut n_refused, mut n_refused_too) = (0, 0, 0, 0);
    for case in &cases {
        let files: Vec<File<'_>> = case.files.iter().map(|(path, text)| File { path, text }).collect();
        let rendered = build(&files, &case.folder);
        let problems: Vec<String> = rendered.problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect();
        let Some(expected) = &case.expected else {
            n_refused += 1;
            n_refused_too += usize::from(!problems.is_empty());
            let _ = &case.error;
            continue;
        };
        n_built += 1;
        let mut wanted = documents(expected);
        let mut found: Vec<String> = rendered.documents.iter().flat_map(|document| documents(&document.text)).collect();
        wanted.sort();
        found.sort();
        if wanted == found {
            n_same += 1;
        } else {
            println!("{}: {} {}", case.name, first_difference(&wanted.join("\n"), &found.join("\n")), problems.join("; "));
        }
    }
    println!("{n_same} of {n_built} are the same; of {n_refused} that kubectl refuses, {n_refused_too} have a problem");
    assert!(90 * n_built <= 100 * n_same);
}
