//! ConfigMaps and Secrets that are made of files and literals, and the hash of what is in them.

use std::{collections::BTreeMap, sync::Arc};

use base64::Engine as _;
use sha2::Digest as _;

use super::{
    resource::Resource,
    tree::{Data, Tree},
};
use crate::rendered::Cause;

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    ConfigMap,
    Secret,
}

/// Makes a resource of a generator's entry. `read` gives the text of a file beside the kustomization.
pub(super) fn resource(
    made: Made,
    entry: &Tree,
    options: Option<&Tree>,
    cause: &Arc<Cause>,
    read: &mut dyn FnMut(&str) -> Option<String>,
) -> Resource {
    let mut tree = Tree::map();
    tree.place.clone_from(&entry.place);
    tree.set("apiVersion", Tree::text("v1"));
    let data = data(entry, read);
    if !data.is_empty() {
        let mut map = Tree::map();
        for (name, value) in data {
            let value = if made == Made::Secret { base64::engine::general_purpose::STANDARD.encode(value) } else { value };
            map.set(&name, Tree::text(value));
        }
        tree.set("data", map);
    }
    tree.set("kind", Tree::text(if made == Made::Secret { "Secret" } else { "ConfigMap" }));
    let mut metadata = Tree::map();
    for field in ["labels", "annotations"] {
        let mut pairs = Tree::map();
        for from in [options, entry.get("options")].into_iter().flatten() {
            for (name, value) in from.get(field).map(Tree::members).unwrap_or_default() {
                pairs.set(name, Tree::text(value.scalar().unwrap_or_default()));
            }
        }
        if !pairs.members().is_empty() {
            metadata.set(field, pairs);
        }
    }
    metadata.set("name", entry.get("name").cloned().unwrap_or_else(|| Tree::text("")));
    let namespace = entry.text_at(&["namespace"]);
    if !namespace.is_empty() {
        metadata.set("namespace", Tree::text(namespace));
    }
    tree.set("metadata", metadata);
    if made == Made::Secret {
        let kind = entry.text_at(&["type"]);
        tree.set("type", Tree::text(if kind.is_empty() { "Opaque".to_owned() } else { kind }));
    }
    let says = |name: &str| [options, entry.get("options")].into_iter().flatten().any(|from| from.text_at(&[name]) == "true");
    if says("immutable") {
        tree.set("immutable", Tree::new(Data::Bool(true)));
    }
    Resource { needs_hash: !says("disableNameSuffixHash"), ..Resource::new(tree.caused(cause)) }
}

fn data(entry: &Tree, read: &mut dyn FnMut(&str) -> Option<String>) -> BTreeMap<String, String> {
    let mut data = BTreeMap::new();
    let list = |name: &str| entry.get(name).map(Tree::items).unwrap_or_default().iter().filter_map(Tree::scalar).collect::<Vec<_>>();
    for path in list("envs").into_iter().chain(entry.get("env").and_then(Tree::scalar)) {
        for line in read(&path).unwrap_or_default().trim_start_matches('\u{feff}').lines() {
            let line = line.trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            data.insert(name.to_owned(), value.to_owned());
        }
    }
    for file in list("files") {
        let (name, path) = file.split_once('=').map_or_else(|| (file.rsplit('/').next().unwrap_or(&file), file.as_str()), |pair| pair);
        if let Some(text) = read(path) {
            data.insert(name.to_owned(), text);
        }
    }
    for literal in list("literals") {
        let (name, value) = literal.split_once('=').unwrap_or((&literal, ""));
        let is_quoted =
            value.len() > 1 && (value.starts_with('"') && value.ends_with('"') || value.starts_with('\'') && value.ends_with('\''));
        let value = if is_quoted { value.get(1..value.len() - 1).unwrap_or_default() } else { value };
        data.insert(name.to_owned(), value.to_owned());
    }
    data
}

/// Adds the hash of what is in a ConfigMap or Secret to its name.
pub(super) fn add_hash(resource: &mut Resource, cause: &Arc<Cause>) {
    let tree = &resource.tree;
    let mut parts: BTreeMap<&str, String> = BTreeMap::new();
    parts.insert("kind", json_text(&resource.kind()));
    // Kustomize means to hash the name, but looks it up where none is: the name counts as empty.
    parts.insert("name", json_text(""));
    parts.insert("data", tree.get("data").map_or_else(|| "\"\"".to_owned(), json_map));
    if let Some(binary) = tree.get("binaryData") {
        parts.insert("binaryData", json_map(binary));
    }
    if resource.kind() == "Secret" {
        parts.insert("type", json_text(&tree.text_at(&["type"])));
        if let Some(texts) = tree.get("stringData") {
            parts.insert("stringData", json_map(texts));
        }
    }
    let json: Vec<String> = parts.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    let digest = sha2::Sha256::digest(format!("{{{}}}", json.join(",")));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    // Letters that could make a word, and digits that look like letters, are others.
    let hash: String = hex
        .chars()
        .take(10)
        .map(|c| match c {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            c => c,
        })
        .collect();
    let name = format!("{}-{hash}", resource.name());
    resource.rename(name, cause);
}

fn json_map(tree: &Tree) -> String {
    let sorted: BTreeMap<&str, String> =
        tree.members().iter().map(|(name, item)| (name.as_str(), item.scalar().unwrap_or_default())).collect();
    let members: Vec<String> = sorted.iter().map(|(name, value)| format!("{}:{}", json_text(name), json_text(value))).collect();
    format!("{{{}}}", members.join(","))
}

/// Go's JSON, which writes `<`, `>` and `&` by their numbers.
fn json_text(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}
