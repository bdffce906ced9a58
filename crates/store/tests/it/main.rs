//! The store, asked the same questions in SQLite and in PostgreSQL.
//!
//! PostgreSQL takes part where `BARTIZAN_POSTGRES` names a server (`postgres://USER@HOST:PORT/DATABASE`, a user that may make
//! databases); `cargo xtask test` starts one.

#[cfg(test)]
mod chain;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod ingest;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod schema;
