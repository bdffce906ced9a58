//! What the claims of every kind of token have in common. Each check refuses with its own reason. Times are seconds since 1970.

use bartizan_paved_spec::{JsonObject, Reason, Refused, is_equal, is_longer, lifetimes, limits, refuse};
use serde_json::Value;

const SKEW: f64 = lifetimes::CLOCK_SKEW_SECONDS;

pub(crate) fn text<'a>(claims: &'a JsonObject, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

/// A NumericDate (RFC 7519, section 2) in the range of exact numbers.
pub(crate) fn numeric_date(value: Option<&Value>) -> Option<f64> {
    /// 2^53 - 1.
    const MAX_EXACT: f64 = 9_007_199_254_740_991.0;
    value.and_then(Value::as_f64).filter(|number| (0.0..=MAX_EXACT).contains(number))
}

/// RFC 7519, section 4.1.1: compared as texts.
pub(crate) fn check_issuer(claims: &JsonObject, issuer: &str) -> Result<(), Refused> {
    let named = text(claims, "iss").ok_or(Reason::IssMissing)?;
    if named == issuer { Ok(()) } else { refuse(Reason::IssMismatch) }
}

/// The audiences, among which must be `ours`.
pub(crate) fn check_audience<'a>(claims: &'a JsonObject, ours: &str) -> Result<Vec<&'a str>, Refused> {
    let audiences = match claims.get("aud") {
        Some(Value::String(one)) => Some(vec![one.as_str()]),
        Some(Value::Array(list)) => list.iter().map(Value::as_str).collect(),
        _ => None,
    };
    let audiences = audiences.filter(|list| !list.is_empty()).ok_or(Reason::AudMissing)?;
    if audiences.contains(&ours) { Ok(audiences) } else { refuse(Reason::AudMismatch) }
}

pub(crate) fn check_expiry(claims: &JsonObject, now: f64) -> Result<f64, Refused> {
    let expiry = numeric_date(claims.get("exp")).ok_or(Reason::ExpMissing)?;
    if now >= expiry + SKEW { refuse(Reason::Expired) } else { Ok(expiry) }
}

pub(crate) fn check_issued_at(claims: &JsonObject, now: f64) -> Result<f64, Refused> {
    let issued = numeric_date(claims.get("iat")).ok_or(Reason::IatMissing)?;
    if issued > now + SKEW { refuse(Reason::IatFuture) } else { Ok(issued) }
}

pub(crate) fn check_not_before(claims: &JsonObject, now: f64) -> Result<(), Refused> {
    let Some(value) = claims.get("nbf") else { return Ok(()) };
    let not_before = numeric_date(Some(value)).ok_or(Reason::ClaimsMalformed)?;
    if not_before > now + SKEW { refuse(Reason::NotYetValid) } else { Ok(()) }
}

/// OpenID Connect Core, section 2: at most 255 ASCII characters.
pub(crate) fn is_subject(text: &str) -> bool {
    (1..=limits::SUBJECT_CHARS).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

pub(crate) fn check_subject(claims: &JsonObject) -> Result<String, Refused> {
    let subject = text(claims, "sub").ok_or(Reason::SubMissing)?;
    if is_subject(subject) { Ok(subject.to_owned()) } else { refuse(Reason::SubMalformed) }
}

pub(crate) fn check_token_id(claims: &JsonObject) -> Result<String, Refused> {
    match claims.get("jti") {
        None => refuse(Reason::JtiMissing),
        Some(Value::String(id)) if !id.is_empty() && !is_longer(id, limits::JTI_CHARS) => Ok(id.clone()),
        Some(_) => refuse(Reason::JtiMalformed),
    }
}

/// Whether a text is one scope (RFC 6749, section 3.3).
pub(crate) fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

/// The scopes of a space-separated list; none if it is absent.
pub(crate) fn parse_scopes(value: Option<&Value>) -> Result<Vec<String>, Refused> {
    let Some(value) = value else { return Ok(Vec::new()) };
    match value.as_str() {
        Some("") => Ok(Vec::new()),
        Some(list) if list.split(' ').all(is_scope) => Ok(list.split(' ').map(str::to_owned).collect()),
        _ => refuse(Reason::ScopeMalformed),
    }
}

/// How an access token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Whoever has it may use it (RFC 6750).
    Bearer,
    /// Only with a proof of a key (RFC 9449).
    Dpop,
}

/// By which key an access token may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// How the token was presented.
    pub scheme: Scheme,
    /// Thumbprint of the key that a DPoP proof has proved.
    pub jkt: Option<String>,
    /// SHA-256 thumbprint of the client certificate.
    pub certificate: Option<String>,
}

/// RFC 7800, section 3: a token that is bound is used by its holder only; every member of `cnf` counts.
pub(crate) fn check_binding(claims: &JsonObject, proof: &Proof) -> Result<(), Refused> {
    let is_dpop = proof.scheme == Scheme::Dpop;
    let Some(binding) = claims.get("cnf") else { return if is_dpop { refuse(Reason::BindingMismatch) } else { Ok(()) } };
    let members = binding.as_object().filter(|members| !members.is_empty()).ok_or(Reason::BindingUnsupported)?;
    for (method, thumbprint) in members {
        let thumbprint = thumbprint.as_str().ok_or(Reason::BindingUnsupported)?;
        let proved = match method.as_str() {
            "jkt" => proof.jkt.as_ref().filter(|_| is_dpop),
            "x5t#S256" => proof.certificate.as_ref(),
            _ => return refuse(Reason::BindingUnsupported),
        };
        if !is_equal(proved.ok_or(Reason::BindingMissing)?, thumbprint) {
            return refuse(Reason::BindingMismatch);
        }
    }
    if is_dpop && !members.contains_key("jkt") { refuse(Reason::BindingMismatch) } else { Ok(()) }
}

pub(crate) fn check_scopes(granted: &[String], demanded: &[&str]) -> Result<(), Refused> {
    if demanded.iter().all(|scope| granted.iter().any(|one| one == scope)) { Ok(()) } else { refuse(Reason::ScopeInsufficient) }
}
