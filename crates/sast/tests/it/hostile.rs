//! Files that nobody writes: a diagnostic, and neither a panic nor a stack that overflows.

use std::sync::Arc;

use bartizan_core::{ArtifactPath, Diagnostic, Fingerprint, Level, RuleOrigin};
use bartizan_sast::{MAX_FILE_BYTES, Reach, Rules, SastEngine, rule};
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, Language, Reporter};

/// Languages in which brackets are text like any other.
const ANY_TEXT: &[Language] = &[Language::Dockerfile, Language::Html, Language::Php, Language::Shell, Language::Yaml];

/// A rule that searches, and one that follows data, for a language; the latter is left out where there are no calls.
fn engine(language: &str) -> SastEngine {
    let text = format!(
        "rules:
  - id: searches
    languages: [{language}]
    severity: INFO
    message: m
    pattern-either: [{{pattern-regex: zzz}}, {{pattern: $X}}]
  - id: follows
    languages: [{language}]
    severity: INFO
    message: m
    mode: taint
    pattern-sources: [{{pattern: source(...)}}]
    pattern-sinks: [{{pattern: sink(...)}}]
"
    );
    let own = rule::read(&text).rules.into_iter().map(|rule| (rule, RuleOrigin::BuiltIn)).collect();
    SastEngine::new(Rules {
        built_in: false,
        own,
        version: Fingerprint([0; 16]),
        now_s: 0,
        patterns: Arc::default(),
        reach: Reach::Project,
    })
}

/// What is said of a text, in each language that is analyzed.
fn said(text: &str) -> Vec<(Language, Vec<Diagnostic>)> {
    let mut all = Vec::new();
    for &language in Language::ALL {
        let name = if language == Language::Shell { "bash" } else { language.as_str() };
        let engine = engine(name);
        let info = FileInfo { language: Some(language), ..FileInfo::new(ArtifactPath::from("file"), text.len() as u64) };
        if engine.interest(&info) != Interest::Text {
            continue;
        }
        let mut report = Reporter::default();
        engine.visit(&FileView::new(&info, text.as_bytes(), Some(text)), &mut report);
        let (_, diagnostics, ..) = report.into_parts();
        all.push((language, diagnostics));
    }
    assert!(27 <= all.len(), "{}", all.len());
    all
}

#[test]
fn a_hundred_thousand_brackets_end_in_a_diagnostic() {
    // Lines of moderate length: a minified file would not be looked at.
    let lines = |bracket: &str| format!("{}\n", bracket.repeat(100)).repeat(1_000);
    // What is closed may be read after all.
    drop(said(&format!("x = {}1{}", lines("{"), lines("}"))));
    // What is left open is an error of syntax in every program.
    for (language, diagnostics) in said(&lines("[")) {
        let is_named = diagnostics.iter().any(|diagnostic| Level::Note < diagnostic.level);
        assert!(is_named || ANY_TEXT.contains(&language), "{language:?}: {diagnostics:?}");
    }
}

#[test]
fn a_line_of_ten_megabytes_is_named_and_not_analyzed() {
    let line = "a(b, [1, {c: 2}]); ".repeat((10 << 20) / 19);
    for (language, diagnostics) in said(&line) {
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.reason == "a minified file is not analyzed as code"), "{language:?}");
    }
    let lines = "a(b, [1, {c: 2}]);\n".repeat(MAX_FILE_BYTES / 19 + 1);
    for (language, diagnostics) in said(&lines) {
        let limits: Vec<_> = diagnostics.iter().filter_map(|diagnostic| diagnostic.limit.as_ref()).map(|limit| &*limit.name).collect();
        assert_eq!(limits, ["max-code-bytes"], "{language:?}");
    }
}
