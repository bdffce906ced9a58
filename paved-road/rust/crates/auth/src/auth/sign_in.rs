//! From `/login` to a session.

use bartizan_paved_audit::EventKind;
use bartizan_paved_safe_input::LocalPath;
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{Reason, Refused, cookies, decode_form, is_equal, lifetimes, limits, random_text, refuse};
use bartizan_paved_web_guard::{WebRequest, WebResponse, read_cookie, read_cookies, remove_cookie, write_cookie};

use super::attempt::Attempt;
use super::{Configured, Shared, SignInRequest, session_key};
use crate::Failure;
use crate::hash::sha256;
use crate::id_token::{IdToken, IdTokenExpectation, check_id_token};
use crate::jose::SigningKey;
use crate::protocol::{AuthorizationRequest, CallbackExpectation, Grant, Tokens, check_callback, parse_callback};
use crate::sessions::SessionRecord;

/// 128 bits of identity in front; 128 more that only the provider hears.
const ID_CHARS: usize = 22;

impl Shared {
    pub(super) async fn handle_sign_in(&self, request: &WebRequest) -> Result<WebResponse, Failure> {
        match self.begin_as_asked(request).await {
            Err(Failure::Refused(refused)) => self.refusal(EventKind::SignInRefused, &refused, vec![]),
            done => done,
        }
    }

    async fn begin_as_asked(&self, request: &WebRequest) -> Result<WebResponse, Failure> {
        let fields = decode_form(&request.query)?;
        let last = |name: &str| fields.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
        let next = Some(LocalPath::parse_or_root(last("next")));
        self.begin(request, SignInRequest { next, provider: last("idp").map(str::to_owned), ..SignInRequest::default() }).await
    }

    /// Begins a sign-in, or a stronger one.
    pub(super) async fn begin(&self, request: &WebRequest, asked: SignInRequest) -> Result<WebResponse, Failure> {
        let Configured { options, client } = self.provider(asked.provider.as_deref())?;
        let metadata = client.metadata().await?;
        let (id, binding, now) = (random_text::<16>()?, random_text::<32>()?, (self.now)());
        // RFC 9700, section 4.4.2: of several providers, one that does not name itself in its responses has a redirect URI of its own.
        let callback = self.paths.callback.as_str();
        let callback =
            if self.providers.len() > 1 && !metadata.iss_required { format!("{callback}/{}", options.name) } else { callback.to_owned() };
        let attempt = Attempt {
            provider: options.name.clone(),
            issuer: client.issuer().to_owned(),
            state: id.clone() + &random_text::<16>()?,
            nonce: random_text::<32>()?,
            code_verifier: random_text::<32>()?,
            binding: sha256(&binding),
            callback,
            next: asked.next.unwrap_or_else(LocalPath::root),
            created: now,
            max_age: asked.max_age.or(options.max_age),
            acr_values: asked.acr_values.unwrap_or_else(|| options.acr_values.clone()),
            dpop_key: if options.dpop { Some(SigningKey::generate()?) } else { None },
        };
        let url = self.authorization_url(client, options, &attempt, asked.prompt.as_deref().or(options.prompt.as_deref())).await?;
        let (key, mut set) = (Attempt::key_of(&id), self.drop_old_attempts(request).await?);
        let sealed = self.sessions.seal(&key, &attempt.to_json())?;
        self.sessions.store().put(&key, sealed, now + lifetimes::ATTEMPT_SECONDS).await?;
        let lifetime = std::time::Duration::from_secs_f64(lifetimes::ATTEMPT_SECONDS).as_secs();
        set.push(write_cookie(&format!("{}{id}", cookies::ATTEMPT_PREFIX), &binding, lifetime)?);
        Ok(WebResponse::redirect(302, url, self.is_https(), set)?)
    }

