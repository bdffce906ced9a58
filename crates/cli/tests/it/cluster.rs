//! An API server on loopback that has lists, gives them page by page, and refuses what a test tells it to refuse.
//!
//! That it answers as a real one does is shown by a client that nobody here wrote: `kubectl`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value as Json, json};

/// Resources that it has: group and version, name in paths, kind, whether they lie in namespaces.
const RESOURCES: &[(&str, &str, &str, bool)] = &[
    ("v1", "namespaces", "Namespace", false),
    ("v1", "configmaps", "ConfigMap", true),
    ("v1", "persistentvolumes", "PersistentVolume", false),
    ("v1", "limitranges", "LimitRange", true),
    ("v1", "pods", "Pod", true),
    ("v1", "replicationcontrollers", "ReplicationController", true),
    ("v1", "resourcequotas", "ResourceQuota", true),
    ("v1", "secrets", "Secret", true),
    ("v1", "serviceaccounts", "ServiceAccount", true),
    ("v1", "services", "Service", true),
    ("apps/v1", "daemonsets", "DaemonSet", true),
    ("apps/v1", "deployments", "Deployment", true),
    ("apps/v1", "replicasets", "ReplicaSet", true),
    ("apps/v1", "statefulsets", "StatefulSet", true),
    ("batch/v1", "cronjobs", "CronJob", true),
    ("batch/v1", "jobs", "Job", true),
    ("networking.k8s.io/v1", "ingresses", "Ingress", true),
    ("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", true),
    ("rbac.authorization.k8s.io/v1", "clusterrolebindings", "ClusterRoleBinding", false),
    ("rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", false),
    ("rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding", true),
    ("rbac.authorization.k8s.io/v1", "roles", "Role", true),
    ("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false),
    ("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false),
];

/// The token that it knows.
pub(crate) const TOKEN: &str = "token-of-the-tests";

/// A cluster; it lives as long as the test's process.
pub(crate) struct Cluster {
    pub(crate) server: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// By the name of the resource in paths.
    objects: BTreeMap<String, Vec<Json>>,
    forbidden: BTreeSet<String>,
    /// Statuses that are answered once, before anything else, by the name of the resource.
    hiccups: Vec<(String, u16)>,
    asked: Vec<String>,
}

impl Cluster {
    /// A cluster with these objects.
    pub(crate) fn with(objects: &[Json]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        for object in objects {
            let kind = object["kind"].as_str().unwrap();
            let (_, plural, ..) = RESOURCES.iter().find(|resource| resource.2 == kind).unwrap_or_else(|| panic!("{kind}"));
            let mut object = object.clone();
            // Items of lists don't say what they are; the cluster notes who changed them, and how they are.
            object.as_object_mut().unwrap().retain(|name, _| name != "kind" && name != "apiVersion");
            object["metadata"]["managedFields"] = json!([{"manager": "kubectl", "operation": "Apply"}]);
            object["status"] = json!({});
            state.lock().unwrap().objects.entry((*plural).to_owned()).or_default().push(object);
        }
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream.unwrap(), &shared));
            }
        });
        Self { server, state }
    }

    pub(crate) fn forbids(&self, plural: &str) {
        self.state.lock().unwrap().forbidden.insert(plural.to_owned());
    }

    /// The next question about a resource is answered with this status.
    pub(crate) fn hiccups(&self, plural: &str, status: u16) {
        self.state.lock().unwrap().hiccups.push((plural.to_owned(), status));
    }

    /// What was asked: `status path`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }

    /// A kubeconfig that leads here.
    pub(crate) fn kubeconfig(&self) -> String {
        format!(
            "apiVersion: v1
kind: Config
current-context: test
contexts: [{{name: test, context: {{cluster: here, user: jane}}}}]
clusters: [{{name: here, cluster: {{server: '{}'}}}}]
users: [{{name: jane, user: {{token: {TOKEN}}}}}]
",
            self.server
        )
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let (mut accept, mut is_known) = (String::new(), false);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap();
            match name.to_ascii_lowercase().as_str() {
                "accept" => value.trim().clone_into(&mut accept),
                // kubectl sends no token over a connection that is not encrypted.
                "authorization" => is_known = value.trim() == format!("Bearer {TOKEN}"),
                "user-agent" if value.trim().starts_with("kubectl") => is_known = true,
                _ => {}
            }
        }
        assert!(first.starts_with("GET "), "only reading is allowed: {first}");
        let (status, body) = if is_known { answer(&target, &accept, state) } else { (401, failure(401, "Unauthorized")) };
        state.lock().unwrap().asked.push(format!("{status} {target}"));
        let body = body.to_string();
        let wait = if status == 429 { "Retry-After: 0\r\n" } else { "" };
        let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{wait}Content-Length: {}\r\n\r\n", body.len());
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

