//! KICS' own queries on their own samples, taken from a checkout of KICS that `BARTIZAN_KICS` names; without one, nothing is tested.
//! `BARTIZAN_KICS_DETAILS` names a file that all differences are written to, `BARTIZAN_KICS_ONLY` a platform.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use bartizan_core::ArtifactPath;
use serde_json::Value as Json;

use super::{Answer, Evaluator, Input, Queries, answers, document, input, platform::Platform};
use crate::{PolicyText, fixture, project::Project};

/// What is expected of each platform, in thousandths: findings found at their lines, and samples without a finding that stay so.
static EXPECTED: &[(&str, usize, usize)] = &[
    ("ansible", 990, 1000),
    ("cicd", 1000, 1000),
    // Queries that make a search key of a path that `walk` gives find nothing yet, here and in OpenAPI.
    ("cloudformation", 740, 1000),
    ("dockercompose", 985, 1000),
    ("dockerfile", 1000, 1000),
    ("googledeploymentmanager", 1000, 1000),
    ("knative", 1000, 1000),
    ("kubernetes", 990, 990),
    ("openapi", 440, 975),
    ("pulumi", 1000, 1000),
    ("serverlessfw", 1000, 1000),
    // Of those that are missing, 164 are expected of a query that no longer gives them.
    ("terraform", 895, 970),
];

#[derive(Default)]
struct Score {
    n_expected: usize,
    n_found: usize,
    n_extra: usize,
    n_negative: usize,
    n_clean: usize,
}

fn texts(root: &Path) -> Vec<PolicyText> {
    let mut texts = Vec::new();
    let mut open = vec![root.join("assets/libraries"), root.join("assets/queries")];
    while let Some(folder) = open.pop() {
        let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                open.extend((name != "test").then_some(path));
            } else if name.ends_with(".rego") || name.ends_with(".json") {
                texts.push(PolicyText { origin: ArtifactPath::from(path.to_str().unwrap()), text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    texts
}

/// The samples of a query: name and text.
fn samples(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder.join("test")) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    paths.sort();
    let named = paths.iter().map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), path));
    let read = named
        .filter(|(name, _)| name != "positive_expected_result.json")
        .filter_map(|(name, path)| Some((name, fs::read_to_string(path).ok()?)));
    read.collect()
}

/// The file, if it is named, and the line.
fn expected(folder: &Path) -> Vec<(Option<String>, usize)> {
    let text = fs::read_to_string(folder.join("test/positive_expected_result.json")).unwrap();
    let json: Json = serde_json::from_str(&text).unwrap();
    let items = json.as_array().cloned().unwrap_or_else(|| vec![json]);
    let file =
        |item: &Json| ["fileName", "filename", "fineName", "file"].iter().find_map(|name| Some(item.get(name)?.as_str()?.to_owned()));
    items.iter().map(|item| (file(item), usize::try_from(item["line"].as_u64().unwrap()).unwrap())).collect()
}

/// What a query says of those samples whose names start so: file and line.
fn said(
    number: usize,
    queries: &Queries,
    evaluator: &mut Evaluator,
    project: &Project<'_>,
    start: &str,
) -> Result<Vec<(String, usize)>, String> {
    let query = &queries.queries[number];
    let documents = document::all(project, &[query.platform]);
    let name = |document: &document::Document<'_>| project.files[document.file as usize].path.to_string();
    let about: Vec<_> =
        documents.iter().filter(|document| query.platform.is_about(document) && name(document).starts_with(start)).collect();
    evaluator.set_shared_input(&Input::new(&input(&about, project)));
    let answers = answers(number, query, evaluator, &about, project).map_err(|failure| failure.to_string())?;
    Ok(answers.iter().map(|Answer { document, line, .. }| (name(about[*document]), line + 1)).collect())
}

/// A query for which every kind of file is kept.
fn of_ansible() -> Vec<PolicyText> {
    let metadata = r#"{"id": "x", "queryName": "x", "platform": "Ansible", "severity": "LOW"}"#;
    let text = |path: &str, text: &str| PolicyText { origin: ArtifactPath::from(path), text: text.to_owned() };
    vec![text("x/metadata.json", metadata), text("x/query.rego", "package Cx\n")]
}

