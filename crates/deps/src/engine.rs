//! The engine `deps`: an [`Analyzer`] over the registry of readers.

use bartizan_core::{ByteRange, Diagnostic, DiagnosticKind, EngineId, Fingerprint, IdentityKey, Level, Limit, Location, Rule};
use bartizan_formats::vex::MAX_DOCUMENT_BYTES;
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, ProjectView, Reporter};
use serde::{Deserialize, Serialize};

use crate::{
    Ecosystem, Inventory, NameInCode, Role, Sources,
    advisory::Store,
    graph::{self, Located},
    guard, hygiene,
    installed::{self, settle},
    licence, maven,
    reachability::{Code, Judge},
    reader::{self, ProblemKind, Read, Reader, SourceText},
    usage::{self, Usage},
    vex::{self, Said, VexFile},
    vulnerable,
};

/// The engine's short name.
pub const ID: EngineId = EngineId("deps");

/// The largest file that a reader reads, in bytes.
const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// So many problems of one file are said one by one.
const MAX_PROBLEMS: usize = 50;

/// Changes whenever a reader understands more or otherwise.
const VERSION: &[u8] = b"6";

/// Finds the components of a project, and what is known of them.
#[derive(Debug)]
pub struct DepsEngine {
    advisories: Option<Store>,
    sources: Sources,
    statements: Vec<VexFile>,
    identity: IdentityKey,
    hygiene: hygiene::Settings,
}

/// What is noted of a file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Facts {
    /// What it says about packages.
    located: Option<Located>,
    /// What it uses of them.
    usage: Option<Usage>,
}

impl DepsEngine {
    /// An engine that asks these advisories; without any it says so. With them it looks at code, too: whether that uses what is
    /// vulnerable.
    #[must_use]
    pub fn new(advisories: Option<Store>, sources: Sources) -> Self {
        // Fingerprints hold no secret. They are the same wherever they are made.
        let hygiene = hygiene::Settings::default();
        Self { advisories, sources, statements: Vec::new(), identity: IdentityKey::derive(b"bartizan-deps"), hygiene }
    }

    /// The same engine for a project that says this about its supply chain.
    #[must_use]
    pub fn with_hygiene(self, hygiene: hygiene::Settings) -> Self {
        Self { hygiene, ..self }
    }

    /// The same engine, with what others say about flaws.
    #[must_use]
    pub fn with_statements(self, statements: Vec<VexFile>) -> Self {
        Self { statements, ..self }
    }

    fn looks_at_code(&self) -> bool {
        self.advisories.as_ref().is_some_and(|store| !store.is_empty())
    }
}

impl Analyzer for DepsEngine {
    fn id(&self) -> EngineId {
        ID
    }

    fn version(&self) -> Fingerprint {
        self.identity.fingerprint(&[VERSION, &[u8::from(self.looks_at_code())]])
    }

    fn rules(&self) -> Vec<Rule> {
        vulnerable::rules().into_iter().chain(hygiene::rules()).collect()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        // What an image says about itself names no packages, and makes it known.
        if file.in_image.as_ref().is_some_and(|of| of.layer.is_none()) {
            return Interest::Path;
        }
        if vex::is_document(&file.path) {
            return Interest::Bytes;
        }
        match reader::of_file(file)
            .filter(|reader| file.in_image.is_none() || installed::reads_image(reader, file.is_covered()))
            .map(|reader| reader.read)
        {
            None if self.looks_at_code() && file.in_image.is_none() && usage::is_wanted(file) => Interest::Text,
            None => Interest::None,
            Some(Read::Path(_)) => Interest::Path,
            // Empty files are shown to whoever wants bytes only: an empty lock file is broken, if its format can't be empty.
            Some(Read::Text(_)) if file.size_bytes == 0 => Interest::Bytes,
            Some(Read::Text(_)) => Interest::Text,
            Some(Read::Bytes(_)) => Interest::Bytes,
        }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        if vex::is_document(file.path()) {
            if MAX_DOCUMENT_BYTES < file.info().size_bytes {
                let limit = Limit { name: "max-vex-bytes".to_owned(), value: MAX_DOCUMENT_BYTES };
                let diagnostic = Diagnostic::new(DiagnosticKind::Suppression, "the VEX document is too large");
                report.diagnostic(diagnostic.because_of(limit).at(Location::whole(file.path().clone())));
                return;
            }
            // It says something about the project as a whole: it is read when that is known.
            report.facts(file.bytes().to_vec());
            return;
        }
        let is_image = file.info().in_image.as_ref().is_some_and(|of| of.layer.is_none());
        let reader = if is_image { None } else { reader::of_file(file.info()) };
        let nothing = Inventory { role: Role::Installed, ..Inventory::default() };
        let inventory = match reader {
            // Of an image its being there is noted.
            None => is_image.then(|| nothing.clone()),
            // Lists of files name few that matter.
            Some(reader) => inventory(reader, file, report).filter(|inventory| *inventory != nothing),
        };
        let manifest_of = inventory.as_ref().and_then(ecosystem);
        if let Some((reader, inventory)) = reader.zip(inventory.as_ref()) {
            hygiene::of_file(reader.name, inventory, file, &self.identity).into_iter().for_each(|finding| report.finding(finding));
        }
        // A licence is full of words.
        let is_licence = inventory.as_ref().is_some_and(|inventory| !inventory.licence_texts.is_empty());
        let usage =
            if self.looks_at_code() && !is_licence && file.info().in_image.is_none() { usage::read(file, manifest_of) } else { None };
        let facts = Facts { located: inventory.map(|inventory| Located::new(inventory, file)), usage };
        if facts.located.is_none() && facts.usage.is_none() {
            return;
        }
        match postcard::to_stdvec(&facts) {
            Ok(facts) => report.facts(facts),
            Err(error) => {
                let diagnostic = Diagnostic::new(DiagnosticKind::Internal, format!("components can't be kept: {error}"));
                report.diagnostic(diagnostic.at(Location::whole(file.path().clone())));
            }
        }
    }

