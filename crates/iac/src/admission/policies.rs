//! Rules as objects of the kind ValidatingAdmissionPolicy: the cluster judges by itself, without a webhook.
//!
//! What must hold is an expression of CEL over these variables, of which each policy declares those that it uses:
//!
//! | variable | what it is |
//! |---|---|
//! | `template` | the object that has the pod's metadata and its specification |
//! | `spec` | the specification of the pod |
//! | `annotations` | those of the pod |
//! | `context` | the security context of the pod |
//! | `containers` | all containers, those that prepare the pod and those added later among them |
//! | `contexts` | their security contexts |
//! | `isWindows` | whether the pod says that it is for Windows |
//! | `hasUserNamespace` | whether root in the pod is nobody on the node |
//!
//! A rule has its expression in its file (`cel`), or it follows from what the rule tells its check. Macros alone are used, and
//! functions that every version of Kubernetes with such policies has (1.30).
//!
//! Source: <https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/>.

use serde_json::Value as Json;

use super::{
    Mode, Settings, SettingsError,
    yaml::{self, Yaml, text, texts},
};
use crate::{
    kubernetes::check::volume::{self, HostPath},
    rule::{IacRule, Logic},
};

/// The variables, each before those that use it.
pub(super) const VARIABLES: &[(&str, &str)] = &[
    (
        "template",
        "object.kind == 'Pod' ? dyn(object) : object.kind == 'PodTemplate' ? dyn(object).template : \
         object.kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec.template : dyn(object).spec.template",
    ),
    ("spec", "variables.template.spec"),
    (
        "annotations",
        "has(variables.template.metadata) && has(variables.template.metadata.annotations) ? \
         variables.template.metadata.annotations : {}",
    ),
    ("context", "has(variables.spec.securityContext) ? variables.spec.securityContext : {}"),
    (
        "containers",
        "variables.spec.containers + (has(variables.spec.initContainers) ? variables.spec.initContainers : []) + \
         (has(variables.spec.ephemeralContainers) ? variables.spec.ephemeralContainers : [])",
    ),
    ("contexts", "variables.containers.map(c, has(c.securityContext) ? c.securityContext : {})"),
    ("isWindows", "has(variables.spec.os) && variables.spec.os.name == 'windows'"),
    ("hasUserNamespace", "has(variables.spec.hostUsers) && !variables.spec.hostUsers"),
];

/// Kinds of objects that start pods: groups, and their resources.
pub(super) const WORKLOADS: &[(&str, &[&str])] = &[
    ("", &["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"]),
    ("apps", &["daemonsets", "deployments", "replicasets", "statefulsets"]),
    ("batch", &["cronjobs", "jobs"]),
];

/// Policies and their bindings, as YAML.
///
/// # Errors
/// If the settings name a rule that does not exist.
pub fn policies(settings: &Settings) -> Result<String, SettingsError> {
    let (mut documents, mut unsaid) = (Vec::new(), Vec::new());
    for rule in settings.rules()? {
        match expression(rule) {
            Some(expression) => documents.extend([policy(rule, &expression, settings), binding(rule, settings)]),
            None => unsaid.push(rule.id.as_str()),
        }
    }
    Ok(format!("{}{}", remarks(settings, &unsaid), yaml::documents(&documents)))
}

/// What is not said by the policies, as comments.
fn remarks(settings: &Settings, unsaid: &[&str]) -> String {
    let mut out = String::new();
    if settings.has_namespaces() {
        out.push_str("# Settings of single namespaces are not said here: `bartizan k8s admission` knows them.\n");
    }
    if !unsaid.is_empty() {
        out.push_str("# These rules can't be said in CEL; `bartizan k8s admission` knows them:\n");
        out.extend(unsaid.iter().map(|rule| format!("#   {rule}\n")));
    }
    out
}

