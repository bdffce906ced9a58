//! PostgreSQL, by its own protocol.

use std::collections::HashMap;

use postgres::{
    Client, NoTls, Statement,
    binary_copy::BinaryCopyInWriter,
    error::SqlState,
    fallible_iterator::FallibleIterator as _,
    types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

use super::{Kind, Row, Session, Table, Value, failed};
use crate::StoreError;

/// So many rows are added one by one; more of them are copied.
const N_SINGLE: usize = 20;

/// So many statements are kept ready by each connection.
const N_STATEMENTS: usize = 256;

/// A connection, and the statements that it has ready.
pub(crate) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
}

/// Opens a connection.
pub(crate) fn connect(url: &str) -> Result<Connection, StoreError> {
    let unreachable = |error: postgres::Error| StoreError::Unreachable(text_of(&error));
    let mut config: postgres::Config = url.parse().map_err(unreachable)?;
    config.application_name("bartizan");
    let client = config.connect(NoTls).map_err(unreachable)?;
    Ok(Connection { client, statements: HashMap::new() })
}

impl Connection {
    /// Whether it is of no use any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.client.is_closed()
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if N_STATEMENTS <= self.statements.len() {
            self.statements.clear();
        }
        let statement = self.client.prepare(sql).map_err(|problem| error(sql, &problem))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Copies rows into a table of this transaction, and from there into their own: a table that is guarded by row takes no copy.
    fn copy(&mut self, table: Table, rows: &mut dyn Iterator<Item = Result<Vec<Value>, StoreError>>) -> Result<u64, StoreError> {
        let name = table.name;
        let columns = table.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let kinds: Vec<Type> = table.columns.iter().map(|(_, kind)| type_of(*kind)).collect();
        self.batch(&format!(
            "CREATE TEMPORARY TABLE IF NOT EXISTS copied_{name} ON COMMIT DROP AS SELECT {columns} FROM {name} LIMIT 0;
             TRUNCATE copied_{name}"
        ))?;
        let sql = format!("COPY copied_{name} ({columns}) FROM STDIN BINARY");
        let copy = self.client.copy_in(&sql).map_err(|problem| error(&sql, &problem))?;
        let mut writer = BinaryCopyInWriter::new(copy, &kinds);
        for row in rows {
            let row = row?;
            let row: Vec<&(dyn ToSql + Sync)> = row.iter().map(|value| value as _).collect();
            writer.write(&row).map_err(|problem| error(&sql, &problem))?;
        }
        writer.finish().map_err(|problem| error(&sql, &problem))?;
        let sql = format!("INSERT INTO {name} ({columns}) SELECT {columns} FROM copied_{name}");
        self.client.execute(&sql, &[]).map_err(|problem| error(&sql, &problem))
    }
}

/// What an error says, with its cause: the crate's own text is short.
fn text_of(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || std::error::Error::source(error).map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
        |error| error.message().to_owned(),
    )
}

fn error(sql: &str, error: &postgres::Error) -> StoreError {
    match error.code() {
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED | &SqlState::LOCK_NOT_AVAILABLE) => StoreError::Busy,
        Some(_) => failed(sql, &text_of(error)),
        None => StoreError::Unreachable(text_of(error)),
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
            Self::Integer(value) => value.to_sql(kind, out),
            Self::Real(value) => value.to_sql(kind, out),
            Self::Text(value) => value.to_sql(kind, out),
            Self::Bytes(value) => value.as_ref().to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::FLOAT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA)
    }

    to_sql_checked!();
}

fn value(row: &postgres::Row, column: usize) -> Result<Value, postgres::Error> {
    let kind = row.columns().get(column).map(|column| column.type_().clone());
    Ok(match kind {
        Some(Type::INT8) => Value::maybe(row.try_get::<_, Option<i64>>(column)?),
        Some(Type::INT4) => Value::maybe(row.try_get::<_, Option<i32>>(column)?.map(i64::from)),
        Some(Type::BOOL) => Value::maybe(row.try_get::<_, Option<bool>>(column)?),
        Some(Type::FLOAT8) => Value::maybe(row.try_get::<_, Option<f64>>(column)?),
        Some(Type::BYTEA) => Value::maybe(row.try_get::<_, Option<&[u8]>>(column)?),
        _ => Value::maybe(row.try_get::<_, Option<&str>>(column)?),
    })
}

impl Session for Connection {
    fn execute(&mut self, sql: &str, arguments: &[Value]) -> Result<u64, StoreError> {
        let statement = self.statement(sql)?;
        let arguments: Vec<&(dyn ToSql + Sync)> = arguments.iter().map(|value| value as _).collect();
        self.client.execute(&statement, &arguments).map_err(|problem| error(sql, &problem))
    }

    fn query(&mut self, sql: &str, arguments: &[Value], each: &mut dyn FnMut(&Row) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let statement = self.statement(sql)?;
        let mut rows = self.client.query_raw(&statement, arguments).map_err(|problem| error(sql, &problem))?;
        let mut values = Row::default();
        while let Some(row) = rows.next().map_err(|problem| error(sql, &problem))? {
            values.0.clear();
            for column in 0..row.len() {
                values.0.push(value(&row, column).map_err(|problem| error(sql, &problem))?);
            }
            each(&values)?;
        }
        Ok(())
    }

    fn insert_all(&mut self, table: Table, rows: &mut dyn Iterator<Item = Result<Vec<Value>, StoreError>>) -> Result<u64, StoreError> {
        let first: Vec<Vec<Value>> = rows.take(N_SINGLE).collect::<Result<_, _>>()?;
        if first.len() == N_SINGLE {
            return self.copy(table, &mut first.into_iter().map(Ok).chain(rows));
        }
        let sql = table.insertion();
        first.iter().try_fold(0, |n_rows, row| Ok(n_rows + self.execute(&sql, row)?))
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(|problem| error(sql, &problem))
    }
}

const fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}