    async fn authorization_url(
        &self,
        client: &crate::provider_client::ProviderClient,
        options: &crate::provider::SignInOptions,
        attempt: &Attempt,
        prompt: Option<&str>,
    ) -> Result<String, Refused> {
        let redirect_uri = format!("{}{}", self.origin, attempt.callback);
        let request = AuthorizationRequest {
            client_id: client.client_id(),
            redirect_uri: &redirect_uri,
            scopes: &options.scopes,
            state: &attempt.state,
            nonce: &attempt.nonce,
            code_verifier: &attempt.code_verifier,
            max_age: attempt.max_age,
            acr_values: &attempt.acr_values,
            prompt,
            login_hint: None,
            resource: options.resource.as_deref(),
            dpop_jkt: None,
        };
        client.authorization_url(&request, attempt.dpop_key.as_ref()).await
    }

    /// Keeps a browser to a few begun sign-ins: the oldest ones go.
    async fn drop_old_attempts(&self, request: &WebRequest) -> Result<Vec<String>, Failure> {
        /// More cookies than a browser keeps of one site need no look into the store.
        const MOST: usize = 50;
        let header = request.cookies();
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in read_cookies(&header).filter(|(name, _)| name.starts_with(cookies::ATTEMPT_PREFIX)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.len() < limits::ATTEMPTS_PER_BROWSER {
            return Ok(vec![]);
        }
        let mut begun = Vec::new();
        for name in names.into_iter().take(MOST) {
            begun.push((self.attempt_time(name).await?, name));
        }
        begun.sort_by(|(left, _), (right, _)| right.total_cmp(left));
        let old = begun.into_iter().skip(limits::ATTEMPTS_PER_BROWSER - 1);
        // A name that is no cookie of ours can't be removed.
        Ok(old.filter_map(|(_, name)| remove_cookie(name).ok()).collect())
    }

    async fn attempt_time(&self, cookie: &str) -> Result<f64, Failure> {
        let key = Attempt::key_of(cookie.strip_prefix(cookies::ATTEMPT_PREFIX).unwrap_or_default());
        let Some(sealed) = self.sessions.store().get(&key).await? else { return Ok(0.0) };
        let attempt = self.sessions.open(&key, &sealed).ok().and_then(|attempt| Attempt::from_json(&attempt));
        Ok(attempt.map_or(0.0, |attempt| attempt.created))
    }

    pub(super) async fn handle_callback(&self, request: &WebRequest) -> Result<WebResponse, Failure> {
        let mut used = Vec::new();
        match self.finish(request, &mut used).await {
            Err(Failure::Refused(refused)) => self.refusal(EventKind::SignInRefused, &refused, used),
            done => done,
        }
    }

    async fn finish(&self, request: &WebRequest, used: &mut Vec<String>) -> Result<WebResponse, Failure> {
        let parameters = parse_callback(&request.query)?;
        let is_ours = parameters.state.len() == 2 * ID_CHARS
            && parameters.state.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        let id = parameters.state.get(..ID_CHARS).filter(|_| is_ours).ok_or(Reason::StateMalformed)?;
        let attempt = self.take_attempt(request, id, &parameters.state, used).await?;
        let provider = self.provider(Some(&attempt.provider))?;
        if attempt.callback != request.path || attempt.issuer != provider.client.issuer() {
            return Ok(refuse(Reason::AttemptUnknown)?);
        }
        let iss_required = provider.client.metadata().await?.iss_required;
        let code = check_callback(&parameters, &CallbackExpectation { state: &attempt.state, issuer: &attempt.issuer, iss_required })?;
        let record = self.redeem(provider, &attempt, &code).await?;
        self.start_session(request, &record, attempt.next, used).await
    }

    /// Takes the attempt that this browser began, so that nobody uses it again.
    async fn take_attempt(&self, request: &WebRequest, id: &str, state: &str, used: &mut Vec<String>) -> Result<Attempt, Failure> {
        let (name, key, header) = (format!("{}{id}", cookies::ATTEMPT_PREFIX), Attempt::key_of(id), request.cookies());
        let binding = read_cookie(&header, &name)?.ok_or(Reason::AttemptUnknown)?;
        used.push(remove_cookie(&name)?);
        let sealed = self.sessions.store().get(&key).await?.ok_or(Reason::AttemptUnknown)?;
        let attempt = Attempt::from_json(&self.sessions.open(&key, &sealed)?).ok_or(Reason::SealedMalformed)?;
        if !is_equal(&attempt.binding, sha256(binding)) || !is_equal(&attempt.state, state) {
            return Ok(refuse(Reason::StateMismatch)?);
        }
        if self.sessions.store().take(&key).await?.is_none() {
            return Ok(refuse(Reason::AttemptUnknown)?);
        }
        if (self.now)() - attempt.created >= lifetimes::ATTEMPT_SECONDS { Ok(refuse(Reason::AttemptExpired)?) } else { Ok(attempt) }
    }

    /// Redeems the code, and checks who it is for.
    async fn redeem(&self, provider: &Configured, attempt: &Attempt, code: &str) -> Result<SessionRecord, Refused> {
        let Configured { options, client } = provider;
        let dpop_key = attempt.dpop_key.as_ref();
        let mut granted = vec!["openid".to_owned()];
        granted.extend(options.scopes.iter().filter(|scope| *scope != "openid").cloned());
        let redirect_uri = format!("{}{}", self.origin, attempt.callback);
        let grant = Grant::AuthorizationCode {
            code,
            redirect_uri: &redirect_uri,
            code_verifier: &attempt.code_verifier,
            resource: options.resource.as_deref(),
        };
        let tokens = client.tokens(&grant, &granted, dpop_key).await?;
        let id_token = client.verify::<IdToken>(tokens.id_token.as_ref().ok_or(Reason::IdTokenMissing)?.expose()).await?;
        let now = (self.now)();
        let max_age = attempt.max_age.map(|seconds| std::time::Duration::from_secs(seconds).as_secs_f64());
        let expected = IdTokenExpectation {
            now,
            issuer: client.issuer(),
            client_id: client.client_id(),
            nonce: &attempt.nonce,
            access_token: Some(tokens.access_token.expose()),
            max_age,
            acr_values: &attempt.acr_values,
        };
        let identity = check_id_token(&id_token, &expected)?;
        let claims = if options.userinfo { client.userinfo(&tokens.access_token, &identity.subject, dpop_key).await? } else { None };
        let Tokens { access_token, id_token, refresh_token, expires_in, scopes } = tokens;
        Ok(SessionRecord {
            provider: attempt.provider.clone(),
            identity,
            nonce: attempt.nonce.clone(),
            scopes,
            claims: claims.unwrap_or_default(),
            created: now,
            seen: now,
            access_token,
            renew_at: expires_in.map(|seconds| now + renewal_of(seconds)),
            refresh_token,
            id_token: id_token.filter(|_| options.id_token_hint),
            dpop_key: attempt.dpop_key.clone(),
        })
    }

    /// Begins a session under a new id. One that this browser had before ends.
    async fn start_session(
        &self,
        request: &WebRequest,
        record: &SessionRecord,
        next: LocalPath,
        used: &mut Vec<String>,
    ) -> Result<WebResponse, Failure> {
        if let Some(before) = session_key(request) {
            self.sessions.store().remove(&before, None).await?;
        }
        let id: Secret = self.sessions.begin(record, &self.limits).await?;
        self.note(EventKind::SignIn, &record.identity.issuer, Some(&record.identity.subject), None);
        let mut set = std::mem::take(used);
        set.push(self.session_cookie(&id, record)?);
        Ok(WebResponse::redirect(302, next.as_str().to_owned(), self.is_https(), set)?)
    }
}

/// A little before the end, but never sooner than half of the time: a token of ten seconds is used for five.
pub(super) fn renewal_of(expires_in: f64) -> f64 {
    (expires_in - lifetimes::REFRESH_EARLY_SECONDS).max(expires_in / 2.0)
}
