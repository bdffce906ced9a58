//! The pods that a resource would start, and their containers.

use super::{
    field::{self, Field, place_of, unknown_cause, walk},
    index::in_namespace,
    manifest::Namespace,
};
use crate::{Cause, Graph, Kind, Place, Resource, Value};

/// Where the pod template of a kind lies: the way to an object with `metadata` and `spec`. `*` stands for each item or member.
#[rustfmt::skip]
const TEMPLATES: &[(&str, &[&str])] = &[
    ("Pod", &[]),
    ("PodTemplate", &["template"]),
    ("Deployment", &["spec", "template"]),
    ("ReplicaSet", &["spec", "template"]),
    ("StatefulSet", &["spec", "template"]),
    ("DaemonSet", &["spec", "template"]),
    ("ReplicationController", &["spec", "template"]),
    ("Job", &["spec", "template"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template"]),
    // Argo Rollouts.
    ("Rollout", &["spec", "template"]),
    // Knative.
    ("Service.serving.knative.dev", &["spec", "template"]),
    ("Configuration", &["spec", "template"]),
    ("Revision", &[]),
    // Knative Eventing.
    ("ContainerSource", &["spec", "template"]),
    // OpenShift.
    ("DeploymentConfig", &["spec", "template"]),
    // OpenKruise.
    ("CloneSet", &["spec", "template"]),
    ("StatefulSet.apps.kruise.io", &["spec", "template"]),
    ("DaemonSet.apps.kruise.io", &["spec", "template"]),
    // KEDA.
    ("ScaledJob", &["spec", "jobTargetRef", "template"]),
    // Sets of jobs, Volcano, Kubeflow, Ray.
    ("JobSet", &["spec", "replicatedJobs", "*", "template", "spec", "template"]),
    ("Job.batch.volcano.sh", &["spec", "tasks", "*", "template"]),
    ("PyTorchJob", &["spec", "pytorchReplicaSpecs", "*", "template"]),
    ("TFJob", &["spec", "tfReplicaSpecs", "*", "template"]),
    ("MPIJob", &["spec", "mpiReplicaSpecs", "*", "template"]),
    ("RayCluster", &["spec", "headGroupSpec", "template"]),
    ("RayCluster", &["spec", "workerGroupSpecs", "*", "template"]),
    ("RayJob", &["spec", "rayClusterSpec", "headGroupSpec", "template"]),
    ("RayJob", &["spec", "rayClusterSpec", "workerGroupSpecs", "*", "template"]),
];

/// The canonical types that start pods, without repetition. Rules call all of them `workload`.
pub(crate) const KINDS: &[&str] = &[
    "Pod",
    "PodTemplate",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "Rollout",
    "Service.serving.knative.dev",
    "Configuration",
    "Revision",
    "ContainerSource",
    "DeploymentConfig",
    "CloneSet",
    "StatefulSet.apps.kruise.io",
    "DaemonSet.apps.kruise.io",
    "ScaledJob",
    "JobSet",
    "Job.batch.volcano.sh",
    "PyTorchJob",
    "TFJob",
    "MPIJob",
    "RayCluster",
    "RayJob",
];

/// A pod that a resource would start.
#[derive(Debug, Clone, Copy)]
pub struct Pod<'g> {
    /// What starts it.
    pub(crate) resource: &'g Resource,
    /// The object that has its metadata and its specification.
    pub(crate) template: &'g Value,
    /// Its specification.
    pub(crate) spec: &'g Value,
    /// Which of the pods of its resource it is.
    number: usize,
}

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It runs to its end before the others start, or beside them if it is always restarted.
    Init,
    /// It does the work.
    Main,
    /// It was added to a running pod.
    Ephemeral,
}

/// A container of a pod.
#[derive(Debug, Clone, Copy)]
pub struct Container<'p> {
    /// Its pod.
    pub(crate) pod: &'p Pod<'p>,
    /// What it is for.
    pub(crate) role: Role,
    /// Its specification.
    pub(crate) value: &'p Value,
    number: usize,
}

