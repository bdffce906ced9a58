//! What only all files of a pipeline together say: templates get parameters, some of which others choose.
//!
//! Templates of the project are followed. Those of other repositories are not known, which is noted.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::{Diagnostic, DiagnosticKind, Level, Location, Severity};
use bartizan_source::document::{self, Node};

use super::{CHOSEN, MACRO, each_map, scripts};
use crate::{
    Place,
    format::Document,
    project::{Project, joined},
    report::Draft,
    workflow::{
        expression::Expression,
        fence,
        pipeline::System,
        remark::{Remark, drafts},
    },
};

/// How far what is given is handed on.
const MAX_ROUNDS: usize = 8;

/// A file of a pipeline.
struct File<'d> {
    number: u32,
    path: &'d str,
    text: &'d str,
    root: Node<'d>,
}

/// Parameters of files that a caller sets to what others choose, in lower case, and the file of the caller.
type Chosen = BTreeMap<(usize, String), usize>;

/// What all files together say, and which templates are not known.
pub(in crate::workflow) fn conclude(project: &Project<'_>) -> (Vec<Draft>, Vec<Diagnostic>) {
    let mut files: Vec<File<'_>> = Vec::new();
    for (number, file) in project.numbered() {
        let is_azure =
            file.documents.iter().any(|document| matches!(document, Document::Workflow(facts) if facts.pipeline == Some(System::Azure)));
        let root = document::parse_yaml_stream(file.text).roots.into_iter().find(Node::is_map).filter(|_| is_azure);
        files.extend(file.path.as_str().zip(root).map(|(path, root)| File { number, path, text: file.text, root }));
    }
    let mut chosen = Chosen::new();
    let mut missing = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let n_before = chosen.len();
        (0..files.len()).for_each(|caller| follow(caller, &files, &mut chosen, &mut missing));
        if chosen.len() == n_before {
            break;
        }
    }
    let mut all = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let whole = project.files.get(file.number as usize).map(|file| Location::whole(file.path.clone()));
        let locate = |range| project.location(Place::new(file.number, range)).or_else(|| whole.clone());
        let Some(fallback) = whole.clone() else { continue };
        all.extend(drafts(reached(number, file, &files, &chosen), &|range| locate(range).unwrap_or_else(|| fallback.clone())));
    }
    let diagnostic = |(at, named): (Place, String)| {
        let words = format!("the template `{named}` is not in the project");
        let diagnostic = Diagnostic { level: Level::Note, ..Diagnostic::new(DiagnosticKind::InfrastructureUnresolved, words) };
        project.location(at).map(|location| diagnostic.at(location))
    };
    (all, missing.into_iter().filter_map(diagnostic).collect())
}

/// Notes what a file gives to templates.
fn follow(caller: usize, files: &[File<'_>], chosen: &mut Chosen, missing: &mut BTreeMap<Place, String>) {
    let Some(file) = files.get(caller) else { return };
    each_map(&file.root, &mut |map| {
        let Some((named, at)) = map.get("template").and_then(|template| Some((template.text()?, template.range))) else { return };
        // What an expression names is not known.
        if named.contains("${{") || map.get("name").is_some() {
            return;
        }
        let Some(callee) = resolve(file, named, files) else {
            missing.insert(Place::new(file.number, at), named.to_owned());
            return;
        };
        for given in map.get("parameters").map(Node::members).unwrap_or_default() {
            if is_chosen(caller, &given.node, file.text, chosen) {
                chosen.entry((callee, given.name.to_ascii_lowercase())).or_insert(caller);
            }
        }
    });
}

/// The file that a template names: from the folder of the caller, or from the root of the repository.
fn resolve(file: &File<'_>, named: &str, files: &[File<'_>]) -> Option<usize> {
    let path = match named.split_once('@') {
        Some((path, "self")) => path,
        Some(_) => return None,
        None => named,
    };
    let mut folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let relative = joined(folder, path).filter(|_| !path.starts_with('/'));
    let find = |wanted: &str| files.iter().position(|file| file.path == wanted);
    if let Some(found) = relative.as_deref().and_then(find) {
        return Some(found);
    }
    // Where the root of the repository is in the project is not known.
    while path.starts_with('/') {
        if let Some(found) = joined(folder, path).as_deref().and_then(find) {
            return Some(found);
        }
        if folder.is_empty() {
            break;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    None
}

/// Whether others choose a value that is given.
fn is_chosen(caller: usize, node: &Node<'_>, text: &str, chosen: &Chosen) -> bool {
    let value = node.text().unwrap_or_default().to_ascii_lowercase();
    if CHOSEN.iter().any(|known| value.contains(&format!("$({known})"))) {
        return true;
    }
    let contexts: BTreeSet<String> = fence::of_node(node, text)
        .iter()
        .filter_map(|fenced| fenced.expression().ok())
        .flat_map(|expression| expression.flowing_contexts().into_iter().filter_map(Expression::path).collect::<Vec<_>>())
        .collect();
    contexts.iter().any(|path| {
        let is_variable = path.strip_prefix("variables.").is_some_and(|name| CHOSEN.contains(&name));
        is_variable || path.strip_prefix("parameters.").is_some_and(|name| chosen.contains_key(&(caller, name.to_owned())))
    })
}

/// Scripts of a template that become what others choose.
fn reached(number: usize, file: &File<'_>, files: &[File<'_>], chosen: &Chosen) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for script in scripts(&file.root) {
        for fenced in fence::of_node(script.node, file.text) {
            let Ok(expression) = fenced.expression() else { continue };
            for context in expression.flowing_contexts() {
                let Some(path) = context.path() else { continue };
                let Some(name) = path.strip_prefix("parameters.") else { continue };
                let caller = chosen.get(&(number, name.to_owned())).and_then(|caller| files.get(*caller));
                let Some(caller) = caller else { continue };
                let message = format!(
                    "`{}` becomes part of the script, and `{}` sets it to what whoever pushes chooses",
                    fenced.text_of(context),
                    caller.path
                );
                let remark = Remark::new(MACRO, fenced.place_of(context), message).known_by(&path).known_by("template");
                remarks.push(remark.severity(Severity::High));
            }
        }
    }
    remarks
}
