//! One scan of one tool, taken in as a whole: compared with what is known, and written in one transaction.
//!
//! A report that comes again changes nothing. What a tool no longer sees is closed only by a scan that was complete. If the process
//! dies anywhere, the store is as it was before.

mod known;
mod others;
mod outcome;
mod rows;

use bartizan_triage::{assessment::Assessment, identity::Changes, intake::Seen};
use serde::Serialize;
use serde_json::json;

pub(crate) use self::rows::{severity_number, severity_of};
use self::{known::Known, outcome::Outcome};
use crate::{Id, Row, Session, StoreError, Tenant, Value, chain::Batch, spool::Spool};

/// A run of a tool, whose report is in a [`Spool`].
#[derive(Debug, Clone)]
pub struct Scan {
    /// What was scanned.
    pub repository: Id,
    /// The branch; findings count on the repository's default branch.
    pub branch: String,
    /// The commit; empty if it is not known.
    pub commit: String,
    /// Which tool it was: the importer's id.
    pub tool: String,
    /// The tool's version, if it is known.
    pub tool_version: Option<String>,
    /// Whether everything was looked at, so that what is missing is gone.
    pub is_complete: bool,
    /// Who brings it.
    pub actor: String,
}

/// What a scan changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ingested {
    /// The scan.
    pub scan: Id,
    /// Whether this report was taken before; then nothing was done.
    pub is_repeated: bool,
    /// How many observations it has.
    pub n_seen: i64,
    /// Findings that nobody knew.
    pub n_new: i64,
    /// Observations that are findings of other tools.
    pub n_shared: i64,
    /// Findings that are elsewhere, or look otherwise.
    pub n_moved: i64,
    /// Findings that are as they were.
    pub n_unchanged: i64,
    /// Findings that are gone.
    pub n_closed: i64,
    /// Findings that were gone, and are back.
    pub n_reopened: i64,
    /// Findings that were not seen by a scan that did not look everywhere.
    pub n_not_observed: i64,
}

impl Tenant<'_> {
    /// Takes in what a tool reported. `assess` says of each new finding whose it is, and how much it matters.
    ///
    /// # Errors
    /// If the database fails; then nothing has changed.
    pub fn ingest(
        &self,
        scan: &Scan,
        spool: &mut Spool,
        changes: &Changes,
        assess: &dyn Fn(&Seen) -> Assessment,
    ) -> Result<Ingested, StoreError> {
        let digest = spool.digest();
        self.write(|session| {
            // Whoever counts is alone with the repository.
            session.one(
                "UPDATE repository SET n_scans = n_scans + 1 WHERE organization = $1 AND id = $2 RETURNING n_scans",
                &[self.key(), scan.repository.into()],
                |row| row.integer(0),
            )?;
            if let Some(ingested) = repeated(session, scan, &digest)? {
                return Ok(ingested);
            }
            let known = Known::load(session, *self, scan, spool.index())?;
            let outcome = Outcome::of(session, *self, scan, known, spool, changes)?;
            let mut batch = Batch::new(*self, &scan.actor);
            let ingested = outcome.write(session, *self, scan, spool, assess, &mut batch)?;
            record(session, *self, scan, &digest, &ingested, &mut batch)?;
            batch.seal(session)?;
            Ok(ingested)
        })
    }
}

const COUNTS: &str = "n_seen, n_new, n_shared, n_moved, n_unchanged, n_closed, n_reopened, n_not_observed";

/// What came of this very report, if it was taken before.
fn repeated(session: &mut dyn Session, scan: &Scan, digest: &[u8]) -> Result<Option<Ingested>, StoreError> {
    let read = |row: &Row| {
        Ok(Ingested {
            scan: row.id(0)?,
            is_repeated: true,
            n_seen: row.integer(1)?,
            n_new: row.integer(2)?,
            n_shared: row.integer(3)?,
            n_moved: row.integer(4)?,
            n_unchanged: row.integer(5)?,
            n_closed: row.integer(6)?,
            n_reopened: row.integer(7)?,
            n_not_observed: row.integer(8)?,
        })
    };
    session.first(
        &format!(
            "SELECT id, {COUNTS} FROM scan
             WHERE repository = $1 AND branch = $2 AND tool = $3 AND commit_id = $4 AND digest = $5"
        ),
        &[scan.repository.into(), scan.branch.as_str().into(), scan.tool.as_str().into(), scan.commit.as_str().into(), digest.into()],
        read,
    )
}

/// Seals the scan: from here on it was.
fn record(
    session: &mut dyn Session,
    tenant: Tenant<'_>,
    scan: &Scan,
    digest: &[u8],
    ingested: &Ingested,
    batch: &mut Batch<'_>,
) -> Result<(), StoreError> {
    session.execute(
        &format!(
            "INSERT INTO scan (id, organization, repository, branch, commit_id, tool, tool_version, digest, is_complete, sealed_us, {COUNTS})
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
        ),
        &[
            ingested.scan.into(),
            tenant.key(),
            scan.repository.into(),
            scan.branch.as_str().into(),
            scan.commit.as_str().into(),
            scan.tool.as_str().into(),
            Value::maybe(scan.tool_version.as_deref()),
            digest.into(),
            scan.is_complete.into(),
            batch.at_us().into(),
            ingested.n_seen.into(),
            ingested.n_new.into(),
            ingested.n_shared.into(),
            ingested.n_moved.into(),
            ingested.n_unchanged.into(),
            ingested.n_closed.into(),
            ingested.n_reopened.into(),
            ingested.n_not_observed.into(),
        ],
    )?;
    let has_changed = ingested.n_seen != ingested.n_unchanged || 0 < ingested.n_closed;
    if !has_changed {
        return Ok(());
    }
    let body = json!({
        "scan": ingested.scan, "tool": scan.tool, "branch": scan.branch, "commit": scan.commit, "complete": scan.is_complete,
        "new": ingested.n_new, "shared": ingested.n_shared, "moved": ingested.n_moved, "closed": ingested.n_closed, "reopened": ingested.n_reopened,
        "unchanged": ingested.n_unchanged, "not_observed": ingested.n_not_observed,
    });
    batch.one(session, "scan.sealed", Some(scan.repository), None, body)
}
