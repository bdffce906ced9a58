//! The token endpoint: requests, client authentication, answers (RFC 6749; RFC 7523; RFC 9449).

use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, Reason, Refused, encode_form_value, lifetimes, refuse, refuse_with};
use serde_json::{Value, json};

use super::answer::{Answer, json_answer};
use super::{Fields, Signed};
use crate::claims::{parse_scopes, text};
use crate::dpop::object;

/// A client as a request needs it.
pub enum ClientCredentials<'a> {
    /// Not authenticated.
    Public,
    /// A secret, in the Authorization header.
    SecretBasic(&'a Secret),
    /// A secret, in the form.
    SecretPost(&'a Secret),
    /// An assertion, signed just now.
    Assertion(String),
}

/// What tokens are asked for with.
pub enum Grant<'a> {
    /// The code of a sign-in.
    AuthorizationCode {
        /// The code.
        code: &'a str,
        /// Where it came back to.
        redirect_uri: &'a str,
        /// What proves that we began (RFC 7636).
        code_verifier: &'a str,
        /// The API that the token is for.
        resource: Option<&'a str>,
    },
    /// A refresh token.
    RefreshToken(&'a Secret),
}

/// Which kind of grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// The code of a sign-in.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
}

/// A form, and the Authorization header that goes with it.
pub struct FormRequest {
    /// The fields, in order.
    pub form: Fields,
    /// The header, if the client authenticates there.
    pub authorization: Option<Secret>,
}

/// The fields of a token request.
#[must_use]
pub fn grant_fields(grant: &Grant<'_>) -> Fields {
    let pairs = match grant {
        Grant::RefreshToken(token) => vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())],
        Grant::AuthorizationCode { code, redirect_uri, code_verifier, resource } => {
            let mut pairs = vec![
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", redirect_uri),
                ("code_verifier", code_verifier),
            ];
            pairs.extend(resource.map(|resource| ("resource", resource)));
            pairs
        }
    };
    pairs.into_iter().map(owned).collect()
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Adds client authentication to a form: in the header or in the body, never in both (RFC 6749, section 2.3).
#[must_use]
pub fn authenticate(client_id: &str, client: &ClientCredentials<'_>, mut form: Fields) -> FormRequest {
    let id = ("client_id", client_id);
    let (fields, authorization) = match client {
        ClientCredentials::SecretBasic(secret) => (vec![], Some(Secret::new(format!("Basic {}", base64_of(client_id, secret))))),
        ClientCredentials::Public => (vec![id], None),
        ClientCredentials::SecretPost(secret) => (vec![id, ("client_secret", secret.expose())], None),
        ClientCredentials::Assertion(assertion) => (
            vec![
                id,
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion.as_str()),
            ],
            None,
        ),
    };
    // A pushed request names the client already, and nothing may stand twice (RFC 6749, section 3.2).
    form.retain(|(name, _)| fields.iter().all(|(own, _)| own != name));
    form.extend(fields.into_iter().map(owned));
    FormRequest { form, authorization }
}

/// Both as forms have them, joined, in base64 (RFC 6749, section 2.3.1).
fn base64_of(client_id: &str, secret: &Secret) -> String {
    let joined = Secret::new(format!("{}:{}", encode_form_value(client_id), encode_form_value(secret.expose())));
    let text = bartizan_paved_spec::encode_base64url(joined.expose()).replace('-', "+").replace('_', "/");
    let padding = "=".repeat(text.len().next_multiple_of(4) - text.len());
    text + &padding
}

/// What is signed in a client assertion. The audience is the issuer alone (draft-ietf-oauth-rfc7523bis, section 4).
///
/// # Errors
/// `configuration-invalid` for an algorithm without a private key.
pub fn client_assertion_parts(client_id: &str, issuer: &str, signed: &Signed<'_>) -> Result<(JsonObject, JsonObject), Refused> {
    let header = signed.header("client-authentication+jwt")?;
    let claims = json!({ "iss": client_id, "sub": client_id, "aud": issuer, "jti": signed.jti, "iat": signed.now, "exp": signed.expiry(lifetimes::CLIENT_ASSERTION_SECONDS) });
    Ok((header, object(claims)))
}

