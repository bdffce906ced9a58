//! Resources of Terraform's provider `kubernetes` as the manifests that they would make.
//!
//! The provider writes the same objects with other names: snake case, blocks for objects and for items of lists, and singular names
//! where the API has plural ones.

use std::{collections::BTreeMap, sync::Arc};

use crate::{Kind, Map, Member, Value};

/// Blocks and attributes whose name in the API is not just another spelling. Those that are lists there are marked.
#[rustfmt::skip]
const NAMES: &[(&str, &str, Shape)] = &[
    ("api_group", "apiGroup", Shape::Same),
    ("cluster_ip", "clusterIP", Shape::Same),
    ("cluster_ips", "clusterIPs", Shape::Same),
    ("container", "containers", Shape::List),
    ("downward_api", "downwardAPI", Shape::Object),
    ("egress", "egress", Shape::List),
    ("env", "env", Shape::List),
    ("env_from", "envFrom", Shape::List),
    ("external_ips", "externalIPs", Shape::Same),
    ("from", "from", Shape::List),
    ("host_aliases", "hostAliases", Shape::List),
    ("host_ip", "hostIP", Shape::Same),
    ("host_ipc", "hostIPC", Shape::Same),
    ("host_pid", "hostPID", Shape::Same),
    ("http_header", "httpHeaders", Shape::List),
    ("image_pull_secret", "imagePullSecrets", Shape::List),
    ("image_pull_secrets", "imagePullSecrets", Shape::List),
    ("ingress", "ingress", Shape::List),
    ("init_container", "initContainers", Shape::List),
    ("items", "items", Shape::List),
    ("limit", "limits", Shape::List),
    ("load_balancer_ip", "loadBalancerIP", Shape::Same),
    ("match_expressions", "matchExpressions", Shape::List),
    ("non_resource_urls", "nonResourceURLs", Shape::Same),
    ("path", "paths", Shape::List),
    ("ports", "ports", Shape::List),
    ("readiness_gate", "readinessGates", Shape::List),
    ("rule", "rules", Shape::List),
    ("sources", "sources", Shape::List),
    ("subject", "subjects", Shape::List),
    ("sysctl", "sysctls", Shape::List),
    ("tls", "tls", Shape::List),
    ("to", "to", Shape::List),
    ("toleration", "tolerations", Shape::List),
    ("topology_spread_constraint", "topologySpreadConstraints", Shape::List),
    ("volume", "volumes", Shape::List),
    ("volume_claim_template", "volumeClaimTemplates", Shape::List),
    ("volume_device", "volumeDevices", Shape::List),
    ("volume_mount", "volumeMounts", Shape::List),
    ("webhook", "webhooks", Shape::List),
];

/// Maps whose names are the user's.
const USERS_NAMES: &[&str] = &[
    "annotations",
    "labels",
    "match_labels",
    "node_selector",
    "selector",
    "limits",
    "requests",
    "default",
    "default_request",
    "max",
    "min",
    "hard",
    "data",
    "binary_data",
    "string_data",
    "parameters",
    "volume_attributes",
    "driver",
];

/// Types whose kind is not just another spelling.
#[rustfmt::skip]
const KINDS: &[(&str, &str)] = &[
    ("api_service", "APIService"),
    ("csi_driver", "CSIDriver"),
    ("daemonset", "DaemonSet"),
    ("default_service_account", "ServiceAccount"),
    ("stateful_set", "StatefulSet"),
];

/// What a value of the provider becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// It stays as it is.
    Same,
    /// The only block is the object.
    Object,
    /// The blocks are the items.
    List,
}

/// The kind and the manifest of a resource of the provider; nothing if the type is not one of its, or its manifest is not known.
///
/// `body` has the attributes as Terraform evaluates them, with blocks as lists of maps.
#[must_use]
pub(crate) fn manifest(native_type: &str, body: &Value) -> Option<(String, Value)> {
    let name = native_type.strip_prefix("kubernetes_").or_else(|| (native_type == "kubectl_manifest").then_some("manifest"))?;
    if name == "manifest" {
        let manifest = body.get("manifest")?;
        let text = |name| manifest.get(name).and_then(Value::text);
        return Some((super::manifest::canonical_type(text("apiVersion")?, text("kind")?), manifest.clone()));
    }
    let name = without_version(name);
    let kind = KINDS.iter().find(|(known, _)| *known == name).map_or_else(|| camel(name, true), |(_, kind)| (*kind).to_owned());
    Some((kind, object(body)))
}

/// A type without the version at its end: `deployment_v1`.
fn without_version(name: &str) -> &str {
    let Some((stem, version)) = name.rsplit_once("_v") else { return name };
    if version.starts_with(|character: char| character.is_ascii_digit()) { stem } else { name }
}

fn camel(name: &str, is_upper: bool) -> String {
    let mut out = String::new();
    for (number, word) in name.split('_').filter(|word| !word.is_empty()).enumerate() {
        let mut characters = word.chars();
        let first = characters.next();
        if number == 0 && !is_upper {
            out.extend(first);
        } else {
            out.extend(first.into_iter().flat_map(char::to_uppercase));
        }
        out.extend(characters);
    }
    out
}

