//! Flow across the files of a project: found with its whole way, and silent where it is made harmless.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bartizan_core::{ArtifactPath, Fingerprint, FlowStep, RuleOrigin};
use bartizan_sast::{Rules, SastEngine, rule};
use bartizan_source::{Analyzer, FileFacts, FileInfo, FileView, Language, Notes, ProjectView, Reporter};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/flow")
}

fn engine() -> SastEngine {
    let text = fs::read_to_string(fixtures().join("rules.yaml")).unwrap();
    let parsed = rule::read(&text);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    let own = parsed.rules.into_iter().map(|rule| (rule, RuleOrigin::BuiltIn)).collect();
    let engine = SastEngine::new(Rules { built_in: false, own, version: Fingerprint([0; 16]), now_s: 0 });
    assert!(engine.problems().is_empty(), "{:?}", engine.problems());
    engine
}

/// The files of a folder, sorted by path.
fn files_of(folder: &Path, below: &str, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap().to_str().unwrap();
        let path = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
        if entry.is_dir() {
            files_of(&entry, &path, files);
        } else {
            files.push((path, fs::read_to_string(&entry).unwrap()));
        }
    }
}

/// The ways that are found in a project: `file:line` of each step.
fn ways(engine: &SastEngine, files: &[(String, String)]) -> Vec<String> {
    let mut noted: Vec<(ArtifactPath, Notes)> = Vec::new();
    let mut ways = Vec::new();
    for (path, text) in files {
        let path = ArtifactPath::from(path.as_str());
        let info = FileInfo { language: Language::of_path(&path), size_bytes: text.len() as u64, path: path.clone() };
        let mut report = Reporter::default();
        engine.visit(&FileView::new(&info, text.as_bytes(), Some(text)), &mut report);
        noted.push((path, report.take_notes()));
        let (findings, diagnostics, ..) = report.into_parts();
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        ways.extend(findings.iter().map(|finding| way(&finding.flow)));
    }
    noted.sort_by(|(one, _), (other, _)| one.cmp(other));
    let facts: Vec<FileFacts<'_>> = noted.iter().map(|(path, notes)| FileFacts { path, facts: &notes.facts }).collect();
    let mut report = Reporter::default();
    engine.finish(&ProjectView { paths: &[], facts: &facts }, &mut report);
    for confirmed in report.take_confirmed() {
        let pending = &noted[confirmed.file].1.pending[confirmed.number as usize];
        assert_eq!(pending.location, confirmed.flow.last().unwrap().location);
        ways.push(way(&confirmed.flow));
    }
    let (_, diagnostics, ..) = report.into_parts();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    ways.sort();
    ways
}

fn way(flow: &[FlowStep]) -> String {
    let mut steps: Vec<String> = flow
        .iter()
        .map(|step| format!("{}:{}", step.location.artifact.file_name().escape_ascii(), step.location.region().unwrap().start.line))
        .collect();
    steps.dedup();
    steps.join(" ")
}

fn check(language: &str, expected: &[&str]) {
    let mut files = Vec::new();
    files_of(&fixtures().join(language), "", &mut files);
    let engine = engine();
    let found = ways(&engine, &files);
    assert_eq!(found, expected, "{language}");
    // The order in which files are visited does not count.
    files.reverse();
    assert_eq!(ways(&engine, &files), found, "{language}, in another order");
    // What is made harmless on its way is silent, where nothing else goes there.
    for (_, text) in &mut files {
        let lines = text.lines().map(|line| if line.to_lowercase().contains("safe") { line.to_owned() } else { line.replace("read_input", "known") });
        *text = lines.collect::<Vec<_>>().join("\n");
    }
    assert_eq!(ways(&engine, &files), [""; 0], "{language}, made harmless");
}

#[test]
fn python_modules_and_packages() {
    check("python", &[]);
}

#[test]
fn javascript_modules() {
    check("javascript", &[]);
}

#[test]
fn typescript_paths_and_interfaces() {
    check("typescript", &[]);
}

#[test]
fn java_packages_and_interfaces() {
    check("java", &[]);
}

#[test]
fn go_packages_and_interfaces() {
    check("go", &[]);
}

#[test]
fn ruby_constants() {
    check("ruby", &[]);
}

#[test]
fn php_namespaces() {
    check("php", &[]);
}

#[test]
fn csharp_namespaces() {
    check("csharp", &[]);
}

#[test]
fn kotlin_packages_and_objects() {
    check("kotlin", &[]);
}
