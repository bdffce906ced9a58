//! One file: opened once, shown to every interested engine, its findings made ready for the report.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bartizan_core::{
    ArtifactPath, ByteRange, Component, Dependency, Diagnostic, DiagnosticKind, EngineId, Evidence, Finding, Layer, Level, LineIndex,
    Location, SkipReason, Strength, Subject,
};
use bartizan_source::{Analyzer, Content, ContentKind, FileInfo, FileView, Interest, Options, Reporter, SourceFile};
use serde::{Deserialize, Serialize};

use crate::{
    cache::ContentHash,
    excerpt::Excerpts,
    suppress::{self, Aliases, Mark, UnusedMark},
};

/// What became of one file of the tree and of the entries in it. It depends on its path and its content alone, and is cached.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct FileResult {
    pub(crate) findings: Vec<Found>,
    pub(crate) unused_marks: Vec<UnusedMark>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) components: Vec<Component>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) coverage: FileCoverage,
    pub(crate) notes: Vec<Note>,
}

/// What an engine keeps of a file, or of an entry in it, until all files were visited.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) engine: String,
    pub(crate) path: ArtifactPath,
    pub(crate) facts: Vec<u8>,
    /// Findings that hold if facts across files say so.
    pub(crate) pending: Vec<Found>,
    /// The text, if the engine wants it later.
    pub(crate) text: Option<KeptText>,
}

/// A text that is kept until all files were visited.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptText {
    /// The text, with every byte of a secret replaced.
    pub(crate) text: String,
    /// Where secrets stood.
    masks: Vec<ByteRange>,
}

impl KeptText {
    fn new(excerpts: &Excerpts<'_>) -> Self {
        let (text, masks) = excerpts.masked();
        Self { text, masks }
    }

    /// Adds to findings in this file what the text tells: the lines, and the marks in what they are about.
    pub(crate) fn ready(&self, findings: Vec<(Finding, Location)>, engine: EngineId, aliases: &Aliases<'_>) -> Vec<Found> {
        let lines = LineIndex::new(&self.text);
        let excerpts = Excerpts::with_masks(&self.text, &lines, self.masks.clone());
        let ready = |(mut finding, span): (Finding, Location)| {
            let marks = suppress::marks(&self.text, &lines, &span, aliases.named(engine, &finding.rule), &|range| excerpts.shown(range));
            if finding.excerpt.lines.is_empty() {
                finding.excerpt = excerpts.of(&finding.location);
            }
            Found { finding, marks }
        };
        findings.into_iter().map(ready).collect()
    }
}

/// A finding, and the marks that stand beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) finding: Finding,
    pub(crate) marks: Vec<Mark>,
}

/// How much of a file was looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileCoverage {
    pub(crate) n_files: u64,
    pub(crate) n_bytes: u64,
    /// Files and entries that no engine looked into, by reason.
    pub(crate) skipped: Vec<(SkipReason, u64)>,
    /// Whether the file itself was visited.
    pub(crate) is_visited: bool,
    /// The entries that were visited.
    pub(crate) visited_entries: Vec<ArtifactPath>,
}

impl FileCoverage {
    fn unskip(&mut self, reason: SkipReason) {
        if let Some((_, total)) = self.skipped.iter_mut().find(|(known, _)| *known == reason) {
            *total = total.saturating_sub(1);
        }
    }

    fn skip(&mut self, reason: SkipReason, n: u64) {
        match self.skipped.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, total)) => *total += n,
            None if n == 0 => {}
            None => self.skipped.push((reason, n)),
        }
    }
}

impl FileResult {
    /// Whether the same file will give the same result, and nothing in it has to stay in memory.
    pub(crate) fn is_cacheable(&self) -> bool {
        let has_value = |found: &Found| matches!(&found.finding.subject, Some(Subject::Secret(secret)) if secret.value.is_some());
        let is_passing = |diagnostic: &Diagnostic| {
            use DiagnosticKind::{EnginePanic, Internal, Unreadable, VersionControl};
            matches!(diagnostic.kind, Unreadable | EnginePanic | Internal | VersionControl)
        };
        let pending = self.notes.iter().flat_map(|note| &note.pending);
        !self.findings.iter().chain(pending).any(has_value) && !self.diagnostics.iter().any(is_passing)
    }
}

/// What a visit made of a file.
pub(crate) struct Visited {
    pub(crate) result: FileResult,
    /// The hash of the content, if one was asked for and the file was read as one piece.
    pub(crate) content: Option<ContentHash>,
}

/// What a visit needs to know of results of earlier scans.
pub(crate) trait Memory {
    /// Whether contents should be hashed.
    fn wants_hash(&self) -> bool;
    /// The result for this content, if it is known.
    fn recall(&self, content: &ContentHash) -> Option<FileResult>;
}

/// The engines of a scan.
#[derive(Clone, Copy)]
pub(crate) struct Engines<'a> {
    pub(crate) analyzers: &'a [Box<dyn Analyzer>],
    /// What other tools call their rules.
    pub(crate) aliases: &'a Aliases<'a>,
}

