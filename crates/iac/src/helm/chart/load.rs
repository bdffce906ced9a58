//! What a chart is made of.

use std::{collections::BTreeMap, rc::Rc};

use bartizan_core::ByteRange;

use super::{Work, ignored::Rules, values};
use crate::helm::{
    File, format,
    text::{FileId, Text},
    value::{Heap, Kind, Val},
};

/// How deeply charts may be in each other.
const MAX_CHART_DEPTH: usize = 16;

/// A chart. A copy is cheap, but shares the maps of its values.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    /// What it is called, or the alias that it is used by.
    pub(super) name: String,
    pub(super) version: String,
    /// `Chart.yaml`.
    pub(super) metadata: Val,
    pub(super) metadata_file: FileId,
    pub(super) is_library: bool,
    /// `values.yaml`.
    pub(super) values: Val,
    /// Paths below the chart's folder, and files.
    pub(super) templates: Vec<(Rc<str>, FileId)>,
    pub(super) crds: Vec<FileId>,
    pub(super) others: BTreeMap<Rc<str>, Text>,
    /// What it says it depends on.
    pub(super) requirements: Vec<Requirement>,
    /// What is in `charts/`.
    pub(super) dependencies: Vec<Chart>,
}

/// A dependency that a chart asks for.
#[derive(Debug, Clone)]
pub(super) struct Requirement {
    /// What it is called in `charts/`, and by that chart's values: its alias if it has one.
    pub(super) chart: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) condition: String,
    pub(super) tags: Vec<String>,
    pub(super) imports: Vec<Import>,
    pub(super) is_enabled: bool,
}

/// Values of a dependency that a chart takes over.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub(super) child: String,
    pub(super) parent: String,
}

/// A file and its path below the folder of its chart.
struct Entry<'f, 't> {
    file: &'f File<'t>,
    path: &'f str,
}