/// All pods of a graph, in order of their resources.
pub(crate) fn pods(graph: &Graph) -> Vec<Pod<'_>> {
    let mut resources: Vec<&Resource> = KINDS.iter().flat_map(|kind| graph.of_type(kind)).collect();
    resources.sort_unstable_by_key(|resource| resource.id);
    resources.into_iter().flat_map(pods_of).collect()
}

/// The pods of a namespace, in order of their kinds.
pub(crate) fn pods_in<'g>(graph: &'g Graph, scope: crate::ScopeId, namespace: &str) -> Vec<Pod<'g>> {
    KINDS.iter().flat_map(|kind| in_namespace(graph, kind, scope, namespace)).flat_map(pods_of).collect()
}

/// The way to the only pod template of a kind; nothing for kinds that have none, or several.
pub(crate) fn template_way(kind: &str) -> Option<&'static [&'static str]> {
    let way = TEMPLATES.iter().find(|(known, _)| *known == kind)?.1;
    (!way.contains(&"*")).then_some(way)
}

/// The pods that a resource would start.
pub(crate) fn pods_of(resource: &Resource) -> Vec<Pod<'_>> {
    let mut templates = Vec::new();
    for (_, way) in TEMPLATES.iter().filter(|(kind, _)| *kind == resource.canonical_type.as_ref()) {
        follow(&resource.body, way, &mut templates);
    }
    let mut pods = Vec::new();
    for (number, template) in templates.into_iter().enumerate() {
        let spec = if unknown_cause(template).is_some() { Some(template) } else { template.get("spec") };
        pods.extend(spec.map(|spec| Pod { resource, template, spec, number }));
    }
    pods
}

fn follow<'v>(value: &'v Value, way: &[&str], into: &mut Vec<&'v Value>) {
    let Some((name, rest)) = way.split_first() else {
        into.push(value);
        return;
    };
    match &value.kind {
        Kind::Unknown(_) | Kind::OneOf(_) => into.push(value),
        Kind::List(items) if *name == "*" => items.iter().for_each(|item| follow(item, rest, into)),
        Kind::Map(map) if *name == "*" => map.0.values().for_each(|member| follow(&member.value, rest, into)),
        _ => value.get(name).into_iter().for_each(|member| follow(member, rest, into)),
    }
}

impl<'g> Pod<'g> {
    /// Its containers: those that prepare it first.
    pub(crate) fn containers(&self) -> Vec<Container<'_>> {
        const LISTS: &[(&str, Role)] =
            &[("initContainers", Role::Init), ("containers", Role::Main), ("ephemeralContainers", Role::Ephemeral)];
        let of_list = |&(name, role): &(&str, Role)| {
            let items = self.spec.get(name).map(Value::items).unwrap_or_default();
            items.iter().enumerate().map(move |(number, value)| Container { pod: self, role, value, number })
        };
        LISTS.iter().flat_map(of_list).collect()
    }

    /// Why its containers are not known, if they are not.
    pub(crate) fn unknown(&self) -> Option<(Cause, Place)> {
        let lists = ["containers", "initContainers"].iter().filter_map(|name| self.spec.get(name));
        let items = lists.clone().flat_map(Value::items);
        [self.spec].into_iter().chain(lists).chain(items).find_map(|value| Some((unknown_cause(value)?, value.place)))
    }

    /// Its security context.
    pub(crate) fn security(&self) -> Option<&'g Value> {
        walk(self.spec, &["securityContext"])
    }

    /// An annotation of the pod.
    pub(crate) fn annotations(&self) -> Option<&'g Value> {
        walk(self.template, &["metadata", "annotations"])
    }

    /// The labels of the pod.
    pub(crate) fn labels(&self) -> Option<&'g Value> {
        walk(self.template, &["metadata", "labels"])
    }

    /// Where it lies: the namespace of what starts it.
    pub(crate) fn namespace(&self) -> Namespace<'g> {
        Namespace::of(self.resource)
    }

    /// Whether it runs on Windows.
    pub(crate) fn is_windows(&self) -> bool {
        field::text(walk(self.spec, &["os"]), "name").known() == Some("windows")
    }

    /// Whether root in it is nobody on the node.
    pub(crate) fn has_user_namespace(&self) -> bool {
        field::flag(Some(self.spec), "hostUsers").known() == Some(false)
    }

    /// The service account whose rights it has.
    pub(crate) fn service_account(&self) -> Field<&'g str> {
        field::text(Some(self.spec), "serviceAccountName").or(|| field::text(Some(self.spec), "serviceAccount"))
    }

    /// Where it is named: the place of its specification's first line.
    pub(crate) fn place(&self) -> Place {
        if self.template.member("spec").is_some() { place_of(self.template, "spec") } else { self.resource.header }
    }

    /// What tells it from other pods of the same resource.
    pub(crate) fn part(&self, field: &str) -> String {
        if self.number == 0 { field.to_owned() } else { format!("{}.{field}", self.number) }
    }
}

