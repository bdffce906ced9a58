//! The shortest way from each account to `cluster-admin`, for people who ask.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    checks::{acts_as, scopes},
    model::{Rights, Subject},
    path::Ways,
};
use crate::{Graph, Place, check::Context, kubernetes::pod::pods};

/// The shortest way from somebody to everything.
#[derive(Debug)]
pub(crate) struct Way {
    /// Who has it: `the account shop/web`.
    pub(crate) who: String,
    /// The kind of whoever has it: `account`, `user` or `group`.
    pub(crate) kind: &'static str,
    /// Their name; that of an account with its namespace.
    pub(crate) name: String,
    /// Workloads whose pods are given the account's token, by address, sorted.
    pub(crate) workloads: Vec<String>,
    /// The steps, in order. The last one leads to everything.
    pub(crate) steps: Vec<Step>,
}

/// A step of a way.
#[derive(Debug)]
pub(crate) struct Step {
    /// Who takes it.
    pub(crate) who: String,
    /// What they may, in words.
    pub(crate) may: String,
    /// Whom they become; nobody if they may do everything.
    pub(crate) becomes: Option<String>,
    /// Where that is written, and what stands there.
    pub(crate) places: Vec<(Place, String)>,
}

/// All ways, the shortest first; and how many accounts have none.
pub(crate) fn ways(graph: &Graph) -> (Vec<Way>, usize) {
    let context = Context { graph, with: &serde_json::Value::Null };
    let (mut found, mut n_without) = (Vec::new(), 0);
    for scope in scopes(&context) {
        let rights = Rights::of(scope, graph);
        let ways = Ways::find(&rights, scope, graph);
        let mut workloads: BTreeMap<Subject<'_>, BTreeSet<String>> = BTreeMap::new();
        for pod in pods(graph).into_iter().filter(|pod| pod.resource.scope == scope) {
            if let Some((account, _)) = acts_as(&pod, &context) {
                workloads.entry(account).or_default().insert(pod.resource.address.to_string());
            }
        }
        let subjects: BTreeSet<Subject<'_>> = rights.grants.keys().chain(workloads.keys()).copied().collect();
        for subject in subjects {
            let steps: Vec<Step> = ways
                .from(subject)
                .into_iter()
                .map(|(who, hop)| Step {
                    who: who.shown(),
                    may: hop.says.clone(),
                    becomes: hop.becomes.map(|subject| subject.shown()),
                    places: hop.places.clone(),
                })
                .collect();
            let workloads = workloads.get(&subject).into_iter().flatten().cloned().collect();
            if steps.is_empty() {
                n_without += 1;
                continue;
            }
            let (kind, name) = named(subject);
            found.push(Way { who: subject.shown(), kind, name, workloads, steps });
        }
    }
    found.sort_by(|one, other| {
        let key = |way: &Way| (way.workloads.is_empty(), way.steps.len(), way.kind, way.name.clone());
        key(one).cmp(&key(other))
    });
    (found, n_without)
}

fn named(subject: Subject<'_>) -> (&'static str, String) {
    match subject {
        Subject::Account(namespace, name) => ("account", format!("{namespace}/{name}")),
        Subject::User(name) => ("user", name.to_owned()),
        Subject::Group(name) => ("group", name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::ways;
    use crate::fixture::graph;

    const MANIFESTS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: ci, namespace: build}
spec: {serviceAccountName: runner, containers: [{name: a, image: a}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: starter, namespace: build}
rules: [{apiGroups: [''], resources: [pods], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: starter, namespace: build}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: starter}
subjects: [{kind: ServiceAccount, name: runner, namespace: build}, {kind: User, name: jane}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: root}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: deployer, namespace: build}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
";

    #[test]
    fn the_shortest_way_of_each_account_is_told_step_by_step() {
        let graph = graph(&[("all.yaml", MANIFESTS)]);
        let (found, n_without) = ways(&graph);
        let told: Vec<String> = found
            .iter()
            .map(|way| {
                let steps: Vec<String> = way.steps.iter().map(|step| format!("{} {}", step.who, step.may)).collect();
                format!("{} {} [{}]: {}", way.kind, way.name, way.workloads.join(","), steps.join("; "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "account build/runner [Pod/build/ci]: the account `build/runner` may start pods in the namespace `build` (role `starter`); the account `build/deployer` may do everything (role `cluster-admin`)",
                "account build/deployer []: the account `build/deployer` may do everything (role `cluster-admin`)",
                "user jane []: the user `jane` may start pods in the namespace `build` (role `starter`); the account `build/deployer` may do everything (role `cluster-admin`)",
            ]
        );
        assert_eq!(n_without, 1);
        assert!(found.iter().flat_map(|way| &way.steps).all(|step| !step.places.is_empty()));
    }
}