fn compare(number: usize, queries: &Queries, evaluator: &mut Evaluator, score: &mut Score, details: &mut Vec<String>) {
    let query = &queries.queries[number];
    let origin = query.origin.to_string();
    let folder = Path::new(&origin).parent().unwrap();
    let short = origin.split("assets/queries/").last().unwrap().trim_end_matches("/query.rego");
    let samples = samples(folder);
    let files: Vec<(&str, &str)> = samples.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let expected = expected(folder);
    score.n_expected += expected.len();
    score.n_negative += files.iter().filter(|(name, _)| name.starts_with("negative")).count();
    fixture::project(&files, of_ansible(), &mut |project| {
        match said(number, queries, evaluator, project, "positive") {
            Err(failure) => details.push(format!("failed {short}: {failure}")),
            Ok(mut found) => {
                for (file, line) in &expected {
                    let is = |(in_file, at): &(String, usize)| at == line && file.as_ref().is_none_or(|file| file == in_file);
                    match found.iter().position(is) {
                        Some(index) => {
                            found.remove(index);
                            score.n_found += 1;
                        }
                        None => details.push(format!("missing {short} {}:{line}", file.as_deref().unwrap_or("?"))),
                    }
                }
                score.n_extra += found.len();
                details.extend(found.iter().map(|(file, line)| format!("extra {short} {file}:{line}")));
            }
        }
        match said(number, queries, evaluator, project, "negative") {
            Err(failure) => details.push(format!("failed {short}: {failure}")),
            Ok(found) => {
                let is_clean = |name: &str| !found.iter().any(|(file, _)| file == name);
                score.n_clean += files.iter().filter(|(name, _)| name.starts_with("negative") && is_clean(name)).count();
                details.extend(found.iter().map(|(file, line)| format!("false {short} {file}:{line}")));
            }
        }
    });
}

#[test]
fn queries_of_kics_find_what_they_expect() {
    let Ok(root) = std::env::var("BARTIZAN_KICS") else { return };
    let only = std::env::var("BARTIZAN_KICS_ONLY").ok();
    let texts = texts(Path::new(&root));
    let queries = Queries::new(&texts.iter().collect::<Vec<_>>());
    let mut details: Vec<String> = queries.diagnostics().iter().map(|diagnostic| format!("{diagnostic:?}")).collect();
    let platforms: std::collections::BTreeSet<Platform> = queries.queries.iter().map(|query| query.platform).collect();
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for platform in platforms.into_iter().filter(|platform| only.as_ref().is_none_or(|only| only == platform.name())) {
        let numbers: Vec<usize> = (0..queries.queries.len()).filter(|&number| queries.queries[number].platform == platform).collect();
        let started = std::time::Instant::now();
        let bundle = queries.bundle(&numbers);
        details.extend(bundle.problems().iter().map(|problem| format!("problem {problem:?}")));
        details.push(format!("{}: {} queries compiled in {:?}", platform.name(), numbers.len(), started.elapsed()));
        let mut evaluator = bundle.evaluator();
        let score = scores.entry(platform.name()).or_default();
        for number in numbers {
            compare(number, &queries, &mut evaluator, score, &mut details);
        }
        details.push(format!("{}: run in {:?}", platform.name(), started.elapsed()));
    }
    for (platform, Score { n_expected, n_found, n_extra, n_negative, n_clean }) in &scores {
        details.push(format!("{platform}: found {n_found} of {n_expected}, extra {n_extra}, clean {n_clean} of {n_negative}"));
        println!("{}", details.last().unwrap());
    }
    if let Ok(path) = std::env::var("BARTIZAN_KICS_DETAILS") {
        fs::write(path, details.join("\n")).unwrap();
    }
    for (platform, least_found, least_clean) in EXPECTED.iter().filter(|(platform, ..)| scores.contains_key(platform)) {
        let score = &scores[platform];
        assert!(score.n_expected * least_found <= score.n_found * 1000, "{platform}: found {} of {}", score.n_found, score.n_expected);
        assert!(score.n_negative * least_clean <= score.n_clean * 1000, "{platform}: clean {} of {}", score.n_clean, score.n_negative);
    }
}
