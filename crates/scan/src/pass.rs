//! One pass over an input: discover, visit, merge.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use bartizan_core::{ArtifactPath, Component, Coverage, Diagnostic, DiagnosticKind, Finding, Location, Report, Rule, RuleId, SkipReason};
use bartizan_source::{Analyzer, Discovery, FileFacts, Input, Options, ProjectView, Reporter, SourceError, discover};

use crate::{
    Outcome, Policy, Progress, Request, ScanError,
    cache::{self, Cache},
    config::{At, Flags, Settings},
    date::Date,
    merge::{self, Context},
    project::Project,
    remarks,
    suppress::{Aliases, UnusedMark},
    visit::{Engines, FileResult, Found, Note, panicked},
    workers::{self, Job},
};

/// Looks at an input once, with all engines, and reports.
///
/// The report is the same for any number of threads, with or without a cache.
///
/// # Errors
///
/// When there is nothing to look at. What can't be looked at in part is a diagnostic of the report.
pub fn scan(request: Request<'_>, progress: &dyn Progress) -> Result<Outcome, ScanError> {
    let Request { input, source, mut analyzers, n_threads, cache, policy, use_repository_config, .. } = request;

    // What holds: policy, then the repository's file, then flags.
    let folder = folder_of(&input, request.stdin_folder.as_deref());
    let project = Project::of(folder.as_deref());
    let (settings, mut diagnostics) = settings_of(&project, &policy, use_repository_config, request.flags, request.today);
    analyzers.retain(|analyzer| !settings.disabled_engines.contains_key(analyzer.id().0));

    // What there is to look at.
    let threads = matches!(input, Input::Tree(_) | Input::Since { .. }).then(|| workers::pool(n_threads)).transpose()?;
    let discover = || discover_all(&input, &source, &settings, &project, progress);
    let (discovery, options, of_excludes) = match &threads {
        Some(threads) => threads.install(discover)?,
        None => discover()?,
    };
    diagnostics.extend(of_excludes);
    let Discovery { files, diagnostics: of_discovery, root, changes } = discovery;
    diagnostics.extend(of_discovery);
    diagnostics.extend(remarks::narrowing(&settings, changes.as_ref()));
    progress.discovered(files.len(), files.iter().map(|file| file.info.size_bytes).sum());

    // Every file, once.
    let is_whole_tree = matches!(input, Input::Tree(_)) && project.is_whole();
    let cache = match (cache, &input, &root) {
        (Some(settings), Input::Tree(_), Some(root)) => {
            let dir = settings.dir.clone();
            match Cache::open(settings, &subject(root, &options, &analyzers, &[request.tool.version.as_bytes(), &request.build])) {
                Ok(cache) => Some((cache, root.as_path())),
                Err(error) => {
                    diagnostics.push(cache::problem(&dir, &error));
                    None
                }
            }
        }
        _ => None,
    };
    let aliases = Aliases::of(&analyzers);
    let engines = Engines { analyzers: &analyzers, aliases: &aliases };
    let job = Job { files: &files, engines, options: &options, progress };
    let done = workers::run(&job, cache.as_ref().map(|(cache, root)| (cache, *root)), threads, n_threads)?;
    diagnostics.extend(done.problem);

    // Facts across files.
    let mut collected = Collected::default();
    let mut visited = Vec::new();
    for (file, result) in files.iter().zip(done.results) {
        visited.extend(result.coverage.is_visited.then(|| file.info.path.clone()));
        visited.extend(result.coverage.visited_entries.iter().cloned());
        collected.add(result);
    }
    visited.sort();
    // Facts may be as deeply nested as files.
    workers::alone(|| collected.finish(engines, &visited))?;
    diagnostics.append(&mut collected.diagnostics);

    // Suppressed, compared, merged, owned.
    let (owners, of_owners) = project.owners();
    diagnostics.extend(of_owners);
    let context = Context {
        settings: &settings,
        project: &project,
        owners: &owners,
        baseline: request.baseline,
        changes: changes.as_ref(),
        today: request.today,
    };
    let merged = merge::merge(collected.findings, &context);
    diagnostics.extend(merged.diagnostics);

    // Engines have many rules with long texts: they are asked if there is something to say about one.
    let has_words_on_rules = !settings.suppressions.is_empty()
        || !settings.disabled_rules.is_empty()
        || !collected.unused_marks.is_empty()
        || request.baseline.is_some();
    let rules = if has_words_on_rules || !merged.findings.is_empty() { Rules::of(&analyzers) } else { Rules::default() };
    diagnostics.extend(remarks::unused_marks(&settings, collected.unused_marks, &rules.0, changes.as_ref()));
    if is_whole_tree {
        diagnostics.extend(remarks::stale(&settings, &merged.used, &rules.0, request.today));
    }
    let is_judged = |rule: &RuleId| rules.contains(rule) && !settings.disabled_rules.contains_key(rule);
    let n_fixed = request.baseline.filter(|_| is_whole_tree).map(|baseline| baseline.n_fixed(&merged.all, &is_judged));
    diagnostics.sort();
    diagnostics.dedup();
    let report = Report {
        tool: request.tool,
        target: request.target,
        rules: rules.of_findings(&merged.findings),
        findings: merged.findings,
        diagnostics,
        components: collected.components.into_values().collect(),
        dependencies: collected.dependencies.into_iter().collect(),
        coverage: collected.coverage,
    };
    Ok(Outcome {
        report,
        fail_on: settings.fail_on.map(|(severity, _)| severity),
        has_changes: changes.is_some(),
        n_fixed,
        n_cached: done.n_cached,
    })
}

