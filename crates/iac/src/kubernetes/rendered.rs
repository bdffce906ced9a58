//! Manifests that charts make: rendered, and led back to the templates and values that say so.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Level};
use bartizan_source::document::{self, Node};

use super::manifest;
use crate::{
    Graph, Kind, Map, Member, Place, ScopeId, Value,
    helm::{self, File, Options},
    kustomize,
    project::{Project, joined},
    rendered::{Document, Rendered},
};

/// Scopes of what is rendered have numbers of their own.
const FIRST_SCOPE: u32 = 1 << 26;
const FIRST_OVERLAY_SCOPE: u32 = (1 << 26) + (1 << 25);
/// So many kustomizations are built.
const MAX_OVERLAYS: usize = 500;
/// How deeply texts of a kustomization are looked for.
const MAX_TEXT_DEPTH: usize = 32;
/// So many problems of one chart are said.
const MAX_PROBLEMS: usize = 20;

/// The charts of a project.
pub(super) struct Charts<'p> {
    /// The folders of charts that no other chart holds, with a slash at the end unless they are the project's own.
    folders: Vec<&'p str>,
}

impl<'p> Charts<'p> {
    pub(super) fn of(project: &'p Project<'_>) -> Self {
        let paths = project.files.iter().filter_map(|file| file.path.as_str());
        let mut folders: Vec<&str> =
            paths.filter_map(|path| path.strip_suffix("Chart.yaml")).filter(|folder| folder.is_empty() || folder.ends_with('/')).collect();
        folders.sort_unstable();
        // Charts within charts are rendered with those.
        let mut outer: Vec<&str> = Vec::new();
        for folder in folders {
            if !outer
                .iter()
                .any(|known| folder.strip_prefix(known).is_some_and(|rest| rest.starts_with("charts/") || rest.starts_with("templates/")))
            {
                outer.push(folder);
            }
        }
        Self { folders: outer }
    }

    /// Whether a file is one that rendering reads: what it says as it stands is no manifest.
    pub(super) fn renders(&self, path: &ArtifactPath) -> bool {
        let Some(path) = path.as_str() else { return false };
        let is_part = |rest: &str| ["templates/", "crds/", "charts/"].iter().any(|folder| rest.starts_with(folder));
        self.folders.iter().any(|folder| path.strip_prefix(folder).is_some_and(is_part))
    }

    /// Adds the resources of all charts.
    pub(super) fn assemble(&self, project: &Project<'_>, graph: &mut Graph) {
        for (number, folder) in (FIRST_SCOPE..).zip(&self.folders) {
            let mut numbers: HashMap<&str, u32> = HashMap::new();
            let mut files = Vec::new();
            for (number, file) in project.numbered() {
                let Some(path) = file.path.as_str().and_then(|path| path.strip_prefix(folder)) else { continue };
                if !file.text.is_empty() {
                    files.push(File { path, text: file.text });
                    numbers.insert(path, number);
                }
            }
            let rendered = helm::render(&files, &[], &Options::default());
            add(&rendered, &numbers, ScopeId(number), project, graph);
        }
    }
}

/// The kustomizations of a project.
pub(super) struct Overlays {
    /// Folders that no other kustomization uses.
    roots: Vec<String>,
    /// Files that a kustomization names: what they say as they stand is not what is applied.
    named: BTreeSet<String>,
}

impl Overlays {
    pub(super) fn of(project: &Project<'_>) -> Self {
        let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
        let mut folders: BTreeMap<String, Node<'_>> = BTreeMap::new();
        for file in &project.files {
            let Some((folder, name)) = file.path.as_str().map(|path| path.rsplit_once('/').unwrap_or(("", path))) else { continue };
            if names.contains(&name)
                && let Some(root) = document::parse_yaml(file.text).root
            {
                folders.insert(folder.to_owned(), root);
            }
        }
        let (mut used, mut named) = (BTreeSet::new(), BTreeSet::new());
        for (folder, root) in &folders {
            let mut texts = Vec::new();
            texts_in(root, &mut texts, 0);
            for path in texts.into_iter().filter_map(|text| named_path(folder, text)) {
                if folders.contains_key(&path) && path != *folder {
                    used.insert(path);
                } else {
                    named.insert(path);
                }
            }
        }
        let is_component = |root: &Node<'_>| root.text_of("kind") == Some("Component");
        let roots =
            folders.iter().filter(|(folder, root)| !used.contains(*folder) && !is_component(root)).map(|(folder, _)| folder.clone());
        Self { roots: roots.collect(), named }
    }

    /// Whether a kustomization says what becomes of a file.
    pub(super) fn names(&self, path: &ArtifactPath) -> bool {
        path.as_str().is_some_and(|path| self.named.contains(path))
    }