/// What must hold by a rule, if CEL can say it.
pub(super) fn expression(rule: &IacRule) -> Option<String> {
    if let Some(written) = rule.cel() {
        return Some(written.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let Logic::Native(check, with) = &rule.logic else { return None };
    let said = |name: &str| with.get(name).and_then(Json::as_str).unwrap_or_default();
    let list = |name: &str| with.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect::<Vec<_>>();
    match check.name {
        "pod-field-true" => {
            let field = said("field");
            Some(format!("!has(variables.spec.{field}) || !variables.spec.{field}"))
        }
        "container-adds-capabilities" => Some(format!(
            "variables.contexts.all(s, !has(s.capabilities) || !has(s.capabilities.add) || \
             s.capabilities.add.all(n, !n.matches('(?i)^(CAP_)?({})$')))",
            list("capabilities").join("|")
        )),
        "volume-kinds" => {
            let none: Vec<String> = list("kinds").iter().map(|kind| format!("!has(v.{kind})")).collect();
            Some(format!("!has(variables.spec.volumes) || variables.spec.volumes.all(v, {})", none.join(" && ")))
        }
        "runtime-socket-mounted" => Some(host_paths(false, HostPath::RuntimeSocket)),
        "sensitive-host-path" => Some(host_paths(false, HostPath::Sensitive)),
        "host-path-mounted" => Some(host_paths(true, HostPath::Other)),
        "container-resources-missing" => {
            let is_implied = said("group") == "requests" && with.get("implied").and_then(Json::as_bool) != Some(false);
            let all: Vec<String> = list("resources").iter().map(|name| amount(said("group"), name, is_implied)).collect();
            Some(format!(
                "(variables.spec.containers + (has(variables.spec.initContainers) ? variables.spec.initContainers : []))\
                 .all(c, {})",
                all.join(" && ")
            ))
        }
        "container-probe-missing" => {
            Some(format!("object.kind in ['Job', 'CronJob'] || variables.spec.containers.all(c, has(c.{}))", said("probe")))
        }
        _ => None,
    }
}

/// That no volume is a path of the node that a pattern fits; or that all are such, which another rule is about.
fn host_paths(should_fit: bool, sort: HostPath) -> String {
    let pattern = volume::host_path_pattern(sort);
    let not = if should_fit { "" } else { "!" };
    format!("!has(variables.spec.volumes) || variables.spec.volumes.all(v, !has(v.hostPath) || {not}v.hostPath.path.matches('{pattern}'))")
}

/// That a container, or its pod, says how much of a resource it may have, or asks for.
fn amount(group: &str, name: &str, is_implied: bool) -> String {
    let says =
        |of: &str, group: &str| format!("(has({of}.resources) && has({of}.resources.{group}) && '{name}' in {of}.resources.{group})");
    let mut ways = vec![says("c", group)];
    ways.extend(is_implied.then(|| says("c", "limits")));
    ways.push(says("variables.spec", group));
    format!("({})", ways.join(" || "))
}

/// The variables that an expression uses, directly or by others, in their order.
fn variables(expression: &str) -> Vec<(&'static str, &'static str)> {
    let uses = |text: &str, name: &str| {
        text.split("variables.").skip(1).any(|rest| rest.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
    };
    let mut used: Vec<(&str, &str)> = Vec::new();
    for (name, definition) in VARIABLES.iter().rev() {
        if uses(expression, name) || used.iter().any(|(_, by)| uses(by, name)) {
            used.push((name, definition));
        }
    }
    used.reverse();
    used
}

fn policy(rule: &IacRule, expression: &str, settings: &Settings) -> Yaml {
    let variable = |(name, definition): (&'static str, &'static str)| {
        Yaml::Map(vec![("name", text(name)), ("expression", Yaml::Folded(definition.to_owned()))])
    };
    let validation = Yaml::Map(vec![
        ("expression", Yaml::Folded(expression.to_owned())),
        ("message", text(format!("{} ({}, {})", rule.title, rule.severity, rule.id))),
        ("reason", text("Forbidden")),
    ]);
    let staying =
        Yaml::Map(vec![("name", text("stays")), ("expression", text("oldObject == null || !has(oldObject.metadata.deletionTimestamp)"))]);
    Yaml::Map(vec![
        ("apiVersion", text("admissionregistration.k8s.io/v1")),
        ("kind", text("ValidatingAdmissionPolicy")),
        ("metadata", Yaml::Map(vec![("name", text(name(rule)))])),
        (
            "spec",
            Yaml::Map(vec![
                ("failurePolicy", text(failure_policy(settings))),
                (
                    "matchConstraints",
                    Yaml::Map(vec![("resourceRules", Yaml::List(resource_rules(WORKLOADS))), ("namespaceSelector", selector(settings))]),
                ),
                ("matchConditions", Yaml::List(vec![staying])),
                ("variables", Yaml::List(variables(expression).into_iter().map(variable).collect())),
                ("validations", Yaml::List(vec![validation])),
            ]),
        ),
    ])
}

fn binding(rule: &IacRule, settings: &Settings) -> Yaml {
    let treatment = settings.treatment("", None);
    let actions: &[&str] = match treatment.mode {
        Mode::Enforce if treatment.refuse <= rule.severity => &["Deny", "Audit"],
        Mode::Enforce | Mode::Warn if treatment.warn <= rule.severity => &["Warn", "Audit"],
        Mode::Enforce | Mode::Warn | Mode::Audit | Mode::Off => &["Audit"],
    };
    Yaml::Map(vec![
        ("apiVersion", text("admissionregistration.k8s.io/v1")),
        ("kind", text("ValidatingAdmissionPolicyBinding")),
        ("metadata", Yaml::Map(vec![("name", text(name(rule)))])),
        ("spec", Yaml::Map(vec![("policyName", text(name(rule))), ("validationActions", texts(actions.iter().copied()))])),
    ])
}

fn name(rule: &IacRule) -> String {
    format!("bartizan-{}", rule.id)
}

pub(super) fn failure_policy(settings: &Settings) -> &'static str {
    if settings.fails_open() { "Ignore" } else { "Fail" }
}

/// Which resources are judged when they are made or changed.
pub(super) fn resource_rules(resources: &[(&str, &[&str])]) -> Vec<Yaml> {
    let rule = |(group, names): &(&str, &[&str])| {
        Yaml::Map(vec![
            ("apiGroups", texts([*group])),
            ("apiVersions", texts(["v1"])),
            ("operations", texts(["CREATE", "UPDATE"])),
            ("resources", texts(names.iter().copied())),
        ])
    };
    resources.iter().map(rule).collect()
}

/// All namespaces but those that are left out.
pub(super) fn selector(settings: &Settings) -> Yaml {
    let others =
        Yaml::Map(vec![("key", text("kubernetes.io/metadata.name")), ("operator", text("NotIn")), ("values", texts(settings.left_out()))]);
    if settings.left_out().is_empty() { Yaml::Map(Vec::new()) } else { Yaml::Map(vec![("matchExpressions", Yaml::List(vec![others]))]) }
}
