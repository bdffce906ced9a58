//! Manifests that charts make: rendered, and led back to the templates and values that say so.

use std::{collections::HashMap, sync::Arc};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Level};
use bartizan_source::document;

use super::manifest;
use crate::{
    Graph, Kind, Map, Member, Place, ScopeId, Value,
    helm::{self, File, Options},
    project::Project,
    rendered::{Document, Rendered},
};

/// Scopes of what is rendered have numbers of their own.
const FIRST_SCOPE: u32 = 1 << 26;
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

/// Adds what was rendered.
fn add(rendered: &Rendered, numbers: &HashMap<&str, u32>, scope: ScopeId, project: &Project<'_>, graph: &mut Graph) {
    for problem in rendered.problems.iter().take(MAX_PROBLEMS) {
        let mut diagnostic = Diagnostic::new(DiagnosticKind::PartlyParsed, format!("chart: {}", problem.message));
        diagnostic.level = if problem.message.contains("charts/") { Level::Note } else { Level::Incomplete };
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
            let mut members = std::collections::BTreeMap::new();
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