/// Opens a file and shows it to the engines.
pub(crate) fn visit(file: &SourceFile, engines: Engines<'_>, options: &Options, memory: &dyn Memory) -> Visited {
    let mut visitor =
        Visitor { engines, memory, root: &file.info.path, result: FileResult::default(), content: None, n_awaited: 0, recalled: None };
    let mut problems = Vec::new();
    let opened = catch_unwind(AssertUnwindSafe(|| {
        // Both closures look at the same visitor, one after the other.
        let visitor = std::cell::RefCell::new(&mut visitor);
        file.open(options, &mut problems, &mut |info| visitor.borrow_mut().wanted(info), &mut |info, content| {
            visitor.borrow_mut().visit(info, content);
        });
    }));
    if let Some(result) = visitor.recalled {
        return Visited { result, content: visitor.content };
    }
    let Visitor { mut result, content, n_awaited, .. } = visitor;
    result.diagnostics.append(&mut problems);
    result.coverage.skip(SkipReason::Problem, n_awaited);
    if opened.is_err() {
        let diagnostic = Diagnostic::new(DiagnosticKind::Internal, "reading this file failed in an unforeseen way");
        result
            .diagnostics
            .push(diagnostic.at(Location::whole(file.info.path.clone())).with_help("this is a bug of Bartizan, please report it"));
    }
    Visited { result, content }
}

struct Visitor<'a> {
    engines: Engines<'a>,
    memory: &'a dyn Memory,
    /// The file of the tree, in contrast to entries in it.
    root: &'a ArtifactPath,
    result: FileResult,
    content: Option<ContentHash>,
    /// Files and entries of which something was wanted, and that were not shown yet.
    n_awaited: u64,
    recalled: Option<FileResult>,
}