/// What holds for a folder, for people who ask before they scan.
#[must_use]
pub fn effective(folder: &Path, policy: &Policy, use_repository_config: bool, flags: Flags, today: Date) -> (Settings, Vec<Diagnostic>) {
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    settings_of(&Project::of(Some(&folder)), policy, use_repository_config, flags, today)
}

fn settings_of(project: &Project, policy: &Policy, use_repository_config: bool, flags: Flags, today: Date) -> (Settings, Vec<Diagnostic>) {
    let (config, mut diagnostics) = if use_repository_config { project.configuration() } else { (None, Vec::new()) };
    let (mut settings, refused) = Settings::merge(policy, config.as_ref(), flags, today);
    diagnostics.extend(refused);
    if !use_repository_config {
        settings.ignore_marks();
    }
    (settings, diagnostics)
}

/// The folder that paths of the report start at, before anything was discovered.
fn folder_of(input: &Input, stdin_folder: Option<&Path>) -> Option<PathBuf> {
    let folder = match input {
        Input::Tree(folder) | Input::Staged(folder) | Input::Since { root: folder, .. } => folder.as_path(),
        Input::File(file) => file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")),
        Input::Stdin { .. } => stdin_folder?,
        Input::Documents(_) => return None,
    };
    std::fs::canonicalize(folder).ok()
}

/// Discovers with what the settings leave out; a pattern that can't be used is said and left out itself.
fn discover_all(
    input: &Input,
    source: &Options,
    settings: &Settings,
    project: &Project,
    progress: &dyn Progress,
) -> Result<(Discovery, Options, Vec<Diagnostic>), ScanError> {
    let mut diagnostics = Vec::new();
    let mut patterns: Vec<(&At<String>, String)> = Vec::new();
    for (pattern, _) in &settings.excludes {
        patterns.extend(project.patterns_below(&pattern.value).into_iter().map(|below| (pattern, below)));
    }
    loop {
        let mut options = source.clone();
        settings.lower(&mut options.limits);
        // The last match wins: what the caller says comes last.
        options.excludes = patterns.iter().map(|(_, below)| below.clone()).chain(source.excludes.iter().cloned()).collect();
        let error = match discover(input, &options, &|n_files| progress.discovering(n_files)) {
            Ok(discovery) => return Ok((discovery, options, diagnostics)),
            Err(error) => error,
        };
        let SourceError::InvalidExclude { pattern, reason } = &error else { return Err(error.into()) };
        let is_culprit = |(_, below): &(&At<String>, String)| below == pattern;
        let Some(index) = patterns.iter().position(is_culprit).filter(|_| !source.excludes.contains(pattern)) else {
            return Err(error.into());
        };
        let (at, _) = patterns.remove(index);
        let diagnostic = Diagnostic::new(DiagnosticKind::Configuration, format!("invalid pattern `{}`: {reason}", at.value));
        diagnostics.push(diagnostic.at(at.location.clone()).with_help("patterns have the syntax of `.gitignore`"));
    }
}

/// What makes the results of another scan those of this one: the folder, the program, the engines, and what limits their view.
fn subject(root: &Path, options: &Options, analyzers: &[Box<dyn Analyzer>], program: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut parts = vec![
        env!("CARGO_PKG_VERSION").as_bytes().to_vec(),
        root.as_os_str().as_encoded_bytes().to_vec(),
        format!("{:?}", options.limits).into_bytes(),
        format!("{:?}", options.platform).into_bytes(),
    ];
    parts.extend(program.iter().map(|part| part.to_vec()));
    for analyzer in analyzers {
        parts.push(analyzer.id().0.as_bytes().to_vec());
        parts.push(analyzer.version().0.to_vec());
    }
    parts
}

