//! Functions of a service, their events and their addresses.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Made, attribute, reference,
    service::{HTTP_API, REST_API, ROLE, Resources, role_of},
};
use crate::{Kind, Map, Member, Place, Value};

/// A function of a service.
pub(super) struct Function {
    name: Arc<str>,
    member: Member,
}

impl Function {
    /// Its events: what kind each is, and what is said of it.
    pub(super) fn events(&self) -> impl Iterator<Item = (&str, &Member)> {
        let events = self.member.value.get("events").map(Value::items).unwrap_or_default();
        events.iter().filter_map(Value::map).flat_map(|event| event.0.iter().map(|(kind, member)| (&**kind, member)))
    }
}

/// All functions: they stand in a map, or in a list of maps.
pub(super) fn functions(service: &Value) -> Vec<Function> {
    let Some(functions) = service.get("functions") else { return Vec::new() };
    let maps = functions.map().into_iter().chain(functions.items().iter().filter_map(Value::map));
    let function = |(name, member): (&Arc<str>, &Member)| Function { name: Arc::clone(name), member: member.clone() };
    maps.flat_map(|map| map.0.iter().filter(|(_, member)| member.value.map().is_some()).map(function)).collect()
}

/// The name of a function in names of resources, as the framework makes it.
fn logical(name: &str) -> String {
    let name = name.replace('-', "Dash").replace('_', "Underscore");
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// What a function is in the template.
pub(super) fn resources(function: &Function, service: &Value, resources: &mut Resources) {
    let empty = Value::null();
    let provider = service.get("provider").unwrap_or(&empty);
    let (written, name, at) = (&function.member.value, logical(&function.name), function.member.name);
    let own_role = written.member("iamRoleStatements").filter(|statements| !statements.value.items().is_empty());
    if let Some(statements) = own_role {
        let role = role_of(Some(statements), None, statements.value.place);
        resources.add(format!("{name}IamRoleLambdaExecution"), "AWS::IAM::Role", role, statements);
    }
    let own_role = own_role.map(|_| format!("{name}IamRoleLambdaExecution"));
    let properties = properties(written, provider, own_role.as_deref(), at);
    resources.add(format!("{name}LambdaFunction"), "AWS::Lambda::Function", properties, &function.member);
    let days = written.member("logRetentionInDays").or(provider.member("logRetentionInDays"));
    if let Some(days) = days {
        let mut group = Made::new(days.value.place);
        group.set("RetentionInDays", days.value.clone());
        resources.add(format!("{name}LogGroup"), "AWS::Logs::LogGroup", group.finish(), days);
    }
    if let Some(url) = written.member("url").filter(|url| url.value.boolean() != Some(false)) {
        resources.add(format!("{name}LambdaFunctionUrl"), "AWS::Lambda::Url", address(&url.value, &name), url);
    }
    for (number, (kind, event)) in function.events().enumerate() {
        match kind {
            "http" => resources.add(format!("{name}Http{number}"), "AWS::ApiGateway::Method", method(&event.value), event),
            "httpApi" => resources.add(format!("{name}HttpApi{number}"), "AWS::ApiGatewayV2::Route", route(&event.value, provider), event),
            _ => {}
        }
    }
}

fn properties(written: &Value, provider: &Value, own_role: Option<&str>, at: Place) -> Value {
    let mut made = Made::new(written.place);
    // What a function does not say, the provider says for all.
    let both = [
        ("Runtime", "runtime"),
        ("MemorySize", "memorySize"),
        ("Timeout", "timeout"),
        ("KmsKeyArn", "kmsKeyArn"),
        ("Layers", "layers"),
        ("Architectures", "architecture"),
    ];
    for (name, key) in both {
        made.take(name, provider, key).take(name, written, key);
    }
    let own = [
        ("FunctionName", "name"),
        ("Handler", "handler"),
        ("ReservedConcurrentExecutions", "reservedConcurrency"),
        ("Tags", "tags"),
        ("CodeSigningConfigArn", "codeSigningConfigArn"),
    ];
    for (name, key) in own {
        made.take(name, written, key);
    }
    if let Some(variables) = merged(provider.get("environment"), written.get("environment")) {
        let mut environment = Made::new(variables.place);
        environment.set("Variables", variables);
        made.set("Environment", environment.finish());
    }
    if let Some(vpc) = merged(provider.get("vpc"), written.get("vpc")).filter(|vpc| vpc.map().is_some()) {
        let mut network = Made::new(vpc.place);
        network.take("SecurityGroupIds", &vpc, "securityGroupIds").take("SubnetIds", &vpc, "subnetIds");
        made.set("VpcConfig", network.finish());
    }
    if let Some(tracing) = written.get("tracing").or(provider.at(&["tracing", "lambda"])) {
        let mode = match (tracing.boolean(), tracing.text()) {
            (Some(true), _) => Value::of_text("Active", tracing.place),
            (Some(false), _) => Value::of_text("PassThrough", tracing.place),
            _ => tracing.clone(),
        };
        let mut config = Made::new(tracing.place);
        config.set("Mode", mode);
        made.set("TracingConfig", config.finish());
    }
    if let Some(target) = written.get("onError") {
        let mut letters = Made::new(target.place);
        letters.set("TargetArn", target.clone());
        made.set("DeadLetterConfig", letters.finish());
    }
    let role = written.get("role").or(provider.get("role")).or(provider.at(&["iam", "role"]).filter(|role| role.text().is_some()));
    made.set("Role", role.cloned().unwrap_or_else(|| attribute(own_role.unwrap_or(ROLE), "Arn", at)));
    made.finish()
}

/// The members of two maps, those of the second before those of the first.
fn merged(first: Option<&Value>, second: Option<&Value>) -> Option<Value> {
    let (Some(one), Some(other)) = (first, second) else { return second.or(first).cloned() };
    let (Some(one), Some(members)) = (one.map(), other.map()) else { return Some(other.clone()) };
    let all = one.0.iter().chain(&members.0).map(|(name, member)| (Arc::clone(name), member.clone()));
    Some(Value { kind: Kind::Map(Arc::new(Map(all.collect::<BTreeMap<_, _>>()))), ..other.clone() })
}

/// An address of its own.
fn address(url: &Value, function: &str) -> Value {
    let mut made = Made::new(url.place);
    let authorizer = url.member("authorizer");
    let kind = match authorizer.and_then(|authorizer| authorizer.value.text()) {
        Some("aws_iam") => "AWS_IAM",
        _ => "NONE",
    };
    let unknown = authorizer.map(|authorizer| &authorizer.value).filter(|value| value.cause().is_some());
    let place = authorizer.map_or(url.place, |authorizer| authorizer.value.place);
    made.set("AuthType", unknown.cloned().unwrap_or_else(|| Value::of_text(kind, place)));
    made.set("TargetFunctionArn", attribute(&format!("{function}LambdaFunction"), "Arn", url.place));
    if let Some(cors) = url.get("cors") {
        made.set("Cors", cors_of(cors, true));
    }
    made.finish()
}

/// What scripts of other sites may do with an HTTP API.
pub(super) fn cors(written: &Value) -> Value {
    cors_of(written, false)
}

/// `true` allows all.
fn cors_of(written: &Value, has_methods: bool) -> Value {
    let mut made = Made::new(written.place);
    let all = || Value::new(Kind::List([Value::of_text("*", written.place)].into()), written.place);
    if written.boolean() == Some(true) {
        made.set("AllowOrigins", all());
        if has_methods {
            made.set("AllowMethods", all());
        }
    }
    let listed = |name: &str| {
        written.member(name).map(|member| match &member.value.kind {
            Kind::List(_) | Kind::Unknown(_) => member.value.clone(),
            _ => Value::new(Kind::List([member.value.clone()].into()), member.value.place),
        })
    };
    for (name, key) in [("AllowOrigins", "allowedOrigins"), ("AllowMethods", "allowedMethods"), ("AllowHeaders", "allowedHeaders")] {
        if let Some(values) = listed(key) {
            made.set(name, values);
        }
    }
    made.take("AllowCredentials", written, "allowCredentials");
    made.finish()
}

/// `http: GET path`, or a map.
fn method(event: &Value) -> Value {
    let mut made = Made::new(event.place);
    let verb = event.text().and_then(|text| text.split_whitespace().next()).or(event.get("method").and_then(Value::text)).unwrap_or("ANY");
    made.text("HttpMethod", verb.to_ascii_uppercase());
    let authorizer = event.get("authorizer");
    let kind = match authorizer {
        None => "NONE",
        Some(authorizer) => {
            let named = authorizer.get("type").or(Some(authorizer)).and_then(Value::text).unwrap_or_default().to_ascii_lowercase();
            match named.as_str() {
                "aws_iam" => "AWS_IAM",
                "none" => "NONE",
                "cognito_user_pools" => "COGNITO_USER_POOLS",
                _ => "CUSTOM",
            }
        }
    };
    let place = authorizer.map_or(event.place, |authorizer| authorizer.place);
    made.set("AuthorizationType", Value::of_text(kind, place));
    made.take("ApiKeyRequired", event, "private");
    made.set("RestApiId", reference(REST_API, event.place));
    made.finish()
}

/// `httpApi: GET /path`, or a map.
fn route(event: &Value, provider: &Value) -> Value {
    let mut made = Made::new(event.place);
    let key = match event.text() {
        Some("*") => "$default".to_owned(),
        Some(text) => text.to_owned(),
        None => {
            let part = |name: &str| event.get(name).and_then(Value::text).unwrap_or("*").to_owned();
            format!("{} {}", part("method").to_ascii_uppercase(), part("path"))
        }
    };
    made.text("RouteKey", key);
    let authorizer = event.get("authorizer");
    let named = authorizer.and_then(|authorizer| authorizer.text().or(authorizer.get("name").and_then(Value::text)));
    let declared = named.and_then(|name| provider.at(&["httpApi", "authorizers", name, "type"])).and_then(Value::text);
    let kind = match (authorizer, declared, authorizer.and_then(|authorizer| authorizer.get("type")).and_then(Value::text)) {
        (None, ..) => "NONE",
        (_, _, Some("aws_iam")) => "AWS_IAM",
        (_, Some("request"), _) | (_, _, Some("request")) => "CUSTOM",
        _ => "JWT",
    };
    let place = authorizer.map_or(event.place, |authorizer| authorizer.place);
    made.set("AuthorizationType", Value::of_text(kind, place));
    made.set("ApiId", reference(HTTP_API, event.place));
    made.finish()
}
