//! How tests of readers say what a file holds.

use std::fmt::Write as _;

use bartizan_core::{ArtifactPath, ComponentKind, LineIndex};
use bartizan_source::{FileInfo, FileView};

use crate::{
    Origin, PackageKind, Parsed, ProblemKind, Reader, SourceText, Target,
    graph::{self, Located},
    guard,
    installed::settle,
    reader,
};

/// Reads a text, and compares what was understood with what is expected, one line a package:
///
/// ```text
/// root npm app 1.0.0 @2                       a root, its ecosystem, name, version and line
///   -> left-pad 1.3.0 development ^1.3        an edge, its scope and what is asked for
/// npm left-pad 1.3.0 @9 [development] sha1:00 a dependency; scopes that the file gives, hashes, origin, licences
/// 12: unresolved: …                           a problem and its line
/// ```
#[track_caller]
pub(crate) fn check(reader: &Reader, path: &str, text: &str, expected: &str) {
    assert!(reader.claims.iter().any(|claim| claim.is_for(path)), "{} does not read {path}", reader.name);
    assert_eq!(guard::check(text), None, "a test of a reader starts behind the guard");
    let parsed = reader.read_text(&SourceText { path, text }).unwrap();
    assert_eq!(show(&parsed, text).trim(), expected.trim(), "\n{}", show(&parsed, text));
    // However much of it is there, nothing panics.
    for (end, _) in text.char_indices() {
        let _ = reader.read_text(&SourceText { path, text: text.get(..end).unwrap() });
    }
}

/// What was understood, as [`check`] compares it.
pub(crate) fn show(parsed: &Parsed, text: &str) -> String {
    let lines = LineIndex::new(text);
    let mut out = String::new();
    let inventory = &parsed.inventory;
    for (index, package) in inventory.packages.iter().enumerate() {
        let root = if package.kind == PackageKind::Root { "root " } else { "" };
        let version = package.version.as_deref().unwrap_or("?");
        let line = lines.line(package.byte_range().start());
        write!(out, "{root}{} {} {version} @{line}", package.ecosystem.purl_type(), package.name).unwrap();
        if !package.scopes.is_empty() {
            let scopes: Vec<String> = package.scopes.iter().map(|scope| format!("{scope:?}").to_lowercase()).collect();
            write!(out, " [{}]", scopes.join(",")).unwrap();
        }
        for hash in &package.hashes {
            write!(out, " {}:{}", format!("{:?}", hash.algorithm).to_lowercase(), hash.value).unwrap();
        }
        match &package.origin {
            Origin::Registry(None) => {}
            Origin::Registry(Some(url)) => write!(out, " registry {url}").unwrap(),
            Origin::Git { url, commit } => write!(out, " git {url} {}", commit.as_deref().unwrap_or("?")).unwrap(),
            Origin::Path(path) if path.is_empty() => {}
            Origin::Path(path) => write!(out, " path {path}").unwrap(),
            Origin::Url(url) => write!(out, " url {url}").unwrap(),
        }
        for (key, value) in &package.qualifiers {
            write!(out, " {key}={value}").unwrap();
        }
        for licence in &package.licences {
            write!(out, " ({licence})").unwrap();
        }
        out.push('\n');
        for edge in inventory.edges.iter().filter(|edge| edge.dependent.0 as usize == index) {
            let target = match &edge.target {
                Target::Named(name) => name.clone(),
                Target::Package(index) => {
                    let package = inventory.package(*index).unwrap();
                    format!("{} {}", package.name, package.version.as_deref().unwrap_or("?"))
                }
            };
            let line = format!("  -> {target} {} {}", format!("{:?}", edge.scope).to_lowercase(), edge.requirement);
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    for problem in &parsed.problems {
        let kind = match problem.kind {
            ProblemKind::Unreadable => "unreadable",
            ProblemKind::Unresolved => "unresolved",
            ProblemKind::Remark => "remark",
        };
        writeln!(out, "{}: {kind}: {}", lines.line(problem.range.start()), problem.message).unwrap();
    }
    out
}

/// Reads the files of a project, each by the reader that claims it, and compares their graph with what is expected:
///
/// ```text
/// root pkg:npm/app@1.0.0                      a component that is a root
///   -> pkg:npm/left-pad@1.3.0 development     an edge and its scope
/// pkg:npm/left-pad@1.3.0 development          another component and its scope
/// web/package.json:3: …                       a diagnostic and its place
/// ```
#[track_caller]
pub(crate) fn check_project(files: &[(&str, &str)], expected: &str) {
    let mut located = Vec::new();
    for (path, text) in files {
        let reader = reader::of(path).unwrap_or_else(|| panic!("nothing reads {path}"));
        let parsed = reader.read_text(&SourceText { path, text }).unwrap();
        let path = ArtifactPath::from(*path);
        let info = FileInfo::new(path.clone(), 0);
        located.push((path, Located::new(parsed.inventory, &FileView::new(&info, text.as_bytes(), Some(text)))));
    }
    located.sort_by(|(path, _), (other, _)| path.cmp(other));
    let settled = settle::settle(&mut located);
    let graph = graph::build(&located, &settled);
    let mut out = String::new();
    for component in &graph.components {
        match component.kind {
            ComponentKind::Application => writeln!(out, "root {}", component.purl).unwrap(),
            _ => writeln!(out, "{} {}", component.purl, format!("{:?}", component.scope).to_lowercase()).unwrap(),
        }
        for edge in graph.dependencies.iter().filter(|edge| edge.dependent == component.purl) {
            writeln!(out, "  -> {} {}", edge.dependency, format!("{:?}", edge.scope).to_lowercase()).unwrap();
        }
    }
    for diagnostic in &graph.diagnostics {
        let location = diagnostic.location.as_ref().unwrap();
        let line = location.region().map_or(0, |region| region.start.line);
        writeln!(out, "{}:{line}: {}", location.artifact.as_str().unwrap(), diagnostic.reason).unwrap();
    }
    assert_eq!(out.trim(), expected.trim(), "\n{out}");
}
