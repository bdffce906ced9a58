//! PostgreSQL, by its own protocol.

use postgres::{
    Client, NoTls,
    binary_copy::BinaryCopyInWriter,
    error::SqlState,
    fallible_iterator::FallibleIterator as _,
    types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};

use super::{Kind, Row, Session, Table, Value, failed};
use crate::StoreError;

/// Opens a connection.
pub(crate) fn connect(url: &str) -> Result<Client, StoreError> {
    let unreachable = |error: postgres::Error| StoreError::Unreachable(text_of(&error));
    let mut config: postgres::Config = url.parse().map_err(unreachable)?;
    config.application_name("bartizan");
    config.connect(NoTls).map_err(unreachable)
}

/// Whether a connection is of no use any more.
pub(crate) fn is_broken(client: &mut Client) -> bool {
    client.is_closed()
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
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED | &SqlState::LOCK_NOT_AVAILABLE) => {
            StoreError::Busy
        }
        Some(_) => failed(sql, text_of(error)),
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

impl Session for Client {
    fn execute(&mut self, sql: &str, arguments: &[Value]) -> Result<u64, StoreError> {
        let arguments: Vec<&(dyn ToSql + Sync)> = arguments.iter().map(|value| value as _).collect();
        Self::execute(self, sql, &arguments).map_err(|problem| error(sql, &problem))
    }

    fn query(
        &mut self,
        sql: &str,
        arguments: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut rows = self.query_raw(sql, arguments).map_err(|problem| error(sql, &problem))?;
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

    fn insert_all(
        &mut self,
        table: Table,
        rows: &mut dyn Iterator<Item = Result<Vec<Value>, StoreError>>,
    ) -> Result<u64, StoreError> {
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let kinds: Vec<Type> = table.columns.iter().map(|(_, kind)| type_of(*kind)).collect();
        let sql = format!("COPY {} ({}) FROM STDIN BINARY", table.name, names.join(", "));
        let copy = self.copy_in(&sql).map_err(|problem| error(&sql, &problem))?;
        let mut writer = BinaryCopyInWriter::new(copy, &kinds);
        for row in rows {
            let row = row?;
            let row: Vec<&(dyn ToSql + Sync)> = row.iter().map(|value| value as _).collect();
            writer.write(&row).map_err(|problem| error(&sql, &problem))?;
        }
        writer.finish().map_err(|problem| error(&sql, &problem))
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.batch_execute(sql).map_err(|problem| error(sql, &problem))
    }
}

const fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Integer => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}
