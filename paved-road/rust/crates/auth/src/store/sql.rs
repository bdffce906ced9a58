//! The two tables of SQLite and PostgreSQL, and the statements on them. They are those of the libraries in other languages.

use bartizan_paved_safe_http::Later;

use super::Store;
use crate::StoreError;
use crate::danger::{Clock, system_clock};

/// The tables.
pub const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS bz_records (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires DOUBLE PRECISION NOT NULL)",
    "CREATE INDEX IF NOT EXISTS bz_records_expires ON bz_records (expires)",
    "CREATE TABLE IF NOT EXISTS bz_members (name TEXT NOT NULL, member TEXT NOT NULL, expires DOUBLE PRECISION NOT NULL, PRIMARY KEY (name, member))",
    "CREATE INDEX IF NOT EXISTS bz_members_expires ON bz_members (expires)",
];

/// A parameter of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue {
    /// A text.
    Text(String),
    /// Seconds since 1970.
    Time(f64),
}

/// How parameters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `?`, as SQLite has them.
    QuestionMarks,
    /// `$1`, as PostgreSQL has them.
    Numbers,
}

/// What is used of a database: any driver gives this in a few lines, as the documentation shows for `rusqlite`.
pub trait Query: Send + Sync {
    /// Runs a statement with parameters, and gives the first column of each row as text.
    fn query<'a>(&'a self, sql: &'a str, parameters: Vec<SqlValue>) -> Later<'a, Result<Vec<String>, StoreError>>;
}

/// A store in an SQL database. Every operation is one statement, so that it is atomic without a transaction.
pub struct SqlStore<Q> {
    database: Q,
    dialect: Dialect,
    now: Clock,
}

fn text(value: &str) -> SqlValue {
    SqlValue::Text(value.to_owned())
}

impl<Q: Query> SqlStore<Q> {
    /// A store in this database.
    #[must_use]
    pub fn new(database: Q, dialect: Dialect) -> Self {
        Self::with_clock(database, dialect, system_clock())
    }

    /// As `new`, with another clock.
    #[must_use]
    pub fn with_clock(database: Q, dialect: Dialect, now: Clock) -> Self {
        Self { database, dialect, now }
    }

    /// Makes the tables, where they are not there.
    ///
    /// # Errors
    /// What the database says.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        for statement in SCHEMA {
            self.run(statement, vec![]).await?;
        }
        Ok(())
    }

    /// Removes what has expired. Call it now and then.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        for statement in ["DELETE FROM bz_records WHERE expires <= ?", "DELETE FROM bz_members WHERE expires <= ?"] {
            self.run(statement, vec![self.now()]).await?;
        }
        Ok(())
    }

    fn now(&self) -> SqlValue {
        SqlValue::Time((self.now)())
    }

    async fn run(&self, sql: &str, parameters: Vec<SqlValue>) -> Result<Vec<String>, StoreError> {
        let statement = match self.dialect {
            Dialect::QuestionMarks => sql.to_owned(),
            Dialect::Numbers => numbered(sql),
        };
        self.database.query(&statement, parameters).await
    }

    async fn did(&self, sql: &str, parameters: Vec<SqlValue>) -> Result<bool, StoreError> {
        Ok(!self.run(sql, parameters).await?.is_empty())
    }

    async fn value(&self, sql: &str, parameters: Vec<SqlValue>) -> Result<Option<String>, StoreError> {
        Ok(self.run(sql, parameters).await?.into_iter().next())
    }
}

/// `$1`, `$2`, … in the place of question marks.
fn numbered(sql: &str) -> String {
    let mut pieces = sql.split('?');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.enumerate().fold(first, |text, (at, piece)| format!("{text}${}{piece}", at + 1))
}

impl<Q: Query> Store for SqlStore<Q> {
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        Box::pin(self.value("SELECT value FROM bz_records WHERE key = ? AND expires > ?", vec![text(key), self.now()]))
    }

    fn put<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<(), StoreError>> {
        const PUT: &str = "INSERT INTO bz_records (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires";
        Box::pin(async move { self.run(PUT, vec![text(key), SqlValue::Text(value), SqlValue::Time(expires)]).await.map(drop) })
    }

    fn add<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        const ADD: &str = "INSERT INTO bz_records (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires \
                           WHERE bz_records.expires <= ? RETURNING key";
        Box::pin(self.did(ADD, vec![text(key), SqlValue::Text(value), SqlValue::Time(expires), self.now()]))
    }

    fn take<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        Box::pin(self.value("DELETE FROM bz_records WHERE key = ? AND expires > ? RETURNING value", vec![text(key), self.now()]))
    }

    fn replace<'a>(&'a self, key: &'a str, before: &'a str, after: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        const REPLACE: &str = "UPDATE bz_records SET value = ?, expires = ? WHERE key = ? AND value = ? AND expires > ? RETURNING key";
        Box::pin(self.did(REPLACE, vec![SqlValue::Text(after), SqlValue::Time(expires), text(key), text(before), self.now()]))
    }

    fn remove<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> Later<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let done = match value {
                None => self.run("DELETE FROM bz_records WHERE key = ?", vec![text(key)]).await,
                Some(value) => self.run("DELETE FROM bz_records WHERE key = ? AND value = ?", vec![text(key), text(value)]).await,
            };
            done.map(drop)
        })
    }

    fn link<'a>(&'a self, set: &'a str, member: &'a str, expires: f64) -> Later<'a, Result<(), StoreError>> {
        const LINK: &str = "INSERT INTO bz_members (name, member, expires) VALUES (?, ?, ?) ON CONFLICT (name, member) DO UPDATE SET expires = excluded.expires";
        Box::pin(async move { self.run(LINK, vec![text(set), text(member), SqlValue::Time(expires)]).await.map(drop) })
    }

    fn members<'a>(&'a self, set: &'a str) -> Later<'a, Result<Vec<String>, StoreError>> {
        Box::pin(self.run("SELECT member FROM bz_members WHERE name = ? AND expires > ? ORDER BY member", vec![text(set), self.now()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_for_postgresql() {
        assert_eq!(numbered("DELETE FROM t WHERE a = ? AND b = ?"), "DELETE FROM t WHERE a = $1 AND b = $2");
        assert_eq!(numbered("SELECT 1"), "SELECT 1");
    }
}
