//! Why the store could not do what it was asked to do.

/// What went wrong, and whose fault it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address names no database of a known kind.
    #[error("`{0}` names no store; expected a file, `sqlite:FILE`, or `postgres://USER@HOST/DATABASE`")]
    Address(String),
    /// The database can't be opened, or is gone.
    #[error("the store can't be reached: {0}")]
    Unreachable(String),
    /// A statement failed. That is an error in the program, or in the database.
    #[error("the store failed: {message} (in `{statement}`)")]
    Statement {
        /// What the database says.
        message: String,
        /// The beginning of the statement.
        statement: String,
    },
    /// Another writer was first; the transaction was tried several times.
    #[error("the store is busy: another writer holds it; try again")]
    Busy,
    /// The database was written by a later version of the program.
    #[error("the store has schema {found}, and this program knows {known}; use the version that wrote it, or a later one")]
    TooNew {
        /// The schema of the database.
        found: i64,
        /// The last schema that is known here.
        known: i64,
    },
    /// A migration that was applied is not the one that this program has.
    #[error("migration {0} of the store is not the one that this program knows")]
    ForeignMigration(i64),
    /// A value is not of the kind that the program wrote.
    #[error("the store holds what it should not: {what} ({found})")]
    Corrupt {
        /// What was expected.
        what: &'static str,
        /// What is there.
        found: String,
    },
    /// A text that should be an id.
    #[error("`{0}` is no id")]
    NotAnId(String),
    /// A file of the store's own can't be read or written.
    #[error("a temporary file failed: {0}")]
    Spool(#[from] std::io::Error),
}
