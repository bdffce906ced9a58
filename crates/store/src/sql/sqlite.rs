//! SQLite, in a file of its own.

use std::{path::Path, time::Duration};

use rusqlite::{
    Connection, OpenFlags,
    types::{ToSqlOutput, ValueRef},
};

use super::{Row, Session, Table, Value, failed};
use crate::StoreError;

/// How long a connection waits for another one's lock.
const BUSY: Duration = Duration::from_secs(30);

/// So many statements are kept ready by each connection.
const N_STATEMENTS: usize = 256;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It reads only.
    Read,
    /// It writes, too; there is one of these.
    Write,
}

/// Opens a file, and makes it if it is not there.
pub(crate) fn connect(file: &Path, mode: Mode) -> Result<Connection, StoreError> {
    let unreachable = |error: rusqlite::Error| StoreError::Unreachable(format!("{}: {error}", file.display()));
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(unreachable)?;
    connection.busy_timeout(BUSY).map_err(unreachable)?;
    connection.set_prepared_statement_cache_capacity(N_STATEMENTS);
    // Readers don't wait for the writer; what a transaction wrote survives the end of the process, and a power cut may cost
    // the last ones but never the file.
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -65536; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF;",
        )
        .map_err(unreachable)?;
    if mode == Mode::Read {
        connection.execute_batch("PRAGMA query_only = ON;").map_err(unreachable)?;
    }
    Ok(connection)
}

fn error(sql: &str, error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => failed(sql, error),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

impl Session for Connection {
    fn execute(&mut self, sql: &str, arguments: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.prepare_cached(&numbered(sql)).map_err(|problem| error(sql, &problem))?;
        let n_rows = statement.execute(rusqlite::params_from_iter(arguments)).map_err(|problem| error(sql, &problem))?;
        Ok(n_rows as u64)
    }

    fn query(&mut self, sql: &str, arguments: &[Value], each: &mut dyn FnMut(&Row) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut statement = self.prepare_cached(&numbered(sql)).map_err(|problem| error(sql, &problem))?;
        let n_columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(arguments)).map_err(|problem| error(sql, &problem))?;
        let mut values = Row::default();
        while let Some(row) = rows.next().map_err(|problem| error(sql, &problem))? {
            values.0.clear();
            for column in 0..n_columns {
                let value = row.get_ref(column).map_err(|problem| error(sql, &problem))?;
                values.0.push(match value {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(value) => Value::Integer(value),
                    ValueRef::Real(value) => Value::Real(value),
                    ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into()),
                    ValueRef::Blob(value) => Value::Bytes(value.into()),
                });
            }
            each(&values)?;
        }
        Ok(())
    }

    fn insert_all(&mut self, table: Table, rows: &mut dyn Iterator<Item = Result<Vec<Value>, StoreError>>) -> Result<u64, StoreError> {
        let sql = numbered(&table.insertion());
        let mut statement = self.prepare_cached(&sql).map_err(|problem| error(&sql, &problem))?;
        let mut n_rows = 0;
        for row in rows {
            statement.execute(rusqlite::params_from_iter(&row?)).map_err(|problem| error(&sql, &problem))?;
            n_rows += 1;
        }
        Ok(n_rows)
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.execute_batch(sql).map_err(|problem| error(sql, &problem))
    }
}

/// The statement with its arguments as SQLite numbers them: `?1` for `$1`.
///
/// A dollar sign stands in no statement of ours for anything else.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}
