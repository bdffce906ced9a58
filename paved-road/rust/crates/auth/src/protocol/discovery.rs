//! A provider's metadata (OpenID Connect Discovery; RFC 8414).

use bartizan_paved_spec::{JsonObject, Reason, Refused, parse_object, refuse, refuse_with};
use serde_json::Value;

use super::configuration::{parse_endpoint, parse_issuer};
use crate::jose::Pinned;

/// How a client authenticates in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthMethod {
    /// By a secret in the Authorization header.
    ClientSecretBasic,
    /// By a secret in the form.
    ClientSecretPost,
    /// By a signed assertion.
    PrivateKeyJwt,
    /// Not at all.
    None,
}

impl ClientAuthMethod {
    /// Its name in metadata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }
}

/// How a client can authenticate, as its configuration says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthKind {
    /// By a secret.
    Secret,
    /// By a key.
    Key,
    /// Not at all.
    Public,
}

/// What is used of the metadata.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderMetadata {
    /// Where browsers are sent.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where the keys stand.
    pub jwks_uri: String,
    /// Where requests are pushed (RFC 9126).
    pub push_endpoint: Option<String>,
    /// Where claims are asked for.
    pub userinfo_endpoint: Option<String>,
    /// Where browsers sign out.
    pub end_session_endpoint: Option<String>,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// Where tokens are asked about (RFC 7662).
    pub introspection_endpoint: Option<String>,
    /// Algorithms of ID tokens: pinned, and announced.
    pub algorithms: Pinned,
    /// Whether every authorization response names its issuer (RFC 9207).
    pub iss_required: bool,
    /// How we authenticate.
    pub client_auth: ClientAuthMethod,
}

/// What the metadata must say.
#[derive(Clone, Copy)]
pub struct MetadataExpectation<'a> {
    /// Whose metadata it must be.
    pub issuer: &'a str,
    /// Algorithms that are pinned.
    pub algorithms: &'a Pinned,
    /// How we can authenticate.
    pub client_auth: ClientAuthKind,
    /// Whether http to this machine is allowed.
    pub http_on_loopback: bool,
}

/// Where the metadata stands.
#[must_use]
pub fn metadata_url(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer))
}

/// Reads the metadata of an issuer.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn parse_metadata(text: &[u8], expected: &MetadataExpectation<'_>) -> Result<ProviderMetadata, Refused> {
    let issuer = parse_issuer(expected.issuer, expected.http_on_loopback)?;
    let metadata = parse_object(text).ok_or(Reason::JsonMalformed)?;
    if metadata.get("issuer").and_then(Value::as_str) != Some(issuer) {
        return refuse(Reason::IssuerMismatch);
    }
    let optional = |name: &str| metadata.get(name).map(|value| parse_endpoint(value.as_str(), name, expected.http_on_loopback)).transpose();
    let needed = |name: &str| match optional(name) {
        Ok(None) => refuse_with(Reason::EndpointMissing, name),
        Ok(Some(endpoint)) => Ok(endpoint),
        Err(refused) => Err(refused),
    };
    Ok(ProviderMetadata {
        authorization_endpoint: needed("authorization_endpoint")?,
        token_endpoint: needed("token_endpoint")?,
        jwks_uri: needed("jwks_uri")?,
        push_endpoint: optional("pushed_authorization_request_endpoint")?,
        userinfo_endpoint: optional("userinfo_endpoint")?,
        end_session_endpoint: optional("end_session_endpoint")?,
        revocation_endpoint: optional("revocation_endpoint")?,
        introspection_endpoint: optional("introspection_endpoint")?,
        algorithms: common_algorithms(&metadata, expected.algorithms)?,
        iss_required: metadata.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
        client_auth: choose_client_auth(metadata.get("token_endpoint_auth_methods_supported"), expected.client_auth)?,
    })
}

/// What is pinned and announced, of a provider that does what we need.
fn common_algorithms(metadata: &JsonObject, pinned: &Pinned) -> Result<Pinned, Refused> {
    if !announces(metadata.get("response_types_supported"), "code") {
        return refuse(Reason::ResponseTypeUnsupported);
    }
    if !announces(metadata.get("code_challenge_methods_supported"), "S256") {
        return refuse(Reason::PkceUnsupported);
    }
    let announced = metadata.get("id_token_signing_alg_values_supported");
    let common = pinned.as_slice().iter().copied().filter(|alg| announces(announced, alg.name())).collect();
    Ok(Pinned::some(common).ok_or(Reason::AlgorithmNoneInCommon)?)
}

/// Whether a list that may be absent has a value; an absent list says nothing against it.
fn announces(list: Option<&Value>, value: &str) -> bool {
    list.is_none_or(|list| list.as_array().is_some_and(|list| list.iter().any(|one| one == value)))
}

fn choose_client_auth(methods: Option<&Value>, kind: ClientAuthKind) -> Result<ClientAuthMethod, Refused> {
    let choices: &[_] = match kind {
        ClientAuthKind::Public => return Ok(ClientAuthMethod::None),
        ClientAuthKind::Secret => &[ClientAuthMethod::ClientSecretBasic, ClientAuthMethod::ClientSecretPost],
        ClientAuthKind::Key => &[ClientAuthMethod::PrivateKeyJwt],
    };
    let chosen = choices.iter().find(|method| announces(methods, method.name()));
    Ok(*chosen.ok_or(Reason::ClientAuthUnsupported)?)
}
