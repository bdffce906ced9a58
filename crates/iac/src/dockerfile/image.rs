//! What comes out of a Dockerfile, and the rules about it that depend on more than the file.

use std::{collections::HashMap, sync::Arc};

use bartizan_core::ByteRange;
use serde::{Deserialize, Serialize};

use super::{
    file::{Base, Dockerfile},
    ignore,
    variable::Expanded,
};
use crate::{
    Cause, Format, Graph, Kind, Map, Member, Place, Resource, ResourceId, ResourceKind, ScopeId, Value, Verdict,
    check::{Check, Context, Look},
    format::Document,
    project::Project,
};

/// The type of the resource that stands for the image of a Dockerfile.
const IMAGE: &str = "dockerfile_image";

pub(crate) static CHECKS: &[Check] = &[
    Check { name: "dockerfile-user-missing", look: Look::Resource(user_missing) },
    Check { name: "dockerfile-user-root", look: Look::Resource(user_root) },
    Check { name: "dockerfile-context-copied", look: Look::Resource(context_copied) },
];

/// What is kept of a Dockerfile. Places are those of the file number 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// All of the file.
    block: Place,
    /// The `FROM` of the last stage.
    header: Place,
    /// What is known of the image: `user`, `base`, `is_run`, `contexts`.
    body: Value,
    /// Every instruction: keyword, place, and what it says.
    instructions: Vec<(String, Value)>,
}

/// Words in names of images whose user is not root, though no instruction says so.
const ROOTLESS: &[&str] =
    &["nonroot", "rootless", "unprivileged", "cgr.dev/", "chainguard/", "bitnami/", "bitnamilegacy/", "dhi.io/", "-chiseled"];

/// What is kept of a file.
pub(super) fn of(file: &Dockerfile<'_>) -> Image {
    let place = |range: ByteRange| Place::new(0, range);
    let stages = file.final_stages();
    let last = stages.first().and_then(|stage| file.stages.get(*stage)).and_then(|stage| file.instructions.get(stage.from));
    let first = file.instructions.first().map(|instruction| instruction.range).unwrap_or_default();
    let end = file.instructions.last().map(|instruction| instruction.range).unwrap_or_default();
    let text = |instruction: &super::instruction::Instruction<'_>| {
        let value = Value::of_text(instruction.value.as_str(), place(instruction.range));
        (instruction.keyword.to_owned(), Value::of_members([("value", value)], place(instruction.range)))
    };
    let mut members = Vec::new();
    members.extend(user(file, &stages).map(|user| ("user", user)));
    members.extend(base(file, &stages).map(|base| ("base", base)));
    let is_run = stages.iter().flat_map(|stage| file.of_stage(*stage)).any(|(_, it)| matches!(it.keyword, "CMD" | "ENTRYPOINT"));
    members.push(("is_run", Value::new(Kind::Boolean(is_run), Place::NONE)));
    let contexts = copied_contexts(file, &stages).into_iter().map(|range| Value::of_text(".", place(range))).collect();
    members.push(("contexts", Value::new(Kind::List(contexts), Place::NONE)));
    let block = place(ByteRange::new(first.start(), end.end()));
    Image {
        block,
        header: last.map_or(block, |from| place(from.range)),
        body: Value::of_members(members, block),
        instructions: file.instructions.iter().map(text).collect(),
    }
}

fn value_of(expanded: &Expanded, place: Place) -> Value {
    match expanded {
        Expanded::Known(text) => Value::of_text(text.as_str(), place),
        Expanded::Open { variable, .. } => Value::unknown(Cause::Variable(variable.as_str().into()), place),
    }
}

/// The last user that is set in the stages of the image.
fn user(file: &Dockerfile<'_>, stages: &[usize]) -> Option<Value> {
    let mut users = stages.iter().flat_map(|stage| file.of_stage(*stage).rev()).filter(|(_, it)| it.keyword == "USER");
    let (_, user) = users.next()?;
    Some(value_of(user.values.first()?, Place::new(0, user.range)))
}

/// The image that the first of the stages begins with.
fn base(file: &Dockerfile<'_>, stages: &[usize]) -> Option<Value> {
    let stage = file.stages.get(*stages.last()?)?;
    let range = file.instructions.get(stage.from)?.range;
    match &stage.base {
        Base::Image(image) => Some(value_of(image, Place::new(0, range))),
        Base::Stage(_) | Base::Missing => None,
    }
}

/// Where all of what is sent to the build is copied into the image.
fn copied_contexts(file: &Dockerfile<'_>, stages: &[usize]) -> Vec<ByteRange> {
    let instructions = stages.iter().flat_map(|stage| file.of_stage(*stage)).map(|(_, instruction)| instruction);
    let copies =
        instructions.filter(|it| matches!(it.keyword, "COPY" | "ADD") && it.flag("from").is_none() && it.flag("exclude").is_none());
    let takes_all = |it: &&super::instruction::Instruction<'_>| {
        let n_sources = it.values.len().saturating_sub(1);
        it.values.iter().take(n_sources).any(|source| matches!(source.known(), Some("." | "./" | "/" | "*" | "./*")))
    };
    let mut ranges: Vec<ByteRange> = copies.filter(takes_all).map(|it| it.range).collect();
    ranges.sort_unstable();
    ranges
}

/// Makes resources of all Dockerfiles.
pub(super) fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let mut patterns: HashMap<&str, &[String]> = HashMap::new();
    for file in &project.files {
        let Some(path) = file.path.as_str() else { continue };
        for document in &file.documents {
            if let Document::DockerIgnore(found) = document {
                patterns.insert(path, found);
            }
        }
    }
    let sensitive: Vec<&str> = project.paths.iter().filter_map(|path| path.as_str()).filter(|path| is_sensitive(path)).collect();
    for (number, file) in project.numbered() {
        for document in &file.documents {
            let Document::Dockerfile(image) = document else { continue };
            let path = file.path.as_str().unwrap_or_default();
            let exposed = exposed(path, &patterns, &sensitive);
            add(image, number, path, exposed, graph);
        }
    }
}

