//! From manifests to resources.

use std::sync::Arc;

use bartizan_core::{Diagnostic, DiagnosticKind};

use super::{
    field::place_of,
    rendered::{Charts, Overlays},
};
use crate::{
    Format, Graph, Place, Resource, ResourceId, ResourceKind, ScopeId, Value,
    data::DataKind,
    format::{Document, FormatReader},
    project::Project,
};

/// The scope of all manifests that stand in files as they are applied.
pub(crate) const MANIFESTS: ScopeId = ScopeId(u32::MAX);

/// Lists may hold lists, to this depth.
const MAX_LIST_DEPTH: usize = 4;

pub(crate) const READER: FormatReader =
    FormatReader { name: "kubernetes", example: "manifest.yaml", files: None, assemble: Some(assemble) };

/// Kinds of Kubernetes itself that checks know. A kind of the same name in somebody else's group is called `Kind.group`.
const BUILT_IN: &[&str] = &[
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Ingress",
    "Job",
    "Namespace",
    "NetworkPolicy",
    "Pod",
    "Policy",
    "ReplicaSet",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
];

/// Kinds that lie in no namespace.
const CLUSTER_WIDE: &[&str] = &[
    "APIService",
    "CertificateSigningRequest",
    "ClusterImagePolicy",
    "ClusterPolicy",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "FlowSchema",
    "IngressClass",
    "KubeletConfiguration",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PodSecurityPolicy",
    "Policy",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "StorageClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
];

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let charts = Charts::of(project);
    charts.assemble(project, graph);
    let overlays = Overlays::of(project);
    overlays.assemble(project, graph);
    for (number, file) in project.numbered().filter(|(_, file)| !charts.renders(file.path) && !overlays.names(file.path)) {
        for document in &file.documents {
            if let Document::Data(DataKind::Kubernetes, manifest) = document {
                add(&manifest.in_file(number), MANIFESTS, graph);
            }
        }
    }
}

/// Adds the resources that a manifest declares; a list of manifests is taken apart.
pub(crate) fn add(manifest: &Value, scope: ScopeId, graph: &mut Graph) {
    let of = |name| manifest.get(name).and_then(Value::text).unwrap_or_default();
    add_item(manifest, of("apiVersion"), of("kind"), scope, graph, MAX_LIST_DEPTH);
}

fn add_item(manifest: &Value, api_version: &str, kind: &str, scope: ScopeId, graph: &mut Graph, depth: usize) {
    let Some(kind_of_items) = kind.strip_suffix("List").filter(|_| manifest.get("items").is_some()) else {
        add_one(manifest, api_version, kind, scope, graph);
        return;
    };
    if depth == 0 {
        graph.diagnostic(Diagnostic::new(DiagnosticKind::EngineLimit, "lists of manifests are nested too deeply"));
        return;
    }
    for item in manifest.get("items").map(Value::items).unwrap_or_default() {
        // Items of a typed list need not say what they are.
        let of = |name, default| item.get(name).and_then(Value::text).unwrap_or(default);
        add_item(item, of("apiVersion", api_version), of("kind", kind_of_items), scope, graph, depth - 1);
    }
}

fn add_one(manifest: &Value, api_version: &str, kind: &str, scope: ScopeId, graph: &mut Graph) {
    if kind.is_empty() || manifest.map().is_none() {
        return;
    }
    let metadata = manifest.get("metadata");
    let text = |name| metadata.and_then(|metadata| metadata.get(name)).and_then(Value::text);
    let name: Arc<str> = text("name").or(text("generateName")).unwrap_or("unnamed").into();
    let address: Arc<str> = match text("namespace") {
        Some(namespace) => format!("{kind}/{namespace}/{name}").into(),
        None => format!("{kind}/{name}").into(),
    };
    let header = match metadata.filter(|metadata| metadata.get("name").is_some()) {
        Some(metadata) => place_of(metadata, "name"),
        None if manifest.member("kind").is_some() => place_of(manifest, "kind"),
        None => Place { end: manifest.place.start, ..manifest.place },
    };
    graph.add(Resource {
        id: ResourceId(0),
        format: Format::Kubernetes,
        kind: ResourceKind::Managed,
        native_type: format!("{api_version}/{kind}").into(),
        canonical_type: canonical_type(api_version, kind).into(),
        name,
        block_address: Arc::clone(&address),
        address,
        scope,
        header,
        block: manifest.place,
        body: manifest.clone(),
        calls: Vec::new(),
    });
}

/// The type by which checks know a kind.
pub(crate) fn canonical_type(api_version: &str, kind: &str) -> String {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let is_foreign = group.contains('.') && !group.ends_with(".k8s.io");
    if is_foreign && BUILT_IN.contains(&kind) { format!("{kind}.{group}") } else { kind.to_owned() }
}

/// Where an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Namespace<'v> {
    /// In no namespace: it is of the whole cluster.
    ClusterWide,
    /// In this one.
    Named(&'v str),
    /// In the one that whoever applies it has chosen, which is `default` if nobody does.
    Unsaid,
    /// It is not known.
    Unknown,
}

impl<'v> Namespace<'v> {
    /// Where a resource lies.
    pub(crate) fn of(resource: &'v Resource) -> Self {
        if CLUSTER_WIDE.contains(&resource.canonical_type.as_ref()) {
            return Self::ClusterWide;
        }
        match resource.body.at(&["metadata", "namespace"]) {
            None => Self::Unsaid,
            Some(namespace) => namespace.text().filter(|name| !name.is_empty()).map_or(Self::Unknown, Self::Named),
        }
    }

    /// Its name; that of what is unsaid is `default`.
    pub(crate) fn name(self) -> &'v str {
        match self {
            Self::Named(name) => name,
            Self::Unsaid => "default",
            Self::ClusterWide | Self::Unknown => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;

    fn addresses(yaml: &str) -> Vec<String> {
        let mut graph = Graph::default();
        for manifest in data::values_of(yaml) {
            add(&manifest, MANIFESTS, &mut graph);
        }
        graph.resources().iter().map(|resource| format!("{} {}", resource.canonical_type, resource.address)).collect()
    }

    #[test]
    fn lists_are_taken_apart_and_typed_items_get_their_kind() {
        let yaml = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: n}}\n- {apiVersion: v1, kind: ServiceList, items: [{metadata: {name: b}}]}\n";
        assert_eq!(addresses(yaml), ["Pod Pod/n/a", "Service Service/b"]);
    }

    #[test]
    fn kinds_of_others_do_not_pass_for_built_in_ones() {
        let yaml = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: b}\n---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: c}\n";
        assert_eq!(addresses(yaml), ["Service.serving.knative.dev Service/a", "NetworkPolicy NetworkPolicy/b", "Rollout Rollout/c"]);
    }
}
