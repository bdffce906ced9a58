//! The store, asked the same questions in SQLite and in PostgreSQL.
//!
//! PostgreSQL takes part where `BARTIZAN_POSTGRES` names a server (`postgres://USER@HOST:PORT/DATABASE`, a user that may make
//! databases); `cargo xtask test` starts one.

mod chain;
mod fixture;
mod ingest;
mod isolation;
mod lifecycle;
mod pages;
mod schema;
