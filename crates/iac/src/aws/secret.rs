//! Secrets that stand in code: credentials of known shapes, and literal values of attributes that are called like secrets.
//!
//! What is not known is no secret in code: it comes from outside.

use std::sync::OnceLock;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use regex::Regex;
use serde_json::Value as Json;

use crate::{
    Kind, Resource, Value, Verdict,
    check::{Check, Context, Look},
    policy::json_in,
};

/// Fails where a text holds a credential. Told: `attributes`.
pub(super) const IN_TEXT: Check = Check { name: "secrets-in-text", look: Look::Resource(in_text) };
/// Fails where a map of names and values holds a secret. Told: `attribute`, a path.
pub(super) const IN_MAP: Check = Check { name: "secrets-in-map", look: Look::Resource(in_map) };
/// Fails where the environment of a container holds a secret.
pub(super) const IN_CONTAINERS: Check = Check { name: "secrets-in-containers", look: Look::Resource(in_containers) };
/// Fails where a plain variable of a build holds a secret.
pub(super) const IN_BUILD: Check = Check { name: "secrets-in-build", look: Look::Resource(in_build) };
/// Fails where one of the `attributes` has a value that is written in the code.
pub(super) const LITERAL_PASSWORD: Check = Check { name: "literal-password", look: Look::Resource(literal_password) };
/// Fails where the settings of the provider hold keys.
pub(super) const PROVIDER_KEY: Check = Check { name: "provider-key", look: Look::Resource(provider_key) };

/// Texts are not searched beyond this, in bytes.
const MAX_SEARCHED_BYTES: usize = 256 << 10;
/// Shorter values are no secrets, but settings.
const MIN_SECRET_CHARACTERS: usize = 6;

