//! What is wrong with roles and bindings, and which workloads lead to `cluster-admin`.

use serde_json::Value as Json;

use super::{
    model::{Rights, Rule, Subject, bound_rules, own_rules, role_of, subjects},
    path::{Ways, sentence},
};
use crate::{
    Failure, Resource, ResourceId, ScopeId, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        check::{network, object, pod::mounts_token_of, volume::HostPath},
        field::{self, Field, place_of, walk},
        index::in_namespace,
        pod::{Pod, pods},
    },
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "role-everything", look: Look::Parts(everything) },
    Check { name: "role-wildcard", look: Look::Parts(wildcard) },
    Check { name: "role-grants", look: Look::Parts(grants) },
    Check { name: "binding-grants", look: Look::Parts(binding_grants) },
    Check { name: "binding-of-role", look: Look::Parts(binding_of_role) },
    Check { name: "binding-of-everybody", look: Look::Parts(binding_of_everybody) },
    Check { name: "binding-of-default-account", look: Look::Parts(binding_of_default_account) },
    Check { name: "pod-creator-becomes-stronger", look: Look::Graph(pod_creator_becomes_stronger) },
    Check { name: "workload-leads-to-admin", look: Look::Graph(workload_leads_to_admin) },
    Check { name: "exposed-workload-leads-to-admin", look: Look::Graph(exposed_workload_leads_to_admin) },
];

/// A verdict for each rule of a role; those of the cluster itself are as they are.
fn for_each_rule(role: &Resource, judge: impl Fn(&Rule<'_>) -> Option<String>) -> Vec<Verdict> {
    if role.name.starts_with("system:") {
        return vec![Verdict::NotApplicable];
    }
    let verdict = |(number, rule): (usize, &Rule<'_>)| {
        judge(rule).map_or(Verdict::Pass, |message| Verdict::fail_because(rule.place, &format!("rules.{number}"), message))
    };
    own_rules(role).iter().enumerate().map(verdict).collect()
}

fn everything(role: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    for_each_rule(role, |rule| is_everything(rule).then(|| "the role may do everything".to_owned()))
}

fn is_everything(rule: &Rule<'_>) -> bool {
    rule.verbs.contains(&"*") && rule.resources.contains(&"*") && !rule.is_named
}

fn wildcard(role: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    for_each_rule(role, |rule| {
        // That everything is allowed is what another check is about.
        if is_everything(rule) {
            return None;
        }
        let lists = [("verb", &rule.verbs), ("resource", &rule.resources), ("group", &rule.groups)];
        let wild = lists.iter().find(|(_, list)| list.contains(&"*"))?.0;
        Some(format!("the role names no {wild}: `*` means all there are, and all there will be"))
    })
}

/// `with`: `grants` lists `verbs`, `group` and `resources` that should not be allowed; `says` is what they lead to.
fn grants(role: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    for_each_rule(role, |rule| {
        let (verbs, resource) = granted(rule, Naming::Own, context)?;
        Some(format!("the role allows to {} `{resource}`, {}", verbs.join(", "), context.text("says")))
    })
}

/// How exactly a rule must name a resource to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Naming {
    /// By its name or by that of its group: that everything is allowed is what another check is about.
    Own,
    /// In whatever way.
    Any,
}

/// Which of the grants that the rule of this check lists a rule of a role allows: verbs, and the resource.
fn granted<'c>(rule: &Rule<'_>, naming: Naming, context: &Context<'c>) -> Option<(Vec<&'c str>, &'c str)> {
    let texts = |grant: &'c Json, name: &str| grant.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let listed = context.with.get("grants").and_then(Json::as_array);
    listed.into_iter().flatten().find_map(|grant| {
        let group = grant.get("group").and_then(Json::as_str).unwrap_or_default();
        let verbs = |resource: &str| texts(grant, "verbs").filter(|verb| rule.allows(verb, group, resource)).collect::<Vec<_>>();
        let is_of_group = rule.resources.contains(&"*") && !group.is_empty() && rule.groups.contains(&group);
        let is_own = |resource: &str| {
            let is_it = |one: &&str| *one == resource || (one.starts_with("*/") && resource.ends_with(one.trim_start_matches('*')));
            is_of_group || rule.resources.iter().any(is_it)
        };
        let found =
            texts(grant, "resources").find(|resource| (naming == Naming::Any || is_own(resource)) && !verbs(resource).is_empty())?;
        Some((verbs(found), found))
    })
}

