//! Network policies: which pods each selects, and what it lets through.

use crate::{
    Cause, Kind, Place, Resource, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        field::{self, place_of, unknown_cause},
        index::in_namespace,
        manifest::Namespace,
        pod::{Pod, pods_in},
    },
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "pod-without-network-policy", look: Look::Pod(pod_without_policy) },
    Check { name: "network-policy-selects-nothing", look: Look::Resource(selects_nothing) },
    Check { name: "network-policy-allows-all", look: Look::Parts(allows_all) },
    Check { name: "network-policy-open-port", look: Look::Parts(open_port) },
    Check { name: "network-policy-reaches-metadata", look: Look::Parts(reaches_metadata) },
    Check { name: "namespace-without-default-deny", look: Look::Resource(without_default_deny) },
];

/// Which way packets go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the pod.
    Ingress,
    /// From the pod.
    Egress,
}

impl Direction {
    fn of(context: &Context<'_>) -> Self {
        if context.text("direction") == "egress" { Self::Egress } else { Self::Ingress }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }

    const fn peers(self) -> &'static str {
        match self {
            Self::Ingress => "from",
            Self::Egress => "to",
        }
    }
}

/// Whether a selector of labels picks labels; nothing if that is not known.
pub(crate) fn selects(selector: Option<&Value>, labels: Option<&Value>) -> Option<bool> {
    let Some(selector) = selector else { return Some(true) };
    if selector.any_cause().is_some() || labels.is_some_and(|labels| labels.any_cause().is_some() || matches!(labels.kind, Kind::OneOf(_)))
    {
        return None;
    }
    let label = |name: &str| labels.and_then(|labels| labels.get(name)).map(Value::shown);
    let wanted = selector.get("matchLabels").and_then(Value::map);
    let has_labels = wanted.into_iter().flat_map(|map| &map.0).all(|(name, member)| label(name) == Some(member.value.shown()));
    let expressions = selector.get("matchExpressions").map(Value::items).unwrap_or_default();
    let fits = |expression: &Value| {
        let text = |name| expression.get(name).and_then(Value::text).unwrap_or_default();
        let found = label(text("key"));
        let is_listed = || expression.get("values").map(Value::items).unwrap_or_default().iter().any(|one| Some(one.shown()) == found);
        match text("operator") {
            "In" => is_listed(),
            "NotIn" => !is_listed(),
            "Exists" => found.is_some(),
            "DoesNotExist" => found.is_none(),
            _ => false,
        }
    };
    Some(has_labels && expressions.iter().all(fits))
}

/// Whether a policy is about a direction.
pub(crate) fn is_about(policy: &Resource, direction: Direction) -> bool {
    match policy.body.at(&["spec", "policyTypes"]) {
        Some(types) => types.items().iter().any(|one| one.text().is_some_and(|text| text.eq_ignore_ascii_case(direction.field()))),
        None => direction == Direction::Ingress || policy.body.at(&["spec", "egress"]).is_some(),
    }
}

/// Whether a policy selects a pod; nothing if that is not known.
pub(crate) fn selects_pod(policy: &Resource, pod: &Pod<'_>) -> Option<bool> {
    let is_here = policy.scope == pod.resource.scope && Namespace::of(policy).name() == pod.namespace().name();
    if is_here { selects(policy.body.at(&["spec", "podSelector"]), pod.labels()) } else { Some(false) }
}

/// The policies of the namespace of a pod.
fn policies<'g>(pod: &Pod<'g>, context: &Context<'g>) -> impl Iterator<Item = &'g Resource> {
    in_namespace(context.graph, "NetworkPolicy", pod.resource.scope, pod.namespace().name())
}

/// Policies of other kinds that may select pods of a namespace, by rules that are not followed here.
fn has_foreign_policy(scope: crate::ScopeId, namespace: &str, context: &Context<'_>) -> bool {
    const OF_NAMESPACE: &[&str] = &["CiliumNetworkPolicy", "NetworkPolicy.projectcalico.org", "NetworkPolicy.crd.projectcalico.org"];
    const OF_CLUSTER: &[&str] = &[
        "CiliumClusterwideNetworkPolicy",
        "GlobalNetworkPolicy",
        "AdminNetworkPolicy",
        "BaselineAdminNetworkPolicy",
        "ClusterNetworkPolicy",
    ];
    let mut of_cluster = OF_CLUSTER.iter().flat_map(|kind| context.graph.of_type(kind));
    OF_NAMESPACE.iter().any(|kind| in_namespace(context.graph, kind, scope, namespace).next().is_some())
        || of_cluster.any(|policy| policy.scope == scope)
}

