//! All that rules judge of a cluster, read page by page.
//!
//! Each object becomes a document of its own, without what the cluster notes in it: who changed which field, and its status. What a
//! controller made from another object that was read is left out, because that one was judged. Of secrets only the metadata of those
//! that hold tokens are asked for: what they hold never comes here.

use std::collections::BTreeSet;

use bartizan_core::{Diagnostic, DiagnosticKind, Level};
use serde_json::{Value as Json, json};

use super::api::{Api, Unanswered};
use crate::{args::Fetched, text::harmless};

/// So many objects a page has, as kubectl asks for.
const PAGE: usize = 500;
/// So many objects of one resource are read.
const MAX_OBJECTS: usize = 200_000;
/// So often a list is read from its start because the cluster forgot where we were.
const MAX_RESTARTS: usize = 3;
const JSON: &str = "application/json";
/// Names, labels and annotations alone. Source: Kubernetes API concepts, "Metadata-only fetches".
const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/// A resource of the API.
struct Resource {
    /// Its group and version: `apps/v1`.
    api: &'static str,
    /// Its name in paths.
    plural: &'static str,
    /// Its kind.
    kind: &'static str,
    is_namespaced: bool,
    /// What is asked for: a filter of the server's, and then metadata alone.
    only: Option<&'static str>,
}

const fn of_namespace(api: &'static str, plural: &'static str, kind: &'static str) -> Resource {
    Resource { api, plural, kind, is_namespaced: true, only: None }
}

const fn of_cluster(api: &'static str, plural: &'static str, kind: &'static str) -> Resource {
    Resource { api, plural, kind, is_namespaced: false, only: None }
}

const RBAC: &str = "rbac.authorization.k8s.io/v1";
const ADMISSION: &str = "admissionregistration.k8s.io/v1";

