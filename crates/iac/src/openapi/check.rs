//! What is wrong with who may call an API.

use std::collections::BTreeMap;

use super::{
    API,
    api::{self, Operation, Requirement, Scheme},
};
use crate::{
    Failure, Kind, Place, ResourceId, Value,
    check::{Check, Context, Look},
};

type Failures = Vec<(ResourceId, Failure)>;

pub(crate) static CHECKS: &[Check] = &[
    Check { name: "openapi-security-missing", look: Look::Graph(|context| each(context, security_missing)) },
    Check { name: "openapi-security-empty", look: Look::Graph(|context| each(context, security_empty)) },
    Check { name: "openapi-operation-open", look: Look::Graph(|context| each(context, operation_open)) },
    Check { name: "openapi-schemes-missing", look: Look::Graph(|context| each(context, schemes_missing)) },
    Check { name: "openapi-scheme-undefined", look: Look::Graph(|context| each(context, scheme_undefined)) },
    Check { name: "openapi-scope-undefined", look: Look::Graph(|context| each(context, scope_undefined)) },
    Check { name: "openapi-scope-without-oauth", look: Look::Graph(|context| each(context, scope_without_oauth)) },
    Check { name: "openapi-basic", look: Look::Graph(|context| each(context, basic)) },
    Check { name: "openapi-weak-scheme", look: Look::Graph(|context| each(context, weak_scheme)) },
    Check { name: "openapi-key-in-query", look: Look::Graph(|context| each(context, key_in_query)) },
    Check { name: "openapi-flow", look: Look::Graph(flow) },
    Check { name: "openapi-plain-http", look: Look::Graph(|context| each(context, plain_http)) },
    Check { name: "openapi-login-plain-http", look: Look::Graph(|context| each(context, login_plain_http)) },
    Check { name: "openapi-array-unbounded", look: Look::Graph(|context| each(context, array_unbounded)) },
];

/// So many failures of one rule in one description are told.
const MAX_FAILURES: usize = 100;
/// Schemas within schemas are looked at so deep.
const MAX_DEPTH: usize = 48;

/// Looks at all descriptions.
fn each(context: &Context<'_>, look: fn(&Value) -> Vec<Failure>) -> Failures {
    let of_api =
        |api: &crate::Resource| look(&api.body).into_iter().take(MAX_FAILURES).map(|failure| (api.id, failure)).collect::<Failures>();
    context.graph.of_type(API).flat_map(of_api).collect()
}

fn failure(place: Place, part: impl Into<String>, message: impl Into<String>) -> Failure {
    Failure {
        place: Some(place).filter(|place| place.is_somewhere()),
        message: Some(message.into()),
        part: part.into(),
        ..Failure::default()
    }
}

/// Neither the whole nor an operation says who may call it.
fn security_missing(api: &Value) -> Vec<Failure> {
    if api.get("security").is_some() {
        return Vec::new();
    }
    let open: Vec<Operation<'_>> = api::operations(api).into_iter().filter(|operation| operation.body.get("security").is_none()).collect();
    let Some(first) = open.first() else { return Vec::new() };
    let others = if open.len() == 1 { String::new() } else { format!(" and {} more", open.len() - 1) };
    vec![failure(first.place, "security", format!("nothing says who may call `{}`{others}", first.name))]
}

/// The whole says that anyone may call it.
fn security_empty(api: &Value) -> Vec<Failure> {
    let open = api.get("security").filter(|security| api::lets_all_in(security));
    open.into_iter().map(|security| failure(security.place, "security", "anyone may call what says nothing else")).collect()
}

fn operation_open(api: &Value) -> Vec<Failure> {
    let is_open = |operation: &Operation<'_>| operation.body.get("security").is_some_and(api::lets_all_in);
    let of_operation = |operation: Operation<'_>| {
        let place = operation.body.member("security").map_or(operation.place, |member| member.name);
        failure(place, operation.name.clone(), format!("anyone may call `{}`", operation.name))
    };
    api::operations(api).into_iter().filter(is_open).map(of_operation).collect()
}

fn schemes_missing(api: &Value) -> Vec<Failure> {
    if api::schemes(api).is_some_and(|schemes| !schemes.is_empty()) || api::operations(api).is_empty() {
        return Vec::new();
    }
    let key = if api::is_swagger(api) { "securityDefinitions" } else { "components" };
    let place = api.member(key).map_or(Place::NONE, |member| member.name);
    vec![failure(place, "schemes", "there is no way of saying who one is")]
}

