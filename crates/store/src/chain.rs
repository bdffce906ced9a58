//! What happened, and the proof that nobody changed it afterwards.
//!
//! All events of a transaction are a batch. The digest of a batch goes, with the digest of the batch before it, into a chain: an
//! event that is changed, removed or put in later breaks it at its place. The chain grows by batches rather than by events, so that
//! an import of a million findings holds its end for a moment only.

use blake3::Hasher;
use serde_json::Value as Json;

use crate::{
    Host, Id, Row, Session, StoreError, Tenant, Value,
    sql::{Kind, Table},
};

/// What the first batch of an organization follows.
pub(crate) const START: [u8; 32] = [0; 32];

const EVENT: Table = Table {
    name: "event",
    columns: &[
        ("batch", Kind::Bytes),
        ("position", Kind::Integer),
        ("organization", Kind::Bytes),
        ("at_us", Kind::Integer),
        ("actor", Kind::Text),
        ("kind", Kind::Text),
        ("repository", Kind::Bytes),
        ("finding", Kind::Bytes),
        ("body", Kind::Text),
    ],
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, in microseconds since 1970.
    pub at_us: i64,
    /// Who did it: a person, a token, or `import`.
    pub actor: String,
    /// What it was: `finding.opened`, `finding.assigned`, `scan.sealed` …
    pub kind: String,
    /// The repository that it is about.
    pub repository: Option<Id>,
    /// The finding that it is about.
    pub finding: Option<Id>,
    /// What is to be said beyond that: an object.
    pub body: Json,
}

/// What a check of the chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// How many batches there are.
    pub n_batches: i64,
    /// How many events there are.
    pub n_events: i64,
    /// The digest of the last batch: who knows it from earlier knows that nothing was cut off.
    pub digest: [u8; 32],
    /// The number of the first batch that is not what was written; nothing if all are.
    pub first_broken: Option<i64>,
}

/// What happened: its kind, the repository and the finding that it is about, and what is to be said beyond that.
pub(crate) type Happening = (&'static str, Option<Id>, Option<Id>, Json);

/// The events of one transaction, while they are written.
pub(crate) struct Batch<'a> {
    tenant: Tenant<'a>,
    id: Id,
    at_us: i64,
    actor: String,
    n_events: i64,
    hasher: Hasher,
}

impl<'a> Batch<'a> {
    /// A batch of what `actor` does now.
    pub(crate) fn new(tenant: Tenant<'a>, actor: &str) -> Self {
        let host: &dyn Host = tenant.host();
        Self { id: Id::new(host), at_us: host.now_us(), actor: actor.to_owned(), n_events: 0, hasher: Hasher::new(), tenant }
    }

    /// When all of it happens.
    pub(crate) const fn at_us(&self) -> i64 {
        self.at_us
    }

    /// Writes events: what happened, to which finding of which repository.
    pub(crate) fn add(
        &mut self,
        session: &mut dyn Session,
        events: &mut dyn Iterator<Item = Result<Happening, StoreError>>,
    ) -> Result<(), StoreError> {
        let mut rows = events.map(|event| {
            let (kind, repository, finding, body) = event?;
            let event = Event { at_us: self.at_us, actor: self.actor.clone(), kind: kind.to_owned(), repository, finding, body };
            let position = self.n_events;
            self.n_events += 1;
            absorb(&mut self.hasher, position, &event);
            Ok(vec![
                self.id.into(),
                position.into(),
                self.tenant.key(),
                event.at_us.into(),
                event.actor.into(),
                event.kind.into(),
                Value::maybe(repository),
                Value::maybe(finding),
                event.body.to_string().into(),
            ])
        });
        session.insert_all(EVENT, &mut rows)?;
        Ok(())
    }

    /// Writes one event.
    pub(crate) fn one(
        &mut self,
        session: &mut dyn Session,
        kind: &'static str,
        repository: Option<Id>,
        finding: Option<Id>,
        body: Json,
    ) -> Result<(), StoreError> {
        self.add(session, &mut std::iter::once(Ok((kind, repository, finding, body))))
    }

    /// Puts the batch at the end of the chain. A batch without events leaves the chain as it is.
    pub(crate) fn seal(self, session: &mut dyn Session) -> Result<(), StoreError> {
        if self.n_events == 0 {
            return Ok(());
        }
        let content = *self.hasher.finalize().as_bytes();
        // Whoever changes the row is alone with the end of the chain until its transaction ends.
        let (number, before) = session.one(
            "UPDATE organization SET chain_length = chain_length + 1 WHERE id = $1 RETURNING chain_length, chain_digest",
            &[self.tenant.key()],
            |row| Ok((row.integer(0)?, row.bytes(1)?.to_vec())),
        )?;
        let digest = link(&before, number, &content);
        session.execute(
            "INSERT INTO chain (organization, number, batch, n_events, content, digest) VALUES ($1, $2, $3, $4, $5, $6)",
            &[self.tenant.key(), number.into(), self.id.into(), self.n_events.into(), content.as_slice().into(), digest.as_slice().into()],
        )?;
        session.execute("UPDATE organization SET chain_digest = $2 WHERE id = $1", &[self.tenant.key(), digest.as_slice().into()])?;
        Ok(())
    }
}