#[rustfmt::skip]
const RESOURCES: &[Resource] = &[
    of_cluster("v1", "namespaces", "Namespace"),
    of_cluster("v1", "persistentvolumes", "PersistentVolume"),
    of_namespace("v1", "configmaps", "ConfigMap"),
    of_namespace("v1", "limitranges", "LimitRange"),
    of_namespace("v1", "pods", "Pod"),
    of_namespace("v1", "replicationcontrollers", "ReplicationController"),
    of_namespace("v1", "resourcequotas", "ResourceQuota"),
    of_namespace("v1", "serviceaccounts", "ServiceAccount"),
    of_namespace("v1", "services", "Service"),
    Resource { only: Some("type=kubernetes.io/service-account-token"), ..of_namespace("v1", "secrets", "Secret") },
    of_namespace("apps/v1", "daemonsets", "DaemonSet"),
    of_namespace("apps/v1", "deployments", "Deployment"),
    of_namespace("apps/v1", "replicasets", "ReplicaSet"),
    of_namespace("apps/v1", "statefulsets", "StatefulSet"),
    of_namespace("batch/v1", "cronjobs", "CronJob"),
    of_namespace("batch/v1", "jobs", "Job"),
    of_namespace("networking.k8s.io/v1", "ingresses", "Ingress"),
    of_namespace("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"),
    of_namespace(RBAC, "rolebindings", "RoleBinding"),
    of_namespace(RBAC, "roles", "Role"),
    of_cluster(RBAC, "clusterrolebindings", "ClusterRoleBinding"),
    of_cluster(RBAC, "clusterroles", "ClusterRole"),
    of_cluster(ADMISSION, "mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
    of_cluster(ADMISSION, "validatingwebhookconfigurations", "ValidatingWebhookConfiguration"),
];

/// Reads all that rules judge; of one namespace, if one is named, and of the cluster as a whole.
pub(crate) fn list(api: &Api, target: &str, namespace: Option<&str>) -> Fetched {
    let mut fetched = Fetched { target: target.to_owned(), ..Fetched::default() };
    let mut seen = BTreeSet::new();
    let mut objects = Vec::new();
    for resource in RESOURCES {
        match objects_of(api, resource, namespace) {
            Ok(found) => {
                for object in found {
                    seen.insert((resource.kind.to_owned(), text(&object, "/metadata/namespace"), text(&object, "/metadata/name")));
                    objects.push((resource, object));
                }
            }
            Err(unanswered) => fetched.diagnostics.push(told(resource, &unanswered)),
        }
    }
    // Owners are known only when all was read.
    objects.retain(|(_, object)| {
        let is_known = |(kind, name)| seen.contains(&(kind, text(object, "/metadata/namespace"), name));
        !owner(object).is_some_and(is_known)
    });
    for (resource, object) in objects {
        let namespace = text(&object, "/metadata/namespace");
        let folder = if namespace.is_empty() { "cluster".to_owned() } else { format!("namespaces/{namespace}") };
        // Names hold no slash; whoever answers may not be a cluster.
        let name = text(&object, "/metadata/name").replace(['/', '\\'], "_");
        fetched.documents.push((format!("{folder}/{}/{name}.json", resource.plural), format!("{object:#}\n").into_bytes()));
    }
    fetched.documents.sort();
    fetched.documents.dedup_by(|one, other| one.0 == other.0);
    fetched
}

fn text(object: &Json, way: &str) -> String {
    object.pointer(way).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// The controller that made an object.
fn owner(object: &Json) -> Option<(String, String)> {
    let owners = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let owner = owners.iter().find(|owner| owner.get("controller").and_then(Json::as_bool) == Some(true))?;
    Some((text(owner, "/kind"), text(owner, "/name")))
}

fn objects_of(api: &Api, resource: &Resource, namespace: Option<&str>) -> Result<Vec<Json>, Unanswered> {
    let mut restarts = 0;
    loop {
        match pages(api, resource, namespace) {
            Err(Unanswered::Expired) if restarts < MAX_RESTARTS => restarts += 1,
            Err(Unanswered::Expired) => return Err(Unanswered::Failed("the list changes faster than it can be read (410)".to_owned())),
            answer => return answer,
        }
    }
}

fn pages(api: &Api, resource: &Resource, namespace: Option<&str>) -> Result<Vec<Json>, Unanswered> {
    let group = if resource.api == "v1" { "/api/v1".to_owned() } else { format!("/apis/{}", resource.api) };
    // Of namespaces, the one that is asked for is an object of the cluster.
    if let Some(name) = namespace.filter(|_| resource.kind == "Namespace") {
        let object = api.get(&format!("{group}/namespaces/{}", encoded(name)), JSON)?;
        return Ok(vec![cleaned(object, resource)]);
    }
    let folder = match namespace.filter(|_| resource.is_namespaced) {
        Some(name) => format!("{group}/namespaces/{}/{}", encoded(name), resource.plural),
        None => format!("{group}/{}", resource.plural),
    };
    let filter = resource.only.map(|filter| format!("&fieldSelector={}", encoded(filter))).unwrap_or_default();
    let accept = if resource.only.is_some() { METADATA } else { JSON };
    let (mut objects, mut next) = (Vec::new(), String::new());
    loop {
        let at = if next.is_empty() { String::new() } else { format!("&continue={}", encoded(&next)) };
        let mut page = api.get(&format!("{folder}?limit={PAGE}{filter}{at}"), accept)?;
        let token = text(&page, "/metadata/continue");
        match page.get_mut("items").map(Json::take) {
            Some(Json::Array(items)) => objects.extend(items.into_iter().map(|object| cleaned(object, resource))),
            Some(Json::Null) => {}
            _ => return Err(Unanswered::Failed("the answer is no list".to_owned())),
        }
        if MAX_OBJECTS < objects.len() {
            return Err(Unanswered::Failed(format!("there are more than {MAX_OBJECTS}")));
        }
        if token.is_empty() {
            return Ok(objects);
        }
        if token == next {
            return Err(Unanswered::Failed("the list does not go on".to_owned()));
        }
        next = token;
    }
}

/// An object as somebody would have written it.
fn cleaned(mut object: Json, resource: &Resource) -> Json {
    let Some(members) = object.as_object_mut() else { return object };
    members.insert("apiVersion".to_owned(), Json::from(resource.api));
    members.insert("kind".to_owned(), Json::from(resource.kind));
    members.remove("status");
    if resource.kind == "Secret" {
        // A server that does not know of metadata alone sends everything.
        members.remove("data");
        members.remove("stringData");
        members.insert("type".to_owned(), json!("kubernetes.io/service-account-token"));
    }
    if let Some(metadata) = members.get_mut("metadata").and_then(Json::as_object_mut) {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Json::as_object_mut) {
            // All of the object once more, as it was applied.
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
    object
}

/// What was not read, and why.
fn told(resource: &Resource, unanswered: &Unanswered) -> Diagnostic {
    let group = resource.api.split_once('/').map_or("", |(group, _)| group);
    let name = if group.is_empty() { resource.plural.to_owned() } else { format!("{}.{group}", resource.plural) };
    let incomplete = |why: String| Diagnostic::new(DiagnosticKind::Unreadable, format!("`{name}` of the cluster were not read: {why}"));
    match unanswered {
        Unanswered::Forbidden => incomplete("whoever asks may not list them".to_owned())
            .with_help("the role `view` is not enough for rights and tokens; allow `list` on it"),
        Unanswered::Missing => {
            let diagnostic = incomplete("the cluster has no such resource".to_owned());
            Diagnostic { level: Level::Note, ..diagnostic }
        }
        Unanswered::Expired => incomplete("the list expired".to_owned()),
        Unanswered::Failed(why) => incomplete(harmless(why).into_owned()),
    }
}

/// Percent-encodes all but what RFC 3986, section 2.3, calls unreserved.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
