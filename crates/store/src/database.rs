//! A database of either kind, and transactions in it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::{
    Id, Session, StoreError, migration,
    pool::{Pool, Reuse},
    sql::{Mode, PostgresConnection, connect_postgres, connect_sqlite},
};

/// The most connections that are open at once, for readers in SQLite, for all in PostgreSQL.
const N_CONNECTIONS: usize = 16;

/// How often a transaction is tried, if others are in its way.
const N_TRIES: usize = 5;

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of SQLite.
    File(PathBuf),
    /// PostgreSQL, by its URL.
    Postgres(String),
}

impl Location {
    /// Reads an address: `postgres://…`, `sqlite:FILE`, or the path of a file.
    ///
    /// # Errors
    /// If it names another kind of database.
    pub fn parse(address: &str) -> Result<Self, StoreError> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Ok(Self::Postgres(address.to_owned()));
        }
        let file = address.strip_prefix("sqlite://").or_else(|| address.strip_prefix("sqlite:")).unwrap_or(address);
        if file.is_empty() || file.contains("://") {
            return Err(StoreError::Address(address.to_owned()));
        }
        Ok(Self::File(file.into()))
    }
}

/// A database whose schema is the present one.
pub struct Database(Kind);

enum Kind {
    Sqlite { readers: Pool<Connection>, writer: Pool<Connection> },
    Postgres(Pool<PostgresConnection>),
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl Database {
    /// Opens a database, and brings its schema up to date.
    ///
    /// # Errors
    /// If it can't be reached, or a later version of the program wrote it.
    pub fn open(location: &Location) -> Result<Self, StoreError> {
        let database = match location {
            Location::File(file) => Self(Kind::of_file(file)),
            Location::Postgres(url) => {
                let url = url.clone();
                Self(Kind::Postgres(Pool::new(N_CONNECTIONS, move || connect_postgres(&url))))
            }
        };
        let dialect = database.dialect();
        database.run(None, Access::Write, &mut |session| migration::migrate(session, dialect))?;
        Ok(database)
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        match self.0 {
            Kind::Sqlite { .. } => Dialect::Sqlite,
            Kind::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Reads what belongs to an organization, all of it as of one moment.
    ///
    /// # Errors
    /// If the database fails, or `work` does.
    pub fn read<T>(&self, organization: Id, mut work: impl FnMut(&mut dyn Session) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.run(Some(organization), Access::Read, &mut work)
    }

    /// Changes what belongs to an organization: all of it, or nothing. If another writer is in the way, `work` runs again.
    ///
    /// # Errors
    /// If the database fails, or `work` does; then nothing has changed.
    pub fn write<T>(&self, organization: Id, mut work: impl FnMut(&mut dyn Session) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.run(Some(organization), Access::Write, &mut work)
    }

    /// Changes what belongs to no organization: the list of them.
    pub(crate) fn write_all<T>(&self, mut work: impl FnMut(&mut dyn Session) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.run(None, Access::Write, &mut work)
    }

    fn run<T>(
        &self,
        organization: Option<Id>,
        access: Access,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        for _ in 1..N_TRIES {
            match self.run_once(organization, access, work) {
                Err(StoreError::Busy) => {}
                result => return result,
            }
        }
        self.run_once(organization, access, work)
    }

    fn run_once<T>(
        &self,
        organization: Option<Id>,
        access: Access,
        work: &mut dyn FnMut(&mut dyn Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match (&self.0, access) {
            (Kind::Sqlite { readers, .. }, Access::Read) => {
                readers.with(|connection| (transaction(connection, "BEGIN", work), Reuse::Keep))?
            }
            (Kind::Sqlite { writer, .. }, Access::Write) => {
                writer.with(|connection| (transaction(connection, "BEGIN IMMEDIATE", work), Reuse::Keep))?
            }
            (Kind::Postgres(pool), access) => pool.with(|client| {
                let begin = begin(organization, access);
                let result = transaction(client, &begin, work);
                let reuse = if client.is_broken() { Reuse::Close } else { Reuse::Keep };
                (result, reuse)
            })?,
        }
    }
}

impl Kind {
    fn of_file(file: &Path) -> Self {
        let (to_read, to_write) = (file.to_owned(), file.to_owned());
        Self::Sqlite {
            readers: Pool::new(N_CONNECTIONS, move || connect_sqlite(&to_read, Mode::Read)),
            writer: Pool::new(1, move || connect_sqlite(&to_write, Mode::Write)),
        }
    }
}

/// Which database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// How a transaction of PostgreSQL begins; rows of other organizations are out of its sight.
fn begin(organization: Option<Id>, access: Access) -> String {
    let mode = match access {
        Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Access::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
    };
    let organization = organization.map(|id| id.to_string()).unwrap_or_default();
    format!("{mode}; SET LOCAL bartizan.organization = '{organization}'")
}

/// Runs `work` in a transaction, which ends with it.
fn transaction<T>(
    session: &mut dyn Session,
    begin: &str,
    work: &mut dyn FnMut(&mut dyn Session) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    session.batch(begin)?;
    let result = work(session).and_then(|value| session.batch("COMMIT").map(|()| value));
    if result.is_err() {
        // The error that is reported is the first one; a connection that can't roll back is found out by its next use.
        let _ = session.batch("ROLLBACK");
    }
    result
}
