//! Checks of other objects: services, ingresses, webhooks, namespaces, versions of the API.

use serde_json::Value as Json;

use crate::{
    Place, Resource, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        field::{self, Field, place_of, walk},
        manifest::Namespace,
    },
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "load-balancer-open", look: Look::Resource(load_balancer_open) },
    Check { name: "service-type", look: Look::Resource(service_type) },
    Check { name: "service-external-ips", look: Look::Resource(external_ips) },
    Check { name: "ingress-without-tls", look: Look::Resource(ingress_without_tls) },
    Check { name: "annotation-forbidden", look: Look::Parts(annotation_forbidden) },
    Check { name: "annotation-suspicious", look: Look::Parts(annotation_suspicious) },
    Check { name: "webhook-fails-open", look: Look::Parts(webhook_fails_open) },
    Check { name: "webhook-without-exclusion", look: Look::Parts(webhook_without_exclusion) },
    Check { name: "namespace-used", look: Look::Resource(namespace_used) },
    Check { name: "namespace-unsaid", look: Look::Resource(namespace_unsaid) },
    Check { name: "namespace-without-level", look: Look::Resource(namespace_without_level) },
    Check { name: "namespace-without", look: Look::Resource(namespace_without) },
    Check { name: "namespace-without-signatures", look: Look::Resource(namespace_without_signatures) },
    Check { name: "api-version-removed", look: Look::Resource(api_version_removed) },
    Check { name: "pod-security-policy-field", look: Look::Resource(pod_security_policy_field) },
    Check { name: "account-token-mounted", look: Look::Resource(account_token_mounted) },
];

/// Annotations that keep a load balancer inside of the network of the cloud, and what they are set to for that.
const INTERNAL: &[(&str, &[&str])] = &[
    ("cloud.google.com/load-balancer-type", &["internal"]),
    ("networking.gke.io/load-balancer-type", &["internal"]),
    ("service.beta.kubernetes.io/aws-load-balancer-internal", &["true", "0.0.0.0/0"]),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", &["internal"]),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", &["true"]),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", &["true"]),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", &["true"]),
    ("service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", &["private"]),
    ("service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", &["intranet"]),
];

fn annotations(resource: &Resource) -> Option<&Value> {
    walk(&resource.body, &["metadata", "annotations"])
}

fn spec(resource: &Resource) -> Option<&Value> {
    walk(&resource.body, &["spec"])
}

/// Whether a service is a load balancer that the internet may reach.
pub(crate) fn is_open_load_balancer(service: &Resource) -> bool {
    matches!(load_balancer(service), Verdict::Fail(_))
}

fn load_balancer_open(service: &Resource, _: &Context<'_>) -> Verdict {
    load_balancer(service)
}

fn load_balancer(service: &Resource) -> Verdict {
    let place = match field::text(spec(service), "type") {
        Field::Is("LoadBalancer", place) => place,
        Field::Unknown(cause, place) => return Verdict::Unknown(cause, place),
        Field::Is(..) | Field::Absent => return Verdict::NotApplicable,
    };
    let is_internal =
        |(name, values): &(&str, &[&str])| field::text(annotations(service), name).known().is_some_and(|value| values.contains(&value));
    let ranges = spec(service).and_then(|spec| spec.get("loadBalancerSourceRanges")).map(Value::items).unwrap_or_default();
    let is_narrow = !ranges.is_empty() && !ranges.iter().any(|range| matches!(range.text(), Some("0.0.0.0/0" | "::/0")));
    if is_narrow || INTERNAL.iter().any(is_internal) {
        return Verdict::Pass;
    }
    Verdict::fail_because(place, "spec.type", "the service is a load balancer that everybody may reach")
}

/// `with`: `type` should not be used; `says` is what it means.
fn service_type(service: &Resource, context: &Context<'_>) -> Verdict {
    let message = |_| context.text("says").to_owned();
    field::text(spec(service), "type").must_not(|of_type| *of_type == context.text("type"), "spec.type", message)
}

fn external_ips(service: &Resource, _: &Context<'_>) -> Verdict {
    let message = |_| "the service takes traffic of addresses that it only claims (CVE-2020-8554)".to_owned();
    field::any(spec(service), "externalIPs").must_not(|list| !list.items().is_empty(), "spec.externalIPs", message)
}

fn ingress_without_tls(ingress: &Resource, _: &Context<'_>) -> Verdict {
    let Some(spec) = spec(ingress) else { return Verdict::NotApplicable };
    let tls = field::any(Some(spec), "tls");
    tls.must(|tls| !tls.items().is_empty(), "spec.tls", "the ingress has no `tls`: it answers without encryption")
}

