//! The documents of a project as policies see them.
//!
//! A manifest of Kubernetes is the object that it is; where a check of Trivy asks, each map in it has `__defsec_metadata`, which says
//! the lines it stands in. A Dockerfile is a list of commands, or the stages that they make. A file of Terraform is what `hcl2json`
//! makes of it: blocks are lists of maps below their kind and labels, and what would have to be evaluated is the text `${…}`.

use std::collections::BTreeMap;

use bartizan_core::LineIndex;
use bartizan_source::document::{self, JsonDialect, Node};
use regorus::Value as Rego;

use super::host::Input;
use crate::{
    Kind, Place, Value, dockerfile,
    format::Document as Noted,
    project::{Project, ProjectFile},
    terraform,
};

/// The largest file that policies are asked about, in bytes.
pub(super) const MAX_FILE_BYTES: usize = 4 << 20;
/// Values are nested at most so deep.
const MAX_DEPTH: usize = 200;

/// Something that policies are asked about.
#[derive(Debug)]
pub(super) struct Document {
    /// What it is.
    pub(super) shape: Shape,
    /// What it says, with its places.
    pub(super) value: Value,
    /// What tells it from others of the file, whatever lines they stand in.
    pub(super) name: String,
}

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A manifest of Kubernetes, of this kind, in lower case.
    Manifest(String),
    Yaml,
    Json,
    /// The commands of a Dockerfile.
    Dockerfile,
    Terraform,
}

/// What policies want to be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Wanted {
    pub(super) data: bool,
    pub(super) dockerfiles: bool,
    pub(super) terraform: bool,
}

/// The documents of a file. The second value says what of it is not shown, and why.
pub(super) fn documents(number: u32, file: &ProjectFile<'_>, wanted: Wanted) -> (Vec<Document>, Option<&'static str>) {
    if MAX_FILE_BYTES < file.text.len() {
        return (Vec::new(), Some("the file is too large to be shown to policies"));
    }
    let path = file.path.as_str().unwrap_or_default();
    let mut documents = Vec::new();
    for noted in &file.documents {
        match noted {
            Noted::Dockerfile(_) if wanted.dockerfiles => {
                let value = dockerfile::commands(file.text, number);
                documents.push(Document { shape: Shape::Dockerfile, value, name: String::new() });
            }
            Noted::Terraform(source) if wanted.terraform => {
                let value = terraform::as_written(source, file.text, number);
                documents.push(Document { shape: Shape::Terraform, value, name: String::new() });
            }
            _ => {}
        }
    }
    let is_terraform = file.documents.iter().any(|noted| matches!(noted, Noted::Terraform(_)));
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "yaml" | "yml" if wanted.data => {
            let stream = document::parse_yaml_stream(file.text);
            documents.extend(stream.roots.iter().flat_map(|root| of_data(root, number, &Shape::Yaml)));
        }
        "json" if wanted.data && !is_terraform => {
            let parsed = document::parse_json(file.text, JsonDialect::WithComments);
            documents.extend(parsed.root.iter().flat_map(|root| of_data(root, number, &Shape::Json)));
        }
        _ => {}
    }
    (documents, None)
}

/// The documents in a value: the elements of a list, each by itself.
fn of_data(root: &Node<'_>, file: u32, shape: &Shape) -> Vec<Document> {
    let value = Value::of_node(root, file);
    let one = |value: Value| {
        let text = |way: &[&str]| value.at(way).and_then(Value::text).unwrap_or_default().to_owned();
        let kind = text(&["kind"]).to_ascii_lowercase();
        let is_manifest = !kind.is_empty() && value.at(&["apiVersion"]).is_some();
        let shape = if is_manifest { Shape::Manifest(kind) } else { shape.clone() };
        let name = [text(&["kind"]), text(&["metadata", "namespace"]), text(&["metadata", "name"])].join("/");
        Document { shape, value, name: name.trim_matches('/').to_owned() }
    };
    match &value.kind {
        Kind::Null => Vec::new(),
        Kind::List(items) => items.iter().map(|item| one(item.clone())).collect(),
        _ => vec![one(value)],
    }
}

