//! Checks for secrets that stand where everybody reads them. Their values are never shown.

use crate::{
    Place, Resource, Value, Verdict,
    check::{Check, Context, Look},
    kubernetes::{field::place_of, pod::Container},
    secret_name::{is_literal, is_secret},
};

pub(crate) const CHECKS: &[Check] = &[
    Check { name: "secret-in-environment", look: Look::Container(in_environment) },
    Check { name: "secret-in-config-map", look: Look::Parts(in_config_map) },
    Check { name: "secret-as-environment", look: Look::Container(as_environment) },
];

fn in_environment(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let fail = |place, part: &str, what: String| Verdict::fail_because(place, part, container.says(&what));
    for variable in container.value.get("env").map(Value::items).unwrap_or_default() {
        let name = variable.get("name").and_then(Value::text).unwrap_or_default();
        if is_secret(name) && variable.get("value").and_then(Value::text).is_some_and(is_literal) {
            return fail(
                place_of(variable, "value"),
                &format!("env.{name}"),
                format!("has the secret `{name}` in its environment, in plain text"),
            );
        }
    }
    for list in ["args", "command"] {
        if let Some((name, place)) = in_arguments(container.value.get(list).map(Value::items).unwrap_or_default()) {
            return fail(place, list, format!("is given the secret `{name}` as an argument, in plain text"));
        }
    }
    Verdict::Pass
}

/// The first argument that holds a secret: `--password=x`, or `--password` and then `x`.
fn in_arguments(arguments: &[Value]) -> Option<(String, Place)> {
    let mut next = arguments.iter().skip(1);
    arguments.iter().find_map(|argument| {
        let following = next.next().and_then(Value::text).filter(|text| !text.starts_with('-'));
        let option = argument.text()?.strip_prefix("--")?;
        let (name, value) = option.split_once('=').map_or((option, following), |(name, value)| (name, Some(value)));
        (is_secret(name) && value.is_some_and(is_literal)).then(|| (format!("--{name}"), argument.place))
    })
}

fn in_config_map(resource: &Resource, _: &Context<'_>) -> Vec<Verdict> {
    let Some(data) = resource.get("data") else { return vec![Verdict::Pass] };
    let is_bad =
        |(name, value): &(&str, &Value)| value.text().is_some_and(|text| (is_secret(name) && is_literal(text)) || has_secret_line(text));
    let members = data.map().into_iter().flat_map(|map| map.0.iter().map(|(name, member)| (name.as_ref(), &member.value)));
    let verdict = |(name, _): (&str, &Value)| {
        Verdict::fail_because(place_of(data, name), name, format!("`{name}` holds a secret, and a config map is no place for one"))
    };
    let failures: Vec<Verdict> = members.filter(is_bad).map(verdict).collect();
    if failures.is_empty() { vec![Verdict::Pass] } else { failures }
}

/// Whether a line of a file sets a secret: `password=x`, `password: x`.
fn has_secret_line(text: &str) -> bool {
    const MAX_LINES: usize = 2_000;
    text.lines().take(MAX_LINES).any(|line| {
        let Some((name, value)) = line.trim().split_once(['=', ':']) else { return false };
        let is_name = !name.contains(char::is_whitespace) && is_secret(name.trim_matches(['"', '\'']));
        // What has spaces is a sentence, not a secret.
        let value = value.trim().trim_matches(['"', '\'', ',']);
        is_name && !value.contains(char::is_whitespace) && is_literal(value)
    })
}

fn as_environment(container: &Container<'_>, _: &Context<'_>) -> Verdict {
    let message = || container.says("has a secret in its environment, where every process and every crash report of it sees it");
    for variable in container.value.get("env").map(Value::items).unwrap_or_default() {
        if let Some(reference) = variable.at(&["valueFrom", "secretKeyRef"]) {
            let name = variable.get("name").and_then(Value::text).unwrap_or_default();
            return Verdict::fail_because(reference.place, &format!("env.{name}"), message());
        }
    }
    for source in container.value.get("envFrom").map(Value::items).unwrap_or_default() {
        if source.get("secretRef").is_some() {
            return Verdict::fail_because(place_of(source, "secretRef"), "envFrom", message());
        }
    }
    Verdict::Pass
}