/// All requirements of a description.
fn requirements(api: &Value) -> Vec<Requirement<'_>> {
    let mut all = api::requirements(api.get("security"));
    all.extend(api::operations(api).into_iter().flat_map(|operation| api::requirements(operation.body.get("security"))));
    all
}

/// The schemes of a description, by name.
fn by_name(api: &Value) -> BTreeMap<&str, Scheme<'_>> {
    api::schemes(api).unwrap_or_default().into_iter().map(|scheme| (scheme.name, scheme)).collect()
}

fn scheme_undefined(api: &Value) -> Vec<Failure> {
    let schemes = by_name(api);
    let is_undefined = |requirement: &Requirement<'_>| !schemes.contains_key(requirement.scheme);
    let of_requirement = |requirement: Requirement<'_>| {
        let message = format!("`{}` is asked for, and nothing says what it is", requirement.scheme);
        failure(requirement.place, requirement.scheme, message)
    };
    requirements(api).into_iter().filter(is_undefined).map(of_requirement).collect()
}

fn scope_undefined(api: &Value) -> Vec<Failure> {
    let schemes = by_name(api);
    let mut failures = Vec::new();
    for requirement in requirements(api) {
        let Some(scheme) = schemes.get(requirement.scheme).filter(|scheme| scheme.text("type") == "oauth2") else { continue };
        let flows = scheme.flows();
        let is_known =
            |scope: &str| flows.iter().any(|(_, _, flow)| flow.at(&["scopes"]).is_some_and(|scopes| scopes.member(scope).is_some()));
        let scopes = requirement.scopes.items().iter().filter_map(|scope| Some((scope, scope.text()?)));
        failures.extend(scopes.filter(|(_, name)| !is_known(name)).map(|(scope, name)| {
            failure(scope.place, format!("{}/{name}", scheme.name), format!("`{}` knows no scope `{name}`", scheme.name))
        }));
    }
    failures
}

fn scope_without_oauth(api: &Value) -> Vec<Failure> {
    // Since 3.1, what stands there may be names of roles.
    let is_newer = api.get("openapi").and_then(Value::text).is_some_and(|version| !version.starts_with("3.0"));
    let schemes = by_name(api);
    let has_no_scopes = |name: &str| schemes.get(name).is_some_and(|scheme| !matches!(scheme.text("type"), "oauth2" | "openIdConnect"));
    let is_wrong = |requirement: &Requirement<'_>| !is_newer && !requirement.scopes.items().is_empty() && has_no_scopes(requirement.scheme);
    let of_requirement = |requirement: Requirement<'_>| {
        failure(requirement.place, requirement.scheme, format!("`{}` has no scopes: nobody checks these", requirement.scheme))
    };
    requirements(api).into_iter().filter(is_wrong).map(of_requirement).collect()
}

/// The schemes for which something holds.
fn schemes_that<'v>(api: &'v Value, is_wrong: &dyn Fn(&Scheme<'v>) -> Option<String>) -> Vec<Failure> {
    let schemes = api::schemes(api).unwrap_or_default();
    schemes.iter().filter_map(|scheme| Some(failure(scheme.place, scheme.name, is_wrong(scheme)?))).collect()
}

fn basic(api: &Value) -> Vec<Failure> {
    schemes_that(api, &|scheme| {
        let is_basic =
            scheme.text("type") == "basic" || scheme.text("type") == "http" && scheme.text("scheme").eq_ignore_ascii_case("basic");
        is_basic.then(|| format!("`{}` sends the password with each call", scheme.name))
    })
}

fn weak_scheme(api: &Value) -> Vec<Failure> {
    /// <https://www.iana.org/assignments/http-authschemes/>; what is out of date or not made for this is left out.
    const GOOD: &[&str] = &["bearer", "basic", "dpop", "gnap", "hoba", "mutual", "privatetoken", "scram-sha-256", "vapid", "concealed"];
    schemes_that(api, &|scheme| {
        let kind = scheme.text("scheme").to_ascii_lowercase();
        let is_weak = scheme.text("type") == "http" && !kind.is_empty() && !GOOD.contains(&kind.as_str());
        is_weak.then(|| format!("`{}` is of the kind `{kind}`, which is weak or unknown", scheme.name))
    })
}