    /// Adds the resources of all kustomizations that stand for themselves.
    pub(super) fn assemble(&self, project: &Project<'_>, graph: &mut Graph) {
        if self.roots.is_empty() {
            return;
        }
        let with_text = || project.numbered().filter(|(_, file)| !file.text.is_empty());
        let files: Vec<File<'_>> = with_text().filter_map(|(_, file)| Some(File { path: file.path.as_str()?, text: file.text })).collect();
        let numbers: HashMap<&str, u32> = with_text().filter_map(|(number, file)| Some((file.path.as_str()?, number))).collect();
        for (number, folder) in (FIRST_OVERLAY_SCOPE..).zip(self.roots.iter().take(MAX_OVERLAYS)) {
            add(&kustomize::build(&files, folder), &numbers, ScopeId(number), project, graph);
        }
        if MAX_OVERLAYS < self.roots.len() {
            graph.diagnostic(Diagnostic::new(
                DiagnosticKind::EngineLimit,
                format!("only {MAX_OVERLAYS} kustomizations are built (max-overlays)"),
            ));
        }
    }
}

/// All texts in a document, names left out.
fn texts_in<'n>(node: &'n Node<'_>, into: &mut Vec<&'n str>, depth: usize) {
    if MAX_TEXT_DEPTH < depth {
        return;
    }
    into.extend(node.text());
    node.items().iter().for_each(|item| texts_in(item, into, depth + 1));
    node.members().iter().for_each(|member| texts_in(&member.node, into, depth + 1));
}

/// The path that a text names from a folder, if it may be one.
fn named_path(folder: &str, text: &str) -> Option<String> {
    const MAX_PATH_BYTES: usize = 1000;
    let may_be_path = !text.is_empty() && text.len() <= MAX_PATH_BYTES && !text.contains(['\n', ' ']);
    may_be_path.then(|| joined(folder, text)).flatten()
}

/// Adds what was rendered.
fn add(rendered: &Rendered, numbers: &HashMap<&str, u32>, scope: ScopeId, project: &Project<'_>, graph: &mut Graph) {
    for problem in rendered.problems.iter().take(MAX_PROBLEMS) {
        let mut diagnostic = Diagnostic::new(DiagnosticKind::PartlyParsed, problem.message.clone());
        diagnostic.level =
            if ["charts/", "fetched"].iter().any(|word| problem.message.contains(word)) { Level::Note } else { Level::Incomplete };
        let place = numbers.get(&*problem.path).map(|number| Place::new(*number, problem.range));
        graph.diagnostic(match place.and_then(|place| project.location(place)) {
            Some(location) => diagnostic.at(location),
            None => diagnostic,
        });
    }
    for document in &rendered.documents {
        let stream = document::parse_yaml_stream(&document.text);
        for root in &stream.roots {
            let made = Value::of_node(root, 0);
            let placed = placed(&made, document, numbers, graph);
            manifest::add(&placed, scope, graph);
        }
    }
}

/// The same value, with places in the files that it was made from.
fn placed(value: &Value, document: &Document, numbers: &HashMap<&str, u32>, graph: &mut Graph) -> Value {
    let place = origin(value.place, document, numbers);
    let kind = match &value.kind {
        Kind::List(items) => Kind::List(items.iter().map(|item| placed(item, document, numbers, graph)).collect()),
        Kind::Map(map) => {
            let mut members = BTreeMap::new();
            for (name, member) in &map.0 {
                let value = placed(&member.value, document, numbers, graph);
                members.insert(Arc::clone(name), Member { name: origin(member.name, document, numbers), value });
            }
            Kind::Map(Arc::new(Map(members)))
        }
        scalar => {
            let cause = document.map.origin(value.place.start as usize).and_then(|origin| origin.cause);
            if let Some(cause) = cause {
                let written = numbers.get(&*cause.path).map_or(Place::NONE, |number| Place::new(*number, cause.range));
                graph.note_cause(place, written, format!("`{}` decides it", cause.name));
            }
            scalar.clone()
        }
    };
    Value { kind, place, references: None }
}

/// Where a place of a rendered document was made.
fn origin(place: Place, document: &Document, numbers: &HashMap<&str, u32>) -> Place {
    let Some(start) = document.map.origin(place.start as usize) else { return Place::NONE };
    let Some(number) = numbers.get(start.path).copied() else { return Place::NONE };
    let first = Place::new(number, start.range);
    let last = document.map.origin(place.end.saturating_sub(1).max(place.start) as usize).filter(|last| last.path == start.path);
    let end = last.map_or(first.start, |last| {
        let place = Place::new(number, last.range);
        if last.is_copy { place.start.saturating_add(1) } else { place.end }
    });
    Place { end: end.max(first.start), ..first }
}