/// Credentials of known shapes: what each is, and its pattern.
static SHAPES: &[(&str, &str)] = &[
    ("an access key of AWS", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("a secret key of AWS", r#"(?i)secret[_-]?(?:access[_-]?)?key["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}(?:[^A-Za-z0-9/+]|$)"#),
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    ("a token of GitHub", r"\bgh[pousr]_[A-Za-z0-9]{36}"),
    ("a token of GitLab", r"\bglpat-[A-Za-z0-9_-]{20}"),
    ("a token of Slack", r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    ("a key of Google", r"\bAIza[A-Za-z0-9_-]{35}"),
    ("a key of Stripe", r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    ("a password in an address", r"\b[a-z][a-z0-9+]{2,}://[^\s:/@$]+:[^\s/@$]{3,}@"),
    ("a password", r#"(?i)\b[a-z0-9_]*(?:password|passwd|pwd|secret|token|api_?key)["']?\s*[:=]\s*["']?[^\s"'$<>{}()`\\|;&]{8,}"#),
];

/// Names of values that are secrets.
const SECRET_NAME: &str = r"(?i)(?:pass(?:word|wd|phrase)|(?:^|_)pwd$|secret|token|api_?key|access_?key|private_?key|credential)";
/// Names of values that speak of secrets.
const HARMLESS_NAME: &str = r"(?i)(?:arn|name|id|url|uri|endpoint|path|file|dir|ttl|expir[a-z]*|timeout|enabled|header|region|version|type|length|algorithm|issuer|audience|count|prefix|parameter|description|_ref|key_?alias|secret_?manager)$";

fn shapes() -> &'static [(&'static str, Regex)] {
    static MADE: OnceLock<Vec<(&str, Regex)>> = OnceLock::new();
    MADE.get_or_init(|| SHAPES.iter().filter_map(|(what, pattern)| Some((*what, Regex::new(pattern).ok()?))).collect())
}

fn is_secret_name(name: &str) -> bool {
    static MADE: OnceLock<Option<(Regex, Regex)>> = OnceLock::new();
    let made = MADE.get_or_init(|| Some((Regex::new(SECRET_NAME).ok()?, Regex::new(HARMLESS_NAME).ok()?)));
    made.as_ref().is_some_and(|(secret, harmless)| secret.is_match(name) && !harmless.is_match(name))
}

/// What credential a text holds.
fn credential_in(text: &str) -> Option<&'static str> {
    let text = text.get(..MAX_SEARCHED_BYTES).unwrap_or(text);
    shapes().iter().find(|(_, shape)| shape.is_match(text)).map(|(what, _)| *what)
}

/// Whether a value is written out, and is not the name of a place where the secret is kept.
fn is_literal_secret(text: &str) -> bool {
    let is_reference = ["arn:", "/", "http://", "https://", "s3://", "ssm:", "{{", "alias/", "vault:"];
    MIN_SECRET_CHARACTERS <= text.chars().count()
        && !is_reference.iter().any(|start| text.starts_with(start))
        && !text.eq_ignore_ascii_case("disabled")
        && !text.eq_ignore_ascii_case("enabled")
}

/// Judges a name and its value.
fn of_pair(name: &str, value: &Value) -> Verdict {
    if let Kind::OneOf(values) = &value.kind {
        return values.iter().fold(Verdict::Pass, |verdict, value| verdict.and(|| of_pair(name, value)));
    }
    let Some(text) = value.outline() else { return Verdict::Pass };
    if let Some(what) = credential_in(text) {
        return Verdict::fail_because(value.place, name, format!("`{name}` holds {what}"));
    }
    if is_secret_name(name) && value.text().is_some_and(is_literal_secret) {
        return Verdict::fail_because(value.place, name, format!("the value of `{name}` is written in the code"));
    }
    Verdict::Pass
}

fn in_text(resource: &Resource, context: &Context<'_>) -> Verdict {
    let attributes = context.with.get("attributes").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    attributes.filter_map(|name| Some((name, resource.get(name)?))).fold(Verdict::Pass, |verdict, (name, value)| {
        verdict.and(|| {
            let Some(text) = value.outline() else { return Verdict::Pass };
            let decoded = BASE64_STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let what = credential_in(text).or_else(|| decoded.as_deref().and_then(credential_in));
            what.map_or(Verdict::Pass, |what| Verdict::fail_because(value.place, name, format!("`{name}` holds {what}")))
        })
    })
}

fn in_map(resource: &Resource, context: &Context<'_>) -> Verdict {
    let path = context.with.get("attribute").and_then(Json::as_str).unwrap_or_default();
    let mut values = vec![&resource.body];
    for name in path.split('.') {
        values = values.into_iter().flat_map(|value| value.items().iter().chain([value])).filter_map(|value| value.get(name)).collect();
    }
    let pairs = values.into_iter().filter_map(Value::map).flat_map(|map| map.0.iter());
    pairs.fold(Verdict::Pass, |verdict, (name, member)| verdict.and(|| of_pair(name, &member.value)))
}

fn in_containers(resource: &Resource, _: &Context<'_>) -> Verdict {
    let Some(written) = resource.get("container_definitions") else { return Verdict::NotApplicable };
    let read = written.outline().and_then(|text| json_in(text, written.place));
    let containers = read.as_ref().unwrap_or(written);
    let variables = containers.items().iter().filter_map(|container| container.get("environment")).flat_map(Value::items);
    variables.fold(Verdict::Pass, |verdict, variable| verdict.and(|| of_variable(variable)))
}

fn in_build(resource: &Resource, _: &Context<'_>) -> Verdict {
    let variables = resource.get("environment").map(Value::items).unwrap_or_default().iter();
    let variables = variables.filter_map(|environment| environment.get("environment_variable")).flat_map(Value::items);
    let plain = variables.filter(|variable| variable.get("type").and_then(Value::text).is_none_or(|of_type| of_type == "PLAINTEXT"));
    plain.fold(Verdict::Pass, |verdict, variable| verdict.and(|| of_variable(variable)))
}

/// A variable that is written as `name` and `value`.
fn of_variable(variable: &Value) -> Verdict {
    match (variable.get("name").and_then(Value::text), variable.get("value")) {
        (Some(name), Some(value)) => of_pair(name, value),
        _ => Verdict::Pass,
    }
}

fn literal_password(resource: &Resource, context: &Context<'_>) -> Verdict {
    let attributes = context.with.get("attributes").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    attributes.filter_map(|name| Some((name, resource.get(name)?))).fold(Verdict::Pass, |verdict, (name, value)| {
        verdict.and(|| match value.text() {
            Some(text) if !text.is_empty() && !text.starts_with("{{resolve:") => Verdict::fail_at(value.place, name),
            _ => Verdict::Pass,
        })
    })
}

fn provider_key(resource: &Resource, _: &Context<'_>) -> Verdict {
    if &*resource.name != "aws" {
        return Verdict::NotApplicable;
    }
    ["access_key", "secret_key", "token"].iter().filter_map(|name| Some((*name, resource.get(name)?))).fold(
        Verdict::Pass,
        |verdict, (name, value)| {
            verdict.and(|| {
                let is_key = |text: &str| {
                    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+' | b'='));
                    is_word && matches!(text.len(), 20 | 40..)
                };
                match value.text() {
                    Some(text) if is_key(text) => Verdict::fail_at(value.place, name),
                    _ => Verdict::Pass,
                }
            })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{SHAPES, credential_in, is_secret_name, shapes};

    #[test]
    fn all_shapes_are_patterns() {
        assert_eq!(shapes().len(), SHAPES.len());
    }

    #[test]
    fn credentials_are_known_by_their_shape() {
        let key = format!("export AWS_ACCESS_KEY_ID={}{}", "AKIA", "IOSFODNN7ABCDEFG");
        assert_eq!(credential_in(&key), Some("an access key of AWS"));
        assert_eq!(credential_in("DB_PASSWORD=correct-horse"), Some("a password"));
        for harmless in ["export PASSWORD=$(aws ssm get-parameter)", "yum install -y httpd", "token: $TOKEN", "password=\"${p}\""] {
            assert_eq!(credential_in(harmless), None, "{harmless}");
        }
    }

    #[test]
    fn names_say_what_is_a_secret() {
        for (name, expected) in [
            ("DB_PASSWORD", true),
            ("access_key", true),
            ("API_KEY", true),
            ("SECRET_ARN", false),
            ("TOKEN_TTL", false),
            ("STAGE", false),
            ("PASSWORD_PARAMETER", false),
        ] {
            assert_eq!(is_secret_name(name), expected, "{name}");
        }
    }
}