fn key_in_query(api: &Value) -> Vec<Failure> {
    schemes_that(api, &|scheme| {
        let is_in_query = scheme.text("type") == "apiKey" && scheme.text("in") == "query";
        is_in_query.then(|| format!("`{}` is part of the address, which logs and histories keep", scheme.name))
    })
}

/// A flow of OAuth that the rule names.
fn flow(context: &Context<'_>) -> Failures {
    let Some(wanted) = context.with.get("flow").and_then(serde_json::Value::as_str) else { return Vec::new() };
    let of_api = |api: &crate::Resource| {
        let schemes = api::schemes(&api.body).unwrap_or_default();
        let of_scheme = |scheme: &Scheme<'_>| {
            let found = scheme.flows().into_iter().find(|(kind, ..)| *kind == wanted)?;
            Some((api.id, failure(found.1, scheme.name, format!("`{}` offers the flow `{wanted}`", scheme.name))))
        };
        schemes.iter().filter_map(of_scheme).collect::<Failures>()
    };
    context.graph.of_type(API).flat_map(of_api).collect()
}

fn plain_http(api: &Value) -> Vec<Failure> {
    let mut places = vec![api];
    places.extend(api::paths(api));
    places.extend(api::operations(api).into_iter().map(|operation| operation.body));
    let mut failures = Vec::new();
    for place in places {
        for url in place.get("servers").map(Value::items).unwrap_or_default().iter().filter_map(|server| server.get("url")) {
            let text = url.text().unwrap_or_default();
            if is_plain(text) {
                failures.push(failure(url.place, text, format!("`{text}` is plain HTTP")));
            }
        }
        let schemes = place.get("schemes").map(Value::items).unwrap_or_default();
        let plain = schemes.iter().find(|scheme| matches!(scheme.text(), Some("http" | "ws")));
        failures.extend(plain.map(|scheme| failure(scheme.place, "schemes", "calls may come over plain HTTP")));
    }
    failures
}

fn is_plain(url: &str) -> bool {
    const NEAR: &[&str] = &["localhost", "127.", "[::1]", "0.0.0.0", "host.docker.internal"];
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("ws://"));
    rest.is_some_and(|host| !NEAR.iter().any(|near| host.starts_with(near)))
}

fn login_plain_http(api: &Value) -> Vec<Failure> {
    let mut failures = Vec::new();
    for scheme in api::schemes(api).unwrap_or_default() {
        let mut bodies: Vec<&Value> = scheme.flows().into_iter().map(|(_, _, body)| body).collect();
        bodies.push(scheme.body);
        for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "openIdConnectUrl"] {
            let plain = bodies.iter().filter_map(|body| body.get(key)).find(|url| url.text().is_some_and(is_plain));
            failures
                .extend(plain.map(|url| {
                    failure(url.place, format!("{}/{key}", scheme.name), format!("`{key}` of `{}` is plain HTTP", scheme.name))
                }));
        }
    }
    failures
}

fn array_unbounded(api: &Value) -> Vec<Failure> {
    let mut failures = Vec::new();
    unbounded(api, 0, &mut failures);
    failures
}

fn unbounded(value: &Value, depth: usize, failures: &mut Vec<Failure>) {
    if MAX_DEPTH <= depth || MAX_FAILURES <= failures.len() {
        return;
    }
    match &value.kind {
        Kind::Map(map) => {
            let is_array = value.get("type").and_then(Value::text) == Some("array") && value.get("items").is_some();
            if is_array && value.get("maxItems").is_none() {
                let place = value.member("type").map_or(value.place, |member| member.value.place);
                failures.push(failure(place, format!("array {}", failures.len() + 1), "a list may be as long as the caller likes"));
            }
            // Examples are no schemas.
            let inner = map.0.iter().filter(|(name, _)| !matches!(name.as_ref(), "example" | "examples" | "default" | "enum"));
            inner.for_each(|(_, member)| unbounded(&member.value, depth + 1, failures));
        }
        Kind::List(items) => items.iter().for_each(|item| unbounded(item, depth + 1, failures)),
        Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) | Kind::OneOf(_) => {}
    }
}
