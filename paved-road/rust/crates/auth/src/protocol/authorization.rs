//! The authorization request and what comes back through the browser (OAuth 2.1, section 4.1; RFC 7636, 9101, 9126, 9207).

use bartizan_paved_spec::{JsonObject, Reason, Refused, decode_form, encode_form, is_equal, lifetimes, limits, refuse, refuse_with};
use serde_json::{Value, json};

use super::Fields;
use super::answer::{Answer, json_answer};
use crate::claims::{is_scope, text};
use crate::dpop::object;
use crate::hash::sha256;

/// A request to sign in. State, nonce and verifier can't be left out:
///
/// ```compile_fail
/// use bartizan_paved_auth::{AuthorizationRequest, authorization_parameters};
/// let request = AuthorizationRequest {
///     client_id: "orders", redirect_uri: "https://orders.example.org/callback", scopes: &[], state: "s", nonce: "n",
///     max_age: None, acr_values: &[], prompt: None, login_hint: None, resource: None, dpop_jkt: None,
/// };
/// ```
#[derive(Clone, Copy)]
pub struct AuthorizationRequest<'a> {
    /// Who asks.
    pub client_id: &'a str,
    /// Where the browser comes back to.
    pub redirect_uri: &'a str,
    /// Scopes besides `openid`.
    pub scopes: &'a [String],
    /// What binds the answer to this request.
    pub state: &'a str,
    /// What binds the ID token to this request.
    pub nonce: &'a str,
    /// What binds the code to this request (RFC 7636); its hash is sent.
    pub code_verifier: &'a str,
    /// How long ago the user may have authenticated, in seconds.
    pub max_age: Option<u64>,
    /// How strongly.
    pub acr_values: &'a [String],
    /// `login`, `consent`, …
    pub prompt: Option<&'a str>,
    /// Who is likely to sign in.
    pub login_hint: Option<&'a str>,
    /// The API that access tokens are for (RFC 8707).
    pub resource: Option<&'a str>,
    /// The key that tokens are bound to (RFC 9449, section 10).
    pub dpop_jkt: Option<&'a str>,
}

/// The parameters of a request.
///
/// # Errors
/// `configuration-invalid`.
pub fn authorization_parameters(request: &AuthorizationRequest<'_>) -> Result<Fields, Refused> {
    if !request.scopes.iter().all(|scope| is_scope(scope)) {
        return refuse_with(Reason::ConfigurationInvalid, "scope");
    }
    let is_verifier = (43..=128).contains(&request.code_verifier.len())
        && request.code_verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte));
    if !is_verifier {
        return refuse_with(Reason::ConfigurationInvalid, "code verifier");
    }
    // 22 characters of base64url are 128 bits.
    if request.state.len() < 22 || request.nonce.len() < 22 {
        return refuse_with(Reason::ConfigurationInvalid, "state and nonce need 128 bits");
    }
    let prompts: Vec<_> = request.prompt.unwrap_or_default().split(' ').collect();
    if prompts.contains(&"none") && prompts.len() > 1 {
        return refuse_with(Reason::ConfigurationInvalid, "prompt");
    }
    let mut scopes = vec!["openid"];
    for scope in request.scopes {
        if !scopes.contains(&scope.as_str()) {
            scopes.push(scope);
        }
    }
    let text = |value: &str| Some(value.to_owned());
    let parameters = [
        ("response_type", text("code")),
        ("client_id", text(request.client_id)),
        ("redirect_uri", text(request.redirect_uri)),
        ("scope", Some(scopes.join(" "))),
        ("state", text(request.state)),
        ("nonce", text(request.nonce)),
        ("code_challenge", Some(sha256(request.code_verifier))),
        ("code_challenge_method", text("S256")),
        ("max_age", request.max_age.map(|seconds| seconds.to_string())),
        ("acr_values", (!request.acr_values.is_empty()).then(|| request.acr_values.join(" "))),
        ("prompt", request.prompt.map(str::to_owned)),
        ("login_hint", request.login_hint.map(str::to_owned)),
        ("resource", request.resource.map(str::to_owned)),
        ("dpop_jkt", request.dpop_jkt.map(str::to_owned)),
    ];
    Ok(parameters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// The URL that the browser is sent to; the endpoint's own query is kept.
#[must_use]
pub fn authorization_url(endpoint: &str, parameters: &[(String, String)]) -> String {
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{joint}{}", encode_form(parameters.iter().map(|(name, value)| (name, value))))
}

/// What tokens that we sign have in common.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// The algorithm's name.
    pub alg: &'a str,
    /// The key's id.
    pub kid: Option<&'a str>,
    /// Seconds since 1970.
    pub now: u64,
    /// Fresh and random.
    pub jti: &'a str,
}

impl Signed<'_> {
    pub(super) fn header(&self, typ: &str) -> Result<JsonObject, Refused> {
        let alg = self.alg.to_ascii_lowercase();
        if alg.starts_with("none") || alg.starts_with("hs") {
            return refuse_with(Reason::ConfigurationInvalid, "what we sign is signed with a private key");
        }
        let mut header = object(json!({ "alg": self.alg, "typ": typ }));
        if let Some(kid) = self.kid {
            header.insert("kid".into(), kid.into());
        }
        Ok(header)
    }

    /// When it ends.
    pub(super) fn expiry(&self, seconds: f64) -> Value {
        let end = std::time::Duration::from_secs(self.now).saturating_add(std::time::Duration::from_secs_f64(seconds));
        end.as_secs().into()
    }
}

