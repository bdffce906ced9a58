//! A service to a template: its role, its interfaces, its functions, and its own resources.

use std::{collections::BTreeMap, sync::Arc};

use super::{Made, attribute, function, reference};
use crate::{Kind, Map, Member, Place, Value};

/// The role of all functions that have none of their own.
pub(super) const ROLE: &str = "IamRoleLambdaExecution";
/// The interface of events `http`.
pub(super) const REST_API: &str = "ApiGatewayRestApi";
/// The interface of events `httpApi`.
pub(super) const HTTP_API: &str = "HttpApi";

/// The resources of a template, by the names that the framework gives them.
pub(super) struct Resources(BTreeMap<Arc<str>, Member>);

impl Resources {
    /// Adds a resource that something written stands for: a name, and what it stands in.
    pub(super) fn add(&mut self, name: String, of_type: &str, properties: Value, at: &Member) {
        let place = Place { start: at.name.start, ..at.value.place };
        let place = if at.name.is_somewhere() && at.name.file == at.value.place.file { place } else { at.value.place.or(at.name) };
        let mut resource = Made::new(place);
        resource.text("Type", of_type).set("Properties", properties);
        self.0.insert(name.into(), Member { name: at.name, value: Value { place, ..resource.finish() } });
    }
}

/// The template that a service becomes.
pub(super) fn template(service: &Value) -> Value {
    let mut resources = Resources(BTreeMap::new());
    let functions = function::functions(service);
    if let Some(provider) = service.member("provider") {
        role(provider, &mut resources);
        interfaces(provider, &functions, &mut resources);
    }
    functions.iter().for_each(|function| function::resources(function, service, &mut resources));
    let mut sections: BTreeMap<Arc<str>, Member> = BTreeMap::new();
    for part in parts(service.get("resources")) {
        for (name, member) in part.map().iter().flat_map(|map| &map.0) {
            match (&**name, &member.value.kind) {
                ("Resources", Kind::Map(own)) => resources.0.extend(own.0.iter().map(|(name, member)| (Arc::clone(name), member.clone()))),
                ("extensions", Kind::Map(changes)) => changes.0.iter().for_each(|(name, change)| extend(&mut resources, name, change)),
                _ => drop(sections.insert(Arc::clone(name), member.clone())),
            }
        }
    }
    let all = Value::new(Kind::Map(Arc::new(Map(resources.0))), service.place);
    sections.insert("Resources".into(), Member { name: service.place, value: all });
    Value::new(Kind::Map(Arc::new(Map(sections))), service.place)
}

/// What may be a list of parts, or one.
fn parts(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(list @ Value { kind: Kind::List(_), .. }) => list.items().iter().collect(),
        one => one.into_iter().collect(),
    }
}

/// Changes properties of a resource that the framework makes.
fn extend(resources: &mut Resources, name: &str, change: &Member) {
    let Some(Member { value: Value { kind: Kind::Map(resource), .. }, .. }) = resources.0.get_mut(name) else { return };
    let Some(changes) = change.value.get("Properties").and_then(Value::map) else { return };
    let Some(Member { value: Value { kind: Kind::Map(properties), .. }, .. }) = Arc::make_mut(resource).0.get_mut("Properties") else {
        return;
    };
    Arc::make_mut(properties).0.extend(changes.0.iter().map(|(name, member)| (Arc::clone(name), member.clone())));
}

/// The role that functions run with, where the service does not name one.
fn role(provider: &Member, resources: &mut Resources) {
    let provider = &provider.value;
    let written = provider.at(&["iam", "role"]);
    // A role of somebody else's is named by a text or a reference.
    let is_own = written.is_none_or(|role| {
        role.map().is_some_and(|map| !map.0.keys().any(|key| key.starts_with("Fn::") || &**key == "Ref" || key.starts_with('!')))
    });
    if !is_own || provider.get("role").is_some() {
        return;
    }
    let (statements, managed) = match written {
        Some(role) => (role.member("statements"), role.member("managedPolicies")),
        None => (provider.member("iamRoleStatements"), provider.member("iamManagedPolicies")),
    };
    let Some(at) = statements.or(managed) else { return };
    resources.add(ROLE.to_owned(), "AWS::IAM::Role", role_of(statements, managed, at.value.place), at);
}

