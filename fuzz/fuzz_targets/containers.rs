//! Dockerfiles, `.dockerignore`, playbooks and descriptions of APIs, each alone and then together.

#![no_main]

use bartizan_core::ArtifactPath;
use bartizan_iac::{IacEngine, Options};
use bartizan_source::{Analyzer, FileFacts, FileInfo, FileView, Language, ProjectView, Reporter};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let engine = IacEngine::new(Options { is_strict: true, ..Options::default() });
    let mut noted = Vec::new();
    let mut paths: Vec<ArtifactPath> = [".dockerignore", "Dockerfile", "openapi.yaml", "site.yml"].map(ArtifactPath::from).to_vec();
    paths.sort();
    for path in &paths {
        let mut info = FileInfo::new(path.clone(), data.len() as u64);
        info.language = Language::of_path(path);
        let mut report = Reporter::default();
        engine.visit(&FileView::new(&info, data, Some(text)), &mut report);
        noted.push((path, report.take_notes().facts));
    }
    let facts: Vec<FileFacts<'_>> = noted.iter().map(|(path, facts)| FileFacts { path, facts, text: Some(text) }).collect();
    engine.finish(&ProjectView { paths: &paths, facts: &facts }, &mut Reporter::default());
});
