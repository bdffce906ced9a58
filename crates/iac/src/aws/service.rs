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