/// `with`: `endings` of names of annotations that should not be set; `says` is what they do.
fn annotation_forbidden(resource: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let Some(annotations) = annotations(resource) else { return vec![Verdict::Pass] };
    let names = annotations.map().into_iter().flat_map(|map| map.0.keys());
    let bad = names.filter(|name| context.texts("endings").any(|ending| name.ends_with(ending)));
    let verdict = |name: &std::sync::Arc<str>| {
        Verdict::fail_because(place_of(annotations, name), name, format!("the annotation `{name}` {}", context.text("says")))
    };
    let failures: Vec<Verdict> = bad.map(verdict).collect();
    if failures.is_empty() { vec![Verdict::Pass] } else { failures }
}

/// `with`: `endings` of names of annotations whose values should have none of `characters`; `says` is why.
fn annotation_suspicious(resource: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let Some(annotations) = annotations(resource) else { return vec![Verdict::Pass] };
    let verdict = |name: &std::sync::Arc<str>| {
        let is_bad = |value: &&str| context.texts("characters").any(|bad| value.contains(bad));
        field::text(Some(annotations), name).must_not(is_bad, name, |_| format!("the annotation `{name}` {}", context.text("says")))
    };
    let names = annotations.map().into_iter().flat_map(|map| map.0.keys());
    names.filter(|name| context.texts("endings").any(|ending| name.ends_with(ending))).map(verdict).collect()
}

fn webhooks(resource: &Resource) -> impl Iterator<Item = (&Value, &str)> {
    let items = resource.get("webhooks").map(Value::items).unwrap_or_default();
    items.iter().map(|webhook| (webhook, webhook.get("name").and_then(Value::text).unwrap_or_default()))
}

fn webhook_fails_open(resource: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let verdict = |(webhook, name): (&Value, &str)| {
        let message = |_| format!("objects that the webhook `{name}` could not look at are let through");
        field::text(Some(webhook), "failurePolicy").must_not(|policy| *policy == "Ignore", name, message)
    };
    webhooks(resource).map(verdict).collect()
}

fn webhook_without_exclusion(resource: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let verdict = |(webhook, name): (&Value, &str)| {
        let is_star = |value: &Value| value.items().iter().any(|item| matches!(item.text(), Some("*" | "*/*")));
        let is_wide = |rule: &&Value| rule.get("resources").is_some_and(is_star) && rule.get("apiGroups").is_none_or(is_star);
        let is_limited = ["namespaceSelector", "objectSelector", "matchConditions"]
            .iter()
            .any(|name| webhook.get(name).is_some_and(|selector| selector.map().is_none_or(|map| !map.0.is_empty())));
        match webhook.get("rules").map(Value::items).unwrap_or_default().iter().find(is_wide) {
            Some(rule) if !is_limited => {
                let message = format!("the webhook `{name}` is asked about everything, also about what it needs to run");
                Verdict::fail_because(place_of(rule, "resources"), name, message)
            }
            _ => Verdict::Pass,
        }
    };
    webhooks(resource).map(verdict).collect()
}

/// Objects that every namespace has, or that belong where they are.
fn is_of_the_system(resource: &Resource) -> bool {
    matches!((resource.canonical_type.as_ref(), resource.name.as_ref()), ("ServiceAccount", "default") | ("Service", "kubernetes"))
}

/// `with`: `namespaces` that should not be used; `says` is why.
fn namespace_used(resource: &Resource, context: &Context<'_>) -> Verdict {
    let Some(metadata) = resource.get("metadata").filter(|_| !is_of_the_system(resource)) else { return Verdict::NotApplicable };
    let message = |name| format!("it lies in the namespace `{name}`, {}", context.text("says"));
    field::text(Some(metadata), "namespace").must_not(
        |name| context.texts("namespaces").any(|bad| bad == *name),
        "metadata.namespace",
        message,
    )
}

fn namespace_unsaid(resource: &Resource, _: &Context<'_>) -> Verdict {
    match Namespace::of(resource) {
        Namespace::ClusterWide => Verdict::NotApplicable,
        _ if is_of_the_system(resource) => Verdict::NotApplicable,
        Namespace::Named(_) | Namespace::Unknown => Verdict::Pass,
        Namespace::Unsaid => Verdict::fail_because(
            Place::NONE,
            "metadata.namespace",
            "it says no namespace: it lands in `default` unless whoever applies it says another",
        ),
    }
}

fn namespace_without_level(namespace: &Resource, _: &Context<'_>) -> Verdict {
    if namespace.name.starts_with("kube-") {
        return Verdict::NotApplicable;
    }
    let labels = walk(&namespace.body, &["metadata", "labels"]);
    let message = "the namespace enforces no level of the Pod Security Standards";
    field::text(labels, "pod-security.kubernetes.io/enforce").must(|level| *level != "privileged", "metadata.labels", message)
}

