//! The states of findings: read, changed by the rules of `bartizan-triage`, and written with the event that tells of it.

use bartizan_core::Severity;
use bartizan_triage::{
    role::Actor,
    state::{Action, Change, Lifecycle, Refused, StateKind},
    time::Time,
};
use serde_json::{Value as Json, json};

use crate::{Id, Session, StoreError, Tenant, Value, chain::Batch, finding::Tally, ingest};

/// Why what somebody wants to do with a finding is not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ActError {
    /// There is no such finding.
    #[error("there is no finding {0}")]
    Unknown(Id),
    /// Somebody else changed it meanwhile.
    #[error("the finding was changed by somebody else: it has version {present} now; look at it again")]
    Stale {
        /// The version that it has.
        present: i64,
    },
    /// The state or the role does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A finding, as far as its state goes.
pub(crate) struct Standing {
    pub(crate) finding: Id,
    pub(crate) repository: Id,
    pub(crate) severity: Option<Severity>,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) version: i64,
}

impl Standing {
    /// Reads where a finding stands.
    pub(crate) fn load(session: &mut dyn Session, tenant: Tenant<'_>, finding: Id) -> Result<Option<Self>, StoreError> {
        session.first(
            "SELECT repository, severity, lifecycle, opened_us, version FROM finding WHERE organization = $1 AND id = $2",
            &[tenant.key(), finding.into()],
            |row| {
                let lifecycle = match row.maybe_text(2)? {
                    None => Lifecycle::begin(Time(row.integer(3)?)),
                    Some(text) => {
                        serde_json::from_str(text).map_err(|error| StoreError::Corrupt { what: "a lifecycle", found: error.to_string() })?
                    }
                };
                Ok(Self {
                    finding,
                    repository: row.id(0)?,
                    severity: ingest::severity_of(row.integer(1)?),
                    lifecycle,
                    version: row.integer(4)?,
                })
            },
        )
    }

    /// Writes where it stands now, and the event of the change that led there.
    pub(crate) fn save(
        &self,
        session: &mut dyn Session,
        tenant: Tenant<'_>,
        change: &Change,
        tally: &mut Tally,
        batch: &mut Batch<'_>,
    ) -> Result<(), StoreError> {
        let is_active = change.to.is_active();
        session.execute(
            "UPDATE finding SET state = $3, is_open = $4, lifecycle = $5, changed_us = $6, closed_us = $7, version = version + 1
             WHERE organization = $1 AND id = $2",
            &[
                tenant.key(),
                self.finding.into(),
                change.to.as_str().into(),
                is_active.into(),
                written(&self.lifecycle)?.into(),
                change.at.0.into(),
                Value::maybe((!is_active).then_some(change.at.0)),
            ],
        )?;
        tally.add(self.repository, self.severity, change.from.as_str(), -1);
        tally.add(self.repository, self.severity, change.to.as_str(), 1);
        let body = serde_json::to_value(change).unwrap_or_else(|_| json!({ "to": change.to.as_str() }));
        batch.one(session, kind(change), Some(self.repository), Some(self.finding), body)
    }
}

/// How events call a change.
const fn kind(change: &Change) -> &'static str {
    match change.to {
        StateKind::Verified => "finding.closed",
        StateKind::Reopened => "finding.reopened",
        StateKind::New
        | StateKind::Open
        | StateKind::InProgress
        | StateKind::FixMerged
        | StateKind::FalsePositive
        | StateKind::Accepted
        | StateKind::NotAffected
        | StateKind::Duplicate => "finding.changed",
    }
}

/// A lifecycle as the table keeps it.
pub(crate) fn written(lifecycle: &Lifecycle) -> Result<String, StoreError> {
    serde_json::to_string(lifecycle).map_err(|error| StoreError::Corrupt { what: "a lifecycle", found: error.to_string() })
}

impl Tenant<'_> {
    /// Does with a finding what somebody wants, if its state and their role allow it; the change, and the finding's new version.
    ///
    /// # Errors
    /// With the reason why not; then nothing has changed.
    pub fn act(&self, finding: Id, version: i64, action: &Action, by: &Actor) -> Result<(Change, i64), ActError> {
        let done = self.write(|session| {
            let Some(mut standing) = Standing::load(session, *self, finding)? else { return Ok(Err(ActError::Unknown(finding))) };
            // Nobody overwrites what they have not seen.
            if standing.version != version {
                return Ok(Err(ActError::Stale { present: standing.version }));
            }
            let mut batch = Batch::new(*self, &by.user);
            let change = match standing.lifecycle.act(action.clone(), by, Time(batch.at_us())) {
                Ok(change) => change,
                Err(refused) => return Ok(Err(ActError::Refused(refused))),
            };
            let mut tally = Tally::default();
            standing.save(session, *self, &change, &mut tally, &mut batch)?;
            tally.write(session, *self)?;
            batch.seal(session)?;
            Ok(Ok((change, standing.version + 1)))
        });
        done?
    }

    /// Gives a finding to somebody, or to nobody; its new version.
    ///
    /// # Errors
    /// With the reason why not; then nothing has changed.
    pub fn assign(&self, finding: Id, version: i64, owner: Option<&str>, reason: &str, by: &Actor) -> Result<i64, ActError> {
        let done = self.write(|session| {
            let Some(standing) = Standing::load(session, *self, finding)? else { return Ok(Err(ActError::Unknown(finding))) };
            if standing.version != version {
                return Ok(Err(ActError::Stale { present: standing.version }));
            }
            let mut batch = Batch::new(*self, &by.user);
            session.execute(
                "UPDATE finding SET owner = $3, owner_reason = $4, changed_us = $5, version = version + 1
                 WHERE organization = $1 AND id = $2",
                &[self.key(), finding.into(), Value::maybe(owner), reason.into(), batch.at_us().into()],
            )?;
            let body = json!({ "owner": owner, "reason": reason });
            batch.one(session, "finding.assigned", Some(standing.repository), Some(finding), body)?;
            batch.seal(session)?;
            Ok(Ok(standing.version + 1))
        });
        done?
    }

    /// Lets time pass: acceptances that are over end. How many did.
    ///
    /// # Errors
    /// If the database fails.
    pub fn expire(&self) -> Result<u64, StoreError> {
        self.write(|session| {
            let mut batch = Batch::new(*self, "time");
            let accepted = session.all(
                "SELECT id FROM finding WHERE organization = $1 AND is_open = 0 AND state = 'accepted'",
                &[self.key()],
                |row| row.id(0),
            )?;
            let mut tally = Tally::default();
            let mut n_ended = 0;
            for finding in accepted {
                let Some(mut standing) = Standing::load(session, *self, finding)? else { continue };
                if let Some(change) = standing.lifecycle.expire(Time(batch.at_us())) {
                    standing.save(session, *self, &change, &mut tally, &mut batch)?;
                    n_ended += 1;
                }
            }
            tally.write(session, *self)?;
            batch.seal(session)?;
            Ok(n_ended)
        })
    }
}

/// What an event says of a finding's beginning.
pub(crate) fn opened(scan: Id, rule: &str, severity: Option<Severity>, state: StateKind) -> Json {
    json!({ "scan": scan, "rule": rule, "severity": severity.map(Severity::as_str), "state": state.as_str() })
}
