//! Requests to an API: where the token stands, how it is refused, what is published (RFC 6750, 9449, 9728).

use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{Fault, JsonObject, Reason, Refused, algorithms, decode_form, limits, parse_url, refuse, refuse_with};
use serde_json::{Value, json};

use crate::claims::Scheme;
use crate::dpop::object;

/// The access token of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// How it was presented.
    pub scheme: Scheme,
    /// The token.
    pub token: Secret,
}

/// Finds the access token: in one header, and nowhere else (OAuth 2.1, section 5).
///
/// # Errors
/// `query-…`, `token-in-query`, `credentials-…`, `token-too-long`.
pub fn read_credentials(authorization: &[String], query: &str) -> Result<Credentials, Refused> {
    if decode_form(query)?.iter().any(|(name, _)| name == "access_token") {
        return refuse(Reason::TokenInQuery);
    }
    let header = match authorization {
        [] => return refuse(Reason::CredentialsMissing),
        [header] => header,
        _ => return refuse(Reason::CredentialsRepeated),
    };
    let (scheme, token) = header.split_once(' ').ok_or(Reason::CredentialsMalformed)?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Scheme::Bearer,
        "dpop" => Scheme::Dpop,
        _ => return refuse(Reason::CredentialsMalformed),
    };
    let token = token.trim_start_matches(' ');
    // RFC 6750, section 2.1.
    let body = token.trim_end_matches('=');
    if body.is_empty() || !body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~+/-".contains(&byte)) {
        return refuse(Reason::CredentialsMalformed);
    }
    if token.len() > limits::TOKEN_BYTES {
        return refuse(Reason::TokenTooLong);
    }
    Ok(Credentials { scheme, token: Secret::new(token.to_owned()) })
}

/// How a refusal is said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge {
    /// 400, 401, 403 or 503.
    pub status: u16,
    /// Values of WWW-Authenticate.
    pub values: Vec<String>,
}

/// What an API offers.
#[derive(Clone, Copy)]
pub struct Offer<'a> {
    /// Where its metadata stands.
    pub metadata_url: Option<&'a str>,
    /// Scopes that were demanded.
    pub scopes: &'a [&'a str],
    /// Whether it offers DPoP.
    pub dpop: bool,
}

/// How an API answers a refusal.
#[must_use]
pub fn challenge(reason: Reason, offer: &Offer<'_>) -> Challenge {
    let metadata = offer.metadata_url.map(|url| format!("resource_metadata=\"{url}\""));
    let write = |scheme: &str, parts: &[&str]| {
        let parts: Vec<_> = parts.iter().copied().chain(metadata.as_deref()).collect();
        if parts.is_empty() { scheme.to_owned() } else { format!("{scheme} {}", parts.join(", ")) }
    };
    let bearer = |parts: &[&str]| write("Bearer", parts);
    let algs = format!("algs=\"{}\"", algorithms::DPOP.join(" "));
    let dpop = |error: Option<&str>| write("DPoP", &error.into_iter().chain([algs.as_str()]).collect::<Vec<_>>());
    let (status, values) = match reason {
        _ if is_not_the_client(reason) => (503, vec![]),
        Reason::CredentialsMissing if offer.dpop => (401, vec![bearer(&[]), dpop(None)]),
        Reason::CredentialsMissing => (401, vec![bearer(&[])]),
        _ if is_bad_request(reason) => (400, vec![bearer(&["error=\"invalid_request\""])]),
        Reason::ScopeInsufficient => {
            (403, vec![bearer(&["error=\"insufficient_scope\"", &format!("scope=\"{}\"", offer.scopes.join(" "))])])
        }
        Reason::AcrInsufficient => (401, vec![bearer(&["error=\"insufficient_user_authentication\""])]),
        Reason::DpopNonceRequired => (401, vec![dpop(Some("error=\"use_dpop_nonce\""))]),
        _ if reason.code().starts_with("dpop-") => (401, vec![dpop(Some("error=\"invalid_dpop_proof\""))]),
        _ => (401, vec![bearer(&["error=\"invalid_token\""])]),
    };
    Challenge { status, values }
}

fn is_bad_request(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::CredentialsRepeated
            | Reason::CredentialsMalformed
            | Reason::TokenInQuery
            | Reason::QueryMalformed
            | Reason::QueryTooLong
            | Reason::TokenTooLong
    )
}

/// Nothing that the client could do better: the provider or the store failed.
fn is_not_the_client(reason: Reason) -> bool {
    let is_ours = matches!(
        reason,
        Reason::JwksUnavailable
            | Reason::Timeout
            | Reason::Unreachable
            | Reason::BodyTooLarge
            | Reason::HttpStatus
            | Reason::ContentTypeUnexpected
            | Reason::RedirectRefused
            | Reason::JsonMalformed
            | Reason::TokenEndpointError
    );
    is_ours || reason.fault() == Fault::Store
}

/// What is published of an API.
#[derive(Clone, Copy)]
pub struct Resource<'a> {
    /// Its identifier: what access tokens name as their audience.
    pub resource: &'a str,
    /// Whose tokens it takes.
    pub issuers: &'a [&'a str],
    /// Scopes that it knows.
    pub scopes: &'a [String],
    /// Whether it offers DPoP.
    pub dpop: bool,
    /// Whether tokens are bound to client certificates.
    pub mtls: bool,
}

/// The path and the document of a protected resource (RFC 9728, section 3.1).
///
/// # Errors
/// `configuration-invalid`.
pub fn resource_metadata(api: &Resource<'_>) -> Result<(String, JsonObject), Refused> {
    let url = parse_url(api.resource).filter(|url| url.scheme == "https" && !url.has_user && url.fragment.is_empty());
    let Some(url) = url else { return refuse_with(Reason::ConfigurationInvalid, "a resource is an https URL without fragment") };
    let path = if url.path == "/" { "" } else { url.path.as_str() };
    let mut document = object(json!({
        "resource": api.resource, "authorization_servers": api.issuers, "scopes_supported": api.scopes, "bearer_methods_supported": ["header"],
    }));
    if api.dpop {
        document.insert("dpop_signing_alg_values_supported".into(), algorithms::DPOP.into());
    }
    if api.mtls {
        document.insert("tls_client_certificate_bound_access_tokens".into(), Value::Bool(true));
    }
    Ok((format!("/.well-known/oauth-protected-resource{path}{}", url.query), document))
}
