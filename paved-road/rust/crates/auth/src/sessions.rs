//! Sessions on the server: a random id in a cookie, its hash in the store, everything else sealed.

use std::sync::Arc;

use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, Reason, Refused, lifetimes, parse_object, random_text, refuse};
use serde_json::{Value, json};

use crate::Failure;
use crate::claims::text;
use crate::danger::Clock;
use crate::dpop::object;
use crate::hash::sha256;
use crate::id_token::Identity;
use crate::jose::SigningKey;
use crate::sealing::KeyRing;
use crate::session_life::{SessionLimits, check_life};
use crate::store::{MemoryStore, Store};

/// What is kept of a session. It does not print.
#[derive(Clone)]
pub(crate) struct SessionRecord {
    /// Which of the configured providers.
    pub(crate) provider: String,
    pub(crate) identity: Identity,
    pub(crate) nonce: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) claims: JsonObject,
    pub(crate) created: f64,
    pub(crate) seen: f64,
    pub(crate) access_token: Secret,
    /// When the access token is to be renewed, if its life was said.
    pub(crate) renew_at: Option<f64>,
    pub(crate) refresh_token: Option<Secret>,
    pub(crate) id_token: Option<Secret>,
    pub(crate) dpop_key: Option<SigningKey>,
}

impl SessionRecord {
    /// As text, to be sealed. Names are those of the library for Python.
    fn to_json(&self) -> Secret {
        let exposed = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let Identity { issuer, subject, sid, auth_time, acr } = &self.identity;
        let key = self.dpop_key.as_ref().and_then(|key| parse_object(key.jwk().expose().as_bytes()));
        let mut record = object(json!({
            "provider": self.provider, "issuer": issuer, "subject": subject, "sid": sid, "auth_time": auth_time, "acr": acr, "nonce": self.nonce, "scopes": self.scopes,
            "claims": self.claims, "created": self.created, "seen": self.seen, "access_token": self.access_token.expose(), "renew_at": self.renew_at,
            "refresh_token": exposed(&self.refresh_token), "id_token": exposed(&self.id_token), "dpop_key": key,
        }));
        record.retain(|_, value| !value.is_null());
        Secret::new(Value::Object(record).to_string())
    }

    /// Reads what `to_json` has written.
    fn from_json(record: &JsonObject) -> Option<Self> {
        let owned = |name: &str| text(record, name).map(str::to_owned);
        let secret = |name: &str| owned(name).map(Secret::new);
        let number = |name: &str| record.get(name).and_then(Value::as_f64);
        let scopes = record.get("scopes")?.as_array()?.iter().map(|scope| scope.as_str().map(str::to_owned)).collect::<Option<_>>()?;
        let dpop_key = match record.get("dpop_key") {
            Some(Value::Object(jwk)) => Some(SigningKey::from_jwk(&Secret::new(Value::Object(jwk.clone()).to_string())).ok()?),
            _ => None,
        };
        Some(Self {
            provider: owned("provider")?,
            identity: Identity {
                issuer: owned("issuer")?,
                subject: owned("subject")?,
                sid: owned("sid"),
                auth_time: number("auth_time"),
                acr: owned("acr"),
            },
            nonce: owned("nonce")?,
            scopes,
            claims: record.get("claims").and_then(Value::as_object).cloned().unwrap_or_default(),
            created: number("created")?,
            seen: number("seen")?,
            access_token: secret("access_token")?,
            renew_at: number("renew_at"),
            refresh_token: secret("refresh_token"),
            id_token: secret("id_token"),
            dpop_key,
        })
    }
}

const TRIES: usize = 8;

/// The sessions of a service, in a store.
#[derive(Clone)]
pub struct Sessions {
    store: Arc<dyn Store>,
    ring: Arc<KeyRing>,
}

impl Sessions {
    /// In a store that replicas share. The key ring is the same in all of them.
    #[must_use]
    pub fn in_store(store: Arc<dyn Store>, ring: KeyRing) -> Self {
        Self { store, ring: Arc::new(ring) }
    }

    /// In this process: for one replica. Sessions end with it.
    ///
    /// # Errors
    /// `configuration-invalid` where the system has no randomness.
    pub fn in_memory() -> Result<Self, Refused> {
        Ok(Self::in_store(Arc::new(MemoryStore::default()), KeyRing::ephemeral()?))
    }

    /// As `in_memory`, with another clock.
    ///
    /// # Errors
    /// As `in_memory`.
    pub fn in_memory_with_clock(now: Clock) -> Result<Self, Refused> {
        Ok(Self::in_store(Arc::new(MemoryStore::with_clock(now)), KeyRing::ephemeral()?))
    }