impl Tenant<'_> {
    /// Computes the chain of events again, and compares.
    ///
    /// # Errors
    /// If the database fails. A broken chain is an answer, not an error.
    pub fn verify_events(&self) -> Result<Verified, StoreError> {
        self.read(|session| {
            let (length, head) =
                session.one("SELECT chain_length, chain_digest FROM organization WHERE id = $1", &[self.key()], |row| {
                    Ok((row.integer(0)?, row.bytes(1)?.to_vec()))
                })?;
            let links = session.all(
                "SELECT number, batch, n_events, content, digest FROM chain WHERE organization = $1 ORDER BY number",
                &[self.key()],
                |row| Ok((row.integer(0)?, row.id(1)?, row.integer(2)?, row.bytes(3)?.to_vec(), row.bytes(4)?.to_vec())),
            )?;
            let mut verified = Verified { n_batches: 0, n_events: 0, digest: START, first_broken: None };
            for (number, batch, n_events, content, digest) in links {
                let (n_there, is_content) = content_of(session, batch, &content)?;
                let computed = link(&verified.digest, number, &content);
                let is_right = is_content && n_there == n_events && number == verified.n_batches + 1 && digest == computed;
                verified.n_batches += 1;
                verified.n_events += n_there;
                verified.digest = computed;
                if !is_right {
                    verified.first_broken = verified.first_broken.or(Some(verified.n_batches));
                }
            }
            let in_chain = session.one("SELECT COUNT(*) FROM event WHERE organization = $1", &[self.key()], |row| row.integer(0))?;
            if length != verified.n_batches || head != verified.digest || in_chain != verified.n_events {
                verified.first_broken = verified.first_broken.or(Some(verified.n_batches + 1));
            }
            Ok(verified)
        })
    }

    /// What happened to a finding, the first event first.
    ///
    /// # Errors
    /// If the database fails.
    pub fn history(&self, finding: Id) -> Result<Vec<Event>, StoreError> {
        self.read(|session| {
            session.all(
                "SELECT position, at_us, actor, kind, repository, finding, body FROM event
                 WHERE organization = $1 AND finding = $2 ORDER BY at_us, batch, position",
                &[self.key(), finding.into()],
                |row| Ok(event_of(row)?.1),
            )
        })
    }

    /// All events in the order of the chain.
    ///
    /// # Errors
    /// If the database fails, or `each` does.
    pub fn events(&self, mut each: impl FnMut(Event) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.read(|session| {
            session.query(
                "SELECT event.position, event.at_us, event.actor, event.kind, event.repository, event.finding, event.body
                 FROM chain JOIN event ON event.batch = chain.batch
                 WHERE chain.organization = $1 ORDER BY chain.number, event.position",
                &[self.key()],
                &mut |row| each(event_of(row)?.1),
            )
        })
    }
}

/// How many events a batch has, and whether they are the ones that its digest is of.
fn content_of(session: &mut dyn Session, batch: Id, expected: &[u8]) -> Result<(i64, bool), StoreError> {
    let mut hasher = Hasher::new();
    let mut n_events = 0;
    session.query(
        "SELECT position, at_us, actor, kind, repository, finding, body FROM event WHERE batch = $1 ORDER BY position",
        &[batch.into()],
        &mut |row| {
            let (position, event) = event_of(row)?;
            absorb(&mut hasher, position, &event);
            n_events += 1;
            Ok(())
        },
    )?;
    Ok((n_events, hasher.finalize().as_bytes().as_slice() == expected))
}

fn event_of(row: &Row) -> Result<(i64, Event), StoreError> {
    let body = row.text(6)?;
    let event = Event {
        at_us: row.integer(1)?,
        actor: row.text(2)?.to_owned(),
        kind: row.text(3)?.to_owned(),
        repository: row.maybe_id(4)?,
        finding: row.maybe_id(5)?,
        body: serde_json::from_str(body).unwrap_or_else(|_| Json::String(body.to_owned())),
    };
    Ok((row.integer(0)?, event))
}

/// Adds an event to the digest of its batch: every field with its length before it.
fn absorb(hasher: &mut Hasher, position: i64, event: &Event) {
    let body = event.body.to_string();
    let id = |id: &Option<Id>| id.map(|id| *id.as_bytes()).unwrap_or_default();
    let (repository, finding) = (id(&event.repository), id(&event.finding));
    for part in [
        &position.to_be_bytes()[..],
        &event.at_us.to_be_bytes(),
        event.actor.as_bytes(),
        event.kind.as_bytes(),
        &repository,
        &finding,
        body.as_bytes(),
    ] {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
}

/// The digest of a batch in its place.
fn link(before: &[u8], number: i64, content: &[u8]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(before);
    hasher.update(&number.to_be_bytes());
    hasher.update(content);
    *hasher.finalize().as_bytes()
}
