//! Charts that others wrote, against what Helm itself makes of them. `tests/helm_reference.py` makes the cases.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use bartizan_iac::helm::{File, Options, render};

use crate::yaml::{first_difference, shown};

#[derive(serde::Deserialize)]
struct Case {
    chart: String,
    values: Option<String>,
    expected: Option<BTreeMap<String, String>>,
    error: Option<String>,
}

#[test]
fn charts_are_rendered_as_by_helm() {
    let Ok(path) = std::env::var("BARTIZAN_HELM_CASES") else {
        println!("skipped: BARTIZAN_HELM_CASES is not set");
        return;
    };
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut n_same, mut n_cases, mut n_texts, mut n_same_texts) = (0, 0, 0, 0);
    let mut spent = Duration::ZERO;
    let mut slowest = (Duration::ZERO, String::new());
    for case in &cases {
        n_cases += 1;
        let files = chart_files(Path::new(&case.chart));
        let files: Vec<File<'_>> = files.iter().map(|(path, text)| File { path, text }).collect();
        let values = case.values.as_ref().map(|path| (path, std::fs::read_to_string(path).unwrap()));
        let values: Vec<File<'_>> = values.iter().map(|(path, text)| File { path, text }).collect();
        let start = Instant::now();
        let rendered = render(&files, &values, &Options::default());
        spent += start.elapsed();
        slowest = slowest.max((start.elapsed(), format!("{} {:?}", case.chart, case.values)));
        let label =
            format!("{} {}", case.chart.rsplit('/').next().unwrap(), case.values.as_deref().unwrap_or("-").rsplit('/').next().unwrap());
        let Some(expected) = &case.expected else {
            let is_refused = rendered.problems.iter().any(|problem| !problem.message.contains("is not in `charts/`"));
            n_same += usize::from(is_refused);
            if !is_refused {
                println!("{label}: Helm refuses this: {}", case.error.as_deref().unwrap_or(""));
            }
            continue;
        };
        let mut ours: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for document in &rendered.documents {
            ours.entry(&document.path).or_default().push(&document.text);
        }
        let mut differences = Vec::new();
        for (name, text) in expected {
            let path = name.split_once('/').map_or(name.as_str(), |(_, path)| path);
            if path.ends_with("NOTES.txt") {
                continue;
            }
            n_texts += 1;
            let mine = ours.get(path).map(|texts| texts.join("\n---\n")).unwrap_or_default();
            if shown(text) == shown(&mine) {
                n_same_texts += 1;
            } else {
                differences.push(format!("{path}: {}", first_difference(&shown(text), &shown(&mine))));
            }
        }
        n_same += usize::from(differences.is_empty());
        for difference in differences.iter().take(2) {
            println!("{label}: {difference}");
        }
        for problem in rendered.problems.iter().filter(|problem| !problem.message.contains("is not in `charts/`")).take(2) {
            println!("{label}: {}:{}: {}", problem.path, problem.range.start(), problem.message);
        }
    }
    println!("slowest: {slowest:?}");
    println!("{n_same} of {n_cases} cases, {n_same_texts} of {n_texts} templates are the same; {spent:?} in all");
    assert!(95 * n_cases <= 100 * n_same);
}

fn chart_files(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.push((name, String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned()));
            }
        }
    }
    files
}

#[derive(serde::Deserialize)]
struct Functions {
    files: BTreeMap<String, String>,
    cases: Vec<FunctionCase>,
}

#[derive(serde::Deserialize)]
struct FunctionCase {
    template: String,
    expected: Option<String>,
    error: Option<String>,
}

/// `helm_functions.json` has templates of ours, and what Helm 4.2.3 says of each.
#[test]
fn functions_give_what_they_give_in_helm() {
    let functions: Functions = serde_json::from_str(include_str!("helm_functions.json")).unwrap();
    let mut wrong = Vec::new();
    for case in &functions.cases {
        let mut files: Vec<File<'_>> = functions.files.iter().map(|(path, text)| File { path, text }).collect();
        files.push(File { path: "templates/t.yaml", text: &case.template });
        let rendered = render(&files, &[], &Options::default());
        let text = rendered.documents.iter().map(|document| document.text.as_str()).collect::<Vec<_>>().join("---");
        let problem = rendered.problems.first().map(|problem| problem.message.as_str());
        match (&case.expected, &case.error) {
            (Some(expected), _) if expected.trim() != text.trim() || problem.is_some() => {
                wrong.push(format!("{}\n  expected {expected:?}\n  but is   {text:?} {}", case.template, problem.unwrap_or("")));
            }
            (None, Some(error)) if problem.is_none() => {
                wrong.push(format!("{}\n  expected an error: {error}\n  but is {text:?}", case.template))
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), functions.cases.len(), wrong.join("\n"));
}
