//! Roles, bindings and those who have rights by them.

use std::collections::BTreeMap;

use crate::{
    Graph, Place, Resource, ScopeId, Value,
    kubernetes::{
        check::{nearest, network::selects},
        field::place_of,
        manifest::Namespace,
    },
};

/// The group that all of RBAC is in.
pub(super) const RBAC: &str = "rbac.authorization.k8s.io";

/// A rule of a role: verbs on resources of groups.
#[derive(Debug, Clone)]
pub(super) struct Rule<'g> {
    pub(super) verbs: Vec<&'g str>,
    pub(super) groups: Vec<&'g str>,
    pub(super) resources: Vec<&'g str>,
    /// Whether only objects of some names are meant.
    pub(super) is_named: bool,
    /// Where it says what it allows.
    pub(super) place: Place,
}

/// Somebody who may have rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject<'g> {
    /// A service account, by its namespace and name.
    Account(&'g str, &'g str),
    /// A user.
    User(&'g str),
    /// A group.
    Group(&'g str),
}

/// The rules that somebody has by one binding.
#[derive(Debug, Clone)]
pub(super) struct Grant<'g> {
    pub(super) binding: &'g Resource,
    /// The role, if it is declared; those that every cluster has need not be.
    pub(super) role: Option<&'g Resource>,
    /// The role's name.
    pub(super) role_name: &'g str,
    /// The namespace that the rules hold in; everywhere if there is none.
    pub(super) namespace: Option<&'g str>,
    pub(super) rules: Vec<Rule<'g>>,
}

/// Rights of everybody in a scope.
#[derive(Debug, Default)]
pub(super) struct Rights<'g> {
    pub(super) grants: BTreeMap<Subject<'g>, Vec<Grant<'g>>>,
}

/// Roles that every cluster has, by what matters of them: verbs, group, resources.
type BuiltIn = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const EDIT: &[BuiltIn] = &[
    (
        &["get", "list", "watch", "create", "update", "patch", "delete"],
        &[""],
        &["pods", "secrets", "configmaps", "serviceaccounts", "services"],
    ),
    (&["create"], &[""], &["pods/exec", "pods/attach", "pods/portforward", "serviceaccounts/token"]),
    (&["impersonate"], &[""], &["serviceaccounts"]),
    (&["create", "update", "patch", "delete"], &["apps"], &["deployments", "daemonsets", "statefulsets", "replicasets"]),
    (&["create", "update", "patch", "delete"], &["batch"], &["jobs", "cronjobs"]),
];
const ADMIN: &[BuiltIn] = &[(&["create", "update", "patch", "delete"], &[RBAC], &["roles", "rolebindings"])];
const CLUSTER_ADMIN: &[BuiltIn] = &[(&["*"], &["*"], &["*"])];

fn built_in_rules<'g>(name: &str) -> Vec<Rule<'g>> {
    let lists: &[&[BuiltIn]] = match name {
        "cluster-admin" => &[CLUSTER_ADMIN],
        "admin" => &[EDIT, ADMIN],
        "edit" => &[EDIT],
        _ => &[],
    };
    let rule = |(verbs, groups, resources): &BuiltIn| Rule {
        verbs: verbs.to_vec(),
        groups: groups.to_vec(),
        resources: resources.to_vec(),
        is_named: false,
        place: Place::NONE,
    };
    lists.iter().copied().flatten().map(rule).collect()
}

fn texts<'g>(value: &'g Value, name: &str) -> Vec<&'g str> {
    value.get(name).map(Value::items).unwrap_or_default().iter().filter_map(Value::text).collect()
}

/// The rules that a role writes itself.
pub(super) fn own_rules(role: &Resource) -> Vec<Rule<'_>> {
    role.get("rules").map(Value::items).unwrap_or_default().iter().map(rule_of).collect()
}

fn rule_of(value: &Value) -> Rule<'_> {
    let names = value.get("resourceNames").map(Value::items).unwrap_or_default();
    Rule {
        verbs: texts(value, "verbs"),
        groups: texts(value, "apiGroups"),
        resources: texts(value, "resources"),
        is_named: !names.is_empty(),
        place: if value.member("verbs").is_some() { place_of(value, "verbs") } else { value.place },
    }
}

/// The rules of a role with those of the roles that it takes in by their labels.
fn rules_of<'g>(role: &'g Resource, graph: &'g Graph) -> Vec<Rule<'g>> {
    let mut rules = own_rules(role);
    let selectors = role.body.at(&["aggregationRule", "clusterRoleSelectors"]).map(Value::items).unwrap_or_default();
    for other in graph.of_type("ClusterRole").filter(|other| other.scope == role.scope && other.id != role.id) {
        let labels = other.body.at(&["metadata", "labels"]);
        if selectors.iter().any(|selector| selects(Some(selector), labels) == Some(true)) {
            rules.extend(own_rules(other));
        }
    }
    rules
}

