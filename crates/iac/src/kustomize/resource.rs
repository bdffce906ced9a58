//! Resources: what they are called, what they were called before, and what selects them.

use std::sync::Arc;

use super::tree::{Data, Tree};
use crate::rendered::Cause;

/// A resource.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) tree: Tree,
    /// Names and namespaces that it had before.
    pub(super) former: Vec<(String, String)>,
    /// The kustomizations that it came through, the innermost first.
    pub(super) layers: Vec<usize>,
    /// Whether its name gets a hash of what is in it.
    pub(super) needs_hash: bool,
}

/// Kinds that stand in no namespace.
const CLUSTER_KINDS: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterRole",
    "ClusterRoleBinding",
    "ComponentStatus",
    "CustomResourceDefinition",
    "FlowSchema",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PodSecurityPolicy",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "StorageClass",
    "SubjectAccessReview",
    "TokenReview",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
];

impl Resource {
    pub(super) const fn new(tree: Tree) -> Self {
        Self { tree, former: Vec::new(), layers: Vec::new(), needs_hash: false }
    }

    pub(super) fn kind(&self) -> String {
        self.tree.text_at(&["kind"])
    }

    pub(super) fn name(&self) -> String {
        self.tree.text_at(&["metadata", "name"])
    }

    pub(super) fn namespace(&self) -> String {
        self.tree.text_at(&["metadata", "namespace"])
    }

    /// Group and version.
    pub(super) fn group(&self) -> (String, String) {
        let version = self.tree.text_at(&["apiVersion"]);
        match version.split_once('/') {
            Some((group, version)) => (group.to_owned(), version.to_owned()),
            None => (String::new(), version),
        }
    }

    pub(super) fn is_cluster_wide(&self) -> bool {
        let (group, _) = self.group();
        CLUSTER_KINDS.contains(&self.kind().as_str()) && (group.is_empty() || group.ends_with(".k8s.io") || group == "policy")
    }

    /// Whether it is, or was, called like this.
    pub(super) fn was_called(&self, name: &str) -> bool {
        self.name() == name || self.former.iter().any(|(former, _)| former == name)
    }

    fn was_in(&self, namespace: &str) -> bool {
        let is = |own: &str| own == namespace || own.is_empty() && namespace == "default" || own == "default" && namespace.is_empty();
        is(&self.namespace()) || self.former.iter().any(|(_, former)| is(former))
    }

    /// Gives it another name.
    pub(super) fn rename(&mut self, name: String, cause: &Arc<Cause>) {
        self.remember();
        if let Some(place) = self.tree.get_mut("metadata").and_then(|metadata| metadata.get_mut("name")) {
            place.set_text(name, cause);
        }
    }

    /// Keeps the name and namespace that it has.
    pub(super) fn remember(&mut self) {
        let now = (self.name(), self.namespace());
        if !self.former.contains(&now) {
            self.former.push(now);
        }
    }

    /// Whether a patch that names a resource means this one.
    pub(super) fn is_meant_by(&self, patch: &Tree) -> bool {
        let named = Self::new(patch.clone());
        let (group, version) = named.group();
        let (own_group, own_version) = self.group();
        let namespace = named.namespace();
        named.kind() == self.kind()
            && group == own_group
            && (version == own_version || version.is_empty())
            && self.was_called(&named.name())
            && (namespace.is_empty() || self.was_in(&namespace))
    }
}

/// What selects resources: `group`, `version`, `kind`, `name`, `namespace` as expressions, labels and annotations.
pub(super) struct Selector<'t> {
    tree: &'t Tree,
    exactly: bool,
}

impl<'t> Selector<'t> {
    /// A selector of expressions, which must match as a whole.
    pub(super) const fn patterns(tree: &'t Tree) -> Self {
        Self { tree, exactly: false }
    }

    /// A selector of words.
    pub(super) const fn words(tree: &'t Tree) -> Self {
        Self { tree, exactly: true }
    }

