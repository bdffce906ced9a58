//! Settings that hold a secret, by their names and values.

/// Words at the end of a name that say that a secret is its value.
const SECRETS: &[&[&str]] = &[
    &["password"],
    &["passwd"],
    &["passphrase"],
    &["pwd"],
    &["pass"],
    &["secret"],
    &["token"],
    &["apikey"],
    &["api", "key"],
    &["access", "key"],
    &["secret", "key"],
    &["private", "key"],
    &["encryption", "key"],
    &["signing", "key"],
    &["auth", "key"],
    &["credentials"],
    &["credential"],
];

/// What a value starts with that only says where the secret is.
const REFERENCES: &[&str] =
    &["$", "{{", "<", "%(", "vault:", "ref+", "arn:", "op://", "secret://", "file:", "/", "http://", "https://", "projects/"];

/// Whether a setting of this name would hold a secret: `DB_PASSWORD`, `apiKey`, but not `PASSWORD_FILE` or `token-ttl`.
#[must_use]
pub(crate) fn is_secret(name: &str) -> bool {
    let words = words(name);
    SECRETS
        .iter()
        .any(|secret| words.len() >= secret.len() && words.iter().rev().zip(secret.iter().rev()).all(|(word, known)| word == known))
}

/// Whether a value is itself the secret, rather than empty, a switch, a number, or something that says where it is.
#[must_use]
pub(crate) fn is_literal(value: &str) -> bool {
    let value = value.trim();
    let is_switch = matches!(value.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no" | "none" | "null" | "on" | "off");
    let is_amount = value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    !value.is_empty() && !is_switch && !is_amount && !REFERENCES.iter().any(|start| value.starts_with(start)) && !value.contains("${")
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for character in name.chars() {
        if !character.is_alphanumeric() {
            before = ' ';
            continue;
        }
        let starts = before == ' ' || (before.is_lowercase() && character.is_uppercase());
        match words.last_mut().filter(|_| !starts) {
            Some(word) => word.extend(character.to_lowercase()),
            None => words.push(character.to_lowercase().collect()),
        }
        before = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_end_with_them() {
        for name in ["DB_PASSWORD", "apiKey", "aws-secret-access-key", "GITHUB_TOKEN", "POSTGRES_PASSWORD", "x.secret"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["PASSWORD_FILE", "token-ttl", "SECRET_NAME", "KEY", "COMPASS", "TOKENIZER", ""] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn references_are_not_secrets() {
        for value in ["hunter2", "changeme", "123456789"] {
            assert!(is_literal(value), "{value}");
        }
        for value in ["", "true", "3600", "${DB_PASSWORD}", "$(TOKEN)", "/run/secrets/db", "vault:secret/data#key", "<your token>"] {
            assert!(!is_literal(value), "{value}");
        }
    }
}