/// `with`: as for roles. The account of a pod, or a node, has a right that leads further.
fn binding_grants(binding: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    if binding.name.starts_with("system:") {
        return vec![Verdict::NotApplicable];
    }
    let rules = bound_rules(binding, context.graph);
    let Some((verbs, resource)) = rules.iter().find_map(|rule| granted(rule, Naming::Any, context)) else { return vec![Verdict::Pass] };
    let verdict = |value: &Value| {
        let kind = value.get("kind").and_then(Value::text);
        let name = value.get("name").and_then(Value::text).unwrap_or_default();
        let is_account = matches!(Subject::of(value, binding), Some(Subject::Account(..)));
        if !is_account && kind != Some("Node") {
            return Verdict::Pass;
        }
        let message = format!("`{name}` may {} `{resource}`, {}", verbs.join(", "), context.text("says"));
        Verdict::fail_because(place_of(value, "name"), name, message)
    };
    binding.get("subjects").map(Value::items).unwrap_or_default().iter().map(verdict).collect()
}

/// `with`: `role` should not be bound, but to the subjects in `except`.
fn binding_of_role(binding: &Resource, context: &Context<'_>) -> Vec<Verdict> {
    let role = context.text("role");
    if binding.name.starts_with("system:") || role_of(binding).is_none_or(|(_, name)| name != role) {
        return vec![Verdict::Pass];
    }
    let verdict = |(subject, value): (Subject<'_>, &Value)| {
        let name = value.get("name").and_then(Value::text).unwrap_or_default();
        if context.texts("except").any(|except| except == name) {
            return Verdict::Pass;
        }
        let message = format!("{} has the role `{role}`", subject.shown());
        Verdict::fail_because(place_of(value, "name"), &subject.shown(), message)
    };
    subjects(binding).into_iter().map(verdict).collect()
}

/// Roles that every cluster gives to everybody.
const FOR_EVERYBODY: &[&str] =
    &["system:basic-user", "system:discovery", "system:public-info-viewer", "system:service-account-issuer-discovery"];

fn binding_of_everybody(binding: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let Some((_, role)) = role_of(binding).filter(|(_, role)| !FOR_EVERYBODY.contains(role)) else { return vec![Verdict::Pass] };
    let verdict = |(subject, value): (Subject<'_>, &Value)| {
        let who = match subject {
            Subject::User("system:anonymous") | Subject::Group("system:unauthenticated") => "whoever reaches the API, without a login,",
            Subject::Group("system:authenticated") => "whoever has any login (at some clouds, any account of the cloud)",
            Subject::User(_) | Subject::Group(_) | Subject::Account(..) => return Verdict::Pass,
        };
        Verdict::fail_because(place_of(value, "name"), &subject.shown(), format!("{who} has the role `{role}`"))
    };
    subjects(binding).into_iter().map(verdict).collect()
}

fn binding_of_default_account(binding: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let verdict = |(subject, value): (Subject<'_>, &Value)| match subject {
        Subject::Account(namespace, "default") => {
            let message = format!("every pod of the namespace `{namespace}` that names no account has this role");
            Verdict::fail_because(place_of(value, "name"), &subject.shown(), message)
        }
        Subject::Account(..) | Subject::User(_) | Subject::Group(_) => Verdict::Pass,
    };
    subjects(binding).into_iter().map(verdict).collect()
}

/// The scopes that have bindings.
pub(super) fn scopes(context: &Context<'_>) -> Vec<ScopeId> {
    let bindings = context.graph.of_type("ClusterRoleBinding").chain(context.graph.of_type("RoleBinding"));
    let mut scopes: Vec<ScopeId> = bindings.map(|binding| binding.scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

fn pod_creator_becomes_stronger(context: &Context<'_>) -> Vec<(ResourceId, Failure)> {
    let mut failures = Vec::new();
    for scope in scopes(context) {
        let rights = Rights::of(scope, context.graph);
        let ways = Ways::find(&rights, scope, context.graph);
        for (subject, hop) in ways.hops.iter().filter(|(_, hop)| hop.is_running_pods) {
            let Some(target) = hop.becomes else { continue };
            let grants = rights.grants_of(*subject);
            let Some(binding) =
                grants.iter().map(|grant| grant.binding).find(|binding| hop.places.iter().any(|(place, _)| *place == binding.header))
            else {
                continue;
            };
            let rest = sentence(&ways.from(target));
            let message = format!("{} {} and so becomes {}, which {rest}", subject.shown(), hop.says, target.shown());
            failures.push((
                binding.id,
                Failure { message: Some(message), related: hop.places.clone(), part: subject.shown(), ..Failure::default() },
            ));
        }
    }
    failures
}

/// The account that a pod can act as: nothing if it is given no token.
pub(super) fn acts_as<'g>(pod: &Pod<'g>, context: &Context<'g>) -> Option<(Subject<'g>, crate::Place)> {
    let (name, place) = match pod.service_account() {
        Field::Is(name, place) => (name, place),
        Field::Absent => ("default", pod.place()),
        Field::Unknown(..) => return None,
    };
    let is_given = mounts_token_of(pod, context).known() != Some(false);
    is_given.then(|| (Subject::Account(pod.namespace().name(), name), place))
}

fn workload_leads_to_admin(context: &Context<'_>) -> Vec<(ResourceId, Failure)> {
    let mut failures = Vec::new();
    for_each_way(context, |pod, ways| {
        let Some((account, place)) = acts_as(pod, context) else { return };
        let way = ways.from(account);
        if way.is_empty() {
            return;
        }
        let message = format!("a pod here is {}, which {}", account.shown(), sentence(&way));
        let related = way.iter().flat_map(|(_, hop)| hop.places.iter().cloned()).collect();
        failures.push((
            pod.resource.id,
            Failure { place: Some(place), message: Some(message), related, part: pod.part("serviceAccountName"), ..Failure::default() },
        ));
    });
    failures
}

fn for_each_way<'g>(context: &Context<'g>, mut see: impl FnMut(&Pod<'g>, &Ways<'g>)) {
    for scope in scopes(context) {
        let rights = Rights::of(scope, context.graph);
        let ways = Ways::find(&rights, scope, context.graph);
        pods(context.graph).iter().filter(|pod| pod.resource.scope == scope).for_each(|pod| see(pod, &ways));
    }
}

