//! The part of SQL that SQLite and PostgreSQL share, and what the store needs to speak it.
//!
//! Statements number their arguments (`$1`, `$2` …). Integers are `BIGINT` and also stand for yes and no, times are microseconds
//! since 1970, texts are `TEXT`, everything else is `BYTEA`; a sum is cast to `BIGINT`.

mod postgres;
mod sqlite;

pub(crate) use self::{
    postgres::{Connection as PostgresConnection, connect as connect_postgres},
    sqlite::{Mode, connect as connect_sqlite},
};
use crate::{Id, StoreError};

/// A value of a column, or an argument of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number, a time in microseconds, or 0 and 1 for no and yes.
    Integer(i64),
    /// A number with a fraction.
    Real(f64),
    /// A text.
    Text(Box<str>),
    /// Bytes.
    Bytes(Box<[u8]>),
}

impl Value {
    /// A value or nothing.
    pub fn maybe<T: Into<Self>>(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    /// PostgreSQL's texts hold no NUL; it becomes U+FFFD in both.
    fn from(value: &str) -> Self {
        if value.contains('\0') { Self::Text(value.replace('\0', "\u{fffd}").into()) } else { Self::Text(value.into()) }
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        if value.contains('\0') { value.as_str().into() } else { Self::Text(value.into()) }
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.into())
    }
}

/// One row of an answer.
#[derive(Debug, Default)]
pub struct Row(Vec<Value>);

impl Row {
    fn wrong(&self, column: usize, what: &'static str) -> StoreError {
        StoreError::Corrupt { what, found: format!("column {column} is {:?}", self.0.get(column)) }
    }

    /// The integer in a column, counted from 0.
    ///
    /// # Errors
    /// If it is none.
    pub fn integer(&self, column: usize) -> Result<i64, StoreError> {
        self.maybe_integer(column)?.ok_or_else(|| self.wrong(column, "an integer"))
    }

    /// The integer in a column, if there is one.
    ///
    /// # Errors
    /// If it is something else.
    pub fn maybe_integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Integer(value)) => Ok(Some(*value)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "an integer")),
        }
    }

    /// The text in a column.
    ///
    /// # Errors
    /// If it is none.
    pub fn text(&self, column: usize) -> Result<&str, StoreError> {
        self.maybe_text(column)?.ok_or_else(|| self.wrong(column, "a text"))
    }

    /// The text in a column, if there is one.
    ///
    /// # Errors
    /// If it is something else.
    pub fn maybe_text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(value)) => Ok(Some(value)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "a text")),
        }
    }

    /// The bytes in a column.
    ///
    /// # Errors
    /// If there are none.
    pub fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        self.maybe_bytes(column)?.ok_or_else(|| self.wrong(column, "bytes"))
    }

    /// The bytes in a column, if there are any.
    ///
    /// # Errors
    /// If it is something else.
    pub fn maybe_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.0.get(column) {
            Some(Value::Bytes(value)) => Ok(Some(value)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "bytes")),
        }
    }

    /// The id in a column.
    ///
    /// # Errors
    /// If it is none.
    pub fn id(&self, column: usize) -> Result<Id, StoreError> {
        Id::from_bytes(self.bytes(column)?)
    }

    /// The id in a column, if there is one.
    ///
    /// # Errors
    /// If it is something else.
    pub fn maybe_id(&self, column: usize) -> Result<Option<Id>, StoreError> {
        self.maybe_bytes(column)?.map(Id::from_bytes).transpose()
    }
}

/// A table, and the columns that rows are given for, in their order.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// The statement that adds a row.
    fn insertion(self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let places: Vec<String> = (1..=names.len()).map(|number| format!("${number}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", self.name, names.join(", "), places.join(", "))
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `BIGINT`.
    Integer,
    /// `TEXT`.
    Text,
    /// `BYTEA`.
    Bytes,
}

/// A connection, inside of a transaction.
pub trait Session {
    /// Runs a statement, and says how many rows it touched.
    ///
    /// # Errors
    /// If the database refuses it.
    fn execute(&mut self, sql: &str, arguments: &[Value]) -> Result<u64, StoreError>;

    /// Asks, and hands over every row of the answer, as it comes.
    ///
    /// # Errors
    /// If the database refuses it, or `each` does.
    fn query(&mut self, sql: &str, arguments: &[Value], each: &mut dyn FnMut(&Row) -> Result<(), StoreError>) -> Result<(), StoreError>;

    /// Adds rows by the fastest way that the database has.
    ///
    /// # Errors
    /// If the database refuses a row, or `rows` gives an error.
    fn insert_all(&mut self, table: Table, rows: &mut dyn Iterator<Item = Result<Vec<Value>, StoreError>>) -> Result<u64, StoreError>;

    /// Runs several statements that take no arguments.
    ///
    /// # Errors
    /// If the database refuses one.
    fn batch(&mut self, sql: &str) -> Result<(), StoreError>;
}

/// What is the same for every session.
impl dyn Session + '_ {
    /// All rows of an answer, each made by `make`.
    ///
    /// # Errors
    /// If the database refuses it, or `make` does.
    pub fn all<T>(&mut self, sql: &str, arguments: &[Value], make: impl Fn(&Row) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.query(sql, arguments, &mut |row| {
            all.push(make(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The only row of an answer.
    ///
    /// # Errors
    /// If the database refuses it, `make` does, or there is no row.
    pub fn one<T>(&mut self, sql: &str, arguments: &[Value], make: impl Fn(&Row) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.first(sql, arguments, make)?.ok_or_else(|| failed(sql, &"there is no such row"))
    }

    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// If the database refuses it, or `make` does.
    pub fn first<T>(
        &mut self,
        sql: &str,
        arguments: &[Value],
        make: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql, arguments, make)?.into_iter().next())
    }
}

/// An error with the beginning of the statement that failed.
fn failed(sql: &str, message: &dyn std::fmt::Display) -> StoreError {
    StoreError::Statement { message: message.to_string(), statement: sql.split_whitespace().take(12).collect::<Vec<_>>().join(" ") }
}