/// A value with the names of the API, wherever it lies.
fn object(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Map(map) => Kind::Map(Arc::new(Map(members(map)))),
        Kind::List(items) => Kind::List(items.iter().map(object).collect()),
        Kind::OneOf(values) => Kind::OneOf(values.iter().map(object).collect()),
        other => other.clone(),
    };
    Value { kind, ..value.clone() }
}

fn members(map: &Map) -> BTreeMap<Arc<str>, Member> {
    let mut out = BTreeMap::new();
    for (name, member) in &map.0 {
        if member.value.is_null() {
            continue;
        }
        let known = NAMES.iter().find(|(known, ..)| *known == name.as_ref());
        let (new_name, value) = match known {
            // A port is an item of a list where there are several, and an object in a backend.
            None if name.as_ref() == "port" => port(map, &member.value),
            // In a selector with `match_labels` the names are the API's; in that of a service they are the user's.
            None if USERS_NAMES.contains(&name.as_ref()) && !is_blocks(&member.value) => (camel(name, false), member.value.clone()),
            None => (camel(name, false), unwrapped(&member.value)),
            Some((_, new_name, Shape::Same)) => ((*new_name).to_owned(), member.value.clone()),
            Some((_, new_name, Shape::Object)) => ((*new_name).to_owned(), unwrapped(&member.value)),
            Some((_, new_name, Shape::List)) if is_blocks(&member.value) => ((*new_name).to_owned(), object(&member.value)),
            // An attribute of the same name: the path of a probe.
            Some(_) => (camel(name, false), object(&member.value)),
        };
        out.insert(new_name.into(), Member { name: member.name, value });
    }
    out
}

/// Whether a value is made of blocks.
fn is_blocks(value: &Value) -> bool {
    value.items().iter().any(|item| matches!(item.kind, Kind::Map(_)))
}

/// The object of the only block, or the value as it is.
fn unwrapped(value: &Value) -> Value {
    match value.items() {
        [only] if matches!(only.kind, Kind::Map(_) | Kind::Unknown(_)) => object(only),
        _ => object(value),
    }
}

/// Ports of containers and services are lists; those of backends and probes are not.
fn port(parent: &Map, value: &Value) -> (String, Value) {
    let is_list = is_blocks(value) && (parent.0.contains_key("image") || !parent.0.contains_key("name"));
    if is_list { ("ports".to_owned(), object(value)) } else { ("port".to_owned(), unwrapped(value)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;

    /// Compares what becomes of a resource, given and expected as YAML, without places.
    #[track_caller]
    fn check(native_type: &str, body: &str, kind: &str, expected: &str) {
        let (found_kind, found) = manifest(native_type, &data::values_of(body)[0]).unwrap();
        assert_eq!(found_kind, kind);
        assert_eq!(plain(&found), plain(&data::values_of(expected)[0]));
    }

    fn plain(value: &Value) -> String {
        match &value.kind {
            Kind::Map(map) => {
                let members: Vec<String> = map.0.iter().map(|(name, member)| format!("{name}: {}", plain(&member.value))).collect();
                format!("{{{}}}", members.join(", "))
            }
            Kind::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
            _ => value.shown(),
        }
    }

    #[test]
    fn a_deployment_becomes_what_the_api_takes() {
        check(
            "kubernetes_deployment_v1",
            "{metadata: [{name: web, labels: {app_name: web}}], spec: [{template: [{spec: [{host_pid: true, container: [{name: a, image: b, port: [{container_port: 80}], security_context: [{run_as_user: 0, capabilities: [{add: [NET_RAW]}]}], liveness_probe: [{http_get: [{path: /, port: 80}]}]}], volume: [{name: d, host_path: [{path: /}]}]}]}]}]}",
            "Deployment",
            "{metadata: {name: web, labels: {app_name: web}}, spec: {template: {spec: {hostPID: true, containers: [{name: a, image: b, ports: [{containerPort: 80}], securityContext: {runAsUser: 0, capabilities: {add: [NET_RAW]}}, livenessProbe: {httpGet: {path: /, port: 80}}}], volumes: [{name: d, hostPath: {path: /}}]}}}}",
        );
    }

    #[test]
    fn roles_and_policies_are_lists_of_rules() {
        check(
            "kubernetes_cluster_role",
            "{metadata: [{name: r}], rule: [{api_groups: [''], resources: [pods], verbs: [get]}]}",
            "ClusterRole",
            "{metadata: {name: r}, rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}",
        );
        check(
            "kubernetes_network_policy",
            "{spec: [{pod_selector: [{match_labels: {a_b: c}}], ingress: [{from: [{ip_block: [{cidr: 10.0.0.0/8}]}]}], policy_types: [Ingress]}]}",
            "NetworkPolicy",
            "{spec: {podSelector: {matchLabels: {a_b: c}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}], policyTypes: [Ingress]}}",
        );
    }

    #[test]
    fn a_manifest_is_itself() {
        let manifest = "{manifest: {apiVersion: apps/v1, kind: DaemonSet, spec: {}}}";
        check("kubernetes_manifest", manifest, "DaemonSet", "{apiVersion: apps/v1, kind: DaemonSet, spec: {}}");
        assert!(super::manifest("aws_instance", &Value::null()).is_none());
    }
}
