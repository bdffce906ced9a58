//! What only all files of a pipeline together say: `include`, `extends`, defaults, references.
//!
//! Local files are followed. What other projects and servers say is not known, which is noted.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::{Confidence, Diagnostic, DiagnosticKind, Level, Severity};
use bartizan_source::document::{self, Node};
use globset::GlobBuilder;

use super::{
    SCRIPTS, chosen_in, is_chosen,
    job::{In, Jobs},
    look, renamed, script,
};
use crate::{
    Place,
    format::Document,
    project::{Project, joined},
    report::Draft,
    workflow::{
        definition::place,
        fence,
        pipeline::System,
        remark::{Remark, drafts},
    },
};

const PRODUCTION: &str = "gitlab-merge-request-deploys";

/// How many files one pipeline may include: the limit of GitLab is 150.
const MAX_FILES: usize = 500;

/// A file of a pipeline.
struct File<'d> {
    number: u32,
    path: &'d str,
    text: &'d str,
    root: Node<'d>,
    /// Whether it was seen to be one when it was visited.
    is_noted: bool,
}

/// What is said of all pipelines.
#[derive(Default)]
struct Said {
    remarks: BTreeMap<u32, Vec<Remark>>,
    seen: BTreeSet<(u32, usize, String)>,
    diagnostics: BTreeMap<Place, String>,
}

/// What all files together say, and what they include that is not known.
pub(in crate::workflow) fn conclude(project: &Project<'_>) -> (Vec<Draft>, Vec<Diagnostic>) {
    let mut files: Vec<File<'_>> = Vec::new();
    for (number, file) in project.numbered() {
        let is_noted =
            file.documents.iter().any(|document| matches!(document, Document::Workflow(facts) if facts.pipeline == Some(System::GitLab)));
        files.extend(file.path.as_str().filter(|_| is_noted).and_then(|path| File::new(number, path, file.text, true)));
    }
    if files.is_empty() {
        return (Vec::new(), Vec::new());
    }
    // Files grow while they are gone over: what is included is one of them.
    let mut includes: Vec<Vec<usize>> = Vec::new();
    let mut unknown = BTreeMap::new();
    while let Some(file) = files.get(includes.len()) {
        let (paths, missing) = included(file, project);
        unknown.extend(missing);
        let mut numbers = Vec::new();
        for path in paths {
            let known = files.iter().position(|file| file.path == path);
            let found = known.or_else(|| {
                let (number, file) =
                    project.numbered().find(|(_, file)| file.path.as_str() == Some(&path)).filter(|_| files.len() < MAX_FILES)?;
                files.push(File::new(number, file.path.as_str()?, file.text, false)?);
                Some(files.len() - 1)
            });
            numbers.extend(found);
        }
        includes.push(numbers);
    }
    let mut said = Said { diagnostics: unknown, ..Said::default() };
    for file in files.iter().filter(|file| !file.is_noted) {
        look(&file.root, file.text, said.remarks.entry(file.number).or_default());
    }
    let is_included: BTreeSet<usize> = includes.iter().flatten().copied().collect();
    // A pipeline starts with the file of this name, even if others include it.
    let starts = |number: &usize| files.get(*number).is_some_and(|file| file.path.rsplit('/').next() == Some(".gitlab-ci.yml"));
    for entry in (0..files.len()).filter(|number| !is_included.contains(number) || starts(number)) {
        let mut order = Vec::new();
        in_order(entry, &includes, &mut order, &mut BTreeSet::new());
        said.pipeline(&files, &order);
    }
    said.finish(project)
}

/// The files of a pipeline: what is included before what includes it.
fn in_order(file: usize, includes: &[Vec<usize>], order: &mut Vec<usize>, seen: &mut BTreeSet<usize>) {
    // Each file is entered once, so that depth is bounded by their number.
    if !seen.insert(file) {
        return;
    }
    includes.get(file).into_iter().flatten().for_each(|other| in_order(*other, includes, order, seen));
    order.push(file);
}

impl<'d> File<'d> {
    fn new(number: u32, path: &'d str, text: &'d str, is_noted: bool) -> Option<Self> {
        let root = document::parse_yaml_stream(text).roots.into_iter().rfind(Node::is_map)?;
        Some(Self { number, path, text, root, is_noted })
    }
}

/// The paths of local files that a file includes, and what it includes of others.
fn included(file: &File<'_>, project: &Project<'_>) -> (Vec<String>, Vec<(Place, String)>) {
    let (mut paths, mut missing) = (Vec::new(), Vec::new());
    let Some(includes) = file.root.get("include") else { return (paths, missing) };
    let is_one = includes.is_map() || includes.text().is_some();
    let list: Vec<&Node<'_>> = if is_one { vec![includes] } else { includes.items().iter().collect() };
    for include in list {
        let local = include.get("local").unwrap_or(include);
        let at = Place::new(file.number, include.range);
        let Some(pattern) = local.text().filter(|text| !text.contains("://")) else {
            let named = ["component", "project", "remote", "template"].iter().find_map(|key| include.text_of(key)).or(include.text());
            missing.extend(named.map(|named| (at, format!("what `{named}` adds to this pipeline is not known"))));
            continue;
        };
        let found = local_files(file, pattern, project);
        if found.is_empty() {
            missing.push((at, format!("the included file `{pattern}` is not in the project")));
        }
        paths.extend(found);
    }
    (paths, missing)
}