/// `with`: `direction` is `ingress` or `egress`.
fn pod_without_policy(pod: &Pod<'_>, context: &Context<'_>) -> Vec<Verdict> {
    let direction = Direction::of(context);
    // What has the node's network is not held back by policies; a template alone starts nothing.
    if field::flag(Some(pod.spec), "hostNetwork").known() == Some(true) || pod.resource.canonical_type.as_ref() == "PodTemplate" {
        return vec![Verdict::NotApplicable];
    }
    if has_foreign_policy(pod.resource.scope, pod.namespace().name(), context) {
        return vec![Verdict::NotApplicable];
    }
    let mut unknown = None;
    for policy in policies(pod, context).filter(|policy| is_about(policy, direction)) {
        match selects_pod(policy, pod) {
            Some(true) => return vec![Verdict::Pass],
            Some(false) => {}
            None => unknown = Some(policy.header),
        }
    }
    if let Some(place) = unknown {
        return vec![Verdict::Unknown(Cause::Runtime("which pods the network policy selects".into()), place)];
    }
    let message = match direction {
        Direction::Ingress => "no network policy says who may reach the pod: everybody in the cluster may",
        Direction::Egress => "no network policy says what the pod may reach: it may reach everything",
    };
    vec![Verdict::fail_because(pod.resource.header, direction.field(), message)]
}

fn selects_nothing(policy: &Resource, context: &Context<'_>) -> Verdict {
    let Some(spec) = policy.get("spec") else { return Verdict::NotApplicable };
    let selector = spec.get("podSelector");
    let is_empty = selector.is_none_or(|selector| selector.map().is_some_and(|map| map.0.is_empty()));
    let here = pods_in(context.graph, policy.scope, Namespace::of(policy).name());
    // Where no pod is known at all, pods are somewhere else.
    if is_empty || here.is_empty() || here.iter().any(|pod| selects_pod(policy, pod) != Some(false)) {
        return Verdict::Pass;
    }
    Verdict::fail_because(place_of(spec, "podSelector"), "podSelector", "the network policy selects none of the pods of its namespace")
}

/// The rules of a policy in a direction, with what their peers are: nothing stands for everybody.
fn rules_of(policy: &Resource, direction: Direction) -> Vec<(&Value, Option<&Value>)> {
    let rules = policy.body.at(&["spec", direction.field()]).map(Value::items).unwrap_or_default();
    rules.iter().map(|rule| (rule, peers_of(rule, direction))).collect()
}

fn peers_of(rule: &Value, direction: Direction) -> Option<&Value> {
    rule.get(direction.peers()).filter(|peers| !peers.items().is_empty() || unknown_cause(peers).is_some())
}

/// Whether a peer is everybody: all namespaces, or all addresses without exception.
fn is_everybody(peer: &Value) -> bool {
    let is_empty = |selector: &Value| selector.map().is_some_and(|map| map.0.is_empty());
    let all_namespaces = peer.get("namespaceSelector").is_some_and(is_empty) && peer.get("podSelector").is_none_or(is_empty);
    all_namespaces || is_all_addresses(peer)
}

fn is_all_addresses(peer: &Value) -> bool {
    let block = peer.get("ipBlock");
    let cidr = block.and_then(|block| block.get("cidr")).and_then(Value::text);
    matches!(cidr, Some("0.0.0.0/0" | "::/0")) && block.is_none_or(|block| block.get("except").is_none())
}

/// `with`: `direction` is `ingress` or `egress`.
fn allows_all(policy: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let direction = Direction::of(context);
    if !is_about(policy, direction) {
        return vec![Verdict::NotApplicable];
    }
    let who = match direction {
        Direction::Ingress => "lets everybody in",
        Direction::Egress => "lets everything out",
    };
    let verdict = |(number, (rule, peers)): (usize, (&Value, Option<&Value>))| {
        // Ports are a limit, too; those that matter are what another check is about.
        if rule.get("ports").is_some_and(|ports| !ports.items().is_empty()) {
            return Verdict::Pass;
        }
        let part = format!("{}.{number}", direction.field());
        let message = format!("the network policy {who}");
        match peers {
            None => Verdict::fail_because(first_place(rule), &part, message),
            Some(peers) => match peers.items().iter().find(|peer| is_everybody(peer)) {
                Some(peer) => Verdict::fail_because(first_place(peer), &part, message),
                None => unknown_cause(peers).map_or(Verdict::Pass, |cause| Verdict::Unknown(cause, peers.place)),
            },
        }
    };
    rules_of(policy, direction).into_iter().enumerate().map(verdict).collect()
}

