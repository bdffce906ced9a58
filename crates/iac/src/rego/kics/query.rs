//! Queries and libraries, as they lie in folders: which file is what, and what belongs together.
//!
//! ```text
//! assets/libraries/common.rego       package generic.common
//! assets/libraries/common.json       data for it
//! assets/queries/…/x/metadata.json   {"id", "queryName", "severity", "platform", …}
//! assets/queries/…/x/query.rego      package Cx, with the rule CxPolicy
//! assets/queries/…/x/data.json       data for it, if there is any
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use bartizan_core::{ArtifactPath, Cwe, Diagnostic, DiagnosticKind, Level, Location, RuleId, Severity};
use regex::Regex;
use serde_json::{Map, Value as Json};

use super::{meaning, platform::Platform};
use crate::PolicyText;

/// The file of a query, beside its metadata.
const QUERY: &str = "query.rego";
const METADATA: &str = "metadata.json";
const DATA: &str = "data.json";

static PACKAGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?m)^[\u{feff} \t]*package[ \t]+([A-Za-z0-9_.]+)").ok());
static IMPORTED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bdata\.generic\.([A-Za-z0-9_]+)").ok());

/// A query.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) platform: Platform,
    /// Its file.
    pub(super) origin: ArtifactPath,
    /// The text, in the package `kics.q<number>`.
    pub(super) text: String,
    /// The libraries that it needs itself.
    pub(super) libraries: BTreeSet<String>,
    /// Data of its own.
    pub(super) data: Option<Map<String, Json>>,
    /// What it is, and after that what it is under other names: some queries serve several versions of a format.
    pub(super) about: Vec<About>,
}

/// What is known of what a query finds.
#[derive(Debug, Clone)]
pub(super) struct About {
    /// The name by which results call it; empty for the query itself.
    pub(super) key: String,
    pub(super) id: RuleId,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) severity: Severity,
    /// Whether it lists what there is, and finds nothing wrong.
    pub(super) is_inventory: bool,
    pub(super) category: String,
    pub(super) cwe: Option<Cwe>,
    pub(super) url: Option<String>,
}

/// Code that queries import.
#[derive(Debug, Clone)]
pub(super) struct Library {
    pub(super) origin: ArtifactPath,
    pub(super) text: String,
    pub(super) imports: BTreeSet<String>,
    pub(super) data: Option<Map<String, Json>>,
}

/// What was found among files.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) queries: Vec<Query>,
    pub(super) libraries: BTreeMap<String, Library>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Whether a file belongs to a query or is a library of queries.
#[must_use]
pub fn is_part(path: &str, text: &str) -> bool {
    let name = name_of(path);
    match name {
        METADATA => is_metadata(text),
        QUERY => package_of(text) == Some("Cx"),
        _ if name.ends_with(".rego") => package_of(text).is_some_and(|package| package == "Cx" || package.starts_with("generic.")),
        _ => false,
    }
}

/// Divides files into those of queries, their libraries and data, and others.
#[must_use]
pub fn parts_of(files: &[PolicyText]) -> (Vec<&PolicyText>, Vec<&PolicyText>) {
    let paths: BTreeSet<String> = files.iter().map(|file| file.origin.to_string()).collect();
    files.iter().partition(|file| {
        let path = file.origin.to_string();
        let beside = path.strip_suffix(".json").map(|stem| format!("{stem}.rego"));
        let is_of_query = name_of(&path) == DATA && paths.contains(&format!("{}{QUERY}", folder_of(&path)));
        is_part(&path, &file.text) || is_of_query || beside.is_some_and(|rego| paths.contains(&rego))
    })
}

/// Sorts files into queries and libraries. What belongs to neither is left alone; data is taken where a query or library is beside it.
pub(super) fn find(files: &[&PolicyText]) -> Found {
    let mut found = Found::default();
    let by_path: BTreeMap<String, &PolicyText> = files.iter().map(|file| (file.origin.to_string(), *file)).collect();
    let data_at = |path: &str, problems: &mut Vec<Diagnostic>| {
        let file = by_path.get(path)?;
        match serde_json::from_str::<Map<String, Json>>(&file.text) {
            Ok(data) => Some(data),
            Err(error) => {
                problems.push(problem(&file.origin, format!("the data is no JSON object: {error}")));
                None
            }
        }
    };
    for (path, file) in &by_path {
        if !path.ends_with(".rego") {
            continue;
        }
        let folder = folder_of(path);
        let package = package_of(&file.text).unwrap_or_default();
        if let Some(library) = package.strip_prefix("generic.") {
            let data = data_at(&format!("{}.json", path.trim_end_matches(".rego")), &mut found.diagnostics);
            let library_of =
                Library { origin: file.origin.clone(), text: meaning::as_in_opa(&file.text), imports: imported(&file.text), data };
            found.libraries.entry(library.to_owned()).or_insert(library_of);
            continue;
        }
        if package != "Cx" {
            continue;
        }
        let Some(metadata) = by_path.get(&format!("{folder}{METADATA}")) else {
            found.diagnostics.push(problem(&file.origin, "a query of KICS needs `metadata.json` beside it".to_owned()));
            continue;
        };
        let data = data_at(&format!("{folder}{DATA}"), &mut found.diagnostics);
        match query(file, metadata, data, found.queries.len()) {
            Ok(query) => found.queries.push(query),
            Err(message) => found.diagnostics.push(problem(&metadata.origin, message)),
        }
    }
    found
}

