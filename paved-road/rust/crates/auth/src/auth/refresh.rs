//! New tokens for a session: one call to the provider, however many requests and replicas ask.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bartizan_paved_audit::{AuditEvent, EventKind};
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{Reason, Refused, lifetimes, random_bytes, refuse};
use tokio::sync::OnceCell;

use super::sign_in::renewal_of;
use super::{Shared, User, user_of};
use crate::Failure;
use crate::id_token::{IdToken, RefreshExpectation, check_refreshed_id_token};
use crate::protocol::{Grant, Tokens};
use crate::sessions::SessionRecord;

/// A refresh that several requests wait for.
pub(super) type Pending = OnceCell<Result<SessionRecord, Arc<Failure>>>;

/// Which access token is not good enough.
#[derive(Clone)]
pub(super) enum Stale {
    /// One whose end is near.
    Expiring,
    /// This one.
    Is(Secret),
}

impl Stale {
    fn is(&self, record: &SessionRecord, now: f64) -> bool {
        match self {
            Self::Expiring => record.renew_at.is_some_and(|at| at <= now),
            Self::Is(token) => record.access_token.equals(token),
        }
    }
}

impl Shared {
    pub(super) async fn refresh(self: Arc<Self>, key: &str) -> Result<Option<User>, Failure> {
        let Some(record) = self.load(key).await? else { return Ok(None) };
        match self.fresh_record(key, Stale::Is(record.access_token)).await {
            Ok(record) => Ok(Some(user_of(&record))),
            Err(Failure::Refused(refused)) if !is_transient(refused.reason) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The session with an access token that is not stale.
    pub(super) async fn fresh_record(self: Arc<Self>, key: &str, stale: Stale) -> Result<SessionRecord, Failure> {
        let record = self.sessions.load(key, (self.now)(), &self.limits).await?;
        if !stale.is(&record, (self.now)()) {
            return Ok(record);
        }
        let pending = Arc::clone(self.refreshing.lock().unwrap_or_else(PoisonError::into_inner).entry(key.to_owned()).or_default());
        let done = pending.get_or_init(|| async { self.refresh_somewhere(key, &stale).await.map_err(Arc::new) }).await.clone();
        let mut refreshing = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        if refreshing.get(key).is_some_and(|other| Arc::ptr_eq(other, &pending)) {
            refreshing.remove(key);
        }
        done.map_err(|failure| match failure.as_ref() {
            Failure::Refused(refused) => Failure::Refused(refused.clone()),
            Failure::Store(error) => Failure::Store(error.to_string().into()),
        })
    }

    /// Refreshes here, or waits for the replica that is at it.
    async fn refresh_somewhere(&self, key: &str, stale: &Stale) -> Result<SessionRecord, Failure> {
        let mut waited = 0;
        while waited <= 2 * lifetimes::REFRESH_LEASE_MS {
            let work = async {
                // Another replica may have finished between our look and our lease.
                let record = self.sessions.load(key, (self.now)(), &self.limits).await?;
                if stale.is(&record, (self.now)()) { self.refresh_here(key, record).await } else { Ok(record) }
            };
            if let Some(done) = self.sessions.with_lease(key, (self.now)(), work).await? {
                return done;
            }
            // Half of the time to one and a half, so that replicas do not march in step.
            let spread = lifetimes::REFRESH_POLL_MS * u64::from(random_bytes::<1>()?[0]) / 256;
            tokio::time::sleep(Duration::from_millis(lifetimes::REFRESH_POLL_MS / 2 + spread)).await;
            waited += lifetimes::REFRESH_POLL_MS;
            let record = self.sessions.load(key, (self.now)(), &self.limits).await?;
            if !stale.is(&record, (self.now)()) {
                return Ok(record);
            }
        }
        Ok(refuse(Reason::Timeout)?)
    }

    async fn refresh_here(&self, key: &str, record: SessionRecord) -> Result<SessionRecord, Failure> {
        let (issuer, subject) = (record.identity.issuer.clone(), record.identity.subject.clone());
        match self.renew(key, record).await {
            Err(Failure::Refused(refused)) => {
                let event = AuditEvent::refusal(EventKind::RefreshRefused, &refused);
                (self.audit)(&AuditEvent { issuer: Some(issuer), subject: Some(subject), ..event });
                // A refresh token that is used up, or an answer about somebody else: nothing good comes of this session.
                if !is_transient(refused.reason) {
                    self.sessions.store().remove(key, None).await?;
                }
                Err(Failure::Refused(refused))
            }
            Ok(renewed) => {
                self.note(EventKind::Refresh, &issuer, Some(&subject), None);
                Ok(renewed)
            }
            Err(failure) => Err(failure),
        }
    }

    async fn renew(&self, key: &str, record: SessionRecord) -> Result<SessionRecord, Failure> {
        let provider = self.provider(Some(&record.provider))?;
        let refresh_token = record.refresh_token.as_ref().ok_or(Reason::RefreshUnavailable)?;
        let tokens = provider.client.tokens(&Grant::RefreshToken(refresh_token), &record.scopes, record.dpop_key.as_ref()).await?;
        self.check_refreshed(&record, &tokens).await?;
        let (now, keeps_id_token) = ((self.now)(), provider.options.id_token_hint);
        let change = |mut current: SessionRecord| {
            current.access_token = tokens.access_token.clone();
            current.scopes.clone_from(&tokens.scopes);
            current.renew_at = tokens.expires_in.map(|seconds| now + renewal_of(seconds));
            current.refresh_token = tokens.refresh_token.clone().or(current.refresh_token);
            current.id_token = tokens.id_token.clone().filter(|_| keeps_id_token).or(current.id_token);
            current
        };
        self.sessions.update(key, &self.limits, change).await
    }

    async fn check_refreshed(&self, record: &SessionRecord, tokens: &Tokens) -> Result<(), Refused> {
        let Some(id_token) = &tokens.id_token else { return Ok(()) };
        let client = &self.provider(Some(&record.provider))?.client;
        let id_token = client.verify::<IdToken>(id_token.expose()).await?;
        let identity = &record.identity;
        let expected = RefreshExpectation {
            now: (self.now)(),
            issuer: &identity.issuer,
            client_id: client.client_id(),
            subject: &identity.subject,
            nonce: &record.nonce,
            auth_time: identity.auth_time,
        };
        check_refreshed_id_token(&id_token, &expected).map(drop)
    }
}

/// Refusals of a refresh that leave the session as it is: somebody may try again.
const fn is_transient(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Timeout
            | Reason::Unreachable
            | Reason::HttpStatus
            | Reason::BodyTooLarge
            | Reason::ContentTypeUnexpected
            | Reason::RedirectRefused
            | Reason::JsonMalformed
            | Reason::TokenEndpointError
            | Reason::JwksUnavailable
            | Reason::StoreConflict
            | Reason::EndpointMissing
            | Reason::IssuerMismatch
    )
}
