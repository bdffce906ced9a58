//! What a kustomization does to all resources: namespace, names, labels, annotations, replicas, images.

use std::sync::Arc;

use super::{
    field::{AFFINITIES, Missing, SELECTORS, TEMPLATES, each},
    resource::Resource,
    tree::{Data, Tree},
};
use crate::rendered::Cause;

/// Kinds whose names get no prefix and no suffix.
const UNRENAMED: &[&str] = &["CustomResourceDefinition", "APIService", "Namespace"];

/// Where labels of a StatefulSet's claims are.
pub(super) const CLAIM_LABELS: &str = "spec/volumeClaimTemplates[]/metadata/labels";

/// Puts resources into a namespace.
pub(super) fn namespace(resource: &mut Resource, namespace: &str, cause: &Arc<Cause>) {
    resource.remember();
    let text = || Tree::text(namespace).caused(cause);
    let kind = resource.kind();
    if kind == "Namespace" && resource.tree.text_at(&["apiVersion"]) == "v1" {
        resource.rename(namespace.to_owned(), cause);
    } else if !resource.is_cluster_wide() {
        if let Some(metadata) = resource.tree.map_at("metadata") {
            metadata.set("namespace", text());
        }
    }
    if kind == "APIService" {
        each(&mut resource.tree, "spec/service", Missing::Leave, &mut |service| service.set("namespace", text()));
    }
    if matches!(kind.as_str(), "RoleBinding" | "ClusterRoleBinding") {
        let is_default = |subject: &Tree| subject.text_at(&["kind"]) == "ServiceAccount" && subject.text_at(&["name"]) == "default";
        if let Some(Tree { value: Data::List(subjects), .. }) = resource.tree.get_mut("subjects") {
            subjects.iter_mut().filter(|subject| is_default(subject)).for_each(|subject| subject.set("namespace", text()));
        }
    }
}

/// Puts text before and behind a name.
pub(super) fn affixes(resource: &mut Resource, prefix: &str, suffix: &str, cause: &Arc<Cause>) {
    if !UNRENAMED.contains(&resource.kind().as_str()) && !resource.name().is_empty() {
        let name = format!("{prefix}{}{suffix}", resource.name());
        resource.rename(name, cause);
    }
}

/// Where labels go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Resource,
    Templates,
    Selectors,
}

/// Adds labels.
pub(super) fn labels(resource: &mut Resource, labels: &Tree, reach: Reach, cause: &Arc<Cause>) {
    let tree = &mut resource.tree;
    put(tree, "metadata/labels", labels, Missing::Make, cause);
    let kind = tree.text_at(&["kind"]);
    let api_version = tree.text_at(&["apiVersion"]);
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    if reach != Reach::Resource {
        templates(tree, &kind, "labels", labels, cause);
    }
    if reach != Reach::Selectors {
        return;
    }
    if kind == "StatefulSet" {
        put(tree, CLAIM_LABELS, labels, Missing::Make, cause);
    }
    for (_, _, way, is_made) in SELECTORS.iter().filter(|(known, of, ..)| *known == kind && (of.is_empty() || *of == group)) {
        put(tree, way, labels, if *is_made { Missing::Make } else { Missing::Leave }, cause);
    }
    if matches!(kind.as_str(), "Deployment" | "StatefulSet") && group == "apps" {
        for way in AFFINITIES {
            put(tree, way, labels, Missing::Leave, cause);
        }
    }
}

/// Adds annotations.
pub(super) fn annotations(resource: &mut Resource, annotations: &Tree, cause: &Arc<Cause>) {
    let kind = resource.kind();
    put(&mut resource.tree, "metadata/annotations", annotations, Missing::Make, cause);
    templates(&mut resource.tree, &kind, "annotations", annotations, cause);
}

fn templates(tree: &mut Tree, kind: &str, what: &str, pairs: &Tree, cause: &Arc<Cause>) {
    for (_, way) in TEMPLATES.iter().filter(|(known, _)| *known == kind) {
        put(tree, &format!("{way}/metadata/{what}"), pairs, Missing::Make, cause);
    }
    if kind == "CronJob" {
        put(tree, &format!("spec/jobTemplate/metadata/{what}"), pairs, Missing::Make, cause);
    }
}

/// Adds texts to each map at the end of a way.
pub(super) fn put(tree: &mut Tree, way: &str, pairs: &Tree, missing: Missing, cause: &Arc<Cause>) {
    each(tree, way, missing, &mut |map| {
        for (name, value) in pairs.members() {
            let text = Tree { value: Data::Text(value.scalar().unwrap_or_default()), ..value.clone() };
            map.set(name, text.caused(cause));
        }
    });
}

/// Sets how many there are of what has a name.
pub(super) fn replicas(resource: &mut Resource, name: &str, count: &str, cause: &Arc<Cause>) {
    let has_replicas = matches!(resource.kind().as_str(), "Deployment" | "ReplicationController" | "ReplicaSet" | "StatefulSet");
    if has_replicas && resource.was_called(name) {
        if let Some(spec) = resource.tree.map_at("spec") {
            spec.set("replicas", Tree::new(Data::Number(count.to_owned())).caused(cause));
        }
    }
}

/// Changes images by the entry `{name, newName, newTag, tagSuffix, digest}`.
pub(super) fn image(resource: &mut Resource, entry: &Tree, cause: &Arc<Cause>) {
    if resource.kind() == "CustomResourceDefinition" {
        return;
    }
    images(&mut resource.tree, &mut |image| {
        if let Some(new) = image.scalar().and_then(|image| renamed(&image, entry)) {
            image.set_text(new, cause);
        }
    });
}

/// All images of all containers, wherever they are.
fn images(tree: &mut Tree, change: &mut dyn FnMut(&mut Tree)) {
    match &mut tree.value {
        Data::List(items) => items.iter_mut().for_each(|item| images(item, change)),
        Data::Map(members) => {
            for (name, item) in members {
                if matches!(name.as_str(), "containers" | "initContainers" | "ephemeralContainers") {
                    each(item, "image", Missing::Leave, change);
                } else if name == "volumes" {
                    each(item, "image/reference", Missing::Leave, change);
                }
                images(item, change);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
    }
}

/// Another image; nothing if it is not meant.
fn renamed(image: &str, entry: &Tree) -> Option<String> {
    let wanted = entry.text_at(&["name"]);
    let (rest, digest) = image.split_once('@').map_or((image, ""), |(rest, digest)| (rest, digest));
    let (name, tag) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (rest, ""),
    };
    if name != wanted {
        return None;
    }
    let field = |field: &str| entry.text_at(&[field]);
    let (new_name, new_tag, new_digest, suffix) = (field("newName"), field("newTag"), field("digest"), field("tagSuffix"));
    let mut new = if new_name.is_empty() { name.to_owned() } else { new_name };
    let tag = if new_tag.is_empty() { tag.to_owned() } else { new_tag.clone() };
    if !new_digest.is_empty() {
        if !new_tag.is_empty() {
            new.push_str(&format!(":{new_tag}"));
        }
        new.push_str(&format!("@{new_digest}"));
        return Some(new);
    }
    if !tag.is_empty() {
        new.push_str(&format!(":{tag}{suffix}"));
    }
    if !digest.is_empty() && new_tag.is_empty() {
        new.push_str(&format!("@{digest}"));
    }
    Some(new)
}
