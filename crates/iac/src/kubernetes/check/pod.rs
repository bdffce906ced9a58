//! Checks of a pod as a whole.

use crate::{
    Resource, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        check::nearest,
        field::{self, Field, walk},
        index::in_namespace,
        manifest::Namespace,
        pod::{Pod, Role},
        pod_security::{self, Level, Version},
    },
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "pod-field-true", look: Look::Pod(field_true) },
    Check { name: "pod-unsafe-sysctl", look: Look::Pod(unsafe_sysctl) },
    Check { name: "pod-shares-processes", look: Look::Pod(shares_processes) },
    Check { name: "pod-needless-token", look: Look::Pod(needless_token) },
    Check { name: "pod-below-level", look: Look::Pod(below_level) },
    Check { name: "pod-host-aliases", look: Look::Pod(host_aliases) },
    Check { name: "pod-token-kept", look: Look::Pod(token_kept) },
];

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";
const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";

/// `with`: `field` must not be true; `says` is what it means.
fn field_true(pod: &Pod<'_>, context: &Context<'_>) -> Vec<Verdict> {
    let name = context.text("field");
    let message = |_| format!("the pod {}", context.text("says"));
    vec![field::flag(Some(pod.spec), name).must_not(|is_set| *is_set, name, message).turned_to(false)]
}

fn unsafe_sysctl(pod: &Pod<'_>, _: &Context<'_>) -> Vec<Verdict> {
    let items = pod.security().and_then(|context| walk(context, &["sysctls"])).map(Value::items).unwrap_or_default();
    let verdict = |item: &Value| {
        let message = |name| format!("the pod sets `{name}` of the kernel, which may be felt outside of it");
        field::text(Some(item), "name").must_not(|name| !pod_security::is_safe_sysctl(name), "sysctls", message)
    };
    items.iter().map(verdict).collect()
}

fn shares_processes(pod: &Pod<'_>, _: &Context<'_>) -> Vec<Verdict> {
    if pod.containers().iter().filter(|container| container.role == Role::Main).count() < 2 {
        return vec![Verdict::Pass];
    }
    let message = |_| "the containers of the pod see, and may trace, each other's processes".to_owned();
    vec![field::flag(Some(pod.spec), "shareProcessNamespace").must_not(|is_set| *is_set, "shareProcessNamespace", message)]
}

/// Whether the token of the service account is mounted: as the pod says, or else its account.
fn mounts_token(pod: &Pod<'_>, account: Option<&Resource>) -> Field<bool> {
    let of_account = || field::flag(account.map(|account| &account.body), "automountServiceAccountToken");
    field::flag(Some(pod.spec), "automountServiceAccountToken").or(of_account)
}

/// Whether the token of its service account is mounted into a pod, as far as it is said.
pub(crate) fn mounts_token_of<'g>(pod: &Pod<'g>, context: &Context<'g>) -> Field<bool> {
    mounts_token(pod, account_of(pod, context).1)
}

/// The service account of a pod, by its name, and as it is declared.
fn account_of<'g>(pod: &Pod<'g>, context: &Context<'g>) -> (Field<&'g str>, Option<&'g Resource>) {
    let name = pod.service_account();
    let wanted = name.clone().known().unwrap_or("default");
    let here = in_namespace(context.graph, "ServiceAccount", pod.resource.scope, pod.namespace().name());
    (name, nearest(pod.resource, here.filter(|account| account.name.as_ref() == wanted)))
}

fn needless_token(pod: &Pod<'_>, context: &Context<'_>) -> Vec<Verdict> {
    let (name, declared) = account_of(pod, context);
    let place = match &name {
        Field::Is(_, place) => *place,
        Field::Unknown(cause, place) => return vec![Verdict::Unknown(cause.clone(), *place)],
        Field::Absent => crate::Place::NONE,
    };
    let verdict = |message: String| match mounts_token(pod, declared) {
        Field::Is(false, _) => Verdict::Pass,
        Field::Is(true, place) => Verdict::fail_because(place, "automountServiceAccountToken", message),
        Field::Absent => Verdict::fail_because(place, "automountServiceAccountToken", message),
        Field::Unknown(cause, place) => Verdict::Unknown(cause, place),
    };
    match name.known() {
        None | Some("default" | "") => {
            vec![verdict("the pod is given the token of the account `default`, which it should not need".to_owned())]
        }
        Some(account) if declared.is_some() && !is_bound(pod, account, context) => {
            vec![verdict(format!("the pod is given the token of the account `{account}`, which may do nothing"))]
        }
        // Rights that are given elsewhere are not known here.
        Some(_) => vec![Verdict::NotApplicable],
    }
}

fn is_bound(pod: &Pod<'_>, account: &str, context: &Context<'_>) -> bool {
    let mut bindings = context.graph.kubernetes().bindings_of(account, pod.resource.scope, context.graph);
    bindings.any(|binding| {
        let subjects = binding.get("subjects").map(Value::items).unwrap_or_default();
        subjects.iter().any(|subject| {
            let text = |name| subject.get(name).and_then(Value::text);
            text("kind") == Some("ServiceAccount")
                && text("name") == Some(account)
                && text("namespace").unwrap_or_else(|| Namespace::of(binding).name()) == pod.namespace().name()
        })
    })
}

fn token_kept(pod: &Pod<'_>, context: &Context<'_>) -> Vec<Verdict> {
    let (_, declared) = account_of(pod, context);
    let message = "the pod is given the token of its service account";
    vec![mounts_token(pod, declared).must(|mounts| !mounts, "automountServiceAccountToken", message)]
}

/// The namespace of the pod says which level it enforces: the pod would not start.
fn below_level(pod: &Pod<'_>, context: &Context<'_>) -> Vec<Verdict> {
    let name = pod.namespace().name();
    let is_it = |namespace: &&Resource| namespace.scope == pod.resource.scope && namespace.name.as_ref() == name;
    let Some(namespace) = nearest(pod.resource, context.graph.of_type("Namespace").filter(is_it)) else {
        return vec![Verdict::NotApplicable];
    };
    let labels = namespace.body.at(&["metadata", "labels"]);
    let label = |name| field::text(labels, name).known();
    let Some(level) = label(ENFORCE).and_then(|level| level.parse::<Level>().ok()) else { return vec![Verdict::NotApplicable] };
    let version = label(ENFORCE_VERSION).and_then(|version| version.parse().ok()).unwrap_or(Version::LATEST);
    let assessment = pod_security::level(pod, version);
    let unknown = assessment.unknown.filter(|(unknown, ..)| *unknown <= level);
    match assessment.violations.iter().find(|violation| violation.level <= level) {
        Some(violation) if assessment.level < level => {
            let message =
                format!("the pod is {}, its namespace enforces {}: {}", assessment.level.as_str(), level.as_str(), violation.message);
            vec![Verdict::fail_because(violation.place, violation.control, message)]
        }
        _ => vec![unknown.map_or(Verdict::Pass, |(_, cause, place)| Verdict::Unknown(cause, place))],
    }
}

fn host_aliases(pod: &Pod<'_>, _: &Context<'_>) -> Vec<Verdict> {
    let message = |_| "the pod writes its own answers of the name service".to_owned();
    vec![field::any(Some(pod.spec), "hostAliases").must_not(|_| true, "hostAliases", message)]
}