/// The input that a document is to policies of conftest.
pub(super) fn plain(document: &Document) -> Input {
    Input(rego(&document.value, None, 0))
}

/// The input that a document is to checks of Trivy.
pub(super) fn for_trivy(document: &Document, project: &Project<'_>) -> Input {
    let file = project.files.get(document.value.place.file as usize);
    match (&document.shape, file) {
        (Shape::Manifest(_), Some(file)) => {
            let path = file.path.to_string();
            Input(rego(&document.value, Some(Lines { path: &Rego::from(path), lines: file.lines() }), 0))
        }
        (Shape::Dockerfile, Some(file)) => Input(stages(&document.value, &file.path.to_string())),
        _ => plain(document),
    }
}

/// What every map is told about its place.
#[derive(Clone, Copy)]
struct Lines<'l> {
    path: &'l Rego,
    lines: &'l LineIndex,
}

fn rego(value: &Value, lines: Option<Lines<'_>>, depth: usize) -> Rego {
    if MAX_DEPTH < depth {
        return Rego::Null;
    }
    match &value.kind {
        Kind::Null | Kind::Unknown(_) => Rego::Null,
        Kind::Boolean(is_true) => Rego::from(*is_true),
        Kind::Number(number) => number_of(*number),
        Kind::Text(text) => Rego::String(text.clone()),
        Kind::List(items) | Kind::OneOf(items) => Rego::from(items.iter().map(|item| rego(item, lines, depth + 1)).collect::<Vec<_>>()),
        Kind::Map(map) => {
            let member = |(name, member): (&std::sync::Arc<str>, &crate::Member)| {
                (Rego::String(name.clone()), rego(&member.value, lines, depth + 1))
            };
            let mut members: BTreeMap<Rego, Rego> = map.0.iter().map(member).collect();
            if let Some(lines) = lines {
                members.insert(Rego::from("__defsec_metadata"), metadata(value.place, lines));
            }
            Rego::from(members)
        }
    }
}

fn metadata(place: Place, lines: Lines<'_>) -> Rego {
    let range = place.range();
    let (first, last) = (lines.lines.line(range.start()), lines.lines.line(range.end().saturating_sub(1).max(range.start())));
    object([("startline", Rego::from(first)), ("endline", Rego::from(last)), ("filepath", lines.path.clone())])
}

fn number_of(number: f64) -> Rego {
    // Beyond this, not every whole number is exact.
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= MAX_EXACT {
        return Rego::from_numeric_string(&format!("{number:.0}")).unwrap_or(Rego::Null);
    }
    Rego::from(number)
}

fn object<const N: usize>(members: [(&str, Rego); N]) -> Rego {
    Rego::from(members.into_iter().map(|(name, value)| (Rego::from(name), value)).collect::<BTreeMap<_, _>>())
}

/// The stages of a Dockerfile, each with its commands; those before the first `FROM` are a stage without a name.
fn stages(commands: &Value, path: &str) -> Rego {
    let mut stages: Vec<(String, Vec<Rego>)> = Vec::new();
    for command in commands.items() {
        let is_from = command.at(&["Cmd"]).and_then(Value::text) == Some("from");
        if is_from || stages.is_empty() {
            let words = command.at(&["Value"]).map(Value::items).unwrap_or_default().iter().filter_map(Value::text);
            stages.push((if is_from { words.collect::<Vec<_>>().join(" ") } else { String::new() }, Vec::new()));
        }
        let mut written = rego(command, None, 0);
        if let Ok(members) = written.as_object_mut() {
            members.insert(Rego::from("Path"), Rego::from(path));
            members.insert(Rego::from("Stage"), Rego::from(stages.len() - 1));
        }
        if let Some((_, commands)) = stages.last_mut() {
            commands.push(written);
        }
    }
    let stage = |(name, commands): (String, Vec<Rego>)| object([("Name", Rego::from(name)), ("Commands", Rego::from(commands))]);
    object([("Stages", Rego::from(stages.into_iter().map(stage).collect::<Vec<_>>()))])
}