fn query(file: &PolicyText, metadata: &PolicyText, data: Option<Map<String, Json>>, number: usize) -> Result<Query, String> {
    let json: Json = serde_json::from_str(&metadata.text).map_err(|error| format!("the metadata of a query is no JSON: {error}"))?;
    let platform = json.get("platform").and_then(Json::as_str).ok_or("the query names no `platform`")?;
    let platform = Platform::of_name(platform).ok_or_else(|| format!("unknown platform `{platform}`"))?;
    let mut about = vec![About::of(&json, &json, "")?];
    for (key, override_of) in json.get("override").and_then(Json::as_object).into_iter().flatten() {
        about.push(About::of(override_of, &json, key)?);
    }
    Ok(Query {
        platform,
        origin: file.origin.clone(),
        text: in_package(&meaning::as_in_opa(&file.text), &format!("kics.q{number}")),
        libraries: imported(&file.text),
        data,
        about,
    })
}

impl About {
    /// What metadata says; what it leaves out is as in `whole`.
    fn of(json: &Json, whole: &Json, key: &str) -> Result<Self, String> {
        let text = |name: &str| json.get(name).or_else(|| whole.get(name)).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
        let id = json.get("id").and_then(Json::as_str).or_else(|| whole.get("id").and_then(Json::as_str)).unwrap_or_default();
        let id = format!("kics:{}", id.trim());
        let severity = text("severity").to_ascii_uppercase();
        Ok(Self {
            key: key.to_owned(),
            id: id.parse().map_err(|_| format!("`{id}` can't be the id of a query"))?,
            name: text("queryName"),
            description: text("descriptionText"),
            severity: severity_of(&severity).ok_or_else(|| format!("unknown severity `{severity}`"))?,
            is_inventory: severity == "TRACE",
            category: text("category"),
            cwe: text("cwe").parse().ok().map(Cwe),
            url: Some(text("descriptionUrl")).filter(|url| url.starts_with("https://")),
        })
    }
}

fn severity_of(name: &str) -> Option<Severity> {
    match name {
        "CRITICAL" => Some(Severity::Critical),
        "HIGH" => Some(Severity::High),
        "MEDIUM" => Some(Severity::Medium),
        "LOW" => Some(Severity::Low),
        "INFO" | "TRACE" => Some(Severity::Info),
        _ => None,
    }
}

fn is_metadata(text: &str) -> bool {
    ["\"queryName\"", "\"platform\"", "\"id\""].iter().all(|key| text.contains(key))
}

fn package_of(text: &str) -> Option<&str> {
    Some(PACKAGE.as_ref()?.captures(text)?.get(1)?.as_str())
}

/// The same module in another package: all queries have the same, and would be one.
fn in_package(text: &str, package: &str) -> String {
    let name = PACKAGE.as_ref().and_then(|pattern| pattern.captures(text)).and_then(|found| found.get(1));
    let Some(name) = name else { return text.to_owned() };
    let (before, after) = (text.get(..name.start()).unwrap_or_default(), text.get(name.end()..).unwrap_or_default());
    format!("{}{package}{after}", before.trim_start_matches('\u{feff}'))
}

fn imported(text: &str) -> BTreeSet<String> {
    let names = IMPORTED.iter().flat_map(|pattern| pattern.captures_iter(text));
    names.filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect()
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a path, with a slash at its end.
fn folder_of(path: &str) -> &str {
    path.strip_suffix(name_of(path)).unwrap_or_default()
}

pub(super) fn problem(origin: &ArtifactPath, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::new(DiagnosticKind::Rule, message);
    Diagnostic { level: Level::Incomplete, ..diagnostic }.at(Location::whole(origin.clone()))
}