/// What the engines reported, of all files.
#[derive(Default)]
struct Collected {
    findings: Vec<Found>,
    unused_marks: Vec<UnusedMark>,
    diagnostics: Vec<Diagnostic>,
    components: BTreeMap<String, Component>,
    dependencies: BTreeSet<bartizan_core::Dependency>,
    coverage: Coverage,
    notes: Vec<Note>,
}

impl Collected {
    fn add(&mut self, result: FileResult) {
        let FileResult { findings, unused_marks, diagnostics, components, dependencies, coverage, notes } = result;
        self.findings.extend(findings);
        self.unused_marks.extend(unused_marks);
        self.diagnostics.extend(diagnostics);
        self.notes.extend(notes);
        self.add_parts(components, dependencies);
        self.coverage.n_files += coverage.n_files;
        self.coverage.n_bytes = self.coverage.n_bytes.saturating_add(coverage.n_bytes);
        let mut skipped: BTreeMap<SkipReason, u64> = self.coverage.skipped.iter().copied().collect();
        for (reason, n) in coverage.skipped {
            *skipped.entry(reason).or_default() += n;
        }
        self.coverage.skipped = skipped.into_iter().filter(|(_, n)| 0 < *n).collect();
    }

    fn add_parts(&mut self, components: Vec<Component>, dependencies: Vec<bartizan_core::Dependency>) {
        for component in components {
            match self.components.get_mut(&component.purl) {
                Some(known) => {
                    known.locations.extend(component.locations);
                    known.locations.sort();
                    known.locations.dedup();
                }
                None => {
                    self.components.insert(component.purl.clone(), component);
                }
            }
        }
        self.dependencies.extend(dependencies);
    }

    fn finish(&mut self, engines: Engines<'_>, paths: &[ArtifactPath]) {
        let mut notes = std::mem::take(&mut self.notes);
        notes.sort_by(|one, other| one.path.cmp(&other.path));
        for analyzer in engines.analyzers {
            let mut report = Reporter::of_project();
            let own: Vec<&Note> = notes.iter().filter(|note| note.engine == analyzer.id().0).collect();
            let facts: Vec<FileFacts<'_>> = own
                .iter()
                .map(|note| FileFacts { path: &note.path, facts: &note.facts, text: note.text.as_ref().map(|kept| kept.text.as_str()) })
                .collect();
            let project = ProjectView { paths, facts: &facts };
            if catch_unwind(AssertUnwindSafe(|| analyzer.finish(&project, &mut report))).is_err() {
                self.diagnostics.push(panicked(analyzer.id(), None));
            }
            for confirmed in report.take_confirmed() {
                let pending = own.get(confirmed.file).and_then(|note| note.pending.get(confirmed.number as usize));
                self.findings
                    .extend(pending.cloned().map(|found| Found { finding: Finding { flow: confirmed.flow, ..found.finding }, ..found }));
            }
            let spans: BTreeMap<usize, Location> = report.take_spans().into_iter().collect();
            let (findings, diagnostics, components, dependencies) = report.into_parts();
            let mut by_file: BTreeMap<&ArtifactPath, Vec<(Finding, Location)>> = BTreeMap::new();
            for (number, finding) in findings.into_iter().enumerate() {
                let text = own.binary_search_by(|note| note.path.cmp(&finding.location.artifact)).ok().and_then(|at| own.get(at));
                match text.filter(|note| note.text.is_some()) {
                    Some(note) => {
                        let span = spans.get(&number).cloned().unwrap_or_else(|| finding.location.clone());
                        by_file.entry(&note.path).or_default().push((finding, span));
                    }
                    None => self.findings.push(Found { finding, marks: Vec::new() }),
                }
            }
            for note in &own {
                let Some((text, findings)) = note.text.as_ref().zip(by_file.remove(&note.path)) else { continue };
                self.findings.extend(text.ready(findings, analyzer.id(), engines.aliases));
            }
            self.diagnostics.extend(diagnostics);
            self.add_parts(components, dependencies);
        }
    }
}

/// The rules that could have found something, by id.
#[derive(Default)]
struct Rules(BTreeMap<RuleId, Rule>);

impl Rules {
    fn of(analyzers: &[Box<dyn Analyzer>]) -> Self {
        let mut rules = BTreeMap::new();
        for rule in analyzers.iter().flat_map(|analyzer| analyzer.rules()) {
            rules.entry(rule.id.clone()).or_insert(rule);
        }
        Self(rules)
    }

    fn contains(&self, id: &RuleId) -> bool {
        self.0.contains_key(id)
    }

    fn of_findings(self, findings: &[Finding]) -> Vec<Rule> {
        let ids: BTreeSet<&RuleId> = findings.iter().map(|finding| &finding.rule).collect();
        self.0.into_iter().filter(|(id, _)| ids.contains(id)).map(|(_, rule)| rule).collect()
    }
}
