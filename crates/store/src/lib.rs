//! Keeps findings, and what was decided about them: in a file of SQLite, or in PostgreSQL.
//!
//! Every statement is written once, in the part of SQL that both speak ([`sql`]), and runs on the caller's thread: a server calls
//! the store from threads that may wait. What becomes of a finding is decided by `bartizan-triage`; nothing here knows a rule.
//!
//! All that belongs to an organization is reached through its [`Tenant`], and every statement names the organization; PostgreSQL
//! refuses other rows by itself, too (row-level security).
//!
//! The store has no clock and no source of randomness: its [`Host`] gives both.

mod database;
mod error;
mod host;
mod id;
mod migration;
mod pool;
mod sql;

pub use database::{Database, Location};
pub use error::StoreError;
pub use host::Host;
pub use id::Id;
pub use sql::{Row, Session, Value};
