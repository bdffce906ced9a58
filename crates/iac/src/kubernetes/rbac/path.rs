//! Ways from one account to another, and in the end to `cluster-admin`.
//!
//! Somebody becomes another if their rights suffice for it: by running a pod as another account, by making a token of it, by
//! entering a pod that runs as it. The shortest way is found backwards, round by round, from those who may do everything.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Grant, RBAC, Rights, Subject};
use crate::{Graph, Place, ScopeId, Value, kubernetes::manifest::Namespace, kubernetes::pod::pods};

/// A right that a step needs: one of the verbs on one of the resources of a group.
type Need = (&'static [&'static str], &'static str, &'static [&'static str]);

/// Where a step leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leads {
    /// To everything.
    Admin,
    /// To any account of the namespace that the rights are for.
    AnyAccount,
    /// To accounts as which pods run there.
    RunningAccount,
    /// To accounts whose tokens lie in secrets there.
    TokenInSecret,
}

/// A way to become somebody else.
pub(super) struct Step {
    pub(super) needs: &'static [Need],
    pub(super) leads: Leads,
    pub(super) says: &'static str,
    /// Whether it is creating pods, directly or by a controller.
    pub(super) is_running_pods: bool,
}

const WRITE: &[&str] = &["create", "update", "patch"];
const READ: &[&str] = &["get", "list", "watch"];

const fn step(needs: &'static [Need], leads: Leads, says: &'static str) -> Step {
    Step { needs, leads, says, is_running_pods: false }
}

#[rustfmt::skip]
pub(super) const STEPS: &[Step] = &[
    step(&[(&["*"], "*", &["*"])], Leads::Admin, "may do everything"),
    step(&[(&["escalate"], RBAC, &["clusterroles"]), (&["update", "patch"], RBAC, &["clusterroles"])], Leads::Admin, "may give a cluster role any right"),
    step(&[(&["bind"], RBAC, &["clusterroles"]), (WRITE, RBAC, &["clusterrolebindings"])], Leads::Admin, "may bind itself to any cluster role"),
    step(&[(&["impersonate"], "", &["users", "groups"])], Leads::Admin, "may act as any user or group"),
    step(&[(&["update", "patch"], "certificates.k8s.io", &["certificatesigningrequests/approval"]), (&["approve"], "certificates.k8s.io", &["signers"]), (&["create"], "certificates.k8s.io", &["certificatesigningrequests"])], Leads::Admin, "may give itself a certificate of any user"),
    step(&[(WRITE, "admissionregistration.k8s.io", &["mutatingwebhookconfigurations"])], Leads::Admin, "may have every object changed on its way into the cluster"),
    step(&[(&["get", "create"], "", &["nodes/proxy"])], Leads::RunningAccount, "may run commands in every pod, through the kubelets"),
    Step { needs: &[(WRITE, "", &["pods", "replicationcontrollers"])], leads: Leads::AnyAccount, says: "may start pods", is_running_pods: true },
    Step { needs: &[(WRITE, "apps", &["deployments", "daemonsets", "statefulsets", "replicasets"])], leads: Leads::AnyAccount, says: "may start pods by a controller", is_running_pods: true },
    Step { needs: &[(WRITE, "batch", &["jobs", "cronjobs"])], leads: Leads::AnyAccount, says: "may start pods by a job", is_running_pods: true },
    step(&[(&["create"], "", &["serviceaccounts/token"])], Leads::AnyAccount, "may make tokens of accounts"),
    step(&[(&["impersonate"], "", &["serviceaccounts"])], Leads::AnyAccount, "may act as any account"),
    step(&[(&["create"], "", &["secrets"]), (READ, "", &["secrets"])], Leads::AnyAccount, "may have tokens of accounts put into secrets and read them"),
    step(&[(&["bind", "escalate"], RBAC, &["roles", "clusterroles"]), (WRITE, RBAC, &["rolebindings", "roles"])], Leads::AnyAccount, "may give itself any right there"),
    step(&[(&["create", "get"], "", &["pods/exec", "pods/attach"])], Leads::RunningAccount, "may enter pods"),
    step(&[(&["update", "patch"], "", &["pods/ephemeralcontainers"])], Leads::RunningAccount, "may add containers to running pods"),
    step(&[(READ, "", &["secrets"])], Leads::TokenInSecret, "may read secrets"),
];

