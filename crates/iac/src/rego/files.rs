//! The files that policies in Rego are made of.

use std::collections::BTreeSet;

use bartizan_core::{Diagnostic, DiagnosticKind, Level, Location};
use bartizan_source::document::{self, JsonDialect};
use serde_json::{Map, Value as Json};

use crate::{PolicyText, policy::checkov};

/// Modules, and what lies beside them.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Modules: files that end in `.rego`.
    pub modules: Vec<PolicyText>,
    /// Data in YAML or JSON.
    pub data: Vec<DataFile>,
}

/// Data that policies see below `data`.
#[derive(Debug, Clone)]
pub struct DataFile {
    /// The file.
    pub file: PolicyText,
    /// The names below which it is found: the folders that it lies in, from the one that was named.
    pub below: Vec<String>,
}

/// All data as one map. What two files say of one name is what the first says; that is told.
pub(super) fn merged(files: &[DataFile]) -> (Map<String, Json>, Vec<Diagnostic>) {
    let (mut all, mut diagnostics) = (Map::new(), Vec::new());
    for data in files {
        let at = Location::whole(data.file.origin.clone());
        let Some(said) = said_in(&data.file) else {
            let diagnostic = Diagnostic::new(DiagnosticKind::Rule, "the file lies among policies and can't be read as data for them");
            diagnostics.push(Diagnostic { level: Level::Note, ..diagnostic }.at(at));
            continue;
        };
        let nested = data.below.iter().rev().fold(said, |inner, name| Json::Object(Map::from_iter([(name.clone(), inner)])));
        let Json::Object(nested) = nested else {
            let diagnostic =
                Diagnostic::new(DiagnosticKind::Rule, "the file lies among policies and is no map: policies don't see it as data");
            diagnostics.push(Diagnostic { level: Level::Note, ..diagnostic }.at(at));
            continue;
        };
        let mut lost = BTreeSet::new();
        merge(&mut all, nested, "", &mut lost);
        if !lost.is_empty() {
            let names: Vec<String> = lost.into_iter().map(|name| format!("`{name}`")).collect();
            let message = format!("other files of data say something else of {}: what this one says is not used", names.join(", "));
            diagnostics.push(Diagnostic::new(DiagnosticKind::Rule, message).at(at));
        }
    }
    (all, diagnostics)
}

fn said_in(file: &PolicyText) -> Option<Json> {
    let is_json = file.origin.as_str().is_some_and(|path| path.ends_with(".json"));
    let document = if is_json { document::parse_json(&file.text, JsonDialect::Strict) } else { document::parse_yaml(&file.text) };
    let is_whole = !document.problems.iter().any(|problem| problem.is_cut);
    document.root.filter(|_| is_whole).map(|root| checkov::json_of(&root))
}

fn merge(into: &mut Map<String, Json>, from: Map<String, Json>, above: &str, lost: &mut BTreeSet<String>) {
    for (name, value) in from {
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match (into.get_mut(&name), value) {
            (None, value) => drop(into.insert(name, value)),
            (Some(Json::Object(known)), Json::Object(new)) => merge(known, new, &path, lost),
            (Some(known), value) if *known == value => {}
            (Some(_), _) => drop(lost.insert(path)),
        }
    }
}
