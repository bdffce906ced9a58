//! The objects that run the admission server in a cluster, as YAML.
//!
//! Nothing in them is secret: the certificate comes from a secret that somebody makes, or that cert-manager makes. They are what our
//! own rules find nothing wrong with, which is tested; of those of the profile `strict`, one asks for a policy about signatures.

use super::{
    Settings,
    policies::{self, WORKLOADS},
    yaml::{self, Yaml, plain, text, texts},
};

/// What differs from one installation to the next.
#[derive(Debug, Clone)]
pub struct Installation {
    /// The image that has the program, with its digest.
    pub image: String,
    /// The settings, as they stand in their file.
    pub settings_text: String,
    /// Whether objects get safe values, too.
    pub mutates: bool,
    /// Where the certificate comes from.
    pub certificate: CertificateSource,
}

/// Where the certificate of the server comes from, and what the API server knows it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateSource {
    /// From the secret `bartizan-admission-tls`, which somebody makes; this is the certificate of its authority, in PEM and base64.
    Secret(String),
    /// From cert-manager.
    CertManager,
}

const NAME: &str = "bartizan-admission";
const SECRET: &str = "bartizan-admission-tls";
const PORT: u16 = 8443;
/// A user whom no node has.
const USER: u32 = 65_532;
/// So long the API server waits. It is longer than the server's own limit.
const TIMEOUT_S: u8 = 10;

/// What is judged beside what starts pods.
const OTHERS: &[(&str, &[&str])] = &[
    ("", &["namespaces", "serviceaccounts", "services"]),
    ("networking.k8s.io", &["ingresses", "networkpolicies"]),
    ("rbac.authorization.k8s.io", &["clusterrolebindings", "clusterroles", "rolebindings", "roles"]),
];

/// All objects, in the order in which they can be applied.
#[must_use]
pub fn manifests(settings: &Settings, installation: &Installation) -> String {
    let namespace = settings.own_namespace();
    let mut documents = vec![
        namespace_itself(namespace),
        quota(namespace),
        limits(namespace),
        object("v1", "ServiceAccount", Some(namespace), vec![("automountServiceAccountToken", plain(false))]),
        cluster_role(),
        cluster_role_binding(namespace),
        object(
            "v1",
            "ConfigMap",
            Some(namespace),
            vec![("data", Yaml::Map(vec![("settings.yaml", text(installation.settings_text.clone()))]))],
        ),
        everything_denied(namespace),
        network_policy(namespace),
        service(namespace),
        deployment(namespace, installation),
        disruption_budget(namespace),
    ];
    if installation.certificate == CertificateSource::CertManager {
        documents.extend(certificate(namespace));
    }
    documents.push(webhook("ValidatingWebhookConfiguration", "/validate", settings, installation));
    if installation.mutates {
        documents.push(webhook("MutatingWebhookConfiguration", "/mutate", settings, installation));
    }
    yaml::documents(&documents)
}

