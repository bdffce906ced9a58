//! What is said to one provider: metadata, keys, pushed requests, tokens, userinfo, revocation, introspection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bartizan_paved_audit::{AuditEvent, AuditSink, EventKind};
use bartizan_paved_safe_http::{ExchangeRequest, RawAnswer, exchange};
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, Reason, Refused, encode_form, lifetimes, limits, parse_object, parse_url, random_text, refuse_with};
use http::{Method, header};

use crate::claims::text;
use crate::client_auth::ClientAuthentication;
use crate::danger::{Clock, Dangerous};
use crate::dpop::{ProofRequest, make_proof};
use crate::jose::{KeySet, ParsedToken, Pinned, SigningKey, TokenKind, Verified, parse_key_set};
use crate::jwks_cache::JwksCache;
use crate::protocol::{
    Answer, AuthorizationRequest, ClientAuthMethod, ClientCredentials, Fields, Grant, GrantKind, MetadataExpectation, ProviderMetadata,
    Signed, TokenExpectation, TokenType, Tokens, authenticate, authorization_parameters, authorization_url, client_assertion_parts,
    grant_fields, json_answer, metadata_url, parse_issuer, parse_metadata, parse_push_response, parse_token_response, parse_userinfo,
    request_object_parts,
};

/// What is configured of a provider.
pub(crate) struct ProviderConfiguration {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client: ClientAuthentication,
    pub(crate) algorithms: Pinned,
    /// Signs authorization requests (RFC 9101), with this key.
    pub(crate) signed_requests: Option<SigningKey>,
}

/// Metadata that could not be had is not asked for again within this time.
const RETRY_SECONDS: f64 = 1.0;

#[derive(Clone)]
pub(crate) struct ProviderClient {
    shared: Arc<Shared>,
    jwks: JwksCache,
}

struct Shared {
    configuration: ProviderConfiguration,
    http_on_loopback: bool,
    audit: AuditSink,
    now: Clock,
    metadata: Mutex<Known>,
    /// Held while metadata is fetched.
    fetching: tokio::sync::Mutex<()>,
    /// Nonces that servers want in proofs, by origin.
    nonces: Mutex<HashMap<String, String>>,
}

#[derive(Default)]
struct Known {
    value: Option<(Arc<ProviderMetadata>, f64)>,
    failure: Option<(Refused, f64)>,
}