/// `with`: `ports` are numbers that should not be open to all addresses.
fn open_port(policy: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let bad: Vec<f64> =
        context.with.get("ports").and_then(|ports| ports.as_array()).into_iter().flatten().filter_map(serde_json::Value::as_f64).collect();
    let verdict = |(rule, peers): (&Value, Option<&Value>)| {
        if peers.is_some_and(|peers| !peers.items().iter().any(is_all_addresses)) {
            return Verdict::Pass;
        }
        let ports = rule.get("ports").map(Value::items).unwrap_or_default();
        let is_bad = |port: &&Value| {
            let first = port.get("port").and_then(Value::number);
            let last = port.get("endPort").and_then(Value::number).or(first);
            bad.iter().any(|bad| first.is_some_and(|first| first <= *bad) && last.is_some_and(|last| *bad <= last))
        };
        match ports.iter().find(is_bad) {
            Some(port) => {
                let shown = port.get("port").map(Value::shown).unwrap_or_default();
                Verdict::fail_because(
                    first_place(port),
                    &format!("ports.{shown}"),
                    format!("the network policy opens the port {shown} to every address"),
                )
            }
            None => Verdict::Pass,
        }
    };
    rules_of(policy, Direction::Ingress).into_iter().map(verdict).collect()
}

/// The address at which clouds give out credentials of the node.
const METADATA: &str = "169.254.169.254";

fn reaches_metadata(policy: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    if !is_about(policy, Direction::Egress) {
        return vec![Verdict::NotApplicable];
    }
    let message = || format!("the network policy lets pods reach {METADATA}, which gives out credentials of their node");
    let verdict = |(rule, peers): (&Value, Option<&Value>)| {
        let is_web = |port: &Value| port.get("port").and_then(Value::number).is_none_or(|port| port == 80.0);
        if !rule.get("ports").map(Value::items).unwrap_or_default().iter().all(is_web) {
            return Verdict::Pass;
        }
        let Some(peers) = peers else { return Verdict::fail_because(first_place(rule), "egress", message()) };
        let is_open = |peer: &&Value| {
            let block = peer.get("ipBlock");
            let text = |name: &str| block.and_then(|block| block.get(name)).and_then(Value::text);
            let excepted = block.and_then(|block| block.get("except")).map(Value::items).unwrap_or_default();
            text("cidr") == Some("0.0.0.0/0")
                && !excepted.iter().any(|except| except.text().is_some_and(|text| text.starts_with("169.254.")))
        };
        peers.items().iter().find(is_open).map_or(Verdict::Pass, |peer| Verdict::fail_because(first_place(peer), "egress", message()))
    };
    rules_of(policy, Direction::Egress).into_iter().map(verdict).collect()
}

/// `with`: `direction` is `ingress` or `egress`.
fn without_default_deny(namespace: &Resource, context: &Context<'_>) -> Verdict {
    let direction = Direction::of(context);
    if namespace.name.starts_with("kube-") || has_foreign_policy(namespace.scope, &namespace.name, context) {
        return Verdict::NotApplicable;
    }
    let denies = |policy: &Resource| {
        let selector = policy.body.at(&["spec", "podSelector"]);
        is_about(policy, direction) && selector.is_none_or(|selector| selector.map().is_some_and(|map| map.0.is_empty()))
    };
    if in_namespace(context.graph, "NetworkPolicy", namespace.scope, &namespace.name).any(denies) {
        return Verdict::Pass;
    }
    let message = format!("no network policy denies {} for all pods of the namespace unless another allows it", direction.field());
    Verdict::fail_because(Place::NONE, direction.field(), message)
}

/// Where an object starts: its first name.
fn first_place(value: &Value) -> Place {
    let first = value.map().and_then(|map| map.0.values().map(|member| member.name).min());
    first.unwrap_or(value.place)
}

/// Whether the addresses of the internet may reach a pod through the policies that select it; where none does, they may.
pub(crate) fn lets_the_internet_in(pod: &Pod<'_>, context: &Context<'_>) -> bool {
    let selecting: Vec<&Resource> =
        policies(pod, context).filter(|policy| is_about(policy, Direction::Ingress) && selects_pod(policy, pod) == Some(true)).collect();
    let opens = |policy: &&Resource| {
        rules_of(policy, Direction::Ingress).iter().any(|(_, peers)| {
            peers.is_none_or(|peers| peers.items().iter().any(|peer| is_everybody(peer) || peer.get("namespaceSelector").is_some()))
        })
    };
    selecting.is_empty() || selecting.iter().any(opens)
}
