//! A sign-in that was begun: bound to one browser, used once.

use bartizan_paved_safe_input::LocalPath;
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, parse_object};
use serde_json::{Value, json};

use crate::claims::text;
use crate::dpop::object;
use crate::hash::sha256;
use crate::jose::SigningKey;

/// What is kept of it, sealed. Names are those of the library for Python.
pub(super) struct Attempt {
    pub(super) provider: String,
    pub(super) issuer: String,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) code_verifier: String,
    /// Hash of the cookie.
    pub(super) binding: String,
    pub(super) callback: String,
    pub(super) next: LocalPath,
    pub(super) created: f64,
    pub(super) max_age: Option<u64>,
    pub(super) acr_values: Vec<String>,
    pub(super) dpop_key: Option<SigningKey>,
}

impl Attempt {
    /// Where it is kept.
    pub(super) fn key_of(id: &str) -> String {
        format!("login:{}", sha256(id))
    }

    pub(super) fn to_json(&self) -> Secret {
        let key = self.dpop_key.as_ref().and_then(|key| parse_object(key.jwk().expose().as_bytes()));
        let mut attempt = object(json!({
            "provider": self.provider, "issuer": self.issuer, "state": self.state, "nonce": self.nonce, "code_verifier": self.code_verifier, "binding": self.binding,
            "callback": self.callback, "next": self.next.as_str(), "created": self.created, "max_age": self.max_age, "acr_values": self.acr_values, "dpop_key": key,
        }));
        attempt.retain(|_, value| !value.is_null());
        Secret::new(Value::Object(attempt).to_string())
    }

    pub(super) fn from_json(attempt: &JsonObject) -> Option<Self> {
        let owned = |name: &str| text(attempt, name).map(str::to_owned);
        let dpop_key = match attempt.get("dpop_key") {
            Some(Value::Object(jwk)) => Some(SigningKey::from_jwk(&Secret::new(Value::Object(jwk.clone()).to_string())).ok()?),
            _ => None,
        };
        let acr_values =
            attempt.get("acr_values").and_then(Value::as_array).into_iter().flatten().map(|value| value.as_str().map(str::to_owned));
        Some(Self {
            provider: owned("provider")?,
            issuer: owned("issuer")?,
            state: owned("state")?,
            nonce: owned("nonce")?,
            code_verifier: owned("code_verifier")?,
            binding: owned("binding")?,
            callback: owned("callback")?,
            next: LocalPath::parse_or_root(text(attempt, "next")),
            created: attempt.get("created").and_then(Value::as_f64)?,
            max_age: attempt.get("max_age").and_then(Value::as_u64),
            acr_values: acr_values.collect::<Option<_>>()?,
            dpop_key,
        })
    }
}
