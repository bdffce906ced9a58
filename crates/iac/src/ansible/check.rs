//! What is wrong with tasks, whatever their modules make.

use serde_json::Value as Json;

use super::task::{self, is_true};
use crate::{
    Cause, Kind, Resource, Value, Verdict,
    check::{Check, Context, Look},
    file_mode::is_world_writable,
    secrecy::{is_no_secret, is_secret_name},
    value::number_text,
};

pub(crate) static CHECKS: &[Check] = &[
    Check { name: "ansible-argument", look: Look::Resource(argument) },
    Check { name: "ansible-plain-http", look: Look::Resource(plain_http) },
    Check { name: "ansible-secret", look: Look::Resource(secret) },
    Check { name: "ansible-secret-logged", look: Look::Resource(secret_logged) },
    Check { name: "ansible-shell-unquoted", look: Look::Resource(shell_unquoted) },
    Check { name: "ansible-mode", look: Look::Resource(mode) },
    Check { name: "ansible-mode-missing", look: Look::Resource(mode_missing) },
    Check { name: "ansible-become", look: Look::Resource(becomes) },
];

/// Values within values are looked at so deep.
const MAX_DEPTH: usize = 16;

fn module(task: &Resource) -> &str {
    task.get("module").and_then(Value::text).unwrap_or_default()
}

/// Whether a rule is about the task's module: it names none, or this one.
fn is_about(task: &Resource, with: &Json) -> bool {
    let Some(modules) = with.get("modules").and_then(Json::as_array) else { return true };
    modules.iter().filter_map(Json::as_str).any(|name| name == module(task))
}

fn words<'w>(with: &'w Json, key: &str) -> Vec<&'w str> {
    with.get(key).and_then(Json::as_array).map(|items| items.iter().filter_map(Json::as_str).collect()).unwrap_or_default()
}

fn scalar(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.to_string()),
        Kind::Number(number) => Some(number_text(*number)),
        Kind::Boolean(_) | Kind::Null | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) | Kind::OneOf(_) => None,
    }
}

/// What is not known of a text: it is an expression.
fn open(value: &Value) -> Option<Verdict> {
    let text = value.text()?;
    let inner = text.split_once("{{")?.1.split("}}").next().unwrap_or_default().trim();
    Some(Verdict::Unknown(Cause::Variable(inner.into()), value.place))
}

/// An argument that must not have one of these values: `modules`, `arguments`, `values`. Arguments in `unless` make up for it.
fn argument(task: &Resource, context: &Context<'_>) -> Verdict {
    if !is_about(task, context.with) {
        return Verdict::NotApplicable;
    }
    // Nobody stands between a machine and itself.
    let url = task.body.at(&["arguments", "url"]).and_then(Value::text).unwrap_or_default();
    if words(context.with, "arguments").contains(&"validate_certs")
        && ["https://localhost", "https://127."].iter().any(|near| url.starts_with(near))
    {
        return Verdict::Pass;
    }
    let is_excused = |name: &&str| task.body.at(&["arguments", name]).and_then(is_true) == Some(true);
    if words(context.with, "unless").iter().any(is_excused) {
        return Verdict::Pass;
    }
    let bad = context.with.get("values").and_then(Json::as_array).cloned().unwrap_or_default();
    let mut verdict = Verdict::NotApplicable;
    for name in words(context.with, "arguments") {
        let Some(value) = task.body.at(&["arguments", name]) else { continue };
        let is_bad = |bad: &Json| match bad {
            Json::Bool(bad) => is_true(value) == Some(*bad),
            Json::String(bad) => scalar(value).is_some_and(|text| text.eq_ignore_ascii_case(bad)),
            _ => false,
        };
        verdict = verdict.and(|| match open(value) {
            Some(unknown) => unknown,
            None if bad.iter().any(is_bad) => Verdict::fail_because(value.place, name, format!("`{name}` is {}", value.shown())),
            None => Verdict::Pass,
        });
    }
    verdict
}

/// Something from the network without TLS.
fn plain_http(task: &Resource, context: &Context<'_>) -> Verdict {
    if !is_about(task, context.with) {
        return Verdict::NotApplicable;
    }
    let near = ["http://localhost", "http://127.", "http://[::1]", "http://169.254."];
    let mut verdict = Verdict::NotApplicable;
    for name in words(context.with, "arguments") {
        let Some(value) = task.body.at(&["arguments", name]) else { continue };
        let texts: Vec<&Value> = if value.items().is_empty() { vec![value] } else { value.items().iter().collect() };
        for value in texts {
            let Some(text) = value.text() else { continue };
            let is_plain = text.starts_with("http://") && !near.iter().any(|near| text.starts_with(near));
            verdict = verdict.and(|| match (is_plain, text.starts_with("{{")) {
                (true, _) => Verdict::fail_at(value.place, name),
                (false, true) => open(value).unwrap_or(Verdict::Pass),
                (false, false) => Verdict::Pass,
            });
        }
    }
    verdict
}

/// A secret as it is.
fn secret(task: &Resource, _: &Context<'_>) -> Verdict {
    let Some(arguments) = task.get("arguments") else { return Verdict::NotApplicable };
    match literal_secret(arguments, 0) {
        Some((name, value)) => Verdict::fail_because(value.place, name, format!("`{name}` is written here as it is")),
        None => Verdict::Pass,
    }
}