/// What is signed in a request object (RFC 9101, section 4).
///
/// # Errors
/// `configuration-invalid` for an algorithm without a private key.
pub fn request_object_parts(
    client_id: &str,
    issuer: &str,
    parameters: &[(String, String)],
    signed: &Signed<'_>,
) -> Result<(JsonObject, JsonObject), Refused> {
    let header = signed.header("oauth-authz-req+jwt")?;
    let mut claims: JsonObject = parameters.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let own = json!({ "iss": client_id, "aud": issuer, "jti": signed.jti, "iat": signed.now, "nbf": signed.now, "exp": signed.expiry(lifetimes::REQUEST_OBJECT_SECONDS) });
    claims.extend(object(own));
    Ok((header, claims))
}

/// Reads the answer to a pushed request (RFC 9126, section 2.2).
///
/// # Errors
/// As `json_answer`; `endpoint-malformed`, `expires-in-malformed`.
pub fn parse_push_response(answer: &Answer) -> Result<String, Refused> {
    let body = json_answer(answer, &[200, 201])?;
    let Some(uri) = text(&body, "request_uri").filter(|uri| is_request_uri(uri)) else {
        return refuse_with(Reason::EndpointMalformed, "request_uri");
    };
    if body.get("expires_in").and_then(Value::as_f64).is_some_and(|seconds| seconds > 0.0) {
        Ok(uri.to_owned())
    } else {
        refuse(Reason::ExpiresInMalformed)
    }
}

fn is_request_uri(uri: &str) -> bool {
    let is_graphic = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if let Some(rest) = uri.strip_prefix("https://") {
        return is_graphic(rest);
    }
    let Some((space, name)) = uri.strip_prefix("urn:").and_then(|rest| rest.split_once(':')) else { return false };
    let is_space = space.starts_with(|first: char| first.is_ascii_alphanumeric())
        && space.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_space && is_graphic(name)
}

/// Parameters that may stand once.
const SINGLE: &[&str] = &[
    "code",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "response",
    "access_token",
    "id_token",
    "token_type",
    "expires_in",
];
const TOKENS: &[&str] = &["access_token", "id_token", "token_type", "expires_in"];

/// A query of a callback, read but not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallbackParameters {
    /// Which sign-in it says that it belongs to.
    pub state: String,
    iss: Option<String>,
    code: Option<String>,
    error: Option<String>,
    has_token: bool,
}

/// Reads the query of a callback as far as it needs no knowledge of the sign-in.
///
/// # Errors
/// `query-…`, `parameter-repeated`, `response-mode-unsupported`, `state-missing`.
pub fn parse_callback(query: &str) -> Result<CallbackParameters, Refused> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (name, value) in decode_form(query)? {
        if !SINGLE.contains(&name.as_str()) {
            continue;
        }
        if found.iter().any(|(other, _)| *other == name) {
            return refuse_with(Reason::ParameterRepeated, name);
        }
        found.push((name, value));
    }
    let value = |name: &str| found.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    if value("response").is_some() {
        return refuse(Reason::ResponseModeUnsupported);
    }
    let state = value("state").filter(|state| !state.is_empty()).ok_or(Reason::StateMissing)?;
    Ok(CallbackParameters {
        state,
        iss: value("iss"),
        code: value("code"),
        error: value("error"),
        has_token: TOKENS.iter().any(|name| value(name).is_some()),
    })
}

/// The sign-in that a callback must belong to.
#[derive(Clone, Copy)]
pub struct CallbackExpectation<'a> {
    /// Its state.
    pub state: &'a str,
    /// The provider that it began at.
    pub issuer: &'a str,
    /// Whether that provider always names itself (RFC 9207).
    pub iss_required: bool,
}

/// Judges a callback by the sign-in that it belongs to, and gives the code.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn check_callback(parameters: &CallbackParameters, attempt: &CallbackExpectation<'_>) -> Result<String, Refused> {
    if !is_equal(&parameters.state, attempt.state) {
        return refuse(Reason::StateMismatch);
    }
    // RFC 9207, section 2.4: errors too.
    match &parameters.iss {
        None if attempt.iss_required => return refuse(Reason::IssMissing),
        Some(issuer) if issuer != attempt.issuer => return refuse(Reason::IssMismatch),
        None | Some(_) => {}
    }
    if let Some(error) = &parameters.error {
        return refuse_with(Reason::ProviderError, error.as_str());
    }
    if parameters.has_token {
        return refuse(Reason::TokenInFrontChannel);
    }
    let code = parameters.code.as_ref().filter(|code| !code.is_empty()).ok_or(Reason::CodeMissing)?;
    let is_good = code.len() <= limits::CODE_CHARS && code.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_good { Ok(code.clone()) } else { refuse(Reason::CodeMalformed) }
}

/// The URL of an RP-initiated logout (OpenID Connect RP-Initiated Logout, section 2).
#[must_use]
pub fn end_session_url(endpoint: &str, client_id: &str, id_token_hint: Option<&str>, post_logout_redirect_uri: &str) -> String {
    let fields =
        [("client_id", Some(client_id)), ("id_token_hint", id_token_hint), ("post_logout_redirect_uri", Some(post_logout_redirect_uri))];
    let fields: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
    authorization_url(endpoint, &fields)
}