impl Visitor<'_> {
    fn wanted(&mut self, info: &FileInfo) -> Interest {
        let mut interest = Interest::None;
        for analyzer in self.engines.analyzers {
            match interest_of(&**analyzer, info) {
                Some(wanted) => interest = interest.max(wanted),
                None => self.result.diagnostics.push(panicked(analyzer.id(), Some(&info.path))),
            }
        }
        // A program was asked about and counted before.
        let known = if info.is_program { self.known_interest(info) } else { None };
        match (known, interest) {
            (None, Interest::None) => self.result.coverage.skip(SkipReason::NotInteresting, 1),
            (None, Interest::Path | Interest::Text | Interest::Bytes) => self.n_awaited += 1,
            (Some(Interest::None), Interest::Path | Interest::Text | Interest::Bytes) => {
                self.result.coverage.unskip(SkipReason::NotInteresting);
                self.n_awaited += 1;
            }
            (Some(_), _) => {}
        }
        interest
    }

    /// What was wanted of a program before it was known to be one.
    fn known_interest(&self, info: &FileInfo) -> Option<Interest> {
        let before = FileInfo { is_program: false, ..info.clone() };
        self.engines.analyzers.iter().filter_map(|analyzer| interest_of(&**analyzer, &before)).max()
    }

    fn visit(&mut self, info: &FileInfo, content: &Content<'_>) {
        self.n_awaited = self.n_awaited.saturating_sub(1);
        let is_root = info.path == *self.root;
        if is_root && matches!(content.kind, ContentKind::Text(_) | ContentKind::Binary) && self.memory.wants_hash() {
            let hash = *blake3::hash(content.bytes).as_bytes();
            self.content = Some(hash);
            self.recalled = self.memory.recall(&hash);
            if self.recalled.is_some() {
                return;
            }
        }
        let n_analyzed = self.analyze(info, content);
        let coverage = &mut self.result.coverage;
        let is_empty = content.bytes.is_empty() && info.size_bytes == 0;
        if 0 < n_analyzed {
            coverage.n_files += 1;
            coverage.n_bytes = coverage.n_bytes.saturating_add(info.size_bytes);
            if is_root {
                coverage.is_visited = true;
            } else {
                coverage.visited_entries.push(info.path.clone());
            }
        } else if is_empty {
            coverage.skip(SkipReason::Empty, 1);
        } else if content.kind == ContentKind::Binary {
            coverage.skip(SkipReason::Binary, 1);
        }
        // An archive is what its entries are.
    }

    /// Shows the content to every engine that wants this much of it; says how many did.
    fn analyze(&mut self, info: &FileInfo, content: &Content<'_>) -> usize {
        let view = FileView::new(info, content.bytes, content.text.as_deref());
        let unread = FileView::new(info, b"", None);
        let mut engines = Vec::new();
        let mut findings = Vec::new();
        let mut thorough = Vec::new();
        let mut notes = Vec::new();
        let mut n_analyzed = 0;
        for analyzer in self.engines.analyzers {
            let interest = interest_of(&**analyzer, info).unwrap_or(Interest::None);
            let shown = match (interest, content.kind) {
                (Interest::None, _) | (Interest::Text | Interest::Bytes, ContentKind::Unread) => continue,
                (Interest::Path, _) => &unread,
                (Interest::Text, _) if content.text.as_deref().is_none_or(str::is_empty) => continue,
                (Interest::Text, _) => &view,
                (Interest::Bytes, ContentKind::Archive) if content.bytes.is_empty() => continue,
                (Interest::Bytes, _) => &view,
            };
            n_analyzed += 1;
            let mut report = Reporter::default();
            let id = analyzer.id();
            let visited = catch_unwind(AssertUnwindSafe(|| analyzer.visit(shown, &mut report)));
            if visited.is_err() {
                self.result.diagnostics.push(panicked(id, Some(&info.path)));
            }
            notes.push((id, report.take_notes()));
            let (found, diagnostics, components, dependencies) = report.into_parts();
            let is_thorough = visited.is_ok() && diagnostics.iter().all(|diagnostic| diagnostic.level == Level::Note);
            thorough.extend((is_thorough && interest != Interest::Path).then_some(id));
            engines.extend(found.iter().map(|_| id));
            findings.extend(found);
            self.result.diagnostics.extend(diagnostics);
            self.result.components.extend(components);
            self.result.dependencies.extend(dependencies);
        }
        if let Some(layer) = info.layer() {
            findings.iter_mut().for_each(|finding: &mut Finding| finding.evidence.push(layer_evidence(layer)));
        }
        let text =
            notes.iter().any(|(_, notes)| notes.keeps_text).then(|| view.text().map(|text| Excerpts::new(text, view.lines(), &findings)));
        let text = text.flatten().map(|excerpts| KeptText::new(&excerpts));
        let found = self.ready(&view, findings, &engines);
        let n_found = found.len();
        let mut found_or_pending = found;
        for (id, notes) in notes {
            if notes.facts.is_empty() && notes.pending.is_empty() {
                continue;
            }
            if notes.keeps_text {
                // Which of its marks are of use is not known before the end.
                thorough.retain(|thorough| *thorough != id);
            }
            let engines = vec![id; notes.pending.len()];
            let pending = self.ready(&view, notes.pending, &engines);
            found_or_pending.extend(pending.iter().cloned());
            self.result.notes.push(Note {
                engine: id.0.to_owned(),
                path: info.path.clone(),
                facts: notes.facts,
                pending,
                text: text.clone().filter(|_| notes.keeps_text),
            });
        }
        // A mark beside what may be found is of use.
        self.result.unused_marks.extend(suppress::unused(&view, &found_or_pending, &thorough));
        found_or_pending.truncate(n_found);
        self.result.findings.extend(found_or_pending);
        n_analyzed
    }

    /// Adds to findings of one file what its text tells: the lines, and the marks beside them.
    fn ready(&self, view: &FileView<'_>, mut findings: Vec<Finding>, engines: &[EngineId]) -> Vec<Found> {
        if findings.is_empty() {
            return Vec::new();
        }
        let Some(text) = view.text() else {
            return findings.into_iter().map(|finding| Found { finding, marks: Vec::new() }).collect();
        };
        let excerpts = Excerpts::new(text, view.lines(), &findings);
        let marks: Vec<Vec<Mark>> = findings
            .iter()
            .zip(engines)
            .map(|(finding, engine)| {
                suppress::marks(text, view.lines(), &finding.location, self.engines.aliases.named(*engine, &finding.rule), &|range| {
                    excerpts.shown(range)
                })
            })
            .collect();
        for finding in &mut findings {
            if finding.excerpt.lines.is_empty() {
                finding.excerpt = excerpts.of(&finding.location);
            }
        }
        findings.into_iter().zip(marks).map(|(finding, marks)| Found { finding, marks }).collect()
    }
}

/// What is known of where in an image something is.
fn layer_evidence(layer: &Layer) -> Evidence {
    let command = if layer.created_by.is_empty() { String::new() } else { format!(", which `{}` made", layer.created_by) };
    Evidence { strength: Strength::Contextual, text: format!("it is in the layer {}{command}", layer.digest), weight: None }
}

/// The interest of an engine; nothing if it panicked when it was asked.
fn interest_of(analyzer: &dyn Analyzer, info: &FileInfo) -> Option<Interest> {
    if info.is_covered() && !analyzer.sees_covered() {
        return Some(Interest::None);
    }
    catch_unwind(AssertUnwindSafe(|| analyzer.interest(info))).ok()
}

/// What is said of a panic. Its message is left out: it may quote the file.
pub(crate) fn panicked(engine: EngineId, path: Option<&ArtifactPath>) -> Diagnostic {
    let diagnostic = Diagnostic::new(DiagnosticKind::EnginePanic, format!("the engine `{engine}` failed in an unforeseen way"));
    let diagnostic = diagnostic.with_help("this is a bug of Bartizan, please report it; what the engine found before is kept");
    match path {
        Some(path) => diagnostic.at(Location::whole(path.clone())),
        None => diagnostic,
    }
}
