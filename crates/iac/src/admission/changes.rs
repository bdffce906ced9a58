//! Safe values for what an object does not say, as operations of a JSON Patch (RFC 6902).
//!
//! A value is added only where nobody set one, and only where it does not take away what the object relies on: a pod gets the seccomp
//! profile of its container runtime, and a container that says it is not root can't become it.

use serde_json::{Map, Value as Json, json};

use crate::kubernetes::{canonical_type, template_way};

const SECCOMP_ANNOTATION: &str = "seccomp.security.alpha.kubernetes.io/";
/// The most containers whose values are looked at.
const MAX_CONTAINERS: usize = 1_000;

/// The operations that make an object safer; none for objects that start no pods.
pub(super) fn of(object: &Json, api_version: &str, kind: &str) -> Vec<Json> {
    let canonical = canonical_type(api_version, kind);
    let Some(way) = template_way(&canonical) else { return Vec::new() };
    let at: String = way.iter().map(|name| format!("/{name}")).collect();
    let Some((template, spec)) = object.pointer(&at).and_then(|template| Some((template, template.get("spec")?))) else {
        return Vec::new();
    };
    if spec.pointer("/os/name").and_then(Json::as_str) == Some("windows") {
        return Vec::new();
    }
    let mut patch = Vec::new();
    patch.extend(seccomp(template, spec, &format!("{at}/spec")));
    for list in ["initContainers", "containers"] {
        let containers = spec.get(list).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        for (number, container) in containers.iter().take(MAX_CONTAINERS).enumerate() {
            patch.extend(no_escalation(container, spec, &format!("{at}/spec/{list}/{number}")));
        }
    }
    patch
}

/// A profile for the pod, where neither a field nor an annotation of old names one.
fn seccomp(template: &Json, spec: &Json, at: &str) -> Option<Json> {
    let annotations = template.pointer("/metadata/annotations").and_then(Json::as_object);
    if annotations.is_some_and(|annotations| annotations.keys().any(|name| name.contains(SECCOMP_ANNOTATION))) {
        return None;
    }
    let value = json!({ "type": "RuntimeDefault" });
    added(spec.get("securityContext"), &format!("{at}/securityContext"), "seccompProfile", value)
}

/// What a container that is not root has no use for. The API refuses it for those that are privileged or have `SYS_ADMIN`.
fn no_escalation(container: &Json, spec: &Json, at: &str) -> Option<Json> {
    let context = container.get("securityContext");
    let flag = |context: Option<&Json>, name: &str| context.and_then(|context| context.get(name)).and_then(Json::as_bool);
    let is_not_root = flag(context, "runAsNonRoot").or_else(|| flag(spec.get("securityContext"), "runAsNonRoot")) == Some(true);
    let added_capabilities = context.and_then(|context| context.pointer("/capabilities/add")).and_then(Json::as_array);
    let is_strong = |name: &Json| matches!(name.as_str(), Some("SYS_ADMIN" | "CAP_SYS_ADMIN"));
    let is_strong = flag(context, "privileged") == Some(true) || added_capabilities.is_some_and(|names| names.iter().any(is_strong));
    if !is_not_root || is_strong {
        return None;
    }
    added(context, &format!("{at}/securityContext"), "allowPrivilegeEscalation", Json::Bool(false))
}

/// The operation that adds a member to an object, or the object with it.
fn added(object: Option<&Json>, at: &str, name: &str, value: Json) -> Option<Json> {
    match object {
        Some(Json::Object(members)) if members.get(name).is_some_and(|value| !value.is_null()) => None,
        Some(Json::Object(_)) => Some(json!({ "op": "add", "path": format!("{at}/{name}"), "value": value })),
        None | Some(Json::Null) => {
            let object: Map<String, Json> = [(name.to_owned(), value)].into_iter().collect();
            Some(json!({ "op": "add", "path": at, "value": object }))
        }
        // The API refuses it.
        Some(_) => None,
    }
}