impl Rule<'_> {
    /// Whether it allows a verb on a resource of a group: `pods/exec` is a resource of its own.
    pub(super) fn allows(&self, verb: &str, group: &str, resource: &str) -> bool {
        let has = |list: &[&str], wanted: &str| list.iter().any(|one| *one == "*" || *one == wanted);
        let sub = resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
        let has_resource = has(&self.resources, resource) || sub.is_some_and(|sub| self.resources.contains(&sub.as_str()));
        !self.is_named && has(&self.verbs, verb) && has(&self.groups, group) && has_resource
    }

    /// Whether it allows everything.
    pub(super) fn is_everything(&self) -> bool {
        self.allows("*", "*", "*") && [&self.verbs, &self.groups, &self.resources].iter().all(|list| list.contains(&"*"))
    }
}

impl<'g> Subject<'g> {
    /// A subject of a binding.
    pub(super) fn of(value: &'g Value, binding: &'g Resource) -> Option<Self> {
        let text = |name| value.get(name).and_then(Value::text);
        let name = text("name")?;
        match text("kind")? {
            "ServiceAccount" => Some(Self::Account(text("namespace").unwrap_or_else(|| Namespace::of(binding).name()), name)),
            "User" => match name.strip_prefix("system:serviceaccount:").and_then(|account| account.split_once(':')) {
                Some((namespace, name)) => Some(Self::Account(namespace, name)),
                None => Some(Self::User(name)),
            },
            "Group" => Some(Self::Group(name)),
            _ => None,
        }
    }

    /// How it is called in a sentence.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Account(namespace, name) => format!("the account `{namespace}/{name}`"),
            Self::User(name) => format!("the user `{name}`"),
            Self::Group(name) => format!("the group `{name}`"),
        }
    }

    /// The groups that it is in by what it is.
    fn groups(&self) -> Vec<String> {
        match self {
            Self::Account(namespace, _) => {
                vec!["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}"), "system:authenticated".to_owned()]
            }
            Self::User(_) => vec!["system:authenticated".to_owned()],
            Self::Group(_) => Vec::new(),
        }
    }
}

/// The subjects of a binding.
pub(super) fn subjects(binding: &Resource) -> Vec<(Subject<'_>, &Value)> {
    let items = binding.get("subjects").map(Value::items).unwrap_or_default();
    items.iter().filter_map(|value| Some((Subject::of(value, binding)?, value))).collect()
}

/// The kind and the name of the role of a binding.
pub(super) fn role_of(binding: &Resource) -> Option<(&str, &str)> {
    let text = |name| binding.body.at(&["roleRef", name]).and_then(Value::text);
    Some((text("kind")?, text("name")?))
}

/// The role of a binding, if it is declared.
fn declared_role<'g>(binding: &Resource, graph: &'g Graph) -> Option<&'g Resource> {
    let (kind, name) = role_of(binding)?;
    let is_it = |role: &&Resource| {
        let is_here = kind == "ClusterRole" || Namespace::of(role).name() == Namespace::of(binding).name();
        role.scope == binding.scope && role.name.as_ref() == name && is_here
    };
    nearest(binding, graph.of_type(kind).filter(is_it))
}

/// The rules that a binding gives: of the role that is declared, or else of one that every cluster has.
pub(super) fn bound_rules<'g>(binding: &Resource, graph: &'g Graph) -> Vec<Rule<'g>> {
    let built_in = || role_of(binding).map(|(_, name)| built_in_rules(name)).unwrap_or_default();
    declared_role(binding, graph).map_or_else(built_in, |role| rules_of(role, graph))
}

impl<'g> Rights<'g> {
    /// Rights of everybody by the bindings of a scope.
    pub(super) fn of(scope: ScopeId, graph: &'g Graph) -> Self {
        let mut rights = Self::default();
        let bindings = graph.of_type("ClusterRoleBinding").chain(graph.of_type("RoleBinding"));
        for binding in bindings.filter(|binding| binding.scope == scope) {
            let Some((_, role_name)) = role_of(binding) else { continue };
            let namespace = (binding.canonical_type.as_ref() == "RoleBinding").then(|| Namespace::of(binding).name());
            let role = declared_role(binding, graph);
            let rules = bound_rules(binding, graph);
            for (subject, _) in subjects(binding) {
                rights.grants.entry(subject).or_default().push(Grant { binding, role, role_name, namespace, rules: rules.clone() });
            }
        }
        rights
    }

    /// What somebody has, also by the groups that it is in.
    pub(super) fn grants_of(&self, subject: Subject<'g>) -> Vec<&Grant<'g>> {
        let own = self.grants.get(&subject).into_iter().flatten();
        let groups = subject.groups();
        // Groups come after all accounts and users.
        let is_in = |other: &Subject<'_>| matches!(other, Subject::Group(name) if groups.iter().any(|group| group == name));
        let of_groups = self.grants.range(Subject::Group("")..).filter(|(other, _)| is_in(other)).flat_map(|(_, grants)| grants);
        own.chain(of_groups).collect()
    }
}