    pub(super) fn selects(&self, resource: &Resource) -> bool {
        let (group, version) = resource.group();
        let api_version = self.tree.text_at(&["apiVersion"]);
        (api_version.is_empty() || api_version == resource.tree.text_at(&["apiVersion"]))
            && self.matches("group", std::iter::once(group.as_str()))
            && self.matches("version", std::iter::once(version.as_str()))
            && self.matches("kind", std::iter::once(resource.kind().as_str()))
            && self.matches("name", names(resource).iter().map(String::as_str))
            && self.matches("namespace", namespaces(resource).iter().map(String::as_str))
            && label_selector(&self.tree.text_at(&["labelSelector"]), resource.tree.at(&["metadata", "labels"]))
            && label_selector(&self.tree.text_at(&["annotationSelector"]), resource.tree.at(&["metadata", "annotations"]))
    }

    fn matches<'v>(&self, field: &str, mut values: impl Iterator<Item = &'v str>) -> bool {
        let pattern = self.tree.text_at(&[field]);
        if pattern.is_empty() {
            return true;
        }
        if self.exactly {
            return values.any(|value| value == pattern || field == "namespace" && pattern == "default" && value.is_empty());
        }
        let Ok(regex) = regex::RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(1 << 20).build() else { return false };
        values.any(|value| regex.is_match(value))
    }
}

fn names(resource: &Resource) -> Vec<String> {
    std::iter::once(resource.name()).chain(resource.former.iter().map(|(name, _)| name.clone())).collect()
}

fn namespaces(resource: &Resource) -> Vec<String> {
    std::iter::once(resource.namespace()).chain(resource.former.iter().map(|(_, namespace)| namespace.clone())).collect()
}

/// Kubernetes' label selectors: `a=b, c!=d, e in (f,g), h, !i`.
fn label_selector(selector: &str, labels: Option<&Tree>) -> bool {
    let value = |name: &str| labels.and_then(|labels| labels.get(name)).and_then(Tree::scalar);
    let mut rest = selector.trim();
    while !rest.is_empty() {
        let closing = rest.find('(').filter(|open| rest.get(..*open).is_some_and(|head| !head.contains(',')));
        let end = match closing {
            Some(open) => rest.get(open..).and_then(|tail| tail.find(')')).map_or(rest.len(), |close| open + close + 1),
            None => rest.find(',').unwrap_or(rest.len()),
        };
        let term = rest.get(..end).unwrap_or_default().trim();
        let holds = if let Some((head, list)) = term.split_once('(') {
            let mut words = head.split_whitespace();
            let (name, operator) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let is_in = value(name).is_some_and(|value| list.trim_end_matches(')').split(',').any(|item| item.trim() == value));
            if operator == "notin" { !is_in } else { is_in }
        } else if let Some((name, wanted)) = term.split_once("!=") {
            value(name.trim()).is_none_or(|value| value != wanted.trim())
        } else if let Some((name, wanted)) = term.split_once('=') {
            value(name.trim()).is_some_and(|value| value == wanted.trim_start_matches('=').trim())
        } else if let Some(name) = term.strip_prefix('!') {
            value(name.trim()).is_none()
        } else {
            value(term).is_some()
        };
        if !holds {
            return false;
        }
        rest = rest.get(end..).unwrap_or_default().trim_start_matches([',', ' ']);
    }
    true
}

/// The resources of a document: one, or those of a `List`.
pub(super) fn of_tree(tree: Tree) -> Vec<Resource> {
    let is_list = tree.text_at(&["kind"]).ends_with("List") && tree.get("items").is_some_and(|items| matches!(items.value, Data::List(_)));
    if !is_list {
        return vec![Resource::new(tree)];
    }
    tree.get("items").map(|items| items.items().iter().cloned().map(Resource::new).collect()).unwrap_or_default()
}
