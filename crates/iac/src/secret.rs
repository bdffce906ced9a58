//! Secrets that stand in code: `literal-secret` and `secret-in-text`.
//!
//! A secret that is not known, because it comes from a variable without value or from another resource, is not in the code:
//! there these checks pass where others would not know.

use std::sync::OnceLock;

use base64::Engine as _;
use regex::Regex;
use serde::Deserialize;

use crate::{
    Kind, Resource, Value, Verdict,
    check::{Check, Context, Look},
};

/// The checks about secrets.
pub(crate) static CHECKS: &[Check] =
    &[Check { name: "literal-secret", look: Look::Resource(literal) }, Check { name: "secret-in-text", look: Look::Resource(in_text) }];

/// So much of a text is looked at, in bytes.
const MAX_TEXT_BYTES: usize = 256 << 10;

/// Where to look.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    /// Paths of names, joined by dots. Lists are looked through.
    attributes: Vec<String>,
}

/// Fails where one of the attributes is a text that is known.
fn literal(resource: &Resource, context: &Context<'_>) -> Verdict {
    any_of(resource, context, &|text| !text.trim().is_empty() && !is_placeholder(text))
}

/// Fails where a text, or what it is the base64 of, says a secret.
fn in_text(resource: &Resource, context: &Context<'_>) -> Verdict {
    any_of(resource, context, &|text| {
        let decoded = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        has_secret(text) || decoded.is_some_and(|text| has_secret(&text))
    })
}

fn any_of(resource: &Resource, context: &Context<'_>, is_secret: &dyn Fn(&str) -> bool) -> Verdict {
    let Ok(with) = With::deserialize(context.with) else { return Verdict::NotApplicable };
    with.attributes
        .iter()
        .fold(Verdict::Pass, |verdict, path| verdict.and(|| find(&resource.body, &path.split('.').collect::<Vec<_>>(), path, is_secret)))
}

fn find(value: &Value, way: &[&str], part: &str, is_secret: &dyn Fn(&str) -> bool) -> Verdict {
    match (&value.kind, way.split_first()) {
        (Kind::List(items) | Kind::OneOf(items), _) => {
            items.iter().fold(Verdict::Pass, |verdict, item| verdict.and(|| find(item, way, part, is_secret)))
        }
        (Kind::Map(map), Some((name, rest))) => match map.0.get(*name) {
            Some(member) => find(&member.value, rest, part, is_secret),
            None => Verdict::Pass,
        },
        (Kind::Map(map), None) => {
            map.0.values().fold(Verdict::Pass, |verdict, member| verdict.and(|| find(&member.value, way, part, is_secret)))
        }
        (Kind::Text(text), None) if text.len() <= MAX_TEXT_BYTES && is_secret(text) => Verdict::fail_at(value.place, part),
        _ => Verdict::Pass,
    }
}

/// Whether a text only shows where a secret would stand.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['<', '$', '{']) || text.chars().all(|letter| matches!(letter, '*' | 'x' | 'X' | '.'))
}

/// What secrets in scripts look like: something that is called a secret and is given a value, or a key of a known form.
fn has_secret(text: &str) -> bool {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    let patterns = PATTERNS.get_or_init(|| {
        let sources = [
            r#"(?i)[a-z0-9_-]*(?:passw(?:or)?d|secret|api_?key|access_?key|account_?key|private_?key|auth_?token|access_?token)[a-z0-9_-]*\\?["']?\s*[:=]\s*\\?["']?[^\s"'\\$<{(,;]{6,}"#,
            r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
            r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
            r"\b(?:ghp|gho|ghs|ghr)_[0-9A-Za-z]{36}\b",
            r"\bAIza[0-9A-Za-z_-]{35}\b",
            r"://[^/\s:@$<{]+:[^/\s:@$<{]+@",
        ];
        sources.iter().filter_map(|source| Regex::new(source).ok()).collect()
    });
    patterns.iter().any(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::has_secret;
    use crate::fixture::check;

    #[test]
    fn a_password_is_in_the_code_wherever_it_is_written() {
        let text = r#"
variable "unset" {}
variable "written" { default = "Sommer2024!" }
resource "azurerm_mssql_server" "literal" { administrator_login_password = "Sommer2024!" }
resource "azurerm_mssql_server" "by_default" { administrator_login_password = var.written }
resource "azurerm_mssql_server" "unset" { administrator_login_password = var.unset }
resource "azurerm_mssql_server" "generated" { administrator_login_password = random_password.one.result }
resource "azurerm_mssql_server" "placeholder" { administrator_login_password = "<password>" }
resource "random_password" "one" { length = 20 }
"#;
        let found = ["main.tf:3 azure-sql-password-in-code", "main.tf:4 azure-sql-password-in-code"];
        check(&[("main.tf", text)], &["azure-sql-password-in-code"], &found);
    }

    #[test]
    fn secrets_are_told_from_what_refers_to_them() {
        for (text, expected) in [
            ("export DB_PASSWORD=hunter2hunter2", true),
            ("secret_key: 'wJalrXUtnFEMI'", true),
            (r#"export DB_PASSWORD=\"hunter2hunter2\""#, true),
            ("curl https://bob:hunter2@example.com", true),
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", true),
            ("export DB_PASSWORD=$(vault read db)", false),
            ("export DB_PASSWORD=\"$PASSWORD\"", false),
            ("password=${var.password}", false),
            ("apt-get install -y passwd", false),
            ("", false),
        ] {
            assert_eq!(has_secret(text), expected, "{text}");
        }
    }
}