impl ProviderClient {
    pub(crate) fn new(configuration: ProviderConfiguration, allowed: &Dangerous, audit: AuditSink) -> Result<Self, Refused> {
        parse_issuer(&configuration.issuer, allowed.allows_http_on_loopback())?;
        if configuration.client_id.is_empty() {
            return refuse_with(Reason::ConfigurationInvalid, "client id");
        }
        let now = allowed.clock_in_use();
        let shared = Arc::new(Shared {
            configuration,
            http_on_loopback: allowed.allows_http_on_loopback(),
            audit,
            now: Arc::clone(&now),
            metadata: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
            nonces: Mutex::default(),
        });
        let fetcher = Arc::clone(&shared);
        let fetch = Arc::new(move || -> bartizan_paved_safe_http::Later<'static, _> {
            let fetcher = Arc::clone(&fetcher);
            Box::pin(async move { fetcher.fetch_keys().await })
        });
        let jwks = JwksCache::new(fetch, Arc::new(move || (now() * 1000.0).floor()));
        Ok(Self { shared, jwks })
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.shared.configuration.issuer
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.shared.configuration.client_id
    }

    pub(crate) async fn metadata(&self) -> Result<Arc<ProviderMetadata>, Refused> {
        self.shared.metadata().await
    }

    /// Verifies a token of this provider: form, pinned and announced algorithm, type, key, signature.
    pub(crate) async fn verify<K: TokenKind>(&self, token: &str) -> Result<Verified<K>, Refused> {
        let parsed = ParsedToken::parse(token)?;
        let metadata = self.metadata().await?;
        self.verify_parsed(&parsed, &metadata.algorithms).await
    }

    /// Verifies an access token of this provider. Its algorithms are pinned; metadata says nothing of them.
    pub(crate) async fn verify_access_token<K: TokenKind>(&self, token: &str) -> Result<Verified<K>, Refused> {
        self.verify_parsed(&ParsedToken::parse(token)?, &self.shared.configuration.algorithms).await
    }

    async fn verify_parsed<K: TokenKind>(&self, token: &ParsedToken<'_>, algorithms: &Pinned) -> Result<Verified<K>, Refused> {
        let alg = token.check_header(algorithms.as_slice(), K::TYPES)?;
        let keys = self.jwks.keys(|key| token.is_wanted(alg, key)).await?;
        token.verify_as(alg, token.select_key(alg, &keys)?)
    }

    /// The URL that begins a sign-in. It is pushed whenever the provider takes that, so that the browser can't change it.
    pub(crate) async fn authorization_url(
        &self,
        request: &AuthorizationRequest<'_>,
        dpop_key: Option<&SigningKey>,
    ) -> Result<String, Refused> {
        let provider = self.metadata().await?;
        let jkt = dpop_key.map(SigningKey::thumbprint);
        let mut parameters =
            authorization_parameters(&AuthorizationRequest { client_id: self.client_id(), dpop_jkt: jkt.as_deref(), ..*request })?;
        if let Some(key) = &self.shared.configuration.signed_requests {
            parameters = self.only("request", self.sign_request(key, &parameters)?);
        }
        if let Some(endpoint) = &provider.push_endpoint {
            parameters = self.only("request_uri", parse_push_response(&self.post(endpoint, parameters, dpop_key).await?)?);
        }
        Ok(authorization_url(&provider.authorization_endpoint, &parameters))
    }

    fn only(&self, name: &str, value: String) -> Fields {
        vec![("client_id".into(), self.client_id().into()), (name.into(), value)]
    }

    fn sign_request(&self, key: &SigningKey, parameters: &Fields) -> Result<String, Refused> {
        let jti = random_text::<16>()?;
        let signed = Signed { alg: key.algorithm().name(), kid: key.kid(), now: self.shared.whole_seconds(), jti: &jti };
        let (header, claims) = request_object_parts(self.client_id(), self.issuer(), parameters, &signed)?;
        key.sign(&header, &claims)
    }

    /// Gets tokens for a code or a refresh token. There is no second try: a code is used once.
    pub(crate) async fn tokens(&self, grant: &Grant<'_>, granted: &[String], dpop_key: Option<&SigningKey>) -> Result<Tokens, Refused> {
        let provider = self.metadata().await?;
        let answer = self.post(&provider.token_endpoint, grant_fields(grant), dpop_key).await?;
        let kind = match grant {
            Grant::AuthorizationCode { .. } => GrantKind::AuthorizationCode,
            Grant::RefreshToken(_) => GrantKind::RefreshToken,
        };
        let token_type = if dpop_key.is_some() { TokenType::Dpop } else { TokenType::Bearer };
        parse_token_response(
            &answer,
            &TokenExpectation { grant: kind, token_type, needs_id_token: kind == GrantKind::AuthorizationCode, granted },
        )
    }

    /// Claims of the user from the userinfo endpoint; `None` if there is none.
    pub(crate) async fn userinfo(
        &self,
        access_token: &Secret,
        subject: &str,
        dpop_key: Option<&SigningKey>,
    ) -> Result<Option<JsonObject>, Refused> {
        let provider = self.metadata().await?;
        let Some(endpoint) = &provider.userinfo_endpoint else { return Ok(None) };
        let scheme = if dpop_key.is_some() { "DPoP" } else { "Bearer" };
        let authorization = Secret::new(format!("{scheme} {}", access_token.expose()));
        let request = || {
            let mut request = ExchangeRequest::new(Method::GET, endpoint)
                .with_header(header::ACCEPT, "application/json")?
                .with_header(header::AUTHORIZATION, authorization.expose())?;
            request.max_bytes = limits::USERINFO_BYTES;
            Ok(request)
        };
        let answer = self.with_proof(endpoint, "GET", dpop_key, Some(access_token), request).await?;
        parse_userinfo(&answer.into(), subject).map(Some)
    }

    /// Revokes a token (RFC 7009), if the provider has that.
    pub(crate) async fn revoke(&self, token: &Secret, hint: &str) -> Result<(), Refused> {
        let provider = self.metadata().await?;
        let Some(endpoint) = &provider.revocation_endpoint else { return Ok(()) };
        self.post(endpoint, token_fields(token.expose(), hint), None).await.map(drop)
    }

    /// Asks what a token is (RFC 7662).
    pub(crate) async fn introspect(&self, token: &str) -> Result<JsonObject, Refused> {
        let provider = self.metadata().await?;
        let Some(endpoint) = &provider.introspection_endpoint else {
            return refuse_with(Reason::EndpointMissing, "introspection_endpoint");
        };
        json_answer(&self.post(endpoint, token_fields(token, "access_token"), None).await?, &[200])
    }

    /// Headers for a request to an API with an access token of this provider: their names and values.
    pub(crate) fn proof_for(
        &self,
        url: &str,
        method: &str,
        dpop_key: Option<&SigningKey>,
        access_token: &Secret,
    ) -> Result<Vec<(&'static str, Secret)>, Refused> {
        let Some(key) = dpop_key else { return Ok(vec![("authorization", Secret::new(format!("Bearer {}", access_token.expose())))]) };
        let proof = self.shared.proof(url, method, key, Some(access_token))?;
        Ok(vec![("authorization", Secret::new(format!("DPoP {}", access_token.expose()))), ("dpop", Secret::new(proof))])
    }

    /// Sends a form with client authentication.
    async fn post(&self, url: &str, fields: Fields, dpop_key: Option<&SigningKey>) -> Result<Answer, Refused> {
        let method = self.metadata().await?.client_auth;
        let request = || {
            let form = authenticate(self.client_id(), &self.credentials(method)?, fields.clone());
            let mut request = ExchangeRequest::new(Method::POST, url)
                .with_header(header::ACCEPT, "application/json")?
                .with_header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")?;
            if let Some(authorization) = form.authorization {
                request = request.with_header(header::AUTHORIZATION, authorization.expose())?;
            }
            request.body = encode_form(form.form).into_bytes();
            Ok(request)
        };
        Ok(self.with_proof(url, "POST", dpop_key, None, request).await?.into())
    }

    fn credentials(&self, method: ClientAuthMethod) -> Result<ClientCredentials<'_>, Refused> {
        Ok(match &self.shared.configuration.client {
            ClientAuthentication::Public => ClientCredentials::Public,
            ClientAuthentication::Secret(secret) if method == ClientAuthMethod::ClientSecretPost => ClientCredentials::SecretPost(secret),
            ClientAuthentication::Secret(secret) => ClientCredentials::SecretBasic(secret),
            ClientAuthentication::Key(key) => {
                let jti = random_text::<16>()?;
                let signed = Signed { alg: key.algorithm().name(), kid: key.kid(), now: self.shared.whole_seconds(), jti: &jti };
                let (header, claims) = client_assertion_parts(self.client_id(), self.issuer(), &signed)?;
                ClientCredentials::Assertion(key.sign(&header, &claims)?)
            }
        })
    }

    /// Adds a proof where there is a key; once more if the server wants its nonce in it (RFC 9449, section 8).
    async fn with_proof(
        &self,
        url: &str,
        method: &str,
        key: Option<&SigningKey>,
        access_token: Option<&Secret>,
        request: impl Fn() -> Result<ExchangeRequest, Refused>,
    ) -> Result<RawAnswer, Refused> {
        let Some(key) = key else { return exchange(&request()?, None).await };
        let send = || async {
            let proof = self.shared.proof(url, method, key, access_token)?;
            exchange(&request()?.with_header(header::HeaderName::from_static("dpop"), &proof)?, None).await
        };
        let first = send().await?;
        if !self.shared.remember_nonce(url, &first) || !wants_nonce(&first) {
            return Ok(first);
        }
        let second = send().await?;
        self.shared.remember_nonce(url, &second);
        Ok(second)
    }
}

