//! Checks of single services.

use serde_json::Value as Json;

use crate::{
    Kind, Resource, Value, Verdict,
    check::{Check, Context, Look},
};

/// Fails where a runtime had lost its support on the day `as_of`.
pub(super) const LAMBDA_RUNTIME: Check = Check { name: "lambda-runtime-supported", look: Look::Resource(lambda_runtime) };
/// Fails where a task runs with the role that starts it.
pub(super) const ECS_ROLES: Check = Check { name: "ecs-roles-differ", look: Look::Resource(ecs_roles) };

/// Fails where the value of a parameter or secret becomes a part of an address.
pub(super) const HTTP_SENDS_SECRET: Check = Check { name: "http-sends-secret", look: Look::Resource(http_sends_secret) };
/// Fails where no trail records what happens to the objects of a bucket. Told: `types` of selectors that do.
pub(super) const S3_OBJECTS_RECORDED: Check = Check { name: "s3-objects-recorded", look: Look::Resource(s3_objects_recorded) };

/// Runtimes of Lambda and the day on which each lost its support.
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>, read in September 2026.
static END_OF_SUPPORT: &[(&str, &str)] = &[
    ("nodejs", "2016-10-31"),
    ("nodejs4.3", "2020-03-05"),
    ("nodejs4.3-edge", "2020-03-05"),
    ("nodejs6.10", "2019-08-12"),
    ("nodejs8.10", "2020-03-06"),
    ("nodejs10.x", "2021-07-30"),
    ("nodejs12.x", "2023-03-31"),
    ("nodejs14.x", "2023-12-04"),
    ("nodejs16.x", "2024-06-12"),
    ("nodejs18.x", "2025-09-01"),
    ("nodejs20.x", "2026-04-30"),
    ("nodejs22.x", "2027-04-30"),
    ("python2.7", "2021-07-15"),
    ("python3.6", "2022-07-18"),
    ("python3.7", "2023-12-04"),
    ("python3.8", "2024-10-14"),
    ("python3.9", "2025-12-15"),
    ("python3.10", "2026-10-31"),
    ("ruby2.5", "2021-07-30"),
    ("ruby2.7", "2023-12-07"),
    ("ruby3.2", "2026-03-31"),
    ("java8", "2024-01-08"),
    ("go1.x", "2024-01-08"),
    ("dotnetcore1.0", "2019-06-27"),
    ("dotnetcore2.0", "2019-05-30"),
    ("dotnetcore2.1", "2022-01-05"),
    ("dotnetcore3.1", "2023-04-03"),
    ("dotnet5.0", "2022-05-10"),
    ("dotnet6", "2024-12-20"),
    ("dotnet7", "2024-05-14"),
    ("provided", "2024-01-08"),
    ("provided.al2", "2026-06-30"),
];

fn lambda_runtime(resource: &Resource, context: &Context<'_>) -> Verdict {
    let as_of = context.with.get("as_of").and_then(Json::as_str).unwrap_or_default();
    let Some(runtime) = resource.get("runtime") else { return Verdict::NotApplicable };
    match &runtime.kind {
        Kind::Text(name) => match END_OF_SUPPORT.iter().find(|(known, end)| *known == &**name && *end <= as_of) {
            Some((name, end)) => Verdict::fail_because(runtime.place, "runtime", format!("`{name}` lost its support on {end}")),
            None => Verdict::Pass,
        },
        _ => runtime.any_cause().map_or(Verdict::Pass, |cause| Verdict::Unknown(cause.clone(), runtime.place)),
    }
}

fn ecs_roles(resource: &Resource, _: &Context<'_>) -> Verdict {
    let (Some(starts), Some(runs)) = (resource.get("execution_role_arn"), resource.get("task_role_arn")) else {
        return Verdict::Pass;
    };
    match (starts.text(), runs.text()) {
        (Some(starts), Some(task)) if starts == task => Verdict::fail_at(runs.place, "task_role_arn"),
        (Some(_), Some(_)) => Verdict::Pass,
        _ if is_same_attribute(starts, runs) => Verdict::fail_at(runs.place, "task_role_arn"),
        _ => Verdict::Pass,
    }
}

/// Whether both are the same attribute of the same resource, which is known when it is created.
fn is_same_attribute(one: &Value, other: &Value) -> bool {
    one.references.is_some() && one.references == other.references && one.cause().is_some() && one.cause() == other.cause()
}

fn http_sends_secret(resource: &Resource, context: &Context<'_>) -> Verdict {
    let Some(url) = resource.get("url") else { return Verdict::NotApplicable };
    let mut references = Vec::new();
    url.collect_references(&mut references);
    let keeps_secrets =
        ["aws_ssm_parameter", "data.aws_ssm_parameter", "aws_secretsmanager_secret_version", "data.aws_secretsmanager_secret_version"];
    let mut secrets = references.iter().filter_map(|id| context.graph.get(*id));
    if secrets.any(|secret| keeps_secrets.contains(&&*secret.canonical_type)) {
        return Verdict::fail_at(url.place, "url");
    }
    Verdict::Pass
}

fn s3_objects_recorded(bucket: &Resource, context: &Context<'_>) -> Verdict {
    let texts = |value: &Json| value.as_str().map(str::to_owned);
    let types: Vec<String> = context.with.get("types").and_then(Json::as_array).into_iter().flatten().filter_map(texts).collect();
    let trails = context.graph.of_type("aws_cloudtrail").filter(|trail| trail.scope == bucket.scope);
    let records = |trail: &Resource| {
        if trail.get("advanced_event_selector").is_some() {
            return true;
        }
        let selectors = trail.get("event_selector").map(Value::items).unwrap_or_default().iter();
        selectors.filter(|selector| names_objects(selector, bucket)).any(|selector| {
            let of_type = selector.get("read_write_type").and_then(Value::text).unwrap_or("All");
            types.iter().any(|known| known == of_type)
        })
    };
    if trails.into_iter().any(records) { Verdict::Pass } else { Verdict::missing("") }
}

/// Whether a selector means objects of a bucket, or of all.
fn names_objects(selector: &Value, bucket: &Resource) -> bool {
    let resources = selector.get("data_resource").map(Value::items).unwrap_or_default().iter();
    resources.filter(|named| named.get("type").and_then(Value::text) == Some("AWS::S3::Object")).any(|named| {
        named.get("values").map(Value::items).unwrap_or_default().iter().any(|value| {
            let mut references = Vec::new();
            value.collect_references(&mut references);
            let is_all = value.text().is_some_and(|text| matches!(text, "arn:aws:s3" | "arn:aws:s3:::"));
            let name = bucket.get("bucket").and_then(Value::text);
            is_all || references.contains(&bucket.id) || name.is_some_and(|name| value.outline().is_some_and(|text| text.contains(name)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::END_OF_SUPPORT;

    #[test]
    fn days_are_written_so_that_they_sort() {
        for (name, day) in END_OF_SUPPORT {
            let parts: Vec<&str> = day.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [4, 2, 2], "{name}");
        }
    }
}
