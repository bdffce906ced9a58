//! Which manifests mean which others: by name, or by labels.

use super::{
    check::network,
    manifest::Namespace,
    pod::{self, Pod},
};
use crate::{Format, Graph, Resource, Value};

/// The resources that a manifest means: roles and accounts of bindings, accounts of pods, pods of network policies and services.
pub(crate) fn meant_by<'g>(resource: &'g Resource, graph: &'g Graph) -> Vec<&'g Resource> {
    if resource.format != Format::Kubernetes {
        return Vec::new();
    }
    let namespace = Namespace::of(resource).name();
    match &*resource.canonical_type {
        "RoleBinding" | "ClusterRoleBinding" => of_binding(resource, namespace, graph),
        "NetworkPolicy" => pods_that(graph, |pod| network::selects_pod(resource, pod) == Some(true)),
        "Service" => {
            let selector = resource.body.at(&["spec", "selector"]).filter(|selector| selector.map().is_some_and(|map| !map.0.is_empty()));
            let is_selected = |pod: &Pod<'_>| {
                let is_here = pod.resource.scope == resource.scope && pod.namespace().name() == namespace;
                is_here && selector.is_some_and(|selector| has_labels(pod, selector))
            };
            pods_that(graph, is_selected)
        }
        kind if pod::KINDS.contains(&kind) => {
            let accounts = pod::pods_of(resource).into_iter().filter_map(|pod| pod.service_account().known());
            accounts.flat_map(|account| named(resource, "ServiceAccount", account, namespace, graph)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_binding<'g>(binding: &'g Resource, namespace: &str, graph: &'g Graph) -> Vec<&'g Resource> {
    let text = |value: &'g Value, name: &str| value.get(name).and_then(Value::text).unwrap_or_default();
    let mut meant = Vec::new();
    if let Some(role) = binding.get("roleRef") {
        let kind = text(role, "kind");
        let namespace = if kind == "Role" { namespace } else { "" };
        meant.extend(named(binding, kind, text(role, "name"), namespace, graph));
    }
    for subject in binding.get("subjects").map(Value::items).unwrap_or_default() {
        if text(subject, "kind") == "ServiceAccount" {
            let namespace = Some(text(subject, "namespace")).filter(|name| !name.is_empty()).unwrap_or(namespace);
            meant.extend(named(binding, "ServiceAccount", text(subject, "name"), namespace, graph));
        }
    }
    meant
}

/// Objects of a kind with a name, in a namespace, or of the whole cluster.
fn named<'g>(by: &Resource, kind: &str, name: &str, namespace: &str, graph: &'g Graph) -> Vec<&'g Resource> {
    let is_meant = |other: &&Resource| {
        let of = Namespace::of(other);
        other.scope == by.scope && &*other.name == name && (of == Namespace::ClusterWide || of.name() == namespace)
    };
    graph.of_type(kind).filter(is_meant).collect()
}

fn pods_that(graph: &Graph, is_meant: impl Fn(&Pod<'_>) -> bool) -> Vec<&Resource> {
    pod::pods(graph).into_iter().filter(is_meant).map(|pod| pod.resource).collect()
}

fn has_labels(pod: &Pod<'_>, wanted: &Value) -> bool {
    let label = |name: &str| pod.labels().and_then(|labels| labels.get(name)).and_then(Value::text);
    wanted.map().is_some_and(|map| map.0.iter().all(|(name, member)| label(name).is_some() && label(name) == member.value.text()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// The addresses of what a manifest means.
    #[track_caller]
    fn check(yaml: &str, address: &str, expected: &[&str]) {
        let graph = fixture::graph(&[("all.yaml", yaml)]);
        let resource = graph.resources().iter().find(|resource| &*resource.address == address).unwrap();
        let meant: Vec<&str> = meant_by(resource, &graph).into_iter().map(|resource| &*resource.address).collect();
        assert_eq!(meant, expected);
    }

    #[test]
    fn bindings_mean_roles_and_accounts() {
        let yaml = "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bind, namespace: a}
roleRef: {kind: Role, name: read}
subjects:
- {kind: ServiceAccount, name: bot}
- {kind: ServiceAccount, name: bot, namespace: b}
- {kind: User, name: bot}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: read, namespace: a}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: read, namespace: b}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: a}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: b}
";
        check(yaml, "RoleBinding/a/bind", &["Role/a/read", "ServiceAccount/a/bot", "ServiceAccount/b/bot"]);
    }

    #[test]
    fn selectors_mean_pods() {
        let yaml = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {matchLabels: {app: web}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: one, labels: {app: web, tier: front}}
spec: {containers: [], serviceAccountName: bot}
---
apiVersion: v1
kind: Pod
metadata: {name: two, labels: {app: db}}
spec: {containers: []}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot}
";
        check(yaml, "NetworkPolicy/deny", &["Pod/one"]);
        check(yaml, "Service/web", &["Pod/one"]);
        check(yaml, "Pod/one", &["ServiceAccount/bot"]);
    }
}
