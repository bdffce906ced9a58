//! Logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6).

use bartizan_paved_spec::{JsonObject, Reason, Refused, refuse};
use serde_json::Value;

use crate::claims::{check_audience, check_expiry, check_issued_at, check_issuer, check_not_before, check_token_id, is_subject};
use crate::jose::{TokenKind, Verified};

/// The kind of token by which a provider ends sessions.
#[derive(Debug)]
pub enum LogoutToken {}

impl TokenKind for LogoutToken {
    /// Those of before the erratum name none.
    const TYPES: &'static [&'static str] = &["logout+jwt", "jwt", ""];
}

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Whose sessions end. Whoever gets this remembers `token_id` until `expiry`, and refuses it a second time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LogoutOrder {
    /// All sessions of this subject.
    pub subject: Option<String>,
    /// The session that the provider calls so.
    pub sid: Option<String>,
    /// The token's id.
    pub token_id: String,
    /// When it ends, in seconds since 1970.
    pub expiry: f64,
}

/// Checks the claims of a logout token. `now` is in seconds since 1970.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn check_logout_token(token: &Verified<LogoutToken>, now: f64, issuer: &str, client_id: &str) -> Result<LogoutOrder, Refused> {
    let claims = token.claims();
    check_issuer(claims, issuer)?;
    check_audience(claims, client_id)?;
    let expiry = check_expiry(claims, now)?;
    check_issued_at(claims, now)?;
    check_not_before(claims, now)?;
    let token_id = check_token_id(claims)?;
    if !claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object) {
        return refuse(Reason::EventsMissing);
    }
    if claims.contains_key("nonce") {
        return refuse(Reason::NoncePresent);
    }
    let (subject, sid) = (name(claims, "sub")?, name(claims, "sid")?);
    if subject.is_none() && sid.is_none() {
        return refuse(Reason::SubjectMissing);
    }
    Ok(LogoutOrder { subject, sid, token_id, expiry })
}

fn name(claims: &JsonObject, member: &str) -> Result<Option<String>, Refused> {
    match claims.get(member) {
        None => Ok(None),
        Some(Value::String(text)) if is_subject(text) => Ok(Some(text.clone())),
        Some(_) => refuse(Reason::SubMalformed),
    }
}
