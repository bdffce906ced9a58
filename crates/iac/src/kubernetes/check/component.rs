//! Checks of the control plane: what its programs are told on their command lines, or in a configuration file.

use serde_json::Value as Json;

use crate::{
    Failure, Place, Resource, ResourceId, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{
        field::place_of,
        pod::{Container, pods},
    },
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "component-setting", look: Look::Graph(setting) },
    Check { name: "audit-policy-gap", look: Look::Parts(audit_policy_gap) },
];

/// What a setting must be. The rule tells it in `with`, by one of these names, and in `must` for the values.
enum Must<'r> {
    /// One of these.
    BeOneOf(Vec<&'r str>),
    /// None of these; it is a list.
    LackAll(Vec<&'r str>),
    /// All of these; it is a list.
    HaveAll(Vec<&'r str>),
    /// None but these; it is a list.
    HaveOnly(Vec<&'r str>),
    /// So much, or more.
    BeAtLeast(f64),
    /// Something.
    BeSet,
    /// Nothing.
    BeUnset,
}

/// Where a program is told something, and what.
struct Told<'v> {
    value: Option<&'v str>,
    place: Place,
}

impl<'r> Must<'r> {
    fn parse(with: &'r Json) -> Option<Self> {
        let (name, value) = with.get("must")?.as_object()?.iter().next()?;
        let texts = || value.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        Some(match name.as_str() {
            "be-one-of" => Self::BeOneOf(texts()),
            "lack-all" => Self::LackAll(texts()),
            "have-all" => Self::HaveAll(texts()),
            "have-only" => Self::HaveOnly(texts()),
            "be-at-least" => Self::BeAtLeast(value.as_f64()?),
            "be-set" => Self::BeSet,
            "be-unset" => Self::BeUnset,
            _ => return None,
        })
    }

    fn holds(&self, value: Option<&str>) -> bool {
        let items = || value.into_iter().flat_map(|value| value.split(',')).map(str::trim);
        match self {
            Self::BeOneOf(allowed) => value.is_some_and(|value| allowed.iter().any(|one| one.eq_ignore_ascii_case(value))),
            Self::LackAll(bad) => !items().any(|item| bad.contains(&item)),
            Self::HaveAll(wanted) => wanted.iter().all(|wanted| items().any(|item| item == *wanted)),
            Self::HaveOnly(allowed) => value.is_some() && items().all(|item| allowed.contains(&item)),
            Self::BeAtLeast(least) => value.and_then(|value| value.parse().ok()).is_some_and(|value: f64| *least <= value),
            Self::BeSet => value.is_some_and(|value| !value.is_empty()),
            Self::BeUnset => value.is_none(),
        }
    }
}

/// `with`: `programs` are told by `flags`, of which each must be as `must` says; `default` is what holds where nothing is told, and
/// `fields` are the ways to the same in a document of the kind `config`. A program that is told by one of `files` where its
/// configuration lies is judged by that alone. `says` is what is wrong.
fn setting(context: &Context<'_>) -> Vec<(ResourceId, Failure)> {
    let Some(must) = Must::parse(context.with) else { return Vec::new() };
    let mut failures = Vec::new();
    let mut judge = |resource: &Resource, part: String, told: &Told<'_>| {
        if must.holds(told.value) {
            return;
        }
        let said = told.value.map_or_else(|| "it is not set".to_owned(), |value| format!("it is `{value}`"));
        let message = format!("{}: {said}", context.text("says"));
        failures.push((resource.id, Failure { place: Some(told.place), message: Some(message), part, ..Failure::default() }));
    };
    let default = context.with.get("default").and_then(Json::as_str);
    for pod in pods(context.graph) {
        for container in pod.containers() {
            if !context.texts("programs").any(|program| runs(&container, program)) {
                continue;
            }
            let is_elsewhere = context.texts("files").any(|flag| flag_of(&container, flag).is_some());
            for flag in context.texts("flags") {
                match flag_of(&container, flag) {
                    Some(told) => judge(pod.resource, container.part(flag), &told),
                    // A file says it, which is not there.
                    None if is_elsewhere => {}
                    None => judge(pod.resource, container.part(flag), &Told { value: default, place: container.place() }),
                }
            }
        }
    }
    for field in context.texts("fields") {
        let way: Vec<&str> = field.split('.').collect();
        let Some((last, way)) = way.split_last() else { continue };
        for resource in context.graph.of_type(context.text("config")) {
            let parent = resource.body.at(way);
            let value = parent.and_then(|parent| parent.get(last));
            let text = value.map(text_of);
            let place = parent.filter(|_| value.is_some()).map_or(resource.header, |parent| place_of(parent, last));
            judge(resource, field.to_owned(), &Told { value: text.as_deref().or(default), place });
        }
    }
    failures
}

/// A setting of a configuration as the flag would say it.
fn text_of(value: &Value) -> String {
    match value.text() {
        Some(text) => text.to_owned(),
        None if value.items().is_empty() => value.shown(),
        None => value.items().iter().filter_map(Value::text).collect::<Vec<_>>().join(","),
    }
}

fn words<'v>(container: &Container<'v>) -> impl Iterator<Item = (&'v str, Place)> {
    let lists = ["command", "args"].into_iter().filter_map(|name| container.value.get(name));
    let items = lists.flat_map(|list| if list.text().is_some() { std::slice::from_ref(list) } else { list.items() });
    items
        .filter_map(|item| Some((item.text()?, item.place)))
        .flat_map(|(text, place)| text.split_whitespace().map(move |word| (word, place)))
}