fn exposed_workload_leads_to_admin(context: &Context<'_>) -> Vec<(ResourceId, Failure)> {
    let mut failures = Vec::new();
    for_each_way(context, |pod, ways| {
        let Some((door, how)) = exposed_by(pod, context) else { return };
        if !network::lets_the_internet_in(pod, context) {
            return;
        }
        let own = acts_as(pod, context).filter(|(account, _)| !ways.from(*account).is_empty());
        let Some((start, way, place)) = own
            .map(|(account, place)| (format!("is {}", account.shown()), ways.from(account), place))
            .or_else(|| by_the_node(pod, ways, context))
        else {
            return;
        };
        let message = format!("the internet reaches a pod here {how}; it {start}, which {}", sentence(&way));
        let mut related = vec![(door.header, format!("`{}` lets the internet in", door.address))];
        related.extend(way.iter().flat_map(|(_, hop)| hop.places.iter().cloned()));
        failures.push((
            pod.resource.id,
            Failure { place: Some(place), message: Some(message), related, part: pod.part("exposed"), ..Failure::default() },
        ));
    });
    failures
}

type Start<'g, 'w> = (String, Vec<(Subject<'g>, &'w super::path::Hop<'g>)>, crate::Place);

/// The way of a pod that can take over its node: by the account of another pod that may run there.
fn by_the_node<'g, 'w>(pod: &Pod<'g>, ways: &'w Ways<'g>, context: &Context<'g>) -> Option<Start<'g, 'w>> {
    let (how, place) = escapes_by(pod)?;
    let others =
        pods(context.graph).into_iter().filter(|other| other.resource.scope == pod.resource.scope && other.resource.id != pod.resource.id);
    let account =
        others.filter_map(|other| acts_as(&other, context)).map(|(account, _)| account).find(|account| !ways.from(*account).is_empty())?;
    Some((format!("takes over its node because it {how}, where it finds the token of {}", account.shown()), ways.from(account), place))
}

/// What lets a pod take over its node, if something does.
fn escapes_by(pod: &Pod<'_>) -> Option<(&'static str, crate::Place)> {
    for container in pod.containers() {
        if let Field::Is(true, place) = container.flag("privileged") {
            return Some(("is privileged", place));
        }
    }
    let volumes = pod.spec.get("volumes").map(Value::items).unwrap_or_default();
    volumes.iter().find_map(|volume| match field::text(walk(volume, &["hostPath"]), "path") {
        Field::Is(path, place) if HostPath::of(path) != HostPath::Other => Some(("mounts the node", place)),
        Field::Is(..) | Field::Absent | Field::Unknown(..) => None,
    })
}

/// What lets the internet reach a pod, if something does, and how.
fn exposed_by<'g>(pod: &Pod<'g>, context: &Context<'g>) -> Option<(&'g Resource, String)> {
    let graph = context.graph;
    let here = |kind| in_namespace(graph, kind, pod.resource.scope, pod.namespace().name());
    let serves = |service: &&Resource| {
        let wanted = service.body.at(&["spec", "selector"]).and_then(Value::map);
        let label = |name: &str| pod.labels().and_then(|labels| labels.get(name)).map(Value::shown);
        wanted.is_some_and(|map| !map.0.is_empty() && map.0.iter().all(|(name, member)| label(name) == Some(member.value.shown())))
    };
    for service in here("Service").filter(serves) {
        if object::is_open_load_balancer(service) {
            return Some((service, format!("through the load balancer `{}`", service.name)));
        }
        if service.body.at(&["spec", "type"]).and_then(Value::text) == Some("NodePort") {
            return Some((service, format!("through the port of the nodes that `{}` opens", service.name)));
        }
        let routes = ["Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "VirtualService", "IngressRoute", "Route"];
        let mut routes = routes.into_iter().flat_map(here);
        if let Some(route) = routes.find(|route| names_service(&route.body, &service.name, 0)) {
            return Some((route, format!("through `{}`", route.address)));
        }
    }
    None
}

/// Whether a backend in an object names a service; the kinds of routes differ in how, but not in that it is a `name`, `host` or
/// `serviceName`.
fn names_service(value: &Value, service: &str, depth: usize) -> bool {
    const MAX_DEPTH: usize = 16;
    let is_host = |text: &str| text == service || text.strip_prefix(service).is_some_and(|rest| rest.starts_with('.'));
    if MAX_DEPTH < depth {
        return false;
    }
    let named = ["name", "host", "serviceName"].iter().any(|name| value.get(name).and_then(Value::text).is_some_and(is_host));
    let below = |name: &str| !matches!(name, "metadata" | "status");
    (depth > 0 && named)
        || value.items().iter().any(|item| names_service(item, service, depth + 1))
        || value.map().is_some_and(|map| map.0.iter().any(|(name, member)| below(name) && names_service(&member.value, service, depth + 1)))
}

#[cfg(test)]
mod tests {
    use crate::fixture::scan;

    fn message(yaml: &str, rule: &str) -> Option<String> {
        let scanned = scan(&[("app.yaml", yaml)]);
        scanned.findings.into_iter().find(|finding| finding.rule.as_str() == rule).map(|finding| finding.message)
    }

    const RIGHTS: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: root}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: operator, namespace: ops}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deployer, namespace: ops}
