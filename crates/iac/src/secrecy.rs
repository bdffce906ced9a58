//! What names say about the values that they stand for: whether one is a secret, and whether it is one in earnest; and credentials
//! that are known by their shape, wherever they stand.

use std::sync::OnceLock;

use regex::Regex;

/// Texts are not searched beyond this, in bytes.
const MAX_SEARCHED_BYTES: usize = 256 << 10;

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
    (
        "a password",
        r#"(?i)\b[a-z0-9_]*(?:password|passwd|pwd|secret|token|(?:api|access|account|private|secret)_?key)\\?["']?\s*[:=]\s*\\?["']?[^\s"'$<>{}()`\\|;&]{8,}"#,
    ),
];

/// Words of which one makes a name that of a secret.
const SECRET_WORDS: &[&str] =
    &["password", "passwd", "passphrase", "pwd", "psw", "secret", "token", "apikey", "credential", "credentials", "secretkey", "accesskey"];

/// Words that do so next to each other.
const SECRET_PAIRS: &[(&str, &str)] = &[
    ("api", "key"),
    ("access", "key"),
    ("private", "key"),
    ("secret", "key"),
    ("encryption", "key"),
    ("signing", "key"),
    ("master", "key"),
    ("account", "key"),
    ("auth", "key"),
    ("client", "secret"),
    ("pass", "word"),
];

/// Last words by which a name is that of something about a secret: where it is, how long it lives.
const HARMLESS_ENDS: &[&str] = &[
    "file",
    "path",
    "dir",
    "url",
    "uri",
    "name",
    "ttl",
    "expiry",
    "expiration",
    "length",
    "size",
    "policy",
    "type",
    "enabled",
    "required",
    "header",
    "field",
    "endpoint",
    "id",
    "arn",
    "version",
    "prefix",
    "count",
    "rotation",
    "store",
    "manager",
    "provider",
    "mount",
    "timeout",
    "method",
    "algorithm",
    "user",
    "username",
    "host",
    "hash",
    "limit",
    "limits",
    "audience",
    "issuer",
    "lifetime",
    "hours",
    "days",
];

/// Words by which it is meant for all to see.
const PUBLIC_WORDS: &[&str] = &[
    "public", "pub", "no", "dont", "disable", "enable", "allow", "skip", "max", "min", "use", "update", "generate", "require", "validate",
    "change", "reset",
];

/// Parts of values that only hold a place.
const PLACEHOLDERS: &[&str] =
    &["dummy", "placeholder", "notsecret", "not-secret", "not_secret", "replace_me", "replace-me", "your-", "your_", "todo"];

/// What a value starts with that only says where the secret is.
const PLACES: &[&str] =
    &["arn:", "vault:", "ref+", "op://", "secret://", "file:", "http://", "https://", "s3://", "ssm:", "alias/", "projects/"];

/// Whether a name is that of a secret: `DB_PASSWORD`, `githubToken`; not `PASSWORD_FILE`.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let is_id = |word: &str| word == "id";
    let pair = |first: &str, second: &str| words.windows(2).any(|two| matches!(two, [a, b] if a == first && b == second));
    let has_pair = SECRET_PAIRS.iter().any(|(first, second)| pair(first, second));
    // The id of an access key is kept with the key.
    let is_key_id = pair("access", "key") && words.last().is_some_and(|word| is_id(word));
    let is_harmless = words.last().is_some_and(|last| HARMLESS_ENDS.contains(&last.as_str())) && !is_key_id;
    let is_public = words.iter().any(|word| PUBLIC_WORDS.contains(&word.as_str()));
    let is_secret = has_pair || words.iter().any(|word| SECRET_WORDS.contains(&word.as_str()));
    is_secret && !is_harmless && !is_public
}

/// Whether a value stands for another one, or for none: `changeme`, `<token>`, `$X`, `true`.
pub(crate) fn is_no_secret(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    value.len() < 3
        || matches!(
            lower.as_str(),
            "true" | "false" | "none" | "null" | "nil" | "undefined" | "yes" | "no" | "on" | "off" | "omit" | "enabled" | "disabled"
        )
        || value.starts_with(['<', '$', '%', '/', '~'])
        || PLACES.iter().any(|start| lower.starts_with(start))
        || PLACEHOLDERS.iter().any(|word| lower.contains(word))
        || value.contains("{{")
        || value.contains("${")
        || value.contains("$(")
        || value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '-' | '_'))
        || (value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What credential a text holds.
pub(crate) fn credential_in(text: &str) -> Option<&'static str> {
    let text = text.get(..MAX_SEARCHED_BYTES).unwrap_or(text);
    shapes().iter().find(|(_, shape)| shape.is_match(text)).map(|(what, _)| *what)
}

fn shapes() -> &'static [(&'static str, Regex)] {
    static MADE: OnceLock<Vec<(&str, Regex)>> = OnceLock::new();
    MADE.get_or_init(|| SHAPES.iter().filter_map(|(what, pattern)| Some((*what, Regex::new(pattern).ok()?))).collect())
}

/// The words of a name, in lower case: by capitals, underscores, hyphens and dots.
fn words(name: &str) -> Vec<String> {
    let (mut words, mut word, mut was_lower) = (Vec::new(), String::new(), false);
    for c in name.chars() {
        let is_break = !c.is_alphanumeric() || c.is_uppercase() && was_lower;
        if is_break && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn names_of_secrets() {
        for name in ["DB_PASSWORD", "githubToken", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "api-key", "password", "SECRET_PASSPHRASE"]
        {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["PASSWORD_FILE", "TOKEN_TTL", "PUBLIC_KEY", "GPG_KEY", "public_token", "KEYRING", "PATH", "SECRET_NAME", "TOKENIZERS"]
        {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn values_that_stand_for_others() {
        for value in ["", "$X", "<token>", "{{ x }}", "****", "/run/secrets/x", "true", "build-time-dummy"] {
            assert!(is_no_secret(value), "{value}");
        }
        assert!(!is_no_secret("hunter2"));
    }
}
