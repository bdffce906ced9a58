//! The engine `deps`: an [`Analyzer`] over the registry of readers.

use bartizan_core::{ByteRange, Diagnostic, DiagnosticKind, EngineId, Fingerprint, IdentityKey, Level, Limit, Location, Rule};
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, ProjectView, Reporter};

use crate::{
    Inventory, Role,
    advisory::Store,
    graph::{self, Located},
    guard,
    installed::{self, settle},
    maven,
    reader::{self, ProblemKind, Read, SourceText},
    vulnerable,
};

/// The engine's short name.
pub const ID: EngineId = EngineId("deps");

/// The largest file that a reader reads, in bytes.
const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// So many problems of one file are said one by one.
const MAX_PROBLEMS: usize = 50;

/// Changes whenever a reader understands more or otherwise.
const VERSION: &[u8] = b"3";

/// Finds the components of a project, and what is known of them.
#[derive(Debug)]
pub struct DepsEngine {
    advisories: Option<Store>,
    identity: IdentityKey,
}

impl DepsEngine {
    /// An engine that asks these advisories; without any it says so.
    #[must_use]
    pub fn new(advisories: Option<Store>) -> Self {
        // Fingerprints hold no secret. They are the same wherever they are made.
        Self { advisories, identity: IdentityKey::derive(b"bartizan-deps") }
    }
}

impl Analyzer for DepsEngine {
    fn id(&self) -> EngineId {
        ID
    }

    fn version(&self) -> Fingerprint {
        self.identity.fingerprint(&[VERSION])
    }

    fn rules(&self) -> Vec<Rule> {
        vulnerable::rules()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        // What an image says about itself names no packages, and makes it known.
        if file.in_image.as_ref().is_some_and(|of| of.layer.is_none()) {
            return Interest::Path;
        }
        match reader::of_file(file)
            .filter(|reader| file.in_image.is_none() || installed::reads_image(reader, file.is_covered()))
            .map(|reader| reader.read)
        {
            None => Interest::None,
            Some(Read::Path(_)) => Interest::Path,
            // Empty files are shown to whoever wants bytes only: an empty lock file is broken, if its format can't be empty.
            Some(Read::Text(_)) if file.size_bytes == 0 => Interest::Bytes,
            Some(Read::Text(_)) => Interest::Text,
            Some(Read::Bytes(_)) => Interest::Bytes,
        }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        if file.info().in_image.as_ref().is_some_and(|of| of.layer.is_none()) {
            return keep(&Located::new(Inventory { role: Role::Installed, ..Inventory::default() }, file), file, report);
        }
        let Some((path, reader)) = file.path().as_str().and_then(|path| Some((path, reader::of_file(file.info())?))) else { return };
        let place = |range: ByteRange| file.location(range);
        let unreadable = |reason: &str| Diagnostic::new(DiagnosticKind::ManifestUnreadable, format!("{}: {reason}", reader.name));
        if MAX_FILE_BYTES < file.info().size_bytes && !matches!(reader.read, Read::Path(_)) {
            let limit = Limit { name: "max-manifest-bytes".to_owned(), value: MAX_FILE_BYTES };
            let diagnostic = unreadable("the file is too large").because_of(limit).at(Location::whole(file.path().clone()));
            report.diagnostic(diagnostic);
            return;
        }
        if let Some((range, reason)) = file.text().and_then(guard::check) {
            report.diagnostic(unreadable(reason).at(place(range)));
            return;
        }
        let text = file.text().or_else(|| file.bytes().is_empty().then_some(""));
        let text = if matches!(reader.read, Read::Path(_)) { Some("") } else { text };
        let from_text = || reader.read_text(&SourceText { path, text: text? });
        let Some(parsed) = from_text().or_else(|| reader.read_bytes(path, file.bytes())) else {
            report.diagnostic(unreadable("the file is not text").at(Location::whole(file.path().clone())));
            return;
        };
        let n_problems = parsed.problems.len();
        for problem in parsed.problems.into_iter().take(MAX_PROBLEMS) {
            let (kind, level) = match problem.kind {
                ProblemKind::Unreadable => (DiagnosticKind::ManifestUnreadable, Level::Incomplete),
                ProblemKind::Unresolved => (DiagnosticKind::DependencyUnresolved, Level::Note),
                ProblemKind::Remark => (DiagnosticKind::ManifestUnreadable, Level::Note),
            };
            let mut diagnostic = Diagnostic::new(kind, format!("{}: {}", reader.name, problem.message)).at(place(problem.range));
            diagnostic.level = level;
            report.diagnostic(diagnostic);
        }
        if MAX_PROBLEMS < n_problems {
            let reason = format!("{} problems more are not said one by one", n_problems - MAX_PROBLEMS);
            report.diagnostic(unreadable(&reason).at(Location::whole(file.path().clone())));
        }
        // Lists of files name few that matter.
        if parsed.inventory != (Inventory { role: Role::Installed, ..Inventory::default() }) {
            keep(&Located::new(parsed.inventory, file), file, report);
        }
    }

    fn sees_covered(&self) -> bool {
        true
    }

    fn finish(&self, project: &ProjectView<'_>, report: &mut Reporter) {
        let mut files = Vec::with_capacity(project.facts.len());
        for file in project.facts {
            match postcard::from_bytes::<Located>(file.facts) {
                Ok(located) => files.push((file.path.clone(), located)),
                Err(error) => {
                    let diagnostic = Diagnostic::new(DiagnosticKind::Internal, format!("components can't be read back: {error}"));
                    report.diagnostic(diagnostic.at(Location::whole(file.path.clone())));
                }
            }
        }
        for unknown in maven::resolve(
            &mut files.iter_mut().map(|(path, file)| (path.as_str().unwrap_or_default(), file.inventory_mut())).collect::<Vec<_>>(),
        ) {
            let Some((path, file)) = files.get(unknown.file) else { continue };
            let mut diagnostic = Diagnostic::new(DiagnosticKind::DependencyUnresolved, format!("pom.xml: {}", unknown.reason));
            diagnostic.level = Level::Note;
            report.diagnostic(diagnostic.at(file.location(path, unknown.package)));
        }
        let settled = settle::settle(&mut files);
        let graph = graph::build(&files, &settled);
        if let Some(store) = &self.advisories {
            vulnerable::findings(&graph.components, store, &self.identity).into_iter().for_each(|finding| report.finding(finding));
        }
        vulnerable::gaps(&graph.components, self.advisories.as_ref()).into_iter().for_each(|gap| report.diagnostic(gap));
        graph.diagnostics.into_iter().for_each(|diagnostic| report.diagnostic(diagnostic));
        graph.components.into_iter().for_each(|component| report.component(component));
        graph.dependencies.into_iter().for_each(|dependency| report.dependency(dependency));
    }
}

/// Keeps what a file says until all were read.
fn keep(located: &Located, file: &FileView<'_>, report: &mut Reporter) {
    match postcard::to_stdvec(located) {
        Ok(facts) => report.facts(facts),
        Err(error) => {
            let diagnostic = Diagnostic::new(DiagnosticKind::Internal, format!("components can't be kept: {error}"));
            report.diagnostic(diagnostic.at(Location::whole(file.path().clone())));
        }
    }
}
