//! Infrastructure code of every notation: read, evaluated and judged.

#![no_main]

use bartizan_core::ArtifactPath;
use bartizan_iac::{IacEngine, Options};
use bartizan_source::{Analyzer, FileFacts, FileInfo, FileView, Interest, ProjectView, Reporter};
use libfuzzer_sys::fuzz_target;

/// One file of each notation; the first byte chooses.
const NAMES: [&str; 17] = [
    "main.tf",
    "main.tf.json",
    "terraform.tfvars",
    "plan.json",
    "template.yaml",
    "manifest.yaml",
    "compose.yaml",
    "Dockerfile",
    "playbook.yml",
    "openapi.yaml",
    ".github/workflows/ci.yml",
    "Jenkinsfile",
    "main.bicep",
    "main.bicepparam",
    "azuredeploy.json",
    "serverless.yml",
    ".gitlab-ci.yml",
];

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let path = ArtifactPath::from(NAMES[usize::from(*choice) % NAMES.len()]);
    let engine = IacEngine::new(Options { is_strict: true, ..Options::default() });
    let info = FileInfo::new(path.clone(), text.len() as u64);
    if engine.interest(&info) == Interest::None {
        return;
    }
    let mut report = Reporter::default();
    engine.visit(&FileView::new(&info, text.as_bytes(), Some(text)), &mut report);
    let facts = report.take_notes().facts;
    let facts = [FileFacts { path: &path, facts: &facts, text: Some(text) }];
    engine.finish(&ProjectView { paths: std::slice::from_ref(&path), facts: &facts }, &mut Reporter::default());
});
