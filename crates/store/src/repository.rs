//! Repositories, and what the organization says about them.

use serde::Serialize;
use serde_json::json;

use crate::{Id, Row, Session, StoreError, Tenant, Value, chain::Batch};

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repository {
    /// Its id.
    pub id: Id,
    /// Its name, such as `acme/shop`.
    pub name: String,
    /// The branch whose findings count.
    pub default_branch: String,
    /// How much hangs on it; a word of the organization's policy.
    pub tier: Option<String>,
    /// Who can reach what it makes; a word of the organization's policy.
    pub exposure: Option<String>,
    /// What data it has; a word of the organization's policy.
    pub data_class: Option<String>,
}

const COLUMNS: &str = "id, name, default_branch, tier, exposure, data_class";

impl Tenant<'_> {
    /// The repository of this name; it is made if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub fn repository(&self, name: &str, default_branch: &str, actor: &str) -> Result<Repository, StoreError> {
        if let Some(repository) = self.read(|session| find(session, self.key(), name))? {
            return Ok(repository);
        }
        self.write(|session| {
            let mut batch = Batch::new(*self, actor);
            let id = Id::new(self.host());
            let n_added = session.execute(
                "INSERT INTO repository (id, organization, name, default_branch, is_archived, created_us, n_scans)
                 VALUES ($1, $2, $3, $4, 0, $5, 0) ON CONFLICT (organization, name) DO NOTHING",
                &[id.into(), self.key(), name.into(), default_branch.into(), batch.at_us().into()],
            )?;
            if 0 < n_added {
                batch.one(session, "repository.added", Some(id), None, json!({ "name": name }))?;
            }
            batch.seal(session)?;
            session.one(
                &format!("SELECT {COLUMNS} FROM repository WHERE organization = $1 AND name = $2"),
                &[self.key(), name.into()],
                read,
            )
        })
    }

    /// The repository of this name, if there is one.
    ///
    /// # Errors
    /// If the database fails.
    pub fn find_repository(&self, name: &str) -> Result<Option<Repository>, StoreError> {
        self.read(|session| find(session, self.key(), name))
    }

    /// A page of repositories by name: at most `n` after the name `after`.
    ///
    /// # Errors
    /// If the database fails.
    pub fn repositories(&self, after: &str, n: u32) -> Result<Vec<Repository>, StoreError> {
        self.read(|session| {
            session.all(
                &format!("SELECT {COLUMNS} FROM repository WHERE organization = $1 AND $2 < name ORDER BY name LIMIT $3"),
                &[self.key(), after.into(), i64::from(n).into()],
                read,
            )
        })
    }
}

fn find(session: &mut dyn Session, organization: Value, name: &str) -> Result<Option<Repository>, StoreError> {
    session.first(&format!("SELECT {COLUMNS} FROM repository WHERE organization = $1 AND name = $2"), &[organization, name.into()], read)
}

fn read(row: &Row) -> Result<Repository, StoreError> {
    Ok(Repository {
        id: row.id(0)?,
        name: row.text(1)?.to_owned(),
        default_branch: row.text(2)?.to_owned(),
        tier: row.maybe_text(3)?.map(str::to_owned),
        exposure: row.maybe_text(4)?.map(str::to_owned),
        data_class: row.maybe_text(5)?.map(str::to_owned),
    })
}