/// How access tokens are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// By whoever has them.
    Bearer,
    /// With proofs.
    Dpop,
}

/// What an answer must say.
pub struct TokenExpectation<'a> {
    /// What was asked with.
    pub grant: GrantKind,
    /// What was asked for.
    pub token_type: TokenType,
    /// Whether there must be an ID token.
    pub needs_id_token: bool,
    /// The scopes so far.
    pub granted: &'a [String],
}

/// What the token endpoint gave.
#[derive(Debug)]
#[non_exhaustive]
pub struct Tokens {
    /// For APIs.
    pub access_token: Secret,
    /// Who signed in; not yet verified.
    pub id_token: Option<Secret>,
    /// For new tokens.
    pub refresh_token: Option<Secret>,
    /// How long the access token lives, in seconds.
    pub expires_in: Option<f64>,
    /// What was granted.
    pub scopes: Vec<String>,
}

/// Reads an answer of the token endpoint.
///
/// # Errors
/// The first rule that it breaks, in the order of the specification.
pub fn parse_token_response(answer: &Answer, expected: &TokenExpectation<'_>) -> Result<Tokens, Refused> {
    let body = json_answer(answer, &[200])?;
    let wanted = match expected.token_type {
        TokenType::Bearer => "bearer",
        TokenType::Dpop => "dpop",
    };
    if text(&body, "token_type").is_none_or(|named| named.to_lowercase() != wanted) {
        return refuse(Reason::TokenTypeMismatch);
    }
    let access_token = text(&body, "access_token").filter(|token| !token.is_empty()).ok_or(Reason::AccessTokenMissing)?;
    if !access_token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refuse(Reason::AccessTokenMalformed);
    }
    let id_token = match body.get("id_token") {
        Some(Value::String(token)) => Some(token),
        None if !expected.needs_id_token => None,
        _ => return refuse(Reason::IdTokenMissing),
    };
    let refresh_token = match body.get("refresh_token") {
        None => None,
        Some(Value::String(token)) if !token.is_empty() => Some(token),
        Some(_) => return refuse(Reason::RefreshTokenMalformed),
    };
    let expires_in = match body.get("expires_in") {
        None => None,
        Some(value) => Some(value.as_f64().filter(|seconds| *seconds >= 0.0).ok_or(Reason::ExpiresInMalformed)?),
    };
    let scopes = if body.contains_key("scope") { parse_scopes(body.get("scope"))? } else { expected.granted.to_vec() };
    if expected.grant == GrantKind::RefreshToken && !scopes.iter().all(|scope| expected.granted.contains(scope)) {
        return refuse(Reason::ScopeWidened);
    }
    let secret = |token: &String| Secret::new(token.clone());
    Ok(Tokens {
        access_token: Secret::new(access_token.to_owned()),
        id_token: id_token.map(secret),
        refresh_token: refresh_token.map(secret),
        expires_in,
        scopes,
    })
}

/// Reads an answer of the userinfo endpoint (OpenID Connect Core, section 5.3.2).
///
/// # Errors
/// As `json_answer`; `sub-mismatch`.
pub fn parse_userinfo(answer: &Answer, subject: &str) -> Result<JsonObject, Refused> {
    let claims = json_answer(answer, &[200])?;
    if text(&claims, "sub") == Some(subject) { Ok(claims) } else { refuse_with(Reason::SubMismatch, "userinfo") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_named_once_also_where_a_pushed_request_names_it() {
        let pushed = vec![owned(("client_id", "orders")), owned(("state", "s"))];
        let request = authenticate("orders", &ClientCredentials::Assertion("a.b.c".into()), pushed);
        assert_eq!(request.form.iter().filter(|(name, _)| name == "client_id").count(), 1);
        assert!(request.authorization.is_none());
    }
}
