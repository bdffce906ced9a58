//! Kustomizations: one upon the other, from the innermost out.

use std::{collections::HashMap, sync::Arc};

use bartizan_core::ByteRange;
use bartizan_source::document::parse_yaml_stream;

use super::{
    MAX_BUILDS, MAX_LAYERS, MAX_RESOURCES,
    field::Missing,
    generate::{self, Made},
    json_patch, merge,
    reference::{self, Variable, cause},
    replacement,
    resource::{Resource, Selector, of_tree},
    transform::{self, CLAIM_LABELS, Reach},
    tree::{Data, Tree},
    write,
};
use crate::{
    helm::{self, File},
    rendered::{Cause, Problem, Rendered},
};

/// What a kustomization may be called.
const NAMES: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The fields of a kustomization that mean something here; other spellings of upper and lower case mean them, too.
const FIELDS: &[&str] = &[
    "bases",
    "commonAnnotations",
    "commonLabels",
    "components",
    "configMapGenerator",
    "generatorOptions",
    "helmCharts",
    "helmGlobals",
    "images",
    "kind",
    "labels",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "replicas",
    "resources",
    "secretGenerator",
    "vars",
];

/// Fields that would run something else.
const PLUGINS: &[&str] = &["generators", "transformers", "validators", "helmChartInflationGenerator", "configurations", "crds", "openapi"];

/// Builds a kustomization: see [`super::build`].
pub(super) fn build(files: &[File<'_>], folder: &str) -> Rendered {
    let by_path = files.iter().map(|file| (file.path, file.text)).collect();
    let mut builder = Builder { files, by_path, problems: Vec::new(), variables: Vec::new(), open: Vec::new(), n_layers: 0 };
    let mut resources = Vec::new();
    builder.layer(&normal("", folder), &mut resources);
    let named = cause("nameSuffixHash", None);
    for resource in resources.iter_mut().filter(|resource| resource.needs_hash) {
        let by = resource.tree.cause.clone().unwrap_or_else(|| Arc::clone(&named));
        generate::add_hash(resource, &by);
    }
    reference::follow(&mut resources);
    let variables = std::mem::take(&mut builder.variables);
    for message in reference::variables(&mut resources, &variables) {
        builder.problem(&format!("{}/kustomization.yaml", folder.trim_end_matches('/')), message);
    }
    resources.retain(|resource| resource.tree.text_at(&["metadata", "annotations", "config.kubernetes.io/local-config"]) != "true");
    Rendered { documents: resources.iter().map(|resource| write::document(&resource.tree)).collect(), problems: builder.problems }
}

/// A path below a folder, without `.` and `..`.
fn normal(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_remote(path: &str) -> bool {
    path.contains("://")
        || path.starts_with("git@")
        || path.starts_with("github.com/")
        || path.contains("?ref=")
        || path.starts_with("git::")
}

struct Builder<'f> {
    files: &'f [File<'f>],
    by_path: HashMap<&'f str, &'f str>,
    problems: Vec<Problem>,
    variables: Vec<Variable>,
    /// The folders that are being built.
    open: Vec<String>,
    n_layers: usize,
}

/// A kustomization that is being built.
struct Layer {
    folder: String,
    /// The file itself.
    path: String,
    number: usize,
    tree: Tree,
}

impl Layer {
    fn list(&self, name: &str) -> Vec<Tree> {
        self.tree.get(name).map(|list| list.items().to_vec()).unwrap_or_default()
    }

    fn text(&self, name: &str) -> String {
        self.tree.text_at(&[name])
    }

    fn cause(&self, name: &str) -> Arc<Cause> {
        cause(name, self.tree.get(name))
    }
}