/// Reads a chart; nothing if there is none.
pub(super) fn chart(work: &mut Work, files: &[File<'_>]) -> Option<Chart> {
    let rules = files.iter().find(|file| file.path == ".helmignore").map(|file| Rules::parse(file.text)).unwrap_or_default();
    let mut entries: Vec<Entry<'_, '_>> =
        files.iter().filter(|file| !rules.ignores(file.path)).map(|file| Entry { file, path: file.path }).collect();
    entries.sort_by(|a, b| a.path.cmp(b.path));
    load(work, &entries, "", 0)
}

fn load(work: &mut Work, entries: &[Entry<'_, '_>], place: &str, depth: usize) -> Option<Chart> {
    let Some(main) = entries.iter().find(|entry| entry.path == "Chart.yaml") else {
        if depth == 0 {
            let file = work.add_file("Chart.yaml", "");
            work.problem_at(file.0 as usize, ByteRange::new(0, 0), "there is no `Chart.yaml`".to_owned());
        }
        return None;
    };
    let metadata_file = work.add_file(main.file.path, main.file.text);
    let metadata = values::document(work, metadata_file, main.file.text, values::Keyed::No)?;
    let mut chart = Chart::of(&work.machine.heap, metadata, metadata_file);
    if chart.name.is_empty() {
        work.problem_at(metadata_file.0 as usize, ByteRange::new(0, 0), "the chart has no name".to_owned());
        chart.name = place.to_owned();
    }
    let mut packed: BTreeMap<&str, Vec<Entry<'_, '_>>> = BTreeMap::new();
    for entry in entries {
        match entry.path.split_once('/') {
            Some(("templates", _)) => {
                let file = work.add_file(entry.file.path, entry.file.text);
                chart.templates.push((entry.path.into(), file));
            }
            Some(("charts", rest)) => {
                if let Some((name, path)) = rest.split_once('/') {
                    packed.entry(name).or_default().push(Entry { file: entry.file, path });
                }
            }
            _ => chart.plain_file(work, entry),
        }
    }
    for (name, entries) in packed {
        if name.starts_with(['_', '.']) {
            continue;
        }
        if MAX_CHART_DEPTH <= depth {
            let message = format!("charts are in each other more than {MAX_CHART_DEPTH} deep (max-chart-depth)");
            work.problem_at(metadata_file.0 as usize, ByteRange::new(0, 0), message);
            break;
        }
        let entries = unpacked(name, entries);
        chart.dependencies.extend(load(work, &entries, name, depth + 1));
    }
    Some(chart)
}

/// Entries of an archive stand in a folder of their own.
fn unpacked<'f, 't>(name: &str, entries: Vec<Entry<'f, 't>>) -> Vec<Entry<'f, 't>> {
    if !name.ends_with(".tgz") && !name.ends_with(".tar.gz") {
        return entries;
    }
    entries.into_iter().filter_map(|entry| entry.path.split_once('/').map(|(_, path)| Entry { file: entry.file, path })).collect()
}

impl Chart {
    fn of(heap: &Heap, metadata: Val, metadata_file: FileId) -> Self {
        let field = |name: &str| heap.get(&metadata, name).map(|val| plain_text(heap, &val)).unwrap_or_default();
        Self {
            name: field("name"),
            version: field("version"),
            is_library: field("type") == "library",
            requirements: requirements(heap, &metadata),
            metadata,
            metadata_file,
            values: Val::NIL,
            templates: Vec::new(),
            crds: Vec::new(),
            others: BTreeMap::new(),
            dependencies: Vec::new(),
        }
    }

    fn plain_file(&mut self, work: &mut Work, entry: &Entry<'_, '_>) {
        match entry.path {
            "Chart.yaml" | "Chart.lock" | "values.schema.json" => return,
            "values.yaml" => {
                let file = work.add_file(entry.file.path, entry.file.text);
                self.values = values::document(work, file, entry.file.text, values::Keyed::Yes).unwrap_or_default();
                return;
            }
            // Charts of Helm 2 have their dependencies here.
            "requirements.yaml" => {
                let file = work.add_file(entry.file.path, entry.file.text);
                let val = values::document(work, file, entry.file.text, values::Keyed::No).unwrap_or_default();
                self.requirements = requirements(&work.machine.heap, &val);
            }
            path if path.starts_with("crds/") && (path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json")) => {
                self.crds.push(work.add_file(entry.file.path, entry.file.text));
            }
            _ => {}
        }
        self.others.insert(entry.path.into(), Text::from(entry.file.text));
    }
}

/// A field that is a text in Go: a number is what it looks like.
pub(super) fn plain_text(heap: &Heap, val: &Val) -> String {
    match &val.kind {
        Kind::Nil | Kind::Bytes(_) | Kind::List(_) | Kind::Map(_) | Kind::Object(_) => String::new(),
        Kind::Str(_) | Kind::Bool(_) | Kind::Int(_) | Kind::Int64(_) | Kind::Float(_) => format::print(heap, val).unwrap_or_default(),
    }
}

fn list(heap: &Heap, val: Option<Val>) -> Rc<[Val]> {
    match val.map(|val| val.kind) {
        Some(Kind::List(list)) => heap.list(list),
        _ => Rc::from([]),
    }
}

fn requirements(heap: &Heap, metadata: &Val) -> Vec<Requirement> {
    let dependencies = list(heap, heap.get(metadata, "dependencies"));
    dependencies
        .iter()
        .map(|dependency| {
            let field = |name: &str| heap.get(dependency, name).map(|val| plain_text(heap, &val)).unwrap_or_default();
            let alias = field("alias");
            Requirement {
                chart: field("name"),
                name: if alias.is_empty() { field("name") } else { alias },
                version: field("version"),
                condition: field("condition"),
                tags: list(heap, heap.get(dependency, "tags")).iter().map(|tag| plain_text(heap, tag)).collect(),
                imports: list(heap, heap.get(dependency, "import-values")).iter().map(|import| Import::of(heap, import)).collect(),
                is_enabled: true,
            }
        })
        .collect()
}

impl Import {
    fn of(heap: &Heap, val: &Val) -> Self {
        let field = |name: &str| heap.get(val, name).map(|val| plain_text(heap, &val)).unwrap_or_default();
        if val.as_map().is_some() {
            return Self { child: field("child"), parent: field("parent") };
        }
        Self { child: format!("exports.{}", plain_text(heap, val)), parent: ".".to_owned() }
    }
}