/// A role of functions.
pub(super) fn role_of(statements: Option<&Member>, managed: Option<&Member>, at: Place) -> Value {
    let mut principal = Made::new(at);
    principal.text("Service", "lambda.amazonaws.com");
    let mut trust = Made::new(at);
    trust.text("Effect", "Allow").text("Action", "sts:AssumeRole").set("Principal", principal.finish());
    let document = |statements: Value| {
        let mut document = Made::new(statements.place);
        document.text("Version", "2012-10-17").set("Statement", statements);
        document.finish()
    };
    let mut role = Made::new(at);
    role.set("AssumeRolePolicyDocument", document(Value::new(Kind::List([trust.finish()].into()), at)));
    if let Some(statements) = statements {
        let mut policy = Made::new(statements.value.place);
        policy.text("PolicyName", "lambda").set("PolicyDocument", document(statements.value.clone()));
        role.set("Policies", Value::new(Kind::List([policy.finish()].into()), statements.value.place));
    }
    if let Some(managed) = managed {
        role.set("ManagedPolicyArns", managed.value.clone());
    }
    role.finish()
}

/// The interfaces that events need, and their stages.
fn interfaces(provider: &Member, functions: &[function::Function], resources: &mut Resources) {
    let has = |event: &str| functions.iter().flat_map(function::Function::events).any(|(kind, _)| kind == event);
    let (provider, at) = (&provider.value, provider.name);
    let settings = |name: &str| provider.member(name).cloned().unwrap_or_else(|| Member { name: at, value: Value::new(Kind::Null, at) });
    let stage = || provider.get("stage").cloned().unwrap_or_else(|| Value::of_text("dev", at));
    if has("http") && provider.at(&["apiGateway", "restApiId"]).is_none() {
        let own = settings("apiGateway");
        let mut api = Made::new(own.value.place);
        if let Some(policy) = own.value.get("resourcePolicy") {
            let mut document = Made::new(policy.place);
            document.text("Version", "2012-10-17").set("Statement", policy.clone());
            api.set("Policy", document.finish());
        }
        resources.add(REST_API.to_owned(), "AWS::ApiGateway::RestApi", api.finish(), &own);
        let mut deployed = Made::new(own.value.place);
        deployed.set("RestApiId", reference(REST_API, own.value.place)).set("StageName", stage());
        if let Some(tracing) = provider.at(&["tracing", "apiGateway"]) {
            deployed.set("TracingEnabled", tracing.clone());
        }
        logging(&mut deployed, provider, "restApi", "AccessLogSetting");
        resources.add("ApiGatewayStage".to_owned(), "AWS::ApiGateway::Stage", deployed.finish(), &own);
    }
    if has("httpApi") && provider.at(&["httpApi", "id"]).is_none() {
        let own = settings("httpApi");
        let mut api = Made::new(own.value.place);
        api.text("ProtocolType", "HTTP");
        if let Some(cors) = own.value.get("cors") {
            api.set("CorsConfiguration", function::cors(cors));
        }
        resources.add(HTTP_API.to_owned(), "AWS::ApiGatewayV2::Api", api.finish(), &own);
        let mut deployed = Made::new(own.value.place);
        deployed.set("ApiId", reference(HTTP_API, own.value.place)).text("StageName", "$default");
        logging(&mut deployed, provider, "httpApi", "AccessLogSettings");
        resources.add("HttpApiStage".to_owned(), "AWS::ApiGatewayV2::Stage", deployed.finish(), &own);
    }
}

/// Where requests are logged, if they are.
fn logging(stage: &mut Made, provider: &Value, interface: &str, property: &str) {
    let Some(logs) = provider.at(&["logs", interface]) else { return };
    if logs.boolean() == Some(false) || logs.get("accessLogging").and_then(Value::boolean) == Some(false) {
        return;
    }
    let mut settings = Made::new(logs.place);
    settings.set("DestinationArn", attribute("ApiGatewayLogGroup", "Arn", logs.place)).take("Format", logs, "format");
    stage.set(property, settings.finish());
}