/// How somebody gets one step nearer.
#[derive(Debug, Clone)]
pub(super) struct Hop<'g> {
    /// Whom they become; nobody if they are there.
    pub(super) becomes: Option<Subject<'g>>,
    /// What they may, in words.
    pub(super) says: String,
    /// Where that is written.
    pub(super) places: Vec<(Place, String)>,
    /// Whether it is by running a pod.
    pub(super) is_running_pods: bool,
}

/// The next hop of everybody from whom there is a way to everything.
#[derive(Debug, Default)]
pub(super) struct Ways<'g> {
    pub(super) hops: BTreeMap<Subject<'g>, Hop<'g>>,
}

/// What a step of somebody reaches: where, and by which rights.
struct Edge<'g> {
    step: &'static Step,
    /// A namespace; all of them if there is none.
    namespace: Option<&'g str>,
    places: Vec<(Place, String)>,
    role: &'g str,
}

impl<'g> Ways<'g> {
    /// Finds all ways in a scope.
    pub(super) fn find(rights: &Rights<'g>, scope: ScopeId, graph: &'g Graph) -> Self {
        let running = running_accounts(scope, graph);
        let tokens = accounts_with_tokens(scope, graph);
        let mut subjects: BTreeSet<Subject<'g>> = rights.grants.keys().copied().collect();
        // An account that has rights only by a group is somebody, too.
        subjects.extend(running.iter().copied());
        let edges: Vec<(Subject<'g>, Vec<Edge<'g>>)> = subjects.into_iter().map(|subject| (subject, edges_of(subject, rights))).collect();
        let mut ways = Self::default();
        for (subject, edges) in &edges {
            if let Some(edge) = edges.iter().find(|edge| edge.step.leads == Leads::Admin) {
                ways.hops.insert(*subject, edge.hop(None));
            }
        }
        loop {
            // For each namespace, and for all, the first account that is known to lead on, by how it can be reached.
            let mut targets: BTreeMap<(Leads, Option<&str>), Subject<'g>> = BTreeMap::new();
            for subject in ways.hops.keys().copied() {
                let Subject::Account(namespace, _) = subject else { continue };
                let sorts = [
                    (Leads::AnyAccount, true),
                    (Leads::RunningAccount, running.contains(&subject)),
                    (Leads::TokenInSecret, tokens.contains(&subject)),
                ];
                for (leads, _) in sorts.into_iter().filter(|(_, is_it)| *is_it) {
                    targets.entry((leads, Some(namespace))).or_insert(subject);
                    targets.entry((leads, None)).or_insert(subject);
                }
            }
            let mut found = Vec::new();
            for (subject, edges) in edges.iter().filter(|(subject, _)| !ways.hops.contains_key(subject)) {
                let next = edges.iter().find_map(|edge| Some((edge, *targets.get(&(edge.step.leads, edge.namespace))?)));
                found.extend(next.map(|(edge, target)| (*subject, edge.hop(Some(target)))));
            }
            if found.is_empty() {
                return ways;
            }
            ways.hops.extend(found);
        }
    }

    /// The hops from somebody to everything, in order; nothing if there is no way.
    pub(super) fn from(&self, subject: Subject<'g>) -> Vec<(Subject<'g>, &Hop<'g>)> {
        let mut way = Vec::new();
        let mut next = Some(subject);
        while let Some((subject, hop)) = next.and_then(|subject| Some((subject, self.hops.get(&subject)?))) {
            way.push((subject, hop));
            next = hop.becomes;
        }
        way
    }
}