fn runs(container: &Container<'_>, program: &str) -> bool {
    words(container).any(|(word, _)| word.rsplit('/').next() == Some(program))
}

/// What a program is told by a flag: `--flag=value`, `--flag value`, or `--flag` alone, which means true. The last one counts.
fn flag_of<'v>(container: &Container<'v>, flag: &str) -> Option<Told<'v>> {
    let mut words = words(container).peekable();
    let mut told = None;
    while let Some((word, place)) = words.next() {
        let Some(rest) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).and_then(|word| word.strip_prefix(flag)) else {
            continue;
        };
        let value = match rest.strip_prefix('=') {
            Some(value) => value.trim_matches(['"', '\'']),
            None if rest.is_empty() => words.peek().filter(|(next, _)| !next.starts_with('-')).map_or("true", |(next, _)| *next),
            None => continue,
        };
        told = Some(Told { value: Some(value), place });
    }
    told
}

/// Resources whose use an audit must show, and how much of it at least.
const AUDITED: &[(&str, &str)] = &[
    ("secrets", "Metadata"),
    ("configmaps", "Metadata"),
    ("tokenreviews", "Metadata"),
    ("pods", "Metadata"),
    ("deployments", "Metadata"),
    ("pods/exec", "Metadata"),
    ("pods/portforward", "Metadata"),
    ("pods/proxy", "Metadata"),
    ("services/proxy", "Metadata"),
];

fn audit_policy_gap(resource: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let Some(rules) = resource.get("rules") else {
        return vec![Verdict::fail_because(Place::NONE, "rules", "the audit policy has no rules: nothing is logged")];
    };
    // The first rule that fits decides.
    let level = |name: &str| {
        let fits = |rule: &&Value| {
            let group = rule.get("resources").map(Value::items).unwrap_or_default();
            let names = |group: &Value| {
                group.get("resources").map(|list| list.items().iter().filter_map(Value::text).any(|one| matches(one, name)))
            };
            let is_narrow = ["users", "userGroups", "namespaces", "nonResourceURLs", "verbs"].iter().any(|key| rule.get(key).is_some());
            !is_narrow && (group.is_empty() || group.iter().any(|group| names(group).unwrap_or(true)))
        };
        rules.items().iter().find(fits).and_then(|rule| rule.get("level")).and_then(Value::text)
    };
    let missing: Vec<&str> = AUDITED.iter().filter(|(name, _)| matches!(level(name), None | Some("None"))).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return vec![Verdict::Pass];
    }
    let message = format!("the audit policy does not log the use of {}", missing.join(", "));
    vec![Verdict::fail_because(place_of(&resource.body, "rules"), "rules", message)]
}

fn matches(pattern: &str, name: &str) -> bool {
    let (resource, sub) = name.split_once('/').unwrap_or((name, ""));
    match pattern.split_once('/') {
        None => pattern == "*" || pattern == name,
        Some((of, part)) => (of == "*" || of == resource) && (part == "*" || part == sub) && !sub.is_empty(),
    }
}