fn object(api_version: &str, kind: &str, namespace: Option<&str>, rest: Vec<(&'static str, Yaml)>) -> Yaml {
    named(api_version, kind, NAME, namespace, rest)
}

fn named(api_version: &str, kind: &str, name: &str, namespace: Option<&str>, rest: Vec<(&'static str, Yaml)>) -> Yaml {
    let mut metadata = vec![("name", text(name))];
    metadata.extend(namespace.map(|namespace| ("namespace", text(namespace))));
    let mut members = vec![("apiVersion", text(api_version)), ("kind", text(kind)), ("metadata", Yaml::Map(metadata))];
    members.extend(rest);
    Yaml::Map(members)
}

fn labels() -> Yaml {
    Yaml::Labels(vec![("app.kubernetes.io/name".to_owned(), NAME.to_owned())])
}

fn selector() -> Yaml {
    Yaml::Map(vec![("matchLabels", labels())])
}

fn namespace_itself(name: &str) -> Yaml {
    let level = |mode: &str| (format!("pod-security.kubernetes.io/{mode}"), "restricted".to_owned());
    Yaml::Map(vec![
        ("apiVersion", text("v1")),
        ("kind", text("Namespace")),
        ("metadata", Yaml::Map(vec![("name", text(name)), ("labels", Yaml::Labels(["enforce", "warn", "audit"].map(level).to_vec()))])),
    ])
}

fn quota(namespace: &str) -> Yaml {
    let hard = [("limits.cpu", "4"), ("limits.memory", "2Gi"), ("pods", "10")];
    let hard = hard.map(|(name, amount)| (name.to_owned(), amount.to_owned())).to_vec();
    object("v1", "ResourceQuota", Some(namespace), vec![("spec", Yaml::Map(vec![("hard", Yaml::Labels(hard))]))])
}

fn limits(namespace: &str) -> Yaml {
    let amounts = |cpu, memory| Yaml::Map(vec![("cpu", text(cpu)), ("memory", text(memory))]);
    let limit =
        Yaml::Map(vec![("type", text("Container")), ("default", amounts("500m", "128Mi")), ("defaultRequest", amounts("50m", "64Mi"))]);
    object("v1", "LimitRange", Some(namespace), vec![("spec", Yaml::Map(vec![("limits", Yaml::List(vec![limit]))]))])
}

/// Labels of namespaces are all that the server asks the cluster for.
fn cluster_role() -> Yaml {
    let rule = Yaml::Map(vec![("apiGroups", texts([""])), ("resources", texts(["namespaces"])), ("verbs", texts(["get"]))]);
    object("rbac.authorization.k8s.io/v1", "ClusterRole", None, vec![("rules", Yaml::List(vec![rule]))])
}

fn cluster_role_binding(namespace: &str) -> Yaml {
    let role = vec![("apiGroup", text("rbac.authorization.k8s.io")), ("kind", text("ClusterRole")), ("name", text(NAME))];
    let subject = vec![("kind", text("ServiceAccount")), ("name", text(NAME)), ("namespace", text(namespace))];
    object(
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        None,
        vec![("roleRef", Yaml::Map(role)), ("subjects", Yaml::List(vec![Yaml::Map(subject)]))],
    )
}

fn everything_denied(namespace: &str) -> Yaml {
    let spec = vec![("podSelector", Yaml::Map(Vec::new())), ("policyTypes", texts(["Ingress", "Egress"]))];
    named("networking.k8s.io/v1", "NetworkPolicy", "deny-all", Some(namespace), vec![("spec", Yaml::Map(spec))])
}

/// The API server has no label to select it by: what comes in is limited to one port, what goes out to those of the API and of names.
fn network_policy(namespace: &str) -> Yaml {
    let port = |protocol: &str, port: u16| Yaml::Map(vec![("protocol", text(protocol)), ("port", plain(port))]);
    let ingress = Yaml::Map(vec![("ports", Yaml::List(vec![port("TCP", PORT)]))]);
    let egress = Yaml::Map(vec![("ports", Yaml::List(vec![port("TCP", 443), port("TCP", 6443)]))]);
    let spec = vec![
        ("podSelector", selector()),
        ("policyTypes", texts(["Ingress", "Egress"])),
        ("ingress", Yaml::List(vec![ingress])),
        ("egress", Yaml::List(vec![egress])),
    ];
    object("networking.k8s.io/v1", "NetworkPolicy", Some(namespace), vec![("spec", Yaml::Map(spec))])
}

fn service(namespace: &str) -> Yaml {
    let port = vec![("name", text("https")), ("port", plain(443)), ("targetPort", text("https"))];
    let spec = vec![("selector", labels()), ("ports", Yaml::List(vec![Yaml::Map(port)]))];
    object("v1", "Service", Some(namespace), vec![("spec", Yaml::Map(spec))])
}

fn deployment(namespace: &str, installation: &Installation) -> Yaml {
    let pod = Yaml::Map(vec![("metadata", Yaml::Map(vec![("labels", labels())])), ("spec", pod(installation))]);
    let spec = vec![("replicas", plain(2)), ("selector", selector()), ("template", pod)];
    object("apps/v1", "Deployment", Some(namespace), vec![("spec", Yaml::Map(spec))])
}

fn pod(installation: &Installation) -> Yaml {
    let context = vec![
        ("runAsNonRoot", plain(true)),
        ("runAsUser", plain(USER)),
        ("runAsGroup", plain(USER)),
        ("fsGroup", plain(USER)),
        ("seccompProfile", Yaml::Map(vec![("type", text("RuntimeDefault"))])),
        ("appArmorProfile", Yaml::Map(vec![("type", text("RuntimeDefault"))])),
    ];
    let spread = vec![
        ("maxSkew", plain(1)),
        ("topologyKey", text("kubernetes.io/hostname")),
        ("whenUnsatisfiable", text("ScheduleAnyway")),
        ("labelSelector", selector()),
    ];
    let secret = Yaml::Map(vec![("secretName", text(SECRET))]);
    let settings = Yaml::Map(vec![("name", text(NAME))]);
    // The token that the API is asked with: of its own, for a short time, instead of the one that every pod is given.
    let token = Yaml::Map(vec![("serviceAccountToken", Yaml::Map(vec![("path", text("token")), ("expirationSeconds", plain(3600))]))]);
    let authority = Yaml::Map(vec![("configMap", Yaml::Map(vec![("name", text("kube-root-ca.crt"))]))]);
    let api = Yaml::Map(vec![("sources", Yaml::List(vec![token, authority]))]);
    let volume = |name: &str, kind: &'static str, source| Yaml::Map(vec![("name", text(name)), (kind, source)]);
    Yaml::Map(vec![
        ("serviceAccountName", text(NAME)),
        ("automountServiceAccountToken", plain(false)),
        ("priorityClassName", text("system-cluster-critical")),
        ("securityContext", Yaml::Map(context)),
        ("topologySpreadConstraints", Yaml::List(vec![Yaml::Map(spread)])),
        ("containers", Yaml::List(vec![container(installation)])),
        (
            "volumes",
            Yaml::List(vec![
                volume("certificate", "secret", secret),
                volume("settings", "configMap", settings),
                volume("api", "projected", api),
            ]),
        ),
    ])
}

fn container(installation: &Installation) -> Yaml {
    let listen = format!("0.0.0.0:{PORT}");
    let mut arguments = vec![
        "k8s",
        "admission",
        "--listen",
        &listen,
        "--certificate",
        "/run/certificate/tls.crt",
        "--key",
        "/run/certificate/tls.key",
        "--settings",
        "/run/settings/settings.yaml",
        "--read-namespaces",
        "/run/api",
    ];
    arguments.extend(installation.mutates.then_some("--mutate"));
    let context = vec![
        ("allowPrivilegeEscalation", plain(false)),
        ("readOnlyRootFilesystem", plain(true)),
        ("capabilities", Yaml::Map(vec![("drop", texts(["ALL"]))])),
    ];
    let amounts = |cpu, memory| Yaml::Map(vec![("cpu", text(cpu)), ("memory", text(memory))]);
    let probe = |path: &str| {
        let get = vec![("path", text(path)), ("port", text("https")), ("scheme", text("HTTPS"))];
        Yaml::Map(vec![("httpGet", Yaml::Map(get))])
    };
    let mount = |name: &str, path: &str| Yaml::Map(vec![("name", text(name)), ("mountPath", text(path)), ("readOnly", plain(true))]);
    let mounts = vec![mount("certificate", "/run/certificate"), mount("settings", "/run/settings"), mount("api", "/run/api")];
    Yaml::Map(vec![
        ("name", text("admission")),
        ("image", text(installation.image.clone())),
        ("imagePullPolicy", text("Always")),
        ("args", Yaml::List(arguments.into_iter().map(text).collect())),
        ("ports", Yaml::List(vec![Yaml::Map(vec![("name", text("https")), ("containerPort", plain(PORT))])])),
        ("readinessProbe", probe("/readyz")),
        ("livenessProbe", probe("/healthz")),
        ("resources", Yaml::Map(vec![("requests", amounts("50m", "64Mi")), ("limits", amounts("1", "256Mi"))])),
        ("securityContext", Yaml::Map(context)),
        ("volumeMounts", Yaml::List(mounts)),
    ])
}

fn disruption_budget(namespace: &str) -> Yaml {
    let spec = vec![("minAvailable", plain(1)), ("selector", selector())];
    object("policy/v1", "PodDisruptionBudget", Some(namespace), vec![("spec", Yaml::Map(spec))])
}

/// A certificate that signs itself, which cert-manager renews and the server reads again.
fn certificate(namespace: &str) -> [Yaml; 2] {
    let issuer = Yaml::Map(vec![("selfSigned", Yaml::Map(Vec::new()))]);
    let host = format!("{NAME}.{namespace}.svc");
    let spec = vec![
        ("secretName", text(SECRET)),
        ("dnsNames", texts([host.as_str()])),
        ("duration", text("2160h")),
        ("privateKey", Yaml::Map(vec![("algorithm", text("ECDSA")), ("size", plain(256)), ("rotationPolicy", text("Always"))])),
        ("issuerRef", Yaml::Map(vec![("name", text(NAME)), ("kind", text("Issuer"))])),
    ];
    [
        object("cert-manager.io/v1", "Issuer", Some(namespace), vec![("spec", issuer)]),
        object("cert-manager.io/v1", "Certificate", Some(namespace), vec![("spec", Yaml::Map(spec))]),
    ]
}

fn webhook(kind: &str, path: &str, settings: &Settings, installation: &Installation) -> Yaml {
    let namespace = settings.own_namespace();
    let service = vec![("name", text(NAME)), ("namespace", text(namespace)), ("path", text(path)), ("port", plain(443))];
    let mut client = vec![("service", Yaml::Map(service))];
    let mut metadata = vec![("name", text(NAME))];
    match &installation.certificate {
        CertificateSource::Secret(authority) => client.push(("caBundle", text(authority.clone()))),
        CertificateSource::CertManager => {
            let inject = ("cert-manager.io/inject-ca-from".to_owned(), format!("{namespace}/{NAME}"));
            metadata.push(("annotations", Yaml::Labels(vec![inject])));
        }
    }
    let is_mutating = path == "/mutate";
    let pods: &[(&str, &[&str])] = &[("", &["pods"])];
    let mut rules = policies::resource_rules(if is_mutating { pods } else { WORKLOADS });
    if !is_mutating {
        rules.extend(policies::resource_rules(OTHERS));
    }
    let hook = vec![
        ("name", text(format!("{}.bartizan.local", path.trim_start_matches('/')))),
        ("admissionReviewVersions", texts(["v1"])),
        ("clientConfig", Yaml::Map(client)),
        ("failurePolicy", text(policies::failure_policy(settings))),
        ("matchPolicy", text("Equivalent")),
        ("namespaceSelector", policies::selector(settings)),
        ("rules", Yaml::List(rules)),
        ("sideEffects", text("None")),
        ("timeoutSeconds", plain(TIMEOUT_S)),
    ];
    Yaml::Map(vec![
        ("apiVersion", text("admissionregistration.k8s.io/v1")),
        ("kind", text(kind)),
        ("metadata", Yaml::Map(metadata)),
        ("webhooks", Yaml::List(vec![Yaml::Map(hook)])),
    ])
}