fn literal_secret(value: &Value, depth: usize) -> Option<(&str, &Value)> {
    if MAX_DEPTH <= depth {
        return None;
    }
    let own = value.map().into_iter().flat_map(|map| &map.0).find_map(|(name, member)| {
        let text = member.value.text().filter(|text| is_secret_name(name) && !is_no_secret(text))?;
        // What is asked from somewhere else, or is encrypted here.
        let is_meant =
            !text.contains("{{") && !text.starts_with("$ANSIBLE_VAULT") && !matches!(text, "always" | "on_create" | "present" | "absent");
        is_meant.then_some((name.as_ref(), &member.value))
    });
    own.or_else(|| {
        let inner = value.items().iter().chain(value.map().into_iter().flat_map(|map| map.0.values().map(|member| &member.value)));
        inner.into_iter().find_map(|inner| literal_secret(inner, depth + 1))
    })
}

/// A secret in a loop, whose items are printed.
fn secret_logged(task: &Resource, _: &Context<'_>) -> Verdict {
    let has_loop = task.get("has_loop").and_then(Value::boolean) == Some(true);
    let arguments = task.get("arguments").and_then(Value::map);
    let secret = arguments.into_iter().flat_map(|map| &map.0).find(|(name, _)| is_secret_name(name));
    let Some((name, member)) = secret.filter(|_| has_loop) else { return Verdict::NotApplicable };
    match task.get("no_log") {
        Some(no_log) if is_true(no_log) == Some(true) => Verdict::Pass,
        Some(no_log) if open(no_log).is_some() => Verdict::Unknown(Cause::Variable("no_log".into()), no_log.place),
        Some(_) | None => Verdict::fail_at(member.name, name),
    }
}

/// A value in the text of a shell that nobody quotes.
fn shell_unquoted(task: &Resource, context: &Context<'_>) -> Verdict {
    /// Filters whose results hold nothing that a shell takes for more than a word.
    const SAFE: &[&str] = &["quote", "int", "float", "bool", "b64encode", "to_uuid", "hash", "length", "urlencode"];
    if !is_about(task, context.with) {
        return Verdict::NotApplicable;
    }
    let Some(command) = task.body.at(&["arguments", "cmd"]) else { return Verdict::NotApplicable };
    let external = task.get("external").map(Value::items).unwrap_or_default();
    let is_external = |expression: &str| external.iter().any(|known| known.text() == Some(expression));
    let wanted = context.with.get("external").and_then(Json::as_bool);
    let expressions = task::expressions(command.text().unwrap_or_default());
    let mut expressions = expressions.filter(|expression| wanted.is_none_or(|wanted| wanted == is_external(expression)));
    let is_safe = |expression: &str| {
        let last = expression.rsplit('|').next().unwrap_or_default().trim();
        let filter = last.split('(').next().unwrap_or_default();
        expression.contains('|') && SAFE.contains(&filter) || expression.starts_with(['\'', '"'])
    };
    match expressions.find(|expression| !is_safe(expression)) {
        Some(expression) => Verdict::fail_because(command.place, "cmd", format!("a shell reads whatever `{expression}` is")),
        None => Verdict::Pass,
    }
}

fn mode(task: &Resource, _: &Context<'_>) -> Verdict {
    let Some(value) = task.body.at(&["arguments", "mode"]) else { return Verdict::NotApplicable };
    let text = scalar(value).unwrap_or_default();
    if is_world_writable(text.trim_start_matches("0o")) {
        return Verdict::fail_because(value.place, "mode", format!("anyone on the machine may change it: mode `{text}`"));
    }
    open(value).unwrap_or(Verdict::Pass)
}

/// Files that are made with whatever the process leaves to others.
fn mode_missing(task: &Resource, _: &Context<'_>) -> Verdict {
    let argument = |name: &str| task.body.at(&["arguments", name]);
    let is_told = |name: &str| argument(name).and_then(is_true) == Some(true);
    let makes_file = match module(task) {
        "copy" | "template" | "get_url" | "assemble" | "htpasswd" => true,
        "file" => argument("state").and_then(Value::text).is_some_and(|state| matches!(state, "touch" | "directory")),
        "lineinfile" | "blockinfile" | "ini_file" => is_told("create"),
        _ => return Verdict::NotApplicable,
    };
    let is_recursive = is_told("recurse") || argument("src").is_some() && module(task) == "file";
    if makes_file && argument("mode").is_none() && !is_recursive { Verdict::missing("mode") } else { Verdict::Pass }
}

/// Another user is named, and nothing says to become one.
fn becomes(task: &Resource, _: &Context<'_>) -> Verdict {
    let Some(user) = task.get("become_user") else { return Verdict::NotApplicable };
    match task.get("become") {
        Some(value) if open(value).is_some() => Verdict::Unknown(Cause::Variable("become".into()), value.place),
        Some(value) if is_true(value) == Some(true) => Verdict::Pass,
        None if task.get("is_included").and_then(Value::boolean) == Some(true) => {
            Verdict::Unknown(Cause::Runtime("what includes this file".into()), user.place)
        }
        Some(_) | None => Verdict::fail_at(user.place, "become_user"),
    }
}