    /// The key of a session in the store.
    #[must_use]
    pub fn key_of(id: &str) -> String {
        format!("session:{}", sha256(id))
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    pub(crate) fn seal(&self, place: &str, text: &Secret) -> Result<String, Refused> {
        self.ring.seal(place, text.expose())
    }

    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<JsonObject, Refused> {
        let text = self.ring.open(place, sealed)?;
        Ok(parse_object(text.as_bytes()).ok_or(Reason::SealedMalformed)?)
    }

    fn read(&self, key: &str, sealed: &str) -> Result<SessionRecord, Refused> {
        Ok(SessionRecord::from_json(&self.open(key, sealed)?).ok_or(Reason::SealedMalformed)?)
    }

    fn write(&self, key: &str, record: &SessionRecord) -> Result<String, Refused> {
        self.seal(key, &record.to_json())
    }

    /// Begins a session and gives its id, which is new.
    pub(crate) async fn begin(&self, record: &SessionRecord, limits: &SessionLimits) -> Result<Secret, Failure> {
        let id = Secret::new(random_text::<32>()?);
        let (key, expires) = (Self::key_of(id.expose()), record.created + limits.absolute());
        self.store.put(&key, self.write(&key, record)?, expires).await?;
        for set in sets_of(&record.identity) {
            self.store.link(&set, &key, expires).await?;
        }
        Ok(id)
    }

    /// The session of a key, if it lives.
    pub(crate) async fn load(&self, key: &str, now: f64, limits: &SessionLimits) -> Result<SessionRecord, Failure> {
        let sealed = self.store.get(key).await?.ok_or(Reason::SessionUnknown)?;
        let mut record = self.read(key, &sealed)?;
        let touch = match check_life(record.created, record.seen, now, limits) {
            Ok(touch) => touch,
            Err(refused) => {
                self.store.remove(key, None).await?;
                return Err(refused.into());
            }
        };
        if touch {
            record.seen = now;
            // Somebody else's write is as good: then the session was just used.
            self.store.replace(key, &sealed, self.write(key, &record)?, record.created + limits.absolute()).await?;
        }
        Ok(record)
    }

    /// Changes a session, whoever else writes at the same time.
    pub(crate) async fn update(
        &self,
        key: &str,
        limits: &SessionLimits,
        change: impl Fn(SessionRecord) -> SessionRecord,
    ) -> Result<SessionRecord, Failure> {
        for _ in 0..TRIES {
            let sealed = self.store.get(key).await?.ok_or(Reason::SessionUnknown)?;
            let record = change(self.read(key, &sealed)?);
            if self.store.replace(key, &sealed, self.write(key, &record)?, record.created + limits.absolute()).await? {
                return Ok(record);
            }
        }
        Ok(refuse(Reason::StoreConflict)?)
    }

    /// Ends a session, and gives what it was.
    pub(crate) async fn end(&self, key: &str) -> Result<Option<SessionRecord>, Failure> {
        let Some(sealed) = self.store.take(key).await? else { return Ok(None) };
        Ok(Some(self.read(key, &sealed)?))
    }

    /// Ends the session with this id of the provider, or all sessions of a subject. Gives how many.
    pub(crate) async fn end_all(&self, issuer: &str, subject: Option<&str>, sid: Option<&str>) -> Result<usize, Failure> {
        let set = match (sid, subject) {
            (Some(sid), _) => set_of("sid", issuer, sid),
            (None, Some(subject)) => set_of("subject", issuer, subject),
            (None, None) => return Ok(0),
        };
        let mut ended = 0;
        for key in self.store.members(&set).await? {
            if let (Some(_), Some(subject)) = (sid, subject)
                && !self.is_of(&key, subject).await?
            {
                continue;
            }
            ended += usize::from(self.store.take(&key).await?.is_some());
        }
        Ok(ended)
    }

    async fn is_of(&self, key: &str, subject: &str) -> Result<bool, Failure> {
        let Some(sealed) = self.store.get(key).await? else { return Ok(false) };
        Ok(self.read(key, &sealed)?.identity.subject == subject)
    }

    /// Runs `work` in one replica at a time. `None` if another one is at it.
    pub(crate) async fn with_lease<T>(&self, name: &str, now: f64, work: impl Future<Output = T> + Send) -> Result<Option<T>, Failure> {
        let (key, owner) = (format!("lease:{name}"), random_text::<16>()?);
        let lease = std::time::Duration::from_millis(lifetimes::REFRESH_LEASE_MS);
        if !self.store.add(&key, owner.clone(), now + lease.as_secs_f64()).await? {
            return Ok(None);
        }
        let done = work.await;
        self.store.remove(&key, Some(&owner)).await?;
        Ok(Some(done))
    }
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sessions([redacted])")
    }
}

/// The name of a set. A list in JSON has one reading: no issuer and subject can be put together to look like another pair.
fn set_of(kind: &str, issuer: &str, name: &str) -> String {
    format!("{kind}:{}", sha256(json!([issuer, name]).to_string()))
}

fn sets_of(identity: &Identity) -> Vec<String> {
    let sid = identity.sid.as_ref().map(|sid| set_of("sid", &identity.issuer, sid));
    std::iter::once(set_of("subject", &identity.issuer, &identity.subject)).chain(sid).collect()
}