fn token_fields(token: &str, hint: &str) -> Fields {
    vec![("token".into(), token.into()), ("token_type_hint".into(), hint.into())]
}

impl Shared {
    /// The provider's metadata, kept for a while; old metadata is better than none, for a day.
    async fn metadata(&self) -> Result<Arc<ProviderMetadata>, Refused> {
        if let Some(known) = self.known_metadata() {
            return known;
        }
        let _turn = self.fetching.lock().await;
        // Somebody may have fetched it while we waited.
        if let Some(known) = self.known_metadata() {
            return known;
        }
        let fetched = self.fetch_metadata().await;
        let now = (self.now)();
        let mut known = self.metadata.lock().unwrap_or_else(PoisonError::into_inner);
        match fetched {
            Ok(value) => {
                let value = Arc::new(value);
                known.value = Some((Arc::clone(&value), now));
                Ok(value)
            }
            Err(refused) => {
                known.failure = Some((refused.clone(), now));
                known.stale(now).ok_or(refused)
            }
        }
    }

    /// What is known now, and need not be asked.
    fn known_metadata(&self) -> Option<Result<Arc<ProviderMetadata>, Refused>> {
        let now = (self.now)();
        let known = self.metadata.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, at)) = &known.value
            && now - at < lifetimes::METADATA_FRESH_SECONDS
        {
            return Some(Ok(Arc::clone(value)));
        }
        let (refused, at) = known.failure.as_ref()?;
        (now - at < RETRY_SECONDS).then(|| known.stale(now).ok_or_else(|| refused.clone()))
    }

    async fn fetch_metadata(&self) -> Result<ProviderMetadata, Refused> {
        let configuration = &self.configuration;
        let request =
            ExchangeRequest::new(Method::GET, &metadata_url(&configuration.issuer)).with_header(header::ACCEPT, "application/json")?;
        let answer = Answer::from(exchange(&request, None).await?);
        json_answer(&answer, &[200])?;
        let expected = MetadataExpectation {
            issuer: &configuration.issuer,
            algorithms: &configuration.algorithms,
            client_auth: configuration.client.kind(),
            http_on_loopback: self.http_on_loopback,
        };
        parse_metadata(&answer.body, &expected)
    }

    async fn fetch_keys(&self) -> Result<KeySet, Refused> {
        let metadata = self.metadata().await?;
        let request = ExchangeRequest::new(Method::GET, &metadata.jwks_uri)
            .with_header(header::ACCEPT, "application/json, application/jwk-set+json")?;
        let answer = exchange(&request, None).await?;
        if answer.status != 200 {
            let reason = if (300..=399).contains(&answer.status) { Reason::RedirectRefused } else { Reason::HttpStatus };
            return refuse_with(reason, answer.status.to_string());
        }
        let set = parse_key_set(&answer.body)?;
        for key in set.ignored.iter().filter(|key| matches!(key.reason, Reason::KeyPrivate | Reason::KeySymmetric)) {
            let alarm = AuditEvent::of(EventKind::ProviderAlarm);
            (self.audit)(&AuditEvent {
                issuer: Some(self.configuration.issuer.clone()),
                reason: Some(key.reason),
                detail: Some(key.kid.clone()),
                ..alarm
            });
        }
        Ok(set)
    }

    fn proof(&self, url: &str, method: &str, key: &SigningKey, access_token: Option<&Secret>) -> Result<String, Refused> {
        let jti = random_text::<16>()?;
        let nonce = self.nonces.lock().unwrap_or_else(PoisonError::into_inner).get(&origin_of(url)).cloned();
        make_proof(
            key,
            &ProofRequest {
                method,
                url,
                now: self.whole_seconds(),
                jti: &jti,
                nonce: nonce.as_deref(),
                access_token: access_token.map(Secret::expose),
            },
        )
    }

    /// Keeps the nonce of an answer, if it has one; says whether.
    fn remember_nonce(&self, url: &str, answer: &RawAnswer) -> bool {
        // RFC 9449, section 8.1.
        let is_nonce = |nonce: &&str| {
            (1..=256).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
        };
        let Some(nonce) = answer.header("dpop-nonce").filter(is_nonce) else { return false };
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner).insert(origin_of(url), nonce.to_owned());
        true
    }

    fn whole_seconds(&self) -> u64 {
        std::time::Duration::try_from_secs_f64((self.now)().max(0.0)).map_or(0, |since| since.as_secs())
    }
}