/// Files that a pattern names from the root of the repository. Where that is in the project is not known: it is tried from the
/// folder of the file upwards.
fn local_files(file: &File<'_>, pattern: &str, project: &Project<'_>) -> Vec<String> {
    let mut folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let Some(path) = joined(folder, pattern) else { return Vec::new() };
        let matcher = GlobBuilder::new(&path)
            .literal_separator(true)
            .build()
            .ok()
            .filter(|_| pattern.contains('*'))
            .map(|glob| glob.compile_matcher());
        let is_meant = |known: &&str| matcher.as_ref().map_or(*known == path, |matcher| matcher.is_match(known));
        let found: Vec<String> = project.paths.iter().filter_map(|known| known.as_str()).filter(is_meant).map(str::to_owned).collect();
        if !found.is_empty() || folder.is_empty() {
            return found;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

impl Said {
    fn pipeline(&mut self, files: &[File<'_>], order: &[usize]) {
        let roots = order.iter().filter_map(|number| Some(In { file: *number, it: &files.get(*number)?.root }));
        let jobs = Jobs::new(roots);
        for name in jobs.names() {
            let parts = jobs.parts(name);
            let variables = jobs.variables(&parts);
            let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.text().unwrap_or_default())).collect();
            let chosen = chosen_in(&variables);
            for key in SCRIPTS {
                for text in jobs.texts(&parts, key) {
                    if let Some(file) = files.get(text.file) {
                        self.script(file, text.it, name, &chosen);
                    }
                }
            }
            self.deployment(files, &jobs, &parts, name);
        }
    }

    /// Variables that another file or another job sets to what others choose.
    fn script(&mut self, file: &File<'_>, node: &Node<'_>, job: &str, chosen: &[String]) {
        let known = renamed(&file.root);
        let is_new =
            |name: &str| chosen.iter().any(|chosen| chosen == name) && !known.iter().any(|known| known == name) && !is_chosen(name);
        for mention in script::mentions(node.text().unwrap_or_default(), "bash", &is_new).into_iter().filter(|mention| mention.is_code) {
            let at = fence::place_in(node, file.text, mention.range);
            if self.seen.insert((file.number, at.start(), mention.name.to_owned())) {
                let message = format!(
                    "the text of `${}` is taken for code, and others choose it: the job `{job}` gets it from another one",
                    mention.name
                );
                let remark = Remark::new(super::INJECTION, at, message).known_by(job).known_by(mention.name);
                self.remarks.entry(file.number).or_default().push(remark.severity(Severity::High));
            }
        }
    }

    /// A job of merge requests that deploys: whoever opens one decides what it runs.
    fn deployment(&mut self, files: &[File<'_>], jobs: &Jobs<'_>, parts: &[In<'_, Node<'_>>], name: &str) {
        let Some(environment) = jobs.member(parts, "environment") else { return };
        let node = &environment.it.node;
        let named = node.text().or(node.text_of("name")).unwrap_or_default();
        // Environments of the merge request itself are made for this.
        let is_fixed = !named.is_empty() && !named.contains('$') && !named.starts_with("review");
        let is_ended = node.text_of("action").is_some_and(|action| action != "start");
        if !is_fixed || is_ended || !runs_on_merge_requests(jobs, parts) {
            return;
        }
        let Some(file) = files.get(environment.file) else { return };
        let at = place(environment.it);
        if self.seen.insert((file.number, at.start(), name.to_owned())) {
            let message = format!("a merge request runs the job `{name}` with the variables of `{named}` before anybody has read it");
            let remark = Remark::new(PRODUCTION, at, message).known_by(name).confidence(Confidence::Medium);
            self.remarks.entry(file.number).or_default().push(remark);
        }
    }

    fn finish(self, project: &Project<'_>) -> (Vec<Draft>, Vec<Diagnostic>) {
        let mut all = Vec::new();
        for (number, remarks) in self.remarks {
            let Some(whole) = project.files.get(number as usize).map(|file| bartizan_core::Location::whole(file.path.clone())) else {
                continue;
            };
            let locate = |range| project.location(Place::new(number, range)).unwrap_or_else(|| whole.clone());
            all.extend(drafts(remarks, &locate));
        }
        let diagnostic = |(at, message): (Place, String)| {
            let diagnostic = Diagnostic { level: Level::Note, ..Diagnostic::new(DiagnosticKind::InfrastructureUnresolved, message) };
            project.location(at).map(|location| diagnostic.at(location))
        };
        (all, self.diagnostics.into_iter().filter_map(diagnostic).collect())
    }
}

/// Whether a job runs by itself in pipelines of merge requests, those of strangers included.
fn runs_on_merge_requests(jobs: &Jobs<'_>, parts: &[In<'_, Node<'_>>]) -> bool {
    let is_manual = |node: &Node<'_>| matches!(node.text_of("when"), Some("manual" | "never" | "on_failure"));
    if parts.iter().any(|part| is_manual(part.it)) {
        return false;
    }
    if let Some(rules) = jobs.member(parts, "rules") {
        let is_open = |rule: &Node<'_>| {
            let condition = rule.text_of("if").unwrap_or_default();
            let is_of_merge_requests = condition.contains("merge_request_event") && condition.contains("==");
            // Only branches of this project, or protected ones.
            let is_limited =
                ["SOURCE_PROJECT", "REF_PROTECTED", "CI_COMMIT_BRANCH", "&& $CI_COMMIT_TAG"].iter().any(|word| condition.contains(word));
            is_of_merge_requests && !is_limited && !is_manual(rule)
        };
        return rules.it.node.items().iter().any(is_open);
    }
    let only = jobs.member(parts, "only").map(|only| &only.it.node);
    only.is_some_and(|only| {
        let references = only.get("refs").unwrap_or(only);
        references.items().iter().any(|reference| reference.text() == Some("merge_requests"))
    })
}