/// A way in one sentence, from whoever has it.
pub(super) fn sentence(way: &[(Subject<'_>, &Hop<'_>)]) -> String {
    let hop = |(_, hop): &(Subject<'_>, &Hop<'_>)| match hop.becomes {
        Some(subject) => format!("{} and so becomes {}", hop.says, subject.shown()),
        None => hop.says.clone(),
    };
    way.iter().map(hop).collect::<Vec<_>>().join(", which ")
}

impl<'g> Edge<'g> {
    fn hop(&self, becomes: Option<Subject<'g>>) -> Hop<'g> {
        let place = match (self.step.leads, self.namespace) {
            (Leads::Admin, _) => String::new(),
            (_, Some(namespace)) => format!(" in the namespace `{namespace}`"),
            (_, None) => " in every namespace".to_owned(),
        };
        let says = format!("{}{place} (role `{}`)", self.step.says, self.role);
        Hop { becomes, says, places: self.places.clone(), is_running_pods: self.step.is_running_pods }
    }
}

/// Everything that somebody can do to become somebody else.
fn edges_of<'g>(subject: Subject<'g>, rights: &Rights<'g>) -> Vec<Edge<'g>> {
    let grants: Vec<&Grant<'g>> = rights.grants_of(subject);
    let mut namespaces: Vec<Option<&str>> = grants.iter().map(|grant| grant.namespace).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let mut edges = Vec::new();
    for namespace in namespaces {
        for step in STEPS.iter().filter(|step| step.leads != Leads::Admin || namespace.is_none()) {
            // What holds everywhere holds in the namespace, too.
            let in_reach = || grants.iter().filter(|grant| grant.namespace.is_none() || grant.namespace == namespace);
            let witness = |need: &Need| in_reach().find_map(|grant| Some((*grant, grant.rules.iter().find(|rule| satisfies(rule, need))?)));
            let witnesses: Option<Vec<_>> = step.needs.iter().map(witness).collect();
            let Some(witnesses) = witnesses else { continue };
            // That everything is allowed says all: what else is allowed by the same rule need not be said.
            let role = witnesses.first().map_or("", |(grant, _)| grant.role_name);
            let mut places = Vec::new();
            for (grant, rule) in witnesses {
                places.push((grant.binding.header, format!("`{}` gives it the role `{}`", grant.binding.address, grant.role_name)));
                if let (Some(role), true) = (grant.role, rule.place.is_somewhere()) {
                    places.push((rule.place, format!("`{}` allows it", role.address)));
                }
            }
            places.dedup();
            edges.push(Edge { step, namespace, places, role });
        }
    }
    edges
}

fn satisfies(rule: &super::model::Rule<'_>, (verbs, group, resources): &Need) -> bool {
    if *group == "*" {
        return rule.is_everything();
    }
    verbs.iter().any(|verb| resources.iter().any(|resource| rule.allows(verb, group, resource)))
}

/// The accounts as which pods run.
fn running_accounts(scope: ScopeId, graph: &Graph) -> BTreeSet<Subject<'_>> {
    let mut accounts = BTreeSet::new();
    for pod in pods(graph).into_iter().filter(|pod| pod.resource.scope == scope) {
        accounts.insert(Subject::Account(pod.namespace().name(), pod.service_account().known().unwrap_or("default")));
    }
    accounts
}

/// The accounts whose tokens are declared as secrets.
fn accounts_with_tokens(scope: ScopeId, graph: &Graph) -> BTreeSet<Subject<'_>> {
    let is_token = |secret: &&crate::Resource| {
        secret.scope == scope && secret.get("type").and_then(Value::text) == Some("kubernetes.io/service-account-token")
    };
    let mut accounts = BTreeSet::new();
    for secret in graph.of_type("Secret").filter(is_token) {
        let name = secret.body.at(&["metadata", "annotations", "kubernetes.io/service-account.name"]).and_then(Value::text);
        accounts.extend(name.map(|name| Subject::Account(Namespace::of(secret).name(), name)));
    }
    accounts
}
