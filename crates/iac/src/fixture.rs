//! How tests of this crate show files to the engine.

use bartizan_core::{ArtifactPath, Diagnostic, Finding};
use bartizan_source::{Analyzer, FileFacts, FileInfo, FileView, Interest, ProjectView, Reporter};
use serde_json::Value as Json;

use crate::{
    Graph, IacEngine, Options, PolicyText, UnknownPolicy,
    format::{FORMATS, graph_of},
    project::Project,
    rego::{DataFile, Files},
};

/// Runs a test that goes as deep as limits let it, on a stack as large as a scan gives.
pub(crate) fn on_the_stack_of_a_scan(test: fn()) {
    std::thread::Builder::new().stack_size(16 << 20).spawn(test).unwrap().join().unwrap();
}

/// What the engine says of a project.
pub(crate) struct Scanned {
    pub(crate) findings: Vec<Finding>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Scans a project of these files, given as path and text, with all rules.
pub(crate) fn scan(files: &[(&str, &str)]) -> Scanned {
    scan_with(files, Vec::new())
}

/// The same, with policies of the caller's.
pub(crate) fn scan_with(files: &[(&str, &str)], policies: Vec<PolicyText>) -> Scanned {
    with_project(files, policies, Analyzer::finish).0
}

/// The same, with policies in Rego: modules, given as path and text, and data beside them, without folders between.
pub(crate) fn scan_with_rego(files: &[(&str, &str)], modules: &[(&str, &str)], data: &[(&str, &str)]) -> Scanned {
    let text = |&(path, text): &(&str, &str)| PolicyText { origin: ArtifactPath::from(path), text: text.to_owned() };
    let data = data.iter().map(|file| DataFile { file: text(file), below: Vec::new() }).collect();
    let rego = Files { modules: modules.iter().map(text).collect(), data };
    with_options(files, Options { rego, ..Options::default() }, Analyzer::finish).0
}

/// The graph of all resources of a project.
pub(crate) fn graph(files: &[(&str, &str)]) -> Graph {
    with_project(files, Vec::new(), |_, view, _| {
        let (project, _) = Project::new(view, &[], &[]);
        graph_of(&project)
    })
    .1
}

/// Shows a project of these files, as the engine has noted them for these policies.
pub(crate) fn project(files: &[(&str, &str)], policies: Vec<PolicyText>, look: &mut dyn FnMut(&Project<'_>)) {
    with_project(files, policies, |_, view, _| look(&Project::new(view, &[], &[]).0));
}

fn with_project<T>(
    files: &[(&str, &str)],
    policies: Vec<PolicyText>,
    look: impl FnOnce(&IacEngine, &ProjectView<'_>, &mut Reporter) -> T,
) -> (Scanned, T) {
    with_options(files, Options { is_strict: true, unknown: UnknownPolicy::Fail, policies, ..Options::default() }, look)
}

fn with_options<T>(
    files: &[(&str, &str)],
    options: Options,
    look: impl FnOnce(&IacEngine, &ProjectView<'_>, &mut Reporter) -> T,
) -> (Scanned, T) {
    let engine = IacEngine::new(options);
    let mut files: Vec<(ArtifactPath, &str)> = files.iter().map(|&(path, text)| (ArtifactPath::from(path), text)).collect();
    files.sort();
    let (mut findings, mut diagnostics, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for (path, text) in &files {
        let mut info = FileInfo::new(path.clone(), text.len() as u64);
        info.language = bartizan_source::Language::of_path(path);
        if engine.interest(&info) == Interest::None {
            continue;
        }
        let mut report = Reporter::default();
        engine.visit(&FileView::new(&info, text.as_bytes(), Some(text)), &mut report);
        let noted = report.take_notes();
        if !noted.facts.is_empty() {
            notes.push((path, noted.facts, *text));
        }
        let (found, problems, ..) = report.into_parts();
        findings.extend(found);
        diagnostics.extend(problems);
    }
    let facts: Vec<FileFacts<'_>> = notes.iter().map(|(path, facts, text)| FileFacts { path, facts, text: Some(text) }).collect();
    let paths: Vec<ArtifactPath> = files.iter().map(|(path, _)| path.clone()).collect();
    let mut report = Reporter::default();
    let view = ProjectView { paths: &paths, facts: &facts };
    let seen = look(&engine, &view, &mut report);
    let (found, problems, ..) = report.into_parts();
    findings.extend(found);
    diagnostics.extend(problems);
    (Scanned { findings, diagnostics }, seen)
}

/// What was found, one line a finding: `path:line rule`, sorted.
pub(crate) fn lines(scanned: &Scanned) -> Vec<String> {
    let line = |finding: &Finding| {
        let line = finding.location.region().map_or(0, |region| region.start.line);
        let unknown = if finding.message.starts_with("not known") { " (not known)" } else { "" };
        format!("{}:{line} {}{unknown}", finding.location.artifact, finding.rule)
    };
    let mut lines: Vec<String> = scanned.findings.iter().map(line).collect();
    lines.sort();
    lines
}

/// Compares what some rules find in a project with what is expected, in the form of [`lines`].
#[track_caller]
pub(crate) fn check(files: &[(&str, &str)], rules: &[&str], expected: &[&str]) {
    let found = lines(&scan(files));
    let found: Vec<&str> =
        found.iter().map(String::as_str).filter(|line| line.split(' ').nth(1).is_some_and(|rule| rules.contains(&rule))).collect();
    assert_eq!(found, expected);
}

/// The files of an example of a rule: `{format: text}` or `{files: {path: text}}`.
fn files_of(example: &Json) -> Vec<(String, String)> {
    let Some((format, content)) = example.as_object().and_then(|keys| keys.iter().next()) else { return Vec::new() };
    match (format.as_str(), content) {
        ("files", Json::Object(files)) => files.iter().map(|(path, text)| (path.clone(), text.as_str().unwrap().to_owned())).collect(),
        (format, Json::String(text)) => {
            let known = FORMATS.iter().find(|known| known.name == format);
            vec![(known.unwrap_or_else(|| panic!("no format is called `{format}`")).example.to_owned(), text.clone())]
        }
        _ => panic!("an example is `format: text` or `files: {{path: text}}`"),
    }
}

#[test]
fn examples_of_rules_show_what_they_find() {
    let examples: serde_json::Map<String, Json> =
        serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/examples.json"))).unwrap();
    let mut wrong = Vec::new();
    for (file, examples) in &examples {
        let id = file.rsplit('/').next().unwrap().trim_end_matches(".yaml");
        for (kind, is_bad) in [("bad", true), ("good", false)] {
            let of_kind = examples.get(kind).and_then(Json::as_array).cloned().unwrap_or_default();
            if of_kind.is_empty() {
                wrong.push(format!("{file}: no {kind} example"));
            }
            for (number, example) in of_kind.iter().enumerate() {
                let files = files_of(example);
                let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
                let scanned = scan(&files);
                let found: Vec<&Finding> = scanned.findings.iter().filter(|finding| finding.rule.as_str() == id).collect();
                let fails = found.iter().any(|finding| !finding.message.starts_with("not known"));
                if fails != is_bad || (!is_bad && !found.is_empty()) {
                    wrong.push(format!("{file}: {kind} example {} is {}", number + 1, if fails { "found" } else { "not found" }));
                }
                if scanned.diagnostics.iter().any(|diagnostic| diagnostic.level != bartizan_core::Level::Note) {
                    wrong.push(format!("{file}: {kind} example {}: {:?}", number + 1, scanned.diagnostics));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