fn failure(code: u16, reason: &str) -> Json {
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": reason, "reason": reason, "code": code})
}

fn answer(target: &str, accept: &str, state: &Mutex<State>) -> (u16, Json) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (api, rest) = match parts.as_slice() {
        ["api"] => return (200, json!({"kind": "APIVersions", "versions": ["v1"]})),
        ["apis"] => return (200, groups()),
        ["api", "v1", rest @ ..] => ("v1".to_owned(), rest.to_vec()),
        ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest.to_vec()),
        _ => return (404, failure(404, "NotFound")),
    };
    let (namespace, plural) = match rest.as_slice() {
        [] => return (200, resources_of(&api)),
        ["namespaces", name] => (Some(*name), "namespaces"),
        ["namespaces", name, plural] => (Some(*name), *plural),
        [plural] => (None, *plural),
        _ => return (404, failure(404, "NotFound")),
    };
    let Some((_, _, kind, _)) = RESOURCES.iter().find(|resource| resource.0 == api && resource.1 == plural) else {
        return (404, failure(404, "NotFound"));
    };
    let mut state = state.lock().unwrap();
    if let Some(index) = state.hiccups.iter().position(|(of, status)| of == plural && (*status != 410 || query.contains("continue="))) {
        let (_, status) = state.hiccups.remove(index);
        return (status, failure(status, if status == 410 { "Expired" } else { "TooManyRequests" }));
    }
    if state.forbidden.contains(plural) {
        return (403, failure(403, "Forbidden"));
    }
    let objects = state.objects.get(plural).cloned().unwrap_or_default();
    if plural == "namespaces" && namespace.is_some() {
        let found = objects.into_iter().find(|object| object["metadata"]["name"].as_str() == namespace);
        return found.map_or((404, failure(404, "NotFound")), |object| (200, object));
    }
    let here = objects.into_iter().filter(|object| namespace.is_none() || object["metadata"]["namespace"].as_str() == namespace);
    page(here.collect(), &api, kind, query, accept)
}

/// A page, whose mark for the next one is the number of its first object.
fn page(mut objects: Vec<Json>, api: &str, kind: &str, query: &str, accept: &str) -> (u16, Json) {
    let parameter = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    if let Some(filter) = parameter("fieldSelector").filter(|filter| filter.starts_with("type%3D")) {
        let wanted = filter.trim_start_matches("type%3D").replace("%2F", "/");
        objects.retain(|object| object["type"] == wanted.as_str());
    }
    let is_metadata = accept.contains("PartialObjectMetadataList");
    if kind == "Secret" && !is_metadata {
        assert!(accept.contains("as=Table"), "secrets were asked for with what they hold");
    }
    // Pages are small, whatever is asked for, so that there are several.
    let limit: usize =
        parameter("limit").and_then(|limit| limit.parse().ok()).filter(|limit| 0 < *limit).map_or(usize::MAX, |limit: usize| limit.min(2));
    let start: usize = parameter("continue").and_then(|mark| mark.strip_prefix("at-")?.parse().ok()).unwrap_or(0);
    let end = start.saturating_add(limit).min(objects.len());
    let mut metadata = json!({"resourceVersion": "7"});
    if end < objects.len() {
        metadata["continue"] = json!(format!("at-{end}"));
        metadata["remainingItemCount"] = json!(objects.len() - end);
    }
    let items = objects.get(start..end).unwrap_or_default();
    if is_metadata {
        let items: Vec<Json> = items.iter().map(|object| json!({"metadata": object["metadata"]})).collect();
        return (200, json!({"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "items": items}));
    }
    (200, json!({"kind": format!("{kind}List"), "apiVersion": api, "metadata": metadata, "items": items}))
}

fn groups() -> Json {
    let names: BTreeSet<&str> = RESOURCES.iter().filter_map(|resource| resource.0.split_once('/')).map(|(group, _)| group).collect();
    let group = |name: &&str| {
        let version = json!({"groupVersion": format!("{name}/v1"), "version": "v1"});
        json!({"name": name, "versions": [version], "preferredVersion": version})
    };
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": names.iter().map(group).collect::<Vec<_>>()})
}

fn resources_of(api: &str) -> Json {
    let resource = |(_, plural, kind, is_namespaced): &(&str, &str, &str, bool)| json!({"name": plural, "singularName": kind.to_lowercase(), "namespaced": is_namespaced, "kind": kind, "verbs": ["get", "list"]});
    let resources: Vec<Json> = RESOURCES.iter().filter(|resource| resource.0 == api).map(resource).collect();
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": api, "resources": resources})
}
