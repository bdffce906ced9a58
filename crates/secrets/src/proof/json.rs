//! Credentials that hold JSON, and JSON documents that are credentials.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Proof, Verdict};
use crate::rule::example::Random;

/// JSON Web Tokens (RFC 7519): header and claims are JSON objects, the header names an algorithm.
#[derive(Debug)]
pub(super) struct Jwt;

/// Google's service-account files.
#[derive(Debug)]
pub(super) struct GcpServiceAccount;

/// The `auth` of a container registry: `user:password` in base 64.
#[derive(Debug)]
pub(super) struct DockerAuth;

/// The longest JSON that is parsed, in bytes.
const MAX_JSON_BYTES: usize = 64 << 10;

fn object(text: &[u8]) -> Option<serde_json::Map<String, Value>> {
    if MAX_JSON_BYTES < text.len() {
        return None;
    }
    match serde_json::from_slice(text).ok()? {
        Value::Object(object) => Some(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

impl Proof for Jwt {
    fn name(&self) -> &'static str {
        "jwt"
    }

    fn check(&self, value: &str) -> Verdict {
        let mut parts = value.split('.');
        let mut part = || URL_SAFE_NO_PAD.decode(parts.next()?.trim_end_matches('=')).ok();
        let header = part().and_then(|bytes| object(&bytes));
        let Some(algorithm) = header.as_ref().and_then(|header| header.get("alg")?.as_str()) else {
            return Verdict::Failed("its header names no algorithm".to_owned());
        };
        // An encrypted token (RFC 7516) has five parts, and its second is no JSON.
        if header.as_ref().is_some_and(|header| header.contains_key("enc")) {
            return Verdict::Proven("an encrypted token whose header parses".to_owned());
        }
        let Some(claims) = part().and_then(|bytes| object(&bytes)) else {
            return Verdict::Failed("its claims are no JSON object".to_owned());
        };
        let algorithm: String = algorithm.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        let expiry = match claims.get("exp").and_then(Value::as_u64) {
            Some(seconds) => format!("expires at Unix time {seconds}"),
            None => "never expires".to_owned(),
        };
        Verdict::Proven(format!("header and claims parse; signed with {algorithm}; {expiry}"))
    }

    fn example(&self, _prefix: &str, random: &mut Random) -> Option<String> {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"{}","iat":1700000000}}"#, random.hex(12)));
        Some(format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(random.bytes(32))))
    }
}

impl Proof for GcpServiceAccount {
    fn name(&self) -> &'static str {
        "gcp-service-account"
    }

    fn check(&self, value: &str) -> Verdict {
        let has_all = ["service_account", "private_key"].iter().all(|name| value.contains(name));
        if let Some(account) = object(value.as_bytes()) {
            let is_account = account.get("type").and_then(Value::as_str) == Some("service_account");
            let has_key = account.get("private_key").and_then(Value::as_str).is_some_and(|key| key.contains("PRIVATE KEY"));
            if is_account && has_key {
                return Verdict::Proven("parses as a service account with its private key".to_owned());
            }
        }
        if has_all {
            Verdict::Consistent("the fields of a service account stand together".to_owned())
        } else {
            Verdict::Failed("lacks the private key".to_owned())
        }
    }

    fn example(&self, _prefix: &str, random: &mut Random) -> Option<String> {
        let key = super::by_name("pem-private-key")?.example("-----BEGIN PRIVATE KEY-----", random)?.replace('\n', "\\n");
        Some(format!(
            "{{\n  \"type\": \"service_account\",\n  \"project_id\": \"sample\",\n  \"private_key_id\": \"{}\",\n  \"private_key\": \"{key}\\n\",\n  \
             \"client_email\": \"sample@sample.iam.gserviceaccount.com\",\n  \"client_id\": \"{}\"\n}}",
            random.hex(40),
            random.text("0123456789", 21)
        ))
    }
}

impl Proof for DockerAuth {
    fn name(&self) -> &'static str {
        "docker-auth"
    }

    fn check(&self, value: &str) -> Verdict {
        let decoded = base64::engine::general_purpose::STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        match decoded.as_deref().and_then(|text| text.split_once(':')) {
            Some((user, password)) if !user.is_empty() && !password.is_empty() && !password.contains(char::is_control) => {
                Verdict::Proven("holds a user and a password".to_owned())
            }
            Some(_) | None => Verdict::Failed("holds no user and password".to_owned()),
        }
    }

    fn example(&self, _prefix: &str, random: &mut Random) -> Option<String> {
        Some(base64::engine::general_purpose::STANDARD.encode(format!("robot:{}", random.hex(24))))
    }
}