rules: [{apiGroups: [apps], resources: [deployments], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployer, namespace: ops}
roleRef: {kind: Role, name: deployer}
subjects: [{kind: ServiceAccount, name: ci, namespace: build}]
---
";

    fn runner(spec: &str) -> String {
        format!(
            "{RIGHTS}
apiVersion: apps/v1
kind: Deployment
metadata: {{name: runner, namespace: build}}
spec: {{template: {{metadata: {{labels: {{app: runner}}}}, spec: {{serviceAccountName: ci, {spec} containers: [{{name: a, image: b}}]}}}}}}
"
        )
    }

    #[test]
    fn the_shortest_way_is_a_sentence() {
        let found = message(&runner(""), "workload-leads-to-admin").unwrap();
        assert_eq!(
            found,
            "a pod here is the account `build/ci`, which may start pods by a controller in the namespace `ops` (role `deployer`) and so \
             becomes the account `ops/operator`, which may do everything (role `cluster-admin`): `Deployment/build/runner`"
        );
    }

    #[test]
    fn a_pod_without_a_token_leads_nowhere() {
        assert_eq!(message(&runner("automountServiceAccountToken: false,"), "workload-leads-to-admin"), None);
    }

    #[test]
    fn rights_of_another_namespace_lead_nowhere() {
        let other = runner("").replace("{name: deployer, namespace: ops}", "{name: deployer, namespace: shop}");
        assert_eq!(message(&other, "workload-leads-to-admin"), None);
    }

    #[test]
    fn what_the_internet_reaches_is_said() {
        let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: build}\nspec: {selector: {app: runner}}\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: build}\nspec: {rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]}\n";
        let open = format!("{}{service}", runner(""));
        let found = message(&open, "exposed-workload-leads-to-admin").unwrap();
        assert!(found.starts_with("the internet reaches a pod here through `Ingress/build/web`; it is the account `build/ci`"), "{found}");
        let closed = format!(
            "{open}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: deny, namespace: build}}\nspec: {{podSelector: {{}}}}\n"
        );
        assert_eq!(message(&closed, "exposed-workload-leads-to-admin"), None);
    }

    #[test]
    fn aggregated_roles_have_the_rights_of_those_they_select() {
        let yaml = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: sum}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: sum}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {part: sum}}
rules: [{apiGroups: [''], resources: [users], verbs: [impersonate]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: sum}
roleRef: {kind: ClusterRole, name: sum}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: nginx}]}
";
        assert!(message(yaml, "workload-leads-to-admin").is_some_and(|message| message.contains("may act as any user or group")));
    }
}
