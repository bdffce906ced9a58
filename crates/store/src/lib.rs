//! Keeps findings, and what was decided about them: in a file of SQLite, or in PostgreSQL.
//!
//! Every statement is written once, in the part of SQL that both speak ([`Session`]), and runs on the caller's thread: a server calls
//! the store from threads that may wait. What becomes of a finding is decided by `bartizan-triage`; nothing here knows a rule.
//!
//! All that belongs to an organization is reached through its [`Tenant`], and every statement names the organization; PostgreSQL
//! refuses other rows by itself, too (row-level security).
//!
//! The store has no clock and no source of randomness: its [`Host`] gives both.

mod chain;
mod database;
mod error;
mod finding;
mod host;
mod id;
mod ingest;
mod lifecycle;
mod migration;
mod pool;
mod repository;
mod spool;
mod sql;
mod tenant;

pub use chain::{Event, Verified};
pub use database::{Database, Location};
pub use error::StoreError;
pub use finding::{Detail, Filter, Finding, Page, Seen, Tallied};
pub use host::Host;
pub use id::Id;
pub use ingest::{Ingested, Scan};
pub use lifecycle::ActError;
pub use repository::Repository;
pub use spool::Spool;
pub use sql::{Kind, Row, Session, Table, Value};
pub use tenant::{Store, Tenant};