/// `with`: `kind` of an object that a namespace should have.
fn namespace_without(namespace: &Resource, context: &Context<'_>) -> Verdict {
    let kind = context.text("kind");
    let is_here = |object: &Resource| object.scope == namespace.scope && Namespace::of(object).name() == namespace.name.as_ref();
    if namespace.name.starts_with("kube-") {
        return Verdict::NotApplicable;
    }
    if context.graph.of_type(kind).any(is_here) {
        return Verdict::Pass;
    }
    Verdict::fail_because(Place::NONE, kind, format!("the namespace has no {kind}"))
}

/// Whether some policy says that images must be signed.
fn namespace_without_signatures(namespace: &Resource, context: &Context<'_>) -> Verdict {
    if namespace.name.starts_with("kube-") {
        return Verdict::NotApplicable;
    }
    let of_type = |kind: &str| context.graph.of_type(kind).filter(|policy| policy.scope == namespace.scope).collect::<Vec<_>>();
    let verifies = |policy: &&Resource| {
        let rules = policy.body.at(&["spec", "rules"]).map(Value::items).unwrap_or_default();
        rules.iter().any(|rule| rule.get("verifyImages").is_some())
    };
    // Sigstore's controller looks only at namespaces that ask for it.
    let included = walk(&namespace.body, &["metadata", "labels"]);
    let by_sigstore =
        !of_type("ClusterImagePolicy").is_empty() && field::text(included, "policy.sigstore.dev/include").known() == Some("true");
    let by_kyverno = of_type("ClusterPolicy").iter().any(verifies)
        || !of_type("ImageValidatingPolicy").is_empty()
        || of_type("Policy.kyverno.io").iter().any(|policy| verifies(policy) && Namespace::of(policy).name() == namespace.name.as_ref());
    let by_ratify = !of_type("Verifier").is_empty();
    if by_sigstore || by_kyverno || by_ratify {
        return Verdict::Pass;
    }
    Verdict::fail_because(Place::NONE, "signatures", "no policy demands that images in the namespace are signed")
}

/// `with`: `removed` lists `api`, `kinds` (all if there are none), `in` (the version of Kubernetes) and `use`.
fn api_version_removed(resource: &Resource, context: &Context<'_>) -> Verdict {
    let text = |entry: &Json, name: &str| entry.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let Some((api, kind)) = resource.native_type.rsplit_once('/') else { return Verdict::NotApplicable };
    let is_it = |entry: &&Json| {
        let kinds = entry.get("kinds").and_then(Json::as_array);
        text(entry, "api") == api && kinds.is_none_or(|kinds| kinds.iter().any(|one| one.as_str() == Some(kind)))
    };
    match context.with.get("removed").and_then(Json::as_array).into_iter().flatten().find(is_it) {
        None => Verdict::Pass,
        Some(entry) => {
            let instead = match text(entry, "use") {
                instead if instead.is_empty() => "nothing took its place".to_owned(),
                instead => format!("use `{instead}`"),
            };
            let message = format!("Kubernetes {} no longer has `{kind}` in `{api}`: {instead}", text(entry, "in"));
            Verdict::fail_because(place_of(&resource.body, "apiVersion"), "apiVersion", message)
        }
    }
}

/// `with`: `field` of the specification, `bad` values of it (a list fails if it has one); `missing` if it must be there.
fn pod_security_policy_field(policy: &Resource, context: &Context<'_>) -> Verdict {
    let way: Vec<&str> = context.text("field").split('.').collect();
    let Some((last, way)) = way.split_last() else { return Verdict::NotApplicable };
    let parent = spec(policy).and_then(|spec| walk(spec, way));
    let is_missing_bad = context.with.get("missing").and_then(Json::as_bool) == Some(true);
    let is_bad = |value: &&Value| {
        let is_listed = |value: &Value| context.texts("bad").any(|bad| bad == "*" || value.shown().trim_matches('"') == bad);
        if matches!(value.kind, crate::Kind::List(_)) { value.items().iter().any(is_listed) } else { is_listed(value) }
    };
    match field::any(parent, last) {
        Field::Absent if is_missing_bad => Verdict::fail_because(Place::NONE, last, context.text("says")),
        other => other.must_not(is_bad, last, |_| context.text("says").to_owned()),
    }
}

fn account_token_mounted(account: &Resource, context: &Context<'_>) -> Verdict {
    if !context.text("name").is_empty() && account.name.as_ref() != context.text("name") {
        return Verdict::NotApplicable;
    }
    let message = "pods of this account are given its token unless they say otherwise";
    field::flag(Some(&account.body), "automountServiceAccountToken").must(|mounts| !mounts, "automountServiceAccountToken", message)
}