impl Known {
    fn stale(&self, now: f64) -> Option<Arc<ProviderMetadata>> {
        let (value, at) = self.value.as_ref()?;
        (now - at < lifetimes::JWKS_STALE_SECONDS).then(|| Arc::clone(value))
    }
}

fn origin_of(url: &str) -> String {
    parse_url(url).map(|url| url.origin()).unwrap_or_default()
}

fn wants_nonce(answer: &RawAnswer) -> bool {
    let is_said = answer.header("www-authenticate").is_some_and(|value| value.contains("error=\"use_dpop_nonce\""));
    let in_body = || parse_object(&answer.body).is_some_and(|body| text(&body, "error") == Some("use_dpop_nonce"));
    match answer.status {
        401 => is_said || in_body(),
        400 => in_body(),
        _ => false,
    }
}

/// So that a text from a token is used for nothing but the choice of a provider.
pub(crate) fn unverified_issuer(token: &str) -> Result<String, Refused> {
    if token.len() > limits::TOKEN_BYTES {
        return Err(Reason::TokenTooLong.into());
    }
    let payload = token.split('.').nth(1).and_then(bartizan_paved_spec::decode_base64url).and_then(|payload| parse_object(&payload));
    let issuer = payload.as_ref().and_then(|payload| payload.get("iss")).ok_or(Reason::JwtMalformed)?;
    Ok(issuer.as_str().unwrap_or_default().to_owned())
}