impl<'p> Container<'p> {
    /// Its name, or its number if it has none.
    pub(crate) fn name(&self) -> String {
        self.value.get("name").and_then(Value::text).map_or_else(|| format!("#{}", self.number + 1), str::to_owned)
    }

    /// Its own security context.
    pub(crate) fn security(&self) -> Option<&'p Value> {
        walk(self.value, &["securityContext"])
    }

    /// What it, or else its pod, says in an object of the security context: `seccompProfile`.
    pub(crate) fn merged(&self, name: &str) -> Option<&'p Value> {
        self.security().and_then(|own| walk(own, &[name])).or_else(|| self.pod.security().and_then(|of_pod| walk(of_pod, &[name])))
    }

    /// A truth value of its security context.
    pub(crate) fn flag(&self, name: &str) -> Field<bool> {
        field::flag(self.security(), name)
    }

    /// A truth value of its security context or else that of its pod.
    pub(crate) fn merged_flag(&self, name: &str) -> Field<bool> {
        self.flag(name).or(|| field::flag(self.pod.security(), name))
    }

    /// A number of its security context or else that of its pod.
    pub(crate) fn merged_number(&self, name: &str) -> Field<f64> {
        field::number(self.security(), name).or(|| field::number(self.pod.security(), name))
    }

    /// Where it starts.
    pub(crate) fn place(&self) -> Place {
        if self.value.get("name").is_some() {
            return place_of(self.value, "name");
        }
        let first = self.value.map().and_then(|map| map.0.values().map(|member| member.name).min());
        first.unwrap_or(self.value.place)
    }

    /// A sentence about it.
    pub(crate) fn says(&self, what: &str) -> String {
        let role = match self.role {
            Role::Init => "the init container",
            Role::Main => "the container",
            Role::Ephemeral => "the ephemeral container",
        };
        format!("{role} `{}` {what}", self.name())
    }

    /// What tells it from other containers of the same resource.
    pub(crate) fn part(&self, field: &str) -> String {
        let list = match self.role {
            Role::Init => "initContainers",
            Role::Main => "containers",
            Role::Ephemeral => "ephemeralContainers",
        };
        self.pod.part(&format!("{list}.{}.{field}", self.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data, kubernetes::manifest};

    #[test]
    fn each_kind_with_a_template_is_listed_once() {
        let mut kinds: Vec<&str> = TEMPLATES.iter().map(|(kind, _)| *kind).collect();
        kinds.dedup();
        assert_eq!(kinds, KINDS);
    }

    #[test]
    fn containers_of_every_pod_of_a_resource_are_found() {
        let yaml = "
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: ray}
spec:
  headGroupSpec: {template: {spec: {containers: [{name: head}]}}}
  workerGroupSpecs:
  - {template: {spec: {initContainers: [{name: wait}], containers: [{image: a}]}}}
";
        let mut graph = Graph::default();
        data::values_of(yaml).iter().for_each(|manifest| manifest::add(manifest, manifest::MANIFESTS, &mut graph));
        let pods = pods(&graph);
        let parts: Vec<String> = pods.iter().flat_map(|pod| pod.containers().iter().map(|c| c.part("x")).collect::<Vec<_>>()).collect();
        assert_eq!(parts, ["containers.head.x", "1.initContainers.wait.x", "1.containers.#1.x"]);
    }
}
