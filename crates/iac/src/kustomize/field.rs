//! Which fields of which kinds hold names, labels, annotations and images: Kustomize's built-in tables, shorter.

use super::tree::{Data, Tree};

/// Kinds with a template for pods, and the way to it.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("ReplicationController", "spec/template"),
    ("Deployment", "spec/template"),
    ("ReplicaSet", "spec/template"),
    ("DaemonSet", "spec/template"),
    ("StatefulSet", "spec/template"),
    ("Job", "spec/template"),
    ("CronJob", "spec/jobTemplate/spec/template"),
];

/// Where kinds select pods by labels: kind, group (empty: any), way, and whether it is made if it is not there.
pub(super) const SELECTORS: &[(&str, &str, &str, bool)] = &[
    ("Service", "", "spec/selector", true),
    ("ReplicationController", "", "spec/selector", true),
    ("Deployment", "", "spec/selector/matchLabels", true),
    ("ReplicaSet", "", "spec/selector/matchLabels", true),
    ("DaemonSet", "", "spec/selector/matchLabels", true),
    ("StatefulSet", "apps", "spec/selector/matchLabels", true),
    ("Job", "batch", "spec/selector/matchLabels", false),
    ("CronJob", "batch", "spec/jobTemplate/spec/selector/matchLabels", false),
    ("PodDisruptionBudget", "policy", "spec/selector/matchLabels", false),
    ("NetworkPolicy", "networking.k8s.io", "spec/podSelector/matchLabels", false),
    ("NetworkPolicy", "networking.k8s.io", "spec/ingress/from/podSelector/matchLabels", false),
    ("NetworkPolicy", "networking.k8s.io", "spec/egress/to/podSelector/matchLabels", false),
];

/// Where a Deployment's and a StatefulSet's pods select others.
pub(super) const AFFINITIES: &[&str] = &[
    "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
];

/// What pods refer to by name, and the way from the pod's `spec`.
pub(super) const POD_REFERENCES: &[(&str, &str)] = &[
    ("ConfigMap", "volumes/configMap/name"),
    ("ConfigMap", "containers/env/valueFrom/configMapKeyRef/name"),
    ("ConfigMap", "initContainers/env/valueFrom/configMapKeyRef/name"),
    ("ConfigMap", "containers/envFrom/configMapRef/name"),
    ("ConfigMap", "initContainers/envFrom/configMapRef/name"),
    ("ConfigMap", "volumes/projected/sources/configMap/name"),
    ("Secret", "volumes/secret/secretName"),
    ("Secret", "containers/env/valueFrom/secretKeyRef/name"),
    ("Secret", "initContainers/env/valueFrom/secretKeyRef/name"),
    ("Secret", "containers/envFrom/secretRef/name"),
    ("Secret", "initContainers/envFrom/secretRef/name"),
    ("Secret", "imagePullSecrets/name"),
    ("Secret", "volumes/projected/sources/secret/name"),
    ("ServiceAccount", "serviceAccountName"),
    ("PersistentVolumeClaim", "volumes/persistentVolumeClaim/claimName"),
    ("PriorityClass", "priorityClassName"),
];

/// What other kinds refer to by name: the kind named, the kind that names it, and the way.
pub(super) const REFERENCES: &[(&str, &str, &str)] = &[
    ("Deployment", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    ("ReplicationController", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    ("ReplicaSet", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    ("StatefulSet", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"),
    ("ConfigMap", "Role", "rules/resourceNames"),
    ("ConfigMap", "ClusterRole", "rules/resourceNames"),
    ("ConfigMap", "Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"),
    ("Secret", "Ingress", "spec/tls/secretName"),
    ("Secret", "Ingress", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"),
    ("Secret", "Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"),
    ("Secret", "Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"),
    ("Secret", "ServiceAccount", "imagePullSecrets/name"),
    ("Secret", "StorageClass", "parameters/secretName"),
    ("Secret", "StorageClass", "parameters/adminSecretName"),
    ("Secret", "StorageClass", "parameters/userSecretName"),
    ("Secret", "StorageClass", "parameters/secretRef"),
    ("Secret", "Role", "rules/resourceNames"),
    ("Secret", "ClusterRole", "rules/resourceNames"),
    ("Secret", "PersistentVolume", "spec/azureFile/secretName"),
    ("Service", "StatefulSet", "spec/serviceName"),
    ("Service", "Ingress", "spec/rules/http/paths/backend/serviceName"),
    ("Service", "Ingress", "spec/backend/serviceName"),
    ("Service", "Ingress", "spec/rules/http/paths/backend/service/name"),
    ("Service", "Ingress", "spec/defaultBackend/service/name"),
    ("Service", "APIService", "spec/service/name"),
    ("Service", "ValidatingWebhookConfiguration", "webhooks/clientConfig/service"),
    ("Service", "MutatingWebhookConfiguration", "webhooks/clientConfig/service"),
    ("Role", "RoleBinding", "roleRef/name"),
    ("ClusterRole", "RoleBinding", "roleRef/name"),
    ("ClusterRole", "ClusterRoleBinding", "roleRef/name"),
    ("ServiceAccount", "RoleBinding", "subjects"),
    ("ServiceAccount", "ClusterRoleBinding", "subjects"),
    ("PersistentVolume", "PersistentVolumeClaim", "spec/volumeName"),
    ("PersistentVolume", "ClusterRole", "rules/resourceNames"),
    ("StorageClass", "PersistentVolume", "spec/storageClassName"),
    ("StorageClass", "PersistentVolumeClaim", "spec/storageClassName"),
    ("StorageClass", "StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
    ("IngressClass", "Ingress", "spec/ingressClassName"),
    ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "spec/policyName"),
];

/// The way to the `spec` of a kind's pods.
pub(super) fn pod_spec(kind: &str) -> Option<String> {
    match kind {
        "Pod" => Some("spec".to_owned()),
        "PodTemplate" => Some("template/spec".to_owned()),
        _ => TEMPLATES.iter().find(|(known, _)| *known == kind).map(|(_, way)| format!("{way}/spec")),
    }
}

/// Whether a way is made where it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Make,
    Leave,
}

/// Goes to each value at the end of a way: names between `/`, with `\/` within one; lists are gone through.
pub(super) fn each(tree: &mut Tree, way: &str, missing: Missing, change: &mut dyn FnMut(&mut Tree)) {
    let names: Vec<String> = way.replace("\\/", "\0").split('/').map(|name| name.replace('\0', "/")).collect();
    follow(tree, &names, missing, change);
}

fn follow(tree: &mut Tree, names: &[String], missing: Missing, change: &mut dyn FnMut(&mut Tree)) {
    if let Data::List(items) = &mut tree.value {
        if !names.is_empty() {
            items.iter_mut().for_each(|item| follow(item, names, missing, change));
            return;
        }
    }
    let Some((name, rest)) = names.split_first() else {
        change(tree);
        return;
    };
    // A list is never made.
    let (name, is_list) = name.strip_suffix("[]").map_or((name.as_str(), false), |name| (name, true));
    if missing == Missing::Make && !is_list && tree.is_map() && tree.get(name).is_none_or(Tree::is_null) {
        tree.set(name, Tree::map());
    }
    if let Some(item) = tree.get_mut(name) {
        follow(item, rest, missing, change);
    }
}