impl Builder<'_> {
    fn problem(&mut self, path: &str, message: impl Into<String>) {
        self.problem_at(path, ByteRange::new(0, 0), message);
    }

    fn problem_at(&mut self, path: &str, range: ByteRange, message: impl Into<String>) {
        self.problems.push(Problem { path: path.trim_start_matches('/').into(), range, message: message.into() });
    }

    /// A problem of a value of a kustomization.
    fn problem_of(&mut self, layer: &Layer, tree: &Tree, message: impl Into<String>) {
        let range = tree.place.as_ref().map_or(ByteRange::new(0, 0), |place| place.range);
        self.problem_at(&layer.path, range, message);
    }

    /// Builds the kustomization of a folder onto resources.
    fn layer(&mut self, folder: &str, resources: &mut Vec<Resource>) {
        let in_folder = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let Some(path) = NAMES.iter().map(|name| in_folder(name)).find(|path| self.by_path.contains_key(path.as_str())) else {
            self.problem(&in_folder("kustomization.yaml"), "there is no kustomization in this folder");
            return;
        };
        if self.open.iter().any(|open| open == folder) || MAX_LAYERS <= self.open.len() {
            self.problem(&path, "kustomizations use each other in a circle, or too deeply (max-kustomize-layers)");
            return;
        }
        if MAX_BUILDS <= self.n_layers {
            if MAX_BUILDS == self.n_layers {
                self.n_layers += 1;
                self.problem(&path, format!("kustomizations are used more than {MAX_BUILDS} times (max-kustomize-builds)"));
            }
            return;
        }
        let Some(mut tree) = self.trees(&path).into_iter().next() else { return };
        tree.spell(FIELDS);
        self.n_layers += 1;
        let number = self.n_layers;
        self.open.push(folder.to_owned());
        let layer = Layer { folder: folder.to_owned(), path, number, tree };
        let is_component = layer.text("kind") == "Component";
        let mut own = if is_component { std::mem::take(resources) } else { Vec::new() };
        self.accumulate(&layer, &mut own);
        for resource in &mut own {
            resource.layers.push(number);
        }
        resources.append(&mut own);
        self.open.pop();
    }

    fn accumulate(&mut self, layer: &Layer, resources: &mut Vec<Resource>) {
        for name in PLUGINS {
            if let Some(tree) = layer.tree.get(name) {
                self.problem_of(layer, tree, format!("`{name}` is not supported; what it would do is missing"));
            }
        }
        for entry in layer.list("resources").into_iter().chain(layer.list("bases")) {
            self.resource(layer, &entry, resources);
        }
        for entry in layer.list("components") {
            let Some(path) = entry.scalar() else { continue };
            if is_remote(&path) {
                self.problem_of(layer, &entry, format!("not fetched: {path}"));
                continue;
            }
            self.layer(&normal(&layer.folder, &path), resources);
        }
        self.generate(layer, resources);
        self.charts(layer, resources);
        self.transform(layer, resources);
        for variable in layer.list("vars") {
            let field = variable.text_at(&["fieldref", "fieldpath"]) + &variable.text_at(&["fieldref", "fieldPath"]);
            self.variables.push(Variable {
                name: variable.text_at(&["name"]),
                object: variable.get("objref").cloned().unwrap_or_else(Tree::map),
                field: if field.is_empty() { "metadata.name".to_owned() } else { field },
                layer: layer.number,
                cause: cause("vars", Some(&variable)),
            });
        }
    }

    fn resource(&mut self, layer: &Layer, entry: &Tree, resources: &mut Vec<Resource>) {
        let Some(path) = entry.scalar() else { return };
        if MAX_RESOURCES < resources.len() {
            self.problem_of(layer, entry, format!("there are more than {MAX_RESOURCES} resources (max-kustomize-resources)"));
            return;
        }
        let full = normal(&layer.folder, &path);
        if self.by_path.contains_key(full.as_str()) {
            let trees = self.trees(&full);
            resources.extend(trees.into_iter().filter(Tree::is_map).flat_map(of_tree));
        } else if is_remote(&path) {
            self.problem_of(layer, entry, format!("not fetched: {path}"));
        } else if NAMES.iter().any(|name| self.by_path.contains_key(normal(&full, name).as_str())) {
            self.layer(&full, resources);
        } else {
            self.problem_of(layer, entry, format!("there is no `{path}`"));
        }
    }

    /// The documents of a file.
    fn trees(&mut self, path: &str) -> Vec<Tree> {
        let Some(text) = self.by_path.get(path).copied() else {
            self.problem(path, "there is no such file");
            return Vec::new();
        };
        let stream = parse_yaml_stream(text);
        for problem in stream.problems.iter().filter(|problem| problem.is_cut) {
            self.problem_at(path, problem.range, problem.message.clone());
        }
        let path: Arc<str> = path.into();
        stream.roots.iter().map(|root| Tree::of(root, &path)).collect()
    }

    fn generate(&mut self, layer: &Layer, resources: &mut Vec<Resource>) {
        let options = layer.tree.get("generatorOptions");
        for (field, made) in [("configMapGenerator", Made::ConfigMap), ("secretGenerator", Made::Secret)] {
            for entry in layer.list(field) {
                let by = cause(field, Some(&entry));
                let mut missing = Vec::new();
                let by_path = &self.by_path;
                let new = generate::resource(made, &entry, options, &by, &mut |path| {
                    let text = by_path.get(normal(&layer.folder, path).as_str()).map(|text| (*text).to_owned());
                    if text.is_none() {
                        missing.push(path.to_owned());
                    }
                    text
                });
                for path in missing {
                    self.problem_of(layer, &entry, format!("there is no `{path}`"));
                }
                let behavior = entry.text_at(&["behavior"]);
                if !matches!(behavior.as_str(), "merge" | "replace") {
                    resources.push(new);
                    continue;
                }
                let same = resources.iter_mut().find(|old| old.kind() == new.kind() && old.was_called(&new.name()));
                match same {
                    Some(old) => combine(old, &new, &behavior),
                    None => self.problem_of(layer, &entry, "there is nothing of this name to merge with"),
                }
            }
        }
    }

    /// Charts that are beside the kustomization.
    fn charts(&mut self, layer: &Layer, resources: &mut Vec<Resource>) {
        let home = layer.tree.text_at(&["helmGlobals", "chartHome"]);
        let home = if home.is_empty() { "charts".to_owned() } else { home };
        for entry in layer.list("helmCharts") {
            let name = entry.text_at(&["name"]);
            let folder = format!("{}/", normal(&layer.folder, &format!("{home}/{name}")));
            let files: Vec<File<'_>> =
                self.files.iter().filter_map(|file| file.path.strip_prefix(&folder).map(|path| File { path, text: file.text })).collect();
            if files.is_empty() {
                self.problem_of(layer, &entry, format!("not fetched: the chart `{name}`"));
                continue;
            }
            let file = entry.text_at(&["valuesFile"]);
            let file_path = normal(&layer.folder, &file);
            let text = self.by_path.get(file_path.as_str()).copied().filter(|_| !file.is_empty());
            let inline = entry.get("valuesInline").map(|values| write::document(values).text);
            let values: Vec<File<'_>> = text
                .map(|text| File { path: &file_path, text })
                .into_iter()
                .chain(inline.as_deref().map(|text| File { path: &layer.path, text }))
                .collect();
            let text_or = |name: &str, default: &str| {
                Some(entry.text_at(&[name])).filter(|text| !text.is_empty()).unwrap_or_else(|| default.to_owned())
            };
            let options = helm::Options {
                release: text_or("releaseName", "release-name"),
                namespace: text_or("namespace", "default"),
                ..helm::Options::default()
            };
            let rendered = helm::render(&files, &values, &options);
            let include_crds = entry.text_at(&["includeCRDs"]) == "true";
            for document in rendered.documents {
                if document.path.starts_with("crds/") && !include_crds {
                    continue;
                }
                let path: Arc<str> = format!("{folder}{}", document.path).into();
                for root in &parse_yaml_stream(&document.text).roots {
                    let mut tree = Tree::of(root, &path);
                    relocate(&mut tree, &document, &folder);
                    resources.extend(of_tree(tree));
                }
            }
            for problem in rendered.problems {
                self.problem_at(&format!("{folder}{}", problem.path), problem.range, problem.message);
            }
        }
    }

    fn transform(&mut self, layer: &Layer, resources: &mut Vec<Resource>) {
        for entry in layer.list("patchesStrategicMerge") {
            self.patch(layer, &entry, &entry, None, resources);
        }
        for entry in layer.list("patches") {
            self.patch_entry(layer, &entry, resources);
        }
        let namespace = layer.text("namespace");
        if !namespace.is_empty() {
            let by = layer.cause("namespace");
            resources.iter_mut().for_each(|resource| transform::namespace(resource, &namespace, &by));
        }
        for (field, is_prefix) in [("namePrefix", true), ("nameSuffix", false)] {
            let text = layer.text(field);
            if !text.is_empty() {
                let by = layer.cause(field);
                let (prefix, suffix) = if is_prefix { (text.as_str(), "") } else { ("", text.as_str()) };
                resources.iter_mut().for_each(|resource| transform::affixes(resource, prefix, suffix, &by));
            }
        }
        self.labels(layer, resources);
        if let Some(annotations) = layer.tree.get("commonAnnotations") {
            let by = layer.cause("commonAnnotations");
            resources.iter_mut().for_each(|resource| transform::annotations(resource, annotations, &by));
        }
        for entry in layer.list("patchesJson6902") {
            self.patch_entry(layer, &entry, resources);
        }
        for entry in layer.list("replicas") {
            let by = cause("replicas", Some(&entry));
            let (name, count) = (entry.text_at(&["name"]), entry.text_at(&["count"]));
            resources.iter_mut().for_each(|resource| transform::replicas(resource, &name, &count, &by));
        }
        for entry in layer.list("images") {
            let by = cause("images", Some(&entry));
            resources.iter_mut().for_each(|resource| transform::image(resource, &entry, &by));
        }
        for entry in layer.list("replacements") {
            self.replacement(layer, &entry, resources);
        }
    }

    fn labels(&mut self, layer: &Layer, resources: &mut [Resource]) {
        if let Some(labels) = layer.tree.get("commonLabels") {
            let by = layer.cause("commonLabels");
            resources.iter_mut().for_each(|resource| transform::labels(resource, labels, Reach::Selectors, &by));
        }
        for entry in layer.list("labels") {
            let Some(pairs) = entry.get("pairs") else { continue };
            let by = cause("labels", Some(&entry));
            let says = |name: &str| entry.text_at(&[name]) == "true";
            let reach = match (says("includeSelectors"), says("includeTemplates")) {
                (true, _) => Reach::Selectors,
                (false, true) => Reach::Templates,
                (false, false) => Reach::Resource,
            };
            for resource in resources.iter_mut() {
                transform::labels(resource, pairs, reach, &by);
                if says("includeVolumeClaimTemplates") && resource.kind() == "StatefulSet" {
                    transform::put(&mut resource.tree, CLAIM_LABELS, pairs, Missing::Make, &by);
                }
                for field in entry.get("fields").map(Tree::items).unwrap_or_default() {
                    let (kind, way) = (field.text_at(&["kind"]), field.text_at(&["path"]));
                    if kind.is_empty() || kind == resource.kind() {
                        let missing = if field.text_at(&["create"]) == "true" { Missing::Make } else { Missing::Leave };
                        transform::put(&mut resource.tree, &way, pairs, missing, &by);
                    }
                }
            }
        }
    }

    fn replacement(&mut self, layer: &Layer, entry: &Tree, resources: &mut [Resource]) {
        let path = entry.text_at(&["path"]);
        let entries = if path.is_empty() {
            vec![entry.clone()]
        } else {
            let trees = self.trees(&normal(&layer.folder, &path));
            trees
                .into_iter()
                .flat_map(|tree| if matches!(tree.value, Data::List(_)) { tree.items().to_vec() } else { vec![tree] })
                .collect()
        };
        for replacement in entries {
            let by = cause("replacements", Some(&replacement));
            if let Err(message) = replacement::apply(resources, &replacement, &by) {
                self.problem_of(layer, entry, message);
            }
        }
    }

    fn patch_entry(&mut self, layer: &Layer, entry: &Tree, resources: &mut Vec<Resource>) {
        let target = entry.get("target");
        let patch = entry.get("patch").filter(|patch| patch.scalar().is_some_and(|text| !text.trim().is_empty()));
        match patch.or_else(|| entry.get("path")) {
            Some(patch) => self.patch(layer, entry, &patch.clone(), target, resources),
            None => self.problem_of(layer, entry, "a patch has neither `path` nor `patch`"),
        }
    }

    /// Applies the patches of a file or a text.
    fn patch(&mut self, layer: &Layer, entry: &Tree, source: &Tree, target: Option<&Tree>, resources: &mut Vec<Resource>) {
        let text = source.scalar().unwrap_or_default();
        let is_inline = text.contains('\n') || text.trim_start().starts_with(['{', '[']) || entry.get("patch").is_some();
        let full = normal(&layer.folder, &text);
        let patches: Vec<Tree> = if is_inline {
            let stream = parse_yaml_stream(&text);
            if let Some(problem) = stream.problems.iter().find(|problem| problem.is_cut) {
                self.problem_of(layer, source, problem.message.clone());
            }
            let path: Arc<str> = layer.path.as_str().into();
            // Places within the text are not those of the file: all of it is the place.
            stream.roots.iter().map(|root| placed(Tree::of(root, &path), source)).collect()
        } else if self.by_path.contains_key(full.as_str()) {
            self.trees(&full)
        } else if is_remote(&text) {
            self.problem_of(layer, source, format!("not fetched: {text}"));
            return;
        } else {
            self.problem_of(layer, source, format!("there is no `{text}`"));
            return;
        };
        let name = if is_inline { "patch".to_owned() } else { text };
        for patch in patches {
            let by = cause(&name, Some(&patch));
            self.apply(layer, entry, &patch, target, &by, resources);
        }
    }

    fn apply(&mut self, layer: &Layer, entry: &Tree, patch: &Tree, target: Option<&Tree>, by: &Arc<Cause>, resources: &mut Vec<Resource>) {
        let is_meant = |resource: &Resource| match target {
            Some(target) => Selector::patterns(target).selects(resource),
            None => resource.is_meant_by(patch),
        };
        let mut n_meant = 0;
        let mut problems = Vec::new();
        let keeps = |field: &str| entry.at(&["options", field]).and_then(Tree::scalar).as_deref() != Some("true");
        resources.retain_mut(|resource| {
            if !is_meant(resource) {
                return true;
            }
            n_meant += 1;
            if matches!(patch.value, Data::List(_)) {
                resource.remember();
                if let Err(message) = json_patch::apply(&mut resource.tree, patch, by) {
                    problems.push(message);
                }
                return true;
            }
            let (name, kind) = (resource.tree.at(&["metadata", "name"]).cloned(), resource.tree.get("kind").cloned());
            let version = resource.tree.get("apiVersion").cloned();
            let namespace = resource.tree.at(&["metadata", "namespace"]).cloned();
            resource.remember();
            let stays = merge::apply(resource, patch, by);
            let restore = |tree: &mut Tree, field: &str, old: Option<Tree>| match old {
                Some(old) => tree.set(field, old),
                None => {
                    tree.remove(field);
                }
            };
            if let Some(metadata) = resource.tree.get_mut("metadata").filter(|_| keeps("allowNameChange")) {
                restore(metadata, "name", name);
                restore(metadata, "namespace", namespace);
            }
            if keeps("allowKindChange") {
                restore(&mut resource.tree, "kind", kind);
                restore(&mut resource.tree, "apiVersion", version);
            }
            stays
        });
        for message in problems {
            self.problem_of(layer, entry, message);
        }
        if n_meant == 0 && target.is_none() {
            self.problem_of(layer, entry, "the patch is for a resource that is not there");
        }
    }
}