    fn sees_covered(&self) -> bool {
        true
    }

    fn finish(&self, project: &ProjectView<'_>, report: &mut Reporter) {
        let mut files = Vec::with_capacity(project.facts.len());
        let mut usages = Vec::new();
        let mut diagnostics = Vec::new();
        let mut statements = self.statements.clone();
        for file in project.facts {
            if vex::is_document(file.path) {
                statements.extend(vex::read(file.path, file.facts, &mut diagnostics));
                continue;
            }
            match postcard::from_bytes::<Facts>(file.facts) {
                Ok(facts) => {
                    files.extend(facts.located.map(|located| (file.path.clone(), located)));
                    usages.extend(facts.usage.map(|usage| (file.path.clone(), usage)));
                }
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
        let mut graph = graph::build(&files, &settled);
        licence::conclude(&mut graph.components, &files);
        if let Some(store) = &self.advisories {
            let in_code: Vec<NameInCode> = files.iter().flat_map(|(_, file)| &file.inventory().names_in_code).cloned().collect();
            let code = Code::new(usages, self.sources);
            let judge = Judge::new(&code, &graph.components, &graph.dependencies, &in_code);
            let said = Said::new(&statements, &graph.components, &graph.dependencies);
            let findings = vulnerable::findings(&graph.components, store, &judge, &said, &self.identity);
            findings.into_iter().for_each(|finding| report.finding(finding));
        }
        diagnostics.into_iter().for_each(|diagnostic| report.diagnostic(diagnostic));
        let project =
            hygiene::Project { files: &files, components: &graph.components, dependencies: &graph.dependencies, settings: &self.hygiene };
        hygiene::of_project(&project, &self.identity).into_iter().for_each(|finding| report.finding(finding));
        vulnerable::gaps(&graph.components, self.advisories.as_ref()).into_iter().for_each(|gap| report.diagnostic(gap));
        graph.diagnostics.into_iter().for_each(|diagnostic| report.diagnostic(diagnostic));
        graph.components.into_iter().for_each(|component| report.component(component));
        graph.dependencies.into_iter().for_each(|dependency| report.dependency(dependency));
    }
}

/// The ecosystem whose packages a file lists.
fn ecosystem(inventory: &Inventory) -> Option<Ecosystem> {
    inventory.packages.first().map(|package| package.ecosystem)
}

/// What a file says about packages; what is wrong with it is reported.
fn inventory(reader: &Reader, file: &FileView<'_>, report: &mut Reporter) -> Option<Inventory> {
    let path = file.path().as_str()?;
    let place = |range: ByteRange| file.location(range);
    let unreadable = |reason: &str| Diagnostic::new(DiagnosticKind::ManifestUnreadable, format!("{}: {reason}", reader.name));
    if MAX_FILE_BYTES < file.info().size_bytes && !matches!(reader.read, Read::Path(_)) {
        let limit = Limit { name: "max-manifest-bytes".to_owned(), value: MAX_FILE_BYTES };
        let diagnostic = unreadable("the file is too large").because_of(limit).at(Location::whole(file.path().clone()));
        report.diagnostic(diagnostic);
        return None;
    }
    if let Some((range, reason)) = file.text().and_then(guard::check) {
        report.diagnostic(unreadable(reason).at(place(range)));
        return None;
    }
    let text = file.text().or_else(|| file.bytes().is_empty().then_some(""));
    let text = if matches!(reader.read, Read::Path(_)) { Some("") } else { text };
    let from_text = || reader.read_text(&SourceText { path, text: text? });
    let Some(parsed) = from_text().or_else(|| reader.read_bytes(path, file.bytes())) else {
        report.diagnostic(unreadable("the file is not text").at(Location::whole(file.path().clone())));
        return None;
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
    Some(parsed.inventory)
}