fn add(image: &Image, number: u32, path: &str, exposed: Option<String>, graph: &mut Graph) {
    let moved = |place: Place| if place.is_somewhere() { Place { file: number, ..place } } else { place };
    let scope = ScopeId(graph.next_id().0);
    let resource = |keyword: &str, name: &str, header: Place, block: Place, body: Value| Resource {
        id: ResourceId(0),
        format: Format::Dockerfile,
        kind: ResourceKind::Managed,
        native_type: keyword.into(),
        canonical_type: keyword.into(),
        name: name.into(),
        address: name.into(),
        block_address: name.into(),
        scope,
        header,
        block,
        body,
        calls: Vec::new(),
    };
    let mut body = image.body.in_file(number);
    if let (Kind::Map(members), Some(exposed)) = (&body.kind, exposed) {
        let mut members = Map::clone(members);
        members.0.insert("exposed".into(), Member { name: Place::NONE, value: Value::of_text(exposed, Place::NONE) });
        body.kind = Kind::Map(Arc::new(members));
    }
    graph.add(resource(IMAGE, path, moved(image.header), moved(image.block), body));
    for (keyword, value) in &image.instructions {
        let place = moved(value.place);
        graph.add(resource(keyword, &format!("{path}.{keyword}"), place, place, value.in_file(number)));
    }
}

/// What of a context goes into an image that should not, in words; nothing if it is kept out.
///
/// The context is the folder of the nearest `.dockerignore` above the Dockerfile; where there is none, the Dockerfile's own.
fn exposed(path: &str, patterns: &HashMap<&str, &[String]>, sensitive: &[&str]) -> Option<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let own = patterns.get(format!("{path}.dockerignore").as_str()).map(|found| (folder, *found));
    let mut folders =
        std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above)));
    let in_folder = |folder: &str, name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let of_folder = |folder: &str| {
        [".dockerignore", ".containerignore"].iter().find_map(|name| patterns.get(in_folder(folder, name).as_str())).copied()
    };
    let nearest = own.or_else(|| folders.find_map(|folder| of_folder(folder).map(|found| (folder, found))));
    let (context, found) = nearest.unwrap_or((folder, &[]));
    let within =
        sensitive.iter().filter_map(|path| if context.is_empty() { Some(*path) } else { path.strip_prefix(context)?.strip_prefix('/') });
    let mut open: Vec<&str> = within.filter(|path| !ignore::is_ignored(found, path)).take(3).collect();
    if context.is_empty() && !ignore::is_ignored(found, ".git") {
        open.push(".git");
    }
    match (nearest.is_some(), open.as_slice()) {
        (true, []) => None,
        (false, []) => Some("all of the folder is copied, and no `.dockerignore` keeps anything out".to_owned()),
        (_, open) => Some(format!("what is copied includes `{}`", open.join("`, `"))),
    }
}

/// Whether a file's name says that it holds secrets.
fn is_sensitive(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_sample = ["example", "sample", "template", "dist", "defaults"].iter().any(|word| name.contains(word));
    let is_env = name == ".env" || name.starts_with(".env.");
    let is_key = matches!(name, "id_rsa" | "id_ed25519" | "id_ecdsa" | "id_dsa" | ".npmrc" | ".netrc" | ".pypirc" | ".git-credentials")
        || [".pem", ".p12", ".pfx", ".jks", ".tfstate", ".kdbx"].iter().any(|ending| name.ends_with(ending));
    (is_env || is_key || path.ends_with(".aws/credentials")) && !is_sample
}

/// Whether the image is one that is run: what only holds files has no user.
fn is_run(image: &Resource) -> bool {
    let is_empty = image.get("base").and_then(Value::text) == Some("scratch");
    !is_empty || image.get("is_run").and_then(Value::boolean) == Some(true)
}

fn user_missing(image: &Resource, _: &Context<'_>) -> Verdict {
    if !is_run(image) {
        return Verdict::NotApplicable;
    }
    if image.get("user").is_some() {
        return Verdict::Pass;
    }
    let Some(base) = image.get("base") else { return Verdict::missing("user") };
    match (base.text(), base.cause()) {
        (_, Some(cause)) => Verdict::Unknown(cause.clone(), base.place),
        (Some(name), None) if ROOTLESS.iter().any(|word| name.contains(word)) => Verdict::Pass,
        (_, None) => Verdict::missing("user"),
    }
}

fn user_root(image: &Resource, _: &Context<'_>) -> Verdict {
    let Some(user) = image.get("user") else { return Verdict::NotApplicable };
    if let Some(cause) = user.cause() {
        return Verdict::Unknown(cause.clone(), user.place);
    }
    let name = user.text().unwrap_or_default();
    let name = name.split_once(':').map_or(name, |(name, _)| name);
    // In Windows, the administrator has other names.
    let is_root = name == "root" || name.parse() == Ok(0) || name.eq_ignore_ascii_case("ContainerAdministrator");
    if is_root { Verdict::fail_at(user.place, "user") } else { Verdict::Pass }
}

fn context_copied(image: &Resource, _: &Context<'_>) -> Verdict {
    let Some(first) = image.get("contexts").and_then(|contexts| contexts.items().first()) else { return Verdict::NotApplicable };
    match image.get("exposed").and_then(Value::text) {
        Some(exposed) => Verdict::fail_because(first.place, "context", exposed),
        None => Verdict::Pass,
    }
}