fn placed(mut tree: Tree, source: &Tree) -> Tree {
    tree.place.clone_from(&source.place);
    match &mut tree.value {
        Data::List(items) => items.iter_mut().for_each(|item| *item = placed(std::mem::replace(item, Tree::map()), source)),
        Data::Map(members) => members.iter_mut().for_each(|(_, item)| *item = placed(std::mem::replace(item, Tree::map()), source)),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
    }
    tree
}

/// Places in what a chart made become those of its templates.
fn relocate(tree: &mut Tree, document: &crate::rendered::Document, folder: &str) {
    let place = tree.place.as_mut();
    if let Some((place, origin)) = place.and_then(|place| document.map.origin(place.range.start()).map(|origin| (place, origin))) {
        place.path = format!("{folder}{}", origin.path).into();
        place.range = origin.range;
        tree.cause = origin.cause.map(|cause| Arc::new(cause.clone()));
    }
    match &mut tree.value {
        Data::List(items) => items.iter_mut().for_each(|item| relocate(item, document, folder)),
        Data::Map(members) => members.iter_mut().for_each(|(_, item)| relocate(item, document, folder)),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
    }
}

/// Puts a generated resource upon one that is there.
fn combine(old: &mut Resource, new: &Resource, behavior: &str) {
    let metadata_fields = ["labels", "annotations"];
    for field in ["data", "binaryData"] {
        let Some(mut map) = new.tree.get(field).cloned() else { continue };
        if behavior == "merge" {
            let mut merged = old.tree.get(field).cloned().unwrap_or_else(Tree::map);
            for (name, item) in map.members() {
                merged.set(name, item.clone());
            }
            map = merged;
        }
        old.tree.set(field, map);
    }
    if behavior == "replace" && new.tree.get("data").is_none() {
        old.tree.remove("data");
    }
    for field in metadata_fields {
        for (name, item) in new.tree.at(&["metadata", field]).map(Tree::members).unwrap_or_default().to_vec() {
            if let Some(map) = old.tree.map_at("metadata").and_then(|metadata| metadata.map_at(field)) {
                map.set(&name, item);
            }
        }
    }
    // What was not generated keeps its name.
    old.needs_hash = old.needs_hash && new.needs_hash;
}
