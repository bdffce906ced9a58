//! ID tokens of the code flow and of refreshes (OpenID Connect Core, sections 3.1.3.7 and 12.2).

use bartizan_paved_spec::{JsonObject, Reason, Refused, encode_base64url, is_equal, lifetimes, refuse};
use ring::digest;

use crate::claims::{check_audience, check_expiry, check_issued_at, check_issuer, check_not_before, check_subject, numeric_date, text};
use crate::jose::{Algorithm, TokenKind, Verified};

/// The kind of token that says who signed in.
#[derive(Debug)]
pub enum IdToken {}

impl TokenKind for IdToken {
    const TYPES: &'static [&'static str] = &["", "jwt"];
}

/// What an ID token must say. Nothing here can be left out; a sign-in has a nonce:
///
/// ```compile_fail
/// use bartizan_paved_auth::IdTokenExpectation;
/// let without_nonce = IdTokenExpectation { now: 0.0, issuer: "https://id.example.org", client_id: "orders", access_token: None, max_age: None, acr_values: &[] };
/// ```
///
/// ```
/// use bartizan_paved_auth::IdTokenExpectation;
/// let with_nonce = IdTokenExpectation { nonce: "n-0S6_WzA2Mj", now: 0.0, issuer: "https://id.example.org", client_id: "orders", access_token: None, max_age: None, acr_values: &[] };
/// ```
#[derive(Clone, Copy)]
pub struct IdTokenExpectation<'a> {
    /// Seconds since 1970.
    pub now: f64,
    /// Whose token it must be.
    pub issuer: &'a str,
    /// Whom it must be for.
    pub client_id: &'a str,
    /// Of which sign-in.
    pub nonce: &'a str,
    /// The access token that came with it.
    pub access_token: Option<&'a str>,
    /// How long ago the user may have authenticated, in seconds.
    pub max_age: Option<f64>,
    /// How strongly; any of these will do. None: in any way.
    pub acr_values: &'a [String],
}

/// Who signed in, and how.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The user, at that provider.
    pub subject: String,
    /// The provider's session.
    pub sid: Option<String>,
    /// When the user authenticated, in seconds since 1970.
    pub auth_time: Option<f64>,
    /// How strongly.
    pub acr: Option<String>,
}

/// Checks the claims of an ID token of a sign-in.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn check_id_token(token: &Verified<IdToken>, expected: &IdTokenExpectation<'_>) -> Result<Identity, Refused> {
    let claims = token.claims();
    check_parties(claims, expected.issuer, expected.client_id, expected.now)?;
    let subject = check_subject(claims)?;
    if !is_equal(text(claims, "nonce").ok_or(Reason::NonceMissing)?, expected.nonce) {
        return refuse(Reason::NonceMismatch);
    }
    check_access_token_hash(claims, token.algorithm(), expected.access_token)?;
    check_auth_time(claims, expected)?;
    let acr = text(claims, "acr");
    if !expected.acr_values.is_empty() && !expected.acr_values.iter().any(|value| Some(value.as_str()) == acr) {
        return refuse(Reason::AcrInsufficient);
    }
    Ok(identity_of(claims, subject))
}

/// What a session knows that a refreshed ID token must repeat.
#[derive(Clone, Copy)]
pub struct RefreshExpectation<'a> {
    /// Seconds since 1970.
    pub now: f64,
    /// Whose token it must be.
    pub issuer: &'a str,
    /// Whom it must be for.
    pub client_id: &'a str,
    /// Who is signed in.
    pub subject: &'a str,
    /// The nonce of the sign-in.
    pub nonce: &'a str,
    /// When the user authenticated, if that was said.
    pub auth_time: Option<f64>,
}

/// Checks the claims of an ID token that came with a refresh.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn check_refreshed_id_token(token: &Verified<IdToken>, expected: &RefreshExpectation<'_>) -> Result<Identity, Refused> {
    let claims = token.claims();
    check_parties(claims, expected.issuer, expected.client_id, expected.now)?;
    let subject = check_subject(claims)?;
    if claims.contains_key("nonce") && !text(claims, "nonce").is_some_and(|nonce| is_equal(nonce, expected.nonce)) {
        return refuse(Reason::NonceMismatch);
    }
    if subject != expected.subject {
        return refuse(Reason::SubMismatch);
    }
    if claims.contains_key("auth_time") && expected.auth_time.is_some() && numeric_date(claims.get("auth_time")) != expected.auth_time {
        return refuse(Reason::AuthTimeChanged);
    }
    Ok(identity_of(claims, subject))
}

/// Issuer, audience, authorized party and times.
fn check_parties(claims: &JsonObject, issuer: &str, client_id: &str, now: f64) -> Result<(), Refused> {
    check_issuer(claims, issuer)?;
    let has_others = check_audience(claims, client_id)?.iter().any(|audience| *audience != client_id);
    match claims.get("azp") {
        None if has_others => return refuse(Reason::AzpMissing),
        Some(party) if party != client_id => return refuse(Reason::AzpMismatch),
        None | Some(_) => {}
    }
    check_expiry(claims, now)?;
    let issued = check_issued_at(claims, now)?;
    if now - issued > lifetimes::ID_TOKEN_AGE_SECONDS + lifetimes::CLOCK_SKEW_SECONDS {
        return refuse(Reason::IatTooOld);
    }
    check_not_before(claims, now)
}

/// OpenID Connect Core, section 3.1.3.6: the left half of the hash.
fn check_access_token_hash(claims: &JsonObject, alg: Algorithm, access_token: Option<&str>) -> Result<(), Refused> {
    let (Some(claimed), Some(access_token)) = (claims.get("at_hash"), access_token) else { return Ok(()) };
    let hash = digest::digest(alg.hash(), access_token.as_bytes());
    let half = hash.as_ref().get(..hash.as_ref().len() / 2).unwrap_or_default();
    if claimed.as_str().is_some_and(|claimed| is_equal(claimed, encode_base64url(half))) { Ok(()) } else { refuse(Reason::AtHashMismatch) }
}

fn check_auth_time(claims: &JsonObject, expected: &IdTokenExpectation<'_>) -> Result<(), Refused> {
    let Some(max_age) = expected.max_age else { return Ok(()) };
    let auth_time = numeric_date(claims.get("auth_time")).ok_or(Reason::AuthTimeMissing)?;
    if expected.now - auth_time > max_age + lifetimes::CLOCK_SKEW_SECONDS { refuse(Reason::AuthTimeTooOld) } else { Ok(()) }
}

fn identity_of(claims: &JsonObject, subject: String) -> Identity {
    let owned = |name| text(claims, name).map(str::to_owned);
    Identity {
        issuer: owned("iss").unwrap_or_default(),
        subject,
        sid: owned("sid"),
        auth_time: numeric_date(claims.get("auth_time")),
        acr: owned("acr"),
    }
}
