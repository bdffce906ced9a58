//! JWT access tokens at an API (RFC 9068) and answers of introspection (RFC 7662).

use bartizan_paved_spec::{JsonObject, Reason, Refused, lifetimes, refuse};
use serde_json::Value;

use crate::claims::{
    Proof, check_audience, check_binding, check_expiry, check_issued_at, check_issuer, check_not_before, check_scopes, check_subject,
    check_token_id, parse_scopes, text,
};
use crate::jose::{TokenKind, Verified};

/// The kind of token that lets a client call an API.
#[derive(Debug)]
pub enum AccessToken {}

impl TokenKind for AccessToken {
    /// RFC 9068, section 2.1.
    const TYPES: &'static [&'static str] = &["at+jwt"];
}

/// What an access token must say. Nothing here can be left out.
#[derive(Clone)]
pub struct AccessExpectation<'a> {
    /// Seconds since 1970.
    pub now: f64,
    /// Whose token it must be.
    pub issuer: &'a str,
    /// Which API it must be for.
    pub audience: &'a str,
    /// Scopes that are demanded, all of them.
    pub scopes: &'a [&'a str],
    /// How it was presented.
    pub proof: Proof,
}

/// Who calls an API, and what for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Access {
    /// On whose behalf.
    pub subject: String,
    /// Which client.
    pub client_id: String,
    /// What the token grants.
    pub scopes: Vec<String>,
    /// When it ends, in seconds since 1970.
    pub expiry: f64,
    /// Everything else that it says.
    pub claims: JsonObject,
}

/// Checks the claims of an access token.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn check_access_token(token: &Verified<AccessToken>, expected: &AccessExpectation<'_>) -> Result<Access, Refused> {
    let claims = token.claims();
    check_issuer(claims, expected.issuer)?;
    check_audience(claims, expected.audience)?;
    let expiry = check_expiry(claims, expected.now)?;
    check_issued_at(claims, expected.now)?;
    check_not_before(claims, expected.now)?;
    let (subject, client_id) = (check_subject(claims)?, check_client_id(claims)?);
    check_token_id(claims)?;
    check_use(claims, (subject, client_id, expiry), expected)
}

/// Checks an answer of introspection, and says for how many seconds it may be kept.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn check_introspection(answer: &JsonObject, expected: &AccessExpectation<'_>) -> Result<(Access, f64), Refused> {
    if answer.get("active") != Some(&Value::Bool(true)) {
        return refuse(Reason::TokenInactive);
    }
    if answer.contains_key("iss") {
        check_issuer(answer, expected.issuer)?;
    }
    check_audience(answer, expected.audience)?;
    let expiry = check_expiry(answer, expected.now)?;
    check_not_before(answer, expected.now)?;
    let (subject, client_id) = (check_subject(answer)?, check_client_id(answer)?);
    let keep = (expiry - expected.now).floor().clamp(0.0, lifetimes::INTROSPECTION_CACHE_SECONDS);
    Ok((check_use(answer, (subject, client_id, expiry), expected)?, keep))
}

fn check_client_id(claims: &JsonObject) -> Result<String, Refused> {
    let id = text(claims, "client_id").filter(|id| !id.is_empty());
    Ok(id.ok_or(Reason::ClientIdMissing)?.to_owned())
}

fn check_use(
    claims: &JsonObject,
    (subject, client_id, expiry): (String, String, f64),
    expected: &AccessExpectation<'_>,
) -> Result<Access, Refused> {
    let scopes = parse_scopes(claims.get("scope"))?;
    check_binding(claims, &expected.proof)?;
    check_scopes(&scopes, expected.scopes)?;
    Ok(Access { subject, client_id, scopes, expiry, claims: claims.clone() })
}
